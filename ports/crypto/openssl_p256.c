/* P-256, by OpenSSL 3. The EVP interface cannot make a public key of a given private one, so this
 * is one step below it: a scalar times a point. */
#include "openssl_verdict.h"

#include <string.h>

#include <openssl/ec.h>
#include <openssl/obj_mac.h>

enum {
    POINT_LEN = 1 + 32 + 32, /* SEC 1, 2.3.3: 04, x, y */
};

/* `point` times the scalar, for NULL the generator. False when the point is not on the curve or the
 * scalar not from 1 to order - 1. */
static bool multiply(const EC_GROUP *group, const uint8_t scalar[32], const uint8_t *point,
                     uint8_t product[POINT_LEN])
{
    BIGNUM *k = BN_secure_new();
    EC_POINT *p = EC_POINT_new(group), *q = EC_POINT_new(group);
    bool ok = k && p && q && BN_bin2bn(scalar, 32, k) && !BN_is_zero(k) &&
              BN_cmp(k, EC_GROUP_get0_order(group)) < 0;

    if (ok)
        BN_set_flags(k, BN_FLG_CONSTTIME);
    if (point)
        ok = ok && EC_POINT_oct2point(group, p, point, POINT_LEN, NULL) &&
             EC_POINT_mul(group, q, NULL, p, k, NULL);
    else
        ok = ok && EC_POINT_mul(group, q, k, NULL, NULL, NULL);
    ok = ok && EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, product, POINT_LEN,
                                  NULL) == POINT_LEN;
    EC_POINT_clear_free(q);
    EC_POINT_free(p);
    BN_clear_free(k);
    return ok;
}

static bool multiply_on_p256(const uint8_t scalar[32], const uint8_t *point,
                             uint8_t product[POINT_LEN])
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    bool ok = group && multiply(group, scalar, point, product);

    EC_GROUP_free(group);
    return ok;
}

enum cx_result cx_p256_public(const uint8_t secret[32], uint8_t public_key[64])
{
    uint8_t product[POINT_LEN];
    bool ok = multiply_on_p256(secret, NULL, product);

    if (ok)
        memcpy(public_key, product + 1, 64);
    return verdict(ok, CX_FAILED, public_key, 64);
}

enum cx_result cx_p256_ecdh(const uint8_t secret[32], const uint8_t peer[64], uint8_t shared[32])
{
    uint8_t point[POINT_LEN] = { POINT_CONVERSION_UNCOMPRESSED }, product[POINT_LEN];

    memcpy(point + 1, peer, 64);
    bool ok = multiply_on_p256(secret, point, product);
    if (ok)
        memcpy(shared, product + 1, 32);
    cx_wipe(product, sizeof(product));
    return verdict(ok, CX_FAILED, shared, 32);
}
