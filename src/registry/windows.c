/* The pool of replay windows, and what the counter of a frame means for it. */
#include "registry/registry_private.h"

void reg_windows_init(struct registry *reg)
{
    reg->free_window = reg->config.windows > 0 ? 0 : NONE;
    for (uint16_t i = 0; i < reg->config.windows; i++)
        reg->windows[i].next = i + 1 < reg->config.windows ? (uint16_t)(i + 1) : NONE;
}

struct window *reg_window_find(const struct registry *reg, const struct record *r, uint8_t format)
{
    for (uint16_t i = r->windows; i != NONE; i = reg->windows[i].next) {
        if (reg->windows[i].format == format)
            return &reg->windows[i];
    }
    return NULL;
}

struct window *reg_window_take(struct registry *reg, struct record *r)
{
    const uint16_t i = reg->free_window;

    if (i == NONE)
        return NULL;
    reg->free_window = reg->windows[i].next;
    reg->windows[i].next = NONE;
    uint16_t *link = &r->windows;
    while (*link != NONE)
        link = &reg->windows[*link].next;
    *link = i;
    return &reg->windows[i];
}

void reg_windows_release(struct registry *reg, struct record *r)
{
    while (r->windows != NONE) {
        const uint16_t i = r->windows;
        r->windows = reg->windows[i].next;
        reg->windows[i].next = reg->free_window;
        reg->free_window = i;
    }
}

/* The window's format and the frame's place in it. */
struct count {
    uint8_t format;
    uint32_t counter;
};

/* Only the version tells how a MiBeacon counts, and no tag covers it: what the first frame said
 * stays, or a replay could choose the window that has not seen it. */
static bool counts_with_8_bits(const struct registry *reg, const struct record *r,
                               const struct beacon_decoded *d)
{
    if (!(d->fields & BEACON_HAS_EXT_COUNTER))
        return true;
    if (reg_window_find(reg, r, d->format))
        return false;
    return d->version < 5 || reg_window_find(reg, r, d->format | WINDOW_8_BITS);
}

static struct count count_of(const struct registry *reg, const struct record *r,
                             const struct beacon_decoded *d)
{
    if (d->fields & BEACON_HAS_COUNTER)
        return (struct count){ d->format, d->counter };
    if (counts_with_8_bits(reg, r, d))
        return (struct count){ d->format | WINDOW_8_BITS, d->frame_counter };
    return (struct count){ d->format, d->ext_counter << 8 | d->frame_counter };
}

static struct verdict first_frame(struct registry *reg, struct record *r, uint8_t format,
                                  const struct window_frame *f)
{
    struct window *w = reg_window_take(reg, r);

    if (!w)
        return (struct verdict){ .no_window = true };
    window_start(w, format, f);
    return (struct verdict){ .is_new = true };
}

struct verdict reg_window_judge(struct registry *reg, struct record *r,
                                const struct beacon_decoded *d)
{
    const struct count count = count_of(reg, r, d);
    const struct window_frame f = { count.counter, d->content_hash, (uint32_t)reg->now_ms };
    struct window *w = reg_window_find(reg, r, count.format);
    struct verdict v = { 0 };

    if (!w)
        return first_frame(reg, r, count.format, &f);
    const bool just_now = reg_age(reg, w->heard) <= WINDOW_TWIN_MS;
    switch (window_judge(w, &f, reg_quiet(reg, r), &v.step)) {
    case WINDOW_NEW:
        v.is_new = true;
        break;
    case WINDOW_RESTART:
        v.is_new = true;
        v.restarted = !(count.format & WINDOW_8_BITS); /* 8 bits: it may just have come round */
        break;
    case WINDOW_SAME:
        v.fresh_repeat = just_now;
        break;
    case WINDOW_STALE:
        break;
    }
    return v;
}
