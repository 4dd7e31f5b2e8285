/* What the kernel says about a connection, and what it means; tests/unit/port holds the rest of
 * gatt_link.h against the contract. */
#include "on_loop.h"

#include "att/att.h"
#include "linux/gatt_link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static void errors_of_the_kernel_have_a_meaning(void **state)
{
    (void)state;
    assert_int_equal(gatt_link_error(EBUSY), PORT_GATT_HELD);
    assert_int_equal(gatt_link_error(EHOSTUNREACH), PORT_GATT_NO_ADAPTER);
    assert_int_equal(gatt_link_error(EAFNOSUPPORT), PORT_GATT_NO_ADAPTER);
    assert_int_equal(gatt_link_error(ECONNREFUSED), PORT_GATT_UNREACHABLE);
    assert_int_equal(gatt_link_error(ETIMEDOUT), PORT_GATT_UNREACHABLE);
}

static enum port_gatt_error told;
static int device_fd;
static bool is_done;

static void on_done(void *user, const struct port_gatt_result *result)
{
    (void)user;
    told = result->error;
    is_done = true;
}

static enum port_gatt_error connect_by(struct gatt_link_calls calls)
{
    const struct port_gatt_events events = { .done = on_done };
    struct gatt_link *subject = gatt_link_new(test_loop, calls);
    const struct port_gatt *gatt;

    assert_non_null(subject);
    gatt = gatt_link_port(subject);
    is_done = false;
    gatt->connect(gatt->self, (struct mac){ { 1 } }, 0, 5000, &events);
    assert_false(is_done);
    on_loop_until(&is_done);
    gatt_link_free(subject);
    return told;
}

/* A socket that becomes writable with an error, as one does whose connecting failed: its other end
 * was closed with something unread in it. */
static int open_failing(void *user, struct mac addr, uint8_t addr_type)
{
    int fds[2];

    (void)user;
    (void)addr;
    (void)addr_type;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
    assert_int_equal(send(fds[0], "x", 1, 0), 1);
    close(fds[1]);
    return fds[0];
}

static void an_error_that_comes_later_is_told(void **state)
{
    (void)state;
    assert_int_equal(connect_by((struct gatt_link_calls){ .open = open_failing }),
                     PORT_GATT_UNREACHABLE);
}

/* Wherever the tests run, nobody answers at that address: how far the kernel gets depends on the
 * machine. */
static void the_kernels_own_calls_end_with_an_error(void **state)
{
    enum port_gatt_error error;

    (void)state;
    error = connect_by(gatt_link_l2cap(NULL));
    assert_true(error == PORT_GATT_NO_ADAPTER || error == PORT_GATT_UNREACHABLE);
}

/* A device that agrees on an MTU, and then sends more than any PDU may have. */
static int open_talkative(void *user, struct mac addr, uint8_t addr_type)
{
    static const uint8_t mtu[] = { 0x03, 0x05, 0x02 }, flood[ATT_MTU_MAX + 1] = { 0x1b, 3, 0 };
    int fds[2];

    (void)user;
    (void)addr;
    (void)addr_type;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
    assert_int_equal(send(fds[1], mtu, sizeof(mtu), 0), sizeof(mtu));
    assert_int_equal(send(fds[1], flood, sizeof(flood), 0), sizeof(flood));
    device_fd = fds[1];
    return fds[0];
}

static void on_notified(void *user, uint16_t handle, const uint8_t *data, size_t len)
{
    (void)user;
    (void)handle;
    (void)data;
    (void)len;
    fail_msg("half a value is none");
}

static void on_disconnected(void *user)
{
    *(bool *)user = true;
}

static void what_is_longer_than_a_pdu_ends_it(void **state)
{
    bool is_over = false;
    const struct port_gatt_events events = { &is_over, on_done, on_notified, on_disconnected };
    struct gatt_link *subject =
        gatt_link_new(test_loop, (struct gatt_link_calls){ .open = open_talkative });
    const struct port_gatt *gatt = gatt_link_port(subject);

    (void)state;
    gatt->connect(gatt->self, (struct mac){ { 1 } }, 0, 5000, &events);
    on_loop_until(&is_over);
    assert_int_equal(told, PORT_GATT_OK);
    gatt_link_free(subject);
    close(device_fd);
}

static void freed_while_it_fails_it_is_silent(void **state)
{
    const struct port_gatt_events events = { .done = on_done };
    struct gatt_link *subject = gatt_link_new(test_loop, gatt_link_l2cap(NULL));
    const struct port_gatt *gatt = gatt_link_port(subject);

    (void)state;
    is_done = false;
    gatt->connect(gatt->self, (struct mac){ { 1 } }, 0, 5000, &events);
    gatt_link_free(subject);
    on_loop_turn();
    assert_false(is_done);
}

/* ---- an end that only send() is told of, as after a pairing that did not come about ---- */

static int own_fd, device_fd;

/* Connected to a device that has the answer about the MTU ready. */
static int open_answered(void *user, struct mac addr, uint8_t addr_type)
{
    static const uint8_t mtu[] = { 0x03, 0x17, 0x00 };
    int fds[2];

    (void)user;
    (void)addr;
    (void)addr_type;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
    assert_int_equal(send(fds[1], mtu, sizeof(mtu), 0), sizeof(mtu));
    own_fd = fds[0];
    device_fd = fds[1];
    return own_fd;
}

static void what_cannot_be_sent_is_a_loss(void **state)
{
    const struct port_gatt_events events = { .done = on_done };
    const struct gatt_link_calls calls = { .open = open_answered };
    struct gatt_link *subject = gatt_link_new(test_loop, calls);
    const struct port_gatt *gatt = gatt_link_port(subject);

    (void)state;
    is_done = false;
    gatt->connect(gatt->self, (struct mac){ { 1 } }, 0, 5000, &events);
    on_loop_until(&is_done);
    assert_int_equal(told, PORT_GATT_OK);
    is_done = false;
    assert_int_equal(shutdown(own_fd, SHUT_WR), 0);
    gatt->read(gatt->self, 3);
    on_loop_until(&is_done);
    assert_int_equal(told, PORT_GATT_LOST);
    gatt_link_free(subject);
    close(device_fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_of_the_kernel_have_a_meaning),
        cmocka_unit_test(an_error_that_comes_later_is_told),
        cmocka_unit_test(the_kernels_own_calls_end_with_an_error),
        cmocka_unit_test(what_is_longer_than_a_pdu_ends_it),
        cmocka_unit_test(freed_while_it_fails_it_is_silent),
        cmocka_unit_test(what_cannot_be_sent_is_a_loss),
    };

    return cmocka_run_group_tests_name("linux_gatt_link", tests, on_loop_setup, on_loop_teardown);
}
