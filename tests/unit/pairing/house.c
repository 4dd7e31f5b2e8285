#include "house.h"

#include "base/hex.h"
#include "beacon/beacon.h"
#include "pairing/pairing_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#else
#define VALGRIND_MAKE_MEM_DEFINED(at, size) ((void)0)
#endif

struct pairing *house_pairing;
unsigned house_saves;
bool house_holds_saves;

static struct pairing_config wiring;
static port_files_done held;
static void *held_user;

static void count_and_save(void *user, port_files_done done, void *done_user)
{
    house_saves++;
    held = done;
    held_user = done_user;
    if (!house_holds_saves)
        wiring.save(user, done, done_user);
}

void house_release(void)
{
    house_holds_saves = false;
    wiring.save(wiring.user, held, held_user);
}

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names */
struct pairing *__real_pairing_create(const struct pairing_config *config);
struct pairing *__wrap_pairing_create(const struct pairing_config *config);

struct pairing *__wrap_pairing_create(const struct pairing_config *config)
{
    struct pairing_config counting = *config;

    wiring = *config;
    counting.save = count_and_save;
    house_saves = 0;
    house_holds_saves = false;
    house_pairing = __real_pairing_create(&counting);
    return house_pairing;
}
/* NOLINTEND(bugprone-reserved-identifier) */

/* Each use asks for another number of bytes. */
static void fill_random(void *self, uint8_t *out, size_t len)
{
    static const char *const bytes[] = { APP_SECRET, CHANCE, RANDOM, REMOTE_CHANCE };

    (void)self;
    memset(out, 0x42, len);
    for (size_t i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
        if (strlen(bytes[i]) == 2 * len)
            assert_true(hex_decode(bytes[i], 2 * len, out, len));
    }
}

static bool is_awaited(const struct house *house, const struct bus_event *event)
{
    if (event->kind == BUS_PAIRING)
        return house->state && strstr(event->u.pairing.json, house->state);
    return event->kind == BUS_SENSOR && !house->state &&
           event->u.sensor.change->kind == REGISTRY_EDITED;
}

static void answer(void *user, const struct bus_event *event)
{
    struct house *house = user;
    const char *command = house->command;

    if (!command || !is_awaited(house, event))
        return;
    house->command = NULL;
    bus_command(gateway_bus(house->gateway), command, strlen(command), BUS_LOCAL, 0, NULL, NULL);
}

static void begin(struct house *house)
{
    const struct gateway_config config = {
        .port = &house->port,
        .mac = { { 0xdc, 0xa6, 0x32, 0xaa, 0xbb, 0xcc } },
        .hostname = "house",
        .sensors = 16,
    };

    house->port = *sim_port(house->sim);
    house->port.random = fill_random;
    house->gateway = gateway_create(&config);
    assert_non_null(house->gateway);
    assert_true(gateway_load(house->gateway));
    gateway_start(house->gateway);
    house->listener = (struct bus_listener){ answer, house, NULL };
    bus_listen(gateway_bus(house->gateway), &house->listener);
    sim_advance(house->sim, 1000);
    house->client = sim_control_connect(&house->sim->control);
    sim_control_line(&house->sim->control, house->client, "pairings");
}

void house_open(struct house *house)
{
    memset(house, 0, sizeof(*house));
    house->sim = sim_new();
    assert_non_null(house->sim);
    begin(house);
}

void house_close(struct house *house)
{
    gateway_stop(house->gateway);
    sim_advance(house->sim, 1000);
    gateway_destroy(house->gateway);
    sim_free(house->sim);
}

void house_restart(struct house *house)
{
    sim_lose_power(house->sim, STORAGE_LOSE_ALL);
    gateway_destroy(house->gateway);
    begin(house);
}

void house_hear(struct house *house, const char *mac, const char *data_hex)
{
    house_hear_from(house, mac, ADVERT_ADDR_PUBLIC, data_hex);
}

void house_hear_from(struct house *house, const char *mac, uint8_t addr_type, const char *data_hex)
{
    uint8_t data[64];
    struct advert advert = {
        .rssi = -60,
        .addr_type = addr_type,
        .data = data,
        .len = (uint16_t)(strlen(data_hex) / 2),
    };

    assert_true(mac_parse(mac, strlen(mac), &advert.addr));
    assert_true(hex_decode(data_hex, strlen(data_hex), data, sizeof(data)));
    assert_true(sim_radio_hear(&house->sim->radio, &advert));
}

void house_type(struct house *house, const char *command, uint64_t ms)
{
    char line[128] = "command ";

    strncat(line, command, sizeof(line) - strlen(line) - 1);
    sim_control_line(&house->sim->control, house->client, line);
    sim_advance(house->sim, ms);
}

unsigned house_count(const struct house *house, const char *text)
{
    const char *at = sim_control_heard(&house->sim->control, house->client);
    unsigned n = 0;

    for (; (at = strstr(at, text)); at += strlen(text))
        n++;
    return n;
}

bool house_heard(const struct house *house, const char *text)
{
    return house_count(house, text) > 0;
}

void house_forget(struct house *house)
{
    sim_control_leave(&house->sim->control, house->client);
    house->client = sim_control_connect(&house->sim->control);
    sim_control_line(&house->sim->control, house->client, "pairings");
}

void house_answer(struct house *house, const char *state, const char *command)
{
    house->state = state;
    house->command = command;
}

bool house_remembers(const char *hex)
{
    uint8_t bytes[32];
    const size_t len = strlen(hex) / 2;
    uint8_t all[sizeof(*house_pairing)];

    memcpy(all, house_pairing, sizeof(all));
    VALGRIND_MAKE_MEM_DEFINED(all, sizeof(all)); /* what lies between the members, too */
    assert_true(hex_decode(hex, strlen(hex), bytes, sizeof(bytes)));
    for (size_t at = 0; at + len <= sizeof(*house_pairing); at++) {
        if (memcmp(all + at, bytes, len) == 0)
            return true;
    }
    return false;
}

static void hear_nothing(void *user, const struct gatt_event *event)
{
    (void)user;
    (void)event;
}

static struct gatt_client somebody = { .told = hear_nothing };
static struct gatt_job job = { .client = &somebody, .op = GATT_READ };

void house_hold_adapter(struct house *house)
{
    job.addr = (struct mac){ { 2 } };
    gatt_run(wiring.gatt, &job);
    sim_advance(house->sim, 1);
    assert_int_equal(house->sim->gatt.attempts, 1);
}

void house_give_adapter(struct house *house)
{
    gatt_cancel(wiring.gatt, &somebody);
    sim_advance(house->sim, 1000);
}

void house_end(struct house *house)
{
    gateway_stop(house->gateway);
    gateway_destroy(house->gateway);
    sim_advance(house->sim, 200000);
    sim_free(house->sim);
}

uint16_t house_reads(void)
{
    const struct pairing *p = house_pairing;

    return p->is_busy && !p->is_finding && p->op.kind == MIJIA_READ ? p->op.characteristic : 0;
}

const char *house_key(const struct house *house, const char *mac)
{
    static char hex[33];
    const struct beacon_key *key;
    struct mac addr;

    assert_true(mac_parse(mac, strlen(mac), &addr));
    key = registry_key(gateway_registry(house->gateway), addr);
    return key ? hex_encode(key->bytes, key->len, HEX_LOWER, hex) : "";
}
