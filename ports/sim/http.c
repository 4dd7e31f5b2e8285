#include "sim/http.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FREE_PORT 50000 /* given for port 0 */

static struct port_http_server *find(struct sim_http *http, uint16_t number)
{
    for (size_t i = 0; i < SIM_HTTP_SERVERS_MAX; i++) {
        if (http->servers[i].is_open && http->servers[i].number == number)
            return &http->servers[i];
    }
    return NULL;
}

static enum port_http_error open_port(void *self, const struct port_http_config *config,
                                      const struct port_http_events *events,
                                      struct port_http_server **server)
{
    struct sim_http *http = self;
    const char *colon = strrchr(config->place, ':');
    uint16_t number = (uint16_t)(colon ? strtoul(colon + 1, NULL, 10) : 0);

    *server = NULL;
    if (!colon)
        return PORT_HTTP_BAD_PLACE;
    if (http->is_busy || (number != 0 && find(http, number)))
        return PORT_HTTP_BUSY;
    for (size_t i = 0; i < SIM_HTTP_SERVERS_MAX && !*server; i++) {
        if (!http->servers[i].is_open)
            *server = &http->servers[i];
        if (number == 0 && *server)
            number = (uint16_t)(FREE_PORT + i);
    }
    if (!*server)
        return PORT_HTTP_NO_RESOURCES;
    **server = (struct port_http_server){ true, number, *config, *events };
    (*server)->config.place = NULL;
    return PORT_HTTP_OK;
}

static void close_port(void *self, struct port_http_server *server)
{
    (void)self;
    if (server)
        server->is_open = false;
}

static uint16_t number(void *self, const struct port_http_server *server)
{
    (void)self;
    return server->number;
}

static void reply(void *self, port_http_client client, const struct port_http_response *response)
{
    struct sim_http *http = self;
    struct sim_http_answer *answer = &http->answer;

    if (client != http->last_id || answer->status != 0)
        return;
    assert(response->len <= SIM_HTTP_BODY_MAX && response->n_fields <= SIM_HTTP_FIELDS_MAX);
    answer->status = response->status;
    answer->len = response->len;
    memcpy(answer->body, response->body, response->len);
    answer->body[response->len] = '\0';
    answer->n_fields = response->n_fields;
    for (size_t i = 0; i < response->n_fields; i++) {
        snprintf(answer->fields[i].name, sizeof(answer->fields[i].name), "%s",
                 response->fields[i].name);
        snprintf(answer->fields[i].value, sizeof(answer->fields[i].value), "%s",
                 response->fields[i].value);
    }
}

void sim_http_init(struct sim_http *http)
{
    http->port = (struct port_http){
        .self = http,
        .open = open_port,
        .close = close_port,
        .number = number,
        .reply = reply,
    };
}

static void give(const char **text, const char *standard)
{
    if (!*text)
        *text = standard;
}

const struct sim_http_answer *sim_http_ask(struct sim_http *http, uint16_t port_number,
                                           const struct port_http_request *request)
{
    struct port_http_server *server = find(http, port_number);
    struct port_http_request asked = *request;

    http->answer.status = 0;
    http->answer.len = 0;
    http->answer.n_fields = 0;
    http->answer.body[0] = '\0';
    if (!server)
        return &http->answer;
    asked.client = ++http->last_id;
    give(&asked.method, "GET");
    give(&asked.path, "/");
    give(&asked.peer, "127.0.0.1");
    give(&asked.query, "");
    give(&asked.body, "");
    server->events.request(server->events.user, &asked);
    return &http->answer;
}

const char *sim_http_field(const struct sim_http *http, const char *name)
{
    for (size_t i = 0; i < http->answer.n_fields; i++) {
        if (strcmp(http->answer.fields[i].name, name) == 0)
            return http->answer.fields[i].value;
    }
    return NULL;
}

void sim_http_stop(struct sim_http *http)
{
    for (size_t i = 0; i < SIM_HTTP_SERVERS_MAX; i++)
        http->servers[i].is_open = false;
}
