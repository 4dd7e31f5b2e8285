/* ring.h: the bookkeeping of a ring of slots; the slots themselves are the caller's array. */
#ifndef MI32_BASE_RING_H
#define MI32_BASE_RING_H

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialise with .size set to the number of slots. */
struct ring {
    size_t size;
    size_t first; /* index of the oldest */
    size_t count;
};

/* The index of a free slot, which is from now on the newest. When the ring is full the oldest is
 * given up for it, and *dropped says so; with a size of 0 the result is 0 and *dropped is true. */
size_t ring_push(struct ring *ring, bool *dropped);

/* The index of the oldest slot, which is free from now on. Only when count > 0. */
size_t ring_pop(struct ring *ring);

/* The index of the nth oldest, n < count. */
size_t ring_at(const struct ring *ring, size_t n);

#endif
