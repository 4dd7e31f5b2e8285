/*
 * Is it still there? Each field learns its own rhythm: the last 16 gaps between new frames, four
 * bits each. A gap of up to 5 minutes is level 0, because 3 times that is the 15 minutes nothing
 * counts as silent before; the levels above lie just over the rhythms that sensors have (10 min,
 * 30 min, 1 h, ...), and a gap counts as the next level up.
 */
#include "registry/registry_private.h"

static const uint16_t level_minutes[16] = { 5,  7,  9,   11,  16,  22,  32,   45,
                                            62, 92, 125, 185, 370, 740, 1470, 2900 };

#define BEAT_MS  100u
#define SPAN_MAX 512 /* both halves are halved beyond: older frames count less */
#define SPAN_MIN 4   /* before, a rate would be a guess */
#define STEP_MAX                                                                                   \
    64 /* a longer jump of the counter is a restart or an outage, not bad reception                \
        */
#define HOUR_MS   (60 * MINUTE_MS)
#define LIMIT_MIN MINUTE_MS
#define LIMIT_MAX HOUR_MS /* one long outage must not excuse the next */

void reg_gap_note(struct value *v, uint32_t gap_ms)
{
    uint32_t level = 0;

    while (level < 15 && gap_ms > level_minutes[level] * MINUTE_MS)
        level++;
    v->gaps[1] = v->gaps[1] << 4 | v->gaps[0] >> 28;
    v->gaps[0] = v->gaps[0] << 4 | level;
    v->flags |= (v->flags & V_ONE_GAP) ? V_TWO_GAPS : V_ONE_GAP;
}

static uint32_t longest_ms(const struct value *v)
{
    uint32_t level = 0;

    for (unsigned shift = 0; shift < 32; shift += 4) {
        const uint32_t a = v->gaps[0] >> shift & 15, b = v->gaps[1] >> shift & 15;
        const uint32_t larger = a > b ? a : b;
        level = larger > level ? larger : level;
    }
    return level_minutes[level] * MINUTE_MS;
}

/* Something that happens: its silence says nothing. */
static bool happens(const struct value *v)
{
    return (v->flags & BEACON_EVENT) || reg_is_two_state(v->kind);
}

uint32_t reg_value_expires(const struct value *v)
{
    return happens(v) ? UINT32_MAX : 3 * longest_ms(v);
}

/* Whether a field's rhythm is known well enough to judge the sensor by it. Between events a sensor
 * may be silent for hours, so one with events is judged by what has shown a rhythm twice. */
static bool is_judge(const struct value *v, bool has_events, bool any_rhythm)
{
    if (happens(v))
        return false;
    if (has_events)
        return (v->flags & V_TWO_GAPS) != 0;
    return (v->flags & V_ONE_GAP) || !any_rhythm;
}

uint32_t reg_expires(const struct registry *reg, const struct record *r)
{
    bool has_events = false, any_rhythm = false;
    uint32_t least = UINT32_MAX;

    for (uint16_t i = r->values; i != NONE; i = reg->values[i].next) {
        has_events |= happens(&reg->values[i]);
        any_rhythm |= (reg->values[i].flags & V_ONE_GAP) != 0;
    }
    for (uint16_t i = r->values; i != NONE; i = reg->values[i].next) {
        const uint32_t expires = reg_value_expires(&reg->values[i]);
        if (is_judge(&reg->values[i], has_events, any_rhythm) && expires < least)
            least = expires;
    }
    return least;
}

uint32_t reg_quiet(const struct registry *reg, const struct record *r)
{
    uint32_t least = UINT32_MAX;

    for (uint16_t i = r->values; i != NONE; i = reg->values[i].next) {
        const struct value *v = &reg->values[i];
        if ((v->flags & V_ONE_GAP) && !happens(v) && longest_ms(v) < least)
            least = longest_ms(v);
    }
    const bool is_slow = least != UINT32_MAX && least > level_minutes[0] * MINUTE_MS;
    const uint32_t quiet = is_slow ? 2 * least : 4 * BEAT_MS * r->pace.beat;
    return quiet > WINDOW_RESTART_QUIET ? quiet : WINDOW_RESTART_QUIET;
}

/* ---- hit rate ---- */

static void pace_add(struct pace *p, uint32_t heard, uint32_t span)
{
    p->heard = (uint16_t)(p->heard + heard);
    p->span = (uint16_t)(p->span + span);
    if (p->span > SPAN_MAX) {
        p->span /= 2;
        p->heard = (uint16_t)((p->heard + 1) / 2);
    }
}

/* The beat follows a shorter gap at once and a longer one, which may be a missed frame, slowly.
 * Returns how many beats fit into the gap; 0 when that says nothing. */
static uint32_t beats_since(const struct registry *reg, struct record *r, uint32_t frames)
{
    const uint32_t gap = reg_age(reg, r->heard) / BEAT_MS / frames;
    struct pace *p = &r->pace;

    if (!(r->flags & R_HEARD) || gap == 0 || gap > UINT16_MAX)
        return 0;
    if (p->beat == 0)
        p->beat = (uint16_t)gap;
    const uint32_t beats = (gap + p->beat / 2) / p->beat;
    const int32_t off = (int32_t)gap - p->beat;
    p->beat = (uint16_t)(p->beat + (off > 0 ? 1 : off / 4));
    return beats > 0 ? beats : 1;
}

void reg_pace_counted(const struct registry *reg, struct record *r, uint32_t step)
{
    if (step > STEP_MAX)
        return;
    if (step > 0)
        beats_since(reg, r, step);
    pace_add(&r->pace, 1, step);
}

void reg_pace_plain(const struct registry *reg, struct record *r, const struct beacon_decoded *d)
{
    const bool by_packet = (d->fields & BEACON_HAS_PACKET_ID) != 0;

    if (!by_packet && !(d->fields & BEACON_HAS_FRAME_COUNTER)) {
        const uint32_t beats = beats_since(reg, r, 1);
        if (beats > 0 && beats <= STEP_MAX)
            pace_add(&r->pace, 1, beats);
        return;
    }
    const uint8_t counter = by_packet ? d->packet_id : d->frame_counter;
    if ((r->flags & R_COUNTED) && r->format == d->format)
        reg_pace_counted(reg, r, (uint8_t)(counter - r->pace.counter));
    r->pace.counter = counter;
    r->flags |= R_COUNTED;
}

uint8_t reg_pace_rate(const struct record *r)
{
    if (r->pace.span < SPAN_MIN)
        return REGISTRY_NO_RATE;
    const uint32_t rate = 100u * r->pace.heard / r->pace.span;
    return (uint8_t)(rate < 100 ? rate : 100);
}

/* ---- offline and online ---- */

static void limit(const struct registry *reg, uint32_t *then, bool all)
{
    if (all || reg_age(reg, *then) > REG_OLDEST_MS)
        *then = (uint32_t)reg->now_ms - REG_OLDEST_MS;
}

void reg_limit_ages(struct registry *reg, bool all)
{
    for (size_t i = 0; i < reg->config.sensors; i++) {
        limit(reg, &reg->records[i].heard, all);
        limit(reg, &reg->records[i].bad_since, all);
    }
    for (size_t i = 0; i < reg->config.values; i++)
        limit(reg, &reg->values[i].heard, all);
    for (size_t i = 0; i < reg->config.windows; i++)
        limit(reg, &reg->windows[i].heard, all);
    for (size_t i = 0; i < reg->config.vault; i++)
        limit(reg, &reg->vault[i].heard, all);
    for (size_t i = 0; i < REGISTRY_RADIOS; i++)
        limit(reg, &reg->radios[i].heard, all);
    limit(reg, &reg->radio_hour, all);
    reg->aged_ms = reg->now_ms;
}

static void end_back_off(const struct registry *reg, struct record *r)
{
    if (reg_age(reg, r->bad_since) >= MINUTE_MS)
        r->flags &= ~R_BACKING_OFF;
}

static bool falls_silent(const struct registry *reg, const struct record *r)
{
    if (!(r->flags & R_HEARD) || (r->flags & R_OFFLINE))
        return false;
    return reg_age(reg, r->heard) > reg_expires(reg, r);
}

void registry_tick(struct registry *reg, uint64_t now_ms)
{
    reg_move_time(reg, now_ms);
    reg_limit_ages(reg, false);
    reg_radio_tick(reg);
    for (size_t i = 0; i < reg->config.sensors; i++) {
        struct record *r = &reg->records[i];
        if (r->standing == REG_FREE)
            continue;
        end_back_off(reg, r);
        if (!falls_silent(reg, r))
            continue;
        r->flags |= R_OFFLINE;
        if (reg_is_listed(r))
            reg_tell(reg, REGISTRY_OFFLINE, r->mac, r->slot);
    }
}

/* Full hours since the last one told; 0 when none was, and when the clock went back. */
static unsigned hours_since(const struct registry *reg, unsigned local_hour)
{
    const unsigned hours = (local_hour + REGISTRY_HOURS - reg->hour) % REGISTRY_HOURS;

    return reg->hour < REGISTRY_HOURS && hours <= REGISTRY_HOURS / 2 ? hours : 0;
}

void registry_hour(struct registry *reg, unsigned local_hour)
{
    uint32_t stale = 0;

    if (local_hour >= REGISTRY_HOURS)
        return;
    for (unsigned i = 0; i <= hours_since(reg, local_hour); i++)
        stale |= UINT32_C(1) << (local_hour + 1 + REGISTRY_HOURS - i) % REGISTRY_HOURS;
    reg->hour = (uint8_t)local_hour;
    for (size_t i = 0; i < reg->config.sensors; i++)
        reg->records[i].hours &= ~stale;
}

/* ---- radios ---- */

void reg_radio_tick(struct registry *reg)
{
    if (reg_age(reg, reg->radio_hour) < HOUR_MS)
        return;
    reg->radio_hour = (uint32_t)reg->now_ms;
    for (size_t i = 0; i < REGISTRY_RADIOS; i++) {
        reg->radios[i].longest_before = reg->radios[i].longest;
        reg->radios[i].longest = 0;
    }
}

static struct radio *radio_of(struct registry *reg, unsigned radio)
{
    return &reg->radios[radio < REGISTRY_RADIOS ? radio : REGISTRY_RADIOS - 1];
}

void reg_radio_heard(struct registry *reg, unsigned radio)
{
    struct radio *at = radio_of(reg, radio);
    const uint32_t silence = reg_age(reg, at->heard);

    if (silence > at->longest)
        at->longest = silence;
    at->heard = (uint32_t)reg->now_ms;
}

void registry_radio_deaf(struct registry *reg, unsigned radio)
{
    radio_of(reg, radio)->heard = (uint32_t)reg->now_ms;
}

uint64_t registry_radio_silence(const struct registry *reg, unsigned radio, uint64_t *limit_ms)
{
    const struct radio *at = &reg->radios[radio < REGISTRY_RADIOS ? radio : REGISTRY_RADIOS - 1];
    const uint32_t longest = at->longest > at->longest_before ? at->longest : at->longest_before;
    uint64_t limit = UINT64_C(10) * longest;

    if (limit > LIMIT_MAX)
        limit = LIMIT_MAX;
    *limit_ms = limit > LIMIT_MIN ? limit : LIMIT_MIN;
    return reg_age(reg, at->heard);
}
