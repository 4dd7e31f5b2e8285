#include "mqtt/event.h"

bool mqtt_event_queue(struct mqtt_queue *queue, const struct registry *registry,
                      const struct registry_change *change)
{
    const uint32_t dropped = queue->dropped;
    uint8_t n =
        change->n_events <= BEACON_READINGS_MAX ? (uint8_t)change->n_events : BEACON_READINGS_MAX;
    struct mqtt_record *record = mqtt_queue_push(queue, n);
    uint32_t cursor = change->first_event, lost = 0;

    if (!record)
        return false;
    record->heard_ms = change->advert->heard_ms;
    record->mac = change->mac;
    record->rssi = change->advert->rssi;
    record->is_authentic = true;
    record->fid = (struct registry_fid){ 0, 0 };
    for (uint8_t i = 0; i < n; i++) {
        struct registry_event event = { 0 };
        registry_event_next(registry, &cursor, &lost, &event);
        record->fid = event.fid;
        record->is_authentic = record->is_authentic && (event.flags & BEACON_AUTHENTIC);
        record->values[i] = (struct mqtt_value){
            .value = event.value, .kind = event.kind, .nth = event.nth, .scale10 = event.scale10
        };
    }
    return queue->dropped == dropped;
}

/* How long ago it happened. */
static uint64_t age_of(const struct mqtt_scene *scene, const struct mqtt_record *record)
{
    const uint64_t now_ms = scene->clock->now_ms(scene->clock->self);

    return now_ms > record->heard_ms ? now_ms - record->heard_ms : 0;
}

bool mqtt_event_topic(const struct mqtt_scene *scene, const struct mqtt_record *record, char *out,
                      size_t size)
{
    struct registry_sensor sensor;
    const bool is_known = registry_find(scene->registry, record->mac, &sensor);

    return mqtt_topic_device(scene->site, is_known ? sensor.identity : record->mac, "event", out,
                             size);
}

/* Who said it, where and how believable. */
static void put_origin(const struct mqtt_scene *scene, const struct mqtt_record *record,
                       struct json *j)
{
    struct registry_sensor sensor;
    char mac[MAC_TEXT_LEN + 1], fid[REGISTRY_FID_SIZE];

    if (registry_find(scene->registry, record->mac, &sensor)) {
        mqtt_put_name(scene, &sensor, j);
    } else { /* forgotten since */
        json_text(j, "gw", scene->gateway);
        json_text(j, "mac", mac_print(record->mac, mac));
    }
    if (*registry_fid_print(record->fid, fid))
        json_text(j, "fid", fid);
    if (record->rssi != ADVERT_NO_RSSI)
        json_int(j, "rssi", record->rssi);
    json_bool(j, "authentic", record->is_authentic);
}

/* Text and bytes cannot be an event's value: they would be told empty. */
static void put_value(const struct mqtt_value *value, struct json *j)
{
    const uint8_t type = beacon_kind(value->kind)->type;

    if (type != BEACON_TEXT && type != BEACON_RAW)
        beacon_json_value(j, &(struct beacon_value){ .kind = value->kind,
                                                     .nth = value->nth,
                                                     .scale10 = value->scale10,
                                                     .value = value->value });
}

void mqtt_event_write(const struct mqtt_scene *scene, const struct mqtt_record *record,
                      struct json *j)
{
    const uint64_t age_ms = age_of(scene, record);

    json_object(j, NULL);
    mqtt_put_time(scene, age_ms, j);
    put_origin(scene, record, j);
    for (uint8_t i = 0; i < record->n; i++)
        put_value(&record->values[i], j);
    if (age_ms > MQTT_LATE_MS)
        json_bool(j, "late", true);
    json_object_end(j);
}
