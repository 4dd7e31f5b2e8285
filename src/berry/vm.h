/*
 * The virtual machine and what its files offer each other. Functions that return bool and can raise
 * give false with an exception pending. Any of them that allocates may collect: an object must be
 * reachable (from the stack, usually) before the next one is made.
 */
#ifndef BERRY_VM_H
#define BERRY_VM_H

#include "code.h"

/* The sizes that differ between a gateway and a microcontroller. */
#if UINTPTR_MAX > 0xFFFFFFFFu
#define CACHE_SIZE    256u
#define STACK_START   256u
#define FRAMES_START  32u
#define GC_MINIMUM    (128u * 1024u)
#define DEFAULT_CALLS 10000u
#define DEFAULT_STACK 20000u
#define DEFAULT_NEST  2400u
#define STRINGS_START 256u
#else
#define CACHE_SIZE    32u
#define STACK_START   64u
#define FRAMES_START  8u
#define GC_MINIMUM    (8u * 1024u)
#define DEFAULT_CALLS 1000u
#define DEFAULT_STACK 4000u
#define DEFAULT_NEST  72u
#define STRINGS_START 64u
#endif

#define DEFAULT_TICK 10000u
#define NATIVE_SLOTS 24 /* values a native of ours may push without asking */
#define TRACE_FRAMES 20u

/* What a level of recursion of our C code costs of limits.nesting: about 150 bytes of stack on a
 * small target each. */
#define NEST_PARSE 4u /* a parenthesis, a block */
#define NEST_RUN   4u /* a script run by a native */
#define NEST_PRINT 2u
#define NEST_JSON  1u
#define NEST_EQUAL 1u

#define FRAME_ENTRY 1u /* returning from it leaves br_execute() */
#define FRAME_INIT  2u /* a constructor: its result is dropped */

struct frame {
    struct closure *closure;
    const uint32_t *pc;
    struct value *base;
    uint32_t flags;
};

/* Names the engine itself uses, interned once. */
/* clang-format off */
#define NAMES(X) \
    X(init) X(deinit) X(tostring) X(tobool) X(toint) X(size) X(item) X(setitem) X(iter) X(hash) \
    X(member) X(setmember) X(stop_iteration) X(memory_error) X(out_of_memory)
/* clang-format on */

enum name {
#define X(n) NAME_##n,
    NAMES(X)
#undef X
        NAME_call,  /* "()" */
    NAME_operators, /* 19 of them, in the order of br_operator_texts */
    NAME_COUNT = NAME_operators + 19
};

struct cache_entry {
    const void *owner; /* class or module */
    const struct str *name;
    struct value value;
    uint32_t kind; /* enum member_kind */
};

struct trace_line {
    struct str *file; /* NULL: a native */
    struct str *function;
    uint32_t line;
};

struct builtin_classes {
    struct klass *list, *map, *range, *bytes;
};

struct compiler;
struct text;

struct berry {
    /* touched by every instruction or call */
    struct value *stack, *stack_end, *top;
    struct value *base; /* arguments of the running native */
    int argc;
    int32_t budget;                    /* instructions until the next look at limits and host */
    struct frame *frames, *frames_end; /* the first is a dummy */
    struct frame *frame;               /* the running one */
    struct value *globals;
    struct value result; /* of the native that just returned */
    struct upvalue *open_upvalues;
    struct value running; /* the native that runs, for those with values of their own */

    struct cache_entry cache[CACHE_SIZE];

    /* the pending exception */
    struct value error, error_message;
    bool raising; /* it is on its way; never while a script runs */
    bool stopped; /* nothing may be caught any more */
    bool timed_out;
    bool exiting;
    bool in_deinit;
    bool trace_kept; /* while scripts run for the text of an error, its trace stays */
    int exit_code;
    uint32_t trace_count, trace_total;
    struct trace_line trace[TRACE_FRAMES];

    /* memory */
    struct obj *objects;    /* all but the next two */
    struct obj *deinit_due; /* unreachable, deinit not yet called */
    struct obj *with_deinit;
    struct obj **grey;
    uint32_t grey_count, grey_cap;
    bool grey_overflow;
    bool collecting;
    size_t heap_used, heap_threshold, heap_objects;
    struct str **strings; /* the interned ones, by hash */
    uint32_t strings_size, strings_count;
    uint32_t gc_runs;

    /* names */
    struct table global_names; /* name → index */
    uint32_t nglobals, globals_cap;
    struct str *names[NAME_COUNT];
    struct builtin_classes classes;
    struct table modules; /* loaded ones: name → value */
    struct list *sys_path;
    struct list *refs;
    struct compiler *compiler;
    bool strict;

    uint32_t nesting;  /* recursion of C code now */
    uint64_t spent;    /* instructions of this call by the host, up to the last look */
    uint32_t interval; /* what budget was set to */
    uint32_t random;
    uint8_t no_bytes; /* the address an empty buffer gives */
    struct str *error_text;
    struct berry_host host;
};

/* ---- mem.c: memory, counted ---- */

/* Resizes a block; NULL with memory_error pending when the limit is reached. Size 0 frees. */
void *br_realloc(struct berry *vm, void *old, size_t old_size, size_t new_size);
void br_free(struct berry *vm, void *block, size_t size);
/* Makes room for one more element; false with memory_error pending. */
bool br_grow(struct berry *vm, void **array, uint32_t *cap, size_t element, uint32_t wanted);
/* A new object of `size` bytes, zeroed and linked; NULL with memory_error pending. */
void *br_new_object(struct berry *vm, enum tag tag, size_t size);

/* ---- gc.c ---- */

void br_collect(struct berry *vm);
void br_mark_object(struct berry *vm, struct obj *o);
void br_mark_value(struct berry *vm, const struct value *v);
void br_mark_compiler(struct berry *vm); /* in compile.c */
/* Calls the deinit methods that are due. */
void br_run_deinits(struct berry *vm);
void br_free_all_objects(struct berry *vm);

/* ---- str.c ---- */

struct str *br_str(struct berry *vm, const char *s, size_t len);
struct str *br_str_c(struct berry *vm, const char *s);
/* Room for `len` bytes to be filled by the caller, then given to br_str_done(). */
struct str *br_str_raw(struct berry *vm, size_t len);
bool br_str_same(const struct str *a, const struct str *b);
uint32_t br_str_hash(struct str *s);
uint32_t br_hash_bytes(const char *s, size_t len);
struct str *br_str_join(struct berry *vm, const struct value *a, const struct value *b);
void br_str_unlink(struct berry *vm, struct str *s);
int br_str_compare(const struct str *a, const struct str *b);

/* ---- text.c: growing text in C ---- */

struct text {
    struct berry *vm;
    char *s;
    size_t len;
    uint32_t cap;
};

void br_text_init(struct text *t, struct berry *vm);
bool br_text_add(struct text *t, const char *s, size_t len);
bool br_text_add_c(struct text *t, const char *s);
bool br_text_char(struct text *t, char c);
bool br_text_repeat(struct text *t, char c, size_t count);
void br_text_free(struct text *t);
/* Makes a string of it, as the result of the native; frees the text. `ok` false only frees. */
bool br_text_return(struct text *t, bool ok);
struct str *br_text_str(struct text *t); /* frees the text too */

/* ---- table.c ---- */

struct slot *br_table_find(struct berry *vm, const struct table *t, const struct value *key,
                           bool *ok);
struct slot *br_table_find_str(const struct table *t, const struct str *key);
/* Gives the slot of `key`, inserting it with a nil value; NULL: out of memory or hash raised. */
struct slot *br_table_put(struct berry *vm, struct table *t, const struct value *key, bool *is_new);
bool br_table_set_str(struct berry *vm, struct table *t, struct str *key, const struct value *value,
                      uint8_t kind);
bool br_table_remove(struct berry *vm, struct table *t, const struct value *key);
bool br_table_fit(struct berry *vm, struct table *t); /* rebuild with as many slots as keys */
void br_table_free(struct berry *vm, struct table *t);
void br_table_mark(struct berry *vm, const struct table *t);
static inline struct value slot_key(const struct slot *s)
{
    return (struct value){ .u = s->key, .tag = s->key_tag };
}

/* ---- class.c ---- */

struct klass *br_class_new(struct berry *vm, struct str *name);
struct klass *br_class_from_def(struct berry *vm, const struct berry_class *def, enum tag storage);
bool br_class_set_super(struct berry *vm, struct klass *k, const struct value *super);
/* Makes it usable: its parent is known, and so is the number of its own variables. */
bool br_class_begin(struct berry *vm, struct klass *k, uint32_t own_vars);
bool br_class_add(struct berry *vm, struct klass *k, struct str *name, const struct value *v,
                  enum member_kind kind);
bool br_class_end(struct berry *vm, struct klass *k);
/* Finds a member in the class and its ancestors, through the cache. MEMBER_NONE with an exception
 * pending: out of memory. */
enum member_kind br_class_find(struct berry *vm, struct klass *k, struct str *name,
                               struct value *out);
struct slot *br_class_static(struct klass *k, const struct str *name); /* to write; or NULL */
bool br_is_subclass(const struct klass *k, const struct klass *of);
/* An instance with nil variables; NULL: out of memory. */
struct instance *br_instance_new(struct berry *vm, struct klass *k);
struct value *br_fields(struct instance *o);
void *br_instance_data(struct instance *o);
size_t br_instance_size(const struct klass *k);
struct klass *br_class_of_def(struct berry *vm, const struct berry_class *def);
/* The class's own method, or absent; `o` must be an instance. */
bool br_find_method(struct berry *vm, const struct value *o, struct str *name, struct value *out);
/* The object behind a view, else itself. */
struct value br_self(const struct value *o);
bool br_super(struct berry *vm, int argc); /* the builtin */

/* ---- member.c: o.n on any value ---- */

bool br_get_member(struct berry *vm, const struct value *o, struct str *name, struct value *out);
/* The same without complaint when there is none: *out is absent then. */
bool br_get_member_or_absent(struct berry *vm, const struct value *o, struct str *name,
                             struct value *out);
bool br_set_member(struct berry *vm, const struct value *o, struct str *name,
                   const struct value *v);
/* For o.n(…): the function and its self (absent: none). */
bool br_get_method(struct berry *vm, const struct value *o, struct str *name, struct value *fn,
                   struct value *self);
bool br_member_value(struct berry *vm, const struct berry_member *m, struct value *out);
struct module *br_module_from_def(struct berry *vm, const struct berry_module *def);
struct module *br_module_new(struct berry *vm, struct str *name);
struct module *br_undefined(struct berry *vm);
bool br_is_undefined(const struct value *v);
const char *br_module_name(const struct module *m);

/* ---- ops.c: operators beyond what the VM does itself ---- */

extern const char *const br_operator_texts[19];
struct str *br_operator_name(struct berry *vm, enum op op);

bool br_arith(struct berry *vm, enum op op, const struct value *a, const struct value *b,
              struct value *out);
bool br_range_op(struct berry *vm, const struct value *a, const struct value *b, struct value *out);
bool br_negate(struct berry *vm, const struct value *a, struct value *out);
bool br_flip(struct berry *vm, const struct value *a, struct value *out);
bool br_compare(struct berry *vm, enum op op, const struct value *a, const struct value *b,
                bool *out);
bool br_equal(struct berry *vm, const struct value *a, const struct value *b, bool *out);
bool br_truth(struct berry *vm, const struct value *v, bool *out);
const char *br_type_name(const struct value *v);
const char *br_class_name(const struct klass *k);
bool br_no_method(struct berry *vm, const struct value *o, const char *name);

/* ---- index.c: o[k] ---- */

bool br_get_index(struct berry *vm, const struct value *o, const struct value *key,
                  struct value *out);
bool br_set_index(struct berry *vm, const struct value *o, const struct value *key,
                  const struct value *v);
/* What [a..b] means for `size` elements: the first one and how many. */
void br_clip_range(const struct range *r, uint32_t size, uint32_t *from, uint32_t *count);

/* ---- containers ---- */

struct list *br_list_new(struct berry *vm, uint32_t room);
bool br_list_push(struct berry *vm, struct list *l, const struct value *v);
bool br_list_insert(struct berry *vm, struct list *l, uint32_t at, const struct value *v);
bool br_list_equal(struct berry *vm, struct list *a, struct list *b, bool *out);
struct map *br_map_new(struct berry *vm);
bool br_map_set(struct berry *vm, struct map *m, const struct value *key, const struct value *v);
bool br_map_get(struct berry *vm, struct map *m, const struct value *key, struct value *out);
struct range *br_range_new(struct berry *vm, berry_int lower, berry_int upper, berry_int step);
struct bytes *br_bytes_new(struct berry *vm, uint32_t len);
bool br_bytes_append(struct berry *vm, struct bytes *b, const void *data, size_t len);
bool br_bytes_resize(struct berry *vm, struct bytes *b, uint32_t len);
bool br_bytes_get_item(struct berry *vm, struct bytes *b, const struct value *key,
                       struct value *out);
bool br_bytes_join(struct berry *vm, const struct value *a, const struct value *b, bool in_place,
                   struct value *out);
bool br_bytes_text(struct text *t, const struct bytes *b, berry_int max);
struct nclosure *br_nclosure_new(struct berry *vm, const struct berry_member *native,
                                 uint32_t count);
#define INT_MAXIMUM ((berry_int)(((uint64_t)1 << (BERRY_INT_BITS - 1)) - 1))
#define INT_MINIMUM (-INT_MAXIMUM - 1)

bool br_push_iterator(struct berry *vm, const struct value *over, bool keys);

extern const struct berry_class br_list_class, br_map_class, br_range_class, br_bytes_class,
    br_file_class;

/* ---- convert.c and print.c ---- */

bool br_add_value(struct text *t, const struct value *v, bool quoted);
struct str *br_to_str(struct berry *vm, const struct value *v);
bool br_add_quoted(struct text *t, const char *s, size_t len, char quote);
/* Text of a list, map, range or bytes as the class itself prints it. */
struct str *br_builtin_text(struct berry *vm, const struct value *v);
bool br_int_of(struct berry *vm, const struct value *v, struct value *out); /* int(v) */
void br_real_of(const struct value *v, struct value *out);                  /* real(v) */
void br_number_of(const struct value *v, struct value *out);                /* number(v) */
/* Reads an unsigned number, an int or a real; gives where it ends. No digits: the int 0. */
const char *br_scan_number(const char *s, const char *end, struct value *out);
/* Reads decimal digits from s..end, saturating; gives where they end. */
const char *br_scan_int(const char *s, const char *end, berry_int *out);
/* Reads hex digits; bits beyond the width fall off. */
const char *br_scan_hex(const char *s, const char *end, berry_int *out);
int br_hex_digit(char c); /* -1: none */
void br_format_real(char *out, size_t cap, berry_real r);

/* ---- format.c ---- */

bool br_format(struct berry *vm, int argc); /* the native */

/* ---- call.c ---- */

/* Calls the function below `argc` values on the stack's top; takes all off and gives the result. */
bool br_call(struct berry *vm, int argc, struct value *out);
/* Calls fn(self, a, b); absent values are left out. */
bool br_call_values(struct berry *vm, const struct value *fn, const struct value *self,
                    const struct value *a, const struct value *b, struct value *out);
/* Sets up R[at] and its arguments for a call: runs natives, pushes a frame for closures (then
 * *entered is true and the VM goes on there). */
bool br_precall(struct berry *vm, struct value *at, int argc, bool *entered);
bool br_push_frame(struct berry *vm, struct value *at, struct closure *c, int argc, uint32_t flags);
bool br_ensure_stack(struct berry *vm, size_t more);
bool br_push(struct berry *vm, const struct value *v);
bool br_enter(struct berry *vm, uint32_t cost); /* one more level of C recursion, or raises */
void br_leave(struct berry *vm, uint32_t cost);
struct upvalue *br_find_upvalue(struct berry *vm, struct value *at);
void br_close_upvalues(struct berry *vm, const struct value *from, const struct value *to);
/* After an exception: leaves frames until one catches it, which goes on at its handler; false: none
 * did, up to the entry frame, which has ended too. */
bool br_unwind(struct berry *vm);
bool br_interrupt(struct berry *vm); /* the budget is used up */
static inline bool br_spend(struct berry *vm, size_t n)
{
    vm->budget -= (int32_t)(n > 1000000 ? 1000000 : n);
    return vm->budget > 0 || br_interrupt(vm);
}
void br_trace_native(struct berry *vm);
uint32_t br_line_of(const struct proto *p, const uint32_t *pc);

/* ---- vm.c ---- */

/* Runs until the frame with FRAME_ENTRY returns, or, false, is left by an exception. */
bool br_execute(struct berry *vm);

/* ---- error.c ---- */

bool br_raise_values(struct berry *vm, const struct value *error, const struct value *message);
bool br_raise_text(struct berry *vm, const char *name, struct str *text);
bool br_out_of_memory(struct berry *vm);
void br_clear_error(struct berry *vm);
bool br_type_error(struct berry *vm, const char *message);

/* ---- globals.c and builtins.c ---- */

/* Index of the global, or -1. */
int br_global_find(struct berry *vm, const struct str *name);
/* The same, made if missing; -1 with an exception pending. */
int br_global_make(struct berry *vm, struct str *name);
int br_builtin_find(struct berry *vm, const char *name); /* -1: none */
bool br_builtin_value(struct berry *vm, int index, struct value *out);
const char *br_builtin_name(struct berry *vm, int index);                  /* NULL: past the end */
bool br_global_get(struct berry *vm, struct str *name, struct value *out); /* builtins too */
bool br_global_set(struct berry *vm, struct str *name, const struct value *v);

/* ---- compile.c ---- */

/* Compiles; pushes nothing. NULL with syntax_error pending. */
struct closure *br_compile(struct berry *vm, const char *source, size_t len, struct str *name,
                           bool local);

/* ---- mod_json.c ---- */

/* Adds text in double quotes as JSON has it. */
bool br_add_json_string(struct text *t, const char *s, size_t len);

/* ---- import.c ---- */

struct list *br_sys_path(struct berry *vm); /* made when first asked for; NULL: out of memory */
bool br_import(struct berry *vm, struct str *name, struct value *out);
bool br_load_file(struct berry *vm, const char *name, struct closure **out, bool local);
bool br_read_file(struct berry *vm, const char *name, struct text *out, bool *found);

extern const struct berry_module br_string_module, br_math_module, br_json_module,
    br_introspect_module, br_global_module, br_gc_module, br_time_module, br_os_module,
    br_sys_module, br_strict_module, br_debug_module, br_undefined_module;

/* ---- helpers of the engine ---- */

/* Where the cache keeps what `name` means in `owner`. */
static inline struct cache_entry *br_cache_entry(struct berry *vm, const void *owner,
                                                 const struct str *name)
{
    return &vm->cache[((uintptr_t)owner >> 4 ^ (uintptr_t)name >> 3) & (CACHE_SIZE - 1)];
}

/* The row of that name, or NULL. */
static inline const struct berry_member *br_find_row(const struct berry_member *rows,
                                                     const char *name)
{
    while (rows && rows->name && strcmp(rows->name, name) != 0)
        rows++;
    return rows && rows->name ? rows : NULL;
}

/* ---- helpers of natives ---- */

static inline struct value br_arg(const struct berry *vm, int i)
{
    return i < vm->argc ? vm->base[i] : value_nil();
}

static inline bool br_return(struct berry *vm, struct value v)
{
    vm->result = v;
    return true;
}

/* Returns the object, or false if it is NULL since memory ran out. */
static inline bool br_return_object(struct berry *vm, void *o)
{
    if (!o)
        return false;
    vm->result = value_of(o);
    return true;
}

static inline void br_put(struct berry *vm, struct value v)
{
    *vm->top++ = v; /* within NATIVE_SLOTS */
}

static inline void br_put_object(struct berry *vm, void *o)
{
    *vm->top++ = value_of(o);
}

static inline bool br_arg_is_string(const struct berry *vm, int i)
{
    return i < vm->argc && vm->base[i].tag == TAG_STR;
}

static inline bool br_arg_is_int(const struct berry *vm, int i)
{
    return i < vm->argc && vm->base[i].tag == TAG_INT;
}

#endif
