/* fuzz.h: what every fuzz target shares. */
#ifndef MI32_FUZZ_FUZZ_H
#define MI32_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer's entry: one hostile input. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input; a failure ends the run and keeps the input. */
static inline void fuzz_expect(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "fuzz: does not hold: %s\n", what);
    abort();
}

/* A copy on the heap that ends where the data ends, with `extra` zero bytes behind it, so that the
 * address sanitizer sees the first byte read too far. The caller frees it. */
static inline void *fuzz_copy(const void *data, size_t size, size_t extra)
{
    char *copy = malloc(size + extra > 0 ? size + extra : 1);

    fuzz_expect(copy != NULL, "memory for a copy");
    if (size > 0)
        memcpy(copy, data, size);
    memset(copy + size, 0, extra);
    return copy;
}

#endif
