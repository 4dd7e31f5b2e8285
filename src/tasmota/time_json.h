/* time_json.h (of the room tasmota): the local time at the front of messages. */
#ifndef MI32_TASMOTA_TIME_JSON_H
#define MI32_TASMOTA_TIME_JSON_H

#include "base/json.h"
#include "port/clock.h"
#include "settings/settings.h"

/* Writes Time in the form that the command Time chose: 1 "2026-11-22T12:52:50", 2 that and Epoch, 3
 * seconds since 1970 alone, 4 with milliseconds. */
void tasmota_time_json(struct json *j, const struct port_clock *clock,
                       const struct settings *settings);

#endif
