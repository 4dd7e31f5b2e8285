/* utf8.h: is it text? */
#ifndef MI32_BASE_UTF8_H
#define MI32_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes (1 to 4) of the well-formed UTF-8 sequence that begins at `text`, which has `left`
 * bytes, at least 1; or 0 when it begins none. */
size_t utf8_len(const char *text, size_t left);

/* True when all `len` bytes are well-formed UTF-8. */
bool utf8_is_text(const char *text, size_t len);

#endif
