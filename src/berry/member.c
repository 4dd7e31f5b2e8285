/* o.n: reading, writing and calling members of instances, views, classes and modules. */
#include "vm.h"

static bool do_nothing(struct berry *vm, int argc)
{
    (void)vm;
    (void)argc;
    return true;
}

static const struct berry_member no_init = BERRY_METHOD("init", do_nothing);

/* ---- members written in C ---- */

static bool set_object(struct value *out, void *o)
{
    if (!o)
        return false;
    *out = value_of(o);
    return true;
}

bool br_member_value(struct berry *vm, const struct berry_member *m, struct value *out)
{
    switch (m->kind) {
    case BERRY_MEMBER_METHOD:
    case BERRY_MEMBER_STATIC:
        *out = value_native(m);
        return true;
    case BERRY_MEMBER_INT:
        *out = value_int(m->value.i);
        return true;
    case BERRY_MEMBER_REAL:
        *out = value_real(m->value.r);
        return true;
    case BERRY_MEMBER_STRING:
        return set_object(out, br_str_c(vm, m->value.s));
    case BERRY_MEMBER_CLASS:
        return set_object(out, br_class_of_def(vm, m->value.class_def));
    case BERRY_MEMBER_MODULE:
        return set_object(out, br_module_from_def(vm, m->value.module_def));
    case BERRY_MEMBER_END:
        break;
    }
    *out = value_nil();
    return true;
}

/* ---- modules ---- */

struct module *br_module_new(struct berry *vm, struct str *name)
{
    struct module *m = br_new_object(vm, TAG_MODULE, sizeof *m);
    if (m)
        m->name = name;
    return m;
}

struct module *br_module_from_def(struct berry *vm, const struct berry_module *def)
{
    struct value key = { .u.p = (uintptr_t)def, .tag = TAG_PTR };
    bool ok, is_new;
    struct slot *s = br_table_find(vm, &vm->modules, &key, &ok);
    if (s)
        return as_module(&s->value);
    struct module *m = br_module_new(vm, NULL);
    if (!m)
        return NULL;
    m->def = def;
    br_put_object(vm, m);
    s = br_table_put(vm, &vm->modules, &key, &is_new);
    vm->top--;
    if (!s)
        return NULL;
    s->value = value_of(m);
    return m;
}

const char *br_module_name(const struct module *m)
{
    if (m->def)
        return m->def->name;
    return m->name ? m->name->s : NULL;
}

/* The marker that member() gives for "no such member". */
const struct berry_module br_undefined_module = { .name = "undefined", .members = NULL };

struct module *br_undefined(struct berry *vm)
{
    return br_module_from_def(vm, &br_undefined_module);
}

bool br_is_undefined(const struct value *v)
{
    return v->tag == TAG_MODULE && as_module(v)->def == &br_undefined_module;
}

/* The module's own member; false also when out of memory. */
static bool module_own(struct berry *vm, struct module *m, struct str *name, struct value *out)
{
    if (!m->def) {
        struct slot *s = br_table_find_str(&m->members, name);
        if (s)
            *out = s->value;
        return s != NULL;
    }
    struct cache_entry *e = br_cache_entry(vm, m, name);
    if (e->owner == m && e->name == name) {
        *out = e->value;
        return true;
    }
    const struct berry_member *row = br_find_row(m->def->members, name->s);
    if (!row || !br_member_value(vm, row, out))
        return false;
    *e = (struct cache_entry){ .owner = m, .name = name, .value = *out, .kind = MEMBER_STATIC };
    return true;
}

static bool get_module(struct berry *vm, struct module *m, struct str *name, struct value *out)
{
    *out = value_absent();
    if (module_own(vm, m, name, out))
        return true;
    struct value fn, none = value_absent(), key = value_of(name);
    if (vm->raising || !module_own(vm, m, vm->names[NAME_member], &fn) || !is_function(&fn))
        return !vm->raising;
    if (!br_call_values(vm, &fn, &none, &key, &none, out))
        return false;
    if (br_is_undefined(out))
        *out = value_absent();
    return true;
}

static bool set_module(struct berry *vm, struct module *m, struct str *name, const struct value *v)
{
    if (!m->def)
        return br_table_set_str(vm, &m->members, name, v, 0);
    struct value fn, none = value_absent(), key = value_of(name), ignored;
    if (module_own(vm, m, vm->names[NAME_setmember], &fn) && is_function(&fn))
        return br_call_values(vm, &fn, &none, &key, v, &ignored);
    return berry_raise(vm, "attribute_error", "'module' value has no writable attribute '%s'",
                       name->s);
}

/* ---- instances ---- */

/* Asks the class's member(name); *out is absent when there is none or it says `undefined`. */
static bool ask_member(struct berry *vm, const struct value *o, struct str *name, struct value *out)
{
    struct value fn, self = br_self(o), none = value_absent(), key = value_of(name);
    *out = value_absent();
    if (vm->raising) /* the search itself ran out of memory */
        return false;
    if (name == vm->names[NAME_init] || !br_find_method(vm, o, vm->names[NAME_member], &fn))
        return true;
    if (!br_call_values(vm, &fn, &self, &key, &none, out))
        return false;
    if (br_is_undefined(out))
        *out = value_absent();
    return true;
}

static bool get_instance(struct berry *vm, const struct value *o, struct str *name,
                         struct value *out)
{
    struct value found;
    enum member_kind kind = br_class_find(vm, as_instance(o)->klass, name, &found);
    if (kind == MEMBER_NONE)
        return ask_member(vm, o, name, out);
    if (kind == MEMBER_VAR) {
        struct value self = br_self(o);
        *out = br_fields(as_instance(&self))[found.u.i];
    } else {
        *out = found;
    }
    return true;
}

static bool refuse_write(struct berry *vm, const struct value *o, const struct str *name)
{
    return berry_raise(vm, "attribute_error", "class '%s' cannot assign to attribute '%s'",
                       br_class_name(as_instance(o)->klass), name->s);
}

static bool set_instance(struct berry *vm, const struct value *o, struct str *name,
                         const struct value *v)
{
    struct value found, fn, result, self = br_self(o), key = value_of(name);
    enum member_kind kind = br_class_find(vm, as_instance(o)->klass, name, &found);
    if (kind == MEMBER_VAR) {
        br_fields(as_instance(&self))[found.u.i] = *v;
        return true;
    }
    if (kind != MEMBER_NONE || !br_find_method(vm, o, vm->names[NAME_setmember], &fn))
        return refuse_write(vm, o, name);
    if (!br_call_values(vm, &fn, &self, &key, v, &result))
        return false;
    if ((result.tag == TAG_BOOL && !result.u.b) || br_is_undefined(&result))
        return refuse_write(vm, o, name);
    return true;
}

/* ---- any value ---- */

static bool set_class(struct berry *vm, struct klass *k, struct str *name, const struct value *v)
{
    struct slot *s = br_class_static(k, name);
    if (!s)
        return berry_raise(vm, "attribute_error",
                           "class '%s' cannot assign to static attribute '%s'", br_class_name(k),
                           name->s);
    s->value = *v;
    if (s->kind == MEMBER_METHOD) /* statics are not in the cache */
        memset(vm->cache, 0, sizeof vm->cache);
    return true;
}

static bool get_class(struct berry *vm, struct klass *k, struct str *name, struct value *out)
{
    enum member_kind kind = br_class_find(vm, k, name, out);
    if (kind == MEMBER_NONE || kind == MEMBER_VAR)
        *out = value_absent();
    return !vm->raising;
}

bool br_get_member_or_absent(struct berry *vm, const struct value *o, struct str *name,
                             struct value *out)
{
    if (is_instance(o))
        return get_instance(vm, o, name, out);
    if (o->tag == TAG_CLASS)
        return get_class(vm, as_class(o), name, out);
    if (o->tag == TAG_MODULE)
        return get_module(vm, as_module(o), name, out);
    *out = value_absent();
    return true;
}

static bool no_member(struct berry *vm, const struct value *o, const struct str *name,
                      const char *what)
{
    if (is_instance(o))
        return berry_raise(vm, "attribute_error", "the '%s' object has no attribute '%s'",
                           br_class_name(as_instance(o)->klass), name->s);
    if (o->tag == TAG_CLASS)
        return berry_raise(vm, "attribute_error", "the '%s' class has no static attribute '%s'",
                           br_class_name(as_class(o)), name->s);
    if (o->tag == TAG_MODULE) {
        const char *module = br_module_name(as_module(o));
        return berry_raise(vm, "attribute_error", "module '%s' has no member '%s'",
                           module ? module : "(unnamed)", name->s);
    }
    return berry_raise(vm, "attribute_error", "'%s' value has no %s '%s'", br_type_name(o), what,
                       name->s);
}

bool br_get_member(struct berry *vm, const struct value *o, struct str *name, struct value *out)
{
    if (!br_get_member_or_absent(vm, o, name, out))
        return false;
    return out->tag != TAG_ABSENT || no_member(vm, o, name, "attribute");
}

bool br_set_member(struct berry *vm, const struct value *o, struct str *name, const struct value *v)
{
    if (is_instance(o))
        return set_instance(vm, o, name, v);
    if (o->tag == TAG_CLASS)
        return set_class(vm, as_class(o), name, v);
    if (o->tag == TAG_MODULE)
        return set_module(vm, as_module(o), name, v);
    return berry_raise(vm, "attribute_error", "'%s' value has no writable attribute '%s'",
                       br_type_name(o), name->s);
}

static bool instance_method(struct berry *vm, const struct value *o, struct str *name,
                            struct value *fn, struct value *self)
{
    struct value found;
    enum member_kind kind = br_class_find(vm, as_instance(o)->klass, name, &found);
    struct value whole = br_self(o);
    *self = value_absent();
    if (kind == MEMBER_METHOD) {
        *fn = found;
        *self = whole;
    } else if (kind == MEMBER_VAR) {
        *fn = br_fields(as_instance(&whole))[found.u.i];
    } else if (kind == MEMBER_STATIC) {
        *fn = found;
    } else if (name == vm->names[NAME_init]) {
        *fn = value_native(&no_init);
        *self = whole;
        return true;
    } else {
        if (!ask_member(vm, o, name, fn))
            return false;
        if (fn->tag == TAG_ABSENT)
            return no_member(vm, o, name, "attribute");
        if (is_function(fn))
            *self = whole;
    }
    if (is_function(fn) || fn->tag == TAG_CLASS)
        return true;
    return berry_raise(vm, "attribute_error", "class '%s' has no method '%s'",
                       br_class_name(as_instance(o)->klass), name->s);
}

bool br_get_method(struct berry *vm, const struct value *o, struct str *name, struct value *fn,
                   struct value *self)
{
    if (is_instance(o))
        return instance_method(vm, o, name, fn, self);
    *self = value_absent();
    if (!br_get_member_or_absent(vm, o, name, fn))
        return false;
    return fn->tag != TAG_ABSENT || no_member(vm, o, name, "method");
}
