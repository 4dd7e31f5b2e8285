/* Text that grows, for building strings in C. Its memory is counted like all other. */
#include "vm.h"

void br_text_init(struct text *t, struct berry *vm)
{
    *t = (struct text){ .vm = vm };
}

static bool reserve(struct text *t, size_t more)
{
    if (more > UINT32_MAX / 4 || t->len > UINT32_MAX / 4)
        return br_out_of_memory(t->vm);
    void *p = t->s;
    uint32_t wanted = (uint32_t)(t->len + more);
    if (wanted > t->cap && wanted < 32)
        wanted = 32;
    if (!br_grow(t->vm, &p, &t->cap, 1, wanted))
        return false;
    t->s = p;
    return true;
}

bool br_text_add(struct text *t, const char *s, size_t len)
{
    if (len == 0)
        return true;
    if (!reserve(t, len))
        return false;
    memcpy(t->s + t->len, s, len);
    t->len += len;
    return true;
}

bool br_text_add_c(struct text *t, const char *s)
{
    return br_text_add(t, s, strlen(s));
}

bool br_text_char(struct text *t, char c)
{
    return br_text_add(t, &c, 1);
}

bool br_text_repeat(struct text *t, char c, size_t count)
{
    if (count == 0)
        return true;
    if (!reserve(t, count))
        return false;
    memset(t->s + t->len, c, count);
    t->len += count;
    return true;
}

void br_text_free(struct text *t)
{
    br_free(t->vm, t->s, t->cap);
    br_text_init(t, t->vm);
}

struct str *br_text_str(struct text *t)
{
    struct str *s = br_str(t->vm, t->s ? t->s : "", t->len);
    br_text_free(t);
    return s;
}

bool br_text_return(struct text *t, bool ok)
{
    if (ok)
        return br_return_object(t->vm, br_text_str(t));
    br_text_free(t);
    return false;
}
