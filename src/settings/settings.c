/* settings.c: the values in force. */
#include "settings/settings_private.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t text_size(enum settings_id id)
{
    const struct settings_row *row = settings_row(id);

    return row->type == SETTINGS_TEXT ? (size_t)row->max + 1 : 0;
}

/* `size` bytes are what `to` holds; every value was judged by its row, so it fits. */
static void put_text(char *to, size_t size, const char *from)
{
    const size_t len = strlen(from);

    assert(len < size);
    memmove(to, from, len < size ? len + 1 : 0);
}

static char *take(char **pool, size_t size)
{
    char *taken = *pool;

    *pool += size;
    return taken;
}

static void give_default(struct settings *s, enum settings_id id, char **pool)
{
    const struct settings_row *row = settings_row(id);
    struct settings_state *state = &s->states[id];
    const size_t size = text_size(id);

    state->value.number = row->number;
    if (row->type != SETTINGS_TEXT)
        return;
    state->value.text = take(pool, size);
    state->kept.text = take(pool, size);
    state->standard = take(pool, size);
    put_text(state->value.text, size, row->text);
    put_text(state->standard, size, row->text);
}

struct settings *settings_create(void (*on_change)(void *user, enum settings_id id), void *user)
{
    size_t size = 0;

    for (int id = 0; id < SETTINGS_COUNT; id++)
        size += 3 * text_size((enum settings_id)id);
    struct settings *s = calloc(1, sizeof(*s) + size);
    if (!s)
        return NULL;
    char *pool = s->pool;
    for (int id = 0; id < SETTINGS_COUNT; id++)
        give_default(s, (enum settings_id)id, &pool);
    s->on_change = on_change;
    s->user = user;
    settings_name_file(s, "mi32.conf");
    return s;
}

void settings_destroy(struct settings *s)
{
    free(s);
}

void settings_set_default(struct settings *s, enum settings_id id, const char *text)
{
    struct settings_state *state = &s->states[id];
    struct settings_slot *own = settings_own_slot(s, id);

    assert(settings_row(id)->type == SETTINGS_TEXT);
    if (strcmp(own->text, state->standard) == 0)
        put_text(own->text, text_size(id), text);
    put_text(state->standard, text_size(id), text);
}

const char *settings_default_text(const struct settings *s, enum settings_id id)
{
    assert(settings_row(id)->type == SETTINGS_TEXT);
    return s->states[id].standard;
}

int32_t settings_number(const struct settings *s, enum settings_id id)
{
    assert(settings_row(id)->type == SETTINGS_NUMBER);
    return s->states[id].value.number;
}

const char *settings_text(const struct settings *s, enum settings_id id)
{
    assert(settings_row(id)->type == SETTINGS_TEXT);
    return s->states[id].value.text;
}

void settings_name_file(struct settings *s, const char *path)
{
    const char *slash = strrchr(path, '/');

    s->file = slash ? slash + 1 : path;
}

unsigned settings_fixed_line(const struct settings *s, enum settings_id id)
{
    return s->states[id].fixed_line;
}

struct settings_slot *settings_own_slot(struct settings *s, enum settings_id id)
{
    struct settings_state *state = &s->states[id];

    return state->is_held ? &state->kept : &state->value;
}

/* ---- change ---- */

static bool same(const struct settings_slot *a, const struct settings_slot *b)
{
    if (a->text && b->text)
        return strcmp(a->text, b->text) == 0;
    return a->number == b->number;
}

static void copy(enum settings_id id, struct settings_slot *to, const struct settings_slot *from)
{
    to->number = from->number;
    if (to->text && from->text)
        put_text(to->text, text_size(id), from->text);
}

static enum settings_error refuse(enum settings_error error, const char *reason, const char **why)
{
    if (why)
        *why = reason;
    return error;
}

static void put_in_force(struct settings *s, enum settings_id id, const struct settings_slot *value)
{
    struct settings_state *state = &s->states[id];
    const bool changes = !same(&state->value, value);

    copy(id, &state->value, value);
    if (changes && s->on_change)
        s->on_change(s->user, id);
}

static enum settings_error set(struct settings *s, enum settings_id id,
                               const struct settings_slot *value, unsigned line, const char **why)
{
    struct settings_state *state = &s->states[id];

    if (line == 0 && state->fixed_line > 0 && !same(&state->value, value)) {
        snprintf(s->why, sizeof(s->why), "fixed in %s line %u", state->fixed_in, state->fixed_line);
        return refuse(SETTINGS_E_FIXED, s->why, why);
    }
    if (line > 0 && !state->is_held)
        copy(id, &state->kept, &state->value);
    if (line > 0) {
        state->fixed_line = line;
        state->fixed_in = s->file;
    }
    state->is_held = state->fixed_line > 0;
    put_in_force(s, id, value);
    return SETTINGS_OK;
}

enum settings_error settings_set_number(struct settings *s, enum settings_id id, int32_t value,
                                        unsigned fixed_line, const char **why)
{
    const struct settings_slot slot = { .number = value };
    const char *reason = settings_judge_number(settings_row(id), value);

    assert(settings_row(id)->type == SETTINGS_NUMBER);
    if (*reason)
        return refuse(SETTINGS_E_RANGE, reason, why);
    return set(s, id, &slot, fixed_line, why);
}

enum settings_error settings_set_text(struct settings *s, enum settings_id id, const char *value,
                                      unsigned fixed_line, const char **why)
{
    char text[SETTINGS_RULE_MAX + 1]; /* of its own: the value may be another setting's text */
    const struct settings_slot slot = { .text = text };
    const char *reason = settings_judge_text(settings_row(id), value);

    assert(settings_row(id)->type == SETTINGS_TEXT);
    if (*reason)
        return refuse(SETTINGS_E_RANGE, reason, why);
    put_text(text, sizeof(text), value);
    return set(s, id, &slot, fixed_line, why);
}

static struct settings_slot standard_of(struct settings *s, enum settings_id id)
{
    return (struct settings_slot){ .number = settings_row(id)->number,
                                   .text = s->states[id].standard };
}

void settings_reset(struct settings *s)
{
    for (int id = 0; id < SETTINGS_COUNT; id++) {
        const struct settings_slot standard = standard_of(s, (enum settings_id)id);
        if (s->states[id].is_held)
            copy((enum settings_id)id, &s->states[id].kept, &standard);
        else
            put_in_force(s, (enum settings_id)id, &standard);
    }
}

void settings_unfix(struct settings *s)
{
    for (int id = 0; id < SETTINGS_COUNT; id++)
        s->states[id].fixed_line = 0;
}

void settings_restore(struct settings *s)
{
    for (int id = 0; id < SETTINGS_COUNT; id++) {
        struct settings_state *state = &s->states[id];
        if (!state->is_held || state->fixed_line > 0)
            continue;
        state->is_held = false;
        put_in_force(s, (enum settings_id)id, &state->kept);
    }
}
