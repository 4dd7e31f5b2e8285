/* fixed.h: decimal numbers without floating point: value * 10^scale10. */
#ifndef MI32_BASE_FIXED_H
#define MI32_BASE_FIXED_H

#include <stddef.h>
#include <stdint.h>

#define FIXED_TEXT_SIZE 48 /* room for every number fixed_print can write, zero included */

#define FIXED_ALL_DIGITS (-1)

/* Writes value * 10^scale10 (scale10 from -18 to 18) as a decimal number and a zero, rounded half
 * away from zero to `digits` decimals, or exactly and without trailing zeros for
 * FIXED_ALL_DIGITS. Returns the length. */
size_t fixed_print(int64_t value, int scale10, int digits, char out[FIXED_TEXT_SIZE]);

/* value * 10^from expressed in units of 10^to, rounded half away from zero; INT64_MIN or
 * INT64_MAX when it does not fit. */
int64_t fixed_rescale(int64_t value, int from, int to);

#endif
