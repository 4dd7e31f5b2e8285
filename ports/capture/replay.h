/*
 * replay.h: a radio that plays adverts at the pace they were recorded, by the port's clock: those
 * of a file, or those that a generator makes up as it goes. It needs no system, so ports/sim has
 * it too.
 */
#ifndef MI32_PORTS_CAPTURE_REPLAY_H
#define MI32_PORTS_CAPTURE_REPLAY_H

#include "capture/capture.h"
#include "port/clock.h"
#include "port/radio.h"

#define REPLAY_STEP_MS 100 /* between lines that have no time */

/* Where the adverts come from, as capture_next() gives them. A generator sets every member of *out
 * (capture_clear() of line.h is not needed: *out comes cleared), lets out->advert.data be, and
 * never says CAPTURE_END when it has no end. */
struct replay_source {
    void *user;
    enum capture_result (*next)(void *user, struct capture_advert *out,
                                struct capture_fault *fault);
    void (*close)(void *user); /* once, by replay_free(); may be NULL */
};

/* The source that reads a recording; it borrows the reader. */
struct replay_source replay_from_reader(struct capture_reader *reader);

struct replay;

/* A radio called `name` (copied, up to 63 bytes). The clock is borrowed. NULL without memory; the
 * source is then not closed. */
struct replay *replay_new(const struct port_clock *clock, const char *name,
                          struct replay_source source);
void replay_free(struct replay *replay);

/*
 * `t` of the first advert is the moment of start(); each further one comes as much later as its `t`
 * says, one without `t` REPLAY_STEP_MS after the one before. A `t` that goes back (two recordings
 * in one file) goes on at once from there. The first line that cannot be played is reported when
 * it is met, the number of all at the end; the others are played. A source that ends leaves the
 * radio in PORT_RADIO_ENDED.
 */
const struct port_radio *replay_radio(struct replay *replay);

#endif
