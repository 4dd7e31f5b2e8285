/* Reading, writing and subscribing: values of every length, and peers that play tricks with them.
 */
#include "dialogue.h"

#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct att att;
static uint8_t value[ATT_VALUE_MAX + 1];

static int setup(void **state)
{
    (void)state;
    att_init(&att, ATT_MTU_MAX);
    for (size_t i = 0; i < sizeof(value); i++)
        value[i] = (uint8_t)(i * 7);
    return 0;
}

/* ---- read ---- */

/* Plays a peer whose value has `len` bytes; gives the number of requests that took. */
static unsigned read_value_of(size_t len)
{
    enum att_event event = att_read(&att, 3);
    unsigned requests = 0;

    while (event == ATT_NOTHING) {
        uint8_t pdu[ATT_MTU_MAX];
        size_t n;
        const uint8_t *request = att_pending(&att, &n);
        const bool is_first = request[0] == 0x0a;
        const size_t at = is_first ? 0 : (size_t)bytes_le(request + 3, 2);

        assert_int_equal(n, is_first ? 3 : 5);
        assert_int_equal(bytes_le(request + 1, 2), 3);
        assert_true(at <= len);
        pdu[0] = (uint8_t)(request[0] + 1);
        n = len - at < att.mtu - 1u ? len - at : att.mtu - 1u;
        memcpy(pdu + 1, value + at, n);
        att_sent(&att, DIALOGUE_NOW);
        event = dialogue_say(&att, pdu, 1 + n);
        requests++;
    }
    return requests;
}

static void values_of_every_length_are_read_whole(void **state)
{
    (void)state;
    for (size_t len = 0; len <= ATT_VALUE_MAX; len++) {
        const unsigned requests = read_value_of(len);

        assert_int_equal(att.result.error, ATT_OK);
        assert_int_equal(att.result.len, len);
        if (len > 0)
            assert_memory_equal(att.result.data, value, len);
        assert_int_equal(requests, len == 512 ? 24 : len / 22 + 1);
    }
}

static void the_longest_value_may_end_with_a_full_part(void **state)
{
    (void)state;
    att.mtu = 257;
    assert_int_equal(read_value_of(ATT_VALUE_MAX), 2);
    assert_int_equal(att.result.error, ATT_OK);
    assert_int_equal(att.result.len, ATT_VALUE_MAX);
}

static void a_value_without_end_is_too_long(void **state)
{
    (void)state;
    read_value_of(ATT_VALUE_MAX + 1);
    assert_int_equal(att.result.error, ATT_E_TOO_LONG);
}

/* Peers whose value is exactly as long as the PDU say so in different ways; all mean its end. */
static void the_end_of_a_long_value_has_many_names(void **state)
{
    static const char *const ends[] = { "< 01 0c 0300 0b", "< 01 0c 0300 07", "< 01 0c 0300 06",
                                        "< 0d" };

    (void)state;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        dialogue_ends(&att, att_read(&att, 3),
                      LINES("> 0a 0300", "< 0b 000102030405060708090a0b0c0d0e0f101112131415",
                            "> 0c 0300 1600", ends[i]),
                      ATT_OK);
        assert_int_equal(att.result.len, 22);
    }
    dialogue_ends(&att, att_read(&att, 3),
                  LINES("> 0a 0300", "< 0b 000102030405060708090a0b0c0d0e0f101112131415",
                        "> 0c 0300 1600", "< 01 0c 0300 0e"),
                  ATT_E_REFUSED);
}

/* ---- write ---- */

static void a_short_value_is_written_at_once(void **state)
{
    (void)state;
    dialogue_ends(&att, att_write(&att, 5, value, 2), LINES("> 12 0500 0007", "< 13"), ATT_OK);
    dialogue_ends(&att, att_write(&att, 5, NULL, 0), LINES("> 12 0500", "< 13"), ATT_OK);
    dialogue_ends(&att, att_write(&att, 5, value, 2), LINES("> 12 0500 0007", "< 13 00"),
                  ATT_E_MALFORMED);
    dialogue_ends(&att, att_write(&att, 5, value, 2), LINES("> 12 0500 0007", "< 01 12 0500 03"),
                  ATT_E_NOT_PERMITTED);
    dialogue_ends(&att, att_write(&att, 5, value, 513), LINES(NULL), ATT_E_TOO_LONG);
    dialogue_ends(&att, att_write(&att, 5, value, 20),
                  LINES("> 12 0500 00070e151c232a31383f464d545b626970777e85", "< 13"), ATT_OK);
}

static void without_response_it_is_done_when_sent(void **state)
{
    (void)state;
    dialogue_ends(&att, att_write_silently(&att, 5, value, 2), LINES("> 52 0500 0007"), ATT_OK);
    assert_int_equal(att_write_silently(&att, 5, value, 20), ATT_NOTHING);
    att_sent(&att, DIALOGUE_NOW);
    dialogue_ends(&att, att_write_silently(&att, 5, value, 21), LINES(NULL), ATT_E_TOO_LONG);
}

/* Plays a peer that prepares and executes; the value that it has then is in `written`. */
static uint8_t written[ATT_VALUE_MAX];

static size_t write_value_of(size_t len)
{
    enum att_event event = att_write(&att, 5, value, len);
    size_t at = 0;

    while (event == ATT_NOTHING) {
        uint8_t pdu[ATT_MTU_MAX];
        size_t n;
        const uint8_t *request = att_pending(&att, &n);

        memcpy(pdu, request, n);
        pdu[0]++;
        if (request[0] == 0x16) {
            assert_int_equal(bytes_le(request + 3, 2), at);
            memcpy(written + at, request + 5, n - 5);
            at += n - 5;
        } else {
            assert_memory_equal(request, "\x18\x01", 2);
            n = 1;
        }
        att_sent(&att, DIALOGUE_NOW);
        event = dialogue_say(&att, pdu, n);
    }
    return at;
}

static void long_values_are_written_in_parts(void **state)
{
    (void)state;
    for (size_t len = 21; len <= ATT_VALUE_MAX; len++) {
        assert_int_equal(write_value_of(len), len);
        assert_int_equal(att.result.error, ATT_OK);
        assert_memory_equal(written, value, len);
    }
}

#define PART_1 "05000000 00070e151c232a31383f464d545b62697077"
#define PART_2 "05001200 7e858c"

static void parts_that_come_back_wrong_are_taken_back(void **state)
{
    (void)state;
    dialogue_ends(&att, att_write(&att, 5, value, 21),
                  LINES("> 16" PART_1, "< 17" PART_1, "> 16" PART_2, "< 17 05001200 7e858d",
                        "> 18 00", "< 19"),
                  ATT_E_MALFORMED);
    dialogue_ends(&att, att_write(&att, 5, value, 21),
                  LINES("> 16" PART_1, "< 17" PART_1, "> 16" PART_2, "< 01 16 0500 09", "> 18 00",
                        "< 01 18 0000 06"),
                  ATT_E_REFUSED);
    assert_int_equal(att.result.code, 0x09);
    dialogue_ends(&att, att_write(&att, 5, value, 21),
                  LINES("> 16" PART_1, "< 17 0500", "> 18 00", "< 19"), ATT_E_MALFORMED);
}

static void a_first_part_that_is_refused_needs_no_taking_back(void **state)
{
    (void)state;
    dialogue_ends(&att, att_write(&att, 5, value, 21), LINES("> 16" PART_1, "< 01 16 0500 03"),
                  ATT_E_NOT_PERMITTED);
    dialogue_ends(&att, att_write(&att, 5, value, 21),
                  LINES("> 16" PART_1, "< 17" PART_1, "> 16" PART_2, "< 17" PART_2, "> 18 01",
                        "< 01 18 0500 0d"),
                  ATT_E_TOO_LONG);
}

/* ---- subscribe ---- */

static const struct att_char notifying = { .handle = 7, .end = 10, .properties = 0x12 };
static const struct att_char indicating = { .handle = 7, .end = 10, .properties = 0x20 };

static void notifications_are_preferred(void **state)
{
    const struct att_char both = { .handle = 7, .end = 10, .properties = 0x30 };

    (void)state;
    dialogue_ends(&att, att_subscribe(&att, &notifying),
                  LINES("> 04 0800 0a00", "< 05 01 0800 0229", "> 12 0800 0100", "< 13"), ATT_OK);
    dialogue_ends(&att, att_subscribe(&att, &both),
                  LINES("> 04 0800 0a00", "< 05 01 0800 0229", "> 12 0800 0100", "< 13"), ATT_OK);
    dialogue_ends(&att, att_subscribe(&att, &indicating),
                  LINES("> 04 0800 0a00", "< 05 01 0800 0229", "> 12 0800 0200", "< 13"), ATT_OK);
}

static void the_descriptor_may_be_behind_others(void **state)
{
    (void)state;
    dialogue_ends(&att, att_subscribe(&att, &notifying),
                  LINES("> 04 0800 0a00", "< 05 02 0800 a6a37d99f26f1a8a0c4b0a7ac1cce0eb",
                        "> 04 0900 0a00", "< 05 01 0900 0129 0a00 0229", "> 12 0a00 0100", "< 13"),
                  ATT_OK);
}

static void what_cannot_notify_is_not_permitted(void **state)
{
    const struct att_char readable = { .handle = 7, .end = 10, .properties = 0x02 };
    const struct att_char bare = { .handle = 7, .end = 7, .properties = 0x10 };

    (void)state;
    dialogue_ends(&att, att_subscribe(&att, &readable), LINES(NULL), ATT_E_NOT_PERMITTED);
    dialogue_ends(&att, att_subscribe(&att, &bare), LINES(NULL), ATT_E_NOT_PERMITTED);
    dialogue_ends(&att, att_subscribe(&att, &notifying), LINES("> 04 0800 0a00", "< 01 04 0800 0a"),
                  ATT_E_NOT_PERMITTED);
    static const char *const next[] = { "< 05 01 0800 0129 0900 0328 0a00 0229",
                                        "< 05 01 0800 0129 0900 0028 0a00 0229",
                                        "< 05 01 0800 0129 0900 0128 0a00 0229" };
    for (size_t i = 0; i < 3; i++) /* that of the next characteristic, or service of either kind */
        dialogue_ends(&att, att_subscribe(&att, &notifying), LINES("> 04 0800 0a00", next[i]),
                      ATT_E_NOT_PERMITTED);
    dialogue_ends(&att, att_subscribe(&att, &notifying),
                  LINES("> 04 0800 0a00", "< 05 01 0800 0129 0900 0329 0a00 0429"),
                  ATT_E_NOT_PERMITTED);
}

static void subscribing_can_be_refused(void **state)
{
    (void)state;
    dialogue_ends(&att, att_subscribe(&att, &notifying),
                  LINES("> 04 0800 0a00", "< 05 01 0800 0229", "> 12 0800 0100", "< 01 12 0800 80"),
                  ATT_E_REFUSED);
    dialogue_ends(&att, att_subscribe(&att, &notifying), LINES("> 04 0800 0a00", "< 01 04 0800 0e"),
                  ATT_E_REFUSED);
    dialogue_ends(&att, att_subscribe(&att, &notifying),
                  LINES("> 04 0800 0a00", "< 05 01 0800 0229", "> 12 0800 0100", "< 13 01"),
                  ATT_E_MALFORMED);
}

static void descriptors_that_make_no_sense(void **state)
{
    static const char *const lists[] = {
        "< 05",
        "< 05 01",
        "< 05 03 0800 0229",
        "< 05 00 0800 0229",
        "< 05 01 0800 02",
        "< 05 02 0800 0229",
        "< 05 01 0700 0229",           /* before the range */
        "< 05 01 0b00 0229",           /* behind it */
        "< 05 01 0800 0129 0800 0229", /* twice the same */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        dialogue_ends(&att, att_subscribe(&att, &notifying), LINES("> 04 0800 0a00", lists[i]),
                      ATT_E_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(values_of_every_length_are_read_whole, setup),
        cmocka_unit_test_setup(the_longest_value_may_end_with_a_full_part, setup),
        cmocka_unit_test_setup(a_value_without_end_is_too_long, setup),
        cmocka_unit_test_setup(the_end_of_a_long_value_has_many_names, setup),
        cmocka_unit_test_setup(a_short_value_is_written_at_once, setup),
        cmocka_unit_test_setup(without_response_it_is_done_when_sent, setup),
        cmocka_unit_test_setup(long_values_are_written_in_parts, setup),
        cmocka_unit_test_setup(parts_that_come_back_wrong_are_taken_back, setup),
        cmocka_unit_test_setup(a_first_part_that_is_refused_needs_no_taking_back, setup),
        cmocka_unit_test_setup(notifications_are_preferred, setup),
        cmocka_unit_test_setup(the_descriptor_may_be_behind_others, setup),
        cmocka_unit_test_setup(what_cannot_notify_is_not_permitted, setup),
        cmocka_unit_test_setup(subscribing_can_be_refused, setup),
        cmocka_unit_test_setup(descriptors_that_make_no_sense, setup),
    };

    return cmocka_run_group_tests_name("att_values", tests, NULL, NULL);
}
