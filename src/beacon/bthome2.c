/*
 * BTHome version 2: service data of UUID fcd2.
 *
 *     DD  [M x 6]  object...  [CC CC CC CC  tag x 4]
 *
 * D  info: bit 0 encrypted, 1 MAC follows (last byte first), 2 trigger based, 5..7 version, 2
 * C  counter and tag, when encrypted
 *
 *     object:  II  value      as long as the id says; 53 and 54 have a length byte first
 *
 * An unknown id ends the walk, for nobody knows how long it is; what came before is good.
 * Encrypted:
 *
 *     nonce  MAC as shown x 6  d2 fc  DD  CC CC CC CC      no additional data
 *
 * D is in the nonce as it was sent, so no bit of it can be changed without the tag's notice, but
 * for the first: a frame without it is a plain one, and the registry refuses it of a sensor with a
 * key.
 */
#include "beacon/bthome.h"

#include <string.h>

#define VERSION        2
#define INFO_ENCRYPTED 0x01
#define INFO_MAC       0x02
#define INFO_TRIGGER   0x04
#define VERSION_SHIFT  5

static enum beacon_outcome read_objects(struct beacon_decoded *d, const uint8_t *base,
                                        struct bytes row)
{
    struct bthome_walk walk = { .d = d, .base = base };

    while (row.len > 0) {
        const unsigned id = (unsigned)bytes_take_le(&row, 1);
        const struct bthome_object *object = bthome_object(id);
        if (object->size == 0) {
            reading_unknown(d, (uint16_t)id);
            walk.tally.unknown = true;
            break;
        }
        const size_t len =
            object->form == BTHOME_BYTES ? (size_t)bytes_take_le(&row, 1) : object->size;
        const uint8_t *value = bytes_take(&row, len);
        if (!value) {
            walk.tally.cut = true;
            break;
        }
        bthome_read(&walk, object, object->form, value, len);
    }
    return reading_outcome(d, &walk.tally);
}

static enum beacon_outcome decode_encrypted(const struct element *e, uint8_t info, struct bytes row,
                                            struct beacon_decoded *d)
{
    uint8_t nonce[13];
    struct cx_ccm_call call = { .nonce = nonce, .nonce_len = sizeof(nonce) };

    memcpy(nonce, e->advert->addr.b, 6);
    nonce[6] = 0xd2;
    nonce[7] = 0xfc;
    nonce[8] = info;
    const enum beacon_outcome opened = bthome_open(e, &call, nonce + 9, row, d);
    if (opened != BEACON_OK)
        return opened;
    return read_objects(d, d->plain, (struct bytes){ .p = d->plain, .len = call.len });
}

enum beacon_outcome bthome2_decode(const struct element *e, struct beacon_decoded *d)
{
    struct bytes row = { .p = e->data, .len = e->len };
    const uint8_t info = (uint8_t)bytes_take_le(&row, 1);
    const uint8_t *mac = info & INFO_MAC ? bytes_take(&row, 6) : NULL;

    bthome_start(d, info & INFO_ENCRYPTED ? BEACON_BTHOME2_ENC : BEACON_BTHOME2,
                 info >> VERSION_SHIFT);
    d->trigger_based = (info & INFO_TRIGGER) != 0;
    d->fields |= BEACON_HAS_TRIGGER_BASED;
    if (e->len > 0 && d->version != VERSION)
        return BEACON_REJECT_VERSION;
    if (row.failed)
        return BEACON_REJECT_SHORT;
    if (mac && !element_mac_is_senders(e, mac))
        return BEACON_REJECT_MAC;
    if (info & INFO_ENCRYPTED)
        return decode_encrypted(e, info, row, d);
    return read_objects(d, e->advert->data, row);
}
