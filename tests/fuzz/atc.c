/* atc: the input is a frame of the ATC1441 and pvvx firmware, as sent and with the sender's MAC
 * where each of them has it. */
#include "fuzz/beacon.h"

#define UUID_ATC 0x181a

static void with_mac(const uint8_t *data, size_t size, const uint8_t mac[6])
{
    uint8_t *frame = fuzz_copy(data, size, 0);

    memcpy(frame, mac, 6);
    fuzz_element(UUID_ATC, frame, size);
    free(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t shown[6] = FUZZ_MAC, reversed[6] = FUZZ_MAC_REVERSED;

    fuzz_element(UUID_ATC, data, size);
    if (size >= 6) {
        with_mac(data, size, shown);
        with_mac(data, size, reversed);
    }
    return 0;
}
