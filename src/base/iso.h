/* iso.h: moments as people and JSON read them. */
#ifndef MI32_BASE_ISO_H
#define MI32_BASE_ISO_H

#include <stdint.h>

#define ISO_TEXT_SIZE 20 /* "2026-11-22T10:48:49" and its zero */

/* Writes the date and time of day that lie `seconds` after 1970-01-01T00:00:00 in the Gregorian
 * calendar. For local time add the offset first. Years before 0 and after 9999 become the first and
 * last moment that can be written. Returns `out`. */
char *iso_print(int64_t seconds, char out[ISO_TEXT_SIZE]);

/* The year in which that moment lies, 0 to 9999. */
int iso_year(int64_t seconds);

/* The first moment of a month (1 to 12) of that year, as seconds after 1970-01-01T00:00:00; month
 * 13 is the next January. */
int64_t iso_month_begin(int year, int month);

#endif
