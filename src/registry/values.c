/* What sensors said: a pool of values, each sensor's in a chain in the order of first hearing. */
#include "registry/registry_private.h"

#include "base/bytes.h"

#include <string.h>

void reg_values_init(struct registry *reg)
{
    reg->free_value = reg->config.values > 0 ? 0 : NONE;
    for (uint16_t i = 0; i < reg->config.values; i++)
        reg->values[i].next = i + 1 < reg->config.values ? (uint16_t)(i + 1) : NONE;
}

bool reg_is_two_state(unsigned kind)
{
    const uint8_t type = beacon_kind(kind)->type;

    return type == BEACON_BOOL || type == BEACON_WORD;
}

static bool is_bytes(unsigned kind)
{
    const uint8_t type = beacon_kind(kind)->type;

    return type == BEACON_TEXT || type == BEACON_RAW;
}

struct value *reg_value_find(const struct registry *reg, const struct record *r, unsigned kind,
                             unsigned nth)
{
    for (uint16_t i = r->values; i != NONE; i = reg->values[i].next) {
        if (reg->values[i].kind == kind && reg->values[i].nth == nth)
            return &reg->values[i];
    }
    return NULL;
}

int64_t reg_value_number(const struct value *v)
{
    return bytes_sign(bytes_le(v->number, sizeof(v->number)), sizeof(v->number));
}

/* A text's block and length are kept where a number would be. */
static uint16_t text_of(const struct value *v)
{
    return (uint16_t)bytes_le(v->number, 2);
}

static void release(struct registry *reg, uint16_t i)
{
    if (is_bytes(reg->values[i].kind))
        reg_text_release(reg, text_of(&reg->values[i]));
    reg->values[i].next = reg->free_value;
    reg->free_value = i;
}

void reg_values_release(struct registry *reg, struct record *r)
{
    while (r->values != NONE) {
        const uint16_t i = r->values;
        r->values = reg->values[i].next;
        release(reg, i);
    }
}

static void append(struct registry *reg, struct record *r, uint16_t number)
{
    uint16_t *link = &r->values;

    while (*link != NONE)
        link = &reg->values[*link].next;
    *link = number;
    reg->values[number].next = NONE;
}

uint8_t reg_values_count(const struct registry *reg, const struct record *r)
{
    uint8_t n = 0;

    for (uint16_t i = r->values; i != NONE; i = reg->values[i].next)
        n++;
    return n;
}

/* A new field. One of a sensor the user cares about takes the room of a stranger. */
static struct value *add(struct registry *reg, struct record *r, const struct beacon_reading *in)
{
    if (reg_values_count(reg, r) >= REG_VALUES_MAX)
        return NULL;
    while (reg->free_value == NONE && reg_is_kept(r)) {
        if (!reg_evict_stranger(reg, r, true))
            break;
    }
    const uint16_t i = reg->free_value;
    if (i == NONE)
        return NULL;
    reg->free_value = reg->values[i].next;
    reg->values[i] = (struct value){ .kind = in->kind, .nth = in->nth };
    if (is_bytes(in->kind))
        bytes_put_le(reg->values[i].number, 2, NONE);
    append(reg, r, i);
    return &reg->values[i];
}

/* False when the text found no room; the value is empty then. */
static bool set_text(struct registry *reg, enum text_of of, struct value *v, const uint8_t *bytes,
                     size_t len)
{
    const size_t kept = len < REG_TEXT_SIZE ? len : REG_TEXT_SIZE - 1;

    reg_text_release(reg, text_of(v));
    const uint16_t text = reg_text_take(reg, of, bytes, kept);
    bytes_put_le(v->number, 2, text);
    v->number[2] = (uint8_t)(text == NONE ? 0 : kept);
    return text != NONE;
}

/* False when the number does not fit into the 48 bits that are kept. */
static bool set_number(struct value *v, int64_t number)
{
    bytes_put_le(v->number, sizeof(v->number), (uint64_t)number);
    return reg_value_number(v) == number;
}

static bool set_content(struct registry *reg, enum text_of of, struct value *v,
                        const struct advert *advert, const struct beacon_decoded *d,
                        const struct beacon_reading *in)
{
    if (!is_bytes(in->kind))
        return set_number(v, in->u.value);
    size_t len = 0;
    const uint8_t *bytes = beacon_reading_bytes(advert, d, in, &len);
    return set_text(reg, of, v, bytes, len);
}

static void drop_last(struct registry *reg, struct record *r, const struct value *v)
{
    uint16_t *link = &r->values;

    while (&reg->values[*link] != v)
        link = &reg->values[*link].next;
    const uint16_t i = *link;
    *link = reg->values[i].next;
    release(reg, i);
}

/* False when there is no room, or what was said cannot be kept: then the value is absent, because
 * an old or cut number would be an invented one. */
static bool store(struct registry *reg, struct record *r, const struct advert *advert,
                  const struct beacon_decoded *d, const struct beacon_reading *in)
{
    struct value *v = reg_value_find(reg, r, in->kind, in->nth);
    const bool known = v != NULL;

    if (!v)
        v = add(reg, r, in);
    if (!v)
        return false;
    if (!set_content(reg, reg_is_kept(r) ? TEXT_OF_SENSOR : TEXT_OF_STRANGER, v, advert, d, in)) {
        drop_last(reg, r, v);
        return false;
    }
    if (known)
        reg_gap_note(v, reg_age(reg, v->heard));
    v->heard = (uint32_t)reg->now_ms;
    v->scale10 = in->scale10;
    v->flags = (uint8_t)((v->flags & (V_ONE_GAP | V_TWO_GAPS)) | in->flags);
    return true;
}

void reg_values_store(struct registry *reg, struct record *r, const struct advert *advert,
                      const struct beacon_decoded *d)
{
    for (size_t i = 0; i < d->n; i++) {
        if (!store(reg, r, advert, d, &d->readings[i]))
            r->flags |= R_VALUES_LOST;
    }
}

void reg_values_confirm(struct registry *reg, struct record *r, const struct beacon_decoded *d)
{
    for (size_t i = 0; i < d->n; i++) {
        struct value *v = reg_value_find(reg, r, d->readings[i].kind, d->readings[i].nth);
        if (v)
            v->heard = (uint32_t)reg->now_ms;
    }
}

static void view(const struct registry *reg, const struct value *v, struct registry_value *out)
{
    const uint32_t age = reg_age(reg, v->heard);
    const uint32_t expires = reg_value_expires(v);

    *out = (struct registry_value){
        .kind = v->kind,
        .nth = v->nth,
        .flags = v->flags & (uint8_t) ~(V_ONE_GAP | V_TWO_GAPS),
        .scale10 = v->scale10,
        .stale = age > expires,
        .learned = (v->flags & V_ONE_GAP) != 0,
        .heard_ms = reg->now_ms - age,
        .expires_ms = expires == UINT32_MAX ? UINT64_MAX : expires,
    };
    if (is_bytes(v->kind)) {
        out->bytes = (const uint8_t *)reg_text(reg, text_of(v));
        out->len = v->number[2];
    } else {
        out->value = reg_value_number(v);
    }
}

bool registry_value_next(const struct registry *reg, struct mac mac, uint32_t *cursor,
                         struct registry_value *out)
{
    const struct record *r = reg_find(reg, mac);
    uint16_t i = r ? r->values : NONE;

    for (uint32_t skip = *cursor; i != NONE && skip > 0; skip--)
        i = reg->values[i].next;
    if (i == NONE)
        return false;
    (*cursor)++;
    if (out)
        view(reg, &reg->values[i], out);
    return true;
}

bool registry_value(const struct registry *reg, struct mac mac, enum beacon_kind kind, unsigned nth,
                    struct registry_value *out)
{
    const struct record *r = reg_find(reg, mac);
    const struct value *v = r ? reg_value_find(reg, r, kind, nth) : NULL;

    if (!v)
        return false;
    if (out)
        view(reg, v, out);
    return true;
}
