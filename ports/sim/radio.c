#include "sim/radio.h"

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
    timers_set(&radio->clock->timers, &radio->starting, radio->clock->now_ms);
}

static void stop(void *self)
{
    struct sim_radio *radio = self;

    radio->is_on = false;
    timers_cancel(&radio->clock->timers, &radio->starting);
}

void sim_radio_init(struct sim_radio *radio, struct sim_clock *clock)
{
    *radio = (struct sim_radio){
        .port = { .self = radio, .start = start, .stop = stop },
        .clock = clock,
        .starting = { .fire = on_starting, .user = radio },
    };
}

bool sim_radio_hear(struct sim_radio *radio, const struct advert *advert)
{
    struct advert heard = *advert;

    if (!radio->is_on)
        return false;
    heard.heard_ms = radio->clock->now_ms;
    radio->events.advert(radio->events.user, &heard);
    return true;
}

void sim_radio_say(struct sim_radio *radio, enum port_radio_state state, const char *text,
                   const char *remedy)
{
    if (radio->is_on)
        radio->events.state(radio->events.user, "sim", state, text, remedy);
}
