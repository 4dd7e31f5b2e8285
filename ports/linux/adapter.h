/*
 * adapter.h: one Bluetooth adapter made to listen, and made to listen again after whatever happens
 * to it. Bytes of the management socket and of HCI go in and out; sockets are the caller's.
 *
 * Listening is the kernel's, by an advertisement monitor: it scans passively, shares the controller
 * with bluetoothd and with connections, and goes on by itself. Where the kernel has no monitors, or
 * where the adapter shall be ours alone (`is_user`), commands of our own scan (hci_listen.h).
 */
#ifndef MI32_PORTS_LINUX_ADAPTER_H
#define MI32_PORTS_LINUX_ADAPTER_H

#include "capture/hci.h"
#include "linux/hci_listen.h"
#include "linux/mgmt.h"
#include "port/clock.h"
#include "port/radio.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADAPTER_NAME_SIZE 16
#define ADAPTER_TEXT_SIZE 192

struct adapter_calls {
    void *user;

    /* Hands bytes to the kernel; 0 or -errno. */
    int (*send_mgmt)(void *user, const uint8_t *message, size_t len);
    int (*send_hci)(void *user, const uint8_t *packet, size_t len);

    /* Opens the HCI socket of this adapter, closes it. 0 or -errno. */
    int (*open_hci)(void *user, uint16_t index, bool is_user);
    void (*close_hci)(void *user);

    /* Whether rfkill keeps this adapter off: the kernel only says that it failed. */
    bool (*is_blocked)(void *user, uint16_t index);

    /* Asks for the management socket to be opened anew; adapter_reset() and adapter_appeared()
     * follow later, not from inside this call. */
    void (*reopen)(void *user);

    void (*advert)(void *user, struct advert *advert);

    /* As port_radio_events.state; the texts are good during the call. */
    void (*tell)(void *user, enum port_radio_state state, const char *text, const char *remedy);
};

/* All private. */
struct adapter {
    struct adapter_calls calls;
    const struct port_clock *clock;
    const struct port_radio_lists *lists;
    struct timer timer;
    char name[ADAPTER_NAME_SIZE];
    uint16_t index;
    struct mac addr;
    bool is_user, is_active, is_full_duty;
    bool is_outdated; /* tuned while it was being set up */

    unsigned state; /* of the table in adapter.c */
    uint16_t sent;  /* the management command that was sent, 0 when its answer has come */
    uint32_t settings;
    struct mgmt_scan scan, scan_before; /* in force; before we changed it */
    struct adapter_monitor {
        uint16_t handle;
        bool is_there;
    } monitors[2]; /* the one we listen by, and the one that refreshes the scan */
    bool is_discovering, is_le_new;
    struct hci_listen hci;
    struct hci_joiner joiner;
    bool is_hci_open;

    struct mac probe; /* the first sender since the last look: heard again, or the chip filters */
    bool has_probe, has_repeat;

    unsigned stage;      /* of recovery; 0 when all is well */
    uint64_t started_ms; /* when this adapter was asked for */
    uint64_t since_ms;   /* when it last began to listen, 0 when it does not */
    uint64_t listened_ms;
    bool is_changing;     /* by somebody else, */
    uint64_t changing_ms; /* since then, without a word about it */
    enum port_radio_state told;
    char said[ADAPTER_TEXT_SIZE];
    uint32_t restarts, power_cycles, reopens;
    uint64_t received, malformed;
};

struct adapter_setup {
    const struct port_clock *clock;
    const struct port_radio_lists *lists; /* borrowed; NULL for none */
    bool is_user, is_active, is_full_duty;
};

void adapter_init(struct adapter *adapter, const struct adapter_setup *setup,
                  const struct adapter_calls *calls);

/* There is an adapter hciINDEX: listen to it. */
void adapter_appeared(struct adapter *adapter, uint16_t index);

/* Hands back what was taken (monitor, scan parameters) and forgets everything but counts. */
void adapter_stop(struct adapter *adapter);

/* Its sockets are gone: nothing is handed back. */
void adapter_reset(struct adapter *adapter);

/* An event of the management socket for this adapter. */
void adapter_mgmt(struct adapter *adapter, const struct mgmt_event *event);

/* A packet of its HCI socket; or that socket's end. */
void adapter_hci(struct adapter *adapter, const uint8_t *packet, size_t len);
void adapter_hci_closed(struct adapter *adapter);

/* Whom to hear was changed in setup.lists. */
void adapter_lists_changed(struct adapter *adapter);

/* From now on all of the time, or as the system has it. */
void adapter_set_duty(struct adapter *adapter, bool is_full);

/* The next stage of recovery. */
void adapter_recover(struct adapter *adapter);

/* By which address connections are made by it: false while it does not listen, when it is ours
 * alone, and when it has no address of its own. */
bool adapter_address(const struct adapter *adapter, struct mac *out);

bool adapter_is_present(const struct adapter *adapter);

/* Fills in what an adapter knows of its figures. */
void adapter_figures(const struct adapter *adapter, struct port_radio_figures *out);

#endif
