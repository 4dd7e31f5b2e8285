/* web_private.h: what the files of this room share. */
#ifndef MI32_WEB_WEB_PRIVATE_H
#define MI32_WEB_WEB_PRIVATE_H

#include "bus/bus.h"
#include "settings/settings.h"
#include "web/guard.h"
#include "web/web.h"

#include <stddef.h>

#define WEB_HOST_SIZE 96

struct web {
    struct bus *bus;
    struct settings *settings; /* changed by command handlers only */
    const struct port *port;
    char hostname[WEB_HOST_SIZE];
    struct port_http_server *server;
    struct web_guard guard;
};

/* Answers a request. `type` is a media type. */
void web_reply(struct web *web, const struct port_http_request *request, unsigned status,
               const char *type, const char *body);

/* A header field of a request; NULL without. */
const char *web_field(const struct port_http_request *request, const char *name);

/* ---- access.c: who may ask ---- */

/* The name that the client has typed is one of this machine, or at least none that a stranger could
 * make point to it (DNS rebinding). */
bool web_is_our_name(const struct web *web, const struct port_http_request *request);

/* It was no page of another origin that made the client's browser send this. */
bool web_is_own_page(const struct port_http_request *request);

enum web_access {
    WEB_NO_PASSWORD, /* none was given */
    WEB_WRONG_PASSWORD,
    WEB_MUST_WAIT, /* too many wrong ones: this one was not looked at */
    WEB_ALLOWED,
};

/* Looks at the parameters user and password of a query, or else at the Authorization. */
enum web_access web_access(struct web *web, const struct port_http_request *request,
                           const char *query, size_t len);

/* ---- the rest ---- */

void web_cm(struct web *web, const struct port_http_request *request);

void web_commands_register(struct web *web);

/* Makes a password as WebPassword 1 does, unless there is one. */
void web_commands_start(struct web *web);

#endif
