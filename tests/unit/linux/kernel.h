/*
 * kernel.h: the kernel's end of Bluetooth, as far as ports/linux talks to it: the management socket
 * of one adapter, and the controller behind its HCI socket. Bytes in, bytes out; it notes what was
 * asked of it in words, and fails in the ways that the test sets.
 */
#ifndef MI32_TESTS_LINUX_KERNEL_H
#define MI32_TESTS_LINUX_KERNEL_H

#include "base/mac.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KERNEL_POWERED 0x0001u
#define KERNEL_LE      0x0200u
#define KERNEL_INDEX   0 /* of its adapter, hci0, unless the test sets another */

struct kernel {
    /* ---- what the test sets ---- */
    uint32_t settings; /* powered and LE at first */
    uint16_t index;
    bool is_mute;             /* answers nothing */
    bool is_gone;             /* there is no adapter */
    bool is_extended;         /* the controller has the extended commands */
    bool has_no_scan_setting; /* an older kernel does not tell its scan parameters */
    struct {
        uint16_t command; /* management; or HCI */
        uint8_t status;   /* with which it is refused; 0: it is not */
    } refuses[2];

    void *user;
    void (*mgmt)(void *user, const uint8_t *message, size_t len);
    void (*hci)(void *user, const uint8_t *packet, size_t len);

    /* ---- what the test reads ---- */
    char asked[512];           /* "info le+ power+ defaults monitor" */
    uint32_t monitors;         /* bit n: one of handle n */
    uint16_t interval, window; /* as set last */
    bool is_scanning;          /* by HCI commands */
};

void kernel_init(struct kernel *kernel);

/* What was asked since the last look. */
const char *kernel_asked(struct kernel *kernel);

/* How many monitors are registered. */
unsigned kernel_monitors(const struct kernel *kernel);

/* A message to the management socket; a packet to the controller. */
void kernel_take_mgmt(struct kernel *kernel, const uint8_t *message, size_t len);
void kernel_take_hci(struct kernel *kernel, const uint8_t *packet, size_t len);

/* What happens by itself. */
void kernel_unplug(struct kernel *kernel);
void kernel_plug_in(struct kernel *kernel);
void kernel_power(struct kernel *kernel, bool is_on);
void kernel_take_monitors(struct kernel *kernel); /* as a bluetoothd that starts */
void kernel_discovering(struct kernel *kernel, bool is_on);

/* An advert of a device whose address ends with `sender`, as the monitor tells it; and as an event
 * of the controller. Each gives the bytes too, for a test that sends them itself. */
#define KERNEL_MESSAGE_MAX 300
size_t kernel_advert(uint8_t sender, const void *data, size_t len, uint16_t index,
                     uint8_t out[KERNEL_MESSAGE_MAX]);
size_t kernel_report(uint8_t sender, const void *data, size_t len, uint8_t out[KERNEL_MESSAGE_MAX]);

#endif
