/* Parsing statements and functions. */
#include "compiler.h"

static bool ends_block(enum token_kind kind)
{
    return kind == TK_END || kind == TK_ELSE || kind == TK_ELIF || kind == TK_EXCEPT ||
           kind == TK_EOS;
}

static void parse_inner_block(struct compiler *c, bool is_loop)
{
    struct block b;
    br_open_block(c, &b, is_loop);
    br_parse_block(c);
    br_close_block(c);
}

/* ---- if, while, do ---- */

/* A condition and its block; gives the jumps for when it does not hold. */
static int parse_condition(struct compiler *c)
{
    struct expr e = br_parse_expr(c);
    br_load(c, &e);
    br_go_if_true(c, &e);
    br_free_expr(c, &e);
    return e.f;
}

static void parse_if(struct compiler *c)
{
    int end = NO_JUMP;
    struct block outer; /* for variables that := makes in a condition */
    br_open_block(c, &outer, false);
    br_advance(c);
    int otherwise = parse_condition(c);
    parse_inner_block(c, false);
    while (!c->failed && c->token.kind == TK_ELIF) {
        br_join(c, &end, br_jump(c));
        br_patch_here(c, otherwise);
        br_advance(c);
        otherwise = parse_condition(c);
        parse_inner_block(c, false);
    }
    if (c->token.kind == TK_ELSE) {
        br_join(c, &end, br_jump(c));
        br_patch_here(c, otherwise);
        otherwise = NO_JUMP;
        br_advance(c);
        parse_inner_block(c, false);
    }
    br_patch_here(c, otherwise);
    br_patch_here(c, end);
    br_close_block(c);
    br_expect(c, TK_END);
}

/* After a loop: captured variables that a break jumped over leave the stack. */
static void leave_loop(struct compiler *c, const struct block *loop)
{
    br_patch_here(c, loop->breaks);
    if (!loop->captured)
        return;
    br_emit(c, OP_CLOSE, loop->first_reg, c->func->max_free, 0);
    for (int late = loop->first_late; late < c->func->max_late; late++)
        br_emit(c, OP_CLOSE, LATE_TOP - late, LATE_TOP - late + 1, 0);
}

static void parse_while(struct compiler *c)
{
    struct block loop;
    br_advance(c);
    br_open_block(c, &loop, true);
    int start = br_here(c);
    int end = parse_condition(c);
    parse_inner_block(c, false);
    br_patch_here(c, loop.continues);
    br_close_block(c);
    br_loop_to(c, start);
    br_patch_here(c, end);
    leave_loop(c, &loop);
    br_expect(c, TK_END);
}

static void parse_do(struct compiler *c)
{
    br_advance(c);
    parse_inner_block(c, false);
    br_expect(c, TK_END);
}

/* ---- for ---- */

/* The expression after the colon into R[at]; a literal a..b needs no range object. */
static enum op parse_iterated(struct compiler *c, int at)
{
    struct expr e = br_parse_expr(c);
    br_load(c, &e);
    struct func *f = c->func;
    bool is_range = !c->failed && e.kind == X_PENDING && e.index == (int)f->ncode - 1 &&
                    f->last_target != (int)f->ncode && INS_OP(f->code[e.index]) == OP_RANGE;
    if (!is_range) {
        br_free_expr(c, &e);
        br_to_reg(c, &e, at);
        return OP_FORPREP;
    }
    int from = (int)INS_B(f->code[e.index]), to = (int)INS_C(f->code[e.index]);
    f->ncode--;
    if (to != at + 1)
        br_emit(c, OP_MOVE, at + 1, to, 0);
    if (from != at)
        br_emit(c, OP_MOVE, at, from, 0);
    return OP_FORRANGE;
}

static void parse_for_body(struct compiler *c, struct str *name)
{
    struct block body;
    br_open_block(c, &body, true);
    br_add_local(c, name);
    br_parse_block(c);
    br_patch_here(c, body.continues);
    body.continues = NO_JUMP;
    br_close_block(c);
    c->func->block->breaks = body.breaks;
    c->func->block->captured |= body.captured;
}

static void parse_for(struct compiler *c)
{
    char buffer[48];
    struct block hidden;
    br_advance(c);
    if (c->token.kind != TK_ID)
        br_syntax_error(c, "missing iteration variable before '%s'",
                        br_current_text(c, buffer, sizeof buffer));
    struct str *name = br_expect_name(c);
    br_expect(c, TK_COLON);
    br_open_block(c, &hidden, false);
    int at = c->func->locals_top;
    enum op prepare = parse_iterated(c, at);
    for (int i = 0; i < 3; i++)
        br_add_local(c, NULL);
    if (c->strict && name)
        br_check_new_name(c, name);
    int prep = br_emit_bx(c, prepare, at, 0);
    int start = br_here(c);
    parse_for_body(c, name);
    int end = br_here(c);
    br_emit_bx(c, OP_FORLOOP, at, end + 1 - start);
    if (!c->failed && end - prep - 1 <= BX_MAX)
        c->func->code[prep] |= (uint32_t)(end - prep - 1) << 16;
    struct handler h = { .start = (uint32_t)start, .kind = HANDLER_FOR };
    h.end = (uint32_t)end + 1;
    h.target = (uint32_t)br_here(c);
    h.close = (uint8_t)at;
    br_add_handler(c, h);
    br_patch_here(c, hidden.breaks);
    br_close_block(c);
    br_expect(c, TK_END);
}

/* ---- break, continue, return ---- */

static struct block *find_loop(const struct compiler *c)
{
    struct block *b = c->func->block;
    while (b && !b->is_loop)
        b = b->outer;
    return b;
}

static void parse_break(struct compiler *c)
{
    struct block *loop = find_loop(c);
    br_advance(c);
    if (loop)
        br_join(c, &loop->breaks, br_jump(c));
    else
        br_syntax_error(c, "break not loop");
}

static void parse_continue(struct compiler *c)
{
    struct block *loop = find_loop(c);
    br_advance(c);
    if (loop)
        br_join(c, &loop->continues, br_jump(c));
    else
        br_syntax_error(c, "continue not loop");
}

static void parse_return(struct compiler *c)
{
    br_advance(c);
    if (!br_starts_expr(c->token.kind)) {
        br_emit(c, OP_RETNIL, 0, 0, 0);
        return;
    }
    struct expr e = br_parse_expr(c);
    int reg = br_to_any_reg(c, &e);
    br_emit(c, OP_RETURN, reg, 0, 0);
}

/* ---- var, assignment, expressions as statements ---- */

static void store_in(struct compiler *c, struct expr *target, struct expr *v)
{
    br_store(c, target, v);
    c->func->free = c->func->locals_top;
}

/* A value goes straight into the register its new local will have. */
static void define(struct compiler *c, struct str *name, struct expr *v)
{
    br_check_new_name(c, name);
    if (c->failed)
        return;
    if (br_at_global_level(c)) {
        struct expr target = br_global_expr(c, name);
        store_in(c, &target, v);
        return;
    }
    br_load(c, v);
    br_free_expr(c, v);
    int reg = c->func->locals_top;
    br_to_reg(c, v, reg);
    br_add_local(c, name);
}

static void parse_var(struct compiler *c)
{
    do {
        br_advance(c);
        struct str *name = br_expect_name(c);
        struct expr v = br_expr(X_NIL);
        if (br_accept(c, TK_ASSIGN))
            v = br_parse_expr(c);
        if (!name || c->failed)
            return;
        define(c, name, &v);
    } while (c->token.kind == TK_COMMA);
}

static void assign_new(struct compiler *c, const struct expr *target, struct expr *v)
{
    struct str *name = target->name;
    if (c->strict && target->kind == X_UNKNOWN && !br_at_global_level(c)) {
        br_syntax_error(c, "strict: no global '%s', did you mean 'var %s'?", name->s, name->s);
        return;
    }
    define(c, name, v);
}

static void parse_assign(struct compiler *c, struct expr *target)
{
    br_advance(c);
    struct expr v = br_parse_expr(c);
    br_load(c, &v);
    c->effects++;
    if (c->failed)
        return;
    if ((target->kind == X_UNKNOWN || target->kind == X_BUILTIN) && target->name)
        assign_new(c, target, &v);
    else
        store_in(c, target, &v);
}

/* The operator of `op=`, or OP_COUNT. */
static enum op compound_op(enum token_kind kind)
{
    static const uint8_t pairs[][2] = {
        { TK_ADD_ASSIGN, OP_ADD }, { TK_SUB_ASSIGN, OP_SUB }, { TK_MUL_ASSIGN, OP_MUL },
        { TK_DIV_ASSIGN, OP_DIV }, { TK_MOD_ASSIGN, OP_MOD }, { TK_AND_ASSIGN, OP_AND },
        { TK_OR_ASSIGN, OP_OR },   { TK_XOR_ASSIGN, OP_XOR }, { TK_SHL_ASSIGN, OP_SHL },
        { TK_SHR_ASSIGN, OP_SHR },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i][0] == kind)
            return (enum op)pairs[i][1];
    }
    return OP_COUNT;
}

/* Loads the target's value while its object and index stay where they are. */
static struct expr current_value(struct compiler *c, const struct expr *target)
{
    struct expr v = *target;
    int keep = c->func->free;
    br_load(c, &v);
    c->func->free = keep;
    br_to_any_reg(c, &v);
    return v;
}

static void parse_compound(struct compiler *c, struct expr *target, enum op op)
{
    bool can_store = target->kind >= X_LOCAL && target->kind <= X_MEMBERX &&
                     target->kind != X_TEMP && target->kind != X_BUILTIN;
    br_advance(c);
    if (!can_store) {
        br_syntax_error(c, "try to assign constant expressions.");
        return;
    }
    struct expr left = current_value(c, target);
    struct expr right = br_parse_expr(c);
    br_load(c, &right);
    c->effects++;
    br_binary(c, op, &left, &right);
    store_in(c, target, &left);
}

static void discard(struct compiler *c, struct expr *e)
{
    br_load(c, e);
    if (e->kind == X_PENDING || e->kind == X_COMPARE || e->t != NO_JUMP || e->f != NO_JUMP)
        br_to_next_reg(c, e);
}

static void parse_expression(struct compiler *c)
{
    char buffer[48];
    uint32_t effects = c->effects;
    if (!br_starts_expr(c->token.kind)) {
        br_syntax_error(c, "expected statement before '%s'",
                        br_current_text(c, buffer, sizeof buffer));
        return;
    }
    struct expr e = br_parse_expr(c);
    if (c->failed)
        return;
    if (c->token.kind == TK_ASSIGN) {
        parse_assign(c, &e);
    } else if (compound_op(c->token.kind) != OP_COUNT) {
        if (e.kind == X_UNKNOWN)
            br_load(c, &e);
        parse_compound(c, &e, compound_op(c->token.kind));
    } else {
        discard(c, &e);
        if (c->strict && c->effects == effects)
            br_syntax_error(c, "strict: expression without side effect detected");
    }
}

/* ---- functions ---- */

static int parse_params(struct compiler *c, bool *rest)
{
    int count = 0;
    *rest = false;
    br_expect(c, TK_LPAREN);
    while (!c->failed && c->token.kind != TK_RPAREN) {
        *rest = br_accept(c, TK_MUL);
        struct str *name = br_expect_name(c);
        if (!name)
            break;
        br_check_new_name(c, name);
        br_add_local(c, name);
        count++;
        if (*rest || !br_accept(c, TK_COMMA))
            break;
        if (c->token.kind != TK_ID && c->token.kind != TK_MUL)
            br_expect(c, TK_ID);
    }
    br_expect(c, TK_RPAREN);
    return count;
}

/* Adds the finished prototype to the enclosing function and makes a closure of it. */
static struct expr make_closure(struct compiler *c, struct proto *p)
{
    struct expr e = br_expr(X_PENDING);
    struct func *f = c->func;
    if (!p)
        return br_expr(X_NIL);
    br_put_object(c->vm, p);
    bool ok = GROW(c, f->protos, f->protos_cap, f->nprotos + 1);
    c->vm->top--;
    if (!ok)
        return e;
    f->protos[f->nprotos] = p;
    e.index = br_emit_bx(c, OP_CLOSURE, 0, (int)f->nprotos++);
    c->effects++;
    return e;
}

struct expr br_parse_function(struct compiler *c, struct str *name, bool is_method)
{
    struct func f;
    struct block b;
    bool rest = false;
    if (!br_descend(c))
        return br_expr(X_NIL);
    br_open_func(c, &f, name);
    br_open_block(c, &b, false);
    int count = 0;
    if (is_method) {
        struct str *self = br_str_c(c->vm, "self");
        if (!self || !br_anchor(c, self))
            br_compile_failed(c);
        br_add_local(c, self);
        count = 1;
    }
    count += parse_params(c, &rest);
    if (!c->failed) {
        f.proto->nparams = (uint8_t)count;
        f.proto->has_rest = rest;
        f.proto->is_method = is_method;
    }
    br_parse_block(c);
    br_close_block(c);
    br_expect(c, TK_END);
    struct proto *p = br_close_func(c);
    br_ascend(c);
    return make_closure(c, p);
}

struct expr br_parse_lambda(struct compiler *c)
{
    struct func f;
    struct block b;
    int count = 0;
    struct str *name = br_str_c(c->vm, "<lambda>");
    if (!name || !br_anchor(c, name))
        br_compile_failed(c);
    br_open_func(c, &f, name);
    br_open_block(c, &b, false);
    br_advance(c);
    while (!c->failed && c->token.kind == TK_ID) {
        struct str *param = br_expect_name(c);
        if (!param)
            break;
        br_check_new_name(c, param);
        br_add_local(c, param);
        count++;
        if (br_accept(c, TK_COMMA) && c->token.kind != TK_ID)
            br_expect(c, TK_ID);
    }
    br_expect(c, TK_ARROW);
    if (!c->failed)
        f.proto->nparams = (uint8_t)count;
    struct expr e = br_parse_expr(c);
    int reg = br_to_any_reg(c, &e);
    br_emit(c, OP_RETURN, reg, 0, 0);
    br_close_block(c);
    return make_closure(c, br_close_func(c));
}

/* A local function is visible in its own body, so its variable comes first. */
static void parse_def(struct compiler *c)
{
    char buffer[48];
    br_advance(c);
    if (c->token.kind == TK_LPAREN) { /* an anonymous one as a statement */
        struct str *none = br_str_c(c->vm, "_anonymous_");
        if (!none || !br_anchor(c, none)) {
            br_compile_failed(c);
            return;
        }
        struct expr e = br_parse_function(c, none, false);
        discard(c, &e);
        return;
    }
    if (c->token.kind != TK_ID)
        br_syntax_error(c, "the token '%s' is not a valid function name.",
                        br_current_text(c, buffer, sizeof buffer));
    struct str *name = br_expect_name(c);
    if (!name)
        return;
    struct expr target = br_declare(c, name);
    struct expr e = br_parse_function(c, name, false);
    store_in(c, &target, &e);
}

/* ---- import ---- */

static void import_as(struct compiler *c, struct str *module, struct str *name)
{
    struct expr e = br_expr(X_PENDING);
    if (c->failed)
        return;
    e.index = br_emit_bx(c, OP_IMPORT, 0, br_constant(c, value_of(module)));
    struct expr known = br_resolve(c, name);
    if (!br_at_global_level(c) && known.kind == X_LOCAL) {
        store_in(c, &known, &e);
        return;
    }
    define(c, name, &e);
}

static void parse_import(struct compiler *c)
{
    br_advance(c);
    bool is_text = c->token.kind == TK_STRING;
    struct str *module = is_text ? as_str(&c->token.value) : NULL;
    if (is_text)
        br_advance(c);
    else
        module = br_expect_name(c);
    if (!module)
        return;
    if (is_text && c->token.kind != TK_AS)
        br_expect(c, TK_AS);
    if (br_accept(c, TK_AS)) {
        struct str *name = br_expect_name(c);
        if (name)
            import_as(c, module, name);
        return;
    }
    import_as(c, module, module);
    while (br_accept(c, TK_COMMA)) {
        module = br_expect_name(c);
        if (module)
            import_as(c, module, module);
    }
}

/* ---- raise and try ---- */

static void parse_raise(struct compiler *c)
{
    br_advance(c);
    struct expr error = br_parse_expr(c);
    br_to_next_reg(c, &error);
    struct expr message = br_expr(X_NIL);
    if (br_accept(c, TK_COMMA))
        message = br_parse_expr(c);
    br_to_next_reg(c, &message);
    br_emit(c, OP_RAISE, error.reg, message.reg, 0);
}

/* What an except clause lists; gives the jumps for when nothing in it fits. */
static int parse_patterns(struct compiler *c, int error)
{
    int match = NO_JUMP;
    if (br_accept(c, TK_RANGE))
        return NO_JUMP;
    do {
        struct expr left = br_expr(X_LOCAL), right = br_parse_expr(c);
        left.reg = error;
        br_load(c, &right);
        br_binary(c, OP_EQ, &left, &right);
        br_go_if_false(c, &left);
        br_join(c, &match, left.t);
        c->func->free = c->func->locals_top;
    } while (br_accept(c, TK_COMMA));
    int otherwise = br_jump(c);
    br_patch_here(c, match);
    return otherwise;
}

static void bind_error(struct compiler *c, int reg)
{
    struct str *name = br_expect_name(c);
    struct expr v = br_expr(X_LOCAL);
    v.reg = reg;
    if (name)
        define(c, name, &v);
}

/* One clause; a local of an error is always new, also at top level. Gives the jumps to the next. */
static int parse_except(struct compiler *c, int error, int *end)
{
    struct block b;
    br_advance(c);
    br_open_block(c, &b, false);
    int otherwise = parse_patterns(c, error);
    if (br_accept(c, TK_AS)) {
        bind_error(c, error);
        if (br_accept(c, TK_COMMA))
            bind_error(c, error + 1);
    }
    br_parse_block(c);
    br_close_block(c);
    br_join(c, end, br_jump(c));
    return otherwise;
}

static void parse_try(struct compiler *c)
{
    struct block handlers;
    int end = NO_JUMP, next = NO_JUMP;
    br_advance(c);
    struct handler h = { .start = (uint32_t)br_here(c), .kind = HANDLER_TRY };
    h.close = (uint8_t)c->func->locals_top;
    parse_inner_block(c, false);
    h.end = c->func->ncode;
    br_join(c, &end, br_jump(c));
    br_open_block(c, &handlers, false);
    int error = br_add_local(c, NULL);
    br_add_local(c, NULL);
    h.reg = (uint8_t)error;
    h.target = (uint32_t)br_here(c);
    if (h.end > h.start)
        br_add_handler(c, h);
    if (c->token.kind != TK_EXCEPT)
        br_expect(c, TK_EXCEPT);
    while (!c->failed && c->token.kind == TK_EXCEPT) {
        br_patch_here(c, next);
        next = parse_except(c, error, &end);
    }
    br_patch_here(c, next);
    br_emit(c, OP_RERAISE, error, 0, 0);
    br_close_block(c);
    br_patch_here(c, end);
    br_expect(c, TK_END);
}

/* ---- a block of statements ---- */

static void parse_statement(struct compiler *c)
{
    switch ((int)c->token.kind) {
    case TK_IF:
        parse_if(c);
        break;
    case TK_WHILE:
        parse_while(c);
        break;
    case TK_FOR:
        parse_for(c);
        break;
    case TK_DO:
        parse_do(c);
        break;
    case TK_BREAK:
        parse_break(c);
        break;
    case TK_CONTINUE:
        parse_continue(c);
        break;
    case TK_DEF:
        parse_def(c);
        break;
    case TK_CLASS:
        br_advance(c);
        br_parse_class(c);
        break;
    case TK_RETURN:
        parse_return(c);
        break;
    case TK_IMPORT:
        parse_import(c);
        break;
    case TK_VAR:
        parse_var(c);
        break;
    case TK_TRY:
        parse_try(c);
        break;
    case TK_RAISE:
        parse_raise(c);
        break;
    case TK_SEMICOLON:
        br_advance(c);
        break;
    default:
        parse_expression(c);
        break;
    }
}

void br_parse_block(struct compiler *c)
{
    if (!br_descend(c))
        return;
    while (!c->failed && !ends_block(c->token.kind)) {
        parse_statement(c);
        c->func->free = c->func->locals_top;
    }
    br_ascend(c);
}
