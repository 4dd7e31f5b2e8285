/* Text into a buffer that may be too small. */
#include "registry/text_out.h"

#include "base/hex.h"
#include "base/json.h"
#include "registry/registry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void text_put(struct text_out *t, const char *text)
{
    const size_t n = strlen(text);

    if (t->len + n < t->size)
        memcpy(t->out + t->len, text, n + 1);
    t->len += n;
}

void text_put_hex(struct text_out *t, const uint8_t *bytes, size_t len, bool upper)
{
    char digits[33];

    text_put(t, hex_encode(bytes, len < 16 ? len : 16, upper ? HEX_UPPER : HEX_LOWER, digits));
}

void text_put_mac(struct text_out *t, struct mac mac)
{
    char digits[MAC_TEXT_LEN + 1];

    text_put(t, mac_print(mac, digits));
}

void text_put_number(struct text_out *t, uint32_t number)
{
    char digits[12];

    snprintf(digits, sizeof(digits), "%" PRIu32, number);
    text_put(t, digits);
}

void text_put_string(struct text_out *t, const char *text)
{
    char quoted[6 * REGISTRY_NAME_SIZE + 3];
    struct json j;

    json_init(&j, quoted, sizeof(quoted));
    json_text(&j, NULL, text);
    text_put(t, quoted);
}
