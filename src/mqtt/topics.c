#include "mqtt/topics.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- topics of a house ---- */

#define SITE_SIZE 64

static bool fits(int printed, size_t size)
{
    return printed > 0 && (size_t)printed < size;
}

bool mqtt_topic_device(const char *site, struct mac identity, const char *leaf, char *out,
                       size_t size)
{
    char clean[SITE_SIZE], mac[MAC_TEXT_LEN + 1];

    topic_clean(site, clean, sizeof(clean));
    mac_print(identity, mac);
    return fits(snprintf(out, size, "mi32/%s/dev/%s/%s", clean, mac, leaf), size);
}

bool mqtt_topic_is_device(const char *topic, const char *site, const char *leaf,
                          struct mac *identity)
{
    char again[MQTT_TOPIC_SIZE], clean[SITE_SIZE], start[SITE_SIZE + 16];

    topic_clean(site, clean, sizeof(clean));
    const int len = snprintf(start, sizeof(start), "mi32/%s/dev/", clean);
    if (!fits(len, sizeof(start)) || strncmp(topic, start, (size_t)len) != 0)
        return false;
    if (strlen(topic + len) < MAC_TEXT_LEN || !mac_parse(topic + len, MAC_TEXT_LEN, identity))
        return false;
    return mqtt_topic_device(site, *identity, leaf, again, sizeof(again)) &&
           strcmp(again, topic) == 0;
}

bool mqtt_topic_gateway(const char *site, const char *gateway, const char *leaf, char *out,
                        size_t size)
{
    char clean[SITE_SIZE];

    topic_clean(site, clean, sizeof(clean));
    return fits(snprintf(out, size, "mi32/%s/gw/%s/%s", clean, gateway, leaf), size);
}

char *mqtt_unique_id(const char *site, const char *what, char out[MQTT_UNIQUE_SIZE])
{
    const bool is_plain = strcmp(site, "home") == 0;

    snprintf(out, MQTT_UNIQUE_SIZE, "mi32_%s%s%s", is_plain ? "" : site, is_plain ? "" : "_", what);
    for (char *c = out; *c; c++) {
        if (!isalnum((unsigned char)*c) || (unsigned char)*c >= 0x80)
            *c = '_';
    }
    return out;
}

bool mqtt_topic_discovery(const char *prefix, const char *unique_id, char *out, size_t size)
{
    char clean[SITE_SIZE];

    topic_clean(prefix, clean, sizeof(clean));
    return fits(snprintf(out, size, "%s/device/%s/config", clean, unique_id), size);
}

bool mqtt_topic_birth(const char *prefix, char *out, size_t size)
{
    char clean[SITE_SIZE];

    topic_clean(prefix, clean, sizeof(clean));
    return fits(snprintf(out, size, "%s/status", clean), size);
}
