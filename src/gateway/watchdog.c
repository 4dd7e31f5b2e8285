/*
 * watchdog.c: a radio that listens and hears nobody for longer than is normal here is told to do
 * something about it (port_radio.recover), and again each time that it could have helped and did
 * not. What is normal is the registry's to know: 10 times the longest silence, at least 60 s.
 */
#include "gateway_private.h"

#define STAGES      3 /* of port_radio.recover(); after that it is tried less and less often */
#define PATIENCE_MS (UINT64_C(60) * 60 * 1000)

static uint64_t patience_ms(const struct gateway_watch *watch, uint64_t limit_ms)
{
    for (unsigned i = STAGES; i <= watch->tries && limit_ms < PATIENCE_MS; i += STAGES)
        limit_ms *= 2;
    return limit_ms < PATIENCE_MS ? limit_ms : PATIENCE_MS;
}

/* A radio that could not hear has not found out how long its neighbours are silent. */
static void begin_anew(struct gateway *gw, unsigned radio, uint64_t now_ms)
{
    gw->watches[radio].since_ms = now_ms;
    registry_radio_deaf(gw->registry, radio);
}

static void look_at(struct gateway *gw, unsigned radio, const struct port_radio_figures *figures,
                    uint64_t now_ms)
{
    struct gateway_watch *watch = &gw->watches[radio];
    uint64_t limit_ms;

    registry_radio_silence(gw->registry, radio, &limit_ms);
    if (figures->received != watch->received) {
        *watch = (struct gateway_watch){ .received = figures->received, .since_ms = now_ms };
    } else if (figures->state != PORT_RADIO_LISTENING) {
        begin_anew(gw, radio, now_ms);
    } else if (now_ms - watch->since_ms >= patience_ms(watch, limit_ms)) {
        watch->tries++;
        begin_anew(gw, radio, now_ms);
        gw->port->radio->recover(gw->port->radio->self, radio);
    }
}

void gateway_watch_radios(struct gateway *gw)
{
    const struct port_radio *radio = gw->port->radio;
    const uint64_t now_ms = gw->port->clock->now_ms(gw->port->clock->self);
    struct port_radio_figures figures;

    for (unsigned n = 0; n < REGISTRY_RADIOS && radio->figures(radio->self, n, &figures); n++)
        look_at(gw, n, &figures, now_ms);
}

void gateway_watch_begin(struct gateway *gw)
{
    const uint64_t now_ms = gw->port->clock->now_ms(gw->port->clock->self);

    for (unsigned n = 0; n < REGISTRY_RADIOS; n++) {
        gw->watches[n] = (struct gateway_watch){ .since_ms = now_ms };
        registry_radio_deaf(gw->registry, n);
    }
}
