/*
 * Writes a JSON object a line for each kind of value: what a sensor that sends it (twice: _2) has
 * as discovery message, and the state and event messages for each value the kind can have. The
 * line before the last is "motion" of a MiBeacon sensor, which is announced in another way, the
 * last one the gateway with a relay.
 */
#include "mqtt/discovery.h"
#include "mqtt/event.h"
#include "support/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SENSOR "A4C138012345"

static struct house house;
static char text[MQTT_DISCOVERY_SIZE];

static struct advert advert_of(const uint8_t *bytes, uint16_t len)
{
    struct mac mac;

    assert_true(mac_parse(SENSOR, strlen(SENSOR), &mac));
    return (struct advert){
        .addr = mac, .rssi = -60, .data = bytes, .len = len, .heard_ms = house.now_ms
    };
}

/* The sensor says this twice in a frame, as something that is or as something that happens. */
static void say(enum beacon_format format, enum beacon_kind kind, int64_t value)
{
    static const uint8_t bytes[] = "abc";
    const struct advert advert = advert_of(bytes, sizeof(bytes));
    const struct beacon_kind_row *row = beacon_kind(kind);
    struct beacon_decoded decoded = { .outcome = BEACON_OK, .format = (uint8_t)format, .n = 2 };

    house.now_ms += 1000;
    decoded.content_hash = (uint32_t)house.now_ms;
    for (uint8_t i = 0; i < 2; i++) {
        struct beacon_reading *r = &decoded.readings[i];
        *r = (struct beacon_reading){ .kind = (uint8_t)kind, .nth = (uint8_t)(i + 1) };
        r->flags = row->is_event ? BEACON_EVENT : 0;
        r->scale10 = row->type == BEACON_NUMBER ? (int8_t)-row->digits : 0;
        r->u.value = value;
        if (row->type == BEACON_TEXT || row->type == BEACON_RAW) {
            r->u.bytes.offset = 0;
            r->u.bytes.len = 3;
        }
    }
    registry_apply(house.registry, &advert, &decoded);
}

static void put(const char *name, const char *json)
{
    printf(",\"%s\":%s", name, json);
}

static void put_messages(const struct mqtt_scene *scene, const struct mqtt_device *device)
{
    struct registry_sensor sensor;
    uint32_t hash;

    assert_true(registry_find(house.registry, device->mac, &sensor));
    assert_true(mqtt_write_state(scene, &sensor, text, sizeof(text), &hash));
    printf("{\"state\":%s", text);
}

static void put_event(const struct mqtt_scene *scene, enum beacon_kind kind, int64_t value)
{
    struct mqtt_queue queue = { .max = 1 };
    struct mqtt_record *record = mqtt_queue_push(&queue, 2);
    struct json j;

    assert_non_null(record);
    record->heard_ms = house.now_ms;
    record->fid = (struct registry_fid){ 0, 0 };
    record->rssi = -60;
    record->is_authentic = true;
    assert_true(mac_parse(SENSOR, strlen(SENSOR), &record->mac));
    for (uint8_t i = 0; i < 2; i++)
        record->values[i] = (struct mqtt_value){ value, (uint8_t)kind, (uint8_t)(i + 1), 0 };
    json_init(&j, text, sizeof(text));
    mqtt_event_write(scene, record, &j);
    assert_true(json_ok(&j));
    put("event", text);
    printf("}");
    mqtt_queue_clear(&queue);
}

static unsigned values_of(const struct beacon_kind_row *row)
{
    unsigned n = 0;

    if (row->type == BEACON_BOOL)
        return 2;
    while (row->type == BEACON_WORD && row->words[n])
        n++;
    return n ? n : 1;
}

static void describe(enum beacon_format format, enum beacon_kind kind)
{
    const struct beacon_kind_row *row = beacon_kind(kind);
    const struct mqtt_announcer announcer = {
        .scene = { house.registry, &house.clock, "mi32_AABBCC", "home" },
        .lwt = "tele/mi32_AABBCC/LWT",
        .id = "AABBCC",
    };
    struct mqtt_device device = { .silence_s = 900 };
    struct registry_sensor sensor;

    assert_true(mac_parse(SENSOR, strlen(SENSOR), &device.identity));
    device.mac = device.identity;
    say(format, kind, 1);
    assert_true(registry_find(house.registry, device.mac, &sensor));
    for (unsigned nth = 1; nth <= 2; nth++)
        mqtt_device_field(&device, kind, nth, (int8_t)-row->digits);
    assert_true(mqtt_write_discovery(&announcer, &sensor, &device, text, sizeof(text)));
    printf("{\"kind\":\"%s\",\"announced\":%s,\"discovery\":%s,\"messages\":[", row->name,
           row->ha_platform ? "true" : "false", text);
    for (unsigned value = 0; value < values_of(row); value++) {
        printf(value ? "," : "");
        say(format, kind, value);
        put_messages(&announcer.scene, &device);
        put_event(&announcer.scene, kind, value);
    }
    printf("]}\n");
    assert_int_equal(registry_forget(house.registry, device.mac), REGISTRY_OK);
}

static void describe_gateway(void)
{
    const struct mqtt_announcer announcer = {
        .scene = { house.registry, &house.clock, "mi32_AABBCC", "home" },
        .lwt = "tele/mi32_AABBCC/LWT",
        .id = "AABBCC",
    };
    const struct mqtt_switches switches = {
        .gateway = "mi32_AABBCC",
        .command = "cmnd/mi32_AABBCC/",
        .all = { [3] = { true, "Heating", "mi32/home/gw/mi32_AABBCC/relay4" } },
    };

    assert_true(mqtt_write_gateway(&announcer, &switches, text, sizeof(text)));
    printf("%s\n", text);
}

int main(void)
{
    house_open(&house, 32);
    for (unsigned kind = BEACON_KIND_NONE + 1; kind < BEACON_KINDS; kind++)
        describe(BEACON_FORMAT_NONE, (enum beacon_kind)kind);
    describe(BEACON_MIBEACON, BEACON_KIND_MOTION);
    describe_gateway();
    house_close(&house);
    return 0;
}
