#include "mqtt/mqtt_private.h"

#include "settings/settings.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define RETRY_MS        1000  /* between two looks whether a busy broker is still busy */
#define RELIEF_MS       10000 /* so long nothing had to be left out: it keeps up again */
#define LEVEL_SIZE      32
#define EVENT_JSON_SIZE 2048 /* 16 values of 60 bytes, and who said it */

bool mqtt_outbox_topic(const struct mqtt *mqtt, enum mqtt_topic_prefix prefix, const char *level,
                       char out[MQTT_TOPIC_SIZE])
{
    const int n = snprintf(out, MQTT_TOPIC_SIZE, "%s%s", mqtt->prefixes[prefix], level);

    return n > 0 && n < MQTT_TOPIC_SIZE;
}

int mqtt_outbox_publish(struct mqtt *mqtt, const char *topic, const char *payload, int qos,
                        bool retain)
{
    const bool may_retain = settings_number(mqtt->config.settings, SETTINGS_NO_RETAIN) == 0 ||
                            !*payload; /* which clears what was retained before */
    const int id = mqtt->client->publish(mqtt->client->self, topic, payload, strlen(payload), qos,
                                         retain && may_retain);

    if (id >= 0)
        mqtt->published++;
    return id;
}

void mqtt_outbox_presence(struct mqtt *mqtt, const char *payload)
{
    char topic[MQTT_TOPIC_SIZE];

    if (mqtt_outbox_topic(mqtt, MQTT_TELE, "LWT", topic))
        mqtt_outbox_publish(mqtt, topic, payload, 1, true);
}

/* Without a MqttHost nothing waits for a broker. */
static bool is_wanted(const struct mqtt *mqtt)
{
    return *settings_text(mqtt->config.settings, SETTINGS_MQTT_HOST) != '\0';
}

static uint64_t now_ms(const struct mqtt *mqtt)
{
    return mqtt->clock->now_ms(mqtt->clock->self);
}

/* Something waits that nothing else will remind us of. */
static void retry_later(struct mqtt *mqtt)
{
    if (mqtt->is_waiting)
        return;
    mqtt->is_waiting = true;
    mqtt->clock->set(mqtt->clock->self, &mqtt->retry, now_ms(mqtt) + RETRY_MS);
}

/* ---- texts ---- */

/* The name of the command that a reply is about, in capitals and without its index: the name of its
 * first member, or of the input that was refused. False when that could not be a level of a topic.
 */
static bool command_of(const char *json, char out[LEVEL_SIZE])
{
    const char *name = strstr(json, "\"Input\":\"");
    size_t n = 0;

    name = name && strncmp(json, "{\"Command\":", 11) == 0 ? name + 9 : json + 2;
    if (strncmp(json, "{\"", 2) != 0)
        return false;
    while (n < LEVEL_SIZE - 1 && (isalnum((unsigned char)name[n]) || name[n] == '_')) {
        out[n] = (char)toupper((unsigned char)name[n]);
        n++;
    }
    if (name[n] != '"')
        return false;
    while (n > 0 && isdigit((unsigned char)out[n - 1]))
        n--;
    out[n] = '\0';
    return n > 0;
}

/* SetOption4: a reply may go to a topic of its command's own. */
static const char *level_of(const struct mqtt *mqtt, enum bus_prefix prefix, const char *level,
                            const char *payload, char own[LEVEL_SIZE])
{
    if (prefix != BUS_STAT || strcmp(level, "RESULT") != 0 ||
        settings_number(mqtt->config.settings, SETTINGS_COMMAND_TOPIC) == 0)
        return level;
    return command_of(payload, own) ? own : level;
}

/* SetOption90. What somebody publishes by command is theirs. */
static bool is_suppressed(const struct mqtt *mqtt, enum bus_prefix prefix, const char *payload)
{
    return prefix != BUS_WHOLE && payload[0] != '{' &&
           settings_number(mqtt->config.settings, SETTINGS_JSON_ONLY) != 0;
}

static int send_text(struct mqtt *mqtt, enum bus_prefix prefix, const char *level,
                     const char *payload, bool retain)
{
    char topic[MQTT_TOPIC_SIZE], own[LEVEL_SIZE];

    if (is_suppressed(mqtt, prefix, payload))
        return 0;
    if (mqtt->state != MQTT_UP)
        return PORT_MQTT_NOT_CONNECTED;
    if (prefix == BUS_WHOLE)
        return mqtt_outbox_publish(mqtt, level, payload, 0, retain);
    level = level_of(mqtt, prefix, level, payload, own);
    if (!mqtt_outbox_topic(mqtt, prefix == BUS_STAT ? MQTT_STAT : MQTT_TELE, level, topic))
        return PORT_MQTT_REFUSED;
    return mqtt_outbox_publish(mqtt, topic, payload, 0, retain);
}

/* False when some must go on waiting. */
static bool send_held(struct mqtt *mqtt)
{
    const struct mqtt_held_text *text;

    while ((text = mqtt_held_first(&mqtt->held, now_ms(mqtt))) != NULL) {
        const int id = send_text(mqtt, text->prefix, text->level, mqtt_held_payload(text), false);
        if (id == PORT_MQTT_BUSY || id == PORT_MQTT_NOT_CONNECTED)
            return false;
        mqtt_held_drop(&mqtt->held);
    }
    return true;
}

static void withhold(struct mqtt *mqtt)
{
    mqtt->withheld++;
    if (mqtt->state != MQTT_UP)
        return;
    mqtt->owes_state = true;
    mqtt->withheld_ms = now_ms(mqtt);
    if (!mqtt->slow_is_told)
        bus_log(mqtt->config.bus, BUS_WARNING,
                "look at the load of the broker and the network; MI32Option2 0 sends less",
                "the MQTT broker does not keep up: messages of values are left out until it does");
    mqtt->slow_is_told = true;
}

void mqtt_outbox_text(struct mqtt *mqtt, enum bus_prefix prefix, const char *level,
                      const char *payload, bool retain, bool once)
{
    int id = PORT_MQTT_BUSY;

    if (!is_wanted(mqtt))
        return;
    if (mqtt->held.n == 0 || send_held(mqtt))
        id = send_text(mqtt, prefix, level, payload, retain);
    if (id != PORT_MQTT_BUSY && id != PORT_MQTT_NOT_CONNECTED)
        return;
    if (once)
        mqtt_held_add(&mqtt->held, now_ms(mqtt), prefix, level, payload);
    else
        withhold(mqtt);
    if (mqtt->state == MQTT_UP)
        retry_later(mqtt);
}

/* What is not retained any more must not stay behind as if it were fresh. */
void mqtt_outbox_sensor_retain(struct mqtt *mqtt)
{
    char topic[MQTT_TOPIC_SIZE];

    if (mqtt->state == MQTT_UP &&
        settings_number(mqtt->config.settings, SETTINGS_SENSOR_RETAIN) == 0 &&
        mqtt_outbox_topic(mqtt, MQTT_TELE, "SENSOR", topic))
        mqtt_outbox_publish(mqtt, topic, "", 0, true);
}

/* ---- events ---- */

/* False when nothing more can be handed over now. */
static bool send_event(struct mqtt *mqtt, const struct mqtt_record *record)
{
    const struct mqtt_scene scene = {
        .registry = mqtt->config.registry,
        .clock = mqtt->clock,
        .gateway = mqtt->gateway,
        .site = mqtt->canon.site,
    };
    char topic[MQTT_TOPIC_SIZE], payload[EVENT_JSON_SIZE];
    struct json j;

    json_init(&j, payload, sizeof(payload));
    mqtt_event_write(&scene, record, &j);
    int id = PORT_MQTT_REFUSED;
    if (json_ok(&j) && mqtt_event_topic(&scene, record, topic, sizeof(topic)))
        id = mqtt_outbox_publish(mqtt, topic, payload, 1, false);
    if (id == PORT_MQTT_BUSY || id == PORT_MQTT_NOT_CONNECTED)
        return false;
    if (id >= 0)
        mqtt_queue_sent(&mqtt->queue, id);
    else
        mqtt_queue_skip(&mqtt->queue);
    return true;
}

static void send_events(struct mqtt *mqtt)
{
    const struct mqtt_record *record;

    while (mqtt->state == MQTT_UP && mqtt->queue.in_flight < MQTT_IN_FLIGHT_MAX &&
           (record = mqtt_queue_next(&mqtt->queue)) != NULL) {
        if (!send_event(mqtt, record)) {
            retry_later(mqtt);
            return;
        }
    }
}

void mqtt_outbox_events(struct mqtt *mqtt, const struct registry_change *change)
{
    if (change->n_events == 0 || !is_wanted(mqtt))
        return;
    if (!mqtt_event_queue(&mqtt->queue, mqtt->config.registry, change) && !mqtt->loss_is_told) {
        mqtt->loss_is_told = true;
        bus_log(mqtt->config.bus, BUS_WARNING,
                "bring the broker back, or set MqttHost to another or to nothing",
                "%u events wait for the MQTT broker and there is room for no more: the oldest are "
                "being lost",
                (unsigned)mqtt->queue.count);
    }
    send_events(mqtt);
}

/* ---- the connection ---- */

/* Whoever tells a state does it anew. */
static void ask_for_state(struct mqtt *mqtt)
{
    mqtt->owes_state = false;
    mqtt->slow_is_told = false;
    bus_post(mqtt->config.bus,
             &(struct bus_event){ .kind = BUS_LINK,
                                  .u.link = { "mqtt", true, "the broker keeps up again", "" } });
}

static void retry(void *user)
{
    struct mqtt *mqtt = user;

    mqtt->is_waiting = false;
    if (mqtt->state != MQTT_UP)
        return;
    const bool all_sent = send_held(mqtt);
    send_events(mqtt);
    if (mqtt->owes_state && now_ms(mqtt) - mqtt->withheld_ms >= RELIEF_MS)
        ask_for_state(mqtt);
    if (mqtt->owes_state || !all_sent)
        retry_later(mqtt);
}

void mqtt_outbox_init(struct mqtt *mqtt)
{
    mqtt->retry = (struct timer){ .fire = retry, .user = mqtt };
}

void mqtt_outbox_open(struct mqtt *mqtt)
{
    if (!send_held(mqtt))
        retry_later(mqtt);
    send_events(mqtt);
}

void mqtt_outbox_shut(struct mqtt *mqtt)
{
    mqtt->clock->cancel(mqtt->clock->self, &mqtt->retry);
    mqtt->is_waiting = false;
    mqtt->owes_state = false;
    mqtt->slow_is_told = false;
    mqtt_queue_rewind(&mqtt->queue);
}

void mqtt_outbox_forget(struct mqtt *mqtt)
{
    mqtt_queue_clear(&mqtt->queue);
    mqtt_held_clear(&mqtt->held);
    mqtt->loss_is_told = false;
}

void mqtt_outbox_acknowledged(struct mqtt *mqtt, int message_id)
{
    if (!mqtt_queue_acknowledged(&mqtt->queue, message_id))
        return; /* of Online, or of one that was dropped meanwhile */
    if (mqtt->queue.count == 0)
        mqtt->loss_is_told = false;
    send_events(mqtt);
}
