/*
 * Mi scales, little-endian; Y is the time: year u16, month, day, hour, minute, second.
 *
 * Scale 1, service data of UUID 181d, 10 bytes:
 *
 *     FF  WW WW  Y x 7       F  bit 0 pounds, 4 jin, 5 stable, 7 weight removed
 *
 * Body composition scale 2, UUID 181b, 13 bytes:
 *
 *     UU  FF  Y x 7  ZZ ZZ  WW WW      U  bit 0 pounds (02 kg and 03 lb are seen)
 *                                      F  bit 1 impedance valid, 5 stable, 6 jin, 7 removed
 *                                      Z  impedance, ohm
 *
 * W is weight: / 200 kg, / 100 lb, / 100 jin. A jin is 0.5 kg (one project takes 0.6, which is
 * Hong Kong's and not what the scales weigh in). Reported in kg whatever the display shows: live
 * always, and as the weight when it is stable and somebody still stands there.
 */
#include "beacon/beacon_private.h"

#include "base/fixed.h"

#define SCALE1_LEN 10
#define SCALE2_LEN 13

/* What both frames say, whatever its place in them. */
struct weighing {
    bool is_lb, is_jin, is_stable, is_removed;
    uint16_t weight;
    const uint8_t *time;
};

static void read_weight(const struct weighing *w, struct beacon_decoded *d)
{
    const int64_t kg_per_lb = 45359237; /* in 10^-8, by definition */
    const int64_t kg = w->is_lb ? fixed_rescale(w->weight * kg_per_lb, -10, -5) : w->weight * 5;
    const int scale10 = w->is_lb ? -5 : -3;

    reading_number(d, BEACON_KIND_WEIGHT_LIVE, kg, scale10);
    if (w->is_stable && !w->is_removed)
        reading_number(d, BEACON_KIND_WEIGHT, kg, scale10);
    reading_state(d, BEACON_KIND_WEIGHT_UNIT,
                  w->is_lb ? BEACON_WEIGHT_UNIT_LB
                           : (w->is_jin ? BEACON_WEIGHT_UNIT_JIN : BEACON_WEIGHT_UNIT_KG));
    reading_state(d, BEACON_KIND_STABILIZED, w->is_stable);
    reading_state(d, BEACON_KIND_WEIGHT_REMOVED, w->is_removed);
}

/* A clock that was never set is no reason to drop the weight. */
static void read_time(const uint8_t *p, struct beacon_decoded *d)
{
    int64_t seconds;

    if (number_time((unsigned)bytes_le(p, 2), p + 2, &seconds))
        reading_state(d, BEACON_KIND_SCALE_TIME, seconds);
}

enum beacon_outcome miscale1_decode(const struct element *e, struct beacon_decoded *d)
{
    const uint8_t *p = e->data;

    if (e->len != SCALE1_LEN)
        return BEACON_IGNORE;
    d->format = BEACON_MISCALE1;
    d->product = product_without_id(PRODUCT_MISCALE1);
    const struct weighing w = {
        p[0] & 0x01, p[0] & 0x10, p[0] & 0x20, p[0] & 0x80, (uint16_t)bytes_le(p + 1, 2), p + 3
    };
    read_weight(&w, d);
    read_time(w.time, d);
    return BEACON_OK;
}

enum beacon_outcome miscale2_decode(const struct element *e, struct beacon_decoded *d)
{
    const uint8_t *p = e->data;

    if (e->len != SCALE2_LEN)
        return BEACON_IGNORE;
    d->format = BEACON_MISCALE2;
    d->product = product_without_id(PRODUCT_MISCALE2);
    const struct weighing w = {
        p[0] & 0x01, p[1] & 0x40, p[1] & 0x20, p[1] & 0x80, (uint16_t)bytes_le(p + 11, 2), p + 2
    };
    read_weight(&w, d);
    if (p[1] & 0x02)
        reading_number(d, BEACON_KIND_IMPEDANCE, (int64_t)bytes_le(p + 9, 2), 0);
    read_time(w.time, d);
    return BEACON_OK;
}
