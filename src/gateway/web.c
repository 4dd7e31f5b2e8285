/* web.c: the web, where the program was built with it (MI32_WEB). */
#include "gateway_private.h"

#ifdef MI32_HAS_WEB
#include "web/web.h"

bool gateway_web_make(struct gateway *gw, const char *hostname)
{
    gw->web = web_create(&(struct web_config){
        .bus = gw->bus,
        .settings = gw->settings,
        .port = gw->port,
        .hostname = hostname,
    });
    return gw->web != NULL;
}

bool gateway_web_start(struct gateway *gw)
{
    return !gw->listen || web_start(gw->web, gw->listen);
}

void gateway_web_stop(struct gateway *gw)
{
    web_stop(gw->web);
}

void gateway_web_destroy(struct gateway *gw)
{
    web_destroy(gw->web);
}

#else

bool gateway_web_make(struct gateway *gw, const char *hostname)
{
    (void)gw;
    (void)hostname;
    return true;
}

bool gateway_web_start(struct gateway *gw)
{
    if (gw->listen)
        bus_log(gw->bus, BUS_INFO, "", "this mi32 was built without the web");
    return true;
}

void gateway_web_stop(struct gateway *gw)
{
    (void)gw;
}

void gateway_web_destroy(struct gateway *gw)
{
    (void)gw;
}

#endif
