/*
 * demo.h: the demo house. An endless row of adverts of some twenty invented sensors, encoded here
 * from the documented formats (docs/demo.md) and not by the code that decodes them, so that playing
 * it is a check too. The same `start` and the same number of calls always give the same bytes.
 */
#ifndef MI32_SIM_DEMO_H
#define MI32_SIM_DEMO_H

#include "base/advert.h"
#include "crypto/crypto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEMO_ROUND_MS    (4 * 60 * 1000) /* after this the story begins anew; counters go on */
#define DEMO_DATA_MAX    64
#define DEMO_VALUES_MAX  8
#define DEMO_SENSORS_MAX 32

/* One value as the generator meant it, under the names of the manual's vocabulary. */
struct demo_value {
    const char *name;
    int64_t value; /* value * 10^scale10; 1 and 0 for true and false */
    int8_t scale10;
    bool is_bool;
    const char *word; /* instead of a number, or NULL */
};

/* One advert. Good until the next demo_next(). */
struct demo_line {
    uint64_t t_ms; /* since the start of the story */
    const char *name;
    struct mac addr;
    uint8_t addr_type;
    int8_t rssi;
    size_t len;
    uint8_t data[DEMO_DATA_MAX];
    const char *outcome; /* what a decoder that knows the house's keys says */
    const char *format;  /* "" for none */
    size_t n;
    struct demo_value values[DEMO_VALUES_MAX];
};

/* One sensor of the house, for its mi32cfg. */
struct demo_sensor {
    const char *name;
    const char *mac;
    uint8_t addr_type;
    const char *product_id; /* four hex digits; "0000" for a format without ids */
    const char *model;
    const char *key; /* hex digits as mi32cfg has them; "" for none or unknown */
    bool is_listed;  /* in the mi32cfg */
};

/* Visible so that the caller can place it; all of it is private. */
struct demo {
    uint32_t start;
    uint64_t due_ms[DEMO_SENSORS_MAX];
    uint32_t sent[DEMO_SENSORS_MAX];  /* distinct frames so far */
    uint8_t repeat[DEMO_SENSORS_MAX]; /* how often the present one was sent again */
    struct cx_ccm_key keys[DEMO_SENSORS_MAX];
    struct demo_line line[DEMO_SENSORS_MAX];
};

/* `start` is added to every frame counter: a number that grows from one run of the program to the
 * next (seconds of the wall clock, say), or the frames would be replays. False without memory. */
bool demo_init(struct demo *demo, uint32_t start);
void demo_free(struct demo *demo);

/* The next advert in the order of time. Never ends. */
const struct demo_line *demo_next(struct demo *demo);

#define DEMO_MI32CFG_SIZE 8192

/* Writes the house's mi32cfg, one line, and a zero. Returns its length; 0 when it does not fit. */
size_t demo_mi32cfg(char *out, size_t size);

/* The nth sensor of the house; NULL behind the last. */
const struct demo_sensor *demo_sensor(size_t n);

#endif
