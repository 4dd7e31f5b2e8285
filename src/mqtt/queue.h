/*
 * queue.h (of the room mqtt): events on their way to the broker, oldest first.
 *
 * A record is what an event's message is made of, not the message: 32 bytes and 16 for each value.
 * Records lie in chunks of 4 KB that come and go with the need, so a quiet house holds one chunk
 * and 10,000 button presses (three values each) about 800 KB. Records never move: a pointer is good
 * until its record is acknowledged or dropped.
 */
#ifndef MI32_MQTT_QUEUE_H
#define MI32_MQTT_QUEUE_H

#include "base/mac.h"
#include "registry/registry.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mqtt_value {
    int64_t value;
    uint8_t kind, nth;
    int8_t scale10;
};

struct mqtt_record {
    uint64_t heard_ms;
    struct registry_fid fid;
    int32_t message_id; /* private */
    struct mac mac;
    int8_t rssi;
    bool is_authentic;
    uint8_t n;
    struct mqtt_value values[]; /* n of them */
};

struct mqtt_chunk;

/* A place in the queue. */
struct mqtt_place {
    struct mqtt_chunk *chunk;
    size_t at;
};

/* Private, visible to be placed. Begins as { .max = N }. */
struct mqtt_queue {
    uint32_t max;
    uint32_t count;
    uint32_t in_flight; /* sent, not acknowledged, not dropped */
    uint32_t dropped;
    struct mqtt_place head, send, tail; /* the oldest, the next to send, behind the newest */
};

/* Room for a record of `n` values at the end, to be filled in by the caller (n is set). When the
 * queue is full the oldest record goes for it, counted in `dropped`. NULL without memory: the new
 * one is then counted as dropped. */
struct mqtt_record *mqtt_queue_push(struct mqtt_queue *queue, uint8_t n);

/* The oldest record that was not sent yet; NULL when there is none. */
struct mqtt_record *mqtt_queue_next(struct mqtt_queue *queue);

/* The record that mqtt_queue_next() gave went out under this number. */
void mqtt_queue_sent(struct mqtt_queue *queue, int message_id);

/* The record that mqtt_queue_next() gave can never go out: it is dropped, and counted. */
void mqtt_queue_skip(struct mqtt_queue *queue);

/* The broker has it. False when no record waits for this number. */
bool mqtt_queue_acknowledged(struct mqtt_queue *queue, int message_id);

/* The connection broke: what was sent and not acknowledged is to be sent again. */
void mqtt_queue_rewind(struct mqtt_queue *queue);

void mqtt_queue_clear(struct mqtt_queue *queue);

#endif
