/* mijia: a hostile device in the dialogue. The first byte of the input says which dialogue; then
 * come its notifications (or values read): characteristic, length, bytes. A length of ff is a
 * silence. The cryptography lets everything pass, so that the fuzzer reaches every step. */
#include "fuzz/fuzz.h"

#include "mijia/mijia.h"

#include "crypto/crypto.h"

#define OPS_MAX 40 /* no dialogue has more */

/* ---- a cryptography without secrets ---- */

bool cx_equal(const void *a, const void *b, size_t len)
{
    (void)b;
    return len == 0 || *(const uint8_t *)a != 0xff;
}

void cx_wipe(void *p, size_t len)
{
    memset(p, 0, len);
}

enum cx_result cx_p256_public(const uint8_t secret[32], uint8_t public_key[64])
{
    memcpy(public_key, secret, 32);
    memcpy(public_key + 32, secret, 32);
    return CX_OK;
}

enum cx_result cx_p256_ecdh(const uint8_t secret[32], const uint8_t peer[64], uint8_t shared[32])
{
    (void)secret;
    memcpy(shared, peer, 32);
    return peer[0] == 0xff ? CX_FAILED : CX_OK;
}

enum cx_result cx_hkdf_sha256(struct cx_part ikm, struct cx_part salt, struct cx_part info,
                              uint8_t *out, size_t out_len)
{
    (void)salt;
    (void)info;
    memset(out, *(const uint8_t *)ikm.at, out_len);
    return CX_OK;
}

enum cx_result cx_hmac_sha256(struct cx_part key, const struct cx_part *parts, size_t n,
                              uint8_t out[32])
{
    (void)parts;
    (void)n;
    memset(out, *(const uint8_t *)key.at, 32);
    return CX_OK;
}

/* ---- the device ---- */

struct talk {
    struct mijia m;
    uint64_t now_ms;
    unsigned ops;
    bool is_reading;
};

static void start(struct talk *t, uint8_t which)
{
    static const uint8_t random[32] = { 1, 2, 3 };
    static const struct mac mac = { { 0xf8, 0x24, 0x41, 0xc5, 0x98, 0x8b } };

    if (which % 3 == 0)
        mijia_register(&t->m, random, random, t->now_ms);
    else if (which % 3 == 1)
        mijia_login(&t->m, random, random, t->now_ms);
    else
        mijia_legacy(&t->m, mac, 0x03b6, random, t->now_ms);
}

static void do_ops(struct talk *t)
{
    struct mijia_op op;

    while (mijia_next(&t->m, &op, t->now_ms)) {
        fuzz_expect(++t->ops <= OPS_MAX, "the dialogue ends");
        fuzz_expect(op.kind <= MIJIA_READ && op.len <= sizeof(op.data), "an operation is one");
        fuzz_expect((op.kind == MIJIA_WRITE) == (op.len > 0), "only a write has bytes");
        t->is_reading = op.kind == MIJIA_READ;
    }
}

/* One thing that the device does; returns how many bytes of the input it was. */
static size_t act(struct talk *t, const uint8_t *data, size_t size)
{
    const size_t len = data[1] == 0xff || data[1] > size - 2 ? size - 2 : data[1];

    if (data[1] == 0xff) {
        t->now_ms += MIJIA_PATIENCE_MS;
        mijia_tick(&t->m, t->now_ms);
        return 2;
    }
    uint8_t *bytes = fuzz_copy(data + 2, len, 0);
    if (t->is_reading)
        mijia_read(&t->m, bytes, len, t->now_ms);
    else
        mijia_notified(&t->m, data[0], bytes, len, t->now_ms);
    free(bytes);
    return 2 + len;
}

static void judge(const struct talk *t, uint8_t which)
{
    const enum mijia_result result = mijia_result(&t->m);
    const struct mijia_keys *keys = mijia_keys(&t->m);

    fuzz_expect((unsigned)result < MIJIA_RESULTS, "the result is one");
    fuzz_expect((result == MIJIA_UNDER_WAY) == (mijia_deadline(&t->m) != UINT64_MAX),
                "there is a deadline as long as it goes on");
    fuzz_expect(memchr(keys->firmware, 0, sizeof(keys->firmware)) != NULL, "a text ends");
    if (result != MIJIA_DONE)
        return;
    fuzz_expect(keys->key_len == (which % 3 == 0   ? 16
                                  : which % 3 == 1 ? 0
                                                   : 12),
                "what is done has given its key");
    fuzz_expect(!mijia_is_undecided(&t->m), "and is decided");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct talk t = { .now_ms = 1000 };

    if (size == 0)
        return 0;
    start(&t, data[0]);
    do_ops(&t);
    for (size_t at = 1; at + 2 <= size;) {
        at += act(&t, data + at, size - at);
        do_ops(&t);
        judge(&t, data[0]);
    }
    return 0;
}
