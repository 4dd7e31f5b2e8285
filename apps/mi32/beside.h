/*
 * beside.h: a gateway to talk to. The one that is running; where none runs, one of our own, in a
 * process beside this one, which has taken the lock of the data directory and opened the radio, and
 * saves and ends when this subcommand does.
 */
#ifndef MI32_APPS_BESIDE_H
#define MI32_APPS_BESIDE_H

#include "linux/child.h"
#include "linux/control_client.h"

#include <stdbool.h>

/* The help of the options that beside_option() takes. */
#define BESIDE_HELP                                                                                \
    "      --data DIR          the data directory, and\n"                                          \
    "      --radio WHAT        the radio (see 'mi32 run --help'), where no gateway is running\n"

#define BESIDE_OPTIONS                                                                             \
    { "data", required_argument, NULL, BESIDE_DATA },                                              \
    {                                                                                              \
        "radio", required_argument, NULL, BESIDE_RADIO                                             \
    }

enum { BESIDE_DATA = 1024, BESIDE_RADIO };

struct beside {
    const char *data, *radio; /* as the user wants it; NULL: as `mi32 run` does */
    bool needs_running;       /* none of our own: where none runs, that is told */
    struct control_client client;

    bool is_open; /* private */
    struct child child;
};

/* Takes one of BESIDE_OPTIONS: CLI_OK, or CLI_USAGE after that was told. */
int beside_option(struct beside *beside, const char *subcommand, int option, const char *argument);

/* Opens `client`. CLI_OK, or what to exit with after it was told. beside_close() is due either way.
 */
int beside_open(struct beside *beside);
void beside_close(struct beside *beside);

/* Whether the gateway is one of our own, which has only just begun. */
bool beside_is_own(const struct beside *beside);

/* Waits until a radio listens, as long as one may be about to. CLI_OK, also when it was interrupted
 * (cli_is_interrupted()); CLI_NO_ADAPTER after the reason was told, CLI_FAILED likewise. */
int beside_wait_for_radio(struct beside *beside);

#endif
