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

struct tasmota *tasmota_create(struct bus *bus, struct registry *registry,
                               struct settings *settings, const struct port *port,
                               struct mac machine)
{
    struct tasmota *t = calloc(1, sizeof(*t));

    if (!t)
        return NULL;
    if (!tasmota_telemetry_open(&t->telemetry, bus, registry, settings, port->clock)) {
        free(t);
        return NULL;
    }
    t->bus = bus;
    t->registry = registry;
    t->settings = settings;
    t->port = port;
    name_machine(settings, machine);
    tasmota_backlog_open(&t->backlog, bus, settings, port->clock);
    tasmota_sensor_commands(t);
    tasmota_list_commands(t);
    tasmota_radio_commands(t);
    tasmota_setting_commands(t);
    tasmota_help_commands(t);
    tasmota_publish_commands(t);
    tasmota_time_commands(t);
    t->rules.bus = bus;
    t->rules.registry = registry;
    t->rules.settings = settings;
    t->rules.clock = port->clock;
    t->rules.telemetry = &t->telemetry;
    t->rules.machine = machine;
    rule_engine_open(&t->rules);
    return t;
}

void tasmota_destroy(struct tasmota *t)
{
    if (!t)
        return;
    rule_engine_close(&t->rules);
    tasmota_backlog_clear(&t->backlog);
    tasmota_telemetry_close(&t->telemetry);
    free(t);
}

void tasmota_start(struct tasmota *t)
{
    tasmota_telemetry_start(&t->telemetry);
    rule_engine_start(&t->rules);
}

void tasmota_stop(struct tasmota *t)
{
    rule_engine_stop(&t->rules);
    tasmota_telemetry_stop(&t->telemetry);
    tasmota_backlog_clear(&t->backlog);
}
