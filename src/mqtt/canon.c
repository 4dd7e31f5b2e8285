/*
 * canon.c: the topics mi32/<site>/... and Home Assistant's discovery. What is to be told of each
 * sensor is a set of bits (device.h); a timer works them off, a few messages at a time, so that
 * hundreds of sensors do not bury a broker or Home Assistant. Only a state in which something
 * happened goes out at once.
 */
#include "mqtt/mqtt_private.h"

#include "settings/settings.h"

#include <stdio.h>
#include <string.h>

#define ROUND_MS       200   /* between two rounds of telling */
#define ROUND_MESSAGES 10    /* in one round */
#define BUSY_MS        1000  /* a slow broker is left alone for so long */
#define GREETING_MS    2000  /* after connecting: what the broker kept arrives first */
#define STATE_GAP_MS   10000 /* between two states of one sensor, unless something happened */
#define HEALTH_MS      60000
#define SILENCE_MIN_S  900 /* no silence shorter than this means anything */

static uint64_t now_ms(const struct mqtt *mqtt)
{
    return mqtt->clock->now_ms(mqtt->clock->self);
}

/* ---- when ---- */

static void wake_at(struct mqtt *mqtt, uint64_t at_ms)
{
    struct timer *timer = &mqtt->canon.timer;

    if (mqtt->state != MQTT_UP || (timer->is_pending && timer->at_ms <= at_ms))
        return;
    mqtt->clock->set(mqtt->clock->self, timer, at_ms);
}

/* When something of this device is to be told; UINT64_MAX for never. */
static uint64_t due_ms(const struct mqtt *mqtt, const struct mqtt_device *device)
{
    uint64_t at_ms = UINT64_MAX;

    if (device->due & MQTT_STATE)
        at_ms = device->is_listed ? device->state_at_ms : 0;
    if (device->due & ~MQTT_STATE)
        at_ms = 0;
    if (at_ms != UINT64_MAX && at_ms < mqtt->canon.quiet_until_ms)
        at_ms = mqtt->canon.quiet_until_ms;
    return at_ms;
}

void mqtt_canon_mark(struct mqtt *mqtt, struct mqtt_device *device, uint8_t tellings)
{
    device->due |= tellings;
    const uint64_t at_ms = due_ms(mqtt, device);
    const uint64_t soon_ms = now_ms(mqtt) + ROUND_MS;
    wake_at(mqtt, at_ms > soon_ms ? at_ms : soon_ms);
}

void mqtt_canon_mark_gateway(struct mqtt *mqtt)
{
    mqtt->canon.is_gateway_due = true;
    wake_at(mqtt, now_ms(mqtt) + ROUND_MS);
}

void mqtt_canon_mark_anew(struct mqtt *mqtt)
{
    for (size_t i = 0; i < mqtt->devices.n; i++) {
        struct mqtt_device *device = mqtt->devices.all[i];
        device->config_hash = 0;
        device->told_ms = 0;
        device->state_at_ms = 0;
        mqtt_canon_mark(mqtt, device, MQTT_EVERYTHING);
    }
    mqtt_canon_mark_gateway(mqtt);
}

/* ---- who is there ---- */

static void learn_fields(struct mqtt *mqtt, struct mqtt_device *device)
{
    struct registry_value value;
    uint32_t cursor = 0;

    while (registry_value_next(mqtt->config.registry, device->mac, &cursor, &value)) {
        if (!(value.flags & BEACON_UNRELIABLE))
            mqtt_device_field(device, value.kind, value.nth, value.scale10);
    }
}

void mqtt_canon_leave(struct mqtt *mqtt, struct mqtt_device *device)
{
    device->is_listed = false;
    device->n_fields = 0;
    device->silence_s = 0;
    if (device->retained == 0) /* a stranger: nothing to clear */
        mqtt_device_drop(&mqtt->devices, device);
    else
        mqtt_canon_mark(mqtt, device, MQTT_EVERYTHING);
}

/* A stranger that becomes one to keep, or the other way round. */
static void note_standing(struct mqtt *mqtt, struct mqtt_device *device,
                          const struct registry_sensor *sensor)
{
    const bool is_kept = (sensor->flags & REGISTRY_KEPT) != 0;

    if (is_kept == device->is_kept)
        return;
    device->is_kept = is_kept;
    device->told_ms = 0;
    device->state_at_ms = 0;
    if (is_kept) /* an earlier run may have left something */
        device->retained = MQTT_EVERYTHING;
    mqtt_canon_mark(mqtt, device, MQTT_EVERYTHING);
}

/* The sensor has a place in the list. */
static struct mqtt_device *list(struct mqtt *mqtt, const struct registry_sensor *sensor)
{
    struct mqtt_device *before = mqtt_device_of(&mqtt->devices, sensor->mac);

    if (before && !mac_equal(before->identity, sensor->identity))
        mqtt_canon_leave(mqtt, before); /* it took the place of another */
    struct mqtt_device *device = mqtt_device_add(&mqtt->devices, sensor->identity);
    if (!device)
        return NULL;
    mqtt_device_set_mac(&mqtt->devices, device, sensor->mac);
    device->is_listed = true;
    device->config_hash = 0;
    learn_fields(mqtt, device);
    note_standing(mqtt, device, sensor);
    mqtt_canon_mark(mqtt, device, MQTT_EVERYTHING);
    return device;
}

static void list_all(struct mqtt *mqtt)
{
    struct registry_sensor sensor;
    uint32_t slot = 0;

    while (registry_next(mqtt->config.registry, &slot, &sensor)) {
        struct mqtt_device *device = mqtt_device_find(&mqtt->devices, sensor.identity);
        if (!device || !device->is_listed) {
            list(mqtt, &sensor);
            continue;
        }
        learn_fields(mqtt, device);
        note_standing(mqtt, device, &sensor);
    }
}

/* Notes a frame's fields. True when there was a further one, or other decimals. */
static bool note_fields(struct mqtt_device *device, const struct beacon_decoded *decoded)
{
    bool is_news = false;

    for (uint8_t i = 0; i < decoded->n; i++) {
        const struct beacon_reading *r = &decoded->readings[i];
        if (!(r->flags & BEACON_UNRELIABLE))
            is_news = mqtt_device_field(device, r->kind, r->nth, r->scale10) || is_news;
    }
    return is_news;
}

/* Whether what happened is a change of state: a door, a leak. A press leaves the state as it is. */
static bool is_urgent(const struct registry_change *change)
{
    for (uint8_t i = 0; change->n_events > 0 && i < change->decoded->n; i++) {
        const struct beacon_reading *r = &change->decoded->readings[i];
        const uint8_t type = beacon_kind(r->kind)->type;
        if (!(r->flags & BEACON_EVENT) && (type == BEACON_BOOL || type == BEACON_WORD))
            return true;
    }
    return false;
}

/* A frame: the state is due; when something happened it goes out at once, behind the word that the
 * sensor is there. */
static void updated(struct mqtt *mqtt, struct mqtt_device *device,
                    const struct registry_change *change, const struct registry_sensor *sensor)
{
    uint8_t due = MQTT_STATE;

    note_standing(mqtt, device, sensor);
    if (note_fields(device, change->decoded))
        due |= MQTT_CONFIG | MQTT_META;
    device->is_presumed_gone = false;
    if (!device->is_told_online)
        due |= MQTT_AVAILABILITY;
    device->state_at_ms = device->told_ms ? device->told_ms + STATE_GAP_MS : 0;
    mqtt_canon_mark(mqtt, device, due);
    if (mqtt->canon.is_moving || !is_urgent(change))
        return;
    device->state_at_ms = 0;
    if (mqtt_tell_if_due(mqtt, device, MQTT_AVAILABILITY))
        mqtt_tell_if_due(mqtt, device, MQTT_STATE);
}

void mqtt_canon_change(struct mqtt *mqtt, const struct registry_change *change)
{
    struct registry_sensor sensor;
    struct mqtt_device *device;

    if (change->kind == REGISTRY_REMOVED) {
        device = mqtt_device_of(&mqtt->devices, change->mac);
        if (device)
            mqtt_canon_leave(mqtt, device);
        return;
    }
    if (change->kind == REGISTRY_UPDATED && mqtt->state != MQTT_UP)
        return; /* all is learned and told when there is a connection */
    if (change->slot == REGISTRY_NO_SLOT ||
        !registry_find(mqtt->config.registry, change->mac, &sensor))
        return;
    device = mqtt_device_find(&mqtt->devices, sensor.identity);
    if (change->kind == REGISTRY_LISTED || !device || !device->is_listed) {
        if (change->kind == REGISTRY_LISTED)
            list(mqtt, &sensor);
        return;
    }
    if (change->kind == REGISTRY_UPDATED) {
        updated(mqtt, device, change, &sensor);
        return;
    }
    note_standing(mqtt, device, &sensor);
    device->told_ms = 0; /* its name may be another */
    device->state_at_ms = 0;
    mqtt_canon_mark(mqtt, device, MQTT_EVERYTHING);
}

/* ---- rounds ---- */

static void listen(struct mqtt *mqtt)
{
    char topic[MQTT_TOPIC_SIZE], site[sizeof(mqtt->canon.site)];

    topic_clean(mqtt->canon.site, site, sizeof(site));
    snprintf(topic, sizeof(topic), "mi32/%s/dev/+/meta", site);
    mqtt->client->subscribe(mqtt->client->self, topic, 0);
    if (mqtt_topic_birth(mqtt->canon.prefix, topic, sizeof(topic)))
        mqtt->client->subscribe(mqtt->client->self, topic, 0);
}

static bool are_names_new(const struct mqtt *mqtt)
{
    const struct settings *settings = mqtt->config.settings;

    return strcmp(mqtt->canon.site, settings_text(settings, SETTINGS_SITE)) != 0 ||
           strcmp(mqtt->canon.prefix, settings_text(settings, SETTINGS_HA_PREFIX)) != 0;
}

static void take_names(struct mqtt *mqtt)
{
    const struct settings *settings = mqtt->config.settings;

    snprintf(mqtt->canon.site, sizeof(mqtt->canon.site), "%s",
             settings_text(settings, SETTINGS_SITE));
    snprintf(mqtt->canon.prefix, sizeof(mqtt->canon.prefix), "%s",
             settings_text(settings, SETTINGS_HA_PREFIX));
    mqtt->canon.is_moving = false;
    mqtt->canon.told_relays = UINT8_MAX;
    for (size_t i = 0; i < mqtt->devices.n; i++) /* an earlier run may have used these names */
        mqtt->devices.all[i]->retained = mqtt->devices.all[i]->is_kept ? MQTT_EVERYTHING : 0;
}

/* Clears what stands under the old names; false when the broker takes no more now. */
static bool clear_device(struct mqtt *mqtt, struct mqtt_device *device)
{
    for (unsigned i = 0; i < MQTT_TELLINGS; i++) {
        const int id = mqtt_tell_clear(mqtt, device, (uint8_t)(1u << i));
        if (id == PORT_MQTT_BUSY || id == PORT_MQTT_NOT_CONNECTED)
            return false;
    }
    return true;
}

static bool is_work(const struct mqtt *mqtt, const struct mqtt_device *device)
{
    if (mqtt->canon.is_moving)
        return device->retained != 0;
    return due_ms(mqtt, device) <= now_ms(mqtt);
}

/* False when the broker takes no more now. */
static bool work_off(struct mqtt *mqtt, struct mqtt_device *device)
{
    return mqtt->canon.is_moving ? clear_device(mqtt, device) : mqtt_tell_device(mqtt, device);
}

/* Goes on where the last round ended, so that none starves. False: broker busy. */
static bool work_off_some(struct mqtt *mqtt, unsigned budget)
{
    struct mqtt_devices *devices = &mqtt->devices;

    for (size_t left = devices->n; left > 0 && budget > 0; left--) {
        mqtt->canon.cursor = mqtt->canon.cursor < devices->n ? mqtt->canon.cursor : 0;
        struct mqtt_device *device = devices->all[mqtt->canon.cursor];
        if (is_work(mqtt, device)) {
            const uint32_t before = mqtt->published;
            if (!work_off(mqtt, device))
                return false;
            const uint32_t sent = mqtt->published - before;
            budget = sent < budget ? budget - sent : 0;
        }
        if (!device->is_listed && device->due == 0 && !mqtt->canon.is_moving)
            mqtt_device_drop(devices, device);
        else
            mqtt->canon.cursor++;
    }
    return true;
}

static bool is_any_work(const struct mqtt *mqtt)
{
    for (size_t i = 0; i < mqtt->devices.n; i++) {
        if (is_work(mqtt, mqtt->devices.all[i]))
            return true;
    }
    return false;
}

static void move_on(struct mqtt *mqtt)
{
    if (!mqtt->canon.is_moving || is_any_work(mqtt))
        return;
    if (mqtt_tell_gateway(mqtt) < 0 || mqtt_tell_relays(mqtt, false) < 0 ||
        mqtt_tell_health(mqtt, false) < 0)
        return;
    take_names(mqtt);
    listen(mqtt);
    mqtt_canon_mark_anew(mqtt);
}

/* Not heard in this run, for longer than it was ever silent: gone meanwhile. */
static void presume_gone(struct mqtt *mqtt, struct mqtt_device *device,
                         const struct registry_sensor *sensor)
{
    const uint64_t since_s = (now_ms(mqtt) - mqtt->canon.since_ms) / 1000;
    const uint32_t limit_s = device->silence_s > SILENCE_MIN_S ? device->silence_s : SILENCE_MIN_S;

    if (device->is_presumed_gone || !mqtt_has_rhythm(device) || since_s < limit_s ||
        (sensor->flags & REGISTRY_HEARD))
        return;
    device->is_presumed_gone = true;
    mqtt_canon_mark(mqtt, device, MQTT_AVAILABILITY);
}

/* The longest silence that was normal, in this run and earlier ones. */
static void learn_silence(struct mqtt *mqtt, struct mqtt_device *device)
{
    const uint32_t silence_s = mqtt_silence_s(mqtt->config.registry, device->mac);

    if (silence_s <= device->silence_s)
        return;
    device->silence_s = silence_s;
    mqtt_canon_mark(mqtt, device, MQTT_CONFIG | MQTT_META);
}

static void look_after_devices(struct mqtt *mqtt)
{
    struct registry_sensor sensor;

    for (size_t i = 0; i < mqtt->devices.n; i++) {
        struct mqtt_device *device = mqtt->devices.all[i];
        if (!device->is_kept || !device->is_listed ||
            !registry_find(mqtt->config.registry, device->mac, &sensor))
            continue;
        learn_silence(mqtt, device);
        presume_gone(mqtt, device, &sensor);
    }
}

/* Whoever waits for sensors in Home Assistant is told once why they are not there. */
static void hint_at_strangers(struct mqtt *mqtt)
{
    unsigned strangers = 0;

    for (size_t i = 0; i < mqtt->devices.n; i++)
        strangers += mqtt->devices.all[i]->is_listed && !mqtt->devices.all[i]->is_kept;
    if (strangers == 0 || mqtt->canon.is_hint_told || !mqtt_announces(mqtt))
        return;
    mqtt->canon.is_hint_told = true;
    bus_log(mqtt->config.bus, BUS_INFO,
            "MI32Approve or MI32Name keeps one of them, MI32Cfg all that are listed",
            "sensors that nobody decided to keep are not announced to Home Assistant: %u",
            strangers);
}

static void look_after(struct mqtt *mqtt)
{
    if (now_ms(mqtt) < mqtt->canon.health_at_ms)
        return;
    mqtt->canon.health_at_ms = now_ms(mqtt) + HEALTH_MS;
    list_all(mqtt);
    look_after_devices(mqtt);
    hint_at_strangers(mqtt);
    mqtt_tell_health(mqtt, true);
}

static uint64_t next_ms(const struct mqtt *mqtt)
{
    uint64_t at_ms = mqtt->canon.health_at_ms;

    for (size_t i = 0; i < mqtt->devices.n; i++) {
        const struct mqtt_device *device = mqtt->devices.all[i];
        const uint64_t due = mqtt->canon.is_moving ? 0 : due_ms(mqtt, device);
        at_ms = due < at_ms ? due : at_ms;
    }
    const uint64_t soon_ms = now_ms(mqtt) + ROUND_MS;
    return at_ms > soon_ms ? at_ms : soon_ms;
}

static void work(void *user)
{
    struct mqtt *mqtt = user;

    if (mqtt->state != MQTT_UP)
        return;
    if (!mqtt->canon.is_moving && are_names_new(mqtt))
        mqtt->canon.is_moving = true;
    if (!work_off_some(mqtt, ROUND_MESSAGES)) {
        wake_at(mqtt, now_ms(mqtt) + BUSY_MS);
        return;
    }
    move_on(mqtt);
    if (mqtt->canon.is_gateway_due && now_ms(mqtt) >= mqtt->canon.quiet_until_ms)
        mqtt->canon.is_gateway_due =
            mqtt_tell_relays(mqtt, true) < 0 || mqtt_tell_gateway(mqtt) < 0;
    look_after(mqtt);
    wake_at(mqtt, next_ms(mqtt));
}

/* ---- life ---- */

void mqtt_canon_init(struct mqtt *mqtt)
{
    mqtt->canon.timer = (struct timer){ .fire = work, .user = mqtt };
    mqtt->canon.since_ms = now_ms(mqtt);
}

void mqtt_canon_open(struct mqtt *mqtt)
{
    if (mqtt->canon.site[0] == '\0')
        take_names(mqtt);
    list_all(mqtt);
    listen(mqtt);
    mqtt->canon.quiet_until_ms = now_ms(mqtt) + GREETING_MS;
    mqtt->canon.health_at_ms = mqtt->canon.quiet_until_ms;
    mqtt_canon_mark_anew(mqtt);
}

/* Whether it changes what is told of the gateway as a device. */
static bool concerns_gateway(int id)
{
    return id == SETTINGS_HA || id == SETTINGS_DEVICE_NAME ||
           (id >= SETTINGS_FRIENDLY_NAME1 && id <= SETTINGS_FRIENDLY_NAME4) ||
           (id >= SETTINGS_RELAY1 && id <= SETTINGS_RELAY4);
}

void mqtt_canon_setting(struct mqtt *mqtt, int id)
{
    for (size_t i = 0; id == SETTINGS_HA && i < mqtt->devices.n; i++)
        mqtt_canon_mark(mqtt, mqtt->devices.all[i], MQTT_CONFIG);
    if (concerns_gateway(id))
        mqtt_canon_mark_gateway(mqtt);
    if (id == SETTINGS_SITE || id == SETTINGS_HA_PREFIX)
        wake_at(mqtt, now_ms(mqtt) + ROUND_MS);
}

void mqtt_canon_shut(struct mqtt *mqtt)
{
    mqtt->clock->cancel(mqtt->clock->self, &mqtt->canon.timer);
}

void mqtt_canon_close(struct mqtt *mqtt)
{
    mqtt_device_clear(&mqtt->devices);
}
