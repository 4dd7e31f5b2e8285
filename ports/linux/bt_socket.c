#include "linux/bt_socket.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif

enum {
    PROTOCOL_HCI = 1,
    LEVEL_HCI = 0,
    OPTION_FILTER = 2,
    CHANNEL_RAW = 0,
    CHANNEL_USER = 1,
    CHANNEL_CONTROL = 3,
    INDEX_NONE = 0xffff,
    PACKET_EVENT = 4,
    BUFFER = 8 << 20, /* 10,000 messages, each accounted with some 700 bytes */
    MEMINFO_DROPS = 8,
    MEMINFO_SIZE = 9,
};

struct hci_address {
    sa_family_t family;
    uint16_t index;
    uint16_t channel;
};

/* Which packets and events reach a raw socket: bits of their numbers. */
struct hci_filter {
    uint32_t packets;
    uint32_t events[2];
    uint16_t command;
};

static int fail(int fd)
{
    const int error = errno;

    close(fd);
    return -error;
}

/* With the capability the buffer may pass the system's limit; without it is as long as that. */
static void enlarge(int fd)
{
    const int size = BUFFER;

    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

static int open_channel(uint16_t index, uint16_t channel)
{
    const struct hci_address address = { AF_BLUETOOTH, index, channel };
    const int fd = socket(AF_BLUETOOTH, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, PROTOCOL_HCI);

    if (fd < 0)
        return -errno;
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
        return fail(fd);
    enlarge(fd);
    return fd;
}

static int open_mgmt(void *user)
{
    (void)user;
    return open_channel(INDEX_NONE, CHANNEL_CONTROL);
}

static uint32_t bit(unsigned n)
{
    return UINT32_C(1) << n % 32;
}

/* Ends of connections, answers, LE events. */
static int open_hci(void *user, uint16_t index, bool is_user)
{
    const struct hci_filter filter = {
        .packets = bit(PACKET_EVENT),
        .events = { bit(0x05) | bit(0x0e) | bit(0x0f), bit(0x3e) },
    };
    const int fd = open_channel(index, is_user ? CHANNEL_USER : CHANNEL_RAW);

    (void)user;
    if (fd >= 0 && !is_user &&
        setsockopt(fd, LEVEL_HCI, OPTION_FILTER, &filter, sizeof(filter)) != 0)
        return fail(fd);
    return fd;
}

/* By its switches for programs (soft) and by hand (hard); each file has a 0 or a 1. */
static bool is_blocked(void *user, uint16_t index)
{
    glob_t switches = { 0 };
    char pattern[64];
    bool is = false;

    (void)user;
    snprintf(pattern, sizeof(pattern), "/sys/class/bluetooth/hci%u/rfkill*/[sh][oa][fr][td]",
             index);
    if (glob(pattern, 0, NULL, &switches) != 0)
        return false;
    for (size_t i = 0; i < switches.gl_pathc; i++) {
        FILE *file = fopen(switches.gl_pathv[i], "re");
        is = is || (file && fgetc(file) == '1');
        if (file)
            fclose(file);
    }
    globfree(&switches);
    return is;
}

struct bt_sockets bt_sockets(void)
{
    return (struct bt_sockets){ NULL, open_mgmt, open_hci, is_blocked };
}

uint64_t bt_socket_lost(int fd)
{
    uint32_t figures[MEMINFO_SIZE] = { 0 };
    socklen_t size = sizeof(figures);

    if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, figures, &size) != 0)
        return 0;
    return figures[MEMINFO_DROPS];
}
