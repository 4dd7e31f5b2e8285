#include "base/ring.h"

#include <assert.h>

size_t ring_push(struct ring *ring, bool *dropped)
{
    *dropped = ring->count == ring->size;
    if (ring->size == 0)
        return 0;
    if (*dropped)
        ring_pop(ring);
    return (ring->first + ring->count++) % ring->size;
}

size_t ring_pop(struct ring *ring)
{
    assert(ring->count > 0);
    const size_t at = ring->first;

    ring->first = (ring->first + 1) % ring->size;
    ring->count--;
    return at;
}

size_t ring_at(const struct ring *ring, size_t n)
{
    assert(n < ring->count);
    return (ring->first + n) % ring->size;
}
