/* Emitting instructions: registers, constants, jumps, and turning expressions into values. */
#include "compiler.h"

/* ---- instructions ---- */

static void mark_line(struct compiler *c)
{
    struct func *f = c->func;
    if (f->nlines && f->lines[f->nlines - 1].line == c->line)
        return;
    if (!GROW(c, f->lines, f->lines_cap, f->nlines + 1))
        return;
    f->lines[f->nlines++] = (struct line_mark){ f->ncode, c->line };
}

static int emit(struct compiler *c, uint32_t word)
{
    struct func *f = c->func;
    if (c->failed)
        return 0;
    mark_line(c);
    if (f->ncode >= JUMP_MAX)
        br_syntax_error(c, "function is too long");
    if (!GROW(c, f->code, f->code_cap, f->ncode + 1))
        return 0;
    f->code[f->ncode] = word;
    return (int)f->ncode++;
}

int br_emit(struct compiler *c, enum op op, int a, int b, int cc)
{
    return emit(c, (uint32_t)op | (uint32_t)(a & 0xFF) << 8 | (uint32_t)(b & 0xFF) << 16 |
                       (uint32_t)(cc & 0xFF) << 24);
}

int br_emit_bx(struct compiler *c, enum op op, int a, int bx)
{
    if (bx < 0 || bx > BX_MAX) {
        br_syntax_error(c, "function is too long");
        return 0;
    }
    return emit(c, (uint32_t)op | (uint32_t)(a & 0xFF) << 8 | (uint32_t)bx << 16);
}

int br_emit_word(struct compiler *c, int word)
{
    return emit(c, (uint32_t)word);
}

static void set_a(struct compiler *c, int at, int reg)
{
    if (!c->failed)
        c->func->code[at] = (c->func->code[at] & ~0xFF00u) | (uint32_t)reg << 8;
}

/* ---- jumps: a list is threaded through the jumps themselves, each holding the next one + 1 ----
 */

int br_here(struct compiler *c)
{
    c->func->last_target = (int)c->func->ncode;
    return c->func->last_target;
}

static int jump_field(const struct compiler *c, int at)
{
    return INS_J(c->func->code[at]);
}

static void set_jump(struct compiler *c, int at, int value)
{
    c->func->code[at] = OP_JMP | (uint32_t)value << 8;
}

int br_jump(struct compiler *c)
{
    return br_emit(c, OP_JMP, 0, 0, 0);
}

void br_join(struct compiler *c, int *list, int jump)
{
    if (c->failed || jump == NO_JUMP)
        return;
    int last = jump;
    while (jump_field(c, last))
        last = jump_field(c, last) - 1;
    set_jump(c, last, *list + 1);
    *list = jump;
}

void br_patch(struct compiler *c, int list, int target)
{
    while (!c->failed && list != NO_JUMP) {
        int next = jump_field(c, list) - 1;
        set_jump(c, list, target - (list + 1));
        list = next;
    }
}

void br_patch_here(struct compiler *c, int list)
{
    if (list != NO_JUMP)
        br_patch(c, list, br_here(c));
}

void br_loop_to(struct compiler *c, int target)
{
    emit(c, OP_LOOP | (c->func->ncode + 1 - (uint32_t)target) << 8);
}

void br_add_handler(struct compiler *c, struct handler h)
{
    struct func *f = c->func;
    if (!GROW(c, f->handlers, f->handlers_cap, f->nhandlers + 1))
        return;
    f->handlers[f->nhandlers++] = h;
}

/* ---- constants ---- */

static bool same_constant(const struct value *a, const struct value *b)
{
    return a->tag == b->tag && a->u.p == b->u.p && a->u.i == b->u.i;
}

int br_constant(struct compiler *c, struct value v)
{
    struct func *f = c->func;
    if (c->failed)
        return 0;
    /* Only the first ones are searched: they are those an instruction can name directly. */
    uint32_t known = f->nconstants < 256 ? f->nconstants : 256;
    for (uint32_t i = 0; i < known; i++) {
        if (same_constant(&f->constants[i], &v))
            return (int)i;
    }
    if (f->nconstants > BX_MAX) {
        br_syntax_error(c, "too many constants in a function");
        return 0;
    }
    br_put(c->vm, v);
    bool ok = GROW(c, f->constants, f->constants_cap, f->nconstants + 1);
    c->vm->top--;
    if (!ok)
        return 0;
    f->constants[f->nconstants] = v;
    return (int)f->nconstants++;
}

/* ---- registers ---- */

int br_take_reg(struct compiler *c)
{
    struct func *f = c->func;
    if (f->free >= LATE_TOP - f->max_late) {
        br_syntax_error(c, "register overflow (more than 255)");
        return 0;
    }
    int reg = f->free++;
    if (f->free > f->max_free)
        f->max_free = f->free;
    return reg;
}

void br_free_reg(struct compiler *c, int reg)
{
    struct func *f = c->func;
    if (reg >= f->locals_top && reg < f->free)
        f->free = reg;
}

void br_free_expr(struct compiler *c, const struct expr *e)
{
    if (e->kind == X_INDEX || e->kind == X_MEMBERX) {
        int low = e->reg < e->index ? e->reg : e->index;
        br_free_reg(c, e->reg + e->index - low);
        br_free_reg(c, low);
    } else if (e->kind == X_TEMP || e->kind == X_INDEXK || e->kind == X_MEMBER) {
        br_free_reg(c, e->reg);
    }
}

/* ---- expressions ---- */

struct expr br_expr(enum expr_kind kind)
{
    struct expr e = { .kind = kind, .t = NO_JUMP, .f = NO_JUMP };
    e.value = value_nil();
    return e;
}

struct expr br_expr_reg(int reg)
{
    struct expr e = br_expr(X_TEMP);
    e.reg = reg;
    return e;
}

struct expr br_expr_str(struct str *s)
{
    struct expr e = br_expr(X_STR);
    e.value = value_of(s);
    return e;
}

static void pending(struct expr *e, int at)
{
    e->kind = X_PENDING;
    e->index = at;
}

/* Turns anything that lives in memory into an instruction that still lacks its register. */
void br_load(struct compiler *c, struct expr *e)
{
    switch (e->kind) {
    case X_UP:
        pending(e, br_emit(c, OP_GETUP, 0, e->index, 0));
        break;
    case X_GLOBAL:
        pending(e, br_emit_bx(c, OP_GETGLOBAL, 0, e->index));
        break;
    case X_NAMED:
        pending(e, br_emit_bx(c, OP_GETNAMED, 0, e->index));
        break;
    case X_BUILTIN:
        pending(e, br_emit_bx(c, OP_GETBUILTIN, 0, e->index));
        break;
    case X_UNKNOWN:
        br_syntax_error(c, "'%s' undeclared (first use in this function)",
                        e->name ? e->name->s : "");
        break;
    case X_INDEX:
        br_free_expr(c, e);
        pending(e, br_emit(c, OP_GETINDEX, 0, e->reg, e->index));
        break;
    case X_INDEXK:
        br_free_expr(c, e);
        pending(e, br_emit(c, OP_GETINDEXK, 0, e->reg, e->index));
        break;
    case X_MEMBER:
        br_free_expr(c, e);
        pending(e, br_emit(c, OP_GETMEMBER, 0, e->reg, e->index));
        break;
    case X_MEMBERX:
        br_free_expr(c, e);
        pending(e, br_emit(c, OP_GETMEMBERX, 0, e->reg, e->index));
        break;
    case X_NIL:
    case X_TRUE:
    case X_FALSE:
    case X_INT:
    case X_REAL:
    case X_STR:
    case X_LOCAL:
    case X_TEMP:
    case X_PENDING:
    case X_COMPARE:
        break;
    }
}

static void load_int(struct compiler *c, berry_int i, int reg)
{
    if (i >= -LOADI_BIAS && i < LOADI_BIAS)
        br_emit_bx(c, OP_LOADI, reg, (int)i + LOADI_BIAS);
    else
        br_emit_bx(c, OP_LOADK, reg, br_constant(c, value_int(i)));
}

/* The bool that falls through is `value`; the jumps in `others` mean the opposite. */
static void bool_to_reg(struct compiler *c, bool value, int others, int reg)
{
    br_emit(c, OP_LOADBOOL, reg, value, others != NO_JUMP);
    if (others == NO_JUMP)
        return;
    br_patch_here(c, others);
    br_emit(c, OP_LOADBOOL, reg, !value, 0);
    br_here(c);
}

static void set_sense(struct compiler *c, int jump, bool sense)
{
    set_a(c, jump - 1, sense);
}

static void compare_to_reg(struct compiler *c, const struct expr *e, int reg)
{
    set_sense(c, e->index, !e->negated);
    br_emit(c, OP_LOADBOOL, reg, 0, 1);
    br_patch_here(c, e->index);
    br_emit(c, OP_LOADBOOL, reg, 1, 0);
    br_here(c);
}

void br_to_reg(struct compiler *c, struct expr *e, int reg)
{
    br_load(c, e);
    switch ((int)e->kind) {
    case X_NIL:
        br_emit(c, OP_LOADNIL, reg, 0, 0);
        break;
    case X_TRUE:
        bool_to_reg(c, true, e->f, reg);
        break;
    case X_FALSE:
        bool_to_reg(c, false, e->t, reg);
        break;
    case X_INT:
        load_int(c, e->value.u.i, reg);
        break;
    case X_REAL:
    case X_STR:
        br_emit_bx(c, OP_LOADK, reg, br_constant(c, e->value));
        break;
    case X_PENDING:
        set_a(c, e->index, reg);
        break;
    case X_COMPARE:
        compare_to_reg(c, e, reg);
        break;
    case X_LOCAL:
    case X_TEMP:
        if (e->reg != reg)
            br_emit(c, OP_MOVE, reg, e->reg, 0);
        break;
    default:
        break;
    }
    *e = br_expr_reg(reg);
}

int br_to_next_reg(struct compiler *c, struct expr *e)
{
    br_load(c, e);
    br_free_expr(c, e);
    int reg = br_take_reg(c);
    br_to_reg(c, e, reg);
    return reg;
}

int br_to_any_reg(struct compiler *c, struct expr *e)
{
    if (e->kind == X_LOCAL || e->kind == X_TEMP)
        return e->reg;
    return br_to_next_reg(c, e);
}

/* ---- conditions ---- */

/* Emits the test and its jump, taken when the truth of `e` equals `sense`. */
static int jump_if(struct compiler *c, struct expr *e, bool sense)
{
    if (e->kind == X_COMPARE) {
        set_sense(c, e->index, sense != e->negated);
        return e->index;
    }
    int reg = br_to_any_reg(c, e);
    br_free_expr(c, e);
    br_emit(c, OP_TEST, sense, reg, 0);
    return br_jump(c);
}

void br_go_if_true(struct compiler *c, struct expr *e)
{
    if (e->kind == X_FALSE || e->kind == X_NIL)
        br_join(c, &e->f, br_jump(c));
    else if (e->kind != X_TRUE)
        br_join(c, &e->f, jump_if(c, e, false));
    br_patch_here(c, e->t);
    e->t = NO_JUMP;
}

void br_go_if_false(struct compiler *c, struct expr *e)
{
    if (e->kind == X_TRUE)
        br_join(c, &e->t, br_jump(c));
    else if (e->kind != X_FALSE && e->kind != X_NIL)
        br_join(c, &e->t, jump_if(c, e, true));
    br_patch_here(c, e->f);
    e->f = NO_JUMP;
}

void br_not(struct compiler *c, struct expr *e)
{
    int t = e->t;
    switch ((int)e->kind) {
    case X_NIL:
        e->kind = X_TRUE;
        return;
    case X_TRUE:
    case X_FALSE:
        e->kind = e->kind == X_TRUE ? X_FALSE : X_TRUE;
        e->t = e->f;
        e->f = t;
        return;
    case X_COMPARE:
        e->negated = !e->negated;
        return;
    default:
        br_unary(c, OP_NOT, e);
        return;
    }
}

/* ---- operators ---- */

static bool is_constant(const struct expr *e)
{
    return e->kind == X_INT || e->kind == X_REAL || e->kind == X_STR;
}

/* The constant's number if an instruction can hold it, else -1. */
static int small_constant(struct compiler *c, const struct expr *e)
{
    if (!is_constant(e))
        return -1;
    int k = br_constant(c, e->value);
    return k <= 255 ? k : -1;
}

static bool is_comparison(enum op op)
{
    return op >= OP_EQ && op <= OP_GE;
}

/* `a` is in a register already; `b` was parsed after it. */
void br_binary(struct compiler *c, enum op op, struct expr *a, struct expr *b)
{
    int k = op == OP_RANGE ? -1 : small_constant(c, b);
    int left = a->reg;
    int right = k >= 0 ? k : br_to_any_reg(c, b);
    if (k < 0)
        br_free_expr(c, b);
    br_free_expr(c, a);
    int direct = k >= 0 ? (is_comparison(op) ? OP_EQK - OP_EQ : OP_ADDK - OP_ADD) : 0;
    enum op final = (enum op)((int)op + direct);
    *a = br_expr(is_comparison(op) ? X_COMPARE : X_PENDING);
    if (is_comparison(op)) {
        br_emit(c, final, 1, left, right);
        a->index = br_jump(c);
    } else {
        a->index = br_emit(c, final, 0, left, right);
    }
}

void br_unary(struct compiler *c, enum op op, struct expr *e)
{
    int reg = br_to_any_reg(c, e);
    br_free_expr(c, e);
    *e = br_expr(X_PENDING);
    e->index = br_emit(c, op, 0, reg, 0);
}

/* ---- assignment ---- */

/* Stores `v` where `target` says; `v` may end up in the target's own register. */
void br_store(struct compiler *c, struct expr *target, struct expr *v)
{
    int reg;
    if (target->kind == X_LOCAL) {
        br_free_expr(c, v);
        br_to_reg(c, v, target->reg);
        *v = *target;
        return;
    }
    reg = br_to_any_reg(c, v);
    switch ((int)target->kind) {
    case X_UP:
        br_emit(c, OP_SETUP, reg, target->index, 0);
        break;
    case X_GLOBAL:
        br_emit_bx(c, OP_SETGLOBAL, reg, target->index);
        break;
    case X_NAMED:
        br_emit_bx(c, OP_SETNAMED, reg, target->index);
        break;
    case X_INDEX:
        br_emit(c, OP_SETINDEX, target->reg, target->index, reg);
        break;
    case X_INDEXK: {
        int key = br_take_reg(c);
        br_emit_bx(c, OP_LOADK, key, target->index);
        br_emit(c, OP_SETINDEX, target->reg, key, reg);
        br_free_reg(c, key);
        break;
    }
    case X_MEMBER:
        br_emit(c, OP_SETMEMBER, target->reg, target->index, reg);
        break;
    case X_MEMBERX:
        br_emit(c, OP_SETMEMBERX, target->reg, target->index, reg);
        break;
    default:
        br_syntax_error(c, "try to assign constant expressions.");
        break;
    }
}
