/*
 * Classes and instances. An instance is one block: header, class, the native part if the class
 * descends from a builtin one, the variables, the host's data. Members are found in the tables of
 * the class and its ancestors; a small cache in the VM remembers the answers.
 */
#include "vm.h"

#define CLASS_COMPLETE 1u /* the class statement has ended: members keep their places */
#define CLASS_USABLE   2u /* it knows its parent and how many variables there are */

struct klass *br_class_new(struct berry *vm, struct str *name)
{
    struct klass *k = br_new_object(vm, TAG_CLASS, sizeof *k);
    if (!k)
        return NULL;
    k->name = name;
    k->storage = TAG_INSTANCE;
    return k;
}

struct klass *br_class_from_def(struct berry *vm, const struct berry_class *def, enum tag storage)
{
    struct klass *k = br_class_new(vm, NULL);
    if (!k)
        return NULL;
    k->def = def;
    k->storage = (uint8_t)storage;
    k->data_size = (uint32_t)def->data_size;
    k->obj.flags |= CLASS_COMPLETE | CLASS_USABLE;
    return k;
}

struct klass *br_class_of_def(struct berry *vm, const struct berry_class *def)
{
    struct value key = { .u.p = (uintptr_t)def, .tag = TAG_PTR };
    bool ok, is_new;
    struct slot *s = br_table_find(vm, &vm->modules, &key, &ok);
    if (s)
        return as_class(&s->value);
    struct klass *k = br_class_from_def(vm, def, TAG_INSTANCE);
    if (!k)
        return NULL;
    br_put_object(vm, k);
    s = br_table_put(vm, &vm->modules, &key, &is_new);
    vm->top--;
    if (!s)
        return NULL;
    s->value = value_of(k);
    return k;
}

/* Its instances exist from here on with all variables, also those whose declaration runs later. */
bool br_class_begin(struct berry *vm, struct klass *k, uint32_t own_vars)
{
    if (own_vars + k->nvars > UINT16_MAX)
        return berry_raise(vm, "runtime_error", "too many variables in a class");
    k->next_var = k->nvars;
    k->nvars = (uint16_t)(k->nvars + own_vars);
    k->obj.flags |= CLASS_USABLE;
    return true;
}

bool br_class_set_super(struct berry *vm, struct klass *k, const struct value *super)
{
    bool usable = super->tag == TAG_CLASS && (super->u.o->flags & CLASS_USABLE) &&
                  !br_is_subclass(as_class(super), k);
    if (!usable)
        return berry_raise(vm, "type_error", "value '%s' does not support set super",
                           br_type_name(super));
    k->super = as_class(super);
    k->storage = k->super->storage;
    k->nvars = k->super->nvars;
    k->data_size = k->super->data_size;
    k->has_deinit = k->super->has_deinit;
    return true;
}

bool br_class_add(struct berry *vm, struct klass *k, struct str *name, const struct value *v,
                  enum member_kind kind)
{
    struct value value = *v;
    if (kind == MEMBER_VAR)
        value = value_int(k->next_var++);
    if (kind == MEMBER_METHOD && value.tag == TAG_CLOSURE)
        as_closure(&value)->owner = k;
    if (name == vm->names[NAME_deinit] && kind == MEMBER_METHOD)
        k->has_deinit = true;
    return br_table_set_str(vm, &k->members, name, &value, (uint8_t)kind);
}

bool br_class_end(struct berry *vm, struct klass *k)
{
    if (!br_table_fit(vm, &k->members))
        return false;
    memset(vm->cache, 0, sizeof vm->cache);
    k->obj.flags |= CLASS_COMPLETE;
    return true;
}

static enum member_kind find_uncached(struct berry *vm, const struct klass *k,
                                      const struct str *name, struct value *out)
{
    *out = value_absent();
    for (; k; k = k->super) {
        const struct berry_member *m = k->def ? br_find_row(k->def->members, name->s) : NULL;
        if (m && !br_member_value(vm, m, out))
            return MEMBER_NONE;
        if (m)
            return m->kind == BERRY_MEMBER_METHOD ? MEMBER_METHOD : MEMBER_STATIC;
        const struct slot *s = br_table_find_str(&k->members, name);
        if (s) {
            *out = s->value;
            return (enum member_kind)s->kind;
        }
    }
    return MEMBER_NONE;
}

enum member_kind br_class_find(struct berry *vm, struct klass *k, struct str *name,
                               struct value *out)
{
    struct cache_entry *e = br_cache_entry(vm, k, name);
    if (e->owner == k && e->name == name) {
        *out = e->value;
        return (enum member_kind)e->kind;
    }
    enum member_kind kind = find_uncached(vm, k, name, out);
    if (kind != MEMBER_STATIC && (k->obj.flags & CLASS_COMPLETE) && !vm->raising)
        *e = (struct cache_entry){ .owner = k, .name = name, .value = *out, .kind = kind };
    return kind;
}

struct slot *br_class_static(struct klass *k, const struct str *name)
{
    for (; k; k = k->super) {
        struct slot *s = br_table_find_str(&k->members, name);
        if (s)
            return s->kind == MEMBER_VAR ? NULL : s;
    }
    return NULL;
}

bool br_is_subclass(const struct klass *k, const struct klass *of)
{
    while (k && k != of)
        k = k->super;
    return k != NULL;
}

static size_t native_size(uint32_t storage)
{
    switch (storage) {
    case TAG_LIST:
        return sizeof(struct list);
    case TAG_MAP:
        return sizeof(struct map);
    case TAG_RANGE:
        return sizeof(struct range);
    case TAG_BYTES:
        return sizeof(struct bytes);
    default:
        return sizeof(struct plain);
    }
}

size_t br_instance_size(const struct klass *k)
{
    return native_size(k->storage) + k->nvars * sizeof(struct value) + k->data_size;
}

struct value *br_fields(struct instance *o)
{
    struct value v = value_of(o);
    switch (v.tag) {
    case TAG_LIST:
        return as_list(&v)->fields;
    case TAG_MAP:
        return as_map(&v)->fields;
    case TAG_RANGE:
        return as_range(&v)->fields;
    case TAG_BYTES:
        return as_bytes(&v)->fields;
    default:
        return ((struct plain *)(void *)o)->fields;
    }
}

void *br_instance_data(struct instance *o)
{
    return br_fields(o) + o->klass->nvars;
}

struct instance *br_instance_new(struct berry *vm, struct klass *k)
{
    if (!(k->obj.flags & CLASS_USABLE)) {
        berry_raise(vm, "type_error", "class '%s' has no parent yet", br_class_name(k));
        return NULL;
    }
    struct instance *o = br_new_object(vm, (enum tag)k->storage, br_instance_size(k));
    if (!o)
        return NULL;
    o->klass = k;
    if (k->has_deinit) {
        vm->objects = o->obj.next;
        o->obj.next = vm->with_deinit;
        vm->with_deinit = &o->obj;
    }
    return o;
}

struct value br_self(const struct value *o)
{
    return o->tag == TAG_VIEW ? value_of(as_view(o)->target) : *o;
}

bool br_find_method(struct berry *vm, const struct value *o, struct str *name, struct value *out)
{
    return br_class_find(vm, as_instance(o)->klass, name, out) == MEMBER_METHOD && is_function(out);
}

static bool return_view(struct berry *vm, const struct value *o, struct klass *level)
{
    if (!level)
        return true;
    struct value target = br_self(o);
    struct view *v = br_new_object(vm, TAG_VIEW, sizeof *v);
    if (!v)
        return false;
    v->base.klass = level;
    v->target = target.u.o;
    return br_return_object(vm, v);
}

/* Which class defines the running method; NULL outside of methods. */
static struct klass *running_class(const struct berry *vm)
{
    return vm->frame > vm->frames ? vm->frame->closure->owner : NULL;
}

bool br_super(struct berry *vm, int argc)
{
    struct value o = br_arg(vm, 0), level = br_arg(vm, 1);
    if (o.tag == TAG_CLASS)
        return as_class(&o)->super ? br_return(vm, value_of(as_class(&o)->super)) : true;
    if (!is_instance(&o))
        return true;
    struct klass *k = as_instance(&o)->klass;
    if (argc > 1 && level.tag == TAG_CLASS) {
        bool above = k != as_class(&level) && br_is_subclass(k, as_class(&level));
        return above ? return_view(vm, &o, as_class(&level)) : true;
    }
    struct value whole = br_self(&o);
    struct klass *defining = running_class(vm);
    if (defining && br_is_subclass(as_instance(&whole)->klass, defining))
        return return_view(vm, &o, defining->super);
    return return_view(vm, &o, k->super);
}
