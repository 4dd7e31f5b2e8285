/*
 * rules as text: how a set is taken apart into clauses, and whether an event is what a trigger
 * waits for. No house is needed for that.
 */
#include "tasmota/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void expect_piece(const char *piece, size_t len, const char *expected)
{
    assert_int_equal(len, strlen(expected));
    assert_memory_equal(piece, expected, len);
}

static void a_set_is_a_row_of_clauses(void **state)
{
    const char *text = "ON Event#a DO Power1 ON ENDON  on event#b do\tPublish x y  BREAK ";
    struct rule_clause clause;

    (void)state;
    assert_string_equal(rule_judge(text), "");
    assert_true(rule_next(&text, &clause));
    expect_piece(clause.trigger, clause.trigger_len, "Event#a");
    expect_piece(clause.action, clause.action_len, "Power1 ON");
    assert_false(clause.is_last);
    assert_true(rule_next(&text, &clause));
    expect_piece(clause.trigger, clause.trigger_len, "event#b");
    expect_piece(clause.action, clause.action_len, "Publish x y");
    assert_true(clause.is_last);
    assert_false(rule_next(&text, &clause));
}

static void words_are_words_only_between_blanks(void **state)
{
    const char *text = "ON Living room#Door=1 DO Event done;Publish ondo endonly ENDON";
    struct rule_clause clause;

    (void)state;
    assert_true(rule_next(&text, &clause));
    expect_piece(clause.trigger, clause.trigger_len, "Living room#Door=1");
    expect_piece(clause.action, clause.action_len, "Event done;Publish ondo endonly");
}

static void what_is_no_rule_is_told(void **state)
{
    static const char *const wrong[] = {
        "Power1 ON",                 /* no ON */
        "ON Event#a Power1 1 ENDON", /* no DO */
        "ON Event#a DO Power1 1",    /* no end */
        "ON DO Power1 1 ENDON",      /* no trigger */
        "ON a DO b ENDON rubbish",   /* something behind it */
        "ON a DO b ENDON ON c DO d", /* the second does not end */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_string_not_equal(rule_judge(wrong[i]), "");
    assert_string_equal(rule_judge(""), "");
    assert_string_equal(rule_judge("ON a DO ENDON"), ""); /* does nothing, and says so */
}

/* ---- triggers ---- */

static bool fires(const char *text, const char *path, const char *value)
{
    struct rule_trigger trigger;
    char wanted[RULE_VALUE_SIZE];

    rule_trigger_read(text, strlen(text), &trigger);
    snprintf(wanted, sizeof(wanted), "%.*s", (int)trigger.wanted_len, trigger.wanted);
    return rule_path_fits(&trigger, path) && rule_value_fits(trigger.compare, wanted, value);
}

static void paths_are_compared_level_by_level_in_any_case(void **state)
{
    (void)state;
    assert_true(fires("system#boot", "System#Boot", "1"));
    assert_true(fires("LYWSD03-aabbcc#Temperature", "LYWSD03-AABBCC#Temperature", "21.5"));
    assert_false(fires("LYWSD03-aabbcc#Temperature", "LYWSD03-aabbcc#Temp", "21.5"));
    assert_false(fires("LYWSD03-aabbcc", "LYWSD03-aabbcc#Temperature", "21.5"));
    assert_false(fires("a#b#c", "a#b", "1"));
    assert_true(fires("?#Temperature", "LYWSD03-aabbcc#Temperature", "21.5"));
    assert_true(fires("StatusSNS#?#Door", "StatusSNS#MCCGQ02-112233#Door", "1"));
    assert_false(fires("?", "a#b", "1"));
    assert_true(fires("List[2]", "List[2]", "x"));
}

static void the_first_relay_needs_no_number(void **state)
{
    (void)state;
    assert_true(fires("Power#State=1", "Power1#State", "1"));
    assert_true(fires("Power1#State", "POWER#State", "1"));
    assert_false(fires("Power2#State", "Power1#State", "1"));
}

static void tele_is_no_part_of_the_path(void **state)
{
    static const char text[] = "tele-ATC-0283f4#Battery<20";
    struct rule_trigger trigger;

    (void)state;
    rule_trigger_read(text, strlen(text), &trigger);
    assert_true(trigger.tele);
    expect_piece(trigger.path, trigger.path_len, "ATC-0283f4#Battery");
    expect_piece(trigger.wanted, trigger.wanted_len, "20");
    rule_trigger_read("Event#tele-x", 12, &trigger);
    assert_false(trigger.tele);
}

/* Each row: the operator with its value, and a value that fits and one that does not. */
static void every_operator_tells_two_values_apart(void **state)
{
    static const struct {
        const char *trigger, *fits, *fits_not;
    } rows[] = {
        { "a#b", "anything", NULL },
        { "a#b=5", "5", "6" },
        { "a#b=5.0", "5", "5.01" },
        { "a#b=on", "ON", "off" },
        { "a#b=ON", "1", "0" }, /* as Power#State has it */
        { "a#b=Toggle", "2", "1" },
        { "a#b=true", "1", "false" },
        { "a#b=single", "SINGLE", "double" },
        { "a#b=", "", "x" },
        { "a#b==-3.5", "-3.50", "3.5" },
        { "a#b!=5", "6", "5.000" },
        { "a#b!=open", "closed", "open" },
        { "a#b>25.5", "25.51", "25.5" },
        { "a#b>-2", "-1.9", "-2" },
        { "a#b>=25.5", "25.5", "25.49" },
        { "a#b<0", "-0.1", "0" },
        { "a#b<=0", "0", "0.000001" },
        { "a#b|5", "15", "16" },
        { "a#b|0.5", "1.5", "1.25" },
        { "a#b|0", NULL, "0" },
        { "a#b$<ab", "abc", "bab" },
        { "a#b$>bc", "abc", "bca" },
        { "a#b$|b c", "ab cd", "abcd" },
        { "a#b$!abc", "abd", "ABC" },
        { "a#b$^b", "acd", "abc" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].fits)
            assert_true(fires(rows[i].trigger, "a#b", rows[i].fits));
        if (rows[i].fits_not)
            assert_false(fires(rows[i].trigger, "a#b", rows[i].fits_not));
    }
}

static void what_is_no_number_is_not_more_or_less(void **state)
{
    static const char *const triggers[] = { "a#b>1", "a#b<1", "a#b>=1", "a#b<=1", "a#b|1" };

    (void)state;
    for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++)
        assert_false(fires(triggers[i], "a#b", "warm"));
    assert_false(fires("a#b>x", "a#b", "1"));
    assert_false(fires("a#b>", "a#b", "1"));
}

/* ---- numbers ---- */

static void numbers_are_exact_to_the_millionth(void **state)
{
    static const struct {
        const char *text;
        int64_t micro;
    } right[] = {
        { "0", 0 },
        { "21.5", 21500000 },
        { "-0.000001", -1 },
        { "+7", 7000000 },
        { ".5", 500000 },
        { "5.", 5000000 },
        { "0.1234567", 123456 },
        { "999999999999.999999", INT64_C(999999999999999999) },
    };
    static const char *const wrong[] = {
        "", "-", ".", "1e3", "0x10", "1 ", "1000000000000", "1.2.3"
    };
    int64_t micro;

    (void)state;
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        assert_true(rule_number(right[i].text, &micro));
        assert_int_equal(micro, right[i].micro);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(rule_number(wrong[i], &micro));
}

/* ---- variables ---- */

static bool meaning(void *user, const char *name, size_t len, char *out, size_t size)
{
    (void)user;
    if (!rule_same(name, len, "VALUE", 5))
        return false;
    snprintf(out, size, "%s", "100%");
    return true;
}

static void expect_expanded(const char *text, const char *expected)
{
    char out[64];

    assert_true(rule_expand(text, strlen(text), meaning, NULL, out, sizeof(out)));
    assert_string_equal(out, expected);
}

static void names_between_percent_signs_are_filled_in(void **state)
{
    (void)state;
    expect_expanded("Publish t %value%", "Publish t 100%");
    expect_expanded("%VALUE%%value%", "100%100%");
    expect_expanded("50% of %value%", "50% of 100%");
    expect_expanded("%nothing% stays, 5%", "%nothing% stays, 5%");
    expect_expanded("%", "%");
    expect_expanded("", "");
}

static void what_does_not_fit_is_cut_and_told(void **state)
{
    char out[8];

    (void)state;
    assert_false(rule_expand("abc %value%", 11, meaning, NULL, out, sizeof(out)));
    assert_string_equal(out, "abc 100");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_is_a_row_of_clauses),
        cmocka_unit_test(words_are_words_only_between_blanks),
        cmocka_unit_test(what_is_no_rule_is_told),
        cmocka_unit_test(paths_are_compared_level_by_level_in_any_case),
        cmocka_unit_test(the_first_relay_needs_no_number),
        cmocka_unit_test(tele_is_no_part_of_the_path),
        cmocka_unit_test(every_operator_tells_two_values_apart),
        cmocka_unit_test(what_is_no_number_is_not_more_or_less),
        cmocka_unit_test(numbers_are_exact_to_the_millionth),
        cmocka_unit_test(names_between_percent_signs_are_filled_in),
        cmocka_unit_test(what_does_not_fit_is_cut_and_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
