/* uuid.h: Bluetooth UUIDs of 16, 32 and 128 bits, all kept as 128. */
#ifndef MI32_BASE_UUID_H
#define MI32_BASE_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UUID_TEXT_SIZE 37 /* of the longest form, its zero included */

/* b[0] is the first byte shown. Core Specification 5.4, Vol 3 Part B, 2.5.1: the short forms stand
 * in bytes 0 to 3 of 00000000-0000-1000-8000-00805F9B34FB. */
struct uuid {
    uint8_t b[16];
};

struct uuid uuid_from_16(uint16_t number);

/* Reads 4, 8 or 32 hex digits in either case; those of the long form may have the usual hyphens.
 * False, and *out untouched, for anything else. */
bool uuid_parse(const char *text, size_t len, struct uuid *out);

/* Reads 2, 4 or 16 bytes as they come over the air, least significant first; false for another
 * length. */
bool uuid_from_air(const uint8_t *bytes, size_t len, struct uuid *out);

/* True and *number when it is a 16-bit UUID. */
bool uuid_to_16(struct uuid uuid, uint16_t *number);

/* Bytes for the air, least significant first: 2 for a 16-bit UUID, else 16. Returns how many. */
size_t uuid_to_air(struct uuid uuid, uint8_t out[16]);

/* The shortest form: "fe95" or "ebe0ccc1-7a0a-4b0c-8a1a-6ff2997da3a6"; returns `out`. */
char *uuid_print(struct uuid uuid, char out[UUID_TEXT_SIZE]);

bool uuid_equal(struct uuid a, struct uuid b);

#endif
