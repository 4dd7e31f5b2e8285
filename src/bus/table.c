/* table.c: the rows of all rooms, in the order of their names. */
#include "bus/bus_private.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool bus_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

char bus_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool bus_is_name_char(char c)
{
    const char upper = bus_upper(c);

    return (upper >= 'A' && upper <= 'Z') || is_digit(c) || c == '_';
}

/* Below, at or above 0 as the text comes before, is, or comes behind the name, in any case. */
static int compare(const char *text, size_t len, const char *name)
{
    for (size_t i = 0; i < len; i++) {
        const int difference =
            (unsigned char)bus_upper(text[i]) - (unsigned char)bus_upper(name[i]);
        if (difference != 0)
            return difference; /* the end of the name is one, too */
    }
    return name[len] == '\0' ? 0 : -1;
}

bool bus_same_name(const char *name, const char *text, size_t len)
{
    return compare(text, len, name) == 0;
}

/* Where the name is, or would have to be. */
static size_t place_of(const struct bus *bus, const char *name, size_t len)
{
    size_t low = 0, high = bus->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(name, len, bus->entries[middle].row->name) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct bus_entry *find_exact(const struct bus *bus, const char *name, size_t len)
{
    const size_t at = place_of(bus, name, len);

    if (at == bus->count || !bus_same_name(bus->entries[at].row->name, name, len))
        return NULL;
    return &bus->entries[at];
}

void bus_register(struct bus *bus, const struct bus_row *rows, size_t count, void *room)
{
    assert(bus->count + count <= BUS_ROWS_MAX);
    for (size_t i = 0; i < count; i++) {
        const size_t len = strlen(rows[i].name);
        const size_t at = place_of(bus, rows[i].name, len);
        assert(len <= BUS_NAME_MAX && !find_exact(bus, rows[i].name, len));
        memmove(&bus->entries[at + 1], &bus->entries[at],
                (bus->count - at) * sizeof(bus->entries[0]));
        bus->entries[at] = (struct bus_entry){ .row = &rows[i], .room = room };
        bus->count++;
    }
}

static bool takes_index(const struct bus_row *row)
{
    return row->index_max > 0;
}

const struct bus_entry *bus_find(const struct bus *bus, const char *name, size_t len,
                                 unsigned *index)
{
    const struct bus_entry *entry = find_exact(bus, name, len);
    unsigned value = 0, place = 1;

    if (entry) {
        *index = entry->row->index_default;
        return entry;
    }
    /* One digit more goes to the index each time, so the longest name is found first. */
    for (size_t cut = len; cut > 0 && len - cut < 3 && is_digit(name[cut - 1]);) {
        cut--;
        value += (unsigned)(name[cut] - '0') * place;
        place *= 10;
        entry = find_exact(bus, name, cut);
        if (entry && takes_index(entry->row)) {
            *index = value;
            return entry;
        }
    }
    return NULL;
}

const struct bus_row *bus_row_at(const struct bus *bus, size_t n)
{
    return n < bus->count ? bus->entries[n].row : NULL;
}

const struct bus_row *bus_row_named(const struct bus *bus, const char *name, size_t len)
{
    unsigned index;
    const struct bus_entry *entry = bus_find(bus, name, len, &index);

    return entry ? entry->row : NULL;
}

/* Appends what fits and keeps the zero. */
static void append(char *out, size_t size, const char *before, const char *text, const char *behind)
{
    const size_t len = strlen(out);

    snprintf(out + len, size - len, "%s%s%s", before, text, behind);
}

static void usage_of(const struct bus_arg *arg, char *out, size_t size)
{
    switch (arg->kind) {
    case BUS_ARG_SWITCH:
        snprintf(out, size, "0|1");
        return;
    case BUS_ARG_NUMBER:
        snprintf(out, size, "<%s %" PRId32 "-%" PRId32 ">", arg->name, arg->min, arg->max);
        return;
    case BUS_ARG_NONE:
    case BUS_ARG_TEXT:
    case BUS_ARG_WORD:
    case BUS_ARG_SENSOR:
        snprintf(out, size, "<%s>", arg->name);
    }
}

void bus_usage(const struct bus_row *row, char *out, size_t size)
{
    char part[64];

    if (size == 0)
        return;
    out[0] = '\0';
    append(out, size, row->name, "", "");
    if (takes_index(row)) {
        snprintf(part, sizeof(part), "<%u-%u>", row->index_min, row->index_max);
        append(out, size, part, "", "");
    }
    for (size_t i = 0; i < BUS_ARGS_MAX && row->args[i].kind != BUS_ARG_NONE; i++) {
        const bool optional = row->args[i].optional;
        usage_of(&row->args[i], part, sizeof(part));
        append(out, size, optional ? " [" : " ", part, optional ? "]" : "");
    }
}
