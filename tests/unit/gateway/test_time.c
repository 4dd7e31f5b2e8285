/* Local time is that of Timezone, everywhere: the port's zone counts for nothing then. */
#include "gateway/gateway.h"

#include "sim/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct sim *sim;
static struct gateway *gw;
static char reply[256];

static int setup(void **state)
{
    struct gateway_config config = { .hostname = "house", .sensors = 32 };

    (void)state;
    sim = sim_new();
    config.port = sim_port(sim);
    gw = gateway_create(&config);
    if (!gw || !gateway_load(gw))
        return -1;
    gateway_start(gw);
    sim_clock_set_wall(&sim->clock, 1774746000000 - 1000, true); /* 2026-03-29T00:59:59Z */
    sim->clock.utc_offset_s = -3600;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    gateway_stop(gw);
    gateway_destroy(gw);
    sim_free(sim);
    return 0;
}

static void keep(void *user, const char *level, const char *json)
{
    (void)user;
    (void)level;
    snprintf(reply, sizeof(reply), "%s", json);
}

static const char *type(const char *line)
{
    bus_command(gateway_bus(gw), line, strlen(line), BUS_LOCAL, 0, keep, NULL);
    return reply;
}

static void time_follows_the_zone(void **state)
{
    (void)state;
    assert_string_equal(type("Time"), "{\"Time\":\"2026-03-28T23:59:59\"}");
    type("Timezone +5:30");
    assert_string_equal(type("Time"), "{\"Time\":\"2026-03-29T06:29:59\"}");
    type("Timezone 99");
    assert_string_equal(type("Time"), "{\"Time\":\"2026-03-29T01:59:59\"}");
    sim_advance(sim, 1000);
    assert_string_equal(type("Time"), "{\"Time\":\"2026-03-29T03:00:00\"}");
    type("Timezone system");
    assert_string_equal(type("Time"), "{\"Time\":\"2026-03-29T00:00:00\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(time_follows_the_zone, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
