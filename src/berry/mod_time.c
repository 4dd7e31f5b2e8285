/* The module time, over the host's clock. */
#include "vm.h"

static bool time_time(struct berry *vm, int argc)
{
    (void)argc;
    if (!vm->host.clock->time)
        return true;
    return br_return(vm, value_int((berry_int)vm->host.clock->time(vm->host.user)));
}

static bool time_clock(struct berry *vm, int argc)
{
    (void)argc;
    if (!vm->host.clock->clock)
        return true;
    return br_return(vm, value_real((berry_real)vm->host.clock->clock(vm->host.user)));
}

static bool put(struct berry *vm, struct map *m, const char *name, berry_int n)
{
    struct str *s = br_str_c(vm, name);
    if (!s)
        return false;
    struct value key = value_of(s), v = value_int(n);
    br_put(vm, key);
    bool ok = br_map_set(vm, m, &key, &v);
    vm->top--;
    return ok;
}

static bool time_dump(struct berry *vm, int argc)
{
    (void)argc;
    struct berry_time t;
    if (!br_arg_is_int(vm, 0) || !vm->host.clock->local ||
        !vm->host.clock->local(vm->host.user, vm->base[0].u.i, &t))
        return true;
    struct map *m = br_map_new(vm);
    if (!m)
        return false;
    br_put_object(vm, m);
    return put(vm, m, "year", t.year) && put(vm, m, "month", t.month) && put(vm, m, "day", t.day) &&
           put(vm, m, "hour", t.hour) && put(vm, m, "min", t.min) && put(vm, m, "sec", t.sec) &&
           put(vm, m, "weekday", t.weekday) && put(vm, m, "epoch", vm->base[0].u.i) &&
           berry_return(vm);
}

static const struct berry_member members[] = {
    BERRY_FUNCTION("time", time_time),
    BERRY_FUNCTION("clock", time_clock),
    BERRY_FUNCTION("dump", time_dump),
    BERRY_END,
};

const struct berry_module br_time_module = { .name = "time", .members = members };
