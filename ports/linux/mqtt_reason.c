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

/* Before the broker answered. Whatever ends a connection later, no certificate is to blame. */
static bool is_tls(const struct mqtt_failure *failure)
{
    return !failure->is_answered &&
           (failure->error == MOSQ_ERR_TLS || strstr(failure->log, "OpenSSL") ||
            strstr(failure->log, "host name"));
}

/* Of "OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed" the end. */
static void put_tls(const struct mqtt_failure *failure, const char *host, unsigned port,
                    char out[MQTT_REASON_SIZE])
{
    const char *log = failure->log, *colon = strrchr(log, ':');

    if (strstr(log, "host name"))
        snprintf(out, MQTT_REASON_SIZE, "certificate not accepted: it is not made for %.200s",
                 host);
    else if (strstr(log, "certificate verify failed"))
        snprintf(out, MQTT_REASON_SIZE,
                 "certificate not accepted: is it signed by an authority that this machine knows, "
                 "and valid today (by this machine's clock)?");
    else
        snprintf(out, MQTT_REASON_SIZE,
                 "no TLS connection with %.100s:%u (%.100s): does the broker speak TLS there?",
                 host, port, colon && colon[1] ? colon + 1 : "it ends at once");
}

/* With TLS a broken connection is a broken protocol. */
static bool is_ended(const struct mqtt_failure *failure)
{
    static const int numbers[] = { 0, ECONNRESET, EPIPE, EPROTO };

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (failure->error == MOSQ_ERR_ERRNO && failure->system_error == numbers[i])
            return true;
    }
    return failure->error == MOSQ_ERR_CONN_LOST || failure->error == MOSQ_ERR_NO_CONN ||
           failure->error == MOSQ_ERR_TLS;
}

static bool is_nonsense(const struct mqtt_failure *failure)
{
    return failure->error == MOSQ_ERR_PROTOCOL || failure->error == MOSQ_ERR_MALFORMED_PACKET ||
           (failure->error == MOSQ_ERR_ERRNO && failure->system_error == 0);
}

/* Of a connection that somebody took, but no broker has answered. False for other failures. */
static bool put_unanswered(const struct mqtt_failure *failure, const char *host, unsigned port,
                           char out[MQTT_REASON_SIZE])
{
    if (is_nonsense(failure))
        snprintf(out, MQTT_REASON_SIZE,
                 "what answers at %.200s:%u is no MQTT broker: is MqttPort right?", host, port);
    else if (is_ended(failure))
        snprintf(out, MQTT_REASON_SIZE,
                 "%.200s:%u ended the connection without an answer: is it a broker's port%s?", host,
                 port, failure->has_tls ? "" : ", and does it want TLS (MqttTLS 1)");
    return is_nonsense(failure) || is_ended(failure);
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
    else if (is_tls(failure))
        put_tls(failure, host, p, out);
    else if (!failure->is_answered && put_unanswered(failure, host, p, out))
        return;
    else if (is_ended(failure))
        snprintf(out, MQTT_REASON_SIZE, "the broker at %.200s:%u ended the connection", host, p);
    else if (failure->error == MOSQ_ERR_ERRNO)
        snprintf(out, MQTT_REASON_SIZE, "%s: is the broker running at %.200s:%u?",
                 of_system(failure->system_error), host, p);
    else if (failure->error == MOSQ_ERR_KEEPALIVE)
        snprintf(out, MQTT_REASON_SIZE, "the broker at %.200s:%u does not answer any more", host,
                 p);
    else
        snprintf(out, MQTT_REASON_SIZE, "%s (%.200s:%u)", mosquitto_strerror(failure->error), host,
                 p);
}
