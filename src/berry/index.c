/* o[k] for every type that has it. */
#include "vm.h"

static bool not_indexable(struct berry *vm, const struct value *o)
{
    return berry_raise(vm, "type_error", "value '%s' does not support index", br_type_name(o));
}

static berry_int clip(berry_int i, berry_int low, berry_int high)
{
    return i < low ? low : i > high ? high : i;
}

void br_clip_range(const struct range *r, uint32_t size, uint32_t *from, uint32_t *count)
{
    berry_int n = (berry_int)size, a = r->lower, b = r->upper;
    a = clip(a < 0 ? a + n : a, 0, n);
    b = clip(b < 0 ? b + n : b, -1, n - 1);
    *from = (uint32_t)a;
    *count = b >= a ? (uint32_t)(b - a + 1) : 0;
}

static bool string_item(struct berry *vm, const struct value *s, const struct value *key,
                        struct value *out)
{
    const struct str *str = as_str(s);
    uint32_t from, count = 1;
    if (key->tag == TAG_INT) {
        berry_int i = key->u.i < 0 ? key->u.i + (berry_int)str->len : key->u.i;
        if (i < 0 || i >= (berry_int)str->len)
            return berry_raise(vm, "index_error", "string index out of range");
        from = (uint32_t)i;
    } else if (key->tag == TAG_RANGE) {
        br_clip_range(as_range(key), str->len, &from, &count);
    } else {
        return berry_raise(vm, "index_error", "string indices must be integers");
    }
    struct str *part;
    if (count <= STR_INTERNED_MAX) { /* copied first: interning may grow the table it came from */
        char piece[STR_INTERNED_MAX];
        memcpy(piece, str->s + from, count);
        part = br_str(vm, piece, count);
    } else {
        part = br_spend(vm, count / 64) ? br_str_raw(vm, count) : NULL;
        if (part)
            memcpy(part->s, str->s + from, count);
    }
    if (part)
        *out = value_of(part);
    return part != NULL;
}

/* The byte a pointer shows, or NULL with value_error pending. */
static uint8_t *pointed(struct berry *vm, const struct value *p, const struct value *key)
{
    if (p->tag == TAG_REF && key->tag == TAG_INT && as_ref(p)->target->tag == TAG_BYTES) {
        struct value target = value_of(as_ref(p)->target);
        const struct bytes *b = as_bytes(&target);
        uintptr_t at = (uintptr_t)as_ref(p)->offset + (uintptr_t)key->u.i;
        if (at < b->len)
            return b->data + at;
    }
    berry_raise(vm, "value_error", "pointer outside of its object");
    return NULL;
}

static bool call_item(struct berry *vm, const struct value *o, const struct value *key,
                      struct value *out)
{
    struct value fn, self = br_self(o);
    if (!br_find_method(vm, o, vm->names[NAME_item], &fn))
        return br_no_method(vm, o, "item");
    return br_call_values(vm, &fn, &self, key, NULL, out);
}

bool br_get_index(struct berry *vm, const struct value *o, const struct value *key,
                  struct value *out)
{
    switch (o->tag) {
    case TAG_STR:
        return string_item(vm, o, key, out);
    case TAG_MAP:
        if (as_instance(o)->klass == vm->classes.map)
            return br_map_get(vm, as_map(o), key, out);
        return call_item(vm, o, key, out);
    case TAG_BYTES:
        if (as_instance(o)->klass == vm->classes.bytes)
            return br_bytes_get_item(vm, as_bytes(o), key, out);
        return call_item(vm, o, key, out);
    case TAG_PTR:
    case TAG_REF:
    case TAG_HANDLE: {
        uint8_t *p = pointed(vm, o, key);
        if (p)
            *out = value_int(*p);
        return p != NULL;
    }
    default:
        return is_instance(o) ? call_item(vm, o, key, out) : not_indexable(vm, o);
    }
}

bool br_set_index(struct berry *vm, const struct value *o, const struct value *key,
                  const struct value *v)
{
    if (o->tag == TAG_MAP && as_instance(o)->klass == vm->classes.map)
        return br_map_set(vm, as_map(o), key, v);
    if (o->tag == TAG_REF || o->tag == TAG_PTR) {
        uint8_t *p = pointed(vm, o, key);
        if (!p)
            return false;
        if (v->tag != TAG_INT)
            return br_type_error(vm, "operands must be int");
        *p = (uint8_t)v->u.i;
        return true;
    }
    if (!is_instance(o))
        return not_indexable(vm, o);
    struct value fn, ignored, self = br_self(o);
    if (!br_find_method(vm, o, vm->names[NAME_setitem], &fn))
        return br_no_method(vm, o, "setitem");
    return br_call_values(vm, &fn, &self, key, v, &ignored);
}
