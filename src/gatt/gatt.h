/*
 * gatt.h: the one queue of jobs on the devices that an adapter can connect to. Scripts and pairing
 * hand in jobs; one after the other is run, each with its limits of time, and its client is told.
 *
 *     struct gatt_client client = { .user = me, .told = on_told };
 *     struct gatt_job job = { .client = &client, .addr = mac, .characteristic = uuid,
 *                             .service = service, .op = GATT_READ, .is_once = true };
 *     gatt_run(&gatt, &job);
 *
 * A connection belongs to the client whose job made it, and stays open for its further jobs until a
 * job that is_once, GATT_DISCONNECT, or the device ends it. While others wait it is open for
 * GATT_TURN_MS at most. Between two connections the adapter is left to scanning for as long as the
 * last attempt to connect took, so that at least half of its time is always the scan's.
 *
 * Who runs a dialogue of its own (pairing) borrows the adapter for that time, see gatt_loan.
 *
 * Numbers of operations and errors are those that Berry programs know from Tasmota.
 */
#ifndef MI32_GATT_GATT_H
#define MI32_GATT_GATT_H

#include "base/mac.h"
#include "base/uuid.h"
#include "port/clock.h"
#include "port/gatt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GATT_CONNECT_MS 10000
#define GATT_JOB_MS     60000 /* from the connection to the end of the operation */
#define GATT_NOTIFY_MS  15000 /* a subscription that is_once waits so long for a value */
#define GATT_TURN_MS    60000
#define GATT_REST_MIN   100 /* between two connections */
#define GATT_REST_MAX   10000

enum gatt_op {
    GATT_READ = 1,
    GATT_WRITE = 2,
    GATT_SUBSCRIBE = 3,
    GATT_DISCONNECT = 5,
    GATT_NOTIFIED = 103, /* only in events */
};

enum gatt_error {
    GATT_OK = 0,
    GATT_E_CONNECT = 1,
    GATT_E_DISCONNECTED = 2, /* by the device, by GATT_DISCONNECT, or to make room for others */
    GATT_E_NO_SERVICE = 3,
    GATT_E_NO_CHARACTERISTIC = 4,
    GATT_E_READ = 5,
    GATT_E_CANNOT_NOTIFY = 6,
    GATT_E_NOT_WRITABLE = 7,
    GATT_E_WRITE = 8,
    GATT_E_NO_NOTIFICATION = 9,
};

/*
 * What a client is told. Each job ends with exactly one event of its op; for GATT_DISCONNECT that
 * is GATT_E_DISCONNECTED. Values that arrive are GATT_NOTIFIED; the one that a subscription with
 * is_once waited for comes again with the end of the job. A connection that ends while its client
 * has no job is told as GATT_DISCONNECT, too.
 */
struct gatt_event {
    enum gatt_op op;
    enum gatt_error error;
    enum port_gatt_error reason; /* more exactly; for people */
    struct uuid characteristic;  /* all zero when the event is about none */
    uint16_t handle;             /* of its value; 0 where it was not found */
    const uint8_t *data;         /* good during the call */
    size_t len;
};

struct gatt_client {
    void *user;

    /* Never called from inside gatt_run(). Jobs may be handed in and cancelled from inside. */
    void (*told)(void *user, const struct gatt_event *event);
};

/* The memory, and that of the data to write, is the caller's and must stay until the job has ended
 * or was cancelled; the job may be used again from inside the call that tells its end. */
struct gatt_job {
    struct gatt_client *client;
    struct mac addr;
    uint8_t addr_type; /* as in its adverts */
    bool in_any_service;
    struct uuid service; /* where not in_any_service */
    struct uuid characteristic;
    enum gatt_op op;
    bool is_once;       /* disconnect afterwards */
    bool with_response; /* of writing; done without where the characteristic allows only that, and
                           with where it allows only this */
    const uint8_t *data;
    size_t len;

    struct gatt_job *next; /* private */
    bool is_waiting;
};

/*
 * The adapter, lent to one who makes connections by the port itself. It is granted when no
 * connection is left: before all jobs that wait, but not in the middle of one; jobs wait until it
 * is returned. Set `user` and `granted`; it must stay until it was returned.
 */
struct gatt_loan {
    void *user;

    /* Never called from inside gatt_borrow(). */
    void (*granted)(void *user, const struct port_gatt *port);
};

/* A connection came about or ended. */
struct gatt_change {
    struct mac addr;
    bool is_connected;
};

struct gatt_setup {
    const struct port_gatt *port;
    const struct port_clock *clock;
    void *user;

    /* May be NULL. Jobs may be handed in and cancelled from inside. */
    void (*on_change)(void *user, const struct gatt_change *change);
};

enum gatt_state {
    GATT_IDLE,
    GATT_CONNECTING,
    GATT_FINDING,
    GATT_WORKING,
    GATT_FINDING_NEXT, /* subscribed; another one of the same UUID? */
    GATT_WORKING_NEXT,
    GATT_AWAITING, /* the one value of a subscription that is_once */
    GATT_HOLDING,  /* connected, no job */
    GATT_CLOSING,
    GATT_LENT,
};

#define GATT_FOUND_MAX 16

/* A characteristic that was found on this connection. */
struct gatt_found {
    bool in_any_service, is_subscribed;
    struct uuid service, characteristic;
    struct port_gatt_char it;
};

/* Visible so that the caller can place it; private. */
struct gatt {
    struct gatt_setup setup;
    enum gatt_state state;
    struct gatt_job *first;
    const struct gatt_loan *loan; /* asked for or granted; NULL for none */
    struct gatt_job *job;         /* the one being run; in no list */
    struct gatt_client *holder;   /* whose connection it is; NULL where nobody is to be told */
    struct mac addr;
    uint8_t addr_type;
    bool is_connected, was_silent, is_closed;
    uint64_t connecting_ms, attempt_ms; /* when it began, how long it took */
    uint64_t turn_ends_ms, rest_ends_ms;
    struct timer turn, limit;
    struct gatt_found found[GATT_FOUND_MAX];
    size_t found_count;
    struct gatt_found *target;
};

/* The struct must stay where it is; what `setup` points to is borrowed. */
void gatt_init(struct gatt *gatt, const struct gatt_setup *setup);

/* Ends everything; nobody is told. The memory is free once the port has said that a connection
 * there was has ended, or is gone itself. */
void gatt_close(struct gatt *gatt);

/* Hands in a job, behind all that wait. One that waits already stays where it is. */
void gatt_run(struct gatt *gatt, struct gatt_job *job);

/* Forgets all jobs of a client and ends its connection; it is told nothing more and its memory is
 * free. */
void gatt_cancel(struct gatt *gatt, const struct gatt_client *client);

/* True while a job of this client waits or is run. */
bool gatt_is_busy(const struct gatt *gatt, const struct gatt_client *client);

/* Asks for the adapter; one loan at a time. The port is there for as long as `gatt` is. */
void gatt_borrow(struct gatt *gatt, const struct gatt_loan *loan);

/* Gives it back, with no connection left; or takes back the question. Nothing when it is not this
 * one's. */
void gatt_return(struct gatt *gatt, const struct gatt_loan *loan);

/* A whole sentence for people, never NULL: "The device did not answer." */
const char *gatt_reason_text(enum port_gatt_error reason);

#endif
