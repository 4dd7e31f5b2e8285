/* lines.c: a configuration file is commands, one a line. */
#include "bus/bus_private.h"

#include <stdio.h>
#include <string.h>

struct lines {
    const char *at;
    size_t left;
    unsigned number; /* of the line that was taken last */
};

/* The next line without its end. */
static const char *take_line(struct lines *lines, size_t *len)
{
    const char *line = lines->at;
    const char *end = memchr(line, '\n', lines->left);
    const size_t whole = end ? (size_t)(end - line) + 1 : lines->left;

    *len = end ? whole - 1 : whole;
    if (*len > 0 && line[*len - 1] == '\r')
        --*len;
    lines->at += whole;
    lines->left -= whole;
    lines->number++;
    return line;
}

static bool has_command(const char *line, size_t len)
{
    while (len > 0 && bus_is_blank(*line)) {
        line++;
        len--;
    }
    return len > 0 && *line != '#';
}

static enum bus_result run_one(struct bus *bus, const char *line, size_t len, unsigned number,
                               bool check_only, bus_line_error error, void *user)
{
    struct bus_run *run = bus_run_take(bus);

    if (!run) {
        error(user, number, "commands are nested too deeply");
        return BUS_FAILED;
    }
    run->call = (struct bus_call){ .origin = BUS_CONFIG, .line = number };
    run->reply = NULL;
    const enum bus_result result = bus_run_line(bus, run, line, len, check_only);
    if (result != BUS_DONE) {
        char text[sizeof(run->input) + sizeof(run->reason) + 2];
        snprintf(text, sizeof(text), "%s: %s", run->input, run->reason);
        error(user, number, text);
    }
    bus_run_give(bus, run);
    return result;
}

unsigned bus_run_lines(struct bus *bus, const char *text, size_t len, bool check_only,
                       bus_line_error error, void *user)
{
    static const char mark[] = "\xef\xbb\xbf"; /* Windows editors like to begin with it */
    struct lines lines = { .at = text, .left = len };
    unsigned errors = 0;

    if (len >= 3 && memcmp(text, mark, 3) == 0) {
        lines.at += 3;
        lines.left -= 3;
    }
    while (lines.left > 0) {
        size_t n;
        const char *line = take_line(&lines, &n);
        if (has_command(line, n) &&
            run_one(bus, line, n, lines.number, check_only, error, user) != BUS_DONE)
            errors++;
    }
    return errors;
}
