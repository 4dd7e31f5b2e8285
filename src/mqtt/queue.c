#include "mqtt/queue.h"

#include <assert.h>
#include <stdlib.h>

#define CHUNK_WORDS 510 /* with the header 4 KB */

#define UNSENT       (-1)
#define ACKNOWLEDGED (-2)

struct mqtt_chunk {
    struct mqtt_chunk *next;
    size_t used;                 /* words */
    uint64_t words[CHUNK_WORDS]; /* records one behind the other, each from a word of its own */
};

static size_t words_of(uint8_t n)
{
    const size_t bytes = sizeof(struct mqtt_record) + n * sizeof(struct mqtt_value);

    return (bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t);
}

static struct mqtt_record *record_at(struct mqtt_place place)
{
    return (struct mqtt_record *)(void *)&place.chunk->words[place.at];
}

/* From the end of a chunk to the start of the next, where there is one. */
static void normalise(struct mqtt_place *place)
{
    if (place->chunk && place->at == place->chunk->used && place->chunk->next)
        *place = (struct mqtt_place){ place->chunk->next, 0 };
}

static void advance(struct mqtt_place *place)
{
    place->at += words_of(record_at(*place)->n);
    normalise(place);
}

static bool same_place(struct mqtt_place a, struct mqtt_place b)
{
    return a.chunk == b.chunk && a.at == b.at;
}

/* Drops the oldest record. The last chunk stays, emptied, for the next event. */
static void pop(struct mqtt_queue *queue)
{
    struct mqtt_chunk *chunk = queue->head.chunk;

    if (same_place(queue->head, queue->send))
        advance(&queue->send);
    else if (record_at(queue->head)->message_id >= 0)
        queue->in_flight--;
    advance(&queue->head);
    queue->count--;
    if (queue->head.chunk != chunk) {
        free(chunk);
    } else if (queue->count == 0) {
        chunk->used = 0;
        queue->head = queue->send = queue->tail = (struct mqtt_place){ chunk, 0 };
    }
}

static bool grow(struct mqtt_queue *queue)
{
    struct mqtt_chunk *chunk = malloc(sizeof(*chunk));

    if (!chunk)
        return false;
    chunk->next = NULL;
    chunk->used = 0;
    if (queue->tail.chunk)
        queue->tail.chunk->next = chunk;
    queue->tail.chunk = chunk;
    queue->tail.at = 0;
    if (!queue->head.chunk)
        queue->head = queue->send = queue->tail;
    normalise(&queue->head);
    normalise(&queue->send);
    return true;
}

struct mqtt_record *mqtt_queue_push(struct mqtt_queue *queue, uint8_t n)
{
    const size_t words = words_of(n);

    assert(words <= CHUNK_WORDS && queue->max > 0);
    if (queue->count == queue->max) {
        pop(queue);
        queue->dropped++;
    }
    if ((!queue->tail.chunk || queue->tail.at + words > CHUNK_WORDS) && !grow(queue)) {
        queue->dropped++;
        return NULL;
    }
    struct mqtt_record *record = record_at(queue->tail);
    queue->tail.at += words;
    queue->tail.chunk->used = queue->tail.at;
    queue->count++;
    record->n = n;
    record->message_id = UNSENT;
    return record;
}

/* Gives free what is acknowledged at the front. */
static void trim(struct mqtt_queue *queue)
{
    while (!same_place(queue->head, queue->send) &&
           record_at(queue->head)->message_id == ACKNOWLEDGED)
        pop(queue);
}

struct mqtt_record *mqtt_queue_next(struct mqtt_queue *queue)
{
    /* after a rewind there may be some that the broker had taken out of turn */
    while (!same_place(queue->send, queue->tail)) {
        struct mqtt_record *record = record_at(queue->send);
        if (record->message_id != ACKNOWLEDGED)
            return record;
        advance(&queue->send);
        trim(queue);
    }
    return NULL;
}

void mqtt_queue_sent(struct mqtt_queue *queue, int message_id)
{
    record_at(queue->send)->message_id = message_id;
    advance(&queue->send);
    queue->in_flight++;
}

void mqtt_queue_skip(struct mqtt_queue *queue)
{
    record_at(queue->send)->message_id = ACKNOWLEDGED;
    advance(&queue->send);
    queue->dropped++;
    trim(queue);
}

bool mqtt_queue_acknowledged(struct mqtt_queue *queue, int message_id)
{
    if (message_id < 0)
        return false;
    for (struct mqtt_place p = queue->head; !same_place(p, queue->send); advance(&p)) {
        if (record_at(p)->message_id != message_id)
            continue;
        record_at(p)->message_id = ACKNOWLEDGED;
        queue->in_flight--;
        trim(queue);
        return true;
    }
    return false;
}

void mqtt_queue_rewind(struct mqtt_queue *queue)
{
    for (struct mqtt_place p = queue->head; !same_place(p, queue->send); advance(&p)) {
        if (record_at(p)->message_id >= 0)
            record_at(p)->message_id = UNSENT;
    }
    queue->in_flight = 0;
    queue->send = queue->head;
}

void mqtt_queue_clear(struct mqtt_queue *queue)
{
    struct mqtt_chunk *chunk = queue->head.chunk;

    while (chunk) {
        struct mqtt_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    *queue = (struct mqtt_queue){ .max = queue->max, .dropped = queue->dropped };
}
