/*
 * describe.h (of the room mqtt): what is told of a sensor under mi32/<site>/..., as JSON. Nothing
 * here sends; docs/mqtt.md shows each of these messages.
 */
#ifndef MI32_MQTT_DESCRIBE_H
#define MI32_MQTT_DESCRIBE_H

#include "base/json.h"
#include "mqtt/device.h"
#include "mqtt/topics.h"
#include "port/clock.h"
#include "registry/registry.h"

struct mqtt_scene {
    const struct registry *registry;
    const struct port_clock *clock;
    const char *gateway; /* the Topic in force */
    const char *site;
};

/* Writes "ts", the wall time of something `age_ms` ago, when the clock has been set. Found only
 * now, so that a clock set after the hearing corrects it. */
void mqtt_put_time(const struct mqtt_scene *scene, uint64_t age_ms, struct json *j);

/* Writes who it is, as every message about a sensor begins: gw, name, mac. */
void mqtt_put_name(const struct mqtt_scene *scene, const struct registry_sensor *sensor,
                   struct json *j);

/* The current values, flat, under their names, behind ts (of the last frame), gw, name, mac, rssi,
 * hit_rate_pct and fid. A value that is silent for longer than the rhythm it has shown is null;
 * what only happens and what is known to be wrong is left out. *hash is that of the values alone.
 * False when it does not fit. */
bool mqtt_write_state(const struct mqtt_scene *scene, const struct registry_sensor *sensor,
                      char *out, size_t size, uint32_t *hash);

/* What it is: name, mac, model, product_id, gw, key (ok, none, missing, wrong), downgraded, fields,
 * silence_s. */
void mqtt_write_meta(const struct mqtt_scene *scene, const struct registry_sensor *sensor,
                     const struct mqtt_device *device, struct json *j);

/* How long the silence of this sensor can be normal, in seconds, by the field that speaks most
 * often; 0 when none has shown a rhythm, and for a sensor that also speaks when something happens:
 * it may send the rest with that. */
uint32_t mqtt_silence_s(const struct registry *registry, struct mac mac);

/* Equal for equal texts, and hardly ever for others. */
uint32_t mqtt_hash(const char *text);

/* Whether a value is one for outputs: heard as a state, and not known to be wrong. */
bool mqtt_is_told(const struct registry_value *value);

#endif
