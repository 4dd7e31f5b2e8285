/* cmd.c: `mi32 cmd`: commands for the gateway. */
#include "cmd.h"

#include "beside.h"
#include "cli.h"
#include "run.h"

#include "bus/bus.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "Usage: mi32 cmd [OPTION...] [COMMAND [ARGUMENT...]]\n"
    "Runs one command and prints its replies, one JSON object a line. 'mi32 cmd Help' lists the\n"
    "commands. Without COMMAND they are read from standard input, one a line; on a terminal this\n"
    "is a console with a history, where Tab completes and Ctrl-D ends. The running gateway does\n"
    "it; where none runs, it is done here, with the files of the gateway, and saved; standard\n"
    "error says which files.\n"
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
    size_t len = (size_t)snprintf(out, size, CMD_VERB);

    for (int i = 0; i < n; i++) {
        const int more = snprintf(out + len, size - len, i > 0 ? " %s" : "%s", words[i]);
        if (more < 0 || (size_t)more >= size - len)
            return 0;
        len += (size_t)more;
    }
    return strchr(out, '\n') == NULL;
}

static bool is_refusal(const char *reply)
{
    return strncmp(reply, "{\"Command\":", 11) == 0;
}

bool cmd_ask(struct control_client *client, const char *request, int *code)
{
    const enum control_client_error error = control_client_send(client, request);
    const char *line = NULL;

    *code = CLI_OK;
    while (error == CONTROL_CLIENT_OK && (line = control_client_line(client)) && *line) {
        puts(line);
        if (is_refusal(line))
            *code = CLI_FAILED;
    }
    if (line)
        return true;
    *code = cli_fail("", "%s",
                     error == CONTROL_CLIENT_OK ? control_client_reason(client)
                                                : control_client_error_text(error));
    return false;
}

/* Whose files these are, and what is not to be had without a gateway. */
static void tell_alone(const struct beside *beside)
{
    char folder[PATH_MAX] = "";

    (void)run_data_dir(beside->data, beside->radio, folder, sizeof(folder));
    fputs("mi32: no gateway runs: this is done in the files of ", stderr);
    cli_put_clean(stderr, folder, strlen(folder));
    fputs("\n  No broker hears of it; timers, Var and what a Backlog has left to do end with it."
          "\n  --running wants a gateway, --data DIR names other files.\n",
          stderr);
}

/* Without a request the console. */
static int run(struct beside *beside, const char *request)
{
    int code = beside_open(beside);

    if (code == CLI_OK && beside_is_own(beside))
        tell_alone(beside);
    control_client_wait_at_most(&beside->client, CMD_PATIENCE_MS);
    if (code == CLI_OK && request)
        cmd_ask(&beside->client, request, &code);
    else if (code == CLI_OK)
        code = cmd_console(&beside->client);
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
        return run(&beside, NULL);
    if (!join(argv + optind, argc - optind, request, sizeof(request)))
        return cli_usage("cmd", "a command is one line of at most %d bytes", BUS_LINE_MAX);
    return run(&beside, request);
}
