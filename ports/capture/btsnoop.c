#include "capture/btsnoop.h"

#include "base/bytes.h"

#include <string.h>

enum {
    CONTENT_HCI = 1001,
    CONTENT_UART = 1002,
    CONTENT_MONITOR = 2001,
    RECEIVED_EVENT = 3,
    MONITOR_EVENT = 3,
};

bool btsnoop_is(const uint8_t magic[8])
{
    return memcmp(magic, "btsnoop", 8) == 0;
}

uint32_t btsnoop_content(const uint8_t header[BTSNOOP_FILE_HEADER])
{
    const uint32_t version = (uint32_t)bytes_be(header + 8, 4);
    const uint32_t content = (uint32_t)bytes_be(header + 12, 4);
    const bool is_known =
        content == CONTENT_HCI || content == CONTENT_UART || content == CONTENT_MONITOR;

    return version == 1 && is_known ? content : 0;
}

void btsnoop_record(uint32_t content, const uint8_t header[BTSNOOP_RECORD_HEADER],
                    struct btsnoop_record *out)
{
    const uint32_t flags = (uint32_t)bytes_be(header + 8, 4);

    *out = (struct btsnoop_record){
        .len = (uint32_t)bytes_be(header + 4, 4),
        .at_us = bytes_sign(bytes_be(header + 16, 8), 8),
    };
    if (content == CONTENT_MONITOR) {
        out->is_event = (flags & 0xffff) == MONITOR_EVENT;
        out->radio = (uint8_t)(flags >> 16);
    } else {
        out->is_event = (flags & 3) == RECEIVED_EVENT;
        out->skip = content == CONTENT_UART ? 1 : 0;
    }
}
