/*
 * examine.h: looks at this machine for `mi32 doctor`: each function answers one question, and may
 * wait a moment for the answer. `root` is put in front of every path: "" for this machine, a folder
 * for a test.
 */
#ifndef MI32_PORTS_LINUX_EXAMINE_H
#define MI32_PORTS_LINUX_EXAMINE_H

#include "linux/bt_socket.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Bluetooth ---- */

struct examine_adapter {
    uint16_t index;  /* of hci0 */
    char driver[32]; /* "btusb", "hci_uart_bcm"; "" when the system does not say */
    bool is_soft_blocked, is_hard_blocked; /* rfkill; the second by a switch */
};

/* The adapters, lowest number first; how many. */
size_t examine_adapters(const char *root, struct examine_adapter *out, size_t max);

/* What the kernel says about one. False when it does not: errno says why, or ETIMEDOUT. */
struct examine_settings {
    bool can_le, has_le, is_powered;
};
bool examine_settings(const struct bt_sockets *sockets, uint16_t index,
                      struct examine_settings *out);

struct examine_kernel {
    unsigned major, minor, patch;
    char release[64]; /* as `uname -r` has it */
};
bool examine_kernel(const char *root, struct examine_kernel *out);

/* Whether this kernel drops repeats of an advert while it scans for us, as far as is known. */
bool examine_filters_repeats(const struct examine_kernel *kernel);

/* Whether this process may use the management socket, and raw ones. */
struct examine_rights {
    bool net_admin, net_raw;
};
bool examine_rights(const char *root, struct examine_rights *out);

/* ---- the rest ---- */

/* Whether a program of this name (at most 15 characters) runs. */
bool examine_process(const char *root, const char *name);

/* Who answers for mDNS here. */
enum examine_mdns {
    EXAMINE_MDNS_AVAHI,
    EXAMINE_MDNS_OTHER, /* somebody has its port, and it is not avahi */
    EXAMINE_MDNS_NOBODY,
};
enum examine_mdns examine_mdns(const char *root);

/* The disk below a folder, or below the part of its path that exists. False with errno. */
struct examine_disk {
    uint64_t free_bytes;
    bool is_read_only, may_write;
};
bool examine_disk(const char *path, struct examine_disk *out);

/* Connects by TCP and closes again; 0, or 1 with the reason in `error`. */
int examine_reach(const char *host, uint16_t port, unsigned wait_ms, char *error, size_t size);

#endif
