/*
 * gatt.h: the air between our adapter and simulated devices (sim/peer.h). Nothing happens on it but
 * when the clock moves; PDUs arrive at its next turn. Runs the same engine as ports/linux.
 */
#ifndef MI32_PORTS_SIM_GATT_H
#define MI32_PORTS_SIM_GATT_H

#include "bearer/bearer.h"

#include "sim/clock.h"
#include "sim/peer.h"

#define SIM_GATT_DEVICES_MAX 8
#define SIM_GATT_PDUS_MAX    64

/* How a device answers an attempt to connect. */
enum sim_gatt_reach {
    SIM_GATT_NEAR,    /* after delay_ms */
    SIM_GATT_FAR,     /* not at all */
    SIM_GATT_HELD,    /* another program has it */
    SIM_GATT_REFUSES, /* at once */
};

struct sim_gatt_device {
    struct sim_peer *peer;
    struct mac addr;
    uint8_t addr_type;
    enum sim_gatt_reach reach;
    uint32_t delay_ms; /* of the connection */
    uint32_t slow_ms;  /* each PDU is so long on its way */
};

struct sim_gatt {
    struct bearer bearer; /* its member `port` is the port */
    struct sim_clock *clock;
    bool has_no_adapter;
    struct sim_gatt_device devices[SIM_GATT_DEVICES_MAX];
    size_t count;
    unsigned attempts; /* to connect, so far */

    struct sim_gatt_device *device; /* private from here on: connected to, or wanted */
    bool is_open, is_securing;
    struct timer opening, turn;
    struct {
        uint8_t bytes[SIM_PEER_PDU_MAX];
        size_t len;
        bool is_for_peer;
    } pdus[SIM_GATT_PDUS_MAX];
    size_t pdu_count;
    bool was_dropped;
};

void sim_gatt_init(struct sim_gatt *gatt, struct sim_clock *clock);

/* Puts a device on the air, near and with a delay of 100 ms; both can be changed in the struct that
 * this returns. The peer is borrowed. An address not put here is that of nobody. */
struct sim_gatt_device *sim_gatt_add(struct sim_gatt *gatt, const char *mac, uint8_t addr_type,
                                     struct sim_peer *peer);

/* The device that is connected goes out of reach, or leaves: the connection ends at the next turn
 * of the clock. */
void sim_gatt_drop(struct sim_gatt *gatt);

/* The power of our machine is lost: silence. */
void sim_gatt_stop(struct sim_gatt *gatt);

#endif
