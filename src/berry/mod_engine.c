/* The small modules about the engine itself: gc, sys, strict, debug. */
#include "vm.h"

/* ---- gc ---- */

static bool gc_collect(struct berry *vm, int argc)
{
    (void)argc;
    berry_collect(vm);
    return !vm->raising;
}

static bool gc_allocated(struct berry *vm, int argc)
{
    (void)argc;
    return br_return(vm, value_int((berry_int)vm->heap_used));
}

static const struct berry_member gc_members[] = {
    BERRY_FUNCTION("collect", gc_collect),
    BERRY_FUNCTION("allocated", gc_allocated),
    BERRY_END,
};

const struct berry_module br_gc_module = { .name = "gc", .members = gc_members };

/* ---- sys ---- */

struct list *br_sys_path(struct berry *vm)
{
    if (!vm->sys_path)
        vm->sys_path = br_list_new(vm, 0);
    return vm->sys_path;
}

static bool sys_path(struct berry *vm, int argc)
{
    (void)argc;
    return br_return_object(vm, br_sys_path(vm));
}

static const struct berry_member sys_members[] = {
    BERRY_FUNCTION("path", sys_path),
    BERRY_END,
};

const struct berry_module br_sys_module = { .name = "sys", .members = sys_members };

/* ---- strict: importing it is what counts ---- */

static const struct berry_member strict_members[] = { BERRY_END };

const struct berry_module br_strict_module = { .name = "strict", .members = strict_members };

/* ---- debug ---- */

static bool debug_attrdump(struct berry *vm, int argc)
{
    (void)argc;
    struct text t;
    struct value v = br_arg(vm, 0);
    br_text_init(&t, vm);
    bool ok = br_add_value(&t, &v, true) && br_text_char(&t, '\n');
    if (ok && vm->host.write)
        vm->host.write(vm->host.user, t.s, t.len);
    br_text_free(&t);
    return ok;
}

static bool debug_calldepth(struct berry *vm, int argc)
{
    (void)argc;
    return br_return(vm, value_int((berry_int)(vm->frame - vm->frames) + 1));
}

static bool debug_top(struct berry *vm, int argc)
{
    (void)argc;
    return br_return(vm, value_int((berry_int)(vm->base - vm->stack)));
}

/* The function n frames up; 0 is this native. */
static bool debug_caller(struct berry *vm, int argc)
{
    (void)argc;
    berry_int n = br_arg_is_int(vm, 0) ? vm->base[0].u.i : 1;
    if (n == 0)
        return br_return(vm, vm->running);
    if (n < 0 || n > vm->frame - vm->frames)
        return true;
    return br_return_object(vm, vm->frame[1 - n].closure);
}

static bool add_count(struct berry *vm, struct map *m, const char *name, size_t n)
{
    struct str *s = br_str_c(vm, name);
    if (!s)
        return false;
    struct value key = value_of(s), v = value_int((berry_int)n);
    br_put(vm, key);
    bool ok = br_map_set(vm, m, &key, &v);
    vm->top--;
    return ok;
}

static bool debug_counters(struct berry *vm, int argc)
{
    (void)argc;
    struct map *m = br_map_new(vm);
    if (!m)
        return false;
    br_put_object(vm, m);
    return add_count(vm, m, "objects", vm->heap_objects) &&
           add_count(vm, m, "bytes", vm->heap_used) &&
           add_count(vm, m, "collections", vm->gc_runs) && berry_return(vm);
}

static bool debug_traceback(struct berry *vm, int argc)
{
    (void)argc;
    struct text t;
    br_text_init(&t, vm);
    bool ok = br_text_add_c(&t, "stack traceback:\n");
    for (const struct frame *f = vm->frame; ok && f > vm->frames; f--) {
        const struct proto *p = f->closure->proto;
        struct value line = value_int((berry_int)br_line_of(p, f->pc));
        ok = br_text_char(&t, '\t') && br_text_add_c(&t, p->source->s) && br_text_char(&t, ':') &&
             br_add_value(&t, &line, false) && br_text_add_c(&t, ": in function `") &&
             br_text_add_c(&t, p->name->s) && br_text_add_c(&t, "`\n");
    }
    if (ok && vm->host.write)
        vm->host.write(vm->host.user, t.s, t.len);
    br_text_free(&t);
    return ok;
}

static const struct berry_member debug_members[] = {
    BERRY_FUNCTION("attrdump", debug_attrdump),
    BERRY_FUNCTION("calldepth", debug_calldepth),
    BERRY_FUNCTION("top", debug_top),
    BERRY_FUNCTION("caller", debug_caller),
    BERRY_FUNCTION("counters", debug_counters),
    BERRY_FUNCTION("traceback", debug_traceback),
    BERRY_END,
};

const struct berry_module br_debug_module = { .name = "debug", .members = debug_members };
