#include "tasmota/power.h"

#include "relay/relay.h"
#include "settings/settings.h"
#include "tasmota/state.h"
#include "tasmota/tasmota_private.h"

#include <stdio.h>
#include <string.h>

enum { OFF, ON, TOGGLE, BLINK, BLINK_OFF };

/* ---- names and words ---- */

static char *name_of(const struct tasmota_power *p, unsigned number, char *out)
{
    const bool with_number = settings_number(p->settings, SETTINGS_POWER_NUMBER) != 0;

    return relay_name(p->relays, number, with_number, out);
}

static const char *word_of(const struct tasmota_power *p, unsigned number)
{
    return relay_is_on(p->relays, number) ? "ON" : "OFF";
}

void tasmota_power_json(const struct relays *relays, const struct settings *settings,
                        struct json *j)
{
    const bool with_number = settings_number(settings, SETTINGS_POWER_NUMBER) != 0;
    char name[RELAY_NAME_SIZE];

    for (unsigned number = 1; number <= RELAY_MAX; number++) {
        if (relay_is_there(relays, number))
            json_text(j, relay_name(relays, number, with_number, name),
                      relay_is_on(relays, number) ? "ON" : "OFF");
    }
}

/* ---- messages ---- */

static bool is_retained(const struct tasmota_power *p)
{
    return settings_number(p->settings, SETTINGS_POWER_RETAIN) != 0;
}

static void tell_state(const struct tasmota_power *p, unsigned number)
{
    char name[RELAY_NAME_SIZE];

    bus_message(p->bus, BUS_STAT, name_of(p, number, name), word_of(p, number), is_retained(p),
                false);
}

static void tell_result(const struct tasmota_power *p, unsigned number, const char *word)
{
    char name[RELAY_NAME_SIZE], text[64];
    struct json j;

    json_init(&j, text, sizeof(text));
    json_object(&j, NULL);
    json_text(&j, name_of(p, number, name), word);
    json_object_end(&j);
    bus_message(p->bus, BUS_STAT, "RESULT", text, false, true);
}

/* What the broker keeps of a relay goes. */
static void clear_retained(const struct tasmota_power *p, unsigned number)
{
    char name[RELAY_NAME_SIZE];

    bus_message(p->bus, BUS_STAT, name_of(p, number, name), "", true, false);
}

static void for_each(const struct tasmota_power *p,
                     void (*tell)(const struct tasmota_power *p, unsigned number))
{
    for (unsigned number = 1; number <= RELAY_MAX; number++) {
        if (relay_is_there(p->relays, number))
            tell(p, number);
    }
}

/* ---- Power ---- */

static enum port_gpio_error apply(struct tasmota_power *p, unsigned number, int32_t what)
{
    if (what == BLINK)
        relay_blink(p->relays, number);
    else if (what == BLINK_OFF)
        relay_blink_end(p->relays, number);
    else
        return relay_set(p->relays, number,
                         what == TOGGLE ? !relay_is_on(p->relays, number) : what == ON);
    return PORT_GPIO_OK;
}

static const char *reply_word(const struct tasmota_power *p, const struct bus_value *arg,
                              unsigned number)
{
    if (arg->given && arg->number >= BLINK)
        return arg->number == BLINK ? "Blink ON" : "Blink OFF";
    return word_of(p, number);
}

/* Whoever asked gets a reply, and MQTT hears of it in Tasmota's order: RESULT, then POWER. */
static void answer(struct tasmota_power *p, struct bus_call *call, unsigned number)
{
    const struct bus_value *arg = &call->args[0];
    const char *word = reply_word(p, arg, number);
    char name[RELAY_NAME_SIZE];

    json_text(call->reply, name_of(p, number, name), word);
    if (bus_is_told(call)) {
        call->no_reply = true;
        bus_reply_next(call);
    } else if (arg->given) {
        tell_result(p, number, word);
    }
    if (arg->given || bus_is_told(call))
        tell_state(p, number);
}

static enum bus_result run_one(struct tasmota_power *p, struct bus_call *call, unsigned number)
{
    const struct bus_value *arg = &call->args[0];
    enum port_gpio_error error = PORT_GPIO_OK;

    if (arg->given) {
        p->is_handling = true;
        error = apply(p, number, arg->number);
        p->is_handling = false;
    }
    if (error != PORT_GPIO_OK)
        return bus_fail(call, "%s: %s", port_gpio_error_text(error), port_gpio_error_remedy(error));
    answer(p, call, number);
    if (arg->given && settings_number(p->settings, SETTINGS_POWER_TELLS_STATE) != 0)
        tasmota_state_tell(p->state);
    return BUS_DONE;
}

static enum bus_result run_power(void *room, struct bus_call *call)
{
    struct tasmota_power *p = room;
    enum bus_result result = BUS_DONE;

    if (call->index > 0 && !relay_is_there(p->relays, call->index))
        return bus_fail(call, "there is no relay %u; Relay%u wires it", call->index, call->index);
    if (call->index > 0)
        return run_one(p, call, call->index);
    if (relay_count(p->relays) == 0)
        return bus_fail(call, "there is no relay; Relay1 wires one");
    for (unsigned number = 1; number <= RELAY_MAX && result == BUS_DONE; number++) {
        if (relay_is_there(p->relays, number))
            result = run_one(p, call, number);
    }
    return result;
}

/* ---- Relay ---- */

static enum settings_id wiring_of(unsigned number)
{
    return (enum settings_id)(SETTINGS_RELAY1 + number - 1);
}

/* The text in the form in which it is kept: none is nothing. */
static const char *kept_form(const char *typed)
{
    struct relay_wiring wiring;
    const bool is_none = strcmp(typed, "\"") == 0 || strcmp(typed, "0") == 0 ||
                         (*relay_wiring_read(typed, &wiring) == '\0' && wiring.kind == RELAY_NONE);

    return is_none ? "" : typed;
}

/* Wires it; a line that cannot be had is not taken, and what was there stays. In the configuration
 * file it stands, and is tried again each time. */
static enum bus_result rewire(struct tasmota_power *p, struct bus_call *call, const char *text)
{
    const enum settings_id id = wiring_of(call->index);
    char before[SETTINGS_RELAY_MAX + 1];
    const char *why = "";

    snprintf(before, sizeof(before), "%s", settings_text(p->settings, id));
    if (settings_set_text(p->settings, id, text, call->line, &why) != SETTINGS_OK)
        return bus_fail(call, "%s", why);
    const enum port_gpio_error error = relay_problem(p->relays, call->index);
    if (error == PORT_GPIO_OK)
        return BUS_DONE;
    if (call->line == 0)
        settings_set_text(p->settings, id, before, 0, NULL);
    return bus_fail(call, "%s: %s", port_gpio_error_text(error), port_gpio_error_remedy(error));
}

static enum bus_result check_relay(void *room, struct bus_call *call)
{
    struct relay_wiring wiring;
    const char *typed = kept_form(call->args[0].text);
    const char *why = relay_wiring_read(typed, &wiring);

    (void)room;
    return *why ? bus_fail(call, "Relay%u %s", call->index, why) : BUS_DONE;
}

/* What is sent there would come back, and so on for ever. The configuration file may still name
 * another Topic further down; what it ends with is told in the log. */
static enum bus_result refuse_own(const struct tasmota_power *p, struct bus_call *call)
{
    struct relay_wiring wiring;

    if (call->line > 0 || *relay_wiring_read(call->args[0].text, &wiring) != '\0' ||
        wiring.kind != RELAY_TOPIC || !tasmota_is_own_topic(p->state, wiring.topic))
        return BUS_DONE;
    return bus_fail(call, "%s is a topic of this gateway itself: name that of another device",
                    wiring.topic);
}

static enum bus_result run_relay(void *room, struct bus_call *call)
{
    struct tasmota_power *p = room;
    const struct bus_value *arg = &call->args[0];
    enum bus_result result = check_relay(room, call);

    if (arg->given && result == BUS_DONE)
        result = refuse_own(p, call);
    if (arg->given && result == BUS_DONE)
        result = rewire(p, call, kept_form(arg->text));
    if (result == BUS_DONE) {
        const char *text = settings_text(p->settings, wiring_of(call->index));
        json_text(call->reply, call->name, *text ? text : "none");
    }
    return result;
}

static const struct bus_row rows[] = {
    { .name = "Power",
      .index_min = 0,
      .index_max = RELAY_MAX,
      .index_default = 1,
      .flags = BUS_CHANGES,
      .args = { { .kind = BUS_ARG_NUMBER, .name = "state", .optional = true, .max = BLINK_OFF } },
      .help = "Switches a relay, Power0 all: 0 off, 1 on, 2 toggle, 3 blink, 4 no more.",
      .run = run_power },
    { .name = "Relay",
      .index_min = 1,
      .index_max = RELAY_MAX,
      .index_default = 1,
      .flags = BUS_CHANGES,
      .args = { { .kind = BUS_ARG_TEXT,
                  .name = "wiring",
                  .optional = true,
                  .max = SETTINGS_RELAY_MAX } },
      .help = "Wires a relay: gpio:CHIP:LINE[:inverted], mqtt:TOPIC, virtual or none.",
      .run = run_relay,
      .check = check_relay },
};

/* ---- the bus ---- */

static void hear_link(struct tasmota_power *p, bool is_up)
{
    if (is_up && !p->mqtt_is_up)
        for_each(p, tell_state);
    p->mqtt_is_up = is_up;
}

static void hear(void *user, const struct bus_event *event)
{
    struct tasmota_power *p = user;

    if (event->kind == BUS_RELAY && !p->is_handling)
        tell_state(p, event->u.relay.index); /* it blinks */
    else if (event->kind == BUS_LINK && strcmp(event->u.link.name, "mqtt") == 0)
        hear_link(p, event->u.link.up);
    else if (event->kind == BUS_SETTING && event->u.setting.row->id == SETTINGS_POWER_RETAIN)
        for_each(p, is_retained(p) ? tell_state : clear_retained);
}

void tasmota_power_open(struct tasmota_power *p)
{
    p->listener = (struct bus_listener){ .hear = hear, .user = p };
    bus_listen(p->bus, &p->listener);
    bus_register(p->bus, rows, sizeof(rows) / sizeof(rows[0]), p);
}

void tasmota_power_close(struct tasmota_power *p)
{
    bus_unlisten(p->bus, &p->listener);
}
