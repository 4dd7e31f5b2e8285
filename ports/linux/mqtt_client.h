/*
 * mqtt_client.h: port/mqtt.h by libmosquitto. Each attempt to connect has a thread of its own,
 * which looks the name up, connects, does the TLS handshake and moves the bytes; the loop only
 * hands messages over and takes events. A broker that is slow, silent or gone can therefore not
 * hold up the loop.
 */
#ifndef MI32_PORTS_LINUX_MQTT_CLIENT_H
#define MI32_PORTS_LINUX_MQTT_CLIENT_H

#include "port/mqtt.h"

#include "linux/loop.h"

#define MQTT_CLIENT_ANSWER_MS 30000 /* a broker that has not let us in by then is given up */

/* What may be on its way to the broker at a time; publish() beyond that is PORT_MQTT_BUSY. */
#define MQTT_CLIENT_UNSENT_MAX       1024
#define MQTT_CLIENT_UNSENT_BYTES_MAX (1024 * 1024)

struct mqtt_client;

/* NULL without memory. */
struct mqtt_client *mqtt_client_new(struct loop *loop);

/* Another time than MQTT_CLIENT_ANSWER_MS for the attempts to come. */
void mqtt_client_set_patience(struct mqtt_client *mqtt, uint32_t answer_ms);

/* Waits up to a second for the goodbye of disconnect() to leave. */
void mqtt_client_free(struct mqtt_client *mqtt);

const struct port_mqtt *mqtt_client_port(struct mqtt_client *mqtt);

#endif
