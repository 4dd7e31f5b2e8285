/* The kernel's own calls for gatt_link.h. Structures and numbers are those of its socket interface:
 * an LE fixed channel is a SOCK_SEQPACKET socket, a PDU a message. */
#include "linux/gatt_link.h"

#include "base/bytes.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PROTOCOL_L2CAP = 0,
    CHANNEL_ATT = 4,
    ADDRESS_LE_PUBLIC = 1,
    ADDRESS_LE_RANDOM = 2,
    LEVEL_BLUETOOTH = 274,
    OPTION_SECURITY = 4,
    SECURITY_MEDIUM = 2, /* encrypted; a pairing need not be confirmed by a person */
};

struct l2cap_address {
    sa_family_t family;
    uint8_t psm[2];
    uint8_t device[6]; /* last byte first */
    uint8_t channel[2];
    uint8_t type;
};

struct security {
    uint8_t level;
    uint8_t key_size;
};

static struct l2cap_address address(uint8_t type)
{
    struct l2cap_address it = { .family = AF_BLUETOOTH, .type = type };

    bytes_put_le(it.channel, sizeof(it.channel), CHANNEL_ATT);
    return it;
}

/* From any adapter where none is asked for: the kernel takes the first that is up. */
static int begin(int fd, const struct gatt_link_origin *origin, struct mac addr, uint8_t addr_type)
{
    struct l2cap_address own = address(ADDRESS_LE_PUBLIC);
    struct mac from;
    struct l2cap_address peer = address(addr_type & 1 ? ADDRESS_LE_RANDOM : ADDRESS_LE_PUBLIC);

    mac_to_reversed(addr, peer.device);
    if (origin && origin->find(origin->user, &from))
        mac_to_reversed(from, own.device);
    if (bind(fd, (const struct sockaddr *)&own, sizeof(own)) != 0)
        return -errno;
    if (connect(fd, (const struct sockaddr *)&peer, sizeof(peer)) != 0 && errno != EINPROGRESS &&
        errno != EAGAIN)
        return -errno;
    return 0;
}

static int open_l2cap(void *user, struct mac addr, uint8_t addr_type)
{
    const int fd =
        socket(AF_BLUETOOTH, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, PROTOCOL_L2CAP);

    if (fd < 0)
        return -errno;
    const int error = begin(fd, user, addr, addr_type);
    if (error == 0)
        return fd;
    close(fd);
    return error;
}

static int secure_l2cap(void *user, int fd)
{
    const struct security security = { .level = SECURITY_MEDIUM };

    (void)user;
    return setsockopt(fd, LEVEL_BLUETOOTH, OPTION_SECURITY, &security, sizeof(security)) == 0
               ? 0
               : -errno;
}

struct gatt_link_calls gatt_link_l2cap(struct gatt_link_origin *origin)
{
    return (struct gatt_link_calls){ origin, open_l2cap, secure_l2cap };
}
