#include "base/bytes.h"

uint64_t bytes_le(const uint8_t *p, size_t size)
{
    uint64_t value = 0;

    for (size_t i = size; i > 0; i--)
        value = value << 8 | p[i - 1];
    return value;
}

uint64_t bytes_be(const uint8_t *p, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++)
        value = value << 8 | p[i];
    return value;
}

int64_t bytes_sign(uint64_t value, size_t size)
{
    const uint64_t sign = (uint64_t)1 << (8 * size - 1);
    const uint64_t mask = sign | (sign - 1);

    value &= mask;
    if (value & sign)
        return -(int64_t)(mask - value) - 1;
    return (int64_t)value;
}

void bytes_put_le(uint8_t *p, size_t size, uint64_t value)
{
    for (size_t i = 0; i < size; i++)
        p[i] = (uint8_t)(value >> (8 * i));
}

const uint8_t *bytes_take(struct bytes *row, size_t n)
{
    const uint8_t *at = row->p;

    if (row->failed || n > row->len) {
        row->failed = true;
        return NULL;
    }
    row->p += n;
    row->len -= n;
    return at;
}

uint64_t bytes_take_le(struct bytes *row, size_t size)
{
    const uint8_t *at = bytes_take(row, size);

    return at ? bytes_le(at, size) : 0;
}

const uint8_t *bytes_take_end(struct bytes *row, size_t n)
{
    if (row->failed || n > row->len) {
        row->failed = true;
        return NULL;
    }
    row->len -= n;
    return row->p + row->len;
}
