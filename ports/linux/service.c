#include "linux/service.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 10000

static void tell(const struct service *service, const char *message)
{
    if (service->is_open)
        (void)send(service->fd, message, strlen(message), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* A manager that is busy has at some time no room for more: by default after ten messages, where
 * systemd is after some hundreds. One sign of life of many may be lost; what is said once waits. */
static void tell_once(const struct service *service, const char *message)
{
    struct pollfd room = { .fd = service->fd, .events = POLLOUT };

    while (service->is_open && poll(&room, 1, PATIENCE_MS) < 0 && errno == EINTR)
        continue;
    tell(service, message);
}

/* A path, or behind an @ a name of the abstract namespace. */
static bool connect_to(struct service *service, const char *name)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    const size_t len = strlen(name);

    if (len < 2 || len >= sizeof(addr.sun_path) || !strchr("/@", name[0]))
        return false;
    memcpy(addr.sun_path, name, len);
    if (name[0] == '@')
        addr.sun_path[0] = '\0';
    service->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (service->fd < 0)
        return false;
    const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    if (connect(service->fd, (const struct sockaddr *)&addr, size) == 0)
        return true;
    close(service->fd);
    return false;
}

/* Half of what the manager waits for, if it is us that it watches. */
static uint64_t watchdog_ms(void)
{
    const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

    if (!usec || (pid && strtol(pid, NULL, 10) != (long)getpid()))
        return 0;
    return strtoull(usec, NULL, 10) / 2000;
}

static void live(void *user)
{
    struct service *service = user;

    tell(service, "WATCHDOG=1");
    service->clock->set(service->clock->self, &service->watchdog,
                        service->clock->now_ms(service->clock->self) + service->watchdog_ms);
}

void service_open(struct service *service, struct loop *loop)
{
    const char *name = getenv("NOTIFY_SOCKET");

    *service = (struct service){ .clock = loop_clock(loop) };
    service->watchdog = (struct timer){ .fire = live, .user = service };
    service->is_open = name && connect_to(service, name);
    service->watchdog_ms = service->is_open ? watchdog_ms() : 0;
}

void service_close(struct service *service)
{
    if (service->clock)
        service->clock->cancel(service->clock->self, &service->watchdog);
    if (service->is_open)
        close(service->fd);
    *service = (struct service){ 0 };
}

void service_ready(struct service *service)
{
    tell_once(service, "READY=1");
    if (service->watchdog_ms > 0)
        live(service);
}

void service_stopping(struct service *service)
{
    tell_once(service, "STOPPING=1");
}
