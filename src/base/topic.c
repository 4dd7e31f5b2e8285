#include "base/topic.h"

#include <stdio.h>
#include <string.h>

void topic_clean(const char *text, char *out, size_t size)
{
    size_t n = 0;

    for (; *text && n + 1 < size; text++) {
        const unsigned char c = (unsigned char)*text;
        out[n++] = c <= ' ' || c == 0x7f || strchr("+#/", c) ? '_' : *text;
    }
    out[n] = '\0';
}

char *topic_name(const struct topic_names *names, char *out, size_t size)
{
    if (*names->topic)
        topic_clean(names->topic, out, size);
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
static void put_filled(struct draft *d, const char *pattern, const struct topic_names *names,
                       const char *prefix)
{
    char topic[128];
    const struct {
        const char *token, *text;
    } tokens[] = {
        { "%prefix%", prefix },
        { "%topic%", topic_name(names, topic, sizeof(topic)) },
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

bool topic_full(const struct topic_names *names, const char *prefix, const char *level, char *out,
                size_t size)
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
