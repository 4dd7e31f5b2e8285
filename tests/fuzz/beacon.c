#include "fuzz/beacon.h"

#include "unit/beacon/invariants.h"

#define ELEMENT_MAX 252

static void decode(const struct advert *advert, const struct beacon_key *key,
                   struct beacon_decoded *d)
{
    const char *broken = beacon_decode_checked(advert, key, d);

    fuzz_expect(broken == NULL, broken ? broken : "");
    size_t len;
    const char *name = beacon_local_name(advert, &len);
    fuzz_expect(!name || ((const uint8_t *)name >= advert->data &&
                          (const uint8_t *)name + len <= advert->data + advert->len),
                "the local name is in the advert");
}

void fuzz_advert(const uint8_t *data, size_t size)
{
    static const uint8_t key_bytes[16] = { 1, 2, 3 };
    static const size_t key_lens[] = { 12, 16 };
    const size_t len = size < ADVERT_LEN_MAX ? size : ADVERT_LEN_MAX;
    uint8_t *copy = fuzz_copy(data, len, 0);
    const struct advert advert = { .addr = { FUZZ_MAC }, .data = copy, .len = (uint16_t)len };
    struct beacon_decoded d;

    decode(&advert, NULL, &d);
    fuzz_expect(!d.authentic, "nothing is authentic without a key");
    fuzz_expect(d.outcome != BEACON_OK || !d.encrypted, "nothing opens without a key");
    for (size_t i = 0; i < 2; i++) {
        struct beacon_key key = { 0 };
        fuzz_expect(beacon_key_set(&key, key_bytes, key_lens[i]), "a key is set");
        decode(&advert, &key, &d);
        fuzz_expect(d.outcome != BEACON_NO_KEY, "there is a key");
        beacon_key_clear(&key);
    }
    free(copy);
}

void fuzz_element(uint16_t uuid, const uint8_t *data, size_t size)
{
    uint8_t row[4 + ELEMENT_MAX];
    const size_t n = size < ELEMENT_MAX ? size : ELEMENT_MAX;

    row[0] = (uint8_t)(n + 3);
    row[1] = 0x16;
    row[2] = (uint8_t)uuid;
    row[3] = (uint8_t)(uuid >> 8);
    if (n > 0)
        memcpy(row + 4, data, n);
    fuzz_advert(row, n + 4);
}
