#include "mqtt/mqtt_private.h"

#include "settings/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENT_JSON_SIZE 2048 /* 16 values of 60 bytes, and who said it */

bool mqtt_outbox_topic(const struct mqtt *mqtt, enum mqtt_topic_prefix prefix, const char *level,
                       char out[MQTT_TOPIC_SIZE])
{
    const int n = snprintf(out, MQTT_TOPIC_SIZE, "%s%s", mqtt->prefixes[prefix], level);

    return n > 0 && n < MQTT_TOPIC_SIZE;
}

/* The number of the message, or an error of the port. */
static int publish(struct mqtt *mqtt, const char *topic, const char *payload, int qos, bool retain)
{
    const int id =
        mqtt->client->publish(mqtt->client->self, topic, payload, strlen(payload), qos, retain);

    if (id >= 0)
        mqtt->published++;
    return id;
}

void mqtt_outbox_presence(struct mqtt *mqtt, const char *payload)
{
    char topic[MQTT_TOPIC_SIZE];

    if (mqtt_outbox_topic(mqtt, MQTT_TELE, "LWT", topic))
        publish(mqtt, topic, payload, 1, true);
}

/* Without a MqttHost nothing waits for a broker. */
static bool is_wanted(const struct mqtt *mqtt)
{
    return *settings_text(mqtt->config.settings, SETTINGS_MQTT_HOST) != '\0';
}

/* ---- texts ---- */

static bool texts_may_go(const struct mqtt *mqtt)
{
    return mqtt->state == MQTT_UP && mqtt->n_markers < MQTT_MARKERS_MAX;
}

static void send_text(struct mqtt *mqtt, enum bus_prefix prefix, const char *level,
                      const char *payload, bool retain)
{
    char topic[MQTT_TOPIC_SIZE];
    const bool is_marker = mqtt->since_marker + 1 == MQTT_MARKER_EVERY;

    if (!mqtt_outbox_topic(mqtt, prefix == BUS_STAT ? MQTT_STAT : MQTT_TELE, level, topic))
        return;
    const int id = publish(mqtt, topic, payload, is_marker, retain);
    if (id < 0)
        return;
    mqtt->since_marker = is_marker ? 0 : mqtt->since_marker + 1;
    if (is_marker)
        mqtt->markers[mqtt->n_markers++] = id;
}

static void withhold(struct mqtt *mqtt)
{
    mqtt->withheld++;
    if (mqtt->state != MQTT_UP)
        return;
    mqtt->owes_state = true;
    if (!mqtt->slow_is_told)
        bus_log(mqtt->config.bus, BUS_WARNING,
                "look at the load of the broker and the network; MI32Option2 0 sends less",
                "the MQTT broker does not keep up: messages of values are left out until it does");
    mqtt->slow_is_told = true;
}

void mqtt_outbox_text(struct mqtt *mqtt, enum bus_prefix prefix, const char *level,
                      const char *payload, bool retain, bool once)
{
    if (texts_may_go(mqtt))
        send_text(mqtt, prefix, level, payload, retain);
    else if (!is_wanted(mqtt))
        return;
    else if (once)
        mqtt_held_add(&mqtt->held, mqtt->clock->now_ms(mqtt->clock->self), prefix, level, payload);
    else
        withhold(mqtt);
}

static void send_held(struct mqtt *mqtt)
{
    struct mqtt_held_text text;

    while (texts_may_go(mqtt) &&
           mqtt_held_take(&mqtt->held, mqtt->clock->now_ms(mqtt->clock->self), &text)) {
        send_text(mqtt, text.prefix, text.level, mqtt_held_payload(&text), false);
        free(text.level);
    }
}

/* ---- events ---- */

/* False when nothing more can be handed over now. */
static bool send_event(struct mqtt *mqtt, const struct mqtt_record *record)
{
    const struct mqtt_event_context context = {
        .registry = mqtt->config.registry,
        .clock = mqtt->clock,
        .gateway = mqtt->gateway,
        .site = settings_text(mqtt->config.settings, SETTINGS_SITE),
    };
    char topic[MQTT_TOPIC_SIZE], payload[EVENT_JSON_SIZE];
    struct json j;

    json_init(&j, payload, sizeof(payload));
    mqtt_event_write(&context, record, &j);
    int id = PORT_MQTT_REFUSED;
    if (json_ok(&j) && mqtt_event_topic(&context, record, topic, sizeof(topic)))
        id = publish(mqtt, topic, payload, 1, false);
    if (id >= 0)
        mqtt_queue_sent(&mqtt->queue, id);
    else if (id != PORT_MQTT_NOT_CONNECTED)
        mqtt_queue_skip(&mqtt->queue);
    return id != PORT_MQTT_NOT_CONNECTED;
}

static void send_events(struct mqtt *mqtt)
{
    const struct mqtt_record *record;

    while (mqtt->state == MQTT_UP && mqtt->queue.in_flight < MQTT_IN_FLIGHT_MAX &&
           (record = mqtt_queue_next(&mqtt->queue)) != NULL) {
        if (!send_event(mqtt, record))
            return;
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

void mqtt_outbox_open(struct mqtt *mqtt)
{
    mqtt->n_markers = 0;
    mqtt->since_marker = 0;
    mqtt->owes_state = false;
    send_held(mqtt);
    send_events(mqtt);
}

void mqtt_outbox_shut(struct mqtt *mqtt)
{
    mqtt->n_markers = 0;
    mqtt->slow_is_told = false;
    mqtt_queue_rewind(&mqtt->queue);
}

void mqtt_outbox_forget(struct mqtt *mqtt)
{
    mqtt_queue_clear(&mqtt->queue);
    mqtt_held_clear(&mqtt->held);
    mqtt->loss_is_told = false;
}

static bool take_marker(struct mqtt *mqtt, int message_id)
{
    for (unsigned i = 0; i < mqtt->n_markers; i++) {
        if (mqtt->markers[i] != message_id)
            continue;
        mqtt->markers[i] = mqtt->markers[--mqtt->n_markers];
        return true;
    }
    return false;
}

/* The broker keeps up again; whoever tells a state does it anew. */
static void pay_state(struct mqtt *mqtt)
{
    mqtt->owes_state = false;
    mqtt->slow_is_told = false;
    bus_post(mqtt->config.bus,
             &(struct bus_event){ .kind = BUS_LINK,
                                  .u.link = { "mqtt", true, "the broker keeps up again", "" } });
}

void mqtt_outbox_acknowledged(struct mqtt *mqtt, int message_id)
{
    if (mqtt_queue_acknowledged(&mqtt->queue, message_id)) {
        if (mqtt->queue.count == 0)
            mqtt->loss_is_told = false;
        send_events(mqtt);
    } else if (take_marker(mqtt, message_id)) {
        send_held(mqtt);
        if (mqtt->owes_state && mqtt->n_markers == 0)
            pay_state(mqtt);
    }
}
