/*
 * beacon.c: an advert is a row of AD structures (Core Specification, Supplement part A):
 *
 *     NN  TT  data...         N  bytes that follow, type included; 0 ends the row early
 *
 * TT 16 is service data, which begins with its 16-bit UUID, last byte first; ff is manufacturer
 * data, which begins with the company id. A structure whose N runs past the advert makes the rest
 * unusable; what stands before it is good.
 */
#include "beacon/beacon_private.h"

#include <string.h>

#define AD_NAME_SHORT   0x08
#define AD_NAME         0x09
#define AD_SERVICE_DATA 0x16
#define AD_MANUFACTURER 0xff
#define AD_OVERHEAD     4 /* length, type and UUID */
#define COMPANY_XIAOMI  0x038f

static const struct {
    uint16_t uuid;
    format_decode decode;
} formats[] = {
    { 0xfe95, mibeacon_decode },          { 0x181a, atc_decode },      { 0xfcd2, bthome2_decode },
    { 0xfdcd, qingping_decode },          { 0xfff9, qingping_decode }, { 0x181c, bthome1_decode },
    { 0x181e, bthome1_decode_encrypted }, { 0x181d, miscale1_decode }, { 0x181b, miscale2_decode },
    { 0xfd50, hhccjcy10_decode },
};

static format_decode format_of(uint8_t type, unsigned id)
{
    if (type == AD_MANUFACTURER)
        return id == COMPANY_XIAOMI ? mibeacon_decode_company : NULL;
    if (type != AD_SERVICE_DATA)
        return NULL;
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (formats[i].uuid == id)
            return formats[i].decode;
    }
    return NULL;
}

/* Everything before the arrays; they are valid as far as their counts say. */
static void clear(struct beacon_decoded *d)
{
    memset(d, 0, offsetof(struct beacon_decoded, readings));
}

/* Good enough to tell a repetition from news, and four bytes at a time because it runs for every
 * advert of ours. The same on every machine, because it is part of a frame's id. */
static uint32_t hash(const uint8_t *p, size_t len)
{
    const uint32_t prime = 0x9e3779b1;
    uint32_t h = (uint32_t)len * prime, word = 0;

    for (; len >= 4; p += 4, len -= 4) {
        word = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
        h = (h ^ word) * prime;
        h ^= h >> 15;
    }
    word = 0;
    while (len-- > 0)
        word = word << 8 | p[len];
    h = (h ^ word) * prime;
    return h ^ h >> 15;
}

static enum beacon_outcome decode_element(const struct element *e, format_decode decode,
                                          struct beacon_decoded *d)
{
    clear(d);
    const enum beacon_outcome outcome = decode(e, d);
    if (outcome == BEACON_IGNORE)
        return outcome;
    if (outcome != BEACON_OK)
        d->n = 0;
    d->outcome = (uint8_t)outcome;
    if (!d->authentic)
        d->content_hash = hash(e->ad + 2, e->len + 2); /* with the UUID */
    return outcome;
}

/* Lower is better. A frame of one of our formats, however broken, tells more than a foreign one. */
static unsigned rank(enum beacon_outcome outcome)
{
    return outcome == BEACON_IGNORE ? BEACON_OUTCOMES : (unsigned)outcome;
}

/* What the scan over the structures has found so far. */
struct scan {
    struct element best;
    format_decode best_decode;
    bool best_is_last; /* *d still holds what `best` decoded to */
    enum beacon_outcome outcome;
};

static void consider(struct scan *scan, const struct element *e, format_decode decode,
                     struct beacon_decoded *d)
{
    const enum beacon_outcome outcome = decode_element(e, decode, d);

    scan->best_is_last = rank(outcome) < rank(scan->outcome);
    if (!scan->best_is_last)
        return;
    scan->outcome = outcome;
    scan->best_decode = decode;
    if (outcome != BEACON_OK) /* nothing will be tried after it */
        scan->best = *e;
}

/* Hands every complete element of ours to its format until one gives values. True when the row
 * ended inside an element of ours. */
static bool scan_elements(struct scan *scan, const struct advert *advert,
                          const struct beacon_key *key, struct beacon_decoded *d)
{
    const uint8_t *p = advert->data;
    const uint8_t *end = p + advert->len;

    for (; p < end && p[0] > 0 && scan->outcome != BEACON_OK; p += p[0] + 1) {
        const size_t left = (size_t)(end - p);
        if (p[0] < AD_OVERHEAD - 1 || left < AD_OVERHEAD)
            continue;
        const format_decode decode = format_of(p[1], p[2] | (unsigned)p[3] << 8);
        if (p[0] >= left)
            return decode && p[1] == AD_SERVICE_DATA;
        if (!decode)
            continue;
        const struct element e = { advert, key, p, p + AD_OVERHEAD, p[0] + 1u - AD_OVERHEAD };
        consider(scan, &e, decode, d);
    }
    return false;
}

enum beacon_outcome beacon_decode(const struct advert *advert, const struct beacon_key *key,
                                  struct beacon_decoded *out)
{
    struct scan scan = { .outcome = BEACON_IGNORE };
    const bool is_cut = scan_elements(&scan, advert, key && key->len > 0 ? key : NULL, out);

    if (scan.best_decode && !scan.best_is_last)
        decode_element(&scan.best, scan.best_decode, out);
    if (!scan.best_decode) {
        clear(out);
        out->outcome = is_cut ? BEACON_REJECT_SHORT : BEACON_IGNORE;
    }
    return (enum beacon_outcome)out->outcome;
}

bool beacon_is_authenticated(const struct beacon_decoded *d)
{
    return d->authentic;
}

const uint8_t *beacon_reading_bytes(const struct advert *advert, const struct beacon_decoded *d,
                                    const struct beacon_reading *reading, size_t *len)
{
    *len = reading->u.bytes.len;
    return (d->encrypted ? d->plain : advert->data) + reading->u.bytes.offset;
}

const char *beacon_local_name(const struct advert *advert, size_t *len)
{
    struct bytes row = { .p = advert->data, .len = advert->len };
    const uint8_t *name = NULL;

    *len = 0;
    for (;;) {
        const size_t n = (size_t)bytes_take_le(&row, 1);
        const uint8_t *data = bytes_take(&row, n);
        if (!data || n == 0)
            return (const char *)name;
        if (data[0] == AD_NAME || (data[0] == AD_NAME_SHORT && !name)) {
            name = data + 1;
            *len = n - 1;
        }
        if (data[0] == AD_NAME)
            return (const char *)name;
    }
}

bool element_mac_is_senders(const struct element *e, const uint8_t *p)
{
    const uint8_t *mac = e->advert->addr.b;

    return p[0] == mac[5] && p[1] == mac[4] && p[2] == mac[3] && p[3] == mac[2] && p[4] == mac[1] &&
           p[5] == mac[0];
}

enum beacon_outcome element_open(const struct element *e, const struct cx_ccm_call *call,
                                 const uint8_t *tag, struct beacon_decoded *d)
{
    if (!e->key)
        return BEACON_NO_KEY;
    if (call->len > sizeof(d->plain) || cx_ccm_open(&e->key->ccm, call, tag, d->plain) != CX_OK)
        return BEACON_REJECT_MIC;
    d->authentic = true;
    d->content_hash = (uint32_t)bytes_le(tag, call->tag_len);
    return BEACON_OK;
}
