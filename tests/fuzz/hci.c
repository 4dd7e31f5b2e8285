/*
 * hci: a hostile controller. The input is HCI events, each with its length in front; every report
 * in them is read, joined, and shown to the dialogue that sets up listening.
 */
#include "fuzz/fuzz.h"

#include "capture/hci.h"
#include "linux/hci_listen.h"

static void check_advert(const struct advert *advert, bool is_anonymous)
{
    static const struct mac none = { { 0 } };

    fuzz_expect(advert->len <= ADVERT_LEN_MAX, "an advert has its limit");
    fuzz_expect(!is_anonymous || mac_equal(advert->addr, none), "an anonymous one has no address");
    free(fuzz_copy(advert->data, advert->len, 0)); /* all of it can be read */
}

static void read_reports(struct hci_joiner *joiner, const uint8_t *event, size_t len)
{
    struct hci_reports reports;
    struct hci_report report;
    struct advert advert;
    bool is_anonymous;
    unsigned count = 0;

    if (!hci_reports_open(&reports, event, len))
        return;
    while (hci_reports_next(&reports, &report)) {
        count++;
        fuzz_expect(report.data_status <= 3, "two bits");
        free(fuzz_copy(report.data, report.len, 0));
        if (hci_join(joiner, &report, &advert, &is_anonymous))
            check_advert(&advert, is_anonymous);
    }
    fuzz_expect(count <= event[3], "no more reports than the event says");
    fuzz_expect(count == event[3] || hci_reports_failed(&reports), "or it was cut");
}

/* Whatever it answers, the next command is a whole one. */
static void answer(struct hci_listen *listen, const uint8_t *event, size_t len)
{
    uint8_t packet[HCI_PACKET_MAX], out[HCI_PACKET_MAX];

    if (len >= sizeof(packet))
        return;
    packet[0] = HCI_PACKET_EVENT;
    memcpy(packet + 1, event, len);
    uint8_t *copy = fuzz_copy(packet, len + 1, 0);
    const enum hci_listen_result result = hci_listen_packet(listen, copy, len + 1);
    free(copy);
    const size_t n = hci_listen_command(listen, out);
    fuzz_expect(n == 0 || (n >= 4 && n == 4u + out[3] && out[0] == 1), "a command is whole");
    fuzz_expect(result != HCI_LISTEN_COMMAND || n > 0, "there is one when it says so");
    fuzz_expect(result != HCI_LISTEN_ON || n == 0, "and none when it listens");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = data + size;
    struct hci_joiner joiner = { 0 };
    struct hci_listen listen;
    struct advert advert;
    bool is_anonymous;

    if (size < 1)
        return 0;
    const struct hci_listen_setup setup = { .is_user = *data & 1, .is_active = *data & 2 };
    hci_listen_begin(&listen, &setup);
    for (data++; data < end;) {
        const size_t left = (size_t)(end - data) - 1;
        const size_t len = *data < left ? *data : left;
        uint8_t *event = fuzz_copy(data + 1, len, 0);
        read_reports(&joiner, event, len);
        answer(&listen, event, len);
        free(event);
        data += 1 + len;
    }
    for (unsigned i = 0; hci_join_rest(&joiner, &advert, &is_anonymous); i++) {
        fuzz_expect(i < HCI_JOINER_SLOTS, "no more than wait");
        check_advert(&advert, is_anonymous);
    }
    return 0;
}
