/* lines: a configuration file runs line by line, errors carry their number, and Backlog's entries
 * end where they should. */
#include "bus/bus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct bus *bus;
static char ran[256], errors[512];

static uint64_t now_ms(void *clock)
{
    (void)clock;
    return 1;
}

static enum bus_result check_set(void *room, struct bus_call *call)
{
    (void)room;
    return strcmp(call->args[0].text, "bad") == 0 ? bus_fail(call, "is bad") : BUS_DONE;
}

static enum bus_result run_set(void *room, struct bus_call *call)
{
    char text[64];

    if (call->origin != BUS_CONFIG)
        return BUS_FAILED;
    snprintf(text, sizeof(text), "%u:%s ", call->line, call->args[0].text);
    strncat(ran, text, sizeof(ran) - strlen(ran) - 1);
    return check_set(room, call);
}

static const struct bus_row rows[] = {
    { .name = "Set",
      .args = { { BUS_ARG_TEXT, "text", false, 0, 8 } },
      .run = run_set,
      .check = check_set },
};

static int open_bus(void **state)
{
    (void)state;
    ran[0] = errors[0] = '\0';
    bus = bus_create(now_ms, NULL);
    bus_register(bus, rows, 1, NULL);
    return bus ? 0 : -1;
}

static int close_bus(void **state)
{
    (void)state;
    bus_destroy(bus);
    return 0;
}

static void note_error(void *user, unsigned line_number, const char *reason)
{
    char text[128];

    (void)user;
    snprintf(text, sizeof(text), "%u %s|", line_number, reason);
    strncat(errors, text, sizeof(errors) - strlen(errors) - 1);
}

static unsigned run(const char *text, bool check_only)
{
    return bus_run_lines(bus, text, strlen(text), check_only, note_error, NULL);
}

static void each_line_runs_with_its_number(void **state)
{
    (void)state;
    assert_int_equal(run("\xef\xbb\xbf# mine\n\n  set a\r\n \t \n\t# no\nSET b c\nset d", false),
                     0);
    assert_string_equal(ran, "3:a 6:b c 7:d ");
    assert_int_equal(run("", false), 0);
}

static void errors_name_their_line_and_the_rest_still_runs(void **state)
{
    (void)state;
    assert_int_equal(run("set a\nbogus 1\nset 123456789\nset bad\nset z\n", false), 3);
    assert_string_equal(ran, "1:a 4:bad 5:z ");
    assert_string_equal(errors, "2 BOGUS: no command of this name; Help lists all|"
                                "3 SET: text must have 0 to 8 bytes|4 SET: is bad|");
}

static void a_check_runs_nothing(void **state)
{
    (void)state;
    assert_int_equal(run("set a\nbogus\nset\nset bad\n", true), 3);
    assert_string_equal(ran, "");
    assert_string_equal(errors, "2 BOGUS: no command of this name; Help lists all|"
                                "3 SET: usage: Set <text>|4 SET: is bad|");
}

static void a_line_that_is_too_long_is_one_error(void **state)
{
    static char text[BUS_LINE_MAX + 64];

    (void)state;
    memset(text, 'x', sizeof(text) - 8);
    memcpy(text, "set ", 4);
    memcpy(text + sizeof(text) - 8, "\nset y\n", 8);
    assert_int_equal(run(text, false), 1);
    assert_string_equal(errors, "1 SET: a line has at most 2048 bytes|");
    assert_string_equal(ran, "2:y ");
}

static void entries_end_at_a_semicolon_outside_braces(void **state)
{
    static const struct {
        const char *text;
        size_t len;
    } table[] = {
        { "a;b", 1 },      { "ab", 2 },   { "", 0 },     { ";a", 0 },      { "{a;b};c", 5 },
        { "{a{;}};c", 6 }, { "{a;b", 2 }, { "a};b", 2 }, { "x{;}y;z", 5 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        assert_int_equal(bus_entry_len(table[i].text, strlen(table[i].text)), table[i].len);
}

static void a_Backlog_is_split_into_its_commands(void **state)
{
    static const char *const parts[] = { "a 1", "b {x;y}", "c", "Backlogs 1" };
    const char *line = " a 1 ;;\tb {x;y}; Backlog  bAcKlOg0 c ;Backlog; Backlogs 1;";
    struct bus_part part;
    (void)state;

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        assert_true(bus_part_next(&line, &part));
        assert_int_equal(part.len, strlen(parts[i]));
        assert_memory_equal(part.text, parts[i], part.len);
    }
    assert_false(bus_part_next(&line, &part));
}

static void a_word_is_dropped_whole_or_not_at_all(void **state)
{
    const char *text = " Restart\t 1 ";
    struct bus_part part = { text, strlen(text) };
    (void)state;

    assert_false(bus_part_drop(&part, "Rest"));
    assert_false(bus_part_drop(&part, "Restarts"));
    assert_ptr_equal(part.text, text);
    assert_true(bus_part_drop(&part, "RESTART"));
    assert_int_equal(part.len, 1);
    assert_int_equal(part.text[0], '1');
    assert_true(bus_part_drop(&part, "1"));
    assert_int_equal(part.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_line_runs_with_its_number, open_bus, close_bus),
        cmocka_unit_test_setup_teardown(errors_name_their_line_and_the_rest_still_runs, open_bus,
                                        close_bus),
        cmocka_unit_test_setup_teardown(a_check_runs_nothing, open_bus, close_bus),
        cmocka_unit_test_setup_teardown(a_line_that_is_too_long_is_one_error, open_bus, close_bus),
        cmocka_unit_test(entries_end_at_a_semicolon_outside_braces),
        cmocka_unit_test(a_Backlog_is_split_into_its_commands),
        cmocka_unit_test(a_word_is_dropped_whole_or_not_at_all),
    };

    return cmocka_run_group_tests_name("bus_lines", tests, NULL, NULL);
}
