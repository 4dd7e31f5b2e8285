/*
 * A cipher for fuzzing: the plain text is the cipher text, and a tag is right when its first byte
 * is not ff. So the fuzzer reaches what lies behind the tag, and the refusal too, without
 * having to break AES. The contract of crypto/crypto.h is kept otherwise, its limits included.
 */
#include "crypto/crypto.h"

#include "fuzz/fuzz.h"

#define WRONG_TAG 0xff

/* Reads every byte, so that the sanitizer sees where they end. */
static size_t sum(const uint8_t *p, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        n += p[i];
    return n;
}

static void expect_possible(const struct cx_ccm_key *key, const struct cx_ccm_call *call)
{
    fuzz_expect(key->state != NULL, "there is a key");
    fuzz_expect(call->nonce_len >= 7 && call->nonce_len <= 13, "the nonce's length is possible");
    fuzz_expect(call->tag_len >= 4 && call->tag_len <= 16 && call->tag_len % 2 == 0,
                "the tag's length is possible");
    fuzz_expect(call->len <= 0xffff, "a text of two length bytes is no longer");
    fuzz_expect(sum(call->nonce, call->nonce_len) <= 255u * 13, "the nonce can be read");
    fuzz_expect(sum(call->aad, call->aad_len) <= 255u * call->aad_len, "so can the rest");
}

enum cx_result cx_ccm_key_init(struct cx_ccm_key *key, const uint8_t bytes[16])
{
    static char here;

    (void)bytes;
    key->state = &here;
    return CX_OK;
}

void cx_ccm_key_free(struct cx_ccm_key *key)
{
    key->state = NULL;
}

enum cx_result cx_ccm_open(const struct cx_ccm_key *key, const struct cx_ccm_call *call,
                           const uint8_t *tag, uint8_t *plain)
{
    expect_possible(key, call);
    if (tag[0] == WRONG_TAG) {
        memset(plain, 0, call->len);
        return CX_BAD_TAG;
    }
    memmove(plain, call->in, call->len);
    return CX_OK;
}

enum cx_result cx_ccm_seal(const struct cx_ccm_key *key, const struct cx_ccm_call *call,
                           uint8_t *cipher, uint8_t *tag)
{
    expect_possible(key, call);
    memmove(cipher, call->in, call->len);
    memset(tag, 0, call->tag_len);
    return CX_OK;
}
