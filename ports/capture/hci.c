#include "capture/hci.h"

#include <string.h>

enum {
    EVENT_LE_META = 0x3e,
    SUBEVENT_LEGACY = 0x02,
    SUBEVENT_EXTENDED = 0x0d,
    ADDR_ANONYMOUS = 0xff,
    SET_NONE = 0xff,
};

bool hci_reports_open(struct hci_reports *reports, const uint8_t *event, size_t len)
{
    *reports = (struct hci_reports){ 0 };
    if (len < 4 || event[0] != EVENT_LE_META || event[1] != len - 2)
        return false;
    if (event[2] != SUBEVENT_LEGACY && event[2] != SUBEVENT_EXTENDED)
        return false;
    reports->row = (struct bytes){ .p = event + 4, .len = len - 4 };
    reports->left = event[3];
    reports->is_extended = event[2] == SUBEVENT_EXTENDED;
    return true;
}

/* Types 2 and 3 are 0 and 1 whose changing address the controller resolved. */
static void take_addr(struct bytes *row, struct hci_report *out)
{
    const uint8_t type = (uint8_t)bytes_take_le(row, 1);
    const uint8_t *addr = bytes_take(row, 6);

    out->is_anonymous = type == ADDR_ANONYMOUS;
    out->addr_type = type & 1 ? ADVERT_ADDR_RANDOM : ADVERT_ADDR_PUBLIC;
    if (addr && !out->is_anonymous)
        out->addr = mac_from_reversed(addr);
}

static void take_data(struct bytes *row, struct hci_report *out)
{
    out->len = (uint8_t)bytes_take_le(row, 1);
    out->data = bytes_take(row, out->len);
}

/*
 *     TT  AA  addr x 6  NN  data x NN  RR
 *
 * T event type, A address type, N length of the data, R signal strength in dBm
 */
static void take_legacy(struct bytes *row, struct hci_report *out)
{
    (void)bytes_take(row, 1);
    take_addr(row, out);
    take_data(row, out);
    out->rssi = (int8_t)bytes_sign(bytes_take_le(row, 1), 1);
    out->set_id = SET_NONE;
}

/*
 *     TT TT  AA  addr x 6  1 2  SS  PP  RR  interval x 2  direct address x 7  NN  data x NN
 *
 * T event type (bits 5 and 6: data status), 1 and 2 the two PHYs, S set id, P transmit power
 */
static void take_extended(struct bytes *row, struct hci_report *out)
{
    out->data_status = (uint8_t)(bytes_take_le(row, 2) >> 5 & 3);
    take_addr(row, out);
    (void)bytes_take(row, 2);
    out->set_id = (uint8_t)bytes_take_le(row, 1);
    (void)bytes_take(row, 1);
    out->rssi = (int8_t)bytes_sign(bytes_take_le(row, 1), 1);
    (void)bytes_take(row, 9);
    take_data(row, out);
}

bool hci_reports_next(struct hci_reports *reports, struct hci_report *out)
{
    *out = (struct hci_report){ 0 };
    if (reports->left == 0 || reports->row.failed)
        return false;
    reports->left--;
    if (reports->is_extended)
        take_extended(&reports->row, out);
    else
        take_legacy(&reports->row, out);
    return !reports->row.failed;
}

bool hci_reports_failed(const struct hci_reports *reports)
{
    return reports->row.failed;
}

static struct hci_piece *find(struct hci_joiner *joiner, const struct hci_report *report)
{
    for (size_t i = 0; i < HCI_JOINER_SLOTS; i++) {
        struct hci_piece *piece = &joiner->slots[i];
        if (piece->is_used && piece->set_id == report->set_id &&
            piece->is_anonymous == report->is_anonymous && piece->addr_type == report->addr_type &&
            mac_equal(piece->addr, report->addr))
            return piece;
    }
    return NULL;
}

/* The oldest piece in use, or NULL. */
static struct hci_piece *oldest(struct hci_joiner *joiner)
{
    struct hci_piece *found = NULL;

    for (size_t i = 0; i < HCI_JOINER_SLOTS; i++) {
        struct hci_piece *piece = &joiner->slots[i];
        if (piece->is_used && (!found || piece->age < found->age))
            found = piece;
    }
    return found;
}

static struct hci_piece *begin(struct hci_joiner *joiner, const struct hci_report *report)
{
    struct hci_piece *piece = NULL;

    for (size_t i = 0; i < HCI_JOINER_SLOTS && !piece; i++) {
        if (!joiner->slots[i].is_used)
            piece = &joiner->slots[i];
    }
    if (!piece)
        piece = oldest(joiner);
    piece->is_used = true;
    piece->is_anonymous = report->is_anonymous;
    piece->addr = report->addr;
    piece->addr_type = report->addr_type;
    piece->set_id = report->set_id;
    piece->age = joiner->counted++;
    piece->len = 0;
    return piece;
}

static void as_advert(const struct hci_piece *piece, struct advert *out, bool *is_anonymous)
{
    *is_anonymous = piece->is_anonymous;
    *out = (struct advert){
        .addr = piece->addr,
        .addr_type = piece->addr_type,
        .rssi = piece->rssi,
        .len = piece->len,
        .data = piece->data,
    };
}

bool hci_join(struct hci_joiner *joiner, const struct hci_report *report, struct advert *out,
              bool *is_anonymous)
{
    struct hci_piece *piece = find(joiner, report);

    if (!piece && report->data_status != HCI_DATA_MORE) {
        *is_anonymous = report->is_anonymous;
        *out = (struct advert){
            .addr = report->addr,
            .addr_type = report->addr_type,
            .rssi = report->rssi,
            .len = report->len,
            .data = report->data,
        };
        return true;
    }
    if (!piece)
        piece = begin(joiner, report);
    if (report->len > ADVERT_LEN_MAX - piece->len) {
        piece->is_used = false;
        return false;
    }
    if (report->len > 0)
        memcpy(piece->data + piece->len, report->data, report->len);
    piece->len = (uint16_t)(piece->len + report->len);
    piece->rssi = report->rssi;
    if (report->data_status == HCI_DATA_MORE)
        return false;
    piece->is_used = false;
    as_advert(piece, out, is_anonymous);
    return true;
}

bool hci_join_rest(struct hci_joiner *joiner, struct advert *out, bool *is_anonymous)
{
    struct hci_piece *piece = oldest(joiner);

    if (!piece)
        return false;
    piece->is_used = false;
    as_advert(piece, out, is_anonymous);
    return true;
}
