#include "sim/gatt.h"

#include <assert.h>
#include <string.h>

#define NEAR_MS 100

static void turn_soon(struct sim_gatt *gatt)
{
    timers_set(&gatt->clock->timers, &gatt->turn, gatt->clock->now_ms + gatt->device->slow_ms);
}

/* ---- the air ---- */

static void carry(struct sim_gatt *gatt, const uint8_t *pdu, size_t len, bool is_for_peer)
{
    assert(gatt->pdu_count < SIM_GATT_PDUS_MAX && len <= SIM_PEER_PDU_MAX);
    memcpy(gatt->pdus[gatt->pdu_count].bytes, pdu, len);
    gatt->pdus[gatt->pdu_count].len = len;
    gatt->pdus[gatt->pdu_count++].is_for_peer = is_for_peer;
    turn_soon(gatt);
}

static void carry_to_us(void *carrier, const uint8_t *pdu, size_t len)
{
    carry(carrier, pdu, len, false);
}

static void drop(void *carrier)
{
    sim_gatt_drop(carrier);
}

static void leave(struct sim_gatt *gatt)
{
    if (gatt->is_open)
        sim_peer_disconnect(gatt->device->peer);
    gatt->is_open = gatt->is_securing = gatt->was_dropped = false;
    gatt->pdu_count = 0;
    timers_cancel(&gatt->clock->timers, &gatt->opening);
    timers_cancel(&gatt->clock->timers, &gatt->turn);
}

static void deliver_first(struct sim_gatt *gatt)
{
    uint8_t bytes[SIM_PEER_PDU_MAX];
    const size_t len = gatt->pdus[0].len;
    const bool is_for_peer = gatt->pdus[0].is_for_peer;

    memcpy(bytes, gatt->pdus[0].bytes, len);
    gatt->pdu_count--;
    memmove(gatt->pdus, gatt->pdus + 1, gatt->pdu_count * sizeof(gatt->pdus[0]));
    if (is_for_peer)
        sim_peer_feed(gatt->device->peer, bytes, len);
    else
        bearer_received(&gatt->bearer, bytes, len);
}

static void on_turn(void *user)
{
    struct sim_gatt *gatt = user;

    if (gatt->is_securing && !gatt->device->peer->is_silent_on_security) {
        gatt->is_securing = false;
        bearer_secured(&gatt->bearer, sim_peer_secure(gatt->device->peer));
    }
    for (size_t n = gatt->pdu_count; n > 0 && gatt->pdu_count > 0; n--)
        deliver_first(gatt);
    if (gatt->was_dropped) {
        leave(gatt);
        bearer_closed(&gatt->bearer, PORT_GATT_LOST);
    } else if (gatt->pdu_count > 0) {
        turn_soon(gatt);
    }
}

static void on_opening(void *user)
{
    struct sim_gatt *gatt = user;

    if (gatt->has_no_adapter) {
        bearer_closed(&gatt->bearer, PORT_GATT_NO_ADAPTER);
    } else if (gatt->device->reach == SIM_GATT_HELD) {
        bearer_closed(&gatt->bearer, PORT_GATT_HELD);
    } else if (gatt->device->reach == SIM_GATT_REFUSES) {
        bearer_closed(&gatt->bearer, PORT_GATT_UNREACHABLE);
    } else {
        gatt->is_open = true;
        sim_peer_connect(gatt->device->peer, gatt, carry_to_us, drop);
        bearer_opened(&gatt->bearer);
    }
}

/* ---- the bearer's calls ---- */

static struct sim_gatt_device *device_of(struct sim_gatt *gatt, struct mac addr, uint8_t addr_type)
{
    for (size_t i = 0; i < gatt->count; i++)
        if (mac_equal(gatt->devices[i].addr, addr) && gatt->devices[i].addr_type == addr_type)
            return &gatt->devices[i];
    return NULL;
}

static void open_channel(void *self, struct mac addr, uint8_t addr_type)
{
    struct sim_gatt *gatt = self;
    uint64_t at_ms = gatt->clock->now_ms;

    gatt->attempts++;
    gatt->device = device_of(gatt, addr, addr_type);
    if (!gatt->has_no_adapter && (!gatt->device || gatt->device->reach == SIM_GATT_FAR))
        return; /* nobody answers */
    if (!gatt->has_no_adapter && gatt->device->reach == SIM_GATT_NEAR)
        at_ms += gatt->device->delay_ms;
    timers_set(&gatt->clock->timers, &gatt->opening, at_ms);
}

static bool send_to_peer(void *self, const uint8_t *pdu, size_t len)
{
    carry(self, pdu, len, true);
    return true;
}

static void secure(void *self)
{
    struct sim_gatt *gatt = self;

    gatt->is_securing = true;
    turn_soon(gatt);
}

static void close_channel(void *self)
{
    leave(self);
}

void sim_gatt_init(struct sim_gatt *gatt, struct sim_clock *clock)
{
    const struct bearer_calls calls = { gatt, open_channel, send_to_peer, secure, close_channel };

    memset(gatt, 0, sizeof(*gatt));
    gatt->clock = clock;
    gatt->opening = (struct timer){ .fire = on_opening, .user = gatt };
    gatt->turn = (struct timer){ .fire = on_turn, .user = gatt };
    bearer_init(&gatt->bearer, &calls, &clock->port, ATT_MTU_MAX);
}

struct sim_gatt_device *sim_gatt_add(struct sim_gatt *gatt, const char *mac, uint8_t addr_type,
                                     struct sim_peer *peer)
{
    struct sim_gatt_device *device = &gatt->devices[gatt->count++];

    assert(gatt->count <= SIM_GATT_DEVICES_MAX);
    *device = (struct sim_gatt_device){ .peer = peer, .addr_type = addr_type, .delay_ms = NEAR_MS };
    const bool is_mac = mac_parse(mac, strlen(mac), &device->addr);
    assert(is_mac);
    (void)is_mac;
    return device;
}

void sim_gatt_drop(struct sim_gatt *gatt)
{
    if (!gatt->is_open)
        return;
    gatt->was_dropped = true;
    turn_soon(gatt);
}

void sim_gatt_stop(struct sim_gatt *gatt)
{
    bearer_stop(&gatt->bearer);
    leave(gatt);
}
