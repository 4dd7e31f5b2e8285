/*
 * gatt.h: what one adapter can do with the attributes of a Bluetooth LE device, as one operation
 * after the other on one connection. NimBLE on an ESP32 offers the same; where a system gives only
 * ATT PDUs (Linux) the port runs the engine of src/att. Who may use the adapter and when is decided
 * by the room gatt; a port holds at most one connection at a time.
 */
#ifndef MI32_PORT_GATT_H
#define MI32_PORT_GATT_H

#include "base/mac.h"
#include "base/uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PORT_GATT_VALUE_MAX 512 /* Core Specification 5.4, Vol 3 Part F, 3.2.9 */

/* Vol 3 Part G, 3.3.1.1: what a characteristic can do. */
enum {
    PORT_GATT_CAN_READ = 0x02,
    PORT_GATT_CAN_WRITE_SILENTLY = 0x04, /* without response */
    PORT_GATT_CAN_WRITE = 0x08,
    PORT_GATT_CAN_NOTIFY = 0x10,
    PORT_GATT_CAN_INDICATE = 0x20,
};

enum port_gatt_error {
    PORT_GATT_OK,
    PORT_GATT_UNREACHABLE, /* no connection within the time, or refused */
    PORT_GATT_HELD,        /* another program of this machine holds a connection to it */
    PORT_GATT_NO_ADAPTER,  /* there is none, or it is off */
    PORT_GATT_LOST,        /* the connection has ended in the middle */
    PORT_GATT_TIMEOUT,     /* no answer. Nothing but disconnect() makes sense any more */
    PORT_GATT_NO_SERVICE,
    PORT_GATT_NO_CHARACTERISTIC,
    PORT_GATT_NOT_PERMITTED, /* the characteristic does not do that */
    PORT_GATT_NOT_SECURE,    /* the device wants a pairing that did not come about */
    PORT_GATT_REFUSED,       /* it answered with another error, or what makes no sense */
    PORT_GATT_TOO_LONG,      /* a value longer than PORT_GATT_VALUE_MAX or than it takes */
    PORT_GATT_ERRORS,        /* how many there are */
};

/* A characteristic as found on the device that is connected. */
struct port_gatt_char {
    uint16_t handle;    /* of its value */
    uint16_t end;       /* its descriptors have handles up to here */
    uint8_t properties; /* PORT_GATT_CAN_... */
};

/* What the one operation under way came to. `data` is that of a read and good during the call. */
struct port_gatt_result {
    enum port_gatt_error error;
    const uint8_t *data;
    size_t len;
    struct port_gatt_char found; /* by find() */
};

struct port_gatt_events {
    void *user;

    /* Each operation, connect() included, ends with exactly one call of this, unless disconnect()
     * comes before. The next one may be started from inside. After PORT_GATT_LOST, and after a
     * connect() that failed, there is no connection. */
    void (*done)(void *user, const struct port_gatt_result *result);

    /* The device sent a value of a characteristic that was subscribed to; also during an
     * operation, above all that of subscribing. */
    void (*notified)(void *user, uint16_t handle, const uint8_t *data, size_t len);

    /* The connection ended while no operation was under way, or by disconnect(). */
    void (*disconnected)(void *user);
};

struct port_gatt {
    void *self;

    /* Connects; scanning goes on as far as the adapter can. `addr_type` is that of the device's
     * adverts (struct advert). The events struct is copied. */
    void (*connect)(void *self, struct mac addr, uint8_t addr_type, uint32_t timeout_ms,
                    const struct port_gatt_events *events);

    /* Looks for the first characteristic of that UUID with a handle above `after` (0: the first of
     * all), in the services of one UUID or (service == NULL) in all. */
    void (*find)(void *self, const struct uuid *service, const struct uuid *characteristic,
                 uint16_t after);

    /* The whole value, however many PDUs it takes. */
    void (*read)(void *self, uint16_t handle);

    /* Data is copied. Without a response `done` comes when it was handed over. */
    void (*write)(void *self, uint16_t handle, const uint8_t *data, size_t len, bool with_response);

    /* Turns on notifications, or indications where the characteristic has only those. */
    void (*subscribe)(void *self, const struct port_gatt_char *characteristic);

    /* Ends the connection, or the attempt; `disconnected` follows and nothing else any more.
     * Without either, nothing happens. */
    void (*disconnect)(void *self);
};

#endif
