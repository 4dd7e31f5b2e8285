/*
 * rule.h (of the room tasmota): the text of rules, and whether an event is what a trigger waits
 * for. Pure: no clock, no bus, no heap.
 *
 *     ON <trigger> DO <commands> ENDON ON <trigger> DO <commands> BREAK ...
 *
 * A trigger is a path of levels joined by # ("?" stands for any level), and perhaps a comparison:
 * Event#alarm, Tele-LYWSD03-aabbcc#Temperature>25.5. Words and paths match in any case.
 */
#ifndef MI32_TASMOTA_RULE_H
#define MI32_TASMOTA_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RULE_PATH_SIZE  160 /* of an event's path, its zero included */
#define RULE_VALUE_SIZE 256 /* of an event's value; what is longer is cut */

/* One ON ... ENDON of a text, into which it points. */
struct rule_clause {
    const char *trigger, *action;
    size_t trigger_len, action_len;
    bool is_last; /* BREAK: when it fires, the rest of the set is not looked at */
};

/* Takes the next clause off the text. False at its end and where it is no rule. */
bool rule_next(const char **text, struct rule_clause *clause);

/* "" when the text is a row of clauses, else what is wrong with it. */
const char *rule_judge(const char *text);

enum rule_compare {
    RULE_ANY,           /* no comparison */
    RULE_IS,            /* =, equal as numbers or as texts in any case */
    RULE_EQUAL,         /* ==, likewise */
    RULE_UNEQUAL,       /* != */
    RULE_MORE,          /* >; this one and the next four compare numbers */
    RULE_MORE_OR_EQUAL, /* >= */
    RULE_LESS,          /* < */
    RULE_LESS_OR_EQUAL, /* <= */
    RULE_DIVISIBLE,     /* |: a whole multiple of */
    RULE_STARTS,        /* $<; this one and the next four compare texts */
    RULE_ENDS,          /* $> */
    RULE_CONTAINS,      /* $| */
    RULE_IS_NOT,        /* $!, in any case */
    RULE_CONTAINS_NOT,  /* $^ */
};

struct rule_trigger {
    bool tele; /* Tele-: telemetry messages only */
    const char *path, *wanted;
    size_t path_len, wanted_len;
    enum rule_compare compare;
};

/* Takes a trigger apart; any text is one. */
void rule_trigger_read(const char *text, size_t len, struct rule_trigger *out);

/* Whether the trigger means the event of this path. POWER and POWER1 are the same. */
bool rule_path_fits(const struct rule_trigger *trigger, const char *path);

/* Whether the event's value is to the trigger's liking; `wanted` is the trigger's value with its
 * variables filled in. A number is compared with ON, TRUE (1), OFF, FALSE (0) and TOGGLE (2), too.
 */
bool rule_value_fits(enum rule_compare compare, const char *wanted, const char *value);

/* Reads a decimal number of at most 12 digits before and, the rest ignored, 6 behind the point as
 * millionths. False when the text is anything else. */
bool rule_number(const char *text, int64_t *micro);

/* Fills in what stands between percent signs. `value` writes what a name means and gives false for
 * a name that means nothing, which stays as it is. The result is cut at size - 1; false then. */
bool rule_expand(const char *text, size_t len,
                 bool (*value)(void *user, const char *name, size_t len, char *out, size_t size),
                 void *user, char *out, size_t size);

/* Copies a text, cut between two characters at size - 1 bytes: half a character would make every
 * command refused in which it is filled in. */
void rule_copy(char *out, size_t size, const char *text);

/* Whether two texts of these lengths are the same, in any case. */
bool rule_same(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
