/* Text forms of bytes: hex, base64, raw strings, what print shows. */
#include "bytes.h"

static const char hex_digits[] = "0123456789ABCDEF";
static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool add_hex(struct text *t, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char pair[2] = { hex_digits[data[i] >> 4], hex_digits[data[i] & 15] };
        if (!br_text_add(t, pair, 2))
            return false;
    }
    return br_spend(t->vm, len / 8);
}

/* Gives the buffer a new size, which a fixed one must already have. */
static bool new_size(struct berry *vm, struct bytes *b, size_t len)
{
    return br_bytes_resize(vm, b, len > BYTES_MAX ? BYTES_MAX : (uint32_t)len);
}

static uint8_t hex_value(char c)
{
    int digit = br_hex_digit(c);
    return digit < 0 ? 0 : (uint8_t)digit;
}

bool br_bytes_from_hex(struct berry *vm, struct bytes *b, const struct str *s, size_t skip)
{
    if (skip > s->len)
        skip = s->len;
    const char *digits = s->s + skip;
    if (!new_size(vm, b, (s->len - skip) / 2))
        return false;
    for (uint32_t i = 0; i < b->len; i++)
        b->data[i] = (uint8_t)(hex_value(digits[2 * i]) << 4 | hex_value(digits[2 * i + 1]));
    return br_spend(vm, b->len / 8);
}

bool br_bytes_tohex(struct berry *vm, int argc)
{
    (void)argc;
    struct text t;
    const struct bytes *b = br_self_bytes(vm);
    if (!b)
        return false;
    br_text_init(&t, vm);
    return br_text_return(&t, add_hex(&t, b->data, b->len));
}

bool br_bytes_fromhex(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value s = br_arg(vm, 1), skip = br_arg(vm, 2);
    if (!b)
        return false;
    if (s.tag != TAG_STR)
        return br_type_error(vm, "operand must be a string");
    size_t n = skip.tag == TAG_INT && skip.u.i > 0 ? (size_t)skip.u.i : 0;
    return br_bytes_from_hex(vm, b, as_str(&s), n) && br_return(vm, vm->base[0]);
}

static bool add_base64(struct text *t, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i += 3) {
        size_t left = len - i;
        uint32_t group = (uint32_t)data[i] << 16;
        group |= left > 1 ? (uint32_t)data[i + 1] << 8 : 0;
        group |= left > 2 ? data[i + 2] : 0;
        char four[4] = { base64_digits[group >> 18], base64_digits[group >> 12 & 63],
                         left > 1 ? base64_digits[group >> 6 & 63] : '=',
                         left > 2 ? base64_digits[group & 63] : '=' };
        if (!br_text_add(t, four, 4))
            return false;
    }
    return br_spend(t->vm, len / 8);
}

static int base64_value(char c)
{
    const char *at = c ? strchr(base64_digits, c) : NULL;
    return at ? (int)(at - base64_digits) : -1;
}

/* How many bytes the digits give; `out` may be NULL to only count. */
static size_t decode_base64(const char *s, uint8_t *out, size_t cap)
{
    uint32_t group = 0;
    int bits = 0;
    size_t n = 0;
    for (int v; (v = base64_value(*s)) >= 0; s++) {
        group = group << 6 | (uint32_t)v;
        bits += 6;
        if (bits < 8)
            continue;
        bits -= 8;
        if (out && n < cap)
            out[n] = (uint8_t)(group >> bits);
        n++;
    }
    return n;
}

bool br_bytes_tob64(struct berry *vm, int argc)
{
    (void)argc;
    struct text t;
    const struct bytes *b = br_self_bytes(vm);
    if (!b)
        return false;
    br_text_init(&t, vm);
    return br_text_return(&t, add_base64(&t, b->data, b->len));
}

bool br_bytes_fromb64(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value s = br_arg(vm, 1);
    if (!b)
        return false;
    if (s.tag != TAG_STR)
        return br_type_error(vm, "operand must be a string");
    const char *digits = as_str(&s)->s;
    if (!br_spend(vm, as_str(&s)->len / 4) || !new_size(vm, b, decode_base64(digits, NULL, 0)))
        return false;
    decode_base64(digits, b->data, b->len);
    return br_return(vm, vm->base[0]);
}

bool br_bytes_asstring(struct berry *vm, int argc)
{
    (void)argc;
    const struct bytes *b = br_self_bytes(vm);
    if (!b)
        return false;
    const void *nul = b->len ? memchr(b->data, 0, b->len) : NULL;
    size_t len = nul ? (size_t)((const uint8_t *)nul - b->data) : b->len;
    return br_return_object(vm, br_str(vm, b->data ? (const char *)b->data : "", len));
}

bool br_bytes_fromstring(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value s = br_arg(vm, 1);
    if (!b)
        return false;
    if (s.tag != TAG_STR)
        return br_type_error(vm, "operand must be a string");
    if (!new_size(vm, b, as_str(&s)->len))
        return false;
    if (b->len)
        memcpy(b->data, as_str(&s)->s, b->len);
    return br_return(vm, vm->base[0]);
}

/* Appends the text form of other bytes; the text is made first, since both may be one object. */
static bool append_text(struct berry *vm, bool (*add)(struct text *, const uint8_t *, size_t))
{
    struct text t;
    struct bytes *b = br_self_bytes(vm);
    struct value src = br_arg(vm, 1), from = br_arg(vm, 2), len = br_arg(vm, 3);
    if (!b)
        return false;
    if (src.tag != TAG_BYTES)
        return br_type_error(vm, "operand must be bytes");
    struct span s = br_clip_span(as_bytes(&src)->len, &from, &len);
    br_text_init(&t, vm);
    bool ok = s.len == 0 ||
              (add(&t, as_bytes(&src)->data + s.from, s.len) && br_bytes_append(vm, b, t.s, t.len));
    br_text_free(&t);
    return ok && br_return(vm, vm->base[0]);
}

bool br_bytes_appendhex(struct berry *vm, int argc)
{
    (void)argc;
    return append_text(vm, add_hex);
}

bool br_bytes_appendb64(struct berry *vm, int argc)
{
    (void)argc;
    return append_text(vm, add_base64);
}

bool br_bytes_text(struct text *t, const struct bytes *b, berry_int max)
{
    bool cut = max > 0 && (berry_int)b->len > max;
    return br_text_add_c(t, "bytes('") && add_hex(t, b->data, cut ? (size_t)max : b->len) &&
           br_text_add_c(t, cut ? "...')" : "')");
}

bool br_bytes_tostring(struct berry *vm, int argc)
{
    (void)argc;
    struct text t;
    const struct bytes *b = br_self_bytes(vm);
    struct value max = br_arg(vm, 1);
    if (!b)
        return false;
    br_text_init(&t, vm);
    return br_text_return(&t, br_bytes_text(&t, b, max.tag == TAG_INT ? max.u.i : 32));
}
