#include "linux/gatt_link.h"

#include "bearer/bearer.h"

#include <event2/event.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct gatt_link {
    struct bearer bearer;
    struct gatt_link_calls calls;
    struct loop *loop;
    struct loop_task failed; /* to open: told on a turn of its own */
    int error;
    int fd;
    struct event *readable, *writable;
    bool is_opening, is_securing;
};

enum port_gatt_error gatt_link_error(int error)
{
    static const struct {
        int error;
        enum port_gatt_error meaning;
    } rows[] = {
        { EBUSY, PORT_GATT_HELD },              /* another program has the ATT channel */
        { EHOSTUNREACH, PORT_GATT_NO_ADAPTER }, /* none that is up */
        { ENETDOWN, PORT_GATT_NO_ADAPTER },
        { ENODEV, PORT_GATT_NO_ADAPTER },
        { EADDRNOTAVAIL, PORT_GATT_NO_ADAPTER },
        { EAFNOSUPPORT, PORT_GATT_NO_ADAPTER }, /* a kernel without Bluetooth */
        { EPROTONOSUPPORT, PORT_GATT_NO_ADAPTER },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].error == error)
            return rows[i].meaning;
    return PORT_GATT_UNREACHABLE;
}

/* ---- the socket ---- */

static void close_socket(void *self)
{
    struct gatt_link *link = self;

    loop_unpost(link->loop, &link->failed);
    if (link->readable)
        event_free(link->readable);
    if (link->writable)
        event_free(link->writable);
    link->readable = link->writable = NULL;
    if (link->fd >= 0)
        close(link->fd);
    link->fd = -1;
    link->is_opening = link->is_securing = false;
}

static int error_of_socket(int fd)
{
    int error = 0;
    socklen_t len = sizeof(error);

    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error : errno;
}

static void lose(struct gatt_link *link, int error)
{
    close_socket(link);
    bearer_closed(&link->bearer, gatt_link_error(error));
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    uint8_t pdu[ATT_MTU_MAX];
    struct gatt_link *link = arg;
    const ssize_t len = recv(fd, pdu, sizeof(pdu), MSG_TRUNC);

    (void)what;
    if (len > (ssize_t)sizeof(pdu))
        lose(link, EMSGSIZE); /* longer than was agreed upon: its end is gone */
    else if (len > 0)
        bearer_received(&link->bearer, pdu, (size_t)len);
    else if (len == 0 || (errno != EAGAIN && errno != EINTR))
        lose(link, len == 0 ? ECONNRESET : errno);
}

static void on_open(struct gatt_link *link)
{
    const int error = error_of_socket(link->fd);

    link->is_opening = false;
    if (error == 0 && event_add(link->readable, NULL) == 0)
        bearer_opened(&link->bearer);
    else
        lose(link, error ? error : ENOMEM);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
    struct gatt_link *link = arg;

    (void)fd;
    (void)what;
    if (link->is_opening) {
        on_open(link);
    } else if (link->is_securing) {
        link->is_securing = false;
        bearer_secured(&link->bearer, true);
    } else {
        bearer_writable(&link->bearer);
    }
}

/* ---- the bearer's calls ---- */

static void on_failed(void *user)
{
    struct gatt_link *link = user;

    if (link->is_securing) {
        link->is_securing = false;
        bearer_secured(&link->bearer, false);
    } else {
        lose(link, link->error);
    }
}

static void fail_soon(struct gatt_link *link, int error)
{
    link->error = error;
    loop_post(link->loop, &link->failed);
}

static bool watch(struct gatt_link *link)
{
    struct event_base *base = loop_base(link->loop);

    link->readable = event_new(base, link->fd, EV_READ | EV_PERSIST, on_readable, link);
    link->writable = event_new(base, link->fd, EV_WRITE, on_writable, link);
    return link->readable && link->writable && event_add(link->writable, NULL) == 0;
}

static void open_socket(void *self, struct mac addr, uint8_t addr_type)
{
    struct gatt_link *link = self;
    const int fd = link->calls.open(link->calls.user, addr, addr_type);

    link->is_opening = true;
    if (fd < 0) {
        fail_soon(link, -fd);
        return;
    }
    link->fd = fd;
    if (!watch(link))
        fail_soon(link, ENOMEM);
}

/* The channel has ended where a PDU cannot go out for good; send() may be the only one to be told.
 */
static bool send_pdu(void *self, const uint8_t *pdu, size_t len)
{
    struct gatt_link *link = self;

    if (send(link->fd, pdu, len, MSG_NOSIGNAL) >= 0)
        return true;
    if (errno == EAGAIN || errno == EINTR || errno == ENOBUFS) {
        event_add(link->writable, NULL);
    } else {
        link->is_securing = false;
        fail_soon(link, errno);
    }
    return false;
}

static void secure(void *self)
{
    struct gatt_link *link = self;
    const int error = link->calls.secure(link->calls.user, link->fd);

    link->is_securing = true;
    if (error)
        fail_soon(link, -error);
    else
        event_add(link->writable, NULL);
}

struct gatt_link *gatt_link_new(struct loop *loop, struct gatt_link_calls calls)
{
    struct gatt_link *link = calloc(1, sizeof(*link));
    const struct bearer_calls bearer = { link, open_socket, send_pdu, secure, close_socket };

    if (!link)
        return NULL;
    link->calls = calls;
    link->loop = loop;
    link->fd = -1;
    link->failed = (struct loop_task){ .run = on_failed, .user = link };
    bearer_init(&link->bearer, &bearer, loop_clock(loop), ATT_MTU_MAX);
    return link;
}

void gatt_link_free(struct gatt_link *link)
{
    if (!link)
        return;
    bearer_stop(&link->bearer);
    close_socket(link);
    free(link);
}

const struct port_gatt *gatt_link_port(struct gatt_link *link)
{
    return &link->bearer.port;
}
