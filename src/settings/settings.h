/*
 * settings.h: one typed table of everything that can be set and is kept. Settings have a name, a
 * type, a range and a default; they are stored as one versioned JSON object, and each yields a
 * command of the same name (bus).
 *
 * A setting given in the configuration file is fixed: changing it elsewhere is refused, and it is
 * not stored.
 */
#ifndef MI32_SETTINGS_SETTINGS_H
#define MI32_SETTINGS_SETTINGS_H

#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum settings_id {
    SETTINGS_MQTT_HOST,
    SETTINGS_MQTT_PORT,
    SETTINGS_MQTT_USER,
    SETTINGS_MQTT_PASSWORD,
    SETTINGS_MQTT_CLIENT,
    SETTINGS_MQTT_TLS,
    SETTINGS_FINGERPRINT1, /* of the broker's certificate, instead of an authority; to 2 */
    SETTINGS_FINGERPRINT2,
    SETTINGS_MQTT_RETRY,
    SETTINGS_TOPIC,
    SETTINGS_FULL_TOPIC,
    SETTINGS_GROUP_TOPIC1, /* to 4 */
    SETTINGS_GROUP_TOPIC4 = SETTINGS_GROUP_TOPIC1 + 3,
    SETTINGS_PREFIX1, /* to 3: of commands, replies, telemetry */
    SETTINGS_PREFIX3 = SETTINGS_PREFIX1 + 2,
    SETTINGS_SENSOR_RETAIN,
    SETTINGS_COMMAND_TOPIC, /* SetOption4 */
    SETTINGS_OPTION19,      /* SetOption19 */
    SETTINGS_JSON_ONLY,     /* SetOption90 */
    SETTINGS_NO_RETAIN,     /* SetOption104 */
    SETTINGS_SITE,
    SETTINGS_HA,
    SETTINGS_HA_PREFIX,
    SETTINGS_TELE_PERIOD,
    SETTINGS_OPTION0,
    SETTINGS_OPTION1,
    SETTINGS_OPTION2,
    SETTINGS_OPTION3,
    SETTINGS_OPTION4,
    SETTINGS_FULL_DUTY,
    SETTINGS_TIMEZONE, /* "system", "99" for the next two, or "+05:30" */
    SETTINGS_TIME_STD, /* as zone_rule_read() takes it */
    SETTINGS_TIME_DST,
    SETTINGS_TIME_FORMAT, /* 1 to 4, of the Time in messages */
    SETTINGS_DEVICE_NAME,
    SETTINGS_FRIENDLY_NAME1, /* to 4 */
    SETTINGS_FRIENDLY_NAME4 = SETTINGS_FRIENDLY_NAME1 + 3,
    SETTINGS_BOOT_COUNT,
    SETTINGS_FAHRENHEIT,    /* SetOption8 */
    SETTINGS_BACKLOG_DELAY, /* SetOption34 */
    SETTINGS_TEMP_RES,
    SETTINGS_HUM_RES,
    SETTINGS_WEB_PASSWORD,
    SETTINGS_WEB_READ,
    SETTINGS_RELAY1, /* to 4: as relay_wiring_read() takes them */
    SETTINGS_RELAY4 = SETTINGS_RELAY1 + 3,
    SETTINGS_POWER_ON_STATE, /* SETTINGS_POWER_ON_SAVED and its kin */
    SETTINGS_POWER_RETAIN,
    SETTINGS_POWER_NUMBER,      /* SetOption26: POWER1 also where there is one relay */
    SETTINGS_POWER_TELLS_STATE, /* SetOption59 */
    SETTINGS_POWER_STATE,       /* bit n - 1: relay n is on */
    SETTINGS_RULE1,             /* to 3: the texts */
    SETTINGS_RULE3 = SETTINGS_RULE1 + 2,
    SETTINGS_RULE_STATE1, /* to 3: SETTINGS_RULE_ON and its kin */
    SETTINGS_RULE_STATE3 = SETTINGS_RULE_STATE1 + 2,
    SETTINGS_MEM1, /* to 16 */
    SETTINGS_MEM16 = SETTINGS_MEM1 + 15,
    SETTINGS_COUNT,
};

#define SETTINGS_POWER_ON_OFF    0
#define SETTINGS_POWER_ON_ON     1
#define SETTINGS_POWER_ON_TOGGLE 2 /* the other of what it was */
#define SETTINGS_POWER_ON_SAVED  3

#define SETTINGS_RULE_ON   0x01
#define SETTINGS_RULE_ONCE 0x02
#define SETTINGS_RULE_STOP 0x04 /* turned off when one of its commands fails */

enum settings_type {
    SETTINGS_NUMBER, /* min to max */
    SETTINGS_TEXT,   /* min to max bytes of UTF-8 without control characters */
};

struct settings_row {
    enum settings_id id;
    const char
        *name;       /* "TelePeriod": in the file; the command's name, with an index for families */
    const char *arg; /* what the value is, for Help: "seconds" */
    const char *help; /* one sentence */
    enum settings_type type;
    bool is_secret;
    bool is_volatile;    /* starts anew with its default and is not stored */
    bool is_plain;       /* yields no command: one of its own sets it */
    uint8_t family;      /* not 0: this and the following rows, so many in all, share a command with
                            an index: "Prefix1" to "Prefix3" */
    const char *command; /* and this is its name: "Prefix" */
    bool is_on_off;      /* 0 or 1 that is told as OFF or ON, as Tasmota does for its SetOptions */
    int32_t min, max;
    int32_t number;   /* the default of a number */
    const char *text; /* the default of a text, unless settings_set_default() gave another */
    /* Says why a text or number in range will not do ("" when it will), or NULL for no such rule.
     */
    const char *(*check)(const char *text, int32_t number);
};

enum settings_error {
    SETTINGS_OK = 0,
    SETTINGS_E_RANGE = -1,
    SETTINGS_E_FIXED = -2,   /* given in the configuration file with another value */
    SETTINGS_E_DAMAGED = -3, /* the stored file is no JSON object of ours */
    SETTINGS_E_NEWER = -4,   /* the stored file is of a newer program; it is left alone */
    SETTINGS_E_MEMORY = -5,
};

#define SETTINGS_TEXT_MAX     255
#define SETTINGS_PASSWORD_MIN 8
#define SETTINGS_RULE_MAX     1024 /* of the texts of rules, which are the longest */
#define SETTINGS_RELAY_MAX    160
#define SETTINGS_MEM_MAX      64

/* settings_write() never writes more than this, its zero included. */
#define SETTINGS_FILE_MAX 24576

struct settings;

/* All at their defaults. on_change is called after each change of a value. Allocates; NULL without
 * memory. */
struct settings *settings_create(void (*on_change)(void *user, enum settings_id id), void *user);
void settings_destroy(struct settings *s);

const struct settings_row *settings_row(enum settings_id id);

/* "" when the value will do for the row, else why not. */
const char *settings_judge_number(const struct settings_row *row, int32_t value);
const char *settings_judge_text(const struct settings_row *row, const char *value);

/* Gives a text another default than its row says, one that is made of this machine's address. Call
 * it before anything is read; no on_change. */
void settings_set_default(struct settings *s, enum settings_id id, const char *text);
const char *settings_default_text(const struct settings *s, enum settings_id id);

int32_t settings_number(const struct settings *s, enum settings_id id);

/* Good until the setting changes. */
const char *settings_text(const struct settings *s, enum settings_id id);

/* Sets a value. `fixed_line` is the line of the configuration file that says so, or 0 for any other
 * origin; a fixed setting takes the same value again, and no other. *why (may be NULL) becomes a
 * sentence when it is refused, good until the next call. */
enum settings_error settings_set_number(struct settings *s, enum settings_id id, int32_t value,
                                        unsigned fixed_line, const char **why);
enum settings_error settings_set_text(struct settings *s, enum settings_id id, const char *value,
                                      unsigned fixed_line, const char **why);

/* Names the configuration file to which lines belong from now on, mi32.conf at first. Its last
 * level is told to whom a fixed setting is refused; borrowed until settings_destroy(). */
void settings_name_file(struct settings *s, const char *path);

/* The line that fixed it, or 0. */
unsigned settings_fixed_line(const struct settings *s, enum settings_id id);

/* Puts everything that the configuration file does not fix back to its default. */
void settings_reset(struct settings *s);

/* Before and behind reading the configuration file again: settings_unfix() lets go of what it
 * fixed, settings_restore() gives a setting that it does not fix any more the value it would have
 * without, with an on_change where that is another. */
void settings_unfix(struct settings *s);
void settings_restore(struct settings *s);

/* Writes what differs from its default, at the value it has without the configuration file:
 * {"version":1,"TelePeriod":60,...}. */
void settings_write(const struct settings *s, struct json *j);

/* Reads what settings_write() wrote, without on_change. Members of unknown names are kept and
 * written again; a value out of range is left at its default and named in `problem` (size bytes, ""
 * for none). After an error nothing was taken over; E_DAMAGED and E_NEWER: keep that file. */
enum settings_error settings_read(struct settings *s, const char *text, size_t len, char *problem,
                                  size_t size);

/* Seconds to add to UTC for the local time of that instant by Timezone, TimeStd and TimeDst;
 * `system_s` is what the system's zone says, which is the default. */
int32_t settings_utc_offset_s(const struct settings *s, int32_t system_s, int64_t unix_s);

#endif
