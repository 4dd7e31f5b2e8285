/*
 * hci_listen.h: listening by commands of our own to a controller (HCI), where the kernel has no
 * advertisement monitor, or where the controller is ours alone (user channel). Packets in, packets
 * out, no socket. A packet begins with its type: 01 command, 04 event.
 *
 * Commands and events are those of Core Specification 5.4, Vol 4 Part E.
 */
#ifndef MI32_PORTS_LINUX_HCI_LISTEN_H
#define MI32_PORTS_LINUX_HCI_LISTEN_H

#include "linux/mgmt.h"
#include "port/radio.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HCI_PACKET_MAX         260
#define HCI_PACKET_EVENT       0x04
#define HCI_EVENT_COMPLETE     0x0e
#define HCI_EVENT_STATUS       0x0f
#define HCI_EVENT_DISCONNECTED 0x05
#define HCI_EVENT_LE           0x3e

struct hci_listen_setup {
    bool is_user;   /* nobody has prepared the controller: reset it first */
    bool is_active; /* ask sensors for scan responses */
    struct mgmt_scan scan;

    /* With is_user and somebody to watch, the controller hands on the adverts of those alone, where
     * its own list has room for them. Borrowed while commands are made; NULL for no lists. */
    const struct port_radio_lists *lists;
};

/* Private, but for `refusal`. */
struct hci_listen {
    struct hci_listen_setup setup;
    unsigned step; /* of the table in hci_listen.c */
    unsigned nth;  /* of a step that is taken several times */
    bool is_extended;
    bool is_listing; /* the controller's list of senders is used */
    uint8_t refusal; /* the controller's error code behind HCI_LISTEN_REFUSED */
};

enum hci_listen_result {
    HCI_LISTEN_NOTHING,
    HCI_LISTEN_REPORTS,   /* adverts: for hci_reports_open(), from the second byte on */
    HCI_LISTEN_COMMAND,   /* hci_listen_command() has the next packet to send */
    HCI_LISTEN_ON,        /* the controller listens */
    HCI_LISTEN_REFUSED,   /* it does not; another program or the kernel may be scanning */
    HCI_LISTEN_DISTURBED, /* somebody else changed the scan or a connection: begin again */
};

void hci_listen_begin(struct hci_listen *listen, const struct hci_listen_setup *setup);

/* The packet to send now, after begin() and after HCI_LISTEN_COMMAND; its length. */
size_t hci_listen_command(const struct hci_listen *listen, uint8_t out[HCI_PACKET_MAX]);

/* Takes a packet from the controller, whatever its bytes are. */
enum hci_listen_result hci_listen_packet(struct hci_listen *listen, const uint8_t *packet,
                                         size_t len);

/* The packet that ends listening. */
size_t hci_listen_end(const struct hci_listen *listen, uint8_t out[HCI_PACKET_MAX]);

#endif
