/* radio.h: the radio that `mi32 run --radio SPEC` names. */
#ifndef MI32_PORTS_LINUX_RADIO_H
#define MI32_PORTS_LINUX_RADIO_H

#include "capture/replay.h"
#include "linux/loop.h"
#include "port/radio.h"

#define RADIO_ERROR_SIZE 256

struct radio;

/* Whether this is a SPEC, as far as one can tell without looking at files. */
bool radio_is_spec(const char *spec);

/*
 * SPEC is `auto` or names of adapters (bluetooth.h), `replay:FILE` (see capture.h for what a file
 * may hold), `demo` (plays the source `demo`, which is closed with the radio; for every other SPEC
 * it may be { 0 } and is not touched), or `none`, which stays in PORT_RADIO_WAITING.
 *
 * NULL and a sentence with its remedy in `error` when the SPEC or the file is no good; `demo` is
 * then not closed. The loop is borrowed.
 */
struct radio *radio_new(struct loop *loop, const char *spec, struct replay_source demo,
                        char error[RADIO_ERROR_SIZE]);
void radio_free(struct radio *radio);

/* As bluetooth_address(); false for all other radios. */
bool radio_address(const struct radio *radio, struct mac *out);

const struct port_radio *radio_port(struct radio *radio);

#endif
