/* The Berry compiler: any bytes as source, strict or not. What it takes must survive a collection,
 * what it refuses must be a syntax_error (or want of memory), and nothing may leak. */
#include "fuzz.h"

#include "berry/berry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct berry_host host = { .limits = { .heap_bytes = 4 << 20 } };
    if (size == 0)
        return 0;
    host.strict = data[0] & 1;
    host.named_globals = data[0] & 2;
    char *source = fuzz_copy(data, size, 0);
    struct berry *vm = berry_open(&host);
    fuzz_expect(vm != NULL, "a VM opens in 4 MB");
    if (berry_compile(vm, source, size, "fuzz") != BERRY_OK) {
        const char *name = berry_error_name(vm);
        fuzz_expect(strcmp(name, "syntax_error") == 0 || strcmp(name, "memory_error") == 0,
                    "what the compiler refuses is a syntax_error");
    }
    free(source);
    berry_collect(vm);
    fuzz_expect(berry_heap_used(vm) <= 4 << 20, "the limit of memory holds");
    berry_close(vm);
    return 0;
}
