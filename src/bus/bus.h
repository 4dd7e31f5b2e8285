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
    BUS_WHOLE, /* none: the level is a whole topic, somebody's own (Publish) */
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
    BUS_GUEST, /* over HTTP without the password: may ask, and change nothing */
    BUS_RULE,
    BUS_SCRIPT,
};

/* What an argument may be. A command takes at most one `rest` of text after its fixed arguments. */
enum bus_arg_kind {
    BUS_ARG_NONE,
    BUS_ARG_SWITCH, /* 0 or 1, or a word: OFF FALSE STOP DOWN, ON TRUE START; the number is u.number
                     */
    BUS_ARG_NUMBER, /* min to max; decimal, 0x hex, 0 octal; or a word as for a switch, and TOGGLE
                       2, BLINK 3, BLINKOFF 4 */
    BUS_ARG_TEXT,   /* the rest of the line, at most max bytes */
    BUS_ARG_WORD,   /* up to the next blank */
    BUS_ARG_SENSOR, /* one word that names a sensor, or more in double quotes; resolved by the
                       handler's room */
};

struct bus_arg {
    enum bus_arg_kind kind;
    const char *name; /* for Help: "seconds", "sensor" */
    bool optional;    /* without it the command asks */
    int32_t min, max; /* of a number; the bytes of a text, max 0 for as long as the line allows */
};

#define BUS_ARGS_MAX 3

#define BUS_NAME_MAX 24 /* bytes of a row's name */

struct bus_value {
    bool given;
    int32_t number;
    const char *text; /* as typed, terminated; "" when not given */
};

struct bus_run;

/* One call of a command, as its handler sees it. */
struct bus_call {
    const struct bus_row *row;
    unsigned index;              /* the digits behind the name; row->index_default without */
    char name[BUS_NAME_MAX + 4]; /* row->name and, for a row with indexes, the index */
    enum bus_origin origin;
    unsigned line; /* of the configuration file, or 0 */
    struct bus_value args[BUS_ARGS_MAX];
    struct json *reply; /* an open object; what the handler leaves empty becomes {"NAME":"Done"} */
    const char
        *level;    /* set by a handler whose reply has a topic of its own, "STATUS8"; a constant */
    bool no_reply; /* set by a handler whose replies come from elsewhere: an empty object is
                      then no reply at all */
    struct bus_run *run; /* private */
};

enum bus_result {
    BUS_DONE,
    BUS_FAILED,       /* the handler could not; the reply is an error, see below */
    BUS_REFUSED,      /* not from this origin; an error */
    BUS_UNKNOWN,      /* no such command: {"Command":"Unknown","Input":"NAME"} */
    BUS_BAD_ARGUMENT, /* the grammar does not fit; an error */
};

/* An error is {"Command":"Error","Input":"NAME","Reason":"..."}: NAME as typed, in upper case, and
 * the reason a sentence. */

/* A row that BUS_CHANGES something wants the password over HTTP, unless its first argument is
 * optional and left out: that is a question, but for one that BUS_ACTS_BARE. */
#define BUS_CHANGES   0x01
#define BUS_REVEALS   0x02 /* shows a secret: local programs and the configuration file only */
#define BUS_SECRET    0x04 /* its argument is a secret: masked in logs, rule texts and history */
#define BUS_ACTS_BARE 0x08

/* A row without arguments ignores what is typed behind its name, as Tasmota does. */
struct bus_row {
    const char *name; /* in its canonical spelling; matched in any case */
    uint8_t index_min, index_max, index_default; /* all 0: the name takes no index */
    uint8_t flags;
    struct bus_arg args[BUS_ARGS_MAX];
    const char *help; /* one sentence */
    enum bus_result (*run)(void *room, struct bus_call *call);

    /* What the grammar cannot say of an argument, judged without a reply and without changing
     * anything, for a file that is only checked: BUS_DONE, or what bus_fail() gave. NULL for none.
     */
    enum bus_result (*check)(void *room, struct bus_call *call);
};

/* ---- the bus ---- */

struct bus;

/* Where a command's replies go: one finished JSON object at a time. `level` is the last one of its
 * topic, where replies are messages: "RESULT", or what the handler chose. */
typedef void (*bus_reply)(void *user, const char *level, const char *json);

#define BUS_REPLY_MAX  8192
#define BUS_LINE_MAX   2048
#define BUS_ROWS_MAX   256
#define BUS_NESTED_MAX 4   /* commands that run commands */
#define BUS_POSTED_MAX 16  /* events that cause events */
#define BUS_TEXT_MAX   512 /* bytes of a log text or of a reason, its zero included */

/* Allocates a bus; NULL without memory. bus_destroy(NULL) is fine. */
struct bus *bus_create(uint64_t (*now_ms)(void *clock), void *clock);
void bus_destroy(struct bus *bus);

/* Both may be called while an event is handed round; who joins then hears it as the last one. */
void bus_listen(struct bus *bus, struct bus_listener *listener);
void bus_unlisten(struct bus *bus, struct bus_listener *listener);

/* Hands the event to every listener; when_ms is filled in when it is 0. A listener may post, but
 * what goes more than BUS_POSTED_MAX deep is a circle: it is cut there and told in the log. */
void bus_post(struct bus *bus, const struct bus_event *event);

/* Posts a BUS_LOG event; the text is formatted, the remedy is taken as it is. Secrets never go in.
 */
void bus_log(struct bus *bus, enum bus_level level, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Posts a BUS_MESSAGE event. */
void bus_message(struct bus *bus, enum bus_prefix prefix, const char *level, const char *payload,
                 bool retain, bool once);

/* Adds `count` rows, which must stay; `room` is what their handlers get. Names must be new, in any
 * case, and all rows together at most BUS_ROWS_MAX. */
void bus_register(struct bus *bus, const struct bus_row *rows, size_t count, void *room);

/* Runs one command line: NAME[index] [arguments]. An argument of "?" alone asks. The longest row
 * name that fits the typed one wins, so Backlog0 is found before Backlog with an index. A line that
 * is too long, not UTF-8 or holds control characters (other than tabs, and its line end) is refused
 * as a bad argument.
 *
 * Replies may come any number of times before it returns; none only where a handler said no_reply.
 * `line_number` is that of a configuration file, else 0. `reply` may be NULL. */
enum bus_result bus_command(struct bus *bus, const char *line, size_t len, enum bus_origin origin,
                            unsigned line_number, bus_reply reply, void *user);

/* A bus_reply for those who are not waiting for it: posts the reply as a BUS_MESSAGE. Its user is
 * the bus. */
void bus_reply_as_message(void *bus, const char *level, const char *json);

/* Whether that is where the replies to this call go: its handler need not post them. */
bool bus_is_told(const struct bus_call *call);

/* The word for an origin in logs: "local", "config", "mqtt", ... */
const char *bus_origin_name(enum bus_origin origin);

/* For a handler that fails: notes a reason, shown as "Reason" in the reply and in the log. Gives
 * BUS_FAILED, to be returned. */
enum bus_result bus_fail(struct bus_call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Runs another line on behalf of a command, as Backlog0 does: same origin, same line number, and
 * its replies go where those of `call` go. */
enum bus_result bus_delegate(struct bus *bus, struct bus_call *call, const char *line, size_t len);

/* For a handler whose reply may be longer than BUS_REPLY_MAX: hands out an object of its own making
 * as it is. The handler says no_reply then. */
void bus_reply_whole(struct bus_call *call, const char *json);

/* For a handler with more than one reply: hands out the object made so far and opens the next. */
void bus_reply_next(struct bus_call *call);

/* ---- lines from files and Backlog ---- */

/* A line of the file that failed; the reason is good during the call. */
typedef void (*bus_line_error)(void *user, unsigned line_number, const char *reason);

/* Runs a configuration file: one command a line, blank lines and those beginning with # skipped, a
 * byte order mark and either kind of line end accepted. Every line is run with its number, also
 * after an error. With check_only the grammar and the rows' `check` are tried and no handler runs.
 * Returns the number of errors. */
unsigned bus_run_lines(struct bus *bus, const char *text, size_t len, bool check_only,
                       bus_line_error error, void *user);

/* The bytes of the first entry of a Backlog: up to the next semicolon that is not inside balanced
 * braces, or all. */
size_t bus_entry_len(const char *text, size_t len);

/* A piece of a line; not terminated. */
struct bus_part {
    const char *text;
    size_t len;
};

/* The next entry of a Backlog that is not empty, without the blanks around it and without a Backlog
 * of its own in front; *line moves behind it. False at the end. */
bool bus_part_next(const char **line, struct bus_part *out);

/* Takes a word off the front, and the blanks around the rest. False, and nothing is taken, when it
 * begins with another one, or with a longer one. */
bool bus_part_drop(struct bus_part *part, const char *word);

/* ---- what logs may show ---- */

/* Copies a command line with its secrets replaced by asterisks: for logs, rule texts and history.
 * Secret is what follows the name of a BUS_SECRET command, to the end of the line when it comes
 * first and else (Backlog, a rule) of its entry; and any row of 24 or more hex digits, whatever is
 * around it. Works on lines that do not parse as well. Control characters become question marks.
 * The result is cut to size - 1 bytes. */
void bus_mask(const struct bus *bus, const char *line, size_t len, char *out, size_t size);

/* ---- help ---- */

/* The rows of all rooms in the order of their names, n from 0; NULL behind the last. */
const struct bus_row *bus_row_at(const struct bus *bus, size_t n);

/* The row that a name as typed, with or without index, means; NULL when there is none. */
const struct bus_row *bus_row_named(const struct bus *bus, const char *name, size_t len);

/* How the command is typed, for Help and the manual: "TelePeriod [<seconds 0-3600>]",
 * "MI32Option<0-4> [0|1]". */
void bus_usage(const struct bus_row *row, char *out, size_t size);

/* Writes the table of docs/commands.md piece by piece. */
void bus_markdown(const struct bus *bus, void (*write)(void *user, const char *text), void *user);

#endif
