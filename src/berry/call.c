/*
 * Calls: frames, the value stack, calls from C into scripts, captured variables, and what happens
 * between an exception and the code that catches it.
 */
#include "vm.h"

/* ---- stack ---- */

static bool stack_overflow(struct berry *vm)
{
    return berry_raise(vm, "runtime_error", "stack overflow (maximum stack size is %u)",
                       (unsigned)vm->host.limits.stack_values);
}

static void move_stack(struct berry *vm, struct value *to, size_t size)
{
    struct value *from = vm->stack;
    vm->stack = to;
    vm->stack_end = to + size;
    vm->top = to + (vm->top - from);
    vm->base = to + (vm->base - from);
    for (struct frame *f = vm->frames + 1; f <= vm->frame; f++)
        f->base = to + (f->base - from);
    for (struct upvalue *u = vm->open_upvalues; u; u = u->u.next)
        u->at = to + (u->at - from);
}

/* Room for `more` values above the top, and a few beyond that errors and natives may need. */
bool br_ensure_stack(struct berry *vm, size_t more)
{
    size_t left = (size_t)(vm->stack_end - vm->top);
    if (left >= more + NATIVE_SLOTS)
        return true;
    size_t size = (size_t)(vm->stack_end - vm->stack);
    size_t wanted = size - left + more + NATIVE_SLOTS;
    size_t limit = vm->host.limits.stack_values + 2u * NATIVE_SLOTS;
    if (wanted > limit)
        return stack_overflow(vm);
    size_t larger = size * 2 > wanted ? size * 2 : wanted;
    if (larger > limit)
        larger = limit;
    /* A new block: a collection on the way must find the old one whole. */
    struct value *stack = br_realloc(vm, NULL, 0, larger * sizeof *stack);
    if (!stack)
        return false;
    memcpy(stack, vm->stack, size * sizeof *stack);
    for (size_t i = size; i < larger; i++)
        stack[i] = value_nil();
    struct value *old = vm->stack;
    move_stack(vm, stack, larger);
    br_free(vm, old, size * sizeof *stack);
    return true;
}

/* The value goes first: making room may collect. */
bool br_push(struct berry *vm, const struct value *v)
{
    br_put(vm, *v);
    if (br_ensure_stack(vm, 0))
        return true;
    vm->top--;
    return false;
}

bool br_enter(struct berry *vm, uint32_t cost)
{
    if (vm->nesting + cost > vm->host.limits.nesting)
        return berry_raise(vm, "runtime_error", "stack overflow (nesting is too deep)");
    vm->nesting += cost;
    return true;
}

void br_leave(struct berry *vm, uint32_t cost)
{
    vm->nesting -= cost;
}

/* ---- frames ---- */

static bool grow_frames(struct berry *vm)
{
    size_t size = (size_t)(vm->frames_end - vm->frames);
    if (size > vm->host.limits.call_depth)
        return stack_overflow(vm);
    struct frame *frames = br_realloc(vm, NULL, 0, size * 2 * sizeof *frames);
    if (!frames)
        return false;
    memcpy(frames, vm->frames, size * sizeof *frames);
    vm->frame = frames + (vm->frame - vm->frames);
    br_free(vm, vm->frames, size * sizeof *frames);
    vm->frames = frames;
    vm->frames_end = frames + size * 2;
    return true;
}

static bool collect_rest(struct berry *vm, struct value *base, int argc, int fixed)
{
    uint32_t extra = argc > fixed ? (uint32_t)(argc - fixed) : 0;
    vm->top = base + (argc > fixed ? argc : fixed);
    struct list *rest = br_list_new(vm, extra);
    if (!rest)
        return false;
    if (extra)
        memcpy(rest->items, base + fixed, extra * sizeof *rest->items);
    rest->count = extra;
    base[fixed] = value_of(rest);
    return true;
}

bool br_push_frame(struct berry *vm, struct value *at, struct closure *c, int argc, uint32_t flags)
{
    const struct proto *p = c->proto;
    size_t place = (size_t)(at - vm->stack) + 1;
    if ((size_t)(vm->frame - vm->frames) >= vm->host.limits.call_depth)
        return stack_overflow(vm);
    vm->top = at + 1 + argc;
    if (vm->frame + 1 == vm->frames_end && !grow_frames(vm))
        return false;
    if (vm->stack_end - vm->top < p->nregs + NATIVE_SLOTS && !br_ensure_stack(vm, p->nregs))
        return false;
    struct value *base = vm->stack + place;
    for (int i = argc; i < p->nparams; i++)
        base[i] = value_nil();
    if (p->has_rest && !collect_rest(vm, base, argc, p->nparams - 1))
        return false;
    struct frame *f = ++vm->frame;
    f->closure = c;
    f->pc = p->code;
    f->base = base;
    f->flags = flags;
    vm->top = base + p->nregs;
    return true;
}

/* ---- calling a value ---- */

static bool call_native(struct berry *vm, struct value *at, int argc)
{
    size_t place = (size_t)(at - vm->stack), base = (size_t)(vm->base - vm->stack);
    size_t top = (size_t)(vm->top - vm->stack);
    int outer_argc = vm->argc;
    struct value outer_running = vm->running;
    const struct berry_member *native =
        at->tag == TAG_NATIVE ? at->u.native : as_nclosure(at)->native;

    if (vm->top < at + 1 + argc)
        vm->top = at + 1 + argc;
    if (!br_ensure_stack(vm, NATIVE_SLOTS))
        return false;
    vm->base = vm->stack + place + 1;
    vm->argc = argc;
    vm->running = vm->stack[place];
    vm->result = value_nil();
    bool ok = native->call(vm, argc);
    vm->base = vm->stack + base;
    vm->top = vm->stack + top;
    vm->argc = outer_argc;
    vm->running = outer_running;
    if (!ok) {
        br_trace_native(vm);
        return false;
    }
    copy_value(&vm->stack[place], &vm->result);
    return true;
}

static bool not_callable(struct berry *vm, const struct value *v)
{
    return berry_raise(vm, "type_error", "'%s' value is not callable", br_type_name(v));
}

/* Puts `fn` before the arguments, with `self` as the first of them. */
static void insert_self(struct berry *vm, struct value *at, int argc, struct value fn,
                        struct value self)
{
    memmove(at + 2, at + 1, (size_t)argc * sizeof *at);
    at[0] = fn;
    at[1] = self;
    if (vm->top < at + 2 + argc)
        vm->top = at + 2 + argc;
}

static bool construct(struct berry *vm, struct value *at, int argc, bool *entered)
{
    struct klass *k = as_class(at);
    size_t place = (size_t)(at - vm->stack);
    struct value init;
    if (vm->top < at + 1 + argc)
        vm->top = at + 1 + argc;
    struct instance *o = br_instance_new(vm, k);
    if (!o)
        return false;
    struct value self = value_of(o);
    if (br_class_find(vm, k, vm->names[NAME_init], &init) != MEMBER_METHOD) {
        *at = self;
        return true;
    }
    if (!is_function(&init)) /* A.init = 5 is allowed, and found out here */
        return not_callable(vm, &init);
    if (!br_ensure_stack(vm, 2))
        return false;
    at = vm->stack + place;
    size_t top = (size_t)(vm->top - vm->stack);
    insert_self(vm, at, argc, init, self);
    if (init.tag == TAG_CLOSURE) {
        *at = self;
        *entered = true;
        return br_push_frame(vm, at, as_closure(&init), argc + 1, FRAME_INIT);
    }
    bool ok = call_native(vm, at, argc + 1);
    vm->top = vm->stack + top;
    at = vm->stack + place;
    *at = at[1];
    return ok;
}

/* An instance or module that is called: its member "()" takes its place. */
static bool find_call_member(struct berry *vm, struct value *at, int *argc)
{
    struct value fn, self = *at;
    size_t place = (size_t)(at - vm->stack);
    if (vm->top < at + 1 + *argc)
        vm->top = at + 1 + *argc;
    if (is_instance(&self)) {
        if (!br_find_method(vm, &self, vm->names[NAME_call], &fn))
            return not_callable(vm, &self);
        if (!br_ensure_stack(vm, 2))
            return false;
        insert_self(vm, vm->stack + place, (*argc)++, fn, br_self(&self));
        return true;
    }
    if (!br_get_member_or_absent(vm, &self, vm->names[NAME_call], &fn))
        return false;
    if (!is_function(&fn))
        return not_callable(vm, &self);
    vm->stack[place] = fn;
    return true;
}

bool br_precall(struct berry *vm, struct value *at, int argc, bool *entered)
{
    size_t place = (size_t)(at - vm->stack);
    *entered = false;
    if ((is_instance(at) || at->tag == TAG_MODULE) && !find_call_member(vm, at, &argc))
        return false;
    at = vm->stack + place;
    switch (at->tag) {
    case TAG_CLOSURE:
        *entered = true;
        return br_push_frame(vm, at, as_closure(at), argc, 0);
    case TAG_NATIVE:
    case TAG_NCLOSURE:
        return call_native(vm, at, argc);
    case TAG_CLASS:
        return construct(vm, at, argc, entered);
    default:
        return not_callable(vm, at);
    }
}

/* Runs the frame that was just entered, and all above it, to the end. */
static bool run_entered(struct berry *vm)
{
    vm->frame->flags |= FRAME_ENTRY;
    if (!br_enter(vm, NEST_RUN)) {
        vm->frame--;
        return false;
    }
    bool ok = br_execute(vm);
    br_leave(vm, NEST_RUN);
    return ok;
}

bool br_call(struct berry *vm, int argc, struct value *out)
{
    bool entered;
    struct value *at = vm->top - argc - 1;
    size_t place = (size_t)(at - vm->stack);
    bool ok = br_precall(vm, at, argc, &entered);
    if (ok && entered)
        ok = run_entered(vm);
    vm->top = vm->stack + place;
    if (ok)
        *out = vm->stack[place];
    return ok;
}

bool br_call_values(struct berry *vm, const struct value *fn, const struct value *self,
                    const struct value *a, const struct value *b, struct value *out)
{
    struct value row[4] = { *fn, self ? *self : value_absent(), a ? *a : value_absent(),
                            b ? *b : value_absent() };
    int argc = -1;
    /* Twice: a script may drop its parameters, and callers look at the values afterwards. */
    for (int i = 1; i < 4; i++)
        br_put(vm, row[i]);
    for (int i = 0; i < 4; i++) {
        if (row[i].tag != TAG_ABSENT) {
            br_put(vm, row[i]);
            argc++;
        }
    }
    bool ok = br_ensure_stack(vm, 0);
    if (ok)
        ok = br_call(vm, argc, out);
    else
        vm->top -= argc + 1;
    vm->top -= 3;
    return ok;
}

/* ---- captured variables ---- */

struct upvalue *br_find_upvalue(struct berry *vm, struct value *at)
{
    struct upvalue **link = &vm->open_upvalues;
    while (*link && (*link)->at > at)
        link = &(*link)->u.next;
    struct upvalue *found = *link;
    if (found && found->at == at)
        return found;
    ptrdiff_t place = at - vm->stack;
    struct upvalue *u = br_new_object(vm, TAG_UPVALUE, sizeof *u);
    if (!u)
        return NULL;
    u->at = vm->stack + place;
    u->u.next = *link;
    *link = u;
    return u;
}

void br_close_upvalues(struct berry *vm, const struct value *from, const struct value *to)
{
    struct upvalue **link = &vm->open_upvalues;
    while (*link && (*link)->at >= from) {
        struct upvalue *u = *link;
        if (u->at >= to) {
            link = &u->u.next;
            continue;
        }
        *link = u->u.next;
        u->u.closed = *u->at;
        u->at = &u->u.closed;
    }
}

/* ---- exceptions on their way ---- */

uint32_t br_line_of(const struct proto *p, const uint32_t *pc)
{
    uint32_t at = (uint32_t)(pc - p->code), low = 0, high = p->nlines;
    if (at)
        at--; /* pc is already behind the instruction that runs */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (p->lines[middle].pc <= at)
            low = middle;
        else
            high = middle;
    }
    return p->nlines ? p->lines[low].line : 0;
}

/* The first and the last ten lines are kept. */
static void add_trace(struct berry *vm, struct str *file, struct str *function, uint32_t line)
{
    if (vm->trace_kept)
        return;
    if (vm->trace_count == TRACE_FRAMES) {
        size_t half = TRACE_FRAMES / 2;
        memmove(&vm->trace[half], &vm->trace[half + 1], (half - 1) * sizeof vm->trace[0]);
        vm->trace_count--;
    }
    vm->trace[vm->trace_count++] = (struct trace_line){ file, function, line };
    vm->trace_total++;
}

void br_trace_native(struct berry *vm)
{
    add_trace(vm, NULL, NULL, 0);
}

static bool is_stop_iteration(const struct berry *vm)
{
    return vm->error.tag == TAG_STR && as_str(&vm->error) == vm->names[NAME_stop_iteration];
}

static const struct handler *find_handler(const struct berry *vm, const struct frame *f)
{
    const struct proto *p = f->closure->proto;
    uint32_t at = (uint32_t)(f->pc - p->code) - 1;
    for (uint32_t i = 0; i < p->nhandlers; i++) {
        const struct handler *h = &p->handlers[i];
        if (at < h->start || at >= h->end)
            continue;
        if (h->kind == HANDLER_TRY || is_stop_iteration(vm))
            return h;
    }
    return NULL;
}

static void enter_handler(struct berry *vm, struct frame *f, const struct handler *h)
{
    const struct proto *p = f->closure->proto;
    br_close_upvalues(vm, f->base + h->close, f->base + p->nregs);
    if (h->kind == HANDLER_TRY) {
        f->base[h->reg] = vm->error;
        f->base[h->reg + 1] = vm->error_message;
    } else {
        br_clear_error(vm);
    }
    vm->raising = false;
    f->pc = p->code + h->target;
    vm->top = f->base + p->nregs;
}

bool br_unwind(struct berry *vm)
{
    for (;;) {
        struct frame *f = vm->frame;
        const struct proto *p = f->closure->proto;
        const struct handler *h = vm->stopped || vm->exiting ? NULL : find_handler(vm, f);
        vm->budget -= (int32_t)(p->nhandlers / 8); /* looking through them takes time */
        if (h) {
            enter_handler(vm, f, h);
            return true;
        }
        add_trace(vm, p->source, p->name, br_line_of(p, f->pc));
        br_close_upvalues(vm, f->base, vm->stack_end);
        bool is_entry = f->flags & FRAME_ENTRY;
        vm->frame--;
        if (is_entry)
            return false;
    }
}

/* ---- limits ---- */

static void refill(struct berry *vm)
{
    uint64_t limit = vm->host.limits.instructions;
    uint64_t tick = vm->host.limits.tick;
    if (limit && vm->timed_out)
        limit += limit / 10 + 100;
    if (limit && limit > vm->spent && limit - vm->spent < tick)
        tick = limit - vm->spent;
    vm->interval = (uint32_t)tick;
    vm->budget = (int32_t)tick;
}

bool br_interrupt(struct berry *vm)
{
    uint64_t limit = vm->host.limits.instructions;
    vm->spent += (uint64_t)((int64_t)vm->interval - vm->budget);
    bool over = limit && vm->spent >= limit + (vm->timed_out ? limit / 10 + 100 : 0);
    if (over && vm->timed_out)
        vm->stopped = true;
    if (over)
        vm->timed_out = true;
    refill(vm);
    if (over || vm->stopped)
        return berry_raise(vm, "timeout_error", "Berry code running for too long");
    if (vm->host.tick && !vm->host.tick(vm, vm->host.user))
        return vm->raising ? false : berry_raise(vm, "timeout_error", "stopped by the host");
    return true;
}
