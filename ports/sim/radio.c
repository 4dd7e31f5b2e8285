#include "sim/radio.h"

#include "capture/keep_out.h"

#include <stdio.h>

static void on_starting(void *user)
{
    sim_radio_say(user, PORT_RADIO_LISTENING, "", "");
}

static void start(void *self, const struct port_radio_events *events, bool active)
{
    struct sim_radio *radio = self;

    radio->events = *events;
    radio->is_on = true;
    radio->is_active = active;
    radio->state = PORT_RADIO_WAITING;
    timers_set(&radio->clock->timers, &radio->starting, radio->clock->now_ms);
}

static void stop(void *self)
{
    struct sim_radio *radio = self;

    radio->is_on = false;
    timers_cancel(&radio->clock->timers, &radio->starting);
}

static void tune(void *self, const struct port_radio_tuning *tuning)
{
    struct sim_radio *radio = self;

    radio->tuning = *tuning;
}

static void recover(void *self, unsigned number)
{
    struct sim_radio *radio = self;

    radio->recoveries += number == 0;
}

static bool figures(void *self, unsigned number, struct port_radio_figures *out)
{
    const struct sim_radio *radio = self;

    if (number != 0)
        return false;
    *out = (struct port_radio_figures){
        .name = "sim",
        .route = "sim",
        .state = radio->is_on ? radio->state : PORT_RADIO_WAITING,
        .text = radio->text,
        .remedy = "",
        .received = radio->received,
        .adverts = radio->received - radio->kept_out,
        .kept_out = radio->kept_out,
        .restarts = radio->recoveries,
        .duty_permille = 1000,
    };
    return true;
}

void sim_radio_init(struct sim_radio *radio, struct sim_clock *clock)
{
    *radio = (struct sim_radio){
        .port = { radio, start, stop, tune, recover, figures },
        .clock = clock,
        .starting = { .fire = on_starting, .user = radio },
    };
}

bool sim_radio_hear(struct sim_radio *radio, const struct advert *advert)
{
    struct advert heard = *advert;

    if (!radio->is_on)
        return false;
    radio->received++;
    if (keeps_out(&radio->tuning.lists, advert->addr)) {
        radio->kept_out++;
        return true;
    }
    heard.heard_ms = radio->clock->now_ms;
    radio->events.advert(radio->events.user, &heard);
    return true;
}

void sim_radio_say(struct sim_radio *radio, enum port_radio_state state, const char *text,
                   const char *remedy)
{
    if (!radio->is_on)
        return;
    radio->state = state;
    snprintf(radio->text, sizeof(radio->text), "%s", text);
    radio->events.state(radio->events.user, "sim", state, text, remedy);
}
