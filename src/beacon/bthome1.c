/*
 * BTHome version 1: service data of UUID 181c (plain) or 181e (encrypted), a row of objects:
 *
 *     FL  II  value x (L - 1)
 *
 * L  bits 0..4: bytes that follow      F  bits 5..7: 0 unsigned, 1 signed, 2 float of 2, 4 or 8
 *    bytes, 3 text, 4 MAC, 5 time stamp      I  object id, the same as in version 2
 *
 * Encrypted:  cipher text  CC CC CC CC  tag x 4
 *
 *     nonce  MAC as shown x 6  1e 18  CC CC CC CC      additional data  11
 */
#include "beacon/bthome.h"

#include <string.h>

#define VERSION     1
#define LEN_MASK    0x1f
#define FORM_SHIFT  5
#define FORM_SIGNED 1
#define FORM_FLOAT  2
#define FORM_TIME   5

static void read_float(struct bthome_walk *walk, const struct bthome_object *object,
                       const uint8_t *data, size_t len)
{
    int64_t value;

    walk->tally.known = true;
    if (!number_float(data, len, &value) ||
        !reading_number(walk->d, object->kind, value, NUMBER_FLOAT_SCALE + object->scale10))
        walk->tally.bad = true;
}

/* The table says what an id is, the frame how its number is written. False when the two do not go
 * together. */
static bool read_object(struct bthome_walk *walk, const struct bthome_object *object,
                        unsigned format, const uint8_t *data, size_t len)
{
    const bool is_number = object->form == BTHOME_UNSIGNED || object->form == BTHOME_SIGNED;
    unsigned form = object->form;

    if (object->form == BTHOME_BYTES) {
        bthome_read(walk, object, form, data, len);
        return true;
    }
    if (len == 0 || (format > FORM_FLOAT && format != FORM_TIME))
        return false;
    if (is_number && format == FORM_FLOAT) {
        read_float(walk, object, data, len);
        return true;
    }
    if (is_number)
        form = format == FORM_SIGNED ? BTHOME_SIGNED : BTHOME_UNSIGNED;
    if (is_number ? len > sizeof(uint64_t) : len != object->size)
        return false;
    bthome_read(walk, object, form, data, len);
    return true;
}

static enum beacon_outcome read_objects(struct beacon_decoded *d, const uint8_t *base,
                                        struct bytes row)
{
    struct bthome_walk walk = { .d = d, .base = base };

    while (row.len > 0) {
        const unsigned head = (unsigned)bytes_take_le(&row, 1);
        const size_t len = head & LEN_MASK;
        const uint8_t *sent = bytes_take(&row, len);
        if (!sent || len == 0) {
            walk.tally.cut = true;
            break;
        }
        const struct bthome_object *object = bthome_object(sent[0]);
        if (object->size == 0) {
            reading_unknown(d, sent[0]);
            walk.tally.unknown = true;
        } else if (!read_object(&walk, object, head >> FORM_SHIFT, sent + 1, len - 1)) {
            walk.tally.bad = true;
        }
    }
    return reading_outcome(d, &walk.tally);
}

enum beacon_outcome bthome1_decode(const struct element *e, struct beacon_decoded *d)
{
    bthome_start(d, BEACON_BTHOME1, VERSION);
    return read_objects(d, e->advert->data, (struct bytes){ .p = e->data, .len = e->len });
}

enum beacon_outcome bthome1_decode_encrypted(const struct element *e, struct beacon_decoded *d)
{
    static const uint8_t aad = 0x11;
    uint8_t nonce[12];
    struct cx_ccm_call call = {
        .nonce = nonce, .nonce_len = sizeof(nonce), .aad = &aad, .aad_len = 1
    };

    bthome_start(d, BEACON_BTHOME1_ENC, VERSION);
    memcpy(nonce, e->advert->addr.b, 6);
    nonce[6] = 0x1e;
    nonce[7] = 0x18;
    const enum beacon_outcome opened =
        bthome_open(e, &call, nonce + 8, (struct bytes){ .p = e->data, .len = e->len }, d);
    if (opened != BEACON_OK)
        return opened;
    return read_objects(d, d->plain, (struct bytes){ .p = d->plain, .len = call.len });
}
