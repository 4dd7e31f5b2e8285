/*
 * key.c: bind keys and what is made of them.
 *
 * A bind key has 16 bytes and is used as it is. Older remotes have a beacon key k of 12 bytes,
 * which becomes 16 in two ways:
 *
 *     MiBeacon 4 and 5    k0 .. k11  ff ff ff ff
 *     MiBeacon 2 and 3    k0 .. k5   8d 3d 3c 97   k6 .. k11
 */
#include "beacon/beacon.h"

#include <string.h>

static const uint8_t middle[4] = { 0x8d, 0x3d, 0x3c, 0x97 };

/* A 16-byte key of the second form is stored as the 12 bytes it came from. That a random bind key
 * looks like one happens once in 2^32 keys. */
static void collapse(struct beacon_key *key)
{
    if (key->len != 16 || memcmp(key->bytes + 6, middle, sizeof(middle)) != 0)
        return;
    memmove(key->bytes + 6, key->bytes + 10, 6);
    memset(key->bytes + 12, 0, 4);
    key->len = 12;
}

static bool make_schedules(struct beacon_key *key)
{
    uint8_t padded[16], expanded[16];

    if (key->len == 16)
        return cx_ccm_key_init(&key->ccm, key->bytes) == CX_OK;
    memcpy(padded, key->bytes, 12);
    memset(padded + 12, 0xff, 4);
    memcpy(expanded, key->bytes, 6);
    memcpy(expanded + 6, middle, sizeof(middle));
    memcpy(expanded + 10, key->bytes + 6, 6);
    return cx_ccm_key_init(&key->ccm, padded) == CX_OK &&
           cx_ccm_key_init(&key->legacy, expanded) == CX_OK;
}

bool beacon_key_set(struct beacon_key *key, const uint8_t *bytes, size_t len)
{
    if (len != 12 && len != 16)
        return false;
    *key = (struct beacon_key){ .len = (uint8_t)len };
    memcpy(key->bytes, bytes, len);
    collapse(key);
    if (make_schedules(key))
        return true;
    beacon_key_clear(key);
    return false;
}

void beacon_key_clear(struct beacon_key *key)
{
    cx_ccm_key_free(&key->ccm);
    cx_ccm_key_free(&key->legacy);
    /* volatile, so that the compiler does not drop the stores nobody reads */
    volatile uint8_t *secret = key->bytes;
    for (size_t i = 0; i < sizeof(key->bytes); i++)
        secret[i] = 0;
    key->len = 0;
}
