/*
 * The broker side against a broker under the test's thumb: what goes where, and that nothing gets
 * lost while it is away, slow or dying. The clock is moved, never waited for.
 */
#include "broker.h"
#include "mqtt/event.h"
#include "mqtt/mqtt.h"
#include "support/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct house house;
static struct broker broker;
static struct port port;
static struct mqtt *mqtt;
static struct bus_listener listener;
static char log_text[8192]; /* links, and log lines that call for somebody */
static char info_text[256]; /* the last one that does not */
static uint8_t random_byte;

static void hear(void *user, const struct bus_event *event)
{
    char line[2048] = "";
    (void)user;

    if (event->kind == BUS_LINK)
        snprintf(line, sizeof(line), "%s %s: %s\n", event->u.link.name,
                 event->u.link.up ? "up" : "down", event->u.link.text);
    else if (event->kind == BUS_LOG && event->u.log.level <= BUS_WARNING)
        snprintf(line, sizeof(line), "%s (%s)\n", event->u.log.text, event->u.log.remedy);
    else if (event->kind == BUS_LOG)
        snprintf(info_text, sizeof(info_text), "%s", event->u.log.text);
    strncat(log_text, line, sizeof(log_text) - strlen(log_text) - 1);
}

static void random_bytes(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, random_byte, len);
}

static int setup(void **state)
{
    (void)state;
    house_open(&house, 32);
    broker_open(&broker);
    log_text[0] = info_text[0] = '\0';
    random_byte = 255; /* the longest wait there can be */
    listener = (struct bus_listener){ .hear = hear };
    bus_listen(house.bus, &listener);
    port = (struct port){ .clock = &house.clock, .mqtt = &broker.port, .random = random_bytes };
    const struct mqtt_config config = {
        .port = &port,
        .bus = house.bus,
        .settings = house.settings,
        .registry = house.registry,
        .id = "AABBCC",
        .hostname = "pi",
    };
    mqtt = mqtt_create(&config);
    assert_non_null(mqtt);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mqtt_destroy(mqtt);
    house_close(&house);
    broker_close(&broker);
    return 0;
}

/* Connected, and what that says is out of the way. */
static void connect_to(const char *host)
{
    house_set_text(&house, SETTINGS_MQTT_HOST, host);
    mqtt_start(mqtt);
    broker_accept(&broker);
    broker_acknowledge(&broker, true);
    broker_clear(&broker);
    log_text[0] = '\0';
}

static struct mqtt_status status_of(void)
{
    struct mqtt_status status;

    mqtt_status(mqtt, &status);
    return status;
}

/* The nth press of a button of the remote YLYK01, different from those of the last ten seconds. */
static void press(unsigned n)
{
    char hex[48];

    snprintf(hex, sizeof(hex), "50305301%02x7450e94124f8011003%02x0000", n & 0xff, n / 256 % 6);
    assert_int_equal(house_hear(&house, "F82441E95074", 0xfe95, hex, -60), BEACON_OK);
}

#define EVENT_TOPIC "mi32/home/dev/F82441E95074/event"

/* ---- the connection ---- */

static void says_who_it_is_and_that_it_is_there(void **state)
{
    (void)state;
    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    house_set_text(&house, SETTINGS_MQTT_USER, "me");
    assert_int_equal(broker.attempts, 0); /* not before the configuration is complete */
    mqtt_start(mqtt);
    assert_int_equal(broker.attempts, 1);
    assert_string_equal(broker.config,
                        "broker.lan:1883 mi32_AABBCC me will tele/mi32_AABBCC/LWT Offline");
    assert_int_equal(status_of().state, MQTT_CONNECTING);
    broker_accept(&broker);
    assert_string_equal(broker.filters, "cmnd/mi32_AABBCC/# cmnd/tasmotas/# cmnd/DVES_AABBCC_fb/# "
                                        "mi32/home/dev/+/meta homeassistant/status");
    assert_int_equal(broker.n, 1);
    assert_string_equal(broker_text(&broker, 0), "1r tele/mi32_AABBCC/LWT Online");
    assert_string_equal(log_text, "mqtt up: connected to broker.lan as mi32_AABBCC\n");
    assert_int_equal(status_of().state, MQTT_UP);
}

static void without_a_host_nothing_happens_and_nothing_waits(void **state)
{
    (void)state;
    mqtt_start(mqtt);
    press(1);
    bus_message(house.bus, BUS_TELE, "SENSOR", "{}", false, true);
    house_advance(&house, 3600 * 1000);
    assert_int_equal(broker.attempts, 0);
    assert_int_equal(status_of().queued, 0);
    assert_string_equal(log_text, "");
}

static void a_whole_topic_is_taken_as_it_is(void **state)
{
    (void)state;
    connect_to("broker.lan");
    bus_message(house.bus, BUS_WHOLE, "heating/set", "on", false, true);
    bus_message(house.bus, BUS_WHOLE, "a/b", "", true, false);
    assert_string_equal(broker_text(&broker, 0), "0 heating/set on");
    assert_string_equal(broker_text(&broker, 1), "0r a/b ");
}

static void settings_changed_together_reconnect_once(void **state)
{
    (void)state;
    connect_to("broker.lan");
    house_set_text(&house, SETTINGS_TOPIC, "attic");
    house_set(&house, SETTINGS_MQTT_PORT, 1884);
    house_set_text(&house, SETTINGS_FULL_TOPIC, "house/%prefix%/%topic%/");
    house_advance(&house, 1000);
    assert_int_equal(broker.attempts, 2);
    assert_int_equal(broker.goodbyes, 1);
    assert_string_equal(log_text, "mqtt down: \n"); /* it was meant: nothing to warn of */
    assert_string_equal(info_text, "MQTT settings have changed: connecting anew");
    assert_string_equal(broker_last(&broker, "tele/mi32_AABBCC/LWT", NULL), "");
    assert_string_equal(broker.config, "broker.lan:1884 attic  will house/tele/attic/LWT Offline");
    broker_accept(&broker);
    assert_string_equal(broker_last(&broker, "house/tele/attic/LWT", NULL), "Online");
    house_set(&house, SETTINGS_TELE_PERIOD, 60); /* concerns no connection */
    house_advance(&house, 1000);
    assert_int_equal(broker.attempts, 2);
}

/* Who is subscribed hears Offline, and the broker keeps nothing under the old name. */
static void an_old_presence_is_cleared(void **state)
{
    bool is_retained = false;

    (void)state;
    connect_to("broker.lan");
    broker_clear(&broker);
    house_set_text(&house, SETTINGS_TOPIC, "attic");
    house_advance(&house, 1000);
    assert_int_equal(broker_count(&broker, "tele/mi32_AABBCC/LWT"), 2);
    assert_string_equal(broker_last(&broker, "tele/mi32_AABBCC/LWT", &is_retained), "");
    assert_true(is_retained);
    broker_accept(&broker);
    broker_clear(&broker);
    house_set(&house, SETTINGS_MQTT_PORT, 1884); /* the same name at another broker */
    house_advance(&house, 1000);
    assert_int_equal(broker_count(&broker, "tele/attic/LWT"), 1);
    assert_string_equal(broker_last(&broker, "tele/attic/LWT", NULL), "Offline");
}

static void an_emptied_host_ends_the_connection(void **state)
{
    (void)state;
    connect_to("broker.lan");
    press(1);
    assert_int_equal(status_of().queued, 1);
    house_set_text(&house, SETTINGS_MQTT_HOST, "");
    house_advance(&house, 600 * 1000);
    assert_int_equal(broker.attempts, 1);
    assert_int_equal(broker.goodbyes, 1);
    assert_int_equal(status_of().state, MQTT_OFF);
    assert_int_equal(status_of().queued, 0);
    assert_string_equal(log_text, "mqtt down: \n");
    assert_string_equal(info_text, "MqttHost was emptied: no MQTT any more");
}

/* While it waits for the next one, and in the middle of one. */
static void an_emptied_host_ends_the_attempts(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        connect_to("broker.lan");
        broker_fail(&broker, "gone");
        press(1);
        assert_int_equal(status_of().queued, 1);
        while (i == 1 && !broker.is_attempting)
            house_advance(&house, 250);
        const unsigned attempts = broker.attempts;
        house_set_text(&house, SETTINGS_MQTT_HOST, "");
        house_advance(&house, 600 * 1000);
        assert_int_equal(status_of().state, MQTT_OFF);
        assert_int_equal(status_of().queued, 0);
        assert_int_equal(broker.attempts, attempts);
    }
}

static void the_end_says_offline(void **state)
{
    (void)state;
    connect_to("broker.lan");
    mqtt_destroy(mqtt);
    mqtt = NULL;
    assert_string_equal(broker_text(&broker, 0), "1r tele/mi32_AABBCC/LWT Offline");
    assert_int_equal(broker.goodbyes, 1);
    assert_string_equal(log_text, "");
    assert_null(house.timers.first); /* nothing left to call back */
}

/* Refuses the next attempt and returns how long the gateway then waited. */
static uint64_t wait_after_failure(const char *reason)
{
    const unsigned before = broker.attempts;
    uint64_t waited_ms = 0;

    broker_fail(&broker, reason);
    while (broker.attempts == before) {
        house_advance(&house, 250);
        waited_ms += 250;
    }
    return waited_ms;
}

static void waits_longer_after_each_failure(void **state)
{
    static const uint64_t longest[] = { 1, 2, 4, 8, 16, 32, 64, 120, 120, 120 };
    (void)state;

    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    for (size_t i = 0; i < sizeof(longest) / sizeof(longest[0]); i++)
        assert_int_equal(wait_after_failure("connection refused"), longest[i] * 1000);
    random_byte = 0; /* the other end of what chance may do */
    assert_int_equal(wait_after_failure("connection refused"), 90 * 1000);
    /* told once, however often it was tried */
    assert_string_equal(log_text, "mqtt down: connection refused\n");
    broker_accept(&broker);
    house_advance(&house, 30 * 1000); /* it held: the next failure is a first one again */
    assert_int_equal(wait_after_failure("connection reset"), 750);
    assert_non_null(strstr(log_text, "mqtt up: connected"));
    assert_non_null(strstr(log_text, "mqtt down: connection reset\n"));
}

/* Whoever says that there is TLS gets no connection without. */
static void what_calls_for_tls(void **state)
{
    static const struct {
        enum settings_id id;
        int32_t number, before;
        const char *text;
    } ways[] = {
        { .id = SETTINGS_MQTT_TLS, .number = 1 },
        { .id = SETTINGS_MQTT_PORT, .number = 8883, .before = 1883 },
        { .id = SETTINGS_FINGERPRINT1, .text = "0123456789ABCDEF0123456789ABCDEF01234567" },
        { .id = SETTINGS_FINGERPRINT2, .text = "0123456789ABCDEF0123456789ABCDEF01234567" },
    };
    (void)state;

    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    assert_false(broker.is_secure);
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (ways[i].text)
            house_set_text(&house, ways[i].id, ways[i].text);
        else
            house_set(&house, ways[i].id, ways[i].number);
        house_advance(&house, 1000);
        assert_true(broker.is_secure);
        if (ways[i].text)
            house_set_text(&house, ways[i].id, "");
        else
            house_set(&house, ways[i].id, ways[i].before);
        house_advance(&house, 1000);
        assert_false(broker.is_secure);
    }
}

/* Who has changed a setting waits for news of it, also when they are the same. */
static void settings_that_do_not_help_are_told_again(void **state)
{
    (void)state;
    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    broker_fail(&broker, "bad password");
    log_text[0] = '\0';
    for (unsigned i = 0; i < 2; i++) {
        house_set_text(&house, SETTINGS_MQTT_PASSWORD, i == 0 ? "guess" : "another guess");
        house_advance(&house, 500);
        assert_int_equal(broker.attempts, 2 + i);
        broker_fail(&broker, "bad password");
        assert_string_equal(log_text, "mqtt down: \nmqtt down: bad password\n");
        log_text[0] = '\0';
    }
    while (!broker.is_attempting)
        house_advance(&house, 250);
    for (unsigned i = 0; i < 5; i++)
        wait_after_failure("bad password");
    house_set_text(&house, SETTINGS_MQTT_PASSWORD, "the right one");
    house_advance(&house, 500);
    assert_int_equal(wait_after_failure("restarting"), 1000); /* no failure of before counts */
}

/* The next attempt falls due between the change and its settling. */
static void a_corrected_setting_connects_once(void **state)
{
    (void)state;
    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    broker_fail(&broker, "bad password"); /* the next one in 1 s */
    house_advance(&house, 750);
    house_set_text(&house, SETTINGS_MQTT_PASSWORD, "the right one");
    house_advance(&house, 499);
    assert_int_equal(broker.attempts, 1);
    house_advance(&house, 1);
    assert_int_equal(broker.attempts, 2);
    broker_accept(&broker);
    house_advance(&house, 60000);
    assert_int_equal(broker.attempts, 2);
    assert_int_equal(status_of().connects, 1);
}

/* Likewise: there is no host to go to by then. */
static void an_emptied_host_is_not_tried(void **state)
{
    (void)state;
    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    broker_fail(&broker, "connection refused");
    house_advance(&house, 750);
    house_set_text(&house, SETTINGS_MQTT_HOST, "");
    house_advance(&house, 60000);
    assert_int_equal(broker.attempts, 1);
    assert_int_equal(status_of().state, MQTT_OFF);
}

#define BRIEF                                                                                      \
    "the MQTT broker takes mi32_AABBCC and drops it again, three times by now (is there another "  \
    "client of this name? MqttClient gives this one another)"

/* A broker that takes and at once drops us, as when another client has our name. */
static void a_connection_that_does_not_hold_is_no_success(void **state)
{
    static const uint64_t longest[] = { 1, 2, 4, 8 };
    (void)state;

    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    for (size_t i = 0; i < sizeof(longest) / sizeof(longest[0]); i++) {
        broker_accept(&broker);
        assert_int_equal(strstr(log_text, BRIEF) != NULL, i > 2);
        assert_int_equal(wait_after_failure("taken over"), longest[i] * 1000);
    }
    const char *told = strstr(log_text, BRIEF);
    assert_non_null(told);
    assert_null(strstr(told + 1, BRIEF)); /* once */
    broker_accept(&broker);
    house_advance(&house, 30000); /* it holds */
    for (unsigned i = 0; i < 4; i++) {
        wait_after_failure("taken over");
        broker_accept(&broker);
    }
    assert_non_null(strstr(told + 1, BRIEF)); /* until it has held */
}

/* It is another client then, and none was dropped three times. */
static void a_changed_setting_begins_the_count_anew(void **state)
{
    (void)state;
    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    for (unsigned i = 0; i < 2; i++) {
        broker_accept(&broker);
        wait_after_failure("taken over");
    }
    house_set_text(&house, SETTINGS_MQTT_CLIENT, "another");
    house_advance(&house, 500);
    for (unsigned i = 0; i < 3; i++) {
        assert_null(strstr(log_text, "drops it again"));
        broker_accept(&broker);
        wait_after_failure("taken over");
    }
    assert_non_null(strstr(log_text, "the MQTT broker takes another and drops it again, three"));
}

static void a_broker_that_never_answers_is_given_up(void **state)
{
    (void)state;
    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    house_advance(&house, 44999);
    assert_int_equal(broker.goodbyes, 0);
    house_advance(&house, 1);
    assert_int_equal(broker.goodbyes, 1);
    assert_string_equal(log_text, "mqtt down: the broker does not answer\n");
    house_advance(&house, 1000);
    assert_int_equal(broker.attempts, 2);
}

/* ---- texts ---- */

static void texts_go_to_their_topics(void **state)
{
    (void)state;
    connect_to("broker.lan");
    bus_message(house.bus, BUS_TELE, "SENSOR", "{\"a\":1}", false, false);
    bus_message(house.bus, BUS_TELE, "STATE", "{\"b\":2}", true, false);
    bus_message(house.bus, BUS_STAT, "RESULT", "{\"c\":3}", false, true);
    assert_int_equal(broker.n, 3);
    assert_string_equal(broker_text(&broker, 0), "0 tele/mi32_AABBCC/SENSOR {\"a\":1}");
    assert_string_equal(broker_text(&broker, 1), "0r tele/mi32_AABBCC/STATE {\"b\":2}");
    assert_string_equal(broker_text(&broker, 2), "0 stat/mi32_AABBCC/RESULT {\"c\":3}");
}

static void after_an_outage_only_young_events_are_told_as_texts(void **state)
{
    (void)state;
    connect_to("broker.lan");
    broker_fail(&broker, "gone");
    bus_message(house.bus, BUS_TELE, "SENSOR", "an old press", false, true);
    bus_message(house.bus, BUS_TELE, "SENSOR", "a state", false, false);
    house_advance(&house, 30500);
    bus_message(house.bus, BUS_TELE, "SENSOR", "a young press", false, true);
    broker_accept(&broker);
    assert_int_equal(broker.n, 2);
    assert_string_equal(broker_text(&broker, 1), "0 tele/mi32_AABBCC/SENSOR a young press");
    assert_int_equal(status_of().withheld, 1);
}

/* A broker that reads no more gets no more: values are left out, what happened waits. */
static void a_slow_broker_is_not_buried(void **state)
{
    (void)state;
    connect_to("broker.lan");
    broker.is_busy = true;
    for (unsigned i = 0; i < 2000; i++)
        bus_message(house.bus, BUS_TELE, "SENSOR", "a value", false, false);
    bus_message(house.bus, BUS_TELE, "SENSOR", "a press", false, true);
    press(1);
    assert_int_equal(broker.n, 0);
    assert_int_equal(status_of().withheld, 2000);
    assert_int_equal(status_of().queued, 1);
    assert_string_equal(log_text, "the MQTT broker does not keep up: messages of values are left "
                                  "out until it does (look at the load of the broker and the "
                                  "network; MI32Option2 0 sends less)\n");
    log_text[0] = '\0';
    house_advance(&house, 5000);
    assert_int_equal(broker.n, 0);
    broker.is_busy = false;
    house_advance(&house, 1000);
    assert_string_equal(broker_last(&broker, "tele/mi32_AABBCC/SENSOR", NULL), "a press");
    assert_int_equal(broker_count(&broker, EVENT_TOPIC), 1);
    assert_string_equal(log_text, "");
    house_advance(&house, 4000); /* ten seconds after the last value that was left out */
    assert_string_equal(log_text, "mqtt up: the broker keeps up again\n"); /* asks for the state */
}

/* What waits for a slow broker keeps its turn. */
static void nothing_overtakes_what_waits(void **state)
{
    (void)state;
    connect_to("broker.lan");
    broker.is_busy = true;
    bus_message(house.bus, BUS_TELE, "SENSOR", "first", false, true);
    broker.is_busy = false;
    bus_message(house.bus, BUS_TELE, "SENSOR", "second", false, true);
    assert_int_equal(broker.n, 2);
    assert_string_equal(broker_text(&broker, 0), "0 tele/mi32_AABBCC/SENSOR first");
    assert_string_equal(broker_text(&broker, 1), "0 tele/mi32_AABBCC/SENSOR second");
}

/* ---- events ---- */

static void an_event_says_what_who_and_when(void **state)
{
    (void)state;
    connect_to("broker.lan");
    house_hear(&house, "F82441E95074", 0xfe95, "503053013f7450e94124f8011003030002", -61);
    assert_int_equal(broker.n, 1);
    assert_non_null(strstr(broker_text(&broker, 0),
                           "1 " EVENT_TOPIC " {\"ts\":\"2022-09-19T18:00:00.000Z\","
                           "\"gw\":\"mi32_AABBCC\",\"name\":\"YLYK01-e95074\",\"mac\":"
                           "\"F82441E95074\",\"fid\":\"3f-"));
    assert_non_null(strstr(broker_text(&broker, 0), "\",\"rssi\":-61,\"authentic\":false,"));
    assert_non_null(strstr(broker_text(&broker, 0), "\"button\":\"plus\""));
    assert_non_null(strstr(broker_text(&broker, 0), "\"event\":\"long_press\""));
    assert_null(strstr(broker_text(&broker, 0), "late"));
}

static void an_encrypted_event_is_authentic(void **state)
{
    (void)state;
    house_set_text(&house, SETTINGS_SITE, "villa");
    connect_to("broker.lan");
    house_key(&house, "54EF44E027BC", "255e6cabb39b2eddd0de992b9fee2bf2");
    house_hear(&house, "54EF44E027BC", 0xfe95, "5859630808bc27e044ef54f58fe704000000fc69d15c", -60);
    assert_string_equal(broker_text(&broker, broker.n - 1),
                        "1 mi32/villa/dev/54EF44E027BC/event "
                        "{\"ts\":\"2022-09-19T18:00:00.000Z\",\"gw\":\"mi32_AABBCC\","
                        "\"name\":\"SJWS01L-e027bc\",\"mac\":\"54EF44E027BC\","
                        "\"fid\":\"086308000000\",\"rssi\":-60,\"authentic\":true,"
                        "\"leak\":true}");
}

/* The broker was away when mi32 started. */
static void what_happened_before_the_first_connection_has_its_topic(void **state)
{
    (void)state;
    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    broker_fail(&broker, "gone");
    press(1);
    house_advance(&house, 1000);
    broker_accept(&broker);
    assert_int_equal(broker_count(&broker, EVENT_TOPIC), 1);
}

static void values_are_no_events(void **state)
{
    (void)state;
    connect_to("broker.lan");
    house_hear(&house, "A4C138B4944C", 0xfe95, "50305b05034c94b438c1a40d10041001ea01", -60);
    assert_int_equal(broker.n, 0);
}

static void the_wall_time_is_that_of_the_last_setting_of_the_clock(void **state)
{
    (void)state;
    house.wall_is_set = false;
    connect_to("broker.lan");
    press(1);
    assert_null(strstr(broker_text(&broker, 0), "\"ts\""));
    broker_fail(&broker, "gone");
    broker_clear(&broker);
    house_advance(&house, 1000);
    press(2);
    house_advance(&house, 10000);
    house_set_wall(&house, 1700000000);
    broker_accept(&broker);
    assert_non_null(strstr(broker_text(&broker, 1), "\"ts\":\"2023-11-14T22:13:09.000Z\""));
    assert_non_null(strstr(broker_text(&broker, 2), "\"ts\":\"2023-11-14T22:13:10.000Z\""));
}

static void at_most_twenty_are_under_way(void **state)
{
    (void)state;
    connect_to("broker.lan");
    for (unsigned i = 0; i < 50; i++)
        press(i);
    assert_int_equal(broker.n, 20);
    assert_int_equal(broker_acknowledge(&broker, false), 20);
    assert_int_equal(broker.n, 40);
    broker_acknowledge(&broker, true);
    assert_int_equal(broker.n, 50);
    assert_int_equal(status_of().queued, 0);
}

/* The broker died with five messages in its hands: all come again, with the same fid. */
static void what_was_not_acknowledged_comes_again(void **state)
{
    char before[5][512];
    (void)state;

    connect_to("broker.lan");
    for (unsigned i = 0; i < 5; i++) {
        press(i);
        snprintf(before[i], sizeof(before[i]), "%s", broker_text(&broker, i));
    }
    broker_fail(&broker, "connection reset");
    broker_clear(&broker);
    assert_int_equal(status_of().queued, 5);
    house_advance(&house, 1000);
    broker_accept(&broker);
    assert_int_equal(broker.n, 6);
    for (unsigned i = 0; i < 5; i++)
        assert_string_equal(broker_text(&broker, i + 1), before[i]);
    broker_acknowledge(&broker, true);
    assert_int_equal(status_of().queued, 0);
}

static void a_changed_setting_loses_no_event(void **state)
{
    (void)state;
    connect_to("broker.lan");
    for (unsigned i = 0; i < 3; i++)
        press(i);
    house_set_text(&house, SETTINGS_MQTT_USER, "somebody");
    house_advance(&house, 1000);
    broker_clear(&broker); /* what was under way is not known to have arrived */
    broker_accept(&broker);
    assert_int_equal(broker_count(&broker, EVENT_TOPIC), 3);
    broker_acknowledge(&broker, true);
    assert_int_equal(status_of().queued, 0);
}

/* Nothing reminds us but time; also after a connection that ended while we waited. */
static void a_busy_broker_is_asked_again(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        if (i == 0)
            connect_to("broker.lan");
        else
            broker_accept(&broker);
        broker_acknowledge(&broker, true);
        broker_clear(&broker);
        broker.is_busy = true;
        press(i);
        assert_int_equal(broker.n, 0);
        broker.is_busy = false;
        house_advance(&house, 1000);
        assert_int_equal(broker_count(&broker, EVENT_TOPIC), 1);
        broker.is_busy = true;
        press(i + 2);
        broker.is_busy = false;
        broker_fail(&broker, "gone");
        house_advance(&house, 1000);
    }
}

static void what_is_older_than_thirty_seconds_is_marked_late(void **state)
{
    (void)state;
    connect_to("broker.lan");
    broker_fail(&broker, "gone");
    press(1);
    house_advance(&house, 1000);
    broker_fail(&broker, "gone");
    press(2);
    house_advance(&house, 29001);
    press(3);
    house_advance(&house, 1000); /* 31, 30 and 1 s ago */
    broker_accept(&broker);
    assert_int_equal(broker.n, 4);
    assert_non_null(strstr(broker_text(&broker, 1), ",\"late\":true}"));
    assert_non_null(strstr(broker_text(&broker, 2), ",\"late\":true}"));
    assert_null(strstr(broker_text(&broker, 3), "late"));
}

/* Two events more than the queue holds, while every attempt to connect fails: the oldest are lost,
 * counted and told once; all others come, in order. */
static void ten_thousand_and_two_events_in_an_outage(void **state)
{
    char fid[8];
    (void)state;

    connect_to("broker.lan");
    broker_fail(&broker, "gone");
    for (unsigned i = 0; i < 10002; i++) {
        press(i);
        house_advance(&house, 50);
        if (broker.is_attempting)
            broker_fail(&broker, "gone");
    }
    assert_int_equal(status_of().queued, 10000);
    assert_int_equal(status_of().dropped, 2);
    assert_string_equal(log_text, "mqtt down: gone\n"
                                  "10000 events wait for the MQTT broker and there is room for no "
                                  "more: the oldest are being lost (bring the broker back, or set "
                                  "MqttHost to another or to nothing)\n");
    while (!broker.is_attempting)
        house_advance(&house, 1000);
    broker_accept(&broker);
    broker_acknowledge(&broker, true);
    assert_int_equal(broker.n, 10001); /* LWT, and 10,000 events: the third first */
    for (unsigned i = 1; i <= 10000; i++) {
        snprintf(fid, sizeof(fid), "\"%02x-", (i + 1) & 0xff);
        assert_non_null(strstr(broker_text(&broker, i), fid));
    }
    assert_non_null(strstr(broker_text(&broker, 1), "\"late\":true"));
    assert_int_equal(status_of().queued, 0);
    assert_int_equal(broker_pending(&broker), 0);
}

/* ---- commands ---- */

static enum bus_result echo(void *room, struct bus_call *call)
{
    (void)room;
    assert_int_equal(call->origin, BUS_MQTT);
    json_text(call->reply, "Echo", call->args[0].text);
    return BUS_DONE;
}

static const struct bus_row echo_rows[] = {
    { .name = "Echo",
      .args = { { .kind = BUS_ARG_TEXT, .name = "text", .optional = true } },
      .help = "Says it again.",
      .run = echo },
};

static void commands_come_in_and_replies_go_out(void **state)
{
    char long_payload[3000];
    (void)state;

    bus_register(house.bus, echo_rows, 1, NULL);
    connect_to("broker.lan");
    broker_send(&broker, "cmnd/mi32_AABBCC/Echo", "two words");
    broker_send(&broker, "cmnd/mi32_AABBCC/echo", "");
    broker_send(&broker, "cmnd/mi32_AABBCC/Nonsense", "1");
    memset(long_payload, 'x', sizeof(long_payload) - 1);
    long_payload[sizeof(long_payload) - 1] = '\0';
    broker_send(&broker, "cmnd/mi32_AABBCC/Echo", long_payload);
    assert_int_equal(broker.n, 4);
    assert_string_equal(broker_text(&broker, 0),
                        "0 stat/mi32_AABBCC/RESULT {\"Echo\":\"two words\"}");
    assert_string_equal(broker_text(&broker, 1), "0 stat/mi32_AABBCC/RESULT {\"Echo\":\"\"}");
    assert_non_null(strstr(broker_text(&broker, 2), "{\"Command\":\"Unknown\""));
    assert_non_null(strstr(broker_text(&broker, 3), "{\"Command\":\"Error\""));
}

static void groups_and_the_fallback_are_obeyed_too(void **state)
{
    (void)state;
    bus_register(house.bus, echo_rows, 1, NULL);
    house_set_text(&house, SETTINGS_GROUP_TOPIC1 + 1, "upstairs");
    house_set_text(&house, SETTINGS_GROUP_TOPIC1 + 2, "mi32_AABBCC"); /* ours already */
    house_set_text(&house, SETTINGS_GROUP_TOPIC1 + 3, "tasmotas");    /* and this one */
    connect_to("broker.lan");
    assert_string_equal(broker.filters, "cmnd/mi32_AABBCC/# cmnd/tasmotas/# cmnd/upstairs/# "
                                        "cmnd/DVES_AABBCC_fb/# mi32/home/dev/+/meta "
                                        "homeassistant/status");
    broker_send(&broker, "cmnd/tasmotas/Echo", "1");
    broker_send(&broker, "cmnd/upstairs/Echo", "2");
    broker_send(&broker, "cmnd/DVES_AABBCC_fb/Echo", "3");
    broker_send(&broker, "cmnd/downstairs/Echo", "4");
    assert_int_equal(broker.n, 3);
    for (unsigned i = 0; i < 3; i++) /* all answer where we always answer */
        assert_non_null(strstr(broker_text(&broker, i), "0 stat/mi32_AABBCC/RESULT {\"Echo\":"));
}

static void prefixes_can_be_others(void **state)
{
    (void)state;
    house_set_text(&house, SETTINGS_PREFIX1, "do");
    house_set_text(&house, SETTINGS_PREFIX1 + 1, "done");
    house_set_text(&house, SETTINGS_PREFIX1 + 2, "say");
    connect_to("broker.lan");
    assert_non_null(strstr(broker.filters, "do/mi32_AABBCC/# do/tasmotas/#"));
    assert_non_null(strstr(broker.config, "will say/mi32_AABBCC/LWT"));
    broker_send(&broker, "do/mi32_AABBCC/Nonsense", "1");
    assert_non_null(strstr(broker_text(&broker, 0), "0 done/mi32_AABBCC/RESULT {\"Command\":"));
}

/* Our replies would be our commands, and so on for ever. */
static void prefixes_that_are_the_same_are_refused(void **state)
{
    (void)state;
    house_set_text(&house, SETTINGS_PREFIX1 + 1, "cmnd");
    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    house_advance(&house, 600000);
    assert_int_equal(broker.attempts, 0);
    assert_string_equal(log_text, /* once */
                        "mqtt down: Prefix1, Prefix2 and Prefix3 must all be different\n");
    house_set_text(&house, SETTINGS_PREFIX1 + 1, "stat");
    house_advance(&house, 1000);
    assert_int_equal(broker.attempts, 1);
}

/* However little is missing: a topic that is too long is told, as are all that are longer. */
static void topics_that_are_too_long_are_refused(void **state)
{
    char pattern[160];
    bool is_refused = false;
    (void)state;

    for (unsigned n = 0; n < 64; n++) {
        snprintf(pattern, sizeof(pattern),
                 "%%prefix%%/%%topic%%%%topic%%%%topic%%%%topic%%"
                 "%%topic%%%%topic%%%%topic%%/%.*s",
                 (int)n, "0123456789012345678901234567890123456789012345678901234567890123");
        house_set_text(&house, SETTINGS_TOPIC,
                       "0123456789012345678901234567890123456789012345678901234567890123");
        house_set_text(&house, SETTINGS_FULL_TOPIC, pattern);
        house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
        const unsigned before = broker.attempts;
        if (n == 0)
            mqtt_start(mqtt);
        house_advance(&house, 1000);
        assert_true(broker.attempts == before || !is_refused);
        is_refused = broker.attempts == before;
        if (is_refused)
            assert_non_null(strstr(log_text, "Topic and FullTopic make a topic that is too long"));
        else
            broker_fail(&broker, "later");
        log_text[0] = '\0';
    }
    assert_true(broker.attempts > 0);
    assert_true(is_refused);
    assert_int_equal(status_of().state, MQTT_WAITING);
}

static void replies_can_have_topics_of_their_own(void **state)
{
    static const char *const told[][2] = {
        { "{\"MI32Option2\":1}", "MI32OPTION" },
        { "{\"TelePeriod\":300}", "TELEPERIOD" },
        { "{\"Command\":\"Unknown\",\"Input\":\"NONSENSE\"}", "NONSENSE" },
        { "{\"Command\":\"Error\"}", "COMMAND" },
        { "{\"Living room/#+\":{}}", "RESULT" }, /* no level of a topic */
        { "{}", "RESULT" },
        { "text", "RESULT" },
    };
    char topic[64];
    (void)state;

    connect_to("broker.lan");
    house_set(&house, SETTINGS_COMMAND_TOPIC, 1);
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        bus_message(house.bus, BUS_STAT, "RESULT", told[i][0], false, true);
        snprintf(topic, sizeof(topic), "stat/mi32_AABBCC/%s", told[i][1]);
        assert_string_equal(broker_last(&broker, topic, NULL), told[i][0]);
    }
    bus_message(house.bus, BUS_STAT, "STATUS8", "{\"StatusSNS\":{}}", false, true);
    assert_non_null(broker_last(&broker, "stat/mi32_AABBCC/STATUS8", NULL));
    bus_message(house.bus, BUS_TELE, "SENSOR", "{\"Time\":1}", false, false);
    assert_non_null(broker_last(&broker, "tele/mi32_AABBCC/SENSOR", NULL));
}

static void what_is_no_json_can_be_left_out(void **state)
{
    (void)state;
    connect_to("broker.lan");
    house_set(&house, SETTINGS_JSON_ONLY, 1);
    bus_message(house.bus, BUS_STAT, "POWER", "ON", false, true);
    bus_message(house.bus, BUS_STAT, "RESULT", "{\"POWER\":\"ON\"}", false, true);
    bus_message(house.bus, BUS_WHOLE, "my/topic", "ON", false, true);
    assert_int_equal(broker.n, 2);
    assert_null(broker_last(&broker, "stat/mi32_AABBCC/POWER", NULL));
    assert_string_equal(broker_last(&broker, "my/topic", NULL), "ON");
}

static void nothing_is_retained_with_SetOption104(void **state)
{
    (void)state;
    house_set(&house, SETTINGS_NO_RETAIN, 1);
    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    broker_accept(&broker);
    house_advance(&house, 10000);
    assert_true(broker.n > 1);
    for (size_t i = 0; i < broker.n; i++) {
        const char *text = broker_text(&broker, i);
        const bool clears = text[strlen(text) - 1] == ' ';
        assert_int_equal(text[1], clears ? 'r' : ' ');
    }
}

static void a_report_that_is_no_longer_retained_is_cleared(void **state)
{
    bool is_retained = false;
    (void)state;

    connect_to("broker.lan");
    house_set(&house, SETTINGS_SENSOR_RETAIN, 1);
    assert_int_equal(broker.n, 0);
    house_set(&house, SETTINGS_SENSOR_RETAIN, 0);
    assert_string_equal(broker_last(&broker, "tele/mi32_AABBCC/SENSOR", &is_retained), "");
    assert_true(is_retained);
}

static void the_longest_wait_can_be_set(void **state)
{
    (void)state;
    house_set(&house, SETTINGS_MQTT_RETRY, 10);
    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    for (unsigned i = 0; i < 4; i++)
        wait_after_failure("connection refused");
    assert_int_equal(wait_after_failure("connection refused"), 10000);
}

/* It would come again after each restart, for ever. */
static void a_retained_restart_is_not_obeyed(void **state)
{
    static const char *const lines[][2] = {
        { "Restart", "1" },
        { "RESET", "1 confirm" },
        { "reset", "1" },
        { " rEsTaRt", "  1" },
        { "Restart 1", "" },
        { "Backlog", "MI32Option2 1; Restart 1" },
        { "backlog0", "Delay 10;restart 1" },
        { "Backlog", "\t Restart\t1" },
        { "Backlog", "RESET 1" },
        { "Backlog", "Delay 2; Backlog Backlog0 reStart 1" },
        { "Backlog Delay 2; Restart 1;", "Delay 2" },
        { "Backlog", "Rule1 ON Mqtt#Connected DO Restart 1 ENDON; Rule1 1" },
        { "Backlog", "rule1 ON Event#a DO Delay 2; reset 1 ENDON" },
        { "Backlog", "Rule3 ON Event#a DO Backlog Delay 2;Restart 1 ENDON" },
        { "Backlog", "Rule ON Event#a DO Publish cmnd/mi32_AABBCC/Restart 1 ENDON" },
        { "Backlog", "Publish cmnd/mi32_AABBCC/Restart 1" },
        { "Backlog", "Publish2 cmnd/tasmotas/Backlog Restart 1" },
        { "Publish", "cmnd/mi32_AABBCC/Backlog Delay 2; Restart 1" },
    };
    char topic[64];

    (void)state;
    connect_to("broker.lan");
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        snprintf(topic, sizeof(topic), "cmnd/mi32_AABBCC/%s", lines[i][0]);
        log_text[0] = '\0';
        broker_recall(&broker, topic, lines[i][1]);
        assert_int_equal(broker.n, 0);
        assert_non_null(strstr(log_text, "is not obeyed: it is retained"));
        assert_non_null(strstr(log_text, topic));
    }
    broker_send(&broker, "cmnd/mi32_AABBCC/Restart", "1"); /* somebody sends it now */
    assert_int_equal(broker.n, 1);
}

static void other_retained_commands_are_obeyed(void **state)
{
    static const char *const lines[][2] = {
        { "MI32Option2", "1" },
        { "Restart;reboot", "1" },
        { "Restarted", "1" },
        { "Publish", "cmnd/another/Restart 1" },
        { "Publish", "a/b MI32Option2; Restart 1" },
        { "Backlog", "MI32Option2 1" },
        { "Backlog", "Publish x Preset; Publish y restart; MI32Name Restart" },
        { "Backlog", "Publish x {\"a\";Restart 1}" },
        { "Backlog", "Restarting 1; Presets; Event reset=1" },
        { "Backlog", "Rule1 ON Event#preset DO MI32Option2 1 ENDON; Rule1 1" },
        { "Rule1", "ON Event#a DO Restart 1 ENDON" },
    };
    char topic[64];

    (void)state;
    connect_to("broker.lan");
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        const size_t n = broker.n;
        snprintf(topic, sizeof(topic), "cmnd/mi32_AABBCC/%s", lines[i][0]);
        broker_recall(&broker, topic, lines[i][1]);
        assert_int_equal(broker.n, n + 1); /* the reply */
    }
    assert_null(strstr(log_text, "retained"));
}

/* Whoever may publish chooses the topic, and people copy the remedy into a shell. */
static void the_remedy_for_a_retained_restart_can_be_typed(void **state)
{
    char topic[1024];
    (void)state;

    connect_to("broker.lan");
    broker_recall(&broker, "cmnd/mi32_AABBCC/Restart ';reboot;#'", "1");
    assert_non_null(strstr(log_text, "mosquitto_pub -h 'broker.lan' -p 1883 -r -n -t "
                                     "'cmnd/mi32_AABBCC/Restart '\\'';reboot;#'\\'''"));
    snprintf(topic, sizeof(topic), "cmnd/mi32_AABBCC/Restart %0900d", 1);
    log_text[0] = '\0';
    broker_recall(&broker, topic, "1"); /* what was cut would clear another one */
    assert_null(strstr(log_text, "mosquitto_pub"));
    assert_non_null(strstr(log_text, "an empty retained message to its topic"));
}

static void a_secret_in_a_topic_is_not_logged(void **state)
{
    static const char key[] = "e9ea895fac7cca6d30532432a516f3a8A4C1380283F4";
    char topic[512];
    (void)state;

    connect_to("broker.lan");
    snprintf(topic, sizeof(topic), "cmnd/mi32_AABBCC/Backlog MI32Key %s; Restart 1", key);
    broker_recall(&broker, topic, "");
    assert_non_null(strstr(log_text, "Backlog MI32Key ****"));
    assert_null(strstr(log_text, key));
    snprintf(topic, sizeof(topic), "cmnd/mi32_AABBCC/Backlog Var1 %100s;MI32Key %s;Restart 1", "x",
             key); /* behind what the sentence shows */
    log_text[0] = '\0';
    broker_recall(&broker, topic, "");
    assert_non_null(strstr(log_text, "is not obeyed: it is retained"));
    assert_null(strstr(log_text, key));
}

static void other_topics_are_no_commands(void **state)
{
    (void)state;
    bus_register(house.bus, echo_rows, 1, NULL);
    connect_to("broker.lan");
    broker_send(&broker, "cmnd/mi32_AABBCC/", "Echo 1");
    broker_send(&broker, "cmnd/mi32_AABBCC", "Echo 1");
    broker_send(&broker, "cmnd/another/Echo", "1");
    broker_send(&broker, "stat/mi32_AABBCC/Echo", "1");
    assert_int_equal(broker.n, 0);
}

static void the_password_is_told_to_nobody(void **state)
{
    (void)state;
    house_set_text(&house, SETTINGS_MQTT_PASSWORD, "hunter2");
    connect_to("broker.lan");
    press(1);
    broker_fail(&broker, "not authorised");
    house_advance(&house, 1000);
    broker_accept(&broker);
    for (size_t i = 0; i < broker.n; i++)
        assert_null(strstr(broker_text(&broker, i), "hunter2"));
    assert_null(strstr(log_text, "hunter2"));
    assert_null(strstr(broker.config, "hunter2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
        IN_HOUSE(says_who_it_is_and_that_it_is_there),
        IN_HOUSE(without_a_host_nothing_happens_and_nothing_waits),
        IN_HOUSE(a_whole_topic_is_taken_as_it_is),
        IN_HOUSE(settings_changed_together_reconnect_once),
        IN_HOUSE(an_old_presence_is_cleared),
        IN_HOUSE(an_emptied_host_ends_the_connection),
        IN_HOUSE(an_emptied_host_ends_the_attempts),
        IN_HOUSE(the_end_says_offline),
        IN_HOUSE(waits_longer_after_each_failure),
        IN_HOUSE(what_calls_for_tls),
        IN_HOUSE(settings_that_do_not_help_are_told_again),
        IN_HOUSE(a_corrected_setting_connects_once),
        IN_HOUSE(an_emptied_host_is_not_tried),
        IN_HOUSE(a_connection_that_does_not_hold_is_no_success),
        IN_HOUSE(a_changed_setting_begins_the_count_anew),
        IN_HOUSE(a_broker_that_never_answers_is_given_up),
        IN_HOUSE(texts_go_to_their_topics),
        IN_HOUSE(after_an_outage_only_young_events_are_told_as_texts),
        IN_HOUSE(a_slow_broker_is_not_buried),
        IN_HOUSE(nothing_overtakes_what_waits),
        IN_HOUSE(an_event_says_what_who_and_when),
        IN_HOUSE(an_encrypted_event_is_authentic),
        IN_HOUSE(what_happened_before_the_first_connection_has_its_topic),
        IN_HOUSE(values_are_no_events),
        IN_HOUSE(the_wall_time_is_that_of_the_last_setting_of_the_clock),
        IN_HOUSE(at_most_twenty_are_under_way),
        IN_HOUSE(what_was_not_acknowledged_comes_again),
        IN_HOUSE(a_changed_setting_loses_no_event),
        IN_HOUSE(a_busy_broker_is_asked_again),
        IN_HOUSE(what_is_older_than_thirty_seconds_is_marked_late),
        IN_HOUSE(ten_thousand_and_two_events_in_an_outage),
        IN_HOUSE(commands_come_in_and_replies_go_out),
        IN_HOUSE(groups_and_the_fallback_are_obeyed_too),
        IN_HOUSE(prefixes_can_be_others),
        IN_HOUSE(prefixes_that_are_the_same_are_refused),
        IN_HOUSE(topics_that_are_too_long_are_refused),
        IN_HOUSE(replies_can_have_topics_of_their_own),
        IN_HOUSE(what_is_no_json_can_be_left_out),
        IN_HOUSE(nothing_is_retained_with_SetOption104),
        IN_HOUSE(a_report_that_is_no_longer_retained_is_cleared),
        IN_HOUSE(the_longest_wait_can_be_set),
        IN_HOUSE(a_retained_restart_is_not_obeyed),
        IN_HOUSE(other_retained_commands_are_obeyed),
        IN_HOUSE(the_remedy_for_a_retained_restart_can_be_typed),
        IN_HOUSE(a_secret_in_a_topic_is_not_logged),
        IN_HOUSE(other_topics_are_no_commands),
        IN_HOUSE(the_password_is_told_to_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
