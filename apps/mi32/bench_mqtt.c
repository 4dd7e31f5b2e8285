/*
 * bench_mqtt.c: from the advert to the broker's door. A whole gateway hears a button that is
 * pressed 20 times a second; the clock of the measurement stops when the first message about a
 * press is handed to the MQTT client, whose place a function takes that only looks at the time.
 */
#include "bench.h"

#include "base/hex.h"
#include "gateway/gateway.h"
#include "none/none.h"

#include <stdlib.h>
#include <string.h>

#define PRESSES  20000
#define EVERY_MS 50

struct door {
    struct none none;
    struct port port;
    struct port_clock clock;
    struct port_mqtt mqtt;
    struct port_mqtt_events events;
    uint64_t now_ms;
    uint64_t opened_ns; /* when the first message after a press came; 0 while none did */
    int last_id;
    uint64_t delays[PRESSES];
};

static uint64_t now_ms(void *self)
{
    const struct door *door = self;

    return door->now_ms;
}

static bool wall_ms(void *self, int64_t *unix_ms)
{
    *unix_ms = INT64_C(1663610400000) + (int64_t)now_ms(self);
    return true;
}

static int32_t utc_offset_s(void *self, int64_t unix_s)
{
    (void)self;
    (void)unix_s;
    return 0;
}

/* Nothing falls due: only what an advert causes in its own turn of the loop is measured. */
static void set(void *self, struct timer *timer, uint64_t at_ms)
{
    (void)self;
    (void)timer;
    (void)at_ms;
}

static void cancel(void *self, struct timer *timer)
{
    (void)self;
    (void)timer;
}

static void connect(void *self, const struct port_mqtt_config *config,
                    const struct port_mqtt_events *events)
{
    struct door *door = self;

    (void)config;
    door->events = *events;
}

static void disconnect(void *self)
{
    (void)self;
}

static int publish(void *self, const char *topic, const char *payload, size_t len, int qos,
                   bool retain)
{
    struct door *door = self;

    (void)topic;
    (void)payload;
    (void)len;
    (void)qos;
    (void)retain;
    if (door->opened_ns == 0)
        door->opened_ns = bench_now_ns();
    return ++door->last_id;
}

static int subscribe(void *self, const char *filter, int qos)
{
    (void)self;
    (void)filter;
    (void)qos;
    return 0;
}

static void make_door(struct door *door)
{
    door->now_ms = 1;
    door->clock = (struct port_clock){ door, now_ms, wall_ms, utc_offset_s, set, cancel };
    door->mqtt = (struct port_mqtt){ door, connect, disconnect, publish, subscribe };
    door->port = *none_open(&door->none);
    door->port.clock = &door->clock;
    door->port.mqtt = &door->mqtt;
}

/* A press each 50 ms, whose counter tells it from the one before. */
static size_t press(struct door *door, struct gateway *gw)
{
    static const char frame[] = "141695fe503053013f7450e94124f8011003000000"; /* a YLYK01 */
    uint8_t data[sizeof(frame) / 2];
    struct advert advert = { .data = data, .len = sizeof(data), .rssi = -60 };
    size_t n = 0;

    if (!hex_decode(frame, sizeof(frame) - 1, data, sizeof(data)) ||
        !mac_parse("F82441E95074", MAC_TEXT_LEN, &advert.addr))
        return 0;
    for (unsigned i = 0; i < PRESSES; i++) {
        data[8] = (uint8_t)i;
        advert.heard_ms = door->now_ms += EVERY_MS;
        door->opened_ns = 0;
        const uint64_t start_ns = bench_now_ns();
        gateway_hear(gw, &advert);
        if (door->opened_ns != 0)
            door->delays[n++] = door->opened_ns - start_ns;
        door->events.acknowledged(door->events.user, door->last_id);
    }
    return n;
}

static int compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static size_t measure(struct door *door)
{
    static const char host[] = "MqttHost bench";
    const struct gateway_config config = { .port = &door->port,
                                           .hostname = "bench",
                                           .sensors = 32 };
    struct gateway *gw = gateway_create(&config);
    size_t n = 0;

    if (!gw)
        return 0;
    bus_command(gateway_bus(gw), host, sizeof(host) - 1, BUS_LOCAL, 0, NULL, NULL);
    if (gateway_start(gw) && door->events.connected) {
        door->events.connected(door->events.user);
        n = press(door, gw);
    }
    gateway_stop(gw);
    gateway_destroy(gw);
    return n;
}

struct bench_delay bench_mqtt_delay(void)
{
    struct bench_delay delay = { 0, 0 };
    struct door *door = calloc(1, sizeof(*door));

    if (!door)
        return delay;
    make_door(door);
    const size_t n = measure(door);
    if (n == PRESSES) {
        qsort(door->delays, n, sizeof(door->delays[0]), compare);
        delay = (struct bench_delay){ door->delays[n / 2], door->delays[n - n / 100] };
    }
    free(door);
    return delay;
}
