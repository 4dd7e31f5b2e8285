/* The relays on a chip whose lines the test looks at, and a clock that it moves. */
#include "relay/relay.h"
#include "sim/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct sim *sim;
static struct relays *relays;
static char changes[256]; /* "1+" for on, "1-" for off */

static void on_change(void *user, unsigned number)
{
    (void)user;
    snprintf(changes + strlen(changes), sizeof(changes) - strlen(changes), "%u%c", number,
             relay_is_on(relays, number) ? '+' : '-');
}

static int open_relays(void **state)
{
    (void)state;
    sim = sim_new();
    assert_non_null(sim);
    relays = relay_create(&(struct relay_config){
        .clock = &sim->clock.port, .gpio = &sim->gpio.port, .on_change = on_change });
    assert_non_null(relays);
    changes[0] = '\0';
    return 0;
}

static int close_relays(void **state)
{
    (void)state;
    relay_destroy(relays);
    for (size_t i = 0; i < SIM_GPIO_LINES; i++)
        assert_false(sim->gpio.lines[i].is_taken);
    sim_free(sim);
    return 0;
}

static enum port_gpio_error wire(unsigned number, const char *text, bool on)
{
    struct relay_wiring wiring;

    assert_string_equal(relay_wiring_read(text, &wiring), "");
    return relay_wire(relays, number, &wiring, on);
}

static void expect_level(unsigned line, bool level)
{
    assert_true(sim->gpio.lines[line].is_taken);
    assert_int_equal(sim->gpio.lines[line].level, level);
}

static void a_line_follows_its_relay(void **state)
{
    (void)state;
    assert_int_equal(wire(1, "gpio:gpiochip0:3", false), PORT_GPIO_OK);
    assert_int_equal(wire(2, "gpio:gpiochip0:5:inverted", true), PORT_GPIO_OK);
    expect_level(3, false);
    expect_level(5, false);
    assert_string_equal(changes, "");
    assert_int_equal(relay_set(relays, 1, true), PORT_GPIO_OK);
    assert_int_equal(relay_set(relays, 2, false), PORT_GPIO_OK);
    expect_level(3, true);
    expect_level(5, true);
    assert_string_equal(changes, "1+2-");
    relay_set(relays, 1, true);
    assert_string_equal(changes, "1+2-");
}

/* A chip at the USB was pulled out and put in again: our hold of its line is of no use any more. */
static void a_line_that_fails_is_taken_anew(void **state)
{
    (void)state;
    assert_int_equal(wire(1, "gpio:gpiochip0:3", false), PORT_GPIO_OK);
    sim->gpio.problem = PORT_GPIO_NO_CHIP;
    assert_int_equal(relay_set(relays, 1, true), PORT_GPIO_NO_CHIP);
    assert_false(sim->gpio.lines[3].is_taken);
    assert_false(relay_is_on(relays, 1));
    sim->gpio.problem = PORT_GPIO_OK;
    assert_int_equal(relay_set(relays, 1, true), PORT_GPIO_OK);
    expect_level(3, true);
    assert_string_equal(changes, "1+");
}

static void it_begins_without_a_click(void **state)
{
    (void)state;
    wire(1, "gpio:gpiochip0:3:inverted", false);
    assert_int_equal(sim->gpio.changes, 1);
    expect_level(3, true);
}

static void rewiring_lets_the_line_go(void **state)
{
    (void)state;
    wire(1, "gpio:gpiochip0:3", true);
    assert_int_equal(wire(2, "gpio:gpiochip0:3", false), PORT_GPIO_BUSY);
    assert_int_equal(wire(1, "virtual", false), PORT_GPIO_OK);
    assert_false(sim->gpio.lines[3].is_taken);
    assert_false(relay_is_on(relays, 1));
    assert_int_equal(relay_set(relays, 2, true), PORT_GPIO_OK); /* and it is free for the other */
    expect_level(3, true);
}

static void what_fails_changes_nothing(void **state)
{
    (void)state;
    assert_int_equal(wire(1, "gpio:gpiochip7:3", false), PORT_GPIO_NO_CHIP);
    assert_int_equal(relay_problem(relays, 1), PORT_GPIO_NO_CHIP);
    assert_int_equal(wire(1, "gpio:gpiochip0:99", false), PORT_GPIO_NO_LINE);
    assert_int_equal(wire(1, "gpio:gpiochip0:3", false), PORT_GPIO_OK);
    sim->gpio.problem = PORT_GPIO_BROKEN;
    assert_int_equal(relay_set(relays, 1, true), PORT_GPIO_BROKEN);
    assert_false(relay_is_on(relays, 1));
    assert_string_equal(changes, "");
    sim->gpio.problem = PORT_GPIO_OK;
    assert_int_equal(relay_set(relays, 1, true), PORT_GPIO_OK);
    assert_int_equal(relay_problem(relays, 1), PORT_GPIO_OK);
}

static void blinking_ends_as_it_began(void **state)
{
    (void)state;
    wire(1, "gpio:gpiochip0:3", true);
    relay_blink(relays, 1);
    assert_string_equal(changes, "1-");
    assert_true(relay_is_blinking(relays, 1));
    sim_advance(sim, RELAY_BLINK_MS);
    assert_string_equal(changes, "1-1+");
    sim_advance(sim, 2ull * RELAY_BLINKS * RELAY_BLINK_MS);
    assert_int_equal(strlen(changes), 2 * 2 * RELAY_BLINKS);
    assert_false(relay_is_blinking(relays, 1));
    assert_true(relay_is_on(relays, 1));
    expect_level(3, true);
}

static void blinking_can_be_ended(void **state)
{
    (void)state;
    wire(1, "virtual", false);
    relay_blink(relays, 1);
    relay_blink_end(relays, 1);
    assert_string_equal(changes, "1+1-");
    relay_blink(relays, 1);
    sim_advance(sim, RELAY_BLINK_MS);
    relay_set(relays, 1, true);
    assert_false(relay_is_blinking(relays, 1));
    sim_advance(sim, 100000);
    assert_true(relay_is_on(relays, 1));
}

static void there_are_four_at_most(void **state)
{
    char name[RELAY_NAME_SIZE];

    (void)state;
    assert_int_equal(relay_count(relays), 0);
    assert_int_equal(relay_set(relays, 1, true), PORT_GPIO_NO_LINE);
    assert_int_equal(relay_set(relays, 0, true), PORT_GPIO_NO_LINE);
    assert_int_equal(relay_set(relays, RELAY_MAX + 1, true), PORT_GPIO_NO_LINE);
    relay_blink(relays, RELAY_MAX + 1);
    assert_false(relay_is_there(relays, RELAY_MAX + 1));
    assert_int_equal(relay_count(NULL), 0);
    wire(1, "virtual", false);
    assert_string_equal(relay_name(relays, 1, false, name), "POWER");
    assert_string_equal(relay_name(relays, 1, true, name), "POWER1");
    wire(4, "mqtt:plug", true);
    assert_int_equal(relay_count(relays), 2);
    assert_string_equal(relay_name(relays, 1, false, name), "POWER1");
    assert_true(relay_is_on(relays, 4));
}

#define RELAYS(test) cmocka_unit_test_setup_teardown(test, open_relays, close_relays)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RELAYS(a_line_follows_its_relay),  RELAYS(it_begins_without_a_click),
        RELAYS(rewiring_lets_the_line_go), RELAYS(what_fails_changes_nothing),
        RELAYS(blinking_ends_as_it_began), RELAYS(blinking_can_be_ended),
        RELAYS(there_are_four_at_most),    RELAYS(a_line_that_fails_is_taken_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
