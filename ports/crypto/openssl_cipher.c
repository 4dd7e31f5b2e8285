/* ChaCha20-Poly1305 and the single AES block, by OpenSSL 3. */
#include "openssl_verdict.h"

#include <openssl/evp.h>

enum {
    CHAPOLY_TAG = 16,
};

static bool start(EVP_CIPHER_CTX *ctx, const struct cx_chapoly_call *call, int sealing)
{
    int done;

    return call->len <= CX_LEN_MAX && call->aad_len <= CX_LEN_MAX &&
           EVP_CipherInit_ex(ctx, EVP_chacha20_poly1305(), NULL, call->key, call->nonce, sealing) &&
           (!call->aad_len || EVP_CipherUpdate(ctx, NULL, &done, call->aad, (int)call->aad_len));
}

static bool run(EVP_CIPHER_CTX *ctx, const struct cx_chapoly_call *call, uint8_t *out)
{
    uint8_t none[CHAPOLY_TAG];
    int done;

    return (!call->len || EVP_CipherUpdate(ctx, out, &done, call->in, (int)call->len)) &&
           EVP_CipherFinal_ex(ctx, none, &done);
}

enum cx_result cx_chapoly_open(const struct cx_chapoly_call *call, const uint8_t tag[16],
                               uint8_t *plain)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    bool ready = ctx && start(ctx, call, 0) &&
                 EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, CHAPOLY_TAG, only_read(tag));
    bool ok = ready && run(ctx, call, plain);

    EVP_CIPHER_CTX_free(ctx);
    return verdict(ok, ready ? CX_BAD_TAG : CX_FAILED, plain, call->len);
}

enum cx_result cx_chapoly_seal(const struct cx_chapoly_call *call, uint8_t *cipher, uint8_t tag[16])
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    bool ok = ctx && start(ctx, call, 1) && run(ctx, call, cipher) &&
              EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, CHAPOLY_TAG, tag);

    EVP_CIPHER_CTX_free(ctx);
    if (!ok)
        cx_wipe(tag, CHAPOLY_TAG);
    return verdict(ok, CX_FAILED, cipher, call->len);
}

enum cx_result cx_aes128_block(const uint8_t key[16], const uint8_t in[16], uint8_t out[16])
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int done;
    bool ok = ctx && EVP_EncryptInit_ex(ctx, EVP_aes_128_ecb(), NULL, key, NULL) &&
              EVP_CIPHER_CTX_set_padding(ctx, 0) && EVP_EncryptUpdate(ctx, out, &done, in, 16);

    EVP_CIPHER_CTX_free(ctx);
    return verdict(ok, CX_FAILED, out, 16);
}
