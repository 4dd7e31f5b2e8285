/*
 * power.h (of the room tasmota): relays as Tasmota has them: the commands Power and Relay, and the
 * messages about them. A change is told as stat/.../RESULT {"POWER1":"ON"} and stat/.../POWER1 ON,
 * whoever asked for it; a new connection to the broker is told the states.
 */
#ifndef MI32_TASMOTA_POWER_H
#define MI32_TASMOTA_POWER_H

#include "base/json.h"
#include "bus/bus.h"

#include <stdbool.h>

struct relays;
struct settings;
struct tasmota_state;

/* Set what comes first; the rest is private and starts as zero. All is borrowed. */
struct tasmota_power {
    struct bus *bus;
    struct relays *relays;     /* changed by command handlers only */
    struct settings *settings; /* likewise */
    const struct tasmota_state *state;

    struct bus_listener listener;
    bool is_handling; /* a command that tells by itself what it changes */
    bool mqtt_is_up;
};

/* Registers the commands and joins the bus, until tasmota_power_close(). */
void tasmota_power_open(struct tasmota_power *p);
void tasmota_power_close(struct tasmota_power *p);

/* The members of STATE: "POWER1":"ON". */
void tasmota_power_json(const struct relays *relays, const struct settings *settings,
                        struct json *j);

#endif
