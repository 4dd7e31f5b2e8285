/* tasmota_private.h: what the files of this room share. */
#ifndef MI32_TASMOTA_TASMOTA_PRIVATE_H
#define MI32_TASMOTA_TASMOTA_PRIVATE_H

#include "bus/bus.h"
#include "port/port.h"
#include "registry/registry.h"
#include "settings/settings.h"
#include "tasmota/backlog.h"
#include "tasmota/power.h"
#include "tasmota/rule_engine.h"
#include "tasmota/state.h"
#include "tasmota/tasmota.h"
#include "tasmota/telemetry.h"

struct tasmota {
    struct bus *bus;
    struct registry *registry; /* changed by command handlers only */
    struct settings *settings; /* likewise */
    const struct port *port;
    struct tasmota_backlog backlog;
    struct tasmota_telemetry telemetry;
    struct tasmota_state state;
    struct tasmota_power power;
    struct rule_engine rules;
    struct bus_row setting_rows[SETTINGS_COUNT];
};

/* Each registers the commands of one file. */
void tasmota_sensor_commands(struct tasmota *t);
void tasmota_list_commands(struct tasmota *t);
void tasmota_radio_commands(struct tasmota *t);
void tasmota_setting_commands(struct tasmota *t);
void tasmota_help_commands(struct tasmota *t);
void tasmota_machine_commands(struct tasmota *t);
void tasmota_status_commands(struct tasmota *t);
void tasmota_publish_commands(struct tasmota *t);
void tasmota_time_commands(struct tasmota *t);

/* The sensor that the argument names; BUS_FAILED, with the reason noted, when there is none. */
enum bus_result tasmota_find(struct tasmota *t, struct bus_call *call, const struct bus_value *arg,
                             struct registry_sensor *sensor);

/* The registry's answer as that of a handler. */
enum bus_result tasmota_answer(struct bus_call *call, enum registry_result result);

/* What each radio did since it was started, as an array; at most 4 KiB. */
void tasmota_radio_figures(struct tasmota *t, struct json *j, const char *name);

/* Starts to save all listed sensors as mi32cfg; what becomes of it is logged. */
enum bus_result tasmota_save_config(struct tasmota *t, struct bus_call *call);

#endif
