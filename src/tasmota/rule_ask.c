/* rule_ask.c: an event is shown to the sets, clause by clause. */
#include "tasmota/rule.h"
#include "tasmota/rule_engine.h"

#include "settings/settings.h"

#include <cjson/cJSON.h>

#include <stdio.h>
#include <string.h>

static int32_t state_of(const struct rule_engine *e, unsigned set)
{
    return settings_number(e->settings, (enum settings_id)(SETTINGS_RULE_STATE1 + set));
}

static const char *text_of(const struct rule_engine *e, unsigned set)
{
    return settings_text(e->settings, (enum settings_id)(SETTINGS_RULE1 + set));
}

/* The text of a set that is on, else "". */
static const char *text_in_use(const struct rule_engine *e, unsigned set)
{
    return state_of(e, set) & SETTINGS_RULE_ON ? text_of(e, set) : "";
}

/* ---- what triggers saw ---- */

static uint32_t hash(uint32_t seed, const void *data, size_t len)
{
    const unsigned char *bytes = data;

    for (size_t i = 0; i < len; i++)
        seed = (seed ^ bytes[i]) * 16777619u; /* FNV-1a */
    return seed;
}

static struct rule_seen *find_seen(struct rule_engine *e, uint32_t key)
{
    for (size_t i = 0; i < RULE_SEEN_MAX; i++) {
        if (e->seen[i].is_used && e->seen[i].key == key)
            return &e->seen[i];
    }
    return NULL;
}

static struct rule_seen *take_seen(struct rule_engine *e, uint32_t key)
{
    struct rule_seen *seen = &e->seen[e->seen_next];

    e->seen_next = (e->seen_next + 1) % RULE_SEEN_MAX;
    *seen = (struct rule_seen){ .key = key };
    return seen;
}

void rule_forget(struct rule_engine *e)
{
    memset(e->seen, 0, sizeof(e->seen));
}

/* ---- one clause ---- */

struct question {
    struct rule_engine *engine;
    enum rule_source source;
    unsigned set, clause;
    struct rule_trigger trigger;
    char wanted[RULE_VALUE_SIZE];
    char value[RULE_VALUE_SIZE]; /* what fired it */
};

/* The place in which the clause is the one it is, and the value on which it looks. */
static uint32_t key_of(const struct question *q, const char *path)
{
    const unsigned char place[] = { (unsigned char)q->set, (unsigned char)q->clause };

    return hash(hash(2166136261u, place, sizeof(place)), path, strlen(path));
}

/* Whether the clause fires that fits or does not, after what it saw before. */
static bool is_news(struct question *q, const char *path, const char *value, bool fits)
{
    const bool once = (state_of(q->engine, q->set) & SETTINGS_RULE_ONCE) != 0;

    if (q->source != RULE_CHANGE && !once)
        return fits;
    const uint32_t key = key_of(q, path), now = hash(2166136261u, value, strlen(value));
    struct rule_seen *seen = find_seen(q->engine, key);
    if (!seen)
        seen = take_seen(q->engine, key);
    const bool is_same = seen->is_used && seen->value == now, fitted = seen->fitted;
    seen->is_used = true;
    seen->value = now;
    seen->fitted = fits;
    if (once || q->trigger.compare != RULE_ANY)
        return fits && !fitted;
    return !is_same;
}

/* One value of the event; true when it fires the clause. */
static bool try_value(struct question *q, const char *path, const char *value)
{
    if (!rule_path_fits(&q->trigger, path))
        return false;
    const bool fits = rule_value_fits(q->trigger.compare, q->wanted, value);
    if (!is_news(q, path, value, fits))
        return false;
    rule_copy(q->value, sizeof(q->value), value);
    return true;
}

/* ---- the values of a document ---- */

#define DEPTH_MAX 6

static bool print_value(const cJSON *item, char *out, int size)
{
    if (cJSON_IsString(item)) {
        rule_copy(out, (size_t)size, item->valuestring);
        return true;
    }
    return cJSON_PrintPreallocated((cJSON *)(uintptr_t)item, out, size, false);
}

/* A value that is not inside another is KEY#Data. */
static bool try_leaf(struct question *q, const char *path, const cJSON *item, unsigned depth)
{
    char value[RULE_VALUE_SIZE], single[RULE_PATH_SIZE + 8];

    if (!print_value(item, value, sizeof(value)))
        return false;
    if (depth > 1)
        return try_value(q, path, value);
    snprintf(single, sizeof(single), "%s#Data", path);
    return try_value(q, single, value);
}

/* Goes through a document in its order, as deep as rules can ask. Arrays are counted from 1. */
static bool try_items(struct question *q, const char *path, const cJSON *item, unsigned depth)
{
    char inner[RULE_PATH_SIZE];
    unsigned n = 0;

    if (!cJSON_IsObject(item) && !cJSON_IsArray(item))
        return try_leaf(q, path, item, depth);
    if (depth >= DEPTH_MAX)
        return false;
    const bool is_array = cJSON_IsArray(item);
    for (const cJSON *child = item->child; child; child = child->next) {
        int len;
        if (is_array)
            len = snprintf(inner, sizeof(inner), "%s[%u]", path, ++n);
        else
            len = snprintf(inner, sizeof(inner), "%s%s%s", path, *path ? "#" : "", child->string);
        if (len < (int)sizeof(inner) && try_items(q, inner, child, depth + 1))
            return true;
    }
    return false;
}

/* ---- all clauses ---- */

struct event {
    enum rule_source source;
    const char *path, *value;
    const cJSON *document; /* instead of both */
};

static void fire(struct rule_engine *e, unsigned set, const struct rule_clause *clause,
                 const char *value)
{
    char action[BUS_LINE_MAX];
    char clean[RULE_VALUE_SIZE];
    struct rule_scope scope = { e, clean };

    /* A value may come from the radio: it never adds a command to those of the rule. */
    snprintf(clean, sizeof(clean), "%s", value);
    for (char *c = clean; *c; c++) {
        if (*c == ';' || *c == '{' || *c == '}' || (unsigned char)*c < 0x20)
            *c = ' ';
    }
    if (!rule_expand(clause->action, clause->action_len, rule_scope_value, &scope, action,
                     sizeof(action)))
        bus_log(e->bus, BUS_WARNING, "split the rule", "Rule%u: its commands are too long",
                set + 1);
    else if (action[0])
        rule_queue_add(e, set, action);
}

static bool ask_clause(struct question *q, const struct rule_clause *clause,
                       const struct event *event)
{
    struct rule_scope scope = { q->engine, "" };

    rule_trigger_read(clause->trigger, clause->trigger_len, &q->trigger);
    if (q->trigger.tele != (event->source == RULE_TELE))
        return false;
    rule_expand(q->trigger.wanted, q->trigger.wanted_len, rule_scope_value, &scope, q->wanted,
                sizeof(q->wanted));
    return event->document ? try_items(q, "", event->document, 0)
                           : try_value(q, event->path, event->value);
}

static void ask_set(struct rule_engine *e, unsigned set, const struct event *event)
{
    struct question q = { .engine = e, .source = event->source, .set = set };
    const char *text = text_in_use(e, set);
    struct rule_clause clause;

    for (; rule_next(&text, &clause); q.clause++) {
        if (!ask_clause(&q, &clause, event))
            continue;
        if (e->is_stopping || rule_budget_take(e, set, &clause))
            fire(e, set, &clause, q.value);
        if (clause.is_last)
            return;
    }
}

static void ask_all(struct rule_engine *e, const struct event *event)
{
    for (unsigned set = 0; set < RULE_SETS; set++)
        ask_set(e, set, event);
}

void rule_ask(struct rule_engine *e, enum rule_source source, const char *path, const char *value)
{
    const struct event event = { .source = source, .path = path, .value = value };

    ask_all(e, &event);
}

void rule_ask_document(struct rule_engine *e, enum rule_source source, const char *json)
{
    const struct event event = { .source = source, .document = cJSON_Parse(json) };

    if (event.document)
        ask_all(e, &event);
    cJSON_Delete((cJSON *)(uintptr_t)event.document);
}

/* ---- whether to ask at all ---- */

static bool waits_for(const struct rule_trigger *trigger, const char *first_level)
{
    const char *end = memchr(trigger->path, '#', trigger->path_len);
    const size_t len = end ? (size_t)(end - trigger->path) : trigger->path_len;

    if (!first_level || trigger->tele)
        return !first_level && trigger->tele;
    return (len == 1 && trigger->path[0] == '?') ||
           rule_same(trigger->path, len, first_level, strlen(first_level));
}

bool rule_is_asked_for(const struct rule_engine *e, const char *first_level)
{
    struct rule_clause clause;
    struct rule_trigger trigger;

    for (unsigned set = 0; set < RULE_SETS; set++) {
        const char *text = text_in_use(e, set);
        while (rule_next(&text, &clause)) {
            rule_trigger_read(clause.trigger, clause.trigger_len, &trigger);
            if (waits_for(&trigger, first_level))
                return true;
        }
    }
    return false;
}
