/* json.load(): RFC 8259, strictly. A document with any fault, or with text after it, is nil. */
#include "json.h"

struct reader {
    struct berry *vm;
    const char *s, *end;
    struct text text; /* of the string being read */
};

/* Pushes the value that was read. False: not JSON, or an exception is pending. */
static bool read_value(struct reader *r);

static void skip_space(struct reader *r)
{
    while (r->s < r->end && (*r->s == ' ' || *r->s == '\t' || *r->s == '\n' || *r->s == '\r'))
        r->s++;
}

static bool accept(struct reader *r, char c)
{
    skip_space(r);
    if (r->s == r->end || *r->s != c)
        return false;
    r->s++;
    return true;
}

static bool read_word(struct reader *r, const char *word, struct value v)
{
    size_t len = strlen(word);
    if ((size_t)(r->end - r->s) < len || memcmp(r->s, word, len) != 0)
        return false;
    r->s += len;
    return br_push(r->vm, &v);
}

/* ---- numbers ---- */

static const char *skip_digits(const struct reader *r, const char *s)
{
    while (s < r->end && *s >= '0' && *s <= '9')
        s++;
    return s;
}

/* The end of a number as JSON has it, or NULL. */
static const char *number_end(const struct reader *r, bool *is_int)
{
    const char *s = r->s, *p;
    *is_int = true;
    if (s < r->end && *s == '-')
        s++;
    p = skip_digits(r, s);
    if (p == s || (*s == '0' && p > s + 1))
        return NULL;
    if (p < r->end && *p == '.') {
        *is_int = false;
        s = p + 1;
        p = skip_digits(r, s);
        if (p == s)
            return NULL;
    }
    if (p < r->end && (*p == 'e' || *p == 'E')) {
        *is_int = false;
        s = p + 1;
        if (s < r->end && (*s == '+' || *s == '-'))
            s++;
        p = skip_digits(r, s);
        if (p == s)
            return NULL;
    }
    return p;
}

/* False when the digits do not fit an int. */
static bool int_fits(const char *s, const char *end)
{
    const uint64_t limit = (uint64_t)INT_MAXIMUM + (*s == '-');
    uint64_t v = 0;
    for (s += *s == '-'; s < end; s++) {
        uint64_t digit = (uint64_t)(*s - '0');
        if (v > (limit - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    return true;
}

static bool read_number(struct reader *r)
{
    bool is_int;
    const char *end = number_end(r, &is_int);
    if (!end || (is_int && !int_fits(r->s, end)))
        return false;
    bool negative = *r->s == '-';
    struct value v;
    br_scan_number(r->s + negative, end, &v);
    if (negative)
        v = v.tag == TAG_INT ? value_int((berry_int)(0 - (uint64_t)v.u.i)) : value_real(-v.u.r);
    if (negative && is_int && v.u.i == -INT_MAXIMUM && end[-1] == '8')
        v = value_int(INT_MINIMUM); /* the one whose digits saturate */
    r->s = end;
    return br_push(r->vm, &v);
}

/* ---- strings ---- */

static bool add_utf8(struct text *t, uint32_t code)
{
    char out[4];
    size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (size_t i = n; i > 1; i--) {
        out[i - 1] = (char)(0x80 | (code & 63));
        code >>= 6;
    }
    out[0] = (char)(lead[n] | code);
    return br_text_add(t, out, n);
}

/* Four hex digits, or a number beyond 16 bits. */
static uint32_t read_unit(struct reader *r)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        int digit = r->s < r->end ? br_hex_digit(*r->s) : -1;
        if (digit < 0)
            return UINT32_MAX;
        v = v << 4 | (uint32_t)digit;
        r->s++;
    }
    return v;
}

static bool read_unicode(struct reader *r)
{
    uint32_t code = read_unit(r);
    if (code == UINT32_MAX)
        return false;
    bool high = code >= 0xD800 && code < 0xDC00;
    if (high && r->end - r->s >= 6 && r->s[0] == '\\' && r->s[1] == 'u') {
        const char *back = r->s;
        r->s += 2;
        uint32_t low = read_unit(r);
        if (low >= 0xDC00 && low < 0xE000)
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        else
            r->s = back;
    }
    return add_utf8(&r->text, code);
}

static bool read_escape(struct reader *r)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (r->s == r->end)
        return false;
    char c = *r->s++;
    if (c == 'u')
        return read_unicode(r);
    const char *at = c ? strchr(from, c) : NULL;
    return at && br_text_char(&r->text, to[at - from]);
}

static bool read_string(struct reader *r)
{
    r->text.len = 0;
    for (r->s++; r->s < r->end && *r->s != '"';) {
        char c = *r->s++;
        if ((uint8_t)c < 0x20 || !(c == '\\' ? read_escape(r) : br_text_char(&r->text, c)))
            return false;
    }
    if (r->s == r->end)
        return false;
    r->s++;
    if (!br_spend(r->vm, r->text.len / 16))
        return false;
    struct str *s = br_str(r->vm, r->text.s ? r->text.s : "", r->text.len);
    if (!s)
        return false;
    struct value v = value_of(s);
    return br_push(r->vm, &v);
}

/* ---- containers ---- */

static bool read_list(struct reader *r)
{
    struct berry *vm = r->vm;
    r->s++;
    if (!berry_push_list(vm))
        return false;
    ptrdiff_t place = vm->top - vm->stack - 1;
    if (accept(r, ']'))
        return true;
    do {
        if (!read_value(r))
            return false;
        if (!br_list_push(vm, as_list(&vm->stack[place]), &vm->top[-1]))
            return false;
        vm->top--;
    } while (accept(r, ','));
    return accept(r, ']');
}

/* Of two equal keys the first one stays. */
static bool put_first(struct berry *vm, struct map *m)
{
    bool is_new;
    struct value key = vm->top[-2];
    struct slot *s = br_table_put(vm, &m->table, &key, &is_new);
    if (s && is_new)
        s->value = vm->top[-1];
    vm->top -= 2;
    return s != NULL;
}

static bool read_map(struct reader *r)
{
    struct berry *vm = r->vm;
    r->s++;
    if (!berry_push_map(vm))
        return false;
    ptrdiff_t place = vm->top - vm->stack - 1;
    if (accept(r, '}'))
        return true;
    do {
        skip_space(r);
        if (r->s == r->end || *r->s != '"' || !read_string(r) || !accept(r, ':') || !read_value(r))
            return false;
        if (!put_first(vm, as_map(&vm->stack[place])))
            return false;
    } while (accept(r, ','));
    return accept(r, '}');
}

static bool read_any(struct reader *r)
{
    switch (*r->s) {
    case '{':
        return read_map(r);
    case '[':
        return read_list(r);
    case '"':
        return read_string(r);
    case 't':
        return read_word(r, "true", value_bool(true));
    case 'f':
        return read_word(r, "false", value_bool(false));
    case 'n':
        return read_word(r, "null", value_nil());
    default:
        return read_number(r);
    }
}

static bool read_value(struct reader *r)
{
    skip_space(r);
    if (r->s == r->end || !br_spend(r->vm, 4) || !br_enter(r->vm, NEST_JSON))
        return false;
    bool ok = read_any(r);
    br_leave(r->vm, NEST_JSON);
    return ok;
}

bool br_json_load(struct berry *vm, int argc)
{
    (void)argc;
    struct value source = br_arg(vm, 0);
    if (source.tag != TAG_STR)
        return true;
    struct reader r = { .vm = vm, .s = as_str(&source)->s };
    r.end = r.s + as_str(&source)->len;
    br_text_init(&r.text, vm);
    bool ok = read_value(&r);
    skip_space(&r);
    br_text_free(&r.text);
    if (vm->raising)
        return false;
    return ok && r.s == r.end ? berry_return(vm) : true;
}
