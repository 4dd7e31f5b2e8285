/*
 * device.h (of the room mqtt): what the broker is to know about each sensor, and what it knows.
 *
 * One entry for each identity (registry.h), so that topics stay when hardware is replaced. An entry
 * outlives its sensor until what the broker keeps of it has been cleared. The table grows when a
 * sensor is listed, never on the way of an advert, and is no larger than the registry.
 */
#ifndef MI32_MQTT_DEVICE_H
#define MI32_MQTT_DEVICE_H

#include "base/mac.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What can be told of a sensor, a bit each, in the order in which it is told. */
#define MQTT_CONFIG       0x01 /* Home Assistant's discovery */
#define MQTT_META         0x02
#define MQTT_AVAILABILITY 0x04
#define MQTT_STATE        0x08
#define MQTT_TELLINGS     4
#define MQTT_EVERYTHING   0x0f

#define MQTT_FIELDS_MAX 32 /* as many values as the registry keeps of a sensor */

#define MQTT_NO_SCALE INT8_MAX

/* A value that the sensor has sent, in this run or an earlier one. */
struct mqtt_field {
    uint8_t kind, nth;
    int8_t scale10; /* MQTT_NO_SCALE while it was not heard in this run */
};

struct mqtt_device {
    struct mac identity;
    struct mac mac;        /* the present hardware */
    bool is_listed;        /* else it is leaving */
    bool is_kept;          /* not a stranger: its messages are retained, and it is announced */
    bool is_told_online;   /* its availability was told last as online */
    bool is_presumed_gone; /* not heard in this run, for longer than it was ever silent before */
    uint8_t due;           /* what is to be told */
    uint8_t retained;      /* what the broker keeps of it, as far as we know */
    uint8_t n_fields;
    struct mqtt_field fields[MQTT_FIELDS_MAX];
    uint32_t silence_s;   /* how long its silence can be normal, by an earlier run; 0: unknown */
    uint32_t config_hash; /* of its discovery told last; 0: tell it in any case */
    uint32_t state_hash;  /* of the values told last */
    uint64_t state_at_ms; /* when its state is told, while MQTT_STATE is due */
    uint64_t told_ms;     /* when its state was told last; 0: not yet */
};

/* The zero value is empty. */
struct mqtt_devices {
    struct mqtt_device **all; /* in the order of identities */
    size_t n, room;
    size_t n_replaced; /* those whose hardware is not the first one */
};

/* NULL when there is none. Pointers are good until that device is dropped. */
struct mqtt_device *mqtt_device_find(const struct mqtt_devices *devices, struct mac identity);
struct mqtt_device *mqtt_device_of(const struct mqtt_devices *devices, struct mac mac);

/* The one there is, or a new one. NULL without memory. */
struct mqtt_device *mqtt_device_add(struct mqtt_devices *devices, struct mac identity);

/* Its hardware is this one now. */
void mqtt_device_set_mac(struct mqtt_devices *devices, struct mqtt_device *device, struct mac mac);

void mqtt_device_drop(struct mqtt_devices *devices, struct mqtt_device *device);
void mqtt_device_clear(struct mqtt_devices *devices);

/* Notes that it sends this. True when that was news: a further field, or other decimals. When there
 * are MQTT_FIELDS_MAX, one that was heard takes the place of one that is only remembered. */
bool mqtt_device_field(struct mqtt_device *device, unsigned kind, unsigned nth, int8_t scale10);

#endif
