/* bt_socket.h: the kernel's Bluetooth sockets, opened for a loop: non-blocking, with a buffer for
 * five seconds of a busy air. Structures and numbers are those of the kernel's socket interface. */
#ifndef MI32_PORTS_LINUX_BT_SOCKET_H
#define MI32_PORTS_LINUX_BT_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

/* Each gives a descriptor or -errno. Tests give others, which lead to a pair of sockets. */
struct bt_sockets {
    void *user;
    int (*open_mgmt)(void *user);
    int (*open_hci)(void *user, uint16_t index, bool is_user);

    /* Whether rfkill blocks the adapter. */
    bool (*is_blocked)(void *user, uint16_t index);
};

/* Those of this machine. */
struct bt_sockets bt_sockets(void);

/* How many messages the kernel threw away because the socket's buffer was full; 0 where it does not
 * say. */
uint64_t bt_socket_lost(int fd);

#endif
