/* publish_commands.c: Publish and Publish2, a message of one's own to any topic. */
#include "tasmota/tasmota_private.h"

#include <string.h>

/* Brokers refuse wildcards, and what begins with $ is theirs. */
static bool is_topic(const char *text)
{
    return text[0] != '$' && strpbrk(text, "+#") == NULL;
}

static enum bus_result publish(struct tasmota *t, struct bus_call *call, bool retain)
{
    const char *topic = call->args[0].text;

    if (!is_topic(topic))
        return bus_fail(call, "%s is no topic to publish to", topic);
    bus_message(t->bus, BUS_WHOLE, topic, call->args[1].text, retain, !retain);
    return BUS_DONE;
}

static enum bus_result run_publish(void *room, struct bus_call *call)
{
    return publish(room, call, false);
}

static enum bus_result run_publish2(void *room, struct bus_call *call)
{
    return publish(room, call, true);
}

#define TOPIC_AND_TEXT                                                                             \
    {                                                                                              \
        { .kind = BUS_ARG_WORD, .name = "topic" },                                                 \
        {                                                                                          \
            .kind = BUS_ARG_TEXT, .name = "payload", .optional = true                              \
        }                                                                                          \
    }

static const struct bus_row rows[] = {
    { .name = "Publish",
      .flags = BUS_CHANGES,
      .args = TOPIC_AND_TEXT,
      .help = "Sends a message of your own; the topic is taken as it is.",
      .run = run_publish },
    { .name = "Publish2",
      .flags = BUS_CHANGES,
      .args = TOPIC_AND_TEXT,
      .help = "Likewise, and the broker keeps it (retained).",
      .run = run_publish2 },
};

void tasmota_publish_commands(struct tasmota *t)
{
    bus_register(t->bus, rows, sizeof(rows) / sizeof(rows[0]), t);
}
