#include "bench.h"

#include "sim/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct sim *sim;

int bench_setup(void **state)
{
    (void)state;
    sim = sim_new();
    if (!sim)
        return -1;
    sim_broker_set_health(&sim->broker, SIM_BROKER_DOWN);
    return 0;
}

int bench_teardown(void **state)
{
    (void)state;
    sim_free(sim);
    return 0;
}

const struct port *bench_port(void)
{
    return sim_port(sim);
}

void bench_hear(uint8_t sender, const void *data, size_t len)
{
    const struct advert advert = {
        .addr = { { 0xa4, 0xc1, 0x38, 0, 0, sender } },
        .rssi = -60,
        .len = (uint16_t)len,
        .data = data,
    };

    sim_radio_hear(&sim->radio, &advert);
}

void bench_reopen_files(void)
{
    sim_lose_power(sim, STORAGE_LOSE_NOTHING);
}

void bench_until(const bool *condition)
{
    for (int ms = 0; !*condition && ms < 20000; ms++)
        sim_advance(sim, 1);
    assert_true(*condition);
}
