#include "mqtt/discovery.h"

#include "beacon/products.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEMPLATE_SIZE 256

/* A message in the making. */
struct draft {
    const struct mqtt_announcer *announcer;
    const struct registry_sensor *sensor;
    const struct mqtt_device *device;
    char id[MQTT_UNIQUE_SIZE]; /* of the device */
    uint32_t expire_s;
    struct json j;
};

/* ---- what the kinds' rows do not say ---- */

/* Sums are no measurements: Home Assistant refuses one for the other. */
static const char *state_class(unsigned kind)
{
    static const struct {
        uint8_t kind;
        const char *state_class;
    } sums[] = {
        { BEACON_KIND_ENERGY, "total_increasing" }, { BEACON_KIND_WATER, "total_increasing" },
        { BEACON_KIND_GAS_M3, "total_increasing" }, { BEACON_KIND_VOLUME, "total" },
        { BEACON_KIND_VOLUME_ML, "total" },
    };

    for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
        if (sums[i].kind == kind)
            return sums[i].state_class;
    }
    return "measurement";
}

/* About the device itself and not about the room it is in. */
static bool is_diagnostic(unsigned kind)
{
    return kind == BEACON_KIND_BATTERY || kind == BEACON_KIND_VOLTAGE ||
           kind == BEACON_KIND_BATTERY_LOW;
}

/* The words of a two-state kind that mean on and off. Any other word changes nothing. */
static const char *word_states(unsigned kind)
{
    if (kind == BEACON_KIND_DOOR)
        return "{'open': true, 'open_timeout': true, 'closed': false}";
    if (kind == BEACON_KIND_LOCK)
        return "{'unlocked': true, 'locked': false}";
    return "{'open': true, 'closed': false}";
}

/* MiBeacon sensors speak of motion when there is some, and most never say that it is over. */
static bool speaks_mibeacon(const struct registry_sensor *sensor)
{
    if (sensor->format != BEACON_FORMAT_NONE)
        return sensor->format == BEACON_MIBEACON || sensor->format == BEACON_MIBEACON_LEGACY;
    return sensor->product && !(sensor->product->flags & BEACON_PRODUCT_NO_ID);
}

/* "PcbTemperature" is "Pcb temperature", "PM2_5" is "PM2.5"; the second one of a kind gets a 2. */
static void entity_name(const struct mqtt_field *field, char out[BEACON_NAME_SIZE])
{
    const char *from = beacon_kind(field->kind)->tasmota;
    size_t n = 0;

    if (field->kind == BEACON_KIND_IDLE_TIME)
        from = "TimeWithoutMotion";
    for (size_t i = 0; from[i] && n < BEACON_NAME_SIZE - 8; i++) {
        const unsigned char c = (unsigned char)from[i];
        const bool begins_word = i > 0 && isupper(c) && islower((unsigned char)from[i - 1]);
        if (begins_word)
            out[n++] = ' ';
        if (c == '_')
            out[n++] = '.';
        else
            out[n++] = (char)(begins_word ? tolower(c) : c);
    }
    out[n] = '\0';
    if (field->nth > 1)
        snprintf(out + n, BEACON_NAME_SIZE - n, " %u", (unsigned)field->nth);
}

/* Decimals worth showing: what the row says, and no more than the sensor sends. Temperatures that
 * come with two are shown with two. */
static int digits_of(const struct mqtt_field *field)
{
    const int row = beacon_kind(field->kind)->digits;

    if (field->scale10 == MQTT_NO_SCALE)
        return row;
    const int sent = field->scale10 < 0 ? -field->scale10 : 0;
    if (field->kind == BEACON_KIND_TEMPERATURE && sent > row)
        return 2;
    return sent < row ? sent : row;
}

/* ---- pieces of a component ---- */

static void begin(struct draft *d, const char *key, const char *platform)
{
    char id[MQTT_UNIQUE_SIZE + BEACON_NAME_SIZE];

    snprintf(id, sizeof(id), "%s_%s", d->id, key);
    json_object(&d->j, key);
    json_text(&d->j, "p", platform);
    json_text(&d->j, "unique_id", id);
}

static void put_template(struct draft *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put_template(struct draft *d, const char *format, ...)
{
    char text[TEMPLATE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    json_text(&d->j, "value_template", text);
}

static void put_class(struct draft *d, const char *device_class)
{
    if (device_class)
        json_text(&d->j, "device_class", device_class);
}

static void put_diagnostic(struct draft *d, bool is_shown)
{
    json_text(&d->j, "entity_category", "diagnostic");
    if (!is_shown)
        json_bool(&d->j, "enabled_by_default", false);
}

/* Where it is told, when that is not the topic of the device's state. */
static void put_topic(struct draft *d, const char *leaf)
{
    char topic[MQTT_TOPIC_SIZE];

    if (mqtt_topic_device(d->announcer->scene.site, d->device->identity, leaf, topic,
                          sizeof(topic)))
        json_text(&d->j, "state_topic", topic);
}

static void put_states(struct draft *d)
{
    json_text(&d->j, "payload_on", "True");
    json_text(&d->j, "payload_off", "False");
}

static void put_words(struct draft *d, const char *name, const char *const *words)
{
    json_array(&d->j, name);
    while (*words)
        json_text(&d->j, NULL, *words++);
    json_array_end(&d->j);
}

/* ---- one component for each platform ---- */

static void put_number(struct draft *d, const struct mqtt_field *field, const char *key)
{
    const struct beacon_kind_row *row = beacon_kind(field->kind);

    if (row->unit[0])
        json_text(&d->j, "unit_of_measurement", row->unit);
    json_text(&d->j, "state_class", state_class(field->kind));
    json_int(&d->j, "suggested_display_precision", digits_of(field));
    put_template(d, "{{ value_json.%s | default('') }}", key);
}

static void put_sensor(struct draft *d, const struct mqtt_field *field, const char *key)
{
    const struct beacon_kind_row *row = beacon_kind(field->kind);

    put_class(d, row->ha_class);
    if (row->type == BEACON_NUMBER)
        put_number(d, field, key);
    else
        put_template(d, "{{ value_json.%s | default('None') }}", key);
    if (row->type == BEACON_WORD)
        put_words(d, "options", row->words);
    if (d->expire_s > 0)
        json_int(&d->j, "expire_after", d->expire_s);
}

/* What was late is no motion of now. */
static void put_motion(struct draft *d, const char *key)
{
    put_topic(d, "event");
    put_template(d, "{{ '' if value_json.late is defined else value_json.%s | default('') }}", key);
    json_int(&d->j, "off_delay", MQTT_OFF_DELAY_S);
}

static void put_binary(struct draft *d, const struct mqtt_field *field, const char *key)
{
    const struct beacon_kind_row *row = beacon_kind(field->kind);

    put_class(d, row->ha_class);
    put_states(d);
    if (row->type == BEACON_WORD)
        put_template(d, "{{ %s.get(value_json.get('%s'), '') }}", word_states(field->kind), key);
    else if (field->kind == BEACON_KIND_MOTION && speaks_mibeacon(d->sensor))
        put_motion(d, key);
    else
        put_template(d, "{{ value_json.%s | default('') }}", key);
}

/* All that the message says becomes attributes: which button, how many steps. */
static void put_event(struct draft *d, const struct mqtt_field *field, const char *key)
{
    const struct beacon_kind_row *row = beacon_kind(field->kind);

    put_class(d, row->ha_class);
    put_topic(d, "event");
    put_words(d, "event_types", row->words);
    put_template(d,
                 "{{ dict(value_json, event_type=value_json.%s) | to_json if value_json.%s is "
                 "defined and value_json.late is not defined else '' }}",
                 key, key);
}

static void put_door_problem(struct draft *d, const char *key)
{
    char problem[BEACON_NAME_SIZE + 16];

    snprintf(problem, sizeof(problem), "%s_left_open", key);
    begin(d, problem, "binary_sensor");
    json_text(&d->j, "name", "Left open");
    put_class(d, "problem");
    put_states(d);
    put_template(d, "{{ value_json.get('%s') == 'open_timeout' }}", key);
    json_object_end(&d->j);
}

static void put_field(struct draft *d, const struct mqtt_field *field)
{
    static const struct {
        const char *platform;
        void (*put)(struct draft *d, const struct mqtt_field *field, const char *key);
    } platforms[] = {
        { "sensor", put_sensor },
        { "binary_sensor", put_binary },
        { "event", put_event },
    };
    const char *platform = beacon_kind(field->kind)->ha_platform;
    char key[BEACON_NAME_SIZE], name[BEACON_NAME_SIZE];

    for (size_t i = 0; platform && i < sizeof(platforms) / sizeof(platforms[0]); i++) {
        if (strcmp(platforms[i].platform, platform) != 0)
            continue;
        begin(d, beacon_value_name(field->kind, field->nth, key), platform);
        entity_name(field, name);
        json_text(&d->j, "name", name);
        platforms[i].put(d, field, key);
        if (is_diagnostic(field->kind))
            put_diagnostic(d, true);
        json_object_end(&d->j);
        if (field->kind == BEACON_KIND_DOOR)
            put_door_problem(d, key);
    }
}

/* ---- what every sensor has ---- */

static void put_reception(struct draft *d)
{
    begin(d, "rssi", "sensor");
    json_text(&d->j, "name", "Signal strength");
    put_class(d, "signal_strength");
    json_text(&d->j, "unit_of_measurement", "dBm");
    json_text(&d->j, "state_class", "measurement");
    json_int(&d->j, "suggested_display_precision", 0);
    put_template(d, "{{ value_json.rssi | default('') }}");
    put_diagnostic(d, false);
    json_object_end(&d->j);

    begin(d, "hit_rate_pct", "sensor");
    json_text(&d->j, "name", "Reception");
    json_text(&d->j, "unit_of_measurement", "%");
    json_text(&d->j, "state_class", "measurement");
    json_int(&d->j, "suggested_display_precision", 0);
    put_template(d, "{{ value_json.hit_rate_pct | default('') }}");
    put_diagnostic(d, false);
    json_object_end(&d->j);

    begin(d, "last_seen", "sensor");
    json_text(&d->j, "name", "Last seen");
    put_class(d, "timestamp");
    put_template(d, "{{ value_json.ts | default('None') }}");
    put_diagnostic(d, true);
    json_object_end(&d->j);
}

static void put_key_problem(struct draft *d)
{
    begin(d, "key", "binary_sensor");
    json_text(&d->j, "name", "Key");
    put_class(d, "problem");
    put_topic(d, "meta");
    put_states(d);
    put_template(d, "{{ value_json.key in ('missing', 'wrong') }}");
    put_diagnostic(d, true);
    json_object_end(&d->j);
}

/* The Bluetooth address makes it one device with what Home Assistant's own Bluetooth sees. A random
 * one changes and would only confuse. */
static void put_connection(struct draft *d)
{
    const uint8_t *b = d->sensor->mac.b;
    char text[18];

    if (d->sensor->addr_type != ADVERT_ADDR_PUBLIC)
        return;
    snprintf(text, sizeof(text), "%02X:%02X:%02X:%02X:%02X:%02X", b[0], b[1], b[2], b[3], b[4],
             b[5]);
    json_array(&d->j, "connections");
    json_array(&d->j, NULL);
    json_text(&d->j, NULL, "bluetooth");
    json_text(&d->j, NULL, text);
    json_array_end(&d->j);
    json_array_end(&d->j);
}

static void put_ids(struct draft *d)
{
    json_array(&d->j, "identifiers");
    json_text(&d->j, NULL, d->id);
    json_array_end(&d->j);
}

static void put_device(struct draft *d)
{
    const struct registry_sensor *sensor = d->sensor;
    char label[REGISTRY_LABEL_SIZE], id[MQTT_UNIQUE_SIZE];

    json_object(&d->j, "dev");
    put_ids(d);
    put_connection(d);
    json_text(&d->j, "name", registry_label(sensor, label));
    if (sensor->product) {
        json_text(&d->j, "model", beacon_product_title(sensor->product));
        json_text(&d->j, "model_id", sensor->product->model);
    }
    json_text(&d->j, "via_device", mqtt_gateway_unique_id(d->announcer, id));
    json_object_end(&d->j);
}

static void put_origin(struct draft *d)
{
    json_object(&d->j, "o");
    json_text(&d->j, "name", "mi32");
    json_object_end(&d->j);
}

static void put_gateway_availability(struct draft *d)
{
    json_object(&d->j, NULL);
    json_text(&d->j, "topic", d->announcer->lwt);
    json_text(&d->j, "payload_available", "Online");
    json_text(&d->j, "payload_not_available", "Offline");
    json_object_end(&d->j);
}

static void put_availability(struct draft *d)
{
    char topic[MQTT_TOPIC_SIZE];

    json_array(&d->j, "availability");
    put_gateway_availability(d);
    if (mqtt_topic_device(d->announcer->scene.site, d->device->identity, "availability", topic,
                          sizeof(topic))) {
        json_object(&d->j, NULL);
        json_text(&d->j, "topic", topic);
        json_object_end(&d->j);
    }
    json_array_end(&d->j);
    json_text(&d->j, "availability_mode", "all");
}

bool mqtt_write_discovery(const struct mqtt_announcer *announcer,
                          const struct registry_sensor *sensor, const struct mqtt_device *device,
                          char *out, size_t size)
{
    struct draft d = { .announcer = announcer, .sensor = sensor, .device = device };
    char mac[MAC_TEXT_LEN + 1];

    d.expire_s =
        2 * device->silence_s; /* availability comes first; this is for when nothing comes */
    mqtt_unique_id(announcer->scene.site, mac_print(device->identity, mac), d.id);
    json_init(&d.j, out, size);
    json_object(&d.j, NULL);
    put_device(&d);
    put_origin(&d);
    json_object(&d.j, "cmps");
    for (uint8_t i = 0; i < device->n_fields; i++)
        put_field(&d, &device->fields[i]);
    put_reception(&d);
    put_key_problem(&d);
    json_object_end(&d.j);
    put_topic(&d, "state");
    put_availability(&d);
    json_int(&d.j, "qos", 1);
    json_object_end(&d.j);
    return json_ok(&d.j);
}

/* ---- the gateway ---- */

char *mqtt_gateway_unique_id(const struct mqtt_announcer *announcer, char out[MQTT_UNIQUE_SIZE])
{
    char what[32];

    snprintf(what, sizeof(what), "gw_%.16s", announcer->id);
    return mqtt_unique_id(announcer->scene.site, what, out);
}

static void put_own_connection(struct draft *d)
{
    begin(d, "connection", "binary_sensor");
    json_text(&d->j, "name", "Connection");
    put_class(d, "connectivity");
    json_text(&d->j, "state_topic", d->announcer->lwt);
    json_text(&d->j, "payload_on", "Online");
    json_text(&d->j, "payload_off", "Offline");
    put_diagnostic(d, true);
    json_object_end(&d->j);
}

static void put_switch(struct draft *d, unsigned number, const struct mqtt_switches *switches)
{
    const struct mqtt_switch_view *view = &switches->all[number - 1];
    char key[16], command[MQTT_TOPIC_SIZE];

    if (!view->is_there || snprintf(command, sizeof(command), "%sPOWER%u", switches->command,
                                    number) >= (int)sizeof(command))
        return;
    snprintf(key, sizeof(key), "relay%u", number);
    begin(d, key, "switch");
    json_text(&d->j, "name", view->name);
    json_text(&d->j, "state_topic", view->state);
    json_text(&d->j, "command_topic", command);
    json_array(&d->j, "availability");
    put_gateway_availability(d);
    json_array_end(&d->j);
    json_object_end(&d->j);
}

bool mqtt_write_gateway(const struct mqtt_announcer *announcer,
                        const struct mqtt_switches *switches, char *out, size_t size)
{
    struct draft d = { .announcer = announcer };

    mqtt_gateway_unique_id(announcer, d.id);
    json_init(&d.j, out, size);
    json_object(&d.j, NULL);
    json_object(&d.j, "dev");
    put_ids(&d);
    json_text(&d.j, "name", switches->gateway);
    json_text(&d.j, "model", "mi32");
    json_object_end(&d.j);
    put_origin(&d);
    json_object(&d.j, "cmps");
    put_own_connection(&d);
    for (unsigned number = 1; number <= MQTT_SWITCHES_MAX; number++)
        put_switch(&d, number, switches);
    json_object_end(&d.j);
    json_int(&d.j, "qos", 1);
    json_object_end(&d.j);
    return json_ok(&d.j);
}
