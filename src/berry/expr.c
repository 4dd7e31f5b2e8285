/* Parsing expressions. */
#include "compiler.h"

/* Binary operators that give a value of their operands; && || and ?: are handled apart. */
static const struct binary {
    uint8_t token;
    uint8_t op;
    uint8_t power; /* binds tighter when higher */
} binaries[] = {
    { TK_MUL, OP_MUL, 12 }, { TK_DIV, OP_DIV, 12 },    { TK_MOD, OP_MOD, 12 },
    { TK_ADD, OP_ADD, 11 }, { TK_SUB, OP_SUB, 11 },    { TK_SHL, OP_SHL, 10 },
    { TK_SHR, OP_SHR, 10 }, { TK_AND, OP_AND, 9 },     { TK_XOR, OP_XOR, 8 },
    { TK_OR, OP_OR, 7 },    { TK_RANGE, OP_RANGE, 6 }, { TK_LT, OP_LT, 5 },
    { TK_LE, OP_LE, 5 },    { TK_GT, OP_GT, 5 },       { TK_GE, OP_GE, 5 },
    { TK_EQ, OP_EQ, 4 },    { TK_NE, OP_NE, 4 },
};

#define POWER_AND 3
#define POWER_OR  2

static const struct binary *find_binary(enum token_kind kind)
{
    for (size_t i = 0; i < sizeof binaries / sizeof binaries[0]; i++) {
        if (binaries[i].token == kind)
            return &binaries[i];
    }
    return NULL;
}

enum op br_binary_op(enum token_kind kind)
{
    const struct binary *b = find_binary(kind);
    return b ? (enum op)b->op : OP_COUNT;
}

bool br_starts_expr(enum token_kind kind)
{
    switch ((int)kind) {
    case TK_LPAREN:
    case TK_LBRACKET:
    case TK_LBRACE:
    case TK_INT:
    case TK_REAL:
    case TK_STRING:
    case TK_FSTRING:
    case TK_ID:
    case TK_TRUE:
    case TK_FALSE:
    case TK_NIL:
    case TK_DEF:
    case TK_DIV:
    case TK_SUB:
    case TK_NOT:
    case TK_FLIP:
        return true;
    default:
        return false;
    }
}

/* ---- primaries ---- */

static struct expr parse_list(struct compiler *c)
{
    int list = br_take_reg(c);
    br_emit(c, OP_NEWLIST, list, 0, 0);
    br_advance(c);
    while (!c->failed && c->token.kind != TK_RBRACKET) {
        struct expr item = br_parse_expr(c);
        int reg = br_to_any_reg(c, &item);
        br_emit(c, OP_APPEND, list, reg, 0);
        br_free_expr(c, &item);
        if (!br_accept(c, TK_COMMA))
            break;
    }
    br_expect(c, TK_RBRACKET);
    return br_expr_reg(list);
}

static struct expr parse_map(struct compiler *c)
{
    int map = br_take_reg(c);
    br_emit(c, OP_NEWMAP, map, 0, 0);
    br_advance(c);
    while (!c->failed && c->token.kind != TK_RBRACE) {
        struct expr key = br_parse_expr(c);
        int key_reg = br_to_any_reg(c, &key);
        br_expect(c, TK_COLON);
        struct expr v = br_parse_expr(c);
        int reg = br_to_any_reg(c, &v);
        br_emit(c, OP_SETINDEX, map, key_reg, reg);
        br_free_expr(c, &v);
        br_free_expr(c, &key);
        if (!br_accept(c, TK_COMMA))
            break;
    }
    br_expect(c, TK_RBRACE);
    return br_expr_reg(map);
}

static struct expr parse_literal(struct compiler *c, enum expr_kind kind)
{
    struct expr e = br_expr(kind);
    e.value = c->token.value;
    br_advance(c);
    return e;
}

static struct expr parse_name(struct compiler *c)
{
    struct str *name = as_str(&c->token.value);
    struct expr e = br_resolve(c, name);
    e.name = name;
    br_advance(c);
    return e;
}

static struct expr parse_parens(struct compiler *c)
{
    br_advance(c);
    struct expr e = br_parse_expr(c);
    br_expect(c, TK_RPAREN);
    if (e.kind == X_UNKNOWN)
        br_load(c, &e);
    return e;
}

static struct expr parse_def(struct compiler *c)
{
    br_advance(c);
    struct str *name = br_str_c(c->vm, "_anonymous_");
    if (!name || !br_anchor(c, name)) {
        br_compile_failed(c);
        return br_expr(X_NIL);
    }
    return br_parse_function(c, name, false);
}

static struct expr parse_primary(struct compiler *c)
{
    switch ((int)c->token.kind) {
    case TK_LPAREN:
        return parse_parens(c);
    case TK_INT:
        return parse_literal(c, X_INT);
    case TK_REAL:
        return parse_literal(c, X_REAL);
    case TK_STRING:
        return parse_literal(c, X_STR);
    case TK_FSTRING:
        return br_parse_fstring(c);
    case TK_TRUE:
        return parse_literal(c, X_TRUE);
    case TK_FALSE:
        return parse_literal(c, X_FALSE);
    case TK_NIL:
        return parse_literal(c, X_NIL);
    case TK_ID:
        return parse_name(c);
    case TK_LBRACKET:
        return parse_list(c);
    case TK_LBRACE:
        return parse_map(c);
    case TK_DIV:
        return br_parse_lambda(c);
    case TK_DEF:
        return parse_def(c);
    default:
        br_unexpected(c, "unexpected symbol");
        return br_expr(X_NIL);
    }
}

/* ---- calls and members ---- */

static int parse_args(struct compiler *c)
{
    int count = 0;
    br_advance(c);
    while (!c->failed && c->token.kind != TK_RPAREN) {
        struct expr arg = br_parse_expr(c);
        br_to_next_reg(c, &arg);
        count++;
        if (!br_accept(c, TK_COMMA))
            break;
        if (c->token.kind == TK_RPAREN)
            br_unexpected(c, "unexpected symbol");
    }
    br_expect(c, TK_RPAREN);
    c->effects++;
    return count;
}

static struct expr call_function(struct compiler *c, struct expr *callee)
{
    int at = br_to_next_reg(c, callee);
    int argc = parse_args(c);
    br_emit(c, OP_CALL, at, argc, 0);
    c->func->free = at + 1;
    return br_expr_reg(at);
}

static struct expr call_method(struct compiler *c, const struct expr *callee)
{
    br_free_expr(c, callee);
    int at = br_take_reg(c);
    br_take_reg(c);
    br_emit(c, callee->kind == X_MEMBER ? OP_METHOD : OP_METHODX, at, callee->reg, callee->index);
    int argc = parse_args(c);
    br_emit(c, OP_CALLM, at, argc, 0);
    c->func->free = at + 1;
    return br_expr_reg(at);
}

static struct expr parse_member(struct compiler *c, struct expr *object)
{
    int reg = br_to_any_reg(c, object);
    struct expr e = br_expr(X_MEMBER);
    e.reg = reg;
    br_advance(c);
    if (c->token.kind == TK_LPAREN && !c->token.spaced) {
        br_advance(c);
        struct expr name = br_parse_expr(c);
        e.kind = X_MEMBERX;
        e.index = br_to_any_reg(c, &name);
        br_expect(c, TK_RPAREN);
        return e;
    }
    struct str *name = br_expect_name(c);
    if (!name)
        return e;
    e.index = br_constant(c, value_of(name));
    if (e.index > 255) {
        struct expr text = br_expr_str(name);
        e.kind = X_MEMBERX;
        e.index = br_to_next_reg(c, &text);
    }
    return e;
}

static struct expr parse_index(struct compiler *c, struct expr *object)
{
    struct expr e = br_expr(X_INDEX);
    e.reg = br_to_any_reg(c, object);
    br_advance(c);
    struct expr key = br_parse_expr(c);
    if (key.kind == X_INT || key.kind == X_STR) {
        e.index = br_constant(c, key.value);
        e.kind = e.index <= 255 ? X_INDEXK : X_INDEX;
    }
    if (e.kind == X_INDEX)
        e.index = br_to_any_reg(c, &key);
    br_expect(c, TK_RBRACKET);
    return e;
}

static struct expr parse_suffixed(struct compiler *c)
{
    struct expr e = parse_primary(c);
    while (!c->failed) {
        if (c->token.kind == TK_LPAREN && !c->token.spaced) {
            bool is_member = e.kind == X_MEMBER || e.kind == X_MEMBERX;
            e = is_member ? call_method(c, &e) : call_function(c, &e);
        } else if (c->token.kind == TK_DOT) {
            e = parse_member(c, &e);
        } else if (c->token.kind == TK_LBRACKET) {
            e = parse_index(c, &e);
        } else {
            break;
        }
    }
    return e;
}

/* ---- operators ---- */

static bool is_literal(const struct expr *e)
{
    bool lists = e->t != NO_JUMP || e->f != NO_JUMP;
    return !lists && (e->kind == X_NIL || e->kind == X_TRUE || e->kind == X_FALSE ||
                      e->kind == X_STR || e->kind == X_REAL);
}

static struct expr parse_unary(struct compiler *c);

static void apply_unary(struct compiler *c, enum token_kind kind, struct expr *e)
{
    if (kind == TK_NOT) {
        if (e->kind == X_UNKNOWN)
            br_load(c, e);
        br_not(c, e);
    } else if (e->kind == X_INT) {
        uint64_t i = (uint64_t)e->value.u.i;
        e->value = value_int((berry_int)(kind == TK_SUB ? 0 - i : ~i));
    } else if (e->kind == X_REAL && kind == TK_SUB) {
        e->value = value_real(-e->value.u.r);
    } else if (is_literal(e)) {
        br_syntax_error(c, "wrong type argument to unary '%s'",
                        kind == TK_SUB ? "negative" : "bit-flip");
    } else {
        br_unary(c, kind == TK_SUB ? OP_NEG : OP_FLIP, e);
    }
}

static struct expr parse_unary(struct compiler *c)
{
    enum token_kind kind = c->token.kind;
    if (kind != TK_SUB && kind != TK_NOT && kind != TK_FLIP)
        return parse_suffixed(c);
    if (!br_descend(c))
        return br_expr(X_NIL);
    br_advance(c);
    struct expr e = parse_unary(c);
    apply_unary(c, kind, &e);
    br_ascend(c);
    return e;
}

static struct expr parse_binary(struct compiler *c, int power);

static void parse_and(struct compiler *c, struct expr *left)
{
    br_go_if_true(c, left);
    br_advance(c);
    struct expr right = parse_binary(c, POWER_AND + 1);
    br_load(c, &right);
    br_go_if_true(c, &right);
    int others = left->f;
    br_join(c, &others, right.f); /* walks the newer list: the other one may be long */
    *left = br_expr(X_TRUE);
    left->f = others;
}

static void parse_or(struct compiler *c, struct expr *left)
{
    br_go_if_false(c, left);
    br_advance(c);
    struct expr right = parse_binary(c, POWER_OR + 1);
    br_load(c, &right);
    br_go_if_false(c, &right);
    int others = left->t;
    br_join(c, &others, right.t);
    *left = br_expr(X_FALSE);
    left->t = others;
}

static void parse_operator(struct compiler *c, struct expr *left, const struct binary *b)
{
    br_to_any_reg(c, left);
    br_advance(c);
    struct expr right = br_expr(X_INT);
    right.value = value_int(INT_MAXIMUM);
    if (b->op != OP_RANGE || br_starts_expr(c->token.kind))
        right = parse_binary(c, b->power + 1);
    if (b->op == OP_RANGE)
        c->effects++;
    br_binary(c, (enum op)b->op, left, &right);
}

static struct expr parse_binary(struct compiler *c, int power)
{
    struct expr left = parse_unary(c);
    while (!c->failed) {
        const struct binary *b = find_binary(c->token.kind);
        if (b && b->power >= power) {
            br_load(c, &left);
            parse_operator(c, &left, b);
        } else if (c->token.kind == TK_AND_AND && power <= POWER_AND) {
            br_load(c, &left);
            parse_and(c, &left);
        } else if (c->token.kind == TK_OR_OR && power <= POWER_OR) {
            br_load(c, &left);
            parse_or(c, &left);
        } else {
            break;
        }
    }
    return left;
}

static struct expr parse_conditional(struct compiler *c)
{
    struct expr e = parse_binary(c, POWER_OR);
    if (c->failed || c->token.kind != TK_QUESTION)
        return e;
    br_load(c, &e);
    br_go_if_true(c, &e);
    br_free_expr(c, &e);
    br_advance(c);
    struct expr yes = br_parse_expr(c);
    int reg = br_to_next_reg(c, &yes);
    int end = br_jump(c);
    br_expect(c, TK_COLON);
    br_patch_here(c, e.f);
    br_free_reg(c, reg);
    struct expr no = br_parse_expr(c);
    br_load(c, &no);
    br_free_expr(c, &no);
    if (br_take_reg(c) != reg && !c->failed)
        br_syntax_error(c, "register overflow (more than 255)");
    br_to_reg(c, &no, reg);
    br_patch_here(c, end);
    return br_expr_reg(reg);
}

/* ---- the walrus ---- */

static struct expr late_variable(struct compiler *c, struct str *name)
{
    br_check_new_name(c, name);
    if (br_at_global_level(c))
        return br_global_expr(c, name);
    struct expr e = br_expr(X_LOCAL);
    e.reg = br_add_late_local(c, name);
    return e;
}

static struct expr parse_walrus(struct compiler *c, struct expr *target)
{
    struct str *name = target->name;
    bool is_new = target->kind == X_UNKNOWN || target->kind == X_BUILTIN;
    br_advance(c);
    struct expr v = br_parse_expr(c);
    c->effects++;
    if (is_new && name && !c->failed)
        *target = late_variable(c, name);
    br_store(c, target, &v);
    if (target->kind == X_INDEX || target->kind == X_MEMBER || target->kind == X_INDEXK ||
        target->kind == X_MEMBERX) {
        int low = target->reg; /* the value moves down to where the object was */
        br_free_expr(c, &v);
        br_free_expr(c, target);
        if (low < c->func->locals_top)
            low = c->func->free;
        c->func->free = low;
        int reg = br_take_reg(c);
        br_to_reg(c, &v, reg);
        v = br_expr_reg(reg);
    }
    return v;
}

struct expr br_parse_expr(struct compiler *c)
{
    if (!br_descend(c))
        return br_expr(X_NIL);
    struct expr e = parse_conditional(c);
    if (!c->failed && c->token.kind == TK_WALRUS)
        e = parse_walrus(c, &e);
    br_ascend(c);
    return e;
}
