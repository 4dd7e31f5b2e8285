#include "capture/line.h"

#include "base/hex.h"

#include <cjson/cJSON.h>

#include <string.h>

void capture_clear(struct capture_advert *out)
{
    out->advert = (struct advert){ .rssi = ADVERT_NO_RSSI, .data = out->data };
    out->has_mac = false;
    out->has_time = false;
    out->t_ms = 0;
    out->key_state = CAPTURE_KEY_MISSING;
    out->key_len = 0;
    out->name[0] = '\0';
    out->kind[0] = '\0';
}

void capture_put(struct capture_advert *out, const struct advert *advert, bool is_anonymous)
{
    out->advert = *advert;
    if (advert->len > 0)
        memcpy(out->data, advert->data, advert->len);
    out->advert.data = out->data;
    out->has_mac = !is_anonymous;
}

static bool fails(struct capture_fault *fault, enum capture_reason reason, const char *member)
{
    fault->reason = reason;
    fault->member = member;
    return false;
}

bool capture_hex(const char *text, size_t digits, uint8_t *bytes, size_t *len,
                 struct capture_fault *fault)
{
    const size_t good = strspn(text, "0123456789abcdefABCDEF");

    if (good < digits) {
        fault->column = (unsigned)good + 1;
        return fails(fault, CAPTURE_NO_HEX_DIGIT, NULL);
    }
    if (digits % 2 != 0)
        return fails(fault, CAPTURE_ODD_DIGITS, NULL);
    if (!hex_decode(text, digits, bytes, ADVERT_LEN_MAX))
        return fails(fault, CAPTURE_ADVERT_TOO_LONG, NULL);
    *len = digits / 2;
    return true;
}

/* How one member is read. A missing one keeps its default unless it is required. */
struct member {
    const char *name;
    bool is_required;
    bool (*read)(const cJSON *item, struct capture_advert *out, struct capture_fault *fault,
                 const char *name);
};

static bool read_data(const cJSON *item, struct capture_advert *out, struct capture_fault *fault,
                      const char *name)
{
    size_t len;

    if (!cJSON_IsString(item))
        return fails(fault, CAPTURE_NO_TEXT, name);
    if (!capture_hex(item->valuestring, strlen(item->valuestring), out->data, &len, fault)) {
        fault->column = 0;
        return fails(fault, fault->reason, name);
    }
    out->advert.len = (uint16_t)len;
    return true;
}

static bool read_mac(const cJSON *item, struct capture_advert *out, struct capture_fault *fault,
                     const char *name)
{
    out->has_mac = cJSON_IsString(item) &&
                   mac_parse(item->valuestring, strlen(item->valuestring), &out->advert.addr);
    return out->has_mac || fails(fault, CAPTURE_BAD_MAC, name);
}

static bool read_addr_type(const cJSON *item, struct capture_advert *out,
                           struct capture_fault *fault, const char *name)
{
    const char *text = cJSON_IsString(item) ? item->valuestring : "";

    if (strcmp(text, "random") == 0)
        out->advert.addr_type = ADVERT_ADDR_RANDOM;
    else if (strcmp(text, "public") != 0)
        return fails(fault, CAPTURE_BAD_ADDR_TYPE, name);
    return true;
}

static bool read_rssi(const cJSON *item, struct capture_advert *out, struct capture_fault *fault,
                      const char *name)
{
    const double dbm = cJSON_IsNumber(item) ? item->valuedouble : 1000;

    if (!(dbm >= -128 && dbm <= 127) || dbm != (int8_t)dbm)
        return fails(fault, CAPTURE_BAD_RSSI, name);
    out->advert.rssi = (int8_t)dbm;
    return true;
}

static bool read_key(const cJSON *item, struct capture_advert *out, struct capture_fault *fault,
                     const char *name)
{
    const char *text = cJSON_IsString(item) ? item->valuestring : "";
    const size_t digits = strlen(text);

    out->key_state = cJSON_IsNull(item) ? CAPTURE_KEY_NONE : CAPTURE_KEY_GIVEN;
    if (cJSON_IsNull(item))
        return true;
    if ((digits != 24 && digits != 32) || !hex_decode(text, digits, out->key, sizeof(out->key)))
        return fails(fault, CAPTURE_BAD_KEY, name);
    out->key_len = (uint8_t)(digits / 2);
    return true;
}

static bool read_time(const cJSON *item, struct capture_advert *out, struct capture_fault *fault,
                      const char *name)
{
    const double s = cJSON_IsNumber(item) ? item->valuedouble : -1;

    if (!(s >= 0 && s < 1e12))
        return fails(fault, CAPTURE_BAD_TIME, name);
    out->has_time = true;
    out->t_ms = (uint64_t)(s * 1000 + 0.5);
    return true;
}

static bool copy_text(const cJSON *item, char *out, size_t size, struct capture_fault *fault,
                      const char *name)
{
    if (!cJSON_IsString(item))
        return fails(fault, CAPTURE_NO_TEXT, name);
    const size_t len = strlen(item->valuestring);
    if (len >= size)
        return fails(fault, CAPTURE_TEXT_TOO_LONG, name);
    memcpy(out, item->valuestring, len + 1);
    return true;
}

static bool read_name(const cJSON *item, struct capture_advert *out, struct capture_fault *fault,
                      const char *name)
{
    return copy_text(item, out->name, sizeof(out->name), fault, name);
}

static bool read_kind(const cJSON *item, struct capture_advert *out, struct capture_fault *fault,
                      const char *name)
{
    return copy_text(item, out->kind, sizeof(out->kind), fault, name);
}

static const struct member members[] = {
    { "name", false, read_name }, /* first, so that a fault in the others can name it */
    { "adv_hex", true, read_data },
    { "mac", true, read_mac },
    { "addr_type", false, read_addr_type },
    { "rssi", false, read_rssi },
    { "key", false, read_key },
    { "t", false, read_time },
    { "kind", false, read_kind },
};

static bool read_members(const cJSON *object, struct capture_advert *out,
                         struct capture_fault *fault)
{
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const struct member *member = &members[i];
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, member->name);
        if (!item && member->is_required)
            return fails(fault, CAPTURE_MEMBER_MISSING, member->name);
        if (item && !member->read(item, out, fault, member->name))
            return false;
    }
    return true;
}

bool capture_json(const char *text, size_t len, struct capture_advert *out,
                  struct capture_fault *fault)
{
    const char *end = text;
    cJSON *object = cJSON_ParseWithLengthOpts(text, len, &end, 0);

    if (!object) {
        fault->column = (unsigned)(end - text) + 1;
        return fails(fault, CAPTURE_NOT_JSON, NULL);
    }
    bool ok = end == text + len;
    if (ok) {
        ok = read_members(object, out, fault);
    } else {
        fault->column = (unsigned)(end - text + (long)strspn(end, " \t")) + 1;
        fails(fault, CAPTURE_TRAILING_TEXT, NULL);
    }
    cJSON_Delete(object);
    return ok;
}
