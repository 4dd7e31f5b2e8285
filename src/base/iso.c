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

static int days_of(int year, int month)
{
    static const signed char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* The month (from 1) in which day *day (from 0) of the year lies; *day becomes that of the month.
 */
static int month_of(int year, int *day)
{
    int month = 1;

    for (; month < 12 && *day >= days_of(year, month); month++)
        *day -= days_of(year, month);
    return month;
}

/* Seconds since the beginning of year 0, at most as many as can be written. */
static int64_t since_0000_of(int64_t seconds)
{
    const int64_t first = -(int64_t)DAYS_TO_70 * DAY;
    const int64_t last = first + ((int64_t)DAYS_MAX + 1) * DAY - 1;

    if (seconds < first)
        seconds = first;
    if (seconds > last)
        seconds = last;
    return seconds - first;
}

static int year_of(int day)
{
    int year = day / 366; /* never too late */

    while (days_before(year + 1) <= day)
        year++;
    return year;
}

int iso_year(int64_t seconds)
{
    return year_of((int)(since_0000_of(seconds) / DAY));
}

int64_t iso_month_begin(int year, int month)
{
    int64_t days = days_before(year);

    for (int m = 1; m < month; m++)
        days += days_of(year, m);
    return (days - DAYS_TO_70) * DAY;
}

char *iso_print(int64_t seconds, char out[ISO_TEXT_SIZE])
{
    const int64_t since_0000 = since_0000_of(seconds);
    const int of_day = (int)(since_0000 % DAY);
    int day = (int)(since_0000 / DAY);
    const int year = year_of(day);

    day -= days_before(year);
    const int month = month_of(year, &day);
    snprintf(out, ISO_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u", (unsigned)year % 10000,
             (unsigned)month % 100, (unsigned)(day + 1) % 100, (unsigned)of_day / 3600 % 100,
             (unsigned)of_day / 60 % 60, (unsigned)of_day % 60);
    return out;
}
