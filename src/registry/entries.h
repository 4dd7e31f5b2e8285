/*
 * entries.h: the objects of a JSON array, one by one and each by cJSON alone, so that a damaged one
 * is known by its line and takes no other with it. Private to the registry.
 */
#ifndef MI32_REGISTRY_ENTRIES_H
#define MI32_REGISTRY_ENTRIES_H

#include "registry/registry.h"

#include <cjson/cJSON.h>

struct entries {
    const char *text;
    size_t len, at;
    unsigned line;     /* of `at`, from 1 */
    unsigned problems; /* reported so far */
    bool is_odd;       /* told already that the array is none or breaks off */
    bool ended;
    registry_problem problem;
    void *user;
};

/* Starts at text; the array's bracket may be missing (reported). */
void entries_open(struct entries *e, const char *text, size_t len, registry_problem problem,
                  void *user);

#define ENTRIES_PROBLEMS_MAX 100

/* The next object, to be freed by cJSON_Delete, and the line on which it begins; NULL at the end,
 * and after too many problems. What lies between and cannot be read is reported; one damage once.
 */
cJSON *entries_next(struct entries *e, unsigned *line);

/* Reports something about the object at `line`. */
void entries_report(struct entries *e, unsigned line, const char *reason);

#endif
