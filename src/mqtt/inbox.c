#include "mqtt/mqtt_private.h"

#include <string.h>

static void run_command(struct mqtt *mqtt, const char *topic, const char *payload, size_t len)
{
    const char *prefix = mqtt->prefixes[MQTT_CMND];
    const size_t prefix_len = strlen(prefix), name_len = strlen(topic) - prefix_len;
    char line[BUS_LINE_MAX + 2];

    if (strncmp(topic, prefix, prefix_len) != 0 || name_len == 0)
        return;
    /* what is too long stays too long, and the bus refuses it in its own words */
    if (name_len > BUS_LINE_MAX)
        return;
    memcpy(line, topic + prefix_len, name_len);
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
    if (!mqtt_recall_message(mqtt, topic, payload, len, retained))
        run_command(mqtt, topic, payload, len);
}
