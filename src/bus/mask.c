/* mask.c: command lines as logs may show them. */
#include "bus/bus_private.h"

#include <string.h>

#define MASK       "****"
#define KEY_DIGITS 24 /* the shortest key: 12 bytes, of the legacy remote controls */

size_t bus_entry_len(const char *text, size_t len)
{
    size_t depth = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] == '{')
            depth++;
        else if (text[i] == '}' && depth > 0)
            depth--;
        else if (text[i] == ';' && depth == 0)
            return i;
    }
    /* A brace that is never closed protects nothing. */
    const char *semicolon = depth > 0 ? memchr(text, ';', len) : NULL;
    return semicolon ? (size_t)(semicolon - text) : len;
}

struct copy {
    char *out;
    size_t size, len;
};

static void put(struct copy *copy, const char *text, size_t len)
{
    for (size_t i = 0; i < len && copy->len + 1 < copy->size; i++) {
        const unsigned char c = (unsigned char)text[i];
        copy->out[copy->len++] = c < 0x20 || c == 0x7f ? '?' : text[i];
    }
}

/* The length of the longest name of a secret command that the text begins with, or 0. */
static size_t secret_name(const struct bus *bus, const char *text, size_t len)
{
    size_t longest = 0;

    for (size_t i = 0; i < bus->count; i++) {
        const struct bus_row *row = bus->entries[i].row;
        const size_t n = strlen(row->name);
        if (row->flags & BUS_SECRET && n > longest && n <= len && bus_same_name(row->name, text, n))
            longest = n;
    }
    return longest;
}

static size_t hex_run(const char *text, size_t len)
{
    size_t n = 0;

    while (n < len && ((text[n] >= '0' && text[n] <= '9') ||
                       (bus_upper(text[n]) >= 'A' && bus_upper(text[n]) <= 'F')))
        n++;
    return n;
}

/* Writes a secret command's name, which is `name` bytes long, and asterisks for the rest. */
static void put_secret(struct copy *copy, const char *text, size_t len, size_t name)
{
    size_t from = name;

    while (from < len && bus_is_blank(text[from]))
        from++;
    put(copy, text, from);
    if (from < len)
        put(copy, MASK, strlen(MASK));
}

/* Without a bus only what looks like a key is secret. */
static void mask(const struct bus *bus, const char *line, size_t len, char *out, size_t size)
{
    struct copy copy = { .out = out, .size = size };
    bool is_first = true; /* still in front of the first word */

    for (size_t at = 0; at < len;) {
        const bool at_word = bus && (at == 0 || !bus_is_name_char(line[at - 1]));
        const size_t name = at_word ? secret_name(bus, line + at, len - at) : 0;
        const size_t digits = hex_run(line + at, len - at);
        if (name > 0) {
            const size_t secret = is_first ? len - at : bus_entry_len(line + at, len - at);
            put_secret(&copy, line + at, secret, name);
            at += secret;
        } else if (digits >= KEY_DIGITS) {
            put(&copy, MASK, strlen(MASK));
            at += digits;
        } else {
            const size_t step = digits > 0 ? digits : 1;
            put(&copy, line + at, step);
            at += step;
        }
        is_first = is_first && !bus_is_name_char(line[at - 1]);
    }
    if (size > 0)
        out[copy.len] = '\0';
}

void bus_mask(const struct bus *bus, const char *line, size_t len, char *out, size_t size)
{
    mask(bus, line, len, out, size);
}

void bus_mask_keys(const char *text, char *out, size_t size)
{
    mask(NULL, text, strlen(text), out, size);
}
