/*
 * kinds.h: what a value can be. A kind is a row with a column for each face it has: the name and
 * unit of our own vocabulary, Tasmota's JSON name, Home Assistant's class, HomeKit's service.
 * Included by beacon.h; the rows are in kinds.c.
 */
#ifndef MI32_BEACON_KINDS_H
#define MI32_BEACON_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order of the rows of kinds.c, which a test compares. */
enum beacon_kind {
    BEACON_KIND_NONE,
    BEACON_KIND_TEMPERATURE,
    BEACON_KIND_HUMIDITY,
    /* ... */
    BEACON_KINDS,
};

enum beacon_kind_type {
    BEACON_NUMBER,
    BEACON_BOOL,
    BEACON_WORD, /* one of `words` */
    BEACON_TEXT, /* UTF-8 as sent */
    BEACON_RAW,  /* bytes, shown as hex */
    BEACON_TIME, /* a device's own clock: seconds since 1970 without a zone, shown in ISO form */
};

struct beacon_kind_row {
    const char *name;         /* "temperature_c" */
    const char *unit;         /* "°C"; "" for none */
    uint8_t type;             /* enum beacon_kind_type */
    int8_t digits;            /* decimals when shown to people */
    bool is_event;            /* happens, rather than being so */
    const char *tasmota;      /* "Temperature"; Tasmota's own where it has one, else CamelCase */
    const char *ha_platform;  /* "sensor", "binary_sensor", "event"; NULL: not announced */
    const char *ha_class;     /* "temperature"; NULL for none */
    const char *homekit;      /* "TemperatureSensor"; NULL: not shown in HomeKit */
    const char *const *words; /* ends with NULL; only for BEACON_WORD */
};

/* The row of a kind; that of BEACON_KIND_NONE for a number that is no kind. Never NULL. */
const struct beacon_kind_row *beacon_kind(unsigned kind);

/* The kind called `name` (strlen(name) == len), or BEACON_KIND_NONE. */
enum beacon_kind beacon_kind_find(const char *name, size_t len);

#endif
