/*
 * control_server.h: port/control.h over a UNIX socket. Only the user who runs the gateway may
 * connect, and the group `mi32` where there is one.
 */
#ifndef MI32_PORTS_LINUX_CONTROL_SERVER_H
#define MI32_PORTS_LINUX_CONTROL_SERVER_H

#include "port/control.h"

#include "linux/loop.h"

#define CONTROL_CLIENTS_MAX 32
#define CONTROL_ERROR_SIZE  256

struct control_server;

/* Binds the socket at `path`, or where control_path() says for NULL. A socket that a dead gateway
 * left is replaced; one that somebody answers at is not. Clients are let in by open(). NULL and a
 * sentence with its remedy in `error` when it does not work. */
struct control_server *control_server_new(struct loop *loop, const char *path,
                                          char error[CONTROL_ERROR_SIZE]);

/* Ends all connections without calling `gone`, and removes the socket if it is still ours. */
void control_server_free(struct control_server *server);

const struct port_control *control_server_port(struct control_server *server);
const char *control_server_path(const struct control_server *server);

#endif
