/* Which adapters are used, when they come and go, and what is counted: the whole radio, but for the
 * kernel, which is played behind pairs of sockets. */
#include "air.h"
#include "on_loop.h"

#include "base/bytes.h"
#include "linux/bluetooth.h"
#include "linux/hci_listen.h"
#include "linux/mgmt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/socket.h>

static struct air air;
static struct bluetooth *subject;
static const struct port_radio *radio;
static char said[1024]; /* "name+text|" or "name-text|" each */
static unsigned heard[BLUETOOTH_ADAPTERS_MAX];
static const char *awaited; /* in `said` */
static unsigned awaited_heard;
static bool is_over;

static void look(void)
{
    is_over = (awaited && strstr(said, awaited)) ||
              (awaited_heard > 0 && heard[0] + heard[1] >= awaited_heard);
}

static void on_advert(void *user, const struct advert *advert)
{
    (void)user;
    assert_in_range(advert->radio, 0, BLUETOOTH_ADAPTERS_MAX - 1);
    assert_true(advert->heard_ms > 0);
    heard[advert->radio]++;
    look();
}

static void on_state(void *user, const char *name, enum port_radio_state state, const char *text,
                     const char *remedy)
{
    const size_t len = strlen(said);

    (void)user;
    (void)remedy;
    snprintf(said + len, sizeof(said) - len, "%s%c%s|", name,
             state == PORT_RADIO_LISTENING ? '+' : '-', text);
    look();
}

static void until_said(const char *text)
{
    awaited = text;
    look();
    on_loop_until(&is_over);
    awaited = NULL;
    said[0] = '\0';
}

static void until_heard(unsigned count)
{
    awaited_heard = count;
    look();
    on_loop_until(&is_over);
    awaited_heard = 0;
}

static int setup(void **state)
{
    air_init(&air);
    said[0] = '\0';
    memset(heard, 0, sizeof(heard));
    return on_loop_setup(state);
}

static int teardown(void **state)
{
    bluetooth_free(subject);
    subject = NULL;
    air_close(&air);
    return on_loop_teardown(state);
}

static void begin(const char *spec)
{
    const struct port_radio_events events = { NULL, on_advert, on_state };

    subject = bluetooth_new(test_loop, spec, air_sockets(&air));
    assert_non_null(subject);
    radio = bluetooth_port(subject);
    radio->start(radio->self, &events, false);
    assert_string_equal(said, "");
}

static void hear(uint8_t sender, uint16_t index)
{
    uint8_t message[KERNEL_MESSAGE_MAX];
    const size_t len = kernel_advert(sender, "\2\1\6", 3, index, message);

    assert_int_equal(send(air.mgmt.fd, message, len, MSG_DONTWAIT), (ssize_t)len);
}

static struct port_radio_figures figures(unsigned number)
{
    struct port_radio_figures out;

    assert_true(radio->figures(radio->self, number, &out));
    return out;
}

#define LISTENS " listens: monitor, passive, 50 % of the time.|"

/* ---- names ---- */

static void what_names_a_radio(void **state)
{
    static const struct {
        const char *spec;
        bool is_one;
    } rows[] = {
        { "auto", true },
        { "hci0", true },
        { "hci0,hci1", true },
        { "user:hci12", true },
        { "hci0,user:hci1", true },
        { "", false },
        { "hci", false },
        { "hci0,", false },
        { ",hci0", false },
        { "hci0 ", false },
        { "hci0x", false },
        { "hci9999", false },
        { "auto,hci0", false },
        { "user:", false },
        { "hci0,hci1,hci2,hci3,hci4", false },
        { "hci-1", false },
        { "hci 1", false },
        { "hci+1", false },
        { "hci0,hci0", false },
        { "hci1,user:hci1", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(bluetooth_is_spec(rows[i].spec), rows[i].is_one);
}

/* ---- which adapter ---- */

static void auto_is_the_lowest(void **state)
{
    (void)state;
    air.kernels[1].is_gone = false;
    begin("auto");
    until_said("hci0+hci0" LISTENS);
    assert_int_equal(kernel_monitors(&air.kernels[1]), 0);
    assert_string_equal(figures(0).name, "hci0");
    assert_string_equal(figures(0).route, "monitor");
}

static void auto_goes_on_with_another(void **state)
{
    (void)state;
    air.kernels[1].is_gone = false;
    begin("auto");
    until_said("hci0+hci0" LISTENS);
    kernel_unplug(&air.kernels[0]);
    until_said("hci1+hci1" LISTENS);
    hear(1, 1);
    until_heard(1);
}

static void absent_is_told_and_waited_for(void **state)
{
    (void)state;
    air.kernels[0].is_gone = true;
    begin("auto");
    until_said("auto-There is no Bluetooth adapter.|");
    assert_int_equal(figures(0).state, PORT_RADIO_WAITING);
    assert_string_equal(figures(0).name, "auto");
    kernel_plug_in(&air.kernels[0]);
    until_said("hci0+hci0" LISTENS);
    kernel_unplug(&air.kernels[0]);
    until_said("auto-There is no Bluetooth adapter.|"); /* of whatever name */
    assert_string_equal(figures(0).name, "auto");
}

static void what_is_known_is_not_said_again(void **state)
{
    (void)state;
    air.kernels[0].is_gone = true;
    begin("auto");
    until_said("auto-There is no Bluetooth adapter.|");
    kernel_unplug(&air.kernels[1]); /* so all are listed again */
    while (air.listed < 2)
        on_loop_turn();
    on_loop_turn();
    kernel_plug_in(&air.kernels[0]);
    awaited = "listens";
    look();
    on_loop_until(&is_over);
    awaited = NULL;
    assert_string_equal(said, "hci0+hci0" LISTENS);
}

static void a_named_one_is_waited_for_whatever_else_is_there(void **state)
{
    (void)state;
    begin("hci1");
    until_said("hci1-There is no Bluetooth adapter hci1.|");
    assert_int_equal(kernel_monitors(&air.kernels[0]), 0);
    kernel_plug_in(&air.kernels[1]);
    until_said("hci1+hci1" LISTENS);
}

static void several_at_once_keep_their_numbers(void **state)
{
    (void)state;
    air.kernels[1].is_gone = false;
    begin("hci1,hci0");
    until_said("hci0+hci0" LISTENS);
    hear(1, 0);
    hear(2, 0);
    hear(3, 1);
    until_heard(3);
    assert_int_equal(heard[0], 1); /* hci1 was named first */
    assert_int_equal(heard[1], 2);
    assert_string_equal(figures(0).name, "hci1");
    assert_int_equal(figures(1).adverts, 2);
    assert_false(radio->figures(radio->self, 2, &(struct port_radio_figures){ 0 }));
}

/* Connections are made by an adapter that listens, and by none that is ours alone. */
static void the_first_that_listens_connects(void **state)
{
    struct mac addr;

    (void)state;
    air.kernels[1].is_gone = false;
    begin("hci1,hci0");
    assert_false(bluetooth_address(subject, &addr));
    until_said("hci0+hci0" LISTENS);
    assert_true(bluetooth_address(subject, &addr));
    assert_int_equal(addr.b[0], 0xdc);
    assert_int_equal(addr.b[5], 1);
    kernel_unplug(&air.kernels[1]);
    until_said("hci1-hci1 was unplugged.|");
    assert_true(bluetooth_address(subject, &addr));
    assert_int_equal(addr.b[5], 0);
}

static void one_of_our_own_does_not_connect(void **state)
{
    struct mac addr;

    (void)state;
    begin("user:hci0");
    until_said("hci0+hci0 listens: user channel, passive, 50 % of the time.|");
    assert_false(bluetooth_address(subject, &addr));
}

/* ---- coming and going ---- */

static void replugged_it_goes_on(void **state)
{
    (void)state;
    begin("hci0");
    until_said("hci0+hci0" LISTENS);
    for (int i = 0; i < 3; i++) {
        kernel_unplug(&air.kernels[0]);
        until_said("hci0-hci0 was unplugged.|");
        kernel_plug_in(&air.kernels[0]);
        until_said("hci0+hci0" LISTENS);
    }
    hear(1, 0);
    until_heard(1);
}

static void stopping_hands_back(void **state)
{
    (void)state;
    begin("auto");
    until_said("hci0+hci0" LISTENS);
    radio->stop(radio->self);
    radio->stop(radio->self);
    on_loop_until(&air.is_closed);
    assert_int_equal(kernel_monitors(&air.kernels[0]), 0);
    assert_string_equal(said, "");
}

static void started_again_it_counts_anew(void **state)
{
    const struct port_radio_events events = { NULL, on_advert, on_state };

    (void)state;
    begin("auto");
    until_said("hci0+hci0" LISTENS);
    hear(1, 0);
    until_heard(1);
    radio->stop(radio->self);
    radio->start(radio->self, &events, true);
    until_said("hci0+hci0 listens: monitor, active, 50 % of the time.|");
    assert_int_equal(figures(0).received, 0);
    assert_int_equal(figures(0).adverts, 0);
}

static void opened_anew_no_monitor_is_left(void **state)
{
    (void)state;
    begin("auto");
    until_said("hci0+hci0" LISTENS);
    radio->recover(radio->self, 0);
    until_said("hci0+hci0" LISTENS);
    radio->recover(radio->self, 0);
    until_said("hci0+hci0" LISTENS);
    radio->recover(radio->self, 0);
    until_said("hci0+hci0" LISTENS);
    assert_int_equal(air.opened, 2);
    assert_int_equal(kernel_monitors(&air.kernels[0]), 1);
    assert_int_equal(figures(0).reopens, 1);
    hear(1, 0);
    until_heard(1);
}

/* The other adapter is not asked twice, and goes on. */
static void one_opened_anew_takes_the_other_along(void **state)
{
    (void)state;
    air.kernels[1].is_gone = false;
    begin("hci0,hci1");
    until_said("hci1+hci1" LISTENS);
    for (int i = 0; i < 3; i++) {
        radio->recover(radio->self, 0);
        until_said("hci0+hci0" LISTENS);
    }
    hear(1, 1);
    until_heard(1);
    assert_int_equal(kernel_monitors(&air.kernels[0]), 1);
    assert_int_equal(kernel_monitors(&air.kernels[1]), 1);
}

static void a_kernel_without_bluetooth_says_so(void **state)
{
    (void)state;
    air.mgmt_error = -EAFNOSUPPORT;
    begin("auto");
    until_said("auto-Bluetooth cannot be used: Address family not supported by protocol.|");
}

static void a_socket_that_ends_is_told(void **state)
{
    (void)state;
    begin("auto");
    until_said("hci0+hci0" LISTENS);
    air_cut(&air);
    awaited = "-Bluetooth cannot be used: ";
    look();
    on_loop_until(&is_over);
    const char *const first = strstr(said, awaited);
    assert_null(strstr(first + 1, awaited));
    awaited = NULL;
    assert_int_equal(figures(0).state, PORT_RADIO_WAITING);
}

/* ---- by our own commands ---- */

static void by_hci_too(void **state)
{
    uint8_t packet[KERNEL_MESSAGE_MAX];
    const size_t len = kernel_report(1, "\2\1\6", 3, packet);

    (void)state;
    air.kernels[0].refuses[0].command = 0x0052;
    air.kernels[0].refuses[0].status = 0x01;
    begin("auto");
    until_said("hci0+hci0 listens: hci, passive, 50 % of the time.|");
    assert_int_equal(send(air.hci.fd, packet, len, MSG_DONTWAIT), (ssize_t)len);
    until_heard(1);
    kernel_unplug(&air.kernels[0]);
    until_said("hci0-hci0 was unplugged.|");
    on_loop_turn();
    assert_int_equal(air.hci.fd, -1);
}

/* What comes behind the packet that made us close the socket is not read from it any more. */
static void a_socket_that_was_closed_is_not_read(void **state)
{
    (void)state;
    air.kernels[0].refuses[0].command = 0x200b;
    air.kernels[0].refuses[0].status = 0x12;
    begin("user:hci0");
    awaited = "hci0-hci0 refuses to listen: HCI error 12.|";
    look();
    on_loop_until(&is_over);
    assert_string_equal(said, awaited);
    awaited = NULL;
}

/* ---- lists and counts ---- */

static void lists_keep_out(void **state)
{
    struct port_radio_tuning tuning = { .lists.n_block = 1,
                                        .lists.block = { { { 0xa4, 0xc1, 0x38, 0, 0, 2 } } } };

    (void)state;
    begin("auto");
    until_said("hci0+hci0" LISTENS);
    radio->tune(radio->self, &tuning);
    hear(1, 0);
    hear(2, 0);
    hear(3, 0);
    until_heard(2);
    tuning.lists.n_watch = 1;
    tuning.lists.watch[0] = (struct mac){ { 0xa4, 0xc1, 0x38, 0, 0, 3 } };
    radio->tune(radio->self, &tuning);
    hear(1, 0);
    hear(2, 0);
    hear(3, 0);
    until_heard(3);
    assert_int_equal(figures(0).received, 6);
    assert_int_equal(figures(0).adverts, 3);
    assert_int_equal(figures(0).kept_out, 3);
}

static void damaged_messages_are_counted(void **state)
{
    static const uint8_t cut[] = { 0x2f, 0, 0, 0, 9, 0, 1 };
    uint8_t message[KERNEL_MESSAGE_MAX];
    const size_t len = kernel_advert(1, "\2\1\6", 3, 0, message);

    (void)state;
    begin("auto");
    until_said("hci0+hci0" LISTENS);
    assert_int_equal(send(air.mgmt.fd, cut, sizeof(cut), 0), sizeof(cut));
    for (size_t n = 1; n < len; n++)
        assert_int_equal(send(air.mgmt.fd, message, n, 0), (ssize_t)n);
    hear(1, 0);
    until_heard(1);
    assert_int_equal(figures(0).malformed, len);
    assert_int_equal(figures(0).received, 1);
}

/* Than any message can be, that is: only its beginning was read. */
static void what_is_too_long_is_counted(void **state)
{
    static uint8_t message[MGMT_MESSAGE_MAX + 1] = { 0x2f, 0, 0, 0 };
    static const uint8_t event[HCI_PACKET_MAX + 1] = { HCI_PACKET_EVENT, HCI_EVENT_LE, 255, 2, 1 };
    uint8_t packet[KERNEL_MESSAGE_MAX];
    const size_t len = kernel_report(1, "\2\1\6", 3, packet);

    (void)state;
    bytes_put_le(message + 4, 2, sizeof(message) - MGMT_HEADER);
    air.kernels[0].refuses[0].command = 0x0052;
    air.kernels[0].refuses[0].status = 0x01;
    begin("auto");
    until_said("hci0+hci0 listens: hci, passive, 50 % of the time.|");
    assert_int_equal(send(air.mgmt.fd, message, sizeof(message), 0), sizeof(message));
    assert_int_equal(send(air.hci.fd, event, sizeof(event), 0), sizeof(event));
    assert_int_equal(send(air.hci.fd, packet, len, 0), (ssize_t)len);
    until_heard(1);
    on_loop_turn();
    assert_int_equal(figures(0).malformed, 2);
    assert_int_equal(figures(0).received, 1);
}

static void duty_is_changed_on_the_way(void **state)
{
    const struct port_radio_tuning tuning = { .is_full_duty = true };

    (void)state;
    begin("auto");
    until_said("hci0+hci0" LISTENS);
    radio->tune(radio->self, &tuning);
    until_said("hci0+hci0 listens: monitor, passive, 100 % of the time.|");
    radio->stop(radio->self);
    on_loop_until(&air.is_closed);
    assert_int_equal(air.kernels[0].window, 0x30);
}

#define RADIO(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RADIO(what_names_a_radio),
        RADIO(auto_is_the_lowest),
        RADIO(auto_goes_on_with_another),
        RADIO(absent_is_told_and_waited_for),
        RADIO(what_is_known_is_not_said_again),
        RADIO(a_named_one_is_waited_for_whatever_else_is_there),
        RADIO(several_at_once_keep_their_numbers),
        RADIO(the_first_that_listens_connects),
        RADIO(one_of_our_own_does_not_connect),
        RADIO(replugged_it_goes_on),
        RADIO(stopping_hands_back),
        RADIO(started_again_it_counts_anew),
        RADIO(opened_anew_no_monitor_is_left),
        RADIO(one_opened_anew_takes_the_other_along),
        RADIO(a_kernel_without_bluetooth_says_so),
        RADIO(a_socket_that_ends_is_told),
        RADIO(by_hci_too),
        RADIO(a_socket_that_was_closed_is_not_read),
        RADIO(lists_keep_out),
        RADIO(damaged_messages_are_counted),
        RADIO(what_is_too_long_is_counted),
        RADIO(duty_is_changed_on_the_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
