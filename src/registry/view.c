/* Copies of what is known, for everybody above, and the ways to find a sensor. */
#include "registry/registry_private.h"

#include "beacon/products.h"

#include <stdio.h>
#include <string.h>

struct mac reg_identity(const struct registry *reg, const struct record *r)
{
    struct mac identity = r->mac;

    if (r->identity != NONE)
        memcpy(identity.b, reg_text(reg, r->identity), sizeof(identity.b));
    return identity;
}

bool reg_is_fresh(const struct registry *reg, const struct record *r)
{
    for (uint16_t i = r->values; i != NONE; i = reg->values[i].next) {
        if (reg_age(reg, reg->values[i].heard) <= REG_EXPIRE_MIN_MS)
            return true;
    }
    return false;
}

/* Encrypted frames come, and nothing it says in the clear is fresh. */
bool reg_needs_key(const struct registry *reg, const struct record *r)
{
    return (r->flags & R_LOCKED) && r->key == NONE && !reg_is_fresh(reg, r);
}

static bool is_weak(const struct registry *reg, const struct record *r)
{
    for (uint16_t i = r->windows; i != NONE; i = reg->windows[i].next) {
        if (reg->windows[i].format & WINDOW_8_BITS)
            return true;
    }
    return false;
}

static uint16_t flags_of(const struct registry *reg, const struct record *r)
{
    static const struct {
        uint16_t own, shown;
    } same[] = {
        { R_CONFIGURED, REGISTRY_CONFIGURED },   { R_APPROVED, REGISTRY_APPROVED },
        { R_WRONG_KEY, REGISTRY_WRONG_KEY },     { R_UNBOUND, REGISTRY_UNBOUND },
        { R_PLAIN_OK, REGISTRY_PLAIN_OK },       { R_DOWNGRADED, REGISTRY_DOWNGRADED },
        { R_OFFLINE, REGISTRY_OFFLINE_NOW },     { R_HEARD, REGISTRY_HEARD },
        { R_VALUES_LOST, REGISTRY_VALUES_LOST },
    };
    unsigned flags = 0;

    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
        flags |= r->flags & same[i].own ? same[i].shown : 0u;
    flags |= reg_is_kept(r) ? REGISTRY_KEPT : 0u;
    flags |= reg_has_key(r) ? REGISTRY_HAS_KEY : 0u;
    flags |= reg_needs_key(reg, r) ? REGISTRY_NEEDS_KEY : 0u;
    flags |= is_weak(reg, r) ? REGISTRY_WEAK : 0u;
    if ((r->flags & R_BACKING_OFF) && reg_age(reg, r->bad_since) < MINUTE_MS)
        flags |= REGISTRY_BACKING_OFF;
    return (uint16_t)flags;
}

void reg_view(const struct registry *reg, const struct record *r, struct registry_sensor *out)
{
    *out = (struct registry_sensor){
        .mac = r->mac,
        .identity = reg_identity(reg, r),
        .addr_type = r->flags & R_RANDOM ? ADVERT_ADDR_RANDOM : ADVERT_ADDR_PUBLIC,
        .standing = r->standing,
        .flags = flags_of(reg, r),
        .slot = r->slot,
        .name = reg_text(reg, r->name),
        .product = r->product,
        .product_id = r->product_id,
        .format = r->format,
        .rssi = r->rssi,
        .rssi_smoothed = r->rssi == ADVERT_NO_RSSI ? ADVERT_NO_RSSI : (int8_t)(r->rssi_64 / 64),
        .hit_rate = reg_pace_rate(r),
        .values = reg_values_count(reg, r),
        .vault = r->vaulted,
        .events = r->events,
        .hours = r->hours,
        .heard_ms = r->flags & R_HEARD ? reg->now_ms - reg_age(reg, r->heard) : 0,
        .fid = r->fid,
    };
    for (unsigned i = 0; i < BEACON_OUTCOMES; i++)
        out->outcomes[i] = reg_outcome_count(r, (enum beacon_outcome)i);
}

static bool show(const struct registry *reg, const struct record *r, struct registry_sensor *out)
{
    if (r && out)
        reg_view(reg, r, out);
    return r != NULL;
}

bool registry_find(const struct registry *reg, struct mac mac, struct registry_sensor *out)
{
    return show(reg, reg_find(reg, mac), out);
}

bool registry_find_slot(const struct registry *reg, uint32_t slot, struct registry_sensor *out)
{
    const struct record *r = reg_slot_from(reg, slot);

    return show(reg, r && r->slot == slot ? r : NULL, out);
}

bool registry_next(const struct registry *reg, uint32_t *slot, struct registry_sensor *out)
{
    const struct record *r = reg_slot_from(reg, *slot);

    if (r)
        *slot = r->slot + 1;
    return show(reg, r, out);
}

bool registry_inbox_next(const struct registry *reg, uint32_t *cursor, struct registry_sensor *out)
{
    while (*cursor < reg->config.sensors) {
        const struct record *r = &reg->records[(*cursor)++];
        if (r->standing != REG_FREE && !reg_is_listed(r))
            return show(reg, r, out);
    }
    return false;
}

/* ---- as people type it ---- */

static bool read_slot(const char *text, size_t len, uint32_t *slot)
{
    uint64_t number = 0;

    if (len == 0 || len > 9)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (uint64_t)(text[i] - '0');
    }
    *slot = (uint32_t)number;
    return true;
}

static bool has_label(const struct registry *reg, const struct record *r, const char *text,
                      size_t len)
{
    const struct registry_sensor nameless = { .identity = reg_identity(reg, r),
                                              .name = "",
                                              .product = r->product,
                                              .product_id = r->product_id };
    char label[REGISTRY_LABEL_SIZE];

    return reg_same_name(registry_label(&nameless, label), text, len);
}

/* How well a text means this record. Anybody can send under an address that makes the label of
 * another sensor, so who is kept comes first. */
enum rank { RANK_NOT, RANK_SENDER, RANK_LISTED, RANK_KEPT, RANK_NAMED };

static enum rank rank_of(const struct registry *reg, const struct record *r, const char *text,
                         size_t len)
{
    if (r->standing == REG_FREE)
        return RANK_NOT;
    if (r->name != NONE && reg_same_name(reg_text(reg, r->name), text, len))
        return RANK_NAMED;
    if (!has_label(reg, r, text, len))
        return RANK_NOT;
    if (r->standing == REGISTRY_IS_IGNORED)
        return RANK_SENDER;
    if (reg_is_kept(r))
        return RANK_KEPT;
    return reg_is_listed(r) ? RANK_LISTED : RANK_SENDER;
}

bool reg_is_called(const struct registry *reg, const struct record *r, const char *text, size_t len)
{
    return rank_of(reg, r, text, len) != RANK_NOT;
}

static const struct record *by_label(const struct registry *reg, const char *text, size_t len)
{
    const struct record *best = NULL;
    enum rank highest = RANK_NOT;

    for (size_t i = 0; i < reg->config.sensors; i++) {
        const enum rank rank = rank_of(reg, &reg->records[i], text, len);
        if (rank == RANK_NOT || rank < highest)
            continue;
        best = rank > highest ? &reg->records[i] : NULL; /* of two, nobody knows which */
        highest = rank;
    }
    return best;
}

bool registry_find_text(const struct registry *reg, const char *text, size_t len,
                        struct registry_sensor *out)
{
    struct mac mac;
    uint32_t slot;

    if (mac_parse(text, len, &mac))
        return registry_find(reg, mac, out);
    if (read_slot(text, len, &slot))
        return registry_find_slot(reg, slot, out);
    return show(reg, by_label(reg, text, len), out);
}

/* ---- how they are called ---- */

char *registry_type_name(const struct registry_sensor *sensor, char out[REGISTRY_LABEL_SIZE])
{
    if (sensor->product)
        beacon_product_tasmota(sensor->product, out);
    else if (sensor->product_id != 0)
        snprintf(out, REGISTRY_LABEL_SIZE, "MI_%04X", sensor->product_id);
    else
        snprintf(out, REGISTRY_LABEL_SIZE, "BLE");
    return out;
}

char *registry_label(const struct registry_sensor *sensor, char out[REGISTRY_LABEL_SIZE])
{
    const uint8_t *b = sensor->identity.b;

    if (sensor->name[0]) {
        snprintf(out, REGISTRY_LABEL_SIZE, "%s", sensor->name);
        return out;
    }
    char type[REGISTRY_LABEL_SIZE];
    registry_type_name(sensor, type);
    snprintf(out, REGISTRY_LABEL_SIZE, "%.*s-%02x%02x%02x", REGISTRY_LABEL_SIZE - 8, type, b[3],
             b[4], b[5]);
    return out;
}

char *registry_fid_print(struct registry_fid fid, char out[REGISTRY_FID_SIZE])
{
    const unsigned counter = fid.high & 0xff, product = fid.high >> 8 & 0xffff;
    const unsigned low = fid.low & 0xffff, high = fid.low >> 16;

    out[0] = '\0';
    switch (fid.high >> 24) {
    case FID_MIBEACON:
        snprintf(out, REGISTRY_FID_SIZE, "%04x%02x%02x%04x", product, counter, high & 0xff, low);
        break;
    case FID_COUNTER:
        snprintf(out, REGISTRY_FID_SIZE, "%04x%04x", high, low);
        break;
    case FID_PLAIN_COUNTED:
        snprintf(out, REGISTRY_FID_SIZE, "%02x-%04x%04x", counter, high, low);
        break;
    case FID_PLAIN:
        snprintf(out, REGISTRY_FID_SIZE, "-%04x%04x", high, low);
        break;
    default:
        break;
    }
    return out;
}
