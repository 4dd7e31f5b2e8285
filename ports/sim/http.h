/* http.h: web clients, played by the test. */
#ifndef MI32_PORTS_SIM_HTTP_H
#define MI32_PORTS_SIM_HTTP_H

#include "port/http.h"

#define SIM_HTTP_SERVERS_MAX 4
#define SIM_HTTP_BODY_MAX    (256 * 1024)
#define SIM_HTTP_FIELDS_MAX  16

/* What came back. */
struct sim_http_answer {
    unsigned status; /* 0: nothing did */
    size_t len;
    char body[SIM_HTTP_BODY_MAX + 1];
    size_t n_fields;
    struct {
        char name[64], value[256];
    } fields[SIM_HTTP_FIELDS_MAX];
};

struct sim_http {
    struct port_http port;
    bool is_busy; /* set by the test: another program has every port */
    struct port_http_server {
        bool is_open;
        uint16_t number;
        struct port_http_config config;
        struct port_http_events events;
    } servers[SIM_HTTP_SERVERS_MAX];
    port_http_client last_id;
    struct sim_http_answer answer;
};

void sim_http_init(struct sim_http *http);

/* A client asks the server at this port number, now. Left out of the request: `client`, and, for
 * "GET", "/", "127.0.0.1", "" and "", method, path, peer, query and body. */
const struct sim_http_answer *sim_http_ask(struct sim_http *http, uint16_t number,
                                           const struct port_http_request *request);

/* The value of a header field of the last answer; NULL without. */
const char *sim_http_field(const struct sim_http *http, const char *name);

/* Its power is gone. */
void sim_http_stop(struct sim_http *http);

#endif
