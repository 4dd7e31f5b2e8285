/* One job: connect, find its characteristic, do what is asked, tell. */
#include "gatt/gatt_private.h"

static void on_done(void *user, const struct port_gatt_result *result)
{
    gatt_job_done(user, result);
}

static void on_notified(void *user, uint16_t handle, const uint8_t *data, size_t len)
{
    gatt_job_notified(user, handle, data, len);
}

static void on_disconnected(void *user)
{
    gatt_disconnected(user);
}

/* ---- its end ---- */

void gatt_job_end(struct gatt *gatt, const struct gatt_end *end)
{
    const struct gatt_job *job = gatt->job;
    struct gatt_client *client = job->client;
    const bool is_over = job->is_once || end->reason == PORT_GATT_TIMEOUT;
    const struct gatt_event event = {
        .op = job->op,
        .error = end->error,
        .reason = end->reason,
        .characteristic = job->characteristic,
        .handle = gatt->target ? gatt->target->it.handle : 0,
        .data = end->data,
        .len = end->len,
    };

    gatt->job = NULL;
    gatt->target = NULL;
    if (gatt->is_connected)
        gatt_enter(gatt, is_over ? GATT_CLOSING : GATT_HOLDING);
    if (is_over)
        gatt->holder = NULL; /* it knows by this event */
    gatt_look_soon(gatt);
    client->told(client->user, &event);
    if (is_over && gatt->is_connected)
        gatt->setup.port->disconnect(gatt->setup.port->self);
}

static void fail(struct gatt *gatt, enum port_gatt_error reason)
{
    const struct gatt_end end = {
        .error = gatt_outcome(gatt->state, gatt->job->op, reason),
        .reason = reason,
    };

    if (reason == PORT_GATT_LOST || gatt->state == GATT_CONNECTING) {
        gatt->holder = NULL;
        gatt_disconnected(gatt);
    }
    if (gatt->job)
        gatt_job_end(gatt, &end);
}

static void succeed(struct gatt *gatt, const uint8_t *data, size_t len)
{
    gatt_job_end(gatt, &(struct gatt_end){ .data = data, .len = len });
}

/* ---- connect and find ---- */

void gatt_job_connect(struct gatt *gatt)
{
    const struct port_gatt *port = gatt->setup.port;
    const struct port_gatt_events events = { gatt, on_done, on_notified, on_disconnected };

    gatt->holder = gatt->job->client;
    gatt->addr = gatt->job->addr;
    gatt->addr_type = gatt->job->addr_type;
    gatt->found_count = 0;
    gatt->connecting_ms = gatt_now(gatt);
    gatt_enter(gatt, GATT_CONNECTING);
    port->connect(port->self, gatt->addr, gatt->addr_type, GATT_CONNECT_MS, &events);
}

static void ask_for(struct gatt *gatt, uint16_t after)
{
    const struct port_gatt *port = gatt->setup.port;
    const struct gatt_job *job = gatt->job;

    port->find(port->self, job->in_any_service ? NULL : &job->service, &job->characteristic, after);
}

/* ---- what is asked ---- */

static void write_value(struct gatt *gatt)
{
    const struct port_gatt *port = gatt->setup.port;
    const struct gatt_job *job = gatt->job;
    const uint8_t can = gatt->target->it.properties;

    gatt->was_silent =
        can & PORT_GATT_CAN_WRITE_SILENTLY && (!job->with_response || !(can & PORT_GATT_CAN_WRITE));
    port->write(port->self, gatt->target->it.handle, job->data, job->len, !gatt->was_silent);
}

static void subscribe(struct gatt *gatt)
{
    const struct port_gatt *port = gatt->setup.port;

    gatt->target->is_subscribed = true; /* a value may come before the answer */
    port->subscribe(port->self, &gatt->target->it);
}

static void read_value(struct gatt *gatt)
{
    const struct port_gatt *port = gatt->setup.port;

    port->read(port->self, gatt->target->it.handle);
}

static void work(struct gatt *gatt)
{
    static const struct {
        enum gatt_op op;
        uint8_t needs; /* one of these properties */
        void (*start)(struct gatt *gatt);
    } rows[] = {
        { GATT_READ, PORT_GATT_CAN_READ, read_value },
        { GATT_WRITE, PORT_GATT_CAN_WRITE | PORT_GATT_CAN_WRITE_SILENTLY, write_value },
        { GATT_SUBSCRIBE, PORT_GATT_CAN_NOTIFY | PORT_GATT_CAN_INDICATE, subscribe },
    };

    gatt_enter(gatt, GATT_WORKING);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].op != gatt->job->op)
            continue;
        if (gatt->target->it.properties & rows[i].needs)
            rows[i].start(gatt);
        else
            fail(gatt, PORT_GATT_NOT_PERMITTED);
        return;
    }
}

void gatt_job_find(struct gatt *gatt)
{
    gatt_enter(gatt, GATT_FINDING);
    gatt->target = gatt_found_of_job(gatt, gatt->job);
    if (gatt->target)
        work(gatt);
    else
        ask_for(gatt, 0);
}

/* ---- a step is done ---- */

static void connected(struct gatt *gatt, const struct port_gatt_result *result)
{
    (void)result;
    gatt->is_connected = true;
    gatt->attempt_ms = gatt_now(gatt) - gatt->connecting_ms;
    gatt->turn_ends_ms = gatt_now(gatt) + GATT_TURN_MS;
    gatt_tell_change(gatt);
    if (gatt->job)
        gatt_job_find(gatt);
}

static void found(struct gatt *gatt, const struct port_gatt_result *result)
{
    gatt->target = gatt_found_add(gatt, gatt->job, &result->found);
    work(gatt);
}

/* Some devices have several characteristics of one UUID; subscribing is to all of them. */
static void look_for_next(struct gatt *gatt)
{
    gatt_enter(gatt, GATT_FINDING_NEXT);
    ask_for(gatt, gatt->target->it.handle);
}

static void all_subscribed(struct gatt *gatt)
{
    gatt->target = gatt_found_of_job(gatt, gatt->job);
    if (gatt->job->is_once)
        gatt_enter(gatt, GATT_AWAITING);
    else
        succeed(gatt, NULL, 0);
}

static void worked(struct gatt *gatt, const struct port_gatt_result *result)
{
    if (gatt->job->op == GATT_SUBSCRIBE)
        look_for_next(gatt);
    else
        succeed(gatt, result->data, result->len);
}

static void found_next(struct gatt *gatt, const struct port_gatt_result *result)
{
    const uint8_t can = result->found.properties;

    if (!(can & (PORT_GATT_CAN_NOTIFY | PORT_GATT_CAN_INDICATE)) ||
        gatt->found_count == GATT_FOUND_MAX) {
        all_subscribed(gatt);
        return;
    }
    gatt->target = gatt_found_add(gatt, gatt->job, &result->found);
    gatt_enter(gatt, GATT_WORKING_NEXT);
    subscribe(gatt);
}

static void worked_next(struct gatt *gatt, const struct port_gatt_result *result)
{
    (void)result;
    look_for_next(gatt);
}

/* A value too long for a write without response is written with one where that is allowed. */
static bool can_write_otherwise(const struct gatt *gatt, enum port_gatt_error error)
{
    return error == PORT_GATT_TOO_LONG && gatt->state == GATT_WORKING &&
           gatt->job->op == GATT_WRITE && gatt->was_silent &&
           gatt->target->it.properties & PORT_GATT_CAN_WRITE;
}

static void write_otherwise(struct gatt *gatt)
{
    const struct port_gatt *port = gatt->setup.port;

    gatt->was_silent = false;
    port->write(port->self, gatt->target->it.handle, gatt->job->data, gatt->job->len, true);
}

/* An error once something is subscribed to ends the search for more of its kind, no more. */
static bool is_optional(const struct gatt *gatt, enum port_gatt_error error)
{
    return (gatt->state == GATT_FINDING_NEXT || gatt->state == GATT_WORKING_NEXT) &&
           error != PORT_GATT_LOST && error != PORT_GATT_TIMEOUT;
}

void gatt_job_done(struct gatt *gatt, const struct port_gatt_result *result)
{
    static void (*const steps[])(struct gatt * gatt, const struct port_gatt_result *result) = {
        [GATT_CONNECTING] = connected,     [GATT_FINDING] = found,
        [GATT_WORKING] = worked,           [GATT_FINDING_NEXT] = found_next,
        [GATT_WORKING_NEXT] = worked_next,
    };

    if (result->error == PORT_GATT_OK)
        steps[gatt->state](gatt, result);
    else if (can_write_otherwise(gatt, result->error))
        write_otherwise(gatt);
    else if (is_optional(gatt, result->error))
        all_subscribed(gatt);
    else
        fail(gatt, result->error);
}

/* ---- values and time ---- */

static bool waits_for_value(const struct gatt *gatt, const struct gatt_found *found)
{
    const struct gatt_job *job = gatt->job;

    return job && job->op == GATT_SUBSCRIBE && job->is_once &&
           uuid_equal(job->characteristic, found->characteristic);
}

void gatt_job_notified(struct gatt *gatt, uint16_t handle, const uint8_t *data, size_t len)
{
    struct gatt_found *found = gatt_found_of_handle(gatt, handle);
    struct gatt_client *client = gatt->holder;

    if (!client || !found || !found->is_subscribed)
        return;
    const struct gatt_event event = {
        .op = GATT_NOTIFIED,
        .characteristic = found->characteristic,
        .handle = handle,
        .data = data,
        .len = len,
    };
    const bool is_awaited = waits_for_value(gatt, found);
    client->told(client->user, &event);
    if (is_awaited && gatt->job) {
        gatt->target = found;
        succeed(gatt, data, len);
    }
}

void gatt_job_limit(struct gatt *gatt)
{
    const struct gatt_end silent = { .error = GATT_E_NO_NOTIFICATION, .reason = PORT_GATT_TIMEOUT };

    if (gatt->state == GATT_AWAITING)
        gatt_job_end(gatt, &silent);
    else
        fail(gatt, PORT_GATT_TIMEOUT);
}
