/* Numbers from text, and the conversions int(), real() and number(). */
#include "vm.h"

#include <stdlib.h>

#define REAL_TEXT_MAX 400 /* longer numbers are cut: no double needs more */

int br_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_digit(const char *s, const char *end)
{
    return s < end && *s >= '0' && *s <= '9';
}

const char *br_scan_int(const char *s, const char *end, berry_int *out)
{
    berry_int v = 0;
    for (; is_digit(s, end); s++) {
        int digit = *s - '0';
        if (v > (INT_MAXIMUM - digit) / 10)
            v = INT_MAXIMUM;
        else
            v = v * 10 + digit;
    }
    *out = v;
    return s;
}

const char *br_scan_hex(const char *s, const char *end, berry_int *out)
{
    uint64_t v = 0;
    for (; s < end && br_hex_digit(*s) >= 0; s++)
        v = v << 4 | (uint64_t)br_hex_digit(*s);
    *out = (berry_int)v;
    return s;
}

static const char *skip_digits(const char *s, const char *end)
{
    while (is_digit(s, end))
        s++;
    return s;
}

static const char *skip_exponent(const char *s, const char *end)
{
    if (s == end || (*s != 'e' && *s != 'E'))
        return s;
    const char *digits = s + 1;
    if (digits < end && (*digits == '+' || *digits == '-'))
        digits++;
    return is_digit(digits, end) ? skip_digits(digits, end) : s;
}

static berry_real read_real(const char *s, size_t len)
{
    char copy[REAL_TEXT_MAX + 1]; /* strtod must not see more: "0x", "inf" */
    if (len > REAL_TEXT_MAX)
        len = REAL_TEXT_MAX;
    memcpy(copy, s, len);
    copy[len] = '\0';
    return (berry_real)strtod(copy, NULL);
}

const char *br_scan_number(const char *s, const char *end, struct value *out)
{
    berry_int whole;
    const char *p = br_scan_int(s, end, &whole);
    bool digits = p > s;
    if (p < end && *p == '.' && !(p + 1 < end && p[1] == '.') && (digits || is_digit(p + 1, end)))
        p = skip_digits(p + 1, end);
    if (p > s)
        p = skip_exponent(p, end);
    if (p == skip_digits(s, end))
        *out = value_int(whole);
    else
        *out = value_real(read_real(s, (size_t)(p - s)));
    return p;
}

/* A number with blanks and a sign before it; `hex` allows 0x. */
static void read_signed(const struct str *text, bool hex, struct value *out)
{
    const char *s = text->s, *end = s + text->len;
    while (s < end && (*s == ' ' || (*s >= '\t' && *s <= '\r')))
        s++;
    bool negative = s < end && *s == '-';
    if (s < end && (*s == '-' || *s == '+'))
        s++;
    if (hex && end - s > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
        berry_int i;
        br_scan_hex(s + 2, end, &i);
        *out = value_int(i);
    } else {
        br_scan_number(s, end, out);
    }
    if (negative)
        *out = out->tag == TAG_INT ? value_int(-out->u.i) : value_real(-out->u.r);
}

static void int_of_string(const struct str *text, struct value *out)
{
    const char *s = text->s, *end = s + text->len;
    while (s < end && (*s == ' ' || (*s >= '\t' && *s <= '\r')))
        s++;
    bool negative = s < end && *s == '-';
    if (s < end && (*s == '-' || *s == '+'))
        s++;
    berry_int i;
    if (end - s > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
        br_scan_hex(s + 2, end, &i);
    else
        br_scan_int(s, end, &i);
    *out = value_int(negative && i != INT_MINIMUM ? -i : i);
}

static berry_int truncate_real(berry_real r)
{
    if (r >= (berry_real)INT_MAXIMUM)
        return INT_MAXIMUM;
    if (r <= (berry_real)INT_MINIMUM)
        return INT_MINIMUM;
    return r == r ? (berry_int)r : 0;
}

static bool int_of_instance(struct berry *vm, const struct value *v, struct value *out)
{
    struct value fn, self = br_self(v);
    *out = value_nil();
    if (!br_find_method(vm, v, vm->names[NAME_toint], &fn))
        return true;
    if (!br_call_values(vm, &fn, &self, NULL, NULL, out))
        return false;
    if (out->tag != TAG_INT)
        *out = value_nil();
    return true;
}

bool br_int_of(struct berry *vm, const struct value *v, struct value *out)
{
    switch (v->tag) {
    case TAG_INT:
        *out = *v;
        return true;
    case TAG_REAL:
        *out = value_int(truncate_real(v->u.r));
        return true;
    case TAG_BOOL:
        *out = value_int(v->u.b);
        return true;
    case TAG_STR:
        int_of_string(as_str(v), out);
        return true;
    case TAG_PTR:
        *out = value_int((berry_int)v->u.p);
        return true;
    case TAG_REF:
        *out = value_int((berry_int)((uintptr_t)as_ref(v)->target + (uintptr_t)as_ref(v)->offset));
        return true;
    default:
        break;
    }
    if (is_instance(v))
        return int_of_instance(vm, v, out);
    *out = value_nil();
    return true;
}

void br_real_of(const struct value *v, struct value *out)
{
    *out = value_nil();
    if (v->tag == TAG_STR) {
        read_signed(as_str(v), false, out);
        *out = value_real(number_as_real(out));
    } else if (is_number(v)) {
        *out = value_real(number_as_real(v));
    }
}

void br_number_of(const struct value *v, struct value *out)
{
    *out = value_nil();
    if (v->tag == TAG_STR)
        read_signed(as_str(v), true, out);
    else if (is_number(v))
        *out = *v;
}
