/* A radio that has fallen silent is recovered; a quiet house is left in peace. */
#include "house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SECOND 1000u
#define MINUTE (60 * SECOND)
#define TICK   SECOND /* how often the gateway looks */

static void hear(void)
{
    static const uint8_t data[] = { 2, 1, 6 };
    const struct advert advert = { .rssi = -70, .len = sizeof(data), .data = data };

    assert_true(sim_radio_hear(&sim->radio, &advert));
}

static unsigned recoveries(void)
{
    return sim->radio.recoveries;
}

static void nobody_ever_heard_is_silence_too(void **state)
{
    (void)state;
    sim_advance(sim, MINUTE - TICK);
    assert_int_equal(recoveries(), 0);
    sim_advance(sim, 2 * TICK);
    assert_int_equal(recoveries(), 1);
}

/* Three stages, a limit apart from each other; then ever more seldom, an hour at most. */
static void each_stage_gets_the_time_to_help(void **state)
{
    static const struct {
        unsigned minutes, recoveries;
    } rows[] = { { 1, 1 }, { 1, 2 }, { 1, 3 }, { 2, 4 }, { 2, 5 }, { 2, 6 }, { 4, 7 } };

    (void)state;
    hear();
    sim_advance(sim, TICK); /* it is seen to have been heard */
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        sim_advance(sim, rows[i].minutes * MINUTE - TICK);
        assert_int_equal(recoveries(), rows[i].recoveries - 1);
        sim_advance(sim, TICK);
        assert_int_equal(recoveries(), rows[i].recoveries);
    }
    for (int i = 0; i < 20; i++)
        sim_advance(sim, 60 * MINUTE);
    assert_in_range(recoveries(), 24, 36);
}

/* 10 times the longest silence that was normal here. */
static void a_quiet_house_is_left_in_peace(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        hear();
        sim_advance(sim, 30 * SECOND);
    }
    hear();
    sim_advance(sim, 300 * SECOND - TICK);
    assert_int_equal(recoveries(), 0);
    sim_advance(sim, 2 * TICK);
    assert_int_equal(recoveries(), 1);
}

/* The silence that the watchdog ended does not make it more patient. */
static void what_was_an_outage_is_not_normal(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 5; i++) {
        hear();
        sim_advance(sim, MINUTE + TICK);
        assert_int_equal(recoveries(), i);
    }
}

static void a_radio_that_waits_is_not_recovered(void **state)
{
    (void)state;
    hear();
    sim_advance(sim, TICK);
    sim_radio_say(&sim->radio, PORT_RADIO_WAITING, "It was unplugged.", "");
    sim_advance(sim, 30 * MINUTE);
    assert_int_equal(recoveries(), 0);
    sim_radio_say(&sim->radio, PORT_RADIO_LISTENING, "", "");
    hear(); /* half an hour of deafness tells nothing about the neighbours */
    sim_advance(sim, MINUTE - TICK);
    assert_int_equal(recoveries(), 0);
    sim_advance(sim, 2 * TICK);
    assert_int_equal(recoveries(), 1);
}

/* Whom a script has blocked is a sign of life all the same. */
static void those_kept_out_count_as_heard(void **state)
{
    const struct port_radio_lists lists = { .n_block = 1 };

    (void)state;
    gateway_set_lists(gw, &lists);
    for (int i = 0; i < 30; i++) {
        hear();
        sim_advance(sim, 10 * SECOND);
    }
    assert_int_equal(sim->radio.kept_out, 30);
    assert_int_equal(recoveries(), 0);
}

/* ---- what can be seen and set ---- */

static void figures_are_shown(void **state)
{
    (void)state;
    hear();
    sim_advance(sim, 2 * MINUTE + TICK); /* the second time at this moment */
    assert_string_equal(
        type("MI32Radio"),
        "{\"MI32Radio\":[{\"Name\":\"sim\",\"Route\":\"sim\",\"State\":\"listening\","
        "\"Received\":1,\"Adverts\":1,\"Malformed\":0,\"KeptOut\":0,\"Lost\":0,\"Restarts\":2,"
        "\"PowerCycles\":0,\"Reopens\":0,\"Duty\":100.0,\"Silence\":0,\"SilenceMax\":60}],"
        "\"Outcomes\":{\"ignore\":1}}");
}

static void the_radio_is_told_how_to_listen(void **state)
{
    const struct port_radio_lists lists = { .n_watch = 1, .watch = { { { 1, 2, 3, 4, 5, 6 } } } };

    (void)state;
    assert_false(sim->radio.is_active);
    assert_false(sim->radio.tuning.is_full_duty);
    type("MI32FullDuty 1");
    assert_true(sim->radio.tuning.is_full_duty);
    gateway_set_lists(gw, &lists);
    assert_true(sim->radio.tuning.is_full_duty);
    type("MI32FullDuty 0");
    assert_int_equal(sim->radio.tuning.lists.n_watch, 1);
    type("MI32Option4 1");
    assert_true(sim->radio.is_active);
    assert_int_equal(sim->radio.tuning.lists.n_watch, 1);
}

static void a_stored_setting_is_told_at_the_start(void **state)
{
    (void)state;
    type("MI32FullDuty 1");
    house_stop();
    sim->radio.tuning = (struct port_radio_tuning){ 0 };
    house_start();
    assert_true(sim->radio.tuning.is_full_duty);
}

#define WATCHED(test) cmocka_unit_test_setup_teardown(test, house_setup, house_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WATCHED(nobody_ever_heard_is_silence_too),
        WATCHED(each_stage_gets_the_time_to_help),
        WATCHED(a_quiet_house_is_left_in_peace),
        WATCHED(what_was_an_outage_is_not_normal),
        WATCHED(a_radio_that_waits_is_not_recovered),
        WATCHED(those_kept_out_count_as_heard),
        WATCHED(figures_are_shown),
        WATCHED(the_radio_is_told_how_to_listen),
        WATCHED(a_stored_setting_is_told_at_the_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
