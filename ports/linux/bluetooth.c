#include "linux/bluetooth.h"

#include "capture/keep_out.h"
#include "linux/adapter.h"

#include <event2/event.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BURST_MAX          64 /* messages in one go; then the loop looks after the rest */
#define RETRY_MS           10000
#define USER_PREFIX        "user:"
#define ADAPTER_PREFIX     "hci"
#define ADAPTER_DIGITS_MAX 3
#define INDEX_ANY          0xffff
#define ADAPTERS_TOLD      16

struct slot {
    struct bluetooth *owner;
    uint8_t number;
    uint16_t wanted; /* index, or INDEX_ANY */
    bool is_user;
    char name[ADAPTER_NAME_SIZE]; /* as given */
    struct adapter adapter;
    int fd; /* HCI, or -1 */
    struct event *event;
    uint64_t adverts, kept_out, lost_before;
    enum port_radio_state told;
    char text[ADAPTER_TEXT_SIZE]; /* told last, with that state */
    const char *remedy;
};

struct bluetooth {
    struct port_radio port;
    struct loop *loop;
    const struct port_clock *clock;
    struct bt_sockets sockets;
    struct port_radio_events events;
    struct port_radio_tuning tuning;
    struct slot slots[BLUETOOTH_ADAPTERS_MAX];
    size_t n_slots;
    bool is_running;
    int fd; /* management, or -1 */
    struct event *event;
    struct timer reopen;
    uint64_t lost_before; /* by earlier sockets */
};

static void lose_mgmt(struct bluetooth *bt, int error);

/* ---- spec ---- */

/* "hci0" or "user:hci0" up to `len` characters; false when it is neither. */
static bool parse_one(const char *text, size_t len, struct slot *slot)
{
    const size_t user = strlen(USER_PREFIX), hci = strlen(ADAPTER_PREFIX);

    slot->is_user = len > user && memcmp(text, USER_PREFIX, user) == 0;
    if (slot->is_user) {
        text += user;
        len -= user;
    }
    if (len <= hci || len > hci + ADAPTER_DIGITS_MAX || memcmp(text, ADAPTER_PREFIX, hci) != 0)
        return false;
    memcpy(slot->name, text, len);
    slot->name[len] = '\0';
    if (slot->name[hci + strspn(slot->name + hci, "0123456789")] != '\0')
        return false;
    slot->wanted = (uint16_t)strtoul(slot->name + hci, NULL, 10);
    return true;
}

static bool is_named(const struct slot *slots, size_t n, uint16_t wanted)
{
    while (n > 0 && slots[n - 1].wanted != wanted)
        n--;
    return n > 0;
}

/* How many; 0 when the spec is none. */
static size_t parse_spec(const char *spec, struct slot slots[BLUETOOTH_ADAPTERS_MAX])
{
    if (strcmp(spec, "auto") == 0) {
        slots[0].wanted = INDEX_ANY;
        snprintf(slots[0].name, sizeof(slots[0].name), "auto");
        return 1;
    }
    for (size_t n = 0; n < BLUETOOTH_ADAPTERS_MAX; n++) {
        const size_t len = strcspn(spec, ",");
        if (!parse_one(spec, len, &slots[n]) || is_named(slots, n, slots[n].wanted))
            return 0;
        if (spec[len] == '\0')
            return n + 1;
        spec += len + 1;
    }
    return 0;
}

bool bluetooth_is_spec(const char *spec)
{
    struct slot slots[BLUETOOTH_ADAPTERS_MAX] = { 0 };

    return parse_spec(spec, slots) > 0;
}

/* ---- adverts ---- */

static void on_advert(void *user, struct advert *advert)
{
    struct slot *slot = user;
    struct bluetooth *bt = slot->owner;

    if (keeps_out(&bt->tuning.lists, advert->addr)) {
        slot->kept_out++;
        return;
    }
    slot->adverts++;
    advert->radio = slot->number;
    advert->heard_ms = bt->clock->now_ms(bt->clock->self);
    bt->events.advert(bt->events.user, advert);
}

static const char *name_of(const struct slot *slot)
{
    return *slot->adapter.name ? slot->adapter.name : slot->name;
}

static void on_tell(void *user, enum port_radio_state state, const char *text, const char *remedy)
{
    struct slot *slot = user;
    const struct port_radio_events *events = &slot->owner->events;

    if (slot->told == state && strcmp(slot->text, text) == 0)
        return; /* what was said last is not said again */
    slot->told = state;
    snprintf(slot->text, sizeof(slot->text), "%s", text);
    slot->remedy = remedy;
    events->state(events->user, name_of(slot), state, text, remedy);
}

/* ---- the HCI socket of an adapter ---- */

static void close_hci(void *user)
{
    struct slot *slot = user;

    if (slot->fd < 0)
        return;
    slot->lost_before += bt_socket_lost(slot->fd);
    event_free(slot->event);
    close(slot->fd);
    slot->fd = -1;
}

/* The next message into `out`: its length; 0 when there is none yet, -errno at the end. */
static ssize_t receive(int fd, uint8_t *out, size_t size)
{
    const ssize_t n = recv(fd, out, size, MSG_DONTWAIT | MSG_TRUNC);

    if (n > 0)
        return n;
    if (n == 0)
        return -EPIPE;
    return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

/* A message that did not fit is longer than all that exist: it counts as malformed. */
static void on_hci(evutil_socket_t fd, short what, void *user)
{
    struct slot *slot = user;
    uint8_t packet[HCI_PACKET_MAX];

    (void)what;
    for (int i = 0; i < BURST_MAX && slot->fd == fd; i++) {
        const ssize_t n = receive(fd, packet, sizeof(packet));
        if (n == 0)
            return;
        if (n < 0)
            adapter_hci_closed(&slot->adapter);
        else if ((size_t)n > sizeof(packet))
            slot->adapter.malformed++;
        else
            adapter_hci(&slot->adapter, packet, (size_t)n);
    }
}

static int open_hci(void *user, uint16_t index, bool is_user)
{
    struct slot *slot = user;
    struct bluetooth *bt = slot->owner;
    const int fd = bt->sockets.open_hci(bt->sockets.user, index, is_user);

    if (fd < 0)
        return fd;
    slot->event = event_new(loop_base(bt->loop), fd, EV_READ | EV_PERSIST, on_hci, slot);
    if (!slot->event || event_add(slot->event, NULL) != 0) {
        close(fd);
        return -ENOMEM;
    }
    slot->fd = fd;
    return 0;
}

static int send_to(int fd, const uint8_t *data, size_t len)
{
    return send(fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

static bool is_blocked(void *user, uint16_t index)
{
    const struct slot *slot = user;
    const struct bt_sockets *sockets = &slot->owner->sockets;

    return sockets->is_blocked(sockets->user, index);
}

static int send_hci(void *user, const uint8_t *packet, size_t len)
{
    const struct slot *slot = user;

    return send_to(slot->fd, packet, len);
}

/* ---- the management socket ---- */

static int send_mgmt(void *user, const uint8_t *message, size_t len)
{
    const struct slot *slot = user;

    return send_to(slot->owner->fd, message, len);
}

static void reopen_at(struct bluetooth *bt, uint64_t wait_ms)
{
    bt->clock->set(bt->clock->self, &bt->reopen, bt->clock->now_ms(bt->clock->self) + wait_ms);
}

static void ask_to_reopen(void *user)
{
    const struct slot *slot = user;

    reopen_at(slot->owner, 0);
}

/* No two slots want the same one. */
static void appeared(struct bluetooth *bt, uint16_t index)
{
    for (size_t i = 0; i < bt->n_slots; i++) {
        struct slot *slot = &bt->slots[i];
        if (!adapter_is_present(&slot->adapter) &&
            (slot->wanted == index || slot->wanted == INDEX_ANY))
            adapter_appeared(&slot->adapter, index);
    }
}

static void tell_absent(struct slot *slot)
{
    char text[64];

    slot->adapter.name[0] = '\0'; /* another one may come in its place */
    snprintf(text, sizeof(text), "There is no Bluetooth adapter%s%s.",
             slot->wanted == INDEX_ANY ? "" : " ", slot->wanted == INDEX_ANY ? "" : slot->name);
    on_tell(slot, PORT_RADIO_WAITING, text,
            "Plug one in: mi32 begins to listen by itself. Without one: --radio demo.");
}

static int ascending(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

/* Lowest number first, whatever the order of the kernel. */
static void listed(struct bluetooth *bt, struct bytes answer)
{
    uint16_t list[ADAPTERS_TOLD];
    const size_t n = mgmt_adapters_of(answer, list, ADAPTERS_TOLD);

    qsort(list, n, sizeof(list[0]), ascending);
    for (size_t i = 0; i < n; i++)
        appeared(bt, list[i]);
    for (size_t i = 0; i < bt->n_slots; i++) {
        if (!adapter_is_present(&bt->slots[i].adapter))
            tell_absent(&bt->slots[i]);
    }
}

static int ask_for_list(struct bluetooth *bt)
{
    uint8_t message[MGMT_COMMAND_MAX];

    return send_to(bt->fd, message, mgmt_plain(message, MGMT_READ_ADAPTERS, MGMT_NO_ADAPTER));
}

static void take(struct bluetooth *bt, const struct mgmt_event *event)
{
    if (event->kind == MGMT_ANSWER && event->command == MGMT_READ_ADAPTERS)
        listed(bt, event->answer);
    else if (event->kind == MGMT_ADDED)
        appeared(bt, event->adapter);
    for (size_t i = 0; i < bt->n_slots; i++) {
        struct adapter *adapter = &bt->slots[i].adapter;
        if (event->kind != MGMT_ADDED && adapter_is_present(adapter) &&
            adapter->index == event->adapter)
            adapter_mgmt(adapter, event);
    }
    if (event->kind == MGMT_REMOVED && bt->slots[0].wanted == INDEX_ANY)
        (void)ask_for_list(bt); /* another one may be there */
}

static void take_message(struct bluetooth *bt, const uint8_t *message, size_t len)
{
    struct mgmt_event event;

    if (len <= MGMT_MESSAGE_MAX && mgmt_parse(message, len, &event))
        take(bt, &event);
    else
        bt->slots[0].adapter.malformed++;
}

static void on_mgmt(evutil_socket_t fd, short what, void *user)
{
    struct bluetooth *bt = user;
    uint8_t message[MGMT_MESSAGE_MAX];

    (void)what;
    for (int i = 0; i < BURST_MAX && bt->fd == fd; i++) {
        const ssize_t n = receive(fd, message, sizeof(message));
        if (n == 0)
            return;
        if (n > 0)
            take_message(bt, message, (size_t)n);
        else
            lose_mgmt(bt, (int)n);
    }
}

static void close_mgmt(struct bluetooth *bt)
{
    if (bt->fd < 0)
        return;
    bt->lost_before += bt_socket_lost(bt->fd);
    event_free(bt->event);
    close(bt->fd);
    bt->fd = -1;
}

static void tell_unopened(struct bluetooth *bt, int error)
{
    const bool is_absent = error == -EAFNOSUPPORT || error == -EPROTONOSUPPORT;
    char text[128];

    snprintf(text, sizeof(text), "Bluetooth cannot be used: %s.", strerror(-error));
    for (size_t i = 0; i < bt->n_slots; i++)
        on_tell(&bt->slots[i], PORT_RADIO_WAITING, text,
                is_absent ? "Load the kernel's Bluetooth: sudo modprobe bluetooth. Inside a "
                            "container the host's network is needed."
                          : "");
}

/* No adapter can be asked for anything until it is open again. */
static void lose_mgmt(struct bluetooth *bt, int error)
{
    for (size_t i = 0; i < bt->n_slots; i++)
        adapter_reset(&bt->slots[i].adapter);
    close_mgmt(bt);
    tell_unopened(bt, error);
    reopen_at(bt, RETRY_MS);
}

static int open_mgmt(struct bluetooth *bt)
{
    const int fd = bt->sockets.open_mgmt(bt->sockets.user);

    if (fd < 0)
        return fd;
    bt->event = event_new(loop_base(bt->loop), fd, EV_READ | EV_PERSIST, on_mgmt, bt);
    if (!bt->event || event_add(bt->event, NULL) != 0) {
        close(fd);
        return -ENOMEM;
    }
    bt->fd = fd;
    return ask_for_list(bt);
}

static void on_reopen(void *user)
{
    struct bluetooth *bt = user;

    for (size_t i = 0; i < bt->n_slots && bt->fd >= 0; i++)
        adapter_stop(&bt->slots[i].adapter);
    close_mgmt(bt);
    const int error = open_mgmt(bt);
    if (error < 0)
        lose_mgmt(bt, error);
}

/* ---- the port ---- */

static void prepare(struct bluetooth *bt, struct slot *slot, bool is_active)
{
    const struct adapter_setup setup = {
        .clock = bt->clock,
        .lists = &bt->tuning.lists,
        .is_user = slot->is_user,
        .is_active = is_active,
        .is_full_duty = bt->tuning.is_full_duty,
    };
    const struct adapter_calls calls = {
        .user = slot,
        .send_mgmt = send_mgmt,
        .send_hci = send_hci,
        .open_hci = open_hci,
        .close_hci = close_hci,
        .is_blocked = is_blocked,
        .reopen = ask_to_reopen,
        .advert = on_advert,
        .tell = on_tell,
    };

    adapter_init(&slot->adapter, &setup, &calls);
    slot->adverts = slot->kept_out = slot->lost_before = 0;
    slot->told = PORT_RADIO_WAITING;
    slot->text[0] = '\0';
    slot->remedy = "";
}

static void start(void *self, const struct port_radio_events *events, bool active)
{
    struct bluetooth *bt = self;

    bt->events = *events;
    bt->is_running = true;
    bt->lost_before = 0;
    for (size_t i = 0; i < bt->n_slots; i++)
        prepare(bt, &bt->slots[i], active);
    reopen_at(bt, 0);
}

static void stop(void *self)
{
    struct bluetooth *bt = self;

    if (!bt->is_running)
        return;
    bt->is_running = false;
    for (size_t i = 0; i < bt->n_slots; i++)
        adapter_stop(&bt->slots[i].adapter);
    close_mgmt(bt);
    bt->clock->cancel(bt->clock->self, &bt->reopen);
}

static bool watches_others(const struct port_radio_lists *a, const struct port_radio_lists *b)
{
    return a->n_watch != b->n_watch ||
           memcmp(a->watch, b->watch, a->n_watch * sizeof(a->watch[0])) != 0;
}

static void tune(void *self, const struct port_radio_tuning *tuning)
{
    struct bluetooth *bt = self;
    const bool is_new_duty = bt->tuning.is_full_duty != tuning->is_full_duty;
    const bool is_new_watch = watches_others(&bt->tuning.lists, &tuning->lists);

    bt->tuning = *tuning;
    for (size_t i = 0; i < bt->n_slots && bt->is_running; i++) {
        struct adapter *adapter = &bt->slots[i].adapter;
        if (is_new_duty)
            adapter_set_duty(adapter, tuning->is_full_duty);
        else if (is_new_watch)
            adapter_lists_changed(adapter);
    }
}

static void recover(void *self, unsigned radio)
{
    struct bluetooth *bt = self;

    if (bt->is_running && radio < bt->n_slots)
        adapter_recover(&bt->slots[radio].adapter);
}

static bool figures(void *self, unsigned radio, struct port_radio_figures *out)
{
    struct bluetooth *bt = self;

    if (radio >= bt->n_slots)
        return false;
    struct slot *slot = &bt->slots[radio];
    *out = (struct port_radio_figures){ .route = "", .state = PORT_RADIO_WAITING };
    if (bt->is_running)
        adapter_figures(&slot->adapter, out);
    out->name = name_of(slot);
    out->text = slot->text;
    out->remedy = slot->remedy ? slot->remedy : "";
    out->adverts = slot->adverts;
    out->kept_out = slot->kept_out;
    out->lost = slot->lost_before + (slot->fd >= 0 ? bt_socket_lost(slot->fd) : 0);
    if (radio == 0) /* one management socket serves them all */
        out->lost += bt->lost_before + (bt->fd >= 0 ? bt_socket_lost(bt->fd) : 0);
    return true;
}

struct bluetooth *bluetooth_new(struct loop *loop, const char *spec, struct bt_sockets sockets)
{
    struct bluetooth *bt = calloc(1, sizeof(*bt));

    if (!bt)
        return NULL;
    bt->n_slots = parse_spec(spec, bt->slots);
    if (bt->n_slots == 0) {
        free(bt);
        return NULL;
    }
    for (size_t i = 0; i < bt->n_slots; i++) {
        bt->slots[i].owner = bt;
        bt->slots[i].number = (uint8_t)i;
        bt->slots[i].fd = -1;
    }
    bt->loop = loop;
    bt->clock = loop_clock(loop);
    bt->sockets = sockets;
    bt->fd = -1;
    bt->reopen = (struct timer){ .fire = on_reopen, .user = bt };
    bt->port = (struct port_radio){ bt, start, stop, tune, recover, figures };
    return bt;
}

void bluetooth_free(struct bluetooth *bt)
{
    if (!bt)
        return;
    stop(bt);
    free(bt);
}

const struct port_radio *bluetooth_port(struct bluetooth *bt)
{
    return &bt->port;
}

bool bluetooth_address(const struct bluetooth *bt, struct mac *out)
{
    for (size_t i = 0; i < bt->n_slots && bt->is_running; i++) {
        if (adapter_address(&bt->slots[i].adapter, out))
            return true;
    }
    return false;
}
