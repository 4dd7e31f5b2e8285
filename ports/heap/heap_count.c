/* Under the address sanitizer by its hooks; else by standing in for malloc, as glibc allows: the
 * names of the program come before those of its libraries, so their calls land here as well. */
#define _POSIX_C_SOURCE 200809L /* posix_memalign */
#include "heap_count.h"

#include <stdatomic.h>

static atomic_size_t calls;

size_t heap_count(void)
{
    return atomic_load(&calls);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(HAS_ASAN)

/* As in sanitizer/allocator_interface.h, which Debian's gcc does not ship. */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));

static void count_malloc(const volatile void *p, size_t size)
{
    (void)p;
    (void)size;
    atomic_fetch_add(&calls, 1);
}

static void ignore_free(const volatile void *p)
{
    (void)p;
}

void heap_count_start(void)
{
    __sanitizer_install_malloc_and_free_hooks(count_malloc, ignore_free);
}

#else

#include <errno.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t align, size_t size);

void heap_count_start(void)
{
    atomic_store(&calls, 0);
}

void *malloc(size_t size)
{
    atomic_fetch_add(&calls, 1);
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    atomic_fetch_add(&calls, 1);
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    atomic_fetch_add(&calls, 1);
    return __libc_realloc(p, size);
}

void *aligned_alloc(size_t align, size_t size)
{
    atomic_fetch_add(&calls, 1);
    return __libc_memalign(align, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
    atomic_fetch_add(&calls, 1);
    *out = __libc_memalign(align, size);
    return *out ? 0 : ENOMEM;
}

#endif
