#include "on_loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <event2/event.h>

#define HANGS_MS 120000

struct loop *test_loop;

int on_loop_setup(void **state)
{
    (void)state;
    test_loop = loop_new();
    return test_loop ? 0 : -1;
}

int on_loop_teardown(void **state)
{
    (void)state;
    loop_free(test_loop);
    test_loop = NULL;
    return 0;
}

static void on_deadline(void *user)
{
    bool *is_over = user;

    *is_over = true;
}

void on_loop_until(const bool *condition)
{
    on_loop_until_within(condition, HANGS_MS);
}

void on_loop_until_within(const bool *condition, uint64_t patience_ms)
{
    const struct port_clock *clock = loop_clock(test_loop);
    bool is_over = false;
    struct timer deadline = { .fire = on_deadline, .user = &is_over };

    clock->set(clock->self, &deadline, clock->now_ms(clock->self) + patience_ms);
    while (!*condition && !is_over)
        event_base_loop(loop_base(test_loop), EVLOOP_ONCE);
    clock->cancel(clock->self, &deadline);
    assert_true(*condition);
}

void on_loop_turn(void)
{
    bool is_over = false;
    struct loop_task task = { .run = on_deadline, .user = &is_over };

    loop_post(test_loop, &task);
    on_loop_until(&is_over);
}
