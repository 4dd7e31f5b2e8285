#include "invariants.h"

#include <cjson/cJSON.h>

#include <string.h>

#define JSON_SIZE 8192

static bool is_known_flags(const struct beacon_reading *r, const struct beacon_decoded *d)
{
    const bool is_event = (r->flags & BEACON_EVENT) != 0;
    const bool is_authentic = (r->flags & BEACON_AUTHENTIC) != 0;

    return is_event == beacon_kind(r->kind)->is_event && is_authentic == d->authentic &&
           (r->flags & ~(BEACON_EVENT | BEACON_AUTHENTIC | BEACON_UNRELIABLE)) == 0;
}

static bool is_possible_value(const struct advert *advert, const struct beacon_decoded *d,
                              const struct beacon_reading *r)
{
    size_t len;
    const uint8_t *start = d->encrypted ? d->plain : advert->data;
    const size_t size = d->encrypted ? sizeof(d->plain) : advert->len;

    switch ((enum beacon_kind_type)beacon_kind(r->kind)->type) {
    case BEACON_NUMBER:
        return r->scale10 <= 0 && r->scale10 >= -18;
    case BEACON_BOOL:
        return r->u.value == 0 || r->u.value == 1;
    case BEACON_WORD:
        return beacon_word(r->kind, r->u.value)[0] != '\0';
    case BEACON_TIME:
        return r->u.value >= 0;
    case BEACON_TEXT:
    case BEACON_RAW:
        return beacon_reading_bytes(advert, d, r, &len) >= start && r->u.bytes.offset <= size &&
               len <= size - r->u.bytes.offset;
    }
    return false;
}

static const char *reading_broken(const struct advert *advert, const struct beacon_decoded *d,
                                  unsigned i)
{
    const struct beacon_reading *r = &d->readings[i];

    if (r->kind == BEACON_KIND_NONE || r->kind >= BEACON_KINDS)
        return "a reading's kind is a kind";
    if (r->nth < 1)
        return "places count from 1";
    if (!is_known_flags(r, d))
        return "a reading's flags follow from its kind and its frame";
    if (!is_possible_value(advert, d, r))
        return "a reading's value is one its kind can have";
    for (unsigned k = 0; k < i; k++) {
        if (d->readings[k].kind == r->kind && d->readings[k].nth >= r->nth)
            return "a kind's places rise";
    }
    return NULL;
}

static const char *outcome_broken(const struct beacon_decoded *d)
{
    if (d->outcome >= BEACON_OUTCOMES || d->outcome == BEACON_DUPLICATE ||
        d->outcome == BEACON_REJECT_DOWNGRADE)
        return "the outcome is one of a decoder";
    if (d->format >= BEACON_FORMATS || d->n > BEACON_READINGS_MAX ||
        d->n_unknown > BEACON_UNKNOWN_MAX)
        return "numbers are in range";
    if ((d->outcome == BEACON_OK) != (d->n > 0))
        return "values come with ok, and only with ok";
    if (d->outcome == BEACON_OK && d->format == BEACON_FORMAT_NONE)
        return "values come from a format";
    if (d->authentic && (!d->encrypted || d->format == BEACON_MIBEACON_LEGACY))
        return "only a full tag makes authentic";
    if (d->encrypted && d->outcome == BEACON_OK && !d->authentic &&
        d->format != BEACON_MIBEACON_LEGACY)
        return "an encrypted frame's values are authentic";
    return NULL;
}

/* One JSON object whose names are all different. */
static bool is_json(const struct advert *advert, const struct beacon_decoded *d)
{
    char text[JSON_SIZE];
    struct json j;
    bool good = true;

    json_init(&j, text, sizeof(text));
    json_object(&j, NULL);
    beacon_json_frame(&j, d);
    beacon_json_readings(&j, advert, d);
    json_object_end(&j);
    cJSON *read = json_ok(&j) ? cJSON_ParseWithOpts(text, NULL, true) : NULL;
    if (!read)
        return false;
    for (const cJSON *m = read->child; m; m = m->next) {
        for (const cJSON *other = m->next; other; other = other->next)
            good = good && strcmp(m->string, other->string) != 0;
    }
    cJSON_Delete(read);
    return good;
}

const char *beacon_invariant_broken(const struct advert *advert, const struct beacon_decoded *d)
{
    const char *broken = outcome_broken(d);

    for (unsigned i = 0; !broken && i < d->n; i++)
        broken = reading_broken(advert, d, i);
    if (!broken && !is_json(advert, d))
        broken = "it is JSON with names of its own";
    return broken;
}

static bool same_reading(const struct beacon_reading *a, const struct beacon_reading *b)
{
    const uint8_t type = beacon_kind(a->kind)->type;
    const bool is_bytes = type == BEACON_TEXT || type == BEACON_RAW;

    return a->kind == b->kind && a->nth == b->nth && a->flags == b->flags &&
           a->scale10 == b->scale10 &&
           (is_bytes ? a->u.bytes.offset == b->u.bytes.offset && a->u.bytes.len == b->u.bytes.len
                     : a->u.value == b->u.value);
}

const char *beacon_decode_checked(const struct advert *advert, const struct beacon_key *key,
                                  struct beacon_decoded *d)
{
    struct beacon_decoded again;

    /* whatever was there before must not shine through */
    memset(d, 0xaa, sizeof(*d));
    memset(&again, 0x55, sizeof(again));
    beacon_decode(advert, key, d);
    beacon_decode(advert, key, &again);
    if (memcmp(d, &again, offsetof(struct beacon_decoded, unknown)) != 0 ||
        d->content_hash != again.content_hash || d->product != again.product)
        return "the same advert gives the same result";
    for (unsigned i = 0; i < d->n && i < BEACON_READINGS_MAX; i++) {
        if (!same_reading(&d->readings[i], &again.readings[i]))
            return "the same advert gives the same values";
    }
    return beacon_invariant_broken(advert, d);
}
