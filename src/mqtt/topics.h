/* topics.h (of the room mqtt): where messages go. */
#ifndef MI32_MQTT_TOPICS_H
#define MI32_MQTT_TOPICS_H

#include <stdbool.h>
#include <stddef.h>

#define MQTT_TOPIC_SIZE 512 /* room for every topic that can come of the settings */

/* What a FullTopic is filled in with. */
struct mqtt_names {
    const char *full_topic; /* as set: "%prefix%/%topic%/" */
    const char *topic;      /* as set; "" for the default */
    const char *id;         /* "AABBCC" */
    const char *hostname;
};

/* Writes text to `out` with every character that has a meaning in topics (+ # /) or is not at home
 * in them (blanks, control characters) replaced by an underscore. */
void mqtt_topic_clean(const char *text, char *out, size_t size);

/* The Topic in force: as set, cleaned; mi32_<id> without. Returns `out`. */
char *mqtt_topic_name(const struct mqtt_names *names, char *out, size_t size);

/*
 * Writes the FullTopic with its tokens %prefix% %topic% %hostname% %id% filled in, ending with a
 * slash, and `level` behind it. As Tasmota does: a FullTopic without %prefix% or %topic% gets them,
 * for a gateway must not answer where it is asked; wildcards are left out, double slashes become
 * one. False when it does not fit.
 */
bool mqtt_topic_full(const struct mqtt_names *names, const char *prefix, const char *level,
                     char *out, size_t size);

#endif
