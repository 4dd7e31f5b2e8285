/*
 * bearer.h: port/gatt.h where the system gives only a channel for ATT PDUs: runs the engine of
 * src/att over it, with a timer for each wait. The platform fills in the calls and tells what
 * happens on the channel; everything on the loop thread.
 */
#ifndef MI32_PORTS_BEARER_BEARER_H
#define MI32_PORTS_BEARER_BEARER_H

#include "att/att.h"
#include "port/clock.h"
#include "port/gatt.h"

#define BEARER_SECURE_MS 30000 /* as long as the security manager waits for an answer */

/* What the platform does. None of these calls back from inside. */
struct bearer_calls {
    void *self;

    /* Begins to open a channel; bearer_opened() or bearer_closed() says how that went. Limits of
     * time are the bearer's. */
    void (*open)(void *self, struct mac addr, uint8_t addr_type);

    /* Sends one PDU. False when there is no room for it now: bearer_writable() says when. */
    bool (*send)(void *self, const uint8_t *pdu, size_t len);

    /* Begins to encrypt, with a pairing first where there is none; bearer_secured() says how that
     * went. Nothing may be sent until then. */
    void (*secure)(void *self);

    /* Drops the channel, or the attempt. Nothing is told about it any more. */
    void (*close)(void *self);
};

enum bearer_state { BEARER_CLOSED, BEARER_OPENING, BEARER_OPEN, BEARER_ENDING };

struct bearer {
    struct port_gatt port;

    struct bearer_calls calls; /* private from here on */
    const struct port_clock *clock;
    struct port_gatt_events events;
    enum bearer_state state;
    bool is_busy; /* an operation is to be told the end of */
    struct att att;
    struct timer limit; /* of connecting, or of raising security */
    struct timer answer, later;
};

/* The struct must stay where it is. The calls are copied, the clock is borrowed. `mtu` is what the
 * channel can receive. */
void bearer_init(struct bearer *bearer, const struct bearer_calls *calls,
                 const struct port_clock *clock, uint16_t mtu);

/* Closes what is open and stops the timers; nothing is called back any more. */
void bearer_stop(struct bearer *bearer);

void bearer_opened(struct bearer *bearer);

/* The channel ended, or could not be opened; `why` counts only then. */
void bearer_closed(struct bearer *bearer, enum port_gatt_error why);

void bearer_received(struct bearer *bearer, const uint8_t *pdu, size_t len);
void bearer_writable(struct bearer *bearer);
void bearer_secured(struct bearer *bearer, bool ok);

#endif
