/*
 * peer.h: the other side of a connection: a simulated device with services and characteristics,
 * which answers the Attribute Protocol as one does that keeps to the specification, and fails in
 * the ways that the test sets. Bytes in, bytes out; sim/gatt.h puts it on the air.
 *
 *     sim_peer_init(&peer);
 *     sim_peer_service(&peer, uuid_from_16(0x180f));
 *     battery = sim_peer_characteristic(&peer, uuid_from_16(0x2a19), PORT_GATT_CAN_READ, "\x5f",
 * 1);
 */
#ifndef MI32_PORTS_SIM_PEER_H
#define MI32_PORTS_SIM_PEER_H

#include "port/gatt.h"

#define SIM_PEER_ATTRIBUTES_MAX 64
#define SIM_PEER_PDU_MAX        517

struct sim_attribute { /* number n of the table has handle n + 1 */
    struct uuid type;
    uint8_t value[PORT_GATT_VALUE_MAX];
    size_t len;
    bool is_readable, is_writable;
    bool needs_security; /* until it was raised: error 05 */
    uint8_t refuses;     /* with this error, whatever is asked of it; 0: it does not */
};

struct sim_peer {
    /* ---- what the test sets ---- */
    uint16_t mtu;               /* 247 at first */
    bool is_mute;               /* answers no request */
    bool drops;                 /* ends the connection instead of answering */
    bool keeps_long_uuids;      /* its 16-bit UUIDs are in the long form */
    bool refuses_security;      /* the pairing fails */
    bool is_silent_on_security; /* it never comes to an end */

    /* A client has written; called before the answer goes out. May be NULL. */
    void *user;
    void (*written)(void *user, struct sim_peer *peer, uint16_t handle, const uint8_t *data,
                    size_t len);

    /* ---- what the test reads ---- */
    struct sim_attribute attributes[SIM_PEER_ATTRIBUTES_MAX];
    uint16_t count;
    unsigned requests; /* of this connection */
    unsigned confirmations;

    /* ---- private: whoever carries the bytes sets these ---- */
    void *carrier;
    void (*send)(void *carrier, const uint8_t *pdu, size_t len);
    void (*drop)(void *carrier);
    uint16_t agreed_mtu;
    bool is_secure;
    uint8_t prepared[PORT_GATT_VALUE_MAX];
    size_t prepared_len;
    uint16_t prepared_handle;
};

/* A device without any service. */
void sim_peer_init(struct sim_peer *peer);

/* Adds a primary service; what follows is in it. */
void sim_peer_service(struct sim_peer *peer, struct uuid uuid);

/* Adds a characteristic with PORT_GATT_CAN_... and its first value; one that can notify or indicate
 * gets its configuration descriptor. Returns the handle of the value. */
uint16_t sim_peer_characteristic(struct sim_peer *peer, struct uuid uuid, uint8_t properties,
                                 const void *value, size_t len);

/* Adds a descriptor to the last characteristic. */
uint16_t sim_peer_descriptor(struct sim_peer *peer, struct uuid uuid, const void *value,
                             size_t len);

struct sim_attribute *sim_peer_attribute(struct sim_peer *peer, uint16_t handle);

/* Sends a value to the client. False, and nothing is sent, when it is not connected or has not
 * subscribed to that characteristic. */
bool sim_peer_notify(struct sim_peer *peer, uint16_t handle, const void *data, size_t len);

/* ---- for whoever carries the bytes ---- */

/* A client has connected: nothing is subscribed to or secure. `drop` may be NULL. */
void sim_peer_connect(struct sim_peer *peer, void *carrier,
                      void (*send)(void *carrier, const uint8_t *pdu, size_t len),
                      void (*drop)(void *carrier));
void sim_peer_disconnect(struct sim_peer *peer);

/* A PDU of the client. */
void sim_peer_feed(struct sim_peer *peer, const uint8_t *pdu, size_t len);

/* The client wants security; false when that fails. Not asked where is_silent_on_security. */
bool sim_peer_secure(struct sim_peer *peer);

#endif
