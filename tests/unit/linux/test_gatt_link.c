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
#include <event2/event.h>
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

/* ---- a device that answers, on the same loop ---- */

enum { MTU_REQUEST = 0x02, READ_REQUEST = 0x0a, JUNK = 0xff };

static struct event *device;
static unsigned reads, refusals, secured;
static int open_error, secure_error;

static void on_request(evutil_socket_t fd, short what, void *user)
{
    static const uint8_t mtu[] = { 0x03, 0x17, 0x00 }, value[] = { 0x0b, 'o', 'k' };
    static const uint8_t refused[] = { 0x01, READ_REQUEST, 3, 0, 0x0f }; /* encryption is missing */
    uint8_t pdu[ATT_MTU_MAX];

    (void)what;
    (void)user;
    if (recv(fd, pdu, sizeof(pdu), 0) <= 0 || pdu[0] == JUNK)
        return;
    if (pdu[0] == MTU_REQUEST) {
        assert_int_equal(send(fd, mtu, sizeof(mtu), 0), sizeof(mtu));
    } else if (refusals > 0) {
        refusals--;
        assert_int_equal(send(fd, refused, sizeof(refused), 0), sizeof(refused));
    } else {
        assert_int_equal(pdu[0], READ_REQUEST);
        reads++;
        assert_int_equal(send(fd, value, sizeof(value), 0), sizeof(value));
    }
}

static void listen_to_requests(void)
{
    assert_int_equal(event_add(device, NULL), 0);
}

static int open_answering(void *user, struct mac addr, uint8_t addr_type)
{
    int fds[2];

    (void)user;
    (void)addr;
    (void)addr_type;
    if (open_error)
        return open_error;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
    own_fd = fds[0];
    device_fd = fds[1];
    device = event_new(loop_base(test_loop), device_fd, EV_READ | EV_PERSIST, on_request, NULL);
    assert_non_null(device);
    listen_to_requests();
    return own_fd;
}

/* The device stops reading, and the way to it is full: the socket is not writable. */
static void block_the_way(void)
{
    static const uint8_t junk[100] = { JUNK };

    assert_int_equal(event_del(device), 0);
    while (send(own_fd, junk, sizeof(junk), MSG_DONTWAIT) > 0)
        continue;
    assert_int_equal(errno, EAGAIN);
}

static bool blocks_when_secured;

static int secure_answering(void *user, int fd)
{
    (void)user;
    assert_int_equal(fd, own_fd);
    secured++;
    if (blocks_when_secured)
        block_the_way();
    return secure_error;
}

static struct gatt_link *subject;
static const struct port_gatt *gatt;
static bool is_lost;

static void hang_up(void)
{
    event_free(device);
    device = NULL;
    close(device_fd);
}

static enum port_gatt_error connect_anew(void)
{
    const struct port_gatt_events events = { &is_lost, on_done, on_notified, on_disconnected };

    is_done = is_lost = false;
    gatt->connect(gatt->self, (struct mac){ { 1 } }, 0, 5000, &events);
    on_loop_until(&is_done);
    return told;
}

static int connected(void **state)
{
    const struct gatt_link_calls calls = { NULL, open_answering, secure_answering };

    (void)state;
    reads = refusals = secured = 0;
    open_error = secure_error = 0;
    blocks_when_secured = false;
    subject = gatt_link_new(test_loop, calls);
    gatt = gatt_link_port(subject);
    return connect_anew() == PORT_GATT_OK ? 0 : -1;
}

static int parted(void **state)
{
    (void)state;
    gatt_link_free(subject);
    if (device)
        hang_up();
    return 0;
}

static enum port_gatt_error read_value(void)
{
    is_done = false;
    gatt->read(gatt->self, 3);
    on_loop_until(&is_done);
    return told;
}

static void encryption_is_asked_for_once_and_the_read_repeated(void **state)
{
    (void)state;
    refusals = 1;
    assert_int_equal(read_value(), PORT_GATT_OK);
    assert_int_equal(secured, 1);
    assert_int_equal(reads, 1);
    block_the_way(); /* room for more is no second encryption */
    is_done = false;
    gatt->read(gatt->self, 3);
    listen_to_requests();
    on_loop_until(&is_done);
    assert_int_equal(told, PORT_GATT_OK);
}

static void encryption_that_cannot_be_asked_for_ends_the_read_alone(void **state)
{
    (void)state;
    refusals = 1;
    secure_error = -EINVAL;
    assert_int_equal(read_value(), PORT_GATT_NOT_SECURE);
    assert_int_equal(read_value(), PORT_GATT_OK);
    assert_false(is_lost);
}

static void without_room_a_request_waits(void **state)
{
    (void)state;
    block_the_way();
    is_done = false;
    gatt->read(gatt->self, 3);
    on_loop_turn();
    assert_false(is_done);
    listen_to_requests();
    on_loop_until(&is_done);
    assert_int_equal(told, PORT_GATT_OK);
    assert_int_equal(reads, 1);
}

/* It closes with something unread: an error, not the end of a stream. */
static void a_device_that_hangs_up_is_told(void **state)
{
    (void)state;
    block_the_way();
    hang_up();
    on_loop_until(&is_lost);
}

/* By what the device says: had it hung up there would be room first. What was going on then is
 * over, and the next connection is not taken for the end of it. */
static void lost_while_it_is_being_encrypted(void **state)
{
    static const uint8_t longer[ATT_MTU_MAX + 1];

    (void)state;
    refusals = 1;
    blocks_when_secured = true;
    is_done = false;
    gatt->read(gatt->self, 3);
    while (secured == 0)
        on_loop_turn();
    assert_int_equal(send(device_fd, longer, sizeof(longer), 0), sizeof(longer));
    on_loop_until(&is_done);
    assert_int_equal(told, PORT_GATT_LOST);
    hang_up();
    open_error = -EBUSY;
    assert_int_equal(connect_anew(), PORT_GATT_HELD);
    open_error = 0;
    assert_int_equal(connect_anew(), PORT_GATT_OK);
    without_room_a_request_waits(NULL);
}

/* ---- a device that does not even agree on the size of a PDU ---- */

static int open_senseless(void *user, struct mac addr, uint8_t addr_type)
{
    static const uint8_t half_an_answer[] = { 0x03, 0x17 };
    int fds[2];

    (void)user;
    (void)addr;
    (void)addr_type;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
    assert_int_equal(send(fds[1], half_an_answer, sizeof(half_an_answer), 0),
                     sizeof(half_an_answer));
    device_fd = fds[1];
    return fds[0];
}

static void a_device_that_makes_no_sense_is_not_connected(void **state)
{
    const struct port_gatt_events events = { &is_lost, on_done, on_notified, on_disconnected };
    struct gatt_link *link =
        gatt_link_new(test_loop, (struct gatt_link_calls){ .open = open_senseless });
    const struct port_gatt *port = gatt_link_port(link);
    uint8_t request[8];

    (void)state;
    is_done = is_lost = false;
    port->connect(port->self, (struct mac){ { 1 } }, 0, 5000, &events);
    on_loop_until(&is_done);
    assert_int_equal(told, PORT_GATT_UNREACHABLE);
    assert_true(recv(device_fd, request, sizeof(request), 0) > 0);
    assert_int_equal(recv(device_fd, request, sizeof(request), 0), 0); /* hung up */
    on_loop_turn();
    assert_false(is_lost);
    gatt_link_free(link);
    close(device_fd);
}

#define TALK(test) cmocka_unit_test_setup_teardown(test, connected, parted)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_of_the_kernel_have_a_meaning),
        cmocka_unit_test(an_error_that_comes_later_is_told),
        cmocka_unit_test(the_kernels_own_calls_end_with_an_error),
        cmocka_unit_test(what_is_longer_than_a_pdu_ends_it),
        cmocka_unit_test(freed_while_it_fails_it_is_silent),
        cmocka_unit_test(what_cannot_be_sent_is_a_loss),
        TALK(encryption_is_asked_for_once_and_the_read_repeated),
        TALK(encryption_that_cannot_be_asked_for_ends_the_read_alone),
        TALK(without_room_a_request_waits),
        TALK(a_device_that_hangs_up_is_told),
        TALK(lost_while_it_is_being_encrypted),
        cmocka_unit_test(a_device_that_makes_no_sense_is_not_connected),
    };

    return cmocka_run_group_tests_name("linux_gatt_link", tests, on_loop_setup, on_loop_teardown);
}
