/* ChaCha20-Poly1305 and the single AES block, by Mbed TLS. */
#include "crypto/crypto.h"

#include <mbedtls/aes.h>
#include <mbedtls/chachapoly.h>

enum cx_result cx_chapoly_open(const struct cx_chapoly_call *call, const uint8_t tag[16],
                               uint8_t *plain)
{
    mbedtls_chachapoly_context ctx;

    mbedtls_chachapoly_init(&ctx);
    int error = mbedtls_chachapoly_setkey(&ctx, call->key);
    if (!error)
        error = mbedtls_chachapoly_auth_decrypt(&ctx, call->len, call->nonce, call->aad,
                                                call->aad_len, tag, call->in, plain);
    mbedtls_chachapoly_free(&ctx);
    if (!error)
        return CX_OK;
    if (call->len)
        cx_wipe(plain, call->len);
    return error == MBEDTLS_ERR_CHACHAPOLY_AUTH_FAILED ? CX_BAD_TAG : CX_FAILED;
}

enum cx_result cx_chapoly_seal(const struct cx_chapoly_call *call, uint8_t *cipher, uint8_t tag[16])
{
    mbedtls_chachapoly_context ctx;

    mbedtls_chachapoly_init(&ctx);
    int error = mbedtls_chachapoly_setkey(&ctx, call->key);
    if (!error)
        error = mbedtls_chachapoly_encrypt_and_tag(&ctx, call->len, call->nonce, call->aad,
                                                   call->aad_len, call->in, cipher, tag);
    mbedtls_chachapoly_free(&ctx);
    if (!error)
        return CX_OK;
    if (call->len)
        cx_wipe(cipher, call->len);
    cx_wipe(tag, 16);
    return CX_FAILED;
}

enum cx_result cx_aes128_block(const uint8_t key[16], const uint8_t in[16], uint8_t out[16])
{
    mbedtls_aes_context ctx;

    mbedtls_aes_init(&ctx);
    int error = mbedtls_aes_setkey_enc(&ctx, key, 128);
    if (!error)
        error = mbedtls_aes_crypt_ecb(&ctx, MBEDTLS_AES_ENCRYPT, in, out);
    mbedtls_aes_free(&ctx);
    if (!error)
        return CX_OK;
    cx_wipe(out, 16);
    return CX_FAILED;
}
