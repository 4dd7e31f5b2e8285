/* scales: the input is a frame of the Mi scales or of HHCCJCY10. */
#include "fuzz/beacon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_element(0x181d, data, size);
    fuzz_element(0x181b, data, size);
    fuzz_element(0xfd50, data, size);
    return 0;
}
