/* The Linux loop: signals, tasks of other threads, the clock and its word about being set. */
#include "on_loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <time.h>

#define POSTS 1000

static struct loop_task tasks[POSTS];
static unsigned ran;
static bool all_ran;

static void count(void *user)
{
    assert_ptr_equal(user, &tasks[ran]);
    all_ran = ++ran == POSTS;
}

static void *post_all(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < POSTS; i++) {
        tasks[i] = (struct loop_task){ .run = count, .user = &tasks[i] };
        loop_post(test_loop, &tasks[i]);
    }
    return NULL;
}

static void tasks_of_another_thread_run_in_order(void **state)
{
    pthread_t thread;

    (void)state;
    ran = 0;
    all_ran = false;
    assert_int_equal(pthread_create(&thread, NULL, post_all, NULL), 0);
    on_loop_until(&all_ran);
    pthread_join(thread, NULL);
    assert_int_equal(ran, POSTS);
}

static void count_any(void *user)
{
    ++*(unsigned *)user;
}

static void a_task_posted_twice_runs_once_and_one_taken_back_never(void **state)
{
    unsigned first = 0, second = 0, third = 0;
    struct loop_task a = { .run = count_any, .user = &first };
    struct loop_task b = { .run = count_any, .user = &second };
    struct loop_task c = { .run = count_any, .user = &third };

    (void)state;
    loop_post(test_loop, &a);
    loop_post(test_loop, &b);
    loop_post(test_loop, &a);
    loop_unpost(test_loop, &b);
    loop_post(test_loop, &c);
    on_loop_turn();
    assert_int_equal(first, 1);
    assert_int_equal(second, 0);
    assert_int_equal(third, 1);
    loop_post(test_loop, &b);
    on_loop_turn();
    assert_int_equal(second, 1);
}

static bool is_stopping, is_reloading;
static int stopped_by;

static void on_stop(void *user, int signal)
{
    (void)user;
    stopped_by = signal;
    is_stopping = true;
}

static void on_reload(void *user)
{
    (void)user;
    is_reloading = true;
}

static int setup(void **state)
{
    const struct loop_signals signals = { NULL, on_stop, on_reload };

    return on_loop_setup(state) == 0 && loop_on_signals(test_loop, &signals) ? 0 : -1;
}

static void signals_come_as_calls(void **state)
{
    (void)state;
    is_reloading = false;
    raise(SIGHUP);
    on_loop_until(&is_reloading);
    is_reloading = false;
    raise(SIGHUP);
    on_loop_until(&is_reloading);
    is_stopping = false;
    raise(SIGTERM);
    on_loop_until(&is_stopping);
    assert_int_equal(stopped_by, SIGTERM);
}

static void stop_loop(void *user)
{
    loop_stop(user);
    raise(SIGHUP); /* as if it had come just then */
}

/* What came last is not lost, but waits for loop_catch_up(). */
static void a_loop_runs_until_it_is_stopped(void **state)
{
    struct loop_task task = { .run = stop_loop, .user = test_loop };

    (void)state;
    is_reloading = false;
    loop_post(test_loop, &task);
    loop_run(test_loop);
    assert_false(task.is_posted);
    loop_run(test_loop); /* stopped already: returns */
    assert_false(is_reloading);
    loop_catch_up(test_loop);
    assert_true(is_reloading);
}

static void the_wall_clock_is_believed_when_somebody_has_set_it(void **state)
{
    static const struct {
        struct loop_clock_facts facts;
        bool is_set;
    } rows[] = {
        { { .unix_s = 0, .is_synchronised = true, .has_rtc = true }, false },
        { { .unix_s = 1704067199, .has_rtc = true, .was_stepped = true }, false },
        { { .unix_s = 1704067200 }, false }, /* a Pi before its first time server */
        { { .unix_s = 1704067200, .is_synchronised = true }, true },
        { { .unix_s = 1704067200, .has_rtc = true }, true },
        { { .unix_s = 1704067200, .was_stepped = true }, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(loop_wall_is_set(&rows[i].facts), rows[i].is_set);
}

static void the_wall_clock_is_the_systems(void **state)
{
    const struct port_clock *clock = loop_clock(test_loop);
    const int64_t before = (int64_t)time(NULL) * 1000;
    int64_t now = 0;

    (void)state;
    clock->wall_ms(clock->self, &now);
    assert_true(now >= before && now < before + 3600000);
}

static void local_time_follows_the_zone_and_its_summer(void **state)
{
    const struct port_clock *clock = loop_clock(test_loop);

    (void)state;
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    assert_int_equal(clock->utc_offset_s(clock->self, 1705320000), 3600); /* 15 January 2024 */
    assert_int_equal(clock->utc_offset_s(clock->self, 1721044800), 7200); /* 15 July 2024 */
}

static void random_bytes_differ(void **state)
{
    uint8_t a[300] = { 0 }, b[300] = { 0 };

    (void)state;
    loop_random(NULL, a, sizeof(a));
    loop_random(NULL, b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
    assert_memory_not_equal(a, a + 150, 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_of_another_thread_run_in_order),
        cmocka_unit_test(a_task_posted_twice_runs_once_and_one_taken_back_never),
        cmocka_unit_test(signals_come_as_calls),
        cmocka_unit_test(the_wall_clock_is_believed_when_somebody_has_set_it),
        cmocka_unit_test(the_wall_clock_is_the_systems),
        cmocka_unit_test(local_time_follows_the_zone_and_its_summer),
        cmocka_unit_test(random_bytes_differ),
        cmocka_unit_test(a_loop_runs_until_it_is_stopped), /* last: it stays stopped */
    };
    return cmocka_run_group_tests(tests, setup, on_loop_teardown);
}
