/* tasmota.c: the room as a whole. */
#include "tasmota/tasmota_private.h"

#include <stdio.h>
#include <stdlib.h>

/* Tasmota names devices by the last three bytes of their address. */
static void name_machine(struct settings *settings, struct mac machine)
{
    static const struct {
        enum settings_id id;
        const char *prefix;
    } rows[] = {
        { SETTINGS_TOPIC, "mi32" },
        { SETTINGS_MQTT_CLIENT, "DVES" },
    };
    char text[16];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        snprintf(text, sizeof(text), "%s_%02X%02X%02X", rows[i].prefix, machine.b[3], machine.b[4],
                 machine.b[5]);
        settings_set_default(settings, rows[i].id, text);
    }
}

static void open_rules(struct tasmota *t, const struct tasmota_config *config)
{
    t->rules.bus = config->bus;
    t->rules.registry = config->registry;
    t->rules.settings = config->settings;
    t->rules.wired = config->relays;
    t->rules.clock = config->port->clock;
    t->rules.telemetry = &t->telemetry;
    t->rules.machine = config->mac;
    rule_engine_open(&t->rules);
}

static void register_commands(struct tasmota *t)
{
    tasmota_sensor_commands(t);
    tasmota_list_commands(t);
    tasmota_radio_commands(t);
    tasmota_setting_commands(t);
    tasmota_help_commands(t);
    tasmota_publish_commands(t);
    tasmota_time_commands(t);
    tasmota_machine_commands(t);
    tasmota_status_commands(t);
}

/* The order is that in which they hear of a new connection: INFO, then the rules of its coming. */
struct tasmota *tasmota_create(const struct tasmota_config *config)
{
    struct tasmota *t = calloc(1, sizeof(*t));

    if (!t)
        return NULL;
    if (!tasmota_telemetry_open(&t->telemetry, config->bus, config->registry, config->settings,
                                config->port->clock)) {
        free(t);
        return NULL;
    }
    t->bus = config->bus;
    t->registry = config->registry;
    t->settings = config->settings;
    t->port = config->port;
    name_machine(t->settings, config->mac);
    t->state = (struct tasmota_state){ .bus = config->bus,
                                       .settings = config->settings,
                                       .relays = config->relays,
                                       .port = config->port,
                                       .version = config->version,
                                       .machine = config->mac };
    tasmota_state_open(&t->state);
    t->telemetry.state = &t->state;
    t->power = (struct tasmota_power){ .bus = config->bus,
                                       .relays = config->relays,
                                       .settings = config->settings,
                                       .state = &t->state };
    tasmota_power_open(&t->power);
    tasmota_backlog_open(&t->backlog, config->bus, config->settings, config->port->clock);
    register_commands(t);
    open_rules(t, config);
    return t;
}

void tasmota_destroy(struct tasmota *t)
{
    if (!t)
        return;
    rule_engine_close(&t->rules);
    tasmota_backlog_clear(&t->backlog);
    tasmota_power_close(&t->power);
    tasmota_state_close(&t->state);
    tasmota_telemetry_close(&t->telemetry);
    free(t);
}

void tasmota_start(struct tasmota *t)
{
    tasmota_state_start(&t->state);
    tasmota_telemetry_start(&t->telemetry);
    rule_engine_start(&t->rules);
}

void tasmota_stop(struct tasmota *t)
{
    rule_engine_stop(&t->rules);
    tasmota_telemetry_stop(&t->telemetry);
    tasmota_backlog_clear(&t->backlog);
}
