#include "crypto/crypto.h"
#include "mijia/mijia_private.h"

static void swap(uint8_t *a, uint8_t *b)
{
    const uint8_t old = *a;

    *a = *b;
    *b = old;
}

static void schedule(uint8_t box[256], const uint8_t *key, size_t key_len)
{
    uint8_t j = 0;

    for (unsigned i = 0; i < 256; i++)
        box[i] = (uint8_t)i;
    for (unsigned i = 0; i < 256; i++) {
        j = (uint8_t)(j + box[i] + key[i % key_len]);
        swap(&box[i], &box[j]);
    }
}

void mijia_rc4(const uint8_t *key, size_t key_len, const uint8_t *in, uint8_t *out, size_t len)
{
    uint8_t box[256];
    uint8_t i = 0, j = 0;

    schedule(box, key, key_len);
    for (size_t n = 0; n < len; n++) {
        i = (uint8_t)(i + 1);
        j = (uint8_t)(j + box[i]);
        swap(&box[i], &box[j]);
        out[n] = (uint8_t)(in[n] ^ box[(uint8_t)(box[i] + box[j])]);
    }
    cx_wipe(box, sizeof(box));
}
