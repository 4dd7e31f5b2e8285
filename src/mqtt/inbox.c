#include "mqtt/mqtt_private.h"

#include "settings/settings.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char *mqtt_inbox_command(const struct mqtt *mqtt, const char *topic)
{
    for (size_t i = 0; i <= mqtt->n_others; i++) {
        const char *prefix = i < mqtt->n_others ? mqtt->others[i] : mqtt->prefixes[MQTT_CMND];
        const size_t len = strlen(prefix);
        if (strncmp(topic, prefix, len) == 0 && topic[len])
            return topic + len;
    }
    return NULL;
}

struct line {
    char text[BUS_LINE_MAX + 3];
    size_t len;
};

static void append(struct line *line, const char *text, size_t len)
{
    const size_t room = sizeof(line->text) - 1 - line->len, n = len < room ? len : room;

    memcpy(line->text + line->len, text, n);
    line->len += n;
    line->text[line->len] = '\0';
}

/* What is too long stays too long, and the bus refuses it in its own words. */
static void compose(struct line *line, const char *name, const char *payload, size_t len)
{
    line->len = 0;
    append(line, name, strlen(name));
    if (len > 0) {
        append(line, " ", 1);
        append(line, payload, len);
    }
}

/* ---- what must not come again with each connection ---- */

static bool begins(const struct bus_part *part, size_t at, const char *word)
{
    size_t i = 0;

    while (at + i < part->len && word[i] && tolower((unsigned char)part->text[at + i]) == word[i])
        i++;
    return word[i] == '\0';
}

static bool mentions(const struct bus_part *part, const char *word)
{
    size_t at = 0;

    while (at < part->len && !begins(part, at, word))
        at++;
    return at < part->len;
}

/* Publish to a topic of ours is a command: what stands behind the prefix. */
static bool drop_publish(const struct mqtt *mqtt, struct bus_part *part)
{
    struct bus_part message = *part;

    if (!bus_part_drop(&message, "Publish") && !bus_part_drop(&message, "Publish2"))
        return false;
    const char *name = mqtt_inbox_command(mqtt, message.text);
    if (!name || name >= message.text + message.len)
        return false;
    message.len -= (size_t)(name - message.text);
    message.text = name;
    *part = message;
    return true;
}

static bool drop_backlog(struct bus_part *part)
{
    return bus_part_drop(part, "Backlog") || bus_part_drop(part, "Backlog0");
}

static bool ends_us(struct bus_part command)
{
    return bus_part_drop(&command, "Restart") || bus_part_drop(&command, "Reset");
}

static bool is_rule_with_it(const struct bus_part *command)
{
    return begins(command, 0, "rule") &&
           (mentions(command, "restart") || mentions(command, "reset"));
}

/* What ends the connection, and would come again with the next one, for ever: also as a command of
 * a Backlog, or in a rule that the Backlog may turn on. */
static bool starts_anew(const struct mqtt *mqtt, const struct line *line)
{
    struct bus_part part = { line->text, line->len };

    while (drop_publish(mqtt, &part))
        ;
    if (!drop_backlog(&part))
        return ends_us(part);
    for (const char *rest = part.text; bus_part_next(&rest, &part);) {
        while (drop_publish(mqtt, &part) || drop_backlog(&part))
            ;
        if (ends_us(part) || is_rule_with_it(&part))
            return true;
    }
    return false;
}

/* As one word for a shell. False when it does not fit. */
static bool quote(const char *text, char *out, size_t size)
{
    size_t len = 0;

    out[len++] = '\'';
    for (; *text && len + 6 <= size; text++) {
        const char piece[2] = { *text, '\0' };
        len += (size_t)snprintf(out + len, size - len, "%s", *text == '\'' ? "'\\''" : piece);
    }
    snprintf(out + len, size - len, "'");
    return *text == '\0';
}

/* The topic is anybody's words, and this is there to be copied into a shell. */
static void remedy_for(const struct mqtt *mqtt, const char *topic, char *out, size_t size)
{
    const struct settings *settings = mqtt->config.settings;
    char host[MQTT_TOPIC_SIZE], name[MQTT_TOPIC_SIZE];

    if (quote(settings_text(settings, SETTINGS_MQTT_HOST), host, sizeof(host)) &&
        quote(topic, name, sizeof(name)))
        snprintf(out, size, "this has the broker forget it: mosquitto_pub -h %s -p %d -r -n -t %s",
                 host, (int)settings_number(settings, SETTINGS_MQTT_PORT), name);
    else
        snprintf(out, size, "an empty retained message to its topic has the broker forget it");
}

static void refuse_retained(struct mqtt *mqtt, const char *topic, const char *name)
{
    char remedy[2 * MQTT_TOPIC_SIZE + 80];

    remedy_for(mqtt, topic, remedy, sizeof(remedy));
    bus_log(
        mqtt->config.bus, BUS_WARNING, remedy,
        "the command %.99s is not obeyed: it is retained, and would come again after each restart",
        name);
}

/* A retained command is obeyed at each connection, as Tasmota does. */
void mqtt_inbox_message(struct mqtt *mqtt, const char *topic, const char *payload, size_t len,
                        bool retained)
{
    const char *name;
    struct line line;

    if (mqtt_recall_message(mqtt, topic, payload, len, retained))
        return;
    mqtt_switch_message(mqtt, topic, payload, len);
    name = mqtt_inbox_command(mqtt, topic);
    if (!name)
        return;
    compose(&line, name, payload, len);
    if (retained && starts_anew(mqtt, &line))
        refuse_retained(mqtt, topic, name);
    else /* replies are texts like any other: every output hears them, and so does this room */
        bus_command(mqtt->config.bus, line.text, line.len, BUS_MQTT, 0, bus_reply_as_message,
                    mqtt->config.bus);
}
