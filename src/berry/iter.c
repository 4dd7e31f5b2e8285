/* Iterators of the builtin containers: native functions that hold the container and a place. */
#include "vm.h"

struct nclosure *br_nclosure_new(struct berry *vm, const struct berry_member *native,
                                 uint32_t count)
{
    struct nclosure *c = br_new_object(vm, TAG_NCLOSURE, sizeof *c + count * sizeof(struct value));
    if (!c)
        return NULL;
    c->native = native;
    c->count = count;
    return c;
}

static bool stop(struct berry *vm)
{
    struct value error = value_of(vm->names[NAME_stop_iteration]), none = value_nil();
    return br_raise_values(vm, &error, &none);
}

static bool next_of_list(struct berry *vm, int argc)
{
    (void)argc;
    struct nclosure *it = as_nclosure(&vm->running);
    const struct list *l = as_list(&it->values[0]);
    berry_int at = it->values[1].u.i;
    if (at >= (berry_int)l->count)
        return stop(vm);
    it->values[1].u.i = at + 1;
    return br_return(vm, l->items[at]);
}

static const struct slot *next_slot(struct nclosure *it)
{
    const struct table *t = &as_map(&it->values[0])->table;
    uint32_t at = (uint32_t)it->values[1].u.i;
    while (at < t->size && t->slots[at].key_tag == TAG_ABSENT)
        at++;
    it->values[1].u.i = (berry_int)at + 1;
    return at < t->size ? &t->slots[at] : NULL;
}

static bool next_of_map(struct berry *vm, int argc)
{
    (void)argc;
    const struct slot *s = next_slot(as_nclosure(&vm->running));
    return s ? br_return(vm, s->value) : stop(vm);
}

static bool next_key(struct berry *vm, int argc)
{
    (void)argc;
    const struct slot *s = next_slot(as_nclosure(&vm->running));
    return s ? br_return(vm, slot_key(s)) : stop(vm);
}

static bool next_of_range(struct berry *vm, int argc)
{
    (void)argc;
    struct nclosure *it = as_nclosure(&vm->running);
    const struct range *r = as_range(&it->values[0]);
    struct value at = it->values[1];
    if (at.tag == TAG_NIL || (r->step > 0 ? at.u.i > r->upper : at.u.i < r->upper))
        return stop(vm);
    uint64_t from = (uint64_t)at.u.i, to = (uint64_t)r->upper, step = (uint64_t)r->step;
    uint64_t left = r->step > 0 ? to - from : from - to;
    bool more = left >= (r->step > 0 ? step : 0 - step);
    it->values[1] = more ? value_int(at.u.i + r->step) : value_nil();
    return br_return(vm, at);
}

static const struct berry_member list_next = BERRY_FUNCTION("iter", next_of_list);
static const struct berry_member map_next = BERRY_FUNCTION("iter", next_of_map);
static const struct berry_member key_next = BERRY_FUNCTION("keys", next_key);
static const struct berry_member range_next = BERRY_FUNCTION("iter", next_of_range);

bool br_push_iterator(struct berry *vm, const struct value *over, bool keys)
{
    const struct berry_member *next = over->tag == TAG_LIST    ? &list_next
                                      : over->tag == TAG_RANGE ? &range_next
                                      : keys                   ? &key_next
                                                               : &map_next;
    struct nclosure *it = br_nclosure_new(vm, next, 2);
    if (!it)
        return false;
    it->values[0] = *over;
    it->values[1] = value_int(over->tag == TAG_RANGE ? as_range(over)->lower : 0);
    br_put_object(vm, it);
    return true;
}
