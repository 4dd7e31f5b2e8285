/* rule_engine.c: where events come from. */
#include "tasmota/rule_engine.h"

#include "beacon/beacon.h"
#include "registry/registry.h"
#include "relay/relay.h"
#include "settings/settings.h"
#include "tasmota/rule.h"
#include "tasmota/sensor_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CLOCK_LOOK_MS 1000 /* between two looks whether somebody has set the clock */
#define MINUTE_MS     60000
#define SENSOR_SIZE   2048 /* JSON of one frame */

static uint64_t now_ms(const struct rule_engine *e)
{
    return e->clock->now_ms(e->clock->self);
}

bool rule_local_s(const struct rule_engine *e, int64_t *local_s)
{
    int64_t unix_ms = 0;
    const bool is_set = e->clock->wall_ms(e->clock->self, &unix_ms);

    *local_s = unix_ms / 1000 + e->clock->utc_offset_s(e->clock->self, unix_ms / 1000);
    return is_set;
}

void rule_engine_raise(struct rule_engine *e, const char *path, const char *value)
{
    if (e->is_running)
        rule_ask(e, RULE_EVENT, path, value);
}

static void raise_number(struct rule_engine *e, const char *path, uint32_t value)
{
    char text[16];

    snprintf(text, sizeof(text), "%" PRIu32, value);
    rule_engine_raise(e, path, text);
}

/* ---- variables and timers ---- */

void rule_engine_set_var(struct rule_engine *e, unsigned n, const char *text)
{
    char path[24];

    rule_copy(e->vars[n - 1], RULE_VAR_SIZE, text);
    snprintf(path, sizeof(path), "Var%u#State", n);
    rule_engine_raise(e, path, e->vars[n - 1]);
}

static void timer_ends(void *user)
{
    struct rule_timer *timer = user;

    timer->due_ms = 0;
    raise_number(timer->engine, "Rules#Timer", (uint32_t)(timer - timer->engine->timers) + 1);
}

void rule_engine_set_timer(struct rule_engine *e, unsigned n, uint32_t seconds)
{
    struct rule_timer *timer = &e->timers[n - 1];

    timer->due_ms = seconds > 0 ? now_ms(e) + (uint64_t)seconds * 1000 : 0;
    if (seconds > 0)
        e->clock->set(e->clock->self, &timer->timer, timer->due_ms);
    else
        e->clock->cancel(e->clock->self, &timer->timer);
}

uint32_t rule_engine_timer_left(const struct rule_engine *e, unsigned n)
{
    const uint64_t due_ms = e->timers[n - 1].due_ms, now = now_ms(e);

    return due_ms > now ? (uint32_t)((due_ms - now + 999) / 1000) : 0;
}

/* ---- the time of day ---- */

static void tell_minute(struct rule_engine *e, int64_t local_s)
{
    const int minute = (int)(local_s / 60 % 1440);

    if (minute == e->minute_told)
        return;
    if (e->minute_told >= 0)
        raise_number(e, "Time#Minute", (uint32_t)minute);
    e->minute_told = minute;
}

static void look_at_clock(void *user)
{
    struct rule_engine *e = user;
    int64_t local_s, unix_ms = 0;
    uint64_t wait_ms = CLOCK_LOOK_MS;

    if (rule_local_s(e, &local_s)) {
        if (!e->clock_is_set)
            raise_number(e, "Time#Initialized", (uint32_t)(local_s / 60 % 1440));
        e->clock_is_set = true;
        tell_minute(e, local_s);
        e->clock->wall_ms(e->clock->self, &unix_ms);
        wait_ms = MINUTE_MS - (uint64_t)(unix_ms % MINUTE_MS);
    }
    e->clock->set(e->clock->self, &e->minute, now_ms(e) + wait_ms);
}

/* ---- the broker, and the start ---- */

static void boot(void *user)
{
    struct rule_engine *e = user;

    e->clock->cancel(e->clock->self, &e->boot);
    if (!e->is_booted)
        rule_engine_raise(e, "System#Boot", "1");
    e->is_booted = true;
}

static void remember_relay(struct rule_engine *e, unsigned index, bool on)
{
    const unsigned bit = 1u << (index - 1);

    e->relays = (uint8_t)(on ? e->relays | bit : e->relays & ~bit);
}

static void hear_broker(struct rule_engine *e, bool is_up)
{
    if (is_up == e->mqtt_is_up)
        return;
    e->mqtt_is_up = is_up;
    rule_engine_raise(e, is_up ? "Mqtt#Connected" : "Mqtt#Disconnected", "1");
    if (is_up && e->is_running)
        boot(e);
}

/* As they are after the start: Power1#Boot. */
static void tell_relays(struct rule_engine *e)
{
    for (unsigned n = 1; n <= RELAY_MAX; n++) {
        char path[24];
        if (!relay_is_there(e->wired, n))
            continue;
        const bool on = relay_is_on(e->wired, n);
        remember_relay(e, n, on);
        snprintf(path, sizeof(path), "Power%u#Boot", n);
        rule_engine_raise(e, path, on ? "1" : "0");
    }
}

void rule_engine_start(struct rule_engine *e)
{
    e->is_running = true;
    e->start_ms = now_ms(e);
    rule_engine_raise(e, "System#Init", "1");
    tell_relays(e);
    look_at_clock(e);
    const bool waits = *settings_text(e->settings, SETTINGS_MQTT_HOST) && !e->mqtt_is_up;
    e->clock->set(e->clock->self, &e->boot, now_ms(e) + (waits ? RULE_BOOT_MS : 0));
}

void rule_engine_stop(struct rule_engine *e)
{
    if (!e->is_running)
        return;
    e->is_stopping = true;
    rule_engine_raise(e, "System#Save", "1");
    rule_queue_drain(e);
    e->is_stopping = false;
    e->is_running = false;
    e->clock->cancel(e->clock->self, &e->minute);
    e->clock->cancel(e->clock->self, &e->boot);
    for (unsigned n = 1; n <= RULE_TIMERS; n++)
        rule_engine_set_timer(e, n, 0);
}

/* ---- relays ---- */

static void hear_relay(struct rule_engine *e, unsigned index, bool on)
{
    char path[24];

    if (index < 1 || index > RULE_RELAYS)
        return;
    remember_relay(e, index, on);
    snprintf(path, sizeof(path), "Power%u#State", index);
    rule_engine_raise(e, path, on ? "1" : "0");
}

/* ---- sensors ---- */

static bool is_event(const struct rule_engine *e, const struct registry_change *change,
                     const struct beacon_reading *reading)
{
    struct registry_event event;
    uint32_t cursor = change->first_event, lost = 0;

    if (reading->flags & BEACON_EVENT)
        return true;
    for (uint32_t n = 0;
         n < change->n_events && registry_event_next(e->registry, &cursor, &lost, &event); n++) {
        if (event.kind == reading->kind)
            return true;
    }
    return false;
}

/* The frame with what happened only, or with everything else. How many readings that are. */
static unsigned choose(const struct rule_engine *e, const struct registry_change *change,
                       bool events, struct beacon_decoded *out)
{
    *out = *change->decoded;
    out->n = 0;
    for (unsigned i = 0; i < change->decoded->n; i++) {
        if (is_event(e, change, &change->decoded->readings[i]) == events)
            out->readings[out->n++] = change->decoded->readings[i];
    }
    return out->n;
}

static void ask_about(struct rule_engine *e, const struct registry_sensor *sensor,
                      const struct registry_change *change, bool events)
{
    struct beacon_decoded decoded;
    struct advert advert = *change->advert;
    struct tasmota_written written = { 0 };
    char text[SENSOR_SIZE], label[REGISTRY_LABEL_SIZE];
    struct json j;

    if (choose(e, change, events, &decoded) == 0)
        return;
    if (events)
        advert.rssi = ADVERT_NO_RSSI; /* how well it is heard is no event */
    const struct tasmota_view view = {
        .registry = e->registry,
        .sensor = sensor,
        .form = TASMOTA_RECEIVED,
        .units = tasmota_units_of(e->settings),
        .advert = &advert,
        .decoded = &decoded,
        .events = tasmota_telemetry_events(e->telemetry, change->slot),
    };
    json_init(&j, text, sizeof(text));
    json_object(&j, NULL);
    json_object(&j, registry_label(sensor, label));
    tasmota_sensor_json(&j, &view, &written);
    json_object_end(&j);
    json_object_end(&j);
    if (json_ok(&j))
        rule_ask_document(e, events ? RULE_EVENT : RULE_CHANGE, text);
}

static void hear_sensor(struct rule_engine *e, const struct registry_change *change)
{
    struct registry_sensor sensor;
    char label[REGISTRY_LABEL_SIZE];

    if (!e->is_running || change->kind != REGISTRY_UPDATED ||
        !registry_find_slot(e->registry, change->slot, &sensor) ||
        !rule_is_asked_for(e, registry_label(&sensor, label)))
        return;
    ask_about(e, &sensor, change, true);
    ask_about(e, &sensor, change, false);
}

/* ---- the bus ---- */

static void hear_message(struct rule_engine *e, const struct bus_event *event)
{
    const bool is_tele = event->u.message.prefix == BUS_TELE;

    if (!e->is_running || event->u.message.prefix == BUS_WHOLE ||
        event->u.message.payload[0] != '{' || (is_tele && !rule_is_asked_for(e, NULL)))
        return;
    rule_ask_document(e, is_tele ? RULE_TELE : RULE_EVENT, event->u.message.payload);
}

static void hear_setting(struct rule_engine *e, enum settings_id id)
{
    char path[24];

    if (id >= SETTINGS_RULE1 && id <= SETTINGS_RULE_STATE3)
        rule_forget(e);
    if (id < SETTINGS_MEM1 || id > SETTINGS_MEM16)
        return;
    snprintf(path, sizeof(path), "Mem%u#State", (unsigned)(id - SETTINGS_MEM1) + 1);
    rule_engine_raise(e, path, settings_text(e->settings, id));
}

static void hear(void *user, const struct bus_event *event)
{
    struct rule_engine *e = user;

    if (event->kind == BUS_SENSOR)
        hear_sensor(e, event->u.sensor.change);
    else if (event->kind == BUS_MESSAGE)
        hear_message(e, event);
    else if (event->kind == BUS_RELAY)
        hear_relay(e, event->u.relay.index, event->u.relay.on);
    else if (event->kind == BUS_LINK && strcmp(event->u.link.name, "mqtt") == 0)
        hear_broker(e, event->u.link.up);
    else if (event->kind == BUS_SETTING)
        hear_setting(e, event->u.setting.row->id);
}

void rule_engine_open(struct rule_engine *e)
{
    e->minute_told = -1;
    e->minute = (struct timer){ .fire = look_at_clock, .user = e };
    e->boot = (struct timer){ .fire = boot, .user = e };
    for (unsigned i = 0; i < RULE_TIMERS; i++) {
        e->timers[i].engine = e;
        e->timers[i].timer = (struct timer){ .fire = timer_ends, .user = &e->timers[i] };
    }
    rule_queue_open(e);
    e->listener = (struct bus_listener){ .hear = hear, .user = e };
    bus_listen(e->bus, &e->listener);
    rule_commands_register(e);
}

void rule_engine_close(struct rule_engine *e)
{
    rule_engine_stop(e);
    for (unsigned n = 1; n <= RULE_TIMERS; n++)
        rule_engine_set_timer(e, n, 0);
    rule_queue_clear(e);
    bus_unlisten(e->bus, &e->listener);
}
