/* rule_commands.c: Rule, Event, RuleTimer, and the variables of rules. */
#include "tasmota/rule.h"
#include "tasmota/rule_engine.h"

#include "base/fixed.h"
#include "settings/settings.h"

#include <stdio.h>
#include <string.h>

/* ---- Rule ---- */

/* The numbers behind Rule<n>: which bit they clear, set or turn over. */
static const struct state {
    const char *typed;
    int32_t off, on, toggle;
} states[] = {
    { "0", SETTINGS_RULE_ON, 0, 0 },   { "OFF", SETTINGS_RULE_ON, 0, 0 },
    { "1", 0, SETTINGS_RULE_ON, 0 },   { "ON", 0, SETTINGS_RULE_ON, 0 },
    { "2", 0, 0, SETTINGS_RULE_ON },   { "TOGGLE", 0, 0, SETTINGS_RULE_ON },
    { "4", SETTINGS_RULE_ONCE, 0, 0 }, { "5", 0, SETTINGS_RULE_ONCE, 0 },
    { "6", 0, 0, SETTINGS_RULE_ONCE }, { "8", SETTINGS_RULE_STOP, 0, 0 },
    { "9", 0, SETTINGS_RULE_STOP, 0 }, { "10", 0, 0, SETTINGS_RULE_STOP },
};

static const struct state *state_typed(const char *text)
{
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (rule_same(text, strlen(text), states[i].typed, strlen(states[i].typed)))
            return &states[i];
    }
    return NULL;
}

static enum bus_result set_state(struct rule_engine *e, struct bus_call *call,
                                 const struct state *state)
{
    const enum settings_id id = (enum settings_id)(SETTINGS_RULE_STATE1 + call->index - 1);
    const int32_t now = settings_number(e->settings, id);
    const char *why = "";

    if (settings_set_number(e->settings, id, ((now & ~state->off) | state->on) ^ state->toggle,
                            call->line, &why) != SETTINGS_OK)
        return bus_fail(call, "%s", why);
    return BUS_DONE;
}

static enum bus_result set_text(struct rule_engine *e, struct bus_call *call, const char *text)
{
    const enum settings_id id = (enum settings_id)(SETTINGS_RULE1 + call->index - 1);
    const char *why = rule_judge(text);

    if (*why)
        return bus_fail(call, "%s", why);
    if (settings_set_text(e->settings, id, text, call->line, &why) != SETTINGS_OK)
        return bus_fail(call, "the rule %s", why);
    return BUS_DONE;
}

/* "+ ON ..." puts it behind what there is. */
static enum bus_result append_text(struct rule_engine *e, struct bus_call *call, const char *more)
{
    const enum settings_id id = (enum settings_id)(SETTINGS_RULE1 + call->index - 1);
    char text[SETTINGS_RULE_MAX + BUS_LINE_MAX];
    const char *now = settings_text(e->settings, id);

    more += strspn(more, " \t");
    snprintf(text, sizeof(text), "%s%s%s", now, *now ? " " : "", more);
    return set_text(e, call, text);
}

static enum bus_result set_rule(struct rule_engine *e, struct bus_call *call, const char *typed)
{
    const struct state *state = state_typed(typed);

    if (state)
        return set_state(e, call, state);
    if (strcmp(typed, "\"") == 0)
        return set_text(e, call, "");
    if (typed[0] == '+')
        return append_text(e, call, typed + 1);
    return set_text(e, call, typed);
}

static const char *on_off(int32_t bits)
{
    return bits ? "ON" : "OFF";
}

static void reply_rule(struct rule_engine *e, struct bus_call *call)
{
    const unsigned set = call->index - 1;
    const int32_t state =
        settings_number(e->settings, (enum settings_id)(SETTINGS_RULE_STATE1 + set));
    const char *text = settings_text(e->settings, (enum settings_id)(SETTINGS_RULE1 + set));
    const size_t len = strlen(text);
    char shown[2 * SETTINGS_RULE_MAX];

    bus_mask(e->bus, text, len, shown, sizeof(shown));
    json_object(call->reply, call->name);
    json_text(call->reply, "State", on_off(state & SETTINGS_RULE_ON));
    json_text(call->reply, "Once", on_off(state & SETTINGS_RULE_ONCE));
    json_text(call->reply, "StopOnError", on_off(state & SETTINGS_RULE_STOP));
    json_int(call->reply, "Length", (int64_t)len);
    json_int(call->reply, "Free", (int64_t)(SETTINGS_RULE_MAX - len));
    json_text(call->reply, "Rules", shown);
    json_object_end(call->reply);
}

static enum bus_result run_rule(void *room, struct bus_call *call)
{
    struct rule_engine *e = room;
    enum bus_result result = BUS_DONE;

    if (call->args[0].given)
        result = set_rule(e, call, call->args[0].text);
    if (result == BUS_DONE)
        reply_rule(e, call);
    return result;
}

/* A file that is only checked: what is added to a set is judged by itself. */
static enum bus_result check_rule(void *room, struct bus_call *call)
{
    const char *typed = call->args[0].text;

    (void)room;
    if (state_typed(typed) || strcmp(typed, "\"") == 0)
        return BUS_DONE;
    const char *why = rule_judge(typed[0] == '+' ? typed + 1 : typed);
    return *why ? bus_fail(call, "%s", why) : BUS_DONE;
}

/* ---- Event ---- */

static enum bus_result run_event(void *room, struct bus_call *call)
{
    struct rule_engine *e = room;
    const char *typed = call->args[0].text, *value = strchr(typed, '=');
    const size_t len = value ? (size_t)(value - typed) : strlen(typed);
    char path[RULE_PATH_SIZE];

    if (len + sizeof("Event#") > sizeof(path))
        return bus_fail(call, "the name of an event has at most %u characters",
                        (unsigned)(sizeof(path) - sizeof("Event#")));
    snprintf(path, sizeof(path), "Event#%.*s", (int)len, typed);
    rule_engine_raise(e, path, value ? value + 1 : "1");
    return BUS_DONE;
}

/* ---- RuleTimer ---- */

static enum bus_result run_timer(void *room, struct bus_call *call)
{
    struct rule_engine *e = room;
    char name[8];

    if (call->args[0].given)
        rule_engine_set_timer(e, call->index, (uint32_t)call->args[0].number);
    for (unsigned n = 1; n <= RULE_TIMERS; n++) {
        snprintf(name, sizeof(name), "T%u", n);
        json_int(call->reply, name, rule_engine_timer_left(e, n));
    }
    return BUS_DONE;
}

/* ---- Var and Mem ---- */

/* Who keeps a key in a variable uses it there, and does not see it again. */
static void reply_text(struct rule_engine *e, struct bus_call *call, const char *text)
{
    char shown[2 * RULE_VAR_SIZE];

    bus_mask(e->bus, text, strlen(text), shown, sizeof(shown));
    json_text(call->reply, call->name, shown);
}

/* A lone quote means nothing at all. */
static const char *meant(const struct bus_value *arg)
{
    return strcmp(arg->text, "\"") == 0 ? "" : arg->text;
}

static enum bus_result run_var(void *room, struct bus_call *call)
{
    struct rule_engine *e = room;

    if (call->args[0].given)
        rule_engine_set_var(e, call->index, meant(&call->args[0]));
    reply_text(e, call, e->vars[call->index - 1]);
    return BUS_DONE;
}

static enum bus_result run_mem(void *room, struct bus_call *call)
{
    struct rule_engine *e = room;
    const enum settings_id id = (enum settings_id)(SETTINGS_MEM1 + call->index - 1);
    const char *why = "";

    if (call->args[0].given &&
        settings_set_text(e->settings, id, meant(&call->args[0]), call->line, &why) != SETTINGS_OK)
        return bus_fail(call, "%s %s", call->name, why);
    reply_text(e, call, settings_text(e->settings, id));
    return BUS_DONE;
}

/* ---- arithmetic ---- */

#define MICRO        1e6
#define LARGEST      999999999999.0 /* of a result: rule_number() reads 12 digits */
#define RESULT_SCALE 1000           /* three decimals, as Tasmota's CalcRes is by default */

/* A variable that is no number counts as 0. */
static double number_of(const char *text)
{
    int64_t micro = 0;

    rule_number(text, &micro);
    return (double)micro / MICRO;
}

static enum bus_result set_result(struct rule_engine *e, struct bus_call *call, double result)
{
    char text[FIXED_TEXT_SIZE];

    if (!(result <= LARGEST && result >= -LARGEST))
        return bus_fail(call, "the result is too large");
    const double rounded = result * RESULT_SCALE + (result < 0 ? -0.5 : 0.5);
    fixed_print((int64_t)rounded, -3, FIXED_ALL_DIGITS, text);
    rule_engine_set_var(e, call->index, text);
    reply_text(e, call, e->vars[call->index - 1]);
    return BUS_DONE;
}

static double add(double a, double b)
{
    return a + b;
}

static double subtract(double a, double b)
{
    return a - b;
}

static double multiply(double a, double b)
{
    return a * b;
}

static enum bus_result calculate(struct rule_engine *e, struct bus_call *call,
                                 double (*operation)(double a, double b))
{
    int64_t micro;

    if (!call->args[0].given) {
        reply_text(e, call, e->vars[call->index - 1]);
        return BUS_DONE;
    }
    if (!rule_number(call->args[0].text, &micro))
        return bus_fail(call, "%s wants a number", call->name);
    return set_result(e, call,
                      operation(number_of(e->vars[call->index - 1]), (double)micro / MICRO));
}

static enum bus_result run_add(void *room, struct bus_call *call)
{
    return calculate(room, call, add);
}

static enum bus_result run_sub(void *room, struct bus_call *call)
{
    return calculate(room, call, subtract);
}

static enum bus_result run_mult(void *room, struct bus_call *call)
{
    return calculate(room, call, multiply);
}

/* Reads `count` numbers with commas between them. */
static bool read_list(const char *text, double *out, size_t count)
{
    char part[32];
    int64_t micro;

    for (size_t i = 0; i < count; i++) {
        text += strspn(text, " ");
        const size_t len = strcspn(text, ", ");
        if (len >= sizeof(part))
            return false;
        memcpy(part, text, len);
        part[len] = '\0';
        if (!rule_number(part, &micro))
            return false;
        out[i] = (double)micro / MICRO;
        text += len + strspn(text + len, " ");
        if (*text == ',' && i + 1 < count)
            text++;
    }
    return *text == '\0';
}

static enum bus_result run_scale(void *room, struct bus_call *call)
{
    struct rule_engine *e = room;
    double n[5];

    if (!call->args[0].given) {
        reply_text(e, call, e->vars[call->index - 1]);
        return BUS_DONE;
    }
    if (!read_list(call->args[0].text, n, 5) || !(n[1] < n[2] || n[1] > n[2]))
        return bus_fail(call, "%s wants value,from low,from high,to low,to high", call->name);
    return set_result(e, call, (n[0] - n[1]) * (n[4] - n[3]) / (n[2] - n[1]) + n[3]);
}

/* ---- the rows ---- */

#define TEXT_ARG(what)                                                                             \
    {                                                                                              \
        {                                                                                          \
            .kind = BUS_ARG_TEXT, .name = (what), .optional = true                                 \
        }                                                                                          \
    }
#define FAMILY(max) .index_min = 1, .index_max = (max), .index_default = 1, .flags = BUS_CHANGES

static const struct bus_row rows[] = {
    { .name = "Rule",
      FAMILY(RULE_SETS),
      .args = TEXT_ARG("rule"),
      .help =
          "ON trigger DO commands ENDON ...: sets the rules of a set, with + before it adds to "
          "them, \" clears them; 0 off, 1 on, 2 toggle; 4-6 the same for once, 8-10 for stop on "
          "error.",
      .run = run_rule,
      .check = check_rule },
    { .name = "RuleTimer",
      FAMILY(RULE_TIMERS),
      .args = { { .kind = BUS_ARG_NUMBER, .name = "seconds", .optional = true, .max = 86400 } },
      .help = "Starts a timer that triggers Rules#Timer=n when it ends; 0 stops it.",
      .run = run_timer },
    { .name = "Event",
      .flags = BUS_CHANGES,
      .args = { { .kind = BUS_ARG_TEXT, .name = "name[=value]" } },
      .help = "Triggers the rules of Event#name.",
      .run = run_event },
    { .name = "Var",
      FAMILY(RULE_VARS),
      .args = TEXT_ARG("text"),
      .help = "A variable of rules, %var1% to %var16%, which is lost at a restart.",
      .run = run_var },
    { .name = "Mem",
      FAMILY(RULE_VARS),
      .args = TEXT_ARG("text"),
      .help = "A variable of rules, %mem1% to %mem16%, which is kept.",
      .run = run_mem },
    { .name = "Add",
      FAMILY(RULE_VARS),
      .args = TEXT_ARG("number"),
      .help = "Adds to a Var.",
      .run = run_add },
    { .name = "Sub",
      FAMILY(RULE_VARS),
      .args = TEXT_ARG("number"),
      .help = "Subtracts from a Var.",
      .run = run_sub },
    { .name = "Mult",
      FAMILY(RULE_VARS),
      .args = TEXT_ARG("number"),
      .help = "Multiplies a Var.",
      .run = run_mult },
    { .name = "Scale",
      FAMILY(RULE_VARS),
      .args = TEXT_ARG("value,from low,from high,to low,to high"),
      .help = "Maps a value from one range to another and puts it into a Var.",
      .run = run_scale },
};

void rule_commands_register(struct rule_engine *e)
{
    bus_register(e->bus, rows, sizeof(rows) / sizeof(rows[0]), e);
}
