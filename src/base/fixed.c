#include "base/fixed.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

/* value / 10^n, half away from zero. Only the last digit cut decides, so cutting one by one would
 * round twice; the divisor is built first. */
static int64_t shrink(int64_t value, int n)
{
    int64_t divisor = 1;

    if (n > 18)
        return 0;
    while (n-- > 0)
        divisor *= 10;
    const int64_t whole = value / divisor;
    const int64_t rest = value % divisor;
    if (rest >= divisor - divisor / 2)
        return whole + 1;
    if (-rest >= divisor - divisor / 2)
        return whole - 1;
    return whole;
}

static int64_t grow(int64_t value, int n)
{
    while (n-- > 0) {
        if (value > INT64_MAX / 10)
            return INT64_MAX;
        if (value < INT64_MIN / 10)
            return INT64_MIN;
        value *= 10;
    }
    return value;
}

int64_t fixed_rescale(int64_t value, int from, int to)
{
    return from >= to ? grow(value, from - to) : shrink(value, to - from);
}

/* The decimals a number needs when trailing zeros are dropped. */
static int needed_digits(int64_t value, int scale10)
{
    while (scale10 < 0 && value % 10 == 0) {
        value /= 10;
        scale10++;
    }
    return scale10 < 0 ? -scale10 : 0;
}

size_t fixed_print(int64_t value, int scale10, int digits, char out[FIXED_TEXT_SIZE])
{
    char number[24];

    assert(digits <= 18);
    if (digits == FIXED_ALL_DIGITS)
        digits = needed_digits(value, scale10);
    value = fixed_rescale(value, scale10, -digits);
    const uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    /* at least one digit before the point: 5 with two decimals is "005" here, 0.05 below */
    const int len = snprintf(number, sizeof(number), "%0*" PRIu64, digits + 1, size);
    const int whole = len - digits;
    const int n = snprintf(out, FIXED_TEXT_SIZE, "%s%.*s%s%s", value < 0 ? "-" : "", whole, number,
                           digits > 0 ? "." : "", number + whole);
    return (size_t)n;
}
