/* setting_commands.c: each row of the settings is a command. */
#include "tasmota/tasmota_private.h"

#include <stdio.h>
#include <string.h>

static enum bus_result refuse(struct bus_call *call, const struct settings_row *row,
                              enum settings_error error, const char *why)
{
    if (error == SETTINGS_E_FIXED)
        return bus_fail(call, "%s", why);
    return bus_fail(call, "%s %s", row->name, why);
}

/* ---- numbers ---- */

/* What the typed number stands for: TelePeriod 1 is its default, as in Tasmota. */
static int32_t meant(const struct settings_row *row, int32_t typed)
{
    return row->id == SETTINGS_TELE_PERIOD && typed == 1 ? row->number : typed;
}

static void reply_number(struct tasmota *t, struct bus_call *call, const struct settings_row *row)
{
    const int32_t value = settings_number(t->settings, row->id);

    if (row->is_on_off)
        json_text(call->reply, call->name, value ? "ON" : "OFF");
    else
        json_int(call->reply, call->name, value);
}

static enum bus_result run_number(struct tasmota *t, struct bus_call *call,
                                  const struct settings_row *row)
{
    const struct bus_value *arg = &call->args[0];
    const char *why = "";

    if (arg->given) {
        const enum settings_error error =
            settings_set_number(t->settings, row->id, meant(row, arg->number), call->line, &why);
        if (error != SETTINGS_OK)
            return refuse(call, row, error, why);
    }
    reply_number(t, call, row);
    if (row->id == SETTINGS_TELE_PERIOD)
        tasmota_telemetry_now(&t->telemetry); /* in Tasmota any use of it brings a report */
    return BUS_DONE;
}

/* ---- texts ---- */

/* Tasmota's short forms: a lone quote and 0 empty, 1 is the default, which is also what a text gets
 * that must not be empty. */
static bool is_short_form(const char *typed)
{
    static const char *const forms[] = { "\"", "\"\"", "0", "1" };

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (strcmp(typed, forms[i]) == 0)
            return true;
    }
    return false;
}

/* A site may well be called 0 or 1. */
static const char *meant_text(const struct tasmota *t, const struct settings_row *row,
                              const char *typed)
{
    const bool may_be_empty =
        row->min == 0 && row->id != SETTINGS_TOPIC && row->id != SETTINGS_MQTT_CLIENT;

    if (!is_short_form(typed) || (row->id == SETTINGS_SITE && typed[0] != '"'))
        return typed;
    if (may_be_empty && typed[0] != '1')
        return "";
    return settings_default_text(t->settings, row->id);
}

static void reply_text(struct tasmota *t, struct bus_call *call, const struct settings_row *row)
{
    const char *text = settings_text(t->settings, row->id);

    json_text(call->reply, call->name, row->is_secret && text[0] ? "****" : text);
}

static enum bus_result run_text(struct tasmota *t, struct bus_call *call,
                                const struct settings_row *row)
{
    const struct bus_value *arg = &call->args[0];
    const char *why = "";

    if (arg->given) {
        const char *text = meant_text(t, row, arg->text);
        const enum settings_error error =
            settings_set_text(t->settings, row->id, text, call->line, &why);
        if (error != SETTINGS_OK)
            return refuse(call, row, error, why);
    }
    reply_text(t, call, row);
    return BUS_DONE;
}

/* ---- the commands ---- */

/* Whether new sensors are added is the registry's to know: it is what is asked for, and it is told
 * even where the setting stays the same. */
static enum bus_result run_auto_add(struct tasmota *t, struct bus_call *call,
                                    const struct settings_row *row)
{
    const struct bus_value *arg = &call->args[0];

    if (!arg->given) {
        json_int(call->reply, call->name, registry_auto_add(t->registry));
        return BUS_DONE;
    }
    const enum bus_result result = run_number(t, call, row);
    if (result == BUS_DONE)
        registry_set_auto_add(t->registry, arg->number != 0);
    return result;
}

/* The setting that is meant: of a family the one of the index. */
static const struct settings_row *row_of(const struct tasmota *t, const struct bus_call *call)
{
    const ptrdiff_t first = call->row - t->setting_rows;
    const unsigned nth = call->row->index_max > 0 ? call->index - 1 : 0;

    return settings_row((enum settings_id)((unsigned)first + nth));
}

static enum bus_result run_setting(void *room, struct bus_call *call)
{
    struct tasmota *t = room;
    const struct settings_row *row = row_of(t, call);

    if (row->id == SETTINGS_OPTION3)
        return run_auto_add(t, call, row);
    return row->type == SETTINGS_NUMBER ? run_number(t, call, row) : run_text(t, call, row);
}

static enum bus_result check_setting(void *room, struct bus_call *call)
{
    struct tasmota *t = room;
    const struct settings_row *row = row_of(t, call);
    const struct bus_value *arg = &call->args[0];
    const char *why;

    if (!arg->given)
        return BUS_DONE;
    if (row->type == SETTINGS_NUMBER)
        why = settings_judge_number(row, meant(row, arg->number));
    else
        why = settings_judge_text(row, meant_text(t, row, arg->text));
    return *why ? refuse(call, row, SETTINGS_E_RANGE, why) : BUS_DONE;
}

static struct bus_row row_for(const struct settings_row *row)
{
    struct bus_row out = {
        .name = row->name,
        .help = row->help,
        .flags = BUS_CHANGES,
        .run = run_setting,
        .check = check_setting,
    };

    out.args[0] = (struct bus_arg){
        .kind = BUS_ARG_NUMBER, .name = row->arg, .optional = true, .min = row->min, .max = row->max
    };
    if (row->type == SETTINGS_TEXT) {
        out.args[0].kind = BUS_ARG_TEXT;
        out.args[0].min = 0; /* the short forms are shorter than some texts may be */
    } else if (row->min == 0 && row->max == 1) {
        out.args[0].kind = BUS_ARG_SWITCH;
    }
    if (row->is_secret)
        out.flags |= BUS_SECRET;
    if (row->family > 0) {
        out.name = row->command;
        out.index_min = out.index_default = 1;
        out.index_max = row->family;
    }
    return out;
}

/* Tasmota takes a missing index for 1. The five have rows of their own, so only what has no index
 * comes here. */
static enum bus_result run_option(void *room, struct bus_call *call)
{
    struct tasmota *t = room;

    return run_number(t, call, settings_row(SETTINGS_OPTION1));
}

static const struct bus_row option = {
    .name = "MI32Option",
    .index_max = 4,
    .index_default = 1,
    .flags = BUS_CHANGES,
    .args = { { .kind = BUS_ARG_SWITCH, .name = "on", .optional = true } },
    .help = "Without a number it is MI32Option1; each of the five is told of below.",
    .run = run_option,
};

void tasmota_setting_commands(struct tasmota *t)
{
    bus_register(t->bus, &option, 1, t);
    for (int id = 0; id < SETTINGS_COUNT; id++) {
        const struct settings_row *row = settings_row((enum settings_id)id);
        t->setting_rows[id] = row_for(row);
        if (!row->is_plain)
            bus_register(t->bus, &t->setting_rows[id], 1, t);
    }
}
