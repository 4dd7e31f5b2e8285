#include "sim/sim.h"

#include "files/files.h"

#include <stdlib.h>

#define RANDOM_SEED 0x6d693332u

/* splitmix64: the same row of numbers in every run. */
static uint8_t next_random(struct sim *sim)
{
    uint64_t x = sim->random += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return (uint8_t)(x >> 56);
}

static void fill_random(void *random_self, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = next_random(random_self);
}

static void deliver(void *user)
{
    struct sim *sim = user;

    files_deliver(sim->files);
}

static void wake(void *user)
{
    struct sim *sim = user;

    timers_set(&sim->clock.timers, &sim->deliver, sim->clock.now_ms);
}

static bool open_files(struct sim *sim)
{
    const struct files_setup setup = {
        .calls = storage_calls(sim->storage),
        .has_thread = false,
        .wake = wake,
        .user = sim,
    };

    sim->files = files_open(&setup);
    sim->port.files = sim->files ? files_port(sim->files) : NULL;
    return sim->files != NULL;
}

static void look(void *self, struct port_machine_facts *out)
{
    const struct sim *sim = self;

    *out = sim->facts;
}

static const char *start_reason(void *self)
{
    const struct sim *sim = self;

    return sim->restarts > 0 ? "Software/System restart" : "Power On";
}

static bool restart(void *self)
{
    struct sim *sim = self;

    sim->restarts++;
    return true;
}

/* A small machine in a small net. */
static void open_machine(struct sim *sim)
{
    sim->facts = (struct port_machine_facts){
        .hostname = "house",
        .hardware = "simulated",
        .address = "192.0.2.10",
        .netmask = "255.255.255.0",
        .gateway = "192.0.2.1",
        .dns = "192.0.2.1",
        .mac = { { 0xdc, 0xa6, 0x32, 0xaa, 0xbb, 0xcc } },
        .program_kb = 1024,
        .memory_kb = 65536,
        .load = 7,
    };
    sim->machine = (struct port_machine){ sim, look, start_reason, restart };
    sim->port.machine = &sim->machine;
}

struct sim *sim_new(void)
{
    struct sim *sim = calloc(1, sizeof(*sim));

    if (!sim)
        return NULL;
    sim_clock_init(&sim->clock);
    sim_radio_init(&sim->radio, &sim->clock);
    sim_broker_init(&sim->broker, &sim->clock);
    sim_control_init(&sim->control, &sim->clock);
    sim_gatt_init(&sim->gatt, &sim->clock);
    sim_http_init(&sim->http);
    sim_gpio_init(&sim->gpio);
    sim->deliver = (struct timer){ .fire = deliver, .user = sim };
    sim->random = RANDOM_SEED;
    sim->port = (struct port){
        .clock = &sim->clock.port,
        .radio = &sim->radio.port,
        .mqtt = &sim->broker.port,
        .control = &sim->control.port,
        .gatt = &sim->gatt.bearer.port,
        .http = &sim->http.port,
        .gpio = &sim->gpio.port,
        .random_self = sim,
        .random = fill_random,
    };
    open_machine(sim);
    sim->storage = storage_new();
    if (sim->storage && open_files(sim))
        return sim;
    sim_free(sim);
    return NULL;
}

void sim_free(struct sim *sim)
{
    if (!sim)
        return;
    if (sim->files)
        files_close(sim->files);
    if (sim->storage)
        storage_free(sim->storage);
    sim_broker_clear(&sim->broker);
    sim_control_clear(&sim->control);
    free(sim);
}

const struct port *sim_port(struct sim *sim)
{
    return &sim->port;
}

void sim_advance(struct sim *sim, uint64_t ms)
{
    sim_clock_advance(&sim->clock, ms);
}

void sim_lose_power(struct sim *sim, enum storage_loss loss)
{
    storage_cut_after(sim->storage, 0);
    files_close(sim->files);
    storage_power_on(sim->storage, loss);
    while (sim->clock.timers.first)
        timers_cancel(&sim->clock.timers, sim->clock.timers.first);
    sim->radio.port.stop(&sim->radio);
    sim->broker.port.disconnect(&sim->broker);
    sim->control.port.close(&sim->control);
    sim_gatt_stop(&sim->gatt);
    sim_http_stop(&sim->http);
    sim_gpio_stop(&sim->gpio);
    if (!open_files(sim))
        abort();
}
