/* Wrong passwords: some are free, then each costs half a minute, for its own address only. */
#include "web/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void try_wrong(struct web_guard *guard, const char *address, unsigned times, uint64_t now_ms)
{
    while (times-- > 0)
        web_guard_wrong(guard, address, now_ms);
}

static void the_sixth_try_waits(void **state)
{
    struct web_guard guard = { 0 };

    (void)state;
    try_wrong(&guard, "10.0.0.1", WEB_GUARD_FREE - 1, 1000);
    assert_int_equal(web_guard_wait_ms(&guard, "10.0.0.1", 1000), 0);
    try_wrong(&guard, "10.0.0.1", 1, 1000);
    assert_int_equal(web_guard_wait_ms(&guard, "10.0.0.1", 2000), WEB_GUARD_WAIT_MS - 1000);
    assert_int_equal(web_guard_wait_ms(&guard, "10.0.0.2", 2000), 0);
    assert_int_equal(web_guard_wait_ms(&guard, "10.0.0.1", 1000 + WEB_GUARD_WAIT_MS), 0);
    try_wrong(&guard, "10.0.0.1", 1, 1000 + WEB_GUARD_WAIT_MS);
    assert_int_equal(web_guard_wait_ms(&guard, "10.0.0.1", 1000 + WEB_GUARD_WAIT_MS),
                     WEB_GUARD_WAIT_MS);
}

static void a_right_one_or_time_forgives(void **state)
{
    struct web_guard guard = { 0 };

    (void)state;
    try_wrong(&guard, "a", WEB_GUARD_FREE, 1000);
    web_guard_right(&guard, "a");
    try_wrong(&guard, "a", WEB_GUARD_FREE - 1, 1000);
    assert_int_equal(web_guard_wait_ms(&guard, "a", 1000), 0);
    try_wrong(&guard, "a", 1, 1001 + WEB_GUARD_KEEP_MS);
    assert_int_equal(web_guard_wait_ms(&guard, "a", 1001 + WEB_GUARD_KEEP_MS), 0);
}

static void the_oldest_is_forgotten_first(void **state)
{
    struct web_guard guard = { 0 };
    char address[8];

    (void)state;
    try_wrong(&guard, "first", WEB_GUARD_FREE, 1000);
    try_wrong(&guard, "second", WEB_GUARD_FREE, 1001);
    for (unsigned i = 0; i < WEB_GUARD_PEERS - 1; i++) {
        snprintf(address, sizeof(address), "%u", i);
        try_wrong(&guard, address, 1, 1002 + i);
    }
    assert_int_equal(web_guard_wait_ms(&guard, "first", 1100), 0);
    assert_true(web_guard_wait_ms(&guard, "second", 1100) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sixth_try_waits),
        cmocka_unit_test(a_right_one_or_time_forgives),
        cmocka_unit_test(the_oldest_is_forgotten_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
