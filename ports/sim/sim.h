/*
 * sim.h: a simulated machine for tests: time moves by hand, and every service of struct port is
 * there and does what the test says. The same program gives the same run every time.
 *
 *     struct sim *sim = sim_new();
 *     gateway_start(sim_port(sim), ...);
 *     sim_radio_hear(&sim->radio, &advert);
 *     sim_advance(sim, 300 * 1000);
 *     assert_int_equal(sim_broker_count(&sim->broker, "tele/mi32/SENSOR"), 1);
 */
#ifndef MI32_PORTS_SIM_SIM_H
#define MI32_PORTS_SIM_SIM_H

#include "port/port.h"

#include "sim/broker.h"
#include "sim/clock.h"
#include "sim/control.h"
#include "sim/gatt.h"
#include "sim/gpio.h"
#include "sim/http.h"
#include "sim/radio.h"
#include "sim/storage.h"

struct files;

struct sim {
    struct sim_clock clock;
    struct sim_radio radio;
    struct sim_broker broker;
    struct sim_control control;
    struct sim_gatt gatt;
    struct sim_http http;
    struct sim_gpio gpio;
    struct storage *storage; /* the disk; what was saved is on it at the next turn of the clock */

    struct port_machine_facts facts;
    unsigned restarts; /* how often it was asked to start anew */

    struct port port; /* private from here on */
    struct files *files;
    struct timer deliver;
    uint64_t random;
    struct port_machine machine;
};

/* NULL without memory. */
struct sim *sim_new(void);
void sim_free(struct sim *sim);

const struct port *sim_port(struct sim *sim);

/* sim_clock_advance(), for the whole machine. */
void sim_advance(struct sim *sim, uint64_t ms);

/*
 * The machine loses its power and gets it back, with a disk that has lost what `loss` says. Saves
 * under way fail, their `done` is called from inside; apart from that there is silence: timers,
 * connections and clients are gone and the radio is off. The time goes on, and so do the random
 * numbers. Take down whatever used the port after this call, and make it anew.
 */
void sim_lose_power(struct sim *sim, enum storage_loss loss);

#endif
