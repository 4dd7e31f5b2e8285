/* AES-CCM: published vectors open and seal; whatever is changed, nothing opens. */
#include "test_crypto.h"

#include <string.h>

static const struct vector {
    const char *source, *key, *nonce, *aad, *plain, *cipher, *tag;
} vectors[] = {
    { "SP 800-38C example 1", "404142434445464748494a4b4c4d4e4f", "10111213141516",
      "0001020304050607", "20212223", "7162015b", "4dac255d" },
    { "SP 800-38C example 2", "404142434445464748494a4b4c4d4e4f", "1011121314151617",
      "000102030405060708090a0b0c0d0e0f", "202122232425262728292a2b2c2d2e2f",
      "d2a1f0e051ea5f62081a7792073d593d", "1fc64fbfaccd" },
    { "SP 800-38C example 3", "404142434445464748494a4b4c4d4e4f", "101112131415161718191a1b",
      "000102030405060708090a0b0c0d0e0f10111213",
      "202122232425262728292a2b2c2d2e2f3031323334353637",
      "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5", "484392fbc1b09951" },
    { "RFC 3610 packet vector 1", "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf", "00000003020100a0a1a2a3a4a5",
      "0001020304050607", "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e",
      "588c979a61c663d2f066d0c2c0f989806d5f6b61dac384", "17e8d12cfdf926e0" },
    { "RFC 3610 packet vector 2", "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf", "00000004030201a0a1a2a3a4a5",
      "0001020304050607", "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
      "72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3b", "a091d56e10400916" },
    { "RFC 3610 packet vector 4", "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf", "00000006050403a0a1a2a3a4a5",
      "000102030405060708090a0b", "0c0d0e0f101112131415161718191a1b1c1d1e",
      "a28c6865939a9a79faaa5c4c2a9d4a91cdac8c", "96c861b9c9e61ef1" },
    { "RFC 3610 packet vector 7", "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf", "00000009080706a0a1a2a3a4a5",
      "0001020304050607", "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e",
      "0135d1b2c95f41d5d1d4fec185d166b8094e999dfed96c", "048c56602c97acbb7490" },
    { "MiBeacon v5, LYWSD03MMC (ble_monitor)", "e9ea895fac7cca6d30532432a516f3a8",
      "f4830238c1a45b0550260000", "11", "061002d301", "95ef58763c", "97e2abb5" },
    { "MiBeacon v5, empty object (ble_monitor)", "c533a5ab361b0a24de4d21d1d9a3d8a1",
      "0d692a3cc2188723ff080000", "11", "0c4e00", "76d7a7", "6024e757" },
    { "MiBeacon v3, whole tag of a legacy frame", "b853075158488d3d3c977ca39a5b5ea9",
      "5830b603d20000008b98c54124", "11", "011003000103", "c3491476757e",
      "990e024b9f131701169de1918ad79db2" },
    { "pvvx custom (ble_monitor)", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ccbbaa38c1a40e161a18bd",
      "11", "6c07f913510f", "86c53ffab900", "c1515859" },
    { "pvvx ATC form (ble_monitor)", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ccbbaa38c1a40b161a18bd",
      "11", "7632d6", "e9b75d", "b856f303" },
    { "BTHome v1 (ble_monitor)", "231d39c1d7cc1ab1aee224cd096db932", "5448e68f80a51e1800112233",
      "11", "2302ca090303bf13", "fba435e4d3c312fb", "57d90a99" },
    { "BTHome v2, no additional data (ble_monitor)", "231d39c1d7cc1ab1aee224cd096db932",
      "5448e68f80a5d2fc4100112233", "", "02ca0903bf13", "a47266c95f73", "78237214" },
};

/* A vector as bytes, with its call made up for opening. */
struct ccm_case {
    struct blob key, nonce, aad, plain, cipher, tag;
    struct cx_ccm_call call;
};

static void read_case(struct ccm_case *c, const struct vector *v)
{
    c->key = blob(v->key);
    c->nonce = blob(v->nonce);
    c->aad = blob(v->aad);
    c->plain = blob(v->plain);
    c->cipher = blob(v->cipher);
    c->tag = blob(v->tag);
    c->call = (struct cx_ccm_call){
        .nonce = c->nonce.at,
        .nonce_len = (uint8_t)c->nonce.len,
        .tag_len = (uint8_t)c->tag.len,
        .aad = c->aad.at,
        .aad_len = c->aad.len,
        .in = c->cipher.at,
        .len = c->cipher.len,
    };
}

static struct cx_ccm_key key_of(const uint8_t bytes[16])
{
    struct cx_ccm_key key = { NULL };

    assert_int_equal(cx_ccm_key_init(&key, bytes), CX_OK);
    return key;
}

static void published_vectors_open_and_seal(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct ccm_case c;
        uint8_t out[64], tag[16];

        read_case(&c, &vectors[i]);
        struct cx_ccm_key key = key_of(c.key.at);
        assert_int_equal(cx_ccm_open(&key, &c.call, c.tag.at, out), CX_OK);
        assert_memory_equal(out, c.plain.at, c.plain.len);

        c.call.in = c.plain.at;
        assert_int_equal(cx_ccm_seal(&key, &c.call, out, tag), CX_OK);
        assert_memory_equal(out, c.cipher.at, c.cipher.len);
        assert_memory_equal(tag, c.tag.at, c.tag.len);
        cx_ccm_key_free(&key);
        assert_null(key.state);
    }
}

/* One key used for every format in turn, opening and sealing, forwards and backwards: what one
 * call left in the schedule must not show in the next. */
static void one_key_serves_all_shapes(void **state)
{
    static const uint8_t bytes[16] = { 7 };
    static const uint8_t nonce[13] = { 1, 2, 3 }, aad[1] = { 0x11 };
    static const uint8_t nonce_lens[] = { 11, 12, 13, 7 }, tag_lens[] = { 4, 16, 8 };
    struct cx_ccm_key used = key_of(bytes);
    uint8_t plain[100], sealed[100], again[100], tag[16], tag_again[16];

    (void)state;
    memset(plain, 0x5a, sizeof(plain));
    for (size_t i = 0; i < 200; i++) {
        struct cx_ccm_key fresh = key_of(bytes);
        struct cx_ccm_call call = { .nonce = nonce,
                                    .nonce_len = nonce_lens[i * 7 % COUNT(nonce_lens)],
                                    .tag_len = tag_lens[i * 5 % COUNT(tag_lens)],
                                    .aad = aad,
                                    .aad_len = i % 2,
                                    .in = plain,
                                    .len = i * 13 % sizeof(plain) };

        assert_int_equal(cx_ccm_seal(&used, &call, sealed, tag), CX_OK);
        assert_int_equal(cx_ccm_seal(&fresh, &call, again, tag_again), CX_OK);
        assert_memory_equal(sealed, again, call.len);
        assert_memory_equal(tag, tag_again, call.tag_len);
        call.in = sealed;
        assert_int_equal(cx_ccm_open(&used, &call, tag, again), CX_OK);
        assert_memory_equal(plain, again, call.len);
        tag[0] ^= 1;
        assert_int_equal(cx_ccm_open(&used, &call, tag, again), CX_BAD_TAG);
        cx_ccm_key_free(&fresh);
    }
    cx_ccm_key_free(&used);
}

/* Opens with bit `bit` of `part` flipped; nothing may come out. */
static void assert_refused(const struct cx_ccm_key *key, struct ccm_case *c, uint8_t *part,
                           size_t bit)
{
    uint8_t out[64];

    memset(out, 0xee, sizeof(out));
    part[bit / 8] ^= (uint8_t)(1 << bit % 8);
    assert_int_equal(cx_ccm_open(key, &c->call, c->tag.at, out), CX_BAD_TAG);
    part[bit / 8] ^= (uint8_t)(1 << bit % 8);
    assert_true(is_zero(out, c->call.len));
    assert_int_equal(out[c->call.len], 0xee);
}

static void any_changed_bit_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct ccm_case c;
        uint8_t out[64];

        read_case(&c, &vectors[i]);
        struct cx_ccm_key key = key_of(c.key.at);
        struct blob *const parts[] = { &c.tag, &c.cipher, &c.aad, &c.nonce };
        for (size_t p = 0; p < COUNT(parts); p++)
            for (size_t bit = 0; bit < 8 * parts[p]->len; bit++)
                assert_refused(&key, &c, parts[p]->at, bit);
        assert_int_equal(cx_ccm_open(&key, &c.call, c.tag.at, out), CX_OK);
        cx_ccm_key_free(&key);
    }
}

static void works_in_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct ccm_case c;
        uint8_t tag[16];

        read_case(&c, &vectors[i]);
        struct cx_ccm_key key = key_of(c.key.at);
        assert_int_equal(cx_ccm_open(&key, &c.call, c.tag.at, c.cipher.at), CX_OK);
        assert_memory_equal(c.cipher.at, c.plain.at, c.plain.len);
        assert_int_equal(cx_ccm_seal(&key, &c.call, c.cipher.at, tag), CX_OK);
        assert_memory_equal(c.cipher.at, blob(vectors[i].cipher).at, c.cipher.len);
        assert_memory_equal(tag, c.tag.at, c.tag.len);
        cx_ccm_key_free(&key);
    }
}

/* No text at all: the tag alone carries the message, with and without additional data. */
static void empty_text_has_a_tag(void **state)
{
    static const uint8_t bytes[16] = { 1 }, nonce[12] = { 2 }, aad[3] = { 3, 4, 5 };
    struct cx_ccm_key key = key_of(bytes);

    (void)state;
    for (size_t aad_len = 0; aad_len <= sizeof(aad); aad_len += sizeof(aad)) {
        struct cx_ccm_call call = { .nonce = nonce,
                                    .nonce_len = sizeof(nonce),
                                    .tag_len = 4,
                                    .aad = aad_len ? aad : NULL,
                                    .aad_len = aad_len };
        uint8_t tag[4];

        assert_int_equal(cx_ccm_seal(&key, &call, NULL, tag), CX_OK);
        assert_int_equal(cx_ccm_open(&key, &call, tag, NULL), CX_OK);
        tag[3] ^= 0x80;
        assert_int_equal(cx_ccm_open(&key, &call, tag, NULL), CX_BAD_TAG);
    }
    cx_ccm_key_free(&key);
}

static void wrong_lengths_fail(void **state)
{
    static const uint8_t bytes[16] = { 0 }, nonce[16] = { 0 }, tag[16] = { 0 };
    static uint8_t text[65536];
    static const struct {
        uint8_t nonce_len, tag_len;
        size_t len;
        enum cx_result want;
    } rows[] = {
        { 6, 4, 8, CX_FAILED },       { 14, 4, 8, CX_FAILED },  { 12, 0, 8, CX_FAILED },
        { 12, 2, 8, CX_FAILED },      { 12, 5, 8, CX_FAILED },  { 12, 18, 8, CX_FAILED },
        { 13, 4, 65536, CX_FAILED },  { 0, 4, 8, CX_FAILED },   { 12, 255, 8, CX_FAILED },
        { 13, 4, 65535, CX_BAD_TAG }, { 12, 4, 8, CX_BAD_TAG }, { 12, 4, 65536, CX_BAD_TAG },
    };
    struct cx_ccm_key key = key_of(bytes), no_key = { NULL };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cx_ccm_call call = { .nonce = nonce,
                                    .nonce_len = rows[i].nonce_len,
                                    .tag_len = rows[i].tag_len,
                                    .in = text,
                                    .len = rows[i].len };
        uint8_t made[17];

        memset(text, 0x77, rows[i].len);
        memset(made, 0x77, sizeof(made));
        assert_int_equal(cx_ccm_open(&key, &call, tag, text), rows[i].want);
        assert_true(is_zero(text, rows[i].len));
        if (rows[i].want == CX_FAILED) {
            assert_int_equal(cx_ccm_seal(&key, &call, text, made), CX_FAILED);
            assert_true(is_zero(made, call.tag_len <= 16 ? call.tag_len : 16));
            assert_int_equal(made[16], 0x77);
        }
        assert_int_equal(cx_ccm_open(&no_key, &call, tag, text), CX_FAILED);
    }
    cx_ccm_key_free(&key);
    cx_ccm_key_free(&key);
}

int ccm_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors_open_and_seal),
        cmocka_unit_test(one_key_serves_all_shapes),
        cmocka_unit_test(any_changed_bit_is_refused),
        cmocka_unit_test(works_in_place),
        cmocka_unit_test(empty_text_has_a_tag),
        cmocka_unit_test(wrong_lengths_fail),
    };

    return cmocka_run_group_tests_name("AES-CCM", tests, NULL, NULL);
}
