/* X25519, Ed25519 and P-256: published values come out, and what must be refused is. */
#include "test_crypto.h"

#include <string.h>

/* A microcontroller's core in QEMU is slow: there every 37th bit is changed instead of each. */
#define BIT_STEP (TEST_IS_SLOW ? 37u : 1u)

/* RFC 7748, 5.2; the second has the top bit set, which does not count. */
static void published_x25519(void **state)
{
    static const struct {
        const char *scalar, *u, *want;
    } rows[] = {
        { "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
          "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
          "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552" },
        { "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
          "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
          "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t out[32];
        assert_int_equal(cx_x25519(blob(rows[i].scalar).at, blob(rows[i].u).at, out), CX_OK);
        assert_hex(out, rows[i].want);
    }
}

/* RFC 7748, 5.2: each result is the next scalar, the scalar the next point. */
static void x25519_repeated(void **state)
{
    uint8_t k[32] = { 9 }, u[32] = { 9 }, next[32];
    const int rounds = TEST_IS_SLOW ? 1 : 1000;

    (void)state;
    for (int i = 1; i <= rounds; i++) {
        assert_int_equal(cx_x25519(k, u, next), CX_OK);
        memcpy(u, k, sizeof(u));
        memcpy(k, next, sizeof(k));
        if (i == 1)
            assert_hex(k, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
    if (rounds == 1000)
        assert_hex(k, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

/* RFC 7748, 6.1. */
static void x25519_key_exchange(void **state)
{
    struct blob a = blob("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    struct blob b = blob("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    uint8_t a_public[32], b_public[32], shared[32];

    (void)state;
    assert_int_equal(cx_x25519_public(a.at, a_public), CX_OK);
    assert_hex(a_public, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assert_int_equal(cx_x25519_public(b.at, b_public), CX_OK);
    assert_hex(b_public, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    assert_int_equal(cx_x25519(a.at, b_public, shared), CX_OK);
    assert_hex(shared, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assert_int_equal(cx_x25519(b.at, a_public, shared), CX_OK);
    assert_hex(shared, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

/* Every encoding of a point of small order, with any key, would give zeros. The points are those
 * of the curve's author (cr.yp.to/ecdh.html), also with the bit on top that does not count. */
static void x25519_refuses_an_all_zero_result(void **state)
{
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    static const uint8_t secret[32] = { 0x70, 0x11, 0x22 };

    (void)state;
    for (size_t i = 0; i < 2 * COUNT(points); i++) {
        struct blob peer = blob(points[i / 2]);
        uint8_t out[32];

        if (i % 2)
            peer.at[31] ^= 0x80;
        memset(out, 0xee, sizeof(out));
        assert_int_equal(cx_x25519(secret, peer.at, out), CX_FAILED);
        assert_true(is_zero(out, sizeof(out)));
    }
}

/* RFC 8032, 7.1, tests 1 to 3; and the accessory's signature in a HomeKit pairing. */
static const struct signature {
    const char *seed, *public_key, *message, *sig;
} signatures[] = {
    { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
    { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
    { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
      "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
    { "43ef07214cb8d41cd9a8c2fe4d42fe5322353c5d76909febccfbc49075c8f0fa",
      "99fd94bffba30063a431f0dff64e2b596260c29e3cfd4e57cfffaf92e004c9fc",
      "fdf5ae959416d7e64558d9e2d3e1a955aee3779938964175a7f5d2facb80e40043383a44383a35383a43363a"
      "36333a463599fd94bffba30063a431f0dff64e2b596260c29e3cfd4e57cfffaf92e004c9fc",
      "db6904c0d989062612d89887fc1c17a4127a1465eb253ab16b834200a1303d45"
      "e0a871fede4ab9ffc2ff1ef28ff2f28ce14d84b2309f1e480beb33a51b14ca0b" },
};

static void published_ed25519(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(signatures); i++) {
        struct blob seed = blob(signatures[i].seed), message = blob(signatures[i].message);
        uint8_t public_key[32], sig[64];

        assert_int_equal(cx_ed25519_public(seed.at, public_key), CX_OK);
        assert_hex(public_key, signatures[i].public_key);
        assert_int_equal(cx_ed25519_sign(seed.at, part_of(&message), sig), CX_OK);
        assert_hex(sig, signatures[i].sig);
        assert_int_equal(cx_ed25519_verify(public_key, part_of(&message), sig), CX_OK);
    }
}

static void ed25519_refuses_any_changed_bit(void **state)
{
    struct blob sig = blob(signatures[3].sig), message = blob(signatures[3].message);
    struct blob public_key = blob(signatures[3].public_key);
    struct blob *const parts[] = { &sig, &message, &public_key };

    (void)state;
    for (size_t p = 0; p < COUNT(parts); p++)
        for (size_t bit = 0; bit < 8 * parts[p]->len; bit += BIT_STEP) {
            parts[p]->at[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_int_not_equal(cx_ed25519_verify(public_key.at, part_of(&message), sig.at),
                                 CX_OK);
            parts[p]->at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    assert_int_equal(cx_ed25519_verify(public_key.at, part_of(&message), sig.at), CX_OK);
    message.len--;
    assert_int_equal(cx_ed25519_verify(public_key.at, part_of(&message), sig.at), CX_BAD_TAG);
}

/* Adding the group's order to the second half of a signature gives another that satisfies the same
 * equation; RFC 8032, 5.1.7 has it refused. */
static void ed25519_refuses_a_second_form_of_a_signature(void **state)
{
    struct blob order = blob("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

    (void)state;
    for (size_t i = 0; i < COUNT(signatures); i++) {
        struct blob sig = blob(signatures[i].sig), message = blob(signatures[i].message);
        unsigned carry = 0;

        for (size_t at = 0; at < 32; at++) {
            carry += (unsigned)sig.at[32 + at] + order.at[at];
            sig.at[32 + at] = (uint8_t)carry;
            carry >>= 8;
        }
        assert_int_equal(carry, 0);
        assert_int_equal(
            cx_ed25519_verify(blob(signatures[i].public_key).at, part_of(&message), sig.at),
            CX_BAD_TAG);
    }
}

/* NIST CAVS 14.1, ECC CDH primitive, P-256, count 0 and 1. */
static const struct exchange {
    const char *secret, *public_key, *peer, *shared;
} exchanges[] = {
    { "7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534",
      "ead218590119e8876b29146ff89ca61770c4edbbf97d38ce385ed281d8a6b230"
      "28af61281fd35e2fa7002523acc85a429cb06ee6648325389f59edfce1405141",
      "700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
      "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
      "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b" },
    { "38f65d6dce47676044d58ce5139582d568f64bb16098d179dbab07741dd5caf5", "",
      "809f04289c64348c01515eb03d5ce7ac1a8cb9498f5caa50197e58d43a86a7ae"
      "b29d84e811197f25eba8f5194092cb6ff440e26d4421011372461f579271cda3",
      "057d636096cb80b67a8c038c890e887d1adfa4195e9b3ce241c8a778c59cda67" },
};

static void published_p256(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(exchanges); i++) {
        struct blob secret = blob(exchanges[i].secret), peer = blob(exchanges[i].peer);
        uint8_t public_key[64], shared[32];

        assert_int_equal(cx_p256_public(secret.at, public_key), CX_OK);
        assert_hex(public_key, exchanges[i].public_key);
        assert_int_equal(cx_p256_ecdh(secret.at, peer.at, shared), CX_OK);
        assert_hex(shared, exchanges[i].shared);
    }
}

static void p256_refuses_points_off_the_curve(void **state)
{
    struct blob secret = blob(exchanges[0].secret);
    uint8_t shared[32];

    (void)state;
    for (size_t bit = 0; bit < 512; bit += BIT_STEP) {
        struct blob peer = blob(exchanges[0].peer);
        peer.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        memset(shared, 0xee, sizeof(shared));
        assert_int_equal(cx_p256_ecdh(secret.at, peer.at, shared), CX_FAILED);
        assert_true(is_zero(shared, sizeof(shared)));
    }
    static const uint8_t origin[64];
    assert_int_equal(cx_p256_ecdh(secret.at, origin, shared), CX_FAILED);
}

/* 0, the order and all ones are no private keys; 1 and the order - 1 are, and share x. */
static void p256_keys_are_within_the_order(void **state)
{
    static const struct {
        const char *secret;
        enum cx_result want;
    } rows[] = {
        { "0000000000000000000000000000000000000000000000000000000000000000", CX_FAILED },
        { "0000000000000000000000000000000000000000000000000000000000000001", CX_OK },
        { "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", CX_OK },
        { "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", CX_FAILED },
        { "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", CX_FAILED },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct blob secret = blob(rows[i].secret), peer = blob(exchanges[0].peer);
        uint8_t out[64], shared[32];

        memset(out, 0xee, sizeof(out));
        assert_int_equal(cx_p256_public(secret.at, out), rows[i].want);
        assert_int_equal(cx_p256_ecdh(secret.at, peer.at, shared), rows[i].want);
        if (rows[i].want == CX_OK)
            assert_hex(out, "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
        else
            assert_true(is_zero(out, sizeof(out)) && is_zero(shared, sizeof(shared)));
    }
}

int curve_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_x25519),
        cmocka_unit_test(x25519_repeated),
        cmocka_unit_test(x25519_key_exchange),
        cmocka_unit_test(x25519_refuses_an_all_zero_result),
        cmocka_unit_test(published_ed25519),
        cmocka_unit_test(ed25519_refuses_any_changed_bit),
        cmocka_unit_test(ed25519_refuses_a_second_form_of_a_signature),
        cmocka_unit_test(published_p256),
        cmocka_unit_test(p256_refuses_points_off_the_curve),
        cmocka_unit_test(p256_keys_are_within_the_order),
    };

    return cmocka_run_group_tests_name("curves", tests, NULL, NULL);
}
