/*
 * control_client.h: the other end of control_server.h, for commands that ask a running gateway
 * something and then end. It waits for answers, so it has no place in a program with a loop.
 */
#ifndef MI32_PORTS_LINUX_CONTROL_CLIENT_H
#define MI32_PORTS_LINUX_CONTROL_CLIENT_H

#include "linux/control_path.h"

#include <stdbool.h>
#include <stddef.h>

enum control_client_error {
    CONTROL_CLIENT_OK,
    CONTROL_CLIENT_NO_GATEWAY,
    CONTROL_CLIENT_NOT_ALLOWED,
    CONTROL_CLIENT_STRANGER, /* another user\'s program answers where ours would */
    CONTROL_CLIENT_BROKEN,   /* connected, and then not any more */
    CONTROL_CLIENT_SILENT,   /* connected, and no answer in time */
    CONTROL_CLIENT_REFUSED,  /* it said why not, and hangs up */
};

/* Private; filled by control_client_open(). */
struct control_client {
    int fd;
    bool is_silent, is_refused;
    char refusal[160];
    unsigned wait_ms;
    char *text; /* what has come, `len` bytes; up to `used` it was given out */
    size_t len, used, size;
};

/* Connects to the gateway at `path`, or to the first that answers where control_path() says for
 * NULL. On an error there is nothing to close, and closing is fine. */
enum control_client_error control_client_open(struct control_client *client, const char *path);
void control_client_close(struct control_client *client);

/* Sends one line; `line` has no end of line in it. A gateway that has hung up may have said why: as
 * long as something is to be read this works. */
enum control_client_error control_client_send(struct control_client *client, const char *line);

/* How long a line is waited for from now on; 0, as at first: for ever. */
void control_client_wait_at_most(struct control_client *client, unsigned ms);

/* Waits for the next line and returns it without its end, good until the next call; NULL when the
 * gateway ended the connection, no line came in time, or a signal came whose handler does not
 * restart calls. What has come of a line by then is not lost. {"error":"..."} is no line of an
 * answer but a refusal: NULL, too. */
const char *control_client_line(struct control_client *client);

/* Why there was no line: CONTROL_CLIENT_SILENT, CONTROL_CLIENT_BROKEN or CONTROL_CLIENT_REFUSED. */
enum control_client_error control_client_why(const struct control_client *client);

/* The same as a sentence, good as long as the client. */
const char *control_client_reason(const struct control_client *client);

/* The error and what helps, as whole sentences. */
const char *control_client_error_text(enum control_client_error error);

#endif
