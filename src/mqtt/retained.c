/* retained.c: what must not come again with each connection. */
#include "mqtt/mqtt_private.h"

#include "settings/settings.h"

#include <stdio.h>
#include <string.h>

/* ---- what it is ---- */

static bool ends_us(struct bus_part command)
{
    return bus_part_drop(&command, "Restart") || bus_part_drop(&command, "Reset");
}

static bool is_rule(const struct bus_part *command)
{
    struct bus_part rest = *command;

    return bus_part_drop(&rest, "Rule") || bus_part_drop(&rest, "Rule1") ||
           bus_part_drop(&rest, "Rule2") || bus_part_drop(&rest, "Rule3");
}

/* As a word anywhere, for what a rule does is not known before it fires. */
static bool mentions_it(const struct bus_part *command)
{
    for (size_t i = 1; i < command->len; i++) {
        if (memchr(" \t;/", command->text[i - 1], 4) &&
            ends_us((struct bus_part){ command->text + i, command->len - i }))
            return true;
    }
    return false;
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

/* One of a Backlog, which may also set a rule and turn it on. */
static bool is_bad_entry(const struct mqtt *mqtt, struct bus_part entry)
{
    while (drop_publish(mqtt, &entry) || drop_backlog(&entry))
        continue;
    return ends_us(entry) || (is_rule(&entry) && mentions_it(&entry));
}

bool mqtt_retained_is_bad(const struct mqtt *mqtt, const char *line)
{
    struct bus_part part = { line, strlen(line) };

    while (drop_publish(mqtt, &part))
        continue;
    if (!drop_backlog(&part))
        return ends_us(part);
    for (const char *rest = part.text; bus_part_next(&rest, &part);) {
        if (is_bad_entry(mqtt, part))
            return true;
    }
    return false;
}

/* ---- what the log says ---- */

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
static void remedy_for(const struct mqtt *mqtt, const char *topic, bool is_secret, char *out,
                       size_t size)
{
    const struct settings *settings = mqtt->config.settings;
    char host[MQTT_TOPIC_SIZE], name[MQTT_TOPIC_SIZE];

    if (!is_secret && quote(settings_text(settings, SETTINGS_MQTT_HOST), host, sizeof(host)) &&
        quote(topic, name, sizeof(name)))
        snprintf(
            out, size,
            "this has the broker forget it: mosquitto_pub -h %s -p %d -r -n -t %s (with -u, -P "
            "and --cafile where it wants them)",
            host, (int)settings_number(settings, SETTINGS_MQTT_PORT), name);
    else
        snprintf(out, size, "an empty retained message to its topic has the broker forget it");
}

void mqtt_retained_refuse(const struct mqtt *mqtt, const char *topic, const char *name)
{
    char remedy[2 * MQTT_TOPIC_SIZE + 160], masked[MQTT_TOPIC_SIZE];

    bus_mask(mqtt->config.bus, name, strlen(name), masked, sizeof(masked));
    remedy_for(mqtt, topic, strcmp(masked, name) != 0, remedy, sizeof(remedy));
    bus_log(
        mqtt->config.bus, BUS_WARNING, remedy,
        "the command %.99s is not obeyed: it is retained, and would come again after each restart",
        masked);
}
