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

/* A retained command is obeyed at each connection, as Tasmota does. */
void mqtt_inbox_message(struct mqtt *mqtt, const char *topic, const char *payload, size_t len,
                        bool retained)
{
    const char *name;

    if (mqtt_recall_message(mqtt, topic, payload, len, retained))
        return;
    mqtt_switch_message(mqtt, topic, payload, len);
    name = mqtt_inbox_command(mqtt, topic);
    if (name)
        run_command(mqtt, name, payload, len);
}
