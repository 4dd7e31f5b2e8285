/* What a frame of a sensor costs while there is a broker: no memory, whatever is told of it. */
#include "heap_count.h"
#include "mqtt/mqtt.h"
#include "support/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SENSORS 100
#define ROUNDS  50

static struct house house;
static struct port_mqtt_events events;
static unsigned published;

static void connect_port(void *self, const struct port_mqtt_config *config,
                         const struct port_mqtt_events *asked)
{
    (void)self;
    (void)config;
    events = *asked;
}

static void disconnect_port(void *self)
{
    (void)self;
}

static int publish_port(void *self, const char *topic, const char *payload, size_t len, int qos,
                        bool retain)
{
    (void)self;
    (void)topic;
    (void)payload;
    (void)len;
    (void)qos;
    (void)retain;
    return (int)published++;
}

static int subscribe_port(void *self, const char *filter, int qos)
{
    (void)self;
    (void)filter;
    (void)qos;
    return 0;
}

static void random_bytes(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, 0, len);
}

static void hear(unsigned sensor, unsigned round)
{
    char mac[16], hex[64];

    snprintf(mac, sizeof(mac), "A4C138%06X", sensor);
    snprintf(hex, sizeof(hex), "50305b05%02x%02x%02x0038c1a40d1004%02x00ea01", round & 0xff,
             sensor & 0xff, sensor >> 8, 100 + round);
    assert_int_equal(house_hear(&house, mac, 0xfe95, hex, -60), BEACON_OK);
}

static void keep_all(void)
{
    struct registry_sensor sensor;
    uint32_t slot = 0;

    while (registry_next(house.registry, &slot, &sensor))
        assert_int_equal(registry_approve(house.registry, sensor.mac), REGISTRY_OK);
}

static void a_frame_costs_no_memory(void **state)
{
    static const struct port_mqtt client = { NULL, connect_port, disconnect_port, publish_port,
                                             subscribe_port };
    struct port port = { .mqtt = &client, .random = random_bytes };
    (void)state;

    house_open(&house, 128);
    port.clock = &house.clock;
    struct mqtt *mqtt = mqtt_create(&(struct mqtt_config){ .port = &port,
                                                           .bus = house.bus,
                                                           .settings = house.settings,
                                                           .registry = house.registry,
                                                           .id = "AABBCC",
                                                           .hostname = "pi" });
    house_set_text(&house, SETTINGS_MQTT_HOST, "broker");
    mqtt_start(mqtt);
    events.connected(events.user);
    for (unsigned i = 0; i < SENSORS; i++)
        hear(i, 0);
    keep_all();
    house_advance(&house, 60000);
    const unsigned announced = published;
    assert_true(announced >= 4 * SENSORS);
    const size_t before = heap_count();
    for (unsigned round = 1; round <= ROUNDS; round++) {
        for (unsigned i = 0; i < SENSORS; i++)
            hear(i, round);
        house_advance(&house, 11000);
    }
    const size_t allocations = heap_count() - before;
    assert_int_equal(allocations, 0);
    assert_true(published - announced >= SENSORS * ROUNDS);
    mqtt_destroy(mqtt);
    house_close(&house);
}

static void the_meter_works(void **state)
{
    const size_t before = heap_count();
    (void)state;

    void *volatile p = malloc(7);
    free(p);
    assert_int_equal(heap_count() - before, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_meter_works),
        cmocka_unit_test(a_frame_costs_no_memory),
    };
    heap_count_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
