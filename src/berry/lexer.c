/* Source text to tokens: words, numbers, strings with their escapes, operators. */
#include "lexer.h"

#include "compiler.h"

static const char *const token_texts[TK_COUNT] = {
#define X(name, text) text,
    KEYWORDS(X) OPERATORS(X) OTHER_TOKENS(X)
#undef X
};

const char *br_token_text(enum token_kind kind)
{
    return token_texts[kind];
}

static char peek(const struct lexer *l, size_t ahead)
{
    return (size_t)(l->end - l->at) > ahead ? l->at[ahead] : '\0';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- white space and comments ---- */

static void skip_newline(struct lexer *l)
{
    char other = *l->at == '\n' ? '\r' : '\n';
    l->at++;
    if (peek(l, 0) == other)
        l->at++;
    l->line++;
}

static void skip_block_comment(struct compiler *c, struct lexer *l)
{
    uint32_t start = l->line;
    l->at += 2;
    while (!(peek(l, 0) == '-' && peek(l, 1) == '#')) {
        if (l->at >= l->end || !*l->at) {
            br_syntax_error(c, "unterminated comment block started in line %u", (unsigned)start);
            return;
        }
        if (*l->at == '\n' || *l->at == '\r')
            skip_newline(l);
        else
            l->at++;
    }
    l->at += 2;
}

/* True if there was any. */
static bool skip_space(struct compiler *c, struct lexer *l)
{
    const char *start = l->at;
    for (;;) {
        char ch = peek(l, 0);
        if (ch == '\n' || ch == '\r') {
            skip_newline(l);
        } else if (ch == ' ' || ch == '\t' || ch == '\f' || ch == '\v') {
            l->at++;
        } else if (ch == '#' && peek(l, 1) == '-') {
            skip_block_comment(c, l);
        } else if (ch == '#') {
            while (peek(l, 0) && *l->at != '\n' && *l->at != '\r')
                l->at++;
        } else {
            return l->at != start;
        }
        if (c->failed)
            return true;
    }
}

/* ---- strings ---- */

static bool add_utf8(struct text *t, unsigned code)
{
    if (code < 0x80)
        return br_text_char(t, (char)code);
    if (code < 0x800)
        return br_text_char(t, (char)(0xC0 | code >> 6)) &&
               br_text_char(t, (char)(0x80 | (code & 63)));
    return br_text_char(t, (char)(0xE0 | code >> 12)) &&
           br_text_char(t, (char)(0x80 | (code >> 6 & 63))) &&
           br_text_char(t, (char)(0x80 | (code & 63)));
}

/* Reads exactly `count` digits of base 8 or 16; negative if they are not there. */
static int read_digits(struct lexer *l, int count, int base)
{
    int v = 0;
    for (int i = 0; i < count; i++) {
        int digit = br_hex_digit(peek(l, 0));
        if (digit < 0 || digit >= base)
            return -1;
        v = v * base + digit;
        l->at++;
    }
    return v;
}

static bool add_coded(struct compiler *c, struct text *t, int value, const char *complaint)
{
    if (value < 0) {
        br_syntax_error(c, "%s", complaint);
        return false;
    }
    return br_text_char(t, (char)value);
}

static bool read_escape(struct compiler *c, struct lexer *l, struct text *t)
{
    static const char from[] = "abfnrtv\\'\"?", to[] = "\a\b\f\n\r\t\v\\'\"?";
    char ch = peek(l, 0);
    const char *simple = ch ? strchr(from, ch) : NULL;
    if (simple) {
        l->at++;
        return br_text_char(t, to[simple - from]);
    }
    if (ch == 'x') {
        l->at++;
        return add_coded(c, t, read_digits(l, 2, 16), "invalid hexadecimal number");
    }
    if (ch == 'u') {
        l->at++;
        int code = read_digits(l, 4, 16);
        if (code >= 0)
            return add_utf8(t, (unsigned)code);
        br_syntax_error(c, "incorrect '\\u' encoding");
        return false;
    }
    return add_coded(c, t, read_digits(l, 3, 8), "invalid octal number");
}

/* One literal, from its opening quote on. */
static bool read_literal(struct compiler *c, struct lexer *l, struct text *t)
{
    char quote = *l->at++;
    for (;;) {
        char ch = peek(l, 0);
        if (ch == '\0' || ch == '\n' || ch == '\r') {
            br_syntax_error(c, "unfinished string");
            return false;
        }
        l->at++;
        if (ch == quote)
            return true;
        if (!(ch == '\\' ? read_escape(c, l, t) : br_text_char(t, ch)))
            return false;
    }
}

/* A literal and those that follow it with only white space between. */
static void read_string(struct compiler *c, struct lexer *l, struct token *token)
{
    struct text t;
    br_text_init(&t, c->vm);
    bool ok = true, spaced = false;
    while (ok && (peek(l, 0) == '"' || peek(l, 0) == '\'')) {
        ok = read_literal(c, l, &t);
        token->line = l->line;
        spaced = skip_space(c, l);
    }
    l->spaced = spaced;
    const void *nul = t.len ? memchr(t.s, 0, t.len) : NULL;
    struct str *s = NULL;
    if (ok && !c->failed)
        s = br_str(c->vm, t.s ? t.s : "", nul ? (size_t)((const char *)nul - t.s) : t.len);
    br_text_free(&t);
    if (!s || !br_anchor(c, s))
        br_compile_failed(c);
    else
        token->value = value_of(s);
}

/* ---- numbers and words ---- */

static void read_number(struct compiler *c, struct lexer *l, struct token *token)
{
    if (*l->at == '0' && (peek(l, 1) == 'x' || peek(l, 1) == 'X')) {
        berry_int i;
        const char *digits = l->at + 2;
        l->at = br_scan_hex(digits, l->end, &i);
        token->value = value_int(i);
        if (l->at == digits)
            br_syntax_error(c, "invalid hexadecimal number");
    } else {
        l->at = br_scan_number(l->at, l->end, &token->value);
    }
    char next = peek(l, 0);
    if (is_letter(next) || is_digit(next) || (next == '.' && peek(l, 1) != '.'))
        br_syntax_error(c, "malformed number");
    token->kind = token->value.tag == TAG_INT ? TK_INT : TK_REAL;
}

static enum token_kind find_keyword(const char *s, size_t len)
{
    for (int k = 0; k <= TK_STATIC; k++) {
        if (strlen(token_texts[k]) == len && memcmp(token_texts[k], s, len) == 0)
            return (enum token_kind)k;
    }
    return TK_ID;
}

static void read_word(struct compiler *c, struct lexer *l, struct token *token)
{
    const char *start = l->at;
    while (is_letter(peek(l, 0)) || is_digit(peek(l, 0)))
        l->at++;
    size_t len = (size_t)(l->at - start);
    token->kind = find_keyword(start, len);
    if (token->kind != TK_ID)
        return;
    struct str *s = br_str(c->vm, start, len);
    if (!s || !br_anchor(c, s))
        br_compile_failed(c);
    else
        token->value = value_of(s);
}

static void read_operator(struct compiler *c, struct lexer *l, struct token *token)
{
    for (int k = TK_SHL_ASSIGN; k <= TK_ASSIGN; k++) {
        size_t len = strlen(token_texts[k]);
        if ((size_t)(l->end - l->at) >= len && memcmp(token_texts[k], l->at, len) == 0) {
            l->at += len;
            token->kind = (enum token_kind)k;
            return;
        }
    }
    br_syntax_error(c, "stray '\\%u' in program", (unsigned)(uint8_t)*l->at);
}

struct token br_next_token(struct compiler *c)
{
    struct lexer *l = &c->lexer;
    struct token token = { .kind = TK_EOS, .value = value_nil() };
    token.spaced = skip_space(c, l) || l->spaced;
    l->spaced = false;
    token.line = l->line;
    char ch = peek(l, 0);
    if (c->failed || ch == '\0') {
        if (!c->failed)
            l->end = l->at; /* a NUL ends the source */
        return token;
    }
    if (is_digit(ch) || (ch == '.' && is_digit(peek(l, 1)))) {
        read_number(c, l, &token);
    } else if (ch == '"' || ch == '\'') {
        token.kind = TK_STRING;
        read_string(c, l, &token);
    } else if (ch == 'f' && (peek(l, 1) == '"' || peek(l, 1) == '\'')) {
        l->at++;
        token.kind = TK_FSTRING;
        read_string(c, l, &token);
    } else if (is_letter(ch)) {
        read_word(c, l, &token);
    } else {
        read_operator(c, l, &token);
    }
    if (c->failed)
        token.kind = TK_EOS;
    return token;
}
