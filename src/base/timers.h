/* timers.h: pending timers in the order they are due; a clock for them is the port's. */
#ifndef MI32_BASE_TIMERS_H
#define MI32_BASE_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

/* Set `fire` and `user`; the rest is private and starts as zero. */
struct timer {
    void (*fire)(void *user);
    void *user;
    uint64_t at_ms;
    struct timer *next;
    bool is_pending;
};

/* The zero value is an empty list. */
struct timers {
    struct timer *first;
};

#define TIMERS_NONE UINT64_MAX

/* Puts `timer` in its place, behind those due at the same moment; moves it when it is pending. */
void timers_set(struct timers *list, struct timer *timer, uint64_t at_ms);
void timers_cancel(struct timers *list, struct timer *timer);

/* When the next one is due, or TIMERS_NONE. */
uint64_t timers_next(const struct timers *list);

/* Fires, one after the other, what is due at `now_ms`, but none that is set meanwhile for a moment
 * that has come already: such a one waits for the next call, so a timer cannot starve the loop. */
void timers_run(struct timers *list, uint64_t now_ms);

#endif
