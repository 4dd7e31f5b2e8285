/*
 * web.h: the gateway over HTTP: /cm?cmnd=COMMAND as in Tasmota, and a page that says so.
 *
 * Reading is open on the local network, until `WebRead 0`. What changes anything wants the
 * password, as user=admin&password=... or as Basic authorization; commands that show a secret are
 * refused. A page of another origin, and a name that somebody has made point here, get nothing.
 *
 * Commands: WebRead, and for local programs only, WebPassword.
 */
#ifndef MI32_WEB_WEB_H
#define MI32_WEB_WEB_H

#include "port/port.h"

#include <stdbool.h>

struct bus;
struct settings;
struct web;

struct web_config {
    struct bus *bus;
    struct settings *settings;
    const struct port *port; /* clock, random, http */
    const char *hostname;    /* of this machine; copied */
};

/* Registers the commands. Borrows what the config points to until web_destroy(). NULL without
 * memory. */
struct web *web_create(const struct web_config *config);
void web_destroy(struct web *web);

/* Settings and configuration are read: makes a password if there is none, and listens at the place
 * (port_http_config). False when it cannot listen, which is logged with its remedy. */
bool web_start(struct web *web, const char *place);
void web_stop(struct web *web);

#endif
