/* timers: due in order, moved, cancelled, and set from inside a timer without starving the loop. */
#include "base/timers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct timers list;
static char name_a[] = "a", name_b[] = "b", name_c[] = "c", name_x[] = "x";
static char fired[16];

static void note(void *user)
{
    strncat(fired, user, sizeof(fired) - strlen(fired) - 1);
}

static struct timer again;

static void set_again(void *user)
{
    note(user);
    timers_set(&list, &again, 5);
}

static int fresh(void **state)
{
    (void)state;
    list = (struct timers){ 0 };
    fired[0] = '\0';
    return 0;
}

static void they_fire_in_order(void **state)
{
    struct timer a = { note, name_a, 0, NULL, false }, b = { note, name_b, 0, NULL, false };
    struct timer c = { note, name_c, 0, NULL, false };

    (void)state;
    timers_set(&list, &c, 30);
    timers_set(&list, &a, 10);
    timers_set(&list, &b, 10);
    assert_true(timers_next(&list) == 10);
    timers_run(&list, 9);
    assert_string_equal(fired, "");
    timers_run(&list, 10);
    assert_string_equal(fired, "ab");
    timers_run(&list, 100);
    assert_string_equal(fired, "abc");
    assert_true(timers_next(&list) == TIMERS_NONE);
}

static void a_timer_can_be_moved_and_cancelled(void **state)
{
    struct timer a = { note, name_a, 0, NULL, false }, b = { note, name_b, 0, NULL, false };

    (void)state;
    timers_set(&list, &a, 10);
    timers_set(&list, &b, 20);
    timers_set(&list, &a, 30);
    timers_cancel(&list, &b);
    timers_cancel(&list, &b);
    timers_run(&list, 29);
    assert_string_equal(fired, "");
    timers_run(&list, 30);
    assert_string_equal(fired, "a");
}

static void one_set_for_the_past_waits_for_the_next_run(void **state)
{
    (void)state;
    again = (struct timer){ set_again, name_x, 0, NULL, false };
    timers_set(&list, &again, 5);
    timers_run(&list, 10);
    assert_string_equal(fired, "x");
    timers_run(&list, 10);
    assert_string_equal(fired, "xx");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(they_fire_in_order, fresh),
        cmocka_unit_test_setup(a_timer_can_be_moved_and_cancelled, fresh),
        cmocka_unit_test_setup(one_set_for_the_past_waits_for_the_next_run, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
