#include "linux/mqtt_reason.h"

#include <mosquitto.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What the broker itself says against us. */
static const char *of_connack(int code)
{
    static const char *const texts[] = {
        [1] = "the broker does not speak MQTT 3.1.1",
        [2] = "the broker refuses the client's name: choose another one with MqttClient",
        [3] = "the broker is not ready to take clients",
        [4] = "bad user name or password: set them with MqttUser and MqttPassword",
        [5] = "bad user name or password, or this user may not connect: set them with MqttUser and "
              "MqttPassword",
    };

    return code > 0 && code <= 5 ? texts[code] : "the broker refused the connection";
}

static const char *of_system(int error)
{
    switch (error) {
    case ECONNREFUSED:
        return "connection refused";
    case ETIMEDOUT:
        return "no answer";
    case ENETUNREACH:
    case EHOSTUNREACH:
        return "it cannot be reached from this network";
    default:
        return strerror(error);
    }
}

/* "OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed": the end of it. */
static const char *of_tls(const char *log)
{
    const char *colon = strrchr(log, ':');
    const char *text = colon ? colon + 1 : log;

    return text[0] != '\0' ? text : "no TLS at that port?";
}

void mqtt_reason(const struct mqtt_failure *failure, const char *host, uint16_t port,
                 char out[MQTT_REASON_SIZE])
{
    const unsigned p = port;

    if (failure->connack > 0)
        snprintf(out, MQTT_REASON_SIZE, "%s", of_connack(failure->connack));
    else if (failure->error == MOSQ_ERR_EAI)
        snprintf(out, MQTT_REASON_SIZE,
                 "the name %.200s is not known: is MqttHost right, and the network up?", host);
    else if (failure->refused && failure->refused[0])
        snprintf(out, MQTT_REASON_SIZE,
                 "the certificate of %.100s is not that of MqttFingerprint; its SHA-256 is %s",
                 host, failure->refused);
    else if (failure->error == MOSQ_ERR_TLS || strstr(failure->log, "OpenSSL"))
        snprintf(
            out, MQTT_REASON_SIZE,
            "certificate not accepted: %.150s; is it made for %.100s, and signed by an authority "
            "this machine knows?",
            of_tls(failure->log), host);
    else if (failure->error == MOSQ_ERR_ERRNO)
        snprintf(out, MQTT_REASON_SIZE, "%s: is the broker running at %.200s:%u?",
                 of_system(failure->system_error), host, p);
    else if (failure->error == MOSQ_ERR_KEEPALIVE)
        snprintf(out, MQTT_REASON_SIZE, "the broker at %.200s:%u does not answer any more", host,
                 p);
    else if (failure->error == MOSQ_ERR_CONN_LOST || failure->error == MOSQ_ERR_NO_CONN)
        snprintf(out, MQTT_REASON_SIZE, "the broker at %.200s:%u ended the connection", host, p);
    else
        snprintf(out, MQTT_REASON_SIZE, "%s (%.200s:%u)", mosquitto_strerror(failure->error), host,
                 p);
}
