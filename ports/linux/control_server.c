#include "linux/control_server.h"

#include "linux/control_path.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define UNSENT_MAX (1024 * 1024)
#define GROUP      "mi32"

struct client {
    struct client *next;
    struct control_server *server;
    port_client id;
    struct bufferevent *stream;
    bool is_leaving; /* hung up on: goes when everything was sent */
    bool is_gone;    /* to be removed, see sweep() */
};

struct control_server {
    struct port_control port;
    struct loop *loop;
    struct port_control_events events;
    char path[CONTROL_PATH_MAX + 1];
    int fd;
    dev_t dev;
    ino_t ino;
    struct evconnlistener *listener;
    struct client *clients;
    unsigned count;
    port_client last_id;
    struct loop_task sweep;
};

/* ---- clients ---- */

static void free_client(struct client *client)
{
    bufferevent_free(client->stream);
    free(client);
}

/* Takes away those that are gone. A task of its own, because `gone` and the end of a client's
 * memory must not come from inside a call that still works with it. */
static void sweep(void *user)
{
    struct control_server *server = user;
    struct client **at = &server->clients;

    while (*at) {
        struct client *client = *at;
        if (!client->is_gone) {
            at = &client->next;
            continue;
        }
        *at = client->next;
        server->count--;
        const port_client id = client->id;
        free_client(client);
        server->events.gone(server->events.user, id);
        at = &server->clients; /* `gone` may have done anything to the list */
    }
}

static void drop(struct client *client)
{
    if (client->is_gone)
        return;
    client->is_gone = true;
    bufferevent_disable(client->stream, EV_READ | EV_WRITE);
    loop_post(client->server->loop, &client->server->sweep);
}

static struct client *find(const struct control_server *server, port_client id)
{
    struct client *client = server->clients;

    while (client && (client->id != id || client->is_gone))
        client = client->next;
    return client;
}

/* Hands on one line; `end` is where its end of line stands in the buffer. */
static void take_line(struct client *client, struct evbuffer *in, size_t len)
{
    char line[PORT_CONTROL_LINE_MAX + 1];
    const struct port_control_events *events = &client->server->events;

    evbuffer_remove(in, line, len);
    evbuffer_drain(in, 1);
    if (len > 0 && line[len - 1] == '\r')
        len--;
    line[len] = '\0';
    if (memchr(line, '\0', len))
        drop(client);
    else
        events->line(events->user, client->id, line, len);
}

static void on_bytes(struct bufferevent *stream, void *arg)
{
    struct client *client = arg;
    struct evbuffer *in = bufferevent_get_input(stream);

    while (!client->is_gone) {
        const struct evbuffer_ptr end = evbuffer_search_eol(in, NULL, NULL, EVBUFFER_EOL_LF);
        const size_t len = end.pos < 0 ? evbuffer_get_length(in) : (size_t)end.pos;
        if (len > PORT_CONTROL_LINE_MAX)
            drop(client);
        else if (end.pos < 0)
            return;
        else if (client->is_leaving)
            evbuffer_drain(in, len + 1);
        else
            take_line(client, in, len);
    }
}

static void on_sent(struct bufferevent *stream, void *arg)
{
    struct client *client = arg;

    (void)stream;
    if (client->is_leaving)
        drop(client);
}

static void leave(struct client *client)
{
    client->is_leaving = true;
    if (evbuffer_get_length(bufferevent_get_output(client->stream)) == 0)
        drop(client);
}

/* The other side has ended its half: it still gets what is on its way to it. */
static void on_event(struct bufferevent *stream, short what, void *arg)
{
    (void)stream;
    if (what & BEV_EVENT_EOF)
        leave(arg);
    else
        drop(arg);
}

/* Nothing of it is kept: its end of the connection holds what it is to read. */
static void turn_away(int fd)
{
    static const char why[] =
        "{\"error\":\"too many local programs are connected; end one of them\"}\n";

    (void)!send(fd, why, sizeof(why) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    close(fd);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *addr,
                      int len, void *arg)
{
    struct control_server *server = arg;
    struct client *client = server->count < CONTROL_CLIENTS_MAX ? calloc(1, sizeof(*client)) : NULL;

    (void)listener;
    (void)addr;
    (void)len;
    if (client)
        client->stream = bufferevent_socket_new(loop_base(server->loop), fd, BEV_OPT_CLOSE_ON_FREE);
    if (!client || !client->stream) {
        free(client);
        turn_away(fd);
        return;
    }
    client->server = server;
    client->id = ++server->last_id;
    client->next = server->clients;
    server->clients = client;
    server->count++;
    bufferevent_setcb(client->stream, on_bytes, on_sent, on_event, client);
    bufferevent_enable(client->stream, EV_READ | EV_WRITE);
}

/* ---- port_control ---- */

static void open_port(void *self, const struct port_control_events *events)
{
    struct control_server *server = self;

    server->events = *events;
    evconnlistener_enable(server->listener);
}

static void close_port(void *self)
{
    struct control_server *server = self;

    evconnlistener_disable(server->listener);
    loop_unpost(server->loop, &server->sweep);
    while (server->clients) {
        struct client *client = server->clients;
        server->clients = client->next;
        free_client(client);
    }
    server->count = 0;
}

static void send_bytes(void *self, port_client id, const char *data, size_t len)
{
    struct client *client = find(self, id);

    if (!client || client->is_leaving)
        return;
    const size_t unsent = evbuffer_get_length(bufferevent_get_output(client->stream));
    if (unsent + len > UNSENT_MAX || bufferevent_write(client->stream, data, len) != 0)
        drop(client);
}

static void hang_up(void *self, port_client id)
{
    struct client *client = find(self, id);

    if (client)
        leave(client);
}

/* ---- the socket ---- */

static bool fails(char error[CONTROL_ERROR_SIZE], const char *path, const char *what,
                  const char *remedy)
{
    snprintf(error, CONTROL_ERROR_SIZE, "The control socket %s: %s. %s", path, what, remedy);
    return false;
}

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };

    snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
    return addr;
}

/* The socket's folder, made where it is missing. In /tmp anybody could have made it first, so it
 * has to be a folder of ours that nobody else may write to. */
static bool prepare_folder(const char *path, char error[CONTROL_ERROR_SIZE])
{
    char folder[CONTROL_PATH_MAX + 1];
    struct stat st;

    snprintf(folder, sizeof(folder), "%s", path);
    char *slash = strrchr(folder, '/');
    if (!slash || slash == folder)
        return true;
    *slash = '\0';
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return fails(error, path, strerror(errno), "Is the folder above it there and writable?");
    if (lstat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
        return fails(error, path, "has no folder to lie in", "Remove what is in its place.");
    if (st.st_uid != geteuid() || (st.st_mode & (S_IWGRP | S_IWOTH)))
        return fails(error, path, "would lie in a folder that others may write to",
                     "Give it to your user, with mode 0700.");
    return true;
}

/* Whether a gateway answers there. One that is too busy to let us in answers, too. */
static bool is_answered(const char *path)
{
    const struct sockaddr_un addr = address_of(path);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const bool is_refused =
        fd < 0 || (connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) != 0 &&
                   (errno == ECONNREFUSED || errno == ENOENT));

    if (fd >= 0)
        close(fd);
    return !is_refused;
}

static bool clear_place(const char *path, char error[CONTROL_ERROR_SIZE])
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return true;
    if (!S_ISSOCK(st.st_mode))
        return fails(error, path, "has its place taken by another file", "Remove that file.");
    if (is_answered(path))
        return fails(error, path, "belongs to another gateway that runs",
                     "Stop that one, or set RUNTIME_DIRECTORY to another folder for this one.");
    if (unlink(path) != 0)
        return fails(error, path, strerror(errno), "Remove the file.");
    return true;
}

/* Nobody can connect between bind() and listen(), so there is no moment with the wrong rights. */
static void give_rights(const char *path)
{
    struct group group, *found = NULL;
    char buffer[4096];
    mode_t mode = 0600;

    if (getgrnam_r(GROUP, &group, buffer, sizeof(buffer), &found) == 0 && found &&
        chown(path, (uid_t)-1, found->gr_gid) == 0)
        mode = 0660;
    (void)!chmod(path, mode);
}

static bool bind_socket(struct control_server *server, char error[CONTROL_ERROR_SIZE])
{
    const struct sockaddr_un addr = address_of(server->path);
    struct stat st;

    if (!prepare_folder(server->path, error) || !clear_place(server->path, error))
        return false;
    server->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (server->fd < 0 || bind(server->fd, (const struct sockaddr *)&addr, sizeof(addr)) != 0)
        return fails(error, server->path, strerror(errno), "Is its folder writable?");
    give_rights(server->path);
    if (stat(server->path, &st) == 0) {
        server->dev = st.st_dev;
        server->ino = st.st_ino;
    }
    server->listener = evconnlistener_new(loop_base(server->loop), on_accept, server,
                                          LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_DISABLED, 16, server->fd);
    return server->listener || fails(error, server->path, strerror(errno), "Is there memory left?");
}

static bool choose_path(struct control_server *server, const char *path,
                        char error[CONTROL_ERROR_SIZE])
{
    if (!path)
        return control_path(0, server->path) ||
               fails(error, "control", "has a path that is too long", "Set RUNTIME_DIRECTORY.");
    const int n = snprintf(server->path, sizeof(server->path), "%s", path);
    return (size_t)n < sizeof(server->path) ||
           fails(error, path, "has a path that is too long", "Choose a shorter one.");
}

struct control_server *control_server_new(struct loop *loop, const char *path,
                                          char error[CONTROL_ERROR_SIZE])
{
    struct control_server *server = calloc(1, sizeof(*server));

    if (!server) {
        fails(error, path ? path : "", "needs memory that is not there", "");
        return NULL;
    }
    server->loop = loop;
    server->fd = -1;
    server->sweep = (struct loop_task){ .run = sweep, .user = server };
    server->port = (struct port_control){
        .self = server,
        .open = open_port,
        .close = close_port,
        .send = send_bytes,
        .hang_up = hang_up,
    };
    if (!choose_path(server, path, error) || !bind_socket(server, error)) {
        control_server_free(server);
        return NULL;
    }
    return server;
}

void control_server_free(struct control_server *server)
{
    struct stat st;

    if (!server)
        return;
    if (server->listener) {
        close_port(server);
        evconnlistener_free(server->listener);
    }
    if (server->ino != 0 && stat(server->path, &st) == 0 && st.st_dev == server->dev &&
        st.st_ino == server->ino)
        unlink(server->path);
    if (server->fd >= 0)
        close(server->fd);
    free(server);
}

const struct port_control *control_server_port(struct control_server *server)
{
    return &server->port;
}

const char *control_server_path(const struct control_server *server)
{
    return server->path;
}
