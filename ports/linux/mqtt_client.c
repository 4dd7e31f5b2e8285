#include "linux/mqtt_client.h"

#include "linux/mqtt_attempt.h"

#include <mosquitto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A message on its way. */
struct unsent {
    int message_id;
    int qos;
    size_t len;
};

struct mqtt_client {
    struct port_mqtt port;
    struct loop *loop;
    uint32_t answer_ms;
    struct port_mqtt_events events;
    struct attempt *attempt; /* NULL when there is none */
    struct attempt *leaving; /* the last one let go, so that its goodbye can be waited for */
    bool is_connected;
    struct loop_task arrived;
    struct timer deadline;
    char where[256]; /* host:port, for the deadline's sentence */
    struct unsent unsent[MQTT_CLIENT_UNSENT_MAX];
    size_t unsent_count, unsent_bytes;
};

static void forget_leaving(struct mqtt_client *mqtt, uint32_t wait_ms)
{
    if (mqtt->leaving)
        attempt_forget(mqtt->leaving, wait_ms);
    mqtt->leaving = NULL;
}

static void drop(struct mqtt_client *mqtt, bool is_polite)
{
    const struct port_clock *clock = loop_clock(mqtt->loop);

    clock->cancel(clock->self, &mqtt->deadline);
    if (!mqtt->attempt)
        return;
    const bool says_goodbye = is_polite && mqtt->is_connected;
    attempt_let_go(mqtt->attempt, says_goodbye);
    forget_leaving(mqtt, 0);
    if (says_goodbye)
        mqtt->leaving = mqtt->attempt;
    else
        attempt_forget(mqtt->attempt, 0);
    mqtt->attempt = NULL;
    mqtt->is_connected = false;
    mqtt->unsent_count = 0;
    mqtt->unsent_bytes = 0;
}

/* ---- events ---- */

/* Strikes a message off the list; true when it was one of QoS 1. They leave in the order they were
 * handed over, so it is near the start. */
static bool strike_off(struct mqtt_client *mqtt, int message_id)
{
    size_t i = 0;

    while (i < mqtt->unsent_count && mqtt->unsent[i].message_id != message_id)
        i++;
    if (i == mqtt->unsent_count)
        return false;
    const struct unsent sent = mqtt->unsent[i];
    mqtt->unsent_count--;
    mqtt->unsent_bytes -= sent.len;
    memmove(&mqtt->unsent[i], &mqtt->unsent[i + 1],
            (mqtt->unsent_count - i) * sizeof(mqtt->unsent[0]));
    return sent.qos > 0;
}

static void on_connected(struct mqtt_client *mqtt)
{
    const struct port_clock *clock = loop_clock(mqtt->loop);

    clock->cancel(clock->self, &mqtt->deadline);
    mqtt->is_connected = true;
    mqtt->events.connected(mqtt->events.user);
}

static void tell(struct mqtt_client *mqtt, const struct attempt_event *event)
{
    const struct port_mqtt_events *events = &mqtt->events;

    switch (event->kind) {
    case ATTEMPT_CONNECTED:
        on_connected(mqtt);
        break;
    case ATTEMPT_PUBLISHED:
        if (strike_off(mqtt, event->message_id))
            events->acknowledged(events->user, event->message_id);
        break;
    case ATTEMPT_MESSAGE:
        events->message(events->user, event->text, event->payload, event->len, event->is_retained);
        break;
    case ATTEMPT_OVER:
        drop(mqtt, false);
        events->disconnected(events->user, event->text);
        break;
    }
}

/* Any of the callbacks may end this attempt; what it still had to say is then of no interest. */
static void on_arrived(void *user)
{
    struct mqtt_client *mqtt = user;
    const struct attempt *attempt = mqtt->attempt;
    struct attempt_event *event = attempt_take(mqtt->attempt);

    while (event) {
        struct attempt_event *next = event->next;
        if (mqtt->attempt == attempt)
            tell(mqtt, event);
        free(event);
        event = next;
    }
}

static void on_deadline(void *user)
{
    struct mqtt_client *mqtt = user;
    char reason[sizeof(mqtt->where) + 64] = "no memory or threads for a connection";

    if (mqtt->attempt)
        snprintf(reason, sizeof(reason), "no answer: is the broker running at %s?", mqtt->where);
    drop(mqtt, false);
    mqtt->events.disconnected(mqtt->events.user, reason);
}

/* ---- port_mqtt ---- */

static void connect_port(void *self, const struct port_mqtt_config *config,
                         const struct port_mqtt_events *events)
{
    struct mqtt_client *mqtt = self;
    const struct port_clock *clock = loop_clock(mqtt->loop);

    drop(mqtt, true);
    mqtt->events = *events;
    snprintf(mqtt->where, sizeof(mqtt->where), "%.200s:%u", config->host, (unsigned)config->port);
    mqtt->attempt = attempt_start(mqtt->loop, &mqtt->arrived, config, mqtt->leaving);
    mqtt->leaving = NULL;
    clock->set(clock->self, &mqtt->deadline,
               clock->now_ms(clock->self) + (mqtt->attempt ? mqtt->answer_ms : 0));
}

static void disconnect_port(void *self)
{
    drop(self, true);
}

static bool is_busy(const struct mqtt_client *mqtt, size_t len)
{
    return mqtt->unsent_count == MQTT_CLIENT_UNSENT_MAX ||
           (mqtt->unsent_count > 0 && mqtt->unsent_bytes + len > MQTT_CLIENT_UNSENT_BYTES_MAX);
}

static int publish(void *self, const char *topic, const char *payload, size_t len, int qos,
                   bool retain)
{
    struct mqtt_client *mqtt = self;

    if (!mqtt->is_connected)
        return PORT_MQTT_NOT_CONNECTED;
    if (is_busy(mqtt, len))
        return PORT_MQTT_BUSY;
    const int message_id = attempt_publish(mqtt->attempt, topic, payload, len, qos, retain);
    if (message_id < 0)
        return message_id;
    mqtt->unsent[mqtt->unsent_count++] = (struct unsent){ message_id, qos, len };
    mqtt->unsent_bytes += len;
    return message_id;
}

static int subscribe(void *self, const char *filter, int qos)
{
    struct mqtt_client *mqtt = self;

    return mqtt->is_connected ? attempt_subscribe(mqtt->attempt, filter, qos)
                              : PORT_MQTT_NOT_CONNECTED;
}

struct mqtt_client *mqtt_client_new(struct loop *loop)
{
    struct mqtt_client *mqtt = calloc(1, sizeof(*mqtt));

    if (!mqtt || mosquitto_lib_init() != MOSQ_ERR_SUCCESS) {
        free(mqtt);
        return NULL;
    }
    mqtt->loop = loop;
    mqtt->answer_ms = MQTT_CLIENT_ANSWER_MS;
    mqtt->arrived = (struct loop_task){ .run = on_arrived, .user = mqtt };
    mqtt->deadline = (struct timer){ .fire = on_deadline, .user = mqtt };
    mqtt->port = (struct port_mqtt){
        .self = mqtt,
        .connect = connect_port,
        .disconnect = disconnect_port,
        .publish = publish,
        .subscribe = subscribe,
    };
    return mqtt;
}

void mqtt_client_set_patience(struct mqtt_client *mqtt, uint32_t answer_ms)
{
    mqtt->answer_ms = answer_ms;
}

/* libmosquitto is not closed down: a thread may still wait for a broker that never answers. */
void mqtt_client_free(struct mqtt_client *mqtt)
{
    if (!mqtt)
        return;
    drop(mqtt, true);
    forget_leaving(mqtt, ATTEMPT_GOODBYE_MS);
    free(mqtt);
}

const struct port_mqtt *mqtt_client_port(struct mqtt_client *mqtt)
{
    return &mqtt->port;
}
