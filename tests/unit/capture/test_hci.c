/* Advertising reports: pieces are joined by sender and set, and every length is believed only as
 * far as the event goes. */
#include "capture/hci.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct hci_joiner joiner;
static struct advert got;
static bool is_anonymous;

static int fresh(void **state)
{
    (void)state;
    joiner = (struct hci_joiner){ 0 };
    return 0;
}

static struct hci_report piece(uint8_t sender, uint8_t set_id, uint8_t status, const char *text)
{
    return (struct hci_report){
        .addr = { { 0xc0, 0, 0, 0, 0, sender } },
        .set_id = set_id,
        .data_status = status,
        .data = (const uint8_t *)text,
        .len = (uint8_t)strlen(text),
    };
}

static bool join(struct hci_report report)
{
    return hci_join(&joiner, &report, &got, &is_anonymous);
}

static void assert_got(const char *text)
{
    assert_int_equal(got.len, strlen(text));
    assert_memory_equal(got.data, text, got.len);
}

static void pieces_of_one_sender_and_set_are_one_advert(void **state)
{
    (void)state;
    assert_false(join(piece(1, 0, HCI_DATA_MORE, "one ")));
    assert_false(join(piece(2, 0, HCI_DATA_MORE, "two ")));
    assert_false(join(piece(1, 1, HCI_DATA_MORE, "other ")));
    assert_true(join(piece(3, 0, HCI_DATA_COMPLETE, "whole")));
    assert_got("whole");
    assert_false(join(piece(1, 0, HCI_DATA_MORE, "and ")));
    assert_true(join(piece(1, 0, HCI_DATA_COMPLETE, "more")));
    assert_got("one and more");
    assert_true(join(piece(2, 0, HCI_DATA_CUT, "cu")));
    assert_got("two cu");
    assert_true(hci_join_rest(&joiner, &got, &is_anonymous));
    assert_got("other ");
    assert_false(hci_join_rest(&joiner, &got, &is_anonymous));
}

static void too_many_pieces_push_out_the_oldest(void **state)
{
    (void)state;
    for (uint8_t i = 0; i <= HCI_JOINER_SLOTS; i++)
        assert_false(join(piece(i, 0, HCI_DATA_MORE, "a")));
    assert_true(join(piece(1, 0, HCI_DATA_COMPLETE, "b")));
    assert_got("ab");
    assert_true(join(piece(0, 0, HCI_DATA_COMPLETE, "b")));
    assert_got("b");
}

static void an_endless_advert_is_dropped(void **state)
{
    char much[201];

    (void)state;
    memset(much, 'x', sizeof(much) - 1);
    much[200] = '\0';
    for (int i = 0; i < ADVERT_LEN_MAX / 200; i++)
        assert_false(join(piece(1, 0, HCI_DATA_MORE, much)));
    assert_false(join(piece(1, 0, HCI_DATA_MORE, much)));
    assert_false(hci_join_rest(&joiner, &got, &is_anonymous));
}

static void two_reports_in_one_event_are_both_read(void **state)
{
    const uint8_t event[] = { 0x3e, 24,   0x02, 2, 0, 0, 1, 2, 3, 4, 5, 6,  1,
                              0xaa, 0xc4, 4,    1, 6, 5, 4, 3, 2, 1, 0, 127 };
    struct hci_reports reports;
    struct hci_report report;

    (void)state;
    assert_false(hci_reports_open(&reports, event, sizeof(event)));
    uint8_t right[sizeof(event)];
    memcpy(right, event, sizeof(event));
    right[1] = sizeof(event) - 2;
    assert_true(hci_reports_open(&reports, right, sizeof(right)));
    assert_true(hci_reports_next(&reports, &report));
    assert_int_equal(report.addr.b[0], 6);
    assert_int_equal(report.data[0], 0xaa);
    assert_int_equal(report.rssi, -60);
    assert_true(hci_reports_next(&reports, &report));
    assert_int_equal(report.addr.b[0], 1);
    assert_int_equal(report.len, 0);
    assert_int_equal(report.addr_type, ADVERT_ADDR_RANDOM);
    assert_int_equal(report.rssi, ADVERT_NO_RSSI);
    assert_false(hci_reports_next(&reports, &report));
    assert_false(hci_reports_failed(&reports));
}

/* Cut at every length, on the heap so that the address sanitizer sees the first byte too many. */
static void a_short_event_gives_no_report(void **state)
{
    static const uint8_t whole[] = { 0x3e, 29, 0x0d, 1, 0x13, 0,   0xff, 0, 0, 0, 0,
                                     0,    0,  1,    0, 0xff, 127, 0xc4, 0, 0, 0, 0,
                                     0,    0,  0,    0, 0,    3,   2,    1, 6 };
    struct hci_reports reports;
    struct hci_report report;

    (void)state;
    for (size_t len = 0; len <= sizeof(whole); len++) {
        uint8_t *copy = malloc(len + 1);
        assert_non_null(copy);
        memcpy(copy + 1, whole, len);
        if (len > 1)
            copy[2] = (uint8_t)(len - 2);
        const bool is_open = hci_reports_open(&reports, copy + 1, len);
        assert_true(is_open == (len >= 4));
        const bool is_read = is_open && hci_reports_next(&reports, &report);
        assert_true(is_read == (len == sizeof(whole)));
        assert_true(!is_open || hci_reports_failed(&reports) == !is_read);
        free(copy);
    }
    assert_true(report.is_anonymous);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pieces_of_one_sender_and_set_are_one_advert, fresh),
        cmocka_unit_test_setup(too_many_pieces_push_out_the_oldest, fresh),
        cmocka_unit_test_setup(an_endless_advert_is_dropped, fresh),
        cmocka_unit_test(two_reports_in_one_event_are_both_read),
        cmocka_unit_test(a_short_event_gives_no_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
