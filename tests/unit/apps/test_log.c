/* The log: each message once an hour with its remedy, levels, the journal's prefixes, and nothing a
 * terminal would obey. */
#include "log.h"

#include "log_file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define MINUTE_MS (60 * 1000)

static uint64_t clock_ms;
static struct bus *bus;
static struct log log_state;

static uint64_t now_ms(void *clock)
{
    return *(uint64_t *)clock;
}

static int begin(void **state)
{
    (void)state;
    clock_ms = 1000;
    bus = bus_create(now_ms, &clock_ms);
    memset(&log_state, 0, sizeof(log_state));
    return bus && log_file_open() ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    log_close(&log_state);
    bus_destroy(bus);
    log_file_close();
    return 0;
}

static void a_message_has_a_level_and_a_remedy(void **state)
{
    (void)state;
    log_open(&log_state, bus, BUS_INFO);
    bus_log(bus, BUS_ERROR, "buy a bigger one", "the disk is %s", "full");
    assert_string_equal(log_file_text(), "error: the disk is full - buy a bigger one\n");
    bus_log(bus, BUS_WARNING, "", "slow");
    bus_log(bus, BUS_INFO, "", "started");
    bus_log(bus, BUS_DEBUG, "", "a detail");
    assert_string_equal(log_file_text(), "warning: slow\ninfo: started\n");
}

static void details_come_when_they_are_asked_for(void **state)
{
    (void)state;
    log_open(&log_state, bus, BUS_DEBUG);
    bus_log(bus, BUS_DEBUG, "", "a detail");
    assert_string_equal(log_file_text(), "debug: a detail\n");
}

static void the_same_again_is_counted_for_an_hour(void **state)
{
    (void)state;
    log_open(&log_state, bus, BUS_INFO);
    for (unsigned minute = 0; minute < 60; minute++) {
        bus_log(bus, BUS_WARNING, "wait", "no broker");
        assert_string_equal(log_file_text(), minute == 0 ? "warning: no broker - wait\n" : "");
        clock_ms += MINUTE_MS;
    }
    bus_log(bus, BUS_WARNING, "wait", "another thing");
    bus_log(bus, BUS_WARNING, "wait", "no broker");
    assert_string_equal(log_file_text(), "warning: another thing - wait\n"
                                         "warning: no broker - wait (and 59 times more since)\n");
}

static void a_link_that_turns_is_always_said(void **state)
{
    struct bus_event down = { .kind = BUS_LINK, .u.link = { .name = "mqtt", .text = "refused" } };
    struct bus_event up = { .kind = BUS_LINK, .u.link = { .name = "mqtt", .text = "connected" } };

    (void)state;
    up.u.link.up = true;
    log_open(&log_state, bus, BUS_INFO);
    for (unsigned turn = 0; turn < 2; turn++) {
        bus_post(bus, &down);
        bus_post(bus, &down);
        bus_post(bus, &up);
        assert_string_equal(log_file_text(), "warning: refused\ninfo: connected\n");
    }
}

/* Somebody has changed the settings, and waits for news. */
static void after_a_link_without_a_text_the_same_is_news(void **state)
{
    const struct bus_event anew = { .kind = BUS_LINK, .u.link = { .name = "mqtt", .text = "" } };
    struct bus_event event = { .kind = BUS_LINK, .u.link = { .name = "mqtt", .text = "refused" } };

    (void)state;
    log_open(&log_state, bus, BUS_INFO);
    for (unsigned turn = 0; turn < 4; turn++) {
        event.u.link.up = turn >= 2;
        bus_post(bus, &event);
        bus_post(bus, &event);
        assert_string_equal(log_file_text(), turn >= 2 ? "info: refused\n" : "warning: refused\n");
        bus_post(bus, &anew);
        assert_string_equal(log_file_text(), "");
    }
}

static void the_journal_gets_its_priorities(void **state)
{
    char stream[64];
    struct stat st;

    (void)state;
    assert_int_equal(fstat(log_file_fd(), &st), 0);
    snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    log_open(&log_state, bus, BUS_DEBUG);
    bus_log(bus, BUS_ERROR, "mend it", "broken");
    bus_log(bus, BUS_WARNING, "", "slow");
    bus_log(bus, BUS_INFO, "", "started");
    bus_log(bus, BUS_DEBUG, "", "a detail");
    assert_string_equal(log_file_text(), "<3>broken - mend it\n<4>slow\n<6>started\n<7>a detail\n");
}

/* As in a terminal that systemd has started: the variable is there, its stream is not ours. */
static void an_inherited_journal_is_none(void **state)
{
    (void)state;
    setenv("JOURNAL_STREAM", "1:1", 1);
    log_open(&log_state, bus, BUS_INFO);
    bus_log(bus, BUS_ERROR, "", "broken");
    assert_string_equal(log_file_text(), "error: broken\n");
}

static void what_a_terminal_would_obey_is_a_question_mark(void **state)
{
    (void)state;
    log_open(&log_state, bus, BUS_INFO);
    bus_log(bus, BUS_INFO, "a\x1b[2J",
            "named \x1b]0;x\x07 \xc2\x9b"
            "31m \xff \xc3\xa4");
    assert_string_equal(log_file_text(), "info: named ?]0;x? ?31m ? \xc3\xa4 - a?[2J\n");
}

/* What a reader finds in the pipe. */
static const char *piped(int fd)
{
    static char text[8192];
    const ssize_t len = read(fd, text, sizeof(text) - 1);

    assert_true(len > 0);
    text[len] = '\0';
    return text;
}

/* Standard error is a pipe whose reader sleeps: one page, and the lines fill it. */
static void a_reader_that_slept_is_told_what_it_missed(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    assert_true(fcntl(ends[1], F_SETPIPE_SZ, 4096) > 0); /* a page may be larger */
    assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    log_open(&log_state, bus, BUS_INFO);
    bus_log(bus, BUS_INFO, "", "one");
    bus_log(bus, BUS_INFO, "", "two");
    bus_log(bus, BUS_INFO, "", "one"); /* would not have been shown again */
    bus_log(bus, BUS_WARNING, "read it", "three");
    assert_string_equal(piped(ends[0]), "info: one\n");

    bus_log(bus, BUS_WARNING, "read it", "three");
    assert_string_equal(piped(ends[0]),
                        "warning: nobody read this log: 2 lines were left out here\n"
                        "warning: three - read it\n");
    bus_log(bus, BUS_INFO, "", "two"); /* news still; and what was counted is told once */
    bus_log(bus, BUS_INFO, "", "four");
    bus_log(bus, BUS_INFO, "", "five");
    assert_string_equal(piped(ends[0]), "info: two\n");
    log_close(&log_state); /* no line comes any more to tell it with */
    assert_string_equal(piped(ends[0]),
                        "warning: nobody read this log: 2 lines were left out here\n");
    log_open(&log_state, bus, BUS_INFO);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(close(ends[1]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_has_a_level_and_a_remedy, begin, end),
        cmocka_unit_test_setup_teardown(details_come_when_they_are_asked_for, begin, end),
        cmocka_unit_test_setup_teardown(the_same_again_is_counted_for_an_hour, begin, end),
        cmocka_unit_test_setup_teardown(a_link_that_turns_is_always_said, begin, end),
        cmocka_unit_test_setup_teardown(after_a_link_without_a_text_the_same_is_news, begin, end),
        cmocka_unit_test_setup_teardown(the_journal_gets_its_priorities, begin, end),
        cmocka_unit_test_setup_teardown(an_inherited_journal_is_none, begin, end),
        cmocka_unit_test_setup_teardown(a_reader_that_slept_is_told_what_it_missed, begin, end),
        cmocka_unit_test_setup_teardown(what_a_terminal_would_obey_is_a_question_mark, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
