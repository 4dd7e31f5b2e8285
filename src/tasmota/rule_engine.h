/*
 * rule_engine.h (of the room tasmota): three sets of rules, the variables and timers they use, and
 * the events that set them off.
 *
 * Events come from the bus. What a rule does is never done inside the event that set it off, but in
 * the next turn of the loop; an action that causes an event hands on how long the chain already is,
 * and a chain of more than RULE_CHAIN_MAX is a rule that triggers itself: it is cut and told. A
 * circle that leaves the house, through the broker for example, comes back as somebody else's
 * event; what ends it is that a set fires RULE_FIRINGS_AT_ONCE times and after that no more often
 * than RULE_FIRINGS_A_SECOND. What is more is left out, and told once until the set was quiet.
 *
 * A sensor's values reach rules three ways. Tele-NAME#Value is asked for each telemetry message.
 * NAME#Value is asked for each frame: always for what happened (a press, motion), else when the
 * value changed or, with a comparison, when that became true. Reading them takes nothing away from
 * anybody, because they are read from the frame itself.
 */
#ifndef MI32_TASMOTA_RULE_ENGINE_H
#define MI32_TASMOTA_RULE_ENGINE_H

#include "base/mac.h"
#include "bus/bus.h"
#include "port/clock.h"
#include "tasmota/telemetry.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RULE_SETS        3
#define RULE_VARS        16
#define RULE_VAR_SIZE    65 /* as SETTINGS_MEM_MAX and a zero */
#define RULE_TIMERS      8
#define RULE_RELAYS      8
#define RULE_CHAIN_MAX   10
#define RULE_SEEN_MAX    128 /* triggers whose last value is remembered */
#define RULE_QUEUE_MAX   32
#define RULE_QUEUE_BYTES 8192
#define RULE_BOOT_MS     10000 /* System#Boot does not wait longer for a broker */

#define RULE_FIRINGS_AT_ONCE  200 /* of a set */
#define RULE_FIRINGS_A_SECOND 20  /* in the long run */

struct rule_clause;
struct rule_engine;

struct rule_timer {
    struct timer timer;
    struct rule_engine *engine;
    uint64_t due_ms; /* 0: not running */
};

/* What a trigger saw last. */
struct rule_seen {
    uint32_t key, value; /* hashes */
    bool is_used, fitted;
};

/* How much of its firings a set has spent: as if each took its part of a second. */
struct rule_budget {
    uint64_t spent_until_ms;
    bool is_told; /* that it was not enough */
};

/* Set what comes first; the rest is private and starts as zero. All is borrowed. */
struct rule_engine {
    struct bus *bus;
    const struct registry *registry;
    struct settings *settings;
    const struct relays *wired; /* how they are at the start; NULL: none */
    const struct port_clock *clock;
    const struct tasmota_telemetry *telemetry;
    struct mac machine;

    struct bus_listener listener;
    struct timer turn;   /* actions wait */
    struct timer minute; /* the next full one, or the next look whether the clock is set */
    struct timer boot;
    bool is_running, is_stopping, is_booted, mqtt_is_up, clock_is_set;
    uint64_t start_ms;
    int minute_told; /* of the day; -1 before the first */
    uint8_t relays;  /* bit n - 1: relay n is on */
    char vars[RULE_VARS][RULE_VAR_SIZE];
    struct rule_timer timers[RULE_TIMERS];
    struct rule_seen seen[RULE_SEEN_MAX];
    unsigned seen_next;
    struct rule_budget budgets[RULE_SETS];
    unsigned chain; /* of the action that is running; 0 for none */
    bool chain_is_told, queue_is_told;
    unsigned count;
    struct {
        uint8_t set, chain;
    } queue[RULE_QUEUE_MAX];
    size_t len;
    char text[RULE_QUEUE_BYTES]; /* the actions, oldest first, each with a zero behind it */
};

/* Registers the commands and joins the bus, until rule_engine_close(). */
void rule_engine_open(struct rule_engine *e);
void rule_engine_close(struct rule_engine *e);

/* Events count from here on: System#Init, and System#Boot when the broker is there. */
void rule_engine_start(struct rule_engine *e);

/* System#Save, and what it sets off is done before this returns. */
void rule_engine_stop(struct rule_engine *e);

/* Something happened that has a name and, perhaps, a value. */
void rule_engine_raise(struct rule_engine *e, const char *path, const char *value);

/* A variable, n from 1. Text that is too long is cut. */
void rule_engine_set_var(struct rule_engine *e, unsigned n, const char *text);

/* Starts a timer for so many seconds; 0 ends it. */
void rule_engine_set_timer(struct rule_engine *e, unsigned n, uint32_t seconds);
uint32_t rule_engine_timer_left(const struct rule_engine *e, unsigned n);

/* ---- between the files of the engine ---- */

/* What a name between percent signs means; see docs/rules.md. `event` is the value of the event. */
struct rule_scope {
    const struct rule_engine *engine;
    const char *event;
};
bool rule_scope_value(void *scope, const char *name, size_t len, char *out, size_t size);

void rule_commands_register(struct rule_engine *e);

/* Puts an action in the queue and runs it in the next turn. */
void rule_queue_add(struct rule_engine *e, unsigned set, const char *action);
void rule_queue_open(struct rule_engine *e);
void rule_queue_clear(struct rule_engine *e);

/* Runs all that waits, and what that sets off. */
void rule_queue_drain(struct rule_engine *e);

/* Whether a set may fire once more; the one that may not is told in the log. */
bool rule_budget_take(struct rule_engine *e, unsigned set, const struct rule_clause *clause);

/* Asks all sets. A document is a JSON text of objects, of which every value is an event. */
enum rule_source {
    RULE_EVENT,  /* happened */
    RULE_TELE,   /* is told by telemetry: triggers with Tele- */
    RULE_CHANGE, /* is a state, of which only changes count */
};
void rule_ask(struct rule_engine *e, enum rule_source source, const char *path, const char *value);
void rule_ask_document(struct rule_engine *e, enum rule_source source, const char *json);

/* True when some set that is on waits for events of this name, or with NULL for telemetry. */
bool rule_is_asked_for(const struct rule_engine *e, const char *first_level);

/* A set was changed: what its triggers saw is forgotten. */
void rule_forget(struct rule_engine *e);

/* The time on the wall here; false while it is not set. */
bool rule_local_s(const struct rule_engine *e, int64_t *local_s);

#endif
