/*
 * sensor_json.h (of the room tasmota): one sensor's object in a SENSOR message, as Tasmota's driver
 * for these sensors writes it, member by member and in its order. docs/mqtt.md lists them.
 *
 * Where we differ, on purpose: a value never heard is absent, RSSI and Events included (Tasmota
 * writes RSSI 0); Leak exists; Door is 1 for open and Events a counter of its own; a reliable
 * battery of 0 % is shown; a periodic message says when the sensor was last heard (Time, as later
 * Tasmotas do). Numbers are decimals and rounded half away from zero: 17.05 is 17.1, where
 * Tasmota's 32-bit float, which lies a little below, becomes 17.0.
 *
 * Models that Tasmota's driver knows have its members and no others; all further models have every
 * value, under the Tasmota name of its kind (beacon/kinds.c).
 */
#ifndef MI32_TASMOTA_SENSOR_JSON_H
#define MI32_TASMOTA_SENSOR_JSON_H

#include "base/json.h"
#include "registry/registry.h"

#include <stdbool.h>
#include <stdint.h>

enum tasmota_form {
    TASMOTA_PERIODIC, /* at TelePeriod: everything known, nothing that just happened */
    TASMOTA_KNOWN,    /* a frame came, MI32Option0 1: everything known and what happened */
    TASMOTA_RECEIVED, /* a frame came, MI32Option0 0: what it carried */
};

/* How numbers are shown: TempRes, HumRes and SetOption8. */
struct tasmota_units {
    int temperature_digits, humidity_digits;
    bool is_fahrenheit;
};

struct tasmota_view {
    const struct registry *registry;
    const struct registry_sensor *sensor;
    enum tasmota_form form;
    struct tasmota_units units;
    const struct advert *advert;          /* the frame; NULL for TASMOTA_PERIODIC */
    const struct beacon_decoded *decoded; /* likewise */
    uint32_t events;                      /* motions and door movements so far */
    int64_t heard_unix_s; /* for TASMOTA_PERIODIC, when it was last heard; 0 when not known */
};

/* What was written, added to what is in it. */
struct tasmota_written {
    bool temperature, pressure; /* the message needs their units at its end */
    unsigned fresh;             /* members that the frame itself carried */
};

struct settings;
struct tasmota_units tasmota_units_of(const struct settings *settings);

/* Writes the members of an object that is already open. */
void tasmota_sensor_json(struct json *j, const struct tasmota_view *view,
                         struct tasmota_written *written);

/* What a frame means beside its values. */
struct tasmota_happening {
    bool is_urgent; /* everybody should know at once, whatever MI32Option2 says: a press, a
                       rotation, motion, a door, a leak, a time without motion; of models that are
                       not Tasmota's also every other state that changed */
    bool counts;    /* one more for Events */
};

struct tasmota_happening tasmota_happening(const struct registry *registry,
                                           const struct registry_sensor *sensor,
                                           const struct registry_change *change);

#endif
