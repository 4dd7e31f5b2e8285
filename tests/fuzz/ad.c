/* ad: the input is a whole advert, legacy or extended. */
#include "fuzz/beacon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_advert(data, size);
    return 0;
}
