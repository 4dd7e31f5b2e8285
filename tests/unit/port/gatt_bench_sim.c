#include "gatt_bench.h"

#include "sim/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct sim *sim;
static struct sim_peer peer;
static struct sim_gatt_device *device;

int gatt_bench_setup(void **state)
{
    (void)state;
    sim = sim_new();
    if (!sim)
        return -1;
    sim_peer_init(&peer);
    device = sim_gatt_add(&sim->gatt, BENCH_MAC, 1, &peer);
    return 0;
}

int gatt_bench_teardown(void **state)
{
    (void)state;
    sim_free(sim);
    return 0;
}

const struct port_gatt *gatt_bench_port(void)
{
    return sim_port(sim)->gatt;
}

struct sim_peer *gatt_bench_peer(void)
{
    return &peer;
}

void gatt_bench_reach(enum sim_gatt_reach reach)
{
    device->reach = reach;
}

void gatt_bench_take_adapter(void)
{
    sim->gatt.has_no_adapter = true;
}

void gatt_bench_drop(void)
{
    sim_gatt_drop(&sim->gatt);
}

void gatt_bench_until(const bool *condition)
{
    for (int ms = 0; !*condition && ms < 60000; ms++)
        sim_advance(sim, 1);
    assert_true(*condition);
}
