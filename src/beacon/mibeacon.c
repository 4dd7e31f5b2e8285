/*
 * MiBeacon: service data of UUID fe95, or manufacturer data of company 038f; every number
 * little-endian.
 *
 *     CC CC  PP PP  NN  [M x 6]  [A  [W W]  [I I]]  object...  [X X X  T T T T]  [H H]
 *
 * C  control: bit 3 encrypted, 4 MAC present, 5 capability present, 6 object present, 7 mesh,
 *    12..15 version
 * P  product id      N  frame counter      M  MAC, last byte first
 * A  capability: bits 3 and 4 both set, W follows (a part of a Wi-Fi MAC, by Xiaomi's SDK); bit 5
 *    set, I follows (two bytes by Xiaomi's document and by a real frame; two Python parsers skip
 *    one, which nobody notices because such frames carry no object)
 * X  upper three bytes of a 32-bit counter whose lowest is N       T  tag      H  mesh
 *
 *     object:  II II  LL  data x L
 *
 * X and T are there when the object is encrypted. In versions 4 and 5 it is AES-CCM:
 *
 *     nonce  M x 6 (the sender's address where the frame has none)  PP PP  NN  XX XX XX
 *     additional data  11      tag  4 bytes
 *
 * so C and A are the only bytes no tag covers. What a forger can do with them: switch the encrypted
 * bit off (a plain frame; the registry refuses those of a sensor with a key), move the borders of
 * the cipher text, which then fails, or send a recorded frame with another version or bits that
 * mean nothing (the registry knows it by its tag and its counter). Nothing that C or A says is ever
 * reported as a value.
 */
#include "beacon/mibeacon.h"

#include <string.h>

#define CONTROL_ENCRYPTED  0x0008
#define CONTROL_MAC        0x0010
#define CONTROL_CAPABILITY 0x0020
#define CONTROL_OBJECT     0x0040
#define CONTROL_MESH       0x0080

#define CAPABILITY_COMBO 0x18
#define CAPABILITY_IO    0x20

#define HEAD_LEN       5
#define MESH_LEN       2
#define OBJECT_HEAD    3
#define EXT_LEN        3
#define TAG_LEN        4
#define FIRST_CCM      4 /* the first version with a real tag */
#define LOWEST_VERSION 2

static const struct beacon_product *product_of(uint16_t id)
{
    const struct beacon_product *product = beacon_product_by_id(id);

    return product && (product->flags & BEACON_PRODUCT_NO_ID) ? NULL : product;
}

/* Control, product and counter; false when they are not all there. */
static bool read_head(struct bytes *row, struct beacon_decoded *d, unsigned *control)
{
    const uint8_t *head = bytes_take(row, HEAD_LEN);

    if (!head)
        return false;
    *control = head[0] | (unsigned)head[1] << 8;
    d->product_id = (uint16_t)(head[2] | head[3] << 8);
    d->frame_counter = head[4];
    d->format = BEACON_MIBEACON;
    d->version = (uint8_t)(*control >> 12);
    d->product = product_of(d->product_id);
    d->fields |= BEACON_HAS_PRODUCT_ID | BEACON_HAS_VERSION | BEACON_HAS_FRAME_COUNTER;
    d->encrypted = (*control & CONTROL_ENCRYPTED) && (*control & CONTROL_OBJECT);
    if (d->encrypted && d->version < FIRST_CCM)
        d->format = BEACON_MIBEACON_LEGACY;
    return true;
}

static void read_capability(struct bytes *row, struct beacon_decoded *d, unsigned control)
{
    const unsigned capability = (unsigned)bytes_take_le(row, 1);

    if ((capability & CAPABILITY_COMBO) == CAPABILITY_COMBO)
        bytes_take(row, 2);
    if (capability & CAPABILITY_IO)
        bytes_take(row, 2);
    d->capability = (uint8_t)capability;
    d->fields |= BEACON_HAS_CAPABILITY;
    d->unbound = (capability & CAPABILITY_IO) && !(control & CONTROL_OBJECT);
}

/* Walks the objects; one that runs past the end ends the walk. */
static void read_objects(const uint8_t *p, size_t left, struct beacon_decoded *d,
                         struct tally *tally)
{
    while (left >= OBJECT_HEAD) {
        const size_t len = p[2];
        if (len > left - OBJECT_HEAD)
            break;
        mibeacon_object((uint16_t)(p[0] | p[1] << 8), p + OBJECT_HEAD, len, d, tally);
        p += OBJECT_HEAD + len;
        left -= OBJECT_HEAD + len;
    }
    if (left > 0)
        tally->cut = true;
}

static enum beacon_outcome open_ccm(const struct element *e, const uint8_t *head,
                                    struct bytes *crypted, struct beacon_decoded *d)
{
    static const uint8_t aad = 0x11;
    const uint8_t *tag = bytes_take_end(crypted, TAG_LEN);
    const uint8_t *ext = bytes_take_end(crypted, EXT_LEN);
    uint8_t nonce[12];

    if (crypted->failed || crypted->len < OBJECT_HEAD)
        return BEACON_REJECT_SHORT;
    d->ext_counter = (uint32_t)bytes_le(ext, EXT_LEN);
    d->fields |= BEACON_HAS_EXT_COUNTER;
    mac_to_reversed(e->advert->addr,
                    nonce); /* a MAC in the frame is the same, or we are not here */
    memcpy(nonce + 6, head + 2, 3);
    memcpy(nonce + 9, ext, EXT_LEN);
    const struct cx_ccm_call call = { nonce, sizeof(nonce), TAG_LEN,     &aad,
                                      1,     crypted->p,    crypted->len };
    return element_open(e, &call, tag, d);
}

/* With eight bits of check only, a legacy frame must also be in perfect order: objects to the last
 * byte, all of them known. */
static enum beacon_outcome legacy_outcome(struct beacon_decoded *d, const struct tally *tally)
{
    if (tally->bad || tally->cut || tally->unknown)
        d->n = 0;
    if (tally->cut)
        return BEACON_REJECT_OBJECT;
    return reading_outcome(d, tally);
}

/* `crypted` is what follows the header; the functions that open it leave the cipher text in it. */
static enum beacon_outcome decode_encrypted(const struct element *e, struct bytes *crypted,
                                            struct beacon_decoded *d)
{
    const bool is_legacy = d->format == BEACON_MIBEACON_LEGACY;
    struct tally tally = { 0 };
    const enum beacon_outcome opened =
        is_legacy ? mibeacon_open_legacy(e, e->data, crypted, d) : open_ccm(e, e->data, crypted, d);

    if (opened != BEACON_OK)
        return opened;
    read_objects(d->plain, crypted->len, d, &tally);
    return is_legacy ? legacy_outcome(d, &tally) : reading_outcome(d, &tally);
}

static enum beacon_outcome decode_plain(const struct bytes *row, struct beacon_decoded *d)
{
    struct tally tally = { .cut = row->len == 0 };

    read_objects(row->p, row->len, d, &tally);
    return reading_outcome(d, &tally);
}

enum beacon_outcome mibeacon_decode(const struct element *e, struct beacon_decoded *d)
{
    struct bytes row = { .p = e->data, .len = e->len };
    const uint8_t *mac = NULL;
    unsigned control;

    if (!read_head(&row, d, &control))
        return BEACON_REJECT_SHORT;
    if (d->version < LOWEST_VERSION)
        return BEACON_REJECT_VERSION;
    if (control & CONTROL_MESH)
        bytes_take_end(&row, MESH_LEN);
    if (control & CONTROL_MAC)
        mac = bytes_take(&row, 6);
    if (control & CONTROL_CAPABILITY)
        read_capability(&row, d, control);
    if (row.failed)
        return BEACON_REJECT_SHORT;
    if (mac && !element_mac_is_senders(e, mac))
        return BEACON_REJECT_MAC;
    if (!(control & CONTROL_OBJECT))
        return BEACON_NO_OBJECT;
    return d->encrypted ? decode_encrypted(e, &row, d) : decode_plain(&row, d);
}

/* Company 038f is used for other things too, so only a frame that names its sender is ours. */
enum beacon_outcome mibeacon_decode_company(const struct element *e, struct beacon_decoded *d)
{
    if (e->len < HEAD_LEN + 6 || !(bytes_le(e->data, 2) & CONTROL_MAC) ||
        !element_mac_is_senders(e, e->data + HEAD_LEN))
        return BEACON_IGNORE;
    return mibeacon_decode(e, d);
}
