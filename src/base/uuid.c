#include "base/uuid.h"

#include "base/bytes.h"
#include "base/hex.h"

#include <string.h>

static const struct uuid base_uuid = { { 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00,
                                         0x00, 0x80, 0x5f, 0x9b, 0x34, 0xfb } };

static struct uuid from_32(uint32_t number)
{
    struct uuid uuid = base_uuid;

    for (size_t i = 0; i < 4; i++)
        uuid.b[i] = (uint8_t)(number >> (24 - 8 * i));
    return uuid;
}

struct uuid uuid_from_16(uint16_t number)
{
    return from_32(number);
}

/* The 32 digits of the long form, hyphens left out; false when they stand anywhere else. */
static bool without_hyphens(const char *text, char digits[32])
{
    size_t n = 0;

    for (size_t i = 0; i < UUID_TEXT_SIZE - 1; i++) {
        const bool is_place = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_place != (text[i] == '-'))
            return false;
        if (!is_place)
            digits[n++] = text[i];
    }
    return true;
}

bool uuid_parse(const char *text, size_t len, struct uuid *out)
{
    char digits[32];
    uint8_t bytes[4];

    if (len == UUID_TEXT_SIZE - 1) {
        if (!without_hyphens(text, digits))
            return false;
        text = digits;
        len = sizeof(digits);
    }
    if (len == sizeof(digits))
        return hex_decode(text, len, out->b, sizeof(out->b));
    if ((len != 4 && len != 8) || !hex_decode(text, len, bytes, sizeof(bytes)))
        return false;
    *out = from_32((uint32_t)bytes_be(bytes, len / 2));
    return true;
}

bool uuid_from_air(const uint8_t *bytes, size_t len, struct uuid *out)
{
    if (len == 2 || len == 4) {
        *out = from_32((uint32_t)bytes_le(bytes, len));
        return true;
    }
    for (size_t i = 0; len == 16 && i < len; i++)
        out->b[i] = bytes[len - 1 - i];
    return len == 16;
}

bool uuid_to_16(struct uuid uuid, uint16_t *number)
{
    const uint16_t low = (uint16_t)bytes_be(uuid.b + 2, 2);

    if (!uuid_equal(uuid, uuid_from_16(low)))
        return false;
    *number = low;
    return true;
}

size_t uuid_to_air(struct uuid uuid, uint8_t out[16])
{
    uint16_t number;

    if (uuid_to_16(uuid, &number)) {
        bytes_put_le(out, 2, number);
        return 2;
    }
    for (size_t i = 0; i < 16; i++)
        out[i] = uuid.b[15 - i];
    return 16;
}

char *uuid_print(struct uuid uuid, char out[UUID_TEXT_SIZE])
{
    static const uint8_t parts[] = { 4, 2, 2, 2, 6 };
    uint16_t number;
    size_t at = 0, n = 0;

    if (uuid_to_16(uuid, &number))
        return hex_encode(uuid.b + 2, 2, HEX_LOWER, out);
    for (size_t i = 0; i < sizeof(parts); i++) {
        hex_encode(uuid.b + at, parts[i], HEX_LOWER, out + n);
        at += parts[i];
        n += 2u * parts[i];
        out[n++] = i + 1 < sizeof(parts) ? '-' : '\0';
    }
    return out;
}

bool uuid_equal(struct uuid a, struct uuid b)
{
    return memcmp(a.b, b.b, sizeof(a.b)) == 0;
}
