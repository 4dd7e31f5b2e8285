/* The function being compiled: its blocks, its variables, and what a name means. */
#include "compiler.h"

void br_open_func(struct compiler *c, struct func *f, struct str *name)
{
    *f = (struct func){ .outer = c->func, .first_local = c->nlocals, .last_target = -1 };
    c->func = f;
    if (c->failed)
        return;
    f->proto = br_new_object(c->vm, TAG_PROTO, sizeof *f->proto);
    if (!f->proto) {
        br_compile_failed(c);
        return;
    }
    f->proto->name = name;
    f->proto->source = c->source;
}

/* ---- late variables get their final registers ---- */

struct renumber {
    int nparams, late;
};

static uint32_t new_number(const struct renumber *n, uint32_t reg)
{
    if ((int)reg > LATE_TOP - n->late)
        return (uint32_t)(n->nparams + LATE_TOP - (int)reg);
    return (int)reg < n->nparams ? reg : reg + (uint32_t)n->late;
}

static uint32_t with_field(uint32_t ins, int shift, uint32_t v)
{
    return (ins & ~(0xFFu << shift)) | v << shift;
}

static uint32_t renumber_field(const struct renumber *n, uint32_t ins, int shift)
{
    return with_field(ins, shift, new_number(n, ins >> shift & 0xFF));
}

static uint32_t renumber_instruction(const struct renumber *n, uint32_t ins)
{
    static const uint8_t formats[] = {
#define X(name, format) format,
        OPCODES(X)
#undef X
    };
    enum op_format f = (enum op_format)formats[INS_OP(ins)];
    bool late = (int)INS_A(ins) > LATE_TOP - n->late;
    if (f == FMT_A || f == FMT_AB || f == FMT_ABC || f == FMT_AC || f == FMT_RANGE)
        ins = renumber_field(n, ins, 8);
    if (f == FMT_RANGE && late)
        return with_field(ins, 16, INS_A(ins) + 1);
    if (f == FMT_RANGE)
        return with_field(ins, 16, new_number(n, INS_B(ins) - 1) + 1);
    if (f == FMT_B || f == FMT_AB || f == FMT_ABC || f == FMT_BC)
        ins = renumber_field(n, ins, 16);
    if (f == FMT_AC || f == FMT_ABC || f == FMT_BC)
        ins = renumber_field(n, ins, 24);
    return ins;
}

static void renumber_late(struct func *f)
{
    struct renumber n = { f->proto->nparams, f->max_late };
    for (uint32_t i = 0; i < f->ncode; i++) {
        f->code[i] = renumber_instruction(&n, f->code[i]);
        uint8_t op = INS_OP(f->code[i]);
        if (op >= OP_CLASSBEGIN && op <= OP_CLASSMETHOD)
            i++; /* a plain word follows */
    }
    for (uint32_t i = 0; i < f->nhandlers; i++) {
        f->handlers[i].reg = (uint8_t)new_number(&n, f->handlers[i].reg);
        f->handlers[i].close = (uint8_t)new_number(&n, f->handlers[i].close);
    }
    for (uint32_t p = 0; p < f->nprotos; p++) {
        struct proto *inner = f->protos[p];
        for (uint32_t i = 0; i < inner->ncaptures; i++) {
            struct capture *cap = &inner->captures[i];
            if (cap->from_parent_stack)
                cap->index = (uint8_t)new_number(&n, cap->index);
        }
    }
}

/* ---- the end of a function ---- */

/* Hands an array over at its exact size; it stays with the function if that fails. */
static bool hand_over(struct compiler *c, void **from, uint32_t *cap, uint32_t count,
                      size_t element, void **to)
{
    if (c->failed)
        return false;
    void *p = br_realloc(c->vm, *from, *cap * element, count * element);
    if (!p && count) {
        br_compile_failed(c);
        return false;
    }
    *to = p;
    *from = NULL;
    *cap = 0;
    return true;
}

#define HAND_OVER(c, f, p, array, count_field, cap)                                                \
    do {                                                                                           \
        if (hand_over((c), (void **)&(f)->array, &(f)->cap, (f)->count_field, sizeof *(f)->array,  \
                      (void **)&(p)->array)) {                                                     \
            (p)->count_field = (f)->count_field;                                                   \
            (f)->count_field = 0;                                                                  \
        }                                                                                          \
    } while (0)

static void fill_proto(struct compiler *c, struct func *f)
{
    struct proto *p = f->proto;
    HAND_OVER(c, f, p, code, ncode, code_cap);
    HAND_OVER(c, f, p, constants, nconstants, constants_cap);
    HAND_OVER(c, f, p, protos, nprotos, protos_cap);
    HAND_OVER(c, f, p, handlers, nhandlers, handlers_cap);
    HAND_OVER(c, f, p, lines, nlines, lines_cap);
    if (hand_over(c, (void **)&f->captures, &f->captures_cap, f->ncaptures, sizeof *f->captures,
                  (void **)&p->captures))
        p->ncaptures = (uint8_t)f->ncaptures;
    p->nregs = (uint8_t)(f->max_free + f->max_late + 1);
}

static void free_func(struct compiler *c, struct func *f)
{
    br_free(c->vm, f->code, f->code_cap * sizeof *f->code);
    br_free(c->vm, f->constants, f->constants_cap * sizeof *f->constants);
    br_free(c->vm, f->protos, f->protos_cap * sizeof *f->protos);
    br_free(c->vm, f->handlers, f->handlers_cap * sizeof *f->handlers);
    br_free(c->vm, f->lines, f->lines_cap * sizeof *f->lines);
    br_free(c->vm, f->captures, f->captures_cap * sizeof *f->captures);
    br_free(c->vm, f->capture_names, f->capture_names_cap * sizeof *f->capture_names);
}

struct proto *br_close_func(struct compiler *c)
{
    struct func *f = c->func;
    br_emit(c, OP_RETNIL, 0, 0, 0);
    if (!c->failed && f->max_late)
        renumber_late(f);
    if (!c->failed)
        fill_proto(c, f);
    free_func(c, f);
    c->nlocals = f->first_local;
    c->func = f->outer;
    return c->failed ? NULL : f->proto;
}

/* ---- blocks ---- */

void br_open_block(struct compiler *c, struct block *b, bool is_loop)
{
    struct func *f = c->func;
    *b = (struct block){ .outer = f->block, .first_local = c->nlocals, .is_loop = is_loop };
    b->first_reg = f->locals_top;
    b->first_late = f->late;
    b->breaks = NO_JUMP;
    b->continues = NO_JUMP;
    f->block = b;
}

/* Captured variables leave the stack at the end of their block. */
static void close_captured(struct compiler *c, const struct block *b)
{
    struct func *f = c->func;
    if (f->locals_top > b->first_reg)
        br_emit(c, OP_CLOSE, b->first_reg, f->max_free, 0);
    for (int late = b->first_late; late < f->late; late++)
        br_emit(c, OP_CLOSE, LATE_TOP - late, LATE_TOP - late + 1, 0);
}

void br_close_block(struct compiler *c)
{
    struct func *f = c->func;
    struct block *b = f->block;
    if (b->captured && b->outer)
        close_captured(c, b);
    if (b->captured && b->outer)
        b->outer->captured = true; /* break and continue may jump over what was emitted here */
    c->nlocals = b->first_local;
    f->locals_top = b->first_reg;
    f->free = b->first_reg;
    f->late = b->first_late;
    f->block = b->outer;
}

bool br_at_global_level(const struct compiler *c)
{
    return !c->func->outer && !c->func->block->outer && !c->local_mode;
}

/* ---- variables ---- */

static void push_local(struct compiler *c, struct str *name, int reg)
{
    if (GROW(c, c->locals, c->locals_cap, c->nlocals + 1))
        c->locals[c->nlocals++] = (struct local){ name, reg };
}

int br_add_local(struct compiler *c, struct str *name)
{
    struct func *f = c->func;
    f->free = f->locals_top;
    int reg = br_take_reg(c);
    f->locals_top = f->free;
    push_local(c, name, reg);
    return reg;
}

int br_add_late_local(struct compiler *c, struct str *name)
{
    struct func *f = c->func;
    int reg = LATE_TOP - f->late;
    if (reg <= f->max_free) {
        br_syntax_error(c, "register overflow (more than 255)");
        return 0;
    }
    f->late++;
    if (f->late > f->max_late)
        f->max_late = f->late;
    push_local(c, name, reg);
    return reg;
}

static const struct local *find_local(const struct compiler *c, uint32_t from, uint32_t to,
                                      const struct str *name)
{
    for (uint32_t i = to; i > from; i--) {
        const struct local *l = &c->locals[i - 1];
        if (l->name && l->reg != MEMBER_NAME && br_str_same(l->name, name))
            return l;
    }
    return NULL;
}

/* Remembers a name of the class body this block is; refuses a second one. */
void br_add_member_name(struct compiler *c, struct str *name)
{
    br_work(c, (c->nlocals - c->func->block->first_local) / 8);
    for (uint32_t i = c->func->block->first_local; !c->failed && i < c->nlocals; i++) {
        if (c->locals[i].reg == MEMBER_NAME && br_str_same(c->locals[i].name, name))
            br_syntax_error(c, "redefinition of the attribute '%s'", name->s);
    }
    push_local(c, name, MEMBER_NAME);
}

static uint32_t locals_end(const struct compiler *c, const struct func *f)
{
    const struct func *inner = c->func;
    if (inner == f)
        return c->nlocals;
    while (inner->outer != f)
        inner = inner->outer;
    return inner->first_local;
}

static void mark_captured(struct func *f, uint32_t local)
{
    struct block *b = f->block;
    while (b->outer && b->first_local > local)
        b = b->outer;
    b->captured = true;
}

static int add_capture(struct compiler *c, struct func *f, struct str *name, bool from_stack,
                       int index)
{
    if (f->ncaptures == 255) {
        br_syntax_error(c, "too many captured variables");
        return -1;
    }
    if (!GROW(c, f->captures, f->captures_cap, f->ncaptures + 1) ||
        !GROW(c, f->capture_names, f->capture_names_cap, f->ncaptures + 1))
        return -1;
    f->captures[f->ncaptures] = (struct capture){ from_stack, (uint8_t)index };
    f->capture_names[f->ncaptures] = name;
    return (int)f->ncaptures++;
}

/* The number of the captured variable in `f`, or -1 if no enclosing function has it. */
static int find_capture(struct compiler *c, struct func *f, struct str *name)
{
    /* From the newest: an inner variable may hide one captured before. */
    struct func *outer = f->outer;
    if (!outer)
        return -1;
    const struct local *l = find_local(c, outer->first_local, locals_end(c, outer), name);
    int index = l ? l->reg : find_capture(c, outer, name);
    if (index < 0)
        return -1;
    if (l)
        mark_captured(outer, (uint32_t)(l - c->locals));
    for (uint32_t i = 0; i < f->ncaptures; i++) {
        if (f->captures[i].index == index && f->captures[i].from_parent_stack == (l != NULL))
            return (int)i;
    }
    return add_capture(c, f, name, l != NULL, index);
}

struct expr br_global_expr(struct compiler *c, struct str *name)
{
    struct expr e = br_expr(X_GLOBAL);
    int index = br_global_make(c->vm, name);
    if (index < 0)
        br_compile_failed(c);
    e.index = index;
    if (c->vm->host.named_globals && !c->failed) {
        e = br_expr(X_NAMED);
        e.index = br_constant(c, value_of(name));
    } else if (index > BX_MAX) {
        br_syntax_error(c, "too many global variables");
    }
    return e;
}

struct expr br_resolve(struct compiler *c, struct str *name)
{
    struct expr e = br_expr(X_UNKNOWN);
    e.name = name;
    if (c->failed)
        return e;
    br_work(c, (c->nlocals - c->func->first_local) / 8);
    const struct local *l = find_local(c, c->func->first_local, c->nlocals, name);
    if (l) {
        e = br_expr(X_LOCAL);
        e.reg = l->reg;
        return e;
    }
    int index = find_capture(c, c->func, name);
    if (index >= 0) {
        e = br_expr(X_UP);
        e.index = index;
        return e;
    }
    if (br_global_find(c->vm, name) >= 0)
        return br_global_expr(c, name);
    index = br_builtin_find(c->vm, name->s);
    if (index >= 0) {
        e.kind = X_BUILTIN;
        e.index = index;
    }
    return e;
}

/* Refuses what strict mode forbids, and a second variable of one name in a block. */
void br_check_new_name(struct compiler *c, const struct str *name)
{
    if (c->failed)
        return;
    if (c->strict && br_builtin_find(c->vm, name->s) >= 0)
        br_syntax_error(c, "strict: redefinition of builtin '%s'", name->s);
    if (br_at_global_level(c) || c->failed)
        return;
    uint32_t first = c->func->block->first_local;
    if (find_local(c, first, c->nlocals, name))
        br_syntax_error(c, "redefinition of '%s'", name->s);
    else if (c->strict && name->s[0] != '_' && find_local(c, c->func->first_local, first, name))
        br_syntax_error(c, "strict: redefinition of '%s' from outer scope", name->s);
}

struct expr br_declare(struct compiler *c, struct str *name)
{
    br_check_new_name(c, name);
    if (c->failed)
        return br_expr(X_NIL);
    if (br_at_global_level(c))
        return br_global_expr(c, name);
    struct expr e = br_expr(X_LOCAL);
    e.reg = br_add_local(c, name);
    return e;
}
