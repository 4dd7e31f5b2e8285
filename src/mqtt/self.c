/* self.c: what is told of the gateway itself: its relays, its counts, and its discovery. */
#include "mqtt/mqtt_private.h"

#include "mqtt/discovery.h"
#include "relay/relay.h"
#include "settings/settings.h"

#include <stdio.h>
#include <string.h>

static uint64_t now_ms(const struct mqtt *mqtt)
{
    return mqtt->clock->now_ms(mqtt->clock->self);
}

bool mqtt_announces(const struct mqtt *mqtt)
{
    return settings_number(mqtt->config.settings, SETTINGS_HA) != 0;
}

struct mqtt_scene mqtt_scene_of(const struct mqtt *mqtt)
{
    return (struct mqtt_scene){
        .registry = mqtt->config.registry,
        .clock = mqtt->clock,
        .gateway = mqtt->gateway,
        .site = mqtt->canon.site,
    };
}

struct mqtt_announcer mqtt_announcer_of(const struct mqtt *mqtt, char lwt[MQTT_TOPIC_SIZE])
{
    mqtt_outbox_topic(mqtt, MQTT_TELE, "LWT", lwt);
    return (struct mqtt_announcer){ .scene = mqtt_scene_of(mqtt), .lwt = lwt, .id = mqtt->id };
}

/* ---- relays ---- */

static bool relay_topic(const struct mqtt *mqtt, unsigned number, char out[MQTT_TOPIC_SIZE])
{
    char leaf[16];

    snprintf(leaf, sizeof(leaf), "relay%u", number);
    return mqtt_topic_gateway(mqtt->canon.site, mqtt->gateway, leaf, out, MQTT_TOPIC_SIZE);
}

/* Its state; "" for a relay that is no more, or is told elsewhere from now on. */
static int tell_relay(struct mqtt *mqtt, unsigned number, bool is_here)
{
    const uint8_t bit = (uint8_t)(1u << (number - 1));
    const bool is_there = is_here && relay_is_there(mqtt->config.relays, number);
    const char *payload = relay_is_on(mqtt->config.relays, number) ? "ON" : "OFF";
    char topic[MQTT_TOPIC_SIZE];

    if ((!is_there && !(mqtt->canon.told_relays & bit)) || !relay_topic(mqtt, number, topic))
        return 0;
    const int id = mqtt_outbox_publish(mqtt, topic, is_there ? payload : "", 1, true);
    if (id >= 0)
        mqtt->canon.told_relays =
            (uint8_t)(is_there ? mqtt->canon.told_relays | bit : mqtt->canon.told_relays & ~bit);
    return id;
}

int mqtt_tell_relays(struct mqtt *mqtt, bool is_here)
{
    for (unsigned number = 1; number <= RELAY_MAX; number++) {
        const int id = tell_relay(mqtt, number, is_here);
        if (id < 0)
            return id;
    }
    return 0;
}

void mqtt_relay_changed(struct mqtt *mqtt, unsigned number)
{
    if (mqtt->state != MQTT_UP || mqtt->canon.is_moving)
        return; /* all are told with the rest */
    if (tell_relay(mqtt, number, true) < 0)
        mqtt_canon_mark_gateway(mqtt);
}

/* ---- discovery ---- */

/* A name that the user gave; the defaults are the same for all. */
static const char *given_name(const struct mqtt *mqtt, enum settings_id id)
{
    const char *name = settings_text(mqtt->config.settings, id);

    return strcmp(name, settings_default_text(mqtt->config.settings, id)) == 0 ? "" : name;
}

/* Every relay as a switch, under its FriendlyName. */
static void look_at_relays(const struct mqtt *mqtt, struct mqtt_switches *out)
{
    for (unsigned number = 1; number <= RELAY_MAX; number++) {
        struct mqtt_switch_view *view = &out->all[number - 1];
        const enum settings_id id = (enum settings_id)(SETTINGS_FRIENDLY_NAME1 + number - 1);
        view->is_there =
            relay_is_there(mqtt->config.relays, number) && relay_topic(mqtt, number, view->state);
        snprintf(view->name, sizeof(view->name), "%s", given_name(mqtt, id));
        if (!view->name[0])
            snprintf(view->name, sizeof(view->name), "Relay %u", number);
    }
    out->gateway = given_name(mqtt, SETTINGS_DEVICE_NAME);
    if (!*out->gateway)
        out->gateway = mqtt->gateway;
    out->command = mqtt->prefixes[MQTT_CMND];
}

static bool write_gateway(struct mqtt *mqtt, const struct mqtt_announcer *announcer)
{
    struct mqtt_switches switches;

    look_at_relays(mqtt, &switches);
    return mqtt_write_gateway(announcer, &switches, mqtt->canon.text, sizeof(mqtt->canon.text));
}

int mqtt_tell_gateway(struct mqtt *mqtt)
{
    char lwt[MQTT_TOPIC_SIZE], topic[MQTT_TOPIC_SIZE], id[MQTT_UNIQUE_SIZE];
    const struct mqtt_announcer announcer = mqtt_announcer_of(mqtt, lwt);
    const bool is_announced = mqtt_announces(mqtt) && !mqtt->canon.is_moving;

    if (!mqtt_topic_discovery(mqtt->canon.prefix, mqtt_gateway_unique_id(&announcer, id), topic,
                              sizeof(topic)))
        return PORT_MQTT_REFUSED;
    if (is_announced && !write_gateway(mqtt, &announcer))
        return PORT_MQTT_REFUSED;
    return mqtt_outbox_publish(mqtt, topic, is_announced ? mqtt->canon.text : "", 1, true);
}

/* ---- health ---- */

static void put_outcomes(const struct mqtt *mqtt, struct json *j)
{
    json_object(j, "adverts");
    for (unsigned i = 0; i < BEACON_OUTCOMES; i++) {
        const enum beacon_outcome outcome = (enum beacon_outcome)i;
        const uint32_t n = registry_outcomes(mqtt->config.registry, outcome);
        if (n > 0)
            json_int(j, beacon_outcome_name(outcome), n);
    }
    json_object_end(j);
}

static void put_sensors(const struct mqtt *mqtt, struct json *j)
{
    struct registry_sensor sensor;
    uint32_t slot = 0, listed = 0, kept = 0, heard = 0;

    while (registry_next(mqtt->config.registry, &slot, &sensor)) {
        listed++;
        kept += (sensor.flags & REGISTRY_KEPT) != 0;
        heard += (sensor.flags & (REGISTRY_HEARD | REGISTRY_OFFLINE_NOW)) == REGISTRY_HEARD;
    }
    json_object(j, "sensors");
    json_int(j, "listed", listed);
    json_int(j, "kept", kept);
    json_int(j, "online", heard);
    json_object_end(j);
}

static bool write_health(struct mqtt *mqtt)
{
    const struct mqtt_scene scene = mqtt_scene_of(mqtt);
    struct json j;

    json_init(&j, mqtt->canon.text, sizeof(mqtt->canon.text));
    json_object(&j, NULL);
    mqtt_put_time(&scene, 0, &j);
    json_int(&j, "uptime_s", (int64_t)((now_ms(mqtt) - mqtt->canon.since_ms) / 1000));
    put_sensors(mqtt, &j);
    put_outcomes(mqtt, &j);
    json_object(&j, "mqtt");
    json_int(&j, "connects", mqtt->connects);
    json_int(&j, "published", mqtt->published);
    json_int(&j, "queued", mqtt->queue.count);
    json_int(&j, "dropped", mqtt->queue.dropped);
    json_int(&j, "withheld", mqtt->withheld);
    json_object_end(&j);
    json_object_end(&j);
    return json_ok(&j);
}

int mqtt_tell_health(struct mqtt *mqtt, bool is_here)
{
    char topic[MQTT_TOPIC_SIZE];

    if (!mqtt_topic_gateway(mqtt->canon.site, mqtt->gateway, "health", topic, sizeof(topic)) ||
        (is_here && !write_health(mqtt)))
        return 0;
    return mqtt_outbox_publish(mqtt, topic, is_here ? mqtt->canon.text : "", 0, true);
}
