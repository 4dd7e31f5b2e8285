/*
 * store.c: settings as one JSON object.
 *
 *     {"version":1,"MqttHost":"broker","TelePeriod":60}
 *
 * A setting at its default is left out, so that a better default of a later version takes effect.
 * A program that knows fewer names keeps the others: going back one version and forth again loses
 * nothing. A number that grows with every change of a name or meaning tells an older program to
 * leave the file alone, and a newer one which steps bring the file up to date.
 */
#include "settings/settings_private.h"

#include <cjson/cJSON.h>

#include <stdio.h>
#include <string.h>

#define VERSION 1

/* ---- write ---- */

static bool is_default(const struct settings_row *row, const struct settings_state *state,
                       const struct settings_slot *own)
{
    if (row->type == SETTINGS_TEXT)
        return strcmp(own->text, state->standard) == 0;
    return own->number == row->number;
}

void settings_write(const struct settings *s, struct json *j)
{
    json_object(j, NULL);
    json_int(j, "version", VERSION);
    for (int id = 0; id < SETTINGS_COUNT; id++) {
        const struct settings_row *row = settings_row((enum settings_id)id);
        const struct settings_state *state = &s->states[id];
        const struct settings_slot *own = state->is_held ? &state->kept : &state->value;
        if (row->is_volatile || is_default(row, state, own))
            continue;
        if (row->type == SETTINGS_TEXT)
            json_text(j, row->name, own->text);
        else
            json_int(j, row->name, own->number);
    }
    if (s->unknown[0])
        json_raw(j, NULL, s->unknown);
    json_object_end(j);
}

/* ---- read ---- */

struct problems {
    char *out;
    size_t size;
};

static void add_problem(struct problems *p, const char *name, const char *reason)
{
    const size_t len = p->out ? strlen(p->out) : 0;

    if (len < p->size)
        snprintf(p->out + len, p->size - len, "%s%s %s", len > 0 ? "; " : "", name, reason);
}

static const struct settings_row *row_named(const char *name)
{
    for (int id = 0; id < SETTINGS_COUNT; id++) {
        const struct settings_row *row = settings_row((enum settings_id)id);
        if (strcmp(row->name, name) == 0)
            return row;
    }
    return NULL;
}

static const char *read_number(const struct settings_row *row, struct settings_slot *slot,
                               const cJSON *item)
{
    if (!cJSON_IsNumber(item))
        return "is no number";
    if (item->valuedouble != (double)item->valueint)
        return "is no whole number in range";
    const char *reason = settings_judge_number(row, item->valueint);
    if (!*reason)
        slot->number = item->valueint;
    return reason;
}

static const char *read_text(const struct settings_row *row, struct settings_slot *slot,
                             const cJSON *item)
{
    if (!cJSON_IsString(item))
        return "is no text";
    const char *reason = settings_judge_text(row, item->valuestring);
    if (!*reason) /* so it fits */
        memcpy(slot->text, item->valuestring, strlen(item->valuestring) + 1);
    return reason;
}

static void read_member(struct settings *s, const struct settings_row *row, const cJSON *item,
                        struct problems *problems)
{
    struct settings_slot *slot = settings_own_slot(s, row->id);
    const char *reason;

    if (row->is_volatile)
        return;
    if (row->type == SETTINGS_TEXT)
        reason = read_text(row, slot, item);
    else
        reason = read_number(row, slot, item);
    if (*reason)
        add_problem(problems, row->name, reason);
}

/* Moves the members that belong to no row, and not to the format, out of `from`. */
static cJSON *take_unknown(cJSON *from)
{
    cJSON *unknown = cJSON_CreateObject();
    cJSON *next;

    for (cJSON *item = from->child; unknown && item; item = next) {
        next = item->next;
        if (strcmp(item->string, "version") != 0 && !row_named(item->string))
            cJSON_AddItemToArray(unknown, cJSON_DetachItemViaPointer(from, item));
    }
    return unknown;
}

/* Keeps the unknown members as text, without the braces around them. */
static enum settings_error keep_unknown(struct settings *s, cJSON *from)
{
    cJSON *unknown = take_unknown(from);
    char *text = unknown ? cJSON_PrintUnformatted(unknown) : NULL;
    const size_t len = text ? strlen(text) : 0;
    enum settings_error error = text ? SETTINGS_OK : SETTINGS_E_MEMORY;

    if (text && len - 2 >= sizeof(s->unknown)) {
        error = SETTINGS_E_DAMAGED;
    } else if (text) {
        memcpy(s->unknown, text + 1, len - 2);
        s->unknown[len - 2] = '\0';
    }
    cJSON_free(text);
    cJSON_Delete(unknown);
    return error;
}

/* Makes the members those of today's form. */
static enum settings_error bring_up(const struct settings_format *format, cJSON *object)
{
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(object, "version");

    if (!cJSON_IsObject(object) || !cJSON_IsNumber(version) || version->valueint < 1)
        return SETTINGS_E_DAMAGED;
    if (version->valueint > format->version)
        return SETTINGS_E_NEWER;
    const int from = version->valueint; /* a step may do as it likes with the object */
    for (size_t i = 0; i < format->count; i++) {
        if (format->steps[i].from >= from)
            format->steps[i].bring_up(object);
    }
    return SETTINGS_OK;
}

static enum settings_error read_object(struct settings *s, const struct settings_format *format,
                                       cJSON *object, struct problems *problems)
{
    enum settings_error error = bring_up(format, object);

    if (!error)
        error = keep_unknown(s, object);
    if (error)
        return error;
    for (const cJSON *item = object->child; item; item = item->next) {
        const struct settings_row *row = row_named(item->string);
        if (row)
            read_member(s, row, item, problems);
    }
    return SETTINGS_OK;
}

/* Nothing may follow the object but blanks and the zero byte that some writers leave. */
static bool is_end(const char *at, const char *end)
{
    while (at < end && (*at == '\0' || *at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
        at++;
    return at == end;
}

/* This is the first form, so no step leads to it. */
static const struct settings_format today = { .version = VERSION };

enum settings_error settings_read(struct settings *s, const char *text, size_t len, char *problem,
                                  size_t size)
{
    return settings_read_as(s, &today, text, len, problem, size);
}

enum settings_error settings_read_as(struct settings *s, const struct settings_format *format,
                                     const char *text, size_t len, char *problem, size_t size)
{
    struct problems problems = { problem, size };
    const char *end = text;

    if (size > 0)
        problem[0] = '\0';
    cJSON *object = cJSON_ParseWithLengthOpts(text, len, &end, false);
    if (!object || !is_end(end, text + len)) {
        cJSON_Delete(object);
        return SETTINGS_E_DAMAGED;
    }
    const enum settings_error error = read_object(s, format, object, &problems);
    cJSON_Delete(object);
    return error;
}
