/*
 * SENSOR messages: frames in, JSON out, as docs/mqtt.md shows it. The frames V1 to V18 are
 * published captures (tests of ble_monitor and xiaomi-ble); the others are made after them.
 */
#include "support/house.h"
#include "tasmota/telemetry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- a house with telemetry, and what it said ---- */

static struct house house;
static struct tasmota_telemetry telemetry;
static struct bus_listener listener;
static unsigned n_messages;
static char last[65536]; /* the payload of the last message */
static bool last_retain, last_once;

static void hear_message(void *user, const struct bus_event *event)
{
    (void)user;
    if (event->kind != BUS_MESSAGE)
        return;
    assert_int_equal(event->u.message.prefix, BUS_TELE);
    assert_string_equal(event->u.message.level, "SENSOR");
    n_messages++;
    assert_in_range(strlen(event->u.message.payload), 1, sizeof(last) - 1);
    strcpy(last, event->u.message.payload);
    last_retain = event->u.message.retain;
    last_once = event->u.message.once;
}

static void open_house(uint16_t sensors)
{
    house_open(&house, sensors);
    n_messages = 0;
    last[0] = '\0';
    listener = (struct bus_listener){ .hear = hear_message };
    bus_listen(house.bus, &listener);
    assert_true(tasmota_telemetry_open(&telemetry, house.bus, house.registry, house.settings,
                                       &house.clock));
    tasmota_telemetry_start(&telemetry);
}

static int setup(void **state)
{
    (void)state;
    open_house(32);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tasmota_telemetry_close(&telemetry);
    house_close(&house);
    return 0;
}

static void expect_message(unsigned number, const char *payload)
{
    assert_string_equal(last, payload);
    assert_int_equal(n_messages, number);
}

/* ---- the documented examples ---- */

enum {
    MIBEACON = 0xfe95,
    ATC = 0x181a,
    QINGPING = 0xfdcd,
};

struct frame {
    const char *mac;
    uint16_t uuid;
    const char *hex;
    int8_t rssi;
};

#define LYWSD03 "A4C1380283F4", MIBEACON
#define YLKG08  "F82441C5988B", MIBEACON
#define YLYK01  "F82441E95074", MIBEACON
#define MJYD2S  "A4C13807F601", MIBEACON
#define V3      "58585b0550f4830238c1a495ef58763c26000097e2abb5"
#define V3_KEY  "e9ea895fac7cca6d30532432a516f3a8"
#define LIGHT   "5040f607f001f60738c1a40710035f0000" /* 95 lux, no motion */

/* `expected` is what stands between Time and TempUnit. */
static const struct example {
    const char *what;
    const char *key; /* of the sensor of the last frame; set before that */
    int8_t option0;
    int8_t option2;
    struct frame first; /* heard before, when it is given */
    struct frame frame;
    const char *expected; /* NULL: no message */
} examples[] = {
    { "V8",
      NULL,
      1,
      1,
      { 0 },
      { "A4C138B4944C", MIBEACON, "50305b05034c94b438c1a40d10041001ea01", -60 },
      "\"LYWSD03-b4944c\":{\"Temperature\":27.2,\"Humidity\":49.0,\"DewPoint\":15.5,"
      "\"RSSI\":-60},\"TempUnit\":\"C\"" },
    { "V3, first packet",
      V3_KEY,
      1,
      1,
      { 0 },
      { LYWSD03, V3, -60 },
      "\"LYWSD03-0283f4\":{\"Humidity\":46.7,\"RSSI\":-60}" },
    { "V3 after a known 21.5",
      V3_KEY,
      1,
      1,
      { LYWSD03, "50305b0501f4830238c1a4041002d700", -60 },
      { LYWSD03, V3, -60 },
      "\"LYWSD03-0283f4\":{\"Temperature\":21.5,\"Humidity\":46.7,\"DewPoint\":9.6,"
      "\"RSSI\":-60},\"TempUnit\":\"C\"" },
    { "V3 after a known 21.5, Option0 0",
      V3_KEY,
      0,
      1,
      { LYWSD03, "50305b0501f4830238c1a4041002d700", -60 },
      { LYWSD03, V3, -60 },
      "\"LYWSD03-0283f4\":{\"Humidity\":46.7,\"RSSI\":-60}" },
    { "V3 without Option2", V3_KEY, 1, 0, { 0 }, { LYWSD03, V3, -60 }, NULL },
    { "V5, a model that Tasmota does not know",
      "814aac74c4f17b6c1581e1ab87816b99",
      1,
      1,
      { 0 },
      { "5A582D34125F", MIBEACON, "5858480b685f12342d585a0b1841e2aa000e00a4964fb5", -60 },
      "\"CGG1ENCRYPTED-34125f\":{\"Humidity\":59.6,\"RSSI\":-60}" },
    { "V6 with its second object",
      NULL,
      1,
      1,
      { 0 },
      { "582D343B2EBF", MIBEACON, "5020aa01a3bf2e3b342d580d1004b40095020a10013b", -60 },
      "\"MJ_HT_V1-3b2ebf\":{\"Temperature\":18.0,\"Humidity\":66.1,\"DewPoint\":11.6,"
      "\"Battery\":59,\"RSSI\":-60},\"TempUnit\":\"C\"" },
    { "V7",
      NULL,
      1,
      1,
      { 0 },
      { "C47C8D6B4FF3", MIBEACON, "7120980012f34f6b8d7cc40d041002c400", -80 },
      "\"Flora-6b4ff3\":{\"Temperature\":19.6,\"RSSI\":-80},\"TempUnit\":\"C\"" },
    { "V1",
      "b853075158487ca39a5b5ea9",
      1,
      0,
      { 0 },
      { YLKG08, "5830b603368b98c54124f88bb8f2661351000000d6", -60 },
      "\"YLKG08-c5988b\":{\"Dimmer\":-1,\"RSSI\":-60}" },
    { "V2",
      "b853075158487ca39a5b5ea9",
      1,
      0,
      { 0 },
      { YLKG08, "5830b603d28b98c54124f8c3491476757e00000099", -60 },
      "\"YLKG08-c5988b\":{\"Button0\":1,\"RSSI\":-60}" },
    { "rotation pressed +2",
      NULL,
      1,
      0,
      { 0 },
      { YLKG08, "5030b603018b98c54124f8011003020004", -60 },
      "\"YLKG08-c5988b\":{\"Dimmer_P\":2,\"RSSI\":-60}" },
    { "hold 3 s",
      NULL,
      1,
      0,
      { 0 },
      { YLKG08, "5030b603028b98c54124f8011003010303", -60 },
      "\"YLKG08-c5988b\":{\"Hold\":3,\"RSSI\":-60}" },
    { "dimmer pressed twice",
      NULL,
      1,
      0,
      { 0 },
      { YLKG08, "5030b603038b98c54124f8011003000203", -60 },
      "\"YLKG08-c5988b\":{\"Button0\":2,\"RSSI\":-60}" },
    { "V11",
      NULL,
      1,
      0,
      { 0 },
      { YLYK01, "503053013f7450e94124f8011003000000", -60 },
      "\"YLYK01-e95074\":{\"Button0\":1,\"RSSI\":-60}" },
    { "long press on button 3",
      NULL,
      1,
      0,
      { 0 },
      { YLYK01, "50305301407450e94124f8011003030002", -60 },
      "\"YLYK01-e95074\":{\"Button3\":3,\"RSSI\":-60}" },
    { "V10, first event",
      NULL,
      1,
      0,
      { 0 },
      { MJYD2S, "5040f6070101f60738c1a40f0003640000", -60 },
      "\"MJYD2S-07f601\":{\"Illuminance\":100,\"Motion\":1,\"Events\":1,\"RSSI\":-60}" },
    { "light only",
      NULL,
      1,
      1,
      { 0 },
      { MJYD2S, LIGHT, -60 },
      "\"MJYD2S-07f601\":{\"Illuminance\":95,\"Motion\":0,\"RSSI\":-60}" },
    { "light only, without Option2", NULL, 1, 0, { 0 }, { MJYD2S, LIGHT, -60 }, NULL },
    { "no motion for 120 s",
      NULL,
      1,
      0,
      { MJYD2S, LIGHT, -60 },
      { MJYD2S, "5040f6070301f60738c1a417100478000000", -60 },
      "\"MJYD2S-07f601\":{\"Illuminance\":95,\"NMT\":120,\"RSSI\":-60}" },
    { "V9",
      NULL,
      1,
      0,
      { 0 },
      { "DE70E8B2390C", MIBEACON, "4030dd032403000101", -60 },
      "\"NLIGHT-b2390c\":{\"Motion\":1,\"Events\":1,\"RSSI\":-60}" },
    { "V4, left open",
      "017e52d2684779298709b117c0a75a7b",
      1,
      0,
      { 0 },
      { "E4AAEC8121AE", MIBEACON, "58588b09a3ae2181ecaae40e2c553c040000d28a500c", -60 },
      "\"MCCGQ02-8121ae\":{\"Door\":1,\"Events\":1,\"RSSI\":-60}" },
    { "door closed after it was open",
      NULL,
      1,
      0,
      { "E4AAEC8121AF", MIBEACON, "50508b0901af2181ecaae419100100", -60 },
      { "E4AAEC8121AF", MIBEACON, "50508b0902af2181ecaae419100101", -60 },
      "\"MCCGQ02-8121af\":{\"Door\":0,\"Events\":2,\"RSSI\":-60}" },
    { "V12",
      NULL,
      1,
      0,
      { 0 },
      { "A4C138086301", MIBEACON, "504063080101630838c1a4011003000000", -60 },
      "\"SJWS01L-086301\":{\"Button0\":1,\"RSSI\":-60}" },
    { "V13",
      "255e6cabb39b2eddd0de992b9fee2bf2",
      1,
      0,
      { 0 },
      { "54EF44E027BC", MIBEACON, "5859630808bc27e044ef54f58fe704000000fc69d15c", -60 },
      "\"SJWS01L-e027bc\":{\"Leak\":1,\"RSSI\":-60}" },
    { "V14, not activated: nothing to report",
      NULL,
      1,
      1,
      { 0 },
      { "A4C138D43C48", MIBEACON, "30585b0502483cd438c1a408", -60 },
      NULL },
    { "V15",
      NULL,
      1,
      1,
      { 0 },
      { "A4C1380283F4", ATC, "a4c1380283f400a22f5f0bf819", -33 },
      "\"ATC-0283f4\":{\"Temperature\":16.2,\"Humidity\":47.0,\"DewPoint\":4.9,\"Battery\":95,"
      "\"RSSI\":-33},\"TempUnit\":\"C\"" },
    { "V16: 17.05 is rounded up, not to the 17.0 of a 32-bit float",
      NULL,
      1,
      1,
      { 0 },
      { "A4C1380283F4", ATC, "f4830238c1a4a9066911b60b58f70d", -34 },
      "\"PVVX-0283f4\":{\"Temperature\":17.1,\"Humidity\":44.6,\"DewPoint\":4.9,\"Battery\":88,"
      "\"RSSI\":-34},\"TempUnit\":\"C\"" },
    { "V17 with its second object",
      NULL,
      1,
      1,
      { 0 },
      { "582D345265BF", QINGPING, "080cbf6552342d580104f100ad01020125", -47 },
      "\"CGD1-5265bf\":{\"Temperature\":24.1,\"Humidity\":42.9,\"DewPoint\":10.7,"
      "\"Battery\":37,\"RSSI\":-47},\"TempUnit\":\"C\"" },
    { "V18, a model that Tasmota does not know",
      "4960bb9f8711b4ffd7df1756d11427ae",
      1,
      0,
      { 0 },
      { "18C23C208E77", MIBEACON, "58598d0a8c778e203cc2185a273628ec32060000c4264015", -60 },
      "\"RTCGQ02LM-208e77\":{\"Motion\":1,\"Events\":1,\"Light\":1,\"RSSI\":-60}" },
};

static void hear_frame(const struct frame *frame)
{
    house_hear(&house, frame->mac, frame->uuid, frame->hex, frame->rssi);
}

static void each_example(void **state)
{
    char expected[512];
    (void)state;

    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        const struct example *e = &examples[i];
        open_house(8);
        print_message("  %s\n", e->what);
        house_set(&house, SETTINGS_OPTION0, e->option0);
        house_set(&house, SETTINGS_OPTION2, e->option2);
        if (e->first.mac)
            hear_frame(&e->first);
        if (e->key)
            house_key(&house, e->frame.mac, e->key);
        const unsigned before = n_messages;
        hear_frame(&e->frame);
        snprintf(expected, sizeof(expected), "{\"Time\":\"2022-09-19T20:00:00\",%s}",
                 e->expected ? e->expected : "");
        if (e->expected)
            assert_string_equal(last, expected);
        assert_int_equal(n_messages - before, e->expected != NULL);
        assert_false(last_retain);
        teardown(NULL);
    }
}

/* ---- the periodic message ---- */

#define MOTION(n) "5040f607" n "01f60738c1a40f0003640000"

static void hear_lywsd03_and_flora(void)
{
    house_hear(&house, "A4C138AABBCC", MIBEACON, "50305b0501ccbbaa38c1a40d1004d700c401", -67);
    house_hear(&house, "C47C8D6B4FF3", MIBEACON, "7120980001f34f6b8d7cc40d041002c400", -80);
    house_hear(&house, "C47C8D6B4FF3", MIBEACON, "7120980002f34f6b8d7cc40d071003b40400", -80);
    house_hear(&house, "C47C8D6B4FF3", MIBEACON, "7120980003f34f6b8d7cc40d0810011b", -80);
    house_hear(&house, "C47C8D6B4FF3", MIBEACON, "7120980004f34f6b8d7cc40d0910023601", -80);
}

/* Known to the registry from its mi32cfg alone: a value never heard is absent, and so is RSSI,
 * while no motion since the start is a fact. */
static void lists_all_sensors_also_those_never_heard(void **state)
{
    static const char config[] = "[{\"MAC\":\"A4C138AABBCC\",\"PID\":\"055b\",\"key\":\"\"},"
                                 "{\"MAC\":\"C47C8D6B4FF3\",\"PID\":\"0098\",\"key\":\"\"},"
                                 "{\"MAC\":\"A4C13807F601\",\"PID\":\"07f6\",\"key\":\"\"},"
                                 "{\"MAC\":\"582D343B2EBF\",\"PID\":\"01aa\",\"key\":\"\"}]";
    (void)state;

    assert_int_equal(
        registry_config_read(house.registry, config, sizeof(config) - 1, NULL, NULL).taken, 4);
    hear_lywsd03_and_flora();
    house_advance(&house, 4999);
    assert_int_equal(n_messages, 0);
    house_advance(&house, 1);
    expect_message(1, "{\"Time\":\"2022-09-19T20:00:05\","
                      "\"LYWSD03-aabbcc\":{\"Temperature\":21.5,\"Humidity\":45.2,"
                      "\"DewPoint\":9.1,\"RSSI\":-67,\"Time\":1663610400},"
                      "\"Flora-6b4ff3\":{\"Temperature\":19.6,\"Illuminance\":1204,"
                      "\"Moisture\":27,\"Fertility\":310,\"RSSI\":-80,\"Time\":1663610400},"
                      "\"MJYD2S-07f601\":{\"Events\":0},"
                      "\"MJ_HT_V1-3b2ebf\":{},"
                      "\"TempUnit\":\"C\"}");
    assert_false(last_once);
}

static void comes_every_period_and_never_without_sensors(void **state)
{
    (void)state;
    house_advance(&house, 400 * 1000);
    assert_int_equal(n_messages, 0);
    hear_lywsd03_and_flora();
    house_advance(&house, 205 * 1000); /* 5 s, 305 s, 605 s */
    assert_int_equal(n_messages, 1);
    house_set(&house, SETTINGS_TELE_PERIOD, 10); /* a change begins with a round at once */
    house_advance(&house, 0);
    assert_int_equal(n_messages, 2);
    house_advance(&house, 30 * 1000);
    assert_int_equal(n_messages, 5);
    house_set(&house, SETTINGS_TELE_PERIOD, 0);
    house_advance(&house, 3600 * 1000);
    assert_int_equal(n_messages, 5);
}

static void a_new_connection_gets_the_state_after_five_seconds(void **state)
{
    const struct bus_event up = { .kind = BUS_LINK, .u.link = { "mqtt", true, "", "" } };
    (void)state;

    hear_lywsd03_and_flora();
    house_advance(&house, 100 * 1000);
    assert_int_equal(n_messages, 1);
    bus_post(house.bus, &up);
    house_advance(&house, 4999);
    assert_int_equal(n_messages, 1);
    house_advance(&house, 1);
    assert_int_equal(n_messages, 2);
    house_advance(&house, 300 * 1000); /* and the period begins there */
    assert_int_equal(n_messages, 3);
}

static void a_step_of_the_wall_clock_is_followed(void **state)
{
    (void)state;
    house.wall_is_set = false; /* a Raspberry Pi that has no time server yet */
    house.utc_offset_s = 0;
    house_hear(&house, "C47C8D6B4FF3", MIBEACON, "7120980001f34f6b8d7cc40d0810011b", -80);
    house_advance(&house, 5000);
    expect_message(1, "{\"Time\":\"1970-01-01T00:00:06\","
                      "\"Flora-6b4ff3\":{\"Moisture\":27,\"RSSI\":-80}}");
    house_set_wall(&house, 1700000000);
    house_advance(&house, 300 * 1000);
    expect_message(2, "{\"Time\":\"2023-11-14T22:18:20\",\"Flora-6b4ff3\":{\"Moisture\":27,"
                      "\"RSSI\":-80,\"Time\":1699999995}}"); /* 5 s before the step */
}

/* One message, whatever it takes: a retained one must be whole. */
static void a_hundred_sensors_and_more_are_one_whole_message(void **state)
{
    char mac[13], hex[64];
    unsigned found = 0;
    (void)state;

    teardown(NULL);
    open_house(300);
    for (unsigned i = 0; i < 250; i++) {
        snprintf(mac, sizeof(mac), "A4C13800%04X", i);
        snprintf(hex, sizeof(hex), "50305b0501%02x%02x0038c1a40d1004d700c401", i & 0xff, i >> 8);
        assert_int_equal(house_hear(&house, mac, MIBEACON, hex, -67), BEACON_OK);
    }
    house_advance(&house, 5000);
    assert_int_equal(n_messages, 1);
    assert_string_equal(last + strlen(last) - 17, "},\"TempUnit\":\"C\"}");
    for (unsigned i = 0; i < 250; i++) {
        snprintf(hex, sizeof(hex), "\"LYWSD03-00%04x\":{\"Temperature\":21.5,", i);
        found += strstr(last, hex) != NULL;
    }
    assert_int_equal(found, 250);
}

/* ---- the options ---- */

/* A value, an event and a TelePeriod under each setting of Options 0 to 2: which messages come, and
 * whether the one about the event tells the known moisture too. */
static void all_eight_combinations_of_options(void **state)
{
    static const struct {
        int8_t option0, option1, option2;
        unsigned after_value, after_event, after_period;
        bool tells_known;
    } rows[] = {
        { 0, 0, 0, 0, 1, 2, false }, { 0, 0, 1, 1, 2, 3, false }, { 0, 1, 0, 0, 1, 1, false },
        { 0, 1, 1, 1, 2, 2, false }, { 1, 0, 0, 0, 1, 2, true },  { 1, 0, 1, 1, 2, 3, true },
        { 1, 1, 0, 0, 1, 1, true },  { 1, 1, 1, 1, 2, 2, true },
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        teardown(NULL);
        open_house(8);
        house_set(&house, SETTINGS_OPTION0, rows[i].option0);
        house_set(&house, SETTINGS_OPTION1, rows[i].option1);
        house_set(&house, SETTINGS_OPTION2, rows[i].option2);
        house_hear(&house, MJYD2S, LIGHT, -60);
        assert_int_equal(n_messages, rows[i].after_value);
        house_hear(&house, MJYD2S, "5040f6070301f60738c1a417100478000000", -60);
        assert_int_equal(n_messages, rows[i].after_event);
        assert_int_equal(strstr(last, "\"Illuminance\":95") != NULL, rows[i].tells_known);
        house_advance(&house, 5000);
        assert_int_equal(n_messages, rows[i].after_period);
    }
}

/* ---- the reference's defects (tasmota-mi32.md 10.2) ---- */

/* 4: Leak never reaches MQTT; Door and its event counter corrupt each other. */
/* Display and tele only: what is stored, and every other topic, stays as it was heard. */
static void decimals_and_fahrenheit_are_those_of_the_settings(void **state)
{
    static const struct {
        int32_t temp_res, hum_res, fahrenheit;
        const char *expected;
    } rows[] = {
        { 0, 0, 0, "\"Temperature\":17,\"Humidity\":45,\"DewPoint\":5,\"Battery\":88" },
        { 1, 1, 1, "\"Temperature\":62.7,\"Humidity\":44.6,\"DewPoint\":40.7,\"Battery\":88" },
        { 2, 2, 0, "\"Temperature\":17.05,\"Humidity\":44.57,\"DewPoint\":4.8" },
        { 3, 3, 1, "\"Temperature\":62.690,\"Humidity\":44.570,\"DewPoint\":40.7" },
    };
    char end[24];

    (void)state;
    house_set(&house, SETTINGS_OPTION2, 1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        house_set(&house, SETTINGS_TEMP_RES, rows[i].temp_res);
        house_set(&house, SETTINGS_HUM_RES, rows[i].hum_res);
        house_set(&house, SETTINGS_FAHRENHEIT, rows[i].fahrenheit);
        house_advance(&house, 60000);
        house_hear(&house, "A4C138009BF4", ATC, "f49b0038c1a4a9066911b60b58f70d", -60);
        if (!strstr(last, rows[i].expected))
            assert_string_equal(last, rows[i].expected);
        snprintf(end, sizeof(end), ",\"TempUnit\":\"%s\"}", rows[i].fahrenheit ? "F" : "C");
        assert_string_equal(last + strlen(last) - strlen(end), end);
    }
}

static void defect_4_door_counts_its_own_movements(void **state)
{
    char hex[48];
    (void)state;

    for (unsigned i = 1; i <= 300; i++) {
        snprintf(hex, sizeof(hex), "50508b09%02xaf2181ecaae4191001%02x", i & 0xff, i % 2);
        house_advance(&house, 11000); /* beyond the time in which equal bytes are one */
        house_hear(&house, "E4AAEC8121AF", MIBEACON, hex, -60);
    }
    assert_non_null(strstr(last, "{\"Door\":1,\"Events\":300,\"RSSI\":-60}"));
}

static void defect_4_leak_is_told_and_stays_known(void **state)
{
    (void)state;
    house_hear(&house, "A4C138086301", MIBEACON, "504063080101630838c1a414100101", -60);
    assert_non_null(strstr(last, "\"SJWS01L-086301\":{\"Leak\":1,\"RSSI\":-60}"));
    house_hear(&house, "A4C138086301", MIBEACON, "504063080201630838c1a414100100", -60);
    assert_non_null(strstr(last, "\"SJWS01L-086301\":{\"Leak\":0,\"RSSI\":-60}"));
    house_advance(&house, 5000);
    assert_non_null(strstr(last, "\"SJWS01L-086301\":{\"Leak\":0,\"RSSI\":-60,"));
}

/* 5: events swallowed by Status, rules, telemetry. */
static void defect_5_a_round_of_telemetry_takes_no_event(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        static const char *const motions[] = { MOTION("10"), MOTION("11"), MOTION("12"),
                                               MOTION("13"), MOTION("14") };
        char expected[64];
        tasmota_telemetry_now(&telemetry);
        house_hear(&house, MJYD2S, motions[i], -60);
        snprintf(expected, sizeof(expected), "\"Motion\":1,\"Events\":%u,", i + 1);
        assert_non_null(strstr(last, expected));
        assert_true(last_once);
        house_advance(&house, 0);
        assert_null(strstr(last, "Motion")); /* the periodic one tells the count only */
        assert_int_equal(n_messages, 2 * i + 2);
    }
}

/* 6: partial messages overwrite the retained full one; never heard sensors with RSSI 0; no time of
 * the last packet. The second and third are in lists_all_sensors_also_those_never_heard. */
static void defect_6_a_message_about_one_sensor_is_never_retained(void **state)
{
    (void)state;
    house_set(&house, SETTINGS_OPTION2, 1);
    hear_lywsd03_and_flora();
    assert_int_equal(n_messages, 5);
    assert_false(last_retain);
    house_hear(&house, MJYD2S, MOTION("10"), -60);
    assert_false(last_retain);
}

/* 9: "wrong key" sticks, other counters than the last are not checked: a replay is no event. */
static void defect_9_a_replayed_event_is_not_told(void **state)
{
    static const char leak[] = "5859630808bc27e044ef54f58fe704000000fc69d15c";
    (void)state;

    house_key(&house, "54EF44E027BC", "255e6cabb39b2eddd0de992b9fee2bf2");
    assert_int_equal(house_hear(&house, "54EF44E027BC", MIBEACON, leak, -60), BEACON_OK);
    assert_int_equal(n_messages, 1);
    house_advance(&house, 3600 * 1000);
    const unsigned before = n_messages;
    assert_int_equal(house_hear(&house, "54EF44E027BC", MIBEACON, leak, -60), BEACON_DUPLICATE);
    assert_int_equal(n_messages, before);
}

/* 10: one object per frame: V6 and V17 among the examples. 16: periodic message without values:
 * lists_all_sensors_also_those_never_heard. */

/* The stock firmware's battery is known to be wrong and kept out, also when nothing else is new. */
static void an_unreliable_battery_is_kept_out(void **state)
{
    (void)state;
    house_set(&house, SETTINGS_OPTION2, 1);
    house_hear(&house, LYWSD03, "50305b0501f4830238c1a40a100164", -60);
    assert_int_equal(n_messages, 0);
    house_advance(&house, 5000);
    assert_non_null(strstr(last, "\"LYWSD03-0283f4\":{\"RSSI\":-60,"));
}

static void a_radio_that_knows_no_rssi_gives_none(void **state)
{
    (void)state;
    house_hear(&house, YLYK01, "503053013f7450e94124f8011003000000", ADVERT_NO_RSSI);
    expect_message(1, "{\"Time\":\"2022-09-19T20:00:00\",\"YLYK01-e95074\":{\"Button0\":1}}");
}

/* A model of another family has everything, under its kinds' own names: BTHome 2 with pressure,
 * two temperatures and an open window. */
static void other_models_tell_all_they_have(void **state)
{
    (void)state;
    house_set(&house, SETTINGS_OPTION2, 1);
    house_hear(&house, "A4C138112233", 0xfcd2,
               "40"
               "02c409"
               "02e803"
               "04138a01"
               "2d01",
               -50);
    expect_message(1, "{\"Time\":\"2022-09-19T20:00:00\",\"BTHOME-112233\":{\"Temperature\":25.0,"
                      "\"Temperature2\":10.0,\"Pressure\":1008.8,\"Window\":\"open\","
                      "\"RSSI\":-50},\"PressureUnit\":\"hPa\",\"TempUnit\":\"C\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_example),
#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
        IN_HOUSE(lists_all_sensors_also_those_never_heard),
        IN_HOUSE(comes_every_period_and_never_without_sensors),
        IN_HOUSE(a_new_connection_gets_the_state_after_five_seconds),
        IN_HOUSE(a_step_of_the_wall_clock_is_followed),
        IN_HOUSE(a_hundred_sensors_and_more_are_one_whole_message),
        IN_HOUSE(all_eight_combinations_of_options),
        IN_HOUSE(decimals_and_fahrenheit_are_those_of_the_settings),
        IN_HOUSE(defect_4_door_counts_its_own_movements),
        IN_HOUSE(defect_4_leak_is_told_and_stays_known),
        IN_HOUSE(defect_5_a_round_of_telemetry_takes_no_event),
        IN_HOUSE(defect_6_a_message_about_one_sensor_is_never_retained),
        IN_HOUSE(defect_9_a_replayed_event_is_not_told),
        IN_HOUSE(an_unreliable_battery_is_kept_out),
        IN_HOUSE(a_radio_that_knows_no_rssi_gives_none),
        IN_HOUSE(other_models_tell_all_they_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
