/* bthome.h: what both versions of BTHome share: the table of objects and the way to read one. */
#ifndef MI32_BEACON_BTHOME_H
#define MI32_BEACON_BTHOME_H

#include "beacon/beacon_private.h"

enum bthome_form {
    BTHOME_UNSIGNED,
    BTHOME_SIGNED,
    BTHOME_FLAG,      /* 0 or 1 */
    BTHOME_OPEN,      /* words: 0 closed, 1 open */
    BTHOME_LOCK,      /* 0 locked, 1 unlocked */
    BTHOME_PACKET_ID, /* no value but a counter */
    BTHOME_BUTTON,
    BTHOME_DIMMER,
    BTHOME_BYTES, /* a length byte goes before the value in version 2 */
    BTHOME_35,    /* signed, in steps of 0.35 */
};

/* The row of an object id; `size` 0: no such object. */
struct bthome_object {
    uint8_t kind;
    uint8_t form; /* enum bthome_form */
    uint8_t size; /* bytes, implied by the id in version 2 */
    int8_t scale10;
};

/* Never NULL. */
const struct bthome_object *bthome_object(unsigned id);

/* One walk over the objects of a frame. */
struct bthome_walk {
    struct beacon_decoded *d;
    struct tally tally;
    const uint8_t *base; /* what offsets of text count from */
    uint8_t buttons;     /* button objects so far, those without an event too */
};

/* Adds the value of one object, a number of `len` bytes in `form` (which version 1 says itself). */
void bthome_read(struct bthome_walk *walk, const struct bthome_object *object, unsigned form,
                 const uint8_t *data, size_t len);

/* The product row and what both versions say about a frame. */
void bthome_start(struct beacon_decoded *d, enum beacon_format format, uint8_t version);

/* Takes counter and tag (4 bytes each) off the end of the row and opens what is left. */
enum beacon_outcome bthome_open(const struct element *e, struct cx_ccm_call *call, uint8_t *counter,
                                struct bytes row, struct beacon_decoded *d);

#endif
