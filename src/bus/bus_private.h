/* bus_private.h: what the files of this folder share. */
#ifndef MI32_BUS_BUS_PRIVATE_H
#define MI32_BUS_BUS_PRIVATE_H

#include "bus/bus.h"

struct bus_entry {
    const struct bus_row *row;
    void *room;
};

/* Where a round of bus_post() is: the listener who hears next. */
struct bus_round {
    struct bus_listener *next;
    struct bus_round *outer;
};

/* One command line while it is parsed and run. */
struct bus_run {
    char line[BUS_LINE_MAX + 1];  /* the arguments point into it */
    char input[BUS_NAME_MAX * 2]; /* the name as typed: masked, in upper case, perhaps cut */
    char reason[BUS_TEXT_MAX];
    char out[BUS_REPLY_MAX];
    struct json json;
    struct bus_call call;
    void *room;
    bus_reply reply;
    void *user;
};

struct bus {
    uint64_t (*now_ms)(void *clock);
    void *clock;
    struct bus_listener *first;
    struct bus_round *round; /* the innermost */
    unsigned rounds;
    unsigned cut;                           /* events dropped as a circle */
    struct bus_entry entries[BUS_ROWS_MAX]; /* in the order of their names */
    size_t count;
    struct bus_run runs[BUS_NESTED_MAX];
    unsigned running;
};

/* The characters a command name is made of. Not the C library's: it asks for the locale. */
bool bus_is_name_char(char c);
bool bus_is_blank(char c);
char bus_upper(char c);

/* True when the `len` characters at `text` are the name, in any case. */
bool bus_same_name(const char *name, const char *text, size_t len);

/* The entry that the typed name means; *index as typed, or the row's default. NULL when none. */
const struct bus_entry *bus_find(const struct bus *bus, const char *name, size_t len,
                                 unsigned *index);

/* Reads a line into run->line, ->call, ->room and ->input: BUS_DONE, BUS_UNKNOWN or
 * BUS_BAD_ARGUMENT with run->reason. */
enum bus_result bus_parse(const struct bus *bus, const char *line, size_t len, struct bus_run *run);

/* Copies a text with every row of hex digits as long as a key replaced. */
void bus_mask_keys(const char *text, char *out, size_t size);

void bus_set_reason(struct bus_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Takes a run, or NULL when commands are nested too deeply; gives it back. */
struct bus_run *bus_run_take(struct bus *bus);
void bus_run_give(struct bus *bus, struct bus_run *run);

/* Parses and, unless check_only, runs; no reply is sent for a failure. */
enum bus_result bus_run_line(struct bus *bus, struct bus_run *run, const char *line, size_t len,
                             bool check_only);

#endif
