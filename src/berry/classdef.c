/* Parsing class statements. The class lies in a local named _class while its body is compiled. */
#include "compiler.h"

#include <stdio.h>

static int name_constant(struct compiler *c, struct str *name)
{
    return c->failed ? 0 : br_constant(c, value_of(name));
}

static void add_member(struct compiler *c, enum op op, int reg, int value, struct str *name)
{
    if (c->failed)
        return;
    br_add_member_name(c, name);
    int k = name_constant(c, name);
    br_emit(c, op, reg, value, 0);
    br_emit_word(c, k);
}

/* ---- members ---- */

/* How many variables were declared. */
static int parse_vars(struct compiler *c, int reg)
{
    int count = 0;
    do {
        br_advance(c);
        struct str *name = br_expect_name(c);
        if (name)
            add_member(c, OP_CLASSVAR, reg, 0, name);
        count++;
    } while (!c->failed && c->token.kind == TK_COMMA);
    return count;
}

static bool is_method_operator(enum token_kind kind)
{
    return kind == TK_RANGE || kind == TK_FLIP || br_binary_op(kind) != OP_COUNT;
}

/* The name of a method: a word, an operator, -* or (). */
static struct str *parse_method_name(struct compiler *c)
{
    char text[8];
    enum token_kind kind = c->token.kind;
    if (kind == TK_ID)
        return br_expect_name(c);
    if (kind == TK_LPAREN) {
        br_advance(c);
        br_expect(c, TK_RPAREN);
        snprintf(text, sizeof text, "()");
    } else if (is_method_operator(kind)) {
        br_advance(c);
        bool negates = kind == TK_SUB && br_accept(c, TK_MUL);
        snprintf(text, sizeof text, "%s", negates ? "-*" : br_token_text(kind));
    } else {
        char buffer[48];
        br_syntax_error(c, "the token '%s' is not a valid function name.",
                        br_current_text(c, buffer, sizeof buffer));
        return NULL;
    }
    struct str *name = c->failed ? NULL : br_str_c(c->vm, text);
    if (!name || !br_anchor(c, name)) {
        br_compile_failed(c);
        return NULL;
    }
    return name;
}

static void parse_method(struct compiler *c, int reg, bool is_static)
{
    br_advance(c);
    struct str *name = parse_method_name(c);
    if (!name)
        return;
    struct expr fn = br_parse_function(c, name, !is_static);
    int value = br_to_next_reg(c, &fn);
    add_member(c, is_static ? OP_CLASSSTATIC : OP_CLASSMETHOD, reg, value, name);
    br_free_reg(c, value);
}

static void parse_static_vars(struct compiler *c, int reg)
{
    do {
        struct str *name = br_expect_name(c);
        struct expr v = br_expr(X_NIL);
        if (br_accept(c, TK_ASSIGN))
            v = br_parse_expr(c);
        int value = br_to_next_reg(c, &v);
        if (name)
            add_member(c, OP_CLASSSTATIC, reg, value, name);
        br_free_reg(c, value);
    } while (br_accept(c, TK_COMMA));
}

static void parse_body(struct compiler *c, int reg);

/* A class inside a class is a static of it. */
static void parse_nested(struct compiler *c, int outer)
{
    struct block b;
    br_advance(c);
    struct str *name = br_expect_name(c);
    struct str *self = name ? br_str_c(c->vm, "_class") : NULL;
    if (!self || !br_anchor(c, self) || !br_descend(c)) {
        br_compile_failed(c);
        return;
    }
    br_add_member_name(c, name);
    br_open_block(c, &b, false);
    int reg = br_add_local(c, self);
    br_emit_bx(c, OP_CLASS, reg, name_constant(c, name));
    br_emit(c, OP_CLASSSTATIC, outer, reg, 0);
    br_emit_word(c, name_constant(c, name));
    parse_body(c, reg);
    br_close_block(c);
    br_ascend(c);
}

static void parse_static(struct compiler *c, int reg)
{
    br_advance(c);
    if (c->token.kind == TK_DEF) {
        parse_method(c, reg, true);
    } else if (c->token.kind == TK_CLASS) {
        parse_nested(c, reg);
    } else {
        br_accept(c, TK_VAR);
        parse_static_vars(c, reg);
    }
}

/* How many variables it declares. */
static int parse_member(struct compiler *c, int reg)
{
    char buffer[48];
    switch ((int)c->token.kind) {
    case TK_VAR:
        return parse_vars(c, reg);
    case TK_STATIC:
        parse_static(c, reg);
        break;
    case TK_DEF:
        parse_method(c, reg, false);
        break;
    case TK_SEMICOLON:
        br_advance(c);
        break;
    default:
        br_syntax_error(c, "unexpected token '%s'", br_current_text(c, buffer, sizeof buffer));
        break;
    }
    return 0;
}

static void parse_body(struct compiler *c, int reg)
{
    if (br_accept(c, TK_COLON)) {
        struct expr parent = br_parse_expr(c);
        int from = br_to_any_reg(c, &parent);
        br_emit(c, OP_SETSUPER, reg, from, 0);
        br_free_expr(c, &parent);
    }
    br_emit(c, OP_CLASSBEGIN, reg, 0, 0);
    int count_at = br_emit_word(c, 0), vars = 0;
    while (!c->failed && c->token.kind != TK_END && c->token.kind != TK_EOS)
        vars += parse_member(c, reg);
    if (!c->failed)
        c->func->code[count_at] = (uint32_t)vars;
    br_expect(c, TK_END);
    br_emit(c, OP_CLASSEND, reg, 0, 0);
}

/* From the name on; `class` has been read. */
void br_parse_class(struct compiler *c)
{
    struct block b;
    if (c->token.kind != TK_ID) {
        br_syntax_error(c, "class name error");
        return;
    }
    struct str *name = br_expect_name(c);
    struct str *self = name ? br_str_c(c->vm, "_class") : NULL;
    if (!self || !br_anchor(c, self)) {
        br_compile_failed(c);
        return;
    }
    struct expr target = br_declare(c, name);
    br_open_block(c, &b, false);
    struct expr v = br_expr(X_LOCAL);
    v.reg = br_add_local(c, self);
    int reg = v.reg;
    br_emit_bx(c, OP_CLASS, reg, name_constant(c, name));
    if (!c->failed)
        br_store(c, &target, &v);
    c->func->free = c->func->locals_top;
    parse_body(c, reg);
    br_close_block(c);
}
