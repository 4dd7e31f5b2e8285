/* Memory of one VM: every byte is counted, and a limit ends in a Berry exception. */
#include "vm.h"

#include <stdlib.h>

static void *host_realloc(struct berry *vm, void *old, size_t old_size, size_t new_size)
{
    if (vm->host.realloc)
        return vm->host.realloc(vm->host.user, old, old_size, new_size);
    if (new_size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, new_size);
}

static bool over_limit(const struct berry *vm, size_t more)
{
    size_t limit = vm->host.limits.heap_bytes;
    return limit && (more > limit || vm->heap_used > limit - more);
}

/* Collects when it is due; false when `more` bytes are still too many. */
static bool make_room(struct berry *vm, size_t more)
{
    if (vm->collecting)
        return !over_limit(vm, more);
    if (vm->host.gc_stress || vm->heap_used + more > vm->heap_threshold || over_limit(vm, more))
        br_collect(vm);
    return !over_limit(vm, more);
}

/* A collector that gets no memory does without; nobody else can. */
static void *give_up(struct berry *vm)
{
    if (!vm->collecting)
        br_out_of_memory(vm);
    return NULL;
}

void *br_realloc(struct berry *vm, void *old, size_t old_size, size_t new_size)
{
    if (new_size > old_size && !make_room(vm, new_size - old_size))
        return give_up(vm);
    void *p = host_realloc(vm, old, old_size, new_size);
    if (!p && new_size && !vm->collecting) {
        br_collect(vm);
        p = host_realloc(vm, old, old_size, new_size);
    }
    if (!p && new_size)
        return give_up(vm);
    vm->heap_used = vm->heap_used - old_size + new_size;
    return p;
}

void br_free(struct berry *vm, void *block, size_t size)
{
    if (!block)
        return;
    host_realloc(vm, block, size, 0);
    vm->heap_used -= size;
}

bool br_grow(struct berry *vm, void **array, uint32_t *cap, size_t element, uint32_t wanted)
{
    if (wanted <= *cap)
        return true;
    size_t larger = *cap + (size_t)*cap / 2 + 4;
    if (larger < wanted)
        larger = wanted;
    if (larger > UINT32_MAX / 2 / element)
        return br_out_of_memory(vm);
    void *p = br_realloc(vm, *array, *cap * element, larger * element);
    if (!p)
        return false;
    *array = p;
    *cap = (uint32_t)larger;
    return true;
}

void *br_new_object(struct berry *vm, enum tag tag, size_t size)
{
    struct obj *o = br_realloc(vm, NULL, 0, size);
    if (!o)
        return NULL;
    memset(o, 0, size);
    o->tag = (uint8_t)tag;
    o->next = vm->objects;
    vm->objects = o;
    vm->heap_objects++;
    return o;
}
