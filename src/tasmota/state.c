#include "tasmota/state.h"

#include "base/topic.h"
#include "settings/settings.h"
#include "tasmota/power.h"
#include "tasmota/time_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TEXT_SIZE 512

static void look(const struct tasmota_state *s, struct port_machine_facts *facts)
{
    s->port->machine->look(s->port->machine->self, facts);
}

/* ---- uptime ---- */

uint32_t tasmota_state_uptime_s(const struct tasmota_state *s)
{
    const struct port_clock *clock = s->port->clock;

    return (uint32_t)((clock->now_ms(clock->self) - s->start_ms) / 1000);
}

char *tasmota_state_uptime(const struct tasmota_state *s, char out[TASMOTA_UPTIME_SIZE])
{
    const uint32_t seconds = tasmota_state_uptime_s(s);

    snprintf(out, TASMOTA_UPTIME_SIZE, "%" PRIu32 "T%02u:%02u:%02u", seconds / 86400,
             (unsigned)(seconds / 3600 % 24), (unsigned)(seconds / 60 % 60),
             (unsigned)(seconds % 60));
    return out;
}

/* ---- STATE ---- */

void tasmota_put_known(struct json *j, const char *name, const char *text)
{
    if (*text)
        json_text(j, name, text);
}

void tasmota_state_json(const struct tasmota_state *s, struct json *j)
{
    struct port_machine_facts facts;
    char uptime[TASMOTA_UPTIME_SIZE];

    look(s, &facts);
    tasmota_time_json(j, s->port->clock, s->settings);
    json_text(j, "Uptime", tasmota_state_uptime(s, uptime));
    json_int(j, "UptimeSec", tasmota_state_uptime_s(s));
    if (facts.memory_kb > 0)
        json_int(j, "Heap", facts.memory_kb);
    json_int(j, "LoadAvg", facts.load);
    json_int(j, "MqttCount", s->connects);
    tasmota_power_json(s->relays, s->settings, j);
    tasmota_put_known(j, "Hostname", facts.hostname);
    tasmota_put_known(j, "IPAddress", facts.address);
}

void tasmota_state_tell(const struct tasmota_state *s)
{
    char text[TEXT_SIZE];
    struct json j;

    json_init(&j, text, sizeof(text));
    json_object(&j, NULL);
    tasmota_state_json(s, &j);
    json_object_end(&j);
    if (json_ok(&j))
        bus_message(s->bus, BUS_TELE, "STATE", text, false, false);
}

/* ---- topics ---- */

#define TOPIC_SIZE    256
#define FALLBACK_SIZE 16

/* The topic of that name, ours or a group's, with a slash behind it. */
static bool make_topic(const struct tasmota_state *s, enum settings_id prefix, const char *name,
                       char out[TOPIC_SIZE])
{
    struct port_machine_facts facts;
    char id[8];

    look(s, &facts);
    snprintf(id, sizeof(id), "%02X%02X%02X", s->machine.b[3], s->machine.b[4], s->machine.b[5]);
    const struct topic_names names = {
        .full_topic = settings_text(s->settings, SETTINGS_FULL_TOPIC),
        .topic = name,
        .id = id,
        .hostname = facts.hostname,
    };
    return topic_full(&names, settings_text(s->settings, prefix), "", out, TOPIC_SIZE);
}

static char *fallback_name(const struct tasmota_state *s, char out[FALLBACK_SIZE])
{
    snprintf(out, FALLBACK_SIZE, "DVES_%02X%02X%02X_fb", s->machine.b[3], s->machine.b[4],
             s->machine.b[5]);
    return out;
}

void tasmota_put_group(const struct tasmota_state *s, struct json *j, const char *name,
                       const char *group)
{
    char topic[TOPIC_SIZE];

    if (*group && make_topic(s, SETTINGS_PREFIX1, group, topic))
        json_text(j, name, topic);
}

static bool is_under(const struct tasmota_state *s, enum settings_id prefix, const char *name,
                     const char *topic)
{
    char above[TOPIC_SIZE];

    return make_topic(s, prefix, name, above) && strncmp(topic, above, strlen(above)) == 0;
}

bool tasmota_is_own_topic(const struct tasmota_state *s, const char *topic)
{
    const char *name = settings_text(s->settings, SETTINGS_TOPIC);
    char fallback[FALLBACK_SIZE];

    for (int id = SETTINGS_GROUP_TOPIC1; id <= SETTINGS_GROUP_TOPIC4; id++) {
        const char *group = settings_text(s->settings, (enum settings_id)id);
        if (*group && is_under(s, SETTINGS_PREFIX1, group, topic))
            return true;
    }
    return is_under(s, SETTINGS_PREFIX1, name, topic) ||
           is_under(s, (enum settings_id)(SETTINGS_PREFIX1 + 1), name, topic) ||
           is_under(s, SETTINGS_PREFIX1, fallback_name(s, fallback), topic);
}

/* ---- INFO ---- */

static void put_program(const struct tasmota_state *s, struct json *j)
{
    char fallback[FALLBACK_SIZE];

    json_text(j, "Module", "mi32");
    json_text(j, "Version", s->version);
    tasmota_put_group(s, j, "FallbackTopic", fallback_name(s, fallback));
    tasmota_put_group(s, j, "GroupTopic", settings_text(s->settings, SETTINGS_GROUP_TOPIC1));
}

static void put_place(const struct tasmota_state *s, struct json *j)
{
    struct port_machine_facts facts;

    look(s, &facts);
    if (s->web_is_up)
        json_text(j, "WebServerMode", "Admin");
    tasmota_put_known(j, "Hostname", facts.hostname);
    tasmota_put_known(j, "IPAddress", facts.address);
}

static void put_start(const struct tasmota_state *s, struct json *j)
{
    json_text(j, "RestartReason", s->port->machine->start_reason(s->port->machine->self));
    json_int(j, "BootCount", settings_number(s->settings, SETTINGS_BOOT_COUNT));
}

static const struct info {
    const char *level, *name;
    void (*put)(const struct tasmota_state *s, struct json *j);
} infos[] = {
    { "INFO1", "Info1", put_program },
    { "INFO2", "Info2", put_place },
    { "INFO3", "Info3", put_start },
};

static void tell_infos(const struct tasmota_state *s)
{
    for (size_t i = 0; i < sizeof(infos) / sizeof(infos[0]); i++) {
        char text[TEXT_SIZE];
        struct json j;
        json_init(&j, text, sizeof(text));
        json_object(&j, NULL);
        json_object(&j, infos[i].name);
        infos[i].put(s, &j);
        json_object_end(&j);
        json_object_end(&j);
        if (json_ok(&j))
            bus_message(s->bus, BUS_TELE, infos[i].level, text, false, false);
    }
}

/* ---- life ---- */

/* A link that is up and comes up again is a broker that keeps up again, not a new connection. */
static void hear_broker(struct tasmota_state *s, bool is_up)
{
    if (is_up == s->mqtt_is_up)
        return;
    s->mqtt_is_up = is_up;
    if (!is_up)
        return;
    s->connects++;
    tell_infos(s);
}

static void hear(void *user, const struct bus_event *event)
{
    struct tasmota_state *s = user;

    if (event->kind != BUS_LINK)
        return;
    if (strcmp(event->u.link.name, "mqtt") == 0)
        hear_broker(s, event->u.link.up);
    else if (strcmp(event->u.link.name, "web") == 0)
        s->web_is_up = event->u.link.up;
}

void tasmota_state_open(struct tasmota_state *s)
{
    tasmota_state_start(s);
    s->listener = (struct bus_listener){ .hear = hear, .user = s };
    bus_listen(s->bus, &s->listener);
}

void tasmota_state_close(struct tasmota_state *s)
{
    bus_unlisten(s->bus, &s->listener);
}

void tasmota_state_start(struct tasmota_state *s)
{
    s->start_ms = s->port->clock->now_ms(s->port->clock->self);
}
