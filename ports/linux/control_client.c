#include "linux/control_client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* A connected socket, or -1 with errno set. */
static int connect_to(const char *path)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };

    if ((size_t)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path) >=
        sizeof(addr.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) == 0)
        return fd;
    const int error = errno;
    close(fd);
    errno = error;
    return -1;
}

/* The same for all places; *is_barred when one is there that we may not use. */
static int connect_anywhere(bool *is_barred)
{
    char path[CONTROL_PATH_MAX + 1];

    for (unsigned n = 0; control_path(n, path); n++) {
        const int fd = connect_to(path);
        if (fd >= 0)
            return fd;
        *is_barred = *is_barred || errno == EACCES;
    }
    return -1;
}

enum control_client_error control_client_open(struct control_client *client, const char *path)
{
    bool is_barred = false;
    const int fd = path ? connect_to(path) : connect_anywhere(&is_barred);

    *client = (struct control_client){ 0 };
    if (fd < 0)
        return is_barred || (path && errno == EACCES) ? CONTROL_CLIENT_NOT_ALLOWED
                                                      : CONTROL_CLIENT_NO_GATEWAY;
    client->stream = fdopen(fd, "r+");
    if (client->stream)
        return CONTROL_CLIENT_OK;
    close(fd);
    return CONTROL_CLIENT_BROKEN;
}

void control_client_close(struct control_client *client)
{
    if (client->stream)
        fclose(client->stream);
    free(client->line);
    *client = (struct control_client){ 0 };
}

/* Past stdio, so that a gateway that is gone is an error and not a SIGPIPE. */
static bool send_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        const ssize_t n = send(fd, data, len, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return false;
        data += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

enum control_client_error control_client_send(struct control_client *client, const char *line)
{
    const int fd = fileno(client->stream);
    const bool is_sent = send_all(fd, line, strlen(line)) && send_all(fd, "\n", 1);

    return is_sent ? CONTROL_CLIENT_OK : CONTROL_CLIENT_BROKEN;
}

void control_client_wait_at_most(struct control_client *client, unsigned ms)
{
    const struct timeval limit = { (time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000) };

    (void)!setsockopt(fileno(client->stream), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

const char *control_client_line(struct control_client *client)
{
    const ssize_t len = getline(&client->line, &client->size, client->stream);

    if (len < 0) {
        client->is_silent = errno == EAGAIN && !feof(client->stream);
        return NULL;
    }
    if (len > 0 && client->line[len - 1] == '\n')
        client->line[len - 1] = '\0';
    return client->line;
}

enum control_client_error control_client_why(const struct control_client *client)
{
    return client->is_silent ? CONTROL_CLIENT_SILENT : CONTROL_CLIENT_BROKEN;
}

const char *control_client_error_text(enum control_client_error error)
{
    static const char *const texts[] = {
        [CONTROL_CLIENT_OK] = "",
        [CONTROL_CLIENT_NO_GATEWAY] = "No gateway is running: start one with 'mi32 run'.",
        [CONTROL_CLIENT_NOT_ALLOWED] =
            ("The gateway's control socket is not open to this user: join the group mi32 "
             "('sudo usermod -aG mi32 $USER', then log in again), or use sudo."),
        [CONTROL_CLIENT_BROKEN] = "The gateway has ended the connection: its log says why.",
        [CONTROL_CLIENT_SILENT] =
            "The gateway does not answer: is it stopped (kill -CONT), or the machine overloaded?",
    };

    return texts[error];
}
