#include "scan_table.h"

#include "cli.h"

#include "base/json.h"
#include "beacon/beacon.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- the devices ---- */

static struct scan_device *find(struct scan_table *table, struct mac mac)
{
    for (size_t i = 0; i < table->count; i++) {
        if (mac_equal(table->devices[i].mac, mac))
            return &table->devices[i];
    }
    return NULL;
}

static bool leaves_before(const struct scan_device *a, const struct scan_device *b)
{
    return a->is_known == b->is_known ? a->last_ms < b->last_ms : b->is_known;
}

static struct scan_device *place_for(struct scan_table *table)
{
    struct scan_device *least = &table->devices[0];

    if (table->count < SCAN_DEVICES_MAX)
        return &table->devices[table->count++];
    for (size_t i = 1; i < table->count; i++) {
        if (leaves_before(&table->devices[i], least))
            least = &table->devices[i];
    }
    return least;
}

static void copy(char out[SCAN_NAME_SIZE], const char *text, size_t len)
{
    if (len >= SCAN_NAME_SIZE)
        len = SCAN_NAME_SIZE - 1;
    memcpy(out, text, len);
    out[len] = '\0';
}

/* A frame without values leaves what others have told. */
static void decode(struct scan_device *device, const struct advert *advert)
{
    struct beacon_decoded decoded;
    size_t len;

    beacon_decode(advert, NULL, &decoded);
    device->outcome = beacon_outcome_name((enum beacon_outcome)decoded.outcome);
    if (decoded.format != BEACON_FORMAT_NONE) {
        const char *model = beacon_model(&decoded);
        device->is_known = true;
        device->format = decoded.format;
        device->is_encrypted |= decoded.encrypted;
        device->is_unbound = decoded.unbound;
        copy(device->model, model, strlen(model));
    }
    const char *name = beacon_local_name(advert, &len);
    if (name && !*device->name)
        copy(device->name, name, len);
}

void scan_table_note(struct scan_table *table, const struct advert *advert)
{
    struct scan_device *device = find(table, advert->addr);

    if (!device) {
        device = place_for(table);
        *device = (struct scan_device){ .mac = advert->addr, .first_ms = advert->heard_ms };
    }
    device->addr_type = advert->addr_type;
    device->rssi = advert->rssi;
    device->frames++;
    device->last_ms = advert->heard_ms;
    decode(device, advert);
}

void scan_table_tell(struct scan_table *table, struct mac mac, const char *name, const char *key)
{
    struct scan_device *device = find(table, mac);

    if (!device)
        return;
    copy(device->name, name, strlen(name));
    snprintf(device->key, sizeof(device->key), "%s", key);
}

uint64_t scan_device_rate10(const struct scan_device *device, uint64_t now_ms)
{
    const uint64_t span_ms = now_ms - device->first_ms;

    return span_ms < 1000 ? 0 : device->frames * 600000 / span_ms;
}

const char *scan_device_key(const struct scan_device *device)
{
    if (!device->is_known)
        return "";
    if (device->is_unbound)
        return "not activated";
    if (*device->key)
        return device->key;
    return device->is_encrypted ? "needed" : "plain";
}

/* ---- a row to read ---- */

enum { MAC_W = 13, RSSI_W = 5, FORMAT_W = 13, MODEL_W = 18, KEY_W = 14, AGE_W = 6, RATE_W = 7 };

#define NAME_W_MAX 32

/* A cell is cut to leave a blank before the next. */
static void put_cells(const char *const texts[8], size_t width)
{
    static const size_t widths[8] = { MAC_W, RSSI_W, FORMAT_W, MODEL_W,
                                      KEY_W, AGE_W,  RATE_W,   NAME_W_MAX };

    for (size_t i = 0; i < 8 && width > 0; i++) {
        const bool is_last = i == 7 || widths[i] > width;
        const size_t n = widths[i] < width ? widths[i] : width;
        cli_put_cell(texts[i], is_last ? n : n - 1, i == 7);
        if (!is_last)
            putchar(' ');
        width -= n;
    }
}

void scan_print_head(size_t width)
{
    static const char *const texts[8] = { "address", "dBm", "format", "model",
                                          "key",     "age", "a min",  "name" };

    put_cells(texts, width);
}

void scan_print_row(const struct scan_device *device, uint64_t now_ms, size_t width)
{
    char mac[MAC_TEXT_LEN + 1], rssi[8] = "", age[24], rate[24];
    const uint64_t rate10 = scan_device_rate10(device, now_ms);
    const char *const texts[8] = {
        mac_print(device->mac, mac),
        rssi,
        beacon_format_name((enum beacon_format)device->format),
        device->model,
        scan_device_key(device),
        age,
        rate,
        device->name,
    };

    if (device->rssi != ADVERT_NO_RSSI)
        snprintf(rssi, sizeof(rssi), "%d", device->rssi);
    snprintf(age, sizeof(age), "%" PRIu64 "s", (now_ms - device->last_ms) / 1000);
    snprintf(rate, sizeof(rate), "%" PRIu64 ".%u", rate10 / 10, (unsigned)(rate10 % 10));
    put_cells(texts, width);
}

/* ---- a line of JSON ---- */

/* What needed a key has an outcome where the key is, which is not here. */
static bool is_judged(const struct scan_device *device)
{
    return strcmp(device->outcome, beacon_outcome_name(BEACON_NO_KEY)) != 0 ||
           strcmp(scan_device_key(device), "needed") == 0;
}

void scan_print_json(const struct scan_device *device, uint64_t now_ms)
{
    char line[1024], mac[MAC_TEXT_LEN + 1];
    struct json j;

    json_init(&j, line, sizeof(line));
    json_object(&j, NULL);
    json_text(&j, "mac", mac_print(device->mac, mac));
    if (device->addr_type == ADVERT_ADDR_RANDOM)
        json_text(&j, "addr_type", "random");
    if (device->rssi != ADVERT_NO_RSSI)
        json_int(&j, "rssi", device->rssi);
    if (is_judged(device))
        json_text(&j, "outcome", device->outcome);
    if (device->is_known) {
        json_text(&j, "format", beacon_format_name((enum beacon_format)device->format));
        json_text(&j, "model", device->model);
        json_bool(&j, "encrypted", device->is_encrypted);
        json_text(&j, "key", scan_device_key(device));
    }
    if (*device->name)
        json_text(&j, "name", device->name);
    json_int(&j, "frames", (int64_t)device->frames);
    json_fixed(&j, "per_minute", (int64_t)scan_device_rate10(device, now_ms), -1, 1);
    json_fixed(&j, "age_s", (int64_t)(now_ms - device->last_ms), -3, 1);
    json_object_end(&j);
    if (json_ok(&j))
        puts(line);
}
