#include "base/utf8.h"

size_t utf8_len(const char *text, size_t left)
{
    const unsigned char *p = (const unsigned char *)text;
    /* Unicode 15, table 3-7. */
    static const struct {
        unsigned char first, last, second_min, second_max;
        unsigned char len;
    } rows[] = {
        { 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
        { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
        { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const size_t len = rows[i].len;
        if (p[0] < rows[i].first || p[0] > rows[i].last)
            continue;
        if (len > left || (len > 1 && (p[1] < rows[i].second_min || p[1] > rows[i].second_max)))
            return 0;
        for (size_t k = 2; k < len; k++) {
            if (p[k] < 0x80 || p[k] > 0xbf)
                return 0;
        }
        return len;
    }
    return 0;
}

bool utf8_is_text(const char *text, size_t len)
{
    while (len > 0) {
        const size_t n = utf8_len(text, len);
        if (n == 0)
            return false;
        text += n;
        len -= n;
    }
    return true;
}
