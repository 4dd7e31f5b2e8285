/* rule_budget.c: how often a set may fire, whatever fires it. */
#include "tasmota/rule.h"
#include "tasmota/rule_engine.h"

#include <stdio.h>

#define SHARE_MS (1000 / RULE_FIRINGS_A_SECOND) /* a firing's part of a second */
#define MOST_MS  (RULE_FIRINGS_AT_ONCE * SHARE_MS)

static void tell(struct rule_engine *e, unsigned set, const struct rule_clause *clause)
{
    char trigger[RULE_PATH_SIZE], remedy[96];

    bus_mask(e->bus, clause->trigger, clause->trigger_len, trigger, sizeof(trigger));
    snprintf(remedy, sizeof(remedy), "let it wait with a RuleTimer, or turn it off with Rule%u 0",
             set + 1);
    bus_log(e->bus, BUS_WARNING, remedy,
            "Rule%u fires too often, last by ON %s: more than %d times, and then %d a second, are "
            "left out until it has been quiet for %d s",
            set + 1, trigger, RULE_FIRINGS_AT_ONCE, RULE_FIRINGS_A_SECOND, MOST_MS / 1000);
}

bool rule_budget_take(struct rule_engine *e, unsigned set, const struct rule_clause *clause)
{
    struct rule_budget *budget = &e->budgets[set];
    const uint64_t now = e->clock->now_ms(e->clock->self);

    if (budget->spent_until_ms <= now)
        *budget = (struct rule_budget){ .spent_until_ms = now };
    if (budget->spent_until_ms + SHARE_MS > now + MOST_MS) {
        if (!budget->is_told)
            tell(e, set, clause);
        budget->is_told = true;
        return false;
    }
    budget->spent_until_ms += SHARE_MS;
    return true;
}
