/*
 * What mi32 tells about itself and its machine: local time, STATE, INFO and Status, on their
 * topics, and that Restart and Reset do what they say.
 */
#include "house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
    house_setup(state);
    sim_clock_set_wall(&sim->clock, 1774746000000 - 1000, true); /* 2026-03-29T00:59:59Z */
    sim->clock.utc_offset_s = -3600;
    return 0;
}

/* The port's zone counts for nothing when Timezone says something else. */
static void time_follows_the_zone(void **state)
{
    (void)state;
    assert_string_equal(type("Time"), "{\"Time\":\"2026-03-28T23:59:59\"}");
    type("Timezone +5:30");
    assert_string_equal(type("Time"), "{\"Time\":\"2026-03-29T06:29:59\"}");
    type("Timezone 99");
    assert_string_equal(type("Time"), "{\"Time\":\"2026-03-29T01:59:59\"}");
    sim_advance(sim, 1000);
    assert_string_equal(type("Time"), "{\"Time\":\"2026-03-29T03:00:00\"}");
    type("Timezone system");
    assert_string_equal(type("Time"), "{\"Time\":\"2026-03-29T00:00:00\"}");
}

/* ---- what it tells ---- */

/* The reference's order: LWT, INFO1 to INFO3; the first report 5 s later, STATE before SENSOR. */
static void a_connection_is_told_about_the_gateway(void **state)
{
    static const char *const order[] = { "tele/t/LWT", "tele/t/INFO1", "tele/t/INFO2",
                                         "tele/t/INFO3", "tele/t/STATE" };
    size_t next = 0;

    (void)state;
    connect_broker();
    assert_string_equal(said("tele/t/INFO1"),
                        "{\"Info1\":{\"Module\":\"mi32\",\"Version\":\"1.2.3\",\"FallbackTopic\":"
                        "\"cmnd/DVES_000000_fb/\",\"GroupTopic\":\"cmnd/tasmotas/\"}}");
    assert_string_equal(said("tele/t/INFO2"),
                        "{\"Info2\":{\"Hostname\":\"house\",\"IPAddress\":\"192.0.2.10\"}}");
    assert_string_equal(said("tele/t/INFO3"),
                        "{\"Info3\":{\"RestartReason\":\"Power On\",\"BootCount\":1}}");
    assert_string_equal(said("tele/t/STATE"), "");
    sim_advance(sim, 5000);
    assert_string_equal(said("tele/t/STATE"),
                        "{\"Time\":\"2026-03-29T00:00:04\",\"Uptime\":\"0T00:00:05\","
                        "\"UptimeSec\":5,\"Heap\":65536,\"LoadAvg\":7,\"MqttCount\":1,"
                        "\"Hostname\":\"house\",\"IPAddress\":\"192.0.2.10\"}");
    for (size_t i = 0; i < sim->broker.count && next < 5; i++)
        next += strcmp(sim->broker.messages[i].topic, order[next]) == 0;
    assert_int_equal(next, 5);
}

static void state_tells_what_state_tells(void **state)
{
    (void)state;
    sim_advance(sim, (26 * 3600 + 62) * 1000);
    EXPECT("State", "{\"Time\":\"2026-03-30T02:01:01\",\"Uptime\":\"1T02:01:02\","
                    "\"UptimeSec\":93662,\"Heap\":65536,\"LoadAvg\":7,\"MqttCount\":0,"
                    "\"Hostname\":\"house\",\"IPAddress\":\"192.0.2.10\"}");
}

#define STATUS                                                                                     \
    "{\"Status\":{\"DeviceName\":\"attic\",\"FriendlyName\":[\"lamp\"],\"Topic\":\"t\","           \
    "\"Power\":0,\"PowerOnState\":3,\"PowerRetain\":0,\"SensorRetain\":0}}"
#define STATUS1                                                                                    \
    "{\"StatusPRM\":{\"GroupTopic\":\"tasmotas\",\"RestartReason\":\"Power "                       \
    "On\",\"Uptime\":\"0T00:00:00\","                                                              \
    "\"StartupUTC\":\"2026-03-29T00:59:59\",\"BootCount\":1}}"
#define STATUS2 "{\"StatusFWR\":{\"Version\":\"1.2.3\",\"Hardware\":\"simulated\"}}"
#define STATUS4 "{\"StatusMEM\":{\"ProgramSize\":1024,\"Heap\":65536}}"
#define STATUS5                                                                                    \
    "{\"StatusNET\":{\"Hostname\":\"house\",\"IPAddress\":\"192.0.2.10\",\"Gateway\":\"192.0.2."   \
    "1\","                                                                                         \
    "\"Subnetmask\":\"255.255.255.0\",\"DNSServer1\":\"192.0.2.1\","                               \
    "\"Mac\":\"DC:A6:32:AA:BB:CC\"}}"
#define STATUS6                                                                                    \
    "{\"StatusMQT\":{\"MqttHost\":\"\",\"MqttPort\":1883,\"MqttClient\":\"DVES_000000\","          \
    "\"MqttUser\":\"\",\"MqttCount\":0,\"MqttTLS\":0}}"
#define STATUS7                                                                                    \
    "{\"StatusTIM\":{\"UTC\":\"2026-03-29T00:59:59Z\",\"Local\":\"2026-03-29T01:59:59\","          \
    "\"StartDST\":\"2026-03-29T02:00:00\",\"EndDST\":\"2026-10-25T03:00:00\",\"Timezone\":99}}"
#define STATUS10 "{\"StatusSNS\":{\"Time\":\"2026-03-29T01:59:59\"}}"
#define STATUS11                                                                                   \
    "{\"StatusSTS\":{\"Time\":\"2026-03-29T01:59:59\",\"Uptime\":\"0T00:00:00\",\"UptimeSec\":0,"  \
    "\"Heap\":65536,\"LoadAvg\":7,\"MqttCount\":0,\"Hostname\":\"house\","                         \
    "\"IPAddress\":\"192.0.2.10\"}}"

static void status_has_its_parts(void **state)
{
    (void)state;
    EXPECT("DeviceName attic", "{\"DeviceName\":\"attic\"}");
    EXPECT("FriendlyName1 lamp", "{\"FriendlyName1\":\"lamp\"}");
    type("Backlog0 Topic t; Timezone 99");
    EXPECT("Status", STATUS);
    EXPECT("Status 1", STATUS1);
    EXPECT("Status 2", STATUS2);
    EXPECT("Status 4", STATUS4);
    EXPECT("Status 5", STATUS5);
    EXPECT("Status 6", STATUS6);
    EXPECT("Status 7", STATUS7);
    EXPECT("Status 8", STATUS10);
    EXPECT("Status 10", STATUS10);
    EXPECT("Status 11", STATUS11);
    EXPECT("Status 0", STATUS "\n" STATUS1 "\n" STATUS2 "\n" STATUS4 "\n" STATUS5 "\n" STATUS6
                              "\n" STATUS7 "\n" STATUS10 "\n" STATUS11);
    EXPECT("Status 3",
           "{\"Command\":\"Error\",\"Input\":\"STATUS\",\"Reason\":\"Status knows 0, 1, "
           "2, 4, 5, 6, 7, 8, 10 and 11\"}");
}

static void each_part_has_its_topic(void **state)
{
    static const char *const parts[] = { "", "1", "2", "4", "5", "6", "7", "10", "11" };
    char topic[32];

    (void)state;
    connect_broker();
    assert_true(sim_broker_send(&sim->broker, "cmnd/t/Status", "0", false));
    sim_advance(sim, 0);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        snprintf(topic, sizeof(topic), "stat/t/STATUS%s", parts[i]);
        assert_int_equal(sim_broker_count(&sim->broker, topic), 1);
    }
    assert_true(sim_broker_send(&sim->broker, "cmnd/t/Status", "8", false));
    sim_advance(sim, 0);
    assert_int_equal(sim_broker_count(&sim->broker, "stat/t/STATUS8"), 1);
    assert_int_equal(sim_broker_count(&sim->broker, "stat/t/RESULT"), 0);
}

static void hear_thermometer(uint8_t n)
{
    const uint8_t data[] = { 16, 0x16, 0x1a, 0x18, 0xa4, 0xc1, 0x38, 0x00, 0x00,
                             n,  0x00, 0xa2, 0x2f, 0x5f, 0x0b, 0xf8, n };
    const struct advert advert = { .addr = { { 0xa4, 0xc1, 0x38, 0x00, 0x00, n } },
                                   .rssi = -60,
                                   .len = sizeof(data),
                                   .data = data };

    assert_true(sim_radio_hear(&sim->radio, &advert));
}

/* What the bus has room for is less than a hundred sensors say. */
static void all_sensors_are_in_one_status(void **state)
{
    unsigned found = 0;

    (void)state;
    connect_broker();
    for (uint8_t n = 0; n < 100; n++)
        hear_thermometer(n);
    const char *reply = type("Status 8");
    assert_true(strlen(reply) > BUS_REPLY_MAX);
    for (const char *at = reply; (at = strstr(at, "\"ATC-0000")) != NULL; at++)
        found++;
    assert_int_equal(found, 100);
    assert_true(sim_broker_send(&sim->broker, "cmnd/t/Status", "10", false));
    sim_advance(sim, 0);
    assert_int_equal(strlen(said("stat/t/STATUS10")), strlen(reply));
    type("MI32Option1 1"); /* no reports: then Status tells of no sensor either */
    EXPECT("Status 8", "{\"StatusSNS\":{\"Time\":\"2026-03-28T23:59:59\"}}");
}

/* ---- defects of the reference (tasmota-mi32.md 10.2) ---- */

/* 3: options are lost at reboot. */
static void defect_3_options_survive_a_restart(void **state)
{
    (void)state;
    type("Backlog0 MI32Option0 0; MI32Option1 1; MI32Option2 1; MI32Option4 1; TempRes 2");
    house_stop();
    house_start();
    EXPECT("MI32Option0", "{\"MI32Option0\":0}");
    EXPECT("MI32Option1", "{\"MI32Option1\":1}");
    EXPECT("MI32Option2", "{\"MI32Option2\":1}");
    EXPECT("MI32Option4", "{\"MI32Option4\":1}");
    EXPECT("TempRes", "{\"TempRes\":2}");
    assert_non_null(strstr(type("Status 1"), "\"BootCount\":2"));
}

static void hear_motion(uint8_t counter)
{
    /* MIBEACON of a night light, motion without its MAC */
    const uint8_t data[] = { 12,   0x16,    0x95, 0xfe, 0x40, 0x30, 0xdd,
                             0x03, counter, 0x03, 0x00, 0x01, 0x01 };
    const struct advert advert = { .addr = { { 0xde, 0x70, 0xe8, 0xb2, 0x39, 0x0c } },
                                   .rssi = -60,
                                   .len = sizeof(data),
                                   .data = data };

    assert_true(sim_radio_hear(&sim->radio, &advert));
}

/* 5: events are swallowed by Status. Asked before or behind, it neither takes nor tells one. */
static void defect_5_status_takes_no_event(void **state)
{
    (void)state;
    connect_broker();
    hear_motion(1);
    assert_null(strstr(type("Status 8"), "Motion"));
    assert_null(strstr(type("Status 10"), "Motion"));
    hear_motion(2);
    sim_advance(sim, 0);
    assert_int_equal(sim_broker_count(&sim->broker, "tele/t/SENSOR"), 2);
    assert_non_null(strstr(said("tele/t/SENSOR"), "\"Motion\":1,\"Events\":2"));
    assert_non_null(strstr(type("Status 8"), "\"NLIGHT-b2390c\":{\"Events\":2,\"RSSI\":-60"));
}

/* ---- names ---- */

static void names_are_ours_but_for_the_machines(void **state)
{
    (void)state;
    EXPECT("Hostname", "{\"Hostname\":\"house\"}");
    EXPECT("Hostname barn",
           "{\"Command\":\"Error\",\"Input\":\"HOSTNAME\",\"Reason\":\"the name is "
           "the machine's: change it there (hostnamectl)\"}");
    EXPECT("FriendlyName", "{\"FriendlyName1\":\"mi32\"}");
    EXPECT("FriendlyName4 heater", "{\"FriendlyName4\":\"heater\"}");
    EXPECT("FriendlyName4 1", "{\"FriendlyName4\":\"mi32\"}");
    assert_non_null(strstr(type("FriendlyName5 x"), "\"Error\""));
    assert_non_null(
        strstr(type("FriendlyName 123456789012345678901234567890123"), "0 to 32 bytes"));
    EXPECT("weblog 2", "{\"WebLog\":2,\"Hint\":\"has no meaning here: the log is on standard error "
                       "(--verbose)\"}");
}

/* ---- Restart and Reset ---- */

static void restart_asks_the_machine(void **state)
{
    (void)state;
    EXPECT("Restart", "{\"Restart\":\"1 to restart\"}");
    assert_int_equal(sim->restarts, 0);
    EXPECT("Restart 1", "{\"Restart\":\"Restarting\"}");
    assert_int_equal(sim->restarts, 1);
}

static void a_file_does_not_start_anew_for_ever(void **state)
{
    static const char lines[] =
        "Restart 1\nReset 1 confirm\nReset 1 confirmed\nRestart 99\nRestart\n";

    (void)state;
    assert_int_equal(gateway_configure(gw, "mi32.conf", lines, sizeof(lines) - 1, true), 4);
    assert_int_equal(gateway_configure(gw, "mi32.conf", lines, sizeof(lines) - 1, false), 4);
    assert_int_equal(sim->restarts, 0);
}

static void reset_needs_a_confirmation_and_spares_sensors(void **state)
{
    static const char line[] = "TelePeriod 40\n";

    (void)state;
    gateway_configure(gw, "mi32.conf", line, sizeof(line) - 1, false);
    type("MI32Key e9ea895fac7cca6d30532432a516f3a8A4C1380283F4");
    type("Backlog0 Topic t; Mem1 x; Rule1 ON Event#a DO Var1 1 ENDON; Rule1 1");
    EXPECT("Reset", "{\"Reset\":\"1 to reset\"}");
    EXPECT("Reset 1", "{\"Reset\":\"1 confirm to put all settings back to their defaults, rules "
                      "included; sensors and their keys stay\"}");
    EXPECT("Backlog Var1 1; Reset 1 confirm", "{\"Command\":\"Error\",\"Input\":\"BACKLOG\","
                                              "\"Reason\":\"Reset is refused in a Backlog\"}");
    EXPECT("Topic", "{\"Topic\":\"t\"}");
    assert_int_equal(sim->restarts, 0);
    EXPECT("Reset 1 confirm", "{\"Reset\":\"Reset and Restarting\"}");
    assert_int_equal(sim->restarts, 1);
    EXPECT("Topic", "{\"Topic\":\"mi32_000000\"}");
    EXPECT("TelePeriod", "{\"TelePeriod\":40}"); /* the configuration file's */
    EXPECT("Mem1", "{\"Mem1\":\"\"}");
    assert_non_null(strstr(type("Rule1"), "\"State\":\"OFF\""));
    assert_non_null(
        registry_key(gateway_registry(gw), (struct mac){ { 0xa4, 0xc1, 0x38, 0x02, 0x83, 0xf4 } }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, house_teardown)
        TEST(time_follows_the_zone),
        TEST(a_connection_is_told_about_the_gateway),
        TEST(state_tells_what_state_tells),
        TEST(status_has_its_parts),
        TEST(each_part_has_its_topic),
        TEST(all_sensors_are_in_one_status),
        TEST(defect_3_options_survive_a_restart),
        TEST(defect_5_status_takes_no_event),
        TEST(names_are_ours_but_for_the_machines),
        TEST(restart_asks_the_machine),
        TEST(a_file_does_not_start_anew_for_ever),
        TEST(reset_needs_a_confirmation_and_spares_sensors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
