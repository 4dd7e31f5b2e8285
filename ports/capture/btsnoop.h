/*
 * btsnoop.h: the frames of a btsnoop file; private to this folder. All numbers big-endian:
 *
 *     file     "btsnoop\0"  version (4)  content (4)  record...
 *     record   original length (4)  stored length (4)  flags (4)  drops (4)  time (8)  packet
 *
 * version  1
 * content  1001 = HCI without packet type: flags bit 0 received, bit 1 command or event
 *          1002 = HCI as on a UART: the packet's first byte is its type, 04 for an event
 *          2001 = monitor (btmon): flags = controller's number (2) and kind (2), 3 for an event
 * time     microseconds since the year 0
 *
 * From the format's public description in BTSnoop (Frontline) and the manual page btmon(1).
 */
#ifndef MI32_PORTS_CAPTURE_BTSNOOP_H
#define MI32_PORTS_CAPTURE_BTSNOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BTSNOOP_FILE_HEADER   16
#define BTSNOOP_RECORD_HEADER 24

/* True when these 8 bytes begin a btsnoop file. */
bool btsnoop_is(const uint8_t magic[8]);

/* The content of the file, or 0 when we do not read it. */
uint32_t btsnoop_content(const uint8_t header[BTSNOOP_FILE_HEADER]);

struct btsnoop_record {
    bool is_event;
    size_t skip;   /* bytes of the packet before the event code */
    uint32_t len;  /* of the packet */
    uint8_t radio; /* the controller's number */
    int64_t at_us;
};

void btsnoop_record(uint32_t content, const uint8_t header[BTSNOOP_RECORD_HEADER],
                    struct btsnoop_record *out);

#endif
