/* X25519 and P-256, by Mbed TLS: a scalar times a point. */
#include "crypto/crypto.h"

#include <string.h>

#include <mbedtls/ecp.h>
#include <mbedtls/hmac_drbg.h>

enum {
    P256_POINT_LEN = 1 + 32 + 32, /* SEC 1, 2.3.3: 04, x, y */
    X25519_LEN = 32,
};

/* What a multiplication works with. The generator blinds it against side channels; as its secret
 * is the scalar, the functions stay functions of their arguments. */
struct work {
    mbedtls_ecp_group group;
    mbedtls_ecp_point point, product;
    mbedtls_mpi scalar;
    mbedtls_hmac_drbg_context blinding;
};

static void work_init(struct work *w)
{
    mbedtls_ecp_group_init(&w->group);
    mbedtls_ecp_point_init(&w->point);
    mbedtls_ecp_point_init(&w->product);
    mbedtls_mpi_init(&w->scalar);
    mbedtls_hmac_drbg_init(&w->blinding);
}

static void work_free(struct work *w)
{
    mbedtls_hmac_drbg_free(&w->blinding);
    mbedtls_mpi_free(&w->scalar);
    mbedtls_ecp_point_free(&w->product);
    mbedtls_ecp_point_free(&w->point);
    mbedtls_ecp_group_free(&w->group);
}

/* `point` times `scalar`, for NULL the generator. The library refuses what is not on the curve, of
 * small order, or no scalar of the group. */
static int multiply(struct work *w, mbedtls_ecp_group_id id, const uint8_t scalar[32],
                    const uint8_t *point, uint8_t *product, size_t point_len)
{
    const mbedtls_md_info_t *md = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    const mbedtls_ecp_point *factor = point ? &w->point : &w->group.G;
    size_t made;
    int error = mbedtls_ecp_group_load(&w->group, id);

    if (!error && id == MBEDTLS_ECP_DP_CURVE25519)
        error = mbedtls_mpi_read_binary_le(&w->scalar, scalar, 32);
    else if (!error)
        error = mbedtls_mpi_read_binary(&w->scalar, scalar, 32);
    if (!error)
        error = mbedtls_hmac_drbg_seed_buf(&w->blinding, md, scalar, 32);
    if (!error && point)
        error = mbedtls_ecp_point_read_binary(&w->group, &w->point, point, point_len);
    if (!error)
        error = mbedtls_ecp_mul(&w->group, &w->product, &w->scalar, factor,
                                mbedtls_hmac_drbg_random, &w->blinding);
    if (!error)
        error = mbedtls_ecp_point_write_binary(&w->group, &w->product, MBEDTLS_ECP_PF_UNCOMPRESSED,
                                               &made, product, point_len);
    return error;
}

static bool product_of(mbedtls_ecp_group_id id, const uint8_t scalar[32], const uint8_t *point,
                       uint8_t *product, size_t point_len)
{
    struct work w;

    work_init(&w);
    int error = multiply(&w, id, scalar, point, product, point_len);
    work_free(&w);
    return error == 0;
}

static enum cx_result x25519(const uint8_t secret[32], const uint8_t *peer, uint8_t out[32])
{
    static const uint8_t zero[X25519_LEN];
    uint8_t scalar[32];

    memcpy(scalar, secret, sizeof(scalar));
    scalar[0] &= 0xf8; /* RFC 7748 section 5, decodeScalar25519 */
    scalar[31] = (uint8_t)((scalar[31] & 0x7f) | 0x40);
    bool ok = product_of(MBEDTLS_ECP_DP_CURVE25519, scalar, peer, out, X25519_LEN) &&
              !cx_equal(out, zero, X25519_LEN);
    cx_wipe(scalar, sizeof(scalar));
    if (ok)
        return CX_OK;
    cx_wipe(out, X25519_LEN);
    return CX_FAILED;
}

enum cx_result cx_x25519_public(const uint8_t secret[32], uint8_t public_key[32])
{
    return x25519(secret, NULL, public_key);
}

enum cx_result cx_x25519(const uint8_t secret[32], const uint8_t peer[32], uint8_t shared[32])
{
    return x25519(secret, peer, shared);
}

static enum cx_result p256(const uint8_t secret[32], const uint8_t *point, uint8_t *out, size_t len)
{
    uint8_t product[P256_POINT_LEN];
    bool ok = product_of(MBEDTLS_ECP_DP_SECP256R1, secret, point, product, sizeof(product));

    if (ok)
        memcpy(out, product + 1, len);
    else
        cx_wipe(out, len);
    cx_wipe(product, sizeof(product));
    return ok ? CX_OK : CX_FAILED;
}

enum cx_result cx_p256_public(const uint8_t secret[32], uint8_t public_key[64])
{
    return p256(secret, NULL, public_key, 64);
}

enum cx_result cx_p256_ecdh(const uint8_t secret[32], const uint8_t peer[64], uint8_t shared[32])
{
    uint8_t point[P256_POINT_LEN] = { 4 };

    memcpy(point + 1, peer, 64);
    return p256(secret, point, shared, 32);
}
