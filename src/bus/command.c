/* command.c: a line comes in, its handler runs, a JSON object goes out. */
#include "bus/bus_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define REPLY_LEVEL "RESULT"

const char *bus_origin_name(enum bus_origin origin)
{
    switch (origin) {
    case BUS_LOCAL:
        return "local";
    case BUS_CONFIG:
        return "config";
    case BUS_MQTT:
        return "mqtt";
    case BUS_HTTP:
    case BUS_GUEST:
        return "http";
    case BUS_RULE:
        return "rule";
    case BUS_SCRIPT:
        return "script";
    }
    return "unknown";
}

struct bus_run *bus_run_take(struct bus *bus)
{
    return bus->running < BUS_NESTED_MAX ? &bus->runs[bus->running++] : NULL;
}

void bus_run_give(struct bus *bus, struct bus_run *run)
{
    memset(run->line, 0, sizeof(run->line)); /* there may have been a key or a password in it */
    bus->running--;
}

static void open_reply(struct bus_run *run)
{
    run->call.level = REPLY_LEVEL;
    json_init(&run->json, run->out, sizeof(run->out));
    json_object(&run->json, NULL);
}

static bool is_reply_empty(const struct bus_run *run)
{
    return run->json.len == 1; /* the brace */
}

static void send_reply(struct bus_run *run)
{
    json_object_end(&run->json);
    if (run->reply)
        run->reply(run->user, run->call.level, run->out);
}

static void send_error(struct bus_run *run, const char *word)
{
    open_reply(run);
    json_text(&run->json, "Command", word);
    json_text(&run->json, "Input", run->input);
    if (run->reason[0] && strcmp(word, "Unknown") != 0)
        json_text(&run->json, "Reason", run->reason);
    send_reply(run);
}

enum bus_result bus_fail(struct bus_call *call, const char *format, ...)
{
    char text[BUS_TEXT_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    bus_mask_keys(text, call->run->reason, sizeof(call->run->reason));
    return BUS_FAILED;
}

void bus_reply_whole(struct bus_call *call, const char *json)
{
    if (call->run->reply)
        call->run->reply(call->run->user, call->level, json);
}

void bus_reply_next(struct bus_call *call)
{
    send_reply(call->run);
    open_reply(call->run);
}

/* A command whose argument may be left out asks without it, and a question changes nothing. */
static bool is_question(const struct bus_call *call)
{
    const struct bus_arg *arg = &call->row->args[0];

    return arg->optional && !call->args[0].given && !(call->row->flags & BUS_ACTS_BARE);
}

/* A secret is shown where the one who reads the reply is the one who typed the command; the replies
 * to a configuration file are read by nobody. "" when the command may run. */
static const char *why_not_here(const struct bus_call *call)
{
    const uint8_t flags = call->row->flags;

    if ((flags & BUS_REVEALS) && call->origin != BUS_LOCAL && call->origin != BUS_CONFIG)
        return "shown on a local console only";
    if ((flags & BUS_CHANGES) && call->origin == BUS_GUEST && !is_question(call))
        return "needs the password";
    return "";
}

static enum bus_result run_call(struct bus_run *run)
{
    struct bus_call *call = &run->call;

    if (*why_not_here(call)) {
        bus_set_reason(run, "%s", why_not_here(call));
        return BUS_REFUSED;
    }
    open_reply(run);
    const enum bus_result result = call->row->run(run->room, call);
    if (result == BUS_DONE && is_reply_empty(run)) {
        if (call->no_reply)
            return result;
        json_text(&run->json, call->name, "Done");
    }
    if (result == BUS_DONE && run->json.len + 2 > sizeof(run->out))
        run->json.overflow = true; /* no room for the closing brace */
    if (result == BUS_DONE && !json_ok(&run->json))
        return bus_fail(call, "the reply does not fit into %d bytes", BUS_REPLY_MAX);
    if (result == BUS_DONE)
        send_reply(run);
    return result;
}

static enum bus_result check_call(struct bus_run *run)
{
    const struct bus_row *row = run->call.row;

    return row->check ? row->check(run->room, &run->call) : BUS_DONE;
}

enum bus_result bus_run_line(struct bus *bus, struct bus_run *run, const char *line, size_t len,
                             bool check_only)
{
    run->call.reply = &run->json;
    run->call.run = run;
    run->reason[0] = '\0';
    const enum bus_result result = bus_parse(bus, line, len, run);
    if (result != BUS_DONE)
        return result;
    return check_only ? check_call(run) : run_call(run);
}

static void tell_result(struct bus *bus, const struct bus_run *run, enum bus_result result)
{
    const char *from = bus_origin_name(run->call.origin);

    if (result == BUS_DONE)
        bus_log(bus, BUS_DEBUG, "", "command %s (%s)", run->call.name, from);
    else
        bus_log(bus, BUS_WARNING, "", "command %s (%s): %s", run->input, from, run->reason);
}

enum bus_result bus_command(struct bus *bus, const char *line, size_t len, enum bus_origin origin,
                            unsigned line_number, bus_reply reply, void *user)
{
    struct bus_run *run = bus_run_take(bus);

    if (!run) {
        bus_log(bus, BUS_WARNING, "Look for a rule or script that triggers itself.",
                "commands run commands more than %d deep; one is dropped", BUS_NESTED_MAX);
        if (reply)
            reply(user, REPLY_LEVEL,
                  "{\"Command\":\"Error\",\"Reason\":\"commands are nested too deeply\"}");
        return BUS_FAILED;
    }
    run->call = (struct bus_call){ .origin = origin, .line = line_number };
    run->reply = reply;
    run->user = user;
    const enum bus_result result = bus_run_line(bus, run, line, len, false);
    if (result != BUS_DONE)
        send_error(run, result == BUS_UNKNOWN ? "Unknown" : "Error");
    tell_result(bus, run, result);
    bus_run_give(bus, run);
    return result;
}

void bus_reply_as_message(void *bus, const char *level, const char *json)
{
    bus_message(bus, BUS_STAT, level, json, false, true);
}

bool bus_is_told(const struct bus_call *call)
{
    return call->run->reply == bus_reply_as_message;
}

enum bus_result bus_delegate(struct bus *bus, struct bus_call *call, const char *line, size_t len)
{
    return bus_command(bus, line, len, call->origin, call->line, call->run->reply, call->run->user);
}
