#include "mqtt/held.h"

#include <stdlib.h>
#include <string.h>

void mqtt_held_drop(struct mqtt_held *held)
{
    free(held->texts[0].level);
    held->n--;
    memmove(held->texts, held->texts + 1, held->n * sizeof(held->texts[0]));
}

static void drop_outdated(struct mqtt_held *held, uint64_t now_ms)
{
    while (held->n > 0 && now_ms - held->texts[0].when_ms > MQTT_HELD_MS)
        mqtt_held_drop(held);
}

void mqtt_held_add(struct mqtt_held *held, uint64_t now_ms, enum bus_prefix prefix,
                   const char *level, const char *payload)
{
    const size_t level_size = strlen(level) + 1, payload_size = strlen(payload) + 1;
    char *copy = malloc(level_size + payload_size);

    drop_outdated(held, now_ms);
    if (!copy)
        return;
    memcpy(copy, level, level_size);
    memcpy(copy + level_size, payload, payload_size);
    if (held->n == MQTT_HELD_MAX)
        mqtt_held_drop(held);
    held->texts[held->n++] =
        (struct mqtt_held_text){ .when_ms = now_ms, .prefix = prefix, .level = copy };
}

const struct mqtt_held_text *mqtt_held_first(struct mqtt_held *held, uint64_t now_ms)
{
    drop_outdated(held, now_ms);
    return held->n > 0 ? &held->texts[0] : NULL;
}

const char *mqtt_held_payload(const struct mqtt_held_text *text)
{
    return text->level + strlen(text->level) + 1;
}

void mqtt_held_clear(struct mqtt_held *held)
{
    while (held->n > 0)
        mqtt_held_drop(held);
}
