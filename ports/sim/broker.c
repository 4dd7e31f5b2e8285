#include "sim/broker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void turn_soon(struct sim_broker *broker)
{
    timers_set(&broker->clock->timers, &broker->turn, broker->clock->now_ms + broker->delay_ms);
}

/* When the first of those that wait has waited long enough. */
static void turn_at_next(struct sim_broker *broker)
{
    for (size_t i = 0; i < broker->count; i++) {
        const struct sim_message *message = &broker->messages[i];
        if (!message->is_waiting)
            continue;
        timers_set(&broker->clock->timers, &broker->turn, message->at_ms + broker->delay_ms);
        return;
    }
}

/* ---- messages ---- */

static void *need(void *memory)
{
    if (!memory) {
        fputs("sim: no memory\n", stderr);
        abort();
    }
    return memory;
}

static char *copy_of(const char *data, size_t len)
{
    char *copy = need(malloc(len + 1));

    if (len > 0)
        memcpy(copy, data, len);
    copy[len] = '\0';
    return copy;
}

static struct sim_message *write_down(struct sim_broker *broker, const char *topic,
                                      const char *payload, size_t len)
{
    if (broker->count == broker->size) {
        broker->size = broker->size * 2 + 16;
        broker->messages =
            need(realloc(broker->messages, broker->size * sizeof(broker->messages[0])));
    }
    struct sim_message *message = &broker->messages[broker->count++];
    *message = (struct sim_message){
        .topic = copy_of(topic, strlen(topic)),
        .payload = copy_of(payload, len),
        .len = len,
        .at_ms = broker->clock->now_ms,
    };
    return message;
}

static void send_will(struct sim_broker *broker)
{
    if (broker->will_topic[0] == '\0')
        return;
    struct sim_message *will =
        write_down(broker, broker->will_topic, broker->will_payload, strlen(broker->will_payload));
    will->is_will = true;
    will->is_retained = true;
    will->qos = 1;
}

void sim_broker_forget(struct sim_broker *broker)
{
    size_t kept = 0;

    for (size_t i = 0; i < broker->count; i++) {
        struct sim_message *message = &broker->messages[i];
        if (message->is_waiting) {
            broker->messages[kept++] = *message;
            continue;
        }
        free(message->topic);
        free(message->payload);
    }
    broker->count = kept;
}

const struct sim_message *sim_broker_last(const struct sim_broker *broker, const char *topic)
{
    for (size_t i = broker->count; i-- > 0;) {
        if (strcmp(broker->messages[i].topic, topic) == 0)
            return &broker->messages[i];
    }
    return NULL;
}

size_t sim_broker_count(const struct sim_broker *broker, const char *topic)
{
    size_t n = 0;

    for (size_t i = 0; i < broker->count; i++)
        n += strcmp(broker->messages[i].topic, topic) == 0;
    return n;
}

/* ---- what the broker does when time moves ---- */

static const char *refusal(const struct sim_broker *broker)
{
    return broker->health == SIM_BROKER_LOCKED
               ? "bad user name or password: set them with MqttUser and MqttPassword"
               : "connection refused: is the broker running?";
}

static void answer_connect(struct sim_broker *broker)
{
    if (broker->health == SIM_BROKER_SILENT)
        return;
    if (broker->health == SIM_BROKER_UP) {
        broker->is_connected = true;
        broker->is_cut = false;
        broker->events.connected(broker->events.user);
        return;
    }
    broker->is_wanted = false;
    broker->events.disconnected(broker->events.user, refusal(broker));
}

/* A connection that ends takes the acknowledgements with it that had not come. */
static void end_connection(struct sim_broker *broker)
{
    broker->is_wanted = broker->is_connected = broker->is_cut = false;
    broker->filter_count = 0;
    broker->unacknowledged = 0;
    for (size_t i = 0; i < broker->count; i++)
        broker->messages[i].is_waiting = false;
}

/* Tells the client of the first message that is due; false when there is none. One by one, because
 * any callback may publish, which moves the messages, or end the connection. */
static bool acknowledge_one(struct sim_broker *broker)
{
    for (size_t i = 0; i < broker->count; i++) {
        struct sim_message *message = &broker->messages[i];
        if (!message->is_waiting || message->at_ms + broker->delay_ms > broker->clock->now_ms)
            continue;
        message->is_waiting = false;
        message->is_acknowledged = true;
        broker->unacknowledged--;
        broker->events.acknowledged(broker->events.user, message->message_id);
        return true;
    }
    return false;
}

static void acknowledge(struct sim_broker *broker)
{
    while (broker->is_connected && !broker->is_cut && broker->health == SIM_BROKER_UP) {
        if (acknowledge_one(broker))
            continue;
        if (broker->unacknowledged > 0)
            turn_at_next(broker);
        return;
    }
}

static void on_turn(void *user)
{
    struct sim_broker *broker = user;

    if (broker->is_wanted && !broker->is_connected) {
        answer_connect(broker);
    } else if (broker->is_connected && broker->is_cut) {
        end_connection(broker);
        broker->events.disconnected(broker->events.user, "the broker ended the connection");
    } else if (broker->is_connected) {
        acknowledge(broker);
    }
}

/* ---- port_mqtt ---- */

static void disconnect(void *self)
{
    struct sim_broker *broker = self;

    end_connection(broker);
    timers_cancel(&broker->clock->timers, &broker->turn);
}

static void keep(char out[SIM_BROKER_TEXT_MAX + 1], const char *text)
{
    snprintf(out, SIM_BROKER_TEXT_MAX + 1, "%s", text);
}

static void connect_to(void *self, const struct port_mqtt_config *config,
                       const struct port_mqtt_events *events)
{
    struct sim_broker *broker = self;

    disconnect(broker);
    keep(broker->host, config->host);
    keep(broker->client_id, config->client_id);
    keep(broker->user, config->user);
    keep(broker->password, config->password);
    keep(broker->will_topic, config->will_topic);
    keep(broker->will_payload, config->will_payload);
    broker->events = *events;
    broker->is_wanted = true;
    broker->attempts++;
    turn_soon(broker);
}

/* What is handed over after the broker went down, and before the client knows, is lost. */
static int publish(void *self, const char *topic, const char *payload, size_t len, int qos,
                   bool retain)
{
    struct sim_broker *broker = self;

    if (!broker->is_connected)
        return PORT_MQTT_NOT_CONNECTED;
    if (topic[0] == '\0' || strpbrk(topic, "+#"))
        return PORT_MQTT_REFUSED;
    if (broker->unacknowledged >= broker->room)
        return PORT_MQTT_BUSY;
    const int message_id = broker->last_id = broker->last_id % 65535 + 1;
    if (broker->is_cut)
        return message_id;
    struct sim_message *message = write_down(broker, topic, payload, len);
    message->qos = qos;
    message->is_retained = retain;
    message->message_id = message_id;
    message->is_waiting = qos > 0;
    broker->unacknowledged += qos > 0;
    if (qos > 0 && !broker->turn.is_pending)
        turn_soon(broker);
    return message_id;
}

static int subscribe(void *self, const char *filter, int qos)
{
    struct sim_broker *broker = self;

    (void)qos;
    if (!broker->is_connected)
        return PORT_MQTT_NOT_CONNECTED;
    if (filter[0] == '\0' || broker->filter_count == SIM_BROKER_FILTERS_MAX)
        return PORT_MQTT_REFUSED;
    keep(broker->filters[broker->filter_count++], filter);
    return 0;
}

/* MQTT 3.1.1 section 4.7: `+` stands for one level, `#` at the end for all that follow. */
static bool matches(const char *filter, const char *topic)
{
    while (*filter != '\0') {
        if (strcmp(filter, "#") == 0)
            return true;
        if (*filter == '+') {
            filter++;
            topic += strcspn(topic, "/");
        } else if (*filter == *topic) {
            filter++;
            topic++;
        } else {
            return *topic == '\0' && strcmp(filter, "/#") == 0;
        }
    }
    return *topic == '\0';
}

bool sim_broker_send(struct sim_broker *broker, const char *topic, const char *payload,
                     bool is_retained)
{
    bool is_wanted = false;

    for (size_t i = 0; i < broker->filter_count; i++)
        is_wanted = is_wanted || matches(broker->filters[i], topic);
    if (!is_wanted || !broker->is_connected || broker->is_cut)
        return false;
    broker->events.message(broker->events.user, topic, payload, strlen(payload), is_retained);
    return true;
}

void sim_broker_set_health(struct sim_broker *broker, enum sim_broker_health health)
{
    broker->health = health;
    if (health == SIM_BROKER_DOWN && broker->is_connected && !broker->is_cut) {
        broker->is_cut = true;
        send_will(broker);
    }
    if (broker->is_wanted)
        turn_soon(broker);
}

void sim_broker_init(struct sim_broker *broker, struct sim_clock *clock)
{
    *broker = (struct sim_broker){
        .port = { .self = broker,
                  .connect = connect_to,
                  .disconnect = disconnect,
                  .publish = publish,
                  .subscribe = subscribe },
        .clock = clock,
        .room = SIZE_MAX,
        .turn = { .fire = on_turn, .user = broker },
    };
}

void sim_broker_clear(struct sim_broker *broker)
{
    disconnect(broker);
    sim_broker_forget(broker);
    free(broker->messages);
    broker->messages = NULL;
    broker->size = 0;
}
