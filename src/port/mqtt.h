/* mqtt.h: one connection to a broker (MQTT 3.1.1). When and how often to try, and what to keep
 * while it is down, is decided by the room mqtt; the port makes one attempt each time. */
#ifndef MI32_PORT_MQTT_H
#define MI32_PORT_MQTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct port_mqtt_config {
    const char *host;
    uint16_t port;
    const char *client_id;
    const char *user;     /* "" for none */
    const char *password; /* "" for none */
    bool tls;             /* the server's certificate is checked against the system's authorities */
    const char *ca_file;  /* instead of the system's; "" for those */
    const char *fingerprints[2]; /* "" for none: SHA-1 or SHA-256 of a certificate, hex digits with
                                    blanks or colons; where there is one, such a certificate is
                                    believed and no other, whoever signed it */
    uint16_t keepalive_s;
    const char *will_topic; /* retained, QoS 1 */
    const char *will_payload;
};

struct port_mqtt_events {
    void *user;
    void (*connected)(void *user);

    /* An attempt failed or a connection ended; `reason` is a sentence for people. Never comes after
     * disconnect(). */
    void (*disconnected)(void *user, const char *reason);

    /* The broker has taken the QoS 1 message that publish() gave this number. */
    void (*acknowledged)(void *user, int message_id);

    void (*message)(void *user, const char *topic, const char *payload, size_t len, bool retained);
};

enum port_mqtt_error {
    PORT_MQTT_NOT_CONNECTED = -1,
    PORT_MQTT_REFUSED = -2, /* a topic or payload the library does not take */
    PORT_MQTT_BUSY = -3,    /* too much is on its way to a slow broker: keep it, try again later */
};

struct port_mqtt {
    void *self;

    /* Starts one attempt with a clean session; `connected` or `disconnected` follows. Both structs
     * and all texts are copied. A connection there was before is dropped silently. */
    void (*connect)(void *self, const struct port_mqtt_config *config,
                    const struct port_mqtt_events *events);

    /* Says goodbye (the broker sends no will) and forgets the connection; nothing is called back
     * any more. */
    void (*disconnect)(void *self);

    /* Hands one message over; the payload is copied. The message's number (0 or more, for
     * `acknowledged`), or an error. */
    int (*publish)(void *self, const char *topic, const char *payload, size_t len, int qos,
                   bool retain);

    /* 0 or an error. */
    int (*subscribe)(void *self, const char *filter, int qos);
};

#endif
