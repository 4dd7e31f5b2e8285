#include "kernel.h"

#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
    EVENT_COMPLETE = 0x01,
    EVENT_STATUS = 0x02,
    EVENT_ADDED = 0x04,
    EVENT_REMOVED = 0x05,
    EVENT_SETTINGS = 0x06,
    EVENT_DISCOVERING = 0x13,
    EVENT_MONITOR_REMOVED = 0x2c,
    EVENT_MONITOR_FOUND = 0x2f,
};

enum { STATUS_INVALID_ADAPTER = 0x11 };

void kernel_init(struct kernel *kernel)
{
    *kernel = (struct kernel){
        .settings = KERNEL_POWERED | KERNEL_LE,
        .index = KERNEL_INDEX,
        .interval = 0x60,
        .window = 0x30,
    };
}

static void note(struct kernel *kernel, const char *word)
{
    const size_t len = strlen(kernel->asked);

    assert_true(len + strlen(word) + 2 < sizeof(kernel->asked));
    snprintf(kernel->asked + len, sizeof(kernel->asked) - len, "%s%s", len > 0 ? " " : "", word);
}

const char *kernel_asked(struct kernel *kernel)
{
    static char asked[sizeof(kernel->asked)];

    memcpy(asked, kernel->asked, sizeof(asked));
    kernel->asked[0] = '\0';
    return asked;
}

static uint8_t refusal(const struct kernel *kernel, uint16_t command)
{
    for (size_t i = 0; i < sizeof(kernel->refuses) / sizeof(kernel->refuses[0]); i++) {
        if (kernel->refuses[i].command == command && kernel->refuses[i].status != 0)
            return kernel->refuses[i].status;
    }
    return 0;
}

/* ---- management ---- */

static void say(struct kernel *kernel, uint16_t event, uint16_t index, const void *params,
                size_t len)
{
    uint8_t message[KERNEL_MESSAGE_MAX];

    assert_true(len + 6 <= sizeof(message));
    bytes_put_le(message, 2, event);
    bytes_put_le(message + 2, 2, index);
    bytes_put_le(message + 4, 2, len);
    if (len > 0)
        memcpy(message + 6, params, len);
    kernel->mgmt(kernel->user, message, len + 6);
}

static void answer(struct kernel *kernel, uint16_t command, uint16_t index, uint8_t status,
                   const void *params, size_t len)
{
    uint8_t out[64];

    assert_true(len + 3 <= sizeof(out));
    bytes_put_le(out, 2, command);
    out[2] = status;
    if (len > 0)
        memcpy(out + 3, params, len);
    say(kernel, status == 0 ? EVENT_COMPLETE : EVENT_STATUS, index, out, len + 3);
}

/* What a command answers with; its length. */
typedef size_t take_fn(struct kernel *kernel, const uint8_t *params, uint8_t *out);

static size_t take_adapters(struct kernel *kernel, const uint8_t *params, uint8_t *out)
{
    (void)params;
    bytes_put_le(out, 2, !kernel->is_gone);
    bytes_put_le(out + 2, 2, kernel->index);
    return kernel->is_gone ? 2 : 4;
}

static size_t take_info(struct kernel *kernel, const uint8_t *params, uint8_t *out)
{
    (void)params;
    memset(out, 0, 20);
    out[0] = (uint8_t)kernel->index;
    out[5] = 0xdc;
    bytes_put_le(out + 13, 4, kernel->settings);
    return 20;
}

static size_t put_settings(struct kernel *kernel, uint32_t bit, bool is_on, uint8_t *out)
{
    kernel->settings = is_on ? kernel->settings | bit : kernel->settings & ~bit;
    bytes_put_le(out, 4, kernel->settings);
    say(kernel, EVENT_SETTINGS, kernel->index, out, 4);
    return 4;
}

static size_t take_power(struct kernel *kernel, const uint8_t *params, uint8_t *out)
{
    return put_settings(kernel, KERNEL_POWERED, params[0], out);
}

static size_t take_le(struct kernel *kernel, const uint8_t *params, uint8_t *out)
{
    return put_settings(kernel, KERNEL_LE, params[0], out);
}

static size_t take_discovery(struct kernel *kernel, const uint8_t *params, uint8_t *out)
{
    (void)kernel;
    out[0] = params[0];
    return 1;
}

static size_t take_defaults(struct kernel *kernel, const uint8_t *params, uint8_t *out)
{
    static const uint8_t row[] = { 0x00, 0x00, 2, 1, 0, 0x13, 0, 2, 0, 0, 0x14, 0, 2, 0, 0 };

    (void)params;
    if (kernel->has_no_scan_setting)
        return 0;
    memcpy(out, row, sizeof(row));
    bytes_put_le(out + 8, 2, kernel->interval);
    bytes_put_le(out + 13, 2, kernel->window);
    return sizeof(row);
}

static size_t take_set_defaults(struct kernel *kernel, const uint8_t *params, uint8_t *out)
{
    char word[24];

    (void)out;
    kernel->interval = (uint16_t)bytes_le(params + 3, 2);
    kernel->window = (uint16_t)bytes_le(params + 8, 2);
    snprintf(word, sizeof(word), "scan=%u/%u", kernel->window, kernel->interval);
    note(kernel, word);
    return 0;
}

static size_t take_monitor(struct kernel *kernel, const uint8_t *params, uint8_t *out)
{
    uint16_t handle = 1;

    assert_int_equal(params[0], 5); /* patterns */
    while (kernel->monitors >> handle & 1)
        handle++;
    assert_in_range(handle, 1, 31);
    kernel->monitors |= UINT32_C(1) << handle;
    bytes_put_le(out, 2, handle);
    return 2;
}

unsigned kernel_monitors(const struct kernel *kernel)
{
    unsigned count = 0;

    for (uint32_t left = kernel->monitors; left; left &= left - 1)
        count++;
    return count;
}

static size_t take_no_monitor(struct kernel *kernel, const uint8_t *params, uint8_t *out)
{
    const uint32_t bit = UINT32_C(1) << bytes_le(params, 2);

    assert_true(kernel->monitors & bit);
    kernel->monitors &= ~bit;
    memcpy(out, params, 2);
    return 2;
}

static const struct mgmt_row {
    uint16_t command;
    const char *off, *on; /* by the first parameter, where it is a switch; NULL: noted elsewhere */
    take_fn *take;
} mgmt_rows[] = {
    { 0x0003, "adapters", "adapters", take_adapters },
    { 0x0004, "info", "info", take_info },
    { 0x0005, "power-", "power+", take_power },
    { 0x000d, "le-", "le+", take_le },
    { 0x0023, "discover", "discover", take_discovery },
    { 0x0024, "discover-", "discover-", take_discovery },
    { 0x004b, "defaults", "defaults", take_defaults },
    { 0x004c, NULL, NULL, take_set_defaults },
    { 0x0052, "monitor", "monitor", take_monitor },
    { 0x0053, "monitor-", "monitor-", take_no_monitor },
};

static void run(struct kernel *kernel, const struct mgmt_row *row, uint16_t index,
                const uint8_t *params)
{
    const uint8_t status = refusal(kernel, row->command);
    uint8_t out[64];

    if (kernel->is_mute)
        return;
    if (kernel->is_gone && index != 0xffff)
        answer(kernel, row->command, index, STATUS_INVALID_ADAPTER, NULL, 0);
    else if (status != 0)
        answer(kernel, row->command, index, status, NULL, 0);
    else
        answer(kernel, row->command, index, 0, out, row->take(kernel, params, out));
}

void kernel_take_mgmt(struct kernel *kernel, const uint8_t *message, size_t len)
{
    const uint16_t command = (uint16_t)bytes_le(message, 2);
    const uint16_t index = (uint16_t)bytes_le(message + 2, 2);
    const uint8_t *params = message + 6;

    assert_true(len >= 6);
    assert_int_equal(bytes_le(message + 4, 2), len - 6);
    assert_true(index == kernel->index || index == 0xffff);
    for (size_t i = 0; i < sizeof(mgmt_rows) / sizeof(mgmt_rows[0]); i++) {
        const struct mgmt_row *row = &mgmt_rows[i];
        if (row->command != command)
            continue;
        if (row->off)
            note(kernel, len > 6 && params[0] == 1 ? row->on : row->off);
        run(kernel, row, index, params);
        return;
    }
    fail_msg("an unknown command: %04x", command);
}

/* ---- what happens by itself ---- */

void kernel_unplug(struct kernel *kernel)
{
    kernel->is_gone = true;
    kernel->monitors = 0;
    kernel->is_scanning = false;
    say(kernel, EVENT_REMOVED, kernel->index, NULL, 0);
}

void kernel_plug_in(struct kernel *kernel)
{
    kernel->is_gone = false;
    say(kernel, EVENT_ADDED, kernel->index, NULL, 0);
}

void kernel_power(struct kernel *kernel, bool is_on)
{
    uint8_t out[4];

    put_settings(kernel, KERNEL_POWERED, is_on, out);
}

void kernel_take_monitors(struct kernel *kernel)
{
    static const uint8_t all[] = { 0, 0 };

    kernel->monitors = 0;
    say(kernel, EVENT_MONITOR_REMOVED, kernel->index, all, sizeof(all));
}

void kernel_discovering(struct kernel *kernel, bool is_on)
{
    const uint8_t params[] = { 6, is_on };

    say(kernel, EVENT_DISCOVERING, kernel->index, params, sizeof(params));
}

static void put_addr(uint8_t sender, uint8_t *out)
{
    const struct mac addr = { { 0xa4, 0xc1, 0x38, 0, 0, sender } };

    mac_to_reversed(addr, out);
}

size_t kernel_advert(uint8_t sender, const void *data, size_t len, uint16_t index,
                     uint8_t out[KERNEL_MESSAGE_MAX])
{
    assert_true(len + 22 <= KERNEL_MESSAGE_MAX);
    memset(out, 0, 22);
    bytes_put_le(out, 2, EVENT_MONITOR_FOUND);
    bytes_put_le(out + 2, 2, index);
    bytes_put_le(out + 4, 2, len + 16);
    put_addr(sender, out + 8);
    out[14] = 1; /* public */
    out[15] = (uint8_t)-60;
    bytes_put_le(out + 20, 2, len);
    memcpy(out + 22, data, len);
    return len + 22;
}

size_t kernel_report(uint8_t sender, const void *data, size_t len, uint8_t out[KERNEL_MESSAGE_MAX])
{
    const uint8_t head[] = { 0x04, 0x3e, (uint8_t)(len + 12), 0x02, 1, 0, 0 };

    assert_true(len <= 31);
    memcpy(out, head, sizeof(head));
    put_addr(sender, out + 7);
    out[13] = (uint8_t)len;
    memcpy(out + 14, data, len);
    out[14 + len] = (uint8_t)-60;
    return len + 15;
}

/* ---- the controller ---- */

static const struct {
    uint16_t command;
    bool is_extended; /* such a controller takes these and not the others */
    bool is_either;
    const char *off, *on; /* by the first parameter */
} hci_rows[] = {
    { 0x0c03, false, true, "reset", "reset" },
    { 0x0c01, false, true, "events", "events" },
    { 0x2001, false, true, "le-events", "le-events" },
    { 0x1002, false, true, "commands", "commands" },
    { 0x2010, false, true, "list-", "list-" },
    { 0x2011, false, true, "list+", "list+" },
    { 0x200b, false, false, "passive", "active" },
    { 0x200c, false, false, "scan-", "scan+" },
    { 0x2041, true, false, NULL, NULL },
    { 0x2042, true, false, "ext-scan-", "ext-scan+" },
};

static void complete(struct kernel *kernel, uint16_t command, uint8_t status)
{
    uint8_t packet[7 + 64] = { 0x04, 0x0e, 4, 1 };

    bytes_put_le(packet + 4, 2, command);
    packet[6] = status;
    if (command == 0x1002) {
        packet[2] = 4 + 64;
        packet[7 + 37] = kernel->is_extended ? 0x60 : 0;
    }
    kernel->hci(kernel->user, packet, 3u + packet[2]);
}

static void note_params(struct kernel *kernel, uint16_t command, const uint8_t *params)
{
    const bool is_extended = command == 0x2041;
    const uint8_t *scan = is_extended ? params + 3 : params;
    char word[48];

    snprintf(word, sizeof(word), "%s%s=%u/%u%s", is_extended ? "ext-" : "",
             scan[0] ? "active" : "passive", (unsigned)bytes_le(scan + 3, 2),
             (unsigned)bytes_le(scan + 1, 2), params[is_extended ? 1 : 6] ? ",listed" : "");
    note(kernel, word);
}

void kernel_take_hci(struct kernel *kernel, const uint8_t *packet, size_t len)
{
    const uint16_t command = (uint16_t)bytes_le(packet + 1, 2);

    assert_true(len >= 4);
    assert_int_equal(packet[0], 1);
    assert_int_equal(packet[3], len - 4);
    for (size_t i = 0; i < sizeof(hci_rows) / sizeof(hci_rows[0]); i++) {
        if (hci_rows[i].command != command)
            continue;
        if (command == 0x200b || command == 0x2041)
            note_params(kernel, command, packet + 4);
        else
            note(kernel, len > 4 && packet[4] == 1 ? hci_rows[i].on : hci_rows[i].off);
        if (command == 0x200c || command == 0x2042)
            kernel->is_scanning = packet[4] == 1;
        const bool is_known =
            hci_rows[i].is_either || hci_rows[i].is_extended == kernel->is_extended;
        if (!kernel->is_mute)
            complete(kernel, command, is_known ? refusal(kernel, command) : 0x0c);
        return;
    }
    fail_msg("an unknown HCI command: %04x", command);
}
