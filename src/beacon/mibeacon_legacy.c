/*
 * MiBeacon versions 2 and 3, encrypted: dimmers and remotes bound in the old way.
 *
 *     header  cipher text...  XX XX XX  K
 *
 *     key    k0..k5 8d 3d 3c 97 k6..k11 of the 12-byte beacon key (key.c)
 *     nonce  CC CC  PP PP  NN  XX XX XX  and the first five bytes of the reversed MAC (13)
 *     additional data  11
 *
 * K is the first byte of the 16-byte CCM tag; no published decoder knows that, both public frames
 * agree with it. CCM has no tag of one byte, so the cipher text is sealed to get the plain text
 * (its stream is its own inverse), and that is sealed again to get the tag.
 */
#include "beacon/mibeacon.h"

#include <string.h>

#define EXT_LEN    3
#define FULL_TAG   16
#define OBJECT_MIN 3
#define CIPHER_MAX 24 /* such devices know 31-byte adverts only, which leave room for fewer */

enum beacon_outcome mibeacon_open_legacy(const struct element *e, const uint8_t *head,
                                         struct bytes *crypted, struct beacon_decoded *d)
{
    static const uint8_t aad = 0x11;
    const uint8_t *check = bytes_take_end(crypted, 1);
    const uint8_t *ext = bytes_take_end(crypted, EXT_LEN);
    uint8_t nonce[13], reversed[6], tag[FULL_TAG], again[CIPHER_MAX];

    if (crypted->failed || crypted->len < OBJECT_MIN)
        return BEACON_REJECT_SHORT;
    if (crypted->len > CIPHER_MAX)
        return BEACON_REJECT_OBJECT;
    d->ext_counter = (uint32_t)bytes_le(ext, EXT_LEN);
    d->fields |= BEACON_HAS_EXT_COUNTER;
    if (!e->key)
        return BEACON_NO_KEY;
    mac_to_reversed(e->advert->addr, reversed);
    memcpy(nonce, head, 5);
    memcpy(nonce + 5, ext, EXT_LEN);
    memcpy(nonce + 8, reversed, 5);

    const struct cx_ccm_key *key = e->key->legacy.state ? &e->key->legacy : &e->key->ccm;
    struct cx_ccm_call call = { nonce, sizeof(nonce), FULL_TAG, &aad, 1, crypted->p, crypted->len };
    if (cx_ccm_seal(key, &call, d->plain, tag) != CX_OK)
        return BEACON_REJECT_MIC;
    call.in = d->plain;
    if (cx_ccm_seal(key, &call, again, tag) != CX_OK || tag[0] != *check)
        return BEACON_REJECT_MIC;
    return BEACON_OK;
}
