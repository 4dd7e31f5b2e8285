/* topic.h: Tasmota's topics, made of a pattern and names. */
#ifndef MI32_BASE_TOPIC_H
#define MI32_BASE_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

/* What a FullTopic is filled in with. */
struct topic_names {
    const char *full_topic; /* as set: "%prefix%/%topic%/" */
    const char *topic;      /* as set; "" for the default */
    const char *id;         /* "AABBCC" */
    const char *hostname;
};

/* Writes text to `out` with every character that has a meaning in topics (+ # /) or is not at home
 * in them (blanks, control characters) replaced by an underscore. */
void topic_clean(const char *text, char *out, size_t size);

/* The Topic in force: as set, cleaned; mi32_<id> without. Returns `out`. */
char *topic_name(const struct topic_names *names, char *out, size_t size);

/*
 * Writes the FullTopic with its tokens %prefix% %topic% %hostname% %id% filled in, ending with a
 * slash, and `level` behind it. As Tasmota does: a FullTopic without %prefix% or %topic% gets them,
 * for a gateway must not answer where it is asked; wildcards are left out, double slashes become
 * one. False when it does not fit.
 */
bool topic_full(const struct topic_names *names, const char *prefix, const char *level, char *out,
                size_t size);

#endif
