/* Ed25519 by libsodium: Mbed TLS has none. Only pure functions of it are used, which need no
 * sodium_init(). */
#include "crypto/crypto.h"

#include <sodium/crypto_sign_ed25519.h>

enum cx_result cx_ed25519_public(const uint8_t seed[32], uint8_t public_key[32])
{
    uint8_t secret[crypto_sign_ed25519_SECRETKEYBYTES];
    int error = crypto_sign_ed25519_seed_keypair(public_key, secret, seed);

    cx_wipe(secret, sizeof(secret));
    return error ? CX_FAILED : CX_OK;
}

enum cx_result cx_ed25519_sign(const uint8_t seed[32], struct cx_part message, uint8_t sig[64])
{
    uint8_t secret[crypto_sign_ed25519_SECRETKEYBYTES];
    uint8_t public_key[crypto_sign_ed25519_PUBLICKEYBYTES];
    int error = crypto_sign_ed25519_seed_keypair(public_key, secret, seed);

    if (!error)
        error = crypto_sign_ed25519_detached(sig, NULL, message.at, message.len, secret);
    cx_wipe(secret, sizeof(secret));
    if (!error)
        return CX_OK;
    cx_wipe(sig, 64);
    return CX_FAILED;
}

enum cx_result cx_ed25519_verify(const uint8_t public_key[32], struct cx_part message,
                                 const uint8_t sig[64])
{
    return crypto_sign_ed25519_verify_detached(sig, message.at, message.len, public_key) == 0
               ? CX_OK
               : CX_BAD_TAG;
}
