/* run.h: the gateway of `mi32 run`, for a subcommand that finds none running. */
#ifndef MI32_APPS_RUN_H
#define MI32_APPS_RUN_H

#include <stdbool.h>
#include <stddef.h>

/* The data directory: `data`, or where that is NULL the usual place for this radio. False when
 * there is none, without $HOME. */
bool run_data_dir(const char *data, const char *radio, char *out, size_t size);

/*
 * Lives as the gateway of `data` (NULL: the usual place) until it is told to end: with radio, files
 * and control socket, without a broker and without a word on standard output. `ready` is called
 * when it can be talked to. CLI_OK, or what to exit with after it was told on standard error.
 */
int run_beside(const char *data, const char *radio, void (*ready)(void *user), void *user);

#endif
