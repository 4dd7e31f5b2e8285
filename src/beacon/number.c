/* number.c: IEEE 754 numbers and dates without floating point. */
#include "beacon/beacon_private.h"

#define FACTOR 10000 /* 10^-NUMBER_FLOAT_SCALE */

/* mantissa * 2^exponent * FACTOR, rounded to nearest; false when it does not fit. */
static bool scale(uint64_t mantissa, int exponent, uint64_t *out)
{
    while (mantissa > 0 && (mantissa & 1) == 0 && exponent < 0) {
        mantissa >>= 1;
        exponent++;
    }
    if (mantissa > INT64_MAX / FACTOR) { /* a double with all its 53 bits: the last ones are dust */
        const int drop = 8;
        mantissa >>= drop;
        exponent += drop;
    }
    uint64_t value = mantissa * FACTOR;
    for (; exponent > 0 && value > 0; exponent--) {
        if (value > INT64_MAX / 2)
            return false;
        value *= 2;
    }
    if (exponent < -63)
        value = 0;
    else if (exponent < 0)
        value = (value >> -exponent) + (value >> (-exponent - 1) & 1);
    *out = value;
    return true;
}

bool number_float(const uint8_t *p, size_t size, int64_t *value)
{
    static const struct {
        uint8_t size, exponent_bits, fraction_bits;
    } forms[] = { { 2, 5, 10 }, { 4, 8, 23 }, { 8, 11, 52 } };
    const uint64_t bits = bytes_le(p, size);

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (forms[i].size != size)
            continue;
        const int fraction_bits = forms[i].fraction_bits;
        const int highest = (1 << forms[i].exponent_bits) - 1; /* infinity and not-a-number */
        const int bias = highest / 2;
        const int exponent = (int)(bits >> fraction_bits) & highest;
        const uint64_t fraction = bits & (((uint64_t)1 << fraction_bits) - 1);
        const uint64_t hidden = exponent > 0 ? (uint64_t)1 << fraction_bits : 0;
        uint64_t size_of;
        if (exponent == highest ||
            !scale(fraction | hidden, (exponent > 0 ? exponent : 1) - bias - fraction_bits,
                   &size_of))
            return false;
        *value = bits >> (8 * size - 1) ? -(int64_t)size_of : (int64_t)size_of;
        return true;
    }
    return false;
}

static bool is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool number_time(unsigned year, const uint8_t at[5], int64_t *seconds)
{
    static const uint8_t month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const unsigned month = at[0], day = at[1];
    int64_t days = 0;

    if (year < 1970 || year > 2199 || month < 1 || month > 12 || day < 1 || at[2] > 23 ||
        at[3] > 59 || at[4] > 59)
        return false;
    if (day > month_days[month - 1] + (month == 2 && is_leap(year) ? 1u : 0u))
        return false;
    for (unsigned y = 1970; y < year; y++)
        days += is_leap(y) ? 366 : 365;
    for (unsigned m = 1; m < month; m++)
        days += month_days[m - 1] + (m == 2 && is_leap(year) ? 1 : 0);
    days += day - 1;
    *seconds = ((days * 24 + at[2]) * 60 + at[3]) * 60 + at[4];
    return true;
}
