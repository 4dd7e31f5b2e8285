#include "gateway_private.h"

#include "beacon/beacon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_MS      1000
#define VAULT_FRAMES 255 /* eight each of 32 sensors whose key is missing, but one */

/* ---- what changes becomes an event ---- */

static void registry_changed(void *user, const struct registry_change *change)
{
    struct gateway *gw = user;
    struct bus_event event = { .kind = BUS_SENSOR };

    event.u.sensor.change = change;
    event.u.sensor.advert = change->advert;
    event.u.sensor.decoded = change->decoded;
    bus_post(gw->bus, &event);
}

/* Some settings act in rooms and services below the bus, so they are passed on here. */
static void setting_changed(void *user, enum settings_id id)
{
    struct gateway *gw = user;
    struct bus_event event = { .kind = BUS_SETTING };

    if (id == SETTINGS_OPTION3)
        registry_set_auto_add(gw->registry, settings_number(gw->settings, id) != 0);
    if (id == SETTINGS_OPTION4 && gw->is_running)
        gateway_listen(gw);
    gateway_relays_setting(gw, id);
    if (id == SETTINGS_FULL_DUTY)
        gateway_tune(gw);
    gateway_settings_changed(gw);
    event.u.setting.row = settings_row(id);
    bus_post(gw->bus, &event);
}

static void radio_changed(void *user, const char *name, enum port_radio_state state,
                          const char *text, const char *remedy)
{
    struct gateway *gw = user;
    struct bus_event event = { .kind = BUS_LINK };

    event.u.link.name = name;
    event.u.link.up = state == PORT_RADIO_LISTENING;
    event.u.link.text = text;
    event.u.link.remedy = remedy;
    bus_post(gw->bus, &event);
}

/* ---- the way of an advert ---- */

enum beacon_outcome gateway_hear(struct gateway *gw, const struct advert *advert)
{
    struct beacon_decoded decoded;

    if (gw->recorders > 0)
        gateway_control_record(gw, advert);
    beacon_decode(advert, registry_key(gw->registry, advert->addr), &decoded);
    return registry_apply(gw->registry, advert, &decoded);
}

static void radio_heard(void *user, const struct advert *advert)
{
    gateway_hear(user, advert);
}

void gateway_tune(struct gateway *gw)
{
    const struct port_radio *radio = gw->port->radio;

    gw->tuning.is_full_duty = settings_number(gw->settings, SETTINGS_FULL_DUTY) != 0;
    radio->tune(radio->self, &gw->tuning);
}

void gateway_set_lists(void *gateway, const struct port_radio_lists *lists)
{
    struct gateway *gw = gateway;

    gw->tuning.lists = *lists;
    gateway_tune(gw);
}

void gateway_listen(struct gateway *gw)
{
    const struct port_radio *radio = gw->port->radio;
    const struct port_radio_events events = { gw, radio_heard, radio_changed };

    radio->stop(radio->self);
    gateway_watch_begin(gw);
    gateway_tune(gw);
    radio->start(radio->self, &events, settings_number(gw->settings, SETTINGS_OPTION4) != 0);
}

/* ---- time ---- */

static void tell_hour(struct gateway *gw)
{
    const struct port_clock *clock = gw->port->clock;
    int64_t wall_ms;

    if (!clock->wall_ms(clock->self, &wall_ms))
        return;
    const int64_t local_s = wall_ms / 1000 + clock->utc_offset_s(clock->self, wall_ms / 1000);
    const int hour = (int)(local_s / 3600 % 24);
    if (hour == gw->hour)
        return;
    gw->hour = hour;
    registry_hour(gw->registry, (unsigned)hour);
}

static void tick(void *user)
{
    struct gateway *gw = user;
    const struct port_clock *clock = gw->port->clock;
    const uint64_t now_ms = clock->now_ms(clock->self);

    tell_hour(gw);
    registry_tick(gw->registry, now_ms);
    gateway_watch_radios(gw);
    gateway_save_when_due(gw);
    clock->set(clock->self, &gw->tick, now_ms + TICK_MS);
}

/* ---- life ---- */

static bool make_registry(struct gateway *gw, uint16_t sensors)
{
    const struct port_clock *clock = gw->port->clock;
    struct registry_config config = registry_config_for(sensors);

    config.vault = VAULT_FRAMES;
    config.on_change = registry_changed;
    config.user = gw;
    const size_t size = registry_memory(&config);
    gw->registry_memory = malloc(size);
    if (!gw->registry_memory)
        return false;
    gw->registry = registry_open(&config, gw->registry_memory, size, clock->now_ms(clock->self));
    return gw->registry != NULL;
}

static struct mqtt *make_mqtt(struct gateway *gw, const struct gateway_config *config)
{
    char mac[MAC_TEXT_LEN + 1];

    return mqtt_create(&(struct mqtt_config){
        .port = gw->port,
        .bus = gw->bus,
        .settings = gw->settings,
        .registry = gw->registry,
        .relays = gw->relays,
        .id = mac_print(config->mac, mac) + MAC_TEXT_LEN / 2,
        .hostname = config->hostname,
    });
}

static struct pairing *make_pairing(struct gateway *gw)
{
    const struct gatt_setup setup = { .port = gw->port->gatt, .clock = gw->port->clock };

    gatt_init(&gw->gatt, &setup);
    return pairing_create(&(struct pairing_config){
        .bus = gw->bus,
        .registry = gw->registry,
        .port = gw->port,
        .gatt = &gw->gatt,
        .save = gateway_save_state,
        .user = gw,
    });
}

static bool make_rooms(struct gateway *gw, const struct gateway_config *config)
{
    const struct port_clock *clock = gw->port->clock;

    gw->bus = bus_create(clock->now_ms, clock->self);
    gw->settings = settings_create(setting_changed, gw);
    if (!gw->bus || !gw->settings || !make_registry(gw, config->sensors) ||
        !gateway_relays_make(gw))
        return false;
    gw->tasmota = tasmota_create(&(struct tasmota_config){
        .bus = gw->bus,
        .registry = gw->registry,
        .settings = gw->settings,
        .relays = gw->relays,
        .port = gw->port,
        .mac = config->mac,
        .version = config->version ? config->version : "",
    });
    gw->mqtt = make_mqtt(gw, config);
    gw->pairing = make_pairing(gw);
    return gw->tasmota && gw->mqtt && gw->pairing && gateway_web_make(gw, config->hostname);
}

struct gateway *gateway_create(const struct gateway_config *config)
{
    struct gateway *gw = calloc(1, sizeof(*gw));

    if (!gw)
        return NULL;
    gateway_open_clock(gw, config->port);
    gw->listen = config->listen;
    gw->is_offline = config->is_offline;
    gw->hour = -1;
    gw->tick = (struct timer){ .fire = tick, .user = gw };
    gateway_store_init(gw);
    if (!make_rooms(gw, config)) {
        gateway_destroy(gw);
        return NULL;
    }
    return gw;
}

void gateway_destroy(struct gateway *gw)
{
    if (!gw)
        return;
    gateway_web_destroy(gw);
    pairing_destroy(gw->pairing);
    if (gw->gatt.setup.port)
        gatt_close(&gw->gatt);
    mqtt_destroy(gw->mqtt);
    tasmota_destroy(gw->tasmota);
    if (gw->registry)
        registry_close(gw->registry);
    free(gw->registry_memory);
    relay_destroy(gw->relays);
    settings_destroy(gw->settings);
    bus_destroy(gw->bus);
    free(gw);
}

struct bus *gateway_bus(struct gateway *gw)
{
    return gw->bus;
}

const struct registry *gateway_registry(const struct gateway *gw)
{
    return gw->registry;
}

void gateway_decide_auto_add(struct gateway *gw)
{
    if (settings_fixed_line(gw->settings, SETTINGS_OPTION3) == 0)
        settings_set_number(gw->settings, SETTINGS_OPTION3, !gw->has_config, 0, NULL);
    registry_set_auto_add(gw->registry, settings_number(gw->settings, SETTINGS_OPTION3) != 0);
}

static void count_start(struct gateway *gw)
{
    const int32_t starts = settings_number(gw->settings, SETTINGS_BOOT_COUNT);

    if (starts < INT32_MAX) /* which a file may say */
        settings_set_number(gw->settings, SETTINGS_BOOT_COUNT, starts + 1, 0, NULL);
}

bool gateway_start(struct gateway *gw)
{
    if (!gateway_web_start(gw))
        return false;
    gw->is_running = true;
    gateway_decide_auto_add(gw);
    if (!gw->is_offline)
        count_start(gw);
    gateway_relays_start(gw);
    gateway_control_open(gw);
    tasmota_start(gw->tasmota);
    if (!gw->is_offline)
        mqtt_start(gw->mqtt);
    tick(gw);
    gateway_listen(gw);
    return true;
}

void gateway_stop(struct gateway *gw)
{
    const struct port *port = gw->port;

    if (!gw->is_running)
        return;
    gw->is_running = false;
    port->radio->stop(port->radio->self);
    port->clock->cancel(port->clock->self, &gw->tick);
    gateway_web_stop(gw);
    pairing_stop(gw->pairing);
    tasmota_stop(gw->tasmota);
    mqtt_destroy(gw->mqtt);
    gw->mqtt = NULL;
    gateway_control_close(gw);
    gateway_save_all(gw);
}
