/* Short texts (names, text values, old identities) in blocks of one size. */
#include "registry/registry_private.h"

#include <string.h>

/* Names and identities may use all and take from the upper end first; texts that sensors send the
 * lower half, and those of strangers the lower quarter. NONE when nothing is free. */
static uint16_t free_text(const struct registry *reg, enum text_of of)
{
    static const uint8_t share[] = {
        [TEXT_OF_STRANGER] = 4, [TEXT_OF_SENSOR] = 2, [TEXT_OF_USER] = 1
    };
    uint16_t i = (uint16_t)((reg->config.texts + share[of] - 1u) / share[of]);

    while (i-- > 0) {
        if (!reg->text_used[i])
            return i;
    }
    return NONE;
}

uint16_t reg_text_take(struct registry *reg, enum text_of of, const void *bytes, size_t len)
{
    const uint16_t text = len < REG_TEXT_SIZE ? free_text(reg, of) : NONE;

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
