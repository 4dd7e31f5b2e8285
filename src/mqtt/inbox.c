#include "mqtt/mqtt_private.h"

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
    if (retained && mqtt_retained_is_bad(mqtt, line.text))
        mqtt_retained_refuse(mqtt, topic, name);
    else /* replies are texts like any other: every output hears them, and so does this room */
        bus_command(mqtt->config.bus, line.text, line.len, BUS_MQTT, 0, bus_reply_as_message,
                    mqtt->config.bus);
}
