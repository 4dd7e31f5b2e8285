/* record.c: `mi32 record`: the adverts that the gateway hears, as JSON Lines. */
#include "beside.h"
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "Usage: mi32 record [OPTION...] [FILE]\n"
    "Writes every advert that is heard to FILE, or to standard output (also -), one JSON object a\n"
    "line, until Ctrl-C. 'mi32 decode' and 'mi32 run --radio replay:FILE' read it. It holds the\n"
    "addresses of all Bluetooth devices around, and no key. The running gateway is asked; where\n"
    "none runs, the radio is opened here.\n"
    "\n"
    "  -n, --lines NUMBER      stop after so many\n" BESIDE_HELP
    "  -h, --help              this text\n"
    "\n"
    "Exit code: 0, 1 when it failed or the gateway went away, 2 for a wrong command line, 3 when\n"
    "there is no Bluetooth adapter that can be used.\n";

#define LOOK_MS 250 /* at Ctrl-C, which may have come just before the waiting */

/* Nobody need read what is written: then Ctrl-C ends it as well. */
static bool wait_for_room(FILE *out)
{
    while (!cli_is_interrupted() && !cli_can_write(fileno(out), LOOK_MS))
        continue;
    return !cli_is_interrupted();
}

/* The next line, however long it takes; NULL after Ctrl-C, or when the gateway is gone. */
static const char *next_line(struct control_client *client)
{
    const char *line = NULL;

    control_client_wait_at_most(client, LOOK_MS);
    while (!line && !cli_is_interrupted()) {
        line = control_client_line(client);
        if (!line && control_client_why(client) != CONTROL_CLIENT_SILENT)
            break;
    }
    return line;
}

static int copy_lines(struct control_client *client, FILE *out, unsigned long max)
{
    enum control_client_error error = control_client_send(client, "record");

    for (unsigned long n = 0; error == CONTROL_CLIENT_OK && (max == 0 || n < max); n++) {
        const char *line = next_line(client);
        if (!line)
            return cli_is_interrupted() ? CLI_OK
                                        : cli_fail("", "%s", control_client_reason(client));
        if (!wait_for_room(out))
            return CLI_OK;
        if (fprintf(out, "%s\n", line) < 0 || fflush(out) != 0)
            return cli_fail("", "cannot write: %s", strerror(errno));
    }
    return error == CONTROL_CLIENT_OK ? CLI_OK
                                      : cli_fail("", "%s", control_client_error_text(error));
}

static int record_to(struct control_client *client, const char *path, unsigned long max)
{
    FILE *out = path && strcmp(path, "-") != 0 ? fopen(path, "wx") : stdout;

    if (!out)
        return cli_fail(errno == EEXIST ? "name another; nothing was overwritten" : "",
                        "cannot make %s: %s", path, strerror(errno));
    const int code = copy_lines(client, out, max);
    if (out != stdout && fclose(out) != 0)
        return cli_fail("", "cannot write: %s", strerror(errno));
    return code;
}

static int record(struct beside *beside, const char *path, unsigned long max)
{
    int code = beside_open(beside);

    if (code == CLI_OK)
        code = beside_wait_for_radio(beside);
    if (code == CLI_OK && !cli_is_interrupted())
        code = record_to(&beside->client, path, max);
    beside_close(beside);
    return code;
}

int cmd_record(int argc, char **argv)
{
    static const struct option options[] = {
        { "lines", required_argument, NULL, 'n' },
        BESIDE_OPTIONS,
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    struct beside beside = { 0 };
    unsigned long max = 0;
    int c, code = CLI_OK;

    while (code == CLI_OK && (c = getopt_long(argc, argv, "hn:", options, NULL)) != -1) {
        switch (c) {
        case 'n':
            if (!cli_number(optarg, 1, ULONG_MAX, &max))
                code = cli_usage("record", "--lines is a number from 1");
            break;
        case BESIDE_DATA:
        case BESIDE_RADIO:
            code = beside_option(&beside, "record", c, optarg);
            break;
        case 'h':
            fputs(help, stdout);
            return CLI_OK;
        default:
            return cli_usage_told("record");
        }
    }
    if (code != CLI_OK)
        return code;
    if (argc - optind > 1)
        return cli_usage("record", "one FILE at most");
    cli_catch_interrupt();
    return record(&beside, argv[optind], max);
}
