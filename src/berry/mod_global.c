/* The module global: global variables by name. */
#include "vm.h"

static bool global_member(struct berry *vm, int argc)
{
    (void)argc;
    struct value name = br_arg(vm, 0), out;
    if (name.tag != TAG_STR)
        return true;
    return br_global_get(vm, as_str(&name), &out) && br_return(vm, out);
}

static bool global_setmember(struct berry *vm, int argc)
{
    (void)argc;
    struct value name = br_arg(vm, 0), v = br_arg(vm, 1);
    return name.tag != TAG_STR || br_global_set(vm, as_str(&name), &v);
}

static bool global_contains(struct berry *vm, int argc)
{
    (void)argc;
    struct value name = br_arg(vm, 0);
    bool known = name.tag == TAG_STR && (br_global_find(vm, as_str(&name)) >= 0 ||
                                         br_builtin_find(vm, as_str(&name)->s) >= 0);
    return br_return(vm, value_bool(known));
}

static bool global_undef(struct berry *vm, int argc)
{
    (void)argc;
    struct value name = br_arg(vm, 0);
    if (name.tag != TAG_STR)
        return true;
    int index = br_global_find(vm, as_str(&name));
    if (index >= 0)
        vm->globals[index] = value_nil(); /* for code that knows its place */
    return br_table_remove(vm, &vm->global_names, &name);
}

static bool global_list(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = br_list_new(vm, 0);
    if (!l)
        return false;
    br_put_object(vm, l);
    const struct table *t = &vm->global_names;
    for (uint32_t i = 0; i < t->size; i++) {
        struct value key = slot_key(&t->slots[i]);
        if (key.tag == TAG_STR && !br_list_push(vm, l, &key))
            return false;
    }
    return berry_return(vm);
}

static const struct berry_member members[] = {
    BERRY_FUNCTION("member", global_member),     BERRY_FUNCTION("setmember", global_setmember),
    BERRY_FUNCTION("contains", global_contains), BERRY_FUNCTION("undef", global_undef),
    BERRY_FUNCTION("()", global_list),           BERRY_END,
};

const struct berry_module br_global_module = { .name = "global", .members = members };
