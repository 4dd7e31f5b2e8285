/*
 * hci.h: LE advertising reports of a Bluetooth controller, from the bytes of an HCI event to
 * adverts. Legacy reports (subevent 02) and extended ones (0d); an advert that comes in pieces is
 * joined. Core Specification 5.4, Vol 4 Part E, 7.7.65.2 and 7.7.65.13. Pure: no heap, no I/O.
 */
#ifndef MI32_PORTS_CAPTURE_HCI_H
#define MI32_PORTS_CAPTURE_HCI_H

#include "base/advert.h"
#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HCI_EVENT_MAX 257 /* event code, length, up to 255 parameters */

enum hci_data_status {
    HCI_DATA_COMPLETE = 0,
    HCI_DATA_MORE = 1, /* another report goes on with this advert */
    HCI_DATA_CUT = 2,  /* the controller lost the rest */
};

struct hci_report {
    struct mac addr; /* zero when is_anonymous */
    bool is_anonymous;
    uint8_t addr_type; /* enum advert_addr_type */
    uint8_t set_id;    /* which of the sender's advertising sets; 255 for none */
    uint8_t data_status;
    int8_t rssi;
    const uint8_t *data; /* into the event */
    uint8_t len;
};

/* The reports of one event. Private; filled by hci_reports_open(). */
struct hci_reports {
    struct bytes row;
    unsigned left;
    bool is_extended;
};

/* Takes one event, from its event code (3e) on, without the packet type (04) before it. False when
 * it is no LE advertising report; `event` is borrowed while its reports are read. */
bool hci_reports_open(struct hci_reports *reports, const uint8_t *event, size_t len);

/* The next report. False when there is none; hci_reports_failed() then tells whether the event
 * was shorter than its reports say. */
bool hci_reports_next(struct hci_reports *reports, struct hci_report *out);
bool hci_reports_failed(const struct hci_reports *reports);

#define HCI_JOINER_SLOTS 4 /* adverts in pieces at the same time; the oldest gives way */

/* Pieces that wait for the rest. Zero is empty; private below. */
struct hci_joiner {
    struct hci_piece {
        bool is_used, is_anonymous;
        struct mac addr;
        uint8_t addr_type, set_id;
        int8_t rssi;
        uint64_t age;
        uint16_t len;
        uint8_t data[ADVERT_LEN_MAX];
    } slots[HCI_JOINER_SLOTS];
    uint64_t counted;
};

/* Takes a report; true when an advert is whole. *out then borrows its data from the report or the
 * joiner, until the next call; heard_ms and radio are zero. An advert that grows beyond
 * ADVERT_LEN_MAX breaks the specification and is dropped. */
bool hci_join(struct hci_joiner *joiner, const struct hci_report *report, struct advert *out,
              bool *is_anonymous);

/* What waits still, oldest first, as adverts that end early: for the end of a recording. False when
 * nothing is left. */
bool hci_join_rest(struct hci_joiner *joiner, struct advert *out, bool *is_anonymous);

#endif
