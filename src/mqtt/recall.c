/*
 * recall.c: what comes in besides commands. The meta messages that earlier runs left with the
 * broker say which fields a sensor has, before it is heard again, and which sensors are no more;
 * Home Assistant says when it has started.
 */
#include "mqtt/mqtt_private.h"

#include <cjson/cJSON.h>

#include <string.h>

#define BIRTH_MIN_MS    1000  /* Home Assistant's birth is answered after this, and up to */
#define BIRTH_SPREAD_MS 9000  /* so much later */
#define SWEEP_MAX       1000  /* sensors of earlier runs that are cleared away at a time */
#define META_MAX        16384 /* bytes of a message that is read */

static uint64_t now_ms(const struct mqtt *mqtt)
{
    return mqtt->clock->now_ms(mqtt->clock->self);
}

static void born(struct mqtt *mqtt)
{
    const struct port *port = mqtt->config.port;
    uint8_t bytes[2] = { 0, 0 };

    if (now_ms(mqtt) < mqtt->canon.quiet_until_ms)
        return; /* it is about to be told anyhow */
    port->random(port->random_self, bytes, sizeof(bytes));
    const uint32_t chance = (uint32_t)bytes[0] * 256 + bytes[1];
    mqtt->canon.quiet_until_ms =
        now_ms(mqtt) + BIRTH_MIN_MS + (uint64_t)BIRTH_SPREAD_MS * chance / UINT16_MAX;
    mqtt_canon_mark_anew(mqtt);
}

static void remember_fields(struct mqtt_device *device, const cJSON *fields)
{
    const cJSON *field;

    cJSON_ArrayForEach(field, fields)
    {
        unsigned nth;
        const enum beacon_kind kind =
            cJSON_IsString(field) ? beacon_value_find(field->valuestring, &nth) : BEACON_KIND_NONE;
        if (kind != BEACON_KIND_NONE)
            mqtt_device_field(device, kind, nth, MQTT_NO_SCALE);
    }
}

static void remember(struct mqtt *mqtt, struct mqtt_device *device, const cJSON *meta)
{
    const cJSON *silence = cJSON_GetObjectItemCaseSensitive(meta, "silence_s");

    remember_fields(device, cJSON_GetObjectItemCaseSensitive(meta, "fields"));
    if (cJSON_IsNumber(silence) && silence->valuedouble > 0 && silence->valuedouble < 1e6)
        device->silence_s = (uint32_t)silence->valuedouble;
    mqtt_canon_mark(mqtt, device, MQTT_CONFIG | MQTT_META | MQTT_AVAILABILITY);
}

/* The user may be keeping one that has not been heard yet. */
static bool is_to_stay(const struct mqtt *mqtt, struct mac identity)
{
    struct registry_sensor sensor;

    return registry_find(mqtt->config.registry, identity, &sensor) &&
           (sensor.flags & REGISTRY_KEPT) && sensor.standing != REGISTRY_IS_IGNORED;
}

/* What this gateway left of a sensor that it has no more: cleared away. */
static void sweep(struct mqtt *mqtt, struct mac identity, const cJSON *meta)
{
    const cJSON *gw = cJSON_GetObjectItemCaseSensitive(meta, "gw");

    if (!cJSON_IsString(gw) || strcmp(gw->valuestring, mqtt->gateway) != 0 ||
        is_to_stay(mqtt, identity) || mqtt->devices.n >= SWEEP_MAX)
        return;
    struct mqtt_device *device = mqtt_device_add(&mqtt->devices, identity);
    if (!device)
        return;
    device->retained = MQTT_EVERYTHING;
    mqtt_canon_leave(mqtt, device);
}

static void hear_meta(struct mqtt *mqtt, struct mac identity, const char *payload, size_t len)
{
    struct mqtt_device *device = mqtt_device_find(&mqtt->devices, identity);
    cJSON *meta = len <= META_MAX ? cJSON_ParseWithLength(payload, len) : NULL;

    if (device && device->is_listed)
        remember(mqtt, device, meta);
    else if (!device)
        sweep(mqtt, identity, meta);
    cJSON_Delete(meta);
}

bool mqtt_recall_message(struct mqtt *mqtt, const char *topic, const char *payload, size_t len,
                         bool retained)
{
    char birth[MQTT_TOPIC_SIZE];
    struct mac identity;

    if (mqtt_topic_is_device(topic, mqtt->canon.site, "meta", &identity)) {
        if (retained && len > 0)
            hear_meta(mqtt, identity, payload, len);
        return true;
    }
    if (!mqtt_topic_birth(mqtt->canon.prefix, birth, sizeof(birth)) || strcmp(topic, birth) != 0)
        return false;
    if (!retained && len == 6 && memcmp(payload, "online", 6) == 0)
        born(mqtt);
    return true;
}
