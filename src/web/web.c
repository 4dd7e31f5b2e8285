/* web.c: the room as a whole, and its routes. */
#include "web/web_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT "text/plain; charset=utf-8"

/* A command of 2 KiB takes up to 6 in a URL; browsers send half a KiB about themselves. */
static const struct port_http_config limits = {
    .header_max = 12 * 1024,
    .body_max = 8 * 1024,
    .clients_max = 32,
    .idle_s = 30,
};

void web_reply(struct web *web, const struct port_http_request *request, unsigned status,
               const char *type, const char *body)
{
    const struct port_http_field fields[] = {
        { "Content-Type", type },
        { "Cache-Control", "no-store" },
        { "X-Content-Type-Options", "nosniff" },
        { "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" },
        { "Referrer-Policy", "same-origin" },
    };
    const struct port_http_response response = {
        .status = status,
        .fields = fields,
        .n_fields = sizeof(fields) / sizeof(fields[0]),
        .body = body,
        .len = strlen(body),
    };

    web->port->http->reply(web->port->http->self, request->client, &response);
}

static void show_page(struct web *web, const struct port_http_request *request)
{
    char text[768];

    snprintf(text, sizeof(text),
             "mi32 on %s\n"
             "\n"
             "This gateway takes commands here, as Tasmota does:\n"
             "\n"
             "    /cm?cmnd=Help           all commands\n"
             "    /cm?cmnd=MI32Sensors    the sensors\n"
             "\n"
             "A dashboard is not built yet. What changes anything wants the password,\n"
             "&user=admin&password=...; 'mi32 cmd WebPassword' on that machine shows it.\n",
             web->hostname);
    web_reply(web, request, 200, TEXT, text);
}

static const struct route {
    const char *path;
    void (*answer)(struct web *web, const struct port_http_request *request);
} routes[] = {
    { "/", show_page },
    { "/cm", web_cm },
};

static void on_request(void *user, const struct port_http_request *request)
{
    struct web *web = user;

    if (!web_is_our_name(web, request)) {
        web_reply(web, request, 403, TEXT,
                  "This gateway does not know the name you typed: use its address in numbers.\n");
        return;
    }
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        if (strcmp(routes[i].path, request->path) == 0) {
            routes[i].answer(web, request);
            return;
        }
    }
    web_reply(web, request, 404, TEXT, "There is nothing here. / says what there is.\n");
}

/* ---- life ---- */

struct web *web_create(const struct web_config *config)
{
    struct web *web = calloc(1, sizeof(*web));

    if (!web)
        return NULL;
    web->bus = config->bus;
    web->settings = config->settings;
    web->port = config->port;
    snprintf(web->hostname, sizeof(web->hostname), "%s", config->hostname);
    web_commands_register(web);
    return web;
}

void web_destroy(struct web *web)
{
    if (!web)
        return;
    web_stop(web);
    free(web);
}

/* For INFO2 and Status; people were told by the log. */
static void tell_link(struct web *web, bool up)
{
    bus_post(web->bus, &(struct bus_event){ .kind = BUS_LINK, .u.link = { "web", up, "", "" } });
}

/* With what to type into a browser: this machine's name, or the one address that is listened at. */
static void tell_place(struct web *web, const char *place)
{
    const struct port_http *http = web->port->http;
    const char *colon = strrchr(place, ':');
    const size_t len = colon ? (size_t)(colon - place) : strlen(place);
    const bool is_all = strncmp(place, "[::]:", 5) == 0 || strncmp(place, "0.0.0.0:", 8) == 0;
    const char *host = is_all ? web->hostname : place;

    bus_log(web->bus, BUS_INFO, "", "listening at %s: http://%.*s:%u/", place,
            (int)(is_all ? strlen(host) : len), host, http->number(http->self, web->server));
}

bool web_start(struct web *web, const char *place)
{
    const struct port_http *http = web->port->http;
    const struct port_http_events events = { .user = web, .request = on_request };
    struct port_http_config config = limits;

    config.place = place;
    const enum port_http_error error = http->open(http->self, &config, &events, &web->server);
    if (error != PORT_HTTP_OK) {
        bus_log(web->bus, BUS_ERROR, port_http_error_remedy(error), "cannot listen at %s: %s",
                place, port_http_error_text(error));
        return false;
    }
    tell_place(web, place);
    tell_link(web, true);
    web_commands_start(web);
    return true;
}

void web_stop(struct web *web)
{
    const struct port_http *http = web->port->http;

    if (web->server)
        http->close(http->self, web->server);
    web->server = NULL;
}
