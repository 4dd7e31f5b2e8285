/* OpenSSL keeps errors in a queue of the thread, where the next TLS call (libmosquitto's) would
 * take them for its own: no refusal of ours leaves one. */
#include "crypto/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/err.h>

static const uint8_t zeros[64];
static const struct cx_part key = { "key", 3 };

static enum cx_result wrong_ccm_tag(uint8_t *out)
{
    struct cx_ccm_key schedule = { NULL };
    const struct cx_ccm_call call = {
        .nonce = zeros, .nonce_len = 12, .tag_len = 4, .in = zeros, .len = 8
    };

    assert_int_equal(cx_ccm_key_init(&schedule, zeros), CX_OK);
    enum cx_result result = cx_ccm_open(&schedule, &call, zeros, out);
    cx_ccm_key_free(&schedule);
    return result;
}

static enum cx_result wrong_chapoly_tag(uint8_t *out)
{
    const struct cx_chapoly_call call = { .key = zeros, .nonce = zeros, .in = zeros, .len = 8 };

    return cx_chapoly_open(&call, zeros, out);
}

static enum cx_result wrong_signature(uint8_t *out)
{
    static const uint8_t other_seed[32] = { 1 };
    uint8_t public_key[32], sig[64];

    assert_int_equal(cx_ed25519_public(zeros, public_key), CX_OK);
    assert_int_equal(cx_ed25519_sign(other_seed, key, sig), CX_OK);
    (void)out;
    return cx_ed25519_verify(public_key, key, sig);
}

static enum cx_result zero_x25519(uint8_t *out)
{
    return cx_x25519(zeros, zeros, out);
}

static enum cx_result point_off_the_curve(uint8_t *out)
{
    static const uint8_t secret[32] = { 1 };

    return cx_p256_ecdh(secret, zeros, out);
}

static enum cx_result too_long_hkdf(uint8_t *out)
{
    static uint8_t long_out[255 * 32 + 1];

    (void)out;
    return cx_hkdf_sha256(key, key, key, long_out, sizeof(long_out));
}

static enum cx_result even_modulus(uint8_t *out)
{
    return cx_mod_exp(key, key, (struct cx_part){ "\2", 1 }, out);
}

static void refusals_leave_no_error(void **state)
{
    static enum cx_result (*const refusals[])(uint8_t * out) = {
        wrong_ccm_tag,       wrong_chapoly_tag, wrong_signature, zero_x25519,
        point_off_the_curve, too_long_hkdf,     even_modulus,
    };
    uint8_t out[64];

    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        assert_int_not_equal(refusals[i](out), CX_OK);
        assert_int_equal(ERR_peek_error(), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(refusals_leave_no_error) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
