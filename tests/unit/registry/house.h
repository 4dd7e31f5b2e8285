/* house.h: a registry with its memory, a clock moved by hand, what it told, and makers of adverts
 * as the sensors of the documentation send them. */
#ifndef MI32_TESTS_REGISTRY_HOUSE_H
#define MI32_TESTS_REGISTRY_HOUSE_H

#include "registry/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SECOND   1000u
#define MINUTE   (60 * SECOND)
#define HOUR     (60 * MINUTE)
#define HEARD_OF 64

struct house {
    struct registry_config config;
    struct registry *reg;
    void *memory;
    uint64_t now_ms;
    struct registry_change changes[HEARD_OF]; /* the last ones told; advert and decoded are NULL */
    size_t n_changes;
};

/* A thermometer with its key, everywhere the same. */
extern const struct mac thermometer; /* LYWSD03MMC, encrypted MiBeacon 5 */
extern const struct mac neighbour;   /* LYWSDCGQ, plain MiBeacon */
extern const uint8_t thermometer_key[16];

/* Opens a registry for `sensors` sensors at one hour of uptime; config can be changed before
 * house_build(). */
void house_plan(struct house *h, uint16_t sensors);
void house_build(struct house *h);
void house_open(struct house *h, uint16_t sensors);
void house_close(struct house *h);

/* Closes the registry and opens it again as a restart does: through the state file, and mi32cfg
 * when that is not NULL. */
void house_restart(struct house *h, const char *mi32cfg);

void house_pass(struct house *h, uint64_t ms);

/* How often a change of this kind was told since house_calm(). */
size_t house_told(const struct house *h, enum registry_change_kind kind);
size_t house_alarms(const struct house *h, enum registry_alarm alarm);
void house_calm(struct house *h);

struct registry_sensor house_sensor(const struct house *h, struct mac mac);
/* The value in units of 10^scale10; fails when it is absent. */
int64_t house_value(const struct house *h, struct mac mac, enum beacon_kind kind, int scale10);
bool house_has(const struct house *h, struct mac mac, enum beacon_kind kind);

/* ---- frames ---- */

struct frame {
    struct mac mac;
    uint8_t addr_type;
    int8_t rssi;
    uint8_t data[64];
    uint16_t len;
};

/* Takes the frame the whole way: key, decoder, gate. */
enum beacon_outcome house_hear(struct house *h, const struct frame *f);

/* MiBeacon 5, one object. The counter's lowest byte is the frame counter, the rest the extended
 * one. A wrong tag: `forged` changes its last bit. */
struct frame mibeacon_sealed(struct mac mac, uint16_t product, uint32_t counter,
                             const uint8_t key[16], uint16_t object, const void *bytes, size_t len);
struct frame mibeacon_v4(struct mac mac, uint16_t product, uint8_t counter, uint32_t ext,
                         const uint8_t key[16], uint16_t object, const void *bytes, size_t len);
struct frame mibeacon_plain(struct mac mac, uint16_t product, uint8_t counter, uint16_t object,
                            const void *bytes, size_t len);
/* Legacy encryption of MiBeacon 3, one check byte. */
struct frame mibeacon_legacy(struct mac mac, uint16_t product, uint8_t counter,
                             const uint8_t key[12], uint16_t object, const void *bytes, size_t len);
/* The same with objects as they stand in the frame. */
struct frame mibeacon_legacy_row(struct mac mac, uint16_t product, uint8_t counter,
                                 const uint8_t key[12], const uint8_t *plain, size_t n);
struct frame mibeacon_unbound(struct mac mac, uint16_t product, uint8_t counter);
/* BTHome 2: objects as they stand in the frame. */
struct frame bthome_sealed(struct mac mac, uint32_t counter, const uint8_t key[16],
                           const void *objects, size_t len);
struct frame bthome_plain(struct mac mac, const void *objects, size_t len);
/* pvvx, encrypted: temperature in 0.01 degC. */
struct frame pvvx_sealed(struct mac mac, uint8_t counter, const uint8_t key[16], int16_t centi);

/* Shortcuts: temperature in tenths. */
struct frame warm(uint32_t counter, int16_t tenths); /* the thermometer's, sealed */
struct frame plain_warm(struct mac mac, uint8_t counter, int16_t tenths);
struct frame forged(struct frame f);

void set_key(struct house *h, struct mac mac);

#endif
