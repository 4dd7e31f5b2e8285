#include "mqtt/mqtt_private.h"

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

static void run_command(struct mqtt *mqtt, const char *name, const char *payload, size_t len)
{
    const size_t name_len = strlen(name);
    char line[BUS_LINE_MAX + 2];

    /* what is too long stays too long, and the bus refuses it in its own words */
    if (name_len > BUS_LINE_MAX)
        return;
    memcpy(line, name, name_len);
    size_t used = name_len;
    if (len > 0)
        line[used++] = ' ';
    const size_t room = sizeof(line) - used;
    memcpy(line + used, payload, len < room ? len : room);
    used += len < room ? len : room;
    /* Replies are texts like any other: every output hears them, and so does this room. */
    bus_command(mqtt->config.bus, line, used, BUS_MQTT, 0, bus_reply_as_message, mqtt->config.bus);
}

static bool begins(const char *text, size_t len, const char *word)
{
    size_t i = 0;

    while (i < len && word[i] && tolower((unsigned char)text[i]) == word[i])
        i++;
    return word[i] == '\0';
}

static bool mentions(const char *text, size_t len, const char *word)
{
    while (len > 0 && !begins(text, len, word)) {
        text++;
        len--;
    }
    return len > 0;
}

/* With an index or without. A longer name is of no command, and may be anything. */
static bool is_command(const char *name, const char *word)
{
    const size_t len = strlen(word);

    return begins(name, strlen(name), word) && name[len + strspn(name + len, "0123456789")] == '\0';
}

/* What ends the connection, and would come again with the next one, for ever. */
static bool starts_anew(const char *name, const char *payload, size_t len)
{
    static const char *const words[] = { "restart", "reset" };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (is_command(name, words[i]) ||
            (is_command(name, "backlog") && mentions(payload, len, words[i])))
            return true;
    }
    return false;
}

static void refuse_retained(struct mqtt *mqtt, const char *topic, const char *name)
{
    char remedy[MQTT_TOPIC_SIZE + 64];

    snprintf(remedy, sizeof(remedy), "'mosquitto_pub -r -n -t %s' makes the broker forget it",
             topic);
    bus_log(mqtt->config.bus, BUS_WARNING, remedy,
            "the command %s is not obeyed: it is retained, and would come again after each restart",
            name);
}

/* A retained command is obeyed at each connection, as Tasmota does. */
void mqtt_inbox_message(struct mqtt *mqtt, const char *topic, const char *payload, size_t len,
                        bool retained)
{
    const char *name;

    if (mqtt_recall_message(mqtt, topic, payload, len, retained))
        return;
    mqtt_switch_message(mqtt, topic, payload, len);
    name = mqtt_inbox_command(mqtt, topic);
    if (name && retained && starts_anew(name, payload, len))
        refuse_retained(mqtt, topic, name);
    else if (name)
        run_command(mqtt, name, payload, len);
}
