/* demo_source.h: the demo house as what a replay radio plays. */
#ifndef MI32_SIM_DEMO_SOURCE_H
#define MI32_SIM_DEMO_SOURCE_H

#include "capture/replay.h"

/* Endless. `start` is that of demo_init(). Closing the source frees it; .next is NULL when there is
 * no memory. */
struct replay_source demo_source(uint32_t start);

#endif
