/*
 * mqtt_pin.h: believes one certificate of a broker, known by its fingerprint, instead of those that
 * an authority signed; private to this folder. For brokers whose certificate nobody signed.
 */
#ifndef MI32_PORTS_LINUX_MQTT_PIN_H
#define MI32_PORTS_LINUX_MQTT_PIN_H

#include "port/mqtt.h"

struct mosquitto;

#define MQTT_PIN_TEXT_SIZE 65 /* a SHA-256 in hex digits and a zero */

struct mqtt_pin {
    struct {
        uint8_t bytes[32];
        size_t len; /* 20 of a SHA-1, 32 of a SHA-256, 0 for none */
    } pins[2];
    char refused[MQTT_PIN_TEXT_SIZE]; /* SHA-256 of a certificate that was none of these; "" */
};

/* Whether the configuration has a fingerprint. */
bool mqtt_pin_is_wanted(const struct port_mqtt_config *config);

/* Makes `client` use TLS and believe these certificates only. *pin must stay as long as the client.
 * libmosquitto's error. */
int mqtt_pin_set(struct mqtt_pin *pin, struct mosquitto *client,
                 const struct port_mqtt_config *config);

#endif
