#include "mqtt/event.h"

#include "base/fixed.h"
#include "base/iso.h"

#include <stdio.h>

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

/* The address of the first hardware, which stays the sensor's name in topics when it is replaced.
 */
static struct mac identity_of(const struct mqtt_event_context *context,
                              const struct mqtt_record *record)
{
    struct registry_sensor sensor;

    if (registry_find(context->registry, record->mac, &sensor))
        return sensor.identity;
    return record->mac;
}

bool mqtt_event_topic(const struct mqtt_event_context *context, const struct mqtt_record *record,
                      char *out, size_t size)
{
    char site[64], mac[MAC_TEXT_LEN + 1];

    mqtt_topic_clean(context->site, site, sizeof(site));
    mac_print(identity_of(context, record), mac);
    const int n = snprintf(out, size, "mi32/%s/dev/%s/event", site, mac);
    return n > 0 && (size_t)n < size;
}

/* How long ago it happened. */
static uint64_t age_of(const struct mqtt_event_context *context, const struct mqtt_record *record)
{
    const uint64_t now_ms = context->clock->now_ms(context->clock->self);

    return now_ms > record->heard_ms ? now_ms - record->heard_ms : 0;
}

/* Wall time is found only now, so that a clock set after the event corrects it. */
static void put_time(const struct mqtt_event_context *context, const struct mqtt_record *record,
                     struct json *j)
{
    const struct port_clock *clock = context->clock;
    char text[ISO_TEXT_SIZE], full[ISO_TEXT_SIZE + 8];
    int64_t wall_ms;

    if (!clock->wall_ms(clock->self, &wall_ms))
        return;
    wall_ms -= (int64_t)age_of(context, record);
    if (wall_ms < 0)
        return;
    iso_print(wall_ms / 1000, text);
    snprintf(full, sizeof(full), "%s.%03uZ", text, (unsigned)(wall_ms % 1000));
    json_text(j, "ts", full);
}

/* Who said it, where and how believable. */
static void put_origin(const struct mqtt_event_context *context, const struct mqtt_record *record,
                       struct json *j)
{
    struct registry_sensor sensor;
    char label[REGISTRY_LABEL_SIZE], mac[MAC_TEXT_LEN + 1], fid[REGISTRY_FID_SIZE];

    json_text(j, "gw", context->gateway);
    if (registry_find(context->registry, record->mac, &sensor))
        json_text(j, "name", registry_label(&sensor, label));
    json_text(j, "mac", mac_print(record->mac, mac));
    if (*registry_fid_print(record->fid, fid))
        json_text(j, "fid", fid);
    if (record->rssi != ADVERT_NO_RSSI)
        json_int(j, "rssi", record->rssi);
    json_bool(j, "authentic", record->is_authentic);
}

/* A value under its name, with _2, _3 for further ones of a kind, as `mi32 decode` writes it. */
static void put_value(const struct mqtt_value *value, struct json *j)
{
    const struct beacon_kind_row *row = beacon_kind(value->kind);
    char name[48];

    if (value->nth > 1)
        snprintf(name, sizeof(name), "%s_%u", row->name, (unsigned)value->nth);
    else
        snprintf(name, sizeof(name), "%s", row->name);
    if (row->type == BEACON_BOOL)
        json_bool(j, name, value->value != 0);
    else if (row->type == BEACON_WORD)
        json_text(j, name, beacon_word(value->kind, value->value));
    else if (row->type == BEACON_NUMBER)
        json_fixed(j, name, value->value, value->scale10, FIXED_ALL_DIGITS);
}

void mqtt_event_write(const struct mqtt_event_context *context, const struct mqtt_record *record,
                      struct json *j)
{
    json_object(j, NULL);
    put_time(context, record, j);
    put_origin(context, record, j);
    for (uint8_t i = 0; i < record->n; i++)
        put_value(&record->values[i], j);
    if (age_of(context, record) > MQTT_LATE_MS)
        json_bool(j, "late", true);
    json_object_end(j);
}
