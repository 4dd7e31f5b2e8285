/* The demo house as a radio: one run of it after the other. */
#include "sim/demo_source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SET 1800000000 /* January 2027 */

/* Of which receivers believe that a counter began anew. */
#define JUST_BEGUN 1024

static void a_later_run_counts_on(void **state)
{
    (void)state;
    for (int64_t s = 1; s < 400000000; s *= 3) {
        const uint32_t ahead = demo_source_start(SET + s) - demo_source_start(SET);
        assert_int_equal(ahead, 4 * s);
    }
}

/* No clock, or one that goes backwards: small numbers, and never below zero, which is far ahead. */
static void a_clock_that_was_never_set_counts_from_the_start(void **state)
{
    static const int64_t unset[] = { INT64_MIN, -1, 0, 60, 86400, 1577836800, 1699999999 };

    (void)state;
    for (size_t i = 0; i < sizeof(unset) / sizeof(unset[0]); i++)
        assert_in_range(demo_source_start(unset[i]), 0, JUST_BEGUN - 1);
}

/* Then it is set: nothing of the demo is taken for an old frame. */
static void once_it_is_set_the_next_run_is_ahead(void **state)
{
    (void)state;
    assert_in_range(demo_source_start(SET) - demo_source_start(60), 1000000, INT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_run_counts_on),
        cmocka_unit_test(a_clock_that_was_never_set_counts_from_the_start),
        cmocka_unit_test(once_it_is_set_the_next_run_is_ahead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
