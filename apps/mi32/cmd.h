/* cmd.h: what the files of `mi32 cmd` share. */
#ifndef MI32_APPS_CMD_H
#define MI32_APPS_CMD_H

#include "linux/control_client.h"

#include <stdbool.h>

#define CMD_VERB        "command " /* how a request on the control socket begins */
#define CMD_PATIENCE_MS 10000      /* a gateway answers within milliseconds */

/* Sends a request and prints the replies. False when the gateway is gone, after that was told; else
 * *code says what the command came to. */
bool cmd_ask(struct control_client *client, const char *request, int *code);

/* Reads commands from standard input, one a line, until its end. CLI_OK, or CLI_FAILED when the
 * gateway has gone or, where nobody types, a command was refused. */
int cmd_console(struct control_client *client);

#endif
