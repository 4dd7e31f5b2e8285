#include "base/iso.h"

#include <stdbool.h>
#include <stdio.h>

#define DAY        86400
#define DAYS_TO_70 719528  /* from 0000-01-01 to 1970-01-01 */
#define DAYS_MAX   3652424 /* from 0000-01-01 to 9999-12-31 */

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 0000-01-01 to the first day of `year`; year 0 is a leap year. */
static int days_before(int year)
{
    const int past = year - 1;

    return year == 0 ? 0 : 366 + 365 * past + past / 4 - past / 100 + past / 400;
}

/* The month (from 1) in which day *day (from 0) of the year lies; *day becomes that of the month.
 */
static int month_of(int year, int *day)
{
    static const signed char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int month = 0;

    for (; month < 11; month++) {
        const int len = days[month] + (month == 1 && is_leap(year));
        if (*day < len)
            break;
        *day -= len;
    }
    return month + 1;
}

char *iso_print(int64_t seconds, char out[ISO_TEXT_SIZE])
{
    const int64_t first = -(int64_t)DAYS_TO_70 * DAY;
    const int64_t last = first + ((int64_t)DAYS_MAX + 1) * DAY - 1;

    if (seconds < first)
        seconds = first;
    if (seconds > last)
        seconds = last;
    const int64_t since_0000 = seconds - first;
    const int of_day = (int)(since_0000 % DAY);
    int day = (int)(since_0000 / DAY);
    int year = day / 366; /* never too late */
    while (days_before(year + 1) <= day)
        year++;
    day -= days_before(year);
    const int month = month_of(year, &day);
    snprintf(out, ISO_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u", (unsigned)year % 10000,
             (unsigned)month % 100, (unsigned)(day + 1) % 100, (unsigned)of_day / 3600 % 100,
             (unsigned)of_day / 60 % 60, (unsigned)of_day % 60);
    return out;
}
