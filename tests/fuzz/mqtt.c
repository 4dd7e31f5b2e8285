/* mqtt: whatever another client of the broker sends, whatever names and settings a house has and
 * whatever sensors say, each message of ours goes to a topic that is one, and what should be JSON
 * is. The input is lines: a letter that says what happens, and with what. */
#include "fuzz/fuzz.h"

#include "mqtt/mqtt.h"
#include "registry/registry.h"
#include "settings/settings.h"
#include "sim/broker.h"
#include "sim/clock.h"

#include "bus/bus.h"

#include <cjson/cJSON.h>

#define THERMO "582D34010203"
#define LINE   4096

struct world {
    struct sim_clock clock;
    struct sim_broker broker;
    struct port port;
    struct bus *bus;
    struct settings *settings;
    struct registry *registry;
    struct mqtt *mqtt;
};

/* ---- the wiring, as the gateway does it ---- */

static uint64_t now_ms(void *self)
{
    const struct sim_clock *clock = self;

    return clock->now_ms;
}

static void random_bytes(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, 0, len);
}

static void sensor_changed(void *user, const struct registry_change *change)
{
    struct world *w = user;

    bus_post(w->bus,
             &(struct bus_event){ .kind = BUS_SENSOR,
                                  .u.sensor = { change, change->advert, change->decoded } });
}

static void setting_changed(void *user, enum settings_id id)
{
    struct world *w = user;

    bus_post(w->bus, &(struct bus_event){ .kind = BUS_SETTING, .u.setting = { settings_row(id) } });
}

static struct mac thermo(void)
{
    struct mac mac = { { 0 } };

    mac_parse(THERMO, strlen(THERMO), &mac);
    return mac;
}

/* ---- what must hold ---- */

static void expect_topic(const char *topic)
{
    fuzz_expect(*topic && *topic != '$', "a topic is none of the broker's own");
    for (; *topic; topic++)
        fuzz_expect((unsigned char)*topic > ' ' && *topic != 0x7f && !strchr("+#", *topic),
                    "a topic has no wildcards, blanks or control characters");
}

static void expect_messages(struct world *w)
{
    for (size_t i = 0; i < w->broker.count; i++) {
        const struct sim_message *m = &w->broker.messages[i];
        expect_topic(m->topic);
        if (m->payload[0] != '{')
            continue;
        cJSON *json = cJSON_ParseWithLength(m->payload, m->len);
        fuzz_expect(cJSON_IsObject(json), "what begins as JSON is JSON");
        cJSON_Delete(json);
    }
    sim_broker_forget(&w->broker);
}

/* ---- what can happen ---- */

/* One frame of the thermometer, the bytes its readings: kind and value, by turns. */
static void say(struct world *w, const char *text)
{
    struct beacon_decoded decoded = { .outcome = BEACON_OK, .format = BEACON_FORMAT_NONE };
    const struct advert advert = { .addr = thermo(),
                                   .rssi = -60,
                                   .data = (const uint8_t *)text,
                                   .len = (uint16_t)(strlen(text) < 200 ? strlen(text) : 200),
                                   .heard_ms = w->clock.now_ms };

    decoded.content_hash = (uint32_t)w->clock.now_ms;
    for (; text[0] && text[1] && decoded.n < BEACON_READINGS_MAX; text += 2) {
        struct beacon_reading *r = &decoded.readings[decoded.n++];
        const uint8_t kind = (uint8_t)(1 + (unsigned char)text[0] % (BEACON_KINDS - 1));
        const uint8_t type = beacon_kind(kind)->type;
        *r = (struct beacon_reading){ .kind = kind, .nth = decoded.n };
        r->flags = beacon_kind(kind)->is_event ? BEACON_EVENT : 0;
        if (type == BEACON_TEXT || type == BEACON_RAW)
            r->u.bytes.len = advert.len;
        else
            r->u.value = type == BEACON_NUMBER ? text[1] : text[1] & 1;
    }
    if (decoded.n > 0)
        registry_apply(w->registry, &advert, &decoded);
}

static void deliver(struct world *w, const char *topic, const char *payload, bool retained)
{
    if (w->broker.is_connected)
        w->broker.events.message(w->broker.events.user, topic, payload, strlen(payload), retained);
}

static void deliver_any(struct world *w, char *line)
{
    char *tab = strchr(line, '\t');

    if (tab)
        *tab = '\0';
    deliver(w, line, tab ? tab + 1 : "", true);
}

static void set(struct world *w, enum settings_id id, const char *value)
{
    settings_set_text(w->settings, id, value, 0, NULL);
}

/* A reply of a command: those are JSON objects, and what is in them may be anything. */
static void reply(struct world *w, const char *text)
{
    cJSON *json = cJSON_Parse(text);
    char *again = cJSON_IsObject(json) ? cJSON_PrintUnformatted(json) : NULL;

    if (again)
        bus_message(w->bus, BUS_STAT, "RESULT", again, false, true);
    cJSON_free(again);
    cJSON_Delete(json);
}

static void happen(struct world *w, char *line)
{
    static const struct {
        char letter;
        enum settings_id id;
    } texts[] = {
        { 's', SETTINGS_SITE },        { 'p', SETTINGS_HA_PREFIX }, { 't', SETTINGS_TOPIC },
        { 'f', SETTINGS_FULL_TOPIC },  { 'c', SETTINGS_PREFIX1 },   { 'g', SETTINGS_GROUP_TOPIC1 },
        { 'l', SETTINGS_MQTT_CLIENT },
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].letter == line[0])
            set(w, texts[i].id, line + 1);
    }
    if (line[0] == 'm')
        deliver(w, "mi32/home/dev/" THERMO "/meta", line + 1, true);
    else if (line[0] == 'x')
        deliver_any(w, line + 1);
    else if (line[0] == 'n')
        registry_set_name(w->registry, thermo(), line + 1, strlen(line + 1));
    else if (line[0] == 'd')
        say(w, line + 1);
    else if (line[0] == 'r')
        reply(w, line + 1);
    else if (line[0] == 'q')
        registry_forget(w->registry, thermo());
    else if (line[0] == 'o')
        settings_set_number(w->settings, SETTINGS_COMMAND_TOPIC, 1, 0, NULL);
    sim_clock_advance(&w->clock, 700);
}

/* ---- one input ---- */

static void open_world(struct world *w)
{
    struct registry_config config = registry_config_for(8);

    memset(w, 0, sizeof(*w));
    sim_clock_init(&w->clock);
    sim_broker_init(&w->broker, &w->clock);
    w->port =
        (struct port){ .clock = &w->clock.port, .mqtt = &w->broker.port, .random = random_bytes };
    w->bus = bus_create(now_ms, &w->clock);
    w->settings = settings_create(setting_changed, w);
    config.on_change = sensor_changed;
    config.user = w;
    w->registry = registry_open(&config, fuzz_copy(NULL, 0, registry_memory(&config)),
                                registry_memory(&config), w->clock.now_ms);
    w->mqtt = mqtt_create(&(struct mqtt_config){ .port = &w->port,
                                                 .bus = w->bus,
                                                 .settings = w->settings,
                                                 .registry = w->registry,
                                                 .id = "AABBCC",
                                                 .hostname = "pi" });
    set(w, SETTINGS_MQTT_HOST, "broker");
    mqtt_start(w->mqtt);
    sim_clock_advance(&w->clock, 1);
    say(w, "ab");
    registry_approve(w->registry, thermo());
}

static void close_world(struct world *w)
{
    void *memory = w->registry;

    mqtt_destroy(w->mqtt);
    expect_messages(w);
    registry_close(w->registry);
    free(memory);
    settings_destroy(w->settings);
    bus_destroy(w->bus);
    sim_broker_clear(&w->broker);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world world;
    const char *at = (const char *)data, *end = at + size;

    open_world(&world);
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const size_t len = (size_t)((stop ? stop : end) - at);
        char *line = fuzz_copy(at, len < LINE ? len : LINE, 1);
        happen(&world, line);
        free(line);
        expect_messages(&world);
        at = stop ? stop + 1 : end;
    }
    sim_clock_advance(&world.clock, 20000);
    close_world(&world);
    return 0;
}
