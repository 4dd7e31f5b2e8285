/*
 * http_server.c: evhttp. It tells nobody when it is done with a connection, so each socket's
 * bufferevent is held on to: one whose callbacks are gone has been let go of by evhttp.
 */
#include "linux/http_server.h"

#include "linux/http_place.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SWEEP_MS        200
#define TOO_MANY_FIELDS 431 /* RFC 6585 */

struct connection {
    struct connection *next;
    port_http_client id;
    struct bufferevent *stream; /* also ours */
    bool is_leaving;            /* it had to make room */
};

struct port_http_server {
    struct port_http_server *next;
    struct http *http;
    struct port_http_config config;
    struct port_http_events events;
    struct evhttp *evhttp;
    uint16_t number;
    struct connection *first; /* the newest */
    struct timer sweep;       /* while there are any */
};

struct http {
    struct port_http port;
    struct loop *loop;
    struct port_http_server *servers;
    port_http_client last_id;
    struct evhttp_request *handled; /* the request that is being handled, and */
    port_http_client handled_id;    /* whose it is */
};

/* ---- connections ---- */

static bool is_over(const struct connection *connection)
{
    bufferevent_event_cb on_event = NULL;

    bufferevent_getcb(connection->stream, NULL, NULL, &on_event, NULL);
    return !on_event;
}

static void free_connection(struct connection *connection)
{
    bufferevent_decref(connection->stream);
    free(connection);
}

static void drop_those_over(struct port_http_server *server)
{
    for (struct connection **at = &server->first; *at;) {
        struct connection *connection = *at;
        if (is_over(connection)) {
            *at = connection->next;
            free_connection(connection);
        } else {
            at = &connection->next;
        }
    }
}

static void sweep_later(struct port_http_server *server)
{
    const struct port_clock *clock = loop_clock(server->http->loop);

    clock->set(clock->self, &server->sweep, clock->now_ms(clock->self) + SWEEP_MS);
}

static void sweep(void *user)
{
    struct port_http_server *server = user;

    drop_those_over(server);
    if (server->first)
        sweep_later(server);
}

/* The oldest connection of a full house goes: evhttp sees its end and lets go of it. */
static void make_room(const struct port_http_server *server)
{
    struct connection *oldest = NULL;
    unsigned count = 0;

    for (struct connection *c = server->first; c; c = c->next) {
        if (c->is_leaving)
            continue;
        oldest = c;
        count++;
    }
    if (count < server->config.clients_max || !oldest)
        return;
    oldest->is_leaving = true;
    shutdown(bufferevent_getfd(oldest->stream), SHUT_RDWR);
}

/* What evhttp shall read and write for the socket that it is about to accept. NULL makes it make
 * one of its own, whose requests are then refused. */
static struct bufferevent *on_accept(struct event_base *base, void *arg)
{
    struct port_http_server *server = arg;
    struct connection *connection = calloc(1, sizeof(*connection));

    drop_those_over(server);
    make_room(server);
    if (!connection)
        return NULL;
    connection->stream = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    if (!connection->stream) {
        free(connection);
        return NULL;
    }
    bufferevent_incref(connection->stream);
    connection->id = ++server->http->last_id;
    connection->next = server->first;
    server->first = connection;
    sweep_later(server);
    return connection->stream;
}

static struct connection *connection_of(const struct port_http_server *server,
                                        struct evhttp_request *request)
{
    const struct bufferevent *stream =
        evhttp_connection_get_bufferevent(evhttp_request_get_connection(request));
    struct connection *connection = server->first;

    while (connection && connection->stream != stream)
        connection = connection->next;
    return connection;
}

/* ---- requests ---- */

static const struct {
    enum evhttp_cmd_type command;
    const char *name;
} methods[] = { { EVHTTP_REQ_GET, "GET" }, { EVHTTP_REQ_POST, "POST" }, { EVHTTP_REQ_PUT, "PUT" } };

static const char *method_of(const struct evhttp_request *request)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (methods[i].command == evhttp_request_get_command(request))
            return methods[i].name;
    }
    return "";
}

/* How many there are; so many of them are copied as there is room for. */
static size_t copy_fields(struct evhttp_request *request, struct port_http_field *out)
{
    const struct evkeyvalq *fields = evhttp_request_get_input_headers(request);
    size_t n = 0;

    for (const struct evkeyval *f = fields->tqh_first; f; f = f->next.tqe_next, n++) {
        if (n < PORT_HTTP_FIELDS_MAX)
            out[n] = (struct port_http_field){ .name = f->key, .value = f->value };
    }
    return n;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void hand_on(struct port_http_server *server, const struct connection *connection,
                    struct evhttp_request *request)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    struct evbuffer *body = evhttp_request_get_input_buffer(request);
    struct port_http_field fields[PORT_HTTP_FIELDS_MAX];
    char peer[HTTP_PEER_SIZE];
    struct port_http_request out = {
        .client = connection->id,
        .peer = peer,
        .method = method_of(request),
        .path = or_empty(evhttp_uri_get_path(uri)),
        .query = or_empty(evhttp_uri_get_query(uri)),
        .fields = fields,
        .n_fields = copy_fields(request, fields),
        .len = evbuffer_get_length(body),
    };

    if (out.n_fields > PORT_HTTP_FIELDS_MAX) {
        evhttp_send_error(request, TOO_MANY_FIELDS, "Request Header Fields Too Large");
        return;
    }
    out.body = out.len > 0 ? (const char *)evbuffer_pullup(body, -1) : "";
    http_place_peer(bufferevent_getfd(connection->stream), peer, &out.peer_is_local);
    server->http->handled = request;
    server->http->handled_id = connection->id;
    server->events.request(server->events.user, &out);
    server->http->handled = NULL;
}

static void on_request(struct evhttp_request *request, void *arg)
{
    struct port_http_server *server = arg;
    const struct connection *connection = connection_of(server, request);

    if (connection && evhttp_request_get_evhttp_uri(request))
        hand_on(server, connection, request);
    else
        evhttp_send_error(request, HTTP_SERVUNAVAIL, NULL);
}

/* ---- port_http ---- */

static void reply(void *self, port_http_client client, const struct port_http_response *response)
{
    struct http *http = self;
    struct evhttp_request *request = http->handled_id == client ? http->handled : NULL;

    if (!request)
        return;
    http->handled = NULL;
    struct evkeyvalq *fields = evhttp_request_get_output_headers(request);
    for (size_t i = 0; i < response->n_fields; i++)
        evhttp_add_header(fields, response->fields[i].name, response->fields[i].value);
    evbuffer_add(evhttp_request_get_output_buffer(request), response->body, response->len);
    evhttp_send_reply(request, (int)response->status, NULL, NULL);
}

static uint16_t number(void *self, const struct port_http_server *server)
{
    (void)self;
    return server->number;
}

static void free_server(struct port_http_server *server)
{
    const struct port_clock *clock = loop_clock(server->http->loop);

    if (server->evhttp)
        evhttp_free(server->evhttp);
    while (server->first) {
        struct connection *connection = server->first;
        server->first = connection->next;
        free_connection(connection);
    }
    clock->cancel(clock->self, &server->sweep);
    free(server);
}

static void close_port(void *self, struct port_http_server *server)
{
    struct http *http = self;

    if (!server)
        return;
    for (struct port_http_server **at = &http->servers; *at; at = &(*at)->next) {
        if (*at == server) {
            *at = server->next;
            break;
        }
    }
    free_server(server);
}

static struct port_http_server *make_server(struct http *http,
                                            const struct port_http_config *config,
                                            const struct port_http_events *events)
{
    struct port_http_server *server = calloc(1, sizeof(*server));

    if (!server)
        return NULL;
    server->http = http;
    server->sweep = (struct timer){ .fire = sweep, .user = server };
    server->config = *config;
    server->config.place = NULL; /* the caller's */
    server->events = *events;
    server->next = http->servers;
    http->servers = server;
    server->evhttp = evhttp_new(loop_base(http->loop));
    if (!server->evhttp) {
        close_port(http, server);
        return NULL;
    }
    evhttp_set_allowed_methods(server->evhttp, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_PUT);
    evhttp_set_max_headers_size(server->evhttp, (ev_ssize_t)config->header_max);
    evhttp_set_max_body_size(server->evhttp, (ev_ssize_t)config->body_max);
    evhttp_set_timeout(server->evhttp, (int)config->idle_s);
    evhttp_set_default_content_type(server->evhttp, NULL);
    evhttp_set_bevcb(server->evhttp, on_accept, server);
    evhttp_set_gencb(server->evhttp, on_request, server);
    return server;
}

static enum port_http_error open_port(void *self, const struct port_http_config *config,
                                      const struct port_http_events *events,
                                      struct port_http_server **out)
{
    struct http *http = self;
    uint16_t port_number;
    int fd;
    const enum port_http_error error = http_place_listen(config->place, &fd, &port_number);

    *out = NULL;
    if (error != PORT_HTTP_OK)
        return error;
    struct port_http_server *server = make_server(http, config, events);
    if (!server || evhttp_accept_socket(server->evhttp, fd) != 0) {
        close(fd);
        close_port(http, server);
        return PORT_HTTP_NO_RESOURCES;
    }
    server->number = port_number;
    *out = server;
    return PORT_HTTP_OK;
}

struct http *http_new(struct loop *loop)
{
    struct http *http = calloc(1, sizeof(*http));

    if (!http)
        return NULL;
    http->loop = loop;
    http->port = (struct port_http){
        .self = http,
        .open = open_port,
        .close = close_port,
        .number = number,
        .reply = reply,
    };
    return http;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    for (struct port_http_server *server = http->servers, *next; server; server = next) {
        next = server->next;
        free_server(server);
    }
    free(http);
}

const struct port_http *http_port(struct http *http)
{
    return &http->port;
}
