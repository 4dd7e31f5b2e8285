/*
 * Hash tables with the slot order the language shows when it prints a map.
 *
 * Colliding keys form chains inside the one array of slots. A cursor `free` moves down from the
 * last slot and finds places for keys whose home is taken. A key that is at home keeps its place;
 * a guest has to give way to the key whose home it occupies.
 */
#include "vm.h"

#define LONG_CHAIN 16u /* so many keys of one home are looked at before it counts as work */

/* Sizes a table grows through; from the last on it doubles. */
static const uint16_t sizes[] = { 2,  4,  6,  8,  10,  12,  14,  16,  20,  24,  28,  32,
                                  40, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024 };

static uint32_t next_size(uint32_t size)
{
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        if (sizes[i] > size)
            return sizes[i];
    }
    uint32_t next = 2048;
    while (next <= size)
        next *= 2;
    return next;
}

static uint32_t hash_address(uintptr_t p)
{
    return (uint32_t)(p ^ (p >> 16));
}

static uint32_t hash_real(berry_real r)
{
    uint64_t bits = 0;
    memcpy(&bits, &r, sizeof r);
    return (uint32_t)(bits ^ bits >> 32);
}

static bool hash_instance(struct berry *vm, const struct value *key, uint32_t *out)
{
    struct value method, none = value_absent(), result;
    if (!br_find_method(vm, key, vm->names[NAME_hash], &method)) {
        *out = hash_address((uintptr_t)br_self(key).u.o);
        return true;
    }
    if (!br_call_values(vm, &method, key, &none, &none, &result))
        return false;
    if (result.tag != TAG_INT)
        return berry_raise(vm, "runtime_error", "the value of `%s::hash()` is not a 'int'",
                           br_class_name(as_instance(key)->klass));
    *out = (uint32_t)result.u.i;
    return true;
}

static bool hash_key(struct berry *vm, const struct value *key, uint32_t *out)
{
    switch (key->tag) {
    case TAG_STR:
        *out = br_str_hash(as_str(key));
        return true;
    case TAG_INT:
        *out = (uint32_t)key->u.i;
        return true;
    case TAG_BOOL:
        *out = key->u.b;
        return true;
    case TAG_REAL:
        *out = hash_real(key->u.r);
        return true;
    default:
        if (key->tag == TAG_INSTANCE)
            return hash_instance(vm, key, out);
        *out = hash_address(key->u.p);
        return true;
    }
}

/* Keys are the same by type and value; 1, 1.0 and true are three keys. */
static bool same_key(struct berry *vm, const struct value *mine, const struct value *key,
                     bool *same)
{
    *same = false;
    if (mine->tag != key->tag)
        return true;
    switch (key->tag) {
    case TAG_STR:
        *same = br_str_same(as_str(mine), as_str(key));
        return true;
    case TAG_INT:
        *same = mine->u.i == key->u.i;
        return true;
    case TAG_BOOL:
        *same = mine->u.b == key->u.b;
        return true;
    case TAG_INSTANCE:
    case TAG_REAL:
        return br_equal(vm, mine, key, same);
    default:
        *same = mine->u.p == key->u.p;
        return true;
    }
}

static uint32_t home_of(uint32_t hash, uint32_t size)
{
    return (size & (size - 1)) ? hash % size : hash & (size - 1);
}

struct slot *br_table_find_str(const struct table *t, const struct str *key)
{
    if (t->count == 0)
        return NULL;
    bool is_short = key->len <= STR_INTERNED_MAX;
    uint32_t hash = is_short ? key->hash : br_hash_bytes(key->s, key->len);
    struct slot *s = &t->slots[home_of(hash, t->size)];
    for (;;) {
        if (s->key_tag == TAG_ABSENT)
            return NULL;
        struct value mine = slot_key(s);
        if (mine.tag == TAG_STR && br_str_same(as_str(&mine), key))
            return s;
        if (s->next < 0)
            return NULL;
        s = &t->slots[s->next];
    }
}

static bool holds_key(const struct slot *s, const struct value *key)
{
    return s->key_tag == key->tag && s->key.p == key->u.p;
}

/* A script's == may change the table while we look: whatever moved counts as not found. */
static struct slot *find_hashed(struct berry *vm, const struct table *t, const struct value *key,
                                uint32_t hash, bool *ok)
{
    int32_t i = (int32_t)home_of(hash, t->size);
    uint32_t size = t->size, steps = 0;
    while (i >= 0 && t->size == size) {
        bool same;
        if (t->slots[i].key_tag == TAG_ABSENT)
            return NULL;
        int32_t next = t->slots[i].next;
        struct value seen = slot_key(&t->slots[i]);
        *ok = (++steps % LONG_CHAIN || br_spend(vm, LONG_CHAIN)) && same_key(vm, &seen, key, &same);
        if (!*ok)
            return NULL;
        if (same)
            return t->size == size && holds_key(&t->slots[i], &seen) ? &t->slots[i] : NULL;
        i = next;
    }
    return NULL;
}

struct slot *br_table_find(struct berry *vm, const struct table *t, const struct value *key,
                           bool *ok)
{
    uint32_t hash = 0;
    *ok = true;
    if (t->count == 0 || key->tag == TAG_NIL)
        return NULL;
    if (!hash_key(vm, key, &hash)) {
        *ok = false;
        return NULL;
    }
    return t->count ? find_hashed(vm, t, key, hash, ok) : NULL;
}

static uint32_t take_free(struct table *t)
{
    while (t->slots[t->free].key_tag != TAG_ABSENT)
        t->free--;
    return t->free;
}

/* Puts a slot into a chain between two others; `next` may be -1. */
static void link_behind(struct table *t, uint32_t before, uint32_t at, int32_t next)
{
    t->slots[before].next = (int32_t)at;
    t->slots[at].before = (int32_t)before;
    t->slots[at].next = next;
    if (next >= 0)
        t->slots[next].before = (int32_t)at;
}

/* The slot for a new key in a table that has an empty one; only its place in the chain is set. */
static struct slot *place(struct table *t, uint32_t hash)
{
    uint32_t home = home_of(hash, t->size);
    struct slot *h = &t->slots[home];
    if (h->key_tag == TAG_ABSENT) {
        h->next = -1;
        return h;
    }
    uint32_t spare = take_free(t);
    struct slot *f = &t->slots[spare];
    if (home_of(h->hash, t->size) == home) {
        link_behind(t, home, spare, h->next);
        return f;
    }
    *f = *h;
    link_behind(t, (uint32_t)h->before, spare, h->next);
    h->next = -1;
    return h;
}

static void clear_slots(struct slot *slots, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        slots[i] = (struct slot){ .key_tag = TAG_ABSENT, .next = -1 };
}

static bool make_table(struct berry *vm, uint32_t size, struct table *out)
{
    if (size > INT32_MAX / 2) {
        br_out_of_memory(vm);
        return false;
    }
    struct slot *slots = NULL;
    if (size) {
        slots = br_realloc(vm, NULL, 0, size * sizeof *slots);
        if (!slots)
            return false;
        clear_slots(slots, size);
    }
    *out = (struct table){ .slots = slots, .size = size, .free = size ? size - 1 : 0 };
    return true;
}

static void move_slot(struct table *to, const struct slot *from)
{
    struct slot *s = place(to, from->hash);
    int32_t next = s->next, before = s->before;
    *s = *from;
    s->next = next;
    s->before = before;
    to->count++;
}

static bool enlarge(struct berry *vm, struct table *t)
{
    struct table larger = { 0 };
    if (!make_table(vm, next_size(t->size), &larger))
        return false;
    for (uint32_t i = 0; i < t->size; i++) {
        if (t->slots[i].key_tag != TAG_ABSENT)
            move_slot(&larger, &t->slots[i]);
    }
    br_table_free(vm, t);
    *t = larger;
    return true;
}

/* Rebuilds with exactly as many slots as keys, entered in the order they came. */
bool br_table_fit(struct berry *vm, struct table *t)
{
    struct table fitting;
    uint32_t count = t->count;
    uint32_t *at = br_realloc(vm, NULL, 0, count * sizeof *at); /* the slot of each, by order */
    bool ok = (at || !count) && make_table(vm, count, &fitting);
    if (at)
        memset(at, 0, count * sizeof *at);
    for (uint32_t i = 0; ok && i < t->size; i++) {
        if (t->slots[i].key_tag != TAG_ABSENT)
            at[t->slots[i].order] = i;
    }
    for (uint32_t order = 0; ok && order < count; order++)
        move_slot(&fitting, &t->slots[at[order]]);
    br_free(vm, at, count * sizeof *at);
    if (!ok)
        return false;
    br_table_free(vm, t);
    *t = fitting;
    return true;
}

struct slot *br_table_put(struct berry *vm, struct table *t, const struct value *key, bool *is_new)
{
    uint32_t hash = 0;
    bool ok = true;
    if (!hash_key(vm, key, &hash))
        return NULL;
    struct slot *s = t->count ? find_hashed(vm, t, key, hash, &ok) : NULL;
    if (s || !ok) {
        *is_new = false;
        return s;
    }
    if (t->count == t->size && !enlarge(vm, t))
        return NULL;
    s = place(t, hash);
    s->key = key->u;
    s->key_tag = (uint8_t)key->tag;
    s->hash = hash;
    s->value = value_nil();
    s->kind = 0;
    s->order = (uint16_t)t->count;
    t->count++;
    *is_new = true;
    return s;
}

bool br_table_set_str(struct berry *vm, struct table *t, struct str *key, const struct value *value,
                      uint8_t kind)
{
    bool is_new;
    struct value k = value_of(key);
    struct slot *s = br_table_put(vm, t, &k, &is_new);
    if (!s)
        return false;
    s->value = *value;
    s->kind = kind;
    return true;
}

static void empty_slot(struct table *t, uint32_t at)
{
    t->slots[at] = (struct slot){ .key_tag = TAG_ABSENT, .next = -1 };
    if (at > t->free)
        t->free = at;
    t->count--;
}

bool br_table_remove(struct berry *vm, struct table *t, const struct value *key)
{
    bool ok;
    struct slot *s = br_table_find(vm, t, key, &ok);
    if (!s)
        return ok;
    uint32_t at = (uint32_t)(s - t->slots);
    uint32_t home = home_of(s->hash, t->size);
    if (at == home && s->next >= 0) {
        uint32_t successor = (uint32_t)s->next;
        *s = t->slots[successor];
        if (s->next >= 0)
            t->slots[s->next].before = (int32_t)at;
        empty_slot(t, successor);
        return true;
    }
    if (at != home) {
        t->slots[s->before].next = s->next;
        if (s->next >= 0)
            t->slots[s->next].before = s->before;
    }
    empty_slot(t, at);
    return true;
}

void br_table_free(struct berry *vm, struct table *t)
{
    br_free(vm, t->slots, t->size * sizeof *t->slots);
    *t = (struct table){ .slots = NULL };
}

void br_table_mark(struct berry *vm, const struct table *t)
{
    for (uint32_t i = 0; i < t->size; i++) {
        struct value key = slot_key(&t->slots[i]);
        br_mark_value(vm, &key);
        br_mark_value(vm, &t->slots[i].value);
    }
}
