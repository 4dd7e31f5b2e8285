/*
 * pairing.h: activates a sensor and keeps its key: runs a dialogue of mijia over a connection,
 * enters the key by MI32Key and MI32Approve, makes it durable, and logs in to prove it.
 *
 * Commands: MI32Pair and, for local programs only, MI32PairKey. Progress goes out as BUS_PAIRING
 * events, each a JSON object; the key is never in them:
 *
 *     {"mac":"A4C138AABBCC","state":"connecting","attempt":1}
 *     {"mac":"A4C138AABBCC","state":"activating"}     reading, for a remote control
 *     {"mac":"A4C138AABBCC","state":"storing"}
 *     {"mac":"A4C138AABBCC","state":"verifying"}
 *     {"mac":"A4C138AABBCC","state":"done","key":"********","saved":true,"verified":true}
 *     {"mac":"A4C138AABBCC","state":"failed","error":"...","remedy":"...","key":"********"}
 *
 * done and failed are the last of a pairing. done says that the key is on the disk; `verified` is
 * not there for remote controls, which know no login, and false where the login did not come about
 * (`hint` then says why). A failed one has `key` when there is a key worth keeping, which
 * MI32PairKey shows.
 */
#ifndef MI32_PAIRING_PAIRING_H
#define MI32_PAIRING_PAIRING_H

#include "gatt/gatt.h"
#include "port/files.h"
#include "port/port.h"

struct bus;
struct registry;
struct pairing;

struct pairing_config {
    struct bus *bus;
    const struct registry *registry;
    const struct port *port; /* clock and random bytes */
    struct gatt *gatt;       /* its adapter is borrowed for each pairing */

    /* Makes all that the registry knows durable, then calls `done`, maybe from inside. */
    void (*save)(void *user, port_files_done done, void *done_user);
    void *user;
};

/* Registers the commands. Borrows what the config points to until pairing_destroy(). NULL without
 * memory. */
struct pairing *pairing_create(const struct pairing_config *config);
void pairing_destroy(struct pairing *p);

/* Ends a pairing under way: before the port goes. Not from inside an event. */
void pairing_stop(struct pairing *p);

#endif
