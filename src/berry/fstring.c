/*
 * f"…": the text becomes a call of format(). It is read twice: once for the format, which is the
 * first argument, and once for the expressions, which follow it.
 */
#include "compiler.h"

struct field {
    const char *expr, *expr_end; /* text of the expression */
    const char *spec, *spec_end; /* its format without %, or NULL */
    bool shows_text;             /* {expr=} */
};

static void fail(struct compiler *c, const char *message)
{
    if (!c->failed)
        berry_raise(c->vm, "syntax_error", "%s", message);
    br_compile_failed(c);
}

/* The end of the expression: the first ':', '=' or '}'; "::" is a colon inside of it. */
static const char *find_end(const char *s, const char *end)
{
    while (s < end && *s != '=' && *s != '}') {
        if (*s == ':' && !(s + 1 < end && s[1] == ':'))
            break;
        s += *s == ':' ? 2 : 1;
    }
    return s;
}

/* Reads a field from behind its brace; gives what follows it. */
static const char *read_field(struct compiler *c, const char *s, const char *end,
                              struct field *field)
{
    *field = (struct field){ .expr = s };
    s = find_end(s, end);
    field->expr_end = s;
    if (s < end && *s == '=') {
        field->shows_text = true;
        s++;
        if (s == end || (*s != ':' && *s != '}')) {
            fail(c, "':' or '}' expected after '='");
            return end;
        }
    }
    if (s < end && *s == ':') {
        field->spec = ++s;
        if (s < end && *s == '%')
            field->spec = ++s;
        while (s < end && *s != '}')
            s++;
        field->spec_end = s;
    }
    if (s < end)
        return s + 1;
    fail(c, "'}' expected");
    return end;
}

static bool add_plain(struct text *t, const char *s, size_t len)
{
    bool ok = true;
    for (size_t i = 0; ok && i < len; i++)
        ok = s[i] == '%' ? br_text_add(t, "%%", 2) : br_text_char(t, s[i]);
    return ok;
}

static bool add_field(struct text *t, const struct field *f)
{
    if (f->shows_text &&
        !(add_plain(t, f->expr, (size_t)(f->expr_end - f->expr)) && br_text_char(t, '=')))
        return false;
    if (!f->spec)
        return br_text_add_c(t, "%s");
    return br_text_char(t, '%') && br_text_add(t, f->spec, (size_t)(f->spec_end - f->spec));
}

/* Walks the text. With `format` it collects the format, without it compiles the expressions. */
static int walk(struct compiler *c, const struct str *text, struct text *format);

static void parse_field(struct compiler *c, const struct field *f)
{
    struct text source;
    br_text_init(&source, c->vm);
    for (const char *s = f->expr; s < f->expr_end; s++) {
        if (!br_text_char(&source, *s)) {
            br_compile_failed(c);
            break;
        }
        if (*s == ':' && s + 1 < f->expr_end && s[1] == ':')
            s++;
    }
    struct lexer outer = c->lexer;
    struct token token = c->token;
    uint32_t line = c->line;
    const char *start = source.s ? source.s : "";
    c->lexer = (struct lexer){ .at = start, .end = start + source.len, .line = outer.line };
    br_advance(c);
    struct expr e = br_parse_expr(c);
    br_to_next_reg(c, &e);
    if (!c->failed && c->token.kind != TK_EOS)
        br_unexpected(c, "unexpected symbol");
    br_text_free(&source);
    c->lexer = outer;
    c->line = line;
    if (!c->failed)
        c->token = token;
}

static int walk(struct compiler *c, const struct str *text, struct text *format)
{
    const char *s = text->s, *end = text->s + text->len;
    int count = 0;
    while (s < end && !c->failed) {
        bool ok = true;
        if (*s == '{' && !(s + 1 < end && s[1] == '{')) {
            struct field f;
            s = read_field(c, s + 1, end, &f);
            count++;
            if (!c->failed && !format)
                parse_field(c, &f);
            ok = !format || c->failed || add_field(format, &f);
        } else {
            bool twice = s + 1 < end && s[1] == *s && (*s == '{' || *s == '}');
            ok = !format || add_plain(format, s, 1);
            s += twice ? 2 : 1;
        }
        if (!ok)
            br_compile_failed(c);
    }
    return count;
}

struct expr br_parse_fstring(struct compiler *c)
{
    struct text format;
    const struct str *text = as_str(&c->token.value);
    br_text_init(&format, c->vm);
    walk(c, text, &format);
    struct str *fmt = c->failed ? NULL : br_text_str(&format);
    br_text_free(&format);
    if (!fmt || !br_anchor(c, fmt)) {
        br_compile_failed(c);
        return br_expr(X_NIL);
    }
    struct expr callee = br_expr(X_BUILTIN), first = br_expr_str(fmt);
    callee.index = br_builtin_find(c->vm, "format");
    int at = br_to_next_reg(c, &callee);
    br_to_next_reg(c, &first);
    int count = walk(c, text, NULL);
    br_advance(c);
    br_emit(c, OP_CALL, at, count + 1, 0);
    c->func->free = at + 1;
    return br_expr_reg(at);
}
