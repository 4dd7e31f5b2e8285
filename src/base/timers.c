#include "base/timers.h"

#include <stddef.h>

static void insert(struct timers *list, struct timer *timer)
{
    struct timer **at = &list->first;

    while (*at && (*at)->at_ms <= timer->at_ms)
        at = &(*at)->next;
    timer->next = *at;
    *at = timer;
}

void timers_set(struct timers *list, struct timer *timer, uint64_t at_ms)
{
    timers_cancel(list, timer);
    timer->at_ms = at_ms;
    timer->is_pending = true;
    insert(list, timer);
}

void timers_cancel(struct timers *list, struct timer *timer)
{
    if (!timer->is_pending)
        return;
    struct timer **at = &list->first;
    while (*at && *at != timer)
        at = &(*at)->next;
    if (*at)
        *at = timer->next;
    timer->is_pending = false;
}

uint64_t timers_next(const struct timers *list)
{
    return list->first ? list->first->at_ms : TIMERS_NONE;
}

/* How many are due; those set while they fire come behind or later, see timers_run(). */
static size_t count_due(const struct timers *list, uint64_t now_ms)
{
    size_t n = 0;

    for (const struct timer *t = list->first; t && t->at_ms <= now_ms; t = t->next)
        n++;
    return n;
}

void timers_run(struct timers *list, uint64_t now_ms)
{
    for (size_t n = count_due(list, now_ms); n > 0; n--) {
        struct timer *timer = list->first;
        if (!timer || timer->at_ms > now_ms)
            return;
        timers_cancel(list, timer);
        timer->fire(timer->user);
    }
}
