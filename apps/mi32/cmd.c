/* cmd.c: `mi32 cmd`: one command for the gateway. */
#include "beside.h"
#include "cli.h"

#include "bus/bus.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define PATIENCE_MS 10000 /* a gateway answers within milliseconds */

static const char help[] =
    "Usage: mi32 cmd [OPTION...] COMMAND [ARGUMENT...]\n"
    "Runs one command and prints its replies, one JSON object a line. 'mi32 cmd Help' lists the\n"
    "commands. The running gateway does it; where none runs, it is done here, with the files of "
    "the\n"
    "gateway, and saved.\n"
    "\n"
    "      --data DIR  the data directory, where no gateway is running\n"
    "  -r, --running   only when a gateway is running\n"
    "  -h, --help      this text\n"
    "\n"
    "Exit code: 0, 1 when the command was refused or there is no gateway, 2 for a wrong command\n"
    "line.\n";

/* The words of the command line with blanks between them. False when they are too long. */
static int join(char **words, int n, char *out, size_t size)
{
    size_t len = (size_t)snprintf(out, size, "command");

    for (int i = 0; i < n; i++) {
        const int more = snprintf(out + len, size - len, " %s", words[i]);
        if (more < 0 || (size_t)more >= size - len)
            return 0;
        len += (size_t)more;
    }
    return strchr(out, '\n') == NULL;
}

/* Prints replies up to the empty line behind them. */
static int print_replies(struct control_client *client)
{
    int code = CLI_OK;

    for (;;) {
        const char *line = control_client_line(client);
        if (!line)
            return cli_fail("", "%s", control_client_error_text(control_client_why(client)));
        if (*line == '\0')
            return code;
        puts(line);
        if (strncmp(line, "{\"Command\":", 11) == 0 || strncmp(line, "{\"error\":", 9) == 0)
            code = CLI_FAILED;
    }
}

static int ask(struct control_client *client, const char *request)
{
    control_client_wait_at_most(client, PATIENCE_MS);
    const enum control_client_error error = control_client_send(client, request);

    return error == CONTROL_CLIENT_OK ? print_replies(client)
                                      : cli_fail("", "%s", control_client_error_text(error));
}

static int run(struct beside *beside, const char *request)
{
    int code = beside_open(beside);

    if (code == CLI_OK)
        code = ask(&beside->client, request);
    beside_close(beside);
    return code;
}

int cmd_cmd(int argc, char **argv)
{
    static const struct option options[] = {
        { "data", required_argument, NULL, BESIDE_DATA },
        { "running", no_argument, NULL, 'r' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    struct beside beside = { .radio = "none" };
    char request[BUS_LINE_MAX + 16];
    int c;

    while ((c = getopt_long(argc, argv, "+hr", options, NULL)) != -1) {
        switch (c) {
        case BESIDE_DATA:
            beside.data = optarg;
            break;
        case 'r':
            beside.needs_running = true;
            break;
        case 'h':
            fputs(help, stdout);
            return CLI_OK;
        default:
            return cli_usage_told("cmd");
        }
    }
    if (optind == argc)
        return cli_usage("cmd", "which command?");
    if (!join(argv + optind, argc - optind, request, sizeof(request)))
        return cli_usage("cmd", "a command is one line of at most %d bytes", BUS_LINE_MAX);
    return run(&beside, request);
}
