/* house.h: a queue of jobs, the simulated air with two devices on it, and clients that write down
 * what they are told. */
#ifndef MI32_TESTS_GATT_HOUSE_H
#define MI32_TESTS_GATT_HOUSE_H

#include "gatt/gatt.h"
#include "sim/sim.h"

#define LAMP  "A4C138000001"
#define CLOCK "A4C138000002"

/* What the client was told, an event a word: "1:0=hello" is op 1, error 0, with that value. */
struct teller {
    struct gatt_client client;
    char told[512];
    struct gatt_event last;                                              /* without its data */
    void (*then)(struct teller *teller, const struct gatt_event *event); /* may be NULL */
};

extern struct sim *sim;
extern struct gatt gatt;
extern struct sim_peer lamp, clock_peer;
extern struct sim_gatt_device *lamp_device, *clock_device;
extern struct teller ann, bob;
extern char changes[256];                  /* of the link: "+000001 -000001" */
extern void (*changed)(bool is_connected); /* what else happens at one; may be NULL */

/* Handles at the lamp: service FFF0 with FFF1 that can be read, FFF2 written in both ways, FFF3
 * notifies, FFF4 indicates, FFF5 only written silently; FFF6 does not say that it can do anything.
 */
extern uint16_t fff1, fff2, fff3, fff4, fff5;

int house_setup(void **state);
int house_teardown(void **state);

/* A job for the lamp's service FFF0. */
struct gatt_job job_of(struct teller *teller, enum gatt_op op, uint16_t characteristic,
                       bool is_once);

/* Runs one job to its end: what the teller was told meanwhile. */
const char *run(struct gatt_job *job);

/* What the teller was told since the last call of this, when all that is due was done. */
const char *heard(struct teller *teller);

#endif
