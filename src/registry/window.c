/* Which authentic frames are new; the rules are drawn in window.h. */
#include "registry/window.h"

#define WIDTH 64u

void window_start(struct window *w, uint8_t format, uint32_t counter, uint32_t now_ms)
{
    w->format = format;
    w->seen = 1;
    w->top = counter;
    w->heard = now_ms;
    w->rival = 0;
    w->row = 0;
}

static bool is_narrow(const struct window *w)
{
    return (w->format & WINDOW_8_BITS) != 0;
}

/* The largest step ahead that is believed. */
static uint32_t reach(const struct window *w, uint32_t silent_ms)
{
    if (!is_narrow(w))
        return INT32_MAX;
    const uint32_t steps = 4 + silent_ms / 1000;
    return steps < 127 ? steps : 127;
}

static void advance(struct window *w, uint32_t step, uint32_t counter, uint32_t now_ms)
{
    w->seen = step < WIDTH ? w->seen << step | 1 : 1;
    w->top = counter;
    w->heard = now_ms;
    w->row = 0;
}

/* Whether the old row has been silent for long enough to be over. Many sensors say nothing for
 * hours, so only a row that has just begun is believed soon: any other may be a recorded one. */
static bool is_over(const struct window *w, uint32_t counter, uint32_t silent_ms, uint32_t quiet_ms)
{
    if (is_narrow(w))
        return silent_ms >= quiet_ms;
    if (counter >= w->top / 2)
        return false;
    return silent_ms >= quiet_ms &&
           (counter < WINDOW_RESTART_LOW || silent_ms >= WINDOW_RESTART_LONG);
}

/* A counter below the window: the next of a row that rises, or the first of another. */
static bool began_anew(struct window *w, uint32_t counter, uint32_t mask)
{
    const uint32_t rise = (counter - w->rival) & mask;

    if (w->row > 0 && rise == 0)
        return false; /* the same frame again */
    w->row = w->row > 0 && rise < WIDTH ? (uint8_t)(w->row + 1) : 1;
    w->rival = counter;
    if (w->row >= WINDOW_RESTART_ROW)
        w->row = WINDOW_RESTART_ROW;
    return w->row == WINDOW_RESTART_ROW;
}

enum window_verdict window_judge(struct window *w, uint32_t counter, uint32_t now_ms,
                                 uint32_t quiet_ms, uint32_t *step)
{
    const uint32_t mask = is_narrow(w) ? 0xff : UINT32_MAX;
    const uint32_t ahead = (counter - w->top) & mask;
    const uint32_t behind = (w->top - counter) & mask;
    const uint32_t silent_ms = now_ms - w->heard;

    *step = 0;
    if (ahead == 0)
        return WINDOW_SAME;
    if (ahead <= reach(w, silent_ms)) {
        *step = ahead;
        advance(w, ahead, counter, now_ms);
        return WINDOW_NEW;
    }
    if (behind < WIDTH) {
        const uint64_t bit = UINT64_C(1) << behind;
        if (w->seen & bit)
            return WINDOW_STALE;
        if (silent_ms <= WINDOW_LATE_MS) {
            w->seen |= bit;
            w->row = 0;
            return WINDOW_NEW;
        }
    }
    if (began_anew(w, counter, mask) && is_over(w, counter, silent_ms, quiet_ms)) {
        window_start(w, w->format, counter, now_ms);
        return WINDOW_RESTART;
    }
    return WINDOW_STALE;
}
