#include "base/zone.h"

#include "base/iso.h"

#include <stddef.h>

#define DAY 86400

/* ---- reading ---- */

static const char *skip_blanks(const char *text)
{
    while (*text == ' ')
        text++;
    return text;
}

/* A number of at most three digits with a sign or without; NULL when there is none. */
static const char *read_number(const char *text, int *out)
{
    const bool is_negative = *text == '-';
    int digits = 0;

    *out = 0;
    if (*text == '-' || *text == '+')
        text++;
    for (; *text >= '0' && *text <= '9'; text++, digits++) {
        if (digits == 3)
            return NULL;
        *out = *out * 10 + (*text - '0');
    }
    if (is_negative)
        *out = -*out;
    return digits > 0 ? text : NULL;
}

bool zone_rule_read(const char *text, struct zone_rule *out)
{
    static const struct {
        int min, max;
    } range[] = { { 0, 1 }, { 0, 4 }, { 1, 12 }, { 1, 7 }, { 0, 23 }, { -780, 840 } };
    enum { COUNT = sizeof(range) / sizeof(range[0]) };
    int n[COUNT];

    for (size_t i = 0; i < COUNT; i++) {
        text = read_number(skip_blanks(text), &n[i]);
        if (!text || n[i] < range[i].min || n[i] > range[i].max)
            return false;
        text = skip_blanks(text);
        if (i + 1 < COUNT && *text++ != ',')
            return false;
    }
    *out = (struct zone_rule){ (uint8_t)n[0], (uint8_t)n[1], (uint8_t)n[2],
                               (uint8_t)n[3], (uint8_t)n[4], (int16_t)n[5] };
    return *text == '\0';
}

bool zone_offset_read(const char *text, int32_t *offset_s)
{
    const bool is_negative = *text == '-';
    int hours, minutes = 0;

    text = read_number(text, &hours);
    if (!text || hours < -13 || hours > 14)
        return false;
    if (*text == ':') {
        const char first = text[1];
        text = read_number(text + 1, &minutes);
        if (!text || first == '-' || first == '+' || minutes > 59)
            return false;
    }
    *offset_s = hours * 3600 + (is_negative ? -minutes : minutes) * 60;
    return *text == '\0' && *offset_s <= 14 * 3600;
}

/* ---- the calendar ---- */

/* 0 Sunday; 1970 began on a Thursday. The moment is the beginning of a day. */
static int weekday(int64_t seconds)
{
    const int64_t day = (seconds / DAY + 4) % 7;

    return (int)(day < 0 ? day + 7 : day);
}

int64_t zone_rule_begins(const struct zone_rule *rule, const struct zone_rule *ends, int year)
{
    const int64_t first = iso_month_begin(year, rule->month);
    const int64_t last = iso_month_begin(year, rule->month + 1) - DAY;
    const int wanted = rule->day - 1;
    int64_t at;

    if (rule->week == 0)
        at = last - (int64_t)((weekday(last) - wanted + 7) % 7) * DAY;
    else
        at = first + (int64_t)((wanted - weekday(first) + 7) % 7 + 7 * (rule->week - 1)) * DAY;
    return at + rule->hour * 3600 - ends->offset_min * 60;
}

int32_t zone_offset_s(const struct zone_rule *standard, const struct zone_rule *daylight,
                      int64_t unix_s)
{
    const int year = iso_year(unix_s + standard->offset_min * 60);
    const int64_t summer = zone_rule_begins(daylight, standard, year);
    const int64_t winter = zone_rule_begins(standard, daylight, year);
    const bool is_summer =
        summer < winter ? unix_s >= summer && unix_s < winter : unix_s >= summer || unix_s < winter;

    return (is_summer ? daylight->offset_min : standard->offset_min) * 60;
}
