/* What port/gatt.h promises, held against each port: the simulated one, and that of Linux. */
#include "gatt_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ENOUGH_MS 5000
#define SERVICE   0xfff0

static struct port_gatt_result result;
static uint8_t data[PORT_GATT_VALUE_MAX];
static bool is_done, is_disconnected, is_notified, is_in_call;
static unsigned done_count;
static uint16_t notified_handle;
static char notified[64];
static uint16_t readable, writable, notifying, indicating, long_value;

static void on_done(void *user, const struct port_gatt_result *it)
{
    assert_ptr_equal(user, &result);
    assert_false(is_in_call);
    result = *it;
    if (it->len > 0)
        memcpy(data, it->data, it->len);
    is_done = true;
    done_count++;
}

static void on_notified(void *user, uint16_t handle, const uint8_t *it, size_t len)
{
    assert_ptr_equal(user, &result);
    assert_false(is_in_call);
    assert_true(len < sizeof(notified));
    memcpy(notified, it, len);
    notified[len] = '\0';
    notified_handle = handle;
    is_notified = true;
}

static void on_disconnected(void *user)
{
    assert_ptr_equal(user, &result);
    assert_false(is_in_call);
    is_disconnected = true;
}

static struct uuid short_uuid(uint16_t number)
{
    return uuid_from_16(number);
}

static struct uuid long_uuid(void)
{
    struct uuid uuid;

    assert_true(uuid_parse("ebe0ccc1-7a0a-4b0c-8a1a-6ff2997da3a6", 36, &uuid));
    return uuid;
}

static int setup(void **state)
{
    static uint8_t many[300];
    struct sim_peer *peer;

    is_done = is_disconnected = is_notified = is_in_call = false;
    done_count = 0;
    if (gatt_bench_setup(state) != 0)
        return -1;
    for (size_t i = 0; i < sizeof(many); i++)
        many[i] = (uint8_t)i;
    peer = gatt_bench_peer();
    sim_peer_service(peer, short_uuid(0x1800));
    sim_peer_characteristic(peer, short_uuid(0x2a00), PORT_GATT_CAN_READ, "peer", 4);
    sim_peer_service(peer, short_uuid(SERVICE));
    readable = sim_peer_characteristic(peer, short_uuid(0xfff1), PORT_GATT_CAN_READ, "hello", 5);
    writable = sim_peer_characteristic(peer, short_uuid(0xfff2),
                                       PORT_GATT_CAN_WRITE | PORT_GATT_CAN_WRITE_SILENTLY, "", 0);
    notifying = sim_peer_characteristic(peer, long_uuid(), PORT_GATT_CAN_NOTIFY, "", 0);
    indicating = sim_peer_characteristic(peer, short_uuid(0xfff4), PORT_GATT_CAN_INDICATE, "", 0);
    long_value = sim_peer_characteristic(
        peer, short_uuid(0xfff5), PORT_GATT_CAN_READ | PORT_GATT_CAN_WRITE, many, sizeof(many));
    return 0;
}

/* ---- each operation, and its end ---- */

static enum port_gatt_error end_of_operation(void)
{
    is_in_call = false;
    gatt_bench_until(&is_done);
    is_done = false;
    return result.error;
}

static enum port_gatt_error try_connect(uint32_t timeout_ms)
{
    const struct port_gatt_events events = { &result, on_done, on_notified, on_disconnected };
    const struct port_gatt *gatt = gatt_bench_port();
    struct mac mac;

    assert_true(mac_parse(BENCH_MAC, strlen(BENCH_MAC), &mac));
    is_in_call = true;
    gatt->connect(gatt->self, mac, 1, timeout_ms, &events);
    return end_of_operation();
}

static enum port_gatt_error try_find(const struct uuid *service, struct uuid characteristic,
                                     uint16_t after)
{
    const struct port_gatt *gatt = gatt_bench_port();

    is_in_call = true;
    gatt->find(gatt->self, service, &characteristic, after);
    return end_of_operation();
}

static enum port_gatt_error try_read(uint16_t handle)
{
    const struct port_gatt *gatt = gatt_bench_port();

    is_in_call = true;
    gatt->read(gatt->self, handle);
    return end_of_operation();
}

static enum port_gatt_error try_write(uint16_t handle, const void *bytes, size_t len,
                                      bool with_response)
{
    const struct port_gatt *gatt = gatt_bench_port();

    is_in_call = true;
    gatt->write(gatt->self, handle, bytes, len, with_response);
    return end_of_operation();
}

static enum port_gatt_error try_subscribe(struct uuid characteristic)
{
    const struct port_gatt *gatt = gatt_bench_port();

    assert_int_equal(try_find(NULL, characteristic, 0), PORT_GATT_OK);
    const struct port_gatt_char found = result.found;
    is_in_call = true;
    gatt->subscribe(gatt->self, &found);
    return end_of_operation();
}

static void disconnect(void)
{
    const struct port_gatt *gatt = gatt_bench_port();

    is_in_call = true;
    gatt->disconnect(gatt->self);
    is_in_call = false;
    gatt_bench_until(&is_disconnected);
    is_disconnected = false;
}

static void connected(void)
{
    assert_int_equal(try_connect(ENOUGH_MS), PORT_GATT_OK);
}

/* ---- connecting ---- */

static void connects_and_disconnects_again_and_again(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        connected();
        assert_int_equal(try_read(readable), PORT_GATT_OK);
        disconnect();
    }
    assert_int_equal(done_count, 6);
}

static void not_connecting_has_reasons(void **state)
{
    (void)state;
    gatt_bench_reach(SIM_GATT_FAR);
    assert_int_equal(try_connect(20), PORT_GATT_UNREACHABLE);
    gatt_bench_reach(SIM_GATT_REFUSES);
    assert_int_equal(try_connect(ENOUGH_MS), PORT_GATT_UNREACHABLE);
    gatt_bench_reach(SIM_GATT_HELD);
    assert_int_equal(try_connect(ENOUGH_MS), PORT_GATT_HELD);
    gatt_bench_reach(SIM_GATT_NEAR);
    connected();
    disconnect();
    gatt_bench_take_adapter();
    assert_int_equal(try_connect(ENOUGH_MS), PORT_GATT_NO_ADAPTER);
    assert_false(is_disconnected);
}

/* A device that accepts and then answers nothing is not connected either. */
static void a_mute_device_is_unreachable(void **state)
{
    (void)state;
    gatt_bench_peer()->is_mute = true;
    assert_int_equal(try_connect(200), PORT_GATT_UNREACHABLE);
    gatt_bench_peer()->is_mute = false;
    connected();
}

static void an_attempt_can_be_ended(void **state)
{
    const struct port_gatt_events events = { &result, on_done, on_notified, on_disconnected };
    const struct port_gatt *gatt = gatt_bench_port();
    struct mac mac;

    (void)state;
    gatt_bench_reach(SIM_GATT_FAR);
    mac_parse(BENCH_MAC, strlen(BENCH_MAC), &mac);
    gatt->connect(gatt->self, mac, 1, ENOUGH_MS, &events);
    disconnect();
    assert_int_equal(done_count, 0);
    gatt_bench_reach(SIM_GATT_NEAR);
    connected();
}

static void without_a_connection_there_is_nothing_to_end(void **state)
{
    const struct port_gatt *gatt = gatt_bench_port();

    (void)state;
    gatt->disconnect(gatt->self);
    connected();
    assert_false(is_disconnected);
}

/* ---- finding ---- */

static void finds_in_one_service_or_any(void **state)
{
    const struct uuid service = short_uuid(SERVICE), other = short_uuid(0x1800);
    const struct uuid missing = short_uuid(0x180f);

    (void)state;
    connected();
    assert_int_equal(try_find(&service, short_uuid(0xfff1), 0), PORT_GATT_OK);
    assert_int_equal(result.found.handle, readable);
    assert_int_equal(result.found.properties, PORT_GATT_CAN_READ);
    assert_int_equal(try_find(NULL, long_uuid(), 0), PORT_GATT_OK);
    assert_int_equal(result.found.handle, notifying);
    assert_int_equal(result.found.end, notifying + 1);
    assert_int_equal(try_find(&missing, short_uuid(0xfff1), 0), PORT_GATT_NO_SERVICE);
    assert_int_equal(try_find(&other, short_uuid(0xfff1), 0), PORT_GATT_NO_CHARACTERISTIC);
    assert_int_equal(try_find(NULL, short_uuid(0x2a19), 0), PORT_GATT_NO_CHARACTERISTIC);
    assert_int_equal(try_find(&service, short_uuid(0xfff1), readable), PORT_GATT_NO_CHARACTERISTIC);
}

static void finds_what_is_kept_in_the_long_form(void **state)
{
    const struct uuid service = short_uuid(SERVICE);

    (void)state;
    gatt_bench_peer()->keeps_long_uuids = true;
    connected();
    assert_int_equal(try_find(&service, short_uuid(0xfff2), 0), PORT_GATT_OK);
    assert_int_equal(result.found.handle, writable);
}

/* ---- values ---- */

static void reads_short_and_long_values(void **state)
{
    (void)state;
    connected();
    assert_int_equal(try_read(readable), PORT_GATT_OK);
    assert_int_equal(result.len, 5);
    assert_memory_equal(data, "hello", 5);
    assert_int_equal(try_read(long_value), PORT_GATT_OK);
    assert_int_equal(result.len, 300);
    assert_int_equal(data[299], 299 - 256);
}

static void writes_in_every_way(void **state)
{
    const struct sim_attribute *it = sim_peer_attribute(gatt_bench_peer(), writable);
    const uint8_t many[PORT_GATT_VALUE_MAX + 1] = { 1, 2, 3 };

    (void)state;
    connected();
    assert_int_equal(try_write(writable, "abc", 3, true), PORT_GATT_OK);
    assert_memory_equal(it->value, "abc", 3);
    assert_int_equal(try_write(writable, "defg", 4, false), PORT_GATT_OK);
    assert_int_equal(try_read(readable), PORT_GATT_OK); /* so the command has arrived before */
    assert_memory_equal(it->value, "defg", 4);
    assert_int_equal(try_write(writable, many, PORT_GATT_VALUE_MAX, true), PORT_GATT_OK);
    assert_int_equal(it->len, PORT_GATT_VALUE_MAX);
    assert_int_equal(try_write(writable, many, sizeof(many), true), PORT_GATT_TOO_LONG);
    assert_int_equal(try_write(writable, many, PORT_GATT_VALUE_MAX, false), PORT_GATT_TOO_LONG);
}

static void the_device_may_refuse(void **state)
{
    (void)state;
    connected();
    assert_int_equal(try_read(writable), PORT_GATT_NOT_PERMITTED);
    assert_int_equal(try_write(readable, "x", 1, true), PORT_GATT_NOT_PERMITTED);
    assert_int_equal(try_read(999), PORT_GATT_REFUSED);
    sim_peer_attribute(gatt_bench_peer(), readable)->refuses = 0x80;
    assert_int_equal(try_read(readable), PORT_GATT_REFUSED);
    sim_peer_attribute(gatt_bench_peer(), writable)->refuses = 0x0d;
    assert_int_equal(try_write(writable, "x", 1, true), PORT_GATT_TOO_LONG);
}

/* ---- notifications ---- */

static void values_come_once_subscribed(void **state)
{
    struct sim_peer *peer = gatt_bench_peer();

    (void)state;
    connected();
    assert_false(sim_peer_notify(peer, notifying, "early", 5));
    assert_int_equal(try_subscribe(long_uuid()), PORT_GATT_OK);
    assert_true(sim_peer_notify(peer, notifying, "one", 3));
    gatt_bench_until(&is_notified);
    assert_string_equal(notified, "one");
    assert_int_equal(notified_handle, notifying);
    is_notified = false;
    assert_int_equal(try_subscribe(short_uuid(0xfff4)), PORT_GATT_OK);
    assert_true(sim_peer_notify(peer, indicating, "two", 3));
    gatt_bench_until(&is_notified);
    assert_string_equal(notified, "two");
    assert_int_equal(try_read(readable), PORT_GATT_OK); /* the confirmation went before */
    assert_int_equal(peer->confirmations, 1);
}

static void what_cannot_notify_is_not_permitted(void **state)
{
    (void)state;
    connected();
    assert_int_equal(try_subscribe(short_uuid(0xfff1)), PORT_GATT_NOT_PERMITTED);
}

/* ---- the end of a connection ---- */

static void a_device_that_leaves_is_told_once(void **state)
{
    (void)state;
    connected();
    gatt_bench_drop();
    gatt_bench_until(&is_disconnected);
    assert_int_equal(done_count, 1);
    is_disconnected = false;
    connected();
    gatt_bench_peer()->drops = true;
    assert_int_equal(try_read(readable), PORT_GATT_LOST);
    assert_false(is_disconnected);
    gatt_bench_peer()->drops = false;
    connected();
    assert_int_equal(try_read(readable), PORT_GATT_OK);
}

/* ---- security ---- */

static void security_is_raised_where_it_is_wanted(void **state)
{
    (void)state;
    sim_peer_attribute(gatt_bench_peer(), readable)->needs_security = true;
    connected();
    assert_int_equal(try_read(readable), PORT_GATT_OK);
    assert_memory_equal(data, "hello", 5);
    assert_true(gatt_bench_peer()->is_secure);
}

static void a_pairing_that_fails_is_told(void **state)
{
    (void)state;
    sim_peer_attribute(gatt_bench_peer(), readable)->needs_security = true;
    gatt_bench_peer()->refuses_security = true;
    connected();
    assert_int_equal(try_read(readable), PORT_GATT_NOT_SECURE);
    assert_int_equal(try_read(readable), PORT_GATT_NOT_SECURE);
    assert_int_equal(try_read(long_value), PORT_GATT_OK); /* the rest still goes */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(connects_and_disconnects_again_and_again, setup,
                                        gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(not_connecting_has_reasons, setup, gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(a_mute_device_is_unreachable, setup, gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(an_attempt_can_be_ended, setup, gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(without_a_connection_there_is_nothing_to_end, setup,
                                        gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(finds_in_one_service_or_any, setup, gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(finds_what_is_kept_in_the_long_form, setup,
                                        gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(reads_short_and_long_values, setup, gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(writes_in_every_way, setup, gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(the_device_may_refuse, setup, gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(values_come_once_subscribed, setup, gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_notify_is_not_permitted, setup,
                                        gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(a_device_that_leaves_is_told_once, setup,
                                        gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(security_is_raised_where_it_is_wanted, setup,
                                        gatt_bench_teardown),
        cmocka_unit_test_setup_teardown(a_pairing_that_fails_is_told, setup, gatt_bench_teardown),
    };

    return cmocka_run_group_tests_name("gatt_contract", tests, NULL, NULL);
}
