#include "output.h"

#include "cli.h"

#include "base/fixed.h"
#include "base/iso.h"
#include "beacon/beacon.h"

#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 16384 /* an advert's 1,650 bytes may be text, six characters each */
#define WAIT_MS        2     /* for a reader that is merely slower than a burst */

#define DIM    "\033[2m"
#define BOLD   "\033[1m"
#define RED    "\033[31m"
#define YELLOW "\033[33m"
#define PLAIN  "\033[0m"

static const char *colour(const struct output *out, const char *code)
{
    return out->has_colour ? code : "";
}

/* ---- what happened, in words ---- */

static const struct {
    const char *name;     /* in JSON */
    const char *sentence; /* on the terminal; NULL: the values speak */
} changes[] = {
    [REGISTRY_LISTED] = { "added", "new sensor" },
    [REGISTRY_PENDING] = { "pending", "waits in the inbox: MI32Approve adds it" },
    [REGISTRY_REMOVED] = { "removed", "is not listed any more" },
    [REGISTRY_UPDATED] = { "values", NULL },
    [REGISTRY_ONLINE] = { "online", "is back" },
    [REGISTRY_OFFLINE] = { "offline", "has not been heard for too long" },
    [REGISTRY_EDITED] = { "edited", "changed by a command" },
    [REGISTRY_KEY_STATE] = { "key", NULL },
    [REGISTRY_ALARMED] = { "alarm", NULL },
};

static const struct {
    const char *name;
    const char *sentence;
} alarms[] = {
    [REGISTRY_ALARM_NONE] = { "", "" },
    [REGISTRY_ALARM_DOWNGRADE] = { "downgrade",
                                   "plain frames of a sensor that has a key are refused; "
                                   "MI32Plain accepts them" },
    [REGISTRY_ALARM_BAD_TAGS] = { "bad_tags",
                                  "too many frames that do not fit its key: damaged, or "
                                  "somebody guesses" },
    [REGISTRY_ALARM_RESTART] = { "restart",
                                 "its frame counter began anew, as after a new battery" },
    [REGISTRY_ALARM_WINDOWS] = { "windows", "sends too many formats: this one is refused" },
    [REGISTRY_ALARM_CROWDED] = { "crowded", "finds no room: forget others, or raise --sensors" },
};

static const char *key_sentence(const struct registry_sensor *sensor)
{
    if (sensor->flags & REGISTRY_UNBOUND)
        return "is not activated";
    if (sensor->flags & REGISTRY_WRONG_KEY)
        return "its key is wrong: MI32Key sets another";
    if (sensor->flags & REGISTRY_NEEDS_KEY)
        return "is encrypted, and its key is not known: MI32Key sets it";
    return "can be read now";
}

static const char *sentence_of(const struct registry_change *change,
                               const struct registry_sensor *sensor)
{
    if (change->kind == REGISTRY_ALARMED)
        return alarms[change->alarm].sentence;
    if (change->kind == REGISTRY_KEY_STATE)
        return key_sentence(sensor);
    return changes[change->kind].sentence;
}

/* ---- a line to read ---- */

static void put_bytes(const struct registry_change *change, const struct beacon_reading *r,
                      bool is_text)
{
    size_t len;
    const uint8_t *bytes = beacon_reading_bytes(change->advert, change->decoded, r, &len);

    if (is_text) {
        cli_put_clean(stdout, (const char *)bytes, len);
        return;
    }
    for (size_t i = 0; i < len; i++)
        printf("%02x", bytes[i]);
}

static void put_value(const struct registry_change *change, const struct beacon_reading *r)
{
    const struct beacon_kind_row *kind = beacon_kind(r->kind);
    char number[FIXED_TEXT_SIZE], time[ISO_TEXT_SIZE];

    switch ((enum beacon_kind_type)kind->type) {
    case BEACON_BOOL:
        fputs(r->u.value ? "yes" : "no", stdout);
        break;
    case BEACON_WORD:
        fputs(kind->words[r->u.value], stdout);
        break;
    case BEACON_TEXT:
    case BEACON_RAW:
        put_bytes(change, r, kind->type == BEACON_TEXT);
        break;
    case BEACON_TIME:
        fputs(iso_print(r->u.value, time), stdout);
        break;
    case BEACON_NUMBER:
        fixed_print(r->u.value, r->scale10, FIXED_ALL_DIGITS, number);
        printf("%s%s%s", number, *kind->unit ? " " : "", kind->unit);
        break;
    }
}

static void put_readings(const struct output *out, const struct registry_change *change)
{
    const struct beacon_decoded *d = change->decoded;

    for (size_t i = 0; d && i < d->n; i++) {
        const struct beacon_reading *r = &d->readings[i];
        if (r->flags & BEACON_UNRELIABLE)
            continue;
        printf("  %s%s%s ", colour(out, DIM), beacon_kind(r->kind)->tasmota, colour(out, PLAIN));
        if (r->flags & BEACON_EVENT)
            fputs(colour(out, BOLD), stdout);
        put_value(change, r);
        if (r->flags & BEACON_EVENT)
            fputs(colour(out, PLAIN), stdout);
    }
}

/* Where the clock is not set yet, what it shows. */
static int64_t local_s(const struct port_clock *clock)
{
    int64_t wall_ms;

    clock->wall_ms(clock->self, &wall_ms);
    return wall_ms / 1000 + clock->utc_offset_s(clock->self, wall_ms / 1000);
}

static void print_line(const struct output *out, const struct registry_change *change,
                       const struct registry_sensor *sensor)
{
    char label[REGISTRY_LABEL_SIZE], time[ISO_TEXT_SIZE];

    printf("%s%s%s  %s%-22s%s", colour(out, DIM),
           strchr(iso_print(local_s(out->clock), time), 'T') + 1, colour(out, PLAIN),
           colour(out, BOLD), registry_label(sensor, label), colour(out, PLAIN));
    if (change->kind == REGISTRY_UPDATED) {
        put_readings(out, change);
        if (sensor->rssi != ADVERT_NO_RSSI)
            printf("  %s%d dBm%s", colour(out, DIM), sensor->rssi, colour(out, PLAIN));
    } else {
        printf("  %s%s%s", colour(out, change->kind == REGISTRY_ALARMED ? RED : YELLOW),
               sentence_of(change, sensor), colour(out, PLAIN));
    }
    putchar('\n');
}

/* ---- a line of JSON ---- */

static void json_time(const struct output *out, struct json *j)
{
    char text[ISO_TEXT_SIZE + 1];
    int64_t wall_ms;

    if (!out->clock->wall_ms(out->clock->self, &wall_ms)) {
        json_null(j, "time"); /* nobody has set the clock yet */
        return;
    }
    json_text(j, "time", strcat(iso_print(wall_ms / 1000, text), "Z"));
}

static void print_json(const struct output *out, const struct registry_change *change,
                       const struct registry_sensor *sensor)
{
    char line[LINE_MAX_BYTES], label[REGISTRY_LABEL_SIZE], mac[MAC_TEXT_LEN + 1];
    const char *sentence = sentence_of(change, sensor);
    struct json j;

    json_init(&j, line, sizeof(line));
    json_object(&j, NULL);
    json_time(out, &j);
    json_text(&j, "change", changes[change->kind].name);
    json_text(&j, "sensor", registry_label(sensor, label));
    json_text(&j, "mac", mac_print(change->mac, mac));
    if (change->kind == REGISTRY_ALARMED)
        json_text(&j, "alarm", alarms[change->alarm].name);
    if (sentence)
        json_text(&j, "text", sentence);
    if (change->decoded) {
        if (change->advert->rssi != ADVERT_NO_RSSI)
            json_int(&j, "rssi", change->advert->rssi);
        beacon_json_frame(&j, change->decoded);
        beacon_json_readings(&j, change->advert, change->decoded);
    }
    json_object_end(&j);
    if (json_ok(&j))
        puts(line);
}

/* ---- the listener ---- */

/* The reader of a pipe has gone: the gateway goes on without it. */
static void lose_output(struct output *out)
{
    __fpurge(stdout);
    clearerr(stdout);
    bus_unlisten(out->bus, &out->listener);
    out->is_lost = true;
    bus_log(out->bus, BUS_WARNING, "", "standard output is closed: changes are not written there");
}

/* A pipe that nobody empties must not stop the gateway: changes are left out until somebody does.
 */
static bool is_read(struct output *out)
{
    if (!cli_can_write(STDOUT_FILENO, out->left_out == 0 ? WAIT_MS : 0)) {
        if (out->left_out++ == 0)
            bus_log(out->bus, BUS_WARNING, "read it, or send it to /dev/null",
                    "nobody reads standard output: changes are left out there");
        return false;
    }
    if (out->left_out > 0)
        bus_log(out->bus, BUS_INFO, "", "standard output is read again: %lu changes were left out",
                out->left_out);
    out->left_out = 0;
    return true;
}

static void hear(void *user, const struct bus_event *event)
{
    struct output *out = user;
    struct registry_sensor sensor;

    if (event->kind != BUS_SENSOR || !is_read(out))
        return;
    const struct registry_change *change = event->u.sensor.change;
    if (!registry_find(out->registry, change->mac, &sensor))
        sensor = (struct registry_sensor){ .mac = change->mac, .name = "" };
    if (out->is_json)
        print_json(out, change, &sensor);
    else
        print_line(out, change, &sensor);
    if (fflush(stdout) != 0)
        lose_output(out);
}

void output_open(struct output *out, struct bus *bus, const struct registry *registry,
                 const struct port_clock *clock, bool is_json)
{
    *out = (struct output){
        .listener = { hear, out, NULL },
        .bus = bus,
        .registry = registry,
        .clock = clock,
        .is_json = is_json,
        .has_colour = !is_json && isatty(STDOUT_FILENO) && !getenv("NO_COLOR"),
    };
    bus_listen(bus, &out->listener);
}

void output_close(struct output *out)
{
    if (!out->is_lost)
        bus_unlisten(out->bus, &out->listener);
}
