#include "base/mac.h"

#include "base/hex.h"

#include <string.h>

bool mac_parse(const char *text, size_t len, struct mac *out)
{
    char digits[MAC_TEXT_LEN];

    if (len == 17) {
        for (size_t i = 0, n = 0; i < len; i++) {
            if (i % 3 != 2)
                digits[n++] = text[i];
            else if (text[i] != ':')
                return false;
        }
        text = digits;
    } else if (len != MAC_TEXT_LEN) {
        return false;
    }
    return hex_decode(text, MAC_TEXT_LEN, out->b, sizeof(out->b));
}

char *mac_print(struct mac mac, char out[MAC_TEXT_LEN + 1])
{
    return hex_encode(mac.b, sizeof(mac.b), HEX_UPPER, out);
}

struct mac mac_from_reversed(const uint8_t p[6])
{
    struct mac mac;

    for (size_t i = 0; i < 6; i++)
        mac.b[i] = p[5 - i];
    return mac;
}

void mac_to_reversed(struct mac mac, uint8_t out[6])
{
    for (size_t i = 0; i < 6; i++)
        out[i] = mac.b[5 - i];
}

bool mac_equal(struct mac a, struct mac b)
{
    return memcmp(a.b, b.b, sizeof(a.b)) == 0;
}

uint64_t mac_number(struct mac mac)
{
    uint64_t n = 0;

    for (size_t i = 0; i < sizeof(mac.b); i++)
        n = n << 8 | mac.b[i];
    return n;
}
