#include "linux/http_place.h"

#include "linux/http_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 64

/* Every address is kept in its IPv6 form: those of IPv4 as ::ffff:a.b.c.d. */
static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static void map(struct in6_addr *out, const struct in_addr *v4)
{
    memcpy(out->s6_addr, mapped, sizeof(mapped));
    memcpy(out->s6_addr + sizeof(mapped), v4, sizeof(*v4));
}

static bool is_mapped(const struct in6_addr *addr)
{
    return memcmp(addr->s6_addr, mapped, sizeof(mapped)) == 0;
}

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static bool from_sockaddr(const struct sockaddr *from, struct in6_addr *out)
{
    if (from && from->sa_family == AF_INET6) {
        *out = ((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
        return true;
    }
    if (from && from->sa_family == AF_INET) {
        map(out, &((const struct sockaddr_in *)(const void *)from)->sin_addr);
        return true;
    }
    return false;
}

/* ---- ADDRESS:PORT ---- */

struct place {
    bool is_v4;
    struct in6_addr addr;
    uint16_t number;
};

static bool read_address(const char *text, size_t len, struct place *out)
{
    char address[INET6_ADDRSTRLEN];
    struct in_addr v4;

    out->is_v4 = len == 0 || text[0] != '[';
    if (!out->is_v4 && (len < 2 || text[len - 1] != ']'))
        return false;
    text += out->is_v4 ? 0 : 1;
    len -= out->is_v4 ? 0 : 2;
    if (len >= sizeof(address))
        return false;
    memcpy(address, text, len);
    address[len] = '\0';
    if (!out->is_v4)
        return inet_pton(AF_INET6, address, &out->addr) == 1;
    if (inet_pton(AF_INET, address, &v4) != 1)
        return false;
    map(&out->addr, &v4);
    return true;
}

static bool read_place(const char *text, struct place *out)
{
    const char *colon = strrchr(text, ':');
    char *end;

    if (!colon || colon[1] < '0' || colon[1] > '9')
        return false;
    const unsigned long number = strtoul(colon + 1, &end, 10);
    out->number = (uint16_t)number;
    return *end == '\0' && number <= UINT16_MAX && read_address(text, (size_t)(colon - text), out);
}

bool http_is_place(const char *text)
{
    struct place place;

    return read_place(text, &place);
}

/* ---- listening ---- */

static int bind_v6(const struct place *place, int fd)
{
    const int off = 0;
    const struct sockaddr_in6 addr = {
        .sin6_family = AF_INET6,
        .sin6_port = htons(place->number),
        .sin6_addr = place->addr,
    };

    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    return bind(fd, (const struct sockaddr *)&addr, sizeof(addr));
}

static int bind_v4(const struct place *place, int fd)
{
    struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(place->number) };

    memcpy(&addr.sin_addr, place->addr.s6_addr + sizeof(mapped), sizeof(addr.sin_addr));
    return bind(fd, (const struct sockaddr *)&addr, sizeof(addr));
}

static enum port_http_error error_of(int number)
{
    static const struct {
        int number;
        enum port_http_error error;
    } rows[] = {
        { EADDRINUSE, PORT_HTTP_BUSY },       { EADDRNOTAVAIL, PORT_HTTP_NOT_HERE },
        { EACCES, PORT_HTTP_DENIED },         { EPERM, PORT_HTTP_DENIED },
        { EAFNOSUPPORT, PORT_HTTP_NOT_HERE },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].number == number)
            return rows[i].error;
    }
    return PORT_HTTP_NO_RESOURCES;
}

/* 0, or the number of the error. */
static int listen_at(const struct place *place, int *fd)
{
    const int on = 1;

    *fd = socket(place->is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return errno;
    setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if ((place->is_v4 ? bind_v4(place, *fd) : bind_v6(place, *fd)) == 0 &&
        listen(*fd, BACKLOG) == 0)
        return 0;
    const int error = errno;
    close(*fd);
    return error;
}

static uint16_t number_of(int fd)
{
    union address addr = { .v6 = { .sin6_family = AF_UNSPEC } };
    socklen_t len = sizeof(addr);

    if (getsockname(fd, &addr.any, &len) != 0)
        return 0;
    return ntohs(addr.any.sa_family == AF_INET6 ? addr.v6.sin6_port : addr.v4.sin_port);
}

enum port_http_error http_place_listen(const char *text, int *fd, uint16_t *number)
{
    static const uint8_t any[16] = { 0 };
    struct place place;

    if (!read_place(text, &place))
        return PORT_HTTP_BAD_PLACE;
    int error = listen_at(&place, fd);
    /* [::] is everywhere, also where the kernel has no IPv6 */
    if ((error == EAFNOSUPPORT || error == EADDRNOTAVAIL) && memcmp(&place.addr, any, 16) == 0) {
        map(&place.addr, &(const struct in_addr){ INADDR_ANY });
        place.is_v4 = true;
        error = listen_at(&place, fd);
    }
    if (error != 0)
        return error_of(error);
    *number = number_of(*fd);
    return PORT_HTTP_OK;
}

/* ---- who is near ---- */

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
    const unsigned whole = bits / 8;
    const uint8_t mask = (uint8_t)(0xff00 >> bits % 8);

    return memcmp(a, b, whole) == 0 && (bits % 8 == 0 || ((a[whole] ^ b[whole]) & mask) == 0);
}

/* The networks nobody has to himself: RFC 1918, 3927, 4193, 4291. */
static bool is_private(const struct in6_addr *addr)
{
    static const struct {
        uint8_t bytes[16];
        uint8_t bits;
    } nets[] = {
        { { [10] = 0xff, 0xff, 10 }, 104 },
        { { [10] = 0xff, 0xff, 172, 16 }, 108 },
        { { [10] = 0xff, 0xff, 192, 168 }, 112 },
        { { [10] = 0xff, 0xff, 169, 254 }, 112 },
        { { [10] = 0xff, 0xff, 127 }, 104 },
        { { [15] = 1 }, 128 },
        { { 0xfc }, 7 },
        { { 0xfe, 0x80 }, 10 },
    };

    for (size_t i = 0; i < sizeof(nets) / sizeof(nets[0]); i++) {
        if (same_bits(addr->s6_addr, nets[i].bytes, nets[i].bits))
            return true;
    }
    return false;
}

/* Of one address and its mask, in bytes; a mask of nothing would be the whole world. */
static bool same_net(const uint8_t *own, const uint8_t *addr, const uint8_t *mask, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((own[i] ^ addr[i]) & mask[i])
            return false;
    }
    return mask[0] != 0;
}

static bool is_on_link(const struct ifaddrs *interface, const struct in6_addr *addr)
{
    const size_t from = is_mapped(addr) ? sizeof(mapped) : 0;
    struct in6_addr own, mask;

    return from_sockaddr(interface->ifa_addr, &own) && is_mapped(&own) == is_mapped(addr) &&
           from_sockaddr(interface->ifa_netmask, &mask) &&
           same_net(own.s6_addr + from, addr->s6_addr + from, mask.s6_addr + from,
                    sizeof(own) - from);
}

static bool is_ours(const struct in6_addr *addr)
{
    struct ifaddrs *interfaces = NULL;
    bool found = false;

    if (getifaddrs(&interfaces) != 0)
        return false;
    for (const struct ifaddrs *i = interfaces; i && !found; i = i->ifa_next)
        found = is_on_link(i, addr);
    freeifaddrs(interfaces);
    return found;
}

void http_place_peer(int fd, char text[HTTP_PEER_SIZE], bool *is_local)
{
    union address peer = { .v6 = { .sin6_family = AF_UNSPEC } };
    socklen_t len = sizeof(peer);
    struct in6_addr addr;

    text[0] = '\0';
    *is_local = false;
    if (getpeername(fd, &peer.any, &len) != 0 || !from_sockaddr(&peer.any, &addr))
        return;
    if (is_mapped(&addr))
        inet_ntop(AF_INET, addr.s6_addr + sizeof(mapped), text, HTTP_PEER_SIZE);
    else
        inet_ntop(AF_INET6, &addr, text, HTTP_PEER_SIZE);
    *is_local = is_private(&addr) || is_ours(&addr);
}
