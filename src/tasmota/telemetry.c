#include "tasmota/telemetry.h"

#include "registry/registry.h"
#include "settings/settings.h"
#include "tasmota/sensor_json.h"
#include "tasmota/state.h"
#include "tasmota/time_json.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_SIZE 1024 /* room for one sensor; all of them make it grow, some 150 bytes each */

static uint64_t now_ms(const struct tasmota_telemetry *t)
{
    return t->clock->now_ms(t->clock->self);
}

static int32_t setting(const struct tasmota_telemetry *t, enum settings_id id)
{
    return settings_number(t->settings, id);
}

/* ---- a message ---- */

static void put_units(const struct tasmota_telemetry *t, struct json *j,
                      const struct tasmota_written *written)
{
    if (written->pressure)
        json_text(j, "PressureUnit", "hPa");
    if (written->temperature)
        json_text(j, "TempUnit", setting(t, SETTINGS_FAHRENHEIT) ? "F" : "C");
}

static void put_sensor(struct json *j, const struct tasmota_view *view,
                       struct tasmota_written *written)
{
    char label[REGISTRY_LABEL_SIZE];

    json_object(j, registry_label(view->sensor, label));
    tasmota_sensor_json(j, view, written);
    json_object_end(j);
}

/* Doubles the room for a message. Without memory it is not sent, which is said once. */
static bool grow(struct tasmota_telemetry *t)
{
    char *text = realloc(t->text, t->size * 2);

    if (text) {
        t->text = text;
        t->size *= 2;
        return true;
    }
    if (!t->memory_is_told)
        bus_log(t->bus, BUS_ERROR, "give mi32 more memory, or keep fewer sensors",
                "no memory for a SENSOR message of more than %u bytes", (unsigned)t->size);
    t->memory_is_told = true;
    return false;
}

/* ---- about one sensor ---- */

uint32_t tasmota_telemetry_events(const struct tasmota_telemetry *t, uint32_t slot)
{
    return slot < t->n_events ? t->events[slot] : 0;
}

static bool write_frame(struct tasmota_telemetry *t, const struct registry_sensor *sensor,
                        const struct registry_change *change, struct tasmota_written *written)
{
    struct json j;

    const struct tasmota_view view = {
        .registry = t->registry,
        .sensor = sensor,
        .form = setting(t, SETTINGS_OPTION0) ? TASMOTA_KNOWN : TASMOTA_RECEIVED,
        .units = tasmota_units_of(t->settings),
        .advert = change->advert,
        .decoded = change->decoded,
        .events = tasmota_telemetry_events(t, change->slot),
    };
    do {
        *written = (struct tasmota_written){ 0 };
        json_init(&j, t->text, t->size);
        json_object(&j, NULL);
        tasmota_time_json(&j, t->clock, t->settings);
        put_sensor(&j, &view, written);
        put_units(t, &j, written);
        json_object_end(&j);
    } while (!json_ok(&j) && grow(t));
    return json_ok(&j);
}

static void count(struct tasmota_telemetry *t, uint32_t slot)
{
    if (slot >= t->n_events) {
        const size_t n = (size_t)slot + 16;
        uint32_t *events = realloc(t->events, n * sizeof(*events));
        if (!events)
            return;
        memset(events + t->n_events, 0, (n - t->n_events) * sizeof(*events));
        t->events = events;
        t->n_events = n;
    }
    t->events[slot]++;
}

static void tell_frame(struct tasmota_telemetry *t, const struct registry_change *change)
{
    struct registry_sensor sensor;
    struct tasmota_written written;

    if (!registry_find_slot(t->registry, change->slot, &sensor))
        return;
    const struct tasmota_happening happening = tasmota_happening(t->registry, &sensor, change);
    if (happening.counts)
        count(t, change->slot);
    if (!t->is_running || (!happening.is_urgent && !setting(t, SETTINGS_OPTION2)))
        return;
    if (write_frame(t, &sensor, change, &written) && written.fresh > 0)
        bus_message(t->bus, BUS_TELE, "SENSOR", t->text, false, happening.is_urgent);
}

/* ---- about all ---- */

/* The wall time of a hearing, by today's clock; 0 while that is not set. */
static int64_t unix_of(const struct tasmota_telemetry *t, uint64_t heard_ms)
{
    int64_t wall_ms;

    if (!t->clock->wall_ms(t->clock->self, &wall_ms))
        return 0;
    return (wall_ms - (int64_t)(now_ms(t) - heard_ms)) / 1000;
}

/* How many sensors it lists. */
static size_t write_all(struct tasmota_telemetry *t, struct json *j, bool with_sensors)
{
    const struct tasmota_units units = tasmota_units_of(t->settings);
    struct tasmota_written written = { 0 };
    struct registry_sensor sensor;
    uint32_t slot = 0;
    size_t n = 0;

    tasmota_time_json(j, t->clock, t->settings);
    for (; with_sensors && registry_next(t->registry, &slot, &sensor); n++) {
        const struct tasmota_view view = {
            .registry = t->registry,
            .sensor = &sensor,
            .form = TASMOTA_PERIODIC,
            .units = units,
            .events = tasmota_telemetry_events(t, sensor.slot),
            .heard_unix_s = unix_of(t, sensor.heard_ms),
        };
        put_sensor(j, &view, &written);
    }
    put_units(t, j, &written);
    return n;
}

/* How many sensors the text in the making lists; in an object of that name, if any. */
static bool write_text(struct tasmota_telemetry *t, const char *name, size_t *n)
{
    const bool with_sensors = !setting(t, SETTINGS_OPTION1);
    struct json j;

    do {
        json_init(&j, t->text, t->size);
        json_object(&j, NULL);
        if (name)
            json_object(&j, name);
        *n = write_all(t, &j, with_sensors);
        if (name)
            json_object_end(&j);
        json_object_end(&j);
    } while (!json_ok(&j) && grow(t));
    return json_ok(&j);
}

const char *tasmota_telemetry_text(struct tasmota_telemetry *t, const char *name)
{
    size_t n;

    return write_text(t, name, &n) ? t->text : NULL;
}

static void tell_all(struct tasmota_telemetry *t)
{
    size_t n;

    if (t->state)
        tasmota_state_tell(t->state);
    if (write_text(t, NULL, &n) && n > 0)
        bus_message(t->bus, BUS_TELE, "SENSOR", t->text, setting(t, SETTINGS_SENSOR_RETAIN) != 0,
                    false);
}

/* ---- when ---- */

static void set_timer(struct tasmota_telemetry *t, uint64_t at_ms)
{
    t->due_ms = at_ms;
    t->clock->set(t->clock->self, &t->timer, at_ms);
}

/* The next round is due a TelePeriod after the last one was, or from now if that has passed. */
static void period_ends(void *user)
{
    struct tasmota_telemetry *t = user;
    const uint64_t period_ms = (uint64_t)setting(t, SETTINGS_TELE_PERIOD) * 1000;

    if (period_ms > 0) {
        const uint64_t next_ms = t->due_ms + period_ms;
        set_timer(t, next_ms > now_ms(t) ? next_ms : now_ms(t) + period_ms);
    }
    tell_all(t);
}

static void round_in(struct tasmota_telemetry *t, uint64_t in_ms)
{
    if (t->is_running)
        set_timer(t, now_ms(t) + in_ms);
}

/* TelePeriod begins with a round at once, as in Tasmota, unless it was turned off. */
static void period_changed(struct tasmota_telemetry *t)
{
    if (setting(t, SETTINGS_TELE_PERIOD) > 0)
        round_in(t, 0);
    else
        t->clock->cancel(t->clock->self, &t->timer);
}

static void hear(void *user, const struct bus_event *event)
{
    struct tasmota_telemetry *t = user;

    if (event->kind == BUS_SENSOR && event->u.sensor.change->kind == REGISTRY_UPDATED)
        tell_frame(t, event->u.sensor.change);
    else if (event->kind == BUS_LINK && event->u.link.up &&
             strcmp(event->u.link.name, "mqtt") == 0 && setting(t, SETTINGS_TELE_PERIOD) > 0)
        round_in(t, TASMOTA_TELE_FIRST_MS);
    else if (event->kind == BUS_SETTING && event->u.setting.row->id == SETTINGS_TELE_PERIOD)
        period_changed(t);
}

bool tasmota_telemetry_open(struct tasmota_telemetry *t, struct bus *bus,
                            const struct registry *registry, const struct settings *settings,
                            const struct port_clock *clock)
{
    *t = (struct tasmota_telemetry){
        .bus = bus,
        .registry = registry,
        .settings = settings,
        .clock = clock,
        .text = malloc(TEXT_SIZE),
        .size = TEXT_SIZE,
    };
    if (!t->text)
        return false;
    t->listener = (struct bus_listener){ .hear = hear, .user = t };
    t->timer = (struct timer){ .fire = period_ends, .user = t };
    bus_listen(bus, &t->listener);
    return true;
}

void tasmota_telemetry_close(struct tasmota_telemetry *t)
{
    if (!t->text)
        return;
    tasmota_telemetry_stop(t);
    bus_unlisten(t->bus, &t->listener);
    free(t->events);
    free(t->text);
    *t = (struct tasmota_telemetry){ 0 };
}

void tasmota_telemetry_start(struct tasmota_telemetry *t)
{
    t->is_running = true;
    if (setting(t, SETTINGS_TELE_PERIOD) > 0)
        round_in(t, TASMOTA_TELE_FIRST_MS);
}

void tasmota_telemetry_stop(struct tasmota_telemetry *t)
{
    t->is_running = false;
    t->clock->cancel(t->clock->self, &t->timer);
}

void tasmota_telemetry_now(struct tasmota_telemetry *t)
{
    round_in(t, 0);
}
