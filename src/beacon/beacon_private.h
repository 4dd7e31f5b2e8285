/* beacon_private.h: what the formats share inside this room. */
#ifndef MI32_BEACON_PRIVATE_H
#define MI32_BEACON_PRIVATE_H

#include "base/bytes.h"
#include "beacon/beacon.h"
#include "beacon/products.h"

/* One service-data (or manufacturer-data) element of an advert. */
struct element {
    const struct advert *advert;
    const struct beacon_key *key; /* NULL when there is none */
    const uint8_t *ad;            /* where its AD structure begins, with the length byte */
    const uint8_t *data;          /* behind the UUID or company id */
    size_t len;
};

/* A format: reads one element into *d, which holds no value yet. */
typedef enum beacon_outcome (*format_decode)(const struct element *e, struct beacon_decoded *d);

enum beacon_outcome mibeacon_decode(const struct element *e, struct beacon_decoded *d);
enum beacon_outcome mibeacon_decode_company(const struct element *e, struct beacon_decoded *d);
enum beacon_outcome atc_decode(const struct element *e, struct beacon_decoded *d);
enum beacon_outcome bthome1_decode(const struct element *e, struct beacon_decoded *d);
enum beacon_outcome bthome1_decode_encrypted(const struct element *e, struct beacon_decoded *d);
enum beacon_outcome bthome2_decode(const struct element *e, struct beacon_decoded *d);
enum beacon_outcome qingping_decode(const struct element *e, struct beacon_decoded *d);
enum beacon_outcome miscale1_decode(const struct element *e, struct beacon_decoded *d);
enum beacon_outcome miscale2_decode(const struct element *e, struct beacon_decoded *d);
enum beacon_outcome hhccjcy10_decode(const struct element *e, struct beacon_decoded *d);

/* What became of the objects of a frame. The formats fill it while they walk, and reading_outcome
 * makes the frame's outcome of it. */
struct tally {
    bool bad;     /* a known object of impossible length or value */
    bool unknown; /* an object nobody knows */
    bool known;   /* an object that is known, whatever it gave */
    bool cut;     /* the row of objects ended inside one */
};

enum beacon_outcome reading_outcome(const struct beacon_decoded *d, const struct tally *tally);

/* reading.c: adding values. A number that its kind cannot have (a battery of 130 %) is not added
 * and false comes back; a frame that is full drops the value and says so in d->truncated. */
bool reading_number(struct beacon_decoded *d, unsigned kind, int64_t value, int scale10);
void reading_state(struct beacon_decoded *d, unsigned kind, int64_t value); /* bool or word */
void reading_bytes(struct beacon_decoded *d, unsigned kind, size_t offset, size_t len);
void reading_unknown(struct beacon_decoded *d, uint16_t id);

/* The same value as the `nth` of its kind; places before it may be empty. */
void reading_state_at(struct beacon_decoded *d, unsigned kind, unsigned nth, int64_t value);

/* number.c: IEEE 754 numbers of 2, 4 or 8 bytes, least significant first, as value * 10^-4; false
 * for infinity, not-a-number and what does not fit. No floating point is used. */
#define NUMBER_FLOAT_SCALE (-4)
bool number_float(const uint8_t *p, size_t size, int64_t *value);

/* Seconds since 1970 of a date of the Gregorian calendar (1970 to 2199); false when it is none. */
bool number_time(unsigned year, const uint8_t month_to_second[5], int64_t *seconds);

/* products.c: the rows that have no id, by their place in the table. */
enum product_place {
    PRODUCT_CGP1W,
    PRODUCT_CGDN1,
    PRODUCT_CGM1,
    PRODUCT_CGF1W,
    PRODUCT_CGP23W,
    PRODUCT_CGP22C,
    PRODUCT_MISCALE1,
    PRODUCT_MISCALE2,
    PRODUCT_HHCCJCY10,
};

const struct beacon_product *product_without_id(enum product_place place);

/* True when the six bytes at `p`, last one first, are the sender's address. */
bool element_mac_is_senders(const struct element *e, const uint8_t *p);

/* Opens `call` (tag of 4 bytes) with the plain CCM key to d->plain and marks the frame authentic.
 */
enum beacon_outcome element_open(const struct element *e, const struct cx_ccm_call *call,
                                 const uint8_t *tag, struct beacon_decoded *d);

#endif
