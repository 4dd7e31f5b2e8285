/* mqtt_reason.h: why a connection failed or ended, as a sentence; private to this folder. */
#ifndef MI32_PORTS_LINUX_MQTT_REASON_H
#define MI32_PORTS_LINUX_MQTT_REASON_H

#include <stdbool.h>
#include <stdint.h>

#define MQTT_REASON_SIZE 384

struct mqtt_failure {
    int error;        /* of libmosquitto */
    int system_error; /* errno beside it */
    bool has_tls;
    bool is_answered;    /* by the broker: there is TLS, where it was wanted, and it is right */
    int connack;         /* how it answered, MQTT 3.1.1 table 3.1; 0 before that */
    char log[160];       /* the first error libmosquitto logged, or "" */
    const char *refused; /* fingerprint of a certificate that was not the one wanted, "" or NULL */
};

void mqtt_reason(const struct mqtt_failure *failure, const char *host, uint16_t port,
                 char out[MQTT_REASON_SIZE]);

#endif
