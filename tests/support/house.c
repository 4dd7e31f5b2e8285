#include "support/house.h"

#include "base/bytes.h"
#include "base/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- the clock ---- */

static uint64_t now_ms(void *self)
{
    const struct house *house = self;

    return house->now_ms;
}

static bool wall_ms(void *self, int64_t *unix_ms)
{
    const struct house *house = self;

    *unix_ms = (int64_t)house->now_ms + (house->wall_is_set ? house->wall_ahead_ms : 0);
    return house->wall_is_set;
}

static int32_t utc_offset_s(void *self, int64_t unix_s)
{
    const struct house *house = self;

    (void)unix_s;
    return house->utc_offset_s;
}

static void set_timer(void *self, struct timer *timer, uint64_t at_ms)
{
    struct house *house = self;

    timers_set(&house->timers, timer, at_ms);
}

static void cancel_timer(void *self, struct timer *timer)
{
    struct house *house = self;

    timers_cancel(&house->timers, timer);
}

void house_advance(struct house *house, uint64_t ms)
{
    const uint64_t end_ms = house->now_ms + ms;

    for (;;) {
        const uint64_t next_ms = timers_next(&house->timers);
        if (next_ms > end_ms)
            break;
        if (next_ms > house->now_ms)
            house->now_ms = next_ms;
        timers_run(&house->timers, house->now_ms);
    }
    house->now_ms = end_ms;
}

void house_set_wall(struct house *house, int64_t unix_s)
{
    house->wall_is_set = true;
    house->wall_ahead_ms = unix_s * 1000 - (int64_t)house->now_ms;
}

/* ---- the wiring ---- */

static void sensor_changed(void *user, const struct registry_change *change)
{
    struct house *house = user;
    const struct bus_event event = {
        .kind = BUS_SENSOR,
        .u.sensor = { change, change->advert, change->decoded },
    };

    bus_post(house->bus, &event);
}

static void setting_changed(void *user, enum settings_id id)
{
    struct house *house = user;
    const struct bus_event event = { .kind = BUS_SETTING, .u.setting = { settings_row(id) } };

    bus_post(house->bus, &event);
}

static void look(void *self, struct port_machine_facts *out)
{
    (void)self;
    *out = (struct port_machine_facts){ .hostname = "house",
                                        .hardware = "simulated",
                                        .address = "192.0.2.10",
                                        .netmask = "255.255.255.0",
                                        .gateway = "192.0.2.1",
                                        .dns = "192.0.2.53",
                                        .mac = { { 0xdc, 0xa6, 0x32, 0xaa, 0xbb, 0xcc } },
                                        .program_kb = 1024,
                                        .memory_kb = 65536,
                                        .load = 7 };
}

static const char *start_reason(void *self)
{
    (void)self;
    return "Power On";
}

static bool restart(void *self)
{
    struct house *house = self;

    house->restarts++;
    return true;
}

static void add_line(char *lines, size_t size, const char *line)
{
    const size_t len = strlen(lines);

    assert_true(len + strlen(line) + 2 <= size);
    snprintf(lines + len, size - len, "%s\n", line);
}

static void hear_log(void *user, const struct bus_event *event)
{
    struct house *house = user;

    if (event->kind == BUS_LOG)
        add_line(house->logged, sizeof(house->logged), event->u.log.text);
}

void house_open(struct house *house, uint16_t sensors)
{
    struct registry_config config = registry_config_for(sensors);

    *house = (struct house){
        .now_ms = 1000,
        .utc_offset_s = 7200,
        .machine = { house, look, start_reason, restart },
        .ear = { .hear = hear_log, .user = house },
        .clock = { house, now_ms, wall_ms, utc_offset_s, set_timer, cancel_timer },
    };
    house_set_wall(house, 1663610400);
    house->bus = bus_create(now_ms, house);
    house->settings = settings_create(setting_changed, house);
    config.strangers = sensors; /* all it hears are */
    config.on_change = sensor_changed;
    config.user = house;
    house->memory = malloc(registry_memory(&config));
    house->registry =
        registry_open(&config, house->memory, registry_memory(&config), house->now_ms);
    assert_non_null(house->bus);
    assert_non_null(house->settings);
    assert_non_null(house->registry);
    bus_listen(house->bus, &house->ear);
}

void house_close(struct house *house)
{
    registry_close(house->registry);
    settings_destroy(house->settings);
    bus_destroy(house->bus);
    free(house->memory);
}

/* ---- what happens in it ---- */

static struct mac mac_of(const char *text)
{
    struct mac mac;

    assert_true(mac_parse(text, strlen(text), &mac));
    return mac;
}

enum beacon_outcome house_hear(struct house *house, const char *mac, uint16_t uuid,
                               const char *data_hex, int8_t rssi)
{
    uint8_t data[255];
    const size_t len = strlen(data_hex) / 2;
    struct beacon_decoded decoded;

    assert_true(hex_decode(data_hex, 2 * len, data + 4, sizeof(data) - 4));
    data[0] = (uint8_t)(len + 3);
    data[1] = 0x16; /* service data, 16-bit UUID */
    bytes_put_le(data + 2, 2, uuid);
    const struct advert advert = {
        .addr = mac_of(mac),
        .rssi = rssi,
        .len = (uint16_t)(len + 4),
        .data = data,
        .heard_ms = house->now_ms,
    };
    beacon_decode(&advert, registry_key(house->registry, advert.addr), &decoded);
    return registry_apply(house->registry, &advert, &decoded);
}

void house_key(struct house *house, const char *mac, const char *key_hex)
{
    uint8_t key[16];
    const size_t len = strlen(key_hex) / 2;

    assert_true(hex_decode(key_hex, 2 * len, key, sizeof(key)));
    assert_int_equal(registry_set_key(house->registry, mac_of(mac), key, len, NULL), REGISTRY_OK);
}

static void add_reply(void *user, const char *level, const char *json)
{
    struct house *house = user;

    (void)level;
    add_line(house->replies, sizeof(house->replies), json);
}

const char *house_type(struct house *house, enum bus_origin origin, unsigned line, const char *text)
{
    house->replies[0] = '\0';
    bus_command(house->bus, text, strlen(text), origin, line, add_reply, house);
    if (house->replies[0])
        house->replies[strlen(house->replies) - 1] = '\0'; /* the last line end */
    return house->replies;
}

void house_set(struct house *house, enum settings_id id, int32_t value)
{
    assert_int_equal(settings_set_number(house->settings, id, value, 0, NULL), SETTINGS_OK);
}

void house_set_text(struct house *house, enum settings_id id, const char *value)
{
    assert_int_equal(settings_set_text(house->settings, id, value, 0, NULL), SETTINGS_OK);
}
