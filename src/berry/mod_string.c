/* The module string. Wrong types give nil (find -1, count 0, split an empty list), no errors. */
#include "vm.h"

#include <ctype.h>

#define SEARCH_STEP 4096u /* bytes compared between two looks at the limits */

static const struct str *text_arg(const struct berry *vm, int i)
{
    return br_arg_is_string(vm, i) ? as_str(&vm->base[i]) : NULL;
}

/* Where `t` first occurs in s[from..to), or -1; false when it took too long. */
static bool search(struct berry *vm, const struct str *s, const struct str *t, size_t from,
                   size_t to, berry_int *at)
{
    size_t work = 0;
    *at = -1;
    if (t->len > to || from > to - t->len)
        return true;
    for (size_t i = from; *at < 0 && i + t->len <= to; i++) {
        bool starts = t->len == 0 || s->s[i] == t->s[0];
        if (starts && memcmp(s->s + i, t->s, t->len) == 0)
            *at = (berry_int)i;
        work += starts ? 16 + t->len : 1;
        if (work >= SEARCH_STEP && !br_spend(vm, work / 16))
            return false;
        if (work >= SEARCH_STEP)
            work = 0;
    }
    return br_spend(vm, work / 16);
}

/* The optional bounds in arguments 2 and 3. */
static void bounds(const struct berry *vm, const struct str *s, size_t *from, size_t *to)
{
    berry_int a = br_arg_is_int(vm, 2) ? vm->base[2].u.i : 0;
    berry_int b = br_arg_is_int(vm, 3) ? vm->base[3].u.i : (berry_int)s->len;
    *from = a < 0 ? 0 : (size_t)a;
    *to = b < 0 ? 0 : (uint64_t)b > s->len ? s->len : (size_t)b;
}

static bool string_find(struct berry *vm, int argc)
{
    (void)argc;
    const struct str *s = text_arg(vm, 0), *t = text_arg(vm, 1);
    berry_int at = -1;
    size_t from, to;
    if (s && t) {
        bounds(vm, s, &from, &to);
        if (!search(vm, s, t, from, to, &at))
            return false;
    }
    return br_return(vm, value_int(at));
}

static bool string_count(struct berry *vm, int argc)
{
    (void)argc;
    const struct str *s = text_arg(vm, 0), *t = text_arg(vm, 1);
    berry_int n = 0, at = 0;
    size_t from, to;
    if (!s || !t || !t->len)
        return br_return(vm, value_int(0));
    bounds(vm, s, &from, &to);
    for (; at >= 0; from = (size_t)at + 1) {
        if (!search(vm, s, t, from, to, &at))
            return false;
        n += at >= 0;
    }
    return br_return(vm, value_int(n));
}

static bool push_part(struct berry *vm, struct list *l, const char *s, size_t len)
{
    struct str *part = br_str(vm, s, len);
    if (!part)
        return false;
    struct value v = value_of(part);
    br_put(vm, v);
    bool ok = br_list_push(vm, l, &v) && br_spend(vm, 4);
    vm->top--;
    return ok;
}

static bool split_at(struct berry *vm, struct list *l, const struct str *s, berry_int at)
{
    berry_int n = (berry_int)s->len;
    at = at < 0 ? at + n : at;
    at = at < 0 ? 0 : at > n ? n : at;
    return push_part(vm, l, s->s, (size_t)at) && push_part(vm, l, s->s + at, (size_t)(n - at));
}

static bool split_by(struct berry *vm, struct list *l, const struct str *s, const struct str *t,
                     berry_int cuts)
{
    size_t from = 0;
    berry_int at;
    for (; t->len && cuts != 0; cuts -= cuts > 0) { /* negative: as many as there are */
        if (!search(vm, s, t, from, s->len, &at))
            return false;
        if (at < 0)
            break;
        if (!push_part(vm, l, s->s + from, (size_t)at - from))
            return false;
        from = (size_t)at + t->len;
    }
    return push_part(vm, l, s->s + from, s->len - from);
}

static bool string_split(struct berry *vm, int argc)
{
    (void)argc;
    const struct str *s = text_arg(vm, 0), *t = text_arg(vm, 1);
    struct list *l = br_list_new(vm, 0);
    if (!l)
        return false;
    br_put_object(vm, l);
    bool ok = true;
    if (s && t)
        ok = split_by(vm, l, s, t, br_arg_is_int(vm, 2) ? vm->base[2].u.i : -1);
    else if (s && br_arg_is_int(vm, 1))
        ok = split_at(vm, l, s, vm->base[1].u.i);
    return ok && berry_return(vm);
}

static bool string_hex(struct berry *vm, int argc)
{
    (void)argc;
    static const char digits[] = "0123456789ABCDEF";
    char out[BERRY_INT_BITS / 4];
    size_t at = sizeof out, least = 1;
    if (!br_arg_is_int(vm, 0))
        return true;
    if (br_arg_is_int(vm, 1) && vm->base[1].u.i > 0)
        least = vm->base[1].u.i > 16 ? 16 : (size_t)vm->base[1].u.i;
    if (least > sizeof out)
        least = sizeof out;
    uint64_t n = (uint64_t)vm->base[0].u.i;
    while (at && (n || sizeof out - at < least)) {
        out[--at] = digits[n & 15];
        n >>= 4;
    }
    return br_return_object(vm, br_str(vm, out + at, sizeof out - at));
}

static bool string_byte(struct berry *vm, int argc)
{
    (void)argc;
    const struct str *s = text_arg(vm, 0);
    return s ? br_return(vm, value_int((uint8_t)s->s[0])) : true;
}

static bool string_char(struct berry *vm, int argc)
{
    (void)argc;
    if (!br_arg_is_int(vm, 0))
        return true;
    char c = (char)(uint8_t)vm->base[0].u.i;
    return br_return_object(vm, br_str(vm, &c, 1));
}

static bool map_text(struct berry *vm, int (*change)(int))
{
    struct text t;
    const struct str *s = text_arg(vm, 0);
    if (!s)
        return true;
    br_text_init(&t, vm);
    bool ok = br_text_add(&t, s->s, s->len) && br_spend(vm, s->len / 8);
    for (size_t i = 0; ok && i < t.len; i++) {
        if ((uint8_t)t.s[i] < 0x80)
            t.s[i] = (char)change((uint8_t)t.s[i]);
    }
    return br_text_return(&t, ok);
}

static bool string_toupper(struct berry *vm, int argc)
{
    (void)argc;
    return map_text(vm, toupper);
}

static bool string_tolower(struct berry *vm, int argc)
{
    (void)argc;
    return map_text(vm, tolower);
}

static bool string_tr(struct berry *vm, int argc)
{
    (void)argc;
    struct text t;
    const struct str *s = text_arg(vm, 0), *from = text_arg(vm, 1), *to = text_arg(vm, 2);
    if (!s || !from || !to)
        return true;
    uint32_t place[256]; /* where in `from` each byte stands, plus 1 */
    memset(place, 0, sizeof place);
    for (uint32_t i = from->len; i > 0; i--)
        place[(uint8_t)from->s[i - 1]] = i;
    br_text_init(&t, vm);
    bool ok = br_spend(vm, from->len / 16 + s->len / 4);
    for (size_t i = 0; ok && i < s->len; i++) {
        uint32_t at = place[(uint8_t)s->s[i]];
        if (at == 0)
            ok = br_text_char(&t, s->s[i]);
        else if (at <= to->len)
            ok = br_text_char(&t, to->s[at - 1]);
    }
    return br_text_return(&t, ok);
}

static bool string_replace(struct berry *vm, int argc)
{
    (void)argc;
    struct text t;
    const struct str *s = text_arg(vm, 0), *a = text_arg(vm, 1), *b = text_arg(vm, 2);
    if (!s || !a || !b)
        return true;
    br_text_init(&t, vm);
    bool ok = true;
    size_t from = 0;
    berry_int at = a->len ? 0 : -1;
    while (ok && at >= 0) {
        ok = search(vm, s, a, from, s->len, &at);
        if (!ok || at < 0)
            break;
        ok = br_text_add(&t, s->s + from, (size_t)at - from) && br_text_add(&t, b->s, b->len);
        from = (size_t)at + a->len;
    }
    return br_text_return(&t, ok && br_text_add(&t, s->s + from, s->len - from));
}

static bool string_escape(struct berry *vm, int argc)
{
    struct text t;
    const struct str *s = text_arg(vm, 0);
    if (!s)
        return true;
    br_text_init(&t, vm);
    bool ok =
        argc > 1 ? br_add_quoted(&t, s->s, s->len, '\'') : br_add_json_string(&t, s->s, s->len);
    return br_text_return(&t, ok);
}

static bool matches(const char *s, const char *t, size_t len, bool nocase)
{
    for (size_t i = 0; i < len; i++) {
        int a = (uint8_t)s[i], b = (uint8_t)t[i];
        if (a != b && !(nocase && tolower(a) == tolower(b)))
            return false;
    }
    return true;
}

static bool at_end(struct berry *vm, bool end)
{
    const struct str *s = text_arg(vm, 0), *t = text_arg(vm, 1);
    struct value flag = br_arg(vm, 2);
    bool nocase = flag.tag == TAG_BOOL && flag.u.b;
    if (!s || !t)
        return true;
    bool is = t->len <= s->len && matches(s->s + (end ? s->len - t->len : 0), t->s, t->len, nocase);
    return br_return(vm, value_bool(is));
}

static bool string_startswith(struct berry *vm, int argc)
{
    (void)argc;
    return at_end(vm, false);
}

static bool string_endswith(struct berry *vm, int argc)
{
    (void)argc;
    return at_end(vm, true);
}

static const struct berry_member members[] = {
    BERRY_FUNCTION("format", br_format),
    BERRY_FUNCTION("find", string_find),
    BERRY_FUNCTION("count", string_count),
    BERRY_FUNCTION("split", string_split),
    BERRY_FUNCTION("hex", string_hex),
    BERRY_FUNCTION("byte", string_byte),
    BERRY_FUNCTION("char", string_char),
    BERRY_FUNCTION("toupper", string_toupper),
    BERRY_FUNCTION("tolower", string_tolower),
    BERRY_FUNCTION("tr", string_tr),
    BERRY_FUNCTION("replace", string_replace),
    BERRY_FUNCTION("escape", string_escape),
    BERRY_FUNCTION("startswith", string_startswith),
    BERRY_FUNCTION("endswith", string_endswith),
    BERRY_END,
};

const struct berry_module br_string_module = { .name = "string", .members = members };
