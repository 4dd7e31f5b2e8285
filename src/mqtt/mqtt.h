/*
 * mqtt.h: the broker side of mi32. Finished Tasmota texts (BUS_MESSAGE) go to their topics, what
 * sensors report as having happened goes to mi32/<site>/dev/<mac12>/event, and
 * cmnd/<topic>/<Command> comes in as a command. docs/mqtt.md has every topic with its payload.
 *
 * It listens to the bus and never makes an advert wait: the port takes a message or does not, and
 * what it may not have yet stays here.
 *
 *   - Texts that tell a state are dropped while there is no broker, or a slow one. A BUS_LINK event
 * of the name "mqtt" that is up means: tell the state anew.
 *   - Texts of something that happened (`once`) are kept for 30 s, a few of them.
 *   - Events are kept until the broker acknowledged them, at most MQTT_QUEUE_MAX; then the oldest
 *     go, counted. One that goes out more than 30 s after it happened carries "late":true, so that
 *     no consumer takes it for one of now. After a broken connection one may come twice, with the
 *     same `fid`.
 */
#ifndef MI32_MQTT_MQTT_H
#define MI32_MQTT_MQTT_H

#include "port/port.h"

#include <stdbool.h>
#include <stdint.h>

struct bus;
struct registry;
struct relays;
struct settings;

#define MQTT_QUEUE_MAX 10000

struct mqtt_config {
    const struct port *port; /* clock, random, mqtt */
    struct bus *bus;
    const struct settings *settings;
    const struct registry *registry;
    const struct relays *relays;
    const char *id;       /* last three bytes of the machine's MAC, "AABBCC"; %id% and the default
                             Topic, mi32_AABBCC */
    const char *hostname; /* %hostname% */
    uint32_t queue_max;   /* events kept; 0 for MQTT_QUEUE_MAX */
};

enum mqtt_state {
    MQTT_OFF,        /* MqttHost is empty */
    MQTT_WAITING,    /* for the next attempt */
    MQTT_CONNECTING, /* an attempt is under way */
    MQTT_UP,
    MQTT_STATES,
};

struct mqtt_status {
    enum mqtt_state state;
    uint32_t connects;  /* successful ones since the start */
    uint32_t queued;    /* events not acknowledged yet */
    uint32_t dropped;   /* events given up because the queue was full */
    uint32_t withheld;  /* state texts not sent because the broker was away or too slow */
    uint32_t published; /* messages handed to the client */
};

struct mqtt;

/* Everything in *config is borrowed; both texts are copied. Joins the bus at once, so that no event
 * is missed, and connects nowhere before mqtt_start(). NULL without memory. */
struct mqtt *mqtt_create(const struct mqtt_config *config);

/* The settings are as they should be: connect if there is a MqttHost. From now on a changed setting
 * reconnects by itself. While MqttHost is empty nothing waits, and what waited is forgotten. */
void mqtt_start(struct mqtt *mqtt);

/* Says Offline and goodbye to the broker, leaves the bus, frees. NULL is fine. */
void mqtt_destroy(struct mqtt *mqtt);

void mqtt_status(const struct mqtt *mqtt, struct mqtt_status *out);

/* "off", "waiting", "connecting", "connected". */
const char *mqtt_state_name(enum mqtt_state state);

#endif
