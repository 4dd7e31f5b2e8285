/* clock.h: time and timers. Inside mi32 time is monotonic milliseconds; wall time is for people. */
#ifndef MI32_PORT_CLOCK_H
#define MI32_PORT_CLOCK_H

#include "base/timers.h"

#include <stdbool.h>
#include <stdint.h>

struct port_clock {
    void *self;

    /* Monotonic milliseconds since some moment before the start; never 0. */
    uint64_t (*now_ms)(void *self);

    /* The wall time as milliseconds since 1970 UTC. False while nobody has set the clock, as on a
     * Raspberry Pi before its first contact with a time server; *unix_ms is then what it shows. */
    bool (*wall_ms)(void *self, int64_t *unix_ms);

    /* Seconds to add to UTC for the local time of that instant, by the system's zone. */
    int32_t (*utc_offset_s)(void *self, int64_t unix_s);

    /* Fires `timer` once when now_ms() reaches `at_ms`; setting a pending timer again moves it.
     * The memory of the timer is the caller's and must stay until it fired or was cancelled. */
    void (*set)(void *self, struct timer *timer, uint64_t at_ms);
    void (*cancel)(void *self, struct timer *timer);
};

#endif
