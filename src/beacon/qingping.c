/*
 * Qingping (ClearGrass): service data of UUID fdcd, also fff9; little-endian.
 *
 *     CC  DD  M x 6  value...      value:  II  LL  data x L
 *
 * C  control: 08 data, 48 event, 88 and c8 the same of newer firmware, 0a on one model
 * D  device type      M  MAC, last byte first (CGDN1 has been heard with another one)
 *
 *     01 4  temperature i16 0.1 degC, humidity u16 0.1 %      08 4  motion u8, illuminance u24 lux
 *     02 1  battery %; bit 7 is probably "on power"           09 4  illuminance u32 lux
 *     04 1  door: 0 open, 1 closed, 2 left open               0f 1  packet id
 *     07 2  pressure u16 0.1 hPa                              11 1  light
 *     12 4  PM2.5 u16, PM10 u16, ug/m3                        13 2  CO2 u16 ppm
 *
 * Object 11 is motion for one decoder and light for two; light is taken. A second 0f (CGH1) is the
 * door by one decoder; 04 says it beyond doubt.
 */
#include "beacon/beacon_private.h"

#define HEAD_LEN 8

static const struct type {
    uint8_t type;
    uint16_t
        product; /* the id the model has in its MiBeacons; 0: none, and `place` finds its row */
    uint8_t place;
} types[] = {
    { 0x01, 0x0347, 0 },                                                           /* CGG1 */
    { 0x04, 0x03d6, 0 },                                                           /* CGH1 */
    { 0x07, 0x0347, 0 },                                                           /* CGG1 */
    { 0x09, 0, PRODUCT_CGP1W },  { 0x0c, 0x0576, 0 },                              /* CGD1 */
    { 0x0e, 0, PRODUCT_CGDN1 },  { 0x0f, 0, PRODUCT_CGM1 },   { 0x10, 0x066f, 0 }, /* CGDK2 */
    { 0x12, 0x0a83, 0 },                                                           /* CGPR1 */
    { 0x15, 0, PRODUCT_CGF1W },  { 0x16, 0x0347, 0 },                              /* CGG1 */
    { 0x18, 0, PRODUCT_CGP23W }, { 0x1e, 0x0c3c, 0 },                              /* CGC1 */
    { 0x24, 0, PRODUCT_CGDN1 },  { 0x33, 0, PRODUCT_CGP22C }, { 0x4f, 0x5808, 0 }, /* CGG3 */
    { 0x5d, 0, PRODUCT_CGP22C },
};

enum form {
    NUMBER,
    SIGNED,
    FLAG,
    BATTERY,
    DOOR,
    PACKET_ID,
};

/* Rows of one id stand together; `len` is that of the whole value. */
static const struct field {
    uint8_t id, len, at, size;
    uint8_t form, kind;
    int8_t scale10;
} fields[] = {
    { 0x01, 4, 0, 2, SIGNED, BEACON_KIND_TEMPERATURE, -1 },
    { 0x01, 4, 2, 2, NUMBER, BEACON_KIND_HUMIDITY, -1 },
    { 0x02, 1, 0, 1, BATTERY, BEACON_KIND_BATTERY, 0 },
    { 0x04, 1, 0, 1, DOOR, BEACON_KIND_DOOR, 0 },
    { 0x07, 2, 0, 2, NUMBER, BEACON_KIND_PRESSURE, -1 },
    { 0x08, 4, 0, 1, FLAG, BEACON_KIND_MOTION, 0 },
    { 0x08, 4, 1, 3, NUMBER, BEACON_KIND_ILLUMINANCE, 0 },
    { 0x09, 4, 0, 4, NUMBER, BEACON_KIND_ILLUMINANCE, 0 },
    { 0x0f, 1, 0, 1, PACKET_ID, BEACON_KIND_NONE, 0 },
    { 0x11, 1, 0, 1, FLAG, BEACON_KIND_LIGHT, 0 },
    { 0x12, 4, 0, 2, NUMBER, BEACON_KIND_PM25, 0 },
    { 0x12, 4, 2, 2, NUMBER, BEACON_KIND_PM10, 0 },
    { 0x13, 2, 0, 2, NUMBER, BEACON_KIND_CO2, 0 },
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static const struct type *find_type(uint8_t type)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (types[i].type == type)
            return &types[i];
    }
    return NULL;
}

static bool read_field(const struct field *field, const uint8_t *data, struct beacon_decoded *d)
{
    const uint64_t raw = bytes_le(data + field->at, field->size);

    switch ((enum form)field->form) {
    case NUMBER:
        return reading_number(d, field->kind, (int64_t)raw, field->scale10);
    case SIGNED:
        return reading_number(d, field->kind, bytes_sign(raw, field->size), field->scale10);
    case BATTERY:
        return reading_number(d, field->kind, raw & 0x7f, field->scale10);
    case FLAG:
        reading_state(d, field->kind, raw != 0);
        return true;
    case DOOR: /* the words are in the order of the numbers */
        if (raw > BEACON_DOOR_OPEN_TIMEOUT)
            return false;
        reading_state(d, field->kind, (int64_t)raw);
        return true;
    case PACKET_ID:
        if (!(d->fields & BEACON_HAS_PACKET_ID))
            d->packet_id = (uint8_t)raw;
        d->fields |= BEACON_HAS_PACKET_ID;
        return true;
    }
    return false;
}

/* One value with all its fields. `data` is NULL when the value runs past the end. */
static void read_value(uint8_t id, const uint8_t *data, size_t len, struct beacon_decoded *d,
                       struct tally *tally)
{
    bool known = false;

    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].id != id)
            continue;
        known = true;
        if (!data)
            tally->cut = true;
        else if (fields[i].len != len || !read_field(&fields[i], data, d))
            tally->bad = true;
        else
            tally->known = true;
    }
    if (!known && data) {
        reading_unknown(d, id);
        tally->unknown = true;
    }
}

/* What is behind the values can be anything: an unknown id with a length past the end is no value
 * but the end of the row. */
static enum beacon_outcome read_values(struct bytes row, struct beacon_decoded *d)
{
    struct tally tally = { 0 };

    while (row.len >= 2) {
        const uint8_t id = (uint8_t)bytes_take_le(&row, 1);
        const size_t len = (size_t)bytes_take_le(&row, 1);
        const uint8_t *data = bytes_take(&row, len);
        read_value(id, data, len, d, &tally);
        if (!data)
            break;
    }
    return reading_outcome(d, &tally);
}

enum beacon_outcome qingping_decode(const struct element *e, struct beacon_decoded *d)
{
    struct bytes row = { .p = e->data, .len = e->len };
    const uint8_t *head = bytes_take(&row, HEAD_LEN);

    d->format = BEACON_QINGPING;
    if (!head)
        return BEACON_REJECT_SHORT;
    const struct type *type = find_type(head[1]);
    if (!type)
        return BEACON_UNKNOWN_DEVICE;
    d->product = type->product ? beacon_product_by_id(type->product)
                               : product_without_id((enum product_place)type->place);
    if (d->product != product_without_id(PRODUCT_CGDN1) && !element_mac_is_senders(e, head + 2))
        return BEACON_REJECT_MAC;
    return read_values(row, d);
}
