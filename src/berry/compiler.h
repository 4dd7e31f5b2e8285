/*
 * The compiler: one pass from tokens to bytecode. After the first error `failed` is set, every
 * further token is EOS and nothing more is emitted, so all loops of the parser end by themselves.
 *
 * Registers: parameters and locals from 0 up, temporaries above them as a stack. A variable that a
 * `:=` makes in the middle of an expression can't lie among the temporaries; it gets a number from
 * LATE_TOP downwards, and when the function is complete these registers are put between the
 * parameters and the locals.
 */
#ifndef BERRY_COMPILER_H
#define BERRY_COMPILER_H

#include "lexer.h"

#define LATE_TOP 250 /* register numbers above are not used */
#define NO_JUMP  (-1)

enum expr_kind {
    X_NIL,
    X_TRUE,  /* with a list `f`: the value of && */
    X_FALSE, /* with a list `t`: the value of || */
    X_INT,
    X_REAL,
    X_STR,
    X_LOCAL,   /* variable in `reg` */
    X_TEMP,    /* in the temporary register `reg` */
    X_UP,      /* captured variable `index` */
    X_GLOBAL,  /* global `index` */
    X_NAMED,   /* global of the name in constant `index` */
    X_BUILTIN, /* builtin `index` */
    X_UNKNOWN, /* undeclared `name` */
    X_INDEX,   /* reg[index], index a register */
    X_INDEXK,  /* reg[constant index] */
    X_MEMBER,  /* reg.name, the name in constant `index` */
    X_MEMBERX, /* reg.(index), index a register */
    X_PENDING, /* instruction `index` still lacks its register A */
    X_COMPARE  /* comparison before the jump at `index` */
};

struct expr {
    enum expr_kind kind;
    int reg, index;
    bool negated; /* X_COMPARE: the opposite is meant */
    struct value value;
    struct str *name;
    int t, f; /* jumps taken when the expression turned out true, false */
};

struct local {
    struct str *name; /* NULL: hidden */
    int reg;          /* or MEMBER_NAME: no variable, but a name used in this class body */
};

#define MEMBER_NAME (-1)

struct block {
    struct block *outer;
    uint32_t first_local; /* in compiler.locals */
    int first_reg, first_late;
    bool is_loop;
    bool captured; /* a closure holds a variable of it or of a block inside */
    int breaks, continues;
};

struct func {
    struct func *outer;
    struct proto *proto;
    struct block *block;
    uint32_t first_local;
    int locals_top; /* registers below hold locals */
    int free;       /* first free register */
    int max_free;
    int late, max_late; /* how many late variables */
    int last_target;    /* the place some jump leads to; instructions before it are final */

    uint32_t *code;
    struct value *constants;
    struct proto **protos;
    struct handler *handlers;
    struct line_mark *lines;
    struct capture *captures;
    struct str **capture_names;
    uint32_t ncode, code_cap, nconstants, constants_cap, nprotos, protos_cap;
    uint32_t nhandlers, handlers_cap, nlines, lines_cap;
    uint32_t ncaptures, captures_cap, capture_names_cap;
};

struct compiler {
    struct berry *vm;
    struct lexer lexer;
    struct token token;
    uint32_t line; /* of the token that was consumed last */
    struct str *source;
    struct func *func;
    struct local *locals;
    uint32_t nlocals, locals_cap;
    struct list *anchors; /* keeps the strings of the source */
    uint32_t effects;     /* calls, assignments and the like seen so far */
    bool failed;
    bool local_mode; /* top-level names are locals */
    bool strict;
};

/* ---- compile.c ---- */

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void br_syntax_error(struct compiler *c, const char *format, ...);
void br_compile_failed(struct compiler *c); /* an exception is already pending */
/* Compiling counts like running, so that a long source can't hold the host up. */
void br_work(struct compiler *c, size_t n);
/* Makes room for `wanted` elements in an array of the compiler; false once it has failed. */
#define GROW(c, array, cap, wanted)                                                                \
    br_compiler_grow((c), (void **)&(array), &(cap), sizeof *(array), (wanted))
bool br_compiler_grow(struct compiler *c, void **array, uint32_t *cap, size_t element,
                      uint32_t wanted);
/* Keeps a string of the source alive until the compilation is over. */
bool br_anchor(struct compiler *c, struct str *s);
void br_advance(struct compiler *c);
bool br_accept(struct compiler *c, enum token_kind kind);
void br_expect(struct compiler *c, enum token_kind kind);
struct str *br_expect_name(struct compiler *c);
void br_unexpected(struct compiler *c, const char *what); /* "WHAT near 'TOKEN'" */
const char *br_current_text(struct compiler *c, char *buffer, size_t cap);
/* A level of nesting of the parser itself. */
bool br_descend(struct compiler *c);
void br_ascend(struct compiler *c);

/* ---- func.c: functions, blocks, names ---- */

void br_open_func(struct compiler *c, struct func *f, struct str *name);
/* Gives the finished prototype, or NULL after a failure. */
struct proto *br_close_func(struct compiler *c);
void br_open_block(struct compiler *c, struct block *b, bool is_loop);
void br_close_block(struct compiler *c);
bool br_at_global_level(const struct compiler *c);
int br_add_local(struct compiler *c, struct str *name); /* takes the next register */
int br_add_late_local(struct compiler *c, struct str *name);
void br_add_member_name(struct compiler *c, struct str *name);
struct expr br_resolve(struct compiler *c, struct str *name);
/* Where a declaration of `name` stores: a new local or a global. */
struct expr br_declare(struct compiler *c, struct str *name);
void br_check_new_name(struct compiler *c, const struct str *name);
struct expr br_global_expr(struct compiler *c, struct str *name);

/* ---- emit.c: instructions, registers, values ---- */

int br_emit(struct compiler *c, enum op op, int a, int b, int cc);
int br_emit_bx(struct compiler *c, enum op op, int a, int bx);
int br_emit_word(struct compiler *c, int word);
int br_here(struct compiler *c); /* marks it as the target of a jump */
int br_jump(struct compiler *c);
void br_join(struct compiler *c, int *list, int jump);
void br_patch(struct compiler *c, int list, int target);
void br_patch_here(struct compiler *c, int list);
void br_loop_to(struct compiler *c, int target);
void br_add_handler(struct compiler *c, struct handler h);
int br_constant(struct compiler *c, struct value v);
int br_take_reg(struct compiler *c);
void br_free_reg(struct compiler *c, int reg);
void br_to_reg(struct compiler *c, struct expr *e, int reg);
int br_to_next_reg(struct compiler *c, struct expr *e);
int br_to_any_reg(struct compiler *c, struct expr *e);
void br_free_expr(struct compiler *c, const struct expr *e);
void br_go_if_true(struct compiler *c, struct expr *e);  /* jumps to list f when false */
void br_go_if_false(struct compiler *c, struct expr *e); /* jumps to list t when true */
void br_binary(struct compiler *c, enum op op, struct expr *a, struct expr *b);
void br_unary(struct compiler *c, enum op op, struct expr *e);
void br_not(struct compiler *c, struct expr *e);
void br_store(struct compiler *c, struct expr *target, struct expr *v);
struct expr br_expr(enum expr_kind kind);
struct expr br_expr_reg(int reg);
struct expr br_expr_str(struct str *s);

/* ---- expr.c, fstring.c ---- */

struct expr br_parse_expr(struct compiler *c);
bool br_starts_expr(enum token_kind kind);
enum op br_binary_op(enum token_kind kind); /* OP_COUNT: none */
struct expr br_parse_fstring(struct compiler *c);
void br_load(struct compiler *c, struct expr *e); /* variables become values; unknown: error */

/* ---- stmt.c, classdef.c ---- */

void br_parse_block(struct compiler *c);
/* From the parameter list to `end`; gives the closure. */
struct expr br_parse_function(struct compiler *c, struct str *name, bool is_method);
struct expr br_parse_lambda(struct compiler *c);
void br_parse_class(struct compiler *c);

#endif
