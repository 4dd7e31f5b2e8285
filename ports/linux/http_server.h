/* http_server.h: port/http.h by libevent's evhttp. */
#ifndef MI32_PORTS_LINUX_HTTP_SERVER_H
#define MI32_PORTS_LINUX_HTTP_SERVER_H

#include "port/http.h"

#include "linux/loop.h"

struct http;

/* NULL without memory. The loop is borrowed. */
struct http *http_new(struct loop *loop);

/* Ends all servers. */
void http_free(struct http *http);

const struct port_http *http_port(struct http *http);

/* Whether this is an ADDRESS:PORT, as far as one can tell without trying it. */
bool http_is_place(const char *place);

#endif
