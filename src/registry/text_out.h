/* text_out.h: text into a buffer that may be too small, counting what it would need. Private to the
 * registry. */
#ifndef MI32_REGISTRY_TEXT_OUT_H
#define MI32_REGISTRY_TEXT_OUT_H

#include "base/mac.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_out {
    char *out;
    size_t size;
    size_t len; /* without the zero; not less than what was wanted */
};

void text_put(struct text_out *t, const char *text);
void text_put_hex(struct text_out *t, const uint8_t *bytes, size_t len, bool upper);
void text_put_mac(struct text_out *t, struct mac mac);
void text_put_number(struct text_out *t, uint32_t number);
/* As a JSON string, with its quotes. At most REGISTRY_NAME_SIZE bytes of it. */
void text_put_string(struct text_out *t, const char *text);

#endif
