/* Each operation and each error that a Berry program can see, numbered as Tasmota numbers them. */
#include "house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void a_value_is_read(void **state)
{
    struct gatt_job once = job_of(&ann, GATT_READ, 0xfff1, true);
    struct gatt_job again = job_of(&ann, GATT_READ, 0xfff1, false);

    (void)state;
    assert_string_equal(run(&once), "1:0=hello");
    assert_int_equal(ann.last.handle, fff1);
    assert_true(uuid_equal(ann.last.characteristic, uuid_from_16(0xfff1)));
    sim_advance(sim, 1000);
    assert_string_equal(changes, "+000001 -000001");
    assert_string_equal(heard(&ann), ""); /* that it disconnected goes without saying */
    assert_string_equal(run(&again), "1:0=hello");
    sim_advance(sim, 100000);
    assert_string_equal(changes, "+000001 -000001 +000001");
}

static void in_any_service(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff1, true);

    (void)state;
    job.in_any_service = true;
    job.service = uuid_from_16(0);
    assert_string_equal(run(&job), "1:0=hello");
}

static void a_value_is_written(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_WRITE, 0xfff2, true);

    (void)state;
    job.data = (const uint8_t *)"on";
    job.len = 2;
    job.with_response = true;
    assert_string_equal(run(&job), "2:0");
    assert_memory_equal(sim_peer_attribute(&lamp, fff2)->value, "on", 2);
}

/* True of `response` is "with" where the characteristic can do both, else what it can do. */
static void with_or_without_response(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_WRITE, 0xfff2, false);
    unsigned requests;

    (void)state;
    job.data = (const uint8_t *)"1";
    job.len = 1;
    run(&job);
    sim_peer_attribute(&lamp, fff2)->refuses = 0x80; /* without a response nobody can know */
    assert_string_equal(run(&job), "2:0");
    job.with_response = true;
    assert_string_equal(run(&job), "2:8");
    job.characteristic = uuid_from_16(0xfff5);
    assert_string_equal(run(&job), "2:0");
    assert_memory_equal(sim_peer_attribute(&lamp, fff5)->value, "1", 1);
    requests = lamp.requests;
    assert_string_equal(run(&job), "2:0");
    assert_int_equal(lamp.requests, requests + 1); /* found before: not looked for again */
}

static void what_is_too_long_for_one_way_goes_the_other(void **state)
{
    static const uint8_t many[300] = { 7 };
    struct gatt_job job = job_of(&ann, GATT_WRITE, 0xfff2, false);

    (void)state;
    job.data = many;
    job.len = sizeof(many);
    assert_string_equal(run(&job), "2:0");
    assert_int_equal(sim_peer_attribute(&lamp, fff2)->len, 300);
    job.characteristic = uuid_from_16(0xfff5);
    assert_string_equal(run(&job), "2:8");
    assert_int_equal(ann.last.reason, PORT_GATT_TOO_LONG);
}

/* ---- subscribing ---- */

static void a_subscription_stays(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_SUBSCRIBE, 0xfff3, false);

    (void)state;
    assert_string_equal(run(&job), "3:0");
    sim_advance(sim, 100000);
    sim_peer_notify(&lamp, fff3, "21.5", 4);
    sim_peer_notify(&lamp, fff3, "21.6", 4);
    assert_string_equal(heard(&ann), "103:0=21.5 103:0=21.6");
    assert_true(uuid_equal(ann.last.characteristic, uuid_from_16(0xfff3)));
    assert_int_equal(ann.last.handle, fff3);
}

static void notify_when_subscribed(void *user, struct sim_peer *peer, uint16_t handle,
                                   const uint8_t *data, size_t len)
{
    (void)data;
    (void)len;
    assert_string_equal(user, "soon");
    if (handle == fff3 + 1 || handle == fff4 + 1)
        assert_true(sim_peer_notify(peer, handle - 1, "21.5", 4));
}

static void one_value_is_waited_for(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_SUBSCRIBE, 0xfff4, true);
    static char soon[] = "soon";

    (void)state;
    gatt_run(&gatt, &job);
    sim_advance(sim, 5000);
    assert_string_equal(heard(&ann), "");
    sim_peer_notify(&lamp, fff4, "45", 2);
    assert_string_equal(heard(&ann), "103:0=45 3:0=45");
    sim_advance(sim, 1000);
    assert_string_equal(changes, "+000001 -000001");
    /* Some devices send the value before they answer. */
    job.characteristic = uuid_from_16(0xfff3);
    lamp.user = soon;
    lamp.written = notify_when_subscribed;
    assert_string_equal(run(&job), "103:0=21.5 3:0=21.5");
}

static void no_value_in_fifteen_seconds_is_error_9(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_SUBSCRIBE, 0xfff3, true);

    (void)state;
    gatt_run(&gatt, &job);
    sim_advance(sim, 15000);
    assert_string_equal(heard(&ann), "");
    sim_advance(sim, 1000);
    assert_string_equal(heard(&ann), "3:9");
    assert_string_equal(changes, "+000001 -000001");
}

/* Game controllers: subscribing is to every characteristic of that UUID. */
static void all_of_one_uuid_are_subscribed_to(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_SUBSCRIBE, 0x2a4d, false);
    uint16_t first, second;

    (void)state;
    first = sim_peer_characteristic(&lamp, uuid_from_16(0x2a4d), PORT_GATT_CAN_NOTIFY, "", 0);
    second = sim_peer_characteristic(&lamp, uuid_from_16(0x2a4d), PORT_GATT_CAN_NOTIFY, "", 0);
    sim_peer_characteristic(&lamp, uuid_from_16(0x2a4d), PORT_GATT_CAN_WRITE, "", 0);
    assert_string_equal(run(&job), "3:0");
    assert_int_equal(ann.last.handle, first);
    assert_true(sim_peer_notify(&lamp, second, "b", 1));
    assert_true(sim_peer_notify(&lamp, first, "a", 1));
    assert_string_equal(heard(&ann), "103:0=b 103:0=a");
}

static void values_nobody_asked_for_are_dropped(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff1, false);
    const uint8_t of_unknown[] = { 0x1b, (uint8_t)fff3, 0, 1 };
    const uint8_t of_what_was_read[] = { 0x1b, (uint8_t)fff1, 0, 1 };

    (void)state;
    run(&job);
    lamp.send(lamp.carrier, of_unknown, sizeof(of_unknown));
    lamp.send(lamp.carrier, of_what_was_read, sizeof(of_what_was_read));
    assert_string_equal(heard(&ann), "");
}

/* ---- errors ---- */

static void error_1_could_not_connect(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff1, true);

    (void)state;
    lamp_device->reach = SIM_GATT_FAR;
    gatt_run(&gatt, &job);
    sim_advance(sim, GATT_CONNECT_MS - 1);
    assert_string_equal(heard(&ann), "");
    sim_advance(sim, 1);
    assert_string_equal(heard(&ann), "1:1");
    assert_int_equal(ann.last.reason, PORT_GATT_UNREACHABLE);
    lamp_device->reach = SIM_GATT_HELD;
    assert_string_equal(run(&job), "1:1");
    assert_int_equal(ann.last.reason, PORT_GATT_HELD);
    sim->gatt.has_no_adapter = true;
    assert_string_equal(run(&job), "1:1");
    assert_int_equal(ann.last.reason, PORT_GATT_NO_ADAPTER);
    assert_string_equal(changes, "");
}

static void error_2_disconnected(void **state)
{
    struct gatt_job read = job_of(&ann, GATT_READ, 0xfff1, false);
    struct gatt_job leave = job_of(&ann, GATT_DISCONNECT, 0, false);
    struct gatt_job wait = job_of(&ann, GATT_SUBSCRIBE, 0xfff3, true);

    (void)state;
    run(&read);
    assert_string_equal(run(&leave), "5:2");
    assert_string_equal(run(&leave), "5:2"); /* nothing there to disconnect: the same */
    run(&read);
    sim_gatt_drop(&sim->gatt);
    assert_string_equal(heard(&ann), "5:2"); /* the device left */
    lamp.drops = true;
    assert_string_equal(run(&read), "1:1"); /* before it was really there */
    lamp.drops = false;
    run(&read);
    lamp.drops = true;
    assert_string_equal(run(&read), "1:2"); /* in the middle */
    lamp.drops = false;
    gatt_run(&gatt, &wait);
    sim_advance(sim, 3000);
    sim_gatt_drop(&sim->gatt);
    assert_string_equal(heard(&ann), "3:2"); /* while a value is waited for */
}

static void errors_3_and_4_nothing_found(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff9, true);

    (void)state;
    assert_string_equal(run(&job), "1:4");
    assert_int_equal(ann.last.handle, 0);
    job.service = uuid_from_16(0x180f);
    assert_string_equal(run(&job), "1:3");
    job.op = GATT_WRITE;
    assert_string_equal(run(&job), "2:3");
}

static void errors_5_6_7_it_does_not_do_that(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff6, false);

    (void)state;
    assert_string_equal(run(&job), "1:5");
    assert_int_equal(ann.last.reason, PORT_GATT_NOT_PERMITTED);
    job.op = GATT_SUBSCRIBE;
    assert_string_equal(run(&job), "3:6");
    job.op = GATT_WRITE;
    assert_string_equal(run(&job), "2:7");
}

static void errors_5_6_7_8_the_device_refuses(void **state)
{
    struct gatt_job read = job_of(&ann, GATT_READ, 0xfff1, true);
    struct gatt_job notify = job_of(&ann, GATT_SUBSCRIBE, 0xfff3, true);
    struct gatt_job write = job_of(&ann, GATT_WRITE, 0xfff2, true);

    (void)state;
    write.with_response = true;
    sim_peer_attribute(&lamp, fff1)->refuses = 0x80;
    assert_string_equal(run(&read), "1:5");
    sim_peer_attribute(&lamp, fff3 + 1u)->refuses = 0x80;
    assert_string_equal(run(&notify), "3:6");
    sim_peer_attribute(&lamp, fff2)->refuses = 0x80;
    assert_string_equal(run(&write), "2:8");
    assert_int_equal(ann.last.reason, PORT_GATT_REFUSED);
    sim_peer_attribute(&lamp, fff2)->refuses = 0x03;
    assert_string_equal(run(&write), "2:7");
}

static void a_device_that_falls_mute(void **state)
{
    struct gatt_job read = job_of(&ann, GATT_READ, 0xfff1, false);
    struct gatt_job write = job_of(&ann, GATT_WRITE, 0xfff2, false);

    (void)state;
    run(&read);
    lamp.is_mute = true;
    assert_string_equal(run(&read), "1:5");
    assert_int_equal(ann.last.reason, PORT_GATT_TIMEOUT);
    sim_advance(sim, 1000);
    assert_string_equal(changes, "+000001 -000001"); /* such a connection is of no more use */
    lamp.is_mute = false;
    run(&read);
    lamp.is_mute = true;
    assert_string_equal(run(&write), "2:3"); /* still looking for the service */
}

static void a_pairing_is_asked_for_once(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_READ, 0xfff1, true);

    (void)state;
    sim_peer_attribute(&lamp, fff1)->needs_security = true;
    assert_string_equal(run(&job), "1:0=hello");
    lamp.refuses_security = true;
    assert_string_equal(run(&job), "1:5");
    assert_int_equal(ann.last.reason, PORT_GATT_NOT_SECURE);
    lamp.is_silent_on_security = true;
    assert_string_equal(run(&job), "1:5");
}

static void every_reason_has_a_sentence(void **state)
{
    (void)state;
    for (int reason = PORT_GATT_OK; reason < PORT_GATT_ERRORS; reason++) {
        const char *text = gatt_reason_text((enum port_gatt_error)reason);

        assert_true(text && text[strlen(text) - 1] == '.');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_value_is_read, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(in_any_service, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(a_value_is_written, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(with_or_without_response, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(what_is_too_long_for_one_way_goes_the_other, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(a_subscription_stays, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(one_value_is_waited_for, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(no_value_in_fifteen_seconds_is_error_9, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(all_of_one_uuid_are_subscribed_to, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(values_nobody_asked_for_are_dropped, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(error_1_could_not_connect, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(error_2_disconnected, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(errors_3_and_4_nothing_found, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(errors_5_6_7_it_does_not_do_that, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(errors_5_6_7_8_the_device_refuses, house_setup,
                                        house_teardown),
        cmocka_unit_test_setup_teardown(a_device_that_falls_mute, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(a_pairing_is_asked_for_once, house_setup, house_teardown),
        cmocka_unit_test_setup_teardown(every_reason_has_a_sentence, house_setup, house_teardown),
    };

    return cmocka_run_group_tests_name("gatt", tests, NULL, NULL);
}
