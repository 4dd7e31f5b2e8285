/*
 * What a sender said in the clear in the last seconds, to know repeats. (Authentic frames have
 * their windows.) An entry's time has eight bits, in steps of 64 ms, and is compared with the time
 * of the last hearing, when every entry that stayed was younger than 10 s: a circle of 16 s is
 * enough.
 */
#include "registry/registry_private.h"

#define STEP_MS 64u

static uint32_t age_ms(const struct registry *reg, const struct record *r, size_t i)
{
    const uint8_t steps = (uint8_t)(r->heard / STEP_MS - r->recent.at[i]);

    return steps * STEP_MS + reg_age(reg, r->heard);
}

static void drop_old(const struct registry *reg, struct record *r)
{
    struct recent *recent = &r->recent;

    for (size_t i = recent->n; i-- > 0;) {
        if (age_ms(reg, r, i) <= REG_REPEAT_MS)
            continue;
        recent->n--;
        recent->hash[i] = recent->hash[recent->n];
        recent->at[i] = recent->at[recent->n];
    }
}

bool reg_recent(const struct registry *reg, struct record *r, uint32_t hash)
{
    drop_old(reg, r);
    for (size_t i = 0; i < r->recent.n; i++) {
        if (r->recent.hash[i] == hash)
            return true;
    }
    return false;
}

/* The place for a content: its own, a free one, or that of the one that was silent longest. */
static size_t place_for(const struct registry *reg, const struct record *r, uint32_t hash)
{
    size_t oldest = 0;

    for (size_t i = 0; i < r->recent.n; i++) {
        if (r->recent.hash[i] == hash)
            return i;
    }
    if (r->recent.n < REG_RECENT)
        return r->recent.n;
    for (size_t i = 1; i < r->recent.n; i++) {
        if (age_ms(reg, r, i) > age_ms(reg, r, oldest))
            oldest = i;
    }
    return oldest;
}

void reg_hear(const struct registry *reg, struct record *r)
{
    drop_old(reg, r);
    r->heard = (uint32_t)reg->now_ms;
}

void reg_recent_note(const struct registry *reg, struct record *r, uint32_t hash)
{
    reg_hear(reg, r);
    const size_t i = place_for(reg, r, hash);
    if (i == r->recent.n)
        r->recent.n++;
    r->recent.hash[i] = hash;
    r->recent.at[i] = (uint8_t)(r->heard / STEP_MS);
}
