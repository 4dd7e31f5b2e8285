/*
 * backlog.c: Backlog and Backlog0, several commands in one line.
 *
 * The first entry runs at once, each further one 200 ms (SetOption34, Delay) after the one before,
 * as users of Tasmota expect it; Backlog0 and a Backlog of the configuration file run all entries
 * at once. An entry runs with the rights of the one who typed the line. What waited replies as
 * stat/.../RESULT, because whoever asked may have gone meanwhile; what shows a secret is therefore
 * refused then.
 */
#include "tasmota/backlog.h"

#include "crypto/crypto.h"
#include "settings/settings.h"

#include <string.h>

static unsigned count_entries(const char *line)
{
    struct bus_part e;
    unsigned n = 0;

    while (bus_part_next(&line, &e))
        n++;
    return n;
}

/* ---- entries that wait ---- */

static void pause_for(struct tasmota_backlog *b, uint64_t ms)
{
    b->clock->set(b->clock->self, &b->timer, b->clock->now_ms(b->clock->self) + ms);
}

static void arm(struct tasmota_backlog *b)
{
    pause_for(b, (uint64_t)settings_number(b->settings, SETTINGS_BACKLOG_DELAY));
}

static void push(struct tasmota_backlog *b, const struct bus_part *e, enum bus_origin origin)
{
    memcpy(b->text + b->len, e->text, e->len);
    b->len += e->len;
    b->text[b->len++] = '\0';
    b->origins[b->count++] = (uint8_t)origin;
}

/* Moves the oldest entry to `out`, which holds BUS_LINE_MAX + 1 bytes. */
static enum bus_origin pop(struct tasmota_backlog *b, char *out)
{
    const size_t size = strlen(b->text) + 1;
    const enum bus_origin origin = (enum bus_origin)b->origins[0];

    memcpy(out, b->text, size);
    b->count--;
    b->len -= size;
    memmove(b->origins, b->origins + 1, b->count);
    memmove(b->text, b->text + size, b->len);
    cx_wipe(b->text + b->len, size); /* it may have held a key */
    return origin;
}

/* Who may run it: not even a local user what shows a secret, for all hear the reply. */
static enum bus_origin rights(const struct tasmota_backlog *b, const char *line,
                              enum bus_origin typed)
{
    const struct bus_row *row = bus_row_named(b->bus, line, strcspn(line, " \t"));

    return row && (row->flags & BUS_REVEALS) ? BUS_RULE : typed;
}

static void run_next(void *user)
{
    struct tasmota_backlog *b = user;
    char line[BUS_LINE_MAX + 1];
    const enum bus_origin typed = pop(b, line), origin = rights(b, line, typed);

    if (b->count > 0)
        arm(b);
    bus_command(b->bus, line, strlen(line), origin, 0, bus_reply_as_message, b->bus);
    cx_wipe(line, sizeof(line));
}

void tasmota_backlog_clear(struct tasmota_backlog *b)
{
    b->clock->cancel(b->clock->self, &b->timer);
    cx_wipe(b->text, sizeof(b->text));
    b->len = 0;
    b->count = 0;
}

/* ---- the commands ---- */

static enum bus_result abort_all(struct tasmota_backlog *b, struct bus_call *call)
{
    const bool was_waiting = b->count > 0;

    tasmota_backlog_clear(b);
    json_text(call->reply, "Backlog", was_waiting ? "Aborted" : "Empty");
    return BUS_DONE;
}

static enum bus_result run_all(struct tasmota_backlog *b, struct bus_call *call, const char *line)
{
    struct bus_part e;
    unsigned failed = 0;

    while (bus_part_next(&line, &e)) {
        if (bus_delegate(b->bus, call, e.text, e.len) != BUS_DONE)
            failed++;
    }
    if (failed > 0 && call->origin == BUS_CONFIG)
        return bus_fail(call, "%u of its commands failed", failed);
    return BUS_DONE;
}

static enum bus_result queue_all(struct tasmota_backlog *b, struct bus_call *call, const char *line)
{
    const bool was_waiting = b->count > 0;
    struct bus_part first = { NULL, 0 }, e;

    if (!was_waiting)
        bus_part_next(&line, &first);
    if (b->len + strlen(line) + TASMOTA_BACKLOG_ENTRIES > sizeof(b->text) ||
        b->count + count_entries(line) > TASMOTA_BACKLOG_ENTRIES)
        return bus_fail(call, "more is waiting than there is room for; Backlog alone drops it");
    while (bus_part_next(&line, &e))
        push(b, &e, call->origin);
    if (!was_waiting && b->count > 0)
        arm(b);
    if (first.len > 0)
        bus_delegate(b->bus, call, first.text, first.len);
    return BUS_DONE;
}

/* What cannot be taken back is typed by itself. */
static bool has_reset(const char *line)
{
    struct bus_part e;
    bool found = false;

    while (!found && bus_part_next(&line, &e))
        found = bus_part_drop(&e, "Reset");
    return found;
}

static enum bus_result run_lines(struct tasmota_backlog *b, struct bus_call *call, bool at_once)
{
    const char *line = call->args[0].text;
    const unsigned count = count_entries(line);

    if (count == 0)
        return abort_all(b, call);
    if (count > TASMOTA_BACKLOG_ENTRIES)
        return bus_fail(call, "at most %d commands", TASMOTA_BACKLOG_ENTRIES);
    if (has_reset(line))
        return bus_fail(call, "Reset is refused in a Backlog");
    call->no_reply = true;
    return at_once || call->origin == BUS_CONFIG ? run_all(b, call, line)
                                                 : queue_all(b, call, line);
}

static enum bus_result run_backlog(void *room, struct bus_call *call)
{
    return run_lines(room, call, false);
}

static enum bus_result run_backlog0(void *room, struct bus_call *call)
{
    return run_lines(room, call, true);
}

/* The entry behind it was due after the usual pause; it waits for this one instead. */
static enum bus_result run_delay(void *room, struct bus_call *call)
{
    struct tasmota_backlog *b = room;

    if (b->count > 0)
        pause_for(b, (uint64_t)call->args[0].number * 100);
    json_int(call->reply, call->name, call->args[0].number);
    return BUS_DONE;
}

static const struct bus_row rows[] = {
    { .name = "Backlog",
      .flags = BUS_CHANGES | BUS_ACTS_BARE,
      .args = { { .kind = BUS_ARG_TEXT, .name = "commands", .optional = true } },
      .help = "Runs up to 30 commands, with semicolons between them, one each 200 ms "
              "(SetOption34); without any, drops those that wait.",
      .run = run_backlog },
    { .name = "Backlog0",
      .flags = BUS_CHANGES | BUS_ACTS_BARE,
      .args = { { .kind = BUS_ARG_TEXT, .name = "commands", .optional = true } },
      .help = "Runs up to 30 commands, with semicolons between them, at once; Delay has no effect.",
      .run = run_backlog0 },
    { .name = "Delay",
      .args = { { .kind = BUS_ARG_NUMBER, .name = "tenths of a second", .min = 2, .max = 3600 } },
      .help = "Lets the next command of a Backlog wait.",
      .run = run_delay },
};

void tasmota_backlog_open(struct tasmota_backlog *b, struct bus *bus,
                          const struct settings *settings, const struct port_clock *clock)
{
    b->bus = bus;
    b->settings = settings;
    b->clock = clock;
    b->timer = (struct timer){ .fire = run_next, .user = b };
    bus_register(bus, rows, sizeof(rows) / sizeof(rows[0]), b);
}
