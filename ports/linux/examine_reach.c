/* The one question of examine.h that goes over the network. */
#include "linux/examine.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* 0 or an errno. */
static int finish(int fd, unsigned wait_ms)
{
    struct pollfd wanted = { .fd = fd, .events = POLLOUT };
    int error = 0;
    socklen_t len = sizeof(error);

    if (poll(&wanted, 1, (int)wait_ms) <= 0)
        return ETIMEDOUT;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error : errno;
}

static int connect_to(const struct addrinfo *place, unsigned wait_ms)
{
    const int fd = socket(place->ai_family, place->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return errno;
    int error = connect(fd, place->ai_addr, place->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS)
        error = finish(fd, wait_ms);
    close(fd);
    return error;
}

int examine_reach(const char *host, uint16_t port, unsigned wait_ms, char *error, size_t size)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    struct addrinfo *places = NULL;
    char service[8];

    snprintf(service, sizeof(service), "%u", port);
    const int unknown = getaddrinfo(host, service, &hints, &places);
    if (unknown) {
        snprintf(error, size, "%s", gai_strerror(unknown));
        return 1;
    }
    int result = ENOENT;
    for (const struct addrinfo *at = places; at && result != 0; at = at->ai_next)
        result = connect_to(at, wait_ms);
    freeaddrinfo(places);
    if (result != 0)
        snprintf(error, size, "%s", strerror(result));
    return result != 0;
}
