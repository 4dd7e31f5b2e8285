/*
 * Relays as a Tasmota user has them: Relay wires, Power switches, RESULT and POWER tell it, rules
 * hear it, a topic is switched and heard, and PowerOnState decides after a loss of power.
 */
#include "house.h"

#include "relay/relay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BUSY                                                                                       \
    "another program or a driver has the GPIO line: 'gpioinfo' says who; free it or choose "       \
    "another line"

/* ---- commands ---- */

static void one_relay_has_no_number(void **state)
{
    (void)state;
    EXPECT("Power", ERROR("POWER", "there is no relay 1; Relay1 wires it"));
    EXPECT("Power0 1", ERROR("POWER0", "there is no relay; Relay1 wires one"));
    EXPECT("Relay1 virtual", "{\"Relay1\":\"virtual\"}");
    EXPECT("Power", "{\"POWER\":\"OFF\"}");
    EXPECT("Power1 on", "{\"POWER\":\"ON\"}");
    EXPECT("Power TOGGLE", "{\"POWER\":\"OFF\"}");
    EXPECT("SetOption26 1", "{\"SetOption26\":\"ON\"}");
    EXPECT("Power 1", "{\"POWER1\":\"ON\"}");
    EXPECT("Power2", ERROR("POWER2", "there is no relay 2; Relay2 wires it"));
    EXPECT("Power5", ERROR("POWER5", "usage: Power<0-4> [<state 0-4>]"));
    EXPECT("Power 5", ERROR("POWER", "state must be 0 to 4; Power alone is Power1, and other "
                                     "numbers follow it without a blank: Power<0-4>"));
}

static void several_are_switched_together(void **state)
{
    (void)state;
    type("Backlog0 Relay1 virtual; Relay2 gpio:gpiochip0:5");
    EXPECT("Power0 1", "{\"POWER1\":\"ON\",\"POWER2\":\"ON\"}");
    EXPECT("Power2 off", "{\"POWER2\":\"OFF\"}");
    EXPECT("Power0", "{\"POWER1\":\"ON\",\"POWER2\":\"OFF\"}");
    EXPECT("Power0 2", "{\"POWER1\":\"OFF\",\"POWER2\":\"ON\"}");
    assert_true(sim->gpio.lines[5].level);
}

static void wiring_is_judged(void **state)
{
    (void)state;
    EXPECT("Relay1", "{\"Relay1\":\"none\"}");
    EXPECT("Relay1 gpio:gpiochip0:5:inverted", "{\"Relay1\":\"gpio:gpiochip0:5:inverted\"}");
    EXPECT("Relay2 gpio:gpiochip0:5", ERROR("RELAY2", BUSY));
    EXPECT("Relay2", "{\"Relay2\":\"none\"}");
    EXPECT("Relay1 gpio:gpiochip0:5", "{\"Relay1\":\"gpio:gpiochip0:5\"}");
    EXPECT("Relay2 lamp", ERROR("RELAY2", "Relay2 must be gpio:CHIP:LINE[:inverted], mqtt:TOPIC, "
                                          "virtual or none"));
    EXPECT("Relay1 none", "{\"Relay1\":\"none\"}");
    assert_false(sim->gpio.lines[5].is_taken);
    type_from(BUS_CONFIG, 3, "Relay1 gpio:gpiochip0:6");
    EXPECT("Relay1 virtual", ERROR("RELAY1", "fixed in mi32.conf line 3"));
}

static void a_line_that_fails_is_told(void **state)
{
    (void)state;
    type("Relay1 gpio:gpiochip0:5");
    sim->gpio.problem = PORT_GPIO_BROKEN;
    EXPECT("Power 1", ERROR("POWER", "the GPIO chip reports an error: look at the kernel's log"));
    EXPECT("Power", "{\"POWER\":\"OFF\"}");
}

/* ---- messages ---- */

static void a_change_is_told_over_mqtt(void **state)
{
    (void)state;
    type("Relay1 virtual");
    connect_broker();
    assert_string_equal(said("stat/t/POWER"), "OFF"); /* at each connection */
    sim_broker_forget(&sim->broker);
    sim_broker_send(&sim->broker, "cmnd/t/Power", "1", false);
    assert_string_equal(sim->broker.messages[0].topic, "mi32/home/gw/t/relay1");
    assert_string_equal(sim->broker.messages[0].payload, "ON");
    assert_string_equal(sim->broker.messages[1].topic, "stat/t/RESULT");
    assert_string_equal(sim->broker.messages[1].payload, "{\"POWER\":\"ON\"}");
    assert_string_equal(sim->broker.messages[2].topic, "stat/t/POWER");
    assert_string_equal(sim->broker.messages[2].payload, "ON");
    assert_int_equal(sim->broker.count, 3);
    sim_broker_forget(&sim->broker);
    sim_broker_send(&sim->broker, "cmnd/t/POWER", "", false);
    assert_int_equal(sim_broker_count(&sim->broker, "stat/t/RESULT"), 1);
    assert_int_equal(sim_broker_count(&sim->broker, "stat/t/POWER"), 1);
    type("Power off");
    assert_string_equal(said("stat/t/RESULT"), "{\"POWER\":\"OFF\"}");
    assert_string_equal(said("stat/t/POWER"), "OFF");
    assert_int_equal(sim_broker_count(&sim->broker, "stat/t/RESULT"), 2);
}

static void power_is_retained_on_request(void **state)
{
    (void)state;
    type("Backlog0 Relay1 virtual; Relay2 virtual");
    connect_broker();
    assert_false(sim_broker_last(&sim->broker, "stat/t/POWER2")->is_retained);
    EXPECT("PowerRetain 1", "{\"PowerRetain\":\"ON\"}");
    assert_true(sim_broker_last(&sim->broker, "stat/t/POWER2")->is_retained);
    assert_string_equal(said("stat/t/POWER2"), "OFF");
    EXPECT("PowerRetain 0", "{\"PowerRetain\":\"OFF\"}");
    assert_true(sim_broker_last(&sim->broker, "stat/t/POWER2")->is_retained);
    assert_string_equal(said("stat/t/POWER2"), ""); /* the broker forgets */
}

static void state_tells_them(void **state)
{
    (void)state;
    type("Backlog0 Relay1 virtual; Relay2 virtual; Power2 1");
    assert_non_null(strstr(type("State"), "\"POWER1\":\"OFF\",\"POWER2\":\"ON\""));
    connect_broker();
    sim_broker_forget(&sim->broker);
    type("Power2 0");
    assert_int_equal(sim_broker_count(&sim->broker, "tele/t/STATE"), 0);
    EXPECT("SetOption59 1", "{\"SetOption59\":\"ON\"}");
    type("Power2 1");
    assert_int_equal(sim_broker_count(&sim->broker, "tele/t/STATE"), 1);
}

static void it_blinks(void **state)
{
    (void)state;
    type("Relay1 gpio:gpiochip0:1");
    EXPECT("Power blink", "{\"POWER\":\"Blink ON\"}");
    assert_true(sim->gpio.lines[1].level);
    sim_advance(sim, 1000);
    assert_false(sim->gpio.lines[1].level);
    EXPECT("Power 4", "{\"POWER\":\"Blink OFF\"}");
    sim_advance(sim, 60000);
    assert_false(sim->gpio.lines[1].level);
}

/* What it was before is what is on the disk, should the power go meanwhile. */
static void blinking_is_not_kept(void **state)
{
    (void)state;
    type("Backlog0 Relay1 gpio:gpiochip0:2; Power 0; Power 3");
    assert_true(sim->gpio.lines[2].level);
    house_lose_power();
    assert_false(sim->gpio.lines[2].level);
}

static void rules_hear_it_once(void **state)
{
    (void)state;
    type("Backlog0 Relay1 virtual; Relay2 virtual; Var1 0; Rule1 1");
    type("Rule1 ON Power1#State DO Backlog0 Add1 1; Power2 %value% ENDON");
    type("Power1 1");
    sim_advance(sim, 1);
    EXPECT("Var1", "{\"Var1\":\"1\"}");
    EXPECT("Power2", "{\"POWER2\":\"ON\"}");
    connect_broker();
    sim_broker_send(&sim->broker, "cmnd/t/Power1", "off", false);
    sim_advance(sim, 1);
    EXPECT("Var1", "{\"Var1\":\"2\"}");
    EXPECT("Power2", "{\"POWER2\":\"OFF\"}");
}

/* ---- topics ---- */

static void a_tasmota_plug_is_switched_and_heard(void **state)
{
    (void)state;
    type("Relay1 mqtt:cmnd/plug/POWER");
    connect_broker();
    type("Power 1");
    assert_string_equal(said("cmnd/plug/POWER"), "ON");
    assert_int_equal(sim_broker_count(&sim->broker, "cmnd/plug/POWER"), 1);
    assert_true(sim_broker_send(&sim->broker, "stat/plug/POWER", "OFF", false));
    EXPECT("Power", "{\"POWER\":\"OFF\"}");
    assert_string_equal(said("stat/t/POWER"), "OFF");
    assert_int_equal(sim_broker_count(&sim->broker, "cmnd/plug/POWER"), 1); /* not sent back */
    sim_broker_send(&sim->broker, "stat/plug/POWER", "nonsense", false);
    EXPECT("Power", "{\"POWER\":\"OFF\"}");
    type("Power 1"); /* what was heard does not make it deaf */
    assert_int_equal(sim_broker_count(&sim->broker, "cmnd/plug/POWER"), 2);
    type("Relay2 mqtt:lamp");
    assert_true(sim_broker_send(&sim->broker, "lamp", "true", false));
    EXPECT("Power2", "{\"POWER2\":\"ON\"}");
}

/* Command and state would run after each other for ever. */
static void a_topic_of_our_own_is_refused(void **state)
{
    static const char *const topics[] = { "cmnd/t/POWER", "stat/t/POWER", "cmnd/tasmotas/POWER",
                                          "cmnd/DVES_000000_fb/POWER" };
    char line[48], reply[160];

    (void)state;
    connect_broker();
    type("Relay1 mqtt:cmnd/tt/POWER");
    for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
        snprintf(line, sizeof(line), "Relay1 mqtt:%s", topics[i]);
        snprintf(reply, sizeof(reply),
                 ERROR("RELAY1", "%s is a topic of this gateway itself: name that of another "
                                 "device"),
                 topics[i]);
        EXPECT(line, reply);
        EXPECT("Relay1", "{\"Relay1\":\"mqtt:cmnd/tt/POWER\"}");
    }
}

static void a_topic_that_becomes_our_own_is_not_used(void **state)
{
    (void)state;
    type("Backlog0 Topic u; GroupTopic1 others; Relay1 mqtt:cmnd/t/POWER1; "
         "Relay2 mqtt:stat/t/POWER2; Relay3 mqtt:cmnd/tasmotas/POWER3; GroupTopic1 tasmotas");
    connect_broker();
    sim_broker_forget(&sim->broker);
    EXPECT("Power0 1", "{\"POWER1\":\"ON\",\"POWER2\":\"ON\",\"POWER3\":\"ON\"}");
    assert_int_equal(sim_broker_count(&sim->broker, "stat/t/POWER2"), 1); /* as for all relays */
    assert_int_equal(sim_broker_count(&sim->broker, "cmnd/t/POWER1"), 0);
    assert_int_equal(sim_broker_count(&sim->broker, "cmnd/tasmotas/POWER3"), 0);
    assert_false(sim_broker_send(&sim->broker, "stat/t/POWER2", "OFF", false));
    EXPECT("Power2", "{\"POWER2\":\"ON\"}");
}

/* The file may name another Topic further down. */
static void the_configuration_file_may_name_any_topic(void **state)
{
    (void)state;
    connect_broker();
    assert_string_equal(type_from(BUS_CONFIG, 1, "Relay1 mqtt:cmnd/t/POWER"),
                        "{\"Relay1\":\"mqtt:cmnd/t/POWER\"}");
    type("Power 1");
    assert_int_equal(sim_broker_count(&sim->broker, "cmnd/t/POWER"), 0);
}

static void all_four_may_be_topics(void **state)
{
    char line[32], topic[8];

    (void)state;
    for (unsigned i = 1; i <= RELAY_MAX; i++) {
        snprintf(line, sizeof(line), "Relay%u mqtt:lamp%u", i, i);
        type(line);
    }
    connect_broker();
    for (unsigned i = 1; i <= RELAY_MAX; i++) {
        snprintf(topic, sizeof(topic), "lamp%u", i);
        assert_true(sim_broker_send(&sim->broker, topic, "ON", false));
    }
    EXPECT("Power0", "{\"POWER1\":\"ON\",\"POWER2\":\"ON\",\"POWER3\":\"ON\",\"POWER4\":\"ON\"}");
}

/* Two quick changes come back to a shared topic when the second is made already. */
static void its_own_echo_is_none_of_anybody(void **state)
{
    (void)state;
    type("Relay1 mqtt:lamp");
    connect_broker();
    type("Power 1");
    type("Power 0");
    sim_broker_send(&sim->broker, "lamp", "ON", false);
    EXPECT("Power", "{\"POWER\":\"OFF\"}");
    sim_broker_send(&sim->broker, "lamp", "OFF", false);
    EXPECT("Power", "{\"POWER\":\"OFF\"}");
    sim_broker_send(&sim->broker, "lamp", "ON", false);
    EXPECT("Power", "{\"POWER\":\"ON\"}");
    type("Power 0");
    sim_advance(sim, 6000); /* that echo was lost */
    sim_broker_send(&sim->broker, "lamp", "ON", false);
    EXPECT("Power", "{\"POWER\":\"ON\"}");
}

static void without_a_broker_a_topic_hears_nothing(void **state)
{
    (void)state;
    type("Relay1 mqtt:lamp");
    EXPECT("Power 1", "{\"POWER\":\"ON\"}");
    connect_broker();
    assert_int_equal(sim_broker_count(&sim->broker, "lamp"), 0); /* never an hour later */
}

/* ---- power-on state ---- */

static void after_a_loss_of_power(const char *setting, bool was_on, bool is_on)
{
    type(setting);
    type(was_on ? "Power 1" : "Power 0");
    house_lose_power();
    assert_int_equal(sim->gpio.lines[2].level, is_on);
    EXPECT("Power", is_on ? "{\"POWER\":\"ON\"}" : "{\"POWER\":\"OFF\"}");
}

static void power_on_state_decides(void **state)
{
    (void)state;
    type("Relay1 gpio:gpiochip0:2");
    after_a_loss_of_power("PowerOnState 3", true, true);
    after_a_loss_of_power("PowerOnState 3", false, false);
    after_a_loss_of_power("PowerOnState 0", true, false);
    after_a_loss_of_power("PowerOnState 1", false, true);
    after_a_loss_of_power("PowerOnState 2", true, false);
    after_a_loss_of_power("PowerOnState 2", false, true);
    EXPECT("PowerOnState 4", ERROR("POWERONSTATE", "state must be 0 to 3"));
}

#define GATEWAY(test) cmocka_unit_test_setup_teardown(test, house_setup, house_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATEWAY(one_relay_has_no_number),
        GATEWAY(several_are_switched_together),
        GATEWAY(wiring_is_judged),
        GATEWAY(a_line_that_fails_is_told),
        GATEWAY(a_change_is_told_over_mqtt),
        GATEWAY(power_is_retained_on_request),
        GATEWAY(state_tells_them),
        GATEWAY(it_blinks),
        GATEWAY(blinking_is_not_kept),
        GATEWAY(rules_hear_it_once),
        GATEWAY(a_tasmota_plug_is_switched_and_heard),
        GATEWAY(a_topic_of_our_own_is_refused),
        GATEWAY(a_topic_that_becomes_our_own_is_not_used),
        GATEWAY(the_configuration_file_may_name_any_topic),
        GATEWAY(all_four_may_be_topics),
        GATEWAY(its_own_echo_is_none_of_anybody),
        GATEWAY(without_a_broker_a_topic_hears_nothing),
        GATEWAY(power_on_state_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
