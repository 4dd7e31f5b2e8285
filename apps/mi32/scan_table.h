/* scan_table.h: the devices that `mi32 scan` has heard: what they are, how often and how well. */
#ifndef MI32_APPS_SCAN_TABLE_H
#define MI32_APPS_SCAN_TABLE_H

#include "base/advert.h"
#include "base/mac.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Beyond, whoever was heard longest ago makes room, devices that mi32 does not read first. */
#define SCAN_DEVICES_MAX 1024
#define SCAN_NAME_SIZE   64

struct scan_device {
    struct mac mac;
    uint8_t addr_type;
    int8_t rssi;
    bool is_known; /* of a format that mi32 reads */
    bool is_encrypted, is_unbound;
    uint8_t format;      /* enum beacon_format */
    const char *outcome; /* of the last advert, decoded without a key */
    char model[SCAN_NAME_SIZE];
    char name[SCAN_NAME_SIZE]; /* given by the user, else by the device; hostile bytes and all */
    char key[8]; /* "set", "needed", "wrong" as the gateway says; "" when it does not */
    uint64_t frames, first_ms, last_ms;
};

struct scan_table {
    struct scan_device devices[SCAN_DEVICES_MAX];
    size_t count;
};

/* Notes an advert; heard_ms must not go back. */
void scan_table_note(struct scan_table *table, const struct advert *advert);

/* What the gateway knows about a device; nothing when it was not heard. */
void scan_table_tell(struct scan_table *table, struct mac mac, const char *name, const char *key);

/* Adverts a minute, times 10; of less than a second it cannot be told: 0. */
uint64_t scan_device_rate10(const struct scan_device *device, uint64_t now_ms);

/* "needed", "set", "wrong", "not activated", "plain", "" for a device that is not known. */
const char *scan_device_key(const struct scan_device *device);

/* A row for people, without its end: at most `width` characters, whatever bytes the names have. */
void scan_print_head(size_t width);
void scan_print_row(const struct scan_device *device, uint64_t now_ms, size_t width);

/* A line of JSON; without an outcome where only the gateway's key could tell. */
void scan_print_json(const struct scan_device *device, uint64_t now_ms);

#endif
