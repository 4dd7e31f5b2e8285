#include "linux/hci_listen.h"

#include <string.h>

enum {
    RESET = 0x0c03,
    EVENT_MASK = 0x0c01,
    READ_COMMANDS = 0x1002,
    LE_EVENT_MASK = 0x2001,
    SCAN_PARAMETERS = 0x200b,
    SCAN_ENABLE = 0x200c,
    CLEAR_LIST = 0x2010,
    ADD_TO_LIST = 0x2011,
    EXTENDED_PARAMETERS = 0x2041,
    EXTENDED_ENABLE = 0x2042,
};

enum {
    PACKET_COMMAND = 0x01,
    COMMANDS_EXTENDED_SCAN = 37, /* byte and bits of the supported commands (6.27) */
    COMMANDS_EXTENDED_BITS = 0x60,
    LE_CONNECTED = 0x01,
    LE_CONNECTED_ENHANCED = 0x0a,
    LE_LEGACY_REPORT = 0x02,
    LE_EXTENDED_REPORT = 0x0d,
};

/* ---- parameters ---- */

static size_t no_params(const struct hci_listen *listen, uint8_t *out)
{
    (void)listen;
    (void)out;
    return 0;
}

/* Every event; those of LE are bit 61. */
static size_t all_events(const struct hci_listen *listen, uint8_t *out)
{
    (void)listen;
    memset(out, 0xff, 7);
    out[7] = 0x3f;
    return 8;
}

/* Connections, reports of both kinds. */
static size_t le_events(const struct hci_listen *listen, uint8_t *out)
{
    (void)listen;
    bytes_put_le(out, 8, 0x1fff);
    return 8;
}

/* Address type, address. Each address is in the list twice, since its type is not known. */
static size_t list_entry(const struct hci_listen *listen, uint8_t *out)
{
    out[0] = listen->nth % 2;
    mac_to_reversed(listen->setup.lists->watch[listen->nth / 2], out + 1);
    return 7;
}

/* Type, interval, window, own address type, filter policy (1: those in the list); extended: own
 * address type, filter policy, PHYs (bit 0: 1M), then type, interval and window for the one PHY. */
static size_t scan_params(const struct hci_listen *listen, uint8_t *out)
{
    uint8_t *at = out;

    memset(out, 0, 8);
    if (listen->is_extended) {
        out[2] = 0x01;
        at = out + 3;
    }
    out[listen->is_extended ? 1 : 6] = listen->is_listing;
    at[0] = listen->setup.is_active;
    bytes_put_le(at + 1, 2, listen->setup.scan.interval);
    bytes_put_le(at + 3, 2, listen->setup.scan.window);
    return listen->is_extended ? 8 : 7;
}

/* On or off, filter duplicates (never); extended: duration and period (for ever). */
static size_t scan_off(const struct hci_listen *listen, uint8_t *out)
{
    memset(out, 0, 6);
    return listen->is_extended ? 6 : 2;
}

static size_t scan_on(const struct hci_listen *listen, uint8_t *out)
{
    const size_t len = scan_off(listen, out);

    out[0] = 1;
    return len;
}

/* ---- the way to listening ---- */

static unsigned always(const struct hci_listen *listen)
{
    (void)listen;
    return 1;
}

/* What the kernel has done otherwise. */
static unsigned as_user(const struct hci_listen *listen)
{
    return listen->setup.is_user;
}

static unsigned with_list(const struct hci_listen *listen)
{
    return listen->is_listing;
}

static unsigned for_each_listed(const struct hci_listen *listen)
{
    return listen->is_listing ? 2 * (unsigned)listen->setup.lists->n_watch : 0;
}

static const struct {
    uint16_t code, extended_code;
    size_t (*params)(const struct hci_listen *listen, uint8_t *out);
    unsigned (*times)(const struct hci_listen *listen);
    bool may_fail; /* a scan that was off already, a mask with bits the controller lacks, a list
                      without room */
} steps[] = {
    { RESET, RESET, no_params, as_user, false },
    { EVENT_MASK, EVENT_MASK, all_events, as_user, true },
    { LE_EVENT_MASK, LE_EVENT_MASK, le_events, as_user, true },
    { READ_COMMANDS, READ_COMMANDS, no_params, always, true },
    { SCAN_ENABLE, EXTENDED_ENABLE, scan_off, always, true },
    { CLEAR_LIST, CLEAR_LIST, no_params, with_list, true },
    { ADD_TO_LIST, ADD_TO_LIST, list_entry, for_each_listed, true },
    { SCAN_PARAMETERS, EXTENDED_PARAMETERS, scan_params, always, false },
    { SCAN_ENABLE, EXTENDED_ENABLE, scan_on, always, false },
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

static uint16_t code_of(const struct hci_listen *listen, unsigned step)
{
    return listen->is_extended ? steps[step].extended_code : steps[step].code;
}

/* On to the next step that is to be taken, or taken again. */
static void skip(struct hci_listen *listen)
{
    while (listen->step < STEPS && listen->nth >= steps[listen->step].times(listen)) {
        listen->step++;
        listen->nth = 0;
    }
}

void hci_listen_begin(struct hci_listen *listen, const struct hci_listen_setup *setup)
{
    *listen = (struct hci_listen){ .setup = *setup };
    listen->is_listing = setup->is_user && setup->lists && setup->lists->n_watch > 0;
    skip(listen);
}

static size_t put(uint16_t code, size_t len, uint8_t *out)
{
    out[0] = PACKET_COMMAND;
    bytes_put_le(out + 1, 2, code);
    out[3] = (uint8_t)len;
    return 4 + len;
}

size_t hci_listen_command(const struct hci_listen *listen, uint8_t out[HCI_PACKET_MAX])
{
    if (listen->step >= STEPS)
        return 0;
    return put(code_of(listen, listen->step), steps[listen->step].params(listen, out + 4), out);
}

size_t hci_listen_end(const struct hci_listen *listen, uint8_t out[HCI_PACKET_MAX])
{
    return put(listen->is_extended ? EXTENDED_ENABLE : SCAN_ENABLE, scan_off(listen, out + 4), out);
}

/* ---- answers ---- */

static bool is_scan_command(uint16_t code)
{
    return code == SCAN_ENABLE || code == EXTENDED_ENABLE;
}

static void note_commands(struct hci_listen *listen, struct bytes map)
{
    const uint8_t *before = bytes_take(&map, COMMANDS_EXTENDED_SCAN);
    const uint8_t bits = (uint8_t)bytes_take_le(&map, 1);

    listen->is_extended = before && (bits & COMMANDS_EXTENDED_BITS) == COMMANDS_EXTENDED_BITS;
}

static enum hci_listen_result answered(struct hci_listen *listen, uint16_t code, uint8_t status,
                                       struct bytes rest)
{
    if (listen->step >= STEPS)
        return is_scan_command(code) ? HCI_LISTEN_DISTURBED : HCI_LISTEN_NOTHING;
    if (code != code_of(listen, listen->step))
        return HCI_LISTEN_NOTHING;
    listen->refusal = status;
    if (status != 0 && !steps[listen->step].may_fail)
        return HCI_LISTEN_REFUSED;
    if (code == READ_COMMANDS && status == 0)
        note_commands(listen, rest);
    if (status != 0 && (code == CLEAR_LIST || code == ADD_TO_LIST))
        listen->is_listing = false; /* everybody is heard; the port looks at each advert anyway */
    listen->nth++;
    skip(listen);
    return listen->step < STEPS ? HCI_LISTEN_COMMAND : HCI_LISTEN_ON;
}

/* Room for commands (1), the command (2), status (1), what it returns. */
static enum hci_listen_result take_complete(struct hci_listen *listen, struct bytes row)
{
    (void)bytes_take(&row, 1);
    const uint16_t code = (uint16_t)bytes_take_le(&row, 2);
    const uint8_t status = (uint8_t)bytes_take_le(&row, 1);

    return row.failed ? HCI_LISTEN_NOTHING : answered(listen, code, status, row);
}

/* Status (1), room for commands (1), the command (2). */
static enum hci_listen_result take_status(struct hci_listen *listen, struct bytes row)
{
    const uint8_t status = (uint8_t)bytes_take_le(&row, 1);

    (void)bytes_take(&row, 1);
    const uint16_t code = (uint16_t)bytes_take_le(&row, 2);
    if (row.failed || status == 0)
        return HCI_LISTEN_NOTHING;
    return answered(listen, code, status, row);
}

static enum hci_listen_result disturbed(struct hci_listen *listen, struct bytes row)
{
    (void)row;
    return listen->step >= STEPS ? HCI_LISTEN_DISTURBED : HCI_LISTEN_NOTHING;
}

static enum hci_listen_result take_le(struct hci_listen *listen, struct bytes row)
{
    const uint8_t subevent = (uint8_t)bytes_take_le(&row, 1);

    if (row.failed)
        return HCI_LISTEN_NOTHING;
    if (subevent == LE_LEGACY_REPORT || subevent == LE_EXTENDED_REPORT)
        return HCI_LISTEN_REPORTS;
    if (subevent == LE_CONNECTED || subevent == LE_CONNECTED_ENHANCED)
        return disturbed(listen, row);
    return HCI_LISTEN_NOTHING;
}

enum hci_listen_result hci_listen_packet(struct hci_listen *listen, const uint8_t *packet,
                                         size_t len)
{
    static const struct {
        uint8_t code;
        enum hci_listen_result (*take)(struct hci_listen *listen, struct bytes row);
    } rows[] = {
        { HCI_EVENT_LE, take_le },
        { HCI_EVENT_COMPLETE, take_complete },
        { HCI_EVENT_STATUS, take_status },
        { HCI_EVENT_DISCONNECTED, disturbed },
    };
    struct bytes row = { .p = packet, .len = len };
    const uint8_t type = (uint8_t)bytes_take_le(&row, 1);
    const uint8_t code = (uint8_t)bytes_take_le(&row, 1);

    if (bytes_take_le(&row, 1) != row.len || row.failed || type != HCI_PACKET_EVENT)
        return HCI_LISTEN_NOTHING;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].code == code)
            return rows[i].take(listen, row);
    }
    return HCI_LISTEN_NOTHING;
}
