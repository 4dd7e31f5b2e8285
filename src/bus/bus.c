/* bus.c: events, handed round to those who listen. */
#include "bus/bus_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct bus *bus_create(uint64_t (*now_ms)(void *clock), void *clock)
{
    struct bus *bus = calloc(1, sizeof(*bus));

    if (!bus)
        return NULL;
    bus->now_ms = now_ms;
    bus->clock = clock;
    return bus;
}

void bus_destroy(struct bus *bus)
{
    free(bus);
}

void bus_listen(struct bus *bus, struct bus_listener *listener)
{
    struct bus_listener **end = &bus->first;

    while (*end)
        end = &(*end)->next;
    listener->next = NULL;
    *end = listener;
    /* A round whose last listener is hearing right now has nobody left to go to. */
    for (struct bus_round *round = bus->round; round; round = round->outer) {
        if (!round->next)
            round->next = listener;
    }
}

void bus_unlisten(struct bus *bus, struct bus_listener *listener)
{
    for (struct bus_listener **at = &bus->first; *at; at = &(*at)->next) {
        if (*at != listener)
            continue;
        *at = listener->next;
        break;
    }
    for (struct bus_round *round = bus->round; round; round = round->outer) {
        if (round->next == listener)
            round->next = listener->next;
    }
    listener->next = NULL;
}

static void hand_round(struct bus *bus, const struct bus_event *event)
{
    struct bus_round round = { .next = bus->first, .outer = bus->round };

    bus->round = &round;
    bus->rounds++;
    while (round.next) {
        struct bus_listener *listener = round.next;
        round.next = listener->next;
        listener->hear(listener->user, event);
    }
    bus->rounds--;
    bus->round = round.outer;
}

void bus_post(struct bus *bus, const struct bus_event *event)
{
    struct bus_event stamped = *event;

    if (bus->rounds >= BUS_POSTED_MAX) {
        bus->cut++;
        return;
    }
    if (stamped.when_ms == 0)
        stamped.when_ms = bus->now_ms(bus->clock);
    hand_round(bus, &stamped);
    if (bus->rounds == 0 && bus->cut > 0) {
        const unsigned cut = bus->cut;
        bus->cut = 0;
        bus_log(bus, BUS_WARNING, "Look for a rule or script that triggers itself.",
                "%u events were caused by events in a circle and are dropped", cut);
        bus->cut = 0; /* who answers a log line with another has been told */
    }
}

void bus_log(struct bus *bus, enum bus_level level, const char *remedy, const char *format, ...)
{
    char text[BUS_TEXT_MAX];
    struct bus_event event = { .kind = BUS_LOG };
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    event.u.log.level = level;
    event.u.log.text = text;
    event.u.log.remedy = remedy ? remedy : "";
    bus_post(bus, &event);
}

void bus_message(struct bus *bus, enum bus_prefix prefix, const char *level, const char *payload,
                 bool retain, bool once)
{
    struct bus_event event = { .kind = BUS_MESSAGE };

    event.u.message.prefix = prefix;
    event.u.message.level = level;
    event.u.message.payload = payload;
    event.u.message.retain = retain;
    event.u.message.once = once;
    bus_post(bus, &event);
}
