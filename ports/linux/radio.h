/* radio.h: the radio that `mi32 run --radio SPEC` names. */
#ifndef MI32_PORTS_LINUX_RADIO_H
#define MI32_PORTS_LINUX_RADIO_H

#include "capture/replay.h"
#include "port/clock.h"
#include "port/radio.h"

#define RADIO_ERROR_SIZE 256

struct radio;

/*
 * SPEC is `replay:FILE` (see capture.h for what a file may hold), `demo` (plays the source `demo`,
 * which is closed with the radio; for every other SPEC it may be { 0 } and is not touched), `none`,
 * or `auto` and names of adapters, which are not listened to yet and say so. Each but a replay and
 * the demo stays in PORT_RADIO_WAITING.
 *
 * NULL and a sentence with its remedy in `error` when the SPEC or the file is no good; `demo` is
 * then not closed. The clock is borrowed.
 */
struct radio *radio_new(const struct port_clock *clock, const char *spec, struct replay_source demo,
                        char error[RADIO_ERROR_SIZE]);
void radio_free(struct radio *radio);

const struct port_radio *radio_port(struct radio *radio);

#endif
