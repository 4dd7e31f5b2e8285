#include "linux/mgmt.h"

#include <string.h>

enum {
    EVENT_COMPLETE = 0x0001,
    EVENT_STATUS = 0x0002,
    EVENT_ADDED = 0x0004,
    EVENT_REMOVED = 0x0005,
    EVENT_SETTINGS = 0x0006,
    EVENT_DEVICE_FOUND = 0x0012,
    EVENT_DISCOVERING = 0x0013,
    EVENT_MONITOR_REMOVED = 0x002c,
    EVENT_MONITOR_FOUND = 0x002f,
};

enum {
    DISCOVER_LE = 0x06, /* bit 1 public, bit 2 random addresses */
    DEFAULT_INTERVAL = 0x0013,
    DEFAULT_WINDOW = 0x0014,
    PATTERN_SIZE = 34,
    AD_SERVICE_DATA = 0x16,
};

const char *mgmt_status_text(uint8_t status)
{
    static const char *const texts[] = {
        "success",
        "unknown command",
        "not connected",
        "failed",
        "connection failed",
        "not authenticated",
        "not paired",
        "no resources",
        "timeout",
        "already connected",
        "busy",
        "rejected",
        "not supported",
        "invalid parameters",
        "disconnected",
        "not powered",
        "cancelled",
        "no such adapter",
        "blocked by rfkill",
        "already paired",
        "permission denied",
    };

    return status < sizeof(texts) / sizeof(texts[0]) ? texts[status] : "unknown reason";
}

/* ---- commands ---- */

static size_t put(uint8_t *out, uint16_t code, uint16_t adapter, const uint8_t *params, size_t len)
{
    bytes_put_le(out, 2, code);
    bytes_put_le(out + 2, 2, adapter);
    bytes_put_le(out + 4, 2, len);
    if (len > 0)
        memcpy(out + MGMT_HEADER, params, len);
    return MGMT_HEADER + len;
}

size_t mgmt_plain(uint8_t out[MGMT_COMMAND_MAX], enum mgmt_command code, uint16_t adapter)
{
    return put(out, (uint16_t)code, adapter, NULL, 0);
}

size_t mgmt_switch(uint8_t out[MGMT_COMMAND_MAX], enum mgmt_command code, uint16_t adapter,
                   bool is_on)
{
    const uint8_t params[] = { is_on };

    return put(out, (uint16_t)code, adapter, params, sizeof(params));
}

size_t mgmt_discovery(uint8_t out[MGMT_COMMAND_MAX], enum mgmt_command code, uint16_t adapter)
{
    static const uint8_t params[] = { DISCOVER_LE };

    return put(out, (uint16_t)code, adapter, params, sizeof(params));
}

/* A row of (parameter (2), length (1), value). */
size_t mgmt_set_scan(uint8_t out[MGMT_COMMAND_MAX], uint16_t adapter, struct mgmt_scan scan)
{
    uint8_t params[10] = { DEFAULT_INTERVAL, 0, 2, 0, 0, DEFAULT_WINDOW, 0, 2 };

    bytes_put_le(params + 3, 2, scan.interval);
    bytes_put_le(params + 8, 2, scan.window);
    return put(out, MGMT_SET_DEFAULTS, adapter, params, sizeof(params));
}

/*
 *     NN  pattern x N,  pattern:  TT  OO  LL  value x 31
 *
 * T type of the AD structure, O offset in its data, L length of the value
 */
size_t mgmt_add_monitor(uint8_t out[MGMT_COMMAND_MAX], uint16_t adapter)
{
    static const uint16_t services[] = {
        0xfe95, /* Xiaomi */
        0x181a, /* ATC, pvvx */
        0xfcd2, /* BTHome 2 */
        0x181c, /* BTHome 1 */
        0xfdcd, /* Qingping */
    };
    enum { COUNT = sizeof(services) / sizeof(services[0]) };
    uint8_t params[1 + COUNT * PATTERN_SIZE] = { COUNT };

    for (size_t i = 0; i < COUNT; i++) {
        uint8_t *pattern = params + 1 + i * PATTERN_SIZE;
        pattern[0] = AD_SERVICE_DATA;
        pattern[2] = 2;
        bytes_put_le(pattern + 3, 2, services[i]);
    }
    return put(out, MGMT_ADD_MONITOR, adapter, params, sizeof(params));
}

size_t mgmt_remove_monitor(uint8_t out[MGMT_COMMAND_MAX], uint16_t adapter, uint16_t handle)
{
    uint8_t params[2];

    bytes_put_le(params, 2, handle);
    return put(out, MGMT_REMOVE_MONITOR, adapter, params, sizeof(params));
}

/* ---- events ---- */

static void read_answer(struct bytes *row, struct mgmt_event *out)
{
    out->command = (uint16_t)bytes_take_le(row, 2);
    out->status = (uint8_t)bytes_take_le(row, 1);
    out->answer = *row;
}

static void read_settings(struct bytes *row, struct mgmt_event *out)
{
    out->settings = (uint32_t)bytes_take_le(row, 4);
}

/* The first byte tells what is searched for. */
static void read_discovering(struct bytes *row, struct mgmt_event *out)
{
    (void)bytes_take(row, 1);
    out->is_on = bytes_take_le(row, 1) != 0;
}

static void read_handle(struct bytes *row, struct mgmt_event *out)
{
    out->handle = (uint16_t)bytes_take_le(row, 2);
}

/*
 *     addr x 6  AA  RR  flags x 4  LL LL  data x L
 *
 * A  type of the address: 0 of classic Bluetooth (no advert then), 1 public, 2 random
 * R  signal strength in dBm
 */
static void read_device(struct bytes *row, struct mgmt_event *out)
{
    const uint8_t *addr = bytes_take(row, 6);
    const uint8_t type = (uint8_t)bytes_take_le(row, 1);
    struct advert *advert = &out->advert;

    advert->rssi = (int8_t)bytes_sign(bytes_take_le(row, 1), 1);
    (void)bytes_take(row, 4);
    advert->len = (uint16_t)bytes_take_le(row, 2);
    advert->data = bytes_take(row, advert->len);
    advert->addr_type = type == 2 ? ADVERT_ADDR_RANDOM : ADVERT_ADDR_PUBLIC;
    if (addr)
        advert->addr = mac_from_reversed(addr);
    if (type != 1 && type != 2)
        out->kind = MGMT_OTHER;
    if (advert->len > ADVERT_LEN_MAX)
        row->failed = true;
}

/* The handle of the monitor comes first. */
static void read_monitored(struct bytes *row, struct mgmt_event *out)
{
    (void)bytes_take(row, 2);
    read_device(row, out);
}

static const struct {
    uint16_t code;
    enum mgmt_kind kind;
    void (*read)(struct bytes *row, struct mgmt_event *out); /* or NULL */
} rows[] = {
    { EVENT_MONITOR_FOUND, MGMT_ADVERT, read_monitored },
    { EVENT_DEVICE_FOUND, MGMT_ADVERT, read_device },
    { EVENT_COMPLETE, MGMT_ANSWER, read_answer },
    { EVENT_STATUS, MGMT_ANSWER, read_answer },
    { EVENT_ADDED, MGMT_ADDED, NULL },
    { EVENT_REMOVED, MGMT_REMOVED, NULL },
    { EVENT_SETTINGS, MGMT_SETTINGS, read_settings },
    { EVENT_DISCOVERING, MGMT_DISCOVERING, read_discovering },
    { EVENT_MONITOR_REMOVED, MGMT_MONITOR_REMOVED, read_handle },
};

bool mgmt_parse(const uint8_t *message, size_t len, struct mgmt_event *out)
{
    struct bytes row = { .p = message, .len = len };
    const uint16_t code = (uint16_t)bytes_take_le(&row, 2);

    *out = (struct mgmt_event){ .kind = MGMT_OTHER };
    out->adapter = (uint16_t)bytes_take_le(&row, 2);
    if (bytes_take_le(&row, 2) != row.len || row.failed)
        return false;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].code != code)
            continue;
        out->kind = rows[i].kind;
        if (rows[i].read)
            rows[i].read(&row, out);
        return !row.failed;
    }
    return true;
}

/* ---- answers ---- */

bool mgmt_address_of(struct bytes answer, struct mac *out)
{
    const uint8_t *addr = bytes_take(&answer, 6);

    *out = addr ? mac_from_reversed(addr) : (struct mac){ { 0 } };
    return addr != NULL;
}

/* Address (6), version (1) and maker (2) come before. */
bool mgmt_supported_of(struct bytes answer, uint32_t *settings)
{
    (void)bytes_take(&answer, 9);
    *settings = (uint32_t)bytes_take_le(&answer, 4);
    return !answer.failed;
}

/* The supported settings (4) come before as well. */
bool mgmt_settings_of(struct bytes answer, uint32_t *settings)
{
    (void)bytes_take(&answer, 13);
    *settings = (uint32_t)bytes_take_le(&answer, 4);
    return !answer.failed;
}

bool mgmt_handle_of(struct bytes answer, uint16_t *handle)
{
    *handle = (uint16_t)bytes_take_le(&answer, 2);
    return !answer.failed;
}

bool mgmt_scan_of(struct bytes answer, struct mgmt_scan *out)
{
    *out = (struct mgmt_scan){ 0 };
    while (answer.len > 0) {
        const uint16_t parameter = (uint16_t)bytes_take_le(&answer, 2);
        const uint8_t len = (uint8_t)bytes_take_le(&answer, 1);
        const uint8_t *value = bytes_take(&answer, len);
        if (answer.failed)
            return false;
        if (parameter == DEFAULT_INTERVAL && len == 2)
            out->interval = (uint16_t)bytes_le(value, 2);
        if (parameter == DEFAULT_WINDOW && len == 2)
            out->window = (uint16_t)bytes_le(value, 2);
    }
    return true;
}

size_t mgmt_adapters_of(struct bytes answer, uint16_t *out, size_t max)
{
    size_t count = (size_t)bytes_take_le(&answer, 2), n = 0;

    for (; n < count && n < max; n++) {
        out[n] = (uint16_t)bytes_take_le(&answer, 2);
        if (answer.failed)
            break;
    }
    return n;
}
