#include "house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct sim *sim;
struct gatt gatt;
struct sim_peer lamp, clock_peer;
struct sim_gatt_device *lamp_device, *clock_device;
struct teller ann, bob;
char changes[256];
void (*changed)(bool is_connected);
uint16_t fff1, fff2, fff3, fff4, fff5;

#define LONGEST_MS 200000 /* no job takes longer */

static bool is_in_call;

static void on_told(void *user, const struct gatt_event *event)
{
    struct teller *teller = user;
    char *end = teller->told + strlen(teller->told);
    const size_t room = sizeof(teller->told) - strlen(teller->told);

    assert_false(is_in_call);
    snprintf(end, room, "%s%d:%d%s%.*s", end == teller->told ? "" : " ", event->op, event->error,
             event->len ? "=" : "", (int)event->len, event->len ? (const char *)event->data : "");
    teller->last = *event;
    teller->last.data = NULL;
    if (teller->then)
        teller->then(teller, event);
}

static void on_change(void *user, const struct gatt_change *change)
{
    char text[MAC_TEXT_LEN + 1];

    assert_ptr_equal(user, &gatt);
    mac_print(change->addr, text);
    assert_true(strlen(changes) + 9 < sizeof(changes));
    snprintf(changes + strlen(changes), 10, "%s%c%s", *changes ? " " : "",
             change->is_connected ? '+' : '-', text + 6);
    if (changed)
        changed(change->is_connected);
}

static struct uuid u(uint16_t number)
{
    return uuid_from_16(number);
}

static void make_lamp(void)
{
    const uint8_t both = PORT_GATT_CAN_WRITE | PORT_GATT_CAN_WRITE_SILENTLY;

    sim_peer_init(&lamp);
    sim_peer_service(&lamp, u(0xfff0));
    fff1 = sim_peer_characteristic(&lamp, u(0xfff1), PORT_GATT_CAN_READ, "hello", 5);
    fff2 = sim_peer_characteristic(&lamp, u(0xfff2), both, "", 0);
    fff3 = sim_peer_characteristic(&lamp, u(0xfff3), PORT_GATT_CAN_NOTIFY, "", 0);
    fff4 = sim_peer_characteristic(&lamp, u(0xfff4), PORT_GATT_CAN_INDICATE, "", 0);
    fff5 = sim_peer_characteristic(&lamp, u(0xfff5), PORT_GATT_CAN_WRITE_SILENTLY, "", 0);
    sim_peer_characteristic(&lamp, u(0xfff6), 0, "", 0);
    lamp_device = sim_gatt_add(&sim->gatt, LAMP, 0, &lamp);
    sim_peer_init(&clock_peer);
    sim_peer_service(&clock_peer, u(0x180a)); /* so that its handles are others than the lamp's */
    sim_peer_service(&clock_peer, u(0xfff0));
    sim_peer_characteristic(&clock_peer, u(0xfff1), PORT_GATT_CAN_READ, "tick", 4);
    clock_device = sim_gatt_add(&sim->gatt, CLOCK, 0, &clock_peer);
}

int house_setup(void **state)
{
    (void)state;
    sim = sim_new();
    if (!sim)
        return -1;
    make_lamp();
    ann = (struct teller){ .client = { &ann, on_told } };
    bob = (struct teller){ .client = { &bob, on_told } };
    changes[0] = '\0';
    changed = NULL;
    gatt_init(&gatt,
              &(struct gatt_setup){ sim_port(sim)->gatt, sim_port(sim)->clock, &gatt, on_change });
    return 0;
}

int house_teardown(void **state)
{
    (void)state;
    gatt_close(&gatt);
    sim_advance(sim, 1);
    sim_free(sim);
    return 0;
}

struct gatt_job job_of(struct teller *teller, enum gatt_op op, uint16_t characteristic,
                       bool is_once)
{
    struct gatt_job job = {
        .client = &teller->client,
        .service = u(0xfff0),
        .characteristic = u(characteristic),
        .op = op,
        .is_once = is_once,
    };

    assert_true(mac_parse(LAMP, strlen(LAMP), &job.addr));
    return job;
}

const char *heard(struct teller *teller)
{
    static char text[sizeof(teller->told)];

    sim_advance(sim, 0);
    strcpy(text, teller->told);
    teller->told[0] = '\0';
    return text;
}

const char *run(struct gatt_job *job)
{
    struct teller *teller = job->client->user;

    is_in_call = true;
    gatt_run(&gatt, job);
    is_in_call = false;
    for (int ms = 0; gatt_is_busy(&gatt, job->client); ms++) {
        assert_true(ms < LONGEST_MS);
        sim_advance(sim, 1);
    }
    return heard(teller);
}
