/*
 * Strings. Short ones are interned: equal contents are one object, found through an open-addressed
 * table that does not keep them alive. Long ones get their hash when it is first asked for.
 */
#include "vm.h"

#define STR_HASHED 1u

uint32_t br_hash_bytes(const char *s, size_t len)
{
    uint32_t h = 2166136261u; /* FNV-1a: the order of maps depends on it */
    for (size_t i = 0; i < len; i++)
        h = (h ^ (uint8_t)s[i]) * 16777619u;
    return h;
}

uint32_t br_str_hash(struct str *s)
{
    if (!(s->obj.flags & STR_HASHED)) {
        s->hash = br_hash_bytes(s->s, s->len);
        s->obj.flags |= STR_HASHED;
    }
    return s->hash;
}

bool br_str_same(const struct str *a, const struct str *b)
{
    if (a == b)
        return true;
    return a->len > STR_INTERNED_MAX && a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

/* Where a string belongs. The factor differs from VM to VM, so that no script can choose strings
 * which all belong to one place. */
static uint32_t home_of(const struct berry *vm, uint32_t size, uint32_t hash)
{
    uint32_t factor = (uint32_t)((uintptr_t)vm >> 4) * 2654435761u | 1u;
    return (uint32_t)((uint64_t)(hash * factor) * size >> 32);
}

static struct str **find_place(const struct berry *vm, struct str **table, uint32_t size,
                               const char *s, size_t len, uint32_t hash)
{
    uint32_t i = home_of(vm, size, hash);
    while (table[i]) {
        struct str *t = table[i];
        if (t->hash == hash && t->len == len && memcmp(t->s, s, len) == 0)
            break;
        i = (i + 1) & (size - 1);
    }
    return &table[i];
}

static bool grow_strings(struct berry *vm)
{
    uint32_t size = vm->strings_size ? vm->strings_size * 2 : STRINGS_START;
    struct str **table = br_realloc(vm, NULL, 0, size * sizeof *table);
    if (!table)
        return false;
    memset(table, 0, size * sizeof *table);
    for (uint32_t i = 0; i < vm->strings_size; i++) {
        struct str *s = vm->strings[i];
        if (s)
            *find_place(vm, table, size, s->s, s->len, s->hash) = s;
    }
    br_free(vm, vm->strings, vm->strings_size * sizeof *table);
    vm->strings = table;
    vm->strings_size = size;
    return true;
}

static struct str *new_str(struct berry *vm, size_t len)
{
    if (len >= UINT32_MAX / 4) {
        br_out_of_memory(vm);
        return NULL;
    }
    struct str *s = br_new_object(vm, TAG_STR, sizeof *s + len + 1);
    if (s)
        s->len = (uint32_t)len;
    return s;
}

static struct str *intern(struct berry *vm, const char *s, size_t len)
{
    if (vm->strings_count * 4 >= vm->strings_size * 3 && !grow_strings(vm))
        return NULL;
    uint32_t hash = br_hash_bytes(s, len);
    struct str *known = *find_place(vm, vm->strings, vm->strings_size, s, len, hash);
    if (known)
        return known;
    struct str *made = new_str(vm, len);
    if (!made)
        return NULL;
    memcpy(made->s, s, len);
    made->hash = hash;
    made->obj.flags |= STR_HASHED;
    /* Making it may have collected strings, so look again for its place. */
    *find_place(vm, vm->strings, vm->strings_size, s, len, hash) = made;
    vm->strings_count++;
    return made;
}

struct str *br_str(struct berry *vm, const char *s, size_t len)
{
    if (len <= STR_INTERNED_MAX)
        return intern(vm, s, len);
    struct str *made = new_str(vm, len);
    if (made)
        memcpy(made->s, s, len);
    return made;
}

struct str *br_str_c(struct berry *vm, const char *s)
{
    return br_str(vm, s, strlen(s));
}

struct str *br_str_raw(struct berry *vm, size_t len)
{
    return new_str(vm, len);
}

struct str *br_str_join(struct berry *vm, const struct value *a, const struct value *b)
{
    const struct str *x = as_str(a), *y = as_str(b);
    size_t len = (size_t)x->len + y->len;
    if (len <= STR_INTERNED_MAX) {
        char joined[STR_INTERNED_MAX];
        memcpy(joined, x->s, x->len);
        memcpy(joined + x->len, y->s, y->len);
        return intern(vm, joined, len);
    }
    struct str *made = br_spend(vm, len / 64) ? new_str(vm, len) : NULL;
    if (!made)
        return NULL;
    memcpy(made->s, x->s, x->len);
    memcpy(made->s + x->len, y->s, y->len);
    return made;
}

int br_str_compare(const struct str *a, const struct str *b)
{
    return strcmp(a->s, b->s);
}

/* Takes a dying string out of the table and closes the gap its probe chain would have. */
void br_str_unlink(struct berry *vm, struct str *s)
{
    if (s->len > STR_INTERNED_MAX)
        return;
    uint32_t mask = vm->strings_size - 1;
    uint32_t gap = home_of(vm, vm->strings_size, s->hash);
    while (vm->strings[gap] != s) {
        if (!vm->strings[gap])
            return;
        gap = (gap + 1) & mask;
    }
    for (uint32_t i = (gap + 1) & mask; vm->strings[i]; i = (i + 1) & mask) {
        uint32_t home = home_of(vm, vm->strings_size, vm->strings[i]->hash);
        if (((i - home) & mask) >= ((i - gap) & mask)) {
            vm->strings[gap] = vm->strings[i];
            gap = i;
        }
    }
    vm->strings[gap] = NULL;
    vm->strings_count--;
}
