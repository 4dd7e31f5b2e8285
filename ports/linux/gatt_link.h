/* gatt_link.h: port/gatt.h by the kernel's L2CAP: one channel for ATT PDUs to one device. */
#ifndef MI32_PORTS_LINUX_GATT_LINK_H
#define MI32_PORTS_LINUX_GATT_LINK_H

#include "linux/loop.h"
#include "port/gatt.h"

struct gatt_link;

/* The kernel's calls. Tests give others, which lead to a pair of sockets. */
struct gatt_link_calls {
    void *user;

    /* A non-blocking socket that connects to the device, or is connected: writable then, or with an
     * error to be read from it. Else -errno. */
    int (*open)(void *user, struct mac addr, uint8_t addr_type);

    /* Asks for an encrypted link; the socket is not writable until that has come about. 0 or
     * -errno. */
    int (*secure)(void *user, int fd);
};

/* Which adapter to connect by: the one of this address. False: the first that is up. */
struct gatt_link_origin {
    void *user;
    bool (*find)(void *user, struct mac *out);
};

/* Those of this machine. They need no capability. `origin` is borrowed; NULL: the first that is up.
 */
struct gatt_link_calls gatt_link_l2cap(struct gatt_link_origin *origin);

/* The loop is borrowed, the calls are copied. NULL without memory. */
struct gatt_link *gatt_link_new(struct loop *loop, struct gatt_link_calls calls);
void gatt_link_free(struct gatt_link *link);

const struct port_gatt *gatt_link_port(struct gatt_link *link);

/* What an errno of connecting means. */
enum port_gatt_error gatt_link_error(int error);

#endif
