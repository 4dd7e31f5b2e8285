/* The HTTP server on real sockets: where it listens, what a request is when it arrives, and when a
 * connection ends. tests/e2e/test_web.py has the rude clients. */
#include "on_loop.h"

#include "linux/http_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static struct http *http;
static const struct port_http *port;
static struct port_http_server *server;
static char seen[1024]; /* the requests */

/* ---- the server ---- */

static void on_request(void *user, const struct port_http_request *request)
{
    static const struct port_http_field fields[] = { { "X-Own", "yes" } };
    const struct port_http_response response = { 418, fields, 1, "short and stout", 15 };
    const char *host = "";

    (void)user;
    for (size_t i = 0; i < request->n_fields; i++) {
        if (strcmp(request->fields[i].name, "Host") == 0)
            host = request->fields[i].value;
    }
    snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "<%s %s %s %s %s %d %.*s>",
             request->method, request->path, request->query, host, request->peer,
             request->peer_is_local, (int)request->len, request->body);
    port->reply(port->self, request->client, &response);
    port->reply(port->self, request->client, &response); /* a second one is none */
}

static enum port_http_error open_at(const char *place, unsigned idle_s,
                                    struct port_http_server **out)
{
    const struct port_http_config config = {
        .place = place, .header_max = 4096, .body_max = 64, .clients_max = 4, .idle_s = idle_s
    };
    const struct port_http_events events = { .request = on_request };

    return port->open(port->self, &config, &events, out);
}

static int start(void **state)
{
    on_loop_setup(state);
    http = http_new(test_loop);
    assert_non_null(http);
    port = http_port(http);
    seen[0] = '\0';
    assert_int_equal(open_at("127.0.0.1:0", 30, &server), PORT_HTTP_OK);
    return 0;
}

static int stop(void **state)
{
    http_free(http);
    return on_loop_teardown(state);
}

/* ---- a client, on the same loop ---- */

struct client {
    int fd;
    char heard[2048];
    size_t len;
    const char *awaited; /* NULL: the end */
    bool is_done;
    struct timer look;
};

static void look(void *user)
{
    struct client *client = user;
    const struct port_clock *clock = loop_clock(test_loop);
    ssize_t n;

    while ((n = recv(client->fd, client->heard + client->len,
                     sizeof(client->heard) - 1 - client->len, MSG_DONTWAIT)) > 0)
        client->len += (size_t)n;
    client->heard[client->len] = '\0';
    client->is_done = client->awaited ? strstr(client->heard, client->awaited) != NULL : n == 0;
    if (!client->is_done)
        clock->set(clock->self, &client->look, clock->now_ms(clock->self) + 5);
}

static void connect_client(struct client *client)
{
    struct sockaddr_in addr = {
        .sin_family = AF_INET,
        .sin_port = htons(port->number(port->self, server)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };

    *client = (struct client){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    client->look = (struct timer){ .fire = look, .user = client };
    assert_int_equal(connect(client->fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
}

static void say(const struct client *client, const char *text)
{
    assert_int_equal(send(client->fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void await(struct client *client, const char *text)
{
    client->awaited = text;
    client->is_done = false;
    look(client);
    on_loop_until(&client->is_done);
}

/* ---- places ---- */

static void places_are_numbers(void **state)
{
    static const char *const good[] = { "[::]:8032", "0.0.0.0:1", "192.168.1.5:65535",
                                        "[fe80::1]:80", "127.0.0.1:0" };
    static const char *const bad[] = { "",         "8032",        ":8032",       "localhost:80",
                                       "[::]",     "::1:80",      "[::1:80",     "1.2.3:80",
                                       "0.0.0.0:", "0.0.0.0:x",   "0.0.0.0:-1",  "0.0.0.0:65536",
                                       "[::]:80x", "[1.2.3.4]:1", "0.0.0.0: 80", "[]:1" };

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(http_is_place(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct port_http_server *none;
        assert_false(http_is_place(bad[i]));
        assert_int_equal(open_at(bad[i], 30, &none), PORT_HTTP_BAD_PLACE);
        assert_null(none);
    }
}

static void a_place_that_cannot_be_had_is_told(void **state)
{
    struct port_http_server *other;
    char place[32];

    (void)state;
    snprintf(place, sizeof(place), "127.0.0.1:%u", port->number(port->self, server));
    assert_int_equal(open_at(place, 30, &other), PORT_HTTP_BUSY);
    assert_int_equal(open_at("192.0.2.1:0", 30, &other), PORT_HTTP_NOT_HERE);
    assert_null(other);
    port->close(port->self, server); /* and now it is free */
    assert_int_equal(open_at(place, 30, &server), PORT_HTTP_OK);
    assert_int_equal(open_at("[::]:0", 30, &other), PORT_HTTP_OK);
    assert_true(port->number(port->self, other) > 0);
    port->close(port->self, other);
    port->close(port->self, NULL);
}

/* ---- requests ---- */

static void a_request_arrives_whole(void **state)
{
    struct client client;

    (void)state;
    connect_client(&client);
    say(&client, "GET /a%20b?c=%41+d HTTP/1.1\r\nHo");
    on_loop_turn();
    assert_string_equal(seen, "");
    say(&client, "st: attic:80\r\n\r\n");
    await(&client, "short and stout");
    assert_string_equal(seen, "<GET /a%20b c=%41+d attic:80 127.0.0.1 1 >");
    assert_non_null(strstr(client.heard, "HTTP/1.1 418 "));
    assert_non_null(strstr(client.heard, "X-Own: yes\r\n"));
    assert_non_null(strstr(client.heard, "Content-Length: 15\r\n"));
    client.len = 0;
    say(&client, "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
    await(&client, "short and stout");
    assert_non_null(strstr(seen, "<POST /   127.0.0.1 1 abc>"));
    close(client.fd);
}

/* What is behind the last one that is handed on must not be missing there: it may be the Origin. */
static void too_many_fields_are_refused(void **state)
{
    struct client client;
    char text[2048];

    (void)state;
    for (unsigned n = PORT_HTTP_FIELDS_MAX; n <= PORT_HTTP_FIELDS_MAX + 1; n++) {
        size_t len = (size_t)snprintf(text, sizeof(text), "GET / HTTP/1.1\r\n");
        for (unsigned i = 1; i < n; i++)
            len += (size_t)snprintf(text + len, sizeof(text) - len, "X-%u: a\r\n", i);
        snprintf(text + len, sizeof(text) - len, "Host: attic\r\n\r\n");
        seen[0] = '\0';
        connect_client(&client);
        say(&client, text);
        await(&client, n == PORT_HTTP_FIELDS_MAX ? "short and stout" : "HTTP/1.1 431 ");
        assert_string_equal(seen, n == PORT_HTTP_FIELDS_MAX ? "<GET /  attic 127.0.0.1 1 >" : "");
        close(client.fd);
    }
}

static void a_connection_ends_when_it_is_asked_to(void **state)
{
    struct client client;

    (void)state;
    connect_client(&client);
    say(&client, "GET / HTTP/1.0\r\n\r\n");
    await(&client, NULL);
    assert_non_null(strstr(client.heard, "short and stout"));
    close(client.fd);
}

static void a_silent_connection_ends(void **state)
{
    struct client client;

    (void)state;
    port->close(port->self, server);
    assert_int_equal(open_at("127.0.0.1:0", 1, &server), PORT_HTTP_OK);
    connect_client(&client);
    say(&client, "GET / HT");
    await(&client, NULL);
    assert_string_equal(seen, "");
    close(client.fd);
}

static void the_oldest_makes_room(void **state)
{
    struct client clients[6];

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        connect_client(&clients[i]);
        on_loop_turn();
    }
    await(&clients[0], NULL);
    await(&clients[1], NULL);
    say(&clients[5], "GET /last HTTP/1.1\r\n\r\n");
    await(&clients[5], "short and stout");
    say(&clients[2], "GET /still HTTP/1.1\r\n\r\n");
    await(&clients[2], "short and stout");
    for (size_t i = 0; i < 6; i++)
        close(clients[i].fd);
}

static void closing_ends_all(void **state)
{
    struct client client;

    (void)state;
    connect_client(&client);
    say(&client, "GET / HTTP/1.1\r\n\r\n");
    await(&client, "short and stout");
    port->close(port->self, server);
    await(&client, NULL);
    close(client.fd);
}

#define HTTP(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HTTP(places_are_numbers),       HTTP(a_place_that_cannot_be_had_is_told),
        HTTP(a_request_arrives_whole),  HTTP(a_connection_ends_when_it_is_asked_to),
        HTTP(a_silent_connection_ends), HTTP(the_oldest_makes_room),
        HTTP(closing_ends_all),         HTTP(too_many_fields_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
