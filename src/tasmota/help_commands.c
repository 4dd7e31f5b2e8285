/* help_commands.c: Help, made of the table of commands. */
#include "tasmota/tasmota_private.h"

#include <string.h>

static enum bus_result explain(struct tasmota *t, struct bus_call *call, const char *name)
{
    const struct bus_row *row = bus_row_named(t->bus, name, strlen(name));
    char usage[BUS_TEXT_MAX];

    if (!row)
        return bus_fail(call, "no command %s; Help lists all", name);
    bus_usage(row, usage, sizeof(usage));
    json_object(call->reply, call->name);
    json_text(call->reply, "Usage", usage);
    json_text(call->reply, "Help", row->help);
    json_object_end(call->reply);
    return BUS_DONE;
}

static enum bus_result run_help(void *room, struct bus_call *call)
{
    struct tasmota *t = room;
    const struct bus_row *row;

    if (call->args[0].given)
        return explain(t, call, call->args[0].text);
    json_array(call->reply, call->name);
    for (size_t i = 0; (row = bus_row_at(t->bus, i)) != NULL; i++)
        json_text(call->reply, NULL, row->name);
    json_array_end(call->reply);
    return BUS_DONE;
}

static const struct bus_row rows[] = {
    { .name = "Help",
      .args = { { .kind = BUS_ARG_TEXT, .name = "command", .optional = true } },
      .help = "Lists all commands, or says how one is typed and what it does.",
      .run = run_help },
};

void tasmota_help_commands(struct tasmota *t)
{
    bus_register(t->bus, rows, sizeof(rows) / sizeof(rows[0]), t);
}
