/* What iso_print() must hold: every day of four centuries. */
#include "base/iso.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void known_moments(void **state)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } rows[] = {
        { 0, "1970-01-01T00:00:00" },
        { -1, "1969-12-31T23:59:59" },
        { 951782400, "2000-02-29T00:00:00" },
        { 951868799, "2000-02-29T23:59:59" },
        { 1663617600, "2022-09-19T20:00:00" },
        { 4107542400, "2100-03-01T00:00:00" }, /* no leap year */
        { -62167219200, "0000-01-01T00:00:00" },
        { 253402300799, "9999-12-31T23:59:59" },
        { INT64_MIN, "0000-01-01T00:00:00" },
        { INT64_MAX, "9999-12-31T23:59:59" },
    };
    char text[ISO_TEXT_SIZE];
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(iso_print(rows[i].seconds, text), rows[i].text);
}

/* Four hundred years, after which the calendar repeats itself, turned over leaf by leaf. */
static void every_day_follows_the_one_before(void **state)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    char ours[ISO_TEXT_SIZE], expected[64];
    int64_t seconds = 12 * 3600;
    (void)state;

    for (int year = 1970; year < 2370; year++) {
        const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++) {
            const int last = days[month - 1] + (month == 2 && leap);
            for (int day = 1; day <= last; day++, seconds += 86400) {
                snprintf(expected, sizeof(expected), "%04d-%02d-%02dT12:00:00", year, month, day);
                assert_string_equal(iso_print(seconds, ours), expected);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_moments),
        cmocka_unit_test(every_day_follows_the_one_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
