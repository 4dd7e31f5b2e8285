/* Hashes and what is made of them, by Mbed TLS. */
#include "crypto/crypto.h"

#include <mbedtls/constant_time.h>
#include <mbedtls/hkdf.h>
#include <mbedtls/md.h>
#include <mbedtls/platform_util.h>

bool cx_equal(const void *a, const void *b, size_t len)
{
    return mbedtls_ct_memcmp(a, b, len) == 0;
}

void cx_wipe(void *p, size_t len)
{
    mbedtls_platform_zeroize(p, len);
}

static enum cx_result verdict(int error, uint8_t *out, size_t len)
{
    if (error == 0)
        return CX_OK;
    cx_wipe(out, len);
    return CX_FAILED;
}

/* The two of Mbed TLS's functions that hashing and HMAC have each their own of. */
struct method {
    bool is_hmac;
    int (*update)(mbedtls_md_context_t *ctx, const unsigned char *in, size_t len);
    int (*finish)(mbedtls_md_context_t *ctx, unsigned char *out);
};

static int start(mbedtls_md_context_t *ctx, const struct method *method, struct cx_part key)
{
    return method->is_hmac ? mbedtls_md_hmac_starts(ctx, key.at, key.len) : mbedtls_md_starts(ctx);
}

static enum cx_result digest(mbedtls_md_type_t type, bool is_hmac, struct cx_part key,
                             const struct cx_part *parts, size_t n, uint8_t *out)
{
    static const struct method methods[] = {
        { false, mbedtls_md_update, mbedtls_md_finish },
        { true, mbedtls_md_hmac_update, mbedtls_md_hmac_finish },
    };
    const struct method *method = &methods[is_hmac];
    const mbedtls_md_info_t *md = mbedtls_md_info_from_type(type);
    mbedtls_md_context_t ctx;

    mbedtls_md_init(&ctx);
    int error = mbedtls_md_setup(&ctx, md, is_hmac);
    if (!error)
        error = start(&ctx, method, key);
    for (size_t i = 0; !error && i < n; i++)
        error = method->update(&ctx, parts[i].at, parts[i].len);
    if (!error)
        error = method->finish(&ctx, out);
    mbedtls_md_free(&ctx);
    return verdict(error, out, mbedtls_md_get_size(md));
}

enum cx_result cx_sha256(const struct cx_part *parts, size_t n, uint8_t out[32])
{
    return digest(MBEDTLS_MD_SHA256, false, (struct cx_part){ NULL, 0 }, parts, n, out);
}

enum cx_result cx_sha512(const struct cx_part *parts, size_t n, uint8_t out[64])
{
    return digest(MBEDTLS_MD_SHA512, false, (struct cx_part){ NULL, 0 }, parts, n, out);
}

enum cx_result cx_hmac_sha256(struct cx_part key, const struct cx_part *parts, size_t n,
                              uint8_t out[32])
{
    return digest(MBEDTLS_MD_SHA256, true, key, parts, n, out);
}

static enum cx_result hkdf(mbedtls_md_type_t type, struct cx_part ikm, struct cx_part salt,
                           struct cx_part info, uint8_t *out, size_t out_len)
{
    return verdict(mbedtls_hkdf(mbedtls_md_info_from_type(type), salt.len ? salt.at : NULL,
                                salt.len, ikm.at, ikm.len, info.at, info.len, out, out_len),
                   out, out_len);
}

enum cx_result cx_hkdf_sha256(struct cx_part ikm, struct cx_part salt, struct cx_part info,
                              uint8_t *out, size_t out_len)
{
    return hkdf(MBEDTLS_MD_SHA256, ikm, salt, info, out, out_len);
}

enum cx_result cx_hkdf_sha512(struct cx_part ikm, struct cx_part salt, struct cx_part info,
                              uint8_t *out, size_t out_len)
{
    return hkdf(MBEDTLS_MD_SHA512, ikm, salt, info, out, out_len);
}
