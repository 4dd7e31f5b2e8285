/* clock.h: time that stands still until the test moves it. */
#ifndef MI32_PORTS_SIM_CLOCK_H
#define MI32_PORTS_SIM_CLOCK_H

#include "port/clock.h"

struct sim_clock {
    struct port_clock port;
    struct timers timers;
    uint64_t now_ms;
    int64_t wall_ms; /* at now_ms */
    bool wall_is_set;
    int32_t utc_offset_s;
};

/* Starts at 1,000 ms; the wall clock shows 1970 and is not set, local time is UTC. The struct must
 * stay where it is. */
void sim_clock_init(struct sim_clock *clock);

/* Lets `ms` pass: fires the timers that come due, in order, each at its moment; 0 fires what is due
 * now, as one more turn of a loop does. */
void sim_clock_advance(struct sim_clock *clock, uint64_t ms);

/* Sets the wall clock, as a time server does; it goes on from there with the time that passes. */
void sim_clock_set_wall(struct sim_clock *clock, int64_t unix_ms, bool is_set);

#endif
