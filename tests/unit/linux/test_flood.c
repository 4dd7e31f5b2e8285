/*
 * As many adverts as ten seconds of 5,000 bring, through the sockets of ports/linux and the whole
 * gateway: at every stage the same number. The sender waits for room, so that none may be lost; how
 * fast it goes is the machine's business.
 */
#include "air.h"
#include "on_loop.h"

#include "gateway/gateway.h"
#include "linux/bluetooth.h"
#include "none/none.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <event2/event.h>
#include <sys/socket.h>

#define ADVERTS     (10 * 5000u)
#define SENDERS     100u
#define PAYLOAD     17 /* of a thermometer with ATC1441 firmware */
#define PATIENCE_MS 240000

static struct air air;
static struct none none;
static struct port port;
static struct bluetooth *bluetooth;
static struct gateway *gw;
static struct bus_listener listener;
static unsigned sent, updates;
static bool is_listening, is_over;

static void hear(void *user, const struct bus_event *event)
{
    (void)user;
    is_listening |= event->kind == BUS_LINK && event->u.link.up;
    updates += event->kind == BUS_SENSOR && event->u.sensor.change->kind == REGISTRY_UPDATED;
    is_over = updates == ADVERTS;
}

static int setup(void **state)
{
    struct gateway_config config = { .port = &port, .hostname = "flood", .sensors = 2 * SENDERS };

    assert_int_equal(on_loop_setup(state), 0);
    air_init(&air);
    bluetooth = bluetooth_new(test_loop, "auto", air_sockets(&air));
    assert_non_null(bluetooth);
    port = *none_open(&none);
    port.clock = loop_clock(test_loop);
    port.radio = bluetooth_port(bluetooth);
    gw = gateway_create(&config);
    assert_non_null(gw);
    sent = updates = 0;
    is_listening = is_over = false;
    listener = (struct bus_listener){ .hear = hear };
    bus_listen(gateway_bus(gw), &listener);
    return 0;
}

static int teardown(void **state)
{
    gateway_stop(gw);
    bus_unlisten(gateway_bus(gw), &listener);
    gateway_destroy(gw);
    bluetooth_free(bluetooth);
    air_close(&air);
    return on_loop_teardown(state);
}

/* No two adverts of a sender are the same. */
static void fill(uint8_t payload[PAYLOAD], unsigned n)
{
    const unsigned sender = n % SENDERS, round = n / SENDERS;
    const uint8_t bytes[PAYLOAD] = { 16,
                                     0x16,
                                     0x1a,
                                     0x18,
                                     0xa4,
                                     0xc1,
                                     0x38,
                                     0,
                                     0,
                                     (uint8_t)sender,
                                     (uint8_t)(round >> 8),
                                     (uint8_t)round,
                                     50,
                                     90,
                                     0x0b,
                                     0xb8,
                                     (uint8_t)round };

    memcpy(payload, bytes, PAYLOAD);
}

static size_t make(bool is_by_hci, uint8_t message[KERNEL_MESSAGE_MAX])
{
    uint8_t payload[PAYLOAD];

    fill(payload, sent);
    return is_by_hci ? kernel_report((uint8_t)(sent % SENDERS), payload, PAYLOAD, message)
                     : kernel_advert((uint8_t)(sent % SENDERS), payload, PAYLOAD, 0, message);
}

static void on_room(evutil_socket_t fd, short what, void *user)
{
    const bool *is_by_hci = user;
    uint8_t message[KERNEL_MESSAGE_MAX];

    (void)what;
    while (sent < ADVERTS) {
        const size_t len = make(*is_by_hci, message);
        if (send(fd, message, len, MSG_DONTWAIT) < 0) {
            assert_int_equal(errno, EAGAIN);
            return;
        }
        sent++;
    }
}

static void flood(bool is_by_hci)
{
    struct event *room;

    gateway_start(gw);
    on_loop_until(&is_listening);
    room = event_new(loop_base(test_loop), is_by_hci ? air.hci.fd : air.mgmt.fd,
                     EV_WRITE | EV_PERSIST, on_room, &is_by_hci);
    assert_int_equal(event_add(room, NULL), 0);
    on_loop_until_within(&is_over, PATIENCE_MS);
    event_free(room);
}

static void assert_all_are_there(const char *route)
{
    const struct registry *registry = gateway_registry(gw);
    struct port_radio_figures figures;

    assert_int_equal(sent, ADVERTS);
    assert_true(port.radio->figures(port.radio->self, 0, &figures));
    assert_string_equal(figures.route, route);
    assert_int_equal(figures.received, ADVERTS);
    assert_int_equal(figures.adverts, ADVERTS);
    assert_int_equal(figures.malformed + figures.kept_out + figures.lost, 0);
    for (int i = 0; i < BEACON_OUTCOMES; i++)
        assert_int_equal(registry_outcomes(registry, (enum beacon_outcome)i),
                         i == BEACON_OK ? ADVERTS : 0);
    assert_int_equal(updates, ADVERTS);
}

static void by_the_monitor(void **state)
{
    (void)state;
    flood(false);
    assert_all_are_there("monitor");
}

static void by_hci(void **state)
{
    (void)state;
    air.kernels[0].refuses[0].command = 0x0052; /* no monitors */
    air.kernels[0].refuses[0].status = 0x01;
    flood(true);
    assert_all_are_there("hci");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(by_the_monitor, setup, teardown),
        cmocka_unit_test_setup_teardown(by_hci, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
