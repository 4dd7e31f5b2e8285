/* format(): printf-like formatting of values. */
#include "vm.h"

#include <stdio.h>

#define ITEM_MAX 128 /* one item is cut at this many bytes, as scripts know it */

#if BERRY_INT_BITS == 64
typedef uint64_t unsigned_int;
#else
typedef uint32_t unsigned_int;
#endif

struct spec {
    char flags[20]; /* "%", flags, width, precision; room for a length and the conversion */
    size_t len;
    bool plain; /* neither flags nor width nor precision */
};

static const char *take(struct spec *spec, const char *s, const char *allowed, size_t max)
{
    for (size_t n = 0; n < max && *s && strchr(allowed, *s); n++)
        spec->flags[spec->len++] = *s++;
    return s;
}

static const char *read_spec(const char *s, struct spec *spec)
{
    *spec = (struct spec){ .flags = "%", .len = 1 };
    s = take(spec, s, "+-# 0", 5);
    s = take(spec, s, "0123456789", 2);
    if (*s == '.') {
        s = take(spec, s, ".", 1);
        s = take(spec, s, "0123456789", 2);
    }
    spec->plain = spec->len == 1;
    return s;
}

static void finish_spec(struct spec *spec, const char *length, char conversion)
{
    while (*length)
        spec->flags[spec->len++] = *length++;
    spec->flags[spec->len++] = conversion;
    spec->flags[spec->len] = '\0';
}

/* The formats below are put together from checked characters. */
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#endif

static bool add_int(struct text *t, struct spec *spec, char conversion, berry_int i)
{
    char item[ITEM_MAX];
    if (conversion == 'c') {
        finish_spec(spec, "", 'c');
        snprintf(item, sizeof item, spec->flags, (int)(uint8_t)i);
    } else if (conversion == 'd' || conversion == 'i') {
        finish_spec(spec, "ll", conversion);
        snprintf(item, sizeof item, spec->flags, (long long)i);
    } else {
        finish_spec(spec, "ll", conversion);
        snprintf(item, sizeof item, spec->flags, (unsigned long long)(unsigned_int)i);
    }
    if (conversion == 'c' && i == 0)
        return br_text_char(t, '\0');
    return br_text_add_c(t, item);
}

static bool add_real(struct text *t, struct spec *spec, char conversion, berry_real r)
{
    char item[ITEM_MAX];
    finish_spec(spec, "", conversion);
    snprintf(item, sizeof item, spec->flags, (double)r);
    return br_text_add_c(t, item);
}

static bool add_padded(struct text *t, struct spec *spec, const char *s)
{
    char item[ITEM_MAX];
    finish_spec(spec, "", 's');
    snprintf(item, sizeof item, spec->flags, s);
    return br_text_add_c(t, item);
}

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

static bool add_text(struct text *t, struct spec *spec, const struct value *v, bool quoted)
{
    struct text item;
    if (spec->plain)
        return br_add_value(t, v, quoted);
    br_text_init(&item, t->vm);
    bool ok =
        br_add_value(&item, v, quoted) && br_text_char(&item, '\0') && add_padded(t, spec, item.s);
    br_text_free(&item);
    return ok;
}

static bool add_item(struct text *t, struct spec *spec, char conversion, const struct value *v)
{
    struct value n;
    if (strchr("dioxXuc", conversion)) {
        if (!br_int_of(t->vm, v, &n))
            return false;
        return n.tag != TAG_INT || add_int(t, spec, conversion, n.u.i);
    }
    if (strchr("eEfgG", conversion)) {
        br_real_of(v, &n);
        return n.tag != TAG_REAL || add_real(t, spec, conversion, n.u.r);
    }
    return add_text(t, spec, v, conversion == 'q');
}

static bool add_formatted(struct text *t, const struct str *format, int argc)
{
    struct berry *vm = t->vm;
    int arg = 1;
    for (const char *s = format->s, *end = s + format->len; s < end;) {
        struct spec spec;
        if (*s != '%') {
            if (!br_text_char(t, *s++))
                return false;
            continue;
        }
        s = read_spec(s + 1, &spec);
        char conversion = *s++;
        if (conversion == '%') {
            if (!br_text_char(t, '%'))
                return false;
            continue;
        }
        if (!conversion || !strchr("dioxXuceEfgGsq", conversion))
            return berry_raise(vm, "runtime_error", "invalid option '%%%c' to 'format'",
                               conversion ? conversion : ' ');
        if (arg >= argc)
            return berry_raise(vm, "runtime_error", "bad argument #%d to 'format': no value",
                               arg + 1);
        struct value v = vm->base[arg++];
        if (!add_item(t, &spec, conversion, &v) || !br_spend(vm, 8))
            return false;
    }
    return true;
}

bool br_format(struct berry *vm, int argc)
{
    struct text t;
    struct value format = br_arg(vm, 0);
    if (format.tag != TAG_STR)
        return true;
    br_text_init(&t, vm);
    return br_text_return(&t, add_formatted(&t, as_str(&format), argc));
}
