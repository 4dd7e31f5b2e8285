/*
 * switch.c: relays that are a topic. What changes here goes there as ON or OFF, and what is heard
 * there becomes a command. The state of cmnd/PLUG/POWER, a Tasmota plug, is told as
 * stat/PLUG/POWER; any other topic is shared by command and state.
 */
#include "mqtt/mqtt_private.h"

#include "relay/relay.h"
#include "settings/settings.h"

#include <stdio.h>
#include <string.h>

#define ECHO_MS 5000 /* after that a message of ours does not come back any more */

static const struct relay_wiring *topic_of(const struct mqtt *mqtt, unsigned number)
{
    const struct relay_wiring *wiring = relay_wiring(mqtt->config.relays, number);

    return wiring->kind == RELAY_TOPIC ? wiring : NULL;
}

static void state_topic(const struct relay_wiring *wiring, char out[RELAY_TOPIC_SIZE])
{
    snprintf(out, RELAY_TOPIC_SIZE, "%s", wiring->topic);
    if (strncmp(out, "cmnd/", 5) == 0)
        memcpy(out, "stat", 4);
}

/* A topic of this gateway itself, as far as it has any: what is sent there would come back as a
 * command, be told as a state, and so on for ever. */
static bool is_own(const struct mqtt *mqtt, const char *topic)
{
    const char *told = mqtt->prefixes[MQTT_STAT];

    return mqtt->state == MQTT_UP &&
           (mqtt_inbox_command(mqtt, topic) || strncmp(topic, told, strlen(told)) == 0);
}

static void listen(struct mqtt *mqtt, unsigned number)
{
    const struct relay_wiring *wiring = topic_of(mqtt, number);
    char topic[RELAY_TOPIC_SIZE];

    mqtt->switches[number - 1].echoes = 0;
    if (!wiring || mqtt->state != MQTT_UP)
        return;
    if (is_own(mqtt, wiring->topic)) {
        bus_log(mqtt->config.bus, BUS_WARNING, "name the topic of another device",
                "relay %u is wired to a topic of this gateway itself: nothing is sent there",
                number);
        return;
    }
    state_topic(wiring, topic);
    mqtt->client->subscribe(mqtt->client->self, topic, 1);
}

void mqtt_switch_open(struct mqtt *mqtt)
{
    for (unsigned number = 1; number <= RELAY_MAX; number++)
        listen(mqtt, number);
}

void mqtt_switch_setting(struct mqtt *mqtt, int id)
{
    if (id >= SETTINGS_RELAY1 && id <= SETTINGS_RELAY4)
        listen(mqtt, (unsigned)(id - SETTINGS_RELAY1) + 1);
}

/* ---- out ---- */

static uint64_t now_ms(const struct mqtt *mqtt)
{
    return mqtt->clock->now_ms(mqtt->clock->self);
}

void mqtt_switch_change(struct mqtt *mqtt, unsigned number, bool on)
{
    const struct relay_wiring *wiring = topic_of(mqtt, number);

    if (!wiring || mqtt->heard_switch == number || is_own(mqtt, wiring->topic))
        return;
    if (mqtt->state != MQTT_UP ||
        mqtt_outbox_publish(mqtt, wiring->topic, on ? "ON" : "OFF", 1, false) < 0) {
        bus_log(mqtt->config.bus, BUS_WARNING, "switch it again when the broker is there",
                "relay %u is a topic, and the broker is not there to hear of it", number);
        return;
    }
    mqtt->switches[number - 1].echoes++;
    mqtt->switches[number - 1].sent_ms = now_ms(mqtt);
}

/* ---- in ---- */

/* What we send to a shared topic comes back to us. It is not new, and while ours is on its way the
 * one that comes last, ours or another's, is the one that counts. */
static bool is_echo(struct mqtt *mqtt, unsigned number, const char *topic)
{
    struct mqtt_switch *own = &mqtt->switches[number - 1];

    if (strcmp(topic_of(mqtt, number)->topic, topic) != 0 || own->echoes == 0)
        return false;
    if (now_ms(mqtt) - own->sent_ms > ECHO_MS) {
        own->echoes = 0;
        return false;
    }
    own->echoes--;
    return true;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_word(const char *payload, size_t len, const char *word)
{
    size_t i = 0;

    while (i < len && word[i] && upper(payload[i]) == word[i])
        i++;
    return i == len && word[i] == '\0';
}

/* 1, 0, or -1 for what says neither. */
static int read_state(const char *payload, size_t len)
{
    static const char *const words[][2] = { { "OFF", "ON" }, { "0", "1" }, { "FALSE", "TRUE" } };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        for (int on = 0; on <= 1; on++) {
            if (is_word(payload, len, words[i][on]))
                return on;
        }
    }
    return -1;
}

static void hear(struct mqtt *mqtt, unsigned number, int on)
{
    char line[16];

    if (on < 0 || relay_is_on(mqtt->config.relays, number) == (on > 0))
        return;
    mqtt->heard_switch = number;
    const int len = snprintf(line, sizeof(line), "Power%u %d", number % 10, on);
    bus_command(mqtt->config.bus, line, (size_t)len, BUS_MQTT, 0, bus_reply_as_message,
                mqtt->config.bus);
    mqtt->heard_switch = 0;
}

void mqtt_switch_message(struct mqtt *mqtt, const char *topic, const char *payload, size_t len)
{
    char state[RELAY_TOPIC_SIZE];

    for (unsigned number = 1; number <= RELAY_MAX; number++) {
        const struct relay_wiring *wiring = topic_of(mqtt, number);
        if (!wiring || is_own(mqtt, wiring->topic))
            continue;
        state_topic(wiring, state);
        if (strcmp(state, topic) == 0 && !is_echo(mqtt, number, topic))
            hear(mqtt, number, read_state(payload, len));
    }
}
