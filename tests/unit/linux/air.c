#include "air.h"

#include "on_loop.h"

#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <event2/event.h>
#include <sys/socket.h>
#include <unistd.h>

#define NO_ADAPTER    0xffff
#define READ_ADAPTERS 0x0003

static void close_end(struct air_end *end)
{
    if (end->fd < 0)
        return;
    event_free(end->event);
    close(end->fd);
    end->fd = -1;
}

/* To nobody, when the other side has closed. */
static void put(const struct air_end *end, const uint8_t *bytes, size_t len)
{
    if (end->fd >= 0 && send(end->fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        assert_int_equal(errno, EPIPE);
}

static void from_mgmt(void *user, const uint8_t *message, size_t len)
{
    const struct air *air = user;

    put(&air->mgmt, message, len);
}

static void from_hci(void *user, const uint8_t *packet, size_t len)
{
    const struct air *air = user;

    put(&air->hci, packet, len);
}

/* The kernel lists the last one first. */
static void list(struct air *air)
{
    uint8_t message[6 + 3 + 2 + 2 * AIR_KERNELS] = { 0x01, 0, 0xff, 0xff, 0, 0, READ_ADAPTERS };
    uint8_t *end = message + 11;

    air->listed++;
    for (size_t i = AIR_KERNELS; i-- > 0;) {
        if (air->kernels[i].is_gone)
            continue;
        bytes_put_le(end, 2, air->kernels[i].index);
        end += 2;
    }
    bytes_put_le(message + 9, 2, (uint64_t)(end - message - 11) / 2);
    bytes_put_le(message + 4, 2, (uint64_t)(end - message - 6));
    put(&air->mgmt, message, (size_t)(end - message));
}

static void take_mgmt(struct air *air, const uint8_t *message, size_t len)
{
    const uint16_t index = (uint16_t)bytes_le(message + 2, 2);
    if (index == NO_ADAPTER) {
        assert_int_equal(bytes_le(message, 2), READ_ADAPTERS);
        list(air);
        return;
    }
    assert_in_range(index, 0, AIR_KERNELS - 1);
    kernel_take_mgmt(&air->kernels[index], message, len);
}

/* All that is there, also what was sent before the end. */
static void on_mgmt(evutil_socket_t fd, short what, void *user)
{
    struct air *air = user;
    uint8_t message[512];
    ssize_t len;

    (void)what;
    while ((len = recv(fd, message, sizeof(message), MSG_DONTWAIT)) > 0)
        take_mgmt(air, message, (size_t)len);
    if (len < 0 && errno == EAGAIN)
        return;
    close_end(&air->mgmt);
    air->is_closed = true;
}

static void on_hci(evutil_socket_t fd, short what, void *user)
{
    struct air *air = user;
    uint8_t packet[512];
    const ssize_t len = recv(fd, packet, sizeof(packet), MSG_DONTWAIT);

    (void)what;
    if (len <= 0)
        close_end(&air->hci);
    else
        kernel_take_hci(&air->kernels[0], packet, (size_t)len);
}

static int open_pair(struct air *air, struct air_end *end, event_callback_fn on_message)
{
    int fds[2];

    close_end(end);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
    end->fd = fds[1];
    end->event = event_new(loop_base(test_loop), fds[1], EV_READ | EV_PERSIST, on_message, air);
    assert_non_null(end->event);
    assert_int_equal(event_add(end->event, NULL), 0);
    return fds[0];
}

static int open_mgmt(void *user)
{
    struct air *air = user;

    air->opened++;
    air->is_closed = false;
    if (air->mgmt.fd >= 0)
        on_mgmt(air->mgmt.fd, 0, air);
    return air->mgmt_error ? air->mgmt_error : open_pair(air, &air->mgmt, on_mgmt);
}

static int open_hci(void *user, uint16_t index, bool is_user)
{
    struct air *air = user;

    (void)is_user;
    assert_int_equal(index, 0);
    return air->hci_error ? air->hci_error : open_pair(air, &air->hci, on_hci);
}

void air_init(struct air *air)
{
    *air = (struct air){ .mgmt.fd = -1, .hci.fd = -1 };
    for (size_t i = 0; i < AIR_KERNELS; i++) {
        struct kernel *kernel = &air->kernels[i];
        kernel_init(kernel);
        kernel->index = (uint16_t)i;
        kernel->is_gone = i > 0;
        kernel->user = air;
        kernel->mgmt = from_mgmt;
        kernel->hci = from_hci;
    }
}

void air_close(struct air *air)
{
    close_end(&air->mgmt);
    close_end(&air->hci);
}

static bool is_blocked(void *user, uint16_t index)
{
    (void)user;
    (void)index;
    return false;
}

struct bt_sockets air_sockets(struct air *air)
{
    return (struct bt_sockets){ air, open_mgmt, open_hci, is_blocked };
}

void air_cut(struct air *air)
{
    close_end(&air->mgmt);
}
