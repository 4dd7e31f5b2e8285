#include "web/guard.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static size_t find(const struct web_guard *guard, const char *address)
{
    size_t i = 0;

    while (i < WEB_GUARD_PEERS &&
           (guard->peers[i].wrong == 0 || strcmp(guard->peers[i].address, address) != 0))
        i++;
    return i;
}

/* The place of whoever tried last the longest ago. */
static size_t oldest(const struct web_guard *guard)
{
    size_t found = 0;

    for (size_t i = 1; i < WEB_GUARD_PEERS; i++) {
        if (guard->peers[i].last_ms < guard->peers[found].last_ms)
            found = i;
    }
    return found;
}

uint64_t web_guard_wait_ms(const struct web_guard *guard, const char *address, uint64_t now_ms)
{
    const size_t i = find(guard, address);

    if (i == WEB_GUARD_PEERS || guard->peers[i].wrong < WEB_GUARD_FREE)
        return 0;
    const uint64_t end_ms = guard->peers[i].last_ms + WEB_GUARD_WAIT_MS;
    return end_ms > now_ms ? end_ms - now_ms : 0;
}

void web_guard_wrong(struct web_guard *guard, const char *address, uint64_t now_ms)
{
    size_t i = find(guard, address);

    if (i == WEB_GUARD_PEERS) {
        i = oldest(guard);
        guard->peers[i].wrong = 0;
        snprintf(guard->peers[i].address, sizeof(guard->peers[i].address), "%s", address);
    }
    if (now_ms - guard->peers[i].last_ms > WEB_GUARD_KEEP_MS)
        guard->peers[i].wrong = 0;
    guard->peers[i].wrong++;
    guard->peers[i].last_ms = now_ms;
}

void web_guard_right(struct web_guard *guard, const char *address)
{
    const size_t i = find(guard, address);

    if (i < WEB_GUARD_PEERS)
        guard->peers[i] = (struct web_guard_peer){ .wrong = 0 };
}
