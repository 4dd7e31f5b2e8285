/* demo_source.h: the demo house as what a replay radio plays. */
#ifndef MI32_SIM_DEMO_SOURCE_H
#define MI32_SIM_DEMO_SOURCE_H

#include "capture/replay.h"

/* Endless. `start` is that of demo_init(). Closing the source frees it; .next is NULL when there is
 * no memory. */
struct replay_source demo_source(uint32_t start);

/* The `start` of a run that begins at this moment of the wall clock. It grows faster than the demo
 * sends, so that no run looks like a replay of the one before. A clock that was never set (before
 * November 2023) gives 0: its frames are those of sensors with new batteries, and a clock that is
 * right later is ahead of them. */
uint32_t demo_source_start(int64_t unix_s);

#endif
