/* mibeacon: the input is a frame, as sent and with the sender's MAC written into it where its
 * control bytes announce one. */
#include "fuzz/beacon.h"

#define UUID_MIBEACON 0xfe95
#define MAC_AT        5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t mac[] = FUZZ_MAC_REVERSED;
    uint8_t *frame = fuzz_copy(data, size, 0);

    fuzz_element(UUID_MIBEACON, frame, size);
    if (size >= MAC_AT + sizeof(mac) && (frame[0] & 0x10)) {
        memcpy(frame + MAC_AT, mac, sizeof(mac));
        fuzz_element(UUID_MIBEACON, frame, size);
    }
    free(frame);
    return 0;
}
