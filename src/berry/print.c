/* The text of values, as str() and print() give it. */
#include "vm.h"

#include <inttypes.h>
#include <stdio.h>

#if BERRY_INT_BITS == 64
#define INT_FORMAT PRId64
#else
#define INT_FORMAT PRId32
#endif

/* The containers being printed, innermost first: one that holds itself shows as [...]. */
struct visit {
    const struct obj *o;
    const struct visit *outer;
};

static bool add_any(struct text *t, const struct value *v, bool quoted, const struct visit *outer);

void br_format_real(char *out, size_t cap, berry_real r)
{
    if (r != r)
        snprintf(out, cap, "nan");
    else
        snprintf(out, cap, "%g", (double)r);
}

static bool add_escape(struct text *t, char c, char quote)
{
    static const char from[] = "\\\n\r\t", to[] = "\\nrt";
    const char *at = c ? strchr(from, c) : NULL;
    char buffer[8];
    if (at)
        snprintf(buffer, sizeof buffer, "\\%c", to[at - from]);
    else if (c == quote)
        snprintf(buffer, sizeof buffer, "\\%c", c);
    else
        snprintf(buffer, sizeof buffer, "\\x%02X", (unsigned)(uint8_t)c);
    return br_text_add_c(t, buffer);
}

bool br_add_quoted(struct text *t, const char *s, size_t len, char quote)
{
    bool ok = br_text_char(t, quote);
    for (size_t i = 0; ok && i < len; i++) {
        bool plain = (uint8_t)s[i] >= 0x20 && s[i] != quote && s[i] != '\\';
        ok = plain ? br_text_char(t, s[i]) : add_escape(t, s[i], quote);
    }
    return ok && br_text_char(t, quote) && br_spend(t->vm, len / 16);
}

static bool add_format(struct text *t, const char *before, uintptr_t p)
{
    char buffer[48];
    snprintf(buffer, sizeof buffer, "<%s: 0x%" PRIxPTR ">", before, p);
    return br_text_add_c(t, buffer);
}

static bool add_named(struct text *t, const char *kind, const char *name, const char *end)
{
    return br_text_char(t, '<') && br_text_add_c(t, kind) && br_text_add_c(t, ": ") &&
           br_text_add_c(t, name) && br_text_add_c(t, end);
}

static bool add_module(struct text *t, const struct module *m)
{
    const char *name = br_module_name(m);
    return name ? add_named(t, "module", name, ">") : add_format(t, "module", (uintptr_t)m);
}

static bool add_list(struct text *t, const struct list *l, const struct visit *visits)
{
    bool ok = br_text_char(t, '[');
    for (uint32_t i = 0; ok && i < l->count; i++) {
        struct value v = l->items[i];
        ok = (i == 0 || br_text_add_c(t, ", ")) && add_any(t, &v, true, visits) &&
             br_spend(t->vm, 4);
    }
    return ok && br_text_char(t, ']');
}

static bool add_map(struct text *t, const struct map *m, const struct visit *visits)
{
    bool ok = br_text_char(t, '{'), first = true;
    for (uint32_t i = 0; ok && i < m->table.size; i++) {
        struct slot s = m->table.slots[i]; /* tostring() of a key may change the map */
        if (s.key_tag == TAG_ABSENT)
            continue;
        struct value key = slot_key(&s);
        br_put(t->vm, s.value);
        ok = (first || br_text_add_c(t, ", ")) && add_any(t, &key, true, visits) &&
             br_text_add_c(t, ": ") && add_any(t, &s.value, true, visits) && br_spend(t->vm, 8);
        t->vm->top--;
        first = false;
    }
    return ok && br_text_char(t, '}');
}

static bool add_range(struct text *t, const struct range *r)
{
    char buffer[80];
    if (r->step == 1)
        snprintf(buffer, sizeof buffer, "(%" INT_FORMAT "..%" INT_FORMAT ")", r->lower, r->upper);
    else
        snprintf(buffer, sizeof buffer, "range(%" INT_FORMAT ", %" INT_FORMAT ", %" INT_FORMAT ")",
                 r->lower, r->upper, r->step);
    return br_text_add_c(t, buffer);
}

/* A list, map, range or bytes as its class prints it. */
static bool add_builtin(struct text *t, const struct value *v, const struct visit *outer)
{
    for (const struct visit *i = outer; i; i = i->outer) {
        if (i->o == v->u.o)
            return br_text_add_c(t, v->tag == TAG_LIST ? "[...]" : "{...}");
    }
    struct visit here = { v->u.o, outer };
    if (!br_enter(t->vm, NEST_PRINT))
        return false;
    bool ok = br_push(t->vm, v); /* a tostring() inside may drop what holds it */
    if (!ok) {
        br_leave(t->vm, NEST_PRINT);
        return false;
    }
    if (v->tag == TAG_LIST)
        ok = add_list(t, as_list(v), &here);
    else if (v->tag == TAG_MAP)
        ok = add_map(t, as_map(v), &here);
    else if (v->tag == TAG_RANGE)
        ok = add_range(t, as_range(v));
    else
        ok = br_bytes_text(t, as_bytes(v), 32);
    t->vm->top--;
    br_leave(t->vm, NEST_PRINT);
    return ok && br_spend(t->vm, 4);
}

static bool add_by_method(struct text *t, const struct value *v, const struct value *fn)
{
    struct berry *vm = t->vm;
    struct value self = br_self(v), result;
    if (!br_call_values(vm, fn, &self, NULL, NULL, &result))
        return false;
    if (result.tag != TAG_STR)
        return berry_raise(vm, "runtime_error", "the value of `%s::tostring()` is not a 'string'",
                           br_class_name(as_instance(v)->klass));
    br_put(vm, result);
    bool ok = br_text_add(t, as_str(&result)->s, as_str(&result)->len);
    vm->top--;
    return ok;
}

static bool add_instance(struct text *t, const struct value *v, const struct visit *outer)
{
    struct value fn;
    bool is_builtin = v->tag >= TAG_LIST && v->tag <= TAG_BYTES;
    bool found = br_find_method(t->vm, v, t->vm->names[NAME_tostring], &fn);
    if (found && !(is_builtin && fn.tag == TAG_NATIVE))
        return add_by_method(t, v, &fn);
    if (is_builtin)
        return add_builtin(t, v, outer);
    return add_named(t, "instance", br_class_name(as_instance(v)->klass), "()>");
}

static bool add_any(struct text *t, const struct value *v, bool quoted, const struct visit *outer)
{
    char buffer[32];
    switch (v->tag) {
    case TAG_NIL:
    case TAG_ABSENT:
        return br_text_add_c(t, "nil");
    case TAG_BOOL:
        return br_text_add_c(t, v->u.b ? "true" : "false");
    case TAG_INT:
        snprintf(buffer, sizeof buffer, "%" INT_FORMAT, v->u.i);
        return br_text_add_c(t, buffer);
    case TAG_REAL:
        br_format_real(buffer, sizeof buffer, v->u.r);
        return br_text_add_c(t, buffer);
    case TAG_STR:
        return quoted ? br_add_quoted(t, as_str(v)->s, as_str(v)->len, '\'')
                      : br_text_add(t, as_str(v)->s, as_str(v)->len);
    case TAG_PTR:
        return add_format(t, "ptr", v->u.p);
    case TAG_REF:
        return add_format(t, "ptr", (uintptr_t)as_ref(v)->target + (uintptr_t)as_ref(v)->offset);
    case TAG_HANDLE:
        return add_format(t, "ptr", (uintptr_t)as_handle(v)->p);
    case TAG_NATIVE:
    case TAG_CLOSURE:
    case TAG_NCLOSURE:
        return add_format(t, "function", v->u.p);
    case TAG_CLASS:
        return add_named(t, "class", br_class_name(as_class(v)), ">");
    case TAG_MODULE:
        return add_module(t, as_module(v));
    default:
        return add_instance(t, v, outer);
    }
}

bool br_add_value(struct text *t, const struct value *v, bool quoted)
{
    return add_any(t, v, quoted, NULL);
}

struct str *br_to_str(struct berry *vm, const struct value *v)
{
    struct text t;
    if (v->tag == TAG_STR)
        return as_str(v);
    br_text_init(&t, vm);
    if (add_any(&t, v, false, NULL))
        return br_text_str(&t);
    br_text_free(&t);
    return NULL;
}

struct str *br_builtin_text(struct berry *vm, const struct value *v)
{
    struct text t;
    br_text_init(&t, vm);
    if (add_builtin(&t, v, NULL))
        return br_text_str(&t);
    br_text_free(&t);
    return NULL;
}
