/* machine_commands.c: what concerns the machine and the program as a whole: names, restart, reset,
 * and commands that have a meaning on an ESP32 only. */
#include "tasmota/rule.h"
#include "tasmota/tasmota_private.h"

#include <string.h>

/* ---- names ---- */

static enum bus_result run_hostname(void *room, struct bus_call *call)
{
    const struct tasmota *t = room;
    struct port_machine_facts facts;

    if (call->args[0].given)
        return bus_fail(call, "the name is the machine's: change it there (hostnamectl)");
    t->port->machine->look(t->port->machine->self, &facts);
    json_text(call->reply, call->name, facts.hostname);
    return BUS_DONE;
}

/* ---- Restart and Reset ---- */

static bool restart(const struct tasmota *t)
{
    return t->port->machine->restart(t->port->machine->self);
}

/* The grammar knows no origin: a file that is only checked has this asked, and what runs asks it.
 */
static enum bus_result refuse_in_file(void *room, struct bus_call *call)
{
    (void)room;
    if (call->origin != BUS_CONFIG || !call->args[0].given)
        return BUS_DONE;
    return bus_fail(call, "%s is refused in a configuration file: each start would bring the next",
                    call->name);
}

static enum bus_result run_restart(void *room, struct bus_call *call)
{
    if (refuse_in_file(room, call) != BUS_DONE)
        return BUS_FAILED;
    if (!call->args[0].given || call->args[0].number != 1) {
        json_text(call->reply, call->name, "1 to restart");
        return BUS_DONE;
    }
    if (!restart(room))
        return bus_fail(call, "there is nothing that could be started anew");
    json_text(call->reply, call->name, "Restarting");
    return BUS_DONE;
}

static enum bus_result run_reset(void *room, struct bus_call *call)
{
    struct tasmota *t = room;

    if (refuse_in_file(room, call) != BUS_DONE)
        return BUS_FAILED;
    if (!call->args[0].given || call->args[0].number != 1) {
        json_text(call->reply, call->name, "1 to reset");
        return BUS_DONE;
    }
    if (!rule_same(call->args[1].text, strlen(call->args[1].text), "confirm", 7)) {
        json_text(call->reply, call->name,
                  "1 confirm to put all settings back to their defaults, rules included; sensors "
                  "and their keys stay");
        return BUS_DONE;
    }
    settings_reset(t->settings);
    json_text(call->reply, call->name, restart(t) ? "Reset and Restarting" : "Reset");
    return BUS_DONE;
}

/* ---- logs ---- */

static enum bus_result run_log(void *room, struct bus_call *call)
{
    (void)room;
    json_int(call->reply, call->name, call->args[0].number);
    json_text(call->reply, "Hint", "has no meaning here: the log is on standard error (--verbose)");
    return BUS_DONE;
}

/* ---- the rows ---- */

#define LOG(title)                                                                                 \
    {                                                                                              \
        .name = (title), .flags = BUS_CHANGES,                                                     \
        .args = { { .kind = BUS_ARG_NUMBER, .name = "level", .optional = true, .max = 4 } },       \
        .help = "Accepted and without meaning here: the log is on standard error.", .run = run_log \
    }

static const struct bus_row rows[] = {
    { .name = "Hostname",
      .args = { { .kind = BUS_ARG_TEXT, .name = "name", .optional = true } },
      .help = "The machine's name; it is changed on the machine, not here.",
      .run = run_hostname },
    { .name = "Restart",
      .flags = BUS_CHANGES,
      .args = { { .kind = BUS_ARG_NUMBER, .name = "how", .optional = true, .max = 99 } },
      .help = "1: saves everything and starts mi32 anew.",
      .run = run_restart,
      .check = refuse_in_file },
    { .name = "Reset",
      .flags = BUS_CHANGES,
      .args = { { .kind = BUS_ARG_NUMBER, .name = "what", .optional = true, .max = 99 },
                { .kind = BUS_ARG_WORD, .name = "confirm", .optional = true } },
      .help = "1 confirm: puts all settings back to their defaults, but not those of the "
              "configuration file, and starts mi32 anew; sensors and their keys stay.",
      .run = run_reset,
      .check = refuse_in_file },
    LOG("WebLog"),
    LOG("MqttLog"),
    LOG("SerialLog"),
};

void tasmota_machine_commands(struct tasmota *t)
{
    bus_register(t->bus, rows, sizeof(rows) / sizeof(rows[0]), t);
}
