/* bthome: the input is the objects of a frame, plain and encrypted, of both versions. */
#include "fuzz/beacon.h"

#define UUID_1           0x181c
#define UUID_1_ENCRYPTED 0x181e
#define UUID_2           0xfcd2

static void version_2(const uint8_t *data, size_t size, uint8_t info)
{
    uint8_t *frame = fuzz_copy(&info, 1, size);

    if (size > 0)
        memcpy(frame + 1, data, size);
    fuzz_element(UUID_2, frame, size + 1);
    free(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_element(UUID_1, data, size);
    fuzz_element(UUID_1_ENCRYPTED, data, size);
    fuzz_element(UUID_2, data, size);
    version_2(data, size, 0x40);
    version_2(data, size, 0x45);
    return 0;
}
