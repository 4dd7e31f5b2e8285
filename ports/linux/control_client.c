#include "linux/control_client.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ROOM_MIN 4096
#define SHARED   "/tmp/"

/* Anybody may have made the folder in /tmp, and be told our keys. Elsewhere it is root's or ours.
 */
static bool is_strangers(int fd, const char *path)
{
    struct ucred peer = { .uid = (uid_t)-1 };
    socklen_t len = sizeof(peer);

    if (strncmp(path, SHARED, strlen(SHARED)) != 0)
        return false;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0 ||
           (peer.uid != geteuid() && peer.uid != 0);
}

static enum control_client_error try_to_connect(int fd, const char *path)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };

    if ((size_t)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path) >= sizeof(addr.sun_path))
        return CONTROL_CLIENT_NO_GATEWAY;
    if (connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) != 0)
        return errno == EACCES ? CONTROL_CLIENT_NOT_ALLOWED : CONTROL_CLIENT_NO_GATEWAY;
    return is_strangers(fd, path) ? CONTROL_CLIENT_STRANGER : CONTROL_CLIENT_OK;
}

/* *fd is a connected socket, or -1. */
static enum control_client_error connect_to(const char *path, int *fd)
{
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return CONTROL_CLIENT_NO_GATEWAY;
    const enum control_client_error error = try_to_connect(*fd, path);
    if (error == CONTROL_CLIENT_OK)
        return error;
    close(*fd);
    *fd = -1;
    return error;
}

/* The same for all places. Where none has a gateway for us, what is the matter with the first that
 * has one. */
static enum control_client_error connect_anywhere(int *fd)
{
    enum control_client_error found = CONTROL_CLIENT_NO_GATEWAY;
    char path[CONTROL_PATH_MAX + 1];

    for (unsigned n = 0; control_path(n, path); n++) {
        const enum control_client_error error = connect_to(path, fd);
        if (error == CONTROL_CLIENT_OK)
            return error;
        found = found == CONTROL_CLIENT_NO_GATEWAY ? error : found;
    }
    return found;
}

enum control_client_error control_client_open(struct control_client *client, const char *path)
{
    int fd = -1;
    const enum control_client_error error = path ? connect_to(path, &fd) : connect_anywhere(&fd);

    *client = (struct control_client){ .fd = fd };
    return error;
}

void control_client_close(struct control_client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    free(client->text);
    *client = (struct control_client){ .fd = -1 };
}

/* A gateway that is gone is an error and not a SIGPIPE. */
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

static bool has_more(const struct control_client *client)
{
    char byte;

    return client->len > client->used || recv(client->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

enum control_client_error control_client_send(struct control_client *client, const char *line)
{
    const bool is_sent = send_all(client->fd, line, strlen(line)) && send_all(client->fd, "\n", 1);

    return is_sent || has_more(client) ? CONTROL_CLIENT_OK : CONTROL_CLIENT_BROKEN;
}

void control_client_wait_at_most(struct control_client *client, unsigned ms)
{
    client->wait_ms = ms;
}

/* Drops what was given out, and makes room for more. */
static bool make_room(struct control_client *client)
{
    if (client->used > 0) {
        client->len -= client->used;
        memmove(client->text, client->text + client->used, client->len);
        client->used = 0;
    }
    if (client->len < client->size)
        return true;
    const size_t size = 2 * client->size + ROOM_MIN;
    char *text = realloc(client->text, size);
    if (!text)
        return false;
    client->text = text;
    client->size = size;
    return true;
}

/* Waits for more; false when there is none. */
static bool receive(struct control_client *client)
{
    struct pollfd wanted = { .fd = client->fd, .events = POLLIN };
    const int n = poll(&wanted, 1, client->wait_ms > 0 ? (int)client->wait_ms : -1);

    client->is_silent = n == 0;
    if (n <= 0 || !make_room(client))
        return false;
    const ssize_t len = recv(client->fd, client->text + client->len, client->size - client->len, 0);
    client->len += len > 0 ? (size_t)len : 0;
    return len > 0;
}

/* The line that has come whole, of which `looked` bytes are known to hold no end; or NULL. */
static const char *take_line(struct control_client *client, size_t looked)
{
    const size_t left = client->len - client->used;

    if (left <= looked)
        return NULL;
    char *line = client->text + client->used;
    char *end = memchr(line + looked, '\n', left - looked);
    if (!end)
        return NULL;
    *end = '\0';
    client->used += (size_t)(end - line) + 1;
    return line;
}

/* True when the line is {"error":"..."}, which is noted. */
static bool note_refusal(struct control_client *client, const char *line)
{
    static const char start[] = "{\"error\":\"", end[] = "\"}";
    const size_t len = strlen(line), around = sizeof(start) - 1 + sizeof(end) - 1;

    client->is_refused = len >= around && strncmp(line, start, sizeof(start) - 1) == 0 &&
                         strcmp(line + len - (sizeof(end) - 1), end) == 0;
    if (client->is_refused)
        snprintf(client->refusal, sizeof(client->refusal), "The gateway refuses: %.*s",
                 (int)(len - around), line + sizeof(start) - 1);
    return client->is_refused;
}

const char *control_client_line(struct control_client *client)
{
    const char *line = take_line(client, 0);

    while (!line) {
        const size_t looked = client->len - client->used;
        if (!receive(client))
            return NULL;
        line = take_line(client, looked);
    }
    return note_refusal(client, line) ? NULL : line;
}

enum control_client_error control_client_why(const struct control_client *client)
{
    if (client->is_refused)
        return CONTROL_CLIENT_REFUSED;
    return client->is_silent ? CONTROL_CLIENT_SILENT : CONTROL_CLIENT_BROKEN;
}

const char *control_client_reason(const struct control_client *client)
{
    return client->is_refused ? client->refusal
                              : control_client_error_text(control_client_why(client));
}

const char *control_client_error_text(enum control_client_error error)
{
    static const char *const texts[] = {
        [CONTROL_CLIENT_OK] = "",
        [CONTROL_CLIENT_NO_GATEWAY] = "No gateway is running: start one with 'mi32 run'.",
        [CONTROL_CLIENT_NOT_ALLOWED] =
            ("The gateway's control socket is not open to this user: join the group mi32 "
             "('sudo usermod -aG mi32 $USER', then log in again), or use sudo."),
        [CONTROL_CLIENT_STRANGER] =
            ("Another user's program answers at the control socket in /tmp; nothing was sent to "
             "it. "
             "Have that folder (/tmp/mi32-...) removed, or set XDG_RUNTIME_DIR."),
        [CONTROL_CLIENT_BROKEN] = ("The gateway has ended the connection: it was stopped (then its "
                                   "log says why), or its lines were read too slowly."),
        [CONTROL_CLIENT_SILENT] =
            "The gateway does not answer: is it stopped (kill -CONT), or the machine overloaded?",
        [CONTROL_CLIENT_REFUSED] = "The gateway refuses.",
    };

    return texts[error];
}
