#include "gatt/gatt.h"

#include "gatt/gatt_private.h"

#include <assert.h>

enum { NO_LIMIT = 0, SAME_LIMIT = -1 };

uint64_t gatt_now(const struct gatt *gatt)
{
    return gatt->setup.clock->now_ms(gatt->setup.clock->self);
}

static void set_timer(struct gatt *gatt, struct timer *timer, uint64_t at_ms)
{
    gatt->setup.clock->set(gatt->setup.clock->self, timer, at_ms);
}

static void cancel_timer(struct gatt *gatt, struct timer *timer)
{
    gatt->setup.clock->cancel(gatt->setup.clock->self, timer);
}

void gatt_look_soon(struct gatt *gatt)
{
    if (!gatt->is_closed)
        set_timer(gatt, &gatt->turn, gatt_now(gatt));
}

void gatt_enter(struct gatt *gatt, enum gatt_state state)
{
    static const int32_t limits_ms[] = {
        [GATT_IDLE] = NO_LIMIT,           [GATT_CONNECTING] = NO_LIMIT, /* the port's */
        [GATT_FINDING] = GATT_JOB_MS,     [GATT_WORKING] = SAME_LIMIT,
        [GATT_FINDING_NEXT] = SAME_LIMIT, [GATT_WORKING_NEXT] = SAME_LIMIT,
        [GATT_AWAITING] = GATT_NOTIFY_MS, [GATT_HOLDING] = NO_LIMIT,
        [GATT_CLOSING] = NO_LIMIT,        [GATT_LENT] = NO_LIMIT,
    };
    const int32_t limit_ms = limits_ms[state];

    gatt->state = state;
    if (limit_ms == NO_LIMIT)
        cancel_timer(gatt, &gatt->limit);
    else if (limit_ms != SAME_LIMIT)
        set_timer(gatt, &gatt->limit, gatt_now(gatt) + (uint32_t)limit_ms);
}

/* ---- the queue ---- */

static struct gatt_job **place_of(struct gatt *gatt, const struct gatt_client *client)
{
    struct gatt_job **at = &gatt->first;

    while (*at && (*at)->client != client)
        at = &(*at)->next;
    return at;
}

static struct gatt_job *take(struct gatt_job **at)
{
    struct gatt_job *job = *at;

    *at = job->next;
    job->next = NULL;
    job->is_waiting = false;
    return job;
}

/* Where the first job of another client than the holder waits; leads to NULL when none does. */
static struct gatt_job **place_of_other(struct gatt *gatt)
{
    struct gatt_job **at = &gatt->first;

    while (*at && (*at)->client == gatt->holder)
        at = &(*at)->next;
    return at;
}

static void bring_forward(struct gatt *gatt, struct gatt_job **at)
{
    struct gatt_job *job = *at;

    *at = job->next;
    job->next = gatt->first;
    gatt->first = job;
}

void gatt_run(struct gatt *gatt, struct gatt_job *job)
{
    struct gatt_job **at = &gatt->first;

    assert(job->op == GATT_READ || job->op == GATT_WRITE || job->op == GATT_SUBSCRIBE ||
           job->op == GATT_DISCONNECT);
    if (job->is_waiting || job == gatt->job)
        return;
    while (*at)
        at = &(*at)->next;
    *at = job;
    job->next = NULL;
    job->is_waiting = true;
    gatt_look_soon(gatt);
}

/* ---- the end of connections ---- */

void gatt_tell_end(struct gatt_client *client)
{
    const struct gatt_event event = {
        .op = GATT_DISCONNECT,
        .error = GATT_E_DISCONNECTED,
        .reason = PORT_GATT_LOST,
    };

    if (client)
        client->told(client->user, &event);
}

void gatt_tell_change(struct gatt *gatt)
{
    const struct gatt_change change = { gatt->addr, gatt->is_connected };

    if (gatt->setup.on_change)
        gatt->setup.on_change(gatt->setup.user, &change);
}

void gatt_hang_up(struct gatt *gatt)
{
    gatt_enter(gatt, GATT_CLOSING);
    gatt->setup.port->disconnect(gatt->setup.port->self);
}

/* Scanning gets as long as the attempt took. */
static void rest(struct gatt *gatt, uint64_t took_ms)
{
    if (took_ms < GATT_REST_MIN)
        took_ms = GATT_REST_MIN;
    if (took_ms > GATT_REST_MAX)
        took_ms = GATT_REST_MAX;
    gatt->rest_ends_ms = gatt_now(gatt) + took_ms;
}

void gatt_disconnected(struct gatt *gatt)
{
    const struct gatt_end end = { .error = GATT_E_DISCONNECTED, .reason = PORT_GATT_LOST };
    const bool was_connected = gatt->is_connected;

    if (!was_connected)
        gatt->attempt_ms = gatt_now(gatt) - gatt->connecting_ms;
    gatt->is_connected = false;
    gatt_enter(gatt, GATT_IDLE);
    rest(gatt, gatt->attempt_ms);
    gatt_look_soon(gatt);
    if (was_connected)
        gatt_tell_change(gatt);
    struct gatt_client *client = gatt->holder; /* unless it has cancelled by now */
    gatt->holder = NULL;
    if (!client)
        return;
    if (gatt->job)
        gatt_job_end(gatt, &end);
    else
        gatt_tell_end(client);
}

/* ---- what is next ---- */

static void lend(struct gatt *gatt)
{
    gatt_enter(gatt, GATT_LENT);
    gatt->loan->granted(gatt->loan->user, gatt->setup.port);
}

static void start_first(struct gatt *gatt)
{
    const uint64_t now_ms = gatt_now(gatt);
    const struct gatt_end not_connected = { .error = GATT_E_DISCONNECTED };

    if (!gatt->first)
        return;
    if (gatt->first->op == GATT_DISCONNECT) {
        gatt->job = take(&gatt->first);
        gatt_job_end(gatt, &not_connected);
    } else if (now_ms < gatt->rest_ends_ms) {
        set_timer(gatt, &gatt->turn, gatt->rest_ends_ms);
    } else {
        gatt->job = take(&gatt->first);
        gatt_job_connect(gatt);
    }
}

static bool is_same_device(const struct gatt *gatt, const struct gatt_job *job)
{
    return mac_equal(job->addr, gatt->addr) && job->addr_type == gatt->addr_type;
}

/* The holder's next job, or somebody else's turn. */
static void go_on_holding(struct gatt *gatt)
{
    struct gatt_job **next = place_of(gatt, gatt->holder);
    struct gatt_job **other = place_of_other(gatt);

    if (*other && gatt_now(gatt) >= gatt->turn_ends_ms) {
        bring_forward(gatt, other);
        gatt_hang_up(gatt);
    } else if (*next && (*next)->op == GATT_DISCONNECT) {
        gatt->job = take(next);
        gatt_hang_up(gatt);
    } else if (*next && is_same_device(gatt, *next)) {
        gatt->job = take(next);
        gatt_job_find(gatt);
    } else if (*next) {
        gatt_hang_up(gatt);
    } else if (*other) {
        set_timer(gatt, &gatt->turn, gatt->turn_ends_ms);
    }
}

static void on_turn(void *user)
{
    struct gatt *gatt = user;

    if (gatt->state == GATT_IDLE && gatt->loan)
        lend(gatt);
    else if (gatt->state == GATT_IDLE)
        start_first(gatt);
    else if (gatt->state == GATT_HOLDING && gatt->loan)
        gatt_hang_up(gatt);
    else if (gatt->state == GATT_HOLDING)
        go_on_holding(gatt);
}

static void on_limit(void *user)
{
    gatt_job_limit(user);
}

/* ---- clients ---- */

bool gatt_is_busy(const struct gatt *gatt, const struct gatt_client *client)
{
    if (gatt->job && gatt->job->client == client)
        return true;
    for (const struct gatt_job *job = gatt->first; job; job = job->next)
        if (job->client == client)
            return true;
    return false;
}

void gatt_cancel(struct gatt *gatt, const struct gatt_client *client)
{
    struct gatt_job **at;

    while (*(at = place_of(gatt, client)))
        take(at);
    if (gatt->job && gatt->job->client == client) {
        gatt->job = NULL;
        gatt->target = NULL;
    }
    if (gatt->holder != client)
        return;
    gatt->holder = NULL;
    if (gatt->state != GATT_IDLE && gatt->state != GATT_CLOSING)
        gatt_hang_up(gatt);
}

/* ---- loans ---- */

void gatt_borrow(struct gatt *gatt, const struct gatt_loan *loan)
{
    assert(!gatt->loan);
    gatt->loan = loan;
    gatt_look_soon(gatt);
}

void gatt_return(struct gatt *gatt, const struct gatt_loan *loan)
{
    if (gatt->loan != loan)
        return;
    gatt->loan = NULL;
    if (gatt->state == GATT_LENT)
        gatt_enter(gatt, GATT_IDLE);
    gatt_look_soon(gatt);
}

void gatt_init(struct gatt *gatt, const struct gatt_setup *setup)
{
    *gatt = (struct gatt){
        .setup = *setup,
        .turn = { .fire = on_turn, .user = gatt },
        .limit = { .fire = on_limit, .user = gatt },
    };
}

void gatt_close(struct gatt *gatt)
{
    gatt->is_closed = true;
    gatt->setup.on_change = NULL;
    while (gatt->first)
        take(&gatt->first);
    gatt->job = NULL;
    gatt->holder = NULL;
    gatt->loan = NULL;
    if (gatt->state != GATT_IDLE && gatt->state != GATT_CLOSING && gatt->state != GATT_LENT)
        gatt_hang_up(gatt);
    cancel_timer(gatt, &gatt->turn);
}
