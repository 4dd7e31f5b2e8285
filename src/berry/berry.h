/*
 * berry.h: the Berry language as a library. C11, libc and libm only; no file, clock, thread or
 * mutable global of its own. Whatever a script may touch outside its heap is given by the host in
 * `struct berry_host`; what is not given does not exist for the script.
 *
 * A VM has a stack of values. The host pushes values, calls, and reads the results by index:
 * inside a native function 0 is its first argument; negative indices count from the top, -1 being
 * the value pushed last. Several VMs may exist at once and share nothing.
 *
 * Errors: every function that can raise returns false, with a Berry exception pending. A native
 * passes it on by returning false itself. At the outermost level berry_run() and berry_call()
 * return an enum berry_status; the exception can then be read with berry_error().
 */
#ifndef MI32_BERRY_H
#define MI32_BERRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Width of int and real: 64 bits and double on 64-bit machines, 32 bits and float on small ones. */
#ifndef BERRY_INT_BITS
#if UINTPTR_MAX > 0xFFFFFFFFu
#define BERRY_INT_BITS 64
#else
#define BERRY_INT_BITS 32
#endif
#endif

#if BERRY_INT_BITS == 64
typedef int64_t berry_int;
typedef double berry_real;
#else
typedef int32_t berry_int;
typedef float berry_real;
#endif

struct berry; /* one virtual machine */

/* A function written in C. Arguments are at indices 0..argc-1. Returns true, with the result given
 * by one of the berry_return_* functions (nil if none was called: what is merely pushed is taken
 * off again), or false after berry_raise(). */
typedef bool (*berry_native)(struct berry *vm, int argc);

struct berry_class;
struct berry_module;

/* What a row of a class or module table declares. */
enum berry_member_kind {
    BERRY_MEMBER_END = 0,
    BERRY_MEMBER_METHOD, /* gets the instance as argument 0 */
    BERRY_MEMBER_STATIC, /* a plain function */
    BERRY_MEMBER_INT,
    BERRY_MEMBER_REAL,
    BERRY_MEMBER_STRING,
    BERRY_MEMBER_CLASS,
    BERRY_MEMBER_MODULE
};

/* One row; tables are const, live as long as the VM, and end with a row of zeros. */
struct berry_member {
    const char *name;
    enum berry_member_kind kind;
    berry_native call;
    union {
        berry_int i;
        berry_real r;
        const char *s;
        const struct berry_class *class_def;
        const struct berry_module *module_def;
    } value;
};

#define BERRY_METHOD(n, f)                                                                         \
    {                                                                                              \
        .name = (n), .kind = BERRY_MEMBER_METHOD, .call = (f)                                      \
    }
#define BERRY_FUNCTION(n, f)                                                                       \
    {                                                                                              \
        .name = (n), .kind = BERRY_MEMBER_STATIC, .call = (f)                                      \
    }
#define BERRY_END                                                                                  \
    {                                                                                              \
        .name = NULL                                                                               \
    }

/* A class written in C. Each instance carries `data_size` zeroed bytes for the host, released by
 * `drop` (may be NULL) when the instance is freed. A script may subclass it. */
struct berry_class {
    const char *name;
    const struct berry_member *members;
    size_t data_size;
    void (*drop)(struct berry *vm, void *data);
};

/* A module written in C: found by `import NAME`, read-only for scripts. Optional functions named
 * "member", "setmember" and "()" in the table act as the language says. */
struct berry_module {
    const char *name;
    const struct berry_member *members;
};

/* Files, for open(), compile(…, "file") and import. Every function gets berry_host.user. Failing:
 * NULL, false or a negative number. Missing functions (NULL) make the operation fail. */
struct berry_files {
    void *(*open)(void *user, const char *name, const char *mode); /* mode as in fopen() */
    ptrdiff_t (*read)(void *user, void *file, char *out, size_t cap);
    bool (*write)(void *user, void *file, const char *data, size_t len);
    bool (*seek)(void *user, void *file, int64_t pos);
    int64_t (*tell)(void *user, void *file);
    int64_t (*size)(void *user, void *file);
    bool (*flush)(void *user, void *file);
    void (*close)(void *user, void *file);
};

/* The module `os`; without it, or for missing functions, scripts get import_error or io_error. */
struct berry_os {
    bool (*getcwd)(void *user, char *out, size_t cap);
    bool (*chdir)(void *user, const char *path);
    bool (*mkdir)(void *user, const char *path);
    bool (*remove)(void *user, const char *path);
    /* calls each(arg, name) for every entry but "." and ".."; stops when it gives false */
    bool (*listdir)(void *user, const char *path, bool (*each)(void *arg, const char *name),
                    void *arg);
    int (*kind)(void *user, const char *path); /* 0: nothing there, 1: a file, 2: a folder */
    int (*system)(void *user, const char *command);
    bool may_exit; /* os.exit() ends the script; else it raises */
};

/* Broken-down local time for time.dump(). */
struct berry_time {
    int year, month, day, hour, min, sec, weekday; /* month 1..12, weekday 0 = Sunday */
};

/* The module `time`. */
struct berry_clock {
    int64_t (*time)(void *user); /* seconds since 1970 */
    double (*clock)(void *user); /* CPU seconds */
    bool (*local)(void *user, int64_t epoch, struct berry_time *out);
};

/* 0 in a field of berry_limits means the default given here. */
struct berry_limits {
    size_t heap_bytes;     /* all memory of the VM; default: no limit. Over it: memory_error */
    uint64_t instructions; /* in one call by the host, estimated; default: no limit. Over it:
                              timeout_error, which a script may catch once; it then has a tenth
                              of the limit to finish, after which it can catch nothing */
    uint32_t call_depth;   /* nested calls; default 10000 (1000 on small targets). Over it:
                              runtime_error "stack overflow …" */
    uint32_t stack_values; /* default 20000 (4000 on small targets); the same exception */
    uint32_t nesting;      /* recursion of the engine's own C code, in steps of about 150 bytes of
                              stack: a level of source costs 4, a script called by a native 4, a
                              list printed 2, a level of JSON 1. Default 2400 (72 on small
                              targets) */
    uint32_t tick;         /* instructions between two calls of berry_host.tick; default 10000 */
};

/* All that a VM may use. Copied by berry_open(); what it points to must outlive the VM. */
struct berry_host {
    void *user; /* handed to every callback */

    /* As realloc(); new_size 0 frees and gives NULL. NULL: libc's. */
    void *(*realloc)(void *user, void *old, size_t old_size, size_t new_size);

    /* print() and error texts. NULL: dropped. */
    void (*write)(void *user, const char *text, size_t len);

    /* input(): a line without its newline; its length, or negative at the end. NULL: no input. */
    ptrdiff_t (*read_line)(void *user, const char *prompt, char *out, size_t cap);

    /* Called every limits.tick instructions, also inside long natives and the compiler. May
     * berry_raise() and give false, and may berry_stop() to make that exception uncatchable. It
     * must not run scripts. NULL: none. */
    bool (*tick)(struct berry *vm, void *user);

    const struct berry_files *files;
    const struct berry_os *os;
    const struct berry_clock *clock;

    /* Additional native modules and global classes and functions; NULL or ending with NULL/END. */
    const struct berry_module *const *modules;
    const struct berry_class *const *classes;
    const struct berry_member *functions;

    struct berry_limits limits;
    bool strict;        /* as if every source began after `import strict` */
    bool named_globals; /* look globals up by name at each access, as Tasmota does */
    bool gc_stress;     /* collect at every allocation: for tests */
};

enum berry_status {
    BERRY_OK = 0,
    BERRY_EXCEPTION, /* berry_error() tells which */
    BERRY_EXIT       /* the script called os.exit(); berry_exit_code() */
};

enum berry_type {
    BERRY_NIL,
    BERRY_BOOL,
    BERRY_INT,
    BERRY_REAL,
    BERRY_STRING,
    BERRY_FUNCTION_TYPE,
    BERRY_CLASS_TYPE,
    BERRY_INSTANCE,
    BERRY_MODULE_TYPE,
    BERRY_PTR
};

/* ---- life ---- */

/* A new VM, or NULL when there is not enough memory. */
struct berry *berry_open(const struct berry_host *host);

/* Runs what `deinit` methods are left, drops host data and frees everything. NULL is allowed. */
void berry_close(struct berry *vm);

/* The host's `user`. */
void *berry_user(struct berry *vm);

/* ---- running ---- */

/* Compiles `len` bytes of source and runs them; `name` is the FILE of messages. On success the
 * script's `return` value is pushed. A native may do so too, on the budget of its script. */
enum berry_status berry_run(struct berry *vm, const char *source, size_t len, const char *name);

/* Compiles only, and pushes the function. Compiling counts towards limits.instructions too. */
enum berry_status berry_compile(struct berry *vm, const char *source, size_t len, const char *name);

/* Runs a file through berry_host.files. */
enum berry_status berry_run_file(struct berry *vm, const char *name);

/* Adds a folder to those that import searches, as sys.path().push() does. */
bool berry_add_path(struct berry *vm, const char *folder);

/* Calls the value below `argc` pushed arguments; takes all off and pushes the result. Starts a
 * fresh instruction budget. For use by the host outside of natives. */
enum berry_status berry_call(struct berry *vm, int argc);

/* The same for natives: the exception of the callee stays pending and the budget goes on. */
bool berry_invoke(struct berry *vm, int argc);

/* Calls method `name` of the instance below the arguments; otherwise as berry_invoke(). */
bool berry_invoke_method(struct berry *vm, const char *name, int argc);

/* After BERRY_EXCEPTION: the two values as text, "NAME: MESSAGE", good until the next call into
 * the VM; never NULL. Where the script raised an instance, this runs its tostring(), on what the
 * call left of its budget; if that raises, the text is the type's name. */
const char *berry_error(struct berry *vm);
/* The name alone ("type_error"), and the message alone; otherwise the same. */
const char *berry_error_name(struct berry *vm);
const char *berry_error_message(struct berry *vm);
/* Writes berry_error() and the traceback through berry_host.write. */
void berry_print_error(struct berry *vm);
int berry_exit_code(struct berry *vm);

/* Ends what runs: the pending or next exception can't be caught. For tick callbacks. */
void berry_stop(struct berry *vm);

/* Counts `n` more instructions, for natives that work long; false with an exception pending when
 * the budget is used up or the tick raised. */
bool berry_spend(struct berry *vm, uint32_t n);

/* ---- raising ---- */

/* Raises exception `name` with a printf-style message of at most 255 bytes, the rest is cut; always
 * false, to be returned. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
bool berry_raise(struct berry *vm, const char *name, const char *format, ...);

/* ---- reading; nothing here raises, wrong types give 0, false or NULL ---- */

enum berry_type berry_type(struct berry *vm, int index);
int berry_top(struct berry *vm);                 /* values pushed in this native, or by the host */
bool berry_to_bool(struct berry *vm, int index); /* truth, without calling tobool() */
berry_int berry_to_int(struct berry *vm, int index);
berry_real berry_to_real(struct berry *vm, int index); /* ints count as reals */
/* The bytes of a string, ended by NUL, good while the value lives; `len` may be NULL. */
const char *berry_to_string(struct berry *vm, int index, size_t *len);
/* The storage of a bytes object; a fixed one (`bytes(-n)`) never moves while it lives. */
uint8_t *berry_to_bytes(struct berry *vm, int index, size_t *len, bool *fixed);
/* The pointer given to berry_push_comptr() with the same `kind`; else NULL. */
void *berry_to_comptr(struct berry *vm, int index, const void *kind);
/* The host data of an instance of `class_def` or a subclass; else NULL. */
void *berry_to_data(struct berry *vm, int index, const struct berry_class *class_def);
bool berry_is_instance(struct berry *vm, int index, const char *class_name);

/* ---- pushing; false when memory or stack ran out ---- */

bool berry_push_nil(struct berry *vm);
bool berry_push_bool(struct berry *vm, bool value);
bool berry_push_int(struct berry *vm, berry_int value);
bool berry_push_real(struct berry *vm, berry_real value);
bool berry_push_string(struct berry *vm, const char *text, size_t len);
/* Bytes objects hold 32768 bytes at most; of more the first are taken. */
bool berry_push_bytes(struct berry *vm, const uint8_t *data, size_t len);
/* One of fixed size over the host's memory, which must outlive the VM. */
bool berry_push_mapped(struct berry *vm, uint8_t *data, size_t len);
bool berry_push_native(struct berry *vm, const struct berry_member *function);
/* A pointer that scripts can hold and hand back but not use; `kind` is any address that says what
 * it is. */
bool berry_push_comptr(struct berry *vm, void *p, const void *kind);
bool berry_push_instance(struct berry *vm, const struct berry_class *class_def);
bool berry_push_list(struct berry *vm);
bool berry_push_map(struct berry *vm);
/* The value at `index` once more. To give an argument back as the result, push it so and
 * berry_return() it. */
bool berry_push_copy(struct berry *vm, int index);
void berry_pop(struct berry *vm, int count);

/* str() of the value at `index`, pushed as a string. Of an instance by its tostring(), so this may
 * raise anything. */
bool berry_push_text(struct berry *vm, int index);

/* The same as it looks inside a container: strings in single quotes. */
bool berry_push_quoted(struct berry *vm, int index);

/* ---- containers; an instance as a key is asked by its hash() and ==, which may raise ---- */

bool berry_list_push(struct berry *vm, int list);  /* pops the value */
bool berry_map_set(struct berry *vm, int map);     /* pops key and value */
berry_int berry_size(struct berry *vm, int index); /* list, map, bytes, string; else -1 */
bool berry_list_get(struct berry *vm, int list, berry_int i); /* pushes, nil if out of range */
bool berry_map_get(struct berry *vm, int map);                /* replaces the key by its value */
/* Walks a map: `*at` starts at 0; pushes key and value and gives true, or false at the end. */
bool berry_map_next(struct berry *vm, int map, uint32_t *at);
bool berry_get_global(struct berry *vm, const char *name); /* pushes; nil if there is none */
bool berry_set_global(struct berry *vm, const char *name); /* pops */
bool berry_get_member(struct berry *vm, int index, const char *name); /* pushes; may raise */
bool berry_set_member(struct berry *vm, int index, const char *name); /* pops; may raise */

/* ---- results of natives ---- */

bool berry_return(struct berry *vm); /* the value on top */
bool berry_return_nil(struct berry *vm);
bool berry_return_bool(struct berry *vm, bool value);
bool berry_return_int(struct berry *vm, berry_int value);
bool berry_return_real(struct berry *vm, berry_real value);
bool berry_return_string(struct berry *vm, const char *text, size_t len);

/* ---- values the host keeps ---- */

/* Pops a value and keeps it alive until berry_unref(); a number from 1, or 0 with memory_error
 * pending. */
int berry_ref(struct berry *vm);
bool berry_push_ref(struct berry *vm, int ref);
void berry_unref(struct berry *vm, int ref);

/* ---- memory ---- */

size_t berry_heap_used(struct berry *vm);
size_t berry_heap_objects(struct berry *vm);
void berry_collect(struct berry *vm); /* and runs the deinit methods that are due */

#endif
