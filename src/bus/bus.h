/*
 * bus.h: what happens goes out, what people type goes in.
 *
 * Out: the gateway posts events, outputs listen. An event is handed to every listener before
 * bus_post() returns, in the order they joined, and everything it points to is good only until
 * then. In: one table of commands, made of the const rows that rooms register at start; the same
 * row answers on the console, over MQTT and HTTP, in the configuration file, in rules and scripts.
 */
#ifndef MI32_BUS_BUS_H
#define MI32_BUS_BUS_H

#include "base/advert.h"
#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct beacon_decoded;
struct registry_change;
struct settings_row;

/* ---- events ---- */

enum bus_event_kind {
    BUS_SENSOR,  /* a sensor changed; posted by the gateway for the registry */
    BUS_RELAY,   /* a relay changed; posted by the gateway */
    BUS_SETTING, /* a setting changed; posted by the gateway */
    BUS_LINK,    /* a radio or the broker came or went */
    BUS_LOG,     /* a line for the log */
    BUS_PAIRING, /* progress of a pairing */
    BUS_MESSAGE, /* a finished Tasmota text, for every output that carries such */
};

enum bus_level {
    BUS_ERROR,
    BUS_WARNING,
    BUS_INFO,
    BUS_DEBUG,
};

enum bus_prefix {
    BUS_STAT,
    BUS_TELE,
};

struct bus_event {
    enum bus_event_kind kind;
    uint64_t when_ms; /* monotonic */
    union {
        struct {
            const struct registry_change *change;
            const struct advert *advert;          /* what caused it; NULL when no advert did */
            const struct beacon_decoded *decoded; /* NULL likewise */
        } sensor;
        struct {
            unsigned index; /* from 1 */
            bool on;
        } relay;
        struct {
            const struct settings_row *row;
        } setting;
        struct {
            const char *name; /* "mqtt", "hci0", "demo" */
            bool up;
            const char *text; /* a sentence, or "" */
            const char *remedy;
        } link;
        struct {
            enum bus_level level;
            const char *text;   /* what is the matter */
            const char *remedy; /* what the user can do, or "" */
        } log;
        struct {
            const char *json; /* an object */
        } pairing;
        struct {
            enum bus_prefix prefix;
            const char *level; /* the topic's last level: "SENSOR", "RESULT" */
            const char *payload;
            bool retain;
            bool once; /* tells of something that happened: not repeated after an outage, as state
                          is */
        } message;
    } u;
};

/* The caller's, linked into the bus for as long as it lives. Set hear and user. */
struct bus_listener {
    void (*hear)(void *user, const struct bus_event *event);
    void *user;
    struct bus_listener *next; /* private */
};

/* ---- commands ---- */

enum bus_origin {
    BUS_LOCAL,  /* the control socket or a local terminal */
    BUS_CONFIG, /* the configuration file */
    BUS_MQTT,
    BUS_HTTP,
    BUS_RULE,
    BUS_SCRIPT,
};

/* What an argument may be. A command takes at most one `rest` of text after its fixed arguments. */
enum bus_arg_kind {
    BUS_ARG_NONE,
    BUS_ARG_SWITCH, /* 0 or 1, or a word: OFF FALSE STOP DOWN, ON TRUE START; the number is u.number
                     */
    BUS_ARG_NUMBER, /* min to max; decimal, 0x hex, 0 octal */
    BUS_ARG_TEXT,   /* the rest of the line, at most max bytes */
    BUS_ARG_SENSOR, /* one word that names a sensor; resolved by the handler's room */
};

struct bus_arg {
    enum bus_arg_kind kind;
    const char *name; /* for Help: "seconds", "sensor" */
    bool optional;    /* without it the command asks */
    int32_t min, max;
};

#define BUS_ARGS_MAX 3

struct bus_value {
    bool given;
    int32_t number;
    const char *text; /* terminated; "" when not given */
};

/* One call of a command, as its handler sees it. */
struct bus_call {
    const struct bus_row *row;
    unsigned index; /* the digits behind the name; row->index_default without */
    enum bus_origin origin;
    unsigned line; /* of the configuration file, or 0 */
    struct bus_value args[BUS_ARGS_MAX];
    struct json *reply; /* an open object; what the handler leaves empty becomes {"NAME":"Done"} */
};

enum bus_result {
    BUS_DONE,
    BUS_FAILED,       /* the reply is {"Command":"Error"} and, from bus_fail(), why */
    BUS_REFUSED,      /* not from this origin */
    BUS_UNKNOWN,      /* no such command: {"Command":"Unknown"} */
    BUS_BAD_ARGUMENT, /* the grammar does not fit: {"Command":"Error"} */
};

#define BUS_CHANGES 0x01 /* changes something: asks for the password over HTTP */
#define BUS_REVEALS 0x02 /* shows a secret: local origins only */
#define BUS_SECRET  0x04 /* its argument is a secret: masked in logs, rule texts and history */

struct bus_row {
    const char *name; /* in its canonical spelling; matched in any case */
    uint8_t index_min, index_max, index_default; /* all 0: the name takes no index */
    uint8_t flags;
    struct bus_arg args[BUS_ARGS_MAX];
    const char *help; /* one sentence */
    enum bus_result (*run)(void *room, struct bus_call *call);
};

/* ---- the bus ---- */

struct bus;

/* Where a command's replies go: one finished JSON object at a time. */
typedef void (*bus_reply)(void *user, const char *json);

#define BUS_REPLY_MAX  8192
#define BUS_LINE_MAX   1024
#define BUS_TABLES_MAX 16

/* Allocates a bus; NULL without memory. bus_destroy(NULL) is fine. */
struct bus *bus_create(uint64_t (*now_ms)(void *clock), void *clock);
void bus_destroy(struct bus *bus);

void bus_listen(struct bus *bus, struct bus_listener *listener);
void bus_unlisten(struct bus *bus, struct bus_listener *listener);

/* Hands the event to every listener; when_ms is filled in when it is 0. A listener may post. */
void bus_post(struct bus *bus, const struct bus_event *event);

/* Posts a BUS_LOG event; the text is formatted, the remedy is taken as it is. Secrets never go in.
 */
void bus_log(struct bus *bus, enum bus_level level, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Posts a BUS_MESSAGE event. */
void bus_message(struct bus *bus, enum bus_prefix prefix, const char *level, const char *payload,
                 bool retain, bool once);

/* Adds `count` rows, which must stay; `room` is what their handlers get. Names must be new. */
void bus_register(struct bus *bus, const struct bus_row *rows, size_t count, void *room);

/* Runs one command line: NAME[index] [arguments]. An argument of "?" alone asks. Replies may come
 * any number of times before it returns, at least once. `line_number` is that of a configuration
 * file, else 0. */
enum bus_result bus_command(struct bus *bus, const char *line, size_t len, enum bus_origin origin,
                            unsigned line_number, bus_reply reply, void *user);

/* For a handler that fails: notes a reason, shown as "Reason" in the reply and in the log. */
enum bus_result bus_fail(struct bus_call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Copies a command line with its secret arguments replaced by asterisks: for logs and history. */
void bus_mask(const struct bus *bus, const char *line, size_t len, char *out, size_t size);

/* The rows of all rooms in the order of their names, n from 0; NULL behind the last. */
const struct bus_row *bus_row_at(const struct bus *bus, size_t n);

/* How the command is typed, for Help and the manual: "TelePeriod [<seconds 10-3600>]". */
void bus_usage(const struct bus_row *row, char *out, size_t size);

#endif
