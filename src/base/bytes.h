/* bytes.h: numbers in byte rows. Every access is bytewise, so no alignment is ever assumed. */
#ifndef MI32_BASE_BYTES_H
#define MI32_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `size` bytes (1 to 8) at `p` as an unsigned number, least significant byte first. */
uint64_t bytes_le(const uint8_t *p, size_t size);

/* The same, most significant byte first. */
uint64_t bytes_be(const uint8_t *p, size_t size);

/* Takes the lowest 8 * size bits of `value` (size 1 to 8) as a two's-complement number. */
int64_t bytes_sign(uint64_t value, size_t size);

/* Writes the lowest 8 * size bits of `value`, least significant byte first. */
void bytes_put_le(uint8_t *p, size_t size, uint64_t value);

/* A row of bytes that is read from the front. Taking more than there is takes nothing, gives NULL
 * and leaves `failed` set, so that a chain of reads is checked once at its end. */
struct bytes {
    const uint8_t *p;
    size_t len; /* what is left */
    bool failed;
};

/* The next `n` bytes; NULL when fewer are left. */
const uint8_t *bytes_take(struct bytes *row, size_t n);

/* The next `size` bytes (1 to 8) as an unsigned number; 0 when fewer are left. */
uint64_t bytes_take_le(struct bytes *row, size_t size);

/* Takes `n` bytes off the end; NULL when fewer are left. */
const uint8_t *bytes_take_end(struct bytes *row, size_t n);

#endif
