/* time_commands.c: Time, Timezone, TimeStd and TimeDst. The clock itself is the machine's. */
#include "base/zone.h"
#include "tasmota/tasmota_private.h"
#include "tasmota/time_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum bus_result judge(struct bus_call *call, const struct settings_row *row,
                             const char *text)
{
    const char *why = settings_judge_text(row, text);

    return *why ? bus_fail(call, "%s %s", call->name, why) : BUS_DONE;
}

static enum bus_result set_text(struct tasmota *t, struct bus_call *call, enum settings_id id,
                                const char *text)
{
    const char *why = "";
    enum bus_result result = judge(call, settings_row(id), text);

    if (result == BUS_DONE &&
        settings_set_text(t->settings, id, text, call->line, &why) != SETTINGS_OK)
        result = bus_fail(call, "%s", why);
    return result;
}

/* ---- Time ---- */

static enum bus_result check_time(void *room, struct bus_call *call)
{
    (void)room;
    if (call->args[0].given && call->args[0].number > 4)
        return bus_fail(call, "the clock is the machine's: set it there (timedatectl)");
    return BUS_DONE;
}

/* 0 means the time servers in Tasmota, which are the machine's business, too. */
static enum bus_result run_time(void *room, struct bus_call *call)
{
    struct tasmota *t = room;
    const int32_t form = call->args[0].number;
    const char *why = "";

    if (check_time(room, call) != BUS_DONE)
        return BUS_FAILED;
    if (call->args[0].given && form > 0 &&
        settings_set_number(t->settings, SETTINGS_TIME_FORMAT, form, call->line, &why) !=
            SETTINGS_OK)
        return bus_fail(call, "%s", why);
    tasmota_time_json(call->reply, t->port->clock, t->settings);
    return BUS_DONE;
}

/* ---- Timezone ---- */

/* As it is kept: a fixed offset with its sign and minutes, as Tasmota tells it. */
static void name_zone(const char *typed, char out[16])
{
    int32_t offset_s;

    if (!zone_offset_read(typed, &offset_s)) {
        snprintf(out, 16, "%s", typed);
        return;
    }
    const int minutes = abs(offset_s / 60);
    snprintf(out, 16, "%c%02d:%02d", offset_s < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
}

static enum bus_result check_timezone(void *room, struct bus_call *call)
{
    char name[16];

    (void)room;
    name_zone(call->args[0].text, name);
    return call->args[0].given ? judge(call, settings_row(SETTINGS_TIMEZONE), name) : BUS_DONE;
}

static enum bus_result run_timezone(void *room, struct bus_call *call)
{
    struct tasmota *t = room;
    char name[16];

    name_zone(call->args[0].text, name);
    const enum bus_result result =
        call->args[0].given ? set_text(t, call, SETTINGS_TIMEZONE, name) : BUS_DONE;
    if (result != BUS_DONE)
        return result;
    const char *zone = settings_text(t->settings, SETTINGS_TIMEZONE);
    if (strcmp(zone, "99") == 0)
        json_int(call->reply, call->name, 99);
    else
        json_text(call->reply, call->name, zone);
    return BUS_DONE;
}

/* ---- TimeStd and TimeDst ---- */

static void reply_rule(struct bus_call *call, const char *text)
{
    struct zone_rule rule = { 0 };

    zone_rule_read(text, &rule);
    json_object(call->reply, call->name);
    json_int(call->reply, "Hemisphere", rule.hemisphere);
    json_int(call->reply, "Week", rule.week);
    json_int(call->reply, "Month", rule.month);
    json_int(call->reply, "Day", rule.day);
    json_int(call->reply, "Hour", rule.hour);
    json_int(call->reply, "Offset", rule.offset_min);
    json_object_end(call->reply);
}

/* 0 puts the default back. */
static const char *meant(const struct settings_row *row, const char *typed)
{
    return strcmp(typed, "0") == 0 ? row->text : typed;
}

static enum bus_result run_zone_rule(struct tasmota *t, struct bus_call *call, enum settings_id id)
{
    enum bus_result result = BUS_DONE;

    if (call->args[0].given)
        result = set_text(t, call, id, meant(settings_row(id), call->args[0].text));
    if (result == BUS_DONE)
        reply_rule(call, settings_text(t->settings, id));
    return result;
}

static enum bus_result run_std(void *room, struct bus_call *call)
{
    return run_zone_rule(room, call, SETTINGS_TIME_STD);
}

static enum bus_result run_dst(void *room, struct bus_call *call)
{
    return run_zone_rule(room, call, SETTINGS_TIME_DST);
}

/* Both rules are judged alike. */
static enum bus_result check_zone_rule(void *room, struct bus_call *call)
{
    const struct settings_row *row = settings_row(SETTINGS_TIME_STD);

    (void)room;
    return call->args[0].given ? judge(call, row, meant(row, call->args[0].text)) : BUS_DONE;
}

/* ---- the rows ---- */

#define TEXT_ARG(what)                                                                             \
    {                                                                                              \
        {                                                                                          \
            .kind = BUS_ARG_TEXT, .name = (what), .optional = true                                 \
        }                                                                                          \
    }

static const struct bus_row rows[] = {
    { .name = "Time",
      .flags = BUS_CHANGES,
      .args = { { .kind = BUS_ARG_NUMBER, .name = "form", .optional = true, .max = INT32_MAX } },
      .help = "Local time; with 1 to 4 chooses the form of Time in messages: ISO, ISO and Epoch, "
              "seconds since 1970 alone, ISO with milliseconds.",
      .run = run_time,
      .check = check_time },
    { .name = "Timezone",
      .flags = BUS_CHANGES,
      .args = TEXT_ARG("zone"),
      .help = "The zone of local time: system (the default), hours or +hh:mm, or 99 for TimeStd "
              "and TimeDst.",
      .run = run_timezone,
      .check = check_timezone },
    { .name = "TimeStd",
      .flags = BUS_CHANGES,
      .args = TEXT_ARG("hemisphere,week,month,day,hour,offset"),
      .help = "When standard time begins, for Timezone 99: week 0 is the last one, day 1 Sunday, "
              "offset in minutes; 0 puts the default back.",
      .run = run_std,
      .check = check_zone_rule },
    { .name = "TimeDst",
      .flags = BUS_CHANGES,
      .args = TEXT_ARG("hemisphere,week,month,day,hour,offset"),
      .help = "When daylight saving time begins, likewise.",
      .run = run_dst,
      .check = check_zone_rule },
};

void tasmota_time_commands(struct tasmota *t)
{
    bus_register(t->bus, rows, sizeof(rows) / sizeof(rows[0]), t);
}
