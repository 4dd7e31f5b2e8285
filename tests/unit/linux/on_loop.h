/* on_loop.h: tests on a real loop wait for a condition, never for a time. */
#ifndef MI32_TESTS_LINUX_ON_LOOP_H
#define MI32_TESTS_LINUX_ON_LOOP_H

#include "linux/loop.h"

#include <stdint.h>

/* The loop of the running test; group setup and teardown of cmocka. */
extern struct loop *test_loop;
int on_loop_setup(void **state);
int on_loop_teardown(void **state);

/* Runs the loop until *condition is true. Fails the test after a time that is only ever used up
 * when something hangs. */
void on_loop_until(const bool *condition);
void on_loop_until_within(const bool *condition, uint64_t patience_ms); /* for much work */

/* Runs the loop until everything that is due or ready now has been called. */
void on_loop_turn(void);

#endif
