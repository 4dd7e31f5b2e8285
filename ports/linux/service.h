/*
 * service.h: what the service manager (systemd) is told, by the messages of sd_notify(3): that the
 * program is ready, that its loop still turns, that it ends. Where nobody wants to know
 * ($NOTIFY_SOCKET is not set) all of it does nothing.
 */
#ifndef MI32_PORTS_LINUX_SERVICE_H
#define MI32_PORTS_LINUX_SERVICE_H

#include "linux/loop.h"

/* Private; zero is one that nobody wants to know of. */
struct service {
    const struct port_clock *clock;
    struct timer watchdog;
    uint64_t watchdog_ms; /* between two signs of life; 0: none are wanted */
    int fd;
    bool is_open;
};

/* Looks at $NOTIFY_SOCKET, $WATCHDOG_USEC and $WATCHDOG_PID. The loop is borrowed. */
void service_open(struct service *service, struct loop *loop);
void service_close(struct service *service);

/* Everything works; from now on a sign of life is sent twice in the time the manager waits. This
 * and the end are said once, so they wait up to 10 s for a manager that has no room for more. */
void service_ready(struct service *service);
void service_stopping(struct service *service);

#endif
