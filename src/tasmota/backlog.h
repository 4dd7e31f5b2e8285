/* backlog.h (of the room tasmota): commands that wait for their turn. */
#ifndef MI32_TASMOTA_BACKLOG_H
#define MI32_TASMOTA_BACKLOG_H

#include "bus/bus.h"
#include "port/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct settings;

#define TASMOTA_BACKLOG_ENTRIES 30
#define TASMOTA_BACKLOG_BYTES   4096 /* of all waiting entries together */

/* Visible to be placed; all of it is private. */
struct tasmota_backlog {
    struct bus *bus;
    const struct settings *settings;
    const struct port_clock *clock;
    struct timer timer;
    unsigned count;
    uint8_t origins[TASMOTA_BACKLOG_ENTRIES]; /* enum bus_origin */
    size_t len;
    char text[TASMOTA_BACKLOG_BYTES]; /* the entries, oldest first, each with a zero behind it */
};

/* Registers Backlog, Backlog0 and Delay. SetOption34 says how long it is between two entries. */
void tasmota_backlog_open(struct tasmota_backlog *b, struct bus *bus,
                          const struct settings *settings, const struct port_clock *clock);

/* Drops what is waiting. */
void tasmota_backlog_clear(struct tasmota_backlog *b);

#endif
