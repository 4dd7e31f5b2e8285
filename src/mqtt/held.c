#include "mqtt/held.h"

#include <stdlib.h>
#include <string.h>

static void shift(struct mqtt_held *held)
{
    held->n--;
    memmove(held->texts, held->texts + 1, held->n * sizeof(held->texts[0]));
}

static void drop_oldest(struct mqtt_held *held)
{
    free(held->texts[0].level);
    shift(held);
}

static void drop_outdated(struct mqtt_held *held, uint64_t now_ms)
{
    while (held->n > 0 && now_ms - held->texts[0].when_ms > MQTT_HELD_MS)
        drop_oldest(held);
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
        drop_oldest(held);
    held->texts[held->n++] =
        (struct mqtt_held_text){ .when_ms = now_ms, .prefix = prefix, .level = copy };
}

bool mqtt_held_take(struct mqtt_held *held, uint64_t now_ms, struct mqtt_held_text *out)
{
    drop_outdated(held, now_ms);
    if (held->n == 0)
        return false;
    *out = held->texts[0];
    shift(held);
    return true;
}

const char *mqtt_held_payload(const struct mqtt_held_text *text)
{
    return text->level + strlen(text->level) + 1;
}

void mqtt_held_clear(struct mqtt_held *held)
{
    while (held->n > 0)
        drop_oldest(held);
}
