/* parts.c: the commands of a Backlog, one by one. */
#include "bus/bus_private.h"

#include <string.h>

static void trim(struct bus_part *part)
{
    while (part->len > 0 && bus_is_blank(part->text[0])) {
        part->text++;
        part->len--;
    }
    while (part->len > 0 && bus_is_blank(part->text[part->len - 1]))
        part->len--;
}

bool bus_part_drop(struct bus_part *part, const char *word)
{
    const size_t n = strlen(word);
    struct bus_part rest = *part;

    trim(&rest);
    if (rest.len < n || (rest.len > n && !bus_is_blank(rest.text[n])) ||
        !bus_same_name(word, rest.text, n))
        return false;
    rest.text += n;
    rest.len -= n;
    trim(&rest);
    *part = rest;
    return true;
}

bool bus_part_next(const char **line, struct bus_part *out)
{
    while (**line) {
        out->text = *line;
        out->len = bus_entry_len(*line, strlen(*line));
        *line += out->len + ((*line)[out->len] == ';');
        trim(out);
        while (bus_part_drop(out, "Backlog") || bus_part_drop(out, "Backlog0"))
            ;
        if (out->len > 0)
            return true;
    }
    return false;
}
