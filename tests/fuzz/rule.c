/* rule: whatever the text of a rule is, it is taken apart within its bounds, and what happens then
 * comes to an end. The input's first line is the rule, the second an event, the third its value or
 * a document. */
#include "fuzz/fuzz.h"

#include "none/none.h"
#include "port/port.h"
#include "registry/registry.h"
#include "settings/settings.h"
#include "tasmota/rule.h"
#include "tasmota/tasmota.h"

#include "bus/bus.h"

#define TURNS_MAX 2000 /* a chain has ten links, and no turn has more than the queue */

/* ---- the text alone ---- */

static bool repeat(void *user, const char *name, size_t len, char *out, size_t size)
{
    (void)user;
    snprintf(out, size, "%.*s", (int)len, name);
    return len % 2 == 0;
}

static void take_apart(const char *text, const char *path, const char *value)
{
    const char *const end = text + strlen(text);
    const bool is_right = *rule_judge(text) == '\0';
    struct rule_clause clause;
    struct rule_trigger trigger;
    char wanted[RULE_VALUE_SIZE], action[64];

    const char *at = text;
    while (rule_next(&at, &clause)) {
        fuzz_expect(clause.trigger >= text && clause.trigger + clause.trigger_len <= end &&
                        clause.action >= text && clause.action + clause.action_len <= end,
                    "a clause lies in its text");
        fuzz_expect(clause.trigger_len > 0, "a clause has a trigger");
        rule_trigger_read(clause.trigger, clause.trigger_len, &trigger);
        snprintf(wanted, sizeof(wanted), "%.*s", (int)trigger.wanted_len, trigger.wanted);
        if (rule_path_fits(&trigger, path) && rule_value_fits(RULE_EQUAL, wanted, value))
            fuzz_expect(!rule_value_fits(RULE_UNEQUAL, wanted, value), "equal or not");
        rule_expand(clause.action, clause.action_len, repeat, NULL, action, sizeof(action));
        fuzz_expect(strlen(action) < sizeof(action), "what is filled in fits");
    }
    at += strspn(at, " \t");
    fuzz_expect(is_right == (*at == '\0'), "what is right is taken apart to its end");
}

/* ---- at work ---- */

struct machine {
    uint64_t now_ms;
    struct timers timers;
};

static uint64_t now_ms(void *self)
{
    const struct machine *m = self;

    return m->now_ms;
}

static bool wall_ms(void *self, int64_t *unix_ms)
{
    *unix_ms = (int64_t)now_ms(self);
    return true;
}

static int32_t utc_offset_s(void *self, int64_t unix_s)
{
    (void)self;
    return unix_s % 2 == 0 ? 7200 : -3600;
}

static void set_timer(void *self, struct timer *timer, uint64_t at_ms)
{
    struct machine *m = self;

    timers_set(&m->timers, timer, at_ms);
}

static void cancel_timer(void *self, struct timer *timer)
{
    struct machine *m = self;

    timers_cancel(&m->timers, timer);
}

/* A rule may well save the list of sensors. */
static enum port_files_error save(void *self, const char *name, const void *data, size_t len,
                                  bool is_secret, port_files_done done, void *user)
{
    (void)self;
    (void)name;
    (void)data;
    (void)len;
    (void)is_secret;
    (void)done;
    (void)user;
    return PORT_FILES_FULL;
}

static void type(struct bus *bus, const char *line)
{
    bus_command(bus, line, strlen(line), BUS_LOCAL, 0, NULL, NULL);
}

static void type_with(struct bus *bus, const char *name, const char *text)
{
    char line[BUS_LINE_MAX];

    snprintf(line, sizeof(line), "%s %s", name, text);
    type(bus, line);
}

/* All turns of one moment: they must end without any time passing. */
static void turn(struct machine *m)
{
    unsigned turns = 0;

    while (timers_next(&m->timers) <= m->now_ms) {
        timers_run(&m->timers, m->now_ms);
        fuzz_expect(++turns < TURNS_MAX, "rules that set off each other come to an end");
    }
}

static void work(struct machine *m, struct bus *bus, const char *rule, const char *event,
                 const char *value)
{
    type_with(bus, "Rule1", rule);
    type_with(bus, "Rule2", rule);
    type(bus, "Rule1 1");
    type(bus, "Rule2 1");
    type(bus, "Rule2 5");
    type_with(bus, "Event", event);
    turn(m);
    bus_message(bus, BUS_STAT, "RESULT", value, false, true);
    bus_message(bus, BUS_TELE, "SENSOR", value, false, true);
    turn(m);
    for (unsigned i = 0; i < 20; i++) {
        m->now_ms += 200;
        turn(m);
    }
}

static void set_up_and_work(const char *rule, const char *event, const char *value)
{
    struct machine m = { .now_ms = 1000 };
    const struct port_clock clock = { .self = &m,
                                      .now_ms = now_ms,
                                      .wall_ms = wall_ms,
                                      .utc_offset_s = utc_offset_s,
                                      .set = set_timer,
                                      .cancel = cancel_timer };
    const struct port_files files = { .save = save };
    struct none none;
    struct port port = *none_open(&none);
    const struct registry_config config = registry_config_for(2);
    void *memory = malloc(registry_memory(&config));
    struct registry *registry =
        memory ? registry_open(&config, memory, registry_memory(&config), m.now_ms) : NULL;
    struct settings *settings = settings_create(NULL, NULL);
    struct bus *bus = bus_create(now_ms, &m);

    port.clock = &clock;
    port.files = &files;
    fuzz_expect(registry && settings && bus, "memory for the rooms");
    struct tasmota *tasmota = tasmota_create(&(struct tasmota_config){
        .bus = bus, .registry = registry, .settings = settings, .port = &port, .version = "" });
    fuzz_expect(tasmota != NULL, "memory for the room");
    tasmota_start(tasmota);
    work(&m, bus, rule, event, value);
    tasmota_stop(tasmota);
    tasmota_destroy(tasmota);
    bus_destroy(bus);
    settings_destroy(settings);
    registry_close(registry);
    free(memory);
}

/* Cuts the first line off; "" when there is none. */
static char *take_line(char **text)
{
    char *line = *text, *end = strchr(line, '\n');

    *text = end ? end + 1 : line + strlen(line);
    if (end)
        *end = '\0';
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = fuzz_copy(data, size, 1), *at = copy;

    char *rule = take_line(&at), *event = take_line(&at), *value = take_line(&at);
    take_apart(rule, event, value);
    set_up_and_work(rule, event, value);
    free(copy);
    return 0;
}
