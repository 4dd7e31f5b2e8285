/* The modular arithmetic gives every number of an SRP-6a run, and small results one can check by
 * hand, whatever the lengths of the operands. */
#include "test_crypto.h"

#include "srp_vectors.h"

#include <string.h>

static const struct cx_part none = { NULL, 0 };
static const uint8_t one[1] = { 1 }, five[1] = { 5 };

static struct cx_part row(const uint8_t *at, size_t len)
{
    return (struct cx_part){ at, len };
}

static void srp_server_and_client_agree(void **state)
{
    struct blob n = blob(SRP_N), k = blob(srp_multiplier);

    (void)state;
    for (size_t i = 0; i < COUNT(srp_vectors); i++) {
        const struct srp_vector *c = &srp_vectors[i];
        struct blob x = blob(c->x), a = blob(c->a), b = blob(c->b), u = blob(c->u);
        struct blob public_a = blob(c->A);
        uint8_t v[384], g_b[384], out[384], v_u[384], secret[384], key[64];

        assert_int_equal(cx_mod_exp(row(five, 1), part_of(&x), part_of(&n), v), CX_OK);
        assert_hex(v, c->v);
        assert_int_equal(cx_mod_exp(row(five, 1), part_of(&a), part_of(&n), out), CX_OK);
        assert_hex(out, c->A);
        assert_int_equal(cx_mod_exp(row(five, 1), part_of(&b), part_of(&n), g_b), CX_OK);
        assert_int_equal(cx_mod_mul_add(part_of(&k), row(v, 384), row(g_b, 384), part_of(&n), out),
                         CX_OK);
        assert_hex(out, c->B);
        assert_int_equal(cx_mod_exp(row(v, 384), part_of(&u), part_of(&n), v_u), CX_OK);
        assert_int_equal(cx_mod_mul_add(part_of(&public_a), row(v_u, 384), none, part_of(&n), out),
                         CX_OK);
        assert_int_equal(cx_mod_exp(row(out, 384), part_of(&b), part_of(&n), secret), CX_OK);
        assert_hex(secret, c->S);
        assert_int_equal(cx_sha512((struct cx_part[]){ row(secret, 384) }, 1, key), CX_OK);
        assert_hex(key, c->K);
    }
}

/* How a server sees that a controller's A is a multiple of N: it is 0 after a reduction. */
static void a_multiple_of_n_reduces_to_zero(void **state)
{
    struct blob n = blob(SRP_N);
    uint8_t out[384];

    (void)state;
    assert_int_equal(cx_mod_mul_add(part_of(&n), row(one, 1), none, part_of(&n), out), CX_OK);
    assert_true(is_zero(out, sizeof(out)));
    assert_int_equal(cx_mod_mul_add(none, none, none, part_of(&n), out), CX_OK);
    assert_true(is_zero(out, sizeof(out)));
    n.at[383]--;
    struct blob modulus = blob(SRP_N);
    assert_int_equal(cx_mod_mul_add(part_of(&n), row(one, 1), none, part_of(&modulus), out), CX_OK);
    assert_memory_equal(out, n.at, sizeof(out));
}

static void small_numbers(void **state)
{
    static const struct {
        uint8_t a, b, c, mod, power, mul_add;
    } rows[] = {
        { 2, 10, 0, 251, 20, 20 },     { 3, 0, 7, 251, 1, 7 },     { 0, 5, 0, 251, 0, 0 },
        { 0, 0, 0, 3, 1, 0 },          { 250, 2, 1, 251, 1, 250 }, { 255, 3, 255, 5, 0, 0 },
        { 7, 255, 255, 251, 241, 32 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cx_part a = row(&rows[i].a, 1), b = row(&rows[i].b, 1);
        const struct cx_part c = row(&rows[i].c, 1), mod = row(&rows[i].mod, 1);
        uint8_t out;

        assert_int_equal(cx_mod_exp(a, b, mod, &out), CX_OK);
        assert_int_equal(out, rows[i].power);
        assert_int_equal(cx_mod_mul_add(a, b, c, mod, &out), CX_OK);
        assert_int_equal(out, rows[i].mul_add);
    }
}

/* Zeros in front of an operand and operands longer than the modulus change nothing but the form. */
static void lengths_do_not_matter(void **state)
{
    static const uint8_t padded[8] = { 0, 0, 0, 0, 0, 0, 1, 1 }; /* 257 */
    static const uint8_t modulus[3] = { 1, 0, 1 };               /* 65537 */
    uint8_t out[3];

    (void)state;
    assert_int_equal(cx_mod_exp(row(padded, 8), row(padded + 6, 2), row(modulus, 3), out), CX_OK);
    uint8_t again[3];
    assert_int_equal(cx_mod_exp(row(padded + 6, 2), row(padded, 8), row(modulus, 3), again), CX_OK);
    assert_memory_equal(out, again, 3);
    assert_int_equal(
        cx_mod_mul_add(row(padded, 8), row(padded, 8), row(one, 1), row(modulus, 3), out), CX_OK);
    assert_hex(out, "000201"); /* 257 * 257 + 1 = 66050 = 65537 + 513 */
}

static void bad_moduli_fail(void **state)
{
    static const uint8_t even[2] = { 1, 0 }, zero[1] = { 0 }, front[2] = { 0, 251 };
    static uint8_t too_long[CX_MOD_MAX + 1];
    const struct cx_part moduli[] = { none,        row(even, 2),  row(zero, 1),
                                      row(one, 1), row(front, 2), row(too_long, sizeof(too_long)) };
    uint8_t out[CX_MOD_MAX + 1];

    (void)state;
    memset(too_long, 0xff, sizeof(too_long));
    for (size_t i = 0; i < COUNT(moduli); i++) {
        memset(out, 0xee, sizeof(out));
        assert_int_equal(cx_mod_exp(row(five, 1), row(five, 1), moduli[i], out), CX_FAILED);
        assert_int_equal(cx_mod_mul_add(row(five, 1), row(five, 1), none, moduli[i], out),
                         CX_FAILED);
        assert_true(is_zero(out, moduli[i].len <= CX_MOD_MAX ? moduli[i].len : CX_MOD_MAX));
        assert_int_equal(out[CX_MOD_MAX], 0xee);
    }
    struct blob n = blob(SRP_N);
    assert_int_equal(cx_mod_exp(row(too_long, sizeof(too_long)), row(five, 1), part_of(&n), out),
                     CX_FAILED);
    assert_true(is_zero(out, n.len));
}

int modular_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(srp_server_and_client_agree),
        cmocka_unit_test(a_multiple_of_n_reduces_to_zero),
        cmocka_unit_test(small_numbers),
        cmocka_unit_test(lengths_do_not_matter),
        cmocka_unit_test(bad_moduli_fail),
    };

    return cmocka_run_group_tests_name("modular arithmetic", tests, NULL, NULL);
}
