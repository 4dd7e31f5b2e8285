/* The vault: the last frames nobody could read, kept for a key that may come. */
#include "registry/registry_private.h"

#include <string.h>

static uint8_t *data_of(const struct registry *reg, size_t i)
{
    return reg->vault_data + i * reg->config.vault_len;
}

/* What stays: a frame of a sensor the user cares about is worth more than a stranger's, and a
 * second frame of one sender less than another sender's first. Lower goes first. */
static int worth(const struct registry *reg, const struct vault_frame *f)
{
    /* A frame goes with its record at the latest, so there is one. */
    const struct record *r = reg_find(reg, f->mac);

    return (reg_is_kept(r) ? 2 : 0) + (r->vaulted == 1 ? 1 : 0);
}

static bool goes_before(const struct registry *reg, size_t a, size_t b)
{
    const int worth_a = worth(reg, &reg->vault[a]), worth_b = worth(reg, &reg->vault[b]);

    if (worth_a != worth_b)
        return worth_a < worth_b;
    return reg_age(reg, reg->vault[a].heard) > reg_age(reg, reg->vault[b].heard);
}

/* The place for a new frame of `r`: a free one, else the least worth, unless that is worth more
 * than the new one. config.vault for none. */
static size_t place_for(const struct registry *reg, const struct record *r)
{
    size_t least = 0;

    for (size_t i = 0; i < reg->config.vault; i++) {
        if (!reg->vault[i].used)
            return i;
        if (goes_before(reg, i, least))
            least = i;
    }
    if (reg->config.vault > 0 && worth(reg, &reg->vault[least]) >= 2 && !reg_is_kept(r))
        return reg->config.vault;
    return least;
}

static bool is_there(const struct registry *reg, const struct record *r, uint32_t hash)
{
    for (size_t i = 0; i < reg->config.vault; i++) {
        const struct vault_frame *f = &reg->vault[i];
        if (f->used && f->hash == hash && mac_equal(f->mac, r->mac))
            return true;
    }
    return false;
}

/* Its place is free. */
static void give_up(struct registry *reg, size_t i)
{
    if (reg->vault[i].used)
        reg_find(reg, reg->vault[i].mac)->vaulted--;
    reg->vault[i].used = false;
}

void reg_vault_keep(struct registry *reg, struct record *r, const struct advert *advert,
                    uint32_t hash)
{
    if (advert->len > reg->config.vault_len || is_there(reg, r, hash))
        return;
    const size_t i = place_for(reg, r);
    if (i == reg->config.vault)
        return;
    give_up(reg, i);
    r->vaulted++;
    reg->vault[i] = (struct vault_frame){
        .mac = r->mac,
        .addr_type = advert->addr_type,
        .used = true,
        .len = advert->len,
        .heard = (uint32_t)reg->now_ms,
        .hash = hash,
    };
    memcpy(data_of(reg, i), advert->data, advert->len);
}

void reg_vault_drop(struct registry *reg, struct record *r)
{
    for (size_t i = 0; r->vaulted > 0 && i < reg->config.vault; i++) {
        if (reg->vault[i].used && mac_equal(reg->vault[i].mac, r->mac))
            give_up(reg, i);
    }
}

static bool opens(const struct registry *reg, size_t i, const struct beacon_key *key)
{
    const struct vault_frame *f = &reg->vault[i];
    const struct advert advert = { .addr = f->mac,
                                   .addr_type = f->addr_type,
                                   .rssi = ADVERT_NO_RSSI,
                                   .len = f->len,
                                   .data = data_of(reg, i) };
    struct beacon_decoded d;
    const enum beacon_outcome outcome = beacon_decode(&advert, key, &d);

    return outcome != BEACON_NO_KEY && outcome != BEACON_REJECT_MIC && d.encrypted;
}

struct registry_trial reg_vault_try(const struct registry *reg, struct mac mac,
                                    const struct beacon_key *key)
{
    struct registry_trial trial = { 0 };

    for (size_t i = 0; i < reg->config.vault; i++) {
        if (!reg->vault[i].used || !mac_equal(reg->vault[i].mac, mac))
            continue;
        trial.tried++;
        trial.opened += opens(reg, i, key);
    }
    return trial;
}
