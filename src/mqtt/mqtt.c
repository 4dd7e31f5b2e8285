#include "mqtt/mqtt_private.h"

#include "registry/registry.h"
#include "settings/settings.h"

#include <stdio.h>
#include <stdlib.h>

static bool concerns_connection(enum settings_id id)
{
    static const struct {
        enum settings_id first, last;
    } ranges[] = {
        { SETTINGS_MQTT_HOST, SETTINGS_FINGERPRINT2 },
        { SETTINGS_TOPIC, SETTINGS_PREFIX3 },
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (id >= ranges[i].first && id <= ranges[i].last)
            return true;
    }
    return false;
}

/* The state first, and then what happened: whoever hears of an event finds it in the state. */
static void hear_sensor(struct mqtt *mqtt, const struct registry_change *change)
{
    mqtt_canon_change(mqtt, change);
    if (change->kind == REGISTRY_UPDATED)
        mqtt_outbox_events(mqtt, change);
}

static void hear_relay(struct mqtt *mqtt, unsigned number, bool on)
{
    mqtt_switch_change(mqtt, number, on);
    mqtt_relay_changed(mqtt, number);
}

static void hear_setting(struct mqtt *mqtt, const struct settings_row *row)
{
    if (concerns_connection(row->id))
        mqtt_session_reconfigure(mqtt);
    if (row->id == SETTINGS_SENSOR_RETAIN)
        mqtt_outbox_sensor_retain(mqtt);
    mqtt_canon_setting(mqtt, (int)row->id);
    mqtt_switch_setting(mqtt, (int)row->id);
}

static void hear(void *user, const struct bus_event *event)
{
    struct mqtt *mqtt = user;

    if (event->kind == BUS_MESSAGE)
        mqtt_outbox_text(mqtt, event->u.message.prefix, event->u.message.level,
                         event->u.message.payload, event->u.message.retain, event->u.message.once);
    else if (event->kind == BUS_SENSOR)
        hear_sensor(mqtt, event->u.sensor.change);
    else if (event->kind == BUS_RELAY)
        hear_relay(mqtt, event->u.relay.index, event->u.relay.on);
    else if (event->kind == BUS_SETTING)
        hear_setting(mqtt, event->u.setting.row);
}

struct mqtt *mqtt_create(const struct mqtt_config *config)
{
    struct mqtt *mqtt = calloc(1, sizeof(*mqtt));

    if (!mqtt)
        return NULL;
    mqtt->config = *config;
    mqtt->clock = config->port->clock;
    mqtt->client = config->port->mqtt;
    snprintf(mqtt->id, sizeof(mqtt->id), "%s", config->id);
    snprintf(mqtt->hostname, sizeof(mqtt->hostname), "%s", config->hostname);
    mqtt->config.id = mqtt->id;
    mqtt->config.hostname = mqtt->hostname;
    mqtt->queue.max = config->queue_max ? config->queue_max : MQTT_QUEUE_MAX;
    mqtt->listener = (struct bus_listener){ .hear = hear, .user = mqtt };
    mqtt_session_init(mqtt);
    mqtt_outbox_init(mqtt);
    mqtt_canon_init(mqtt);
    bus_listen(config->bus, &mqtt->listener);
    return mqtt;
}

void mqtt_start(struct mqtt *mqtt)
{
    mqtt->is_started = true;
    if (*settings_text(mqtt->config.settings, SETTINGS_MQTT_HOST))
        mqtt_session_input(mqtt, MQTT_CONFIGURED);
}

void mqtt_destroy(struct mqtt *mqtt)
{
    if (!mqtt)
        return;
    mqtt_session_close(mqtt);
    bus_unlisten(mqtt->config.bus, &mqtt->listener);
    mqtt_queue_clear(&mqtt->queue);
    mqtt_held_clear(&mqtt->held);
    mqtt_canon_close(mqtt);
    free(mqtt);
}

void mqtt_status(const struct mqtt *mqtt, struct mqtt_status *out)
{
    *out = (struct mqtt_status){
        .state = mqtt->state,
        .connects = mqtt->connects,
        .queued = mqtt->queue.count,
        .dropped = mqtt->queue.dropped,
        .withheld = mqtt->withheld,
        .published = mqtt->published,
    };
}

const char *mqtt_state_name(enum mqtt_state state)
{
    static const char *const names[MQTT_STATES] = { "off", "waiting", "connecting", "connected" };

    return state < MQTT_STATES ? names[state] : "";
}
