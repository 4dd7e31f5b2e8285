/* One adapter against a kernel that is played, by a clock that is moved: it listens, whatever has
 * happened to it, and says once what is the matter. */
#include "kernel.h"

#include "linux/adapter.h"
#include "sim/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#define SECOND 1000u
#define QUEUE  32

static struct kernel kernel;
static struct sim_clock the_clock;
static struct adapter adapter;
static struct adapter_setup setup;
static struct timer delivery;
static struct {
    uint8_t bytes[KERNEL_MESSAGE_MAX];
    size_t len;
    bool is_hci;
} queue[QUEUE];
static size_t queued;
static bool is_hci_open, is_blocked;
static int hci_error; /* of opening it */
static int send_error;
static unsigned reopens, heard;
static struct advert last;
static uint8_t last_data[ADVERT_LEN_MAX];
static char told[1024]; /* "+text|" or "-text|remedy|" each */

/* ---- the kernel's end ---- */

/* Something that happens between a command and its answer. */
static const char *before_answer_to;
static void (*happens)(void);

static void interrupt(const char *command, void (*act)(void))
{
    before_answer_to = command;
    happens = act;
}

static bool is_asked_last(const char *command)
{
    const size_t all = strlen(kernel.asked), len = strlen(command);

    return all >= len && strcmp(kernel.asked + all - len, command) == 0;
}

static bool is_answer(size_t i)
{
    enum { COMPLETE = 1, HCI_COMPLETE = 0x0e };

    return queue[i].is_hci ? queue[i].bytes[1] == HCI_COMPLETE : queue[i].bytes[0] == COMPLETE;
}

static void deliver(void *user)
{
    (void)user;
    for (size_t i = 0; i < queued; i++) {
        struct mgmt_event event;
        if (before_answer_to && is_answer(i) && is_asked_last(before_answer_to)) {
            before_answer_to = NULL;
            happens();
        }
        if (queue[i].is_hci) {
            adapter_hci(&adapter, queue[i].bytes, queue[i].len);
            continue;
        }
        assert_true(mgmt_parse(queue[i].bytes, queue[i].len, &event));
        adapter_mgmt(&adapter, &event);
    }
    queued = 0;
}

static void enqueue(const uint8_t *bytes, size_t len, bool is_hci)
{
    assert_true(queued < QUEUE);
    memcpy(queue[queued].bytes, bytes, len);
    queue[queued].len = len;
    queue[queued++].is_hci = is_hci;
    timers_set(&the_clock.timers, &delivery, the_clock.now_ms);
}

static void from_mgmt(void *user, const uint8_t *message, size_t len)
{
    (void)user;
    enqueue(message, len, false);
}

static void from_hci(void *user, const uint8_t *packet, size_t len)
{
    (void)user;
    if (is_hci_open)
        enqueue(packet, len, true);
}

/* ---- the adapter's calls ---- */

static int send_mgmt(void *user, const uint8_t *message, size_t len)
{
    (void)user;
    kernel_take_mgmt(&kernel, message, len);
    return 0;
}

static int send_hci(void *user, const uint8_t *packet, size_t len)
{
    (void)user;
    if (send_error)
        return send_error;
    kernel_take_hci(&kernel, packet, len);
    return 0;
}

static int open_hci(void *user, uint16_t index, bool is_user)
{
    (void)user;
    assert_int_equal(index, KERNEL_INDEX);
    assert_int_equal(is_user, setup.is_user);
    assert_false(is_hci_open);
    if (hci_error == 0)
        is_hci_open = true;
    return hci_error;
}

static void close_hci(void *user)
{
    (void)user;
    assert_true(is_hci_open);
    is_hci_open = false;
}

static void reopen(void *user)
{
    (void)user;
    reopens++;
}

static void on_advert(void *user, struct advert *advert)
{
    (void)user;
    heard++;
    last = *advert;
    memcpy(last_data, advert->data, advert->len);
}

static void on_tell(void *user, enum port_radio_state state, const char *text, const char *remedy)
{
    const size_t len = strlen(told);

    (void)user;
    snprintf(told + len, sizeof(told) - len, "%c%s%s%s|", state == PORT_RADIO_LISTENING ? '+' : '-',
             text, *remedy ? "|" : "", remedy);
}

static const char *said(void)
{
    static char text[sizeof(told)];

    memcpy(text, told, sizeof(text));
    told[0] = '\0';
    return text;
}

static bool is_rfkilled(void *user, uint16_t index)
{
    (void)user;
    assert_int_equal(index, 0);
    return is_blocked;
}

/* ---- the test's hands ---- */

static int fresh(void **state)
{
    (void)state;
    kernel_init(&kernel);
    kernel.mgmt = from_mgmt;
    kernel.hci = from_hci;
    sim_clock_init(&the_clock);
    delivery = (struct timer){ .fire = deliver };
    setup = (struct adapter_setup){ .clock = &the_clock.port };
    queued = 0;
    is_hci_open = is_blocked = false;
    hci_error = send_error = 0;
    reopens = heard = 0;
    before_answer_to = NULL;
    told[0] = '\0';
    return 0;
}

static void pass(uint64_t ms)
{
    sim_clock_advance(&the_clock, ms);
}

static void begin(void)
{
    const struct adapter_calls calls = {
        .send_mgmt = send_mgmt,
        .send_hci = send_hci,
        .open_hci = open_hci,
        .close_hci = close_hci,
        .is_blocked = is_rfkilled,
        .reopen = reopen,
        .advert = on_advert,
        .tell = on_tell,
    };

    adapter_init(&adapter, &setup, &calls);
    adapter_appeared(&adapter, KERNEL_INDEX);
    pass(10);
}

static void hear(uint8_t sender)
{
    uint8_t message[KERNEL_MESSAGE_MAX];
    const size_t len = kernel_advert(sender, "\2\1\6", 3, KERNEL_INDEX, message);

    enqueue(message, len, false);
    pass(0);
}

static void hear_report(uint8_t sender)
{
    uint8_t packet[KERNEL_MESSAGE_MAX];
    const size_t len = kernel_report(sender, "\2\1\6", 3, packet);

    enqueue(packet, len, true);
    pass(0);
}

static struct port_radio_figures figures(void)
{
    struct port_radio_figures out = { 0 };

    adapter_figures(&adapter, &out);
    return out;
}

static void refuse(uint16_t command, uint8_t status)
{
    kernel.refuses[0].command = command;
    kernel.refuses[0].status = status;
}

#define ALL_IS_WELL "info defaults monitor"
#define LISTENS     "+hci0 listens: monitor, passive, 50 % of the time.|"

static void begin_well(void)
{
    begin();
    assert_string_equal(kernel_asked(&kernel), ALL_IS_WELL);
    assert_string_equal(said(), LISTENS);
}

/* ---- beginning ---- */

static void what_is_on_already_is_left_alone(void **state)
{
    (void)state;
    begin_well();
    hear(7);
    assert_int_equal(heard, 1);
    assert_int_equal(last.addr.b[5], 7);
    assert_int_equal(last.rssi, -60);
    assert_memory_equal(last_data, "\2\1\6", 3);
    assert_int_equal(kernel_monitors(&kernel), 1);
}

/* Dual-mode controllers have LE off until somebody switches it on. */
static void le_and_power_are_switched_on(void **state)
{
    (void)state;
    kernel.settings = 0;
    begin();
    assert_string_equal(kernel_asked(&kernel), "info le+ power+ defaults monitor");
    assert_string_equal(said(), "+hci0 listens: monitor, passive, 50 % of the time. Bluetooth LE "
                                "was off in it and was switched on.|");
}

/* Also when it took more than one try to listen. */
static void le_that_was_switched_on_is_told_later(void **state)
{
    (void)state;
    kernel.settings = 0;
    refuse(0x0005, 0x0a);
    begin();
    assert_string_equal(kernel_asked(&kernel), "info le+ power+");
    refuse(0, 0);
    pass(6 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "info power+ defaults monitor");
    assert_non_null(strstr(said(), "Bluetooth LE was off in it and was switched on."));
}

static void full_duty_is_set_and_handed_back(void **state)
{
    (void)state;
    setup.is_full_duty = true;
    begin();
    assert_string_equal(kernel_asked(&kernel), "info defaults scan=96/96 monitor");
    assert_string_equal(said(), "+hci0 listens: monitor, passive, 100 % of the time.|");
    adapter_stop(&adapter);
    assert_string_equal(kernel_asked(&kernel), "scan=48/96 monitor-");
    assert_int_equal(kernel_monitors(&kernel), 0);
}

static void duty_changes_while_it_listens(void **state)
{
    (void)state;
    begin_well();
    adapter_set_duty(&adapter, true);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "monitor- info defaults scan=96/96 monitor");
    assert_string_equal(said(), "+hci0 listens: monitor, passive, 100 % of the time.|");
    adapter_set_duty(&adapter, false);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "monitor- info defaults scan=48/96 monitor");
    assert_string_equal(said(), LISTENS);
    adapter_stop(&adapter);
    assert_string_equal(kernel_asked(&kernel), "monitor-");
}

static void duty_that_is_full_already_is_left_alone(void **state)
{
    (void)state;
    setup.is_full_duty = true;
    kernel.window = kernel.interval;
    begin();
    assert_string_equal(kernel_asked(&kernel), ALL_IS_WELL);
    adapter_stop(&adapter);
    assert_string_equal(kernel_asked(&kernel), "monitor-");
}

/* A window as long as ours, but of a longer interval. */
static void duty_is_interval_and_window(void **state)
{
    (void)state;
    setup.is_full_duty = true;
    kernel.window = 96;
    kernel.interval = 192;
    begin();
    assert_string_equal(kernel_asked(&kernel), "info defaults scan=96/96 monitor");
    adapter_stop(&adapter);
    assert_string_equal(kernel_asked(&kernel), "scan=96/192 monitor-");
}

static void duty_that_is_refused_is_not_told(void **state)
{
    (void)state;
    setup.is_full_duty = true;
    refuse(0x004c, 0x0b);
    begin();
    assert_string_equal(said(), LISTENS);
    assert_int_equal(kernel.window, 0x30);
}

/* Nor set, once the kernel does not tell any more what it was. */
static void duty_that_is_not_known_is_not_set(void **state)
{
    (void)state;
    begin_well();
    refuse(0x004b, 0x03);
    adapter_set_duty(&adapter, true);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "monitor- info defaults monitor");
    assert_int_equal(kernel.window, 0x30);
}

/* The one that comes in its place has what it has. */
static void duty_of_an_adapter_that_has_gone_is_not_handed_back(void **state)
{
    (void)state;
    setup.is_full_duty = true;
    begin();
    kernel_unplug(&kernel);
    pass(10);
    kernel.window = kernel.interval;
    kernel_plug_in(&kernel);
    adapter_appeared(&adapter, KERNEL_INDEX);
    pass(10);
    kernel_asked(&kernel);
    adapter_stop(&adapter);
    assert_string_equal(kernel_asked(&kernel), "monitor-");
}

/* ---- wishes that change on the way ---- */

static void want_half(void)
{
    adapter_set_duty(&adapter, false);
}

static void want_full(void)
{
    adapter_set_duty(&adapter, true);
}

/* What was in force before is not forgotten. */
static void duty_changes_while_it_is_being_set(void **state)
{
    static const char *const commands[] = { "info", "defaults", "scan=96/96", "monitor" };

    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        fresh(state);
        setup.is_full_duty = true;
        interrupt(commands[i], want_half);
        begin();
        assert_int_equal(kernel.window, 0x30);
        assert_int_equal(figures().state, PORT_RADIO_LISTENING);
        assert_int_equal(kernel_monitors(&kernel), 1);
        hear(1);
        hear(1); /* or it would be refreshed */
        pass(19 * SECOND);
        assert_in_range(figures().duty_permille, 495, 505);
        kernel_asked(&kernel);

        adapter_set_duty(&adapter, true);
        pass(10);
        interrupt("scan=48/96", want_full);
        adapter_set_duty(&adapter, false);
        pass(10);
        assert_int_equal(kernel.window, 0x60);
        adapter_stop(&adapter);
        assert_int_equal(kernel.window, 0x30);
    }
}

static void stopped_on_the_way_to_less_duty_it_hands_back(void **state)
{
    (void)state;
    setup.is_full_duty = true;
    begin();
    adapter_set_duty(&adapter, false);
    adapter_stop(&adapter);
    assert_non_null(strstr(kernel_asked(&kernel), "scan=48/96"));
}

/* Before 5.9 or so the kernel does not say how it scans. */
static void an_older_kernel_keeps_its_duty(void **state)
{
    (void)state;
    setup.is_full_duty = true;
    kernel.has_no_scan_setting = true;
    begin();
    assert_string_equal(kernel_asked(&kernel), ALL_IS_WELL);
    assert_string_equal(said(), LISTENS);
}

static void duty_is_of_all_the_time(void **state)
{
    (void)state;
    begin_well();
    pass(100 * SECOND);
    assert_in_range(figures().duty_permille, 499, 500);
    kernel_unplug(&kernel);
    pass(100 * SECOND);
    assert_in_range(figures().duty_permille, 249, 250);
}

/* ---- active ---- */

static void active_scanning_is_a_discovery_that_goes_on(void **state)
{
    (void)state;
    setup.is_active = true;
    begin();
    hear(1);
    hear(1);
    assert_string_equal(kernel_asked(&kernel), ALL_IS_WELL " discover");
    kernel_discovering(&kernel, true);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "");
    kernel_discovering(&kernel, false); /* the kernel ends it after some seconds */
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "discover");
    hear(1);
    assert_int_equal(heard, 3);
    adapter_stop(&adapter);
    assert_string_equal(kernel_asked(&kernel), "discover- monitor-");
}

static void end_discovery(void)
{
    static const uint8_t message[] = { 0x13, 0, KERNEL_INDEX, 0, 2, 0, 6, 0 };
    struct mgmt_event event;

    assert_true(mgmt_parse(message, sizeof(message), &event));
    adapter_mgmt(&adapter, &event);
}

static void a_discovery_that_ends_while_something_is_asked_goes_on(void **state)
{
    (void)state;
    setup.is_active = true;
    begin();
    kernel_asked(&kernel);
    interrupt("monitor", end_discovery);
    pass(21 * SECOND); /* the scan is being refreshed */
    assert_string_equal(kernel_asked(&kernel), "monitor monitor-");
    pass(20 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "discover");
}

/* After the power was off, and with the next adapter; also where it is refused at first. */
static void a_discovery_is_begun_anew(void **state)
{
    (void)state;
    setup.is_active = true;
    begin();
    refuse(0x0023, 0x0b);
    kernel_power(&kernel, false);
    kernel_power(&kernel, true);
    pass(10);
    kernel_asked(&kernel);
    pass(20 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "discover");
    refuse(0, 0);
    pass(20 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "discover");

    refuse(0x0023, 0x0b);
    kernel_unplug(&kernel);
    pass(10);
    kernel_plug_in(&kernel);
    adapter_appeared(&adapter, KERNEL_INDEX);
    pass(10);
    kernel_asked(&kernel);
    pass(20 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "discover");
}

/* Sensors are not asked for anything, whoever else asked them. */
static void a_discovery_of_somebody_else_is_not_gone_on_with(void **state)
{
    (void)state;
    begin_well();
    kernel_discovering(&kernel, true);
    kernel_discovering(&kernel, false);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "");
    adapter_stop(&adapter);
    assert_string_equal(kernel_asked(&kernel), "monitor-");
}

static void a_discovery_of_somebody_else_is_not_ended(void **state)
{
    (void)state;
    begin_well();
    kernel_discovering(&kernel, true);
    pass(10);
    adapter_stop(&adapter);
    assert_string_equal(kernel_asked(&kernel), "monitor-");
}

/* Sensors are asked by it as well, until it ends. */
static void a_discovery_of_somebody_else_will_do(void **state)
{
    (void)state;
    setup.is_active = true;
    refuse(0x0023, 0x0a);
    begin();
    assert_string_equal(kernel_asked(&kernel), ALL_IS_WELL " discover");
    for (unsigned i = 0; i < 3; i++) {
        hear(1);
        hear(1);
        pass(20 * SECOND);
        assert_string_equal(kernel_asked(&kernel), "");
    }
    refuse(0, 0);
    kernel_discovering(&kernel, false);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "discover");
}

/* ---- repeats ---- */

static void where_repeats_are_filtered_the_scan_is_refreshed(void **state)
{
    (void)state;
    begin_well();
    hear(1);
    hear(2); /* nobody twice */
    pass(20 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "monitor monitor-");
    assert_int_equal(kernel_monitors(&kernel), 1);
    hear(1);
    hear(1);
    pass(20 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "");
    assert_string_equal(said(), "");
    pass(20 * SECOND); /* what was heard before does not count */
    assert_string_equal(kernel_asked(&kernel), "monitor monitor-");
    hear(3);
    hear(3);
    pass(20 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "");
}

/* ---- refusals ---- */

static void refusals_are_told_once_and_tried_again(void **state)
{
    static const struct {
        uint16_t command;
        uint8_t status;
        const char *told;
        bool is_blocked;
    } rows[] = {
        { 0x0005, 0x12, "-hci0 is blocked by rfkill.|Unblock it: rfkill unblock bluetooth.|",
          false },
        { 0x0005, 0x03, "-hci0 is blocked by rfkill.|Unblock it: rfkill unblock bluetooth.|",
          true },                    /* what kernels say: failed */
        { 0x0005, 0x0a, "", false }, /* busy: somebody else is at it */
        { 0x000d, 0x0b,
          "-hci0 refuses to listen: rejected.|mi32 tries again every few seconds. If it stays, "
          "unplug the adapter and plug it in again.|",
          false },
        { 0x0052, 0xee,
          "-hci0 refuses to listen: unknown reason.|mi32 tries again every few seconds. If it "
          "stays, unplug the adapter and plug it in again.|",
          false },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fresh(state);
        kernel.settings = 0;
        refuse(rows[i].command, rows[i].status);
        is_blocked = rows[i].is_blocked;
        begin();
        assert_string_equal(said(), rows[i].told);
        pass(20 * SECOND);
        assert_string_equal(said(), "");
        refuse(0, 0);
        is_blocked = false;
        pass(6 * SECOND);
        assert_int_equal(said()[0], '+');
        hear(1);
        assert_int_equal(heard, 1);
    }
}

#define NOT_FREE                                                                                   \
    "-hci0 is not free: another program has kept it for a minute.|End that program: a scan or "    \
    "pairing of bluetoothctl, hcitool, another gateway. mi32 tries again every few seconds. If "   \
    "it stays, restart bluetoothd, or unplug the adapter and plug it in again.|"

/* Whatever it is refused with meanwhile, and at whatever step. */
static void what_keeps_it_for_a_minute_is_told_once(void **state)
{
    static const uint16_t steps[] = { 0x0004, 0x000d, 0x0005, 0x0052 };
    static const uint8_t statuses[] = { 0x0a, 0x0f, 0x11 };

    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        fresh(state);
        kernel.settings = 0;
        refuse(steps[i], 0x0a);
        begin();
        pass(59 * SECOND);
        assert_string_equal(said(), "");
        pass(6 * SECOND); /* the next try after the minute */
        assert_string_equal(said(), NOT_FREE);
        kernel_asked(&kernel);
        for (size_t j = 0; j < sizeof(statuses) / sizeof(statuses[0]); j++) {
            refuse(steps[i], statuses[j]);
            kernel_asked(&kernel);
            pass(100 * SECOND);
            assert_string_equal(said(), "");
        }
        kernel_asked(&kernel);
        refuse(0, 0);
        pass(6 * SECOND);
        assert_int_equal(said()[0], '+');
    }
}

/* Short times do not add up: listening ends each, and so does the adapter's absence. */
static void each_minute_is_one_of_its_own(void **state)
{
    (void)state;
    refuse(0x0004, 0x0a);
    begin();
    pass(50 * SECOND);
    assert_string_equal(said(), "");
    refuse(0, 0);
    pass(6 * SECOND);
    assert_string_equal(said(), LISTENS);
    refuse(0x0004, 0x0a);
    adapter_recover(&adapter);
    pass(50 * SECOND);
    assert_null(strstr(said(), "not free"));
    adapter_reset(&adapter);
    adapter_appeared(&adapter, KERNEL_INDEX);
    pass(50 * SECOND);
    assert_string_equal(said(), "");
    pass(15 * SECOND);
    assert_string_equal(said(), NOT_FREE);
}

static void without_the_right_nothing_is_tried(void **state)
{
    (void)state;
    refuse(0x0052, 0x14);
    begin();
    assert_string_equal(said(), "-hci0 cannot be used: this program may not control Bluetooth "
                                "adapters.|Grant the right: sudo setcap "
                                "cap_net_admin,cap_net_raw+ep $(command -v mi32), then start mi32 "
                                "again.|");
    kernel_asked(&kernel);
    pass(600 * SECOND);
    adapter_recover(&adapter);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "");
}

/* ---- what others do ---- */

static void unplugged_and_plugged_in_again(void **state)
{
    (void)state;
    begin_well();
    kernel_unplug(&kernel);
    pass(10);
    assert_string_equal(said(), "-hci0 was unplugged.|Plug it in again: mi32 goes on by itself.|");
    assert_false(adapter_is_present(&adapter));
    kernel_plug_in(&kernel);
    adapter_appeared(&adapter, KERNEL_INDEX);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), ALL_IS_WELL);
    assert_string_equal(said(), LISTENS);
}

/* A dying adapter is first said to be off. */
static void unplugged_is_not_told_as_switched_off(void **state)
{
    (void)state;
    begin_well();
    kernel_power(&kernel, false);
    pass(100);
    kernel_unplug(&kernel);
    pass(10);
    assert_string_equal(said(), "-hci0 was unplugged.|Plug it in again: mi32 goes on by itself.|");
}

static void switched_off_by_somebody(void **state)
{
    (void)state;
    begin_well();
    kernel_power(&kernel, false);
    pass(SECOND);
    assert_string_equal(said(),
                        "-hci0 was switched off by another program.|mi32 switches it on again. To "
                        "keep it off, end mi32 or use rfkill block bluetooth.|");
    pass(6 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "info power+ defaults monitor- monitor");
    assert_string_equal(said(), LISTENS);
}

static void switched_off_by_rfkill(void **state)
{
    (void)state;
    begin_well();
    is_blocked = true;
    kernel_power(&kernel, false);
    pass(SECOND);
    assert_string_equal(said(),
                        "-hci0 is blocked by rfkill.|Unblock it: rfkill unblock bluetooth.|");
}

/* bluetoothd switches the adapter off when it ends, and on when it starts; then it takes all
 * monitors. */
static void bluetoothd_restarts(void **state)
{
    (void)state;
    begin_well();
    kernel_power(&kernel, false);
    pass(200);
    kernel_power(&kernel, true);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "info defaults monitor- monitor");
    assert_string_equal(said(), "");
    kernel_take_monitors(&kernel);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), ALL_IS_WELL);
    assert_string_equal(said(), "-hci0 was taken from mi32 by another program (bluetoothd does so "
                                "when it starts); it is being asked for again.|" LISTENS);
    hear(1);
    assert_int_equal(heard, 1);
}

static void le_switched_off_by_somebody(void **state)
{
    (void)state;
    begin_well();
    kernel.settings &= ~KERNEL_LE;
    kernel_power(&kernel, true); /* which tells all settings */
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "info le+ defaults monitor- monitor");
    assert_string_equal(said(), "+hci0 listens: monitor, passive, 50 % of the time. Bluetooth LE "
                                "was off in it and was switched on.|");
    adapter_set_duty(&adapter, false); /* listens once more: that is over and not said again */
    pass(10);
    assert_string_equal(said(), LISTENS);
}

static void switch_off(void)
{
    static const uint8_t message[] = { 0x06, 0, KERNEL_INDEX, 0, 4, 0, 0, 2, 0, 0 }; /* LE alone */
    struct mgmt_event event;

    kernel.settings &= ~KERNEL_POWERED;
    assert_true(mgmt_parse(message, sizeof(message), &event));
    adapter_mgmt(&adapter, &event);
}

/* Not a word of it in the answer to what was asked then. */
static void power_lost_while_le_is_switched_on(void **state)
{
    (void)state;
    kernel.settings = KERNEL_POWERED;
    interrupt("le+", switch_off);
    begin();
    pass(10 * SECOND);
    assert_true(kernel.settings & KERNEL_POWERED);
    assert_int_equal(figures().state, PORT_RADIO_LISTENING);
}

static void power_lost_on_the_way_to_listening(void **state)
{
    (void)state;
    begin_well();
    adapter_set_duty(&adapter, true); /* takes the whole way again */
    kernel_power(&kernel, false);
    pass(10 * SECOND);
    assert_true(kernel.settings & KERNEL_POWERED);
    hear(1);
    assert_int_equal(heard, 1);
    assert_int_equal(figures().state, PORT_RADIO_LISTENING);
}

/* ---- silence and hanging ---- */

static void each_recovery_goes_a_stage_further(void **state)
{
    (void)state;
    begin_well();
    adapter_recover(&adapter);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "monitor- info defaults monitor");
    assert_int_equal(figures().restarts, 1);
    adapter_recover(&adapter);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "power- power+ defaults monitor- monitor");
    assert_int_equal(figures().power_cycles, 1);
    adapter_recover(&adapter);
    pass(10);
    assert_int_equal(figures().reopens, 1);
    assert_int_equal(reopens, 1);
    hear(1); /* and from the beginning the next time */
    adapter_recover(&adapter);
    assert_int_equal(figures().restarts, 2);
}

/* The kernel has room for 32, and keeps them when the adapter is switched off. */
static void no_monitor_is_left_behind(void **state)
{
    (void)state;
    begin_well();
    for (int i = 0; i < 10; i++) {
        pass(20 * SECOND); /* the scan is being refreshed when the power goes */
        kernel_power(&kernel, i % 2);
        pass(1);
        kernel_power(&kernel, true);
        pass(10 * SECOND);
        adapter_recover(&adapter);
        pass(10);
        kernel_asked(&kernel);
    }
    pass(60 * SECOND);
    assert_int_equal(kernel_monitors(&kernel), 1);
    adapter_stop(&adapter);
    assert_int_equal(kernel_monitors(&kernel), 0);
}

/* The answer to a command that nobody waits for any more. */
static void a_monitor_that_comes_late_is_removed(void **state)
{
    static const uint8_t late[] = { 0x01, 0, 0, 0, 5, 0, 0x52, 0, 0, 9, 0 };

    (void)state;
    begin_well();
    kernel.monitors |= 1u << 9;
    enqueue(late, sizeof(late), false);
    pass(20 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "monitor-");
    assert_int_equal(kernel_monitors(&kernel), 1);
    assert_false(kernel.monitors >> 9);
    assert_int_equal(figures().state, PORT_RADIO_LISTENING);
}

static void monitors_taken_while_it_is_off_are_not_missed(void **state)
{
    (void)state;
    begin_well();
    kernel_power(&kernel, false);
    pass(1);
    kernel_take_monitors(&kernel);
    kernel_power(&kernel, true);
    pass(10);
    assert_int_equal(kernel_monitors(&kernel), 1);
    assert_string_equal(kernel_asked(&kernel), ALL_IS_WELL);
    assert_string_equal(said(), "");
}

static void a_monitor_of_somebody_else_may_go(void **state)
{
    static const uint8_t removed[] = { 0x2c, 0, 0, 0, 2, 0, 7, 0 };

    (void)state;
    begin_well();
    enqueue(removed, sizeof(removed), false);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "");
    assert_string_equal(said(), "");
}

/* ---- answers out of turn ---- */

static void tell_of_another_command(void)
{
    static const uint8_t failed[] = { 0x02, 0, 0, 0, 3, 0, 0x05, 0, 0x03 };
    struct mgmt_event event;

    assert_true(mgmt_parse(failed, sizeof(failed), &event));
    adapter_mgmt(&adapter, &event);
}

static void an_answer_to_something_else_is_none(void **state)
{
    static const uint8_t done[] = { 0x01, 0, 0, 0, 5, 0, 0x05, 0, 0, 9, 0 };

    (void)state;
    interrupt("monitor", tell_of_another_command);
    begin_well();
    assert_null(before_answer_to);
    enqueue(done, sizeof(done), false); /* and nothing was asked */
    pass(20 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "monitor monitor-");
    assert_int_equal(kernel_monitors(&kernel), 1);
}

static void an_answer_after_the_power_went_is_not_waited_for(void **state)
{
    (void)state;
    interrupt("monitor", switch_off);
    begin();
    assert_null(before_answer_to);
    pass(10 * SECOND);
    assert_int_equal(figures().state, PORT_RADIO_LISTENING);
    assert_int_equal(kernel_monitors(&kernel), 1);
}

static void a_hung_controller_is_told_once_and_recovered_when_it_is_back(void **state)
{
    (void)state;
    begin_well();
    kernel.is_mute = true;
    adapter_recover(&adapter);
    pass(60 * SECOND);
    assert_non_null(strstr(said(), "-hci0 does not answer.|"));
    assert_true(reopens > 0);
    const unsigned before = reopens;
    for (int i = 0; i < 20; i++) {
        if (reopens > before + (unsigned)i) {
            adapter_reset(&adapter);
            adapter_appeared(&adapter, KERNEL_INDEX);
        }
        pass(30 * SECOND);
    }
    assert_string_equal(said(), "");
    kernel.is_mute = false;
    adapter_reset(&adapter);
    adapter_appeared(&adapter, KERNEL_INDEX);
    pass(10);
    assert_string_equal(said(), LISTENS);
    hear(1);
    assert_int_equal(heard, 1);
}

/* ---- our own commands ---- */

#define BY_HCI "info defaults monitor commands scan- passive=48/96 scan+"

static void without_monitors_commands_of_our_own_scan(void **state)
{
    (void)state;
    refuse(0x0052, 0x01);
    begin();
    assert_string_equal(kernel_asked(&kernel), BY_HCI);
    assert_string_equal(said(), "+hci0 listens: hci, passive, 50 % of the time.|");
    hear_report(3);
    assert_int_equal(heard, 1);
    assert_int_equal(last.addr.b[5], 3);
    assert_int_equal(last.rssi, -60);
    hear(4); /* the management socket tells of it, too */
    assert_int_equal(heard, 1);
    adapter_stop(&adapter);
    hear(5);
    assert_int_equal(heard, 1);
    assert_string_equal(kernel_asked(&kernel), "scan-");
    assert_false(is_hci_open);
    assert_false(kernel.is_scanning);
}

/* The duty is that of our own scan, whatever the kernel tells of its own. */
static void our_own_scan_has_a_duty_of_its_own(void **state)
{
    (void)state;
    setup.is_full_duty = kernel.has_no_scan_setting = true;
    refuse(0x0052, 0x07);
    begin();
    assert_string_equal(kernel_asked(&kernel),
                        "info defaults monitor commands scan- passive=96/96 scan+");
    assert_string_equal(said(), "+hci0 listens: hci, passive, 100 % of the time.|");
    adapter_set_duty(&adapter, false);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "commands scan- passive=48/96 scan+");
}

static void our_own_scan_is_recovered_too(void **state)
{
    (void)state;
    refuse(0x0052, 0x01);
    begin();
    kernel_asked(&kernel);
    adapter_recover(&adapter);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), "commands scan- passive=48/96 scan+");
    adapter_recover(&adapter);
    pass(10);
    assert_string_equal(kernel_asked(&kernel),
                        "power- power+ defaults monitor commands scan- passive=48/96 scan+");
    kernel_power(&kernel, false);
    pass(SECOND);
    kernel_power(&kernel, true);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), BY_HCI);
    adapter_recover(&adapter);
    pass(10);
    assert_int_equal(reopens, 1);
    assert_false(is_hci_open);
}

static void our_own_scan_is_begun_again_in_silence(void **state)
{
    (void)state;
    refuse(0x0052, 0x01);
    begin();
    hear_report(1);
    kernel_asked(&kernel);
    pass(20 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "");
    pass(20 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "commands scan- passive=48/96 scan+");
}

/* `status` of the data: 0 whole, 1 more follows. */
static void hear_extended(uint8_t addr_type, uint8_t status, uint8_t byte)
{
    uint8_t packet[] = {
        0x04, 0x3e, 27, 0x0d, 1, (uint8_t)(status << 5), 0, addr_type, 9, 0, 0, 0x38, 0xc1,
        0xa4, 1,    0,  0,    0, (uint8_t)-60,           0, 0,         0, 0, 0, 0,    0,
        0,    0,    1,  byte
    };

    assert_int_equal(sizeof(packet), 3 + 27);
    enqueue(packet, sizeof(packet), true);
    pass(0);
}

static void extended_adverts_are_joined_and_have_a_sender(void **state)
{
    (void)state;
    refuse(0x0052, 0x01);
    kernel.is_extended = true;
    begin();
    hear_extended(0xff, 0, 1); /* anonymous */
    assert_int_equal(heard, 0);
    hear_extended(0, 1, 7);
    assert_int_equal(heard, 0);
    hear_extended(0, 0, 8);
    assert_int_equal(heard, 1);
    assert_int_equal(last.len, 2);
    assert_memory_equal(last_data, "\7\10", 2);
    assert_int_equal(last.addr.b[5], 9);
}

/* What kernels say that have none, or no room for one more. */
static void whatever_keeps_monitors_away_commands_do_it(void **state)
{
    static const uint8_t statuses[] = { 0x01, 0x03, 0x07, 0x0c, 0x0d };

    for (size_t i = 0; i < sizeof(statuses); i++) {
        fresh(state);
        refuse(0x0052, statuses[i]);
        begin();
        assert_string_equal(kernel_asked(&kernel), BY_HCI);
        assert_string_equal(figures().route, "hci");
    }
}

static void extended_commands_where_the_controller_has_them(void **state)
{
    (void)state;
    refuse(0x0052, 0x0c);
    kernel.is_extended = true;
    setup.is_active = setup.is_full_duty = true;
    begin();
    assert_string_equal(kernel_asked(&kernel),
                        "info defaults scan=96/96 monitor commands ext-scan- "
                        "ext-active=96/96 ext-scan+");
    assert_string_equal(said(), "+hci0 listens: hci, active, 100 % of the time.|");
}

static void an_adapter_of_our_own_is_prepared_by_us(void **state)
{
    (void)state;
    setup.is_user = true;
    begin();
    assert_string_equal(kernel_asked(&kernel), "info power- reset events le-events commands scan- "
                                               "passive=48/96 scan+");
    assert_string_equal(said(), "+hci0 listens: user channel, passive, 50 % of the time.|");
    kernel_unplug(&kernel); /* so the kernel says of one that was taken exclusively */
    hear_report(1);
    assert_int_equal(heard, 1);
}

/* One that could not be taken goes like every other. */
static void an_adapter_that_could_not_be_taken_can_be_unplugged(void **state)
{
    (void)state;
    setup.is_user = true;
    hci_error = -EBUSY;
    begin();
    assert_non_null(strstr(said(), "cannot be taken exclusively"));
    kernel_unplug(&kernel);
    pass(10);
    assert_non_null(strstr(said(), "was unplugged."));
    assert_false(adapter_is_present(&adapter));
}

static void one_that_is_off_is_not_switched_off(void **state)
{
    (void)state;
    setup.is_user = true;
    kernel.settings = KERNEL_LE;
    begin();
    assert_string_equal(kernel_asked(&kernel),
                        "info reset events le-events commands scan- passive=48/96 scan+");
}

#define PREPARED "info power- reset events le-events commands scan- "

/* Each twice: as a public and as a random address. */
static void a_controller_of_our_own_is_told_whom_to_hear(void **state)
{
    struct port_radio_lists lists = { .n_watch = 2, .watch = { { { 1 } }, { { 2 } } } };

    (void)state;
    setup.is_user = true;
    setup.lists = &lists;
    begin();
    assert_string_equal(kernel_asked(&kernel),
                        PREPARED "list- list+ list+ list+ list+ passive=48/96,listed scan+");
    lists.n_watch = 0;
    adapter_lists_changed(&adapter);
    pass(10);
    assert_string_equal(kernel_asked(&kernel),
                        "reset events le-events commands scan- passive=48/96 scan+");
    assert_int_equal(figures().state, PORT_RADIO_LISTENING);
}

static struct port_radio_lists changing;

static void watch_nobody(void)
{
    changing.n_watch = 0;
    adapter_lists_changed(&adapter);
}

/* Or a list that is empty by then would be obeyed, and nobody heard. */
static void whom_to_hear_may_change_while_it_is_told(void **state)
{
    static const char *const commands[] = { "commands", "list-", "list+", "listed", "scan+" };

    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        fresh(state);
        changing = (struct port_radio_lists){ .n_watch = 1, .watch = { { { 1 } } } };
        setup.is_user = true;
        setup.lists = &changing;
        interrupt(commands[i], watch_nobody);
        begin();
        assert_null(before_answer_to);
        const char *const asked = kernel_asked(&kernel);
        assert_string_equal(asked + strlen(asked) - strlen(" passive=48/96 scan+"),
                            " passive=48/96 scan+");
        assert_int_equal(figures().state, PORT_RADIO_LISTENING);
    }
}

static void a_list_without_room_is_not_used(void **state)
{
    const struct port_radio_lists lists = { .n_watch = 2, .watch = { { { 1 } }, { { 2 } } } };

    (void)state;
    setup.is_user = kernel.is_extended = true;
    setup.lists = &lists;
    refuse(0x2011, 0x07);
    begin();
    assert_string_equal(kernel_asked(&kernel), "info power- reset events le-events commands "
                                               "ext-scan- list- list+ ext-passive=48/96 ext-scan+");
}

/* The kernel keeps that list for its own connections. */
static void a_shared_controller_is_not_told(void **state)
{
    const struct port_radio_lists lists = { .n_watch = 1 };

    (void)state;
    setup.lists = &lists;
    refuse(0x0052, 0x01);
    begin();
    adapter_lists_changed(&adapter);
    pass(10);
    assert_string_equal(kernel_asked(&kernel), BY_HCI);
}

static void opening_has_its_own_errors(void **state)
{
    static const struct {
        int error;
        const char *told;
    } rows[] = {
        { -EBUSY, "-hci0 is in use: it cannot be taken exclusively.|Stop bluetoothd, or let both "
                  "use it: name it without user:.|" },
        { -EIO, "-hci0 cannot be opened.|If it stays so, unplug the adapter and plug it in again, "
                "or restart the machine.|" },
        { -ERFKILL, "-hci0 is blocked by rfkill.|Unblock it: rfkill unblock bluetooth.|" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fresh(state);
        setup.is_user = true;
        hci_error = rows[i].error;
        begin();
        assert_string_equal(said(), rows[i].told);
        hci_error = 0;
        pass(6 * SECOND);
        assert_int_equal(said()[0], '+');
    }
}

static void without_the_right_to_open_nothing_is_tried_again(void **state)
{
    static const int errors[] = { -EPERM, -EACCES };

    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        fresh(state);
        setup.is_user = true;
        hci_error = errors[i];
        begin();
        assert_non_null(strstr(said(), "may not control Bluetooth adapters"));
        hci_error = 0;
        kernel_asked(&kernel);
        pass(600 * SECOND);
        assert_string_equal(kernel_asked(&kernel), "");
    }
}

static void without_the_right_to_command_nothing_stays_open(void **state)
{
    static const int errors[] = { -EPERM, -EACCES };

    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        fresh(state);
        refuse(0x0052, 0x01);
        send_error = errors[i];
        begin();
        assert_non_null(strstr(said(), "may not control Bluetooth adapters"));
        assert_false(is_hci_open);
        kernel_asked(&kernel);
        pass(600 * SECOND);
        assert_string_equal(kernel_asked(&kernel), "");
    }
}

/* Its socket is not the adapter: that may be there still. */
static void an_hci_socket_that_ends_is_opened_anew(void **state)
{
    (void)state;
    refuse(0x0052, 0x01);
    begin();
    said();
    adapter_hci_closed(&adapter);
    assert_string_equal(said(), "");
    assert_int_equal(figures().state, PORT_RADIO_WAITING);
    pass(6 * SECOND);
    assert_int_equal(figures().state, PORT_RADIO_LISTENING);
    assert_true(is_hci_open);
    adapter_hci_closed(&adapter);
    kernel_unplug(&kernel);
    pass(10);
    assert_string_equal(said(), "-hci0 was unplugged.|Plug it in again: mi32 goes on by itself.|");
    assert_false(adapter_is_present(&adapter));
}

/* Nobody else can tell. */
static void one_of_our_own_whose_socket_ends_was_unplugged(void **state)
{
    (void)state;
    setup.is_user = true;
    begin();
    said();
    kernel.is_gone = true;
    adapter_hci_closed(&adapter);
    assert_string_equal(said(), "-hci0 was unplugged.|Plug it in again: mi32 goes on by itself.|");
    pass(20 * SECOND);
    assert_string_equal(said(), "");
    kernel_plug_in(&kernel);
    pass(6 * SECOND);
    assert_string_equal(said(), "+hci0 listens: user channel, passive, 50 % of the time.|");
}

static void the_kernels_scan_ends_ours_and_it_begins_again(void **state)
{
    static const uint8_t disconnected[] = { 0x04, 0x05, 4, 0, 1, 0, 0x13 };

    (void)state;
    refuse(0x0052, 0x01);
    begin();
    kernel_asked(&kernel);
    enqueue(disconnected, sizeof(disconnected), true);
    pass(2 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "commands scan- passive=48/96 scan+");
    kernel_discovering(&kernel, true);
    kernel_discovering(&kernel, false);
    pass(2 * SECOND);
    assert_string_equal(kernel_asked(&kernel), "commands scan- passive=48/96 scan+");
    pass(20 * SECOND); /* heard nobody */
    assert_string_equal(kernel_asked(&kernel), "commands scan- passive=48/96 scan+");
    assert_int_equal(figures().state, PORT_RADIO_LISTENING);
}

static void a_controller_that_refuses_is_asked_again(void **state)
{
    (void)state;
    refuse(0x0052, 0x01);
    kernel.refuses[1].command = 0x200b;
    kernel.refuses[1].status = 0x0c;
    begin();
    pass(3 * SECOND);
    assert_false(kernel.is_scanning);
    kernel.refuses[1].status = 0;
    pass(2 * SECOND);
    assert_true(kernel.is_scanning);
    hear_report(1);
    assert_int_equal(heard, 1);
}

/* What does not come from somebody else's scan does not pass either: it is said. */
static void a_controller_that_cannot_listen_is_told(void **state)
{
    static const struct {
        bool is_user;
        uint8_t status;
        const char *told;
    } rows[] = {
        { false, 0x12, "-hci0 refuses to listen: HCI error 12.|" },
        { true, 0x12, "-hci0 refuses to listen: HCI error 12.|" },
        { true, 0x0c, "-hci0 refuses to listen: HCI error 0c.|" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fresh(state);
        setup.is_user = rows[i].is_user;
        refuse(0x0052, 0x01);
        kernel.refuses[1].command = 0x200b;
        kernel.refuses[1].status = rows[i].status;
        begin();
        const char *const first = said();
        assert_int_equal(strncmp(first, rows[i].told, strlen(rows[i].told)), 0);
        assert_int_equal(figures().state, PORT_RADIO_WAITING);
        assert_false(is_hci_open);
        kernel_asked(&kernel);
        pass(20 * SECOND);
        assert_string_equal(said(), "");
        kernel.refuses[1].status = 0;
        pass(6 * SECOND);
        assert_int_equal(said()[0], '+');
        hear_report(1);
        assert_int_equal(heard, 1);
    }
}

static void damaged_reports_are_counted(void **state)
{
    static const uint8_t cut[] = { 0x04, 0x3e, 3, 0x02, 1, 0 }, none[] = { 0x04, 0x3e, 1, 0x02 };

    (void)state;
    refuse(0x0052, 0x01);
    begin();
    enqueue(cut, sizeof(cut), true);
    pass(0);
    assert_int_equal(figures().malformed, 1);
    enqueue(none, sizeof(none), true);
    pass(0);
    assert_int_equal(figures().malformed, 2);
    assert_int_equal(figures().received, 0);
}

#define ADAPTER(test) cmocka_unit_test_setup(test, fresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ADAPTER(what_is_on_already_is_left_alone),
        ADAPTER(le_and_power_are_switched_on),
        ADAPTER(le_that_was_switched_on_is_told_later),
        ADAPTER(full_duty_is_set_and_handed_back),
        ADAPTER(duty_changes_while_it_listens),
        ADAPTER(duty_that_is_full_already_is_left_alone),
        ADAPTER(duty_is_interval_and_window),
        ADAPTER(duty_that_is_refused_is_not_told),
        ADAPTER(duty_that_is_not_known_is_not_set),
        ADAPTER(duty_of_an_adapter_that_has_gone_is_not_handed_back),
        ADAPTER(duty_changes_while_it_is_being_set),
        ADAPTER(stopped_on_the_way_to_less_duty_it_hands_back),
        ADAPTER(an_older_kernel_keeps_its_duty),
        ADAPTER(duty_is_of_all_the_time),
        ADAPTER(active_scanning_is_a_discovery_that_goes_on),
        ADAPTER(a_discovery_that_ends_while_something_is_asked_goes_on),
        ADAPTER(a_discovery_is_begun_anew),
        ADAPTER(a_discovery_of_somebody_else_is_not_gone_on_with),
        ADAPTER(a_discovery_of_somebody_else_is_not_ended),
        ADAPTER(a_discovery_of_somebody_else_will_do),
        ADAPTER(where_repeats_are_filtered_the_scan_is_refreshed),
        ADAPTER(refusals_are_told_once_and_tried_again),
        ADAPTER(what_keeps_it_for_a_minute_is_told_once),
        ADAPTER(each_minute_is_one_of_its_own),
        ADAPTER(without_the_right_nothing_is_tried),
        ADAPTER(unplugged_and_plugged_in_again),
        ADAPTER(unplugged_is_not_told_as_switched_off),
        ADAPTER(switched_off_by_somebody),
        ADAPTER(switched_off_by_rfkill),
        ADAPTER(bluetoothd_restarts),
        ADAPTER(le_switched_off_by_somebody),
        ADAPTER(power_lost_while_le_is_switched_on),
        ADAPTER(power_lost_on_the_way_to_listening),
        ADAPTER(each_recovery_goes_a_stage_further),
        ADAPTER(no_monitor_is_left_behind),
        ADAPTER(a_monitor_that_comes_late_is_removed),
        ADAPTER(monitors_taken_while_it_is_off_are_not_missed),
        ADAPTER(a_monitor_of_somebody_else_may_go),
        ADAPTER(an_answer_to_something_else_is_none),
        ADAPTER(an_answer_after_the_power_went_is_not_waited_for),
        ADAPTER(a_hung_controller_is_told_once_and_recovered_when_it_is_back),
        ADAPTER(without_monitors_commands_of_our_own_scan),
        ADAPTER(whatever_keeps_monitors_away_commands_do_it),
        ADAPTER(our_own_scan_has_a_duty_of_its_own),
        ADAPTER(our_own_scan_is_recovered_too),
        ADAPTER(our_own_scan_is_begun_again_in_silence),
        ADAPTER(extended_adverts_are_joined_and_have_a_sender),
        ADAPTER(extended_commands_where_the_controller_has_them),
        ADAPTER(an_adapter_of_our_own_is_prepared_by_us),
        ADAPTER(an_adapter_that_could_not_be_taken_can_be_unplugged),
        ADAPTER(one_that_is_off_is_not_switched_off),
        ADAPTER(a_controller_of_our_own_is_told_whom_to_hear),
        ADAPTER(whom_to_hear_may_change_while_it_is_told),
        ADAPTER(a_list_without_room_is_not_used),
        ADAPTER(a_shared_controller_is_not_told),
        ADAPTER(opening_has_its_own_errors),
        ADAPTER(without_the_right_to_open_nothing_is_tried_again),
        ADAPTER(without_the_right_to_command_nothing_stays_open),
        ADAPTER(an_hci_socket_that_ends_is_opened_anew),
        ADAPTER(one_of_our_own_whose_socket_ends_was_unplugged),
        ADAPTER(the_kernels_scan_ends_ours_and_it_begins_again),
        ADAPTER(a_controller_that_refuses_is_asked_again),
        ADAPTER(a_controller_that_cannot_listen_is_told),
        ADAPTER(damaged_reports_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
