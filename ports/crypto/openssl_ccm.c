/*
 * AES-CCM by OpenSSL 3.
 *
 * OpenSSL works three things into the key schedule when the key is set: the length of the nonce,
 * the length of the tag and the direction (the last only shows from 16 bytes of text on). The
 * state remembers for which it is set up; a sensor keeps to one format, so that in practice a key
 * is set up once.
 *
 * The text goes through EVP_Cipher and not EVP_CipherUpdate: the latter puts every wrong tag into
 * the error queue, which allocates, and wrong tags come from the air.
 */
#include "ccm_call.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

enum direction {
    OPEN = 0, /* the values EVP_CipherInit_ex2 takes */
    SEAL = 1,
};

struct ccm_state {
    EVP_CIPHER_CTX *ctx;
    uint8_t bytes[16];
    uint8_t nonce_len; /* 0: not set up yet */
    uint8_t tag_len;
    enum direction direction;
};

static EVP_CIPHER_CTX *new_ccm_ctx(void)
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-128-CCM", NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

    if (!cipher || !ctx || !EVP_CipherInit_ex2(ctx, cipher, NULL, NULL, OPEN, NULL)) {
        EVP_CIPHER_CTX_free(ctx);
        ctx = NULL;
    }
    EVP_CIPHER_free(cipher); /* the context holds a reference of its own */
    return ctx;
}

enum cx_result cx_ccm_key_init(struct cx_ccm_key *key, const uint8_t bytes[16])
{
    struct ccm_state *state = OPENSSL_zalloc(sizeof(*state));

    if (!state)
        return CX_FAILED;
    state->ctx = new_ccm_ctx();
    if (!state->ctx) {
        OPENSSL_free(state);
        return CX_FAILED;
    }
    memcpy(state->bytes, bytes, sizeof(state->bytes));
    key->state = state;
    return CX_OK;
}

void cx_ccm_key_free(struct cx_ccm_key *key)
{
    struct ccm_state *state = key->state;

    key->state = NULL;
    if (!state)
        return;
    EVP_CIPHER_CTX_free(state->ctx);
    OPENSSL_clear_free(state, sizeof(*state));
}

static bool set_up_for(struct ccm_state *state, const struct cx_ccm_call *call,
                       enum direction direction)
{
    size_t nonce_len = call->nonce_len;
    OSSL_PARAM lengths[] = {
        OSSL_PARAM_construct_size_t(OSSL_CIPHER_PARAM_AEAD_IVLEN, &nonce_len),
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, NULL, call->tag_len),
        OSSL_PARAM_construct_end(),
    };

    if (state->nonce_len == call->nonce_len && state->tag_len == call->tag_len &&
        state->direction == direction)
        return true;
    state->nonce_len = 0;
    if (!EVP_CIPHER_CTX_set_params(state->ctx, lengths) ||
        !EVP_CipherInit_ex2(state->ctx, NULL, state->bytes, NULL, (int)direction, NULL))
        return false;
    state->nonce_len = call->nonce_len;
    state->tag_len = call->tag_len;
    state->direction = direction;
    return true;
}

/* Nonce (and with it the tag to expect, when opening), length, additional data, text: the order
 * CCM needs them in. EVP_Cipher gives -1 for failure, with a wrong tag too. */
static enum cx_result run(EVP_CIPHER_CTX *ctx, const struct cx_ccm_call *call,
                          enum direction direction, const OSSL_PARAM *expected, uint8_t *out)
{
    static const uint8_t nothing[1] = { 0 };
    uint8_t none[1];
    const uint8_t *in = call->len ? call->in : nothing;
    int done;

    if (!EVP_CipherInit_ex2(ctx, NULL, NULL, call->nonce, (int)direction, expected))
        return CX_FAILED;
    if (!EVP_CipherUpdate(ctx, NULL, &done, NULL, (int)call->len))
        return CX_FAILED;
    if (call->aad_len && !EVP_CipherUpdate(ctx, NULL, &done, call->aad, (int)call->aad_len))
        return CX_FAILED;
    if (EVP_Cipher(ctx, call->len ? out : none, in, (unsigned)call->len) < 0)
        return CX_BAD_TAG;
    return CX_OK;
}

enum cx_result cx_ccm_open(const struct cx_ccm_key *key, const struct cx_ccm_call *call,
                           const uint8_t *tag, uint8_t *plain)
{
    struct ccm_state *state = key->state;
    enum cx_result result = CX_FAILED;
    uint8_t copy[16];

    if (state && ccm_call_is_valid(call) && set_up_for(state, call, OPEN)) {
        memcpy(copy, tag, call->tag_len);
        const OSSL_PARAM expected[] = {
            OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, copy, call->tag_len),
            OSSL_PARAM_construct_end(),
        };
        result = run(state->ctx, call, OPEN, expected, plain);
    }
    if (result != CX_OK && call->len)
        OPENSSL_cleanse(plain, call->len);
    return result;
}

enum cx_result cx_ccm_seal(const struct cx_ccm_key *key, const struct cx_ccm_call *call,
                           uint8_t *cipher, uint8_t *tag)
{
    struct ccm_state *state = key->state;
    OSSL_PARAM made[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag, call->tag_len),
        OSSL_PARAM_construct_end(),
    };

    if (state && ccm_call_is_valid(call) && set_up_for(state, call, SEAL) &&
        run(state->ctx, call, SEAL, NULL, cipher) == CX_OK &&
        EVP_CIPHER_CTX_get_params(state->ctx, made))
        return CX_OK;
    if (call->len)
        OPENSSL_cleanse(cipher, call->len);
    OPENSSL_cleanse(tag, call->tag_len <= 16 ? call->tag_len : 16);
    return CX_FAILED;
}
