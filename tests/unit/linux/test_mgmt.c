/* The bytes of the management socket, whatever they are. */
#include "linux/mgmt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(...) ((const uint8_t[]){ __VA_ARGS__ }), sizeof((const uint8_t[]){ __VA_ARGS__ })

/* Both events that bring adverts, from the parameters on: with and without a monitor's handle. */
static void adverts_of_both_events(void **state)
{
    static const struct {
        uint8_t type;
        enum mgmt_kind kind;
        enum advert_addr_type addr_type;
    } rows[] = {
        { 0, MGMT_OTHER, ADVERT_ADDR_PUBLIC }, /* classic Bluetooth */
        { 1, MGMT_ADVERT, ADVERT_ADDR_PUBLIC },
        { 2, MGMT_ADVERT, ADVERT_ADDR_RANDOM },
        { 3, MGMT_OTHER, ADVERT_ADDR_PUBLIC },
    };
    struct mgmt_event event;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t monitored[] = { 0x2f,         0,    7, 0, 19, 0, 5, 0, 6, 5, 4, 3, 2, 1,
                                rows[i].type, 0xc4, 1, 2, 3,  4, 3, 0, 2, 1, 6 };
        uint8_t found[] = { 0x12,         0,    7, 0, 17, 0, 6, 5, 4, 3, 2, 1,
                            rows[i].type, 0xc4, 1, 2, 3,  4, 3, 0, 2, 1, 6 };
        const struct {
            const uint8_t *bytes;
            size_t len;
        } both[] = { { monitored, sizeof(monitored) }, { found, sizeof(found) } };

        for (size_t n = 0; n < 2; n++) {
            assert_true(mgmt_parse(both[n].bytes, both[n].len, &event));
            assert_int_equal(event.kind, rows[i].kind);
            assert_int_equal(event.adapter, 7);
            if (event.kind != MGMT_ADVERT)
                continue;
            assert_int_equal(event.advert.addr_type, rows[i].addr_type);
            assert_memory_equal(event.advert.addr.b, "\1\2\3\4\5\6", 6);
            assert_int_equal(event.advert.rssi, -60);
            assert_int_equal(event.advert.len, 3);
            assert_memory_equal(event.advert.data, "\2\1\6", 3);
        }
    }
}

static void longer_than_any_advert_is_none(void **state)
{
    static uint8_t message[MGMT_HEADER + 14 + ADVERT_LEN_MAX + 1] = { 0x12 };
    struct mgmt_event event;

    (void)state;
    message[MGMT_HEADER + 6] = 1;
    for (size_t len = ADVERT_LEN_MAX; len <= ADVERT_LEN_MAX + 1; len++) {
        bytes_put_le(message + 4, 2, 14 + len);
        bytes_put_le(message + MGMT_HEADER + 12, 2, len);
        assert_int_equal(mgmt_parse(message, MGMT_HEADER + 14 + len, &event),
                         len == ADVERT_LEN_MAX);
    }
}

/* Shorter and longer than they say. */
static void lengths_must_be_true(void **state)
{
    const struct {
        const uint8_t *bytes;
        size_t len;
        bool is_good;
    } rows[] = {
        { BYTES(0x06, 0, 0, 0, 4, 0, 1, 2, 0, 0), true },
        { BYTES(0x06, 0, 0, 0, 4, 0, 1, 2, 0), false },
        { BYTES(0x06, 0, 0, 0, 3, 0, 1, 2, 0), false },
        { BYTES(0x06, 0, 0, 0, 3, 0, 1, 2, 0, 0), false },
        { BYTES(0x06, 0, 0, 0, 0, 0), false },
        { BYTES(0x05, 0, 0, 0, 0, 0), true },
        { BYTES(0x05, 0, 0, 0, 1, 0), false },
        { BYTES(0x05, 0, 0, 0, 0), false },
        { BYTES(0x77, 0, 0, 0, 0, 0), true }, /* unknown */
        { BYTES(0x01, 0, 0, 0, 2, 0, 4, 0), false },
        { BYTES(0x01, 0, 0, 0, 3, 0, 4, 0, 0), true },
    };
    struct mgmt_event event;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(mgmt_parse(rows[i].bytes, rows[i].len, &event), rows[i].is_good);
}

static struct bytes answer(const uint8_t *bytes, size_t len)
{
    return (struct bytes){ .p = bytes, .len = len };
}

static void scan_parameters_among_others(void **state)
{
    struct mgmt_scan scan;

    (void)state;
    assert_true(mgmt_scan_of(answer(BYTES(0, 0, 1, 9, 0x13, 0, 2, 0x60, 0, 0x14, 0, 2, 0x30, 0,
                                          0x13, 0, 1, 9, 0x14, 0, 3, 9, 9, 9, 0x15, 0, 2, 9, 9)),
                             &scan));
    assert_int_equal(scan.interval, 0x60);
    assert_int_equal(scan.window, 0x30);
    assert_true(mgmt_scan_of(answer(NULL, 0), &scan));
    assert_int_equal(scan.interval, 0);
    assert_false(mgmt_scan_of(answer(BYTES(0x13, 0, 2, 0x60)), &scan));
    assert_false(mgmt_scan_of(answer(BYTES(0x13)), &scan));
}

static void adapters_as_many_as_there_are_and_fit(void **state)
{
    uint16_t list[3] = { 9, 9, 9 };

    (void)state;
    assert_int_equal(mgmt_adapters_of(answer(BYTES(2, 0, 1, 0, 0, 1)), list, 3), 2);
    assert_int_equal(list[0], 1);
    assert_int_equal(list[1], 0x100);
    assert_int_equal(list[2], 9);
    assert_int_equal(mgmt_adapters_of(answer(BYTES(3, 0, 1, 0, 2, 0, 3, 0)), list, 2), 2);
    assert_int_equal(list[2], 9);
    assert_int_equal(mgmt_adapters_of(answer(BYTES(3, 0, 1, 0, 2)), list, 3), 1);
    assert_int_equal(mgmt_adapters_of(answer(BYTES(3)), list, 3), 0);
}

static void answers_that_are_shorter_are_none(void **state)
{
    static const uint8_t info[17] = { 6, 5, 4, 3, 2, 1, 9, 2, 0, 1, 2, 0, 0, 0, 2, 0, 0 };
    struct mac addr;
    uint32_t settings;
    uint16_t handle;

    (void)state;
    assert_true(mgmt_address_of(answer(info, 6), &addr));
    assert_memory_equal(addr.b, "\1\2\3\4\5\6", 6);
    assert_false(mgmt_address_of(answer(info, 5), &addr));
    assert_true(mgmt_supported_of(answer(info, 13), &settings));
    assert_int_equal(settings, 0x201);
    assert_false(mgmt_supported_of(answer(info, 12), &settings));
    assert_true(mgmt_settings_of(answer(info, 17), &settings));
    assert_int_equal(settings, 0x200);
    assert_false(mgmt_settings_of(answer(info, 16), &settings));
    assert_true(mgmt_handle_of(answer(info, 2), &handle));
    assert_int_equal(handle, 0x506);
    assert_false(mgmt_handle_of(answer(info, 1), &handle));
}

/* Service data (16) of each service, from the first byte on, two bytes long. */
static void a_monitor_names_each_service(void **state)
{
    static const uint8_t header[] = { 0x52, 0, 3, 0, 171, 0, 5 };
    static const uint8_t patterns[][5] = {
        { 0x16, 0, 2, 0x95, 0xfe }, { 0x16, 0, 2, 0x1a, 0x18 }, { 0x16, 0, 2, 0xd2, 0xfc },
        { 0x16, 0, 2, 0x1c, 0x18 }, { 0x16, 0, 2, 0xcd, 0xfd },
    };
    uint8_t out[MGMT_COMMAND_MAX];

    (void)state;
    assert_int_equal(mgmt_add_monitor(out, 3), 6 + 171);
    assert_memory_equal(out, header, sizeof(header));
    for (size_t i = 0; i < 5; i++)
        assert_memory_equal(out + 7 + 34 * i, patterns[i], 5);
}

/* LE alone: of classic Bluetooth nobody wants to hear, and it takes the time of the receiver. */
static void a_discovery_is_of_le(void **state)
{
    static const uint8_t wanted[] = { 0x23, 0, 3, 0, 1, 0, 0x06 };
    uint8_t out[MGMT_COMMAND_MAX];

    (void)state;
    assert_int_equal(mgmt_discovery(out, MGMT_START_DISCOVERY, 3), sizeof(wanted));
    assert_memory_equal(out, wanted, sizeof(wanted));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_monitor_names_each_service),
        cmocka_unit_test(a_discovery_is_of_le),
        cmocka_unit_test(adverts_of_both_events),
        cmocka_unit_test(longer_than_any_advert_is_none),
        cmocka_unit_test(lengths_must_be_true),
        cmocka_unit_test(scan_parameters_among_others),
        cmocka_unit_test(adapters_as_many_as_there_are_and_fit),
        cmocka_unit_test(answers_that_are_shorter_are_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
