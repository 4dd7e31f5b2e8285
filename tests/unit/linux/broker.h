/* broker.h: a real mosquitto on a free port of this machine, for one test. */
#ifndef MI32_TESTS_LINUX_BROKER_H
#define MI32_TESTS_LINUX_BROKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct broker {
    pid_t pid;
    uint16_t port;
    int log_fd;
    char folder[32]; /* its configuration */
    char log[4096];  /* what it said and nobody waited for yet */
};

/* Further lines of its configuration, each with its end; "" for an open broker. */
void broker_start(struct broker *broker, const char *more);

/* Writes a file of one user and password, in the form of mosquitto, to the broker's folder; before
 * broker_start(). The line of the configuration that names it is returned, good until the next. */
const char *broker_user(struct broker *broker, const char *user, const char *password);

/* Makes, in the broker's folder, an authority (ca.pem), a certificate of it for "localhost"
 * (broker.pem), good for so many days ("0": over already), and its fingerprints (sha1, sha256), by
 * openssl; before broker_start(). The lines of the configuration for TLS are returned, good until
 * the next. */
const char *broker_tls(struct broker *broker, const char *days);

/* The first line of a file in the broker's folder, in `out`. */
const char *broker_text_of(const struct broker *broker, const char *name, char *out, size_t size);

/* Waits until the broker has logged a line with this text in it, and returns that line. */
const char *broker_wait(struct broker *broker, const char *text);

void broker_signal(const struct broker *broker, int number);

/* Ends it, by SIGKILL; nothing when it does not run. */
void broker_stop(struct broker *broker);

/* A port nobody listens at. Until this program ends nobody else is given it either, but who asks
 * for it by number, as a broker does. */
uint16_t broker_free_port(void);

#endif
