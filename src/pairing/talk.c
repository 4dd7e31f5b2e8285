/* talk.c: carries a dialogue's operations to the device and the device's words to the dialogue. */
#include "pairing/pairing_private.h"

#include "crypto/crypto.h"

#include <stdio.h>
#include <string.h>

/* ---- begin ---- */

static void begin_registration(struct pairing *p)
{
    const struct port *port = p->config.port;
    uint8_t secret[32], chance[6];

    port->random(port->random_self, secret, sizeof(secret));
    port->random(port->random_self, chance, sizeof(chance));
    mijia_register(&p->dialogue, secret, chance, pairing_now(p));
    cx_wipe(secret, sizeof(secret));
    pairing_tell(p, "activating");
}

static void begin_legacy(struct pairing *p)
{
    const struct port *port = p->config.port;
    uint8_t chance[12];

    port->random(port->random_self, chance, sizeof(chance));
    mijia_legacy(&p->dialogue, p->mac, p->product_id, chance, pairing_now(p));
    cx_wipe(chance, sizeof(chance));
    pairing_tell(p, "reading");
}

static void begin_login(struct pairing *p)
{
    const struct port *port = p->config.port;
    uint8_t chance[16];

    port->random(port->random_self, chance, sizeof(chance));
    mijia_login(&p->dialogue, p->keys.token, chance, pairing_now(p));
    pairing_tell(p, "verifying");
}

/* ---- what came of it ---- */

static void take_keys(struct pairing *p, enum pairing_store store)
{
    p->keys = *mijia_keys(&p->dialogue);
    p->store = store;
}

/* The device has given its key: it is worth everything from now on, so it is saved first and proven
 * then. */
static void has_key(struct pairing *p)
{
    take_keys(p, PAIRING_SAVING);
    pairing_store(p);
}

static void logged_in(struct pairing *p)
{
    p->is_verified = true;
    if (p->store == PAIRING_UNSURE)
        pairing_store(p);
}

/* Takes what a dialogue gave that came to its good end. True when a login is due. */
static bool harvest(struct pairing *p)
{
    const bool is_to_prove = p->task == PAIRING_REGISTER;

    if (p->task == PAIRING_LOGIN)
        logged_in(p);
    else
        has_key(p);
    p->task = PAIRING_LOGIN;
    return is_to_prove;
}

/* The last word was said and no verdict came. The login will tell, on a new connection. */
static void doubt(struct pairing *p)
{
    take_keys(p, PAIRING_UNSURE);
    p->task = PAIRING_LOGIN;
}

static void login_failed(struct pairing *p, enum mijia_result result)
{
    if (p->store == PAIRING_UNSURE && result == MIJIA_E_LOGIN_REFUSED)
        pairing_forget(p); /* it did not take the key: the old one, where there was one, is right */
    pairing_fail(p, mijia_result_text(result), mijia_result_remedy(result));
}

static void talk_failed(struct pairing *p, enum mijia_result result)
{
    if (p->task == PAIRING_REGISTER && mijia_is_undecided(&p->dialogue)) {
        doubt(p);
        p->comes_again = true;
        pairing_leave(p);
    } else if (p->task == PAIRING_LOGIN) {
        login_failed(p, result);
    } else {
        pairing_fail(p, mijia_result_text(result), mijia_result_remedy(result));
    }
}

static void judge(struct pairing *p, enum mijia_result result)
{
    if (result != MIJIA_DONE)
        talk_failed(p, result);
    else if (harvest(p))
        pairing_talk(p);
    else
        pairing_leave(p);
}

/* ---- operations ---- */

static const struct port_gatt_char *known(const struct pairing *p, uint16_t number)
{
    for (size_t i = 0; i < p->n_chars; i++) {
        if (p->chars[i].number == number)
            return &p->chars[i].found;
    }
    return NULL;
}

static void find(struct pairing *p)
{
    const struct port_gatt *gatt = p->gatt;
    const struct uuid service = uuid_from_16(MIJIA_SERVICE);
    const struct uuid characteristic = uuid_from_16(p->op.characteristic);

    p->is_finding = true;
    gatt->find(gatt->self, &service, &characteristic, 0);
}

static void perform(struct pairing *p)
{
    const struct port_gatt *gatt = p->gatt;
    const struct port_gatt_char *at = known(p, p->op.characteristic);

    p->is_busy = true;
    if (!at) {
        find(p);
        return;
    }
    switch (p->op.kind) {
    case MIJIA_SUBSCRIBE:
        gatt->subscribe(gatt->self, at);
        break;
    case MIJIA_WRITE:
        gatt->write(gatt->self, at->handle, p->op.data, p->op.len,
                    (at->properties & PORT_GATT_CAN_WRITE) != 0);
        break;
    case MIJIA_READ:
        gatt->read(gatt->self, at->handle);
        break;
    }
}

/* Goes on where it can: the next operation, or the judgement, or waiting. */
static void pump(struct pairing *p)
{
    const struct port_clock *clock = p->config.port->clock;

    if (p->is_busy)
        return;
    if (mijia_next(&p->dialogue, &p->op, pairing_now(p)))
        perform(p);
    else if (mijia_result(&p->dialogue) != MIJIA_UNDER_WAY)
        judge(p, mijia_result(&p->dialogue));
    else
        clock->set(clock->self, &p->timer, mijia_deadline(&p->dialogue));
}

void pairing_talk(struct pairing *p)
{
    static void (*const begin[])(struct pairing *) = {
        [PAIRING_REGISTER] = begin_registration,
        [PAIRING_LEGACY] = begin_legacy,
        [PAIRING_LOGIN] = begin_login,
    };

    p->stage = PAIRING_TALKING;
    begin[p->task](p);
    pump(p);
}

/* ---- what comes back ---- */

/* The verdict may have come while the operation that failed was still under way. */
static void op_failed(struct pairing *p, enum port_gatt_error error)
{
    const bool is_done = mijia_result(&p->dialogue) == MIJIA_DONE;

    if (is_done && !harvest(p)) {
        pairing_leave(p);
        return;
    }
    if (!is_done && p->task == PAIRING_REGISTER && mijia_is_undecided(&p->dialogue))
        doubt(p);
    pairing_again(p, error);
}

/* A value that is not there is for the dialogue to judge. */
static bool is_over(const struct pairing *p, enum port_gatt_error error)
{
    if (p->op.kind == MIJIA_READ)
        return error == PORT_GATT_LOST || error == PORT_GATT_TIMEOUT;
    return error != PORT_GATT_OK;
}

static void found(struct pairing *p, const struct port_gatt_result *result)
{
    p->is_finding = false;
    if (result->error != PORT_GATT_OK) {
        mijia_read(&p->dialogue, NULL, 0, pairing_now(p)); /* it must have been a read */
        pump(p);
        return;
    }
    if (p->n_chars < PAIRING_CHARS)
        p->chars[p->n_chars++] = (struct pairing_char){ p->op.characteristic, result->found };
    perform(p);
}

void pairing_talk_done(struct pairing *p, const struct port_gatt_result *result)
{
    p->is_busy = false;
    if (is_over(p, result->error)) {
        p->is_finding = false;
        op_failed(p, result->error);
        return;
    }
    if (p->is_finding) {
        found(p, result);
        return;
    }
    if (p->op.kind == MIJIA_READ)
        mijia_read(&p->dialogue, result->data, result->error == PORT_GATT_OK ? result->len : 0,
                   pairing_now(p));
    pump(p);
}

void pairing_talk_notified(struct pairing *p, uint16_t handle, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < p->n_chars; i++) {
        if (p->chars[i].found.handle == handle)
            mijia_notified(&p->dialogue, p->chars[i].number, data, len, pairing_now(p));
    }
    pump(p);
}

void pairing_talk_tick(struct pairing *p)
{
    mijia_tick(&p->dialogue, pairing_now(p));
    pump(p);
}
