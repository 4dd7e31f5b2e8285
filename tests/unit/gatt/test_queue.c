/* Several clients and one adapter, which has to listen for adverts, too. */
#include "house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uint64_t now(void)
{
    return sim->clock.now_ms;
}

static void one_after_the_other(void **state)
{
    struct gatt_job anns = job_of(&ann, GATT_READ, 0xfff1, true);
    struct gatt_job bobs = job_of(&bob, GATT_READ, 0xfff1, true);

    (void)state;
    mac_parse(CLOCK, strlen(CLOCK), &bobs.addr);
    gatt_run(&gatt, &anns);
    gatt_run(&gatt, &bobs);
    gatt_run(&gatt, &bobs); /* they wait already */
    gatt_run(&gatt, &anns);
    sim_advance(sim, 10);
    gatt_run(&gatt, &anns); /* and this is under way */
    sim_advance(sim, 1000);
    assert_string_equal(heard(&ann), "1:0=hello");
    assert_string_equal(heard(&bob), "1:0=tick");
    assert_string_equal(changes, "+000001 -000001 +000002 -000002");
    assert_int_equal(sim->gatt.attempts, 2);
}

static void further_jobs_use_the_same_connection(void **state)
{
    struct gatt_job first = job_of(&ann, GATT_READ, 0xfff1, false);
    struct gatt_job second = job_of(&ann, GATT_SUBSCRIBE, 0xfff3, false);
    struct gatt_job third = job_of(&ann, GATT_READ, 0xfff1, true);

    (void)state;
    gatt_run(&gatt, &first);
    gatt_run(&gatt, &second);
    gatt_run(&gatt, &third);
    sim_advance(sim, 1000);
    assert_string_equal(heard(&ann), "1:0=hello 3:0 1:0=hello");
    assert_string_equal(changes, "+000001 -000001");
}

static void another_device_needs_another_connection(void **state)
{
    struct gatt_job first = job_of(&ann, GATT_READ, 0xfff1, false);
    struct gatt_job second = job_of(&ann, GATT_READ, 0xfff1, false);

    (void)state;
    mac_parse(CLOCK, strlen(CLOCK), &second.addr);
    run(&first);
    assert_string_equal(run(&second), "5:2 1:0=tick");
    assert_string_equal(changes, "+000001 -000001 +000002");
}

static void the_same_address_of_another_type_is_another_device(void **state)
{
    struct gatt_job public = job_of(&ann, GATT_READ, 0xfff1, false);
    struct gatt_job random = job_of(&ann, GATT_READ, 0xfff1, false);

    (void)state;
    random.addr_type = 1;
    run(&public);
    assert_string_equal(run(&random), "5:2 1:1");
    assert_int_equal(sim->gatt.attempts, 2);
}

/* ---- turns ---- */

static void who_holds_a_connection_makes_room_in_time(void **state)
{
    struct gatt_job anns = job_of(&ann, GATT_SUBSCRIBE, 0xfff3, false);
    struct gatt_job bobs = job_of(&bob, GATT_READ, 0xfff1, true);

    (void)state;
    mac_parse(CLOCK, strlen(CLOCK), &bobs.addr);
    run(&anns);
    gatt_run(&gatt, &bobs);
    sim_advance(sim, GATT_TURN_MS - 1000);
    assert_string_equal(heard(&bob), "");
    assert_string_equal(heard(&ann), "");
    sim_advance(sim, 2000);
    assert_string_equal(heard(&ann), "5:2");
    assert_string_equal(heard(&bob), "1:0=tick");
}

/* Hands in the next job at the end of each, and so would never let anybody else in. */
static struct gatt_job greedy;

static void again(struct teller *teller, const struct gatt_event *event)
{
    (void)teller;
    teller->told[0] = '\0';
    if (event->op == GATT_READ)
        gatt_run(&gatt, &greedy);
}

static void many_jobs_do_not_keep_others_out(void **state)
{
    struct gatt_job bobs = job_of(&bob, GATT_READ, 0xfff1, true);

    (void)state;
    greedy = job_of(&ann, GATT_READ, 0xfff1, false);
    ann.then = again;
    lamp_device->slow_ms = 5;
    gatt_run(&gatt, &greedy);
    sim_advance(sim, 1000);
    gatt_run(&gatt, &bobs);
    sim_advance(sim, GATT_TURN_MS + 1000);
    assert_string_equal(heard(&bob), "1:0=hello");
    ann.then = NULL;
}

static void who_holds_a_connection_alone_keeps_it(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_SUBSCRIBE, 0xfff3, false);

    (void)state;
    run(&job);
    sim_advance(sim, 24u * 3600 * 1000);
    assert_true(sim_peer_notify(&lamp, fff3, "x", 1));
    assert_string_equal(heard(&ann), "103:0=x");
}

/* ---- rests ---- */

static void scanning_gets_as_long_as_connecting_took(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff1, true);

    (void)state;
    lamp_device->reach = SIM_GATT_FAR;
    assert_string_equal(run(&job), "1:1");
    lamp_device->reach = SIM_GATT_NEAR;
    gatt_run(&gatt, &job);
    sim_advance(sim, GATT_CONNECT_MS - 10);
    assert_int_equal(sim->gatt.attempts, 1);
    sim_advance(sim, 20);
    assert_int_equal(sim->gatt.attempts, 2);
    sim_advance(sim, 1000);
    assert_string_equal(heard(&ann), "1:0=hello");
}

static void a_slow_connection_that_came_about_costs_as_much(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff1, true);
    uint64_t end;

    (void)state;
    lamp_device->delay_ms = 5000;
    run(&job);
    end = now();
    gatt_run(&gatt, &job);
    sim_advance(sim, 4900);
    assert_int_equal(sim->gatt.attempts, 1);
    sim_advance(sim, 200);
    assert_int_equal(sim->gatt.attempts, 2);
    assert_true(now() - end < 6000);
}

static void a_rest_is_never_shorter_than_the_shortest(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff1, true);
    const uint64_t start = now();

    (void)state;
    lamp_device->delay_ms = 0;
    run(&job);
    assert_string_equal(run(&job), "1:0=hello");
    assert_true(now() - start >= GATT_REST_MIN);
}

/* ---- time ---- */

/* Answers, but so slowly that the whole takes for ever. */
static void a_job_has_an_end(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff9, false);
    const uint64_t start = now();

    (void)state;
    for (int i = 0; i < 12; i++) {
        sim_peer_service(&lamp, uuid_from_16(0xfff0)); /* each has to be looked into */
        sim_peer_characteristic(&lamp, uuid_from_16(0x3000), PORT_GATT_CAN_READ, "", 0);
    }
    lamp_device->slow_ms = 2000; /* each way */
    assert_string_equal(run(&job), "1:3");
    assert_int_equal(ann.last.reason, PORT_GATT_TIMEOUT);
    assert_in_range(now() - start, GATT_JOB_MS, GATT_CONNECT_MS + GATT_JOB_MS);
}

/* ---- cancelling ---- */

static void a_cancelled_client_hears_nothing(void **state)
{
    static const uint32_t moments[] = { 0, 50, 101, 103, 105, 107, 110, 2000 };

    (void)state;
    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        struct gatt_job anns = job_of(&ann, GATT_SUBSCRIBE, 0xfff3, true);
        struct gatt_job more = job_of(&ann, GATT_READ, 0xfff1, false);
        struct gatt_job bobs = job_of(&bob, GATT_READ, 0xfff1, true);

        gatt_run(&gatt, &anns);
        gatt_run(&gatt, &more);
        sim_advance(sim, moments[i]);
        gatt_cancel(&gatt, &ann.client);
        assert_false(gatt_is_busy(&gatt, &ann.client));
        assert_string_equal(run(&bobs), "1:0=hello");
        assert_string_equal(heard(&ann), "");
        sim_advance(sim, 20000);
    }
}

static void leave(struct teller *teller, const struct gatt_event *event)
{
    (void)event;
    gatt_cancel(&gatt, &teller->client);
}

static void cancelling_from_inside_is_allowed(void **state)
{
    struct gatt_job once = job_of(&ann, GATT_SUBSCRIBE, 0xfff3, true);
    struct gatt_job held = job_of(&ann, GATT_READ, 0xfff1, false);

    (void)state;
    ann.then = leave;
    assert_string_equal(run(&held), "1:0=hello");
    sim_advance(sim, 1000);
    assert_string_equal(changes, "+000001 -000001");
    gatt_run(&gatt, &once);
    sim_advance(sim, 1000);
    sim_peer_notify(&lamp, fff3, "v", 1);
    assert_string_equal(heard(&ann), "103:0=v"); /* and not the end of a job that was cancelled */
    sim_advance(sim, 1000);
    assert_string_equal(changes, "+000001 -000001 +000001 -000001");
}

/* ---- cancelling while a connection comes or goes ---- */

static bool at_which; /* cancels at a connection that has come, or has gone */

static void cancel_then(bool is_connected)
{
    if (is_connected != at_which)
        return;
    gatt_cancel(&gatt, &ann.client);
    ann.client = (struct gatt_client){ NULL, NULL }; /* its memory is free */
}

static void see_that_others_go_on(void)
{
    struct gatt_job bobs = job_of(&bob, GATT_READ, 0xfff1, true);

    sim_advance(sim, 20000);
    assert_string_equal(heard(&ann), "");
    assert_string_equal(run(&bobs), "1:0=hello");
}

static void cancelling_as_the_connection_comes(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff1, false);

    (void)state;
    at_which = true;
    changed = cancel_then;
    gatt_run(&gatt, &job);
    see_that_others_go_on();
    assert_string_equal(changes, "+000001 -000001 +000001 -000001");
}

static void cancelling_as_the_connection_goes(void **state)
{
    struct gatt_job held = job_of(&ann, GATT_READ, 0xfff1, false);

    (void)state;
    at_which = false;
    changed = cancel_then;
    assert_string_equal(run(&held), "1:0=hello");
    sim_gatt_drop(&sim->gatt);
    see_that_others_go_on();
}

static void cancelling_as_the_connection_of_a_job_goes(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_SUBSCRIBE, 0xfff3, true);

    (void)state;
    at_which = false;
    changed = cancel_then;
    gatt_run(&gatt, &job);
    sim_advance(sim, 3000); /* it waits for a value */
    sim_gatt_drop(&sim->gatt);
    see_that_others_go_on();
}

static void cancelling_as_the_connection_breaks_off(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff1, false);

    (void)state;
    run(&job);
    at_which = false;
    changed = cancel_then;
    lamp.drops = true; /* in the middle of an operation */
    gatt_run(&gatt, &job);
    sim_advance(sim, 1000);
    lamp.drops = false;
    see_that_others_go_on();
}

static void what_was_cancelled_is_forgotten(void **state)
{
    struct gatt_job anns = job_of(&ann, GATT_SUBSCRIBE, 0xfff3, true);
    struct gatt_job bobs = job_of(&bob, GATT_READ, 0xfff1, true);

    (void)state;
    gatt_run(&gatt, &anns);
    sim_advance(sim, 3000);
    gatt_cancel(&gatt, &ann.client);
    lamp_device->reach = SIM_GATT_FAR;
    assert_string_equal(run(&bobs), "1:1");
    assert_int_equal(bob.last.handle, 0);
}

static void closing_ends_all(void **state)
{
    struct gatt_job anns = job_of(&ann, GATT_READ, 0xfff1, false);
    struct gatt_job bobs = job_of(&bob, GATT_READ, 0xfff1, false);

    (void)state;
    run(&anns);
    gatt_run(&gatt, &bobs);
    gatt_close(&gatt);
    sim_advance(sim, 1000);
    assert_string_equal(heard(&ann), "");
    assert_string_equal(heard(&bob), "");
    assert_string_equal(changes, "+000001");

    struct gatt next; /* finds the adapter free */
    gatt_init(&next, &(struct gatt_setup){ sim_port(sim)->gatt, sim_port(sim)->clock, NULL, NULL });
    gatt_run(&next, &anns);
    sim_advance(sim, 1000);
    assert_string_equal(heard(&ann), "1:0=hello");
    gatt_close(&next);
    sim_advance(sim, 1); /* to the end of its connection, and of the need for its memory */
}

/* Also what somebody asks for afterwards, in the shutdown of his own. */
static void after_closing_nothing_begins(void **state)
{
    struct gatt_job bobs = job_of(&bob, GATT_READ, 0xfff1, false);

    (void)state;
    gatt_close(&gatt);
    gatt_run(&gatt, &bobs);
    sim_advance(sim, 30000);
    assert_int_equal(sim->gatt.attempts, 0);
    assert_string_equal(heard(&bob), "");
    gatt_cancel(&gatt, &bob.client);
}

/* The end of the connection that it closes is told later; the memory may go after that. */
static void closed_it_leaves_no_timer(void **state)
{
    struct gatt_job anns = job_of(&ann, GATT_READ, 0xfff1, false);

    (void)state;
    run(&anns);
    gatt_close(&gatt);
    sim_advance(sim, 0);
    assert_int_equal(gatt.state, GATT_IDLE);
    assert_false(gatt.turn.is_pending);
    assert_false(gatt.limit.is_pending);
}

/* ---- loans ---- */

static const struct port_gatt *lent;

static void on_granted(void *user, const struct port_gatt *port)
{
    (void)user;
    lent = port;
}

static void a_loan_comes_before_jobs_that_wait(void **state)
{
    const struct gatt_loan loan = { .granted = on_granted };
    struct gatt_job first = job_of(&ann, GATT_READ, 0xfff1, false);
    struct gatt_job second = job_of(&bob, GATT_READ, 0xfff1, true);

    (void)state;
    lent = NULL;
    assert_string_equal(run(&first), "1:0=hello");
    gatt_run(&gatt, &second);
    gatt_borrow(&gatt, &loan);
    assert_null(lent);
    sim_advance(sim, 100000);
    assert_ptr_equal(lent, &sim->gatt.bearer.port);
    assert_string_equal(heard(&ann), "5:2"); /* its connection made room */
    assert_string_equal(heard(&bob), "");
    assert_int_equal(sim->gatt.attempts, 1);
    gatt_return(&gatt, &loan);
    sim_advance(sim, 20000);
    assert_string_equal(heard(&bob), "1:0=hello");
}

static void a_loan_waits_for_the_job_that_runs(void **state)
{
    const struct gatt_loan loan = { .granted = on_granted };
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff1, true);

    (void)state;
    lent = NULL;
    gatt_run(&gatt, &job);
    sim_advance(sim, 10); /* it connects */
    gatt_borrow(&gatt, &loan);
    sim_advance(sim, 1000);
    assert_string_equal(heard(&ann), "1:0=hello");
    assert_non_null(lent);
    gatt_return(&gatt, &loan);
}

static void a_loan_may_be_given_up_before_it_is_granted(void **state)
{
    const struct gatt_loan loan = { .granted = on_granted }, other = { .granted = on_granted };
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff1, true);

    (void)state;
    lent = NULL;
    gatt_borrow(&gatt, &loan);
    gatt_return(&gatt, &other); /* not its own */
    gatt_return(&gatt, &loan);
    gatt_return(&gatt, &loan);
    assert_string_equal(run(&job), "1:0=hello");
    assert_null(lent);
}

static void a_question_that_is_taken_back_disturbs_nobody(void **state)
{
    const struct gatt_loan loan = { .granted = on_granted };
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff1, false);

    (void)state;
    run(&job);
    gatt_borrow(&gatt, &loan);
    gatt_return(&gatt, &loan);
    assert_string_equal(run(&job), "1:0=hello");
    assert_string_equal(changes, "+000001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_after_the_other, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(further_jobs_use_the_same_connection, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(another_device_needs_another_connection, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(the_same_address_of_another_type_is_another_device,
                                        house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(who_holds_a_connection_makes_room_in_time, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(many_jobs_do_not_keep_others_out, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(who_holds_a_connection_alone_keeps_it, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(scanning_gets_as_long_as_connecting_took, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(a_slow_connection_that_came_about_costs_as_much,
                                        house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(a_rest_is_never_shorter_than_the_shortest, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(a_job_has_an_end, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(a_cancelled_client_hears_nothing, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(cancelling_from_inside_is_allowed, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(cancelling_as_the_connection_comes, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(cancelling_as_the_connection_goes, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(cancelling_as_the_connection_of_a_job_goes, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(cancelling_as_the_connection_breaks_off, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(what_was_cancelled_is_forgotten, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(closing_ends_all, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(after_closing_nothing_begins, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(closed_it_leaves_no_timer, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(a_loan_comes_before_jobs_that_wait, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(a_loan_waits_for_the_job_that_runs, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(a_loan_may_be_given_up_before_it_is_granted, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(a_question_that_is_taken_back_disturbs_nobody, house_setup,
                                        house_teardown),
    };

    return cmocka_run_group_tests_name("gatt_queue", tests, NULL, NULL);
}
