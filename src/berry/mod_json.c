/* The module json, and json.dump(). */
#include "json.h"

#include <stdio.h>

struct writer {
    struct text text;
    bool pretty;
    size_t depth;
};

static bool add_value(struct writer *w, const struct value *v);

bool br_add_json_string(struct text *t, const char *s, size_t len)
{
    static const char from[] = "\"\\\n\r\t", to[] = "\"\\nrt";
    char buffer[8];
    bool ok = br_text_char(t, '"');
    for (size_t i = 0; ok && i < len; i++) {
        const char *at = s[i] ? strchr(from, s[i]) : NULL;
        if (at)
            snprintf(buffer, sizeof buffer, "\\%c", to[at - from]);
        else if ((uint8_t)s[i] < 0x20)
            snprintf(buffer, sizeof buffer, "\\u%04X", (unsigned)(uint8_t)s[i]);
        else
            snprintf(buffer, sizeof buffer, "%c", s[i]);
        ok = br_text_add_c(t, buffer);
    }
    return ok && br_text_char(t, '"') && br_spend(t->vm, len / 16);
}

static bool new_line(struct writer *w)
{
    return !w->pretty ||
           (br_text_char(&w->text, '\n') && br_text_repeat(&w->text, ' ', 2 * w->depth));
}

static bool add_as_string(struct writer *w, const struct value *v)
{
    struct berry *vm = w->text.vm;
    struct str *s = br_to_str(vm, v);
    if (!s)
        return false;
    br_put_object(vm, s);
    bool ok = br_add_json_string(&w->text, s->s, s->len);
    vm->top--;
    return ok;
}

static bool add_list(struct writer *w, const struct list *l)
{
    bool ok = br_text_char(&w->text, '[');
    w->depth++;
    for (uint32_t i = 0; ok && i < l->count; i++) {
        struct value v = l->items[i];
        ok = (i == 0 || br_text_char(&w->text, ',')) && new_line(w) && add_value(w, &v);
    }
    w->depth--;
    return ok && new_line(w) && br_text_char(&w->text, ']');
}

static bool add_map(struct writer *w, const struct map *m)
{
    bool ok = br_text_char(&w->text, '{'), first = true;
    w->depth++;
    for (uint32_t i = 0; ok && i < m->table.size; i++) {
        struct slot s = m->table.slots[i]; /* tostring() of a value may change the map */
        if (s.key_tag == TAG_ABSENT)
            continue;
        struct value key = slot_key(&s);
        br_put(w->text.vm, s.value);
        ok = (first || br_text_char(&w->text, ',')) && new_line(w) && add_as_string(w, &key) &&
             br_text_add_c(&w->text, w->pretty ? ": " : ":") && add_value(w, &s.value);
        w->text.vm->top--;
        first = false;
    }
    w->depth--;
    return ok && new_line(w) && br_text_char(&w->text, '}');
}

static bool is_finite(const struct value *v)
{
    return v->u.r - v->u.r == 0;
}

static bool add_any(struct writer *w, const struct value *v)
{
    switch (v->tag) {
    case TAG_NIL:
        return br_text_add_c(&w->text, "null");
    case TAG_REAL:
        if (!is_finite(v))
            return br_text_add_c(&w->text, "null");
        return br_add_value(&w->text, v, false);
    case TAG_BOOL:
    case TAG_INT:
        return br_add_value(&w->text, v, false);
    case TAG_LIST:
        return add_list(w, as_list(v));
    case TAG_MAP:
        return add_map(w, as_map(v));
    default:
        return add_as_string(w, v);
    }
}

static bool add_value(struct writer *w, const struct value *v)
{
    struct berry *vm = w->text.vm;
    if (!br_spend(vm, 4) || !br_enter(vm, NEST_JSON))
        return false;
    bool ok = br_push(vm, v); /* a tostring() inside may drop what holds it */
    if (ok) {
        ok = add_any(w, v);
        vm->top--;
    }
    br_leave(vm, NEST_JSON);
    return ok;
}

bool br_json_dump(struct berry *vm, int argc)
{
    (void)argc;
    struct writer w = { .depth = 0 };
    struct value v = br_arg(vm, 0), mode = br_arg(vm, 1);
    br_text_init(&w.text, vm);
    w.pretty = mode.tag == TAG_STR && strcmp(as_str(&mode)->s, "format") == 0;
    return br_text_return(&w.text, add_value(&w, &v));
}

static const struct berry_member members[] = {
    BERRY_FUNCTION("load", br_json_load),
    BERRY_FUNCTION("dump", br_json_dump),
    BERRY_END,
};

const struct berry_module br_json_module = { .name = "json", .members = members };
