/* Devices that break off, fall mute, refuse or talk out of turn at the worst moment. */
#include "house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define TWIN 0x2a4d /* the lamp has two of them, which notify and can be read */

static uint16_t twins[2];

static int setup(void **state)
{
    const uint8_t can = PORT_GATT_CAN_NOTIFY | PORT_GATT_CAN_READ;
    const int result = house_setup(state);

    for (size_t i = 0; result == 0 && i < 2; i++)
        twins[i] = sim_peer_characteristic(&lamp, uuid_from_16(TWIN), can, "twin", 4);
    return result;
}

/* Hands the job in and lets it come to where the device has the word. */
static void begin(struct gatt_job *job)
{
    gatt_run(&gatt, job);
    sim_advance(sim, 1000);
}

static void say(const void *pdu, size_t len)
{
    lamp.send(lamp.carrier, pdu, len);
    sim_advance(sim, 100);
}

static void refuse(uint8_t request, uint8_t code)
{
    const uint8_t pdu[] = { 0x01, request, 0, 0, code };

    say(pdu, sizeof(pdu));
}

/* ---- after the first of two was subscribed to ---- */

static void drop_then(void *user, struct sim_peer *peer, uint16_t handle, const uint8_t *data,
                      size_t len)
{
    (void)user;
    (void)data;
    (void)len;
    peer->drops = handle == twins[0] + 1;
}

static void fall_mute_then(void *user, struct sim_peer *peer, uint16_t handle, const uint8_t *data,
                           size_t len)
{
    (void)user;
    (void)data;
    (void)len;
    peer->is_mute = handle == twins[1] + 1;
}

static void the_second_of_two_refuses(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_SUBSCRIBE, TWIN, false);

    (void)state;
    sim_peer_attribute(&lamp, twins[1] + 1u)->refuses = 0x80;
    assert_string_equal(run(&job), "3:0");
    assert_true(sim_peer_notify(&lamp, twins[0], "a", 1));
    assert_string_equal(heard(&ann), "103:0=a");
}

static void the_connection_breaks_between_two(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_SUBSCRIBE, TWIN, true);

    (void)state;
    lamp.written = drop_then;
    assert_string_equal(run(&job), "3:2");
    sim_advance(sim, 20000);
    assert_string_equal(heard(&ann), "");
}

static void it_falls_mute_between_two(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_SUBSCRIBE, TWIN, false);

    (void)state;
    lamp.written = fall_mute_then;
    assert_string_equal(run(&job), "3:6");
    assert_int_equal(ann.last.reason, PORT_GATT_TIMEOUT);
    sim_advance(sim, 1000);
    assert_string_equal(changes, "+000001 -000001");
}

static void many_of_one_uuid(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_SUBSCRIBE, 0x2a4e, false);
    uint16_t first = 0;

    (void)state;
    sim_peer_init(&lamp);
    sim_peer_service(&lamp, uuid_from_16(0xfff0));
    for (int i = 0; i < GATT_FOUND_MAX + 2; i++) {
        const uint16_t handle =
            sim_peer_characteristic(&lamp, uuid_from_16(0x2a4e), PORT_GATT_CAN_NOTIFY, "", 0);
        first = first ? first : handle;
    }
    assert_string_equal(run(&job), "3:0");
    assert_int_equal(ann.last.handle, first);
    assert_true(sim_peer_notify(&lamp, first, "a", 1));
    assert_string_equal(heard(&ann), "103:0=a");
}

/* ---- values that come when nobody waits for them ---- */

static void notify_before_the_answer(void *user, struct sim_peer *peer, uint16_t handle,
                                     const uint8_t *data, size_t len)
{
    (void)user;
    (void)data;
    (void)len;
    if (handle == twins[0] + 1)
        assert_true(sim_peer_notify(peer, twins[0], "early", 5));
}

static void a_value_before_the_answer_ends_no_subscription(void **state)
{
    struct gatt_job job = job_of(&ann, GATT_SUBSCRIBE, TWIN, false);

    (void)state;
    lamp.written = notify_before_the_answer;
    assert_string_equal(run(&job), "103:0=early 3:0");
}

static void a_value_in_the_middle_ends_no_read(void **state)
{
    struct gatt_job subscribe = job_of(&ann, GATT_SUBSCRIBE, TWIN, false);
    struct gatt_job read = job_of(&ann, GATT_READ, TWIN, true);

    (void)state;
    run(&subscribe);
    lamp.is_mute = true;
    begin(&read);
    assert_true(sim_peer_notify(&lamp, twins[0], "mid", 3));
    assert_string_equal(heard(&ann), "103:0=mid");
    say("\x0b"
        "end",
        4);
    assert_string_equal(heard(&ann), "1:0=end");
}

static void another_s_value_is_not_the_one_waited_for(void **state)
{
    struct gatt_job subscribe = job_of(&ann, GATT_SUBSCRIBE, TWIN, false);
    struct gatt_job wait = job_of(&ann, GATT_SUBSCRIBE, 0xfff3, true);

    (void)state;
    run(&subscribe);
    begin(&wait);
    assert_true(sim_peer_notify(&lamp, twins[1], "other", 5));
    assert_string_equal(heard(&ann), "103:0=other");
    assert_true(sim_peer_notify(&lamp, fff3, "own", 3));
    assert_string_equal(heard(&ann), "103:0=own 3:0=own");
}

static void the_end_names_who_has_spoken(void **state)
{
    struct gatt_job wait = job_of(&ann, GATT_SUBSCRIBE, TWIN, true);

    (void)state;
    begin(&wait);
    assert_true(sim_peer_notify(&lamp, twins[1], "b", 1));
    assert_string_equal(heard(&ann), "103:0=b 3:0=b");
    assert_int_equal(ann.last.handle, twins[1]);
}

/* ---- errors that fit something else ---- */

/* Writing is tried in two ways, and not a third time. */
static void too_long_in_either_way(void **state)
{
    static const uint8_t many[300];
    struct gatt_job job = job_of(&ann, GATT_WRITE, 0xfff2, false);

    (void)state;
    job.data = many;
    job.len = sizeof(many);
    sim_peer_attribute(&lamp, fff2)->refuses = 0x0d;
    assert_string_equal(run(&job), "2:8");
    assert_int_equal(ann.last.reason, PORT_GATT_TOO_LONG);
}

/* "Too long" is an error of writing; told of a search it means nothing. */
static void too_long_of_a_search(void **state)
{
    struct gatt_job first = job_of(&ann, GATT_WRITE, 0xfff2, false);
    struct gatt_job second = job_of(&ann, GATT_WRITE, 0xfff5, false);

    (void)state;
    first.data = second.data = (const uint8_t *)"1";
    first.len = second.len = 1;
    assert_string_equal(run(&first), "2:0");
    lamp.is_mute = true;
    begin(&second);
    refuse(0x06, 0x0d);
    refuse(0x10, 0x0d);
    assert_string_equal(heard(&ann), "2:3");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, house_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_second_of_two_refuses),
        TEST(the_connection_breaks_between_two),
        TEST(it_falls_mute_between_two),
        TEST(many_of_one_uuid),
        TEST(a_value_before_the_answer_ends_no_subscription),
        TEST(a_value_in_the_middle_ends_no_read),
        TEST(another_s_value_is_not_the_one_waited_for),
        TEST(the_end_names_who_has_spoken),
        TEST(too_long_in_either_way),
        TEST(too_long_of_a_search),
    };

    return cmocka_run_group_tests_name("gatt_hostile", tests, NULL, NULL);
}
