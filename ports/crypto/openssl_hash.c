/* Hashes and what is made of them, by OpenSSL 3. */
#include "openssl_verdict.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

bool cx_equal(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}

void cx_wipe(void *p, size_t len)
{
    OPENSSL_cleanse(p, len);
}

static enum cx_result hash(const EVP_MD *md, const struct cx_part *parts, size_t n, uint8_t *out)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx && EVP_DigestInit_ex(ctx, md, NULL);

    for (size_t i = 0; ok && i < n; i++)
        ok = EVP_DigestUpdate(ctx, parts[i].at, parts[i].len);
    ok = ok && EVP_DigestFinal_ex(ctx, out, NULL);
    EVP_MD_CTX_free(ctx);
    return verdict(ok, CX_FAILED, out, (size_t)EVP_MD_get_size(md));
}

enum cx_result cx_sha256(const struct cx_part *parts, size_t n, uint8_t out[32])
{
    return hash(EVP_sha256(), parts, n, out);
}

enum cx_result cx_sha512(const struct cx_part *parts, size_t n, uint8_t out[64])
{
    return hash(EVP_sha512(), parts, n, out);
}

static OSSL_PARAM digest_param(const char *digest)
{
    return OSSL_PARAM_construct_utf8_string(OSSL_ALG_PARAM_DIGEST, only_read(digest), 0);
}

/* An empty parameter needs an address all the same. */
static OSSL_PARAM bytes_param(const char *name, struct cx_part part)
{
    const void *at = part.len ? part.at : "";

    return OSSL_PARAM_construct_octet_string(name, only_read(at), part.len);
}

enum cx_result cx_hmac_sha256(struct cx_part key, const struct cx_part *parts, size_t n,
                              uint8_t out[32])
{
    const OSSL_PARAM params[] = { digest_param("SHA256"), OSSL_PARAM_construct_end() };
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
    bool ok = ctx && EVP_MAC_init(ctx, key.at, key.len, params);
    size_t made = 0;

    for (size_t i = 0; ok && i < n; i++)
        ok = EVP_MAC_update(ctx, parts[i].at, parts[i].len);
    ok = ok && EVP_MAC_final(ctx, out, &made, 32);
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(mac);
    return verdict(ok, CX_FAILED, out, 32);
}

static enum cx_result hkdf(const char *digest, const struct cx_part in[3], uint8_t *out,
                           size_t out_len)
{
    const OSSL_PARAM params[] = {
        digest_param(digest),
        bytes_param(OSSL_KDF_PARAM_KEY, in[0]),
        bytes_param(OSSL_KDF_PARAM_SALT, in[1]),
        bytes_param(OSSL_KDF_PARAM_INFO, in[2]),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
    bool ok = ctx && EVP_KDF_derive(ctx, out, out_len, params) > 0;

    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    return verdict(ok, CX_FAILED, out, out_len);
}

enum cx_result cx_hkdf_sha256(struct cx_part ikm, struct cx_part salt, struct cx_part info,
                              uint8_t *out, size_t out_len)
{
    return hkdf("SHA256", (const struct cx_part[]){ ikm, salt, info }, out, out_len);
}

enum cx_result cx_hkdf_sha512(struct cx_part ikm, struct cx_part salt, struct cx_part info,
                              uint8_t *out, size_t out_len)
{
    return hkdf("SHA512", (const struct cx_part[]){ ikm, salt, info }, out, out_len);
}
