/* Short texts (names, text values, old identities) in blocks of one size. */
#include "registry/registry_private.h"

#include <string.h>

/* Strangers may use the lower half only, so that a flood of them leaves room for a name. Others
 * take from the upper end first. NONE when nothing is free. */
static uint16_t free_text(const struct registry *reg, bool is_kept)
{
    uint16_t i = is_kept ? reg->config.texts : reg->config.texts / 2;

    while (i-- > 0) {
        if (!reg->text_used[i])
            return i;
    }
    return NONE;
}

uint16_t reg_text_take(struct registry *reg, bool is_kept, const void *bytes, size_t len)
{
    const uint16_t text = len < REG_TEXT_SIZE ? free_text(reg, is_kept) : NONE;

    if (text == NONE)
        return NONE;
    reg->text_used[text] = 1;
    memset(reg->texts[text].bytes, 0, sizeof(reg->texts[text].bytes));
    memcpy(reg->texts[text].bytes, bytes, len);
    return text;
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
