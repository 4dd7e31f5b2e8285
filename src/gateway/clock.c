/* clock.c: the port's clock, whose local time is that of the settings. */
#include "gateway_private.h"

static uint64_t now_ms(void *self)
{
    const struct gateway *gw = self;

    return gw->system->now_ms(gw->system->self);
}

static bool wall_ms(void *self, int64_t *unix_ms)
{
    const struct gateway *gw = self;

    return gw->system->wall_ms(gw->system->self, unix_ms);
}

static int32_t utc_offset_s(void *self, int64_t unix_s)
{
    const struct gateway *gw = self;

    return settings_utc_offset_s(gw->settings, gw->system->utc_offset_s(gw->system->self, unix_s),
                                 unix_s);
}

static void set(void *self, struct timer *timer, uint64_t at_ms)
{
    const struct gateway *gw = self;

    gw->system->set(gw->system->self, timer, at_ms);
}

static void cancel(void *self, struct timer *timer)
{
    const struct gateway *gw = self;

    gw->system->cancel(gw->system->self, timer);
}

const struct port_clock *gateway_clock(const struct gateway *gw)
{
    return &gw->clock;
}

void gateway_open_clock(struct gateway *gw, const struct port *port)
{
    gw->system = port->clock;
    gw->clock = (struct port_clock){ .self = gw,
                                     .now_ms = now_ms,
                                     .wall_ms = wall_ms,
                                     .utc_offset_s = utc_offset_s,
                                     .set = set,
                                     .cancel = cancel };
    gw->own_port = *port;
    gw->own_port.clock = &gw->clock;
    gw->port = &gw->own_port;
}
