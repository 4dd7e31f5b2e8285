/* Global variables: a table from names to places in one array. */
#include "vm.h"

int br_global_find(struct berry *vm, const struct str *name)
{
    const struct slot *s = br_table_find_str(&vm->global_names, name);
    return s ? (int)s->value.u.i : -1;
}

int br_global_make(struct berry *vm, struct str *name)
{
    int known = br_global_find(vm, name);
    if (known >= 0)
        return known;
    struct value key = value_of(name), index = value_int((berry_int)vm->nglobals);
    void *globals = vm->globals;
    br_put(vm, key);
    bool ok = br_grow(vm, &globals, &vm->globals_cap, sizeof *vm->globals, vm->nglobals + 1);
    if (ok)
        vm->globals = globals;
    ok = ok && br_table_set_str(vm, &vm->global_names, name, &index, 0);
    vm->top--;
    if (!ok)
        return -1;
    vm->globals[vm->nglobals] = value_nil();
    return (int)vm->nglobals++;
}

bool br_global_get(struct berry *vm, struct str *name, struct value *out)
{
    int index = br_global_find(vm, name);
    *out = value_nil();
    if (index >= 0) {
        *out = vm->globals[index];
        return true;
    }
    index = br_builtin_find(vm, name->s);
    return index < 0 || br_builtin_value(vm, index, out);
}

bool br_global_set(struct berry *vm, struct str *name, const struct value *v)
{
    struct value copy = *v;
    br_put(vm, copy);
    int index = br_global_make(vm, name);
    vm->top--;
    if (index >= 0)
        vm->globals[index] = copy;
    return index >= 0;
}
