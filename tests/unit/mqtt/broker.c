#include "broker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void connect_port(void *self, const struct port_mqtt_config *config,
                         const struct port_mqtt_events *events)
{
    struct broker *b = self;

    b->attempts++;
    b->filters[0] = '\0';
    b->is_attempting = true;
    b->is_connected = false;
    b->is_secure = config->tls;
    b->events = *events;
    snprintf(b->config, sizeof(b->config), "%s:%u %s %s will %s %s", config->host,
             (unsigned)config->port, config->client_id, config->user, config->will_topic,
             config->will_payload);
}

static void disconnect_port(void *self)
{
    struct broker *b = self;

    b->goodbyes++;
    b->is_attempting = b->is_connected = false;
}

static int publish_port(void *self, const char *topic, const char *payload, size_t len, int qos,
                        bool retain)
{
    struct broker *b = self;
    const size_t size = strlen(topic) + len + 8;

    if (!b->is_connected)
        return PORT_MQTT_NOT_CONNECTED;
    if (b->is_busy)
        return PORT_MQTT_BUSY;
    if (b->n == b->room) {
        b->room = b->room ? 2 * b->room : 64;
        b->messages = realloc(b->messages, b->room * sizeof(*b->messages));
        assert_non_null(b->messages);
    }
    struct broker_message *m = &b->messages[b->n++];
    *m = (struct broker_message){ malloc(size), b->next_id++, qos == 0 };
    assert_non_null(m->text);
    snprintf(m->text, size, "%d%s %s %.*s", qos, retain ? "r" : "", topic, (int)len, payload);
    return m->id;
}

static int subscribe_port(void *self, const char *filter, int qos)
{
    struct broker *b = self;

    (void)qos;
    const size_t used = strlen(b->filters);
    snprintf(b->filters + used, sizeof(b->filters) - used, "%s%s", used ? " " : "", filter);
    return 0;
}

void broker_open(struct broker *b)
{
    *b = (struct broker){
        .port = { b, connect_port, disconnect_port, publish_port, subscribe_port },
        .next_id = 1,
    };
}

void broker_clear(struct broker *b)
{
    for (size_t i = 0; i < b->n; i++)
        free(b->messages[i].text);
    b->n = 0;
}

void broker_close(struct broker *b)
{
    broker_clear(b);
    free(b->messages);
}

void broker_accept(struct broker *b)
{
    assert_true(b->is_attempting);
    b->is_attempting = false;
    b->is_connected = true;
    b->events.connected(b->events.user);
}

void broker_fail(struct broker *b, const char *reason)
{
    assert_true(b->is_attempting || b->is_connected);
    b->is_attempting = b->is_connected = false;
    for (size_t i = 0; i < b->n; i++)
        b->messages[i].is_acknowledged = true; /* never to come */
    b->events.disconnected(b->events.user, reason);
}

unsigned broker_acknowledge(struct broker *b, bool all)
{
    unsigned acknowledged = 0;

    for (size_t i = 0, end = b->n; i < (all ? b->n : end); i++) {
        if (b->messages[i].is_acknowledged)
            continue;
        b->messages[i].is_acknowledged = true;
        acknowledged++;
        b->events.acknowledged(b->events.user, b->messages[i].id);
    }
    return acknowledged;
}

unsigned broker_pending(const struct broker *b)
{
    unsigned n = 0;

    for (size_t i = 0; i < b->n; i++)
        n += !b->messages[i].is_acknowledged;
    return n;
}

void broker_send(struct broker *b, const char *topic, const char *payload)
{
    b->events.message(b->events.user, topic, payload, strlen(payload), false);
}

void broker_recall(struct broker *b, const char *topic, const char *payload)
{
    b->events.message(b->events.user, topic, payload, strlen(payload), true);
}

/* What follows the topic in the text of a message of that topic, else NULL. */
static const char *payload_of(const char *text, const char *topic)
{
    const char *at = strchr(text, ' ');
    const size_t len = strlen(topic);

    if (!at || strncmp(at + 1, topic, len) != 0 || at[1 + len] != ' ')
        return NULL;
    return at + len + 2;
}

const char *broker_last(const struct broker *b, const char *topic, bool *is_retained)
{
    for (size_t i = b->n; i-- > 0;) {
        const char *payload = payload_of(b->messages[i].text, topic);
        if (!payload)
            continue;
        if (is_retained)
            *is_retained = b->messages[i].text[1] == 'r';
        return payload;
    }
    return NULL;
}

unsigned broker_count(const struct broker *b, const char *topic)
{
    unsigned n = 0;

    for (size_t i = 0; i < b->n; i++)
        n += payload_of(b->messages[i].text, topic) != NULL;
    return n;
}

const char *broker_text(const struct broker *b, size_t n)
{
    return n < b->n ? b->messages[n].text : "";
}
