/*
 * mgmt.h: the bytes of the kernel's Bluetooth management socket, as far as listening needs them.
 * Pure: no socket, no heap. All numbers little-endian:
 *
 *     message   CC CC  II II  LL LL  parameters x L
 *
 * C  code of a command or an event      I  number of the adapter, ffff for none
 * L  length of the parameters
 *
 * The codes and shapes are those of the kernel's public description of its management API.
 */
#ifndef MI32_PORTS_LINUX_MGMT_H
#define MI32_PORTS_LINUX_MGMT_H

#include "base/advert.h"
#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MGMT_NO_ADAPTER  0xffff
#define MGMT_HEADER      6
#define MGMT_COMMAND_MAX 256
#define MGMT_MESSAGE_MAX (MGMT_HEADER + 16 + ADVERT_LEN_MAX)

enum mgmt_command {
    MGMT_READ_ADAPTERS = 0x0003,
    MGMT_READ_INFO = 0x0004,
    MGMT_SET_POWERED = 0x0005,
    MGMT_SET_LE = 0x000d,
    MGMT_START_DISCOVERY = 0x0023,
    MGMT_STOP_DISCOVERY = 0x0024,
    MGMT_READ_DEFAULTS = 0x004b,
    MGMT_SET_DEFAULTS = 0x004c,
    MGMT_ADD_MONITOR = 0x0052,
    MGMT_REMOVE_MONITOR = 0x0053,
};

enum mgmt_status {
    MGMT_SUCCESS = 0x00,
    MGMT_BUSY = 0x0a,
    MGMT_NOT_POWERED = 0x0f,
    MGMT_INVALID_ADAPTER = 0x11,
    MGMT_RFKILLED = 0x12,
    MGMT_NOT_PERMITTED = 0x14,
};

/* "rejected", "timeout" and so on; never NULL. */
const char *mgmt_status_text(uint8_t status);

/* Settings of an adapter. */
#define MGMT_POWERED 0x0001u
#define MGMT_LE      0x0200u

/* How long the controller listens (window) in each interval, in steps of 0.625 ms. */
struct mgmt_scan {
    uint16_t interval, window;
};

/* ---- commands: each writes one message and gives its length ---- */

size_t mgmt_plain(uint8_t out[MGMT_COMMAND_MAX], enum mgmt_command code, uint16_t adapter);

/* Set Powered and Set LE. */
size_t mgmt_switch(uint8_t out[MGMT_COMMAND_MAX], enum mgmt_command code, uint16_t adapter,
                   bool is_on);

/* Start and Stop Discovery, for LE devices. */
size_t mgmt_discovery(uint8_t out[MGMT_COMMAND_MAX], enum mgmt_command code, uint16_t adapter);

/* The interval and window that the kernel scans with while monitors are registered. */
size_t mgmt_set_scan(uint8_t out[MGMT_COMMAND_MAX], uint16_t adapter, struct mgmt_scan scan);

/*
 * Registers a monitor for the service data that sensors send. A kernel whose controller cannot
 * match patterns reports every advert, whatever they say: all that mi32 was run on did.
 */
size_t mgmt_add_monitor(uint8_t out[MGMT_COMMAND_MAX], uint16_t adapter);
size_t mgmt_remove_monitor(uint8_t out[MGMT_COMMAND_MAX], uint16_t adapter, uint16_t handle);

/* ---- events ---- */

enum mgmt_kind {
    MGMT_OTHER, /* of no interest here */
    MGMT_ANSWER,
    MGMT_ADDED,
    MGMT_REMOVED,
    MGMT_SETTINGS,
    MGMT_DISCOVERING,
    MGMT_MONITOR_REMOVED,
    MGMT_ADVERT,
};

struct mgmt_event {
    enum mgmt_kind kind;
    uint16_t adapter;

    uint16_t command; /* MGMT_ANSWER: to which command; enum mgmt_command */
    uint8_t status;
    struct bytes answer; /* its parameters, in the message */

    uint32_t settings;    /* MGMT_SETTINGS: those that are on */
    bool is_on;           /* MGMT_DISCOVERING */
    uint16_t handle;      /* MGMT_MONITOR_REMOVED; 0 for all */
    struct advert advert; /* MGMT_ADVERT: data in the message; heard_ms and radio are 0 */
};

/* Reads a message from the kernel. False when it is shorter or longer than it says. */
bool mgmt_parse(const uint8_t *message, size_t len, struct mgmt_event *out);

/* What answers hold; false when they are shorter. Of MGMT_READ_INFO the address may be all zero. */
bool mgmt_address_of(struct bytes answer, struct mac *out);
bool mgmt_settings_of(struct bytes answer, uint32_t *settings);
bool mgmt_supported_of(struct bytes answer, uint32_t *settings); /* that could be on */
bool mgmt_handle_of(struct bytes answer, uint16_t *handle);
bool mgmt_scan_of(struct bytes answer, struct mgmt_scan *out); /* 0 where the kernel tells none */

/* The adapters of a MGMT_READ_ADAPTERS answer: how many, up to `max` of them in `out`. */
size_t mgmt_adapters_of(struct bytes answer, uint16_t *out, size_t max);

#endif
