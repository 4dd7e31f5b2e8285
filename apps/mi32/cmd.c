/* cmd.c: `mi32 cmd`: one command for the running gateway. */
#include "cli.h"

#include "bus/bus.h"
#include "linux/control_client.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define PATIENCE_MS 10000 /* a gateway answers within milliseconds */

static const char help[] =
    "Usage: mi32 cmd COMMAND [ARGUMENT...]\n"
    "Runs one command in the running gateway and prints its replies, one JSON object a line.\n"
    "'mi32 cmd Help' lists the commands.\n"
    "\n"
    "  -h, --help  this text\n"
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

static int ask(const char *request)
{
    struct control_client client;
    enum control_client_error error = control_client_open(&client, NULL);

    if (error != CONTROL_CLIENT_OK)
        return cli_fail("", "%s", control_client_error_text(error));
    control_client_wait_at_most(&client, PATIENCE_MS);
    error = control_client_send(&client, request);
    const int code = error == CONTROL_CLIENT_OK
                         ? print_replies(&client)
                         : cli_fail("", "%s", control_client_error_text(error));
    control_client_close(&client);
    return code;
}

int cmd_cmd(int argc, char **argv)
{
    static const struct option options[] = {
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    char request[BUS_LINE_MAX + 16];
    int c;

    while ((c = getopt_long(argc, argv, "+h", options, NULL)) != -1) {
        if (c == 'h') {
            fputs(help, stdout);
            return CLI_OK;
        }
        return cli_usage_told("cmd");
    }
    if (optind == argc)
        return cli_usage("cmd", "which command?");
    if (!join(argv + optind, argc - optind, request, sizeof(request)))
        return cli_usage("cmd", "a command is one line of at most %d bytes", BUS_LINE_MAX);
    return ask(request);
}
