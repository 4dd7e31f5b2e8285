/*
 * What is told of each sensor under mi32/<site>/ and to Home Assistant: to which topic, when, and
 * that it is taken back. The clock is moved, never waited for.
 */
#include "broker.h"
#include "mqtt/discovery.h"
#include "mqtt/mqtt.h"
#include "relay/relay.h"
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
static struct relays *relays;
static uint8_t random_byte;

static void random_bytes(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, random_byte, len);
}

static void switched(void *user, unsigned number)
{
    struct bus_event event = { .kind = BUS_RELAY };

    (void)user;
    event.u.relay.index = number;
    event.u.relay.on = relay_is_on(relays, number);
    bus_post(house.bus, &event);
}

static int setup(void **state)
{
    (void)state;
    house_open(&house, 512);
    broker_open(&broker);
    random_byte = 0;
    port = (struct port){ .clock = &house.clock, .mqtt = &broker.port, .random = random_bytes };
    relays = relay_create(&(struct relay_config){ .clock = &house.clock, .on_change = switched });
    assert_non_null(relays);
    mqtt = mqtt_create(&(struct mqtt_config){
        .port = &port,
        .relays = relays,
        .bus = house.bus,
        .settings = house.settings,
        .registry = house.registry,
        .id = "AABBCC",
        .hostname = "pi",
    });
    assert_non_null(mqtt);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mqtt_destroy(mqtt);
    relay_destroy(relays);
    house_close(&house);
    broker_close(&broker);
    return 0;
}

/* ---- a house and what happens in it ---- */

#define THERMO "A4C138B4944C"
#define DOOR   "E4AAEC8121AE"
#define REMOTE "F82441E95074"

#define DEV(mac, leaf) "mi32/home/dev/" mac "/" leaf
#define CONFIG(mac)    "homeassistant/device/mi32_" mac "/config"

static struct mac mac_of(const char *text)
{
    struct mac mac;

    assert_true(mac_parse(text, strlen(text), &mac));
    return mac;
}

static void keep(const char *mac)
{
    assert_int_equal(registry_approve(house.registry, mac_of(mac)), REGISTRY_OK);
}

static uint8_t counter;

/* 27.2 and 49.0, or another temperature in tenths. */
static void hear_temperature(const char *mac, unsigned tenths)
{
    char hex[64];
    const struct mac m = mac_of(mac);

    snprintf(hex, sizeof(hex), "50305b05%02x%02x%02x%02x%02x%02x%02x0d1004%02x%02xea01", ++counter,
             m.b[5], m.b[4], m.b[3], m.b[2], m.b[1], m.b[0], tenths & 0xff, tenths >> 8);
    assert_int_equal(house_hear(&house, mac, 0xfe95, hex, -60), BEACON_OK);
}

/* A BTHome door sensor: 1 open, 0 closed. */
static void hear_door(const char *mac, unsigned open)
{
    char hex[32];

    snprintf(hex, sizeof(hex), "4400%02x1a%02x", ++counter, open);
    assert_int_equal(house_hear(&house, mac, 0xfcd2, hex, -60), BEACON_OK);
}

static void press(void)
{
    char hex[48];

    snprintf(hex, sizeof(hex), "50305301%02x7450e94124f8011003000000", ++counter);
    assert_int_equal(house_hear(&house, REMOTE, 0xfe95, hex, -60), BEACON_OK);
}

static void reconnect(void)
{
    while (!broker.is_attempting)
        house_advance(&house, 250);
    broker_accept(&broker);
}

static void connect_broker(void)
{
    house_set_text(&house, SETTINGS_MQTT_HOST, "broker.lan");
    mqtt_start(mqtt);
    broker_accept(&broker);
}

/* Long enough for everything that is due, too short for another state. */
static void settle(void)
{
    house_advance(&house, 5000);
    broker_acknowledge(&broker, true);
}

static void expect_retained(const char *topic, const char *part)
{
    bool is_retained = false;
    const char *payload = broker_last(&broker, topic, &is_retained);

    if (!payload || !strstr(payload, part))
        fail_msg("%s: %s\nhas no %s", topic, payload ? payload : "(nothing)", part);
    if (!is_retained)
        fail_msg("%s: not retained", topic);
}

static void expect_cleared(const char *topic)
{
    bool is_retained = false;
    const char *payload = broker_last(&broker, topic, &is_retained);

    if (!payload || *payload || !is_retained)
        fail_msg("%s: not cleared: %s", topic, payload ? payload : "(nothing)");
}

static void expect_nothing(const char *topic)
{
    const char *payload = broker_last(&broker, topic, NULL);

    if (payload)
        fail_msg("%s: %s", topic, payload);
}

/* A kept thermometer that is told completely. */
static void a_known_thermometer(void)
{
    connect_broker();
    hear_temperature(THERMO, 272);
    keep(THERMO);
    settle();
    expect_retained(CONFIG(THERMO), "\"temperature_c\"");
    broker_clear(&broker);
}

/* ---- who is told of ---- */

static void a_kept_sensor_is_told_and_announced(void **state)
{
    (void)state;
    connect_broker();
    hear_temperature(THERMO, 272);
    keep(THERMO);
    settle();
    expect_retained(DEV(THERMO, "availability"), "online");
    expect_retained(DEV(THERMO, "state"),
                    "{\"ts\":\"2022-09-19T18:00:00.000Z\",\"gw\":\"mi32_AABBCC\","
                    "\"name\":\"LYWSD03-b4944c\",\"mac\":\"A4C138B4944C\",\"rssi\":-60,");
    expect_retained(DEV(THERMO, "state"), "\"temperature_c\":27.2,\"humidity_pct\":49}");
    expect_retained(DEV(THERMO, "meta"), "\"model\":\"LYWSD03MMC\"");
    expect_retained(DEV(THERMO, "meta"), "\"fields\":[\"temperature_c\",\"humidity_pct\"]");
    expect_retained(CONFIG(THERMO), "\"unique_id\":\"mi32_A4C138B4944C_humidity_pct\"");
    expect_retained("homeassistant/device/mi32_gw_AABBCC/config", "\"connectivity\"");
}

static char hints[1024];

static void hear_hint(void *user, const struct bus_event *event)
{
    const size_t used = strlen(hints);

    (void)user;
    if (event->kind == BUS_LOG && event->u.log.level == BUS_INFO)
        snprintf(hints + used, sizeof(hints) - used, "%s\n", event->u.log.text);
}

static void why_a_sensor_is_not_announced_is_said_once(void **state)
{
    struct bus_listener listener = { .hear = hear_hint };
    (void)state;

    hints[0] = '\0';
    bus_listen(house.bus, &listener);
    connect_broker();
    hear_temperature(THERMO, 272);
    house_advance(&house, 200000);
    bus_unlisten(house.bus, &listener);
    assert_string_equal(hints, "sensors that nobody decided to keep are not announced to Home "
                               "Assistant: 1\n");
}

/* A neighbour's device must leave nothing behind at the broker or in Home Assistant. */
static void a_stranger_is_told_but_not_kept_by_the_broker(void **state)
{
    bool is_retained = true;
    (void)state;

    connect_broker();
    hear_temperature(THERMO, 272);
    settle();
    assert_non_null(broker_last(&broker, DEV(THERMO, "state"), &is_retained));
    assert_false(is_retained);
    expect_nothing(CONFIG(THERMO));
    expect_nothing(DEV(THERMO, "meta"));
    expect_nothing(DEV(THERMO, "availability"));
    registry_forget(house.registry, mac_of(THERMO));
    broker_clear(&broker);
    settle();
    expect_nothing(DEV(THERMO, "state"));
}

static void a_stranger_that_is_approved_is_announced(void **state)
{
    (void)state;
    connect_broker();
    hear_temperature(THERMO, 272);
    settle();
    expect_nothing(CONFIG(THERMO));
    assert_int_equal(registry_set_name(house.registry, mac_of(THERMO), "Living room", 11),
                     REGISTRY_OK);
    settle();
    expect_retained(CONFIG(THERMO), "\"name\":\"Living room\"");
    expect_retained(DEV(THERMO, "state"), "\"name\":\"Living room\"");
}

/* MI32Cfg makes all that is listed kept, and says so to nobody. */
static void saving_the_list_announces_it_within_a_minute(void **state)
{
    char text[512];
    (void)state;

    connect_broker();
    hear_temperature(THERMO, 272);
    settle();
    registry_config_write(house.registry, text, sizeof(text));
    registry_config_saved(house.registry);
    house_advance(&house, 61000);
    expect_retained(CONFIG(THERMO), "\"temperature_c\"");
}

static void what_is_wrong_by_nature_is_left_out(void **state)
{
    (void)state;
    connect_broker();
    hear_temperature(THERMO, 272);
    house_hear(&house, THERMO, 0xfe95, "50305b05f04c94b438c1a40d0a100163", -60); /* battery 99 % */
    keep(THERMO);
    settle();
    assert_null(strstr(broker_last(&broker, CONFIG(THERMO), NULL), "battery"));
    assert_null(strstr(broker_last(&broker, DEV(THERMO, "state"), NULL), "battery"));
    assert_null(strstr(broker_last(&broker, DEV(THERMO, "meta"), NULL), "battery"));
}

/* Many motion sensors never say that it is over, and a state would say "motion" for ever. */
static void motion_ends_by_itself_in_home_assistant(void **state)
{
    (void)state;
    connect_broker();
    house_hear(&house, "DE70E8B2390C", 0xfe95, "4030dd032403000101", -60);
    keep("DE70E8B2390C");
    settle();
    expect_retained(CONFIG("DE70E8B2390C"),
                    "\"device_class\":\"motion\",\"payload_on\":\"True\",\"payload_off\":\"False\","
                    "\"state_topic\":\"mi32/home/dev/DE70E8B2390C/event\"");
    expect_retained(CONFIG("DE70E8B2390C"), "\"off_delay\":30");
}

/* A sensor with as many values as there can be, all of the kind with the longest message. */
static void the_longest_message_fits(void **state)
{
    static char text[MQTT_DISCOVERY_SIZE];
    struct mqtt_device device = { .identity = mac_of(THERMO), .mac = mac_of(THERMO) };
    struct registry_sensor sensor;
    char lwt[256];
    size_t longest = 0;
    (void)state;

    hear_temperature(THERMO, 272);
    assert_int_equal(
        registry_set_name(house.registry, mac_of(THERMO), "a name as long as a name can be", 31),
        REGISTRY_OK);
    assert_true(registry_find(house.registry, mac_of(THERMO), &sensor));
    memset(lwt, 'x', sizeof(lwt) - 1);
    lwt[sizeof(lwt) - 1] = '\0';
    const struct mqtt_announcer announcer = {
        .scene = { house.registry, &house.clock, lwt, "01234567890123456789012345678901" },
        .lwt = lwt,
        .id = "AABBCC",
    };
    for (unsigned kind = BEACON_KIND_NONE + 1; kind < BEACON_KINDS; kind++) {
        device.n_fields = 0;
        for (unsigned nth = 200; nth < 200 + MQTT_FIELDS_MAX; nth++)
            mqtt_device_field(&device, kind, nth, 0);
        assert_true(mqtt_write_discovery(&announcer, &sensor, &device, text, sizeof(text)));
        longest = strlen(text) > longest ? strlen(text) : longest;
    }
    print_message("the longest discovery message: %zu bytes\n", longest);
}

/* ---- taking back ---- */

static void a_forgotten_sensor_is_cleared_everywhere(void **state)
{
    (void)state;
    a_known_thermometer();
    assert_int_equal(registry_forget(house.registry, mac_of(THERMO)), REGISTRY_OK);
    settle();
    expect_cleared(CONFIG(THERMO));
    expect_cleared(DEV(THERMO, "state"));
    expect_cleared(DEV(THERMO, "meta"));
    expect_cleared(DEV(THERMO, "availability"));
    broker_clear(&broker);
    house_advance(&house, 600000);
    expect_nothing(CONFIG(THERMO)); /* cleared once */
}

static void what_is_removed_during_an_outage_is_cleared_after_it(void **state)
{
    (void)state;
    a_known_thermometer();
    broker_fail(&broker, "gone");
    assert_int_equal(registry_ignore(house.registry, mac_of(THERMO)), REGISTRY_OK);
    reconnect();
    settle();
    expect_cleared(CONFIG(THERMO));
    expect_cleared(DEV(THERMO, "state"));
}

static void turned_off_and_on_again(void **state)
{
    (void)state;
    a_known_thermometer();
    house_set(&house, SETTINGS_HA, 0);
    settle();
    expect_cleared(CONFIG(THERMO));
    expect_cleared("homeassistant/device/mi32_gw_AABBCC/config");
    expect_nothing(DEV(THERMO, "meta"));
    broker_clear(&broker);
    house_set(&house, SETTINGS_HA, 1);
    settle();
    expect_retained(CONFIG(THERMO), "\"temperature_c\"");
    expect_retained("homeassistant/device/mi32_gw_AABBCC/config", "\"connectivity\"");
}

/* It was turned off while mi32 did not run. */
static void turned_off_before_the_start_clears_too(void **state)
{
    (void)state;
    house_set(&house, SETTINGS_HA, 0);
    hear_temperature(THERMO, 272);
    keep(THERMO);
    connect_broker();
    settle();
    expect_cleared(CONFIG(THERMO));
    expect_retained(DEV(THERMO, "state"), "\"temperature_c\":27.2");
}

static void another_site_takes_everything_along(void **state)
{
    (void)state;
    a_known_thermometer();
    house_advance(&house, 60000);
    expect_retained("mi32/home/gw/mi32_AABBCC/health", "\"kept\":1");
    house_set_text(&house, SETTINGS_SITE, "garden");
    settle();
    expect_cleared("mi32/home/gw/mi32_AABBCC/health");
    expect_cleared(CONFIG(THERMO));
    expect_cleared(DEV(THERMO, "state"));
    expect_cleared(DEV(THERMO, "meta"));
    expect_cleared(DEV(THERMO, "availability"));
    expect_cleared("homeassistant/device/mi32_gw_AABBCC/config");
    expect_retained("mi32/garden/dev/" THERMO "/state", "\"temperature_c\":27.2");
    expect_retained("homeassistant/device/mi32_garden_" THERMO "/config",
                    "\"unique_id\":\"mi32_garden_" THERMO "_temperature_c\"");
    expect_retained("homeassistant/device/mi32_garden_gw_AABBCC/config", "\"connectivity\"");
    assert_non_null(strstr(broker.filters, "mi32/garden/dev/+/meta"));
}

static void another_prefix_too(void **state)
{
    (void)state;
    a_known_thermometer();
    house_set_text(&house, SETTINGS_HA_PREFIX, "ha2");
    settle();
    expect_cleared(CONFIG(THERMO));
    expect_retained("ha2/device/mi32_" THERMO "/config", "\"temperature_c\"");
    broker_clear(&broker);
    broker_send(&broker, "ha2/status", "online");
    house_advance(&house, 2000);
    expect_retained("ha2/device/mi32_" THERMO "/config", "\"temperature_c\"");
}

static void replaced_hardware_keeps_its_topics(void **state)
{
    (void)state;
    a_known_thermometer();
    hear_temperature("A4C138000001", 200);
    assert_int_equal(registry_replace(house.registry, mac_of(THERMO), mac_of("A4C138000001")),
                     REGISTRY_OK);
    settle();
    expect_retained(DEV(THERMO, "state"), "\"mac\":\"A4C138000001\"");
    expect_retained(DEV(THERMO, "state"), "\"temperature_c\":20,");
    expect_retained(CONFIG(THERMO), "\"A4:C1:38:00:00:01\"");
    expect_nothing(CONFIG("A4C138000001"));
}

/* ---- when ---- */

static void an_unchanged_state_is_told_every_five_minutes(void **state)
{
    (void)state;
    a_known_thermometer();
    for (unsigned s = 0; s < 280; s += 7) {
        hear_temperature(THERMO, 272);
        house_advance(&house, 7000);
    }
    expect_nothing(DEV(THERMO, "state"));
    for (unsigned s = 0; s < 28; s += 7) {
        hear_temperature(THERMO, 272);
        house_advance(&house, 7000);
    }
    assert_int_equal(broker_count(&broker, DEV(THERMO, "state")), 1);
}

static void a_changed_state_is_told_at_most_every_ten_seconds(void **state)
{
    (void)state;
    a_known_thermometer();
    house_advance(&house, 10000);
    for (unsigned s = 0; s < 60; s++) {
        hear_temperature(THERMO, 200 + s);
        house_advance(&house, 1000);
    }
    const unsigned n = broker_count(&broker, DEV(THERMO, "state"));
    assert_in_range(n, 5, 7);
    house_advance(&house, 10000);
    expect_retained(DEV(THERMO, "state"), "\"temperature_c\":25.9,"); /* the last one is told */
}

/* No timer has to fire, and a door is not made to wait because it moved a moment ago. */
static void a_door_is_told_at_once(void **state)
{
    (void)state;
    connect_broker();
    hear_door(DOOR, 0);
    keep(DOOR);
    settle();
    broker_clear(&broker);
    hear_door(DOOR, 1);
    expect_retained(DEV(DOOR, "state"), "\"door\":\"open\"");
    hear_door(DOOR, 0);
    expect_retained(DEV(DOOR, "state"), "\"door\":\"closed\"");
    assert_int_equal(broker_count(&broker, DEV(DOOR, "event")), 2);
    assert_int_equal(broker_count(&broker, DEV(DOOR, "state")), 2);
}

static void a_press_is_no_state(void **state)
{
    (void)state;
    connect_broker();
    press();
    keep(REMOTE);
    settle();
    broker_clear(&broker);
    press();
    assert_int_equal(broker_count(&broker, DEV(REMOTE, "event")), 1);
    expect_nothing(DEV(REMOTE, "state"));
    settle();
    house_advance(&house, 10000);
    const char *told = broker_last(&broker, DEV(REMOTE, "state"), NULL);
    assert_true(!told || !strstr(told, "press"));
}

static void hundreds_are_told_a_few_at_a_time(void **state)
{
    char mac[16], topic[96];
    (void)state;

    for (unsigned i = 0; i < 300; i++) {
        snprintf(mac, sizeof(mac), "A4C1380%05X", i);
        hear_temperature(mac, 200 + i % 50);
        keep(mac);
    }
    connect_broker();
    house_advance(&house, 1900);
    assert_int_equal(broker.n, 1); /* Online; what the broker kept arrives first */
    unsigned rounds = 0;
    for (size_t before = 0; before != broker.n; rounds++) {
        before = broker.n;
        house_advance(&house, 200);
        broker_acknowledge(&broker, true);
        assert_in_range(broker.n - before, 0, 20);
        if (rounds < 3)
            before = 0;
    }
    assert_in_range(rounds, 100, 160); /* 1,200 messages in half a minute */
    for (unsigned i = 0; i < 300; i++) {
        snprintf(topic, sizeof(topic), "homeassistant/device/mi32_A4C1380%05X/config", i);
        assert_int_equal(broker_count(&broker, topic), 1);
        snprintf(topic, sizeof(topic), "mi32/home/dev/A4C1380%05X/state", i);
        assert_int_equal(broker_count(&broker, topic), 1);
    }
}

static void a_slow_broker_gets_it_later(void **state)
{
    (void)state;
    connect_broker();
    hear_temperature(THERMO, 272);
    keep(THERMO);
    broker.is_busy = true;
    house_advance(&house, 20000);
    hear_temperature(THERMO, 250);
    house_advance(&house, 20000);
    broker_clear(&broker);
    broker.is_busy = false;
    house_advance(&house, 2000);
    expect_retained(CONFIG(THERMO), "\"temperature_c\"");
    expect_retained(DEV(THERMO, "state"), "\"temperature_c\":25,");
    assert_int_equal(broker_count(&broker, DEV(THERMO, "state")), 1);
}

/* ---- restarts of others ---- */

/* The broker came back without what it had retained. */
static void everything_is_told_again_to_a_broker_that_comes_back(void **state)
{
    (void)state;
    a_known_thermometer();
    broker_fail(&broker, "gone");
    reconnect();
    settle();
    expect_retained(CONFIG(THERMO), "\"temperature_c\"");
    expect_retained(DEV(THERMO, "meta"), "\"fields\"");
    expect_retained(DEV(THERMO, "availability"), "online");
    expect_retained(DEV(THERMO, "state"), "\"temperature_c\":27.2");
}

static void home_assistant_is_answered_after_a_while(void **state)
{
    (void)state;
    a_known_thermometer();
    random_byte = 255; /* the longest */
    broker_send(&broker, "homeassistant/status", "online");
    broker_send(&broker, "homeassistant/status", "online"); /* no reason to wait longer */
    house_advance(&house, 9900);
    expect_nothing(CONFIG(THERMO));
    house_advance(&house, 500);
    expect_retained(CONFIG(THERMO), "\"temperature_c\"");
    expect_retained(DEV(THERMO, "state"), "\"temperature_c\"");
    broker_clear(&broker);
    random_byte = 0; /* the shortest */
    broker_send(&broker, "homeassistant/status", "online");
    house_advance(&house, 900);
    expect_nothing(CONFIG(THERMO));
    house_advance(&house, 500);
    expect_retained(CONFIG(THERMO), "\"temperature_c\"");
    broker_clear(&broker);
    broker_send(&broker, "homeassistant/status", "offline");
    house_advance(&house, 20000);
    expect_nothing(CONFIG(THERMO));
}

/* After a restart of mi32: what the sensor had is announced, though it was not heard yet. */
static void the_broker_remembers_the_fields(void **state)
{
    (void)state;
    hear_temperature(THERMO, 272);
    keep(THERMO);
    connect_broker();
    broker_recall(&broker, DEV(THERMO, "meta"),
                  "{\"gw\":\"mi32_AABBCC\",\"fields\":[\"battery_pct\",\"temperature_c_2\","
                  "\"nonsense\",7,\"temperature_c_0\",\"temperature_c_999\"],\"silence_s\":5400}");
    settle();
    expect_retained(CONFIG(THERMO), "\"temperature_c\":{");
    expect_retained(CONFIG(THERMO), "\"battery_pct\":{");
    expect_retained(CONFIG(THERMO), "\"temperature_c_2\":{");
    expect_retained(CONFIG(THERMO), "\"name\":\"Temperature 2\"");
    expect_retained(DEV(THERMO, "meta"),
                    "\"fields\":[\"temperature_c\",\"humidity_pct\",\"battery_pct\","
                    "\"temperature_c_2\"]");
}

/* Whoever may write to the broker can make us remember nonsense, but not forget what we hear. */
static void what_is_heard_needs_no_room_left_by_what_is_remembered(void **state)
{
    char meta[2048] = "{\"fields\":[\"pressure_hpa\"";
    (void)state;

    connect_broker();
    hear_door(DOOR, 0);
    keep(DOOR);
    for (unsigned nth = 2; nth < 40; nth++) {
        const size_t used = strlen(meta);
        snprintf(meta + used, sizeof(meta) - used, ",\"pressure_hpa_%u\"", nth);
    }
    strcat(meta, "]}");
    broker_recall(&broker, DEV(DOOR, "meta"), meta);
    settle();
    expect_retained(CONFIG(DOOR), "\"pressure_hpa_31\"");
    house_hear(&house, DOOR, 0xfcd2, "4400f00163", -60);
    settle();
    expect_retained(CONFIG(DOOR), "\"battery_pct\"");
    expect_retained(CONFIG(DOOR), "\"door\"");
}

/* A name may have anything in it. It is a value of JSON and never part of a topic. */
static void a_name_is_no_part_of_a_topic(void **state)
{
    static const char name[] = "a/b#+\"\\{{ x }}\xc3\xa4";
    (void)state;

    a_known_thermometer();
    assert_int_equal(registry_set_name(house.registry, mac_of(THERMO), name, strlen(name)),
                     REGISTRY_OK);
    settle();
    expect_retained(CONFIG(THERMO), "\"name\":\"a/b#+\\\"\\\\{{ x }}\xc3\xa4\"");
    expect_retained(DEV(THERMO, "state"), "\"name\":\"a/b#+\\\"\\\\{{ x }}\xc3\xa4\"");
    for (size_t i = 0; i < broker.n; i++) {
        const char *topic = strchr(broker_text(&broker, i), ' ') + 1;
        assert_true(strcspn(topic, "#+\"") >= strcspn(topic, " "));
    }
}

static void nothing_is_left_of_what_was_retained_before_SetOption104(void **state)
{
    (void)state;
    a_known_thermometer();
    house_set(&house, SETTINGS_NO_RETAIN, 1);
    assert_int_equal(registry_forget(house.registry, mac_of(THERMO)), REGISTRY_OK);
    settle();
    expect_cleared(CONFIG(THERMO));
    expect_cleared(DEV(THERMO, "state"));
}

static void what_an_earlier_run_left_of_others_is_swept_away(void **state)
{
    (void)state;
    connect_broker();
    broker_recall(&broker, DEV("A4C138000001", "meta"), "{\"gw\":\"mi32_AABBCC\"}");
    broker_recall(&broker, DEV("A4C138000002", "meta"), "{\"gw\":\"mi32_DDEEFF\"}");
    broker_recall(&broker, DEV("A4C138000003", "meta"), "[[[[{{{ nonsense");
    broker_recall(&broker, DEV("A4C138000004", "meta"), "");
    broker_send(&broker, DEV("A4C138000005", "meta"), "{\"gw\":\"mi32_AABBCC\"}");
    settle();
    expect_cleared(CONFIG("A4C138000001"));
    expect_cleared(DEV("A4C138000001", "state"));
    expect_nothing(CONFIG("A4C138000002")); /* of another gateway with our site */
    expect_nothing(CONFIG("A4C138000003"));
    expect_nothing(CONFIG("A4C138000004"));
    expect_nothing(CONFIG("A4C138000005")); /* somebody just told it: not left behind */
}

/* ---- availability ---- */

static void silence_makes_a_sensor_unavailable(void **state)
{
    (void)state;
    a_known_thermometer();
    for (unsigned minute = 0; minute < 16; minute++) {
        house_advance(&house, 60000);
        registry_tick(house.registry, house.now_ms);
    }
    expect_retained(DEV(THERMO, "availability"), "offline");
    broker_clear(&broker);
    hear_temperature(THERMO, 272);
    settle();
    expect_retained(DEV(THERMO, "availability"), "online");
}

/* It died while mi32 did not run; what the broker keeps still says online. */
static void one_that_is_never_heard_again_is_presumed_gone(void **state)
{
    (void)state;
    house_key(&house, THERMO, "e9ea895fac7cca6d30532432a516f3a8");
    assert_int_equal(registry_approve(house.registry, mac_of(THERMO)), REGISTRY_OK);
    connect_broker();
    broker_recall(&broker, DEV(THERMO, "meta"),
                  "{\"gw\":\"mi32_AABBCC\",\"fields\":[\"temperature_c\"],\"silence_s\":3600}");
    house_advance(&house, 3590 * 1000);
    expect_nothing(DEV(THERMO, "availability"));
    house_advance(&house, 120 * 1000);
    expect_retained(DEV(THERMO, "availability"), "offline");
}

/* A doorbell sends its battery with each press: an hour without one makes neither of them old. */
static void a_battery_heard_once_does_not_grow_old(void **state)
{
    (void)state;
    connect_broker();
    hear_temperature(THERMO, 272);
    hear_door(DOOR, 0);
    house_hear(&house, DOOR, 0xfcd2, "4400f00163", -60); /* its battery */
    keep(DOOR);
    keep(THERMO);
    settle();
    assert_null(strstr(broker_last(&broker, CONFIG(DOOR), NULL), "expire_after"));
    assert_null(strstr(broker_last(&broker, CONFIG(THERMO), NULL), "expire_after"));
    house_advance(&house, 3600 * 1000);
    hear_door(DOOR, 1);
    expect_retained(DEV(DOOR, "state"), "\"battery_pct\":99");
    expect_retained(DEV(DOOR, "availability"), "online");
}

/* A thermometer whose battery has its own rhythm, and then says no more of it. */
static void a_value_with_a_rhythm_grows_old(void **state)
{
    (void)state;
    connect_broker();
    house_hear(&house, "A4C13800A2F4", 0x181a, "a4c13800a2f400a22f5f0bf801", -60);
    keep("A4C13800A2F4");
    house_advance(&house, 60000);
    house_hear(&house, "A4C13800A2F4", 0x181a, "a4c13800a2f400a22f5f0bf802", -60);
    house_advance(&house, 70000);
    expect_retained(CONFIG("A4C13800A2F4"), "\"expire_after\":1800");
    house_advance(&house, 3600 * 1000);
    hear_temperature("A4C13800A2F4", 250); /* of a sudden with another firmware */
    settle();
    expect_retained(DEV("A4C13800A2F4", "state"), "\"battery_pct\":null");
    expect_retained(DEV("A4C13800A2F4", "state"), "\"temperature_c\":25,");
}

static void silence_of_a_remote_says_nothing(void **state)
{
    (void)state;
    house_key(&house, REMOTE, "e9ea895fac7cca6d30532432a516f3a8");
    assert_int_equal(registry_approve(house.registry, mac_of(REMOTE)), REGISTRY_OK);
    connect_broker();
    broker_recall(&broker, DEV(REMOTE, "meta"),
                  "{\"gw\":\"mi32_AABBCC\",\"fields\":[\"event\",\"button\"]}");
    house_advance(&house, 48 * 3600 * UINT64_C(1000));
    expect_retained(DEV(REMOTE, "availability"), "online");
}

/* ---- the gateway ---- */

static void another_topic_leaves_no_health_behind(void **state)
{
    (void)state;
    a_known_thermometer();
    house_advance(&house, 60000);
    house_set_text(&house, SETTINGS_TOPIC, "attic");
    house_advance(&house, 1000);
    expect_cleared("mi32/home/gw/mi32_AABBCC/health");
    broker_accept(&broker);
    settle();
    expect_retained("mi32/home/gw/attic/health", "\"kept\":1");
    expect_retained(CONFIG(THERMO), "\"tele/attic/LWT\"");
}

#define GATEWAY(leaf)  "mi32/home/gw/mi32_AABBCC/" leaf
#define GATEWAY_CONFIG "homeassistant/device/mi32_gw_AABBCC/config"

static void wire(unsigned number, enum relay_kind kind)
{
    const struct relay_wiring wiring = { .kind = kind };

    relay_wire(relays, number, &wiring, false);
    house_set_text(&house, (enum settings_id)(SETTINGS_RELAY1 + number - 1),
                   kind == RELAY_NONE ? "none" : "virtual");
}

static void a_relay_is_a_switch(void **state)
{
    (void)state;
    connect_broker();
    wire(2, RELAY_VIRTUAL);
    settle();
    expect_retained(GATEWAY("relay2"), "OFF");
    expect_retained(GATEWAY_CONFIG,
                    "\"relay2\":{\"p\":\"switch\",\"unique_id\":\"mi32_gw_AABBCC_relay2\","
                    "\"name\":\"Relay 2\",\"state_topic\":\"mi32/home/gw/mi32_AABBCC/relay2\","
                    "\"command_topic\":\"cmnd/mi32_AABBCC/POWER2\"");
    broker_clear(&broker);
    relay_set(relays, 2, true);
    expect_retained(GATEWAY("relay2"), "ON"); /* at once */
    house_set_text(&house, SETTINGS_FRIENDLY_NAME1 + 1, "Heating");
    settle();
    expect_retained(GATEWAY_CONFIG, "\"name\":\"Heating\"");
    broker_clear(&broker);
    house_set_text(&house, SETTINGS_SITE, "garden");
    settle();
    expect_cleared(GATEWAY("relay2"));
    expect_retained("mi32/garden/gw/mi32_AABBCC/relay2", "ON");
    wire(2, RELAY_NONE);
    settle();
    expect_cleared("mi32/garden/gw/mi32_AABBCC/relay2");
    assert_null(strstr(
        broker_last(&broker, "homeassistant/device/mi32_garden_gw_AABBCC/config", NULL), "relay2"));
    wire(2, RELAY_VIRTUAL); /* what was cleared is told again */
    settle();
    expect_retained("mi32/garden/gw/mi32_AABBCC/relay2", "OFF");
    broker.is_busy = true; /* then it hears of it later */
    relay_set(relays, 2, true);
    broker.is_busy = false;
    settle();
    expect_retained("mi32/garden/gw/mi32_AABBCC/relay2", "ON");
}

static void a_relay_that_switched_during_an_outage_is_told_after_it(void **state)
{
    (void)state;
    connect_broker();
    wire(1, RELAY_VIRTUAL);
    settle();
    broker_fail(&broker, "gone");
    relay_set(relays, 1, true);
    broker_clear(&broker);
    reconnect();
    settle();
    expect_retained(GATEWAY("relay1"), "ON");
}

static void its_health_is_told_every_minute(void **state)
{
    (void)state;
    a_known_thermometer();
    house_advance(&house, 60000);
    expect_retained("mi32/home/gw/mi32_AABBCC/health",
                    "\"sensors\":{\"listed\":1,\"kept\":1,\"online\":1},\"adverts\":{\"ok\":1}");
    expect_retained("mi32/home/gw/mi32_AABBCC/health", "\"queued\":0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
        IN_HOUSE(a_kept_sensor_is_told_and_announced),
        IN_HOUSE(a_stranger_is_told_but_not_kept_by_the_broker),
        IN_HOUSE(why_a_sensor_is_not_announced_is_said_once),
        IN_HOUSE(a_stranger_that_is_approved_is_announced),
        IN_HOUSE(saving_the_list_announces_it_within_a_minute),
        IN_HOUSE(what_is_wrong_by_nature_is_left_out),
        IN_HOUSE(motion_ends_by_itself_in_home_assistant),
        IN_HOUSE(the_longest_message_fits),
        IN_HOUSE(a_forgotten_sensor_is_cleared_everywhere),
        IN_HOUSE(what_is_removed_during_an_outage_is_cleared_after_it),
        IN_HOUSE(turned_off_and_on_again),
        IN_HOUSE(turned_off_before_the_start_clears_too),
        IN_HOUSE(another_site_takes_everything_along),
        IN_HOUSE(another_prefix_too),
        IN_HOUSE(replaced_hardware_keeps_its_topics),
        IN_HOUSE(an_unchanged_state_is_told_every_five_minutes),
        IN_HOUSE(a_changed_state_is_told_at_most_every_ten_seconds),
        IN_HOUSE(a_door_is_told_at_once),
        IN_HOUSE(a_press_is_no_state),
        IN_HOUSE(hundreds_are_told_a_few_at_a_time),
        IN_HOUSE(a_slow_broker_gets_it_later),
        IN_HOUSE(everything_is_told_again_to_a_broker_that_comes_back),
        IN_HOUSE(home_assistant_is_answered_after_a_while),
        IN_HOUSE(the_broker_remembers_the_fields),
        IN_HOUSE(what_is_heard_needs_no_room_left_by_what_is_remembered),
        IN_HOUSE(a_name_is_no_part_of_a_topic),
        IN_HOUSE(nothing_is_left_of_what_was_retained_before_SetOption104),
        IN_HOUSE(what_an_earlier_run_left_of_others_is_swept_away),
        IN_HOUSE(silence_makes_a_sensor_unavailable),
        IN_HOUSE(one_that_is_never_heard_again_is_presumed_gone),
        IN_HOUSE(a_battery_heard_once_does_not_grow_old),
        IN_HOUSE(a_value_with_a_rhythm_grows_old),
        IN_HOUSE(silence_of_a_remote_says_nothing),
        IN_HOUSE(another_topic_leaves_no_health_behind),
        IN_HOUSE(a_relay_is_a_switch),
        IN_HOUSE(a_relay_that_switched_during_an_outage_is_told_after_it),
        IN_HOUSE(its_health_is_told_every_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
