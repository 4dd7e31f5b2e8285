#include "tasmota/time_json.h"

#include "base/iso.h"

#include <stdio.h>

enum { FORM_ISO = 1, FORM_BOTH, FORM_EPOCH, FORM_MS };

void tasmota_time_json(struct json *j, const struct port_clock *clock,
                       const struct settings *settings)
{
    const int32_t form = settings_number(settings, SETTINGS_TIME_FORMAT);
    char text[ISO_TEXT_SIZE], fine[ISO_TEXT_SIZE + 8];
    int64_t wall_ms;

    clock->wall_ms(clock->self, &wall_ms);
    const int64_t unix_s = wall_ms / 1000;
    iso_print(unix_s + clock->utc_offset_s(clock->self, unix_s), text);
    snprintf(fine, sizeof(fine), "%s.%03u", text, (unsigned)(wall_ms % 1000) % 1000);
    if (form == FORM_EPOCH)
        json_int(j, "Time", unix_s);
    else
        json_text(j, "Time", form == FORM_MS ? fine : text);
    if (form == FORM_BOTH)
        json_int(j, "Epoch", unix_s);
}
