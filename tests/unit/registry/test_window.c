/* The replay window alone: every rule that window.h draws. */
#include "registry/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define QUIET WINDOW_RESTART_QUIET

static uint32_t step;

static enum window_verdict judge(struct window *w, uint32_t counter, uint32_t now_ms)
{
    return window_judge(w, &(struct window_frame){ counter, 1, now_ms }, QUIET, &step);
}

static enum window_verdict judge_twin(struct window *w, uint32_t counter, uint32_t tag,
                                      uint32_t now_ms)
{
    return window_judge(w, &(struct window_frame){ counter, tag, now_ms }, QUIET, &step);
}

static void begin(struct window *w, uint8_t format, uint32_t counter, uint32_t now_ms)
{
    window_start(w, format, &(struct window_frame){ counter, 1, now_ms });
}

static void ahead_is_new_and_says_how_far(void **state)
{
    struct window w;

    (void)state;
    begin(&w, 1, 100, 0);
    assert_int_equal(judge(&w, 101, 1000), WINDOW_NEW);
    assert_int_equal(step, 1);
    assert_int_equal(judge(&w, 612, 2000), WINDOW_NEW); /* MiBeacon jumps by 512 on a restart */
    assert_int_equal(step, 511);
    assert_int_equal(judge(&w, 612, 2000), WINDOW_SAME);
    assert_int_equal(judge(&w, 101, 2000), WINDOW_STALE);
}

/* One other content under the newest counter, soon; and no third, whatever came between. */
static void the_newest_may_have_one_twin(void **state)
{
    struct window w;

    (void)state;
    begin(&w, 1, 100, 0);
    assert_int_equal(judge_twin(&w, 100, 2, WINDOW_TWIN_MS), WINDOW_NEW);
    assert_int_equal(step, 0);
    for (uint32_t tag = 1; tag < 4; tag++)
        assert_int_equal(judge_twin(&w, 100, tag, WINDOW_TWIN_MS), WINDOW_SAME);
    assert_int_equal(judge_twin(&w, 101, 1, 10000), WINDOW_NEW);
    assert_int_equal(judge_twin(&w, 100, 3, 10000), WINDOW_STALE);
    assert_int_equal(judge_twin(&w, 99, 1, 10000), WINDOW_NEW); /* a late one spends nothing */
    assert_int_equal(judge_twin(&w, 101, 1, 10000), WINDOW_SAME);
    assert_int_equal(judge_twin(&w, 101, 2, 10001 + WINDOW_TWIN_MS), WINDOW_SAME);
    assert_int_equal(judge_twin(&w, 101, 2, 10000 + WINDOW_TWIN_MS), WINDOW_NEW);

    begin(&w, 1, 1000, 0); /* a row below takes the tag's place */
    assert_int_equal(judge_twin(&w, 5, 9, 1), WINDOW_STALE);
    assert_int_equal(judge_twin(&w, 999, 8, 1), WINDOW_NEW);
    assert_int_equal(judge_twin(&w, 1000, 1, 1), WINDOW_SAME);
}

/* Two rows in turn, each repeated: every frame is new once. */
static void interleaved_rows_are_each_heard_once(void **state)
{
    struct window w;

    (void)state;
    begin(&w, 1, 1000, 0);
    for (uint32_t i = 1; i < 200; i++) {
        assert_int_equal(judge(&w, 1000 + i, i * 5000), WINDOW_NEW);
        if (i > 20) {
            assert_int_equal(judge(&w, 1000 + i - 1, i * 5000), WINDOW_STALE);
            assert_int_equal(judge(&w, 1000 + i, i * 5000), WINDOW_SAME);
        }
    }
    begin(&w, 1, 1000, 0);
    assert_int_equal(judge(&w, 1040, 5000), WINDOW_NEW);
    for (uint32_t i = 1; i < 40; i++) {
        assert_int_equal(judge(&w, 1000 + i, 6000), WINDOW_NEW);
        assert_int_equal(step, 0);
        assert_int_equal(judge(&w, 1000 + i, 6000), WINDOW_STALE);
    }
}

/* A frame that somebody held back for an hour is not let through, though nobody has heard it. */
static void a_late_frame_is_new_for_a_minute(void **state)
{
    struct window w;

    (void)state;
    begin(&w, 1, 1000, 0);
    assert_int_equal(judge(&w, 1010, 1000), WINDOW_NEW);
    assert_int_equal(judge(&w, 1005, 1000 + WINDOW_LATE_MS), WINDOW_NEW);
    assert_int_equal(judge(&w, 1006, 1001 + WINDOW_LATE_MS), WINDOW_STALE);
}

static void the_window_is_64_wide(void **state)
{
    struct window w;

    (void)state;
    begin(&w, 1, 0, 0);
    assert_int_equal(judge(&w, 100, 0), WINDOW_NEW);
    assert_int_equal(judge(&w, 100 - 63, 0), WINDOW_NEW);
    assert_int_equal(judge(&w, 100 - 64, 0), WINDOW_STALE);
}

static void a_32_bit_row_wraps(void **state)
{
    struct window w;

    (void)state;
    begin(&w, 1, UINT32_MAX - 2, 0);
    for (uint32_t i = 1; i < 6; i++)
        assert_int_equal(judge(&w, UINT32_MAX - 2 + i, i), WINDOW_NEW);
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(judge(&w, UINT32_MAX - 2 + i, 10), WINDOW_STALE);
}

/* Three rise, the old row is silent for long enough, and the new one is far below. */
static void a_row_that_begins_anew(void **state)
{
    static const struct {
        uint32_t counters[4];
        uint32_t silent_ms;
        enum window_verdict last;
    } rows[] = {
        { { 1, 2, 3, 4 }, QUIET, WINDOW_NEW }, /* the third began it, the fourth is in it */
        { { 1, 2, 2, 3 }, QUIET, WINDOW_RESTART },
        { { 1, 5, 9, 9 }, QUIET, WINDOW_SAME },
        { { 3, 2, 1, 0 }, QUIET, WINDOW_STALE },
        { { 1, 200, 3, 400 }, QUIET, WINDOW_STALE }, /* no row: steps beyond 64 */
        { { 1, 2, 3, 4 }, QUIET - 1, WINDOW_STALE },
        { { 600, 601, 602, 603 }, QUIET, WINDOW_STALE }, /* above half of the old newest */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum window_verdict last = WINDOW_STALE;
        struct window w;
        begin(&w, 1, 1000, 5000);
        for (size_t n = 0; n < 4; n++)
            last = judge(&w, rows[i].counters[n], 5000 + rows[i].silent_ms);
        assert_int_equal(last, rows[i].last);
    }
}

/* A row from the sensor's past, not from its first frames, needs a silence that no living sensor
 * keeps: a door that nobody opens for an hour must not believe last month's. */
static void a_row_from_the_middle_needs_a_day(void **state)
{
    static const struct {
        uint32_t first, silent_ms;
        enum window_verdict third;
    } rows[] = {
        { 2000, 3600000, WINDOW_STALE },
        { WINDOW_RESTART_LOW, WINDOW_RESTART_LONG - 1, WINDOW_STALE },
        { WINDOW_RESTART_LOW, WINDOW_RESTART_LONG, WINDOW_RESTART },
        { WINDOW_RESTART_LOW - 3, QUIET, WINDOW_RESTART },
        { 40000, WINDOW_RESTART_LONG, WINDOW_RESTART },
        { 50000, WINDOW_RESTART_LONG, WINDOW_STALE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct window w;
        begin(&w, 1, 100000, 5000);
        assert_int_equal(judge(&w, rows[i].first, 5000 + rows[i].silent_ms), WINDOW_STALE);
        assert_int_equal(judge(&w, rows[i].first + 1, 5000 + rows[i].silent_ms), WINDOW_STALE);
        assert_int_equal(judge(&w, rows[i].first + 2, 5000 + rows[i].silent_ms), rows[i].third);
    }
}

/* The old row speaks in between: whoever sends the low counters is not the sensor. */
static void the_old_row_ends_a_new_one(void **state)
{
    struct window w;

    (void)state;
    begin(&w, 1, 1000, 0);
    assert_int_equal(judge(&w, 1, QUIET), WINDOW_STALE);
    assert_int_equal(judge(&w, 2, QUIET), WINDOW_STALE);
    assert_int_equal(judge(&w, 1001, QUIET), WINDOW_NEW);
    assert_int_equal(judge(&w, 3, 3 * QUIET), WINDOW_STALE);
    assert_int_equal(judge(&w, 4, 3 * QUIET), WINDOW_STALE);
    assert_int_equal(judge(&w, 5, 3 * QUIET), WINDOW_RESTART);
}

static void eight_bits_go_as_far_as_the_time_since_explains(void **state)
{
    static const struct {
        uint32_t ahead, silent_ms;
        enum window_verdict want;
    } rows[] = {
        { 1, 0, WINDOW_NEW },        { 4, 0, WINDOW_NEW },           { 5, 0, WINDOW_STALE },
        { 14, 10000, WINDOW_NEW },   { 15, 10000, WINDOW_STALE },    { 127, 3600000, WINDOW_NEW },
        { 0, 3600000, WINDOW_SAME }, { 128, 3600000, WINDOW_STALE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct window w;
        begin(&w, 1 | WINDOW_8_BITS, 200, 0);
        assert_int_equal(judge(&w, (200 + rows[i].ahead) & 0xff, rows[i].silent_ms), rows[i].want);
    }
}

/* The clock's lowest 32 bits wrap after 49 days. */
static void the_clock_wraps(void **state)
{
    struct window w;

    (void)state;
    begin(&w, 1, 1000, UINT32_MAX - 1000);
    assert_int_equal(judge(&w, 1010, UINT32_MAX - 500), WINDOW_NEW);
    assert_int_equal(judge(&w, 1009, 500), WINDOW_NEW);
    assert_int_equal(judge(&w, 1008, 500 + WINDOW_LATE_MS), WINDOW_STALE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ahead_is_new_and_says_how_far),
        cmocka_unit_test(the_newest_may_have_one_twin),
        cmocka_unit_test(interleaved_rows_are_each_heard_once),
        cmocka_unit_test(a_late_frame_is_new_for_a_minute),
        cmocka_unit_test(the_window_is_64_wide),
        cmocka_unit_test(a_32_bit_row_wraps),
        cmocka_unit_test(a_row_that_begins_anew),
        cmocka_unit_test(a_row_from_the_middle_needs_a_day),
        cmocka_unit_test(the_old_row_ends_a_new_one),
        cmocka_unit_test(eight_bits_go_as_far_as_the_time_since_explains),
        cmocka_unit_test(the_clock_wraps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
