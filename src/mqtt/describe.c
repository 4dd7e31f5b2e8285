#include "mqtt/describe.h"

#include "base/iso.h"
#include "beacon/products.h"

#include <stdio.h>
#include <string.h>

void mqtt_put_time(const struct mqtt_scene *scene, uint64_t age_ms, struct json *j)
{
    const struct port_clock *clock = scene->clock;
    char text[ISO_TEXT_SIZE], full[ISO_TEXT_SIZE + 8];
    int64_t wall_ms;

    if (!clock->wall_ms(clock->self, &wall_ms))
        return;
    wall_ms -= (int64_t)age_ms;
    if (wall_ms < 0)
        return;
    iso_print(wall_ms / 1000, text);
    snprintf(full, sizeof(full), "%s.%03uZ", text, (unsigned)(wall_ms % 1000));
    json_text(j, "ts", full);
}

/* ---- state ---- */

/* FNV-1a. */
uint32_t mqtt_hash(const char *text)
{
    uint32_t hash = 2166136261u;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}

bool mqtt_is_told(const struct registry_value *value)
{
    if (value->flags & (BEACON_EVENT | BEACON_UNRELIABLE))
        return false;
    return !beacon_kind(value->kind)->is_event;
}

static void put_value(const struct registry_value *value, struct json *j)
{
    char name[BEACON_NAME_SIZE];

    if (value->stale && value->learned)
        json_null(j, beacon_value_name(value->kind, value->nth, name));
    else
        beacon_json_value(j, &(struct beacon_value){
                                 .kind = value->kind,
                                 .nth = value->nth,
                                 .scale10 = value->scale10,
                                 .value = value->value,
                                 .bytes = value->bytes,
                                 .len = value->len,
                             });
}

static uint64_t age_of(const struct mqtt_scene *scene, const struct registry_sensor *sensor)
{
    const uint64_t now_ms = scene->clock->now_ms(scene->clock->self);

    return now_ms > sensor->heard_ms ? now_ms - sensor->heard_ms : 0;
}

void mqtt_put_name(const struct mqtt_scene *scene, const struct registry_sensor *sensor,
                   struct json *j)
{
    char label[REGISTRY_LABEL_SIZE], mac[MAC_TEXT_LEN + 1];

    json_text(j, "gw", scene->gateway);
    json_text(j, "name", registry_label(sensor, label));
    json_text(j, "mac", mac_print(sensor->mac, mac));
}

static void put_reception(const struct registry_sensor *sensor, struct json *j)
{
    char fid[REGISTRY_FID_SIZE];

    if (sensor->rssi != ADVERT_NO_RSSI)
        json_int(j, "rssi", sensor->rssi);
    if (sensor->hit_rate != REGISTRY_NO_RATE)
        json_int(j, "hit_rate_pct", sensor->hit_rate);
    if (*registry_fid_print(sensor->fid, fid))
        json_text(j, "fid", fid);
}

bool mqtt_write_state(const struct mqtt_scene *scene, const struct registry_sensor *sensor,
                      char *out, size_t size, uint32_t *hash)
{
    struct registry_value value;
    struct json j;
    uint32_t cursor = 0;

    json_init(&j, out, size);
    json_object(&j, NULL);
    mqtt_put_time(scene, age_of(scene, sensor), &j);
    mqtt_put_name(scene, sensor, &j);
    put_reception(sensor, &j);
    const size_t start = strlen(out);
    while (registry_value_next(scene->registry, sensor->mac, &cursor, &value)) {
        if (mqtt_is_told(&value))
            put_value(&value, &j);
    }
    *hash = mqtt_hash(out + start);
    json_object_end(&j);
    return json_ok(&j);
}

/* ---- meta ---- */

static const char *key_state(uint16_t flags)
{
    if (flags & REGISTRY_WRONG_KEY)
        return "wrong";
    if (flags & REGISTRY_NEEDS_KEY)
        return "missing";
    return flags & REGISTRY_HAS_KEY ? "ok" : "none";
}

uint32_t mqtt_silence_s(const struct registry *registry, struct mac mac)
{
    struct registry_value value;
    uint64_t least_ms = UINT64_MAX;
    uint32_t cursor = 0;

    while (registry_value_next(registry, mac, &cursor, &value)) {
        const uint8_t type = beacon_kind(value.kind)->type;
        if ((value.flags & BEACON_EVENT) || type == BEACON_BOOL || type == BEACON_WORD)
            return 0;
        if (value.learned && value.expires_ms < least_ms)
            least_ms = value.expires_ms;
    }
    return least_ms / 1000 < UINT32_MAX ? (uint32_t)(least_ms / 1000) : 0;
}

static void put_fields(const struct mqtt_device *device, struct json *j)
{
    char name[BEACON_NAME_SIZE];

    json_array(j, "fields");
    for (uint8_t i = 0; i < device->n_fields; i++)
        json_text(j, NULL, beacon_value_name(device->fields[i].kind, device->fields[i].nth, name));
    json_array_end(j);
}

void mqtt_write_meta(const struct mqtt_scene *scene, const struct registry_sensor *sensor,
                     const struct mqtt_device *device, struct json *j)
{
    char id[8];

    json_object(j, NULL);
    mqtt_put_name(scene, sensor, j);
    if (sensor->product) {
        json_text(j, "model", sensor->product->model);
        json_text(j, "title", beacon_product_title(sensor->product));
    }
    snprintf(id, sizeof(id), "%04x", (unsigned)sensor->product_id);
    if (sensor->product_id != 0)
        json_text(j, "product_id", id);
    json_text(j, "key", key_state(sensor->flags));
    if (sensor->flags & REGISTRY_DOWNGRADED)
        json_bool(j, "downgraded", true);
    put_fields(device, j);
    if (device->silence_s > 0)
        json_int(j, "silence_s", device->silence_s);
    json_object_end(j);
}
