/* Keys: kept with their schedules, tried on the vault, read as people type them. */
#include "registry/registry_private.h"

#include "base/hex.h"

#include <string.h>

#define MAC_DIGITS 12

bool reg_has_key(const struct record *r)
{
    return r->key != NONE;
}

const struct beacon_key *reg_key(const struct registry *reg, const struct record *r)
{
    return r->key == NONE ? NULL : &reg->keys[r->key];
}

const struct beacon_key *registry_key(const struct registry *reg, struct mac addr)
{
    const struct record *r = reg_find(reg, addr);

    if (!r || r->key == NONE)
        return NULL;
    if ((r->flags & R_BACKING_OFF) && reg_age(reg, r->bad_since) < MINUTE_MS)
        return NULL;
    return &reg->keys[r->key];
}

void reg_key_release(struct registry *reg, struct record *r)
{
    if (r->key != NONE)
        beacon_key_clear(&reg->keys[r->key]);
    r->key = NONE;
}

static uint16_t free_key(const struct registry *reg)
{
    for (uint16_t i = 0; i < reg->config.keys; i++) {
        if (reg->keys[i].len == 0)
            return i;
    }
    return NONE;
}

/* What belonged to the key before. */
static void begin_anew(struct registry *reg, struct record *r)
{
    reg_key_release(reg, r);
    reg_windows_release(reg, r);
    r->flags &= ~(R_DOWNGRADED | R_BACKING_OFF | R_WAS_RIGHT | R_WRONG_KEY | R_LOCKED | R_UNBOUND |
                  R_WINDOWS_OUT | R_KEY_IN_CFG | R_KEY_WRITTEN);
    r->bad_tags = 0;
    r->bad_row = 0;
    r->recent.n = 0;
}

static bool is_same(const struct beacon_key *a, const struct beacon_key *b)
{
    return a && a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

enum registry_result reg_key_put(struct registry *reg, struct record *r, const uint8_t *bytes,
                                 size_t len)
{
    struct beacon_key key = { 0 };

    if (len == 0) {
        if (r->key != NONE)
            begin_anew(reg, r);
        return REGISTRY_OK;
    }
    if (len != 12 && len != 16)
        return REGISTRY_E_KEY_LENGTH;
    if (!beacon_key_set(&key, bytes, len))
        return REGISTRY_E_MEMORY;
    if (is_same(reg_key(reg, r), &key)) {
        beacon_key_clear(&key);
        r->flags &= ~R_DOWNGRADED;
        return REGISTRY_OK;
    }
    const uint16_t place = r->key != NONE ? r->key : free_key(reg);
    if (place == NONE) {
        beacon_key_clear(&key);
        return REGISTRY_E_FULL;
    }
    begin_anew(reg, r);
    reg->keys[place] = key;
    r->key = place;
    return REGISTRY_OK;
}

/* A user who enters the key of a stranger now cares about it; what could not be done is undone. */
static void drop_if_new(struct registry *reg, struct record *r, bool is_new)
{
    if (is_new && !reg_is_kept(r))
        reg_release(reg, r);
}

enum registry_result registry_set_key(struct registry *reg, struct mac mac, const uint8_t *bytes,
                                      size_t len, struct registry_trial *trial)
{
    const bool is_new = reg_find(reg, mac) == NULL;
    struct record *r = is_new && len == 0 ? NULL : reg_take_for_user(reg, mac);

    if (trial)
        *trial = (struct registry_trial){ 0 };
    if (!r)
        return is_new && len == 0 ? REGISTRY_E_UNKNOWN : REGISTRY_E_FULL;
    const enum registry_result result = reg_key_put(reg, r, bytes, len);
    if (result == REGISTRY_OK && trial && r->key != NONE)
        *trial = reg_vault_try(reg, mac, reg_key(reg, r));
    const uint32_t slot = r->slot;
    drop_if_new(reg, r, is_new);
    reg_settle(reg);
    reg_tell_gone(reg);
    if (result == REGISTRY_OK) {
        reg_dirty(reg, REG_SOON_MS);
        reg_tell(reg, REGISTRY_EDITED, mac, slot);
    }
    return result;
}

enum registry_result registry_try_key(const struct registry *reg, struct mac mac,
                                      const uint8_t *bytes, size_t len,
                                      struct registry_trial *trial)
{
    struct beacon_key key = { 0 };

    *trial = (struct registry_trial){ 0 };
    if (len != 12 && len != 16)
        return REGISTRY_E_KEY_LENGTH;
    if (!beacon_key_set(&key, bytes, len))
        return REGISTRY_E_MEMORY;
    *trial = reg_vault_try(reg, mac, &key);
    beacon_key_clear(&key);
    return REGISTRY_OK;
}

enum registry_result registry_key_parse(const char *text, size_t len, struct registry_key_arg *out)
{
    struct registry_key_arg arg = { 0 };
    const bool has_colons = len > 2 && text[len - 3] == ':';
    const size_t mac = has_colons ? MAC_DIGITS + 5 : MAC_DIGITS;

    if (len != 32 + mac && len != 24 + mac)
        return REGISTRY_E_KEY_LENGTH;
    const size_t digits = len - mac;
    if (!hex_decode(text, digits, arg.bytes, sizeof(arg.bytes)) ||
        !mac_parse(text + digits, mac, &arg.mac))
        return REGISTRY_E_KEY_HEX;
    arg.len = (uint8_t)(digits / 2);
    *out = arg;
    return REGISTRY_OK;
}
