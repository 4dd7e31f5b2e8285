/* X25519 and Ed25519, by OpenSSL 3. */
#include "openssl_verdict.h"

#include <openssl/evp.h>

/* The public key to `secret` of either kind. */
static enum cx_result public_of(int kind, const uint8_t secret[32], uint8_t public_key[32])
{
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(kind, NULL, secret, 32);
    size_t len = 32;
    bool ok = key && EVP_PKEY_get_raw_public_key(key, public_key, &len);

    EVP_PKEY_free(key);
    return verdict(ok, CX_FAILED, public_key, 32);
}

enum cx_result cx_x25519_public(const uint8_t secret[32], uint8_t public_key[32])
{
    return public_of(EVP_PKEY_X25519, secret, public_key);
}

/* EVP_PKEY_derive itself refuses the all-zero result. */
enum cx_result cx_x25519(const uint8_t secret[32], const uint8_t peer[32], uint8_t shared[32])
{
    EVP_PKEY *own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, secret, 32);
    EVP_PKEY *other = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, peer, 32);
    EVP_PKEY_CTX *ctx = own ? EVP_PKEY_CTX_new(own, NULL) : NULL;
    size_t len = 32;
    bool ok = other && ctx && EVP_PKEY_derive_init(ctx) > 0 &&
              EVP_PKEY_derive_set_peer(ctx, other) > 0 && EVP_PKEY_derive(ctx, shared, &len) > 0;

    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(other);
    EVP_PKEY_free(own);
    return verdict(ok, CX_FAILED, shared, 32);
}

enum cx_result cx_ed25519_public(const uint8_t seed[32], uint8_t public_key[32])
{
    return public_of(EVP_PKEY_ED25519, seed, public_key);
}

enum cx_result cx_ed25519_sign(const uint8_t seed[32], struct cx_part message, uint8_t sig[64])
{
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t len = 64;
    bool ok = key && ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) > 0 &&
              EVP_DigestSign(ctx, sig, &len, message.at, message.len) > 0;

    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    return verdict(ok, CX_FAILED, sig, 64);
}

enum cx_result cx_ed25519_verify(const uint8_t public_key[32], struct cx_part message,
                                 const uint8_t sig[64])
{
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, 32);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ready = key && ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) > 0;
    bool ok = ready && EVP_DigestVerify(ctx, sig, 64, message.at, message.len) == 1;

    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    return verdict(ok, ready ? CX_BAD_TAG : CX_FAILED, NULL, 0);
}
