/* The class bytes: storage, making, size and content. Numbers and bit fields are in bytes_fields.c,
 * text forms in bytes_text.c. */
#include "bytes.h"

struct bytes *br_bytes_new(struct berry *vm, uint32_t len)
{
    struct bytes *b = (struct bytes *)(void *)br_instance_new(vm, vm->classes.bytes);
    if (!b)
        return NULL;
    br_put_object(vm, b);
    bool ok = br_bytes_resize(vm, b, len);
    vm->top--;
    return ok ? b : NULL;
}

bool br_bytes_fixed_error(struct berry *vm)
{
    return berry_raise(vm, "attribute_error", "bytes object size is fixed and cannot be resized");
}

static bool reserve(struct berry *vm, struct bytes *b, uint32_t room)
{
    void *data = b->data;
    if (!br_grow(vm, &data, &b->cap, 1, room))
        return false;
    b->data = data;
    return true;
}

bool br_bytes_resize(struct berry *vm, struct bytes *b, uint32_t len)
{
    if (len > BYTES_MAX)
        len = BYTES_MAX;
    if (len == b->len)
        return true;
    if (b->base.obj.flags & BYTES_FIXED)
        return br_bytes_fixed_error(vm);
    if (!reserve(vm, b, len))
        return false;
    if (len > b->len)
        memset(b->data + b->len, 0, len - b->len);
    b->len = len;
    return true;
}

bool br_bytes_append(struct berry *vm, struct bytes *b, const void *data, size_t len)
{
    uint32_t old = b->len;
    bool itself = data == b->data;
    if (len > BYTES_MAX - old)
        len = BYTES_MAX - old;
    if (len == 0)
        return true;
    if (!br_bytes_resize(vm, b, old + (uint32_t)len))
        return false;
    memcpy(b->data + old, itself ? b->data : data, len);
    return true;
}

struct bytes *br_self_bytes(struct berry *vm)
{
    struct value self = br_arg(vm, 0);
    if (self.tag == TAG_BYTES)
        return as_bytes(&self);
    br_type_error(vm, "bytes expected");
    return NULL;
}

bool br_bytes_get_item(struct berry *vm, struct bytes *b, const struct value *key,
                       struct value *out)
{
    if (key->tag == TAG_RANGE) {
        uint32_t from, count;
        br_clip_range(as_range(key), b->len, &from, &count);
        struct bytes *part = br_bytes_new(vm, count);
        if (!part)
            return false;
        if (count)
            memcpy(part->data, b->data + from, count);
        *out = value_of(part);
        return true;
    }
    if (key->tag == TAG_INT) {
        berry_int i = key->u.i < 0 ? key->u.i + (berry_int)b->len : key->u.i;
        if (i >= 0 && i < (berry_int)b->len) {
            *out = value_int(b->data[i]);
            return true;
        }
    }
    return berry_raise(vm, "index_error", "bytes index out of range");
}

/* The raw bytes of a bytes object or string; false for others. */
static bool content(const struct value *v, const void **data, size_t *len)
{
    if (v->tag == TAG_BYTES) {
        *data = as_bytes(v)->data;
        *len = as_bytes(v)->len;
        return true;
    }
    if (v->tag == TAG_STR) {
        *data = as_str(v)->s;
        *len = as_str(v)->len;
        return true;
    }
    return false;
}

/* ---- methods ---- */

/* Content and size from bytes("0A1B"), bytes(n), bytes("0A", n), bytes(ptr, n). */
static bool init_mapped(struct berry *vm, struct bytes *b, const struct ref *r, berry_int n)
{
    struct value target = value_of(r->target);
    bool fits = target.tag == TAG_BYTES && (r->target->flags & BYTES_FIXED) && r->offset >= 0 &&
                n >= 0 && (uint64_t)r->offset + (uint64_t)n <= as_bytes(&target)->len;
    if (!fits || b->cap)
        return berry_raise(vm, "value_error", "pointer outside of its object");
    b->data = as_bytes(&target)->data + r->offset;
    b->len = (uint32_t)n;
    b->owner = as_bytes(&target)->owner ? as_bytes(&target)->owner : r->target;
    b->base.obj.flags |= BYTES_FIXED | BYTES_MAPPED;
    return true;
}

static bool init_size(struct berry *vm, struct bytes *b, berry_int n)
{
    uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    if (size > BYTES_MAX)
        size = BYTES_MAX;
    if (n >= 0)
        return reserve(vm, b, (uint32_t)size);
    if (b->len > size)
        return br_bytes_fixed_error(vm);
    if (!br_bytes_resize(vm, b, (uint32_t)size))
        return false;
    b->base.obj.flags |= BYTES_FIXED;
    return true;
}

static bool bytes_init(struct berry *vm, int argc)
{
    struct bytes *b = br_self_bytes(vm);
    struct value first = br_arg(vm, 1), second = br_arg(vm, 2);
    if (!b)
        return false;
    if (b->base.obj.flags & BYTES_FIXED)
        return br_bytes_fixed_error(vm);
    b->len = 0;
    if (first.tag == TAG_REF && second.tag == TAG_INT)
        return init_mapped(vm, b, as_ref(&first), second.u.i);
    if (first.tag == TAG_PTR || first.tag == TAG_HANDLE)
        return berry_raise(vm, "value_error", "pointer outside of its object");
    if (first.tag == TAG_INT)
        return init_size(vm, b, first.u.i);
    if (first.tag != TAG_STR)
        return true;
    return br_bytes_from_hex(vm, b, as_str(&first), 0) &&
           (argc < 3 || second.tag != TAG_INT || init_size(vm, b, second.u.i));
}

static bool bytes_item(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value key = br_arg(vm, 1), found;
    return b && br_bytes_get_item(vm, b, &key, &found) && br_return(vm, found);
}

static bool bytes_setitem(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value key = br_arg(vm, 1), v = br_arg(vm, 2);
    if (!b)
        return false;
    if (key.tag == TAG_INT && (v.tag == TAG_INT || v.tag == TAG_BOOL)) {
        berry_int i = key.u.i < 0 ? key.u.i + (berry_int)b->len : key.u.i;
        if (i >= 0 && i < (berry_int)b->len) {
            b->data[i] = v.tag == TAG_BOOL ? v.u.b : (uint8_t)v.u.i;
            return true;
        }
    }
    return berry_raise(vm, "index_error", "bytes index out of range or value non int");
}

static bool bytes_size(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    return b && br_return(vm, value_int((berry_int)b->len));
}

static bool bytes_tobool(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    return b && br_return(vm, value_bool(b->len != 0));
}

static bool bytes_copy(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct bytes *copy = b ? br_bytes_new(vm, b->len) : NULL;
    if (!copy)
        return false;
    if (b->len)
        memcpy(copy->data, b->data, b->len);
    return br_return_object(vm, copy);
}

static bool bytes_clear(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    if (b && (b->base.obj.flags & BYTES_FIXED))
        return br_bytes_fixed_error(vm);
    return b && br_bytes_resize(vm, b, 0);
}

static bool bytes_resize(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value n = br_arg(vm, 1);
    if (!b)
        return false;
    if (n.tag != TAG_INT)
        return br_type_error(vm, "size must be of type 'int'");
    berry_int len = n.u.i < 0 ? 0 : n.u.i > (berry_int)BYTES_MAX ? (berry_int)BYTES_MAX : n.u.i;
    return br_bytes_resize(vm, b, (uint32_t)len) && br_return(vm, vm->base[0]);
}

static bool bytes_add_op(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value other = br_arg(vm, 1);
    const void *data;
    size_t len;
    if (!b)
        return false;
    if (!content(&other, &data, &len))
        return br_type_error(vm, "operand must be bytes");
    struct bytes *sum = br_bytes_new(vm, b->len);
    if (!sum)
        return false;
    if (b->len)
        memcpy(sum->data, b->data, b->len);
    br_put_object(vm, sum);
    return br_bytes_append(vm, sum, data, len) && br_return_object(vm, sum);
}

static bool bytes_append(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value other = br_arg(vm, 1);
    const void *data;
    size_t len;
    uint8_t byte;
    if (!b)
        return false;
    if (other.tag == TAG_INT) {
        byte = (uint8_t)other.u.i;
        data = &byte;
        len = 1;
    } else if (!content(&other, &data, &len)) {
        return br_type_error(vm, "operand must be bytes or int or string");
    }
    return br_bytes_append(vm, b, data, len) && br_return(vm, vm->base[0]);
}

static bool compare(struct berry *vm, bool equal)
{
    const struct bytes *b = br_self_bytes(vm);
    struct value other = br_arg(vm, 1);
    if (!b)
        return false;
    bool same = other.tag == TAG_BYTES && as_bytes(&other)->len == b->len &&
                (b->len == 0 || memcmp(as_bytes(&other)->data, b->data, b->len) == 0);
    return br_return(vm, value_bool(other.tag == TAG_BYTES && same == equal));
}

static bool bytes_eq(struct berry *vm, int argc)
{
    (void)argc;
    return compare(vm, true);
}

static bool bytes_ne(struct berry *vm, int argc)
{
    (void)argc;
    return compare(vm, false);
}

static bool bytes_setbytes(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value at = br_arg(vm, 1), src = br_arg(vm, 2), from = br_arg(vm, 3), len = br_arg(vm, 4);
    if (!b)
        return false;
    if (at.tag != TAG_INT || src.tag != TAG_BYTES)
        return br_type_error(vm, "operands must be int and bytes");
    struct span into = br_clip_span(b->len, &at, &(struct value){ .tag = TAG_NIL });
    struct span take = br_clip_span(as_bytes(&src)->len, &from, &len);
    uint32_t count = take.len < into.len ? take.len : into.len;
    if (count)
        memmove(b->data + into.from, as_bytes(&src)->data + take.from, count);
    return true;
}

struct span br_clip_span(uint32_t size, const struct value *from, const struct value *len)
{
    berry_int n = (berry_int)size;
    berry_int a = from->tag == TAG_INT ? from->u.i : 0;
    a = a < 0 ? 0 : a > n ? n : a;
    berry_int l = len->tag == TAG_INT ? len->u.i : n;
    l = l < 0 ? 0 : l > n - a ? n - a : l;
    return (struct span){ (uint32_t)a, (uint32_t)l };
}

static void reverse_groups(uint8_t *data, uint32_t len, uint32_t group)
{
    for (uint32_t a = 0, b = len - group; a < b && len >= group; a += group, b -= group) {
        for (uint32_t i = 0; i < group; i++) {
            uint8_t t = data[a + i];
            data[a + i] = data[b + i];
            data[b + i] = t;
        }
    }
}

static bool bytes_reverse(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value from = br_arg(vm, 1), len = br_arg(vm, 2), group = br_arg(vm, 3);
    if (!b)
        return false;
    struct span s = br_clip_span(b->len, &from, &len);
    uint32_t g = group.tag == TAG_INT && group.u.i > 0 && group.u.i <= (berry_int)BYTES_MAX
                     ? (uint32_t)group.u.i
                     : 1;
    if (s.len >= g)
        reverse_groups(b->data + s.from, s.len - s.len % g, g);
    return br_spend(vm, s.len / 16) && br_return(vm, vm->base[0]);
}

static bool bytes_ismapped(struct berry *vm, int argc)
{
    (void)argc;
    const struct bytes *b = br_self_bytes(vm);
    return b && br_return(vm, value_bool(b->base.obj.flags & BYTES_MAPPED));
}

static bool bytes_isreadonly(struct berry *vm, int argc)
{
    (void)argc;
    return br_self_bytes(vm) && br_return(vm, value_bool(false));
}

static bool bytes_buffer(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct ref *r = b ? br_new_object(vm, TAG_REF, sizeof *r) : NULL;
    if (r)
        r->target = &b->base.obj;
    return br_return_object(vm, r);
}

static bool bytes_change_buffer(struct berry *vm, int argc)
{
    (void)argc;
    struct bytes *b = br_self_bytes(vm);
    struct value p = br_arg(vm, 1);
    if (!b)
        return false;
    if (!(b->base.obj.flags & BYTES_MAPPED) || p.tag != TAG_REF)
        return berry_raise(vm, "value_error", "pointer outside of its object");
    return init_mapped(vm, b, as_ref(&p), (berry_int)b->len);
}

static const struct berry_member methods[] = { BERRY_METHOD("init", bytes_init),
                                               BERRY_METHOD("item", bytes_item),
                                               BERRY_METHOD("setitem", bytes_setitem),
                                               BERRY_METHOD("size", bytes_size),
                                               BERRY_METHOD("get", br_bytes_get),
                                               BERRY_METHOD("geti", br_bytes_geti),
                                               BERRY_METHOD("set", br_bytes_set),
                                               BERRY_METHOD("seti", br_bytes_set),
                                               BERRY_METHOD("add", br_bytes_add),
                                               BERRY_METHOD("getfloat", br_bytes_getfloat),
                                               BERRY_METHOD("setfloat", br_bytes_setfloat),
                                               BERRY_METHOD("addfloat", br_bytes_addfloat),
                                               BERRY_METHOD("getbits", br_bytes_getbits),
                                               BERRY_METHOD("setbits", br_bytes_setbits),
                                               BERRY_METHOD("setbytes", bytes_setbytes),
                                               BERRY_METHOD("reverse", bytes_reverse),
                                               BERRY_METHOD("copy", bytes_copy),
                                               BERRY_METHOD("clear", bytes_clear),
                                               BERRY_METHOD("resize", bytes_resize),
                                               BERRY_METHOD("append", bytes_append),
                                               BERRY_METHOD("tobool", bytes_tobool),
                                               BERRY_METHOD("tohex", br_bytes_tohex),
                                               BERRY_METHOD("fromhex", br_bytes_fromhex),
                                               BERRY_METHOD("tob64", br_bytes_tob64),
                                               BERRY_METHOD("fromb64", br_bytes_fromb64),
                                               BERRY_METHOD("asstring", br_bytes_asstring),
                                               BERRY_METHOD("fromstring", br_bytes_fromstring),
                                               BERRY_METHOD("appendhex", br_bytes_appendhex),
                                               BERRY_METHOD("appendb64", br_bytes_appendb64),
                                               BERRY_METHOD("tostring", br_bytes_tostring),
                                               BERRY_METHOD("ismapped", bytes_ismapped),
                                               BERRY_METHOD("isreadonly", bytes_isreadonly),
                                               BERRY_METHOD("_buffer", bytes_buffer),
                                               BERRY_METHOD("_change_buffer", bytes_change_buffer),
                                               BERRY_METHOD("+", bytes_add_op),
                                               BERRY_METHOD("..", bytes_append),
                                               BERRY_METHOD("==", bytes_eq),
                                               BERRY_METHOD("!=", bytes_ne),
                                               BERRY_END };

const struct berry_class br_bytes_class = { .name = "bytes", .members = methods };
