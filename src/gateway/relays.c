/* relays.c: the relays as settings have them, and what changes as an event. */
#include "gateway_private.h"

#include <string.h>

/* For PowerOnState. */
static void keep_states(struct gateway *gw)
{
    int32_t bits = 0;

    for (unsigned n = 1; n <= RELAY_MAX; n++)
        bits |= (int32_t)relay_is_on(gw->relays, n) << (n - 1);
    settings_set_number(gw->settings, SETTINGS_POWER_STATE, bits, 0, NULL);
}

static void relay_changed(void *user, unsigned number)
{
    struct gateway *gw = user;
    struct bus_event event = { .kind = BUS_RELAY };

    if (!relay_is_blinking(gw->relays, number))
        keep_states(gw); /* not each blink */
    event.u.relay.index = number;
    event.u.relay.on = relay_is_on(gw->relays, number);
    bus_post(gw->bus, &event);
}

bool gateway_relays_make(struct gateway *gw)
{
    gw->relays = relay_create(&(struct relay_config){
        .clock = gw->port->clock,
        .gpio = gw->port->gpio,
        .on_change = relay_changed,
        .user = gw,
    });
    return gw->relays != NULL;
}

static void wire(struct gateway *gw, unsigned number, bool on)
{
    const enum settings_id id = (enum settings_id)(SETTINGS_RELAY1 + number - 1);
    struct relay_wiring wiring;
    const char *why = relay_wiring_read(settings_text(gw->settings, id), &wiring);

    if (*why) {
        bus_log(gw->bus, BUS_WARNING, "set it again", "Relay%u %s", number, why);
        wiring.kind = RELAY_NONE;
    }
    const enum port_gpio_error error = relay_wire(gw->relays, number, &wiring, on);
    if (error != PORT_GPIO_OK)
        bus_log(gw->bus, BUS_ERROR, port_gpio_error_remedy(error), "Relay%u %s: %s", number,
                settings_text(gw->settings, id), port_gpio_error_text(error));
}

/* A restart that was asked for leaves lights as they are; so does Tasmota. */
static bool is_power_on(const struct gateway *gw)
{
    const struct port_machine *machine = gw->port->machine;

    return strcmp(machine->start_reason(machine->self), "Power On") == 0;
}

static bool state_at_start(const struct gateway *gw, bool was_on)
{
    if (!is_power_on(gw))
        return was_on;
    switch (settings_number(gw->settings, SETTINGS_POWER_ON_STATE)) {
    case SETTINGS_POWER_ON_OFF:
        return false;
    case SETTINGS_POWER_ON_ON:
        return true;
    case SETTINGS_POWER_ON_TOGGLE:
        return !was_on;
    default:
        return was_on;
    }
}

void gateway_relays_start(struct gateway *gw)
{
    const int32_t bits = settings_number(gw->settings, SETTINGS_POWER_STATE);

    for (unsigned number = 1; number <= RELAY_MAX; number++)
        wire(gw, number, state_at_start(gw, (bits >> (number - 1) & 1) != 0));
    keep_states(gw);
}

void gateway_relays_setting(struct gateway *gw, enum settings_id id)
{
    if (gw->is_running && id >= SETTINGS_RELAY1 && id <= SETTINGS_RELAY4)
        wire(gw, (unsigned)(id - SETTINGS_RELAY1) + 1, false);
}
