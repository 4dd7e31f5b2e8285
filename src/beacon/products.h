/* products.h: the devices we know by name; the rows are in products.c. */
#ifndef MI32_BEACON_PRODUCTS_H
#define MI32_BEACON_PRODUCTS_H

#include <stddef.h>
#include <stdint.h>

struct beacon_product {
    uint16_t id;       /* MiBeacon product id, or one of Tasmota's invented ones; 0 for none */
    uint16_t flags;    /* BEACON_PRODUCT_... */
    const char *model; /* "LYWSD03MMC" */
    const char *own_tasmota; /* private: ask beacon_product_tasmota() */
};

#define BEACON_PRODUCT_LEGACY_KEY  0x0001 /* may use the 12-byte key of MiBeacon 2 and 3 */
#define BEACON_PRODUCT_ENCRYPTS    0x0002 /* its values can only be read with a key */
#define BEACON_PRODUCT_BAD_BATTERY 0x0004 /* the battery value in its MiBeacons is not one */
#define BEACON_PRODUCT_NO_ID       0x0008 /* the id is not one of Xiaomi's: never matched on air */

/* The product with this id, Tasmota's invented ones included, or NULL; NULL for 0 too. */
const struct beacon_product *beacon_product_by_id(uint16_t id);

/* The product with this model or, when there is none, this Tasmota name, in any case of letters;
 * NULL when there is neither. Of several ids with one model it is the first. */
const struct beacon_product *beacon_product_by_name(const char *name, size_t len);

#define BEACON_TASMOTA_SIZE 32 /* room for every product's Tasmota name and its zero */

/* Writes how Tasmota's keys begin for this product ("LYWSD03"): Tasmota's own name, else the model
 * with only letters, digits and underscores kept. Returns `out`. */
char *beacon_product_tasmota(const struct beacon_product *product, char out[BEACON_TASMOTA_SIZE]);

/* What it is called in shops ("Mijia Bluetooth Hygrothermograph 2"); the model where the build has
 * no titles (CMake: MI32_PRODUCT_TITLES). */
const char *beacon_product_title(const struct beacon_product *product);

/* All rows, for lists and completion; *count of them. */
const struct beacon_product *beacon_products(size_t *count);

#endif
