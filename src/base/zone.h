/* zone.h: zones of local time that are made of two offsets and the rules when each begins, as they
 * are typed in Tasmota. */
#ifndef MI32_BASE_ZONE_H
#define MI32_BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

/* "On the last Sunday of March at 2 o'clock local time an offset of 120 minutes begins." */
struct zone_rule {
    uint8_t hemisphere; /* 0 north, 1 south; only told, since the order of the rules says as much */
    uint8_t week;       /* 0 the last one of the month, 1 to 4 from its first */
    uint8_t month;      /* 1 to 12 */
    uint8_t day;        /* 1 Sunday to 7 Saturday */
    uint8_t hour;       /* 0 to 23 by the offset that ends */
    int16_t offset_min; /* -780 to 840 */
};

/* Reads "hemisphere,week,month,day,hour,offset", blanks allowed. False when it is anything else. */
bool zone_rule_read(const char *text, struct zone_rule *out);

/* Reads a fixed offset: hours, "-3", or "+05:30"; from -13:59 to +14:00. */
bool zone_offset_read(const char *text, int32_t *offset_s);

/* The moment, UTC, at which a rule begins in that year, when `ends` is the other one. */
int64_t zone_rule_begins(const struct zone_rule *rule, const struct zone_rule *ends, int year);

/* Seconds to add to UTC for the local time of that instant. */
int32_t zone_offset_s(const struct zone_rule *standard, const struct zone_rule *daylight,
                      int64_t unix_s);

#endif
