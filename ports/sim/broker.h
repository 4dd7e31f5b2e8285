/*
 * broker.h: an MQTT broker that is as well or as ill as the test wants. It writes down all that is
 * published; nothing happens between the client and it but when the clock moves.
 */
#ifndef MI32_PORTS_SIM_BROKER_H
#define MI32_PORTS_SIM_BROKER_H

#include "port/mqtt.h"

#include "sim/clock.h"

enum sim_broker_health {
    SIM_BROKER_UP,
    SIM_BROKER_DOWN,   /* connections are refused; one there was ends, and the will is sent */
    SIM_BROKER_LOCKED, /* user name or password are wrong */
    SIM_BROKER_SILENT, /* takes everything, answers nothing: neither connect nor QoS 1 */
};

/* One message that the broker has got, in the order it got them. */
struct sim_message {
    char *topic;
    char *payload; /* a zero behind it */
    size_t len;
    int qos;
    bool is_retained;
    bool is_will;
    int message_id;  /* 0 for a will */
    bool is_waiting; /* for the broker to acknowledge it */
    bool
        is_acknowledged; /* and the client was told; neither after a connection that ended before */
    uint64_t at_ms;
};

#define SIM_BROKER_TEXT_MAX    127
#define SIM_BROKER_FILTERS_MAX 16

struct sim_broker {
    struct port_mqtt port;
    struct sim_clock *clock;
    enum sim_broker_health health;
    uint32_t delay_ms; /* of every answer; 0 is the next turn of the clock */
    size_t room;       /* unacknowledged messages before publish() says busy; SIZE_MAX at first */

    struct sim_message *messages;
    size_t count;
    size_t size; /* private from here on */
    struct port_mqtt_events events;
    char host[SIM_BROKER_TEXT_MAX + 1], client_id[SIM_BROKER_TEXT_MAX + 1];
    char user[SIM_BROKER_TEXT_MAX + 1], password[SIM_BROKER_TEXT_MAX + 1];
    char will_topic[SIM_BROKER_TEXT_MAX + 1], will_payload[SIM_BROKER_TEXT_MAX + 1];
    char filters[SIM_BROKER_FILTERS_MAX][SIM_BROKER_TEXT_MAX + 1];
    size_t filter_count;
    bool is_wanted;    /* the client has asked for a connection and not ended it */
    bool is_connected; /* as the client knows it */
    bool is_cut;       /* as the broker knows it already */
    unsigned attempts; /* calls of connect() */
    int last_id;
    size_t unacknowledged;
    struct timer turn;
};

/* Up, and empty. */
void sim_broker_init(struct sim_broker *broker, struct sim_clock *clock);
void sim_broker_clear(struct sim_broker *broker);

void sim_broker_set_health(struct sim_broker *broker, enum sim_broker_health health);

/* Forgets the messages written down so far. Those that wait for an acknowledgement stay. */
void sim_broker_forget(struct sim_broker *broker);

/* The newest message of a topic, or NULL. Good until the next one arrives. */
const struct sim_message *sim_broker_last(const struct sim_broker *broker, const char *topic);

/* How many messages of a topic were written down. */
size_t sim_broker_count(const struct sim_broker *broker, const char *topic);

/* Another client publishes: our client gets it now when it is connected and has subscribed to the
 * topic. True when it did. */
bool sim_broker_send(struct sim_broker *broker, const char *topic, const char *payload,
                     bool is_retained);

#endif
