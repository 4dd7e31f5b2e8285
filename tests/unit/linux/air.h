/* air.h: the kernel of kernel.h behind pairs of sockets, on the loop of on_loop.h: for the code of
 * ports/linux as it is. */
#ifndef MI32_TESTS_LINUX_AIR_H
#define MI32_TESTS_LINUX_AIR_H

#include "kernel.h"

#include "linux/bt_socket.h"

#define AIR_KERNELS 2 /* hci0 and hci1 */

struct event;

/* One end of a pair. */
struct air_end {
    int fd; /* -1: closed */
    struct event *event;
};

struct air {
    struct kernel kernels[AIR_KERNELS]; /* hci1 is gone at first */
    int mgmt_error, hci_error;          /* of opening; 0: none */

    bool is_closed;  /* the management socket, by the other side */
    unsigned listed; /* how often the adapters were asked for */
    unsigned opened; /* how often the management socket was */
    struct air_end mgmt, hci;
};

/* Without a loop yet; the first socket opened wants one. */
void air_init(struct air *air);
void air_close(struct air *air); /* also what the other side has left open */

struct bt_sockets air_sockets(struct air *air);

/* Takes the management socket away, as no kernel should. */
void air_cut(struct air *air);

#endif
