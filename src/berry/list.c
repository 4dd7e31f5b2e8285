/* The class list. */
#include "vm.h"

struct list *br_list_new(struct berry *vm, uint32_t room)
{
    struct list *l = (struct list *)(void *)br_instance_new(vm, vm->classes.list);
    if (!l || !room)
        return l;
    br_put_object(vm, l);
    void *items = br_realloc(vm, NULL, 0, room * sizeof *l->items);
    vm->top--;
    if (!items)
        return NULL;
    l->items = items;
    l->cap = room;
    return l;
}

static bool reserve(struct berry *vm, struct list *l, uint32_t wanted)
{
    void *items = l->items;
    if (!br_grow(vm, &items, &l->cap, sizeof *l->items, wanted))
        return false;
    l->items = items;
    return true;
}

bool br_list_push(struct berry *vm, struct list *l, const struct value *v)
{
    if (l->count == l->cap && !reserve(vm, l, l->count + 1))
        return false;
    copy_value(&l->items[l->count++], v);
    return true;
}

bool br_list_insert(struct berry *vm, struct list *l, uint32_t at, const struct value *v)
{
    if (!reserve(vm, l, l->count + 1))
        return false;
    memmove(&l->items[at + 1], &l->items[at], (l->count - at) * sizeof *l->items);
    l->items[at] = *v;
    l->count++;
    return true;
}

/* Moving elements is work that counts. */
static bool remove_at(struct berry *vm, struct list *l, uint32_t at)
{
    l->count--;
    memmove(&l->items[at], &l->items[at + 1], (l->count - at) * sizeof *l->items);
    return br_spend(vm, (l->count - at) / 16);
}

bool br_list_equal(struct berry *vm, struct list *a, struct list *b, bool *out)
{
    *out = a->count == b->count;
    if (a == b || !*out)
        return true;
    if (!br_enter(vm, NEST_EQUAL))
        return false;
    br_put_object(vm, a); /* == may drop what holds them */
    br_put_object(vm, b);
    bool ok = br_ensure_stack(vm, 0);
    for (uint32_t i = 0; ok && *out && i < a->count && i < b->count; i++) {
        struct value x = a->items[i], y = b->items[i]; /* == may change the lists */
        ok = br_equal(vm, &x, &y, out) && br_spend(vm, 1);
    }
    if (ok && a->count != b->count)
        *out = false;
    vm->top -= 2;
    br_leave(vm, NEST_EQUAL);
    return ok;
}

/* ---- methods ---- */

static struct list *self_list(struct berry *vm)
{
    struct value self = br_arg(vm, 0);
    if (self.tag == TAG_LIST)
        return as_list(&self);
    br_type_error(vm, "list expected");
    return NULL;
}

/* The element an int index means, or -1. */
static int64_t find_place(const struct list *l, const struct value *key)
{
    if (key->tag != TAG_INT)
        return -1;
    int64_t i = key->u.i < 0 ? (int64_t)key->u.i + l->count : key->u.i;
    return i < l->count ? i : -1;
}

static bool list_init(struct berry *vm, int argc)
{
    struct list *l = self_list(vm);
    for (int i = 1; l && i < argc; i++) {
        if (!br_list_push(vm, l, &vm->base[i]))
            return false;
    }
    return l != NULL;
}

static bool slice(struct berry *vm, const struct list *l, const struct range *r)
{
    uint32_t from, count;
    br_clip_range(r, l->count, &from, &count);
    struct list *part = br_list_new(vm, count);
    if (!part)
        return false;
    if (count)
        memcpy(part->items, l->items + from, count * sizeof *part->items);
    part->count = count;
    return br_return_object(vm, part) && br_spend(vm, count / 16);
}

static bool pick(struct berry *vm, const struct list *l, const struct list *which)
{
    struct list *picked = br_list_new(vm, which->count);
    if (!picked)
        return false;
    for (uint32_t i = 0; i < which->count; i++) {
        const struct value *k = &which->items[i];
        bool inside = k->tag == TAG_INT && k->u.i >= 0 && (uint64_t)k->u.i < l->count;
        picked->items[picked->count++] = inside ? l->items[k->u.i] : value_nil();
    }
    return br_return_object(vm, picked) && br_spend(vm, picked->count / 4);
}

static bool list_item(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    struct value key = br_arg(vm, 1);
    if (!l)
        return false;
    if (key.tag == TAG_RANGE)
        return slice(vm, l, as_range(&key));
    if (key.tag == TAG_LIST)
        return pick(vm, l, as_list(&key));
    int64_t i = find_place(l, &key);
    if (i < 0)
        return berry_raise(vm, "index_error", "list index out of range");
    return br_return(vm, l->items[i]);
}

static bool list_setitem(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    struct value key = br_arg(vm, 1);
    if (!l)
        return false;
    int64_t i = find_place(l, &key);
    if (i < 0)
        return berry_raise(vm, "index_error", "list assignment index out of range");
    l->items[i] = br_arg(vm, 2);
    return true;
}

static bool list_push(struct berry *vm, int argc)
{
    struct list *l = self_list(vm);
    struct value v = br_arg(vm, 1);
    return l && (argc < 2 || br_list_push(vm, l, &v));
}

static bool list_pop(struct berry *vm, int argc)
{
    struct list *l = self_list(vm);
    struct value key = argc > 1 ? vm->base[1] : value_int(-1);
    if (!l)
        return false;
    int64_t i = find_place(l, &key);
    if (i < 0)
        return berry_raise(vm, "index_error", "list index out of range");
    vm->result = l->items[i];
    return remove_at(vm, l, (uint32_t)i);
}

static bool list_insert(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    struct value key = br_arg(vm, 1), v = br_arg(vm, 2);
    if (!l || key.tag != TAG_INT)
        return l != NULL;
    int64_t i = key.u.i < 0 ? (int64_t)key.u.i + l->count : key.u.i;
    if (i < 0 || i > l->count)
        return true;
    return br_spend(vm, (l->count - (size_t)i) / 16) && br_list_insert(vm, l, (uint32_t)i, &v);
}

static bool list_remove(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    struct value key = br_arg(vm, 1);
    if (!l)
        return false;
    int64_t i = find_place(l, &key);
    return i < 0 || remove_at(vm, l, (uint32_t)i);
}

static bool list_size(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    return l && br_return(vm, value_int((berry_int)l->count));
}

static bool list_tobool(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    return l && br_return(vm, value_bool(l->count != 0));
}

static bool list_iter(struct berry *vm, int argc)
{
    (void)argc;
    struct value self = br_arg(vm, 0);
    return self_list(vm) && br_push_iterator(vm, &self, false) && berry_return(vm);
}

static bool list_find(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    struct value wanted = br_arg(vm, 1);
    for (uint32_t i = 0; l && i < l->count; i++) {
        bool same;
        struct value v = l->items[i];
        if (!br_equal(vm, &v, &wanted, &same) || !br_spend(vm, 1))
            return false;
        if (same)
            return br_return(vm, value_int((berry_int)i));
    }
    return l != NULL;
}

static bool list_resize(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    struct value n = br_arg(vm, 1);
    if (!l || n.tag != TAG_INT)
        return l != NULL;
    uint64_t wanted = n.u.i < 0 ? 0 : (uint64_t)n.u.i;
    if (wanted > UINT32_MAX / 2)
        return br_out_of_memory(vm);
    if (!br_spend(vm, wanted > l->count ? (size_t)(wanted - l->count) / 8 : 0) ||
        !reserve(vm, l, (uint32_t)wanted))
        return false;
    while (l->count < wanted)
        l->items[l->count++] = value_nil();
    l->count = (uint32_t)wanted;
    return true;
}

static bool list_clear(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    if (l)
        l->count = 0;
    return l != NULL;
}

static bool list_reverse(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    for (uint32_t i = 0; l && i < l->count / 2; i++) {
        struct value *a = &l->items[i], *b = &l->items[l->count - 1 - i], v = *a;
        *a = *b;
        *b = v;
    }
    return l && br_spend(vm, l->count / 8) && br_return(vm, vm->base[0]);
}

static bool list_copy(struct berry *vm, int argc)
{
    (void)argc;
    struct range all = { .lower = 0, .upper = -1 };
    struct list *l = self_list(vm);
    return l && slice(vm, l, &all);
}

static bool list_concat(struct berry *vm, int argc)
{
    (void)argc;
    struct text t;
    struct list *l = self_list(vm);
    struct value sep = br_arg(vm, 1);
    if (!l)
        return false;
    br_text_init(&t, vm);
    bool ok = true;
    for (uint32_t i = 0; ok && i < l->count; i++) {
        struct value v = l->items[i];
        if (i && sep.tag == TAG_STR)
            ok = br_text_add(&t, as_str(&sep)->s, as_str(&sep)->len);
        ok = ok && br_add_value(&t, &v, false) && br_spend(vm, 4);
    }
    return br_text_return(&t, ok);
}

static bool list_keys(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    return l && br_return_object(vm, br_range_new(vm, 0, (berry_int)l->count - 1, 1));
}

static bool list_tostring(struct berry *vm, int argc)
{
    (void)argc;
    struct value self = br_arg(vm, 0);
    return self_list(vm) && br_return_object(vm, br_builtin_text(vm, &self));
}

static bool list_add(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    struct value other = br_arg(vm, 1);
    if (!l)
        return false;
    if (other.tag != TAG_LIST)
        return br_type_error(vm, "operand must be a list");
    const struct list *m = as_list(&other);
    struct list *sum = br_list_new(vm, l->count + m->count);
    if (!sum || !br_spend(vm, (l->count + m->count) / 16))
        return false;
    if (l->count)
        memcpy(sum->items, l->items, l->count * sizeof *l->items);
    if (m->count)
        memcpy(sum->items + l->count, m->items, m->count * sizeof *m->items);
    sum->count = l->count + m->count;
    return br_return_object(vm, sum);
}

static bool list_append(struct berry *vm, int argc)
{
    (void)argc;
    struct list *l = self_list(vm);
    struct value v = br_arg(vm, 1);
    return l && br_list_push(vm, l, &v) && br_return(vm, vm->base[0]);
}

static bool compare_lists(struct berry *vm, bool equal)
{
    struct list *l = self_list(vm);
    struct value other = br_arg(vm, 1);
    bool same = false;
    if (!l || (other.tag == TAG_LIST && !br_list_equal(vm, l, as_list(&other), &same)))
        return false;
    return br_return(vm, value_bool(same == equal));
}

static bool list_eq(struct berry *vm, int argc)
{
    (void)argc;
    return compare_lists(vm, true);
}

static bool list_ne(struct berry *vm, int argc)
{
    (void)argc;
    return compare_lists(vm, false);
}

static const struct berry_member methods[] = { BERRY_METHOD("init", list_init),
                                               BERRY_METHOD("push", list_push),
                                               BERRY_METHOD("pop", list_pop),
                                               BERRY_METHOD("insert", list_insert),
                                               BERRY_METHOD("remove", list_remove),
                                               BERRY_METHOD("item", list_item),
                                               BERRY_METHOD("setitem", list_setitem),
                                               BERRY_METHOD("size", list_size),
                                               BERRY_METHOD("tobool", list_tobool),
                                               BERRY_METHOD("tostring", list_tostring),
                                               BERRY_METHOD("iter", list_iter),
                                               BERRY_METHOD("find", list_find),
                                               BERRY_METHOD("resize", list_resize),
                                               BERRY_METHOD("clear", list_clear),
                                               BERRY_METHOD("reverse", list_reverse),
                                               BERRY_METHOD("copy", list_copy),
                                               BERRY_METHOD("concat", list_concat),
                                               BERRY_METHOD("keys", list_keys),
                                               BERRY_METHOD("+", list_add),
                                               BERRY_METHOD("..", list_append),
                                               BERRY_METHOD("==", list_eq),
                                               BERRY_METHOD("!=", list_ne),
                                               BERRY_END };

const struct berry_class br_list_class = { .name = "list", .members = methods };
