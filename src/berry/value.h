/*
 * Values and objects. A value is a payload and a tag: 16 bytes on 64-bit machines, 8 on 32-bit ones
 * with 32-bit ints. Everything from TAG_STR on is an object on the VM's heap.
 */
#ifndef BERRY_VALUE_H
#define BERRY_VALUE_H

#include "berry.h"

#include <string.h>

enum tag {
    TAG_NIL,
    TAG_BOOL,
    TAG_INT,
    TAG_REAL,
    TAG_PTR,    /* a bare address, never followed */
    TAG_NATIVE, /* a row of a const table */
    TAG_ABSENT, /* no value: marks "call without self" and empty places; scripts never see it */
    TAG_STR,
    TAG_CLOSURE,
    TAG_NCLOSURE,
    TAG_CLASS,
    TAG_MODULE,
    TAG_REF,    /* ptr to a place inside an object */
    TAG_HANDLE, /* ptr of the host */
    TAG_INSTANCE,
    TAG_LIST,
    TAG_MAP,
    TAG_RANGE,
    TAG_BYTES,
    TAG_VIEW, /* what super() gives */
    TAG_PROTO,
    TAG_UPVALUE
};

/* The colour of an object during a collection. */
enum mark { MARK_WHITE, MARK_GREY, MARK_BLACK };

struct obj {
    struct obj *next;
    uint8_t tag;
    uint8_t mark;
    uint8_t flags; /* free for each kind of object */
};

union payload {
    berry_int i;
    berry_real r;
    bool b;
    uintptr_t p;
    struct obj *o;
    const struct berry_member *native;
};

struct value {
    union payload u;
    uint32_t tag;
};

struct str {
    struct obj obj;
    uint32_t len;
    uint32_t hash;
    char s[]; /* len bytes and a NUL */
};

#define STR_INTERNED_MAX 40 /* up to this length equal strings are one object */

/* Slots of a hash table in the order the language prescribes; see table.c. */
struct slot {
    union payload key;
    struct value value;
    uint32_t hash;   /* of the key; kept since a script's hash() is not asked twice */
    int32_t next;    /* index of the next slot of the chain, -1: none */
    int32_t before;  /* and of the one before it; means nothing in its first slot */
    uint8_t key_tag; /* TAG_ABSENT: the slot is empty */
    uint8_t kind;    /* of a class member: enum member_kind */
    uint16_t order;  /* when the key was inserted; counts in class member tables only */
};

struct table {
    struct slot *slots;
    uint32_t size, count, free;
};

/* Everything of type `instance` begins with this. */
struct instance {
    struct obj obj;
    struct klass *klass;
};

struct plain {
    struct instance base;
    struct value fields[];
};

struct list {
    struct instance base;
    struct value *items;
    uint32_t count, cap;
    struct value fields[];
};

struct map {
    struct instance base;
    struct table table;
    struct value fields[];
};

struct range {
    struct instance base;
    berry_int lower, upper, step;
    struct value fields[];
};

#define BYTES_MAX    32768u
#define BYTES_FIXED  1u /* the size can't change */
#define BYTES_MAPPED 2u /* the memory is not ours */

struct bytes {
    struct instance base;
    uint8_t *data;
    uint32_t len, cap;
    struct obj *owner; /* whose memory it is, if mapped into another object */
    struct value fields[];
};

/* An object seen as one of an ancestor class. */
struct view {
    struct instance base; /* klass: where the search for members starts */
    struct obj *target;
};

enum member_kind { MEMBER_NONE, MEMBER_VAR, MEMBER_METHOD, MEMBER_STATIC };

struct klass {
    struct obj obj;
    struct str *name;
    struct klass *super;
    const struct berry_class *def; /* written in C, or NULL */
    struct table members;          /* name → value; a variable's value is its index */
    uint32_t data_size;            /* host bytes in each instance, own or inherited */
    uint16_t nvars;                /* own and inherited; final when the class is usable */
    uint16_t next_var;             /* index of the variable that is declared next */
    uint8_t storage;               /* tag of the instances */
    bool has_deinit;
};

struct module {
    struct obj obj;
    struct str *name;               /* may be NULL */
    const struct berry_module *def; /* written in C, or NULL */
    struct table members;
};

struct upvalue {
    struct obj obj;
    struct value *at; /* the variable: on the stack, or `closed` below */
    union {
        struct value closed;
        struct upvalue *next; /* in the list of open ones, highest place first */
    } u;
};

struct closure {
    struct obj obj;
    struct proto *proto;
    struct klass *owner; /* the class whose method this is, or NULL */
    struct upvalue *upvalues[];
};

/* A native function with values of its own. */
struct nclosure {
    struct obj obj;
    const struct berry_member *native;
    uint32_t count;
    struct value values[];
};

struct ref {
    struct obj obj;
    struct obj *target;
    ptrdiff_t offset;
};

struct handle {
    struct obj obj;
    void *p;
    const void *kind;
};

static inline void copy_value(struct value *to, const struct value *from)
{
    to->u = from->u; /* two moves: a 16-byte one would wait for the two stores before it */
    to->tag = from->tag;
}

static inline struct value value_nil(void)
{
    return (struct value){ .u.i = 0, .tag = TAG_NIL };
}

static inline struct value value_absent(void)
{
    return (struct value){ .u.i = 0, .tag = TAG_ABSENT };
}

static inline struct value value_bool(bool b)
{
    struct value v = { .u.i = 0, .tag = TAG_BOOL };
    v.u.b = b;
    return v;
}

static inline struct value value_int(berry_int i)
{
    return (struct value){ .u.i = i, .tag = TAG_INT };
}

static inline struct value value_real(berry_real r)
{
    return (struct value){ .u.r = r, .tag = TAG_REAL };
}

static inline struct value value_native(const struct berry_member *native)
{
    return (struct value){ .u.native = native, .tag = TAG_NATIVE };
}

/* The value of an object, whatever its kind; `o` is a pointer to a struct that begins with obj. */
static inline struct value value_of(void *o)
{
    struct value v = { .u.o = o, .tag = TAG_NIL };
    v.tag = v.u.o->tag;
    return v;
}

static inline bool is_object(const struct value *v)
{
    return v->tag >= TAG_STR;
}

static inline bool is_instance(const struct value *v)
{
    return v->tag >= TAG_INSTANCE && v->tag <= TAG_VIEW;
}

static inline bool is_function(const struct value *v)
{
    return v->tag == TAG_NATIVE || v->tag == TAG_CLOSURE || v->tag == TAG_NCLOSURE;
}

static inline bool is_number(const struct value *v)
{
    return v->tag == TAG_INT || v->tag == TAG_REAL;
}

static inline berry_real number_as_real(const struct value *v)
{
    return v->tag == TAG_INT ? (berry_real)v->u.i : v->u.r;
}

/* Casts from a value whose tag has been checked. */
static inline struct str *as_str(const struct value *v)
{
    return (struct str *)(void *)v->u.o;
}

static inline struct list *as_list(const struct value *v)
{
    return (struct list *)(void *)v->u.o;
}

static inline struct map *as_map(const struct value *v)
{
    return (struct map *)(void *)v->u.o;
}

static inline struct bytes *as_bytes(const struct value *v)
{
    return (struct bytes *)(void *)v->u.o;
}

static inline struct range *as_range(const struct value *v)
{
    return (struct range *)(void *)v->u.o;
}

static inline struct klass *as_class(const struct value *v)
{
    return (struct klass *)(void *)v->u.o;
}

static inline struct module *as_module(const struct value *v)
{
    return (struct module *)(void *)v->u.o;
}

static inline struct closure *as_closure(const struct value *v)
{
    return (struct closure *)(void *)v->u.o;
}

static inline struct nclosure *as_nclosure(const struct value *v)
{
    return (struct nclosure *)(void *)v->u.o;
}

static inline struct instance *as_instance(const struct value *v)
{
    return (struct instance *)(void *)v->u.o;
}

static inline struct view *as_view(const struct value *v)
{
    return (struct view *)(void *)v->u.o;
}

static inline struct ref *as_ref(const struct value *v)
{
    return (struct ref *)(void *)v->u.o;
}

static inline struct handle *as_handle(const struct value *v)
{
    return (struct handle *)(void *)v->u.o;
}

#endif
