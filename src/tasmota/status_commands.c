/* status_commands.c: Status and State: what mi32 tells about itself when it is asked. Members are
 * Tasmota's; those that say nothing on this machine (flash, Wi-Fi, sleep) are left out. */
#include "base/iso.h"
#include "base/zone.h"
#include "relay/relay.h"
#include "tasmota/tasmota_private.h"
#include "tasmota/time_json.h"

#include <stdio.h>
#include <string.h>

static const char *text_of(const struct tasmota *t, enum settings_id id)
{
    return settings_text(t->settings, id);
}

static void look(const struct tasmota *t, struct port_machine_facts *facts)
{
    t->port->machine->look(t->port->machine->self, facts);
}

/* ---- the parts ---- */

/* Bit n - 1: relay n is on. */
static int64_t power_bits(const struct tasmota *t)
{
    int64_t bits = 0;

    for (unsigned n = 1; n <= RELAY_MAX; n++) {
        if (relay_is_there(t->state.relays, n) && relay_is_on(t->state.relays, n))
            bits |= 1 << (n - 1);
    }
    return bits;
}

static void put_device(struct tasmota *t, struct json *j)
{
    json_text(j, "DeviceName", text_of(t, SETTINGS_DEVICE_NAME));
    json_array(j, "FriendlyName");
    for (unsigned n = 1; n <= RELAY_MAX; n++) { /* one for the gateway, where there is no relay */
        if (n == 1 || relay_is_there(t->state.relays, n))
            json_text(j, NULL, text_of(t, (enum settings_id)(SETTINGS_FRIENDLY_NAME1 + n - 1)));
    }
    json_array_end(j);
    json_text(j, "Topic", text_of(t, SETTINGS_TOPIC));
    json_int(j, "Power", power_bits(t));
    json_int(j, "PowerOnState", settings_number(t->settings, SETTINGS_POWER_ON_STATE));
    json_int(j, "PowerRetain", settings_number(t->settings, SETTINGS_POWER_RETAIN));
    json_int(j, "SensorRetain", settings_number(t->settings, SETTINGS_SENSOR_RETAIN));
}

/* When it was started, by a clock that may have been set since. */
static void put_startup(struct tasmota *t, struct json *j)
{
    const struct port_clock *clock = t->port->clock;
    char text[ISO_TEXT_SIZE];
    int64_t wall_ms;

    if (clock->wall_ms(clock->self, &wall_ms))
        json_text(j, "StartupUTC",
                  iso_print(wall_ms / 1000 - tasmota_state_uptime_s(&t->state), text));
}

static void put_parameters(struct tasmota *t, struct json *j)
{
    const struct port_machine *machine = t->port->machine;
    char uptime[TASMOTA_UPTIME_SIZE];

    tasmota_put_known(j, "GroupTopic", text_of(t, SETTINGS_GROUP_TOPIC1));
    tasmota_put_known(j, "RestartReason", machine->start_reason(machine->self));
    json_text(j, "Uptime", tasmota_state_uptime(&t->state, uptime));
    put_startup(t, j);
    json_int(j, "BootCount", settings_number(t->settings, SETTINGS_BOOT_COUNT));
}

static void put_program(struct tasmota *t, struct json *j)
{
    struct port_machine_facts facts;

    look(t, &facts);
    json_text(j, "Version", t->state.version);
    tasmota_put_known(j, "Hardware", facts.hardware);
}

static void put_memory(struct tasmota *t, struct json *j)
{
    struct port_machine_facts facts;

    look(t, &facts);
    if (facts.program_kb > 0)
        json_int(j, "ProgramSize", facts.program_kb);
    if (facts.memory_kb > 0)
        json_int(j, "Heap", facts.memory_kb);
}

static void put_network(struct tasmota *t, struct json *j)
{
    static const struct mac none = { { 0 } };
    struct port_machine_facts facts;
    char mac[3 * sizeof(none.b)];

    look(t, &facts);
    tasmota_put_known(j, "Hostname", facts.hostname);
    tasmota_put_known(j, "IPAddress", facts.address);
    tasmota_put_known(j, "Gateway", facts.gateway);
    tasmota_put_known(j, "Subnetmask", facts.netmask);
    tasmota_put_known(j, "DNSServer1", facts.dns);
    snprintf(mac, sizeof(mac), "%02X:%02X:%02X:%02X:%02X:%02X", facts.mac.b[0], facts.mac.b[1],
             facts.mac.b[2], facts.mac.b[3], facts.mac.b[4], facts.mac.b[5]);
    if (!mac_equal(facts.mac, none))
        json_text(j, "Mac", mac);
    if (t->state.web_is_up) {
        json_int(j, "Webserver", 2); /* as Tasmota numbers the mode Admin */
        json_int(j, "HTTP_API", 1);
    }
}

static void put_mqtt(struct tasmota *t, struct json *j)
{
    json_text(j, "MqttHost", text_of(t, SETTINGS_MQTT_HOST));
    json_int(j, "MqttPort", settings_number(t->settings, SETTINGS_MQTT_PORT));
    json_text(j, "MqttClient", text_of(t, SETTINGS_MQTT_CLIENT));
    json_text(j, "MqttUser", text_of(t, SETTINGS_MQTT_USER));
    json_int(j, "MqttCount", t->state.connects);
    json_int(j, "MqttTLS", settings_number(t->settings, SETTINGS_MQTT_TLS));
}

/* ---- time ---- */

static void put_moment(struct json *j, const char *name, int64_t seconds, const char *end)
{
    char text[ISO_TEXT_SIZE], whole[ISO_TEXT_SIZE + 2];

    snprintf(whole, sizeof(whole), "%s%s", iso_print(seconds, text), end);
    json_text(j, name, whole);
}

/* In local time as it is right before, as Tasmota tells it. */
static void put_switches(struct tasmota *t, struct json *j, int64_t unix_s)
{
    struct zone_rule standard, daylight;

    if (strcmp(text_of(t, SETTINGS_TIMEZONE), "99") != 0 ||
        !zone_rule_read(text_of(t, SETTINGS_TIME_STD), &standard) ||
        !zone_rule_read(text_of(t, SETTINGS_TIME_DST), &daylight))
        return;
    const int year = iso_year(unix_s);
    put_moment(j, "StartDST",
               zone_rule_begins(&daylight, &standard, year) + standard.offset_min * 60, "");
    put_moment(j, "EndDST", zone_rule_begins(&standard, &daylight, year) + daylight.offset_min * 60,
               "");
}

static void put_time(struct tasmota *t, struct json *j)
{
    const struct port_clock *clock = t->port->clock;
    const char *zone = text_of(t, SETTINGS_TIMEZONE);
    int64_t wall_ms;

    clock->wall_ms(clock->self, &wall_ms);
    const int64_t unix_s = wall_ms / 1000;
    put_moment(j, "UTC", unix_s, "Z");
    put_moment(j, "Local", unix_s + clock->utc_offset_s(clock->self, unix_s), "");
    put_switches(t, j, unix_s);
    if (strcmp(zone, "99") == 0)
        json_int(j, "Timezone", 99);
    else
        json_text(j, "Timezone", zone);
}

static void put_state(struct tasmota *t, struct json *j)
{
    tasmota_state_json(&t->state, j);
}

/* ---- Status ---- */

/* In the order in which Status 0 tells them. Sensors may need more room than a reply has. */
static const struct part {
    int8_t number; /* -1: without a number */
    bool is_in_all;
    const char *level, *name;
    void (*put)(struct tasmota *t, struct json *j); /* NULL: the sensors */
} parts[] = {
    { -1, true, "STATUS", "Status", put_device },
    { 1, true, "STATUS1", "StatusPRM", put_parameters },
    { 2, true, "STATUS2", "StatusFWR", put_program },
    { 4, true, "STATUS4", "StatusMEM", put_memory },
    { 5, true, "STATUS5", "StatusNET", put_network },
    { 6, true, "STATUS6", "StatusMQT", put_mqtt },
    { 7, true, "STATUS7", "StatusTIM", put_time },
    { 8, false, "STATUS8", "StatusSNS", NULL },
    { 10, true, "STATUS10", "StatusSNS", NULL },
    { 11, true, "STATUS11", "StatusSTS", put_state },
};

static enum bus_result reply_sensors(struct tasmota *t, struct bus_call *call,
                                     const struct part *part)
{
    const char *text = tasmota_telemetry_text(&t->telemetry, part->name);

    if (!text)
        return bus_fail(call, "no memory for the values of all sensors");
    bus_reply_whole(call, text);
    return BUS_DONE;
}

/* `more` replies follow, or none. */
static enum bus_result reply_part(struct tasmota *t, struct bus_call *call, const struct part *part,
                                  bool more)
{
    call->level = part->level;
    if (!part->put) {
        call->no_reply = !more;
        return reply_sensors(t, call, part);
    }
    json_object(call->reply, part->name);
    part->put(t, call->reply);
    json_object_end(call->reply);
    if (more)
        bus_reply_next(call);
    return BUS_DONE;
}

static enum bus_result reply_all(struct tasmota *t, struct bus_call *call)
{
    enum bus_result result = BUS_DONE;

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && result == BUS_DONE; i++) {
        if (parts[i].is_in_all)
            result = reply_part(t, call, &parts[i], i + 1 < sizeof(parts) / sizeof(parts[0]));
    }
    return result;
}

static enum bus_result run_status(void *room, struct bus_call *call)
{
    const int32_t number = call->args[0].given ? call->args[0].number : -1;

    if (number == 0)
        return reply_all(room, call);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i].number == number)
            return reply_part(room, call, &parts[i], false);
    }
    return bus_fail(call, "Status knows 0, 1, 2, 4, 5, 6, 7, 8, 10 and 11");
}

static enum bus_result run_state(void *room, struct bus_call *call)
{
    put_state(room, call->reply);
    return BUS_DONE;
}

static const struct bus_row rows[] = {
    { .name = "Status",
      .args = { { .kind = BUS_ARG_NUMBER, .name = "part", .optional = true, .max = 11 } },
      .help =
          "Tells about mi32: 1 its start, 2 the program, 4 memory, 5 network, 6 MQTT, 7 time, 8 "
          "and 10 the sensors, 11 as STATE, 0 all of them.",
      .run = run_status },
    { .name = "State", .help = "Tells what STATE tells in each report.", .run = run_state },
};

void tasmota_status_commands(struct tasmota *t)
{
    bus_register(t->bus, rows, sizeof(rows) / sizeof(rows[0]), t);
}
