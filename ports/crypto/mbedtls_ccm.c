/* AES-CCM by Mbed TLS 2.28. */
#include "ccm_call.h"

#include <stdlib.h>

#include <mbedtls/ccm.h>

enum cx_result cx_ccm_key_init(struct cx_ccm_key *key, const uint8_t bytes[16])
{
    mbedtls_ccm_context *ctx = malloc(sizeof(*ctx));

    if (!ctx)
        return CX_FAILED;
    mbedtls_ccm_init(ctx);
    key->state = ctx;
    if (mbedtls_ccm_setkey(ctx, MBEDTLS_CIPHER_ID_AES, bytes, 128) == 0)
        return CX_OK;
    cx_ccm_key_free(key);
    return CX_FAILED;
}

void cx_ccm_key_free(struct cx_ccm_key *key)
{
    if (key->state)
        mbedtls_ccm_free(key->state);
    free(key->state);
    key->state = NULL;
}

enum cx_result cx_ccm_open(const struct cx_ccm_key *key, const struct cx_ccm_call *call,
                           const uint8_t *tag, uint8_t *plain)
{
    int error = MBEDTLS_ERR_CCM_BAD_INPUT;

    if (key->state && ccm_call_is_valid(call))
        error =
            mbedtls_ccm_auth_decrypt(key->state, call->len, call->nonce, call->nonce_len, call->aad,
                                     call->aad_len, call->in, plain, tag, call->tag_len);
    if (error == 0)
        return CX_OK;
    if (call->len)
        cx_wipe(plain, call->len);
    return error == MBEDTLS_ERR_CCM_AUTH_FAILED ? CX_BAD_TAG : CX_FAILED;
}

enum cx_result cx_ccm_seal(const struct cx_ccm_key *key, const struct cx_ccm_call *call,
                           uint8_t *cipher, uint8_t *tag)
{
    if (key->state && ccm_call_is_valid(call) &&
        mbedtls_ccm_encrypt_and_tag(key->state, call->len, call->nonce, call->nonce_len, call->aad,
                                    call->aad_len, call->in, cipher, tag, call->tag_len) == 0)
        return CX_OK;
    if (call->len)
        cx_wipe(cipher, call->len);
    cx_wipe(tag, call->tag_len <= 16 ? call->tag_len : 16);
    return CX_FAILED;
}
