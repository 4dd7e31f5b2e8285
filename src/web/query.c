#include "web/query.h"

#include "base/hex.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Takes one character off the text. */
static char take(const char **at, const char *end)
{
    uint8_t byte;
    const char c = *(*at)++;

    if (c == '+')
        return ' ';
    if (c != '%' || end - *at < 2 || !hex_decode(*at, 2, &byte, 1))
        return c;
    *at += 2;
    return (char)byte;
}

static bool is_name(const char *at, const char *end, const char *name)
{
    while (at < end && *name && take(&at, end) == *name)
        name++;
    return at == end && *name == '\0';
}

static enum web_query decode(const char *at, const char *end, char *out, size_t size)
{
    bool is_good = true;
    size_t len = 0;

    while (at < end && is_good) {
        const char c = take(&at, end);
        is_good = c != '\0' && len + 1 < size;
        if (is_good)
            out[len++] = c;
    }
    out[is_good ? len : 0] = '\0';
    return is_good ? WEB_QUERY_FOUND : WEB_QUERY_BAD;
}

enum web_query web_query_find(const char *query, size_t len, const char *name, char *out,
                              size_t size)
{
    const char *end = query + len;

    out[0] = '\0';
    for (const char *at = query; at < end;) {
        const char *next = memchr(at, '&', (size_t)(end - at));
        const char *stop = next ? next : end;
        const char *equals = memchr(at, '=', (size_t)(stop - at));
        if (is_name(at, equals ? equals : stop, name))
            return decode(equals ? equals + 1 : stop, stop, out, size);
        at = stop + (next != NULL);
    }
    return WEB_QUERY_ABSENT;
}
