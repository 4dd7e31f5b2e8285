/* The log of a gateway whose radio goes and comes: each time is said, within the hour too, so that
 * the last line about a radio is true. */
#include "log.h"

#include "gateway/gateway.h"
#include "log_file.h"
#include "sim/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct sim *sim;
static struct gateway *gateway;
static struct log log_state;

static int begin(void **state)
{
    struct gateway_config config = { .hostname = "house", .sensors = 16 };

    (void)state;
    sim = sim_new();
    if (!sim)
        return -1;
    config.port = sim_port(sim);
    gateway = gateway_create(&config);
    memset(&log_state, 0, sizeof(log_state));
    return gateway && gateway_load(gateway) && log_file_open() ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    log_close(&log_state);
    gateway_stop(gateway);
    sim_advance(sim, 1000);
    gateway_destroy(gateway);
    sim_free(sim);
    log_file_close();
    return 0;
}

static void a_radio_that_comes_back_is_said_each_time(void **state)
{
    (void)state;
    assert_true(gateway_start(gateway));
    sim_advance(sim, 1000);
    log_open(&log_state, gateway_bus(gateway), BUS_INFO);
    for (unsigned outage = 0; outage < 3; outage++) {
        for (unsigned again = 0; again < 3; again++)
            sim_radio_say(&sim->radio, PORT_RADIO_WAITING, "sim is gone.", "plug it in");
        assert_string_equal(log_file_text(), "warning: sim is gone. - plug it in\n");
        sim_advance(sim, 60000);
        sim_radio_say(&sim->radio, PORT_RADIO_LISTENING, "sim listens.", "");
        sim_radio_say(&sim->radio, PORT_RADIO_LISTENING, "sim listens.", "");
        assert_string_equal(log_file_text(), "info: sim listens.\n");
        sim_advance(sim, 60000);
    }
}

/* What goes on about one says nothing of the other. */
static void two_links_are_told_apart(void **state)
{
    const struct bus_event broker = {
        .kind = BUS_LINK, .u.link = { .name = "mqtt", .text = "refused", .remedy = "" }
    };

    (void)state;
    assert_true(gateway_start(gateway));
    sim_advance(sim, 1000);
    log_open(&log_state, gateway_bus(gateway), BUS_INFO);
    for (unsigned outage = 0; outage < 3; outage++) {
        bus_post(gateway_bus(gateway), &broker);
        assert_string_equal(log_file_text(), outage == 0 ? "warning: refused\n" : "");
        sim_radio_say(&sim->radio, PORT_RADIO_WAITING, "sim is gone.", "");
        sim_radio_say(&sim->radio, PORT_RADIO_LISTENING, "sim listens.", "");
        assert_string_equal(log_file_text(), "warning: sim is gone.\ninfo: sim listens.\n");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_radio_that_comes_back_is_said_each_time, begin, end),
        cmocka_unit_test_setup_teardown(two_links_are_told_apart, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
