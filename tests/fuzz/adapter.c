/*
 * adapter: a hostile kernel. The first byte chooses how to listen; then come steps: 0 to 199 is a
 * management message of that length, 207 one of the length that follows in two bytes, 200 an HCI
 * packet with its length behind it, and the others let time pass, recover, change how to listen.
 */
#include "fuzz/fuzz.h"

#include "linux/adapter.h"
#include "sim/clock.h"

enum {
    STEP_HCI = 200,
    STEP_TIME,
    STEP_LONG,
    STEP_RECOVER,
    STEP_DUTY,
    STEP_HCI_END,
    STEP_APPEAR,
    STEP_MGMT
};

#define INDEX 0

static struct adapter adapter;
static struct sim_clock the_clock;
static bool is_hci_open;
static uint64_t adverts;

static int send_mgmt(void *user, const uint8_t *message, size_t len)
{
    (void)user;
    fuzz_expect(len >= MGMT_HEADER && len <= MGMT_COMMAND_MAX, "a command has its limits");
    fuzz_expect(bytes_le(message + 4, 2) == len - MGMT_HEADER, "and is as long as it says");
    fuzz_expect(bytes_le(message + 2, 2) == INDEX, "for this adapter");
    return 0;
}

static int send_hci(void *user, const uint8_t *packet, size_t len)
{
    (void)user;
    fuzz_expect(is_hci_open, "a packet goes to an open socket");
    fuzz_expect(len >= 4 && packet[3] == len - 4, "and is whole");
    return 0;
}

static int open_hci(void *user, uint16_t index, bool is_user)
{
    (void)user;
    (void)is_user;
    fuzz_expect(!is_hci_open && index == INDEX, "opened once");
    is_hci_open = true;
    return 0;
}

static void close_hci(void *user)
{
    (void)user;
    fuzz_expect(is_hci_open, "closed once");
    is_hci_open = false;
}

static bool is_blocked(void *user, uint16_t index)
{
    (void)user;
    (void)index;
    return false;
}

static void reopen(void *user)
{
    (void)user;
}

static void on_advert(void *user, struct advert *advert)
{
    (void)user;
    adverts++;
    fuzz_expect(advert->len <= ADVERT_LEN_MAX, "an advert has its limit");
    free(fuzz_copy(advert->data, advert->len, 0)); /* all of it can be read */
}

static void on_tell(void *user, enum port_radio_state state, const char *text, const char *remedy)
{
    (void)user;
    fuzz_expect(state <= PORT_RADIO_ENDED && strlen(text) < ADAPTER_TEXT_SIZE && remedy,
                "what is told is a text");
}

static void check(void)
{
    struct port_radio_figures figures = { 0 };

    adapter_figures(&adapter, &figures);
    fuzz_expect(figures.received == adverts, "each advert is counted once");
    fuzz_expect(figures.duty_permille <= 1000, "no more than all of the time");
    fuzz_expect(figures.name && figures.route, "texts are never missing");
}

/* The bytes of a message, taken from the input. */
static const uint8_t *take(const uint8_t **data, const uint8_t *end, size_t *len)
{
    const uint8_t *from = *data;
    const size_t left = (size_t)(end - from);

    *len = *len < left ? *len : left;
    *data += *len;
    return from;
}

static void take_mgmt(const uint8_t **data, const uint8_t *end, size_t len)
{
    struct mgmt_event event;
    const uint8_t *from = take(data, end, &len);
    uint8_t *copy = fuzz_copy(from, len, 0);

    if (mgmt_parse(copy, len, &event) && event.adapter == INDEX && adapter_is_present(&adapter))
        adapter_mgmt(&adapter, &event);
    free(copy);
}

static void take_hci(const uint8_t **data, const uint8_t *end)
{
    size_t len = *data < end ? *(*data)++ : 0;
    const uint8_t *from = take(data, end, &len);
    uint8_t *copy = fuzz_copy(from, len, 0);

    if (is_hci_open)
        adapter_hci(&adapter, copy, len);
    free(copy);
}

static size_t take_two(const uint8_t **data)
{
    *data += 2;
    return (size_t)bytes_le(*data - 2, 2);
}

static void step(const uint8_t **data, const uint8_t *end)
{
    const uint8_t what = *(*data)++;

    switch (what) {
    case STEP_HCI:
        take_hci(data, end);
        break;
    case STEP_TIME:
        sim_clock_advance(&the_clock, 600);
        break;
    case STEP_LONG:
        sim_clock_advance(&the_clock, 60000);
        break;
    case STEP_RECOVER:
        adapter_recover(&adapter);
        break;
    case STEP_DUTY:
        adapter_set_duty(&adapter, !adapter.is_full_duty);
        break;
    case STEP_HCI_END:
        if (is_hci_open)
            adapter_hci_closed(&adapter);
        break;
    case STEP_APPEAR:
        if (!adapter_is_present(&adapter))
            adapter_appeared(&adapter, INDEX);
        break;
    case STEP_MGMT:
        take_mgmt(data, end, end - *data < 2 ? 0 : take_two(data));
        break;
    default:
        take_mgmt(data, end, what);
    }
}

static void begin(uint8_t how)
{
    const struct adapter_setup setup = {
        .clock = &the_clock.port,
        .is_user = how & 1,
        .is_active = how & 2,
        .is_full_duty = how & 4,
    };
    const struct adapter_calls calls = { NULL,       send_mgmt, send_hci,  open_hci, close_hci,
                                         is_blocked, reopen,    on_advert, on_tell };

    sim_clock_init(&the_clock);
    is_hci_open = false;
    adverts = 0;
    adapter_init(&adapter, &setup, &calls);
    adapter_appeared(&adapter, INDEX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = data + size;

    if (size < 1)
        return 0;
    begin(*data++);
    while (data < end) {
        step(&data, end);
        check();
    }
    adapter_stop(&adapter);
    fuzz_expect(!is_hci_open && !adapter_is_present(&adapter), "all is handed back");
    fuzz_expect(the_clock.timers.first == NULL, "nothing is awaited");
    return 0;
}
