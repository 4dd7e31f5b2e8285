#include "base/hex.h"

/* 0 to 15, or 16 for what is no hex digit. */
static unsigned nibble(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A' + 10);
    return 16;
}

bool hex_decode(const char *text, size_t digits, uint8_t *out, size_t size)
{
    if (digits % 2 != 0 || digits / 2 > size)
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (nibble(text[i]) > 15)
            return false;
    }
    for (size_t i = 0; i < digits / 2; i++)
        out[i] = (uint8_t)(nibble(text[2 * i]) << 4 | nibble(text[2 * i + 1]));
    return true;
}

char *hex_encode(const uint8_t *in, size_t len, enum hex_case letter, char *out)
{
    const char *digits = letter == HEX_UPPER ? "0123456789ABCDEF" : "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[in[i] >> 4];
        out[2 * i + 1] = digits[in[i] & 15];
    }
    out[2 * len] = '\0';
    return out;
}
