/* Berry scripts under limits: any bytes as source, run. Whatever they do, the VM stays within its
 * memory, ends within its instructions, and runs the next script. Sources of some lengths run with
 * a collection at every allocation. */
#include "fuzz.h"

#include "berry/berry.h"

#define HEAP (1u << 20)

static void no_output(void *user, const char *text, size_t len)
{
    (void)user;
    (void)text;
    (void)len;
}

static void expect_alive(struct berry *vm)
{
    static const char next[] = "return 1 + [2, 3][1]";
    fuzz_expect(berry_heap_used(vm) <= HEAP, "the limit of memory holds");
    enum berry_status status = berry_run(vm, next, sizeof next - 1, "next");
    bool full = status != BERRY_OK && strcmp(berry_error_name(vm), "memory_error") == 0;
    fuzz_expect(full || (status == BERRY_OK && berry_to_int(vm, -1) == 4),
                "the next script runs as ever");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct berry_host host = { .write = no_output, .gc_stress = size % 8 == 7 };
    host.limits = (struct berry_limits){
        .heap_bytes = HEAP, .instructions = 50000, .call_depth = 200, .nesting = 240
    };
    char *source = fuzz_copy(data, size, 0);
    struct berry *vm = berry_open(&host);
    fuzz_expect(vm != NULL, "a VM opens in 1 MB");
    if (berry_run(vm, source, size, "fuzz") == BERRY_EXCEPTION)
        berry_print_error(vm);
    free(source);
    expect_alive(vm);
    berry_close(vm);
    return 0;
}
