/* The Linux port with a pair of sockets in the place of the kernel's L2CAP channel: a PDU is a
 * message there as here. */
#include "gatt_bench.h"

#include "on_loop.h"

#include "linux/gatt_link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static struct gatt_link *subject;
static struct sim_peer peer;
static enum sim_gatt_reach reach;
static bool has_no_adapter;
static int device_fd;
static struct event *device_reads;

/* ---- the device's end ---- */

static void hang_up(void *carrier)
{
    (void)carrier;
    sim_peer_disconnect(&peer);
    if (device_reads)
        event_free(device_reads);
    device_reads = NULL;
    if (device_fd >= 0)
        close(device_fd);
    device_fd = -1;
}

static void send_pdu(void *carrier, const uint8_t *pdu, size_t len)
{
    (void)carrier;
    assert_int_equal(send(device_fd, pdu, len, MSG_NOSIGNAL), (ssize_t)len);
}

static void on_pdu(evutil_socket_t fd, short what, void *arg)
{
    uint8_t pdu[SIM_PEER_PDU_MAX];
    const ssize_t len = recv(fd, pdu, sizeof(pdu), 0);

    (void)what;
    (void)arg;
    if (len > 0)
        sim_peer_feed(&peer, pdu, (size_t)len);
    else
        hang_up(NULL);
}

static void listen_at(int fd)
{
    device_fd = fd;
    sim_peer_connect(&peer, NULL, send_pdu, hang_up);
    device_reads = event_new(loop_base(test_loop), fd, EV_READ | EV_PERSIST, on_pdu, NULL);
    assert_non_null(device_reads);
    assert_int_equal(event_add(device_reads, NULL), 0);
}

/* ---- what stands in for the kernel ---- */

/* A socket that has no room is not writable, as one that is still connecting. */
static void fill(int fd)
{
    const char byte = 0;

    while (send(fd, &byte, 1, MSG_DONTWAIT) == 1)
        ;
    assert_int_equal(errno, EAGAIN);
}

static int open_pair(void *user, struct mac addr, uint8_t addr_type)
{
    char text[MAC_TEXT_LEN + 1];
    int fds[2];

    (void)user;
    assert_string_equal(mac_print(addr, text), BENCH_MAC);
    assert_int_equal(addr_type, 1);
    if (has_no_adapter)
        return -EHOSTUNREACH;
    if (reach == SIM_GATT_HELD)
        return -EBUSY;
    if (reach == SIM_GATT_REFUSES)
        return -ECONNREFUSED;
    hang_up(NULL);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
    if (reach == SIM_GATT_FAR) {
        fill(fds[0]);
        device_fd = fds[1];
    } else {
        listen_at(fds[1]);
    }
    return fds[0];
}

static int secure(void *user, int fd)
{
    (void)user;
    (void)fd;
    return sim_peer_secure(&peer) ? 0 : -EACCES;
}

/* ---- the bench ---- */

int gatt_bench_setup(void **state)
{
    const struct gatt_link_calls calls = { .open = open_pair, .secure = secure };

    sim_peer_init(&peer);
    reach = SIM_GATT_NEAR;
    has_no_adapter = false;
    device_fd = -1;
    assert_int_equal(on_loop_setup(state), 0);
    subject = gatt_link_new(test_loop, calls);
    return subject ? 0 : -1;
}

int gatt_bench_teardown(void **state)
{
    gatt_link_free(subject);
    hang_up(NULL);
    return on_loop_teardown(state);
}

const struct port_gatt *gatt_bench_port(void)
{
    return gatt_link_port(subject);
}

struct sim_peer *gatt_bench_peer(void)
{
    return &peer;
}

void gatt_bench_reach(enum sim_gatt_reach how)
{
    reach = how;
}

void gatt_bench_take_adapter(void)
{
    has_no_adapter = true;
}

void gatt_bench_drop(void)
{
    hang_up(NULL);
}

void gatt_bench_until(const bool *condition)
{
    on_loop_until(condition);
}
