/* report.c: a decoded advert as members of a JSON object. */
#include "base/fixed.h"
#include "base/hex.h"
#include "base/iso.h"
#include "beacon/beacon_private.h"

#include <stdio.h>

const char *beacon_model(const struct beacon_decoded *d)
{
    return d->product ? d->product->model : "";
}

/* The ids of skipped objects, as many digits as the format's ids have. */
static void write_unknown(struct json *j, const struct beacon_decoded *d)
{
    const bool is_mibeacon = d->format == BEACON_MIBEACON || d->format == BEACON_MIBEACON_LEGACY;
    char text[BEACON_UNKNOWN_MAX * 5 + 1] = "";
    size_t len = 0;

    for (unsigned i = 0; i < d->n_unknown; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%0*x", i > 0 ? "," : "",
                                is_mibeacon ? 4 : 2, (unsigned)d->unknown[i]);
    if (len > 0)
        json_text(j, "unknown_objects", text);
}

static void write_counters(struct json *j, const struct beacon_decoded *d)
{
    const struct {
        uint16_t field;
        const char *name;
        uint32_t value;
    } counters[] = {
        { BEACON_HAS_FRAME_COUNTER, "frame_counter", d->frame_counter },
        { BEACON_HAS_EXT_COUNTER, "ext_counter", d->ext_counter },
        { BEACON_HAS_COUNTER, "counter", d->counter },
        { BEACON_HAS_PACKET_ID, "packet_id", d->packet_id },
        { BEACON_HAS_CAPABILITY, "capability", d->capability },
    };

    for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
        if (d->fields & counters[i].field)
            json_int(j, counters[i].name, counters[i].value);
    }
}

void beacon_json_frame(struct json *j, const struct beacon_decoded *d)
{
    char id[8];

    if (d->format == BEACON_FORMAT_NONE)
        return;
    json_text(j, "format", beacon_format_name((enum beacon_format)d->format));
    if (beacon_model(d)[0])
        json_text(j, "model", beacon_model(d));
    if (d->fields & BEACON_HAS_PRODUCT_ID) {
        snprintf(id, sizeof(id), "%04x", (unsigned)d->product_id);
        json_text(j, "product_id", id);
    }
    if (d->fields & BEACON_HAS_VERSION)
        json_int(j, "version", d->version);
    json_bool(j, "encrypted", d->encrypted);
    write_counters(j, d);
    if (d->fields & BEACON_HAS_TRIGGER_BASED)
        json_bool(j, "trigger_based", d->trigger_based);
    if (d->truncated)
        json_bool(j, "truncated", true);
    write_unknown(j, d);
}

static void write_time(struct json *j, const char *name, int64_t seconds)
{
    char text[ISO_TEXT_SIZE];

    json_text(j, name, iso_print(seconds, text));
}

static void write_raw(struct json *j, const char *name, const uint8_t *p, size_t len)
{
    char text[2 * BEACON_PLAIN_MAX + 1];

    json_text(j, name,
              hex_encode(p, len < BEACON_PLAIN_MAX ? len : BEACON_PLAIN_MAX, HEX_LOWER, text));
}

void beacon_json_value(struct json *j, const struct beacon_value *v)
{
    char name[BEACON_NAME_SIZE];

    beacon_value_name(v->kind, v->nth, name);
    switch ((enum beacon_kind_type)beacon_kind(v->kind)->type) {
    case BEACON_NUMBER:
        json_fixed(j, name, v->value, v->scale10, FIXED_ALL_DIGITS);
        break;
    case BEACON_BOOL:
        json_bool(j, name, v->value != 0);
        break;
    case BEACON_WORD:
        json_text(j, name, beacon_word(v->kind, v->value));
        break;
    case BEACON_TIME:
        write_time(j, name, v->value);
        break;
    case BEACON_TEXT:
        json_text_len(j, name, (const char *)v->bytes, v->len);
        break;
    case BEACON_RAW:
        write_raw(j, name, v->bytes, v->len);
        break;
    }
}

void beacon_json_readings(struct json *j, const struct advert *advert,
                          const struct beacon_decoded *d)
{
    for (unsigned i = 0; i < d->n; i++) {
        const struct beacon_reading *r = &d->readings[i];
        const uint8_t type = beacon_kind(r->kind)->type;
        struct beacon_value value = { .kind = r->kind, .nth = r->nth, .scale10 = r->scale10 };
        if (type == BEACON_TEXT || type == BEACON_RAW)
            value.bytes = beacon_reading_bytes(advert, d, r, &value.len);
        else
            value.value = r->u.value;
        beacon_json_value(j, &value);
    }
}
