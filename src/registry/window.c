/* Which authentic frames are new; the rules are drawn in window.h. */
#include "registry/window.h"

#define WIDTH 64u

/* The frame is the newest. */
static void note_newest(struct window *w, const struct window_frame *f)
{
    w->top = f->counter;
    w->heard = f->now_ms;
    w->tag = f->tag;
    w->row = WINDOW_HAS_TAG;
}

void window_start(struct window *w, uint8_t format, const struct window_frame *f)
{
    w->format = format;
    w->seen = 1;
    note_newest(w, f);
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

static void advance(struct window *w, uint32_t step, const struct window_frame *f)
{
    w->seen = step < WIDTH ? w->seen << step | 1 : 1;
    note_newest(w, f);
}

/* The first other content under the newest counter, soon after it. There is no third: who recorded
 * the first two must not have them taken in turn. */
static bool is_twin(struct window *w, const struct window_frame *f)
{
    if (w->row != WINDOW_HAS_TAG || w->tag == f->tag || f->now_ms - w->heard > WINDOW_TWIN_MS)
        return false;
    w->row = 0;
    return true;
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
    const bool has_rival = w->row > 0 && w->row != WINDOW_HAS_TAG;
    const uint32_t rise = (counter - w->rival) & mask;

    if (has_rival && rise == 0)
        return false; /* the same frame again */
    w->row = has_rival && rise < WIDTH ? (uint8_t)(w->row + 1) : 1;
    w->rival = counter;
    if (w->row >= WINDOW_RESTART_ROW)
        w->row = WINDOW_RESTART_ROW;
    return w->row == WINDOW_RESTART_ROW;
}

/* One of the 63 before the newest that was not heard, soon enough after it. */
static void note_late(struct window *w, uint64_t bit)
{
    w->seen |= bit;
    if (w->row != WINDOW_HAS_TAG)
        w->row = 0;
}

enum window_verdict window_judge(struct window *w, const struct window_frame *f, uint32_t quiet_ms,
                                 uint32_t *step)
{
    const uint32_t mask = is_narrow(w) ? 0xff : UINT32_MAX;
    const uint32_t ahead = (f->counter - w->top) & mask;
    const uint32_t behind = (w->top - f->counter) & mask;
    const uint32_t silent_ms = f->now_ms - w->heard;

    *step = 0;
    if (ahead == 0)
        return is_twin(w, f) ? WINDOW_NEW : WINDOW_SAME;
    if (ahead <= reach(w, silent_ms)) {
        *step = ahead;
        advance(w, ahead, f);
        return WINDOW_NEW;
    }
    if (behind < WIDTH) {
        const uint64_t bit = UINT64_C(1) << behind;
        if (w->seen & bit)
            return WINDOW_STALE;
        if (silent_ms <= WINDOW_LATE_MS) {
            note_late(w, bit);
            return WINDOW_NEW;
        }
    }
    if (began_anew(w, f->counter, mask) && is_over(w, f->counter, silent_ms, quiet_ms)) {
        window_start(w, w->format, f);
        return WINDOW_RESTART;
    }
    return WINDOW_STALE;
}
