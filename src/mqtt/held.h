/* held.h (of the room mqtt): texts of something that just happened, waiting out a short outage. */
#ifndef MI32_MQTT_HELD_H
#define MI32_MQTT_HELD_H

#include "bus/bus.h"

#include <stddef.h>
#include <stdint.h>

#define MQTT_HELD_MAX 16
#define MQTT_HELD_MS  30000

struct mqtt_held_text {
    uint64_t when_ms;
    enum bus_prefix prefix;
    char *level; /* with the payload behind its zero; from the heap */
};

/* The zero value is empty. */
struct mqtt_held {
    struct mqtt_held_text texts[MQTT_HELD_MAX];
    size_t n; /* the oldest is texts[0] */
};

/* Keeps a copy; the oldest goes when there are MQTT_HELD_MAX, and all that are older than
 * MQTT_HELD_MS. Without memory the text is lost: the event itself is queued elsewhere. */
void mqtt_held_add(struct mqtt_held *held, uint64_t now_ms, enum bus_prefix prefix,
                   const char *level, const char *payload);

/* The oldest that is young enough; NULL when there is none. Good until the next call. */
const struct mqtt_held_text *mqtt_held_first(struct mqtt_held *held, uint64_t now_ms);

/* Lets go of the one that mqtt_held_first() gave. */
void mqtt_held_drop(struct mqtt_held *held);

/* The payload of a text. */
const char *mqtt_held_payload(const struct mqtt_held_text *text);

void mqtt_held_clear(struct mqtt_held *held);

#endif
