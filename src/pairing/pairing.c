/* pairing.c: the way through a pairing: connect, talk, leave, and once more where that helps. */
#include "pairing/pairing_private.h"

#include "beacon/products.h"
#include "crypto/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t pairing_now(const struct pairing *p)
{
    const struct port_clock *clock = p->config.port->clock;

    return clock->now_ms(clock->self);
}

static void cancel_timer(struct pairing *p, struct timer *timer)
{
    const struct port_clock *clock = p->config.port->clock;

    clock->cancel(clock->self, timer);
}

/* ---- the end ---- */

void pairing_settle(struct pairing *p)
{
    if (!p->is_running || p->stage != PAIRING_IDLE || p->store == PAIRING_SAVING)
        return;
    p->is_running = false;
    p->gatt = NULL;
    cancel_timer(p, &p->cancelling);
    gatt_return(p->config.gatt, &p->loan);
    mijia_wipe(&p->dialogue);
    cx_wipe(p->keys.token, sizeof(p->keys.token)); /* of logins, and there is none any more */
    pairing_tell_end(p);
}

static void cancel_timers(struct pairing *p)
{
    cancel_timer(p, &p->timer);
    cancel_timer(p, &p->limit);
}

/* What went wrong earlier, with the saving, is worse than what goes wrong now. */
static void remember(struct pairing *p, const char *error, const char *remedy)
{
    if (p->store == PAIRING_UNSAVED)
        return;
    if (p->store == PAIRING_UNSURE) {
        snprintf(p->error, sizeof(p->error), "nobody knows whether it took the new key: %s", error);
        p->remedy = "MI32PairKey shows that key; enter it with MI32Key and see, or pair again";
        return;
    }
    snprintf(p->error, sizeof(p->error), "%s", error);
    p->remedy = remedy;
}

/* ---- connections ---- */

static void gatt_done(void *user, const struct port_gatt_result *result);
static void gatt_notified(void *user, uint16_t handle, const uint8_t *data, size_t len);
static void gatt_disconnected(void *user);

static void connect(struct pairing *p)
{
    const struct port_gatt *gatt = p->gatt;
    const struct port_gatt_events events = { p, gatt_done, gatt_notified, gatt_disconnected };

    p->stage = PAIRING_CONNECTING;
    p->attempts++;
    p->n_chars = 0;
    p->is_busy = false;
    p->is_finding = false;
    p->comes_again = false;
    pairing_tell(p, "connecting");
    gatt->connect(gatt->self, p->mac, p->addr_type, PAIRING_CONNECT_MS, &events);
}

static void pause(struct pairing *p)
{
    const struct port_clock *clock = p->config.port->clock;

    p->stage = PAIRING_PAUSING;
    clock->set(clock->self, &p->timer, pairing_now(p) + PAIRING_PAUSE_MS);
}

static void link_is_over(struct pairing *p)
{
    if (p->comes_again && p->attempts < PAIRING_ATTEMPTS) {
        pause(p);
        return;
    }
    if (p->comes_again)
        remember(p, pairing_gatt_text(PORT_GATT_LOST), pairing_gatt_remedy(PORT_GATT_LOST));
    p->stage = PAIRING_IDLE;
    pairing_settle(p);
}

void pairing_leave(struct pairing *p)
{
    const struct port_gatt *gatt = p->gatt;

    cancel_timers(p);
    if (p->stage == PAIRING_UNLINKED) {
        link_is_over(p);
        return;
    }
    p->stage = PAIRING_LEAVING;
    gatt->disconnect(gatt->self);
}

void pairing_fail(struct pairing *p, const char *error, const char *remedy)
{
    remember(p, error, remedy);
    p->comes_again = false;
    pairing_leave(p);
}

static bool is_worth_another(enum port_gatt_error error)
{
    return error == PORT_GATT_UNREACHABLE || error == PORT_GATT_LOST || error == PORT_GATT_TIMEOUT;
}

void pairing_again(struct pairing *p, enum port_gatt_error error)
{
    p->comes_again = is_worth_another(error) && p->attempts < PAIRING_ATTEMPTS;
    if (!p->comes_again)
        remember(p, pairing_gatt_text(error), pairing_gatt_remedy(error));
    pairing_leave(p);
}

/* ---- what the port says ---- */

static void connected(struct pairing *p, enum port_gatt_error error)
{
    const struct port_clock *clock = p->config.port->clock;

    if (error == PORT_GATT_OK) {
        clock->set(clock->self, &p->limit, pairing_now(p) + PAIRING_TALK_MS);
        pairing_talk(p);
        return;
    }
    p->stage = PAIRING_UNLINKED;
    pairing_again(p, error);
}

static void talked(struct pairing *p, const struct port_gatt_result *result)
{
    if (result->error == PORT_GATT_LOST)
        p->stage = PAIRING_UNLINKED;
    pairing_talk_done(p, result);
}

static void gatt_done(void *user, const struct port_gatt_result *result)
{
    struct pairing *p = user;

    if (p->stage == PAIRING_CONNECTING)
        connected(p, result->error);
    else if (p->stage == PAIRING_TALKING)
        talked(p, result);
}

static void gatt_notified(void *user, uint16_t handle, const uint8_t *data, size_t len)
{
    struct pairing *p = user;

    if (p->stage == PAIRING_TALKING)
        pairing_talk_notified(p, handle, data, len);
}

/* By us, or by the device while it had the word. */
static void gatt_disconnected(void *user)
{
    struct pairing *p = user;
    const struct port_gatt_result lost = { .error = PORT_GATT_LOST };

    if (p->stage == PAIRING_TALKING)
        talked(p, &lost);
    else if (p->stage == PAIRING_LEAVING)
        link_is_over(p);
}

static void granted(void *user, const struct port_gatt *port)
{
    struct pairing *p = user;

    p->gatt = port;
    connect(p);
}

static void fire(void *user)
{
    struct pairing *p = user;

    if (p->stage == PAIRING_PAUSING)
        connect(p);
    else if (p->stage == PAIRING_TALKING)
        pairing_talk_tick(p);
}

/* A device that answers, but only just in time, would keep the adapter for hours. */
static void on_limit(void *user)
{
    struct pairing *p = user;
    const struct port_gatt_result silent = { .error = PORT_GATT_TIMEOUT };

    if (p->stage == PAIRING_TALKING)
        talked(p, &silent);
}

/* ---- begin ---- */

static bool is_legacy(const struct registry_sensor *sensor)
{
    return sensor->product && (sensor->product->flags & BEACON_PRODUCT_LEGACY_KEY);
}

void pairing_start(struct pairing *p, const struct registry_sensor *sensor)
{
    pairing_forget(p);
    p->mac = sensor->mac;
    p->addr_type = sensor->addr_type;
    p->product_id = sensor->product_id;
    p->task = is_legacy(sensor) ? PAIRING_LEGACY : PAIRING_REGISTER;
    p->is_running = true;
    p->is_verified = false;
    p->attempts = 0;
    p->error[0] = '\0';
    p->remedy = "";
    p->stage = PAIRING_WAITING;
    p->state = "waiting";
    gatt_borrow(p->config.gatt, &p->loan);
}

void pairing_stop(struct pairing *p)
{
    if (!p->is_running)
        return;
    remember(p, "it was cancelled", "");
    p->comes_again = false;
    if (p->stage == PAIRING_WAITING || p->stage == PAIRING_PAUSING)
        link_is_over(p);
    else if (p->stage == PAIRING_CONNECTING || p->stage == PAIRING_TALKING)
        pairing_leave(p);
}

static void on_cancelling(void *user)
{
    pairing_stop(user);
}

void pairing_cancel(struct pairing *p)
{
    const struct port_clock *clock = p->config.port->clock;

    clock->set(clock->self, &p->cancelling, pairing_now(p));
}

struct pairing *pairing_create(const struct pairing_config *config)
{
    struct pairing *p = calloc(1, sizeof(*p));

    if (!p)
        return NULL;
    p->config = *config;
    p->timer = (struct timer){ .fire = fire, .user = p };
    p->limit = (struct timer){ .fire = on_limit, .user = p };
    p->cancelling = (struct timer){ .fire = on_cancelling, .user = p };
    p->loan = (struct gatt_loan){ .user = p, .granted = granted };
    p->remedy = "";
    pairing_commands(p);
    return p;
}

void pairing_destroy(struct pairing *p)
{
    if (!p)
        return;
    cancel_timers(p);
    cancel_timer(p, &p->cancelling);
    if (p->is_running)
        gatt_return(p->config.gatt, &p->loan);
    cx_wipe(p, sizeof(*p));
    free(p);
}
