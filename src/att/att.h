/*
 * att.h: the client's side of Bluetooth's Attribute Protocol, and what the Generic Attribute
 * Profile makes of it (Core Specification 5.4, Vol 3, Parts F and G). Bytes in, bytes out: no heap,
 * no clock, no I/O. One struct is one connection, with one operation at a time:
 *
 *     att_init(&att, 517);
 *     event = att_read(&att, handle);
 *     while (event == ATT_NOTHING) {
 *         while ((pdu = att_pending(&att, &len))) {
 *             send(pdu, len);
 *             event = att_sent(&att, now_ms);
 *         }
 *         wait for a PDU until att_deadline(&att);
 *         event = att_feed(&att, pdu, len);       or, when it has come: att_tick(&att, now_ms)
 *     }
 *
 * Each call leads to at most one event and returns it. The peer is not trusted: every length,
 * handle and order is checked, and every procedure ends, whatever it answers.
 */
#ifndef MI32_ATT_ATT_H
#define MI32_ATT_ATT_H

#include "base/uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATT_VALUE_MAX  512   /* Part F, 3.2.9 */
#define ATT_MTU_MIN    23    /* Part G, 5.2.1: before another one is agreed upon */
#define ATT_MTU_MAX    517   /* what a value and the largest header need */
#define ATT_TIMEOUT_MS 30000 /* Part F, 3.3.3 */
#define ATT_NO_TIME    UINT64_MAX

/* Part G, 3.3.1.1: what a characteristic can do. */
enum {
    ATT_CAN_READ = 0x02,
    ATT_CAN_WRITE_SILENTLY = 0x04, /* without response */
    ATT_CAN_WRITE = 0x08,
    ATT_CAN_NOTIFY = 0x10,
    ATT_CAN_INDICATE = 0x20,
};

enum att_error {
    ATT_OK,
    ATT_E_NO_SERVICE,
    ATT_E_NO_CHARACTERISTIC,
    ATT_E_NOT_PERMITTED, /* it does not do that */
    ATT_E_NOT_SECURE,    /* the peer wants more security than there is */
    ATT_E_REFUSED,       /* another error of the peer; result.code is its number */
    ATT_E_TOO_LONG,      /* a value longer than ATT_VALUE_MAX or than the peer takes */
    ATT_E_MALFORMED,     /* what came was no answer to what was asked */
    ATT_E_TIMEOUT,       /* no answer in time. The connection is of no more use (Part F, 3.3.3) */
};

enum att_event {
    ATT_NOTHING,
    ATT_DONE,   /* the operation has ended: see `result` */
    ATT_VALUE,  /* the peer sent a value unasked: see `value` */
    ATT_SECURE, /* the peer wants security: raise it, then call att_secured() */
};

struct att_char {
    uint16_t handle; /* of its value */
    uint16_t end;    /* its descriptors have handles up to here */
    uint8_t properties;
};

/* Good until the next call for this connection. */
struct att_result {
    enum att_error error;
    uint8_t code; /* Part F, 3.4.1.1: the error as the peer named it, or 0 */
    const uint8_t *data;
    size_t len;            /* of what was read */
    struct att_char found; /* by att_find() */
};

struct att_value {
    uint16_t handle;
    const uint8_t *data; /* in the bytes that were fed */
    size_t len;
};

struct att_step;

struct att {
    struct att_result result;
    struct att_value value;
    uint16_t mtu; /* of this connection, as agreed upon so far */

    uint16_t own_mtu; /* private from here on */
    const struct att_step *step;
    bool is_sent, is_broken, is_securing, was_secured;
    uint64_t deadline_ms;
    uint8_t request[ATT_MTU_MAX];
    size_t request_len;
    uint8_t answer[5]; /* to a request or an indication of the peer */
    size_t answer_len;
    uint8_t data[ATT_VALUE_MAX]; /* read so far, or to be written */
    size_t data_len, data_at;
    struct {
        struct uuid service, characteristic;
        bool in_any, saw_service;
        uint16_t after, last; /* `last`: where the service under search ends */
    } find;
    struct att_char target;
    uint16_t target_bits; /* for its client characteristic configuration */
};

/* A new connection. `own_mtu` (ATT_MTU_MIN to ATT_MTU_MAX) is what the channel can receive. */
void att_init(struct att *att, uint16_t own_mtu);

/* Agrees on an MTU; once, before anything else. Is ATT_OK also with a peer that knows no such
 * request: the smallest MTU stays. */
enum att_event att_exchange_mtu(struct att *att);

/* Looks for the first characteristic of that UUID with a handle above `after` (0: the first of
 * all), in the services of the one UUID or, with NULL, in all. */
enum att_event att_find(struct att *att, const struct uuid *service,
                        const struct uuid *characteristic, uint16_t after);

/* Reads a value, however many PDUs it takes. */
enum att_event att_read(struct att *att, uint16_t handle);

/* Writes a value, in parts where it needs them. The data is copied. */
enum att_event att_write(struct att *att, uint16_t handle, const uint8_t *data, size_t len);

/* Writes a value of at most mtu - 3 bytes without asking for an answer; done when it is sent. */
enum att_event att_write_silently(struct att *att, uint16_t handle, const uint8_t *data,
                                  size_t len);

/* Turns on notifications, or indications of a characteristic that has no others. ATT_VALUE may come
 * even before ATT_DONE. Indications are confirmed from inside. */
enum att_event att_subscribe(struct att *att, const struct att_char *characteristic);

/* Forgets the operation under way without an event. The answer to it may still be due, so that the
 * connection is of no more use. */
void att_abandon(struct att *att);

/* The next PDU to send, or NULL. Good until att_sent(). */
const uint8_t *att_pending(const struct att *att, size_t *len);
enum att_event att_sent(struct att *att, uint64_t now_ms);

/* A whole PDU that has come. */
enum att_event att_feed(struct att *att, const uint8_t *pdu, size_t len);

/* When to call att_tick(), or ATT_NO_TIME. */
uint64_t att_deadline(const struct att *att);
enum att_event att_tick(struct att *att, uint64_t now_ms);

/* Security was raised, or could not be: the request is repeated, or ends as ATT_E_NOT_SECURE. It is
 * asked for once a connection. How long raising may take is for the caller to limit. */
enum att_event att_secured(struct att *att, bool ok);

/* "the device does not have that service" and the like: for people, without a full stop. */
const char *att_error_text(enum att_error error);

#endif
