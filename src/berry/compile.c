/* Running the compiler: set-up, errors, the tokens at hand. */
#include "compiler.h"

#include <stdarg.h>
#include <stdio.h>

#define STR_ANCHORED 2u /* flag of a string that the anchors of this compilation hold */

void br_compile_failed(struct compiler *c)
{
    c->failed = true;
    c->token.kind = TK_EOS;
}

void br_syntax_error(struct compiler *c, const char *format, ...)
{
    char message[160];
    va_list args;
    if (c->failed)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    berry_raise(c->vm, "syntax_error", "%s:%u: %s", c->source->s, (unsigned)c->lexer.line, message);
    br_compile_failed(c);
}

bool br_anchor(struct compiler *c, struct str *s)
{
    if (s->obj.flags & STR_ANCHORED)
        return true;
    struct value v = value_of(s);
    br_put(c->vm, v);
    bool ok = br_list_push(c->vm, c->anchors, &v);
    c->vm->top--;
    if (ok)
        s->obj.flags |= STR_ANCHORED;
    return ok;
}

bool br_compiler_grow(struct compiler *c, void **array, uint32_t *cap, size_t element,
                      uint32_t wanted)
{
    if (!c->failed && !br_grow(c->vm, array, cap, element, wanted))
        br_compile_failed(c);
    return !c->failed;
}

void br_work(struct compiler *c, size_t n)
{
    if (!c->failed && !br_spend(c->vm, n))
        br_compile_failed(c);
}

void br_advance(struct compiler *c)
{
    const char *start = c->lexer.at;
    c->line = c->token.line;
    c->token = br_next_token(c);
    br_work(c, 4 + (size_t)(c->lexer.at - start) / 32);
}

bool br_accept(struct compiler *c, enum token_kind kind)
{
    if (c->token.kind != kind || c->failed)
        return false;
    br_advance(c);
    return true;
}

const char *br_current_text(struct compiler *c, char *buffer, size_t cap)
{
    const struct value *v = &c->token.value;
    switch ((int)c->token.kind) {
    case TK_ID:
    case TK_STRING:
    case TK_FSTRING:
        snprintf(buffer, cap, "%.40s", as_str(v)->s);
        return buffer;
    case TK_INT:
        snprintf(buffer, cap, "%lld", (long long)v->u.i);
        return buffer;
    case TK_REAL:
        br_format_real(buffer, cap, v->u.r);
        return buffer;
    default:
        return br_token_text(c->token.kind);
    }
}

void br_unexpected(struct compiler *c, const char *what)
{
    char buffer[48];
    br_syntax_error(c, "%s near '%s'", what, br_current_text(c, buffer, sizeof buffer));
}

void br_expect(struct compiler *c, enum token_kind kind)
{
    char buffer[48];
    if (!br_accept(c, kind))
        br_syntax_error(c, "expected '%s' before '%s'", br_token_text(kind),
                        br_current_text(c, buffer, sizeof buffer));
}

struct str *br_expect_name(struct compiler *c)
{
    struct str *name = c->token.kind == TK_ID ? as_str(&c->token.value) : NULL;
    br_expect(c, TK_ID);
    return c->failed ? NULL : name;
}

bool br_descend(struct compiler *c)
{
    if (c->failed)
        return false;
    if (!br_enter(c->vm, NEST_PARSE)) {
        br_clear_error(c->vm);
        br_syntax_error(c, "nesting is too deep");
        return false;
    }
    return true;
}

void br_ascend(struct compiler *c)
{
    br_leave(c->vm, NEST_PARSE);
}

void br_mark_compiler(struct berry *vm)
{
    struct compiler *c = vm->compiler;
    if (!c)
        return;
    br_mark_object(vm, (struct obj *)c->source);
    br_mark_object(vm, (struct obj *)c->anchors);
    for (struct func *f = c->func; f; f = f->outer) {
        br_mark_object(vm, (struct obj *)f->proto);
        for (uint32_t i = 0; i < f->nconstants; i++)
            br_mark_value(vm, &f->constants[i]);
        for (uint32_t i = 0; i < f->nprotos; i++)
            br_mark_object(vm, (struct obj *)f->protos[i]);
    }
}

static void release_anchors(struct compiler *c)
{
    for (uint32_t i = 0; c->anchors && i < c->anchors->count; i++)
        as_str(&c->anchors->items[i])->obj.flags &= (uint8_t)~STR_ANCHORED;
}

static struct proto *compile_main(struct compiler *c)
{
    struct func main_func;
    struct block block;
    struct str *name = br_str_c(c->vm, c->local_mode ? "loader" : "main");
    if (!name || !br_anchor(c, name))
        return NULL;
    br_open_func(c, &main_func, name);
    br_open_block(c, &block, false);
    br_advance(c);
    br_parse_block(c);
    if (!c->failed && c->token.kind != TK_EOS)
        br_unexpected(c, "unexpected symbol");
    br_close_block(c);
    return br_close_func(c);
}

struct closure *br_compile(struct berry *vm, const char *source, size_t len, struct str *name,
                           bool local)
{
    struct compiler c = { .vm = vm, .source = name, .local_mode = local };
    c.strict = vm->strict;
    c.lexer = (struct lexer){ .at = source, .end = source + len, .line = 1 };
    c.token.line = 1;
    c.token.value = value_nil();
    vm->compiler = &c;
    struct closure *closure = NULL;
    c.anchors = br_list_new(vm, 0);
    struct proto *p = c.anchors ? compile_main(&c) : NULL;
    release_anchors(&c);
    br_free(vm, c.locals, c.locals_cap * sizeof *c.locals);
    vm->compiler = NULL;
    if (p) {
        br_put_object(vm, p);
        closure = br_new_object(vm, TAG_CLOSURE, sizeof *closure);
        vm->top--;
    }
    if (closure)
        closure->proto = p;
    return closure;
}
