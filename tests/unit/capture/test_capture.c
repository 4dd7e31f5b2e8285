/* Recordings: what every form gives, and that a wrong line is named and costs nothing else. */
#include "capture/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct capture_memory memory;
static struct capture_reader *reader;
static struct capture_advert got;
static struct capture_fault fault;

static void open_bytes(const void *data, size_t len)
{
    capture_reader_free(reader);
    memory = (struct capture_memory){ data, len, 0 };
    reader = capture_reader_new(capture_from_memory(&memory));
    assert_non_null(reader);
}

static void open_text(const char *text)
{
    open_bytes(text, strlen(text));
}

static int done(void **state)
{
    (void)state;
    capture_reader_free(reader);
    reader = NULL;
    return 0;
}

static void expect_advert(const char *hex)
{
    char text[2 * ADVERT_LEN_MAX + 1] = "";

    assert_int_equal(capture_next(reader, &got, &fault), CAPTURE_ADVERT);
    for (size_t i = 0; i < got.advert.len; i++)
        snprintf(text + 2 * i, 3, "%02x", got.advert.data[i]);
    assert_string_equal(text, hex);
}

static void expect_fault(const char *text)
{
    char out[CAPTURE_FAULT_TEXT_SIZE];

    assert_int_equal(capture_next(reader, &got, &fault), CAPTURE_FAULT);
    assert_string_equal(capture_fault_text(&fault, out), text);
}

static void expect_end(void)
{
    assert_int_equal(capture_next(reader, &got, &fault), CAPTURE_END);
    assert_int_equal(capture_next(reader, &got, &fault), CAPTURE_END);
}

static void a_json_line_gives_all_its_members(void **state)
{
    const struct mac mac = { { 0xa4, 0xc1, 0x38, 0x01, 0x23, 0x45 } };

    (void)state;
    open_text(
        "{\"name\":\"kitchen\",\"adv_hex\":\"020106\",\"mac\":\"A4:C1:38:01:23:45\",\"rssi\":-60,"
        "\"key\":\"00112233445566778899aabbccddeeff\",\"t\":1.25,\"addr_type\":\"random\","
        "\"kind\":\"plain\",\"expect\":{\"outcome\":\"ok\"}}\n");
    expect_advert("020106");
    assert_string_equal(got.name, "kitchen");
    assert_string_equal(got.kind, "plain");
    assert_true(got.has_mac && mac_equal(got.advert.addr, mac));
    assert_int_equal(got.advert.addr_type, ADVERT_ADDR_RANDOM);
    assert_int_equal(got.advert.rssi, -60);
    assert_true(got.has_time);
    assert_true(got.t_ms == 1250);
    assert_int_equal(got.key_state, CAPTURE_KEY_GIVEN);
    assert_int_equal(got.key_len, 16);
    assert_int_equal(got.key[15], 0xff);
    expect_end();
}

static void what_a_line_does_not_say_is_not_invented(void **state)
{
    (void)state;
    open_text(
        "{\"adv_hex\":\"\",\"mac\":\"a4c138012345\"}\n"
        "{\"adv_hex\":\"020106\",\"mac\":\"A4C138012345\",\"key\":null}\n"
        "{\"adv_hex\":\"020106\",\"mac\":\"A4C138012345\",\"key\":\"00112233445566778899aabb\"}");
    expect_advert("");
    assert_string_equal(got.name, "");
    assert_false(got.has_time);
    assert_int_equal(got.advert.rssi, ADVERT_NO_RSSI);
    assert_int_equal(got.advert.addr_type, ADVERT_ADDR_PUBLIC);
    assert_int_equal(got.key_state, CAPTURE_KEY_MISSING);
    expect_advert("020106");
    assert_int_equal(got.key_state, CAPTURE_KEY_NONE);
    expect_advert("020106");
    assert_int_equal(got.key_len, 12);
    expect_end();
}

#define REST ",\"adv_hex\":\"020106\",\"mac\":\"A4C138012345\"}"

static const struct {
    const char *line, *fault;
} wrong_lines[] = {
    { "{\"adv_hex\":\"020106\"}", "line 2: mac: this member is missing" },
    { "{\"mac\":\"A4C138012345\"}", "line 2: adv_hex: this member is missing" },
    { "{\"adv_hex\":7,\"mac\":\"A4C138012345\"}", "line 2: adv_hex: must be a text" },
    { "{\"adv_hex\":\"02010\",\"mac\":\"A4C138012345\"}",
      "line 2: adv_hex: an odd number of hex digits" },
    { "{\"adv_hex\":\"02010x\",\"mac\":\"A4C138012345\"}",
      "line 2: adv_hex: neither a JSON object nor a hex digit" },
    { "{\"adv_hex\":\"020106\",\"mac\":\"A4C13801234\"}",
      "line 2: mac: 12 hex digits are needed, with colons or without" },
    { "{\"adv_hex\":\"020106\",\"mac\":\"A4:C1:38:01:2345\"}",
      "line 2: mac: 12 hex digits are needed, with colons or without" },
    { "{\"adv_hex\":\"020106\",\"mac\":\"A4-C1-38-01-23-45\"}",
      "line 2: mac: 12 hex digits are needed, with colons or without" },
    { "{\"adv_hex\":\"020106\",\"mac\":null}",
      "line 2: mac: 12 hex digits are needed, with colons or without" },
    { "{\"rssi\":-129" REST, "line 2: rssi: a whole number from -128 to 127 is needed" },
    { "{\"rssi\":1e300" REST, "line 2: rssi: a whole number from -128 to 127 is needed" },
    { "{\"rssi\":-60.5" REST, "line 2: rssi: a whole number from -128 to 127 is needed" },
    { "{\"rssi\":\"-60\"" REST, "line 2: rssi: a whole number from -128 to 127 is needed" },
    { "{\"key\":\"0011\"" REST,
      "line 2: key: null, or 32 hex digits (bind key) or 24 (beacon key) are needed" },
    { "{\"key\":\"00112233445566778899aabbccddeefg\"" REST,
      "line 2: key: null, or 32 hex digits (bind key) or 24 (beacon key) are needed" },
    { "{\"key\":0" REST,
      "line 2: key: null, or 32 hex digits (bind key) or 24 (beacon key) are needed" },
    { "{\"t\":-1" REST, "line 2: t: seconds are needed, 0 or more" },
    { "{\"t\":1e999" REST, "line 2: t: seconds are needed, 0 or more" },
    { "{\"t\":\"1\"" REST, "line 2: t: seconds are needed, 0 or more" },
    { "{\"addr_type\":\"Random\"" REST, "line 2: addr_type: must be \"public\" or \"random\"" },
    { "{\"name\":1" REST, "line 2: name: must be a text" },
    { "{\"kind\":\"a word of more than thirty-one bytes\"" REST,
      "line 2: kind: this text is too long" },
    { "{\"adv_hex\":}", "line 2, column 12: not JSON" },
    { "  {\"adv_hex\":\"020106\",\"mac\":\"A4C138012345\"} {}",
      "line 2, column 45: text behind the end of the object" },
    { "[1]", "line 2, column 1: neither a JSON object nor a hex digit" },
    { " 0201 06", "line 2, column 6: neither a JSON object nor a hex digit" },
    { "02010", "line 2: an odd number of hex digits" },
    { "043e0104", "line 2: an HCI event, but no advertising report" },
    { "043e03020105", "line 2: the HCI event is shorter than its reports say" },
};

/* Each wrong line stands between two good ones, which come through. */
static void a_wrong_line_is_named_and_costs_no_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wrong_lines) / sizeof(wrong_lines[0]); i++) {
        char text[512];
        snprintf(text, sizeof(text), "0201aa\n%s\r\n0201bb", wrong_lines[i].line);
        open_text(text);
        expect_advert("0201aa");
        expect_fault(wrong_lines[i].fault);
        expect_advert("0201bb");
        assert_int_equal(capture_line(reader), 3);
        expect_end();
    }
}

static void lines_of_every_size_are_judged(void **state)
{
    const size_t sizes[] = { 2 * ADVERT_LEN_MAX, 2 * ADVERT_LEN_MAX + 2, CAPTURE_LINE_MAX,
                             CAPTURE_LINE_MAX + 1, 5 * CAPTURE_LINE_MAX };
    static const char *const faults[] = {
        NULL,
        "line 1: longer than the 1650 bytes of the longest advert",
        "line 1: longer than the 1650 bytes of the longest advert",
        "line 1: longer than 16384 characters",
        "line 1: longer than 16384 characters",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char *text = malloc(sizes[i] + 8);
        assert_non_null(text);
        memset(text, '0', sizes[i]);
        memcpy(text + sizes[i], "\n0201aa", 8);
        open_text(text);
        if (faults[i])
            expect_fault(faults[i]);
        else
            assert_int_equal(capture_next(reader, &got, &fault), CAPTURE_ADVERT);
        expect_advert("0201aa");
        expect_end();
        free(text);
    }
}

static void blank_lines_and_a_mark_at_the_start_are_nothing(void **state)
{
    (void)state;
    open_text("\xef\xbb\xbf\n\n \t\r\n0201aa\n\n");
    expect_advert("0201aa");
    assert_int_equal(capture_line(reader), 4);
    expect_end();
    open_text("");
    expect_end();
}

static void a_zero_byte_is_named(void **state)
{
    (void)state;
    open_bytes("02\0"
               "06\n0201aa",
               12);
    expect_fault("line 1, column 3: a zero byte: this is no text");
    expect_advert("0201aa");
    expect_end();
}

static void hci_events_give_sender_and_strength(void **state)
{
    const struct mac mac = { { 0x58, 0x2d, 0x34, 0x35, 0x93, 0x21 } };
    const char *payload = "020106151695fe5020aa01da219335342d580d1004fe004802";

    (void)state;
    open_text("043e2502010000219335342d5819020106151695fe5020aa01da219335342d580d1004fe004802c4\n"
              "043E330d01130000219335342d580100ff7fc400000000000000000019020106151695fe5020aa01da21"
              "9335342d580d1004fe004802\n");
    for (int i = 0; i < 2; i++) {
        expect_advert(payload);
        assert_true(got.has_mac && mac_equal(got.advert.addr, mac));
        assert_int_equal(got.advert.rssi, -60);
    }
    expect_end();
    open_text("020106\n");
    expect_advert("020106");
    assert_false(got.has_mac);
}

/* A btsnoop file in the making. */
static uint8_t snoop[4096];
static size_t snoop_len;

static void put_be(size_t size, uint64_t value)
{
    for (size_t i = size; i-- > 0;)
        snoop[snoop_len++] = (uint8_t)(value >> (8 * i));
}

static void snoop_begin(uint32_t version, uint32_t content)
{
    memcpy(snoop, "btsnoop", 8);
    snoop_len = 8;
    put_be(4, version);
    put_be(4, content);
}

static void snoop_add(uint32_t flags, uint64_t at_us, const void *packet, size_t len)
{
    put_be(4, len);
    put_be(4, len);
    put_be(4, flags);
    put_be(4, 0);
    put_be(8, at_us);
    memcpy(snoop + snoop_len, packet, len);
    snoop_len += len;
}

static const uint8_t event[] = { 0x04, 0x3e, 0x0f, 0x02, 0x01, 0x00, 0x01, 0x06, 0x05,
                                 0x04, 0x03, 0x02, 0xc1, 0x03, 0x02, 0x01, 0x06, 0xc4 };

static void btsnoop_files_of_each_content_are_read(void **state)
{
    static const struct {
        uint32_t content, flags, other_flags;
        size_t skip;
        unsigned radio;
    } rows[] = {
        { 1001, 3, 1, 1, 0 },
        { 1002, 3, 2, 0, 0 },
        { 2001, 0x00010003, 0x00010002, 1, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        snoop_begin(1, rows[i].content);
        snoop_add(rows[i].other_flags, 5000000, event, sizeof(event));
        snoop_add(rows[i].flags, 6500000, event + rows[i].skip, sizeof(event) - rows[i].skip);
        snoop_add(rows[i].flags, 6000000, event + rows[i].skip, sizeof(event) - rows[i].skip);
        snoop_add(rows[i].flags, 7000000, event + rows[i].skip, sizeof(event) - rows[i].skip);
        snoop_add(rows[i].flags, UINT64_C(1) << 62, event + rows[i].skip,
                  sizeof(event) - rows[i].skip);
        open_bytes(snoop, snoop_len);
        expect_advert("020106");
        assert_true(got.has_time && got.t_ms == 1500);
        assert_int_equal(got.advert.radio, rows[i].radio);
        assert_int_equal(got.advert.addr_type, ADVERT_ADDR_RANDOM);
        expect_advert("020106");
        assert_true(got.t_ms == 1500); /* the clock was set back: no time passed */
        expect_advert("020106");
        assert_true(got.t_ms == 2500);
        expect_advert("020106");
        assert_true(got.t_ms == 2500); /* and set forward */
        expect_end();
    }
}

static void a_btsnoop_file_that_breaks_off_says_so(void **state)
{
    (void)state;
    snoop_begin(1, 1002);
    const size_t begin = snoop_len;
    snoop_add(3, 0, event, sizeof(event));
    for (size_t len = begin + 1; len < snoop_len; len++) {
        open_bytes(snoop, len);
        expect_fault("record 1: the file ends within a record");
        expect_end();
    }
    snoop_begin(2, 1002);
    open_bytes(snoop, snoop_len);
    expect_fault("record 0: a btsnoop file of a version or content that is not known");
    expect_end();
}

static long broken_read(void *user, void *out, size_t size)
{
    (void)user;
    (void)out;
    (void)size;
    return -1;
}

static void a_failing_input_is_a_fault_not_an_end(void **state)
{
    (void)state;
    reader = capture_reader_new((struct capture_input){ NULL, broken_read });
    expect_fault("line 0: reading failed");
    expect_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_json_line_gives_all_its_members, done),
        cmocka_unit_test_teardown(what_a_line_does_not_say_is_not_invented, done),
        cmocka_unit_test_teardown(a_wrong_line_is_named_and_costs_no_other, done),
        cmocka_unit_test_teardown(lines_of_every_size_are_judged, done),
        cmocka_unit_test_teardown(blank_lines_and_a_mark_at_the_start_are_nothing, done),
        cmocka_unit_test_teardown(a_zero_byte_is_named, done),
        cmocka_unit_test_teardown(hci_events_give_sender_and_strength, done),
        cmocka_unit_test_teardown(btsnoop_files_of_each_content_are_read, done),
        cmocka_unit_test_teardown(a_btsnoop_file_that_breaks_off_says_so, done),
        cmocka_unit_test_teardown(a_failing_input_is_a_fault_not_an_end, done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
