/* The table of records: by address, by slot number, and who has to go when it is full. */
#include "registry/registry_private.h"

#include <string.h>

#define DAY_MS (24u * 60 * MINUTE_MS)

/* ---- by address: open addressing, at most half full ---- */

static uint32_t home_of(const struct registry *reg, struct mac mac)
{
    uint64_t n = mac_number(mac) * UINT64_C(0x9e3779b97f4a7c15);

    n ^= n >> 32;
    return (uint32_t)(n >> 8) & reg->index_mask;
}

static uint32_t place_of(const struct registry *reg, struct mac mac)
{
    uint32_t at = home_of(reg, mac);

    while (reg->index[at] != NONE && !mac_equal(reg->records[reg->index[at]].mac, mac))
        at = (at + 1) & reg->index_mask;
    return at;
}

struct record *reg_find(const struct registry *reg, struct mac mac)
{
    const uint16_t number = reg->index[place_of(reg, mac)];

    return number == NONE ? NULL : &reg->records[number];
}

/* Empties a place and moves up what stood behind it only because it was taken. */
static void index_remove(struct registry *reg, struct mac mac)
{
    uint32_t hole = place_of(reg, mac);
    uint32_t at = hole;

    for (;;) {
        at = (at + 1) & reg->index_mask;
        if (reg->index[at] == NONE)
            break;
        const uint32_t home = home_of(reg, reg->records[reg->index[at]].mac);
        if (((at - home) & reg->index_mask) >= ((at - hole) & reg->index_mask)) {
            reg->index[hole] = reg->index[at];
            hole = at;
        }
    }
    reg->index[hole] = NONE;
}

/* ---- records ---- */

void reg_records_init(struct registry *reg)
{
    for (uint32_t i = 0; i <= reg->index_mask; i++)
        reg->index[i] = NONE;
    for (uint16_t i = 0; i < reg->config.sensors; i++) {
        reg->records[i].standing = REG_FREE;
        reg->records[i].values = (uint16_t)(i + 1); /* free records are a chain through `values` */
    }
    reg->records[reg->config.sensors - 1].values = NONE;
    reg->free_record = 0;
}

bool reg_is_listed(const struct record *r)
{
    return r->standing == REGISTRY_IS_LISTED;
}

bool reg_is_kept(const struct record *r)
{
    return (r->flags & (R_CONFIGURED | R_APPROVED)) != 0 || r->key != NONE || r->name != NONE ||
           r->identity != NONE || r->standing == REGISTRY_IS_IGNORED;
}

static bool is_stranger(const struct record *r)
{
    return r->standing != REG_FREE && !reg_is_kept(r);
}

static struct record *take(struct registry *reg, struct mac mac)
{
    const uint16_t number = reg->free_record;
    struct record *r = &reg->records[number];

    reg->free_record = r->values;
    *r = (struct record){
        .mac = mac,
        .standing = REGISTRY_IS_PENDING,
        .slot = REGISTRY_NO_SLOT,
        .heard = (uint32_t)reg->now_ms,
        .rssi = ADVERT_NO_RSSI,
        .name = NONE,
        .identity = NONE,
        .key = NONE,
        .windows = NONE,
        .values = NONE,
    };
    reg->index[place_of(reg, mac)] = number;
    return r;
}

void reg_release(struct registry *reg, struct record *r)
{
    reg_unlist(reg, r);
    reg_vault_drop(reg, r);
    index_remove(reg, r->mac);
    reg_values_release(reg, r);
    reg_windows_release(reg, r);
    reg_key_release(reg, r);
    reg_text_release(reg, r->name);
    reg_text_release(reg, r->identity);
    r->standing = REG_FREE;
    r->flags = 0;
    r->values = reg->free_record;
    reg->free_record = (uint16_t)(r - reg->records);
}

void reg_settle(struct registry *reg)
{
    reg->strangers = 0;
    for (size_t i = 0; i < reg->config.sensors; i++)
        reg->strangers = (uint16_t)(reg->strangers + is_stranger(&reg->records[i]));
}

/* Somebody may look at its values: no stranger takes its place. That of a sensor whose silence says
 * nothing is free after a day. */
static bool is_there(const struct registry *reg, const struct record *r)
{
    return reg_is_listed(r) && !(r->flags & R_OFFLINE) && reg_age(reg, r->heard) < DAY_MS;
}

static bool goes_before(const struct registry *reg, const struct record *a, const struct record *b)
{
    if (is_there(reg, a) != is_there(reg, b))
        return is_there(reg, b);
    return reg_age(reg, a->heard) > reg_age(reg, b->heard);
}

bool reg_evict_stranger(struct registry *reg, const struct record *spare, bool for_user)
{
    struct record *oldest = NULL;

    if (reg->strangers == 0 || reg->n_gone == REG_GONE_MAX)
        return false;
    for (size_t i = 0; i < reg->config.sensors; i++) {
        struct record *r = &reg->records[i];
        if (r == spare || !is_stranger(r))
            continue;
        if (!oldest || goes_before(reg, r, oldest))
            oldest = r;
    }
    if (!oldest || (!for_user && is_there(reg, oldest)))
        return false;
    reg->gone[reg->n_gone++] = oldest->mac;
    reg_release(reg, oldest);
    reg->strangers--;
    return true;
}

void reg_tell_gone(struct registry *reg)
{
    while (reg->n_gone > 0)
        reg_tell(reg, REGISTRY_REMOVED, reg->gone[--reg->n_gone], REGISTRY_NO_SLOT);
}

struct record *reg_take_for_user(struct registry *reg, struct mac mac)
{
    struct record *r = reg_find(reg, mac);

    if (r)
        return r;
    if (reg->free_record == NONE)
        reg_evict_stranger(reg, NULL, true);
    return reg->free_record == NONE ? NULL : take(reg, mac);
}

/* Pushing others out is limited, so that a flood costs little and leaves strangers time to speak.
 */
static bool may_push_out(struct registry *reg)
{
    const uint32_t second = (uint32_t)(reg->now_ms / 1000);

    if (second != reg->admit_second) {
        reg->admit_second = second;
        reg->admitted = 0;
    }
    if (reg->admitted >= reg->config.admit)
        return false;
    reg->admitted++;
    return true;
}

struct record *reg_admit(struct registry *reg, struct mac mac)
{
    if (reg->strangers >= reg->config.strangers || reg->free_record == NONE) {
        if (!may_push_out(reg))
            return NULL;
        reg->is_crowded = !reg_evict_stranger(reg, NULL, false);
        if (reg->is_crowded)
            return NULL;
    }
    if (reg->free_record == NONE || reg_find(reg, mac))
        return NULL;
    reg->strangers++;
    return take(reg, mac);
}

void reg_tell_marked(struct registry *reg)
{
    for (size_t i = 0; i < reg->config.sensors; i++) {
        struct record *r = &reg->records[i];
        if (!(r->flags & R_MARK))
            continue;
        r->flags &= ~R_MARK;
        if (reg_is_listed(r))
            reg_tell(reg, REGISTRY_LISTED, r->mac, r->slot);
    }
}

/* ---- slot numbers ---- */

static size_t order_at(const struct registry *reg, uint32_t slot)
{
    size_t low = 0, high = reg->listed;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (reg->records[reg->order[middle]].slot < slot)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct record *reg_slot_from(const struct registry *reg, uint32_t slot)
{
    const size_t at = order_at(reg, slot);

    return at < reg->listed ? &reg->records[reg->order[at]] : NULL;
}

void reg_list_at(struct registry *reg, struct record *r, uint32_t slot)
{
    const size_t at = order_at(reg, slot);

    memmove(&reg->order[at + 1], &reg->order[at], (reg->listed - at) * sizeof(reg->order[0]));
    reg->order[at] = (uint16_t)(r - reg->records);
    reg->listed++;
    reg->next_slot += slot == reg->next_slot;
    r->standing = REGISTRY_IS_LISTED;
    r->slot = slot;
}

void reg_list(struct registry *reg, struct record *r)
{
    if (!reg_is_listed(r))
        reg_list_at(reg, r, reg->next_slot);
}

void reg_unlist(struct registry *reg, struct record *r)
{
    if (!reg_is_listed(r))
        return;
    const size_t at = order_at(reg, r->slot);
    reg->listed--;
    memmove(&reg->order[at], &reg->order[at + 1], (reg->listed - at) * sizeof(reg->order[0]));
    r->slot = REGISTRY_NO_SLOT;
    r->standing = REGISTRY_IS_PENDING;
}

void reg_hand_over_slot(struct registry *reg, struct record *old, struct record *fresh)
{
    reg->order[order_at(reg, old->slot)] = (uint16_t)(fresh - reg->records);
    fresh->slot = old->slot;
    fresh->standing = REGISTRY_IS_LISTED;
    old->slot = REGISTRY_NO_SLOT;
    old->standing = REGISTRY_IS_PENDING;
}
