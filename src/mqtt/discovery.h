/*
 * discovery.h (of the room mqtt): the messages that make Home Assistant know a sensor: one for each
 * device, retained, "<prefix>/device/<id>/config" (Home Assistant 2024.11 and later). What a kind
 * of value is there stands in its row (beacon/kinds.c); docs/home-assistant.md lists it.
 */
#ifndef MI32_MQTT_DISCOVERY_H
#define MI32_MQTT_DISCOVERY_H

#include "mqtt/describe.h"

#define MQTT_DISCOVERY_SIZE 32768 /* room for a sensor with MQTT_FIELDS_MAX fields */

#define MQTT_SWITCH_NAME_SIZE 72

#define MQTT_OFF_DELAY_S 30 /* motion of a sensor that never says that it is over */

struct mqtt_announcer {
    struct mqtt_scene scene;
    const char *lwt; /* topic of the gateway's Online and Offline */
    const char *id;  /* of the gateway: "AABBCC" */
};

/* Writes the message about one sensor. False when it does not fit. */
bool mqtt_write_discovery(const struct mqtt_announcer *announcer,
                          const struct registry_sensor *sensor, const struct mqtt_device *device,
                          char *out, size_t size);

#define MQTT_SWITCHES_MAX 4

struct mqtt_switch_view {
    bool is_there;
    char name[MQTT_SWITCH_NAME_SIZE];
    char state[MQTT_TOPIC_SIZE]; /* where ON and OFF are told */
};

/* The gateway as a device: its name and its relays. */
struct mqtt_switches {
    const char *gateway;
    const char *command; /* "cmnd/mi32_AABBCC/" */
    struct mqtt_switch_view all[MQTT_SWITCHES_MAX];
};

/* Writes the message about the gateway itself, which the sensors are "via". */
bool mqtt_write_gateway(const struct mqtt_announcer *announcer,
                        const struct mqtt_switches *switches, char *out, size_t size);

/* The unique id of the gateway. Returns `out`. */
char *mqtt_gateway_unique_id(const struct mqtt_announcer *announcer, char out[MQTT_UNIQUE_SIZE]);

#endif
