/* tell.c: puts what is to be told of a sensor into messages. */
#include "mqtt/mqtt_private.h"

#include "mqtt/discovery.h"

#include <string.h>

#define STATE_BEAT_MS 300000 /* an unchanged state is told again, with its new ts */

static uint64_t now_ms(const struct mqtt *mqtt)
{
    return mqtt->clock->now_ms(mqtt->clock->self);
}

static bool topic_of(const struct mqtt *mqtt, const struct mqtt_device *device, uint8_t telling,
                     char out[MQTT_TOPIC_SIZE])
{
    char mac[MAC_TEXT_LEN + 1], id[MQTT_UNIQUE_SIZE];

    if (telling == MQTT_CONFIG)
        return mqtt_topic_discovery(
            mqtt->canon.prefix,
            mqtt_unique_id(mqtt->canon.site, mac_print(device->identity, mac), id), out,
            MQTT_TOPIC_SIZE);
    return mqtt_topic_device(mqtt->canon.site, device->identity,
                             telling == MQTT_META    ? "meta"
                             : telling == MQTT_STATE ? "state"
                                                     : "availability",
                             out, MQTT_TOPIC_SIZE);
}

/* A number of a message, or an error of the port. */
static int send(struct mqtt *mqtt, struct mqtt_device *device, uint8_t telling, const char *payload,
                bool retain)
{
    char topic[MQTT_TOPIC_SIZE];

    if (!topic_of(mqtt, device, telling, topic))
        return PORT_MQTT_REFUSED;
    const int id = mqtt_outbox_publish(mqtt, topic, payload, 1, retain);
    if (telling == MQTT_CONFIG && !*payload)
        device->config_hash = 0;
    if (id >= 0 && retain)
        device->retained =
            (uint8_t)(*payload ? device->retained | telling : device->retained & ~telling);
    return id;
}

int mqtt_tell_clear(struct mqtt *mqtt, struct mqtt_device *device, uint8_t telling)
{
    return device->retained & telling ? send(mqtt, device, telling, "", true) : 0;
}

static int tell_config(struct mqtt *mqtt, struct mqtt_device *device,
                       const struct registry_sensor *sensor)
{
    char lwt[MQTT_TOPIC_SIZE];
    const struct mqtt_announcer announcer = mqtt_announcer_of(mqtt, lwt);
    const bool has_something =
        device->n_fields > 0 || (sensor->flags & (REGISTRY_NEEDS_KEY | REGISTRY_WRONG_KEY));

    if (!has_something)
        return 0;
    if (!mqtt_write_discovery(&announcer, sensor, device, mqtt->canon.text,
                              sizeof(mqtt->canon.text)))
        return PORT_MQTT_REFUSED;
    const uint32_t hash = mqtt_hash(mqtt->canon.text);
    if (hash == device->config_hash)
        return 0;
    const int id = send(mqtt, device, MQTT_CONFIG, mqtt->canon.text, true);
    if (id >= 0)
        device->config_hash = hash;
    return id;
}

static int tell_meta(struct mqtt *mqtt, struct mqtt_device *device,
                     const struct registry_sensor *sensor)
{
    const struct mqtt_scene scene = mqtt_scene_of(mqtt);
    struct json j;

    json_init(&j, mqtt->canon.text, sizeof(mqtt->canon.text));
    mqtt_write_meta(&scene, sensor, device, &j);
    return json_ok(&j) ? send(mqtt, device, MQTT_META, mqtt->canon.text, true) : PORT_MQTT_REFUSED;
}

bool mqtt_has_rhythm(const struct mqtt_device *device)
{
    for (uint8_t i = 0; i < device->n_fields; i++) {
        const struct beacon_kind_row *row = beacon_kind(device->fields[i].kind);
        if (row->is_event || row->type == BEACON_BOOL || row->type == BEACON_WORD)
            return false;
    }
    return device->n_fields > 0;
}

/* NULL while there is nothing to go by: then what the broker keeps from before stands. */
static const char *availability_of(const struct mqtt_device *device,
                                   const struct registry_sensor *sensor)
{
    if (sensor->flags & REGISTRY_HEARD)
        return sensor->flags & REGISTRY_OFFLINE_NOW ? "offline" : "online";
    if (sensor->flags & (REGISTRY_NEEDS_KEY | REGISTRY_WRONG_KEY))
        return "online";
    if (device->is_presumed_gone)
        return "offline";
    return device->n_fields > 0 && !mqtt_has_rhythm(device) ? "online" : NULL;
}

static int tell_availability(struct mqtt *mqtt, struct mqtt_device *device,
                             const struct registry_sensor *sensor)
{
    const char *payload = availability_of(device, sensor);

    if (!payload)
        return 0;
    const int id = send(mqtt, device, MQTT_AVAILABILITY, payload, true);
    if (id >= 0)
        device->is_told_online = strcmp(payload, "online") == 0;
    return id;
}

static int tell_state(struct mqtt *mqtt, struct mqtt_device *device,
                      const struct registry_sensor *sensor)
{
    const struct mqtt_scene scene = mqtt_scene_of(mqtt);
    uint32_t hash;

    if (!(sensor->flags & REGISTRY_HEARD))
        return 0;
    if (!mqtt_write_state(&scene, sensor, mqtt->canon.text, sizeof(mqtt->canon.text), &hash))
        return PORT_MQTT_REFUSED;
    const bool is_fresh = device->told_ms != 0 && now_ms(mqtt) - device->told_ms < STATE_BEAT_MS;
    if (is_fresh && hash == device->state_hash)
        return 0;
    const int id = send(mqtt, device, MQTT_STATE, mqtt->canon.text, device->is_kept);
    if (id >= 0) {
        device->state_hash = hash;
        device->told_ms = now_ms(mqtt);
    }
    return id;
}

static bool is_wanted(const struct mqtt *mqtt, const struct mqtt_device *device, uint8_t telling)
{
    if (!device->is_listed)
        return false;
    if (telling == MQTT_CONFIG)
        return device->is_kept && mqtt_announces(mqtt);
    return device->is_kept || telling == MQTT_STATE;
}

/* One of the tellings, or the clearing of what an earlier one left at the broker. */
static int tell(struct mqtt *mqtt, struct mqtt_device *device, uint8_t telling)
{
    static const struct {
        uint8_t telling;
        int (*tell)(struct mqtt *mqtt, struct mqtt_device *device,
                    const struct registry_sensor *sensor);
    } tellings[MQTT_TELLINGS] = {
        { MQTT_CONFIG, tell_config },
        { MQTT_META, tell_meta },
        { MQTT_AVAILABILITY, tell_availability },
        { MQTT_STATE, tell_state },
    };
    struct registry_sensor sensor;
    int id = 0;

    if (!is_wanted(mqtt, device, telling) || (telling == MQTT_STATE && !device->is_kept))
        id = mqtt_tell_clear(mqtt, device, telling);
    if (id < 0 || !is_wanted(mqtt, device, telling) ||
        !registry_find(mqtt->config.registry, device->mac, &sensor))
        return id;
    for (size_t i = 0; i < MQTT_TELLINGS; i++) {
        if (tellings[i].telling == telling)
            return tellings[i].tell(mqtt, device, &sensor);
    }
    return id;
}

bool mqtt_tell_if_due(struct mqtt *mqtt, struct mqtt_device *device, uint8_t telling)
{
    if (!(device->due & telling))
        return true;
    const int id = tell(mqtt, device, telling);
    if (id == PORT_MQTT_BUSY || id == PORT_MQTT_NOT_CONNECTED)
        return false;
    device->due = (uint8_t)(device->due & ~telling);
    return true;
}

bool mqtt_tell_device(struct mqtt *mqtt, struct mqtt_device *device)
{
    for (unsigned i = 0; i < MQTT_TELLINGS; i++) {
        const uint8_t telling = (uint8_t)(1u << i);
        if (telling == MQTT_STATE && device->is_listed && device->state_at_ms > now_ms(mqtt))
            continue;
        if (!mqtt_tell_if_due(mqtt, device, telling))
            return false;
    }
    return true;
}
