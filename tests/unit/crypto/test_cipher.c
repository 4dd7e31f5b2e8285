/* ChaCha20-Poly1305 and the single AES block: published values, HomeKit's frames, refusals. */
#include "test_crypto.h"

#include <string.h>

static const struct vector {
    const char *source, *key, *nonce, *aad, *plain, *cipher, *tag;
} vectors[] = {
    { "RFC 8439, 2.8.2", "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
      "070000004041424344454647", "50515253c0c1c2c3c4c5c6c7",
      "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966"
      "204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f72207468652066757475"
      "72652c2073756e73637265656e20776f756c642062652069742e",
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69"
      "da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad67594"
      "5585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116",
      "1ae10b594f09e26a7e902ecbd0600691" },
    { "HomeKit, first frame of a controller",
      "0cd53089fa8e073de0b9e25e2f623b11c9609b4959579a2ede58e5247feda058",
      "000000000000000000000000", "3a00",
      "474554202f6368617261637465726973746963733f69643d322e313020485454502f312e310d0a486f73743a"
      "203132372e302e302e310d0a0d0a",
      "9230df697f5a5d18efc9455f4db90f3a88aeac1a308cdeb9660fc3fe835efd7ea7c52d7e3bacff3cf77bd375"
      "25aa18fe46728bc307c8012bedaa",
      "86284f96d09f1bd1ae408873b7182dc2" },
    { "HomeKit, pair-verify M2, no additional data (PV-Msg02)",
      "1e9e5e07a07192f7adcaa460d40a4828a29fd3136a2aa174d052cdf596afed7e",
      "0000000050562d4d73673032", "",
      "011143383a44383a35383a43363a36333a46350a4067377457fc0daaa216ab306ad654dd80af1d0ceb07f183"
      "d003fdfba741acb7385ac951259b25de672563277fef16895436b1b46df93adf475355083eaedef50a",
      "a88c45bf1f37086eed5b7c56df7c668551d7a2f433044536211b9b51962d0ae87253d6f2c33bb91468d7ec15"
      "c60fbfac38fb2798c8b6df19dd7a853dc9e751b0c42d2b120ef866ef26d455c27823f4a400354760b0",
      "a89791bb987b72a5505dd21b1ce7df95" },
};

struct chapoly_case {
    struct blob key, nonce, aad, plain, cipher, tag;
    struct cx_chapoly_call call;
};

static void read_case(struct chapoly_case *c, const struct vector *v)
{
    c->key = blob(v->key);
    c->nonce = blob(v->nonce);
    c->aad = blob(v->aad);
    c->plain = blob(v->plain);
    c->cipher = blob(v->cipher);
    c->tag = blob(v->tag);
    c->call = (struct cx_chapoly_call){
        .key = c->key.at,
        .nonce = c->nonce.at,
        .aad = c->aad.at,
        .aad_len = c->aad.len,
        .in = c->cipher.at,
        .len = c->cipher.len,
    };
}

static void published_vectors_open_and_seal(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct chapoly_case c;
        uint8_t out[200], tag[16];

        read_case(&c, &vectors[i]);
        assert_int_equal(cx_chapoly_open(&c.call, c.tag.at, out), CX_OK);
        assert_memory_equal(out, c.plain.at, c.plain.len);
        c.call.in = c.plain.at;
        assert_int_equal(cx_chapoly_seal(&c.call, out, tag), CX_OK);
        assert_memory_equal(out, c.cipher.at, c.cipher.len);
        assert_memory_equal(tag, c.tag.at, sizeof(tag));
    }
}

static void works_in_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct chapoly_case c;
        uint8_t tag[16];

        read_case(&c, &vectors[i]);
        assert_int_equal(cx_chapoly_open(&c.call, c.tag.at, c.cipher.at), CX_OK);
        assert_memory_equal(c.cipher.at, c.plain.at, c.plain.len);
        assert_int_equal(cx_chapoly_seal(&c.call, c.cipher.at, tag), CX_OK);
        assert_hex(c.cipher.at, vectors[i].cipher);
        assert_hex(tag, vectors[i].tag);
    }
}

/* Opens with bit `bit` of `part` flipped; nothing may come out. */
static void assert_refused(struct chapoly_case *c, uint8_t *part, size_t bit)
{
    uint8_t out[200];

    memset(out, 0xee, sizeof(out));
    part[bit / 8] ^= (uint8_t)(1 << bit % 8);
    assert_int_equal(cx_chapoly_open(&c->call, c->tag.at, out), CX_BAD_TAG);
    part[bit / 8] ^= (uint8_t)(1 << bit % 8);
    assert_true(is_zero(out, c->call.len));
    assert_int_equal(out[c->call.len], 0xee);
}

static void any_changed_bit_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct chapoly_case c;

        read_case(&c, &vectors[i]);
        struct blob *const parts[] = { &c.tag, &c.cipher, &c.aad, &c.nonce, &c.key };
        for (size_t p = 0; p < COUNT(parts); p++)
            for (size_t bit = 0; bit < 8 * parts[p]->len; bit++)
                assert_refused(&c, parts[p]->at, bit);
    }
}

static void empty_text_has_a_tag(void **state)
{
    static const uint8_t key[32] = { 1 }, nonce[12] = { 2 }, aad[3] = { 3, 4, 5 };

    (void)state;
    for (size_t aad_len = 0; aad_len <= sizeof(aad); aad_len += sizeof(aad)) {
        const struct cx_chapoly_call call = {
            .key = key, .nonce = nonce, .aad = aad_len ? aad : NULL, .aad_len = aad_len
        };
        uint8_t tag[16];

        assert_int_equal(cx_chapoly_seal(&call, NULL, tag), CX_OK);
        assert_int_equal(cx_chapoly_open(&call, tag, NULL), CX_OK);
        tag[15] ^= 0x80;
        assert_int_equal(cx_chapoly_open(&call, tag, NULL), CX_BAD_TAG);
    }
}

/* FIPS 197, C.1; and ah() of Bluetooth's Core Specification, volume 3 part H, D.7, whose hash are
 * the last three bytes. */
static void single_aes_blocks(void **state)
{
    struct blob key = blob("000102030405060708090a0b0c0d0e0f");
    struct blob block = blob("00112233445566778899aabbccddeeff");
    struct blob irk = blob("ec0234a357c8ad05341010a60a397d9b");
    struct blob prand = blob("00000000000000000000000000708194");

    (void)state;
    assert_int_equal(cx_aes128_block(key.at, block.at, block.at), CX_OK);
    assert_hex(block.at, "69c4e0d86a7b0430d8cdb78070b4c55a");
    assert_int_equal(cx_aes128_block(irk.at, prand.at, block.at), CX_OK);
    assert_hex(block.at, "159d5fb72ebe2311a48c1bdcc40dfbaa");
}

int cipher_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors_open_and_seal),
        cmocka_unit_test(works_in_place),
        cmocka_unit_test(any_changed_bit_is_refused),
        cmocka_unit_test(empty_text_has_a_tag),
        cmocka_unit_test(single_aes_blocks),
    };

    return cmocka_run_group_tests_name("ciphers", tests, NULL, NULL);
}
