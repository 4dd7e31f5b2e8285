#include "linux/adapter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ANSWER_MS     15000 /* the kernel gives up on a controller after some seconds itself */
#define HCI_MS        3000
#define LOOK_MS       20000 /* between looks whether repeated frames get through */
#define REST_MS       5000
#define PAUSE_MS      500   /* an adapter that is unplugged is first said to be off */
#define CHANGING_MS   60000 /* so long somebody else may be at it */
#define SETTLE_MS     1000  /* after somebody else's scan or connection */
#define FULL_SCAN     0x60  /* 60 ms of 60 ms */
#define HALF_PERMILLE 500

#define SETCAP "sudo setcap cap_net_admin,cap_net_raw+ep $(command -v mi32)"

/* What an adapter is doing. The table `rows` below says what each state sends and waits for. */
enum state {
    ABSENT,
    ASKING,        /* for its settings */
    ENABLING_LE,   /* dual-mode controllers hear nothing before */
    POWERING,      /* on */
    READING_SCAN,  /* parameters of the kernel's scan */
    SETTING_SCAN,  /* to all of the time, or back */
    REMOVING,      /* monitors of ours that are left: the kernel keeps them over power cycles */
    REGISTERING,   /* the monitor */
    LISTENING,     /* by the monitor */
    DISCOVERING,   /* the same, and starts to ask for scan responses */
    REFRESHING,    /* the same, and registers a second monitor: the kernel restarts its scan */
    REFRESHED,     /* the same, and removes the second one */
    RELEASING,     /* switched off, so that it can be taken exclusively */
    OPENING,       /* the HCI socket */
    COMMANDING,    /* listening set up by commands */
    LISTENING_HCI, /* by our own commands */
    SETTLING,      /* the same, begun again after a moment */
    RESTARTING,    /* stage 1: the monitor removed */
    SWITCHING_OFF, /* stage 2 */
    REOPENING,     /* stage 3 */
    PAUSING,       /* it is off: shall it be said? */
    RESTING,       /* until it is worth another try */
    DENIED,
    STATES,
};

#define BIT(state) (1u << (state))

enum { FIRST, SECOND, MONITORS };

enum {
    HEARS = BIT(LISTENING) | BIT(DISCOVERING) | BIT(REFRESHING) | BIT(REFRESHED) |
            BIT(LISTENING_HCI) | BIT(SETTLING),
    BY_MONITOR = BIT(LISTENING) | BIT(DISCOVERING) | BIT(REFRESHING) | BIT(REFRESHED),
};

static void enter(struct adapter *a, enum state state);
static enum state recover(struct adapter *a);

static uint64_t now_ms(const struct adapter *a)
{
    return a->clock->now_ms(a->clock->self);
}

static bool hears(const struct adapter *a)
{
    return (BIT(a->state) & HEARS) != 0;
}

/* ---- telling ---- */

/* What was said last is not said again. A time without a word ends with any. */
static void tell(struct adapter *a, enum port_radio_state state, const char *remedy,
                 const char *text)
{
    char line[ADAPTER_TEXT_SIZE];

    a->is_changing = false;
    const int rest = (int)(sizeof(line) - strlen(a->name) - 2);
    snprintf(line, sizeof(line), "%s %.*s", a->name, rest, text);
    if (a->told == state && strcmp(a->said, line) == 0)
        return;
    a->told = state;
    memcpy(a->said, line, sizeof(line));
    a->calls.tell(a->calls.user, state, line, remedy);
}

static const char *route(const struct adapter *a)
{
    if (BIT(a->state) & BY_MONITOR)
        return "monitor";
    if (!hears(a))
        return "";
    return a->is_user ? "user channel" : "hci";
}

/* The share of the time in which a listening controller has its receiver on. */
static uint16_t scan_permille(const struct adapter *a)
{
    if (a->scan.interval == 0 || a->scan.window > a->scan.interval)
        return HALF_PERMILLE; /* what kernels do that do not tell */
    return (uint16_t)(1000u * a->scan.window / a->scan.interval);
}

static void tell_listening(struct adapter *a)
{
    char text[ADAPTER_TEXT_SIZE];

    snprintf(text, sizeof(text), "listens: %s, %s, %u %% of the time.%s", route(a),
             a->is_active ? "active" : "passive", scan_permille(a) / 10u,
             a->is_le_new ? " Bluetooth LE was off in it and was switched on." : "");
    tell(a, PORT_RADIO_LISTENING, "", text);
    a->is_le_new = false;
}

/* ---- resting ---- */

static enum state rest(struct adapter *a, const char *remedy, const char *text)
{
    tell(a, PORT_RADIO_WAITING, remedy, text);
    return RESTING;
}

static const char refusal_remedy[] = "mi32 tries again every few seconds. If it stays, unplug the "
                                     "adapter and plug it in again.";

static void close_hci(struct adapter *a)
{
    if (a->is_hci_open)
        a->calls.close_hci(a->calls.user);
    a->is_hci_open = false;
}

/* On its way to another state, by somebody else: of interest only when that does not end. */
static enum state keeps_changing(struct adapter *a)
{
    if (!a->is_changing)
        a->changing_ms = now_ms(a);
    a->is_changing = true;
    if (now_ms(a) - a->changing_ms < CHANGING_MS)
        return RESTING;
    return rest(
        a,
        "End that program: a scan or pairing of bluetoothctl, hcitool, another gateway. mi32 "
        "tries again every few seconds. If it stays, restart bluetoothd, or unplug the "
        "adapter and plug it in again.",
        "is not free: another program has kept it for a minute.");
}

static enum state refused(struct adapter *a, uint8_t status)
{
    char text[ADAPTER_TEXT_SIZE];

    switch (status) {
    case MGMT_NOT_PERMITTED:
        close_hci(a);
        tell(a, PORT_RADIO_WAITING, "Grant the right: " SETCAP ", then start mi32 again.",
             "cannot be used: this program may not control Bluetooth adapters.");
        return DENIED;
    case MGMT_RFKILLED:
        return rest(a, "Unblock it: rfkill unblock bluetooth.", "is blocked by rfkill.");
    case MGMT_INVALID_ADAPTER:
    case MGMT_BUSY:
    case MGMT_NOT_POWERED:
        return keeps_changing(a);
    default:
        snprintf(text, sizeof(text), "refuses to listen: %s.", mgmt_status_text(status));
        return rest(a, refusal_remedy, text);
    }
}

/* The kernel, or another program by it, scans: its reports are heard as well, and ours comes when
 * it has ended. Every other refusal is the controller's own. */
static enum state refused_by_hci(struct adapter *a)
{
    enum { COMMAND_DISALLOWED = 0x0c };
    char text[ADAPTER_TEXT_SIZE];

    if (!a->is_user && a->hci.refusal == COMMAND_DISALLOWED)
        return SETTLING;
    close_hci(a);
    snprintf(text, sizeof(text), "refuses to listen: HCI error %02x.", a->hci.refusal);
    return rest(a, refusal_remedy, text);
}

static bool is_blocked(const struct adapter *a)
{
    return a->calls.is_blocked(a->calls.user, a->index);
}

/* ---- what states send ---- */

static size_t ask(struct adapter *a, uint8_t *out)
{
    a->is_outdated = false;
    return mgmt_plain(out, MGMT_READ_INFO, a->index);
}

static size_t enable_le(struct adapter *a, uint8_t *out)
{
    a->is_le_new = a->is_le_new || !(a->settings & MGMT_LE);
    return a->settings & MGMT_LE ? 0 : mgmt_switch(out, MGMT_SET_LE, a->index, true);
}

static size_t power(struct adapter *a, uint8_t *out)
{
    if (a->settings & MGMT_POWERED || a->is_user)
        return 0;
    return mgmt_switch(out, MGMT_SET_POWERED, a->index, true);
}

static size_t read_scan(struct adapter *a, uint8_t *out)
{
    return a->is_user ? 0 : mgmt_plain(out, MGMT_READ_DEFAULTS, a->index);
}

static bool is_same_scan(struct mgmt_scan a, struct mgmt_scan b)
{
    return a.interval == b.interval && a.window == b.window;
}

/* Only what differs is set; what we set goes back when full duty is no longer wanted. */
static size_t set_scan(struct adapter *a, uint8_t *out)
{
    struct mgmt_scan wanted = { FULL_SCAN, FULL_SCAN };

    if (!a->is_full_duty)
        wanted = a->scan_before;
    if (wanted.interval == 0 || a->scan.interval == 0 || is_same_scan(wanted, a->scan))
        return 0;
    if (a->is_full_duty)
        a->scan_before = a->scan;
    a->scan = wanted;
    return mgmt_set_scan(out, a->index, wanted);
}

static size_t add_monitor(struct adapter *a, uint8_t *out)
{
    return a->is_user ? 0 : mgmt_add_monitor(out, a->index);
}

static size_t discover(struct adapter *a, uint8_t *out)
{
    return mgmt_discovery(out, MGMT_START_DISCOVERY, a->index);
}

static size_t remove_last(struct adapter *a, uint8_t *out)
{
    for (size_t i = MONITORS; i-- > 0;) {
        struct adapter_monitor *monitor = &a->monitors[i];
        if (!monitor->is_there)
            continue;
        monitor->is_there = false;
        return mgmt_remove_monitor(out, a->index, monitor->handle);
    }
    return 0;
}

static size_t release(struct adapter *a, uint8_t *out)
{
    return a->settings & MGMT_POWERED ? mgmt_switch(out, MGMT_SET_POWERED, a->index, false) : 0;
}

static size_t switch_off(struct adapter *a, uint8_t *out)
{
    a->settings &= ~MGMT_POWERED;
    return mgmt_switch(out, MGMT_SET_POWERED, a->index, false);
}

/* ---- what their answers mean ---- */

typedef enum state answer_fn(struct adapter *a, const struct mgmt_event *answer);

static enum state asked(struct adapter *a, const struct mgmt_event *answer)
{
    if (answer->status != MGMT_SUCCESS)
        return refused(a, answer->status);
    if (!mgmt_address_of(answer->answer, &a->addr) ||
        !mgmt_settings_of(answer->answer, &a->settings))
        return refused(a, UINT8_MAX);
    return ENABLING_LE;
}

static enum state le_enabled(struct adapter *a, const struct mgmt_event *answer)
{
    return answer->status == MGMT_SUCCESS ? POWERING : refused(a, answer->status);
}

static enum state powered(struct adapter *a, const struct mgmt_event *answer)
{
    if (answer->status == MGMT_SUCCESS)
        return READING_SCAN;
    return refused(a, is_blocked(a) ? MGMT_RFKILLED : answer->status);
}

static enum state scan_read(struct adapter *a, const struct mgmt_event *answer)
{
    if (answer->status != MGMT_SUCCESS || !mgmt_scan_of(answer->answer, &a->scan))
        a->scan = (struct mgmt_scan){ 0 };
    return SETTING_SCAN;
}

/* What is wanted may have changed since it was sent. */
static enum state scan_set(struct adapter *a, const struct mgmt_event *answer)
{
    const struct mgmt_scan unknown = { 0 };
    const bool is_back = is_same_scan(a->scan, a->scan_before);

    if (answer->status != MGMT_SUCCESS)
        a->scan = is_back ? unknown : a->scan_before;
    if (is_back)
        a->scan_before = unknown;
    return REMOVING;
}

static enum state removed(struct adapter *a, const struct mgmt_event *answer)
{
    (void)a;
    (void)answer;
    return REMOVING;
}

static void note_monitor(struct adapter *a, size_t which, struct bytes answer)
{
    a->monitors[which].is_there = mgmt_handle_of(answer, &a->monitors[which].handle);
}

/* Kernels without monitors, or with no room for one more, which has failed then: our own commands.
 */
static enum state registered(struct adapter *a, const struct mgmt_event *answer)
{
    enum {
        UNKNOWN_COMMAND = 0x01,
        FAILED = 0x03,
        NO_RESOURCES = 0x07,
        NOT_SUPPORTED = 0x0c,
        BAD_PARAMETERS = 0x0d
    };

    switch (answer->status) {
    case MGMT_SUCCESS:
        note_monitor(a, FIRST, answer->answer);
        return a->is_active ? DISCOVERING : LISTENING;
    case UNKNOWN_COMMAND:
    case FAILED:
    case NO_RESOURCES:
    case NOT_SUPPORTED:
    case BAD_PARAMETERS:
        return OPENING;
    default:
        return refused(a, answer->status);
    }
}

static enum state discovered(struct adapter *a, const struct mgmt_event *answer)
{
    if (answer->status == MGMT_SUCCESS || answer->status == MGMT_BUSY)
        a->is_discovering = true;
    return LISTENING;
}

static enum state refreshed(struct adapter *a, const struct mgmt_event *answer)
{
    if (answer->status != MGMT_SUCCESS)
        return LISTENING;
    note_monitor(a, SECOND, answer->answer);
    return REFRESHED;
}

static enum state second_removed(struct adapter *a, const struct mgmt_event *answer)
{
    (void)a;
    (void)answer;
    return LISTENING;
}

static enum state released(struct adapter *a, const struct mgmt_event *answer)
{
    return answer->status == MGMT_SUCCESS ? OPENING : refused(a, answer->status);
}

static enum state restarted(struct adapter *a, const struct mgmt_event *answer)
{
    (void)a;
    (void)answer;
    return ASKING;
}

static enum state switched_off(struct adapter *a, const struct mgmt_event *answer)
{
    (void)a;
    (void)answer;
    return POWERING;
}

/* ---- what happens when nothing comes ---- */

typedef enum state wait_fn(struct adapter *a);

static const char unplug[] = "If it stays so, unplug the adapter and plug it in again, or restart "
                             "the machine.";

static enum state look(struct adapter *a)
{
    const bool is_filtered = !a->has_repeat;

    a->has_probe = a->has_repeat = false;
    if (a->is_active && !a->is_discovering)
        return DISCOVERING;
    if (a->monitors[SECOND].is_there)
        return REFRESHED; /* one that came late */
    return is_filtered ? REFRESHING : LISTENING;
}

static enum state unanswered(struct adapter *a)
{
    tell(a, PORT_RADIO_WAITING, unplug, "does not answer.");
    return recover(a);
}

/* Our own scan can be ended by the kernel's without a word. */
static enum state look_by_hci(struct adapter *a)
{
    const bool is_silent = !a->has_probe;

    a->has_probe = a->has_repeat = false;
    return is_silent ? COMMANDING : LISTENING_HCI;
}

static enum state stays_off(struct adapter *a)
{
    if (is_blocked(a))
        return refused(a, MGMT_RFKILLED);
    return rest(
        a, "mi32 switches it on again. To keep it off, end mi32 or use rfkill block bluetooth.",
        "was switched off by another program.");
}

static enum state try_again(struct adapter *a)
{
    (void)a;
    return ASKING;
}

static enum state command_again(struct adapter *a)
{
    (void)a;
    return COMMANDING;
}

static enum state reopen_now(struct adapter *a)
{
    a->calls.reopen(a->calls.user);
    return RESTING;
}

/* ---- listening by commands of our own ---- */

static enum state open_hci(struct adapter *a)
{
    close_hci(a);
    const int error = a->calls.open_hci(a->calls.user, a->index, a->is_user);
    if (error == -EPERM || error == -EACCES)
        return refused(a, MGMT_NOT_PERMITTED);
    if (error == -ERFKILL)
        return refused(a, MGMT_RFKILLED);
    if (error == -EBUSY)
        return rest(a, "Stop bluetoothd, or let both use it: name it without user:.",
                    "is in use: it cannot be taken exclusively.");
    if (error != 0)
        return rest(a, unplug, "cannot be opened.");
    a->is_hci_open = true;
    return COMMANDING;
}

/* 0 or -errno. */
static int send_hci_command(struct adapter *a)
{
    uint8_t packet[HCI_PACKET_MAX];
    const size_t len = hci_listen_command(&a->hci, packet);

    return len > 0 ? a->calls.send_hci(a->calls.user, packet, len) : 0;
}

static void begin_hci(struct adapter *a)
{
    const struct mgmt_scan half = { FULL_SCAN, FULL_SCAN / 2 }, full = { FULL_SCAN, FULL_SCAN };
    const struct hci_listen_setup setup = {
        .is_user = a->is_user,
        .is_active = a->is_active,
        .scan = a->is_full_duty ? full : half,
        .lists = a->lists,
    };

    a->is_outdated = false;
    a->scan = setup.scan;
    a->joiner = (struct hci_joiner){ 0 };
    hci_listen_begin(&a->hci, &setup);
    const int error = send_hci_command(a);
    if (error == -EPERM || error == -EACCES)
        enter(a, refused(a, MGMT_NOT_PERMITTED));
}

/* ---- the table ---- */

static const struct row {
    size_t (*command)(struct adapter *a, uint8_t *out); /* sent on entering; 0 bytes: skipped */
    answer_fn *answered;
    enum state next;  /* when the command was skipped */
    uint32_t wait_ms; /* 0: for ever */
    wait_fn *waited;
} rows[STATES] = {
    [ABSENT] = { NULL, NULL, ABSENT, 0, NULL },
    [ASKING] = { ask, asked, ASKING, ANSWER_MS, unanswered },
    [ENABLING_LE] = { enable_le, le_enabled, POWERING, ANSWER_MS, unanswered },
    [POWERING] = { power, powered, READING_SCAN, ANSWER_MS, unanswered },
    [READING_SCAN] = { read_scan, scan_read, SETTING_SCAN, ANSWER_MS, unanswered },
    [SETTING_SCAN] = { set_scan, scan_set, REMOVING, ANSWER_MS, unanswered },
    [REMOVING] = { remove_last, removed, REGISTERING, ANSWER_MS, unanswered },
    [REGISTERING] = { add_monitor, registered, RELEASING, ANSWER_MS, unanswered },
    [LISTENING] = { NULL, NULL, LISTENING, LOOK_MS, look },
    [DISCOVERING] = { discover, discovered, LISTENING, ANSWER_MS, unanswered },
    [REFRESHING] = { add_monitor, refreshed, LISTENING, ANSWER_MS, unanswered },
    [REFRESHED] = { remove_last, second_removed, LISTENING, ANSWER_MS, unanswered },
    [RELEASING] = { release, released, OPENING, ANSWER_MS, unanswered },
    [OPENING] = { NULL, NULL, OPENING, 1, open_hci },
    [COMMANDING] = { NULL, NULL, COMMANDING, HCI_MS, unanswered },
    [LISTENING_HCI] = { NULL, NULL, LISTENING_HCI, LOOK_MS, look_by_hci },
    [SETTLING] = { NULL, NULL, SETTLING, SETTLE_MS, command_again },
    [RESTARTING] = { remove_last, restarted, ASKING, ANSWER_MS, unanswered },
    [SWITCHING_OFF] = { switch_off, switched_off, POWERING, ANSWER_MS, unanswered },
    [REOPENING] = { NULL, NULL, REOPENING, 1, reopen_now },
    [PAUSING] = { NULL, NULL, PAUSING, PAUSE_MS, stays_off },
    [RESTING] = { NULL, NULL, RESTING, REST_MS, try_again },
    [DENIED] = { NULL, NULL, DENIED, 0, NULL },
};

/* ---- the one way into a state ---- */

static void count_time(struct adapter *a, bool did_hear)
{
    if (did_hear && !hears(a)) {
        a->listened_ms += now_ms(a) - a->since_ms;
        a->since_ms = 0;
    } else if (!did_hear && hears(a)) {
        a->since_ms = now_ms(a);
    }
}

/* False when there was nothing to send. */
static bool send_command(struct adapter *a, const struct row *row)
{
    uint8_t out[MGMT_COMMAND_MAX];
    const size_t len = row->command(a, out);

    a->sent = len > 0 ? (uint16_t)bytes_le(out, 2) : 0;
    if (len > 0)
        (void)a->calls.send_mgmt(a->calls.user, out, len); /* unsent is unanswered */
    return len > 0;
}

/* By the way a restart takes, so that new parameters count at once. */
static void set_up_again(struct adapter *a)
{
    enter(a, a->is_hci_open ? COMMANDING : RESTARTING);
}

static void arrived(struct adapter *a, bool did_hear)
{
    if (a->state == COMMANDING)
        begin_hci(a);
    else if (hears(a) && a->is_outdated)
        set_up_again(a);
    else if (hears(a) && !did_hear)
        tell_listening(a);
}

static void enter(struct adapter *a, enum state state)
{
    const bool did_hear = hears(a);
    const struct row *row = &rows[state];

    a->state = state;
    while (row->command && !send_command(a, row)) {
        a->state = row->next;
        row = &rows[a->state];
    }
    if (!row->command)
        a->sent = 0;
    if (row->wait_ms > 0)
        a->clock->set(a->clock->self, &a->timer, now_ms(a) + row->wait_ms);
    else
        a->clock->cancel(a->clock->self, &a->timer);
    count_time(a, did_hear);
    arrived(a, did_hear);
}

static void on_timer(void *user)
{
    struct adapter *a = user;

    enter(a, rows[a->state].waited(a));
}

/* ---- events from outside ---- */

/* What is sent next may depend on them. */
static enum state settings_noted(struct adapter *a, const struct mgmt_event *event)
{
    a->settings = event->settings;
    return (enum state)a->state;
}

/* Somebody switched the adapter off, or on again; or its LE. */
static enum state settings_changed(struct adapter *a, const struct mgmt_event *event)
{
    const bool is_waiting = (BIT(a->state) & (BIT(RESTING) | BIT(PAUSING))) != 0;
    const bool is_deaf = hears(a) && !(event->settings & MGMT_LE);

    if (event->settings & MGMT_POWERED)
        return is_waiting || is_deaf ? ASKING : (enum state)a->state;
    a->is_discovering = false;
    return is_waiting ? (enum state)a->state : PAUSING;
}

static void forget_monitors(struct adapter *a, uint16_t handle)
{
    for (size_t i = 0; i < MONITORS; i++) {
        if (handle == 0 || handle == a->monitors[i].handle)
            a->monitors[i].is_there = false;
    }
}

static enum state monitor_removed(struct adapter *a, const struct mgmt_event *event)
{
    forget_monitors(a, event->handle);
    if (a->monitors[FIRST].is_there || !(BIT(a->state) & BY_MONITOR))
        return (enum state)a->state;
    tell(a, PORT_RADIO_WAITING, "",
         "was taken from mi32 by another program (bluetoothd does so when it starts); it is being "
         "asked for again.");
    return ASKING;
}

static enum state discovering_changed(struct adapter *a, const struct mgmt_event *event)
{
    a->is_discovering = event->is_on;
    if (event->is_on)
        return (enum state)a->state;
    if (BIT(a->state) & (BIT(LISTENING_HCI) | BIT(SETTLING)))
        return SETTLING; /* the kernel has ended our scan with its own */
    return a->is_active && a->state == LISTENING ? DISCOVERING : (enum state)a->state;
}

static void tell_unplugged(struct adapter *a)
{
    tell(a, PORT_RADIO_WAITING, "Plug it in again: mi32 goes on by itself.", "was unplugged.");
}

static enum state vanished(struct adapter *a, const struct mgmt_event *event)
{
    (void)event;
    close_hci(a);
    forget_monitors(a, 0);
    a->is_discovering = a->is_le_new = false;
    a->scan_before = (struct mgmt_scan){ 0 };
    tell_unplugged(a);
    return ABSENT;
}

static const struct move {
    enum mgmt_kind kind;
    unsigned from; /* states in which it counts */
    enum state (*go)(struct adapter *a, const struct mgmt_event *event);
} moves[] = {
    { MGMT_SETTINGS,
      HEARS | BIT(READING_SCAN) | BIT(SETTING_SCAN) | BIT(REMOVING) | BIT(REGISTERING) |
          BIT(PAUSING) | BIT(RESTING) | BIT(COMMANDING),
      settings_changed },
    { MGMT_SETTINGS, BIT(ENABLING_LE), settings_noted },
    { MGMT_MONITOR_REMOVED, ~BIT(ABSENT), monitor_removed },
    { MGMT_DISCOVERING, HEARS, discovering_changed },
    { MGMT_REMOVED, ~BIT(ABSENT), vanished },
};

static void move(struct adapter *a, const struct mgmt_event *event)
{
    for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
        if (moves[i].kind != event->kind || !(moves[i].from & BIT(a->state)))
            continue;
        const enum state to = moves[i].go(a, event);
        if (to != a->state)
            enter(a, to);
        return;
    }
}

static void answer(struct adapter *a, const struct mgmt_event *event)
{
    if (a->sent == 0 || a->sent != event->command) {
        if (event->command == MGMT_ADD_MONITOR && event->status == MGMT_SUCCESS)
            note_monitor(a, SECOND, event->answer); /* too late to be used: to be removed */
        return;
    }
    enter(a, rows[a->state].answered(a, event));
}

/* ---- adverts ---- */

static void note_repeat(struct adapter *a, const struct advert *advert)
{
    if (!a->has_probe)
        a->probe = advert->addr;
    else if (mac_equal(a->probe, advert->addr))
        a->has_repeat = true;
    a->has_probe = true;
}

static void hear(struct adapter *a, struct advert *advert)
{
    a->received++;
    a->stage = 0;
    note_repeat(a, advert);
    a->calls.advert(a->calls.user, advert);
}

void adapter_mgmt(struct adapter *a, const struct mgmt_event *event)
{
    if (event->kind == MGMT_ADVERT) {
        struct advert advert = event->advert;
        if (a->state != ABSENT && !a->is_hci_open)
            hear(a, &advert);
    } else if (event->kind == MGMT_ANSWER) {
        answer(a, event);
    } else if (!a->is_user || !a->is_hci_open) {
        move(a, event); /* of an adapter that is ours alone the kernel says it is gone */
    }
}

static void hear_reports(struct adapter *a, const uint8_t *event, size_t len)
{
    struct hci_reports reports;
    struct hci_report report;
    bool is_anonymous;

    if (!hci_reports_open(&reports, event, len)) {
        a->malformed++;
        return;
    }
    while (hci_reports_next(&reports, &report)) {
        struct advert advert;
        if (hci_join(&a->joiner, &report, &advert, &is_anonymous) && !is_anonymous)
            hear(a, &advert);
    }
    a->malformed += hci_reports_failed(&reports);
}

void adapter_hci(struct adapter *a, const uint8_t *packet, size_t len)
{
    switch (hci_listen_packet(&a->hci, packet, len)) {
    case HCI_LISTEN_REPORTS:
        hear_reports(a, packet + 1, len - 1);
        break;
    case HCI_LISTEN_COMMAND:
        if (a->state == COMMANDING)
            (void)send_hci_command(a);
        break;
    case HCI_LISTEN_ON:
        if (a->state == COMMANDING)
            enter(a, LISTENING_HCI);
        break;
    case HCI_LISTEN_REFUSED:
        if (a->state == COMMANDING)
            enter(a, refused_by_hci(a));
        break;
    case HCI_LISTEN_DISTURBED:
        if (a->state == LISTENING_HCI)
            enter(a, SETTLING);
        break;
    case HCI_LISTEN_NOTHING:
        break;
    }
}

/* Of an adapter that is ours alone nobody else says that it is gone. */
void adapter_hci_closed(struct adapter *a)
{
    close_hci(a);
    if (a->is_user)
        tell_unplugged(a);
    enter(a, RESTING);
}

/* ---- recovery ---- */

static void count_restart(struct adapter *a)
{
    a->restarts++;
}

static void count_power_cycle(struct adapter *a)
{
    a->power_cycles++;
}

static void count_reopen(struct adapter *a)
{
    a->reopens++;
}

static const struct stage {
    enum state to, to_by_hci;
    void (*count)(struct adapter *a);
    const char *text;
} stages[] = {
    { RESTARTING, OPENING, count_restart, "is silent for too long: its scan is restarted." },
    { SWITCHING_OFF, SWITCHING_OFF, count_power_cycle,
      "is still silent: it is switched off and on." },
    { REOPENING, REOPENING, count_reopen, "is still silent: it is opened anew." },
};

/* The last stage is repeated, without a word. */
static enum state recover(struct adapter *a)
{
    const size_t last = sizeof(stages) / sizeof(stages[0]) - 1;
    const struct stage *stage = &stages[a->stage < last ? a->stage : last];
    const bool is_by_hci = a->is_hci_open;

    stage->count(a);
    if (a->stage <= last)
        tell(a, PORT_RADIO_WAITING, unplug, stage->text);
    a->stage++;
    close_hci(a);
    return is_by_hci ? stage->to_by_hci : stage->to;
}

/* On the way to listening it is too late for some of it: that is gone again from the start. */
static void outdate(struct adapter *a)
{
    if (hears(a))
        set_up_again(a);
    else
        a->is_outdated = true;
}

void adapter_set_duty(struct adapter *a, bool is_full)
{
    a->is_full_duty = is_full;
    outdate(a);
}

/* Only a controller of our own is given them. */
void adapter_lists_changed(struct adapter *a)
{
    if (a->is_user)
        outdate(a);
}

void adapter_recover(struct adapter *a)
{
    if (!(BIT(a->state) & (BIT(ABSENT) | BIT(DENIED))))
        enter(a, recover(a));
}

/* ---- life ---- */

void adapter_init(struct adapter *a, const struct adapter_setup *setup,
                  const struct adapter_calls *calls)
{
    *a = (struct adapter){
        .calls = *calls,
        .clock = setup->clock,
        .lists = setup->lists,
        .is_user = setup->is_user,
        .is_active = setup->is_active,
        .is_full_duty = setup->is_full_duty,
        .told = PORT_RADIO_ENDED,
    };
    a->timer = (struct timer){ .fire = on_timer, .user = a };
    a->started_ms = now_ms(a);
}

void adapter_appeared(struct adapter *a, uint16_t index)
{
    a->index = index;
    a->is_changing = false;
    snprintf(a->name, sizeof(a->name), "hci%u", index);
    enter(a, ASKING);
}

void adapter_reset(struct adapter *a)
{
    close_hci(a);
    forget_monitors(a, 0);
    a->is_discovering = false;
    enter(a, ABSENT);
}

static void hand_back(struct adapter *a)
{
    uint8_t out[MGMT_COMMAND_MAX];
    size_t len;

    if (a->is_hci_open && hears(a)) {
        uint8_t packet[HCI_PACKET_MAX];
        (void)a->calls.send_hci(a->calls.user, packet, hci_listen_end(&a->hci, packet));
    }
    if (a->is_active && a->is_discovering)
        (void)a->calls.send_mgmt(a->calls.user, out,
                                 mgmt_discovery(out, MGMT_STOP_DISCOVERY, a->index));
    if (a->scan_before.interval > 0)
        (void)a->calls.send_mgmt(a->calls.user, out, mgmt_set_scan(out, a->index, a->scan_before));
    while ((len = remove_last(a, out)) > 0)
        (void)a->calls.send_mgmt(a->calls.user, out, len);
}

void adapter_stop(struct adapter *a)
{
    hand_back(a);
    adapter_reset(a);
}

bool adapter_address(const struct adapter *a, struct mac *out)
{
    static const struct mac none = { { 0 } };

    *out = a->addr;
    return hears(a) && !a->is_user && !mac_equal(a->addr, none);
}

bool adapter_is_present(const struct adapter *a)
{
    return a->state != ABSENT;
}

void adapter_figures(const struct adapter *a, struct port_radio_figures *out)
{
    const uint64_t now = now_ms(a), all_ms = now - a->started_ms;
    const uint64_t listened_ms = a->listened_ms + (hears(a) ? now - a->since_ms : 0);

    out->name = a->name;
    out->route = route(a);
    out->state = hears(a) ? PORT_RADIO_LISTENING : PORT_RADIO_WAITING;
    out->received = a->received;
    out->malformed = a->malformed;
    out->restarts = a->restarts;
    out->power_cycles = a->power_cycles;
    out->reopens = a->reopens;
    out->duty_permille = (uint16_t)(all_ms > 0 ? listened_ms * scan_permille(a) / all_ms : 0);
}
