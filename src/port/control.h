/* control.h: local programs that talk to a running gateway in lines: `mi32 record`, `mi32 cmd`. */
#ifndef MI32_PORT_CONTROL_H
#define MI32_PORT_CONTROL_H

#include <stddef.h>

#define PORT_CONTROL_LINE_MAX 4096 /* a longer line ends the client's connection */

/* Names a client until `gone` was called for it; numbers are not used again soon. */
typedef unsigned port_client;

struct port_control_events {
    void *user;

    /* One line without its end, terminated by a zero; it holds no other zero. */
    void (*line)(void *user, port_client client, const char *line, size_t len);
    void (*gone)(void *user, port_client client);
};

struct port_control {
    void *self;

    /* Starts to listen; the events struct is copied. */
    void (*open)(void *self, const struct port_control_events *events);
    void (*close)(void *self);

    /* Sends bytes to a client; they are copied. A client that reads too slowly for more than 1 MiB
     * is dropped, and `gone` called. */
    void (*send)(void *self, port_client client, const char *data, size_t len);

    /* Ends a client's connection when all that was sent has left. */
    void (*hang_up)(void *self, port_client client);
};

#endif
