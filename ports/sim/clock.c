#include "sim/clock.h"

#include <stdio.h>
#include <stdlib.h>

#define TURNS_MAX 100000 /* at one moment; more is a program that would spin */

static uint64_t now_ms(void *self)
{
    const struct sim_clock *clock = self;

    return clock->now_ms;
}

static bool wall_ms(void *self, int64_t *unix_ms)
{
    const struct sim_clock *clock = self;

    *unix_ms = clock->wall_ms;
    return clock->wall_is_set;
}

static int32_t utc_offset_s(void *self, int64_t unix_s)
{
    const struct sim_clock *clock = self;

    (void)unix_s;
    return clock->utc_offset_s;
}

static void set(void *self, struct timer *timer, uint64_t at_ms)
{
    struct sim_clock *clock = self;

    timers_set(&clock->timers, timer, at_ms);
}

static void cancel(void *self, struct timer *timer)
{
    struct sim_clock *clock = self;

    timers_cancel(&clock->timers, timer);
}

void sim_clock_init(struct sim_clock *clock)
{
    *clock = (struct sim_clock){
        .port = { .self = clock,
                  .now_ms = now_ms,
                  .wall_ms = wall_ms,
                  .utc_offset_s = utc_offset_s,
                  .set = set,
                  .cancel = cancel },
        .now_ms = 1000,
    };
}

static void move_to(struct sim_clock *clock, uint64_t at_ms)
{
    clock->wall_ms += (int64_t)(at_ms - clock->now_ms);
    clock->now_ms = at_ms;
}

/* Everything that is due now, also what that makes due. */
static void run_now(struct sim_clock *clock)
{
    for (unsigned turn = 0; timers_next(&clock->timers) <= clock->now_ms; turn++) {
        if (turn == TURNS_MAX) {
            fputs("sim: a timer that is always due\n", stderr);
            abort();
        }
        timers_run(&clock->timers, clock->now_ms);
    }
}

void sim_clock_advance(struct sim_clock *clock, uint64_t ms)
{
    const uint64_t until = clock->now_ms + ms;

    run_now(clock);
    while (timers_next(&clock->timers) <= until) {
        move_to(clock, timers_next(&clock->timers));
        run_now(clock);
    }
    move_to(clock, until);
}

void sim_clock_set_wall(struct sim_clock *clock, int64_t unix_ms, bool is_set)
{
    clock->wall_ms = unix_ms;
    clock->wall_is_set = is_set;
}
