/* What a controller answers to listening by our own commands, and what it says besides. */
#include "linux/hci_listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { READ_COMMANDS = 0x1002, SCAN_PARAMETERS = 0x200b, SCAN_ENABLE = 0x200c, ADD = 0x2011 };

static struct hci_listen listen;

#define TAKE(...)                                                                                  \
    hci_listen_packet(&listen, (const uint8_t[]){ __VA_ARGS__ },                                   \
                      sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void begin(void)
{
    const struct hci_listen_setup setup = { .scan = { 0x60, 0x30 } };

    hci_listen_begin(&listen, &setup);
}

/* The command that is to be sent now. */
static uint16_t command(uint8_t out[HCI_PACKET_MAX])
{
    assert_true(hci_listen_command(&listen, out) >= 4);
    return (uint16_t)bytes_le(out + 1, 2);
}

static enum hci_listen_result complete(uint16_t code, uint8_t status)
{
    return TAKE(0x04, 0x0e, 4, 1, (uint8_t)code, (uint8_t)(code >> 8), status);
}

static void listen_well(void)
{
    uint8_t out[HCI_PACKET_MAX];
    enum hci_listen_result result;

    begin();
    do {
        result = complete(command(out), 0);
    } while (result == HCI_LISTEN_COMMAND);
    assert_int_equal(result, HCI_LISTEN_ON);
    assert_int_equal(hci_listen_command(&listen, out), 0);
}

/* Of another program's commands, and of none ("room for more"). */
static void only_the_answer_to_its_command_counts(void **state)
{
    uint8_t out[HCI_PACKET_MAX];

    (void)state;
    begin();
    assert_int_equal(command(out), READ_COMMANDS);
    assert_int_equal(complete(SCAN_ENABLE, 0), HCI_LISTEN_NOTHING);
    assert_int_equal(complete(0, 0), HCI_LISTEN_NOTHING);
    assert_int_equal(TAKE(0x04, 0x0e, 3, 1, 0x02, 0x10), HCI_LISTEN_NOTHING); /* cut */
    assert_int_equal(TAKE(0x02, 0x0e, 4, 1, 0x02, 0x10, 0), HCI_LISTEN_NOTHING);
    assert_int_equal(TAKE(0x04, 0x0e, 5, 1, 0x02, 0x10, 0), HCI_LISTEN_NOTHING);
    assert_int_equal(command(out), READ_COMMANDS);
}

/* A status that is no error is a promise of an answer; one that is, is the answer. */
static void a_status_is_an_answer_when_it_is_an_error(void **state)
{
    uint8_t out[HCI_PACKET_MAX];

    (void)state;
    begin();
    assert_int_equal(TAKE(0x04, 0x0f, 4, 0, 1, 0x02, 0x10), HCI_LISTEN_NOTHING);
    assert_int_equal(TAKE(0x04, 0x0f, 4, 1, 1, 0x02, 0x10), HCI_LISTEN_COMMAND);
    assert_int_equal(command(out), SCAN_ENABLE);
    assert_int_equal(complete(SCAN_ENABLE, 0x0c), HCI_LISTEN_COMMAND); /* was off */
    assert_int_equal(command(out), SCAN_PARAMETERS);
    assert_int_equal(TAKE(0x04, 0x0f, 4, 0x12, 1, 0x0b, 0x20), HCI_LISTEN_REFUSED);
    assert_int_equal(listen.refusal, 0x12);
}

static void what_disturbs_and_what_does_not(void **state)
{
    (void)state;
    begin();
    assert_int_equal(TAKE(0x04, 0x05, 4, 0, 1, 0, 0x13), HCI_LISTEN_NOTHING); /* not on yet */
    assert_int_equal(TAKE(0x04, 0x3e, 1, 0x01), HCI_LISTEN_NOTHING);
    listen_well();
    assert_int_equal(complete(SCAN_ENABLE, 0), HCI_LISTEN_DISTURBED);
    assert_int_equal(complete(0x2042, 0), HCI_LISTEN_DISTURBED);
    assert_int_equal(complete(0x0c03, 0), HCI_LISTEN_NOTHING);
    assert_int_equal(TAKE(0x04, 0x05, 4, 0, 1, 0, 0x13), HCI_LISTEN_DISTURBED);
    assert_int_equal(TAKE(0x04, 0x3e, 1, 0x01), HCI_LISTEN_DISTURBED);
    assert_int_equal(TAKE(0x04, 0x3e, 1, 0x0a), HCI_LISTEN_DISTURBED);
    assert_int_equal(TAKE(0x04, 0x3e, 1, 0x03), HCI_LISTEN_NOTHING);
    assert_int_equal(TAKE(0x04, 0x3e, 0), HCI_LISTEN_NOTHING);
    assert_int_equal(TAKE(0x04, 0x3e, 1, 0x02), HCI_LISTEN_REPORTS);
    assert_int_equal(TAKE(0x04, 0x3e, 1, 0x0d), HCI_LISTEN_REPORTS);
}

/* Both commands of extended scanning, or neither is used. */
static void half_of_the_extended_commands_is_none(void **state)
{
    static const struct {
        uint8_t status, bits;
        uint16_t next;
    } rows[] = {
        { 0, 0x60, 0x2042 },
        { 0, 0x20, 0x200c },
        { 0, 0x40, 0x200c },
        { 0x01, 0x60, 0x200c },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t packet[7 + 64] = { 0x04, 0x0e, 68, 1, 0x02, 0x10, rows[i].status };
        uint8_t out[HCI_PACKET_MAX];

        begin();
        packet[7 + 37] = rows[i].bits;
        assert_int_equal(hci_listen_packet(&listen, packet, sizeof(packet)), HCI_LISTEN_COMMAND);
        assert_int_equal(command(out), rows[i].next);
    }
}

/* The packets as they are sent; interval before window, which is another number here. */
static void the_parameters_byte_for_byte(void **state)
{
    static const struct {
        bool is_active;
        uint8_t bits; /* of the supported commands */
        uint8_t packet[12];
        size_t len;
    } rows[] = {
        { false, 0x00, { 0x01, 0x0b, 0x20, 7, 0, 0x34, 0x12, 0x21, 0x03, 0, 0 }, 11 },
        { true, 0x00, { 0x01, 0x0b, 0x20, 7, 1, 0x34, 0x12, 0x21, 0x03, 0, 0 }, 11 },
        { false, 0x60, { 0x01, 0x41, 0x20, 8, 0, 0, 1, 0, 0x34, 0x12, 0x21, 0x03 }, 12 },
        { true, 0x60, { 0x01, 0x41, 0x20, 8, 0, 0, 1, 1, 0x34, 0x12, 0x21, 0x03 }, 12 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct hci_listen_setup setup = {
            .is_active = rows[i].is_active,
            .scan = { .interval = 0x1234, .window = 0x0321 },
        };
        uint8_t commands[7 + 64] = { 0x04, 0x0e, 68, 1, 0x02, 0x10, 0 };
        uint8_t out[HCI_PACKET_MAX];

        hci_listen_begin(&listen, &setup);
        commands[7 + 37] = rows[i].bits;
        assert_int_equal(hci_listen_packet(&listen, commands, sizeof(commands)),
                         HCI_LISTEN_COMMAND);
        assert_int_equal(complete(command(out), 0), HCI_LISTEN_COMMAND); /* the scan is off */
        assert_int_equal(hci_listen_command(&listen, out), rows[i].len);
        assert_memory_equal(out, rows[i].packet, rows[i].len);
    }
}

static void each_sender_is_listed_as_both_types(void **state)
{
    static const struct port_radio_lists lists = {
        .n_watch = 2,
        .watch = { { { 1, 2, 3, 4, 5, 6 } }, { { 7, 8, 9, 10, 11, 12 } } },
    };
    const struct hci_listen_setup setup = { .is_user = true, .lists = &lists };
    uint8_t out[HCI_PACKET_MAX], wanted[4][7] = {
        { 0, 6, 5, 4, 3, 2, 1 },
        { 1, 6, 5, 4, 3, 2, 1 },
        { 0, 12, 11, 10, 9, 8, 7 },
        { 1, 12, 11, 10, 9, 8, 7 },
    };

    (void)state;
    hci_listen_begin(&listen, &setup);
    while (command(out) != ADD)
        assert_int_equal(complete(command(out), 0), HCI_LISTEN_COMMAND);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(command(out), ADD);
        assert_memory_equal(out + 4, wanted[i], 7);
        assert_int_equal(complete(ADD, 0), HCI_LISTEN_COMMAND);
    }
    assert_int_equal(command(out), SCAN_PARAMETERS);
}

/* A controller of our own, with somebody to watch: the packets that name neither address nor scan.
 */
static void the_preparation_byte_for_byte(void **state)
{
    static const struct port_radio_lists lists = { .n_watch = 1, .watch = { { { 1 } } } };
    static const struct {
        uint8_t packet[12];
        size_t len;
    } rows[] = {
        { { 0x01, 0x03, 0x0c, 0 }, 4 },
        { { 0x01, 0x01, 0x0c, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f }, 12 },
        { { 0x01, 0x01, 0x20, 8, 0xff, 0x1f, 0, 0, 0, 0, 0, 0 }, 12 },
    };
    const struct hci_listen_setup setup = { .is_user = true, .lists = &lists };
    uint8_t out[HCI_PACKET_MAX];

    (void)state;
    hci_listen_begin(&listen, &setup);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const uint16_t code = command(out);
        assert_int_equal(hci_listen_command(&listen, out), rows[i].len);
        assert_memory_equal(out, rows[i].packet, rows[i].len);
        assert_int_equal(complete(code, 0), HCI_LISTEN_COMMAND);
    }
}

/* Those in the list alone, by either kind of command. */
static void the_list_is_named_with_the_parameters(void **state)
{
    static const struct port_radio_lists lists = { .n_watch = 1, .watch = { { { 1 } } } };
    static const uint8_t legacy[] = { 0x01, 0x0b, 0x20, 7, 0, 0x60, 0, 0x30, 0, 0, 1 };
    static const uint8_t extended[] = { 0x01, 0x41, 0x20, 8, 0, 1, 1, 0, 0x60, 0, 0x30, 0 };
    const struct hci_listen_setup setup = {
        .is_user = true,
        .lists = &lists,
        .scan = { 0x60, 0x30 },
    };
    uint8_t out[HCI_PACKET_MAX], commands[7 + 64] = { 0x04, 0x0e, 68, 1, 0x02, 0x10, 0 };

    (void)state;
    hci_listen_begin(&listen, &setup);
    while (command(out) != SCAN_PARAMETERS)
        assert_int_equal(complete(command(out), 0), HCI_LISTEN_COMMAND);
    assert_memory_equal(out, legacy, sizeof(legacy));

    commands[7 + 37] = 0x60;
    hci_listen_begin(&listen, &setup);
    while (command(out) != READ_COMMANDS)
        assert_int_equal(complete(command(out), 0), HCI_LISTEN_COMMAND);
    assert_int_equal(hci_listen_packet(&listen, commands, sizeof(commands)), HCI_LISTEN_COMMAND);
    while (command(out) != 0x2041)
        assert_int_equal(complete(command(out), 0), HCI_LISTEN_COMMAND);
    assert_memory_equal(out, extended, sizeof(extended));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_answer_to_its_command_counts),
        cmocka_unit_test(a_status_is_an_answer_when_it_is_an_error),
        cmocka_unit_test(what_disturbs_and_what_does_not),
        cmocka_unit_test(half_of_the_extended_commands_is_none),
        cmocka_unit_test(the_parameters_byte_for_byte),
        cmocka_unit_test(the_preparation_byte_for_byte),
        cmocka_unit_test(the_list_is_named_with_the_parameters),
        cmocka_unit_test(each_sender_is_listed_as_both_types),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
