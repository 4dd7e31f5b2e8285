/* radio.h: a radio that hears what the test says. For recordings and generators use
 * capture/replay.h with the simulated clock. */
#ifndef MI32_PORTS_SIM_RADIO_H
#define MI32_PORTS_SIM_RADIO_H

#include "port/radio.h"

#include "sim/clock.h"

struct sim_radio {
    struct port_radio port;
    struct sim_clock *clock;
    struct timer starting;
    struct port_radio_events events;
    bool is_on, is_active;
    enum port_radio_state state; /* as sim_radio_say() said last */
    char text[64];               /* likewise */
    struct port_radio_tuning tuning;
    uint64_t received, kept_out;
    uint32_t recoveries; /* how often recover() was called */
};

/* Called "sim"; listens one turn of the clock after start(). */
void sim_radio_init(struct sim_radio *radio, struct sim_clock *clock);

/* One advert, heard now; heard_ms is set to that. False when nobody
 * listens; true also for a sender that the lists of tune() keep out. */
bool sim_radio_hear(struct sim_radio *radio, const struct advert *advert);

/* A change of state; nothing when the radio is off. */
void sim_radio_say(struct sim_radio *radio, enum port_radio_state state, const char *text,
                   const char *remedy);

#endif
