/* hex.h: bytes as hexadecimal digits and back. */
#ifndef MI32_BASE_HEX_H
#define MI32_BASE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum hex_case {
    HEX_LOWER,
    HEX_UPPER,
};

/* Reads exactly `digits` characters as hex digits of either case into `digits / 2` bytes. False,
 * and `out` untouched, when a character is no hex digit, the number is odd, or `size` is too
 * small. */
bool hex_decode(const char *text, size_t digits, uint8_t *out, size_t size);

/* Writes 2 * len digits and a zero to `out`, which must hold them; returns `out`. */
char *hex_encode(const uint8_t *in, size_t len, enum hex_case letter, char *out);

#endif
