#include "relay/relay.h"

#include <stdio.h>
#include <stdlib.h>

struct relay {
    struct relays *all;
    struct relay_wiring wiring;
    struct port_gpio_line *line; /* NULL where it could not be had */
    enum port_gpio_error problem;
    bool is_on;
    struct timer blink;
    unsigned blinks_left; /* changes; 0: it does not blink */
    bool before;          /* it blinked */
};

struct relays {
    struct relay_config config;
    struct relay relays[RELAY_MAX];
};

static const struct relay *find(const struct relays *relays, unsigned number)
{
    static const struct relay none = { .wiring = { .kind = RELAY_NONE } };

    return relays && number >= 1 && number <= RELAY_MAX ? &relays->relays[number - 1] : &none;
}

/* ---- the line ---- */

static bool level_of(const struct relay *relay, bool on)
{
    return on != relay->wiring.is_inverted;
}

static void let_go(struct relay *relay)
{
    const struct port_gpio *gpio = relay->all->config.gpio;

    if (relay->line)
        gpio->release(gpio->self, relay->line);
    relay->line = NULL;
}

static enum port_gpio_error drive(struct relay *relay, bool on)
{
    const struct port_gpio *gpio = relay->all->config.gpio;
    const struct relay_wiring *wiring = &relay->wiring;

    relay->problem = PORT_GPIO_OK;
    if (wiring->kind != RELAY_GPIO)
        return PORT_GPIO_OK;
    if (relay->line && gpio->set(gpio->self, relay->line, level_of(relay, on)) == PORT_GPIO_OK)
        return PORT_GPIO_OK;
    let_go(relay); /* a chip that was away and is back knows nothing of us */
    relay->problem =
        gpio->take(gpio->self, wiring->chip, wiring->line, level_of(relay, on), &relay->line);
    return relay->problem;
}

static enum port_gpio_error change(struct relay *relay, bool on)
{
    const struct relay_config *config = &relay->all->config;
    const enum port_gpio_error error = drive(relay, on);

    if (error != PORT_GPIO_OK || relay->is_on == on)
        return error;
    relay->is_on = on;
    config->on_change(config->user, (unsigned)(relay - relay->all->relays) + 1);
    return PORT_GPIO_OK;
}

/* ---- blinking ---- */

static void forget_blinking(struct relay *relay)
{
    const struct port_clock *clock = relay->all->config.clock;

    clock->cancel(clock->self, &relay->blink);
    relay->blinks_left = 0;
}

static void blink(void *user)
{
    struct relay *relay = user;
    const struct port_clock *clock = relay->all->config.clock;

    relay->blinks_left--;
    if (relay->blinks_left > 0)
        clock->set(clock->self, &relay->blink, clock->now_ms(clock->self) + RELAY_BLINK_MS);
    change(relay, relay->blinks_left > 0 ? !relay->is_on : relay->before);
}

void relay_blink(struct relays *relays, unsigned number)
{
    if (!relay_is_there(relays, number))
        return;
    struct relay *relay = &relays->relays[number - 1];
    if (relay->blinks_left == 0)
        relay->before = relay->is_on;
    relay->blinks_left = 2 * RELAY_BLINKS + 1;
    blink(relay);
}

void relay_blink_end(struct relays *relays, unsigned number)
{
    if (!relay_is_blinking(relays, number))
        return;
    struct relay *relay = &relays->relays[number - 1];
    forget_blinking(relay);
    change(relay, relay->before);
}

/* ---- the relays ---- */

enum port_gpio_error relay_wire(struct relays *relays, unsigned number,
                                const struct relay_wiring *wiring, bool on)
{
    struct relay *relay = &relays->relays[number - 1];

    forget_blinking(relay);
    let_go(relay);
    relay->wiring = *wiring;
    relay->is_on = on && wiring->kind != RELAY_NONE;
    return drive(relay, relay->is_on);
}

enum port_gpio_error relay_set(struct relays *relays, unsigned number, bool on)
{
    if (!relay_is_there(relays, number))
        return PORT_GPIO_NO_LINE;
    struct relay *relay = &relays->relays[number - 1];
    forget_blinking(relay);
    return change(relay, on);
}

bool relay_is_there(const struct relays *relays, unsigned number)
{
    return find(relays, number)->wiring.kind != RELAY_NONE;
}

bool relay_is_on(const struct relays *relays, unsigned number)
{
    return find(relays, number)->is_on;
}

bool relay_is_blinking(const struct relays *relays, unsigned number)
{
    return find(relays, number)->blinks_left > 0;
}

enum port_gpio_error relay_problem(const struct relays *relays, unsigned number)
{
    return find(relays, number)->problem;
}

const struct relay_wiring *relay_wiring(const struct relays *relays, unsigned number)
{
    return &find(relays, number)->wiring;
}

unsigned relay_count(const struct relays *relays)
{
    unsigned count = 0;

    for (unsigned number = 1; number <= RELAY_MAX; number++)
        count += relay_is_there(relays, number);
    return count;
}

char *relay_name(const struct relays *relays, unsigned number, bool with_number, char *out)
{
    if (number == 1 && relay_count(relays) == 1 && !with_number)
        snprintf(out, RELAY_NAME_SIZE, "POWER");
    else
        snprintf(out, RELAY_NAME_SIZE, "POWER%u", number % 10);
    return out;
}

/* ---- life ---- */

struct relays *relay_create(const struct relay_config *config)
{
    struct relays *relays = calloc(1, sizeof(*relays));

    if (!relays)
        return NULL;
    relays->config = *config;
    for (unsigned i = 0; i < RELAY_MAX; i++) {
        relays->relays[i].all = relays;
        relays->relays[i].blink = (struct timer){ .fire = blink, .user = &relays->relays[i] };
    }
    return relays;
}

void relay_destroy(struct relays *relays)
{
    if (!relays)
        return;
    for (unsigned i = 0; i < RELAY_MAX; i++) {
        forget_blinking(&relays->relays[i]);
        let_go(&relays->relays[i]);
    }
    free(relays);
}
