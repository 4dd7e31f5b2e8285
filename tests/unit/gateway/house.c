#include "house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct sim *sim;
struct gateway *gw;

static char replies[64 * 1024];

void house_start(void)
{
    const struct gateway_config config = {
        .port = sim_port(sim), .hostname = "house", .sensors = 256, .version = "1.2.3"
    };

    gw = gateway_create(&config);
    assert_non_null(gw);
    assert_true(gateway_load(gw));
    assert_true(gateway_start(gw));
}

void house_stop(void)
{
    gateway_stop(gw);
    gateway_destroy(gw);
}

void house_lose_power(void)
{
    gateway_stop(gw);
    sim_lose_power(sim, STORAGE_LOSE_ALL);
    gateway_destroy(gw);
    house_start();
}

int house_setup(void **state)
{
    (void)state;
    sim = sim_new();
    assert_non_null(sim);
    house_start();
    return 0;
}

int house_teardown(void **state)
{
    (void)state;
    house_stop();
    sim_free(sim);
    return 0;
}

static void keep(void *user, const char *level, const char *json)
{
    const size_t len = strlen(replies);

    (void)user;
    (void)level;
    assert_true(len + strlen(json) + 2 <= sizeof(replies));
    snprintf(replies + len, sizeof(replies) - len, "%s%s", len ? "\n" : "", json);
}

const char *type_from(enum bus_origin origin, unsigned line, const char *text)
{
    replies[0] = '\0';
    bus_command(gateway_bus(gw), text, strlen(text), origin, line, keep, NULL);
    return replies;
}

const char *type(const char *text)
{
    return type_from(BUS_LOCAL, 0, text);
}

void connect_broker(void)
{
    type("Backlog0 MqttHost broker; Topic t");
    sim_advance(sim, 600); /* settings settle */
    assert_int_equal(sim_broker_count(&sim->broker, "tele/t/LWT"), 1);
}

const char *said(const char *topic)
{
    const struct sim_message *message = sim_broker_last(&sim->broker, topic);

    return message ? message->payload : "";
}
