/* record.c: `mi32 record`: the adverts that a running gateway hears, as JSON Lines. */
#include "cli.h"

#include "linux/control_client.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "Usage: mi32 record [OPTION...] [FILE]\n"
    "Writes every advert that the running gateway hears to FILE, or to standard output (also -),\n"
    "one JSON object a line, until Ctrl-C. 'mi32 decode' and 'mi32 run --radio replay:FILE' read "
    "it. It "
    "holds\n"
    "the addresses of all Bluetooth devices around, and no key.\n"
    "\n"
    "  -n, --lines NUMBER  stop after so many\n"
    "  -h, --help          this text\n"
    "\n"
    "Exit code: 0, 1 when there is no gateway or it went away, 2 for a wrong command line.\n";

static volatile sig_atomic_t is_interrupted;

static void interrupt(int signal)
{
    (void)signal;
    is_interrupted = 1;
}

/* Ctrl-C ends the waiting in the middle of a read, so the handler must not restart it. */
static void catch_interrupt(void)
{
    struct sigaction action = { .sa_handler = interrupt };

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static int copy_lines(struct control_client *client, FILE *out, unsigned long max)
{
    enum control_client_error error = control_client_send(client, "record");

    for (unsigned long n = 0; error == CONTROL_CLIENT_OK && (max == 0 || n < max); n++) {
        const char *line = control_client_line(client);
        if (!line)
            return is_interrupted
                       ? CLI_OK
                       : cli_fail("", "%s", control_client_error_text(CONTROL_CLIENT_BROKEN));
        if (fprintf(out, "%s\n", line) < 0 || fflush(out) != 0)
            return cli_fail("", "cannot write: %s", strerror(errno));
    }
    return error == CONTROL_CLIENT_OK ? CLI_OK
                                      : cli_fail("", "%s", control_client_error_text(error));
}

static int record(const char *path, unsigned long max)
{
    struct control_client client;
    const enum control_client_error error = control_client_open(&client, NULL);

    if (error != CONTROL_CLIENT_OK)
        return cli_fail("", "%s", control_client_error_text(error));
    FILE *out = path && strcmp(path, "-") != 0 ? fopen(path, "wx") : stdout;
    int code = CLI_OK;
    if (!out)
        code = cli_fail(errno == EEXIST ? "name another; nothing was overwritten" : "",
                        "cannot make %s: %s", path, strerror(errno));
    else
        code = copy_lines(&client, out, max);
    if (out && out != stdout && fclose(out) != 0)
        code = cli_fail("", "cannot write: %s", strerror(errno));
    control_client_close(&client);
    return code;
}

int cmd_record(int argc, char **argv)
{
    static const struct option options[] = {
        { "lines", required_argument, NULL, 'n' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    unsigned long max = 0;
    int c;

    while ((c = getopt_long(argc, argv, "hn:", options, NULL)) != -1) {
        switch (c) {
        case 'n':
            if (!cli_number(optarg, 1, ULONG_MAX, &max))
                return cli_usage("record", "--lines is a number from 1");
            break;
        case 'h':
            fputs(help, stdout);
            return CLI_OK;
        default:
            return cli_usage_told("record");
        }
    }
    if (argc - optind > 1)
        return cli_usage("record", "one FILE at most");
    catch_interrupt();
    return record(argv[optind], max);
}
