/* rule_queue.c: what rules do waits here for the next turn of the loop. */
#include "tasmota/rule.h"
#include "tasmota/rule_engine.h"

#include "crypto/crypto.h"
#include "settings/settings.h"

#include <stdio.h>
#include <string.h>

struct action {
    unsigned set, chain;
    char line[BUS_LINE_MAX + 16];
};

static void push(struct rule_engine *e, unsigned set, const char *action, size_t len)
{
    memcpy(e->text + e->len, action, len + 1);
    e->len += len + 1;
    e->queue[e->count].set = (uint8_t)set;
    e->queue[e->count].chain = (uint8_t)(e->chain + 1);
    e->count++;
}

static void tell_circle(struct rule_engine *e, unsigned set)
{
    if (!e->chain_is_told)
        bus_log(e->bus, BUS_WARNING, "let it wait with Backlog and Delay, or with a RuleTimer",
                "Rule%u triggers itself without end; it is stopped after %d rounds", set + 1,
                RULE_CHAIN_MAX);
    e->chain_is_told = true;
}

void rule_queue_add(struct rule_engine *e, unsigned set, const char *action)
{
    const size_t len = strlen(action);

    if (e->chain >= RULE_CHAIN_MAX) {
        tell_circle(e, set);
        return;
    }
    if (e->count == RULE_QUEUE_MAX || e->len + len + 1 > sizeof(e->text)) {
        if (!e->queue_is_told)
            bus_log(e->bus, BUS_WARNING, "look for rules that set off each other",
                    "more rules fire at once than there is room for; some are left out");
        e->queue_is_told = true;
        return;
    }
    push(e, set, action, len);
    e->clock->set(e->clock->self, &e->turn, e->clock->now_ms(e->clock->self));
}

/* ---- running ---- */

/* Several commands are a Backlog, whether the rule says so or not. */
static void pop(struct rule_engine *e, struct action *action)
{
    const size_t size = strlen(e->text) + 1;
    const bool is_several = bus_entry_len(e->text, size - 1) < size - 1;
    const bool is_backlog = rule_same(e->text, 7, "BACKLOG", 7);
    const char *word = e->is_stopping ? "Backlog0 " : "Backlog ";

    action->set = e->queue[0].set;
    action->chain = e->queue[0].chain;
    snprintf(action->line, sizeof(action->line), "%s%.*s",
             (is_several && !is_backlog) || (is_backlog && e->is_stopping) ? word : "",
             BUS_LINE_MAX, e->text);
    e->count--;
    e->len -= size;
    memmove(e->queue, e->queue + 1, e->count * sizeof(e->queue[0]));
    memmove(e->text, e->text + size, e->len);
    cx_wipe(e->text + e->len, size); /* there may have been a key in it */
}

static void turn_off(struct rule_engine *e, unsigned set)
{
    const enum settings_id id = (enum settings_id)(SETTINGS_RULE_STATE1 + set);
    const int32_t state = settings_number(e->settings, id);
    const char *why = "";

    if (!(state & SETTINGS_RULE_STOP))
        return;
    if (settings_set_number(e->settings, id, state & ~SETTINGS_RULE_ON, 0, &why) != SETTINGS_OK)
        bus_log(e->bus, BUS_WARNING, "correct the rule", "Rule%u should be off now, but is %s",
                set + 1, why);
    else
        bus_log(e->bus, BUS_WARNING, "correct the rule and turn it on again",
                "Rule%u is off, because one of its commands failed", set + 1);
}

static void run_first(struct rule_engine *e)
{
    struct action action;

    pop(e, &action);
    e->chain = action.chain;
    if (bus_command(e->bus, action.line, strlen(action.line), BUS_RULE, 0, bus_reply_as_message,
                    e->bus) != BUS_DONE)
        turn_off(e, action.set);
    e->chain = 0;
    cx_wipe(action.line, sizeof(action.line));
}

/* What these set off waits for the turn after this one. */
static void run_turn(void *user)
{
    struct rule_engine *e = user;

    for (unsigned n = e->count; n > 0; n--)
        run_first(e);
    if (e->count == 0)
        e->chain_is_told = e->queue_is_told = false;
}

void rule_queue_drain(struct rule_engine *e)
{
    while (e->count > 0)
        run_turn(e);
    e->clock->cancel(e->clock->self, &e->turn);
}

void rule_queue_open(struct rule_engine *e)
{
    e->turn = (struct timer){ .fire = run_turn, .user = e };
}

void rule_queue_clear(struct rule_engine *e)
{
    e->clock->cancel(e->clock->self, &e->turn);
    cx_wipe(e->text, sizeof(e->text));
    e->len = 0;
    e->count = 0;
}
