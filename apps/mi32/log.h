/*
 * log.h: the log on standard error. One line a message, its remedy behind it; the same message is
 * shown once an hour at most, with the number of times it was left out; but a radio or the broker
 * that comes or goes is always said, so that the last line about it is true, and what was said last
 * is said again after a link event without a text: its settings have changed. Under systemd each
 * line begins with its priority (sd-daemon(3)); on a terminal the level has a colour. A log that
 * nobody reads stops nobody: lines that find no room are left out, and their number is said when
 * there is some, be it at the end.
 */
#ifndef MI32_APPS_LOG_H
#define MI32_APPS_LOG_H

#include "bus/bus.h"

#define LOG_REMEMBERED 64
#define LOG_LINKS      8

struct log_seen {
    uint64_t hash;
    uint64_t shown_ms;
    unsigned left_out;
};

/* What was last shown about a radio or the broker. */
struct log_link {
    uint64_t name; /* its hash */
    uint64_t text; /* likewise */
    bool is_up;
};

/* Zero-initialise, then log_open(); all of it is private. */
struct log {
    struct bus_listener listener;
    struct bus *bus;
    struct log_seen seen[LOG_REMEMBERED];
    struct log_link links[LOG_LINKS];
    enum bus_level level; /* lines above it are not shown */
    unsigned unread;      /* lines left out since one found room */
    bool is_journal;
    bool has_colour;
};

/* Listens on the bus for BUS_LOG and BUS_LINK events until log_close(). */
void log_open(struct log *log, struct bus *bus, enum bus_level level);
void log_close(struct log *log);

#endif
