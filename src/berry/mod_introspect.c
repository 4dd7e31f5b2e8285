/* The module introspect: looking at classes, instances and modules by name. */
#include "vm.h"

static bool add_name(struct berry *vm, struct list *l, struct str *name)
{
    if (!name)
        return false;
    struct value v = value_of(name);
    br_put(vm, v);
    bool ok = br_list_push(vm, l, &v);
    vm->top--;
    return ok;
}

static bool add_table(struct berry *vm, struct list *l, const struct table *t)
{
    bool ok = true;
    for (uint32_t i = 0; ok && i < t->size; i++) {
        struct value key = slot_key(&t->slots[i]);
        if (key.tag == TAG_STR)
            ok = add_name(vm, l, as_str(&key));
    }
    return ok;
}

static bool add_rows(struct berry *vm, struct list *l, const struct berry_member *row)
{
    bool ok = true;
    for (; ok && row && row->name; row++)
        ok = add_name(vm, l, br_str_c(vm, row->name));
    return ok;
}

static bool add_members(struct berry *vm, struct list *l, const struct value *v)
{
    const struct klass *k = is_instance(v)        ? as_instance(v)->klass
                            : v->tag == TAG_CLASS ? as_class(v)
                                                  : NULL;
    if (k)
        return k->def ? add_rows(vm, l, k->def->members) : add_table(vm, l, &k->members);
    if (v->tag == TAG_MODULE) {
        const struct module *m = as_module(v);
        return m->def ? add_rows(vm, l, m->def->members) : add_table(vm, l, &m->members);
    }
    return v->tag != TAG_NIL || add_table(vm, l, &vm->global_names);
}

static bool introspect_members(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0);
    struct list *l = br_list_new(vm, 0);
    if (!l)
        return false;
    br_put_object(vm, l);
    return add_members(vm, l, &v) && berry_return(vm);
}

static bool has_members(const struct value *v)
{
    return is_instance(v) || v->tag == TAG_CLASS || v->tag == TAG_MODULE;
}

static bool introspect_get(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0), name = br_arg(vm, 1), marker = br_arg(vm, 2), out;
    if (!has_members(&v) || name.tag != TAG_STR)
        return true;
    if (!br_get_member_or_absent(vm, &v, as_str(&name), &out))
        return false;
    if (out.tag != TAG_ABSENT)
        return br_return(vm, out);
    return marker.tag == TAG_BOOL && marker.u.b ? br_return_object(vm, br_undefined(vm)) : true;
}

static bool introspect_set(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0), name = br_arg(vm, 1), to = br_arg(vm, 2);
    if (!has_members(&v) || name.tag != TAG_STR)
        return true;
    return br_set_member(vm, &v, as_str(&name), &to);
}

static bool introspect_contains(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0), name = br_arg(vm, 1), out;
    if (!has_members(&v) || name.tag != TAG_STR)
        return br_return(vm, value_bool(false));
    return br_get_member_or_absent(vm, &v, as_str(&name), &out) &&
           br_return(vm, value_bool(out.tag != TAG_ABSENT));
}

static bool introspect_module(struct berry *vm, int argc)
{
    (void)argc;
    struct value name = br_arg(vm, 0), nocache = br_arg(vm, 1), out;
    if (name.tag != TAG_STR)
        return true;
    if (nocache.tag == TAG_BOOL && nocache.u.b && !br_table_remove(vm, &vm->modules, &name))
        return false;
    if (br_import(vm, as_str(&name), &out))
        return br_return(vm, out);
    bool missing = vm->error.tag == TAG_STR && strcmp(as_str(&vm->error)->s, "import_error") == 0;
    if (!missing || vm->stopped)
        return false;
    br_clear_error(vm);
    return true;
}

static bool introspect_setmodule(struct berry *vm, int argc)
{
    (void)argc;
    struct value name = br_arg(vm, 0), v = br_arg(vm, 1);
    return name.tag != TAG_STR || br_table_set_str(vm, &vm->modules, as_str(&name), &v, 0);
}

static bool introspect_name(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0);
    const char *name = NULL;
    if (v.tag == TAG_CLOSURE)
        name = as_closure(&v)->proto->name->s;
    else if (v.tag == TAG_CLASS)
        name = br_class_name(as_class(&v));
    else if (v.tag == TAG_MODULE)
        name = br_module_name(as_module(&v));
    return name ? br_return_object(vm, br_str_c(vm, name)) : true;
}

static bool introspect_ismethod(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0);
    if (v.tag != TAG_CLOSURE)
        return true;
    return br_return(vm, value_bool(as_closure(&v)->proto->is_method));
}

static bool introspect_solidified(struct berry *vm, int argc)
{
    (void)argc;
    return br_return(vm, value_bool(false));
}

static bool introspect_toptr(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0);
    if (v.tag == TAG_INT)
        return br_return(vm, (struct value){ .u.p = (uintptr_t)v.u.i, .tag = TAG_PTR });
    if (v.tag == TAG_PTR || v.tag == TAG_REF || v.tag == TAG_HANDLE || !is_object(&v))
        return br_return(vm, v.tag == TAG_REF || v.tag == TAG_PTR ? v : value_nil());
    struct ref *r = br_new_object(vm, TAG_REF, sizeof *r);
    if (r)
        r->target = v.u.o;
    return br_return_object(vm, r);
}

/* Only a pointer that toptr() made leads back to an object. */
static bool introspect_fromptr(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0);
    if (v.tag == TAG_REF && as_ref(&v)->offset == 0)
        return br_return(vm, value_of(as_ref(&v)->target));
    return true;
}

static const struct berry_member members[] = {
    BERRY_FUNCTION("members", introspect_members),
    BERRY_FUNCTION("get", introspect_get),
    BERRY_FUNCTION("set", introspect_set),
    BERRY_FUNCTION("contains", introspect_contains),
    BERRY_FUNCTION("module", introspect_module),
    BERRY_FUNCTION("setmodule", introspect_setmodule),
    BERRY_FUNCTION("name", introspect_name),
    BERRY_FUNCTION("ismethod", introspect_ismethod),
    BERRY_FUNCTION("solidified", introspect_solidified),
    BERRY_FUNCTION("toptr", introspect_toptr),
    BERRY_FUNCTION("fromptr", introspect_fromptr),
    BERRY_END,
};

const struct berry_module br_introspect_module = { .name = "introspect", .members = members };
