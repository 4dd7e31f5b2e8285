/* rows.c: everything that can be set, one row each, and what a value must not be. */
#include "settings/settings_private.h"

#include "base/utf8.h"
#include "base/zone.h"

#include <string.h>

/* ---- rules that a range cannot say ---- */

static const char *check_host(const char *text, int32_t number)
{
    (void)number;
    return strpbrk(text, " \t/") ? "must be a host name or an address, without a port" : "";
}

static const char *check_level(const char *text, int32_t number)
{
    (void)number;
    return strpbrk(text, " \t/+#%$") ? "must be one level of a topic: no blanks, no / + # % $" : "";
}

static bool is_token(const char *at, size_t *len)
{
    static const char *const tokens[] = { "%prefix%", "%topic%", "%hostname%", "%id%" };

    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        *len = strlen(tokens[i]);
        if (strncmp(at, tokens[i], *len) == 0)
            return true;
    }
    return false;
}

static const char *check_full_topic(const char *text, int32_t number)
{
    (void)number;
    if (!strstr(text, "%prefix%"))
        return "must contain %prefix%, or commands and replies would share a topic";
    if (strpbrk(text, " \t+#$"))
        return "must have no blanks and no + # $";
    for (const char *at = strchr(text, '%'); at; at = strchr(at, '%')) {
        size_t len;
        if (!is_token(at, &len))
            return "knows %prefix%, %topic%, %hostname% and %id% only";
        at += len;
    }
    return "";
}

/* SHA-1 as Tasmota has it, or SHA-256; blanks and colons between the bytes are as one likes. */
static const char *check_fingerprint(const char *text, int32_t number)
{
    size_t digits = 0;
    (void)number;

    for (; *text; text++) {
        if (strchr("0123456789abcdefABCDEF", *text))
            digits++;
        else if (*text != ' ' && *text != ':')
            return "must be hex digits";
    }
    return digits == 0 || digits == 40 || digits == 64
               ? ""
               : "must have 40 (SHA-1) or 64 (SHA-256) digits";
}

static const char *check_period(const char *text, int32_t number)
{
    (void)text;
    return number == 0 || number >= 10 ? "" : "must be 0 (off) or 10 to 3600 seconds";
}

static const char *check_timezone(const char *text, int32_t number)
{
    int32_t offset_s;

    (void)number;
    if (strcmp(text, "system") == 0 || strcmp(text, "99") == 0 || zone_offset_read(text, &offset_s))
        return "";
    return "must be system, 99, hours (-13 to 14) or +hh:mm";
}

static const char *check_zone_rule(const char *text, int32_t number)
{
    struct zone_rule rule;

    (void)number;
    return zone_rule_read(text, &rule) ? "" : "must be hemisphere,week,month,day,hour,offset";
}

static const char *check_password(const char *text, int32_t number)
{
    (void)number;
    return *text && strlen(text) < SETTINGS_PASSWORD_MIN ? "must have at least 8 characters" : "";
}

/* ---- the rows ---- */

#define NUMBER(least, most, standard)                                                              \
    .type = SETTINGS_NUMBER, .min = (least), .max = (most), .number = (standard), .text = ""
#define TEXT(least, most, standard)                                                                \
    .type = SETTINGS_TEXT, .min = (least), .max = (most), .text = (standard)

/* One of several that share a command; the first is told how many there are. */
#define MEMBER(id, name, arg, help, ...)                                                           \
    {                                                                                              \
        (enum settings_id)(id), name, arg, help, __VA_ARGS__                                       \
    }
#define GROUP_TOPIC(n, standard, ...)                                                              \
    MEMBER(SETTINGS_GROUP_TOPIC1 + (n)-1, "GroupTopic" #n, "topic",                                \
           "Another topic whose commands are obeyed, shared with others.", TEXT(0, 64, standard),  \
           .check = check_level, __VA_ARGS__)
#define PREFIX(n, standard, ...)                                                                   \
    MEMBER(SETTINGS_PREFIX1 + (n)-1, "Prefix" #n, "prefix",                                        \
           "First level of Tasmota's topics: 1 of commands, 2 of replies, 3 of telemetry.",        \
           TEXT(1, 32, standard), .check = check_level, __VA_ARGS__)
#define FINGERPRINT(n, ...)                                                                        \
    MEMBER(SETTINGS_FINGERPRINT1 + (n)-1, "MqttFingerprint" #n, "fingerprint",                     \
           "SHA-1 or SHA-256 of the broker's certificate: believed without an authority.",         \
           TEXT(0, 95, ""), .check = check_fingerprint, __VA_ARGS__)
#define SWITCH(id, name, help)                                                                     \
    {                                                                                              \
        id, name, "on", help, NUMBER(0, 1, 0), .is_on_off = true                                   \
    }

/* What a command of its own sets. */
#define PLAIN(id, name, arg, help, ...)                                                            \
    {                                                                                              \
        (enum settings_id)(id), name, arg, help, __VA_ARGS__, .is_plain = true                     \
    }
#define RULE(n)                                                                                    \
    PLAIN(SETTINGS_RULE1 + (n)-1, "Rule" #n, "rule", "The text of a rule set.",                    \
          TEXT(0, SETTINGS_RULE_MAX, ""))
#define RULE_STATE(n)                                                                              \
    PLAIN(SETTINGS_RULE_STATE1 + (n)-1, "RuleState" #n, "state", "How a rule set is used.",        \
          NUMBER(0, 7, 0))
#define FRIENDLY_NAME(n, ...)                                                                      \
    MEMBER(SETTINGS_FRIENDLY_NAME1 + (n)-1, "FriendlyName" #n, "name",                             \
           "What a relay is called, by Home Assistant for example.", TEXT(1, 32, "mi32"),          \
           __VA_ARGS__)
#define MEM(n)                                                                                     \
    PLAIN(SETTINGS_MEM1 + (n)-1, "Mem" #n, "text", "A variable of rules that is kept.",            \
          TEXT(0, SETTINGS_MEM_MAX, ""))

#define RELAY(n)                                                                                   \
    PLAIN(SETTINGS_RELAY1 + (n)-1, "Relay" #n, "wiring", "What a relay is wired to.",              \
          TEXT(0, SETTINGS_RELAY_MAX, ""))

static const struct settings_row rows[SETTINGS_COUNT] = {
    { SETTINGS_MQTT_HOST, "MqttHost", "host", "Name or address of the MQTT broker; empty: no MQTT.",
      TEXT(0, 253, ""), .check = check_host },
    { SETTINGS_MQTT_PORT, "MqttPort", "port", "Port of the MQTT broker.", NUMBER(1, 65535, 1883) },
    { SETTINGS_MQTT_USER, "MqttUser", "user", "User name at the MQTT broker.",
      TEXT(0, SETTINGS_TEXT_MAX, "") },
    { SETTINGS_MQTT_PASSWORD, "MqttPassword", "password",
      "Password at the MQTT broker; never shown.", TEXT(0, SETTINGS_TEXT_MAX, ""),
      .is_secret = true },
    { SETTINGS_MQTT_CLIENT, "MqttClient", "id", "Name of this client at the MQTT broker.",
      TEXT(0, 64, "") },
    { SETTINGS_MQTT_TLS, "MqttTLS", "on", "1: TLS to the MQTT broker, its certificate checked.",
      NUMBER(0, 1, 0) },
    FINGERPRINT(1, .family = 2, .command = "MqttFingerprint"),
    FINGERPRINT(2, .is_plain = true),
    { SETTINGS_MQTT_RETRY, "MqttRetry", "seconds",
      "Longest wait between two attempts to connect to the broker.", NUMBER(10, 32000, 120) },
    { SETTINGS_TOPIC, "Topic", "topic", "This gateway's level in the Tasmota topics.",
      TEXT(0, 64, ""), .check = check_level },
    { SETTINGS_FULL_TOPIC, "FullTopic", "pattern",
      "Pattern of the Tasmota topics, of %prefix%, %topic%, %hostname%, %id%.",
      TEXT(8, 128, "%prefix%/%topic%/"), .check = check_full_topic },
    GROUP_TOPIC(1, "tasmotas", .family = 4, .command = "GroupTopic"),
    GROUP_TOPIC(2, "", .is_plain = true),
    GROUP_TOPIC(3, "", .is_plain = true),
    GROUP_TOPIC(4, "", .is_plain = true),
    PREFIX(1, "cmnd", .family = 3, .command = "Prefix"),
    PREFIX(2, "stat", .is_plain = true),
    PREFIX(3, "tele", .is_plain = true),
    SWITCH(SETTINGS_SENSOR_RETAIN, "SensorRetain", "1: the reports of all sensors are retained."),
    SWITCH(SETTINGS_COMMAND_TOPIC, "SetOption4",
           "1: a reply goes to a topic of the command's name instead of RESULT."),
    SWITCH(SETTINGS_OPTION19, "SetOption19",
           "Kept for Tasmota's sake; SetHA turns Home Assistant's discovery on and off."),
    SWITCH(SETTINGS_JSON_ONLY, "SetOption90", "1: no Tasmota message that is not JSON."),
    SWITCH(SETTINGS_NO_RETAIN, "SetOption104", "1: no message is retained."),
    { SETTINGS_SITE, "Site", "site", "Names this house in the topics mi32/SITE/dev/...",
      TEXT(1, 32, "home"), .check = check_level },
    { SETTINGS_HA, "SetHA", "on", "1: sensors are announced to Home Assistant, over MQTT.",
      NUMBER(0, 1, 1) },
    { SETTINGS_HA_PREFIX, "HAPrefix", "prefix", "Home Assistant's discovery prefix.",
      TEXT(1, 32, "homeassistant"), .check = check_level },
    { SETTINGS_TELE_PERIOD, "TelePeriod", "seconds",
      "Seconds between two reports of all sensors; 0: none, 1: the default.", NUMBER(0, 3600, 300),
      .check = check_period },
    { SETTINGS_OPTION0, "MI32Option0", "on",
      "1: a message between two reports carries all known values of its sensor, 0: the new ones.",
      NUMBER(0, 1, 1) },
    { SETTINGS_OPTION1, "MI32Option1", "on", "1: no reports at TelePeriod.", NUMBER(0, 1, 0) },
    { SETTINGS_OPTION2, "MI32Option2", "on", "1: every packet of a sensor becomes a message.",
      NUMBER(0, 1, 0) },
    { SETTINGS_OPTION3, "MI32Option3", "on",
      "1: new sensors are added, 0: they wait in the inbox. At start 0 with mi32cfg, else 1.",
      NUMBER(0, 1, 1), .is_volatile = true },
    { SETTINGS_OPTION4, "MI32Option4", "on",
      "1: active scanning: asks sensors for their scan responses.", NUMBER(0, 1, 0) },
    { SETTINGS_FULL_DUTY, "MI32FullDuty", "on",
      "1: the radio listens all of the time, 0: as the system has it, which is half of it.",
      NUMBER(0, 1, 0) },
    PLAIN(SETTINGS_TIMEZONE, "Timezone", "zone", "The zone of local time.", TEXT(1, 8, "system"),
          .check = check_timezone),
    PLAIN(SETTINGS_TIME_STD, "TimeStd", "H,W,M,D,h,T", "When standard time begins.",
          TEXT(0, 24, "0,0,10,1,3,60"), .check = check_zone_rule),
    PLAIN(SETTINGS_TIME_DST, "TimeDst", "H,W,M,D,h,T", "When daylight saving time begins.",
          TEXT(0, 24, "0,0,3,1,2,120"), .check = check_zone_rule),
    PLAIN(SETTINGS_TIME_FORMAT, "TimeFormat", "form", "The form of Time in messages.",
          NUMBER(1, 4, 1)),
    { SETTINGS_DEVICE_NAME, "DeviceName", "name", "What this gateway is called.",
      TEXT(0, 32, "mi32") },
    FRIENDLY_NAME(1, .family = 4, .command = "FriendlyName"),
    FRIENDLY_NAME(2, .is_plain = true),
    FRIENDLY_NAME(3, .is_plain = true),
    FRIENDLY_NAME(4, .is_plain = true),
    PLAIN(SETTINGS_BOOT_COUNT, "BootCount", "starts", "How often mi32 was started.",
          NUMBER(0, INT32_MAX, 0)),
    { SETTINGS_FAHRENHEIT, "SetOption8", "on",
      "1: temperatures in °F, in Tasmota's messages and in rules; mi32/... and Home Assistant keep "
      "°C.",
      NUMBER(0, 1, 0), .is_on_off = true },
    { SETTINGS_BACKLOG_DELAY, "SetOption34", "ms",
      "Milliseconds between two commands of a Backlog.", NUMBER(0, 255, 200) },
    { SETTINGS_TEMP_RES, "TempRes", "decimals", "Decimals of temperatures.", NUMBER(0, 3, 1) },
    { SETTINGS_HUM_RES, "HumRes", "decimals", "Decimals of humidities.", NUMBER(0, 3, 1) },
    PLAIN(SETTINGS_WEB_PASSWORD, "WebPassword", "password", "Password of the web.", TEXT(0, 64, ""),
          .is_secret = true, .check = check_password),
    PLAIN(SETTINGS_WEB_READ, "WebRead", "on", "Who may read over HTTP.", NUMBER(0, 1, 1)),
    RELAY(1),
    RELAY(2),
    RELAY(3),
    RELAY(4),
    { SETTINGS_POWER_ON_STATE, "PowerOnState", "state",
      "Relays after the start: 0 off, 1 on, 2 the other of what they were, 3 as they were.",
      NUMBER(0, 3, SETTINGS_POWER_ON_SAVED) },
    SWITCH(SETTINGS_POWER_RETAIN, "PowerRetain", "1: the messages POWER are retained."),
    SWITCH(SETTINGS_POWER_NUMBER, "SetOption26",
           "1: POWER1 instead of POWER also where there is one relay."),
    SWITCH(SETTINGS_POWER_TELLS_STATE, "SetOption59", "1: a switched relay also brings STATE."),
    PLAIN(SETTINGS_POWER_STATE, "Power", "bits", "Which relays are on.", NUMBER(0, 15, 0)),
    RULE(1),
    RULE(2),
    RULE(3),
    RULE_STATE(1),
    RULE_STATE(2),
    RULE_STATE(3),
    MEM(1),
    MEM(2),
    MEM(3),
    MEM(4),
    MEM(5),
    MEM(6),
    MEM(7),
    MEM(8),
    MEM(9),
    MEM(10),
    MEM(11),
    MEM(12),
    MEM(13),
    MEM(14),
    MEM(15),
    MEM(16),
};

const struct settings_row *settings_row(enum settings_id id)
{
    return &rows[id];
}

const char *settings_judge_number(const struct settings_row *row, int32_t value)
{
    if (value < row->min || value > row->max)
        return "is out of range";
    return row->check ? row->check("", value) : "";
}

const char *settings_judge_text(const struct settings_row *row, const char *value)
{
    const size_t len = strlen(value);

    if ((int64_t)len < row->min)
        return "is too short";
    if ((int64_t)len > row->max)
        return "is too long";
    if (!utf8_is_text(value, len))
        return "is not UTF-8 text";
    for (const char *c = value; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return "has control characters";
    }
    return row->check ? row->check(value, 0) : "";
}
