/* wiring.c: what a relay is wired to, as people write it. */
#include "relay/relay.h"

#include <stdio.h>
#include <string.h>

#define NUMBER_MAX 9999 /* of a line */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* What follows the word, or NULL when the text does not begin with it, in any case. */
static const char *behind(const char *text, const char *word)
{
    for (; *word; text++, word++) {
        if (lower(*text) != *word)
            return NULL;
    }
    return text;
}

static bool is_word(const char *text, const char *word)
{
    const char *rest = behind(text, word);

    return rest && *rest == '\0';
}

static bool read_line(const char **text, unsigned *line)
{
    const char *at = *text;

    for (*line = 0; *at >= '0' && *at <= '9' && *line <= NUMBER_MAX; at++)
        *line = *line * 10 + (unsigned)(*at - '0');
    const bool is_good = at > *text && *line <= NUMBER_MAX;
    *text = at;
    return is_good;
}

static const char *read_gpio(const char *text, struct relay_wiring *out)
{
    const char *colon = strchr(text, ':');
    const size_t len = colon ? (size_t)(colon - text) : 0;

    if (len == 0 || len >= sizeof(out->chip))
        return "must be gpio:CHIP:LINE or gpio:CHIP:LINE:inverted";
    memcpy(out->chip, text, len);
    out->chip[len] = '\0';
    text = colon + 1;
    if (!read_line(&text, &out->line))
        return "wants the number of a line: gpio:CHIP:LINE";
    out->is_inverted = is_word(text, ":inverted");
    out->kind = RELAY_GPIO;
    return *text == '\0' || out->is_inverted ? "" : "knows nothing but :inverted behind the line";
}

static const char *read_topic(const char *text, struct relay_wiring *out)
{
    if (!*text || strlen(text) >= sizeof(out->topic))
        return "wants a topic of at most 127 bytes: mqtt:TOPIC";
    if (strpbrk(text, "+#") || text[0] == '$')
        return "wants a topic of its own: no + # and no $ in front";
    snprintf(out->topic, sizeof(out->topic), "%s", text);
    out->kind = RELAY_TOPIC;
    return "";
}

const char *relay_wiring_read(const char *text, struct relay_wiring *out)
{
    const char *rest;

    *out = (struct relay_wiring){ .kind = RELAY_NONE };
    if (!*text || is_word(text, "none"))
        return "";
    if (is_word(text, "virtual")) {
        out->kind = RELAY_VIRTUAL;
        return "";
    }
    if ((rest = behind(text, "gpio:")) != NULL)
        return read_gpio(rest, out);
    if ((rest = behind(text, "mqtt:")) != NULL)
        return read_topic(rest, out);
    return "must be gpio:CHIP:LINE[:inverted], mqtt:TOPIC, virtual or none";
}
