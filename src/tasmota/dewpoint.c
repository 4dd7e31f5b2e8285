/*
 * dewpoint.c: the Magnus formula with Sonntag's constants, as Tasmota uses it:
 *
 *     g = ln(h / 100) + 17.62 t / (243.5 + t)        d = 243.5 g / (17.62 - g)
 *
 * Tasmota's logarithm is a short series that is 0.05 degrees off at 10 % and 0.6 at 5 %. Ours is
 * exact to a billionth, so below 20 % the last digit differs from Tasmota's and is the right one.
 */
#include "tasmota/dewpoint.h"

#define SCALE       (INT64_C(1) << 30) /* fixed point: 30 bits behind the point */
#define LN_2        INT64_C(744261118) /* ln 2 * SCALE */
#define A_HUNDREDTH 1762               /* 17.62 */
#define B_MILLI     INT64_C(243500)    /* 243.5 degrees */

/* ln x * SCALE for x * SCALE between 1 and 2, by 2 (y + y^3/3 + y^5/5 + ...), y = (x-1)/(x+1):
 * y is at most a third, so what is left out after y^17 is below 10^-9. */
static int64_t ln_near_one(int64_t x)
{
    const int64_t y = (x - SCALE) * SCALE / (x + SCALE);
    const int64_t y2 = y * y / SCALE;
    int64_t power = y, sum = 0;

    for (int n = 1; n <= 17; n += 2) {
        sum += power / n;
        power = power * y2 / SCALE;
    }
    return 2 * sum;
}

/* ln(numerator / denominator) * SCALE. */
static int64_t ln_ratio(int64_t numerator, int64_t denominator)
{
    int64_t halvings = 0;

    while (numerator < denominator) {
        numerator *= 2;
        halvings++;
    }
    while (numerator >= 2 * denominator) {
        denominator *= 2;
        halvings--;
    }
    return ln_near_one(numerator * SCALE / denominator) - halvings * LN_2;
}

bool tasmota_dew_point(int64_t temperature_milli, int64_t humidity_milli, int64_t *dew_point)
{
    const int64_t t = temperature_milli, h = humidity_milli;

    if (t < -100000 || t > 100000 || h <= 0 || h > 200000)
        return false;
    const int64_t a = SCALE * A_HUNDREDTH / 100;
    const int64_t g = ln_ratio(h, 100000) + a * t / (B_MILLI + t);
    *dew_point = B_MILLI * g / (a - g);
    return true;
}
