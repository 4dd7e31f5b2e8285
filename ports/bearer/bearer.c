#include "bearer/bearer.h"

#include <assert.h>

/* ---- timers ---- */

static uint64_t now_ms(const struct bearer *bearer)
{
    return bearer->clock->now_ms(bearer->clock->self);
}

static void set_timer(struct bearer *bearer, struct timer *timer, uint64_t at_ms)
{
    bearer->clock->set(bearer->clock->self, timer, at_ms);
}

static void cancel_timer(struct bearer *bearer, struct timer *timer)
{
    bearer->clock->cancel(bearer->clock->self, timer);
}

static void stop_timers(struct bearer *bearer)
{
    cancel_timer(bearer, &bearer->limit);
    cancel_timer(bearer, &bearer->answer);
    cancel_timer(bearer, &bearer->later);
}

/* ---- the end of an operation ---- */

static enum port_gatt_error error_of(enum att_error error)
{
    static const enum port_gatt_error errors[] = {
        [ATT_OK] = PORT_GATT_OK,
        [ATT_E_NO_SERVICE] = PORT_GATT_NO_SERVICE,
        [ATT_E_NO_CHARACTERISTIC] = PORT_GATT_NO_CHARACTERISTIC,
        [ATT_E_NOT_PERMITTED] = PORT_GATT_NOT_PERMITTED,
        [ATT_E_NOT_SECURE] = PORT_GATT_NOT_SECURE,
        [ATT_E_REFUSED] = PORT_GATT_REFUSED,
        [ATT_E_TOO_LONG] = PORT_GATT_TOO_LONG,
        [ATT_E_MALFORMED] = PORT_GATT_REFUSED,
        [ATT_E_TIMEOUT] = PORT_GATT_TIMEOUT,
    };

    return errors[error];
}

static void tell_done(struct bearer *bearer, const struct port_gatt_result *result)
{
    bearer->is_busy = false;
    bearer->events.done(bearer->events.user, result);
}

/* There is no channel any more. */
static void end(struct bearer *bearer)
{
    stop_timers(bearer);
    bearer->state = BEARER_CLOSED;
}

static void tell_not_connected(struct bearer *bearer, enum port_gatt_error why)
{
    end(bearer);
    tell_done(bearer, &(struct port_gatt_result){ .error = why });
}

static void give_up(struct bearer *bearer, enum port_gatt_error why)
{
    bearer->calls.close(bearer->calls.self);
    tell_not_connected(bearer, why);
}

/* The engine's operation has ended: the exchange of MTUs is the last part of connecting. */
static void operation_ended(struct bearer *bearer)
{
    const struct att_result *att = &bearer->att.result;
    const struct port_gatt_result result = {
        .error = error_of(att->error),
        .data = att->data,
        .len = att->len,
        .found = { att->found.handle, att->found.end, att->found.properties },
    };

    if (bearer->state == BEARER_OPENING) {
        if (att->error != ATT_OK) {
            give_up(bearer, PORT_GATT_UNREACHABLE);
            return;
        }
        cancel_timer(bearer, &bearer->limit);
        bearer->state = BEARER_OPEN;
    }
    tell_done(bearer, &result);
}

/* ---- the engine's needs ---- */

static void set_answer_timer(struct bearer *bearer)
{
    const uint64_t at_ms = att_deadline(&bearer->att);

    if (at_ms == ATT_NO_TIME)
        cancel_timer(bearer, &bearer->answer);
    else
        set_timer(bearer, &bearer->answer, at_ms);
}

/* What ended inside a call is told a little later. */
static void note(struct bearer *bearer, enum att_event event)
{
    if (event == ATT_DONE)
        set_timer(bearer, &bearer->later, now_ms(bearer));
}

static void send_all(struct bearer *bearer)
{
    const uint8_t *pdu;
    size_t len;

    while ((pdu = att_pending(&bearer->att, &len)) &&
           bearer->calls.send(bearer->calls.self, pdu, len))
        note(bearer, att_sent(&bearer->att, now_ms(bearer)));
    set_answer_timer(bearer);
}

static void raise_security(struct bearer *bearer)
{
    set_timer(bearer, &bearer->limit, now_ms(bearer) + BEARER_SECURE_MS);
    bearer->calls.secure(bearer->calls.self);
}

/* An event from outside any call of the user. The user is told last: it may start anything. */
static void handle(struct bearer *bearer, enum att_event event)
{
    const struct att_value *value = &bearer->att.value;

    send_all(bearer);
    switch (event) {
    case ATT_NOTHING:
        break;
    case ATT_DONE:
        operation_ended(bearer);
        break;
    case ATT_VALUE:
        if (bearer->state == BEARER_OPEN)
            bearer->events.notified(bearer->events.user, value->handle, value->data, value->len);
        break;
    case ATT_SECURE:
        raise_security(bearer);
        break;
    }
}

/* ---- what happens on the channel ---- */

static bool has_channel(const struct bearer *bearer)
{
    return bearer->state == BEARER_OPENING || bearer->state == BEARER_OPEN;
}

void bearer_opened(struct bearer *bearer)
{
    if (bearer->state == BEARER_OPENING)
        handle(bearer, att_exchange_mtu(&bearer->att));
}

void bearer_closed(struct bearer *bearer, enum port_gatt_error why)
{
    if (bearer->state == BEARER_OPENING) {
        tell_not_connected(bearer, why);
    } else if (bearer->state == BEARER_OPEN) {
        end(bearer);
        if (bearer->is_busy)
            tell_done(bearer, &(struct port_gatt_result){ .error = PORT_GATT_LOST });
        else
            bearer->events.disconnected(bearer->events.user);
    }
}

void bearer_received(struct bearer *bearer, const uint8_t *pdu, size_t len)
{
    if (has_channel(bearer))
        handle(bearer, att_feed(&bearer->att, pdu, len));
}

void bearer_writable(struct bearer *bearer)
{
    if (has_channel(bearer))
        send_all(bearer);
}

void bearer_secured(struct bearer *bearer, bool ok)
{
    if (bearer->state != BEARER_OPEN)
        return;
    cancel_timer(bearer, &bearer->limit);
    handle(bearer, att_secured(&bearer->att, ok));
}

/* ---- time ---- */

static void on_limit(void *user)
{
    struct bearer *bearer = user;

    if (bearer->state == BEARER_OPENING)
        give_up(bearer, PORT_GATT_UNREACHABLE);
    else
        bearer_secured(bearer, false);
}

static void on_answer_due(void *user)
{
    struct bearer *bearer = user;

    handle(bearer, att_tick(&bearer->att, now_ms(bearer)));
}

static void on_later(void *user)
{
    struct bearer *bearer = user;

    if (bearer->state == BEARER_ENDING) {
        bearer->state = BEARER_CLOSED;
        bearer->events.disconnected(bearer->events.user);
    } else {
        operation_ended(bearer);
    }
}

/* ---- port/gatt.h ---- */

static void connect_to(void *self, struct mac addr, uint8_t addr_type, uint32_t timeout_ms,
                       const struct port_gatt_events *events)
{
    struct bearer *bearer = self;

    assert(bearer->state == BEARER_CLOSED);
    bearer->events = *events;
    bearer->state = BEARER_OPENING;
    bearer->is_busy = true;
    att_init(&bearer->att, bearer->att.own_mtu);
    set_timer(bearer, &bearer->limit, now_ms(bearer) + timeout_ms);
    bearer->calls.open(bearer->calls.self, addr, addr_type);
}

/* An operation begins; what it came to at once is told later. */
static void begin(struct bearer *bearer, enum att_event event)
{
    bearer->is_busy = true;
    note(bearer, event);
    send_all(bearer);
}

/* Each operation needs a connection, and has it for itself. */
static struct att *engine(struct bearer *bearer)
{
    assert(bearer->state == BEARER_OPEN && !bearer->is_busy);
    return &bearer->att;
}

static void find(void *self, const struct uuid *service, const struct uuid *characteristic,
                 uint16_t after)
{
    begin(self, att_find(engine(self), service, characteristic, after));
}

static void read_value(void *self, uint16_t handle)
{
    begin(self, att_read(engine(self), handle));
}

static void write_value(void *self, uint16_t handle, const uint8_t *data, size_t len,
                        bool with_response)
{
    struct att *att = engine(self);

    begin(self, with_response ? att_write(att, handle, data, len)
                              : att_write_silently(att, handle, data, len));
}

static void subscribe(void *self, const struct port_gatt_char *characteristic)
{
    const struct att_char it = {
        .handle = characteristic->handle,
        .end = characteristic->end,
        .properties = characteristic->properties,
    };

    begin(self, att_subscribe(engine(self), &it));
}

static void disconnect(void *self)
{
    struct bearer *bearer = self;

    if (!has_channel(bearer))
        return;
    bearer->calls.close(bearer->calls.self);
    stop_timers(bearer);
    bearer->state = BEARER_ENDING;
    bearer->is_busy = false;
    set_timer(bearer, &bearer->later, now_ms(bearer));
}

void bearer_init(struct bearer *bearer, const struct bearer_calls *calls,
                 const struct port_clock *clock, uint16_t mtu)
{
    *bearer = (struct bearer){
        .port = { bearer, connect_to, find, read_value, write_value, subscribe, disconnect },
        .calls = *calls,
        .clock = clock,
        .limit = { .fire = on_limit, .user = bearer },
        .answer = { .fire = on_answer_due, .user = bearer },
        .later = { .fire = on_later, .user = bearer },
    };
    att_init(&bearer->att, mtu);
}

void bearer_stop(struct bearer *bearer)
{
    if (has_channel(bearer))
        bearer->calls.close(bearer->calls.self);
    end(bearer);
}
