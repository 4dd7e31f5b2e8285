/* Hashes, HMAC and HKDF give the published values, however the message is cut into parts. */
#include "test_crypto.h"

#include <string.h>

/* FIPS 180-4, as in NIST's examples. */
static const struct {
    const char *text, *sha256, *sha512;
} hashes[] = {
    { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e" },
    { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c335"
      "96fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445" },
};

static void published_hashes(void **state)
{
    uint8_t out[64];

    (void)state;
    for (size_t i = 0; i < COUNT(hashes); i++) {
        const char *text = hashes[i].text;
        for (size_t cut = 0; cut <= strlen(text); cut++) {
            const struct cx_part parts[] = { { text, cut },
                                             { NULL, 0 },
                                             { text + cut, strlen(text) - cut } };
            assert_int_equal(cx_sha256(parts, COUNT(parts), out), CX_OK);
            assert_hex(out, hashes[i].sha256);
            assert_int_equal(cx_sha512(parts, COUNT(parts), out), CX_OK);
            assert_hex(out, hashes[i].sha512);
        }
    }
    assert_int_equal(cx_sha256(NULL, 0, out), CX_OK);
    assert_hex(out, hashes[0].sha256);
}

/* RFC 4231, cases 1, 2 and 6 (a key longer than a block). */
static void published_hmacs(void **state)
{
    uint8_t long_key[131], out[32];
    struct blob key = blob("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");

    (void)state;
    assert_int_equal(
        cx_hmac_sha256(part_of(&key), (struct cx_part[]){ part_of_text("Hi There") }, 1, out),
        CX_OK);
    assert_hex(out, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");

    const struct cx_part parts[] = { part_of_text("what do ya want "),
                                     part_of_text("for nothing?") };
    assert_int_equal(cx_hmac_sha256(part_of_text("Jefe"), parts, COUNT(parts), out), CX_OK);
    assert_hex(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");

    memset(long_key, 0xaa, sizeof(long_key));
    const struct cx_part text =
        part_of_text("Test Using Larger Than Block-Size Key - Hash Key First");
    assert_int_equal(cx_hmac_sha256((struct cx_part){ long_key, sizeof(long_key) }, &text, 1, out),
                     CX_OK);
    assert_hex(out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 5869, A.1 and A.3 (neither salt nor info). */
static void published_hkdf_sha256(void **state)
{
    struct blob ikm = blob("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
    struct blob salt = blob("000102030405060708090a0b0c"), info = blob("f0f1f2f3f4f5f6f7f8f9");
    const struct cx_part none = { NULL, 0 };
    uint8_t out[42];

    (void)state;
    assert_int_equal(
        cx_hkdf_sha256(part_of(&ikm), part_of(&salt), part_of(&info), out, sizeof(out)), CX_OK);
    assert_hex(out, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf3400720"
                    "8d5b887185865");
    assert_int_equal(cx_hkdf_sha256(part_of(&ikm), none, none, out, sizeof(out)), CX_OK);
    assert_hex(out, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d20139"
                    "5faa4b61a96c8");
}

/* HomeKit's keys of one pairing, from the K of its SRP. */
static void homekit_keys_by_hkdf_sha512(void **state)
{
    static const struct {
        const char *salt, *info, *okm;
    } rows[] = {
        { "Pair-Setup-Encrypt-Salt", "Pair-Setup-Encrypt-Info",
          "3d6541faad448a61dc4d9b589869e0438bd5149a6f976315e9228a8c1e9b32c3" },
        { "Pair-Setup-Controller-Sign-Salt", "Pair-Setup-Controller-Sign-Info",
          "c85dadabe9b08eeafacfa8d5ee95e20a41e9b454a5366461f751c02fda42a73e" },
        { "Pair-Setup-Accessory-Sign-Salt", "Pair-Setup-Accessory-Sign-Info",
          "fdf5ae959416d7e64558d9e2d3e1a955aee3779938964175a7f5d2facb80e400" },
        { "SplitSetupSalt", "AccessoryEncrypt-Control",
          "c796fe26c93574ba2fcf8a9b1e12b5e88822f3a3c926e9c23cb5f8722f99ac60" },
    };
    struct blob k = blob("5a241721336074d81f94f9ad1dc75df5d2148fcb6fb001e8a39a1da87ef5ba08"
                         "c8d52f00f4fbbd7b0b4a675dd22ee05741aca2d9d1515219507babedb646495e");

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t out[32];
        assert_int_equal(cx_hkdf_sha512(part_of(&k), part_of_text(rows[i].salt),
                                        part_of_text(rows[i].info), out, sizeof(out)),
                         CX_OK);
        assert_hex(out, rows[i].okm);
    }
}

/* One byte more than 255 hashes cannot be had, and nothing stays behind of the attempt. */
static void too_long_hkdf_fails(void **state)
{
    static uint8_t out[255 * 32 + 1];

    (void)state;
    memset(out, 0x55, sizeof(out));
    assert_int_equal(cx_hkdf_sha256(part_of_text("key"), part_of_text("salt"), part_of_text("info"),
                                    out, sizeof(out)),
                     CX_FAILED);
    assert_true(is_zero(out, sizeof(out)));
    assert_int_equal(cx_hkdf_sha256(part_of_text("key"), part_of_text("salt"), part_of_text("info"),
                                    out, sizeof(out) - 1),
                     CX_OK);
}

static void equal_looks_at_every_byte(void **state)
{
    uint8_t a[33] = { 0 }, b[33] = { 0 };

    (void)state;
    assert_true(cx_equal(a, b, sizeof(a)));
    assert_true(cx_equal(a, b, 0));
    for (size_t i = 0; i < sizeof(a); i++) {
        b[i] = 0x80;
        assert_false(cx_equal(a, b, sizeof(a)));
        assert_true(cx_equal(a, b, i));
        b[i] = 0;
    }
}

static void wipe_clears_what_it_was_given(void **state)
{
    uint8_t row[10];

    (void)state;
    memset(row, 0xff, sizeof(row));
    cx_wipe(row + 1, 8);
    assert_true(is_zero(row + 1, 8));
    assert_int_equal(row[0], 0xff);
    assert_int_equal(row[9], 0xff);
}

int hash_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_hashes),
        cmocka_unit_test(published_hmacs),
        cmocka_unit_test(published_hkdf_sha256),
        cmocka_unit_test(homekit_keys_by_hkdf_sha512),
        cmocka_unit_test(too_long_hkdf_fails),
        cmocka_unit_test(equal_looks_at_every_byte),
        cmocka_unit_test(wipe_clears_what_it_was_given),
    };

    return cmocka_run_group_tests_name("hashes", tests, NULL, NULL);
}
