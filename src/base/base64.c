#include "base/base64.h"

#include <string.h>

static int value_of(char c)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(alphabet, c) : NULL;

    return at ? (int)(at - alphabet) : -1;
}

/* The length without its padding, which fills a group of four. */
static size_t unpadded(const char *text, size_t len)
{
    size_t n = len;

    while (n > 0 && len - n < 2 && len % 4 == 0 && text[n - 1] == '=')
        n--;
    return n;
}

bool base64_decode(const char *text, size_t len, uint8_t *out, size_t size, size_t *out_len)
{
    const size_t n = unpadded(text, len);
    uint32_t bits = 0;

    *out_len = 0;
    if (n % 4 == 1 || n / 4 * 3 + n % 4 * 3 / 4 > size)
        return false;
    for (size_t i = 0; i < n; i++) {
        const int value = value_of(text[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 > 0)
            out[(*out_len)++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
    }
    return true;
}
