/* A part of the program in a process of its own: waited for until it is ready, and ended. */
#include "linux/child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static int is_ready_and_stays(void *user, struct child_gate *gate)
{
    (void)user;
    child_ready(gate);
    while (pause() < 0)
        ;
    return 0;
}

static int fails(void *user, struct child_gate *gate)
{
    (void)gate;
    return *(int *)user;
}

/* Ctrl-C goes to the group of processes that has the terminal. */
static int tells_its_group(void *user, struct child_gate *gate)
{
    (void)gate;
    return getpgrp() == *(pid_t *)user ? 4 : 5;
}

static int dies(void *user, struct child_gate *gate)
{
    (void)user;
    (void)gate;
    raise(SIGKILL);
    return 0;
}

static void it_lives_until_it_is_ended(void **state)
{
    struct child child;

    (void)state;
    assert_int_equal(child_start(&child, is_ready_and_stays, NULL), 0);
    const pid_t pid = child.pid;
    assert_int_equal(kill(pid, 0), 0);
    child_end(&child);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(errno, ESRCH);
    child_end(&child);
}

static void one_that_ends_before_says_why(void **state)
{
    struct child child;
    int code = 3;

    (void)state;
    assert_int_equal(child_start(&child, fails, &code), 3);
    code = 0;
    assert_int_equal(child_start(&child, fails, &code), 1);
    assert_int_equal(child_start(&child, dies, NULL), 1);
    child_end(&child);
}

static void ctrl_c_is_not_its_business(void **state)
{
    struct child child;
    pid_t group = getpgrp();

    (void)state;
    assert_int_equal(child_start(&child, tells_its_group, &group), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_lives_until_it_is_ended),
        cmocka_unit_test(one_that_ends_before_says_why),
        cmocka_unit_test(ctrl_c_is_not_its_business),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
