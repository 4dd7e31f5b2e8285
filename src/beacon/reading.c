/* reading.c: adding values to a decoded frame, and the outcome that follows from them. */
#include "beacon/beacon_private.h"

/* The nth of its kind is found by counting: a frame has few values, mostly two. */
static unsigned next_of_kind(const struct beacon_decoded *d, unsigned kind)
{
    unsigned nth = 1;

    for (unsigned i = 0; i < d->n; i++) {
        if (d->readings[i].kind == kind)
            nth = d->readings[i].nth + 1u;
    }
    return nth;
}

static bool is_bad_battery(const struct beacon_decoded *d, unsigned kind)
{
    return kind == BEACON_KIND_BATTERY && d->format == BEACON_MIBEACON && d->product &&
           (d->product->flags & BEACON_PRODUCT_BAD_BATTERY);
}

/* A free reading with everything but its value; NULL when the frame is full. */
static struct beacon_reading *add(struct beacon_decoded *d, unsigned kind, unsigned nth,
                                  int scale10)
{
    if (d->n == BEACON_READINGS_MAX) {
        d->truncated = true;
        return NULL;
    }
    struct beacon_reading *r = &d->readings[d->n++];
    r->kind = (uint8_t)kind;
    r->nth = (uint8_t)nth;
    r->scale10 = (int8_t)scale10;
    r->flags = (uint8_t)((beacon_kind(kind)->is_event ? BEACON_EVENT : 0) |
                         (d->authentic ? BEACON_AUTHENTIC : 0) |
                         (is_bad_battery(d, kind) ? BEACON_UNRELIABLE : 0));
    return r;
}

/* value * 10^scale10 against limits in whole units; scale10 from -12 to 0. */
static bool is_within(int64_t value, int scale10, int low, int high)
{
    int64_t one = 1;

    while (scale10++ < 0)
        one *= 10;
    return value >= low * one && value <= high * one;
}

/* Limits that hold for every maker's sensor, so that a damaged plain frame is not believed. */
static bool is_plausible(unsigned kind, int64_t value, int scale10)
{
    const char *unit = beacon_kind(kind)->unit;

    if (unit[0] == '%')
        return is_within(value, scale10, 0, 100);
    if (kind >= BEACON_KIND_TEMPERATURE && kind <= BEACON_KIND_DEW_POINT)
        return is_within(value, scale10, -273, 4000);
    return true;
}

bool reading_number(struct beacon_decoded *d, unsigned kind, int64_t value, int scale10)
{
    if (!is_plausible(kind, value, scale10))
        return false;
    struct beacon_reading *r = add(d, kind, next_of_kind(d, kind), scale10);
    if (r)
        r->u.value = value;
    return true;
}

void reading_state_at(struct beacon_decoded *d, unsigned kind, unsigned nth, int64_t value)
{
    struct beacon_reading *r = add(d, kind, nth, 0);

    if (r)
        r->u.value = value;
}

void reading_state(struct beacon_decoded *d, unsigned kind, int64_t value)
{
    reading_state_at(d, kind, next_of_kind(d, kind), value);
}

void reading_bytes(struct beacon_decoded *d, unsigned kind, size_t offset, size_t len)
{
    struct beacon_reading *r = add(d, kind, next_of_kind(d, kind), 0);

    if (!r)
        return;
    r->u.bytes.offset = (uint16_t)offset;
    r->u.bytes.len = (uint16_t)len;
}

void reading_unknown(struct beacon_decoded *d, uint16_t id)
{
    if (d->n_unknown < BEACON_UNKNOWN_MAX)
        d->unknown[d->n_unknown++] = id;
}

enum beacon_outcome reading_outcome(const struct beacon_decoded *d, const struct tally *tally)
{
    if (d->n > 0)
        return BEACON_OK;
    if (tally->bad)
        return BEACON_REJECT_OBJECT;
    if (tally->unknown)
        return BEACON_UNKNOWN_OBJECT;
    if (tally->cut && !tally->known)
        return BEACON_REJECT_SHORT;
    return BEACON_NO_OBJECT;
}
