/* The class map. */
#include "vm.h"

struct map *br_map_new(struct berry *vm)
{
    return (struct map *)(void *)br_instance_new(vm, vm->classes.map);
}

/* A key's hash() and == may drop every variable that held these: they stay on the stack meanwhile.
 */
static int hold(struct berry *vm, struct map *m, const struct value *key, const struct value *v)
{
    if (key->tag != TAG_INSTANCE)
        return 0;
    br_put_object(vm, m);
    br_put(vm, *key);
    br_put(vm, *v);
    return 3;
}

bool br_map_set(struct berry *vm, struct map *m, const struct value *key, const struct value *v)
{
    bool is_new;
    if (key->tag == TAG_NIL)
        return true;
    int held = hold(vm, m, key, v);
    struct slot *s = br_table_put(vm, &m->table, key, &is_new);
    vm->top -= held;
    if (s)
        copy_value(&s->value, v);
    return s != NULL;
}

static bool key_error(struct berry *vm, const struct value *key)
{
    struct str *text = br_to_str(vm, key);
    return text && br_raise_text(vm, "key_error", text);
}

bool br_map_get(struct berry *vm, struct map *m, const struct value *key, struct value *out)
{
    bool ok;
    int held = hold(vm, m, key, key);
    struct slot *s = br_table_find(vm, &m->table, key, &ok);
    if (s)
        copy_value(out, &s->value);
    if (!s && ok)
        ok = key_error(vm, key);
    vm->top -= held;
    return ok;
}

/* ---- methods ---- */

static struct map *self_map(struct berry *vm)
{
    struct value self = br_arg(vm, 0);
    if (self.tag == TAG_MAP)
        return as_map(&self);
    br_type_error(vm, "map expected");
    return NULL;
}

static bool map_init(struct berry *vm, int argc)
{
    (void)argc;
    return self_map(vm) != NULL;
}

static bool map_item(struct berry *vm, int argc)
{
    (void)argc;
    struct map *m = self_map(vm);
    struct value key = br_arg(vm, 1), found;
    return m && br_map_get(vm, m, &key, &found) && br_return(vm, found);
}

static bool map_setitem(struct berry *vm, int argc)
{
    (void)argc;
    struct map *m = self_map(vm);
    struct value key = br_arg(vm, 1), v = br_arg(vm, 2);
    return m && br_map_set(vm, m, &key, &v);
}

static bool map_find(struct berry *vm, int argc)
{
    (void)argc;
    bool ok;
    struct map *m = self_map(vm);
    struct value key = br_arg(vm, 1);
    if (!m)
        return false;
    const struct slot *s = br_table_find(vm, &m->table, &key, &ok);
    return ok && br_return(vm, s ? s->value : br_arg(vm, 2));
}

static bool map_contains(struct berry *vm, int argc)
{
    (void)argc;
    bool ok;
    struct map *m = self_map(vm);
    struct value key = br_arg(vm, 1);
    if (!m)
        return false;
    const struct slot *s = br_table_find(vm, &m->table, &key, &ok);
    return ok && br_return(vm, value_bool(s != NULL));
}

static bool map_insert(struct berry *vm, int argc)
{
    (void)argc;
    bool is_new = false;
    struct map *m = self_map(vm);
    struct value key = br_arg(vm, 1);
    if (!m)
        return false;
    if (key.tag != TAG_NIL) {
        struct slot *s = br_table_put(vm, &m->table, &key, &is_new);
        if (!s)
            return false;
        if (is_new)
            s->value = br_arg(vm, 2);
    }
    return br_return(vm, value_bool(is_new));
}

static bool map_remove(struct berry *vm, int argc)
{
    (void)argc;
    struct map *m = self_map(vm);
    struct value key = br_arg(vm, 1);
    return m && br_table_remove(vm, &m->table, &key);
}

static bool map_size(struct berry *vm, int argc)
{
    (void)argc;
    struct map *m = self_map(vm);
    return m && br_return(vm, value_int((berry_int)m->table.count));
}

static bool map_tobool(struct berry *vm, int argc)
{
    (void)argc;
    struct map *m = self_map(vm);
    return m && br_return(vm, value_bool(m->table.count != 0));
}

static bool map_tostring(struct berry *vm, int argc)
{
    (void)argc;
    struct value self = br_arg(vm, 0);
    return self_map(vm) && br_return_object(vm, br_builtin_text(vm, &self));
}

static bool map_keys(struct berry *vm, int argc)
{
    (void)argc;
    struct value self = br_arg(vm, 0);
    return self_map(vm) && br_push_iterator(vm, &self, true) && berry_return(vm);
}

static bool map_iter(struct berry *vm, int argc)
{
    (void)argc;
    struct value self = br_arg(vm, 0);
    return self_map(vm) && br_push_iterator(vm, &self, false) && berry_return(vm);
}

static const struct berry_member methods[] = { BERRY_METHOD("init", map_init),
                                               BERRY_METHOD("item", map_item),
                                               BERRY_METHOD("setitem", map_setitem),
                                               BERRY_METHOD("find", map_find),
                                               BERRY_METHOD("contains", map_contains),
                                               BERRY_METHOD("insert", map_insert),
                                               BERRY_METHOD("remove", map_remove),
                                               BERRY_METHOD("size", map_size),
                                               BERRY_METHOD("tobool", map_tobool),
                                               BERRY_METHOD("tostring", map_tostring),
                                               BERRY_METHOD("keys", map_keys),
                                               BERRY_METHOD("iter", map_iter),
                                               BERRY_END };

const struct berry_class br_map_class = { .name = "map", .members = methods };
