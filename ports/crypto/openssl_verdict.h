/* openssl_verdict.h: turns OpenSSL's yes or no into ours and leaves no error behind. What stays in
 * the error queue of a thread is taken by the next TLS call on it for its own failure. */
#ifndef MI32_PORTS_CRYPTO_OPENSSL_VERDICT_H
#define MI32_PORTS_CRYPTO_OPENSSL_VERDICT_H

#include "crypto/crypto.h"

#include <string.h>

#include <openssl/err.h>

/* CX_OK when `ok`, else `failure` with `len` bytes of `out` wiped. */
static inline enum cx_result verdict(bool ok, enum cx_result failure, uint8_t *out, size_t len)
{
    if (ok)
        return CX_OK;
    ERR_clear_error();
    if (len)
        cx_wipe(out, len);
    return failure;
}

/* OpenSSL reads and writes through one type of pointer. The same address without its const, for
 * what it only reads. */
static inline void *only_read(const void *p)
{
    void *same;

    memcpy(&same, &p, sizeof(same));
    return same;
}

#endif
