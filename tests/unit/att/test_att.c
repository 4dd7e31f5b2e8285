/* What holds for every request: its error response, its time, security, and a peer that asks. */
#include "dialogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct att att;

static int setup(void **state)
{
    (void)state;
    att_init(&att, ATT_MTU_MAX);
    return 0;
}

/* ---- MTU ---- */

static void the_smaller_mtu_is_used(void **state)
{
    (void)state;
    assert_int_equal(att.mtu, 23);
    dialogue_ends(&att, att_exchange_mtu(&att), LINES("> 02 0502", "< 03 f700"), ATT_OK);
    assert_int_equal(att.mtu, 247);
    att_init(&att, 100);
    dialogue_ends(&att, att_exchange_mtu(&att), LINES("> 02 6400", "< 03 f700"), ATT_OK);
    assert_int_equal(att.mtu, 100);
}

static void no_mtu_is_smaller_than_the_smallest(void **state)
{
    (void)state;
    dialogue_ends(&att, att_exchange_mtu(&att), LINES("> 02 0502", "< 03 0500"), ATT_OK);
    assert_int_equal(att.mtu, 23);
    dialogue_ends(&att, att_exchange_mtu(&att), LINES("> 02 0502", "< 01 02 0000 06"), ATT_OK);
    assert_int_equal(att.mtu, 23);
}

static void a_broken_mtu_changes_nothing(void **state)
{
    (void)state;
    dialogue_ends(&att, att_exchange_mtu(&att), LINES("> 02 0502", "< 03 f7"), ATT_E_MALFORMED);
    dialogue_ends(&att, att_exchange_mtu(&att), LINES("> 02 0502", "< 03 f70000"), ATT_E_MALFORMED);
    assert_int_equal(att.mtu, 23);
}

/* ---- errors ---- */

static void the_peers_errors_have_names(void **state)
{
    static const struct {
        const char *line;
        enum att_error error;
        uint8_t code;
    } rows[] = {
        { "< 01 0a 0300 01", ATT_E_REFUSED, 0x01 },
        { "< 01 0a 0300 02", ATT_E_NOT_PERMITTED, 0x02 },
        { "< 01 0a 0300 03", ATT_E_NOT_PERMITTED, 0x03 },
        { "< 01 0a 0300 06", ATT_E_REFUSED, 0x06 },
        { "< 01 0a 0300 08", ATT_E_NOT_SECURE, 0x08 },
        { "< 01 0a 0300 0c", ATT_E_NOT_SECURE, 0x0c },
        { "< 01 0a 0300 0d", ATT_E_TOO_LONG, 0x0d },
        { "< 01 0a 0300 0e", ATT_E_REFUSED, 0x0e },
        { "< 01 0a 0300 80", ATT_E_REFUSED, 0x80 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        dialogue_ends(&att, att_read(&att, 3), LINES("> 0a 0300", rows[i].line), rows[i].error);
        assert_int_equal(att.result.code, rows[i].code);
    }
}

static void an_answer_to_something_else_makes_no_sense(void **state)
{
    static const char *const lines[] = {
        "< 13",              /* written */
        "< 01 12 0300 02",   /* an error of a write */
        "< 01 0a 0300",      /* an error without its reason */
        "< 01 0a 0300 0200", /* and one that goes on */
        "< 01",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        dialogue_ends(&att, att_read(&att, 3), LINES("> 0a 0300", lines[i]), ATT_E_MALFORMED);
}

static void an_answer_to_nothing_is_nothing(void **state)
{
    static const uint8_t answer[] = { 0x0b, 0x01 };

    (void)state;
    assert_int_equal(dialogue_say(&att, answer, sizeof(answer)), ATT_NOTHING);
    assert_int_equal(dialogue_say(&att, answer, 0), ATT_NOTHING);
    /* Before the question was sent it is none either. */
    assert_int_equal(att_read(&att, 3), ATT_NOTHING);
    assert_int_equal(dialogue_say(&att, answer, sizeof(answer)), ATT_NOTHING);
    dialogue_ends(&att, ATT_NOTHING, LINES("> 0a 0300", "< 0b 02"), ATT_OK);
    assert_memory_equal(att.result.data, "\x02", 1);
}

static void every_error_has_a_text(void **state)
{
    (void)state;
    for (enum att_error error = ATT_OK; error <= ATT_E_TIMEOUT; error++)
        assert_true(strlen(att_error_text(error)) > 0);
}

/* ---- time ---- */

static void a_mute_peer_ends_the_connection(void **state)
{
    (void)state;
    assert_int_equal(att_read(&att, 3), ATT_NOTHING);
    assert_true(att_deadline(&att) == ATT_NO_TIME); /* it has not been sent */
    dialogue_go_on(&att, ATT_NOTHING, LINES("> 0a 0300"));
    assert_true(att_deadline(&att) == DIALOGUE_NOW + 30000);
    assert_int_equal(att_tick(&att, DIALOGUE_NOW + 29999), ATT_NOTHING);
    assert_int_equal(att_tick(&att, DIALOGUE_NOW + 30000), ATT_DONE);
    assert_int_equal(att.result.error, ATT_E_TIMEOUT);
    dialogue_ends(&att, att_read(&att, 3), LINES(NULL), ATT_E_TIMEOUT);
}

static void each_request_has_its_own_time(void **state)
{
    (void)state;
    att_exchange_mtu(&att);
    dialogue_go_on(&att, ATT_NOTHING, LINES("> 02 0502"));
    assert_int_equal(att_tick(&att, DIALOGUE_NOW + 20000), ATT_NOTHING);
    dialogue_ends(&att, ATT_NOTHING, LINES("< 03 f700"), ATT_OK);
    assert_int_equal(att_tick(&att, DIALOGUE_NOW + 40000), ATT_NOTHING);
}

static void what_was_abandoned_unsent_does_no_harm(void **state)
{
    (void)state;
    att_read(&att, 3);
    att_abandon(&att);
    assert_string_equal(dialogue_pending(&att), "");
    dialogue_ends(&att, att_read(&att, 4), LINES("> 0a 0400", "< 0b 01"), ATT_OK);
    att_read(&att, 3);
    dialogue_go_on(&att, ATT_NOTHING, LINES("> 0a 0300"));
    att_abandon(&att); /* its answer would be taken for that of the next */
    att_abandon(&att); /* there is none: and still */
    dialogue_ends(&att, att_read(&att, 3), LINES(NULL), ATT_E_TIMEOUT);
}

/* ---- security ---- */

static void security_is_raised_and_the_request_repeated(void **state)
{
    (void)state;
    assert_int_equal(dialogue_go_on(&att, att_read(&att, 3), LINES("> 0a 0300", "< 01 0a 0300 05")),
                     ATT_SECURE);
    assert_string_equal(dialogue_pending(&att), "");
    assert_true(att_deadline(&att) == ATT_NO_TIME); /* people may have to press something */
    assert_int_equal(att_secured(&att, true), ATT_NOTHING);
    dialogue_ends(&att, ATT_NOTHING, LINES("> 0a 0300", "< 0b 2a"), ATT_OK);
    assert_int_equal(att.result.len, 1);
}

static void security_is_asked_for_once(void **state)
{
    (void)state;
    assert_int_equal(dialogue_go_on(&att, att_read(&att, 3), LINES("> 0a 0300", "< 01 0a 0300 0f")),
                     ATT_SECURE);
    assert_int_equal(att_secured(&att, true), ATT_NOTHING);
    dialogue_ends(&att, ATT_NOTHING, LINES("> 0a 0300", "< 01 0a 0300 0f"), ATT_E_NOT_SECURE);
    dialogue_ends(&att, att_read(&att, 3), LINES("> 0a 0300", "< 01 0a 0300 05"), ATT_E_NOT_SECURE);
    assert_int_equal(att.result.code, 0x05);
}

static void security_that_fails_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(dialogue_go_on(&att, att_read(&att, 3), LINES("> 0a 0300", "< 01 0a 0300 05")),
                     ATT_SECURE);
    assert_int_equal(att_secured(&att, false), ATT_DONE);
    assert_int_equal(att.result.error, ATT_E_NOT_SECURE);
    assert_int_equal(att_secured(&att, true), ATT_NOTHING); /* nobody asks for it */
    assert_int_equal(att_secured(&att, false), ATT_NOTHING);
    assert_string_equal(dialogue_pending(&att), "");
}

/* ---- what the peer begins ---- */

static void notifications_come_at_any_time(void **state)
{
    (void)state;
    assert_int_equal(dialogue_go_on(&att, ATT_NOTHING, LINES("< 1b 0700 0102")), ATT_VALUE);
    assert_int_equal(att.value.handle, 7);
    assert_int_equal(att.value.len, 2);
    assert_int_equal(dialogue_go_on(&att, att_read(&att, 3), LINES("> 0a 0300", "< 1b 0700")),
                     ATT_VALUE);
    assert_int_equal(att.value.len, 0);
    dialogue_ends(&att, ATT_NOTHING, LINES("< 0b 01"), ATT_OK);
    assert_int_equal(dialogue_go_on(&att, ATT_NOTHING, LINES("< 1b 07")), ATT_NOTHING);
    assert_int_equal(dialogue_go_on(&att, ATT_NOTHING, LINES("< 1b")), ATT_NOTHING);
}

static void indications_are_confirmed(void **state)
{
    (void)state;
    assert_int_equal(dialogue_go_on(&att, ATT_NOTHING, LINES("< 1d 0700 05")), ATT_VALUE);
    dialogue_go_on(&att, ATT_NOTHING, LINES("> 1e"));
    assert_int_equal(dialogue_go_on(&att, ATT_NOTHING, LINES("< 1d 07")), ATT_NOTHING);
    dialogue_go_on(&att, ATT_NOTHING, LINES("> 1e"));
    /* One that comes before a request was sent goes out first; both go out. */
    att_read(&att, 3);
    assert_int_equal(dialogue_say(&att, (const uint8_t *)"\x1d\x07\x00", 3), ATT_VALUE);
    dialogue_ends(&att, ATT_NOTHING, LINES("> 1e", "> 0a 0300", "< 0b 01"), ATT_OK);
}

static void a_peer_that_asks_is_answered(void **state)
{
    static const struct {
        const char *asks, *answer;
    } rows[] = {
        { "< 02 4000", "> 03 0502" },
        { "< 02 40", "> 01 02 0000 06" },
        { "< 10 0100 ffff 0028", "> 01 10 0000 06" },
        { "< 0a 0300", "> 01 0a 0000 06" },
        { "< 20 0300 0400", "> 01 20 0000 06" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(dialogue_go_on(&att, ATT_NOTHING, LINES(rows[i].asks, rows[i].answer)),
                         ATT_NOTHING);
    assert_int_equal(att.mtu, 0x40);
    dialogue_go_on(&att, ATT_NOTHING, LINES("< 52 0300 01", "< d2 0300 01", "< 1e"));
    assert_string_equal(dialogue_pending(&att), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_smaller_mtu_is_used, setup),
        cmocka_unit_test_setup(no_mtu_is_smaller_than_the_smallest, setup),
        cmocka_unit_test_setup(a_broken_mtu_changes_nothing, setup),
        cmocka_unit_test_setup(the_peers_errors_have_names, setup),
        cmocka_unit_test_setup(an_answer_to_something_else_makes_no_sense, setup),
        cmocka_unit_test_setup(an_answer_to_nothing_is_nothing, setup),
        cmocka_unit_test_setup(every_error_has_a_text, setup),
        cmocka_unit_test_setup(a_mute_peer_ends_the_connection, setup),
        cmocka_unit_test_setup(each_request_has_its_own_time, setup),
        cmocka_unit_test_setup(what_was_abandoned_unsent_does_no_harm, setup),
        cmocka_unit_test_setup(security_is_raised_and_the_request_repeated, setup),
        cmocka_unit_test_setup(security_is_asked_for_once, setup),
        cmocka_unit_test_setup(security_that_fails_is_an_error, setup),
        cmocka_unit_test_setup(notifications_come_at_any_time, setup),
        cmocka_unit_test_setup(indications_are_confirmed, setup),
        cmocka_unit_test_setup(a_peer_that_asks_is_answered, setup),
    };

    return cmocka_run_group_tests_name("att", tests, NULL, NULL);
}
