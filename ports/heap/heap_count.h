/* heap_count.h: how often this process asked for memory, libraries included. Host only. */
#ifndef MI32_TESTS_HEAP_COUNT_H
#define MI32_TESTS_HEAP_COUNT_H

#include <stddef.h>

/* Starts counting. Call it once, before the first heap_count(). */
void heap_count_start(void);

/* Calls of malloc, calloc, realloc and relatives since then, in every thread. Freeing is not
 * counted. A test shows first that the meter works: one allocation on purpose must read one. */
size_t heap_count(void);

#endif
