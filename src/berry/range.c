/* The class range. */
#include "vm.h"

struct range *br_range_new(struct berry *vm, berry_int lower, berry_int upper, berry_int step)
{
    struct range *r = (struct range *)(void *)br_instance_new(vm, vm->classes.range);
    if (!r)
        return NULL;
    r->lower = lower;
    r->upper = upper;
    r->step = step;
    return r;
}

static struct range *self_range(struct berry *vm)
{
    struct value self = br_arg(vm, 0);
    if (self.tag == TAG_RANGE)
        return as_range(&self);
    br_type_error(vm, "range expected");
    return NULL;
}

static bool range_set(struct berry *vm, int argc)
{
    struct range *r = self_range(vm);
    if (!r)
        return false;
    if (argc < 3)
        return berry_raise(vm, "value_error", "missing arguments");
    for (int i = 1; i < argc && i < 4; i++) {
        if (vm->base[i].tag != TAG_INT)
            return berry_raise(vm, "value_error", "arguments must be 'int'");
    }
    berry_int step = argc > 3 ? vm->base[3].u.i : 1;
    if (step == 0)
        return berry_raise(vm, "value_error", "increment cannot be zero");
    r->lower = vm->base[1].u.i;
    r->upper = vm->base[2].u.i;
    r->step = step;
    return true;
}

static bool range_lower(struct berry *vm, int argc)
{
    (void)argc;
    struct range *r = self_range(vm);
    return r && br_return(vm, value_int(r->lower));
}

static bool range_upper(struct berry *vm, int argc)
{
    (void)argc;
    struct range *r = self_range(vm);
    return r && br_return(vm, value_int(r->upper));
}

static bool range_incr(struct berry *vm, int argc)
{
    (void)argc;
    struct range *r = self_range(vm);
    return r && br_return(vm, value_int(r->step));
}

static bool range_iter(struct berry *vm, int argc)
{
    (void)argc;
    struct value self = br_arg(vm, 0);
    return self_range(vm) && br_push_iterator(vm, &self, false) && berry_return(vm);
}

static bool range_tostring(struct berry *vm, int argc)
{
    (void)argc;
    struct value self = br_arg(vm, 0);
    return self_range(vm) && br_return_object(vm, br_builtin_text(vm, &self));
}

static const struct berry_member methods[] = {
    BERRY_METHOD("init", range_set),          BERRY_METHOD("setrange", range_set),
    BERRY_METHOD("lower", range_lower),       BERRY_METHOD("upper", range_upper),
    BERRY_METHOD("incr", range_incr),         BERRY_METHOD("iter", range_iter),
    BERRY_METHOD("tostring", range_tostring), BERRY_END
};

const struct berry_class br_range_class = { .name = "range", .members = methods };
