/* topics.h (of the room mqtt): where messages go. */
#ifndef MI32_MQTT_TOPICS_H
#define MI32_MQTT_TOPICS_H

#include "base/mac.h"
#include "base/topic.h"

#include <stdbool.h>
#include <stddef.h>

#define MQTT_TOPIC_SIZE 512 /* room for every topic that can come of the settings */

/* "mi32/<site>/dev/<mac12>/<leaf>", with the identity of the sensor (registry.h), which stays when
 * its hardware is replaced. */
bool mqtt_topic_device(const char *site, struct mac identity, const char *leaf, char *out,
                       size_t size);

/* Reads a topic of that form: true, and *identity, when it is one of this site and leaf. */
bool mqtt_topic_is_device(const char *topic, const char *site, const char *leaf,
                          struct mac *identity);

/* "mi32/<site>/gw/<gateway>/<leaf>". */
bool mqtt_topic_gateway(const char *site, const char *gateway, const char *leaf, char *out,
                        size_t size);

#define MQTT_UNIQUE_SIZE 96

/* What Home Assistant knows a thing of this house by, made of letters, digits and underscores:
 * "mi32_A4C138012345"; with another site than "home" "mi32_<site>_A4C138012345", for two houses on
 * one broker may hear the same sensor. Returns `out`. */
char *mqtt_unique_id(const char *site, const char *what, char out[MQTT_UNIQUE_SIZE]);

/* "<prefix>/device/<unique id>/config". */
bool mqtt_topic_discovery(const char *prefix, const char *unique_id, char *out, size_t size);

/* "<prefix>/status", where Home Assistant says "online" when it has started. */
bool mqtt_topic_birth(const char *prefix, char *out, size_t size);

#endif
