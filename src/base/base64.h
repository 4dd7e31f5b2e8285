/* base64.h: bytes written as RFC 4648, 4. */
#ifndef MI32_BASE_BASE64_H
#define MI32_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads `len` characters, with or without the padding at the end, into `out`, which holds `size`
 * bytes. *out_len is how many they are. False when they are no such text or do not fit. */
bool base64_decode(const char *text, size_t len, uint8_t *out, size_t size, size_t *out_len);

#endif
