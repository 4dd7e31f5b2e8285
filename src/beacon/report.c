/* report.c: a decoded advert as members of a JSON object. */
#include "base/fixed.h"
#include "base/hex.h"
#include "base/iso.h"
#include "beacon/beacon_private.h"

#include <stdio.h>

#define NAME_SIZE 40 /* the longest kind's name and _16 */

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

static void write_reading(struct json *j, const char *name, const struct advert *advert,
                          const struct beacon_decoded *d, const struct beacon_reading *r)
{
    const uint8_t *p;
    size_t len;

    switch ((enum beacon_kind_type)beacon_kind(r->kind)->type) {
    case BEACON_NUMBER:
        json_fixed(j, name, r->u.value, r->scale10, FIXED_ALL_DIGITS);
        break;
    case BEACON_BOOL:
        json_bool(j, name, r->u.value != 0);
        break;
    case BEACON_WORD:
        json_text(j, name, beacon_word(r->kind, r->u.value));
        break;
    case BEACON_TIME:
        write_time(j, name, r->u.value);
        break;
    case BEACON_TEXT:
        p = beacon_reading_bytes(advert, d, r, &len);
        json_text_len(j, name, (const char *)p, len);
        break;
    case BEACON_RAW:
        p = beacon_reading_bytes(advert, d, r, &len);
        write_raw(j, name, p, len);
        break;
    }
}

void beacon_json_readings(struct json *j, const struct advert *advert,
                          const struct beacon_decoded *d)
{
    char name[NAME_SIZE];

    for (unsigned i = 0; i < d->n; i++) {
        const struct beacon_reading *r = &d->readings[i];
        if (r->nth > 1)
            snprintf(name, sizeof(name), "%s_%u", beacon_kind(r->kind)->name, (unsigned)r->nth);
        else
            snprintf(name, sizeof(name), "%s", beacon_kind(r->kind)->name);
        write_reading(j, name, advert, d, r);
    }
}
