/*
 * The collector: precise mark and sweep, all at once, without recursion. Grey objects wait on an
 * explicit stack; when that can't grow, the heap is walked for grey ones instead.
 *
 * Objects with a deinit method live on a list of their own. Unreachable ones are kept for one more
 * round, until br_run_deinits() has called the method at a moment when scripts may run.
 */
#include "vm.h"

static bool push_grey(struct berry *vm, struct obj *o)
{
    if (vm->grey_count == vm->grey_cap) {
        uint32_t cap = vm->grey_cap ? vm->grey_cap * 2 : 32;
        struct obj **p = br_realloc(vm, vm->grey, vm->grey_cap * sizeof *p, cap * sizeof *p);
        if (!p)
            return false;
        vm->grey = p;
        vm->grey_cap = cap;
    }
    vm->grey[vm->grey_count++] = o;
    return true;
}

void br_mark_object(struct berry *vm, struct obj *o)
{
    if (!o || o->mark != MARK_WHITE)
        return;
    if (o->tag == TAG_STR || o->tag == TAG_HANDLE) {
        o->mark = MARK_BLACK;
        return;
    }
    o->mark = MARK_GREY;
    if (!push_grey(vm, o))
        vm->grey_overflow = true;
}

void br_mark_value(struct berry *vm, const struct value *v)
{
    if (is_object(v))
        br_mark_object(vm, v->u.o);
}

static void mark_values(struct berry *vm, const struct value *v, size_t count)
{
    for (size_t i = 0; i < count; i++)
        br_mark_value(vm, &v[i]);
}

static void mark_proto(struct berry *vm, struct proto *p)
{
    br_mark_object(vm, (struct obj *)p->name);
    br_mark_object(vm, (struct obj *)p->source);
    mark_values(vm, p->constants, p->nconstants);
    for (uint32_t i = 0; i < p->nprotos; i++)
        br_mark_object(vm, (struct obj *)p->protos[i]);
}

static void mark_closure(struct berry *vm, struct closure *c)
{
    br_mark_object(vm, (struct obj *)c->proto);
    br_mark_object(vm, (struct obj *)c->owner);
    for (uint32_t i = 0; i < c->proto->ncaptures; i++)
        br_mark_object(vm, (struct obj *)c->upvalues[i]);
}

static void mark_instance(struct berry *vm, struct instance *o)
{
    struct value v = value_of(o);
    br_mark_object(vm, (struct obj *)o->klass);
    if (v.tag == TAG_VIEW) {
        br_mark_object(vm, as_view(&v)->target);
        return;
    }
    if (v.tag == TAG_LIST)
        mark_values(vm, as_list(&v)->items, as_list(&v)->count);
    else if (v.tag == TAG_MAP)
        br_table_mark(vm, &as_map(&v)->table);
    else if (v.tag == TAG_BYTES)
        br_mark_object(vm, as_bytes(&v)->owner);
    if (o->klass)
        mark_values(vm, br_fields(o), o->klass->nvars);
}

static void mark_class(struct berry *vm, struct klass *k)
{
    br_mark_object(vm, (struct obj *)k->name);
    br_mark_object(vm, (struct obj *)k->super);
    br_table_mark(vm, &k->members);
}

static void mark_children(struct berry *vm, struct obj *o)
{
    struct value v = value_of(o);
    switch (v.tag) {
    case TAG_PROTO:
        mark_proto(vm, (struct proto *)(void *)o);
        break;
    case TAG_UPVALUE:
        br_mark_value(vm, ((struct upvalue *)(void *)o)->at);
        break;
    case TAG_CLOSURE:
        mark_closure(vm, as_closure(&v));
        break;
    case TAG_NCLOSURE:
        mark_values(vm, as_nclosure(&v)->values, as_nclosure(&v)->count);
        break;
    case TAG_CLASS:
        mark_class(vm, as_class(&v));
        break;
    case TAG_MODULE:
        br_mark_object(vm, (struct obj *)as_module(&v)->name);
        br_table_mark(vm, &as_module(&v)->members);
        break;
    case TAG_REF:
        br_mark_object(vm, as_ref(&v)->target);
        break;
    default:
        mark_instance(vm, as_instance(&v));
        break;
    }
}

static void blacken(struct berry *vm, struct obj *o)
{
    o->mark = MARK_BLACK;
    mark_children(vm, o);
}

static void drain_list(struct berry *vm, struct obj *o)
{
    for (; o; o = o->next) {
        if (o->mark == MARK_GREY)
            blacken(vm, o);
        while (vm->grey_count)
            blacken(vm, vm->grey[--vm->grey_count]);
    }
}

static void drain(struct berry *vm)
{
    while (vm->grey_count)
        blacken(vm, vm->grey[--vm->grey_count]);
    while (vm->grey_overflow) {
        vm->grey_overflow = false;
        drain_list(vm, vm->objects);
        drain_list(vm, vm->with_deinit);
        drain_list(vm, vm->deinit_due);
    }
}

static void mark_stack(struct berry *vm)
{
    mark_values(vm, vm->stack, (size_t)(vm->top - vm->stack));
    /* What lies above is left over from calls that ended; it must not dangle. */
    for (struct value *v = vm->top; v < vm->stack_end; v++)
        *v = value_nil();
    for (struct frame *f = vm->frames + 1; f <= vm->frame; f++)
        br_mark_object(vm, (struct obj *)f->closure);
    for (struct upvalue *u = vm->open_upvalues; u; u = u->u.next)
        br_mark_object(vm, &u->obj);
}

static void mark_exception(struct berry *vm)
{
    br_mark_value(vm, &vm->error);
    br_mark_value(vm, &vm->error_message);
    br_mark_object(vm, (struct obj *)vm->error_text);
    uint32_t lines = vm->trace_count;
    for (uint32_t i = 0; i < lines; i++) {
        br_mark_object(vm, (struct obj *)vm->trace[i].file);
        br_mark_object(vm, (struct obj *)vm->trace[i].function);
    }
}

static void mark_roots(struct berry *vm)
{
    mark_stack(vm);
    mark_exception(vm);
    mark_values(vm, vm->globals, vm->nglobals);
    br_table_mark(vm, &vm->global_names);
    br_table_mark(vm, &vm->modules);
    br_mark_value(vm, &vm->result);
    br_mark_value(vm, &vm->running);
    for (int i = 0; i < NAME_COUNT; i++)
        br_mark_object(vm, (struct obj *)vm->names[i]);
    br_mark_object(vm, (struct obj *)vm->classes.list);
    br_mark_object(vm, (struct obj *)vm->classes.map);
    br_mark_object(vm, (struct obj *)vm->classes.range);
    br_mark_object(vm, (struct obj *)vm->classes.bytes);
    br_mark_object(vm, (struct obj *)vm->sys_path);
    br_mark_object(vm, (struct obj *)vm->refs);
    for (struct obj *o = vm->deinit_due; o; o = o->next)
        br_mark_object(vm, o);
    br_mark_compiler(vm);
}

/* Unreachable objects with a deinit method become due, and live until it has run. */
static void find_due(struct berry *vm)
{
    struct obj **at = &vm->with_deinit;
    while (*at) {
        struct obj *o = *at;
        if (o->mark != MARK_WHITE) {
            at = &o->next;
            continue;
        }
        *at = o->next;
        o->next = vm->deinit_due;
        vm->deinit_due = o;
    }
    for (struct obj *o = vm->deinit_due; o; o = o->next)
        br_mark_object(vm, o);
    drain(vm);
}

static void free_proto(struct berry *vm, struct proto *p)
{
    br_free(vm, p->code, p->ncode * sizeof *p->code);
    br_free(vm, p->constants, p->nconstants * sizeof *p->constants);
    br_free(vm, p->protos, p->nprotos * sizeof *p->protos);
    br_free(vm, p->captures, p->ncaptures * sizeof *p->captures);
    br_free(vm, p->handlers, p->nhandlers * sizeof *p->handlers);
    br_free(vm, p->lines, p->nlines * sizeof *p->lines);
    br_free(vm, p, sizeof *p);
}

static void drop_data(struct berry *vm, struct instance *o)
{
    const struct klass *k = o->klass;
    if (!k->data_size)
        return;
    while (!k->def)
        k = k->super;
    if (k->def->drop)
        k->def->drop(vm, br_instance_data(o));
}

static void free_instance(struct berry *vm, struct instance *o)
{
    struct value v = value_of(o);
    size_t size = br_instance_size(o->klass);
    if (v.tag == TAG_VIEW)
        size = sizeof(struct view);
    else if (v.tag == TAG_INSTANCE)
        drop_data(vm, o);
    else if (v.tag == TAG_LIST)
        br_free(vm, as_list(&v)->items, as_list(&v)->cap * sizeof(struct value));
    else if (v.tag == TAG_MAP)
        br_table_free(vm, &as_map(&v)->table);
    else if (v.tag == TAG_BYTES && !(o->obj.flags & BYTES_MAPPED))
        br_free(vm, as_bytes(&v)->data, as_bytes(&v)->cap);
    br_free(vm, o, size);
}

static void free_object(struct berry *vm, struct obj *o)
{
    struct value v = value_of(o);
    vm->heap_objects--;
    switch (v.tag) {
    case TAG_STR:
        br_str_unlink(vm, as_str(&v));
        br_free(vm, o, sizeof(struct str) + as_str(&v)->len + 1);
        break;
    case TAG_PROTO:
        free_proto(vm, (struct proto *)(void *)o);
        break;
    case TAG_UPVALUE:
        br_free(vm, o, sizeof(struct upvalue));
        break;
    case TAG_CLOSURE:
        br_free(vm, o, sizeof(struct closure) + o->flags * sizeof(struct upvalue *));
        break;
    case TAG_NCLOSURE:
        br_free(vm, o, sizeof(struct nclosure) + as_nclosure(&v)->count * sizeof(struct value));
        break;
    case TAG_CLASS:
        br_table_free(vm, &as_class(&v)->members);
        br_free(vm, o, sizeof(struct klass));
        break;
    case TAG_MODULE:
        br_table_free(vm, &as_module(&v)->members);
        br_free(vm, o, sizeof(struct module));
        break;
    case TAG_REF:
        br_free(vm, o, sizeof(struct ref));
        break;
    case TAG_HANDLE:
        br_free(vm, o, sizeof(struct handle));
        break;
    default:
        free_instance(vm, as_instance(&v));
        break;
    }
}

/* Frees the white objects of a list. Classes wait until the end: their instances need them. */
static void sweep(struct berry *vm, struct obj **list, struct obj **classes)
{
    struct obj **at = list;
    while (*at) {
        struct obj *o = *at;
        if (o->mark != MARK_WHITE) {
            o->mark = MARK_WHITE;
            at = &o->next;
            continue;
        }
        *at = o->next;
        if (o->tag == TAG_CLASS) {
            o->next = *classes;
            *classes = o;
        } else {
            free_object(vm, o);
        }
    }
}

static void free_classes(struct berry *vm, struct obj *classes)
{
    while (classes) {
        struct obj *next = classes->next;
        free_object(vm, classes);
        classes = next;
    }
}

static void set_threshold(struct berry *vm)
{
    size_t next = vm->heap_used * 2;
    vm->heap_threshold = next < GC_MINIMUM ? GC_MINIMUM : next;
}

void br_collect(struct berry *vm)
{
    if (vm->collecting || !vm->frames)
        return;
    struct obj *classes = NULL;
    vm->collecting = true;
    vm->gc_runs++;
    memset(vm->cache, 0, sizeof vm->cache);
    mark_roots(vm);
    drain(vm);
    find_due(vm);
    sweep(vm, &vm->objects, &classes);
    sweep(vm, &vm->with_deinit, &classes);
    sweep(vm, &vm->deinit_due, &classes);
    free_classes(vm, classes);
    set_threshold(vm);
    vm->collecting = false;
    if (!vm->host.gc_stress)
        vm->budget -= (int32_t)(vm->heap_objects / 8 & 0xFFFFF); /* its time counts too */
    if (vm->deinit_due && !vm->in_deinit && vm->budget > 0) {
        vm->interval -= (uint32_t)vm->budget; /* have the VM look soon */
        vm->budget = 0;
    }
}

static void run_deinit(struct berry *vm, struct obj *o)
{
    struct value self = value_of(o), method, ignored;
    br_put(vm, self);
    if (br_class_find(vm, as_instance(&self)->klass, vm->names[NAME_deinit], &method)) {
        if (!br_call_values(vm, &method, &self, NULL, NULL, &ignored) && !vm->stopped &&
            !vm->exiting)
            br_clear_error(vm); /* nobody is there to catch it */
    }
    vm->top--;
}

void br_run_deinits(struct berry *vm)
{
    if (vm->in_deinit)
        return;
    vm->in_deinit = true;
    while (vm->deinit_due && !vm->raising) {
        struct obj *o = vm->deinit_due;
        vm->deinit_due = o->next;
        o->next = vm->objects; /* from now on an ordinary object */
        vm->objects = o;
        run_deinit(vm, o);
    }
    vm->in_deinit = false;
}

void br_free_all_objects(struct berry *vm)
{
    struct obj *classes = NULL;
    vm->collecting = true; /* nothing may be made or marked any more */
    sweep(vm, &vm->objects, &classes);
    sweep(vm, &vm->with_deinit, &classes);
    sweep(vm, &vm->deinit_due, &classes);
    free_classes(vm, classes);
    br_free(vm, vm->grey, vm->grey_cap * sizeof *vm->grey);
}
