/* mqtt_private.h: shared by the files of the room mqtt alone. */
#ifndef MI32_MQTT_MQTT_PRIVATE_H
#define MI32_MQTT_MQTT_PRIVATE_H

#include "bus/bus.h"
#include "mqtt/device.h"
#include "mqtt/discovery.h"
#include "mqtt/event.h"
#include "mqtt/held.h"
#include "mqtt/mqtt.h"
#include "mqtt/queue.h"
#include "mqtt/topics.h"
#include "relay/relay.h"

#define MQTT_ID_SIZE   16
#define MQTT_HOST_SIZE 96
#define MQTT_TOLD_SIZE 256

/* Events handed to the client and not acknowledged. */
#define MQTT_IN_FLIGHT_MAX 20

/* Topics of commands besides our own: GroupTopic1 to 4, and one that no setting can lose. */
#define MQTT_OTHERS_MAX 5

enum mqtt_topic_prefix {
    MQTT_CMND,
    MQTT_STAT,
    MQTT_TELE,
    MQTT_PREFIXES,
};

struct mqtt {
    struct mqtt_config config;
    const struct port_clock *clock;
    const struct port_mqtt *client;
    char id[MQTT_ID_SIZE], hostname[MQTT_HOST_SIZE];
    struct bus_listener listener;

    /* session.c */
    bool is_started;
    enum mqtt_state state;
    unsigned failures; /* since the last good connection */
    unsigned brief;    /* connections in a row that did not hold */
    uint64_t up_since_ms;
    struct timer attempt;      /* the next one is due, or the present one takes too long */
    struct timer settle;       /* settings changed and may go on changing */
    char told[MQTT_TOLD_SIZE]; /* the reason given last for not being connected */
    uint32_t connects;

    /* of the present connection: settings may have changed meanwhile */
    char gateway[MQTT_HOST_SIZE];
    char prefixes[MQTT_PREFIXES][MQTT_TOPIC_SIZE];
    char others[MQTT_OTHERS_MAX][MQTT_TOPIC_SIZE]; /* of commands: for groups, and the fallback */
    size_t n_others;

    /* outbox.c */
    struct mqtt_queue queue;
    struct mqtt_held held;
    struct timer retry;   /* while something waits for a slow broker */
    bool is_waiting;      /* that timer is set */
    bool owes_state;      /* a state text was left out for the slowness of the broker */
    uint64_t withheld_ms; /* the last time that happened */
    bool slow_is_told, loss_is_told;
    uint32_t withheld, published;

    /* switch.c */
    struct mqtt_switch {
        unsigned echoes; /* messages of ours that come back to us */
        uint64_t sent_ms;
    } switches[RELAY_MAX];
    unsigned heard_switch; /* the relay whose topic was heard just now, or 0 */

    /* canon.c */
    struct mqtt_devices devices;
    struct {
        char site[64], prefix[64]; /* in force; "" before the first connection */
        bool is_moving;            /* to other names: what stands under these is being cleared */
        bool is_gateway_due;
        bool is_hint_told;
        uint8_t told_relays; /* bit n - 1: the broker keeps the state of relay n */
        struct timer timer;
        uint64_t since_ms;       /* the start */
        uint64_t quiet_until_ms; /* nothing is told before, but what happened */
        uint64_t health_at_ms;
        size_t cursor;                  /* the device that is next */
        char text[MQTT_DISCOVERY_SIZE]; /* the message in the making */
    } canon;
};

/* ---- session.c: when there is a connection ---- */

enum mqtt_input {
    MQTT_CONFIGURED,   /* there is a host; start, or start anew */
    MQTT_UNCONFIGURED, /* there is none */
    MQTT_TIMER,
    MQTT_CONNECTED,
    MQTT_LOST,
};

/* Moves the state machine. What is in no row of its table is ignored. */
void mqtt_session_input(struct mqtt *mqtt, enum mqtt_input input);

void mqtt_session_init(struct mqtt *mqtt);

/* A setting that the connection depends on has changed. */
void mqtt_session_reconfigure(struct mqtt *mqtt);

/* Ends the connection properly, if there is one. */
void mqtt_session_close(struct mqtt *mqtt);

/* ---- outbox.c: what goes out ---- */

void mqtt_outbox_init(struct mqtt *mqtt);

/* Writes prefix and level of the present connection. */
bool mqtt_outbox_topic(const struct mqtt *mqtt, enum mqtt_topic_prefix prefix, const char *level,
                       char out[MQTT_TOPIC_SIZE]);

/* Hands a message to the client. Its number, or an error of the port. */
int mqtt_outbox_publish(struct mqtt *mqtt, const char *topic, const char *payload, int qos,
                        bool retain);

/* Online or Offline, retained, QoS 1. */
void mqtt_outbox_presence(struct mqtt *mqtt, const char *payload);

/* A finished text: sent, kept for a moment, or dropped. */
void mqtt_outbox_text(struct mqtt *mqtt, enum bus_prefix prefix, const char *level,
                      const char *payload, bool retain, bool once);

/* SensorRetain has changed. */
void mqtt_outbox_sensor_retain(struct mqtt *mqtt);

/* The events of a change: queued, and sent as far as may be. */
void mqtt_outbox_events(struct mqtt *mqtt, const struct registry_change *change);

/* The connection is there: send what waited. */
void mqtt_outbox_open(struct mqtt *mqtt);

/* The connection is gone: what was not acknowledged waits again. */
void mqtt_outbox_shut(struct mqtt *mqtt);

/* Nobody wants it any more: nothing waits. */
void mqtt_outbox_forget(struct mqtt *mqtt);

void mqtt_outbox_acknowledged(struct mqtt *mqtt, int message_id);

/* ---- inbox.c: what comes in ---- */

/* The name of the command behind one of our prefixes, where the topic has one; else NULL. */
const char *mqtt_inbox_command(const struct mqtt *mqtt, const char *topic);

void mqtt_inbox_message(struct mqtt *mqtt, const char *topic, const char *payload, size_t len,
                        bool retained);

/* ---- retained.c: what must not come again with each connection ---- */

/* Whether this command line would end the connection: Restart or Reset, also as a command of a
 * Backlog, in a rule that a Backlog sets, or published to a topic of our own. */
bool mqtt_retained_is_bad(const struct mqtt *mqtt, const char *line);

/* Tells how to be rid of it. `name` is the part of the topic behind the prefix. */
void mqtt_retained_refuse(const struct mqtt *mqtt, const char *topic, const char *name);

/* ---- switch.c: relays that are a topic ---- */

/* The connection is there. */
void mqtt_switch_open(struct mqtt *mqtt);

/* The setting of this number (settings.h) has changed. */
void mqtt_switch_setting(struct mqtt *mqtt, int id);

void mqtt_switch_change(struct mqtt *mqtt, unsigned number, bool on);
void mqtt_switch_message(struct mqtt *mqtt, const char *topic, const char *payload, size_t len);

/* ---- canon.c: what is told of each sensor under mi32/<site>/, and to Home Assistant ---- */

void mqtt_canon_init(struct mqtt *mqtt);
void mqtt_canon_close(struct mqtt *mqtt);

/* The connection is there: subscribe, and tell all anew. Or it is gone. */
void mqtt_canon_open(struct mqtt *mqtt);
void mqtt_canon_shut(struct mqtt *mqtt);

void mqtt_canon_change(struct mqtt *mqtt, const struct registry_change *change);

/* The setting of this number (settings.h) has changed. */
void mqtt_canon_setting(struct mqtt *mqtt, int id);

/* These tellings of a device are due. */
void mqtt_canon_mark(struct mqtt *mqtt, struct mqtt_device *device, uint8_t tellings);

/* The gateway and its relays are. */
void mqtt_canon_mark_gateway(struct mqtt *mqtt);

/* All of all devices are, also what has not changed. */
void mqtt_canon_mark_anew(struct mqtt *mqtt);

/* Its sensor is no more. The device goes, at once or when all is cleared. */
void mqtt_canon_leave(struct mqtt *mqtt, struct mqtt_device *device);

/* ---- tell.c: one telling ---- */

/* Tells what is due of a device, as far as its time has come. False when the broker takes no more
 * now; the rest is then still due. */
bool mqtt_tell_device(struct mqtt *mqtt, struct mqtt_device *device);

/* The same of one telling, whatever its time. */
bool mqtt_tell_if_due(struct mqtt *mqtt, struct mqtt_device *device, uint8_t telling);

/* Clears what the broker keeps of a telling. An error of the port, or 0 and more. */
int mqtt_tell_clear(struct mqtt *mqtt, struct mqtt_device *device, uint8_t telling);

/* Whether all that this sensor says comes by itself from time to time, so that silence says
 * something. */
bool mqtt_has_rhythm(const struct mqtt_device *device);

/* ---- self.c: what is told of the gateway ---- */

bool mqtt_announces(const struct mqtt *mqtt); /* SetHA */
struct mqtt_scene mqtt_scene_of(const struct mqtt *mqtt);
struct mqtt_announcer mqtt_announcer_of(const struct mqtt *mqtt, char lwt[MQTT_TOPIC_SIZE]);

/* A relay went on or off. */
void mqtt_relay_changed(struct mqtt *mqtt, unsigned number);

/* Tells the states of all relays, or clears them when they are told under another name from now on.
 * An error of the port, or 0. */
int mqtt_tell_relays(struct mqtt *mqtt, bool is_here);

/* Announces the gateway itself to Home Assistant, or takes that back. */
int mqtt_tell_gateway(struct mqtt *mqtt);

/* Tells the counts of the gateway or, when it is no longer here (under this topic), clears them. */
int mqtt_tell_health(struct mqtt *mqtt, bool is_here);

/* ---- recall.c: what the broker tells us ---- */

/* False when the message is none of these. */
bool mqtt_recall_message(struct mqtt *mqtt, const char *topic, const char *payload, size_t len,
                         bool retained);

#endif
