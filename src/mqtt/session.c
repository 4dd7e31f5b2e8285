#include "mqtt/mqtt_private.h"

#include "settings/settings.h"

#include <stdio.h>
#include <string.h>

#define SETTLE_MS   500   /* settings are often changed several at a time */
#define ATTEMPT_MS  45000 /* for one attempt; a port should give up earlier and say why */
#define BACKOFF_MS  1000  /* after the first failure; twice as long after each further one */
#define STABLE_MS   30000 /* a connection that held so long ends a row of failures */
#define BRIEF_TELL  3     /* so many connections that did not hold are no accident */
#define KEEPALIVE_S 30    /* as Tasmota's */
#define TLS_PORT    8883
#define LEVEL_ROOM  40 /* bytes behind our prefixes, for RESULT or the name of a command */

static uint64_t now_ms(const struct mqtt *mqtt)
{
    return mqtt->clock->now_ms(mqtt->clock->self);
}

static void set_timer(struct mqtt *mqtt, struct timer *timer, uint64_t in_ms)
{
    mqtt->clock->set(mqtt->clock->self, timer, now_ms(mqtt) + in_ms);
}

static const char *text_of(const struct mqtt *mqtt, enum settings_id id)
{
    return settings_text(mqtt->config.settings, id);
}

/* ---- what the client calls back ---- */

static void tell_link(struct mqtt *mqtt, bool up, const char *text, const char *remedy)
{
    bus_post(mqtt->config.bus,
             &(struct bus_event){ .kind = BUS_LINK, .u.link = { "mqtt", up, text, remedy } });
}

/* Says why there is no connection, once for each reason in a row. */
static void tell_lost(struct mqtt *mqtt, const char *reason)
{
    if (strncmp(mqtt->told, reason, sizeof(mqtt->told) - 1) == 0)
        return;
    snprintf(mqtt->told, sizeof(mqtt->told), "%s", reason);
    tell_link(mqtt, false, reason, "it is tried again by itself");
}

static void connected(void *user)
{
    mqtt_session_input(user, MQTT_CONNECTED);
}

static void disconnected(void *user, const char *reason)
{
    struct mqtt *mqtt = user;

    if (mqtt->state == MQTT_CONNECTING || mqtt->state == MQTT_UP) {
        mqtt_session_input(mqtt, MQTT_LOST);
        tell_lost(mqtt, reason);
    }
}

static void acknowledged(void *user, int message_id)
{
    struct mqtt *mqtt = user;

    if (mqtt->state == MQTT_UP)
        mqtt_outbox_acknowledged(mqtt, message_id);
}

static void message(void *user, const char *topic, const char *payload, size_t len, bool retained)
{
    mqtt_inbox_message(user, topic, payload, len, retained);
}

/* ---- what is done on the way from state to state ---- */

static struct topic_names names_of(const struct mqtt *mqtt)
{
    return (struct topic_names){
        .full_topic = text_of(mqtt, SETTINGS_FULL_TOPIC),
        .topic = text_of(mqtt, SETTINGS_TOPIC),
        .id = mqtt->id,
        .hostname = mqtt->hostname,
    };
}

static const char *prefix_of(const struct mqtt *mqtt, unsigned prefix)
{
    return text_of(mqtt, (enum settings_id)(SETTINGS_PREFIX1 + prefix));
}

/* Another topic for commands; one that is there already would bring each command twice. */
static void add_other(struct mqtt *mqtt, const char *topic)
{
    struct topic_names names = names_of(mqtt);
    char *out = mqtt->others[mqtt->n_others];

    names.topic = topic;
    if (!*topic ||
        !topic_full(&names, prefix_of(mqtt, MQTT_CMND), "", out, MQTT_TOPIC_SIZE - LEVEL_ROOM) ||
        strcmp(out, mqtt->prefixes[MQTT_CMND]) == 0)
        return;
    for (size_t i = 0; i < mqtt->n_others; i++) {
        if (strcmp(out, mqtt->others[i]) == 0)
            return;
    }
    mqtt->n_others++;
}

/* GroupTopics, and what Tasmota calls the fallback topic. */
static void choose_others(struct mqtt *mqtt)
{
    char fallback[MQTT_ID_SIZE + 16];

    mqtt->n_others = 0;
    for (int id = SETTINGS_GROUP_TOPIC1; id <= SETTINGS_GROUP_TOPIC4; id++)
        add_other(mqtt, text_of(mqtt, (enum settings_id)id));
    snprintf(fallback, sizeof(fallback), "DVES_%s_fb", mqtt->id);
    add_other(mqtt, fallback);
}

/* Fixes the topics of the coming connection. "" when all is well, else what is not. */
static const char *choose_topics(struct mqtt *mqtt)
{
    const struct topic_names names = names_of(mqtt);
    bool fits = true;

    topic_name(&names, mqtt->gateway, sizeof(mqtt->gateway));
    for (unsigned i = 0; i < MQTT_PREFIXES; i++)
        fits = topic_full(&names, prefix_of(mqtt, i), "", mqtt->prefixes[i],
                          MQTT_TOPIC_SIZE - LEVEL_ROOM) &&
               fits;
    choose_others(mqtt);
    for (unsigned i = 0; i < MQTT_PREFIXES; i++) { /* a reply must not be a command */
        if (strcmp(mqtt->prefixes[i], mqtt->prefixes[(i + 1) % MQTT_PREFIXES]) == 0)
            return "Prefix1, Prefix2 and Prefix3 must all be different";
    }
    return fits ? "" : "Topic and FullTopic make a topic that is too long";
}

/* Also said by the port that brokers with TLS have, and by a certificate to compare with: whoever
 * names one must not get a connection without. */
static bool wants_tls(const struct mqtt *mqtt)
{
    return settings_number(mqtt->config.settings, SETTINGS_MQTT_TLS) != 0 ||
           settings_number(mqtt->config.settings, SETTINGS_MQTT_PORT) == TLS_PORT ||
           *text_of(mqtt, SETTINGS_FINGERPRINT1) || *text_of(mqtt, SETTINGS_FINGERPRINT2);
}

static void attempt(struct mqtt *mqtt)
{
    char will[MQTT_TOPIC_SIZE];
    const char *client_id = text_of(mqtt, SETTINGS_MQTT_CLIENT);

    set_timer(mqtt, &mqtt->attempt, ATTEMPT_MS);
    const char *wrong = choose_topics(mqtt);
    if (*wrong || !mqtt_outbox_topic(mqtt, MQTT_TELE, "LWT", will)) {
        tell_lost(mqtt, wrong);
        mqtt_session_input(mqtt, MQTT_LOST);
        return;
    }
    const struct port_mqtt_config config = {
        .host = text_of(mqtt, SETTINGS_MQTT_HOST),
        .port = (uint16_t)settings_number(mqtt->config.settings, SETTINGS_MQTT_PORT),
        .client_id = *client_id ? client_id : mqtt->gateway,
        .user = text_of(mqtt, SETTINGS_MQTT_USER),
        .password = text_of(mqtt, SETTINGS_MQTT_PASSWORD),
        .tls = wants_tls(mqtt),
        .ca_file = "",
        .fingerprints = { text_of(mqtt, SETTINGS_FINGERPRINT1),
                          text_of(mqtt, SETTINGS_FINGERPRINT2) },
        .keepalive_s = KEEPALIVE_S,
        .will_topic = will,
        .will_payload = "Offline",
    };
    const struct port_mqtt_events events = {
        .user = mqtt,
        .connected = connected,
        .disconnected = disconnected,
        .acknowledged = acknowledged,
        .message = message,
    };
    mqtt->client->connect(mqtt->client->self, &config, &events);
}

/* Subscribed first: who sees Online may ask at once. */
static void greet(struct mqtt *mqtt)
{
    char topic[MQTT_TOPIC_SIZE], text[MQTT_TOLD_SIZE];

    mqtt->connects++;
    mqtt->up_since_ms = now_ms(mqtt);
    mqtt->told[0] = '\0';
    mqtt->clock->cancel(mqtt->clock->self, &mqtt->attempt);
    if (mqtt_outbox_topic(mqtt, MQTT_CMND, "#", topic))
        mqtt->client->subscribe(mqtt->client->self, topic, 0);
    for (size_t i = 0; i < mqtt->n_others; i++) {
        snprintf(topic, sizeof(topic), "%s#", mqtt->others[i]);
        mqtt->client->subscribe(mqtt->client->self, topic, 0);
    }
    mqtt_outbox_presence(mqtt, "Online");
    snprintf(text, sizeof(text), "connected to %s as %s", text_of(mqtt, SETTINGS_MQTT_HOST),
             mqtt->gateway);
    tell_link(mqtt, true, text, "");
    mqtt_canon_open(mqtt); /* it knows the site, which the topics of events have in them */
    mqtt_outbox_open(mqtt);
    mqtt_switch_open(mqtt);
}

/* Three quarters of the time and a random part of the last one, so that after a power cut not all
 * gateways of a house knock at the same moment. */
static uint64_t backoff_ms(struct mqtt *mqtt)
{
    const struct port *port = mqtt->config.port;
    const uint64_t longest_ms =
        (uint64_t)settings_number(mqtt->config.settings, SETTINGS_MQTT_RETRY) * 1000;
    uint64_t full_ms = BACKOFF_MS;
    uint8_t byte = 0;

    for (unsigned i = 0; i < mqtt->failures && full_ms < longest_ms; i++)
        full_ms *= 2;
    if (full_ms > longest_ms)
        full_ms = longest_ms;
    port->random(port->random_self, &byte, 1);
    return full_ms * 3 / 4 + full_ms / 4 * byte / 255;
}

static void back_off(struct mqtt *mqtt)
{
    set_timer(mqtt, &mqtt->attempt, backoff_ms(mqtt));
    mqtt->failures++;
}

/* The broker does not say that it knows another client of our name, but so it looks. */
static void look_for_namesake(struct mqtt *mqtt)
{
    const char *client_id = text_of(mqtt, SETTINGS_MQTT_CLIENT);

    if (++mqtt->brief == BRIEF_TELL)
        bus_log(mqtt->config.bus, BUS_WARNING,
                "is there another client of this name? MqttClient gives this one another",
                "the MQTT broker takes %s and drops it again, three times by now",
                *client_id ? client_id : mqtt->gateway);
}

static void lose(struct mqtt *mqtt)
{
    if (now_ms(mqtt) - mqtt->up_since_ms >= STABLE_MS)
        mqtt->failures = mqtt->brief = 0;
    else
        look_for_namesake(mqtt);
    mqtt_outbox_shut(mqtt);
    mqtt_canon_shut(mqtt);
    back_off(mqtt);
}

static void give_up(struct mqtt *mqtt)
{
    mqtt->client->disconnect(mqtt->client->self);
    back_off(mqtt);
    tell_lost(mqtt, "the broker does not answer");
}

static void leave(struct mqtt *mqtt)
{
    mqtt->clock->cancel(mqtt->clock->self, &mqtt->attempt);
    mqtt->client->disconnect(mqtt->client->self);
    mqtt_outbox_shut(mqtt);
    mqtt_canon_shut(mqtt);
    mqtt->failures = mqtt->brief = 0;
}

/* Whether the next connection will tell elsewhere whether we are there. */
static bool is_moving(const struct mqtt *mqtt)
{
    const struct topic_names names = names_of(mqtt);
    char tele[MQTT_TOPIC_SIZE];

    return topic_full(&names, prefix_of(mqtt, MQTT_TELE), "", tele, sizeof(tele)) &&
           strcmp(tele, mqtt->prefixes[MQTT_TELE]) != 0;
}

/* The will speaks for connections that break; one that is ended says the same itself. When all of
 * mi32 ends nobody needs to be told why. */
static void say_goodbye(struct mqtt *mqtt, const char *why)
{
    mqtt_outbox_presence(mqtt, "Offline");
    if (is_moving(mqtt))
        mqtt_outbox_presence(mqtt, ""); /* or the broker would keep the Offline for ever */
    leave(mqtt);
    if (!mqtt->is_started)
        return;
    tell_link(mqtt, false, "", ""); /* no news for people: they wanted it so */
    bus_log(mqtt->config.bus, BUS_INFO, "", "%s", why);
}

static void stop(struct mqtt *mqtt)
{
    leave(mqtt);
    mqtt_outbox_forget(mqtt);
}

static void stop_politely(struct mqtt *mqtt)
{
    say_goodbye(mqtt, "MqttHost was emptied: no MQTT any more");
    mqtt_outbox_forget(mqtt);
}

static void start_anew(struct mqtt *mqtt)
{
    leave(mqtt);
    mqtt->told[0] = '\0'; /* who has changed something wants to know whether it helped */
    tell_link(mqtt, false, "", "");
    attempt(mqtt);
}

static void move_over(struct mqtt *mqtt)
{
    mqtt_tell_health(mqtt, false); /* the name may be another now */
    mqtt_tell_relays(mqtt, false);
    say_goodbye(mqtt, "MQTT settings have changed: connecting anew");
    attempt(mqtt);
}

/* ---- the machine ---- */

static const struct step {
    enum mqtt_state from;
    enum mqtt_input input;
    enum mqtt_state to;
    void (*act)(struct mqtt *mqtt);
} steps[] = {
    { MQTT_OFF, MQTT_CONFIGURED, MQTT_CONNECTING, attempt },
    { MQTT_WAITING, MQTT_CONFIGURED, MQTT_CONNECTING, start_anew },
    { MQTT_WAITING, MQTT_UNCONFIGURED, MQTT_OFF, stop },
    { MQTT_WAITING, MQTT_TIMER, MQTT_CONNECTING, attempt },
    { MQTT_CONNECTING, MQTT_CONFIGURED, MQTT_CONNECTING, start_anew },
    { MQTT_CONNECTING, MQTT_UNCONFIGURED, MQTT_OFF, stop },
    { MQTT_CONNECTING, MQTT_TIMER, MQTT_WAITING, give_up },
    { MQTT_CONNECTING, MQTT_CONNECTED, MQTT_UP, greet },
    { MQTT_CONNECTING, MQTT_LOST, MQTT_WAITING, back_off },
    { MQTT_UP, MQTT_CONFIGURED, MQTT_CONNECTING, move_over },
    { MQTT_UP, MQTT_UNCONFIGURED, MQTT_OFF, stop_politely },
    { MQTT_UP, MQTT_LOST, MQTT_WAITING, lose },
};

void mqtt_session_input(struct mqtt *mqtt, enum mqtt_input input)
{
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (steps[i].from == mqtt->state && steps[i].input == input) {
            mqtt->state = steps[i].to;
            steps[i].act(mqtt);
            return;
        }
    }
}

/* While settings change, the end of that begins anew: a connection made now, with the new settings
 * already, would be ended by it. */
static void attempt_due(void *user)
{
    struct mqtt *mqtt = user;

    if (!mqtt->settle.is_pending)
        mqtt_session_input(mqtt, MQTT_TIMER);
}

static void settled(void *user)
{
    struct mqtt *mqtt = user;

    mqtt_session_input(mqtt,
                       *text_of(mqtt, SETTINGS_MQTT_HOST) ? MQTT_CONFIGURED : MQTT_UNCONFIGURED);
}

void mqtt_session_init(struct mqtt *mqtt)
{
    mqtt->attempt = (struct timer){ .fire = attempt_due, .user = mqtt };
    mqtt->settle = (struct timer){ .fire = settled, .user = mqtt };
}

void mqtt_session_reconfigure(struct mqtt *mqtt)
{
    if (mqtt->is_started)
        set_timer(mqtt, &mqtt->settle, SETTLE_MS);
}

void mqtt_session_close(struct mqtt *mqtt)
{
    mqtt->is_started = false;
    mqtt->clock->cancel(mqtt->clock->self, &mqtt->settle);
    mqtt_session_input(mqtt, MQTT_UNCONFIGURED);
}
