/*
 * http.h: an HTTP/1.1 server. The port speaks the protocol (connections, header fields, lengths,
 * time-outs, limits); the rooms above get whole requests and give whole responses.
 *
 * A server listens at one place. What is hostile about a request is for the port to bound and for
 * the room to judge: path, query, fields and body are as they came.
 */
#ifndef MI32_PORT_HTTP_H
#define MI32_PORT_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names a connection for as long as it lasts; never 0, and not used again soon. */
typedef unsigned port_http_client;

/* One server, the port's. */
struct port_http_server;

/* One header field more, and the request is refused with 431. */
#define PORT_HTTP_FIELDS_MAX 64

struct port_http_config {
    /* ADDRESS:PORT, both in numbers: an address of this machine, or 0.0.0.0 or [::] for all, of
     * which [::] takes IPv4 too. Port 0 is any free one. */
    const char *place;

    /* What is more is refused by the port, with 413 or the end of the connection. */
    size_t header_max; /* bytes of a request line and its header fields */
    size_t body_max;

    /* One connection more ends the one that has been open for longest; none is refused, so that
     * whoever takes all of them locks out nobody. */
    unsigned clients_max;
    unsigned idle_s; /* a connection on which so long nothing has moved ends */
};

struct port_http_field {
    const char *name; /* in any case */
    const char *value;
};

struct port_http_request {
    port_http_client client;
    const char *peer;   /* the other side's address, in numbers, without a port */
    bool peer_is_local; /* on this machine, a network of this machine, or a private one */
    const char *method; /* "GET", "POST", "PUT" */
    const char *path;   /* up to the question mark, as it was sent */
    const char *query;  /* behind it, as it was sent; "" without */
    const struct port_http_field *fields;
    size_t n_fields;
    const char *body; /* not terminated */
    size_t len;
};

struct port_http_response {
    unsigned status;
    const struct port_http_field *fields; /* the length and the date are the port's to add */
    size_t n_fields;
    const char *body;
    size_t len;
};

struct port_http_events {
    void *user;

    /* A request; it and all it points to are good during the call. reply() must come before it
     * returns. */
    void (*request)(void *user, const struct port_http_request *request);
};

enum port_http_error {
    PORT_HTTP_OK,
    PORT_HTTP_BAD_PLACE,    /* not ADDRESS:PORT */
    PORT_HTTP_BUSY,         /* somebody listens there */
    PORT_HTTP_NOT_HERE,     /* this machine has no such address */
    PORT_HTTP_DENIED,       /* not allowed to us */
    PORT_HTTP_NO_NETWORK,   /* this machine has none */
    PORT_HTTP_NO_RESOURCES, /* memory or file descriptors */
    PORT_HTTP_ERRORS
};

/* What is the matter, and what the user can do about it; never NULL. */
static inline const char *port_http_error_text(enum port_http_error error)
{
    static const char *const texts[PORT_HTTP_ERRORS] = {
        [PORT_HTTP_OK] = "listening",
        [PORT_HTTP_BAD_PLACE] = "that is no ADDRESS:PORT",
        [PORT_HTTP_BUSY] = "another program has this port",
        [PORT_HTTP_NOT_HERE] = "this machine does not have that address",
        [PORT_HTTP_DENIED] = "that is not allowed",
        [PORT_HTTP_NO_NETWORK] = "this machine has no network",
        [PORT_HTTP_NO_RESOURCES] = "no memory or too many open files",
    };

    return (unsigned)error < PORT_HTTP_ERRORS ? texts[error] : "unknown error";
}

static inline const char *port_http_error_remedy(enum port_http_error error)
{
    static const char *const remedies[PORT_HTTP_ERRORS] = {
        [PORT_HTTP_OK] = "",
        [PORT_HTTP_BAD_PLACE] = "write it like 192.168.1.5:8032 or [::]:8032",
        [PORT_HTTP_BUSY] = "stop that program, or choose another port with --listen",
        [PORT_HTTP_NOT_HERE] = "choose another address with --listen, or [::] for all",
        [PORT_HTTP_DENIED] = "choose a port above 1023 with --listen",
        [PORT_HTTP_NO_NETWORK] = "",
        [PORT_HTTP_NO_RESOURCES] = "close other programs or raise the limits of the service",
    };

    return (unsigned)error < PORT_HTTP_ERRORS ? remedies[error] : "";
}

struct port_http {
    void *self;

    /* Starts a server. What *config and *events hold is copied. *server is NULL after an error. */
    enum port_http_error (*open)(void *self, const struct port_http_config *config,
                                 const struct port_http_events *events,
                                 struct port_http_server **server);

    /* Ends it and its connections; what was replied before still goes out. Not from inside a
     * request. NULL is fine. */
    void (*close)(void *self, struct port_http_server *server);

    /* The number of the port it listens at. */
    uint16_t (*number)(void *self, const struct port_http_server *server);

    /* Answers the request that is being handled; all is copied. */
    void (*reply)(void *self, port_http_client client, const struct port_http_response *response);
};

#endif
