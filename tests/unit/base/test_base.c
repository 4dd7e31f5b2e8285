/* base: numbers, addresses and JSON come out as written down here, at the edges too. */
#include "base/bytes.h"
#include "base/fixed.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/mac.h"
#include "base/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void mac_forms(void **state)
{
    static const struct mac want = { { 0xa4, 0xc1, 0x38, 0x01, 0x23, 0x45 } };
    static const char *const good[] = { "A4C138012345", "a4c138012345", "A4:c1:38:01:23:45" };
    static const char *const bad[] = { "",
                                       "A4C13801234",
                                       "A4C1380123456",
                                       "A4C13801234G",
                                       "A4-C1-38-01-23-45",
                                       "A4:C1:38:01:2345",
                                       "A4C1:38:01:23:45:" };
    char text[MAC_TEXT_LEN + 1];

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct mac mac = { { 0 } };
        assert_true(mac_parse(good[i], strlen(good[i]), &mac));
        assert_true(mac_equal(mac, want));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct mac mac = want;
        assert_false(mac_parse(bad[i], strlen(bad[i]), &mac));
        assert_true(mac_equal(mac, want));
    }
    assert_string_equal(mac_print(want, text), "A4C138012345");
    uint8_t reversed[6];
    mac_to_reversed(want, reversed);
    assert_int_equal(reversed[0], 0x45);
    assert_true(mac_equal(mac_from_reversed(reversed), want));
    assert_true(mac_number(want) == 0xa4c138012345u);
}

static void fixed_prints_decimals(void **state)
{
    static const struct {
        int64_t value;
        int scale10, digits;
        const char *want;
    } rows[] = {
        { 215, -1, 1, "21.5" },
        { 215, -1, FIXED_ALL_DIGITS, "21.5" },
        { 210, -1, 1, "21.0" },
        { 210, -1, FIXED_ALL_DIGITS, "21" },
        { -5, -2, FIXED_ALL_DIGITS, "-0.05" },
        { -5, -2, 1, "-0.1" },
        { -4, -2, 1, "0.0" },
        { 0, -3, FIXED_ALL_DIGITS, "0" },
        { 1705, -2, 1, "17.1" },
        { 1704, -2, 1, "17.0" },
        { 149, -2, 0, "1" },
        { 150, -2, 0, "2" },
        { -150, -2, 0, "-2" },
        { 12, 2, FIXED_ALL_DIGITS, "1200" },
        { 12, 2, 1, "1200.0" },
        { INT64_MAX, 0, 0, "9223372036854775807" },
        { INT64_MIN, 0, 0, "-9223372036854775808" },
        { 1, -18, FIXED_ALL_DIGITS, "0.000000000000000001" },
    };
    char out[FIXED_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const size_t len = fixed_print(rows[i].value, rows[i].scale10, rows[i].digits, out);
        assert_string_equal(out, rows[i].want);
        assert_int_equal(len, strlen(out));
    }
}

static void fixed_rescales_with_rounding(void **state)
{
    (void)state;
    assert_true(fixed_rescale(217, -1, -2) == 2170);
    assert_true(fixed_rescale(2175, -2, -1) == 218);
    assert_true(fixed_rescale(-2175, -2, -1) == -218);
    assert_true(fixed_rescale(2174, -2, -1) == 217);
    assert_true(fixed_rescale(INT64_MAX, 0, -1) == INT64_MAX);
    assert_true(fixed_rescale(INT64_MIN, 0, -1) == INT64_MIN);
}

static void bytes_read_both_orders(void **state)
{
    static const uint8_t row[] = { 0x01, 0x02, 0xff };

    (void)state;
    assert_true(bytes_le(row, 2) == 0x0201);
    assert_true(bytes_be(row, 2) == 0x0102);
    assert_true(bytes_sign(0xff, 1) == -1);
    assert_true(bytes_sign(0xff80, 2) == -128);
    assert_true(bytes_sign(0x7f, 1) == 127);
    assert_true(bytes_sign(UINT64_MAX, 8) == -1);
    assert_true(bytes_sign((uint64_t)1 << 63, 8) == INT64_MIN);
    uint8_t out[3];
    bytes_put_le(out, 3, 0xff0201);
    assert_memory_equal(out, row, 3);
}

static void a_short_row_fails_once_and_for_all(void **state)
{
    static const uint8_t data[] = { 1, 2, 3, 4 };
    struct bytes row = { data, sizeof(data), false };

    (void)state;
    assert_true(bytes_take_le(&row, 2) == 0x0201);
    assert_ptr_equal(bytes_take_end(&row, 1), data + 3);
    assert_false(row.failed);
    assert_null(bytes_take(&row, 2));
    assert_true(row.failed);
    assert_null(bytes_take(&row, 1));
    assert_true(bytes_take_le(&row, 1) == 0);
}

static void hex_refuses_what_is_no_digit(void **state)
{
    uint8_t out[2] = { 7, 7 };
    char text[5];

    (void)state;
    assert_true(hex_decode("00fF", 4, out, 2));
    assert_int_equal(out[1], 0xff);
    assert_false(hex_decode("0g", 2, out, 2));
    assert_false(hex_decode("000", 3, out, 2));
    assert_false(hex_decode("000000", 6, out, 2));
    assert_int_equal(out[1], 0xff);
    assert_string_equal(hex_encode(out, 2, HEX_LOWER, text), "00ff");
    assert_string_equal(hex_encode(out, 2, HEX_UPPER, text), "00FF");
}

static void json_nests_and_escapes(void **state)
{
    char out[256];
    struct json j;

    (void)state;
    json_init(&j, out, sizeof(out));
    json_object(&j, NULL);
    json_text(&j, "name", "a\"b\\c\n\x01");
    json_text_len(&j, "bad", "x\xff\xc3", 3);
    json_text(&j, "good", "\xc3\xa4\xe2\x82\xac");
    json_array(&j, "list");
    json_int(&j, NULL, -1);
    json_bool(&j, NULL, true);
    json_null(&j, NULL);
    json_array_end(&j);
    json_object(&j, "empty");
    json_object_end(&j);
    json_fixed(&j, "t", 215, -1, 1);
    json_object_end(&j);
    assert_true(json_ok(&j));
    assert_string_equal(out,
                        "{\"name\":\"a\\\"b\\\\c\\n\\u0001\",\"bad\":\"x\xef\xbf\xbd\xef\xbf\xbd\","
                        "\"good\":\"\xc3\xa4\xe2\x82\xac\",\"list\":[-1,true,null],"
                        "\"empty\":{},\"t\":21.5}");
}

static void json_says_when_it_did_not_fit(void **state)
{
    static const char whole[] = "{\"a\":12345}";

    (void)state;
    for (size_t size = 0; size <= sizeof(whole); size++) {
        char out[sizeof(whole)];
        struct json j;
        json_init(&j, out, size);
        json_object(&j, NULL);
        json_int(&j, "a", 12345);
        json_object_end(&j);
        assert_int_equal(json_ok(&j), size == sizeof(whole));
    }
}

static void ring_drops_the_oldest(void **state)
{
    int slots[3];
    struct ring ring = { .size = 3 };
    bool dropped;

    (void)state;
    for (int i = 0; i < 5; i++) {
        slots[ring_push(&ring, &dropped)] = i;
        assert_int_equal(dropped, i >= 3);
    }
    assert_int_equal(ring.count, 3);
    assert_int_equal(slots[ring_at(&ring, 2)], 4);
    assert_int_equal(slots[ring_pop(&ring)], 2);
    assert_int_equal(slots[ring_pop(&ring)], 3);
    assert_int_equal(slots[ring_pop(&ring)], 4);
    assert_int_equal(ring.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mac_forms),
        cmocka_unit_test(fixed_prints_decimals),
        cmocka_unit_test(fixed_rescales_with_rounding),
        cmocka_unit_test(bytes_read_both_orders),
        cmocka_unit_test(a_short_row_fails_once_and_for_all),
        cmocka_unit_test(hex_refuses_what_is_no_digit),
        cmocka_unit_test(json_nests_and_escapes),
        cmocka_unit_test(json_says_when_it_did_not_fit),
        cmocka_unit_test(ring_drops_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
