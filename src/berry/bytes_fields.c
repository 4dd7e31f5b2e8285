/* Numbers and bit fields inside bytes. */
#include "bytes.h"

/* Reads `n` (1..4) bytes at `p`; negative n: the highest byte first. */
static uint32_t read_number(const uint8_t *p, int n)
{
    uint32_t v = 0;
    int count = n < 0 ? -n : n;
    for (int i = 0; i < count; i++)
        v = v << 8 | p[n < 0 ? i : count - 1 - i];
    return v;
}

static void write_number(uint8_t *p, uint32_t v, int n)
{
    int count = n < 0 ? -n : n;
    for (int i = 0; i < count; i++) {
        p[n < 0 ? count - 1 - i : i] = (uint8_t)v;
        v >>= 8;
    }
}

/* The first byte of a field of |n| bytes at index i, or NULL if it does not fit. */
static uint8_t *field_at(const struct bytes *b, berry_int i, int n)
{
    berry_int count = n < 0 ? -n : n, size = (berry_int)b->len;
    if (i < 0)
        i += size;
    if (i < 0 || i > size || count > size - i)
        return NULL;
    return b->data + i;
}

static bool check_width(struct berry *vm, const struct value *width, int *n, bool add)
{
    *n = 1;
    if (width->tag == TAG_NIL)
        return true;
    if (width->tag != TAG_INT)
        return br_type_error(vm, "operands must be int");
    if (width->u.i < -4 || width->u.i > 4)
        return br_type_error(vm, add ? "size must be between -4 and 4."
                                     : "size must be -4, -3, -2, -1, 0, 1, 2, 3 or 4.");
    *n = (int)width->u.i;
    return true;
}

/* The arguments (i [, n]) of the reading methods; NULL b: raised. */
static bool read_field(struct berry *vm, uint32_t *v, int *n)
{
    struct bytes *b = br_self_bytes(vm);
    struct value at = br_arg(vm, 1), width = br_arg(vm, 2);
    if (!b)
        return false;
    if (at.tag != TAG_INT)
        return br_type_error(vm, "operands must be int");
    if (!check_width(vm, &width, n, false))
        return false;
    const uint8_t *p = field_at(b, at.u.i, *n);
    *v = p ? read_number(p, *n) : 0;
    return true;
}

static berry_int sign_extend(uint32_t v, int n)
{
    int bits = 8 * (n < 0 ? -n : n);
    if (bits == 0)
        return 0;
    uint32_t sign = 1u << (bits - 1);
    return (berry_int)(int32_t)((v ^ sign) - sign);
}

bool br_bytes_get(struct berry *vm, int argc)
{
    (void)argc;
    uint32_t v = 0;
    int n = 0;
    if (!read_field(vm, &v, &n))
        return false;
    bool whole = n == 4 || n == -4; /* as on the 32-bit original: signed */
    return br_return(vm, value_int(whole ? sign_extend(v, n) : (berry_int)v));
}

bool br_bytes_geti(struct berry *vm, int argc)
{
    (void)argc;
    uint32_t v = 0;
    int n = 0;
    return read_field(vm, &v, &n) && br_return(vm, value_int(sign_extend(v, n)));
}

bool br_bytes_set(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value at = br_arg(vm, 1), v = br_arg(vm, 2), width = br_arg(vm, 3);
    int n;
    if (!b)
        return false;
    if (at.tag != TAG_INT || v.tag != TAG_INT)
        return br_type_error(vm, "operands must be int");
    if (!check_width(vm, &width, &n, false))
        return false;
    uint8_t *p = field_at(b, at.u.i, n);
    if (p)
        write_number(p, (uint32_t)v.u.i, n);
    return true;
}

bool br_bytes_add(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value v = br_arg(vm, 1), width = br_arg(vm, 2);
    uint8_t field[4];
    int n;
    if (!b)
        return false;
    if (v.tag != TAG_INT)
        return br_type_error(vm, "operands must be int");
    if (!check_width(vm, &width, &n, true))
        return false;
    write_number(field, (uint32_t)v.u.i, n);
    return br_bytes_append(vm, b, field, (size_t)(n < 0 ? -n : n)) && br_return(vm, vm->base[0]);
}

/* ---- floats ---- */

static int float_width(struct berry *vm, int arg)
{
    struct value big = br_arg(vm, arg);
    bool is_big = (big.tag == TAG_BOOL && big.u.b) || (big.tag == TAG_INT && big.u.i != 0);
    return is_big ? -4 : 4;
}

bool br_bytes_getfloat(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value at = br_arg(vm, 1);
    int n = float_width(vm, 2);
    if (!b)
        return false;
    if (at.tag != TAG_INT)
        return br_type_error(vm, "operands must be int");
    const uint8_t *p = field_at(b, at.u.i, n);
    uint32_t bits = p ? read_number(p, n) : 0;
    float f;
    memcpy(&f, &bits, sizeof f);
    return br_return(vm, value_real((berry_real)f));
}

static bool float_bits(struct berry *vm, const struct value *v, uint32_t *bits)
{
    *bits = 0;
    if (!is_number(v))
        return br_type_error(vm, "operands must be int or real");
    float f = (float)number_as_real(v);
    memcpy(bits, &f, sizeof f);
    return true;
}

bool br_bytes_setfloat(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value at = br_arg(vm, 1), v = br_arg(vm, 2);
    int n = float_width(vm, 3);
    uint32_t bits;
    if (!b)
        return false;
    if (at.tag != TAG_INT)
        return br_type_error(vm, "operands must be int");
    if (!float_bits(vm, &v, &bits))
        return false;
    uint8_t *p = field_at(b, at.u.i, n);
    if (p)
        write_number(p, bits, n);
    return true;
}

bool br_bytes_addfloat(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value v = br_arg(vm, 1);
    uint8_t field[4];
    uint32_t bits;
    if (!b || !float_bits(vm, &v, &bits))
        return false;
    write_number(field, bits, float_width(vm, 2));
    return br_bytes_append(vm, b, field, sizeof field) && br_return(vm, vm->base[0]);
}

/* ---- bit fields: bit 0 is the lowest of byte 0; counted from the highest when big-endian ---- */

static uint8_t *bit_place(const struct bytes *b, uint64_t bit, bool big, uint8_t *mask)
{
    uint64_t byte = bit / 8;
    unsigned in_byte = (unsigned)(bit % 8);
    *mask = (uint8_t)(big ? 0x80u >> in_byte : 1u << in_byte);
    return byte < b->len ? b->data + byte : NULL;
}

static bool bit_arguments(struct berry *vm, uint64_t *offset, int *len, const char *message)
{
    struct value off = br_arg(vm, 1), n = br_arg(vm, 2);
    if (off.tag != TAG_INT || n.tag != TAG_INT || off.u.i < 0)
        return br_type_error(vm, "operands must be int");
    if (n.u.i < -32 || n.u.i > 32)
        return berry_raise(vm, "value_error", "%s", message);
    *offset = (uint64_t)off.u.i;
    *len = (int)n.u.i;
    return true;
}

bool br_bytes_getbits(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    uint64_t offset = 0;
    int len = 0;
    if (!b || !bit_arguments(vm, &offset, &len, "length in bits must be between 0 and 32"))
        return false;
    if (len == 0)
        return true;
    bool big = len < 0;
    int count = big ? -len : len;
    uint32_t v = 0;
    for (int i = 0; i < count; i++) {
        uint8_t mask;
        const uint8_t *p = bit_place(b, offset + (uint64_t)i, big, &mask);
        uint32_t bit = p && (*p & mask) ? 1 : 0;
        v |= bit << (big ? count - 1 - i : i);
    }
    return br_return(vm, value_int((berry_int)v));
}

bool br_bytes_setbits(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value v = br_arg(vm, 3);
    uint64_t offset = 0;
    int len = 0;
    if (!b || !bit_arguments(vm, &offset, &len, "length in bits must be between -32 and 32"))
        return false;
    if (v.tag != TAG_INT && v.tag != TAG_BOOL)
        return br_type_error(vm, "operands must be int");
    uint32_t bits = v.tag == TAG_BOOL ? v.u.b : (uint32_t)v.u.i;
    bool big = len < 0;
    int count = big ? -len : len;
    for (int i = 0; i < count; i++) {
        uint8_t mask;
        uint8_t *p = bit_place(b, offset + (uint64_t)i, big, &mask);
        bool set = bits >> (big ? count - 1 - i : i) & 1;
        if (p)
            *p = (uint8_t)(set ? *p | mask : *p & ~mask);
    }
    return br_return(vm, vm->base[0]);
}
