/* vectors.h: the files of tests/vectors as adverts with keys and expectations. */
#ifndef MI32_TESTS_VECTORS_H
#define MI32_TESTS_VECTORS_H

#include "beacon/beacon.h"

#include <cjson/cJSON.h>

#include <stdbool.h>
#include <stddef.h>

struct vector {
    cJSON *line;
    const char *file, *name;
    const cJSON *expect;
    uint8_t bytes[ADVERT_LEN_MAX];
    struct advert advert; /* data is bytes */
    struct beacon_key key;
};

/* Calls `each` for every line of every .jsonl file of tests/vectors; returns how many there were.
 * The program ends when a file cannot be read or a line is not a vector. */
size_t vectors_each(void (*each)(const struct vector *v, void *user), void *user);

#endif
