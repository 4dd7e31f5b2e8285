#include "anew.h"

#include "cli.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MARK "MI32_STARTED_ANEW"

/* Where the program is, also after an upgrade has put another file in its place. */
static bool find_program(char out[PATH_MAX])
{
    static const char deleted[] = " (deleted)";
    const ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);
    const size_t tail = sizeof(deleted) - 1;

    if (n < 0)
        return false;
    out[n] = '\0';
    if ((size_t)n > tail && strcmp(out + n - tail, deleted) == 0)
        out[(size_t)n - tail] = '\0';
    return true;
}

int anew_start(const char *subcommand, int argc, char **argv)
{
    char program[PATH_MAX], name[] = "mi32", word[32];
    char **args = calloc((size_t)argc + 2, sizeof(*args));

    if (!args || !find_program(program)) {
        free(args);
        return cli_fail("start it again", "cannot start anew: %s", strerror(errno));
    }
    snprintf(word, sizeof(word), "%s", subcommand);
    args[0] = name;
    args[1] = word;
    for (int i = 1; i < argc; i++)
        args[i + 1] = argv[i];
    fflush(stdout);
    setenv(MARK, "1", 1);
    execv(program, args);
    free(args);
    return cli_fail("start it again", "cannot start %s anew: %s", program, strerror(errno));
}

static void mask_stops(int how)
{
    sigset_t stops;

    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigprocmask(how, &stops, NULL);
}

void anew_hold_stops(void)
{
    mask_stops(SIG_BLOCK);
}

void anew_let_stops_in(void)
{
    mask_stops(SIG_UNBLOCK);
}

bool anew_was_started(void)
{
    return getenv(MARK) != NULL;
}
