/* device.h: a simulated Xiaomi device, which plays the dialogues of ../mijia/transcripts.h and goes
 * away where the test says. */
#ifndef MI32_TEST_PAIRING_DEVICE_H
#define MI32_TEST_PAIRING_DEVICE_H

#include "../mijia/transcripts.h"

#include "sim/sim.h"

#define NEVER ((size_t)-1)

/* What it does on one connection: one dialogue, then maybe another. Instead of line `leaves_at`,
 * counted through both, it drops the connection; instead of line `falls_silent_at` and from there
 * on it says nothing more. */
struct visit {
    const struct line *first, *second;
    size_t leaves_at, falls_silent_at;
};

struct device {
    struct sim_peer peer;
    struct sim_gatt *air;
    struct visit visits[6];
    uint16_t control, data, auth; /* handles */
    unsigned attempt;             /* that the place belongs to */
    size_t at;                    /* the next line */
    unsigned surprises;           /* writes that are not in the dialogue */
};

/* Puts it on the air; `visits` (at most 6) end with one whose `first` is NULL. */
void device_open(struct device *device, struct sim *sim, const char *mac,
                 const struct visit *visits);

#endif
