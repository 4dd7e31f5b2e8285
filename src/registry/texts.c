/* Short texts (names, text values, old identities) in blocks of one size. */
#include "registry/registry_private.h"

#include <string.h>

uint16_t reg_text_take(struct registry *reg, const void *bytes, size_t len)
{
    if (len >= REG_TEXT_SIZE)
        return NONE;
    for (uint16_t i = 0; i < reg->config.texts; i++) {
        if (reg->text_used[i])
            continue;
        reg->text_used[i] = 1;
        memset(reg->texts[i].bytes, 0, sizeof(reg->texts[i].bytes));
        memcpy(reg->texts[i].bytes, bytes, len);
        return i;
    }
    return NONE;
}

void reg_text_release(struct registry *reg, uint16_t text)
{
    if (text != NONE)
        reg->text_used[text] = 0;
}

const char *reg_text(const struct registry *reg, uint16_t text)
{
    return text == NONE ? "" : reg->texts[text].bytes;
}
