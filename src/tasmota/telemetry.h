/*
 * telemetry.h (of the room tasmota): when SENSOR messages go out.
 *
 * Periodic ones list all sensors, behind a STATE message: 5 s after the start and after each
 * connection to a broker (which is the fresh state after an outage), then every TelePeriod; none
 * with MI32Option1. One about a single sensor goes out in the same turn of the loop as the frame
 * that caused it: always when something happened, and for every frame with MI32Option2. It is never
 * retained, so it cannot take the place of a retained periodic one.
 *
 * What happened is taken from the frame itself and not from a state that somebody else might have
 * read before; a periodic message never carries it.
 */
#ifndef MI32_TASMOTA_TELEMETRY_H
#define MI32_TASMOTA_TELEMETRY_H

#include "base/json.h"
#include "bus/bus.h"
#include "port/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct registry;
struct tasmota_state;
struct settings;

#define TASMOTA_TELE_FIRST_MS 5000

/* Visible to be placed; all of it is private. */
struct tasmota_telemetry {
    struct bus *bus;
    const struct registry *registry;
    const struct settings *settings;
    const struct port_clock *clock;
    struct tasmota_state *state; /* told in each round, before the sensors; NULL for none */
    struct bus_listener listener;
    struct timer timer;
    uint64_t due_ms;  /* of the timer */
    uint32_t *events; /* by slot number: motions and door movements since the start */
    size_t n_events;
    char *text; /* the message in the making */
    size_t size;
    bool is_running;
    bool memory_is_told;
};

/* Borrows everything until tasmota_telemetry_close(). False without memory. */
bool tasmota_telemetry_open(struct tasmota_telemetry *t, struct bus *bus,
                            const struct registry *registry, const struct settings *settings,
                            const struct port_clock *clock);
void tasmota_telemetry_close(struct tasmota_telemetry *t);

void tasmota_telemetry_start(struct tasmota_telemetry *t);
void tasmota_telemetry_stop(struct tasmota_telemetry *t);

/* Motions and door movements of the sensor in this slot since the start. */
uint32_t tasmota_telemetry_events(const struct tasmota_telemetry *t, uint32_t slot);

/* The text of a periodic message, good until the next message; NULL without memory. With
 * MI32Option1 it holds the time only. `name` wraps it in an object of this name; NULL for none. */
const char *tasmota_telemetry_text(struct tasmota_telemetry *t, const char *name);

/* Sends a periodic message now; TelePeriod begins anew. Nothing with MI32Option1 or no sensor. */
void tasmota_telemetry_now(struct tasmota_telemetry *t);

#endif
