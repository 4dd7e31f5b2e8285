/* host.h: the Linux port put together for one gateway: loop, data directory, radio, broker, control
 * socket. */
#ifndef MI32_APPS_HOST_H
#define MI32_APPS_HOST_H

#include "files/files.h"
#include "linux/folder.h"
#include "linux/gatt_link.h"
#include "linux/lock.h"
#include "linux/loop.h"
#include "port/port.h"

#include <stdbool.h>

struct control_server;
struct http;
struct mqtt_client;
struct radio;

/* All private but `port`, `loop` and `files`. */
struct host {
    struct port port;
    struct loop *loop;
    struct folder folder;
    bool has_folder;
    struct lock lock;
    struct files *files;
    struct loop_task deliver;
    struct control_server *control;
    struct gatt_link_origin origin;
    struct gatt_link *gatt;
    struct http *http;
    struct mqtt_client *mqtt;
    struct radio *radio;
    struct port_machine machine;
    struct timer restart;
    bool may_restart; /* the caller does what `restarts` asks for; set after host_open() */
    bool restarts;    /* asked to start anew: see anew.h */
};

/*
 * Opens everything: takes the lock of `data_dir` (made when it is missing) and listens on the
 * control socket. `radio` is auto, demo, none or replay:FILE. CLI_OK, or what to exit with after it
 * was told on standard error. host_close() is due in any case.
 */
int host_open(struct host *host, const char *data_dir, const char *radio);
void host_close(struct host *host);

#endif
