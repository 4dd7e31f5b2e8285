/* iso.h: moments as people and JSON read them. */
#ifndef MI32_BASE_ISO_H
#define MI32_BASE_ISO_H

#include <stdint.h>

#define ISO_TEXT_SIZE 20 /* "2026-11-22T10:48:49" and its zero */

/* Writes the date and time of day that lie `seconds` after 1970-01-01T00:00:00 in the Gregorian
 * calendar. For local time add the offset first. Years before 0 and after 9999 become the first and
 * last moment that can be written. Returns `out`. */
char *iso_print(int64_t seconds, char out[ISO_TEXT_SIZE]);

#endif
