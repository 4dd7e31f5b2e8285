/* local_time.c: what Timezone, TimeStd and TimeDst come to. */
#include "settings/settings_private.h"

#include "base/zone.h"

#include <string.h>

int32_t settings_utc_offset_s(const struct settings *s, int32_t system_s, int64_t unix_s)
{
    const char *zone = settings_text(s, SETTINGS_TIMEZONE);
    struct zone_rule standard, daylight;
    int32_t offset_s;

    if (zone_offset_read(zone, &offset_s))
        return offset_s;
    if (strcmp(zone, "99") == 0 && zone_rule_read(settings_text(s, SETTINGS_TIME_STD), &standard) &&
        zone_rule_read(settings_text(s, SETTINGS_TIME_DST), &daylight))
        return zone_offset_s(&standard, &daylight, unix_s);
    return system_s;
}
