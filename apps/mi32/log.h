/*
 * log.h: the log on standard error. One line a message, its remedy behind it; the same message is
 * shown once an hour at most, with the number of times it was left out. Under systemd each line
 * begins with its priority (sd-daemon(3)); on a terminal the level has a colour.
 */
#ifndef MI32_APPS_LOG_H
#define MI32_APPS_LOG_H

#include "bus/bus.h"

#define LOG_REMEMBERED 64

struct log_seen {
    uint64_t hash;
    uint64_t shown_ms;
    unsigned left_out;
};

/* Zero-initialise, then log_open(); all of it is private. */
struct log {
    struct bus_listener listener;
    struct bus *bus;
    struct log_seen seen[LOG_REMEMBERED];
    enum bus_level level; /* lines above it are not shown */
    bool is_journal;
    bool has_colour;
};

/* Listens on the bus for BUS_LOG and BUS_LINK events until log_close(). */
void log_open(struct log *log, struct bus *bus, enum bus_level level);
void log_close(struct log *log);

#endif
