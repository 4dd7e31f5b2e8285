#include "mqtt/topics.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void mqtt_topic_clean(const char *text, char *out, size_t size)
{
    size_t n = 0;

    for (; *text && n + 1 < size; text++) {
        const unsigned char c = (unsigned char)*text;
        out[n++] = c <= ' ' || c == 0x7f || strchr("+#/", c) ? '_' : *text;
    }
    out[n] = '\0';
}

char *mqtt_topic_name(const struct mqtt_names *names, char *out, size_t size)
{
    if (*names->topic)
        mqtt_topic_clean(names->topic, out, size);
    else
        snprintf(out, size, "mi32_%s", names->id);
    return out;
}

/* A topic in the making. */
struct draft {
    char *out;
    size_t size, len;
    bool overflow;
};

/* One character, unless it is a wildcard, out of place, or a slash behind a slash. */
static void put(struct draft *d, char c)
{
    const unsigned char u = (unsigned char)c;

    if (u <= ' ' || u == 0x7f || c == '+' || c == '#')
        return;
    if (c == '/' && d->len > 0 && d->out[d->len - 1] == '/')
        return;
    if (d->len + 1 >= d->size) {
        d->overflow = true;
        return;
    }
    d->out[d->len++] = c;
    d->out[d->len] = '\0';
}

static void put_text(struct draft *d, const char *text)
{
    while (*text)
        put(d, *text++);
}

/* Puts `pattern` with its tokens filled in. */
static void put_filled(struct draft *d, const char *pattern, const struct mqtt_names *names,
                       const char *prefix)
{
    char topic[128];
    const struct {
        const char *token, *text;
    } tokens[] = {
        { "%prefix%", prefix },
        { "%topic%", mqtt_topic_name(names, topic, sizeof(topic)) },
        { "%hostname%", names->hostname },
        { "%id%", names->id },
    };

    while (*pattern) {
        size_t i = 0, len = 0;
        for (; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
            len = strlen(tokens[i].token);
            if (strncmp(pattern, tokens[i].token, len) == 0)
                break;
        }
        if (i < sizeof(tokens) / sizeof(tokens[0])) {
            put_text(d, tokens[i].text);
            pattern += len;
        } else {
            put(d, *pattern++);
        }
    }
}

bool mqtt_topic_full(const struct mqtt_names *names, const char *prefix, const char *level,
                     char *out, size_t size)
{
    struct draft d = { .out = out, .size = size };

    out[0] = '\0';
    if (!strstr(names->full_topic, "%prefix%"))
        put_filled(&d, "%prefix%/", names, prefix);
    put_filled(&d, names->full_topic, names, prefix);
    if (!strstr(names->full_topic, "%topic%"))
        put_filled(&d, "/%topic%", names, prefix);
    put(&d, '/');
    const size_t len = strlen(level); /* as it is: it may be the wildcard of a subscription */
    if (d.overflow || d.len + len >= size)
        return false;
    memcpy(out + d.len, level, len + 1);
    return true;
}

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

    mqtt_topic_clean(site, clean, sizeof(clean));
    mac_print(identity, mac);
    return fits(snprintf(out, size, "mi32/%s/dev/%s/%s", clean, mac, leaf), size);
}

bool mqtt_topic_is_device(const char *topic, const char *site, const char *leaf,
                          struct mac *identity)
{
    char again[MQTT_TOPIC_SIZE], clean[SITE_SIZE], start[SITE_SIZE + 16];

    mqtt_topic_clean(site, clean, sizeof(clean));
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

    mqtt_topic_clean(site, clean, sizeof(clean));
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

    mqtt_topic_clean(prefix, clean, sizeof(clean));
    return fits(snprintf(out, size, "%s/device/%s/config", clean, unique_id), size);
}

bool mqtt_topic_birth(const char *prefix, char *out, size_t size)
{
    char clean[SITE_SIZE];

    mqtt_topic_clean(prefix, clean, sizeof(clean));
    return fits(snprintf(out, size, "%s/status", clean), size);
}
