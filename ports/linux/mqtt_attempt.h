/*
 * mqtt_attempt.h: one connection to a broker, from the lookup of its name to its end, in a thread;
 * private to this folder. The loop side holds it and may let go of it at any time, also while the
 * thread waits for an answer that never comes: the thread then cleans up after itself.
 */
#ifndef MI32_PORTS_LINUX_MQTT_ATTEMPT_H
#define MI32_PORTS_LINUX_MQTT_ATTEMPT_H

#include "port/mqtt.h"

#include "linux/loop.h"

struct attempt;

enum attempt_event_kind {
    ATTEMPT_CONNECTED,
    ATTEMPT_PUBLISHED, /* message_id has left (QoS 0) or was taken by the broker (QoS 1) */
    ATTEMPT_MESSAGE,
    ATTEMPT_OVER, /* the last event; `reason` says why */
};

struct attempt_event {
    struct attempt_event *next;
    enum attempt_event_kind kind;
    int message_id;
    bool is_retained;
    size_t len;       /* of the payload */
    const char *text; /* the topic, or the reason */
    const char *payload;
    char bytes[]; /* both of them */
};

#define ATTEMPT_GOODBYE_MS 1000 /* how long a program that ends waits for a goodbye to leave */

/* Starts a thread; `arrived` is posted to the loop whenever attempt_take() has something. NULL
 * without memory or threads. The task is the caller's and must not be touched before
 * attempt_let_go(). `previous`, or NULL, was let go of: it is taken over and its goodbye waited
 * for, or the broker would take the new connection for the same client coming twice, and send the
 * will. */
struct attempt *attempt_start(struct loop *loop, struct loop_task *arrived,
                              const struct port_mqtt_config *config, struct attempt *previous);

/* All events since the last call, oldest first; the caller frees each with free(). */
struct attempt_event *attempt_take(struct attempt *attempt);

/* As port_mqtt.publish and .subscribe; only once ATTEMPT_CONNECTED came. */
int attempt_publish(struct attempt *attempt, const char *topic, const char *payload, size_t len,
                    int qos, bool retain);
int attempt_subscribe(struct attempt *attempt, const char *filter, int qos);

/* Ends it: nothing is posted any more. With `is_polite` the broker is told goodbye first, after
 * what was published before. */
void attempt_let_go(struct attempt *attempt, bool is_polite);

/* After attempt_let_go(): waits until the thread is through, but not longer than `wait_ms`, and
 * forgets it. Waits not at all for 0. */
void attempt_forget(struct attempt *attempt, uint32_t wait_ms);

#endif
