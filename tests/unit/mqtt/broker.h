/*
 * broker.h: a client library and a broker in one struct port_mqtt, under the test's thumb: it
 * connects when told to, keeps what is published, and acknowledges when told to.
 */
#ifndef MI32_TESTS_UNIT_MQTT_BROKER_H
#define MI32_TESTS_UNIT_MQTT_BROKER_H

#include "port/mqtt.h"

#include <stdbool.h>
#include <stddef.h>

struct broker_message {
    char *text; /* "QOS[r] TOPIC PAYLOAD": "1r tele/x/LWT Online" */
    int id;
    bool is_acknowledged;
};

struct broker {
    struct port_mqtt port;
    struct port_mqtt_events events;
    unsigned attempts;  /* connect() so far */
    unsigned goodbyes;  /* disconnect() so far */
    bool is_attempting; /* neither connected nor refused yet */
    bool is_connected;
    bool is_secure;    /* the last attempt wanted TLS */
    bool is_busy;      /* takes no more */
    char config[256];  /* of the last attempt: "HOST:PORT CLIENT USER will TOPIC PAYLOAD" */
    char filters[512]; /* of the subscriptions since the last attempt, blanks between them */
    struct broker_message *messages;
    size_t n, room;
    int next_id;
};

void broker_open(struct broker *broker);
void broker_close(struct broker *broker);

/* The attempt succeeds, or it fails or the connection breaks. */
void broker_accept(struct broker *broker);
void broker_fail(struct broker *broker, const char *reason);

/* Acknowledges every QoS 1 message not acknowledged yet, in order; those that follow upon it too
 * when `all` is set. Returns how many. */
unsigned broker_acknowledge(struct broker *broker, bool all);

/* How many QoS 1 messages are not acknowledged. */
unsigned broker_pending(const struct broker *broker);

void broker_send(struct broker *broker, const char *topic, const char *payload);

/* The same with a message that was retained. */
void broker_recall(struct broker *broker, const char *topic, const char *payload);

/* The payload of the last message of a topic, NULL when there was none; whether it was retained
 * where the pointer is not NULL. And how many there were. */
const char *broker_last(const struct broker *broker, const char *topic, bool *is_retained);
unsigned broker_count(const struct broker *broker, const char *topic);

/* The nth message published, from 0; "" when there is none. */
const char *broker_text(const struct broker *broker, size_t n);

/* Forgets what was published and acknowledged. */
void broker_clear(struct broker *broker);

#endif
