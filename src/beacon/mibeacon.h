/* mibeacon.h: what the MiBeacon files of this room share. */
#ifndef MI32_BEACON_MIBEACON_H
#define MI32_BEACON_MIBEACON_H

#include "beacon/beacon_private.h"

struct object;

/* Reads one object in its own way; false when its length or a value is impossible. */
typedef bool (*object_read)(const struct object *row, const uint8_t *data, size_t len,
                            struct beacon_decoded *d);

/* How a row's number or state lies in the object; the low nibble of a number is its size. */
enum object_form {
    FORM_U8 = 0x01,
    FORM_U16 = 0x02,
    FORM_U24 = 0x03,
    FORM_U32 = 0x04,
    FORM_I16 = 0x12,
    FORM_FLOAT = 0x24, /* scale10 is not used */
    FORM_WHOLE = 0x30, /* unsigned, as long as the object is */
    FORM_FLAG = 0x40,  /* true for every byte but 0 */
    FORM_MAP,          /* the byte picks from `map` */
    FORM_CONST,        /* `at` is the value: the object's arrival says it all */
    FORM_READ,         /* `read` does it; `at` and `kind` are its arguments */
};

#define OBJECT_ANY_LEN 0xff
#define MAP_NOTHING    0xff /* this number is known and says nothing we report */

struct object {
    uint16_t id;
    uint8_t product; /* 0: every product that has no row of its own for this id */
    uint8_t len;     /* of the whole object, or OBJECT_ANY_LEN */
    uint8_t form;
    uint8_t at; /* where in the object */
    uint8_t kind;
    int8_t scale10;
    union {
        const uint8_t *map; /* how many values, then the value of 0, of 1, ... */
        object_read read;
    } u;
};

/* Adds what one object says, or counts in *tally why it says nothing. */
void mibeacon_object(uint16_t id, const uint8_t *data, size_t len, struct beacon_decoded *d,
                     struct tally *tally);

/* mibeacon_special.c: the objects that fit no row */
bool mibeacon_read_button(const struct object *row, const uint8_t *data, size_t len,
                          struct beacon_decoded *d);
bool mibeacon_read_key(const struct object *row, const uint8_t *data, size_t len,
                       struct beacon_decoded *d);
bool mibeacon_read_lock(const struct object *row, const uint8_t *data, size_t len,
                        struct beacon_decoded *d);
bool mibeacon_read_lock_bits(const struct object *row, const uint8_t *data, size_t len,
                             struct beacon_decoded *d);
bool mibeacon_read_idle(const struct object *row, const uint8_t *data, size_t len,
                        struct beacon_decoded *d);
bool mibeacon_read_light_100(const struct object *row, const uint8_t *data, size_t len,
                             struct beacon_decoded *d);
bool mibeacon_read_brush(const struct object *row, const uint8_t *data, size_t len,
                         struct beacon_decoded *d);
bool mibeacon_read_brush_t700(const struct object *row, const uint8_t *data, size_t len,
                              struct beacon_decoded *d);
bool mibeacon_read_body(const struct object *row, const uint8_t *data, size_t len,
                        struct beacon_decoded *d);
bool mibeacon_read_nonzero(const struct object *row, const uint8_t *data, size_t len,
                           struct beacon_decoded *d);
bool mibeacon_read_scale(const struct object *row, const uint8_t *data, size_t len,
                         struct beacon_decoded *d);
bool mibeacon_read_wet(const struct object *row, const uint8_t *data, size_t len,
                       struct beacon_decoded *d);

/* mibeacon_legacy.c: opens the object part of a version 2 or 3 frame to d->plain. `head` is the
 * frame from its control bytes on; `crypted` is what follows the header and ends as cipher text. */
enum beacon_outcome mibeacon_open_legacy(const struct element *e, const uint8_t *head,
                                         struct bytes *crypted, struct beacon_decoded *d);

#endif
