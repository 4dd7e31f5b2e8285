/* dewpoint.h: the dew point in whole numbers, for machines without floating point. */
#ifndef MI32_TASMOTA_DEWPOINT_H
#define MI32_TASMOTA_DEWPOINT_H

#include <stdbool.h>
#include <stdint.h>

/* The dew point in thousandths of a degree Celsius, of a temperature in thousandths of a degree
 * and a relative humidity in thousandths of a percent, within 0.001 °C of the Magnus formula.
 * False where the formula says nothing: no humidity at all, or a temperature outside -100..100. */
bool tasmota_dew_point(int64_t temperature_milli, int64_t humidity_milli, int64_t *dew_point);

#endif
