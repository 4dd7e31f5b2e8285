/* The public interface: life of a VM, running, and the stack as the host sees it. */
#include "vm.h"

#include <stdlib.h>

/* ---- life ---- */

static const char *const engine_names[NAME_call] = {
#define X(n) #n,
    NAMES(X)
#undef X
};

static bool make_names(struct berry *vm)
{
    for (int i = 0; i < NAME_COUNT; i++) {
        const char *text = i < NAME_call    ? engine_names[i]
                           : i == NAME_call ? "()"
                                            : br_operator_texts[i - NAME_operators];
        vm->names[i] = br_str_c(vm, i == NAME_out_of_memory ? "out of memory" : text);
        if (!vm->names[i])
            return false;
    }
    return true;
}

static bool make_classes(struct berry *vm)
{
    vm->classes.list = br_class_from_def(vm, &br_list_class, TAG_LIST);
    vm->classes.map = br_class_from_def(vm, &br_map_class, TAG_MAP);
    vm->classes.range = br_class_from_def(vm, &br_range_class, TAG_RANGE);
    vm->classes.bytes = br_class_from_def(vm, &br_bytes_class, TAG_BYTES);
    return vm->classes.list && vm->classes.map && vm->classes.range && vm->classes.bytes;
}

static bool make_stacks(struct berry *vm)
{
    vm->stack = br_realloc(vm, NULL, 0, STACK_START * sizeof *vm->stack);
    if (!vm->stack)
        return false;
    vm->stack_end = vm->stack + STACK_START;
    for (struct value *v = vm->stack; v < vm->stack_end; v++)
        *v = value_nil();
    vm->top = vm->stack;
    vm->base = vm->stack;
    vm->frames = br_realloc(vm, NULL, 0, FRAMES_START * sizeof *vm->frames);
    if (!vm->frames)
        return false;
    vm->frames_end = vm->frames + FRAMES_START;
    vm->frame = vm->frames;
    vm->frames[0] = (struct frame){ .base = vm->stack };
    return true;
}

static void set_default(uint32_t *limit, uint32_t value)
{
    if (*limit == 0)
        *limit = value;
}

static void set_limits(struct berry_limits *l)
{
    if (l->tick > INT32_MAX / 2)
        l->tick = INT32_MAX / 2;
    set_default(&l->call_depth, DEFAULT_CALLS);
    set_default(&l->stack_values, DEFAULT_STACK);
    set_default(&l->nesting, DEFAULT_NEST);
    set_default(&l->tick, DEFAULT_TICK);
}

static struct berry *alloc_vm(const struct berry_host *host)
{
    if (host->realloc)
        return host->realloc(host->user, NULL, 0, sizeof(struct berry));
    return malloc(sizeof(struct berry));
}

struct berry *berry_open(const struct berry_host *host)
{
    struct berry *vm = alloc_vm(host);
    if (!vm)
        return NULL;
    memset(vm, 0, sizeof *vm);
    vm->host = *host;
    set_limits(&vm->host.limits);
    vm->heap_used = sizeof *vm;
    vm->heap_threshold = GC_MINIMUM;
    vm->strict = host->strict;
    vm->random = 2463534242u;
    vm->budget = (int32_t)vm->host.limits.tick;
    vm->interval = vm->host.limits.tick;
    vm->collecting = true; /* not before everything stands */
    bool ok = make_stacks(vm) && make_names(vm) && make_classes(vm);
    vm->collecting = false;
    if (ok)
        return vm;
    berry_close(vm);
    return NULL;
}

static void free_vm(struct berry *vm)
{
    if (vm->host.realloc)
        vm->host.realloc(vm->host.user, vm, sizeof *vm, 0);
    else
        free(vm);
}

/* Every object that still has a deinit to run gets its turn, within the usual limits. */
static void finish_objects(struct berry *vm)
{
    struct obj **end = &vm->deinit_due;
    while (*end)
        end = &(*end)->next;
    *end = vm->with_deinit;
    vm->with_deinit = NULL;
    br_run_deinits(vm);
}

/* A call by the host gets a budget of its own; one from inside a native shares that of its script.
 */
static void begin_call(struct berry *vm)
{
    br_clear_error(vm);
    if (vm->frame > vm->frames)
        return;
    vm->stopped = false;
    vm->exiting = false;
    vm->timed_out = false;
    vm->spent = 0;
    vm->interval = vm->host.limits.tick;
    uint64_t limit = vm->host.limits.instructions;
    if (limit && limit < vm->interval)
        vm->interval = (uint32_t)limit;
    vm->budget = (int32_t)vm->interval;
}

void berry_close(struct berry *vm)
{
    if (!vm)
        return;
    if (vm->classes.bytes) {
        begin_call(vm);
        finish_objects(vm);
    }
    br_free_all_objects(vm);
    br_table_free(vm, &vm->global_names);
    br_table_free(vm, &vm->modules);
    br_free(vm, vm->globals, vm->globals_cap * sizeof *vm->globals);
    br_free(vm, vm->strings, vm->strings_size * sizeof *vm->strings);
    br_free(vm, vm->stack, (size_t)(vm->stack_end - vm->stack) * sizeof *vm->stack);
    br_free(vm, vm->frames, (size_t)(vm->frames_end - vm->frames) * sizeof *vm->frames);
    free_vm(vm);
}

void *berry_user(struct berry *vm)
{
    return vm->host.user;
}

/* ---- running ---- */

static enum berry_status status_of(struct berry *vm, bool ok)
{
    if (ok)
        return BERRY_OK;
    if (vm->frame == vm->frames)
        vm->raising = false; /* it has arrived; berry_error() still tells it */
    return vm->exiting ? BERRY_EXIT : BERRY_EXCEPTION;
}

enum berry_status berry_compile(struct berry *vm, const char *source, size_t len, const char *name)
{
    begin_call(vm);
    struct closure *c = NULL;
    if (br_ensure_stack(vm, 2)) {
        struct str *file = br_str_c(vm, name);
        c = file ? br_compile(vm, source, len, file, false) : NULL;
    }
    if (c)
        br_put_object(vm, c);
    return status_of(vm, c != NULL);
}

enum berry_status berry_call(struct berry *vm, int argc)
{
    begin_call(vm);
    return status_of(vm, berry_invoke(vm, argc));
}

enum berry_status berry_run(struct berry *vm, const char *source, size_t len, const char *name)
{
    enum berry_status status = berry_compile(vm, source, len, name);
    return status == BERRY_OK ? berry_call(vm, 0) : status;
}

enum berry_status berry_run_file(struct berry *vm, const char *name)
{
    struct closure *c;
    begin_call(vm);
    if (!br_ensure_stack(vm, 2) || !br_load_file(vm, name, &c, false))
        return status_of(vm, false);
    br_put_object(vm, c);
    return berry_call(vm, 0);
}

bool berry_add_path(struct berry *vm, const char *folder)
{
    struct list *paths = br_sys_path(vm);
    struct str *s = paths ? br_str_c(vm, folder) : NULL;
    if (!s)
        return false;
    struct value v = value_of(s);
    br_put(vm, v);
    bool ok = br_list_push(vm, paths, &v);
    vm->top--;
    return ok;
}

bool berry_invoke(struct berry *vm, int argc)
{
    struct value out;
    if (!br_ensure_stack(vm, 1) || !br_call(vm, argc, &out))
        return false;
    br_put(vm, out);
    return true;
}

/* Index to place: from the base, or from the top if negative. NULL: there is no such value. */
static struct value *at(struct berry *vm, int index)
{
    struct value *v = index < 0 ? vm->top + index : vm->base + index;
    return v >= vm->base && v < vm->top ? v : NULL;
}

static struct value value_at(struct berry *vm, int index)
{
    const struct value *v = at(vm, index);
    return v ? *v : value_nil();
}

bool berry_invoke_method(struct berry *vm, const char *name, int argc)
{
    struct value fn, self, out, object = value_at(vm, -argc - 1);
    struct str *s = br_str_c(vm, name);
    if (!s)
        return false;
    br_put_object(vm, s);
    bool found = br_ensure_stack(vm, 1) && br_get_method(vm, &object, s, &fn, &self);
    vm->top--;
    if (!found)
        return false;
    struct value *place = vm->top - argc - 1;
    if (self.tag != TAG_ABSENT) {
        memmove(place + 2, place + 1, (size_t)argc * sizeof *place);
        place[1] = self;
        vm->top++;
        argc++;
    }
    place[0] = fn;
    if (!br_call(vm, argc, &out))
        return false;
    br_put(vm, out);
    return true;
}

int berry_exit_code(struct berry *vm)
{
    return vm->exit_code;
}

bool berry_spend(struct berry *vm, uint32_t n)
{
    return br_spend(vm, n);
}

/* ---- errors as text ---- */

static bool add_error_value(struct text *t, const struct value *v)
{
    if (br_add_value(t, v, false))
        return true;
    br_clear_error(t->vm); /* its tostring() raised */
    return br_text_add_c(t, br_type_name(v));
}

static const char *error_as_text(struct berry *vm, bool with_error, bool with_message)
{
    struct text t;
    struct value error = vm->error, message = vm->error_message;
    const struct value *only = with_error ? &error : &message;
    bool kept = vm->trace_kept;
    if (with_error != with_message && only->tag == TAG_STR)
        return as_str(only)->s; /* needs no memory */
    br_put(vm, error);
    br_put(vm, message);
    br_text_init(&t, vm);
    vm->trace_kept = true;
    vm->raising = false; /* or what tostring() tries to do would seem to fail */
    bool ok = true;
    if (with_error)
        ok = add_error_value(&t, &error);
    if (ok && with_error && with_message)
        ok = br_text_add_c(&t, ": ");
    if (ok && with_message)
        ok = add_error_value(&t, &message);
    struct str *s = ok ? br_text_str(&t) : NULL;
    br_text_free(&t);
    vm->trace_kept = kept;
    vm->error = error;
    vm->error_message = message;
    vm->top -= 2;
    vm->error_text = s;
    return s ? s->s : "memory_error: out of memory";
}

const char *berry_error(struct berry *vm)
{
    return error_as_text(vm, true, true);
}

const char *berry_error_name(struct berry *vm)
{
    return error_as_text(vm, true, false);
}

const char *berry_error_message(struct berry *vm)
{
    return error_as_text(vm, false, true);
}

static void write_text(struct berry *vm, const char *s)
{
    if (vm->host.write)
        vm->host.write(vm->host.user, s, strlen(s));
}

static void write_trace_line(struct berry *vm, const struct trace_line *line)
{
    char number[16];
    write_text(vm, "\t");
    if (!line->file) {
        write_text(vm, "<native>: in native function\n");
        return;
    }
    char *p = number + sizeof number;
    *--p = '\0';
    uint32_t n = line->line;
    do
        *--p = (char)('0' + n % 10);
    while (n /= 10);
    write_text(vm, line->file->s);
    write_text(vm, ":");
    write_text(vm, p);
    write_text(vm, ": in function `");
    write_text(vm, line->function->s);
    write_text(vm, "`\n");
}

void berry_print_error(struct berry *vm)
{
    uint32_t count = vm->trace_count, total = vm->trace_total;
    write_text(vm, berry_error(vm));
    write_text(vm, "\n");
    if (count)
        write_text(vm, "stack traceback:\n");
    for (uint32_t i = 0; i < count; i++) {
        if (total > TRACE_FRAMES && i == TRACE_FRAMES / 2)
            write_text(vm, "\t...\n");
        write_trace_line(vm, &vm->trace[i]);
    }
}

/* ---- reading ---- */

enum berry_type berry_type(struct berry *vm, int index)
{
    static const uint8_t types[] = {
        [TAG_NIL] = BERRY_NIL,
        [TAG_BOOL] = BERRY_BOOL,
        [TAG_INT] = BERRY_INT,
        [TAG_REAL] = BERRY_REAL,
        [TAG_PTR] = BERRY_PTR,
        [TAG_NATIVE] = BERRY_FUNCTION_TYPE,
        [TAG_ABSENT] = BERRY_NIL,
        [TAG_STR] = BERRY_STRING,
        [TAG_CLOSURE] = BERRY_FUNCTION_TYPE,
        [TAG_NCLOSURE] = BERRY_FUNCTION_TYPE,
        [TAG_CLASS] = BERRY_CLASS_TYPE,
        [TAG_MODULE] = BERRY_MODULE_TYPE,
        [TAG_REF] = BERRY_PTR,
        [TAG_HANDLE] = BERRY_PTR,
    };
    struct value v = value_at(vm, index);
    return v.tag <= TAG_HANDLE ? (enum berry_type)types[v.tag] : BERRY_INSTANCE;
}

int berry_top(struct berry *vm)
{
    return (int)(vm->top - vm->base);
}

bool berry_to_bool(struct berry *vm, int index)
{
    struct value v = value_at(vm, index);
    bool truth;
    return is_instance(&v) || (br_truth(vm, &v, &truth) && truth);
}

berry_int berry_to_int(struct berry *vm, int index)
{
    struct value v = value_at(vm, index);
    return v.tag == TAG_INT ? v.u.i : v.tag == TAG_BOOL ? v.u.b : 0;
}

berry_real berry_to_real(struct berry *vm, int index)
{
    struct value v = value_at(vm, index);
    return is_number(&v) ? number_as_real(&v) : 0;
}

const char *berry_to_string(struct berry *vm, int index, size_t *len)
{
    struct value v = value_at(vm, index);
    if (v.tag != TAG_STR)
        return NULL;
    if (len)
        *len = as_str(&v)->len;
    return as_str(&v)->s;
}

uint8_t *berry_to_bytes(struct berry *vm, int index, size_t *len, bool *fixed)
{
    struct value v = value_at(vm, index);
    if (v.tag != TAG_BYTES)
        return NULL;
    if (len)
        *len = as_bytes(&v)->len;
    if (fixed)
        *fixed = v.u.o->flags & BYTES_FIXED;
    return as_bytes(&v)->data ? as_bytes(&v)->data : &vm->no_bytes;
}

void *berry_to_comptr(struct berry *vm, int index, const void *kind)
{
    struct value v = value_at(vm, index);
    return v.tag == TAG_HANDLE && as_handle(&v)->kind == kind ? as_handle(&v)->p : NULL;
}

void *berry_to_data(struct berry *vm, int index, const struct berry_class *class_def)
{
    struct value v = value_at(vm, index);
    v = br_self(&v);
    if (v.tag != TAG_INSTANCE)
        return NULL;
    const struct klass *k = as_instance(&v)->klass;
    while (k && k->def != class_def)
        k = k->super;
    return k ? br_instance_data(as_instance(&v)) : NULL;
}

bool berry_is_instance(struct berry *vm, int index, const char *class_name)
{
    struct value v = value_at(vm, index);
    if (!is_instance(&v))
        return false;
    const struct klass *k = as_instance(&v)->klass;
    while (k && strcmp(br_class_name(k), class_name) != 0)
        k = k->super;
    return k != NULL;
}

/* ---- pushing ---- */

static bool push(struct berry *vm, struct value v)
{
    return br_push(vm, &v);
}

static bool push_object(struct berry *vm, void *o)
{
    return o && push(vm, value_of(o));
}

bool berry_push_nil(struct berry *vm)
{
    return push(vm, value_nil());
}

bool berry_push_bool(struct berry *vm, bool value)
{
    return push(vm, value_bool(value));
}

bool berry_push_int(struct berry *vm, berry_int value)
{
    return push(vm, value_int(value));
}

bool berry_push_real(struct berry *vm, berry_real value)
{
    return push(vm, value_real(value));
}

/* Room on the stack comes first: what is made may not wait unrooted while the stack grows. */
bool berry_push_string(struct berry *vm, const char *text, size_t len)
{
    return br_ensure_stack(vm, 1) && push_object(vm, br_str(vm, text, len));
}

bool berry_push_bytes(struct berry *vm, const uint8_t *data, size_t len)
{
    if (!br_ensure_stack(vm, 2))
        return false;
    struct bytes *b = br_bytes_new(vm, len > BYTES_MAX ? BYTES_MAX : (uint32_t)len);
    if (b && b->len)
        memcpy(b->data, data, b->len);
    return push_object(vm, b);
}

bool berry_push_mapped(struct berry *vm, uint8_t *data, size_t len)
{
    if (!br_ensure_stack(vm, 2))
        return false;
    struct bytes *b = br_bytes_new(vm, 0);
    if (!b)
        return false;
    b->data = data;
    b->len = (uint32_t)(len > BYTES_MAX ? BYTES_MAX : len);
    b->base.obj.flags |= BYTES_FIXED | BYTES_MAPPED;
    return push_object(vm, b);
}

bool berry_push_native(struct berry *vm, const struct berry_member *function)
{
    return push(vm, value_native(function));
}

bool berry_push_comptr(struct berry *vm, void *p, const void *kind)
{
    if (!br_ensure_stack(vm, 1))
        return false;
    struct handle *h = br_new_object(vm, TAG_HANDLE, sizeof *h);
    if (!h)
        return false;
    h->p = p;
    h->kind = kind;
    return push_object(vm, h);
}

bool berry_push_instance(struct berry *vm, const struct berry_class *class_def)
{
    if (!br_ensure_stack(vm, 2))
        return false;
    struct klass *k = br_class_of_def(vm, class_def);
    return k && push_object(vm, br_instance_new(vm, k));
}

bool berry_push_list(struct berry *vm)
{
    return br_ensure_stack(vm, 2) && push_object(vm, br_list_new(vm, 0));
}

bool berry_push_map(struct berry *vm)
{
    return br_ensure_stack(vm, 2) && push_object(vm, br_map_new(vm));
}

bool berry_push_copy(struct berry *vm, int index)
{
    return push(vm, value_at(vm, index));
}

void berry_pop(struct berry *vm, int count)
{
    ptrdiff_t have = vm->top - vm->base;
    vm->top -= count < have ? count : have;
}

bool berry_push_text(struct berry *vm, int index)
{
    struct value v = value_at(vm, index);
    return br_ensure_stack(vm, 2) && push_object(vm, br_to_str(vm, &v));
}

bool berry_push_quoted(struct berry *vm, int index)
{
    struct text t;
    struct value v = value_at(vm, index);
    if (!br_ensure_stack(vm, 2))
        return false;
    br_text_init(&t, vm);
    struct str *s = br_add_value(&t, &v, true) ? br_text_str(&t) : NULL;
    br_text_free(&t);
    return push_object(vm, s);
}

/* ---- containers ---- */

bool berry_list_push(struct berry *vm, int list)
{
    struct value l = value_at(vm, list), v = value_at(vm, -1);
    bool ok =
        l.tag == TAG_LIST ? br_list_push(vm, as_list(&l), &v) : br_type_error(vm, "list expected");
    berry_pop(vm, 1);
    return ok;
}

bool berry_map_set(struct berry *vm, int map)
{
    struct value m = value_at(vm, map), key = value_at(vm, -2), v = value_at(vm, -1);
    bool ok =
        m.tag == TAG_MAP ? br_map_set(vm, as_map(&m), &key, &v) : br_type_error(vm, "map expected");
    berry_pop(vm, 2);
    return ok;
}

berry_int berry_size(struct berry *vm, int index)
{
    struct value v = value_at(vm, index);
    switch (v.tag) {
    case TAG_STR:
        return (berry_int)as_str(&v)->len;
    case TAG_LIST:
        return (berry_int)as_list(&v)->count;
    case TAG_MAP:
        return (berry_int)as_map(&v)->table.count;
    case TAG_BYTES:
        return (berry_int)as_bytes(&v)->len;
    default:
        return -1;
    }
}

bool berry_list_get(struct berry *vm, int list, berry_int i)
{
    struct value l = value_at(vm, list);
    bool inside = l.tag == TAG_LIST && i >= 0 && (uint64_t)i < as_list(&l)->count;
    return push(vm, inside ? as_list(&l)->items[i] : value_nil());
}

bool berry_map_get(struct berry *vm, int map)
{
    bool ok = true;
    struct value m = value_at(vm, map), key = value_at(vm, -1);
    const struct slot *s = NULL;
    if (m.tag == TAG_MAP)
        s = br_table_find(vm, &as_map(&m)->table, &key, &ok);
    if (ok)
        vm->top[-1] = s ? s->value : value_nil();
    return ok;
}

bool berry_map_next(struct berry *vm, int map, uint32_t *at_slot)
{
    struct value m = value_at(vm, map);
    if (m.tag != TAG_MAP)
        return false;
    const struct table *t = &as_map(&m)->table;
    while (*at_slot < t->size && t->slots[*at_slot].key_tag == TAG_ABSENT)
        ++*at_slot;
    if (*at_slot >= t->size || !br_ensure_stack(vm, 2))
        return false;
    const struct slot *s = &t->slots[(*at_slot)++];
    br_put(vm, slot_key(s));
    br_put(vm, s->value);
    return true;
}

bool berry_get_global(struct berry *vm, const char *name)
{
    struct value v;
    struct str *s = br_str_c(vm, name);
    return s && br_global_get(vm, s, &v) && push(vm, v);
}

bool berry_set_global(struct berry *vm, const char *name)
{
    struct value v = value_at(vm, -1);
    struct str *s = br_str_c(vm, name);
    bool ok = s && br_global_set(vm, s, &v);
    berry_pop(vm, 1);
    return ok;
}

bool berry_get_member(struct berry *vm, int index, const char *name)
{
    struct value o = value_at(vm, index), v;
    struct str *s = br_str_c(vm, name);
    if (!s)
        return false;
    br_put_object(vm, s);
    bool ok = br_get_member(vm, &o, s, &v);
    vm->top--;
    return ok && push(vm, v);
}

bool berry_set_member(struct berry *vm, int index, const char *name)
{
    struct value o = value_at(vm, index), v = value_at(vm, -1);
    struct str *s = br_str_c(vm, name);
    if (!s)
        return false;
    br_put_object(vm, s);
    bool ok = br_set_member(vm, &o, s, &v);
    vm->top--;
    berry_pop(vm, 1);
    return ok;
}

/* ---- results ---- */

bool berry_return(struct berry *vm)
{
    vm->result = value_at(vm, -1);
    return true;
}

bool berry_return_nil(struct berry *vm)
{
    return br_return(vm, value_nil());
}

bool berry_return_bool(struct berry *vm, bool value)
{
    return br_return(vm, value_bool(value));
}

bool berry_return_int(struct berry *vm, berry_int value)
{
    return br_return(vm, value_int(value));
}

bool berry_return_real(struct berry *vm, berry_real value)
{
    return br_return(vm, value_real(value));
}

bool berry_return_string(struct berry *vm, const char *text, size_t len)
{
    return br_return_object(vm, br_str(vm, text, len));
}

/* ---- values the host keeps: a list whose free places are absent ---- */

int berry_ref(struct berry *vm)
{
    struct value v = value_at(vm, -1);
    uint32_t i = 0;
    if (!vm->refs)
        vm->refs = br_list_new(vm, 0);
    while (vm->refs && i < vm->refs->count && vm->refs->items[i].tag != TAG_ABSENT)
        i++;
    bool ok = vm->refs && (i < vm->refs->count || br_list_push(vm, vm->refs, &v));
    if (ok)
        vm->refs->items[i] = v;
    berry_pop(vm, 1);
    return ok ? (int)i + 1 : 0;
}

static bool is_ref(const struct berry *vm, int ref)
{
    return vm->refs && ref > 0 && (uint32_t)ref <= vm->refs->count &&
           vm->refs->items[ref - 1].tag != TAG_ABSENT;
}

bool berry_push_ref(struct berry *vm, int ref)
{
    return push(vm, is_ref(vm, ref) ? vm->refs->items[ref - 1] : value_nil());
}

void berry_unref(struct berry *vm, int ref)
{
    if (is_ref(vm, ref))
        vm->refs->items[ref - 1] = value_absent();
}

/* ---- memory ---- */

size_t berry_heap_used(struct berry *vm)
{
    return vm->heap_used;
}

size_t berry_heap_objects(struct berry *vm)
{
    return vm->heap_objects;
}

void berry_collect(struct berry *vm)
{
    br_collect(vm);
    if (!vm->in_deinit)
        br_run_deinits(vm);
}
