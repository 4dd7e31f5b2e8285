/* bthome.c: reading one BTHome object, and what both versions encrypt in the same way. */
#include "beacon/bthome.h"

#include <string.h>

#define PRODUCT_BTHOME 0xb770 /* the id Tasmota gives the family */
#define COUNTER_LEN    4
#define TAG_LEN        4

void bthome_start(struct beacon_decoded *d, enum beacon_format format, uint8_t version)
{
    d->format = (uint8_t)format;
    d->encrypted = format == BEACON_BTHOME1_ENC || format == BEACON_BTHOME2_ENC;
    d->version = version;
    d->fields |= BEACON_HAS_VERSION;
    d->product = beacon_product_by_id(PRODUCT_BTHOME);
}

/* What a button's byte means; 0 is "no event" and keeps the button's place. fe is what Shelly sends
 * for 80; the specification says that more may come. */
static int button_event(uint8_t byte)
{
    static const uint8_t events[] = {
        BEACON_EVENT_PRESS,      BEACON_EVENT_DOUBLE_PRESS,      BEACON_EVENT_TRIPLE_PRESS,
        BEACON_EVENT_LONG_PRESS, BEACON_EVENT_LONG_DOUBLE_PRESS, BEACON_EVENT_LONG_TRIPLE_PRESS,
    };

    if (byte >= 1 && byte <= sizeof(events))
        return events[byte - 1];
    return byte == 0x80 || byte == 0xfe ? BEACON_EVENT_HOLD_PRESS : BEACON_EVENT_UNKNOWN;
}

static void read_button(struct bthome_walk *walk, const uint8_t *data)
{
    walk->buttons++;
    if (data[0] != 0)
        reading_state_at(walk->d, BEACON_KIND_EVENT, walk->buttons, button_event(data[0]));
}

/* The steps are sent beside the direction; two parsers take them for signed, the specification
 * for a count. */
static void read_dimmer(struct bthome_walk *walk, const uint8_t *data)
{
    if (data[0] > 2)
        walk->tally.bad = true;
    if (data[0] == 0 || data[0] > 2)
        return;
    walk->buttons++;
    reading_state_at(walk->d, BEACON_KIND_EVENT, walk->buttons,
                     data[0] == 1 ? BEACON_EVENT_ROTATE_LEFT : BEACON_EVENT_ROTATE_RIGHT);
    reading_number(walk->d, BEACON_KIND_STEPS, data[1], 0);
}

static void read_state(struct bthome_walk *walk, const struct bthome_object *object,
                       const uint8_t *data, size_t len)
{
    const uint64_t value = bytes_le(data, len);

    if (value > 1) {
        walk->tally.bad = true;
        return;
    }
    if (object->form == BTHOME_OPEN) /* the words begin with "open" */
        reading_state(walk->d, object->kind, value == 0);
    else
        reading_state(walk->d, object->kind, (int64_t)value);
}

static void read_number(struct bthome_walk *walk, const struct bthome_object *object, unsigned form,
                        const uint8_t *data, size_t len)
{
    const uint64_t raw = bytes_le(data, len);
    int64_t value = form == BTHOME_UNSIGNED ? (int64_t)raw : bytes_sign(raw, len);

    if (form == BTHOME_35)
        value *= 35;
    if ((form == BTHOME_UNSIGNED && value < 0) || /* eight bytes, and too large for us */
        !reading_number(walk->d, object->kind, value, object->scale10))
        walk->tally.bad = true;
}

void bthome_read(struct bthome_walk *walk, const struct bthome_object *object, unsigned form,
                 const uint8_t *data, size_t len)
{
    walk->tally.known = true;
    switch ((enum bthome_form)form) {
    case BTHOME_UNSIGNED:
    case BTHOME_SIGNED:
    case BTHOME_35:
        read_number(walk, object, form, data, len);
        break;
    case BTHOME_FLAG:
    case BTHOME_OPEN:
    case BTHOME_LOCK:
        read_state(walk, object, data, len);
        break;
    case BTHOME_PACKET_ID:
        walk->d->packet_id = data[0];
        walk->d->fields |= BEACON_HAS_PACKET_ID;
        break;
    case BTHOME_BUTTON:
        read_button(walk, data);
        break;
    case BTHOME_DIMMER:
        read_dimmer(walk, data);
        break;
    case BTHOME_BYTES:
        reading_bytes(walk->d, object->kind, (size_t)(data - walk->base), len);
        break;
    }
}

enum beacon_outcome bthome_open(const struct element *e, struct cx_ccm_call *call, uint8_t *counter,
                                struct bytes row, struct beacon_decoded *d)
{
    const uint8_t *tag = bytes_take_end(&row, TAG_LEN);
    const uint8_t *sent = bytes_take_end(&row, COUNTER_LEN);

    if (row.failed)
        return BEACON_REJECT_SHORT;
    d->counter = (uint32_t)bytes_le(sent, COUNTER_LEN);
    d->fields |= BEACON_HAS_COUNTER;
    memcpy(counter, sent, COUNTER_LEN);
    call->tag_len = TAG_LEN;
    call->in = row.p;
    call->len = row.len;
    return element_open(e, call, tag, d);
}
