#include "tasmota/sensor_json.h"

#include "base/fixed.h"
#include "base/hex.h"
#include "base/iso.h"
#include "beacon/products.h"
#include "settings/settings.h"
#include "tasmota/dewpoint.h"

#include <stdio.h>
#include <string.h>

struct tasmota_units tasmota_units_of(const struct settings *settings)
{
    return (struct tasmota_units){
        .temperature_digits = settings_number(settings, SETTINGS_TEMP_RES),
        .humidity_digits = settings_number(settings, SETTINGS_HUM_RES),
        .is_fahrenheit = settings_number(settings, SETTINGS_FAHRENHEIT) != 0,
    };
}

/* The models of Tasmota's driver by product id. Those with `counts` show Events always. */
static const struct model {
    uint16_t id;
    bool counts;
    bool dark_is_still; /* a light level without motion means that there is none */
} models[] = {
    { 0x0098, false, false }, /* Flora */
    { 0x01aa, false, false }, /* MJ_HT_V1 */
    { 0x045b, false, false }, /* LYWSD02 */
    { 0x055b, false, false }, /* LYWSD03 */
    { 0x0347, false, false }, /* CGG1 */
    { 0x0576, false, false }, /* CGD1 */
    { 0x03dd, true, false },  /* NLIGHT */
    { 0x07f6, true, true },   /* MJYD2S */
    { 0x0153, false, false }, /* YLYK01 */
    { 0x0387, false, false }, /* MHOC401 */
    { 0x06d3, false, false }, /* MHOC303 */
    { 0x0a1c, false, false }, /* ATC */
    { 0x098b, true, false },  /* MCCGQ02 */
    { 0x0863, false, false }, /* SJWS01L */
    { 0x944a, false, false }, /* PVVX */
    { 0x03b6, false, false }, /* YLKG08 */
};

static const struct model *model_of(const struct registry_sensor *sensor)
{
    if (!sensor->product || sensor->product->id == 0)
        return NULL;
    for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
        if (models[i].id == sensor->product->id)
            return &models[i];
    }
    return NULL;
}

/* Kinds that have a place of their own in the object; of those marked `every`, all of a frame. */
static const struct place {
    uint8_t kind;
    bool every;
} places[] = {
    { BEACON_KIND_TEMPERATURE, false }, { BEACON_KIND_HUMIDITY, false },
    { BEACON_KIND_DEW_POINT, false },   { BEACON_KIND_ILLUMINANCE, false },
    { BEACON_KIND_MOISTURE, false },    { BEACON_KIND_CONDUCTIVITY, false },
    { BEACON_KIND_EVENT, true },        { BEACON_KIND_BUTTON, true },
    { BEACON_KIND_BUTTON_INDEX, true }, { BEACON_KIND_STEPS, true },
    { BEACON_KIND_PRESS_COUNT, true },  { BEACON_KIND_PRESS_DURATION, true },
    { BEACON_KIND_MOTION, false },      { BEACON_KIND_DOOR, false },
    { BEACON_KIND_LEAK, false },        { BEACON_KIND_IDLE_TIME, false },
    { BEACON_KIND_BATTERY, false },
};

static bool has_place(unsigned kind, unsigned nth)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (places[i].kind == kind)
            return nth == 1 || places[i].every;
    }
    return false;
}

/* ---- where values come from ---- */

static struct registry_value from_reading(const struct tasmota_view *view,
                                          const struct beacon_reading *reading)
{
    struct registry_value value = { .kind = reading->kind,
                                    .nth = reading->nth,
                                    .flags = reading->flags,
                                    .scale10 = reading->scale10 };
    const uint8_t type = beacon_kind(reading->kind)->type;
    size_t len = 0;

    if (type == BEACON_TEXT || type == BEACON_RAW) {
        value.bytes = beacon_reading_bytes(view->advert, view->decoded, reading, &len);
        value.len = len <= UINT8_MAX ? (uint8_t)len : UINT8_MAX;
    } else {
        value.value = reading->u.value;
    }
    return value;
}

/* What the frame carries. */
static bool received(const struct tasmota_view *view, unsigned kind, unsigned nth,
                     struct registry_value *out)
{
    if (!view->decoded)
        return false;
    for (unsigned i = 0; i < view->decoded->n; i++) {
        const struct beacon_reading *reading = &view->decoded->readings[i];
        if (reading->kind != kind || reading->nth != nth || (reading->flags & BEACON_UNRELIABLE))
            continue;
        *out = from_reading(view, reading);
        return true;
    }
    return false;
}

/* What is to be told: the frame's values, or all that are known. */
static bool due(const struct tasmota_view *view, unsigned kind, unsigned nth,
                struct registry_value *out)
{
    if (view->form == TASMOTA_RECEIVED)
        return received(view, kind, nth, out);
    return registry_value(view->registry, view->sensor->mac, (enum beacon_kind)kind, nth, out) &&
           !(out->flags & BEACON_UNRELIABLE);
}

/* ---- one value ---- */

/* Degrees as they are to be shown. A sensor's number is at most five digits long; what is absurd
 * stays what it is. */
static void put_degrees(struct json *j, const struct tasmota_view *view, const char *name,
                        int64_t value, int scale10)
{
    const int64_t fine = fixed_rescale(value, scale10, -5);
    const bool turns = view->units.is_fahrenheit && fine < 1000000000000 && fine > -1000000000000;

    json_fixed(j, name, turns ? fine * 9 / 5 + 3200000 : value, turns ? -5 : scale10,
               view->units.temperature_digits);
}

static bool has_unit(const struct beacon_kind_row *row, const char *unit)
{
    return strcmp(row->unit, unit) == 0;
}

/* Notes what the end of the message and its sender need to know. */
static void note(const struct tasmota_view *view, const struct registry_value *value,
                 struct tasmota_written *written)
{
    const struct beacon_kind_row *row = beacon_kind(value->kind);
    struct registry_value unused;

    written->temperature = written->temperature || has_unit(row, "°C");
    written->pressure = written->pressure || has_unit(row, "hPa");
    written->fresh += received(view, value->kind, value->nth, &unused);
}

static void put_text(struct json *j, const char *name, const struct registry_value *value)
{
    char hex[2 * UINT8_MAX + 1];

    if (!value->bytes)
        return;
    if (beacon_kind(value->kind)->type == BEACON_RAW)
        json_text(j, name, hex_encode(value->bytes, value->len, HEX_LOWER, hex));
    else
        json_text_len(j, name, (const char *)value->bytes, value->len);
}

static void put_number_of(struct json *j, const struct tasmota_view *view, const char *name,
                          const struct registry_value *value)
{
    const struct beacon_kind_row *row = beacon_kind(value->kind);

    if (has_unit(row, "°C"))
        put_degrees(j, view, name, value->value, value->scale10);
    else
        json_fixed(j, name, value->value, value->scale10, row->digits);
}

/* A value under the Tasmota name of its kind; further ones of a kind are numbered from 2. */
static void put_value(struct json *j, const struct tasmota_view *view,
                      const struct registry_value *value)
{
    const struct beacon_kind_row *row = beacon_kind(value->kind);
    char name[48], time[ISO_TEXT_SIZE];

    if (value->nth > 1)
        snprintf(name, sizeof(name), "%s%u", row->tasmota, (unsigned)value->nth);
    else
        snprintf(name, sizeof(name), "%s", row->tasmota);
    switch ((enum beacon_kind_type)row->type) {
    case BEACON_NUMBER:
        put_number_of(j, view, name, value);
        break;
    case BEACON_BOOL:
        json_int(j, name, value->value != 0);
        break;
    case BEACON_WORD:
        json_text(j, name, beacon_word(value->kind, value->value));
        break;
    case BEACON_TIME:
        json_text(j, name, iso_print(value->value, time));
        break;
    case BEACON_TEXT:
    case BEACON_RAW:
        put_text(j, name, value);
        break;
    }
}

/* ---- the groups of members, in Tasmota's order ---- */

static void put_number(struct json *j, const struct tasmota_view *view, unsigned kind, int digits,
                       struct tasmota_written *written)
{
    struct registry_value value;

    if (!due(view, kind, 1, &value))
        return;
    json_fixed(j, beacon_kind(kind)->tasmota, value.value, value.scale10, digits);
    note(view, &value, written);
}

static void put_temperature(struct json *j, const struct tasmota_view *view, unsigned kind,
                            struct tasmota_written *written)
{
    struct registry_value value;

    if (!due(view, kind, 1, &value))
        return;
    put_degrees(j, view, beacon_kind(kind)->tasmota, value.value, value.scale10);
    note(view, &value, written);
}

/* The sensor's own dew point where it sends one, else ours, where both values for it are due. */
static void put_dew_point(struct json *j, const struct tasmota_view *view,
                          struct tasmota_written *written)
{
    struct registry_value t, h;
    int64_t dew_point;

    if (due(view, BEACON_KIND_DEW_POINT, 1, &t)) {
        put_temperature(j, view, BEACON_KIND_DEW_POINT, written);
        return;
    }
    if (!due(view, BEACON_KIND_TEMPERATURE, 1, &t) || !due(view, BEACON_KIND_HUMIDITY, 1, &h))
        return;
    if (tasmota_dew_point(fixed_rescale(t.value, t.scale10, -3),
                          fixed_rescale(h.value, h.scale10, -3), &dew_point))
        put_degrees(j, view, "DewPoint", dew_point, -3);
}

static void put_climate(struct json *j, const struct tasmota_view *view,
                        struct tasmota_written *written)
{
    put_temperature(j, view, BEACON_KIND_TEMPERATURE, written);
    put_number(j, view, BEACON_KIND_HUMIDITY, view->units.humidity_digits, written);
    put_dew_point(j, view, written);
    put_number(j, view, BEACON_KIND_ILLUMINANCE, 0, written);
    put_number(j, view, BEACON_KIND_MOISTURE, 0, written);
    put_number(j, view, BEACON_KIND_CONDUCTIVITY, 0, written);
}

/* What Tasmota writes for each event: the value of Button<n>, or a rotation. */
static const struct press {
    uint8_t word;
    uint8_t value; /* of Button<n>; 0: a rotation */
    int8_t sign;   /* of a rotation */
    bool is_pressed;
} presses[] = {
    { BEACON_EVENT_PRESS, 1, 0, false },
    { BEACON_EVENT_DOUBLE_PRESS, 2, 0, false },
    { BEACON_EVENT_LONG_PRESS, 3, 0, false },
    { BEACON_EVENT_HOLD_PRESS, 3, 0, false },
    { BEACON_EVENT_TRIPLE_PRESS, 4, 0, false },
    { BEACON_EVENT_LONG_DOUBLE_PRESS, 5, 0, false },
    { BEACON_EVENT_LONG_TRIPLE_PRESS, 6, 0, false },
    { BEACON_EVENT_ROTATE_LEFT, 0, -1, false },
    { BEACON_EVENT_ROTATE_RIGHT, 0, 1, false },
    { BEACON_EVENT_ROTATE_LEFT_PRESSED, 0, -1, true },
    { BEACON_EVENT_ROTATE_RIGHT_PRESSED, 0, 1, true },
};

static const struct press *press_of(int64_t word)
{
    for (size_t i = 0; i < sizeof(presses) / sizeof(presses[0]); i++) {
        if (presses[i].word == word)
            return &presses[i];
    }
    return NULL;
}

/* The dimmer counts its presses and says how long it was held; that is Hold, and no Button. */
static void put_button(struct json *j, const struct tasmota_view *view, unsigned nth, int64_t press)
{
    struct registry_value value;
    char name[32];
    int64_t number = (int64_t)nth - 1;

    if (received(view, BEACON_KIND_PRESS_DURATION, nth, &value))
        return;
    if (received(view, BEACON_KIND_BUTTON_INDEX, nth, &value))
        number = value.value;
    if (received(view, BEACON_KIND_PRESS_COUNT, nth, &value))
        press = value.value;
    snprintf(name, sizeof(name), "Button%u", (unsigned)(number & 0xff));
    json_int(j, name, press);
}

static void put_buttons(struct json *j, const struct tasmota_view *view,
                        struct tasmota_written *written)
{
    for (unsigned i = 0; view->decoded && i < view->decoded->n; i++) {
        const struct beacon_reading *reading = &view->decoded->readings[i];
        if (reading->kind != BEACON_KIND_EVENT)
            continue;
        const struct press *press = press_of(reading->u.value);
        if (press && press->value > 0)
            put_button(j, view, reading->nth, press->value);
        else if (!press)
            json_text(j, "Event", beacon_word(BEACON_KIND_EVENT, reading->u.value));
        written->fresh++;
    }
}

/* Rotation without a number of steps, as of the cube, is one step. A frame turns once. */
static void put_dimmer(struct json *j, const struct tasmota_view *view)
{
    struct registry_value steps;

    for (unsigned i = 0; view->decoded && i < view->decoded->n; i++) {
        const struct beacon_reading *reading = &view->decoded->readings[i];
        if (reading->kind != BEACON_KIND_EVENT)
            continue;
        const struct press *press = press_of(reading->u.value);
        if (!press || press->sign == 0)
            continue;
        if (!received(view, BEACON_KIND_STEPS, 1, &steps))
            steps.value = 1;
        json_int(j, press->is_pressed ? "Dimmer_P" : "Dimmer", press->sign * steps.value);
        return;
    }
}

static void put_hold(struct json *j, const struct tasmota_view *view)
{
    struct registry_value seconds;

    if (received(view, BEACON_KIND_PRESS_DURATION, 1, &seconds))
        json_int(j, "Hold", seconds.value);
}

/* Motion is told when it is seen. That there is none is told by a light level alone (MJYD2S) or by
 * the sensor's own word, but not beside a time without motion, which says the same as NMT. */
static bool put_motion(struct json *j, const struct tasmota_view *view, const struct model *model,
                       struct tasmota_written *written)
{
    struct registry_value motion, other;

    if (received(view, BEACON_KIND_MOTION, 1, &motion)) {
        if (motion.value == 0 && received(view, BEACON_KIND_IDLE_TIME, 1, &other))
            return false;
    } else if (model && model->dark_is_still &&
               received(view, BEACON_KIND_ILLUMINANCE, 1, &other)) {
        motion.value = 0;
    } else {
        return false;
    }
    json_int(j, "Motion", motion.value != 0);
    written->fresh++;
    return motion.value != 0;
}

static bool put_door(struct json *j, const struct tasmota_view *view,
                     struct tasmota_written *written)
{
    struct registry_value door;

    if (!received(view, BEACON_KIND_DOOR, 1, &door))
        return false;
    json_int(j, "Door", door.value == BEACON_DOOR_OPEN || door.value == BEACON_DOOR_OPEN_TIMEOUT);
    written->fresh++;
    return true;
}

static void put_alarms(struct json *j, const struct tasmota_view *view, const struct model *model,
                       struct tasmota_written *written)
{
    const bool moved = put_motion(j, view, model, written);
    const bool opened = put_door(j, view, written);
    const bool counts = view->events > 0 || (model && model->counts);
    struct registry_value leak;

    if (moved || opened || (view->form == TASMOTA_PERIODIC && counts))
        json_int(j, "Events", view->events);
    if (due(view, BEACON_KIND_LEAK, 1, &leak)) {
        json_int(j, "Leak", leak.value != 0);
        note(view, &leak, written);
    }
}

/* A light that is only the other face of a light level says nothing new. */
static bool is_repeated(const struct tasmota_view *view, const struct registry_value *value)
{
    struct registry_value lux;

    return value->kind == BEACON_KIND_LIGHT && due(view, BEACON_KIND_ILLUMINANCE, 1, &lux);
}

static void put_other(struct json *j, const struct tasmota_view *view,
                      const struct registry_value *value, struct tasmota_written *written)
{
    if (has_place(value->kind, value->nth) || (value->flags & BEACON_UNRELIABLE) ||
        is_repeated(view, value))
        return;
    put_value(j, view, value);
    note(view, value, written);
}

/* What Tasmota has no place for: states, and of a frame also what happened. */
static void put_others(struct json *j, const struct tasmota_view *view,
                       struct tasmota_written *written)
{
    struct registry_value value;
    uint32_t cursor = 0;

    while (view->form != TASMOTA_RECEIVED &&
           registry_value_next(view->registry, view->sensor->mac, &cursor, &value)) {
        if (!(value.flags & BEACON_EVENT))
            put_other(j, view, &value, written);
    }
    for (unsigned i = 0; view->decoded && i < view->decoded->n; i++) {
        const struct beacon_reading *reading = &view->decoded->readings[i];
        if (view->form != TASMOTA_RECEIVED && !(reading->flags & BEACON_EVENT))
            continue;
        value = from_reading(view, reading);
        put_other(j, view, &value, written);
    }
}

static void put_idle(struct json *j, const struct tasmota_view *view,
                     struct tasmota_written *written)
{
    struct registry_value idle;

    if (!received(view, BEACON_KIND_IDLE_TIME, 1, &idle))
        return;
    json_fixed(j, "NMT", idle.value, idle.scale10, 0);
    written->fresh++;
}

/* How well it is heard, and in a periodic message also when it was. */
static void put_hearing(struct json *j, const struct tasmota_view *view)
{
    const int8_t rssi = view->advert ? view->advert->rssi : view->sensor->rssi;
    const bool is_heard = view->advert || (view->sensor->flags & REGISTRY_HEARD);

    if (is_heard && rssi != ADVERT_NO_RSSI)
        json_int(j, "RSSI", rssi);
    if (is_heard && view->form == TASMOTA_PERIODIC && view->heard_unix_s > 0)
        json_int(j, "Time", view->heard_unix_s);
}

void tasmota_sensor_json(struct json *j, const struct tasmota_view *view,
                         struct tasmota_written *written)
{
    const struct model *model = model_of(view->sensor);

    put_climate(j, view, written);
    put_buttons(j, view, written);
    put_dimmer(j, view);
    put_hold(j, view);
    put_alarms(j, view, model, written);
    if (!model)
        put_others(j, view, written);
    put_idle(j, view, written);
    put_number(j, view, BEACON_KIND_BATTERY, 0, written);
    put_hearing(j, view);
}

static bool carries(const struct beacon_decoded *decoded, unsigned kind)
{
    for (unsigned i = 0; i < decoded->n; i++) {
        if (decoded->readings[i].kind == kind)
            return true;
    }
    return false;
}

struct tasmota_happening tasmota_happening(const struct registry *registry,
                                           const struct registry_sensor *sensor,
                                           const struct registry_change *change)
{
    struct tasmota_happening happening = { carries(change->decoded, BEACON_KIND_IDLE_TIME), false };
    const bool is_tasmotas = model_of(sensor) != NULL;
    struct registry_event event;
    uint32_t cursor = change->first_event, lost = 0;

    for (uint32_t n = 0;
         n < change->n_events && registry_event_next(registry, &cursor, &lost, &event); n++) {
        if (!is_tasmotas || has_place(event.kind, 1))
            happening.is_urgent = true;
        if (event.kind == BEACON_KIND_DOOR ||
            (event.kind == BEACON_KIND_MOTION && event.value != 0))
            happening.counts = true;
    }
    return happening;
}
