/*
 * demo_hour: an hour of the demo house, its clock moved by hand, through the whole gateway.
 *
 *     demo_hour OPTION0 OPTION1 OPTION2
 *
 * Writes what is sent and what is told, in their order, one JSON object a line:
 * {"t":0.4,"name":"Living room","rssi":-62,"data":"0201…","expect":{…}} for each advert and
 * {"t":0.4,"SENSOR":{…}} for each SENSOR message. test_hour.py knows what it should be.
 */
#include "demo_line.h"

#include "base/hex.h"
#include "gateway/gateway.h"
#include "port/files.h"
#include "sim/demo.h"
#include "sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS (3600 * 1000)

struct hour {
    struct sim *sim;
    struct gateway *gw;
    struct demo *demo;
    struct bus_listener listener;
    uint64_t begin_ms;
};

static void hear(void *user, const struct bus_event *event)
{
    const struct hour *hour = user;

    if (event->kind == BUS_MESSAGE && strcmp(event->u.message.level, "SENSOR") == 0)
        printf("{\"t\":%.1f,\"retain\":%d,\"SENSOR\":%s}\n",
               (double)(hour->sim->clock.now_ms - hour->begin_ms) / 1000, event->u.message.retain,
               event->u.message.payload);
}

static void type(struct hour *hour, const char *line)
{
    if (bus_command(gateway_bus(hour->gw), line, strlen(line), BUS_LOCAL, 0, NULL, NULL) !=
        BUS_DONE)
        abort();
}

/* The list of sensors lies there from the last run. */
static void furnish(const struct hour *hour)
{
    const struct port_files *files = sim_port(hour->sim)->files;
    char text[DEMO_MI32CFG_SIZE];
    const size_t len = demo_mi32cfg(text, sizeof(text));

    files->save(files->self, "mi32cfg", text, len, true, NULL, NULL);
    files->settle(files->self);
}

static void open_house(struct hour *hour, char **options)
{
    struct gateway_config config = { .hostname = "house", .sensors = 64 };
    char line[64];

    hour->sim = sim_new();
    hour->demo = malloc(sizeof(*hour->demo));
    if (!hour->sim || !hour->demo || !demo_init(hour->demo, 256))
        abort();
    furnish(hour);
    sim_clock_set_wall(&hour->sim->clock, 1663617600000, true);
    config.port = sim_port(hour->sim);
    hour->gw = gateway_create(&config);
    if (!hour->gw || !gateway_load(hour->gw))
        abort();
    hour->listener = (struct bus_listener){ .hear = hear, .user = hour };
    bus_listen(gateway_bus(hour->gw), &hour->listener);
    snprintf(line, sizeof(line), "Backlog0 MI32Option0 %.1s; MI32Option1 %.1s; MI32Option2 %.1s",
             options[0], options[1], options[2]);
    type(hour, line);
    gateway_start(hour->gw);
    hour->begin_ms = hour->sim->clock.now_ms;
}

static void play(const struct hour *hour, const struct demo_line *line)
{
    char hex[2 * DEMO_DATA_MAX + 1], out[512];
    const struct advert advert = { .addr = line->addr,
                                   .addr_type = line->addr_type,
                                   .rssi = line->rssi,
                                   .len = (uint16_t)line->len,
                                   .data = line->data };
    const uint64_t at_ms = hour->begin_ms + line->t_ms;
    struct json j;

    sim_advance(hour->sim, at_ms - hour->sim->clock.now_ms);
    json_init(&j, out, sizeof(out));
    json_object(&j, NULL);
    json_fixed(&j, "t", (int64_t)line->t_ms, -3, 1);
    json_text(&j, "name", line->name);
    json_int(&j, "rssi", line->rssi);
    json_text(&j, "data", hex_encode(line->data, line->len, HEX_LOWER, hex));
    demo_line_expect(&j, line);
    json_object_end(&j);
    puts(out);
    sim_radio_hear(&hour->sim->radio, &advert);
}

int main(int argc, char **argv)
{
    struct hour hour = { 0 };
    const struct demo_line *line;

    if (argc != 4)
        return EXIT_FAILURE;
    open_house(&hour, argv + 1);
    while ((line = demo_next(hour.demo))->t_ms < HOUR_MS)
        play(&hour, line);
    gateway_stop(hour.gw);
    gateway_destroy(hour.gw);
    sim_free(hour.sim);
    demo_free(hour.demo);
    free(hour.demo);
    return EXIT_SUCCESS;
}
