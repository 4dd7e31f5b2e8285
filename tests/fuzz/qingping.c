/* qingping: the input is a frame, as sent and with the sender's MAC in its place. */
#include "fuzz/beacon.h"

#define UUID_QINGPING 0xfdcd
#define MAC_AT        2

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t mac[] = FUZZ_MAC_REVERSED;
    uint8_t *frame = fuzz_copy(data, size, 0);

    fuzz_element(UUID_QINGPING, frame, size);
    if (size >= MAC_AT + sizeof(mac)) {
        memcpy(frame + MAC_AT, mac, sizeof(mac));
        fuzz_element(UUID_QINGPING, frame, size);
    }
    free(frame);
    return 0;
}
