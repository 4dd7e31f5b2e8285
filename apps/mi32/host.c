#include "host.h"

#include "anew.h"
#include "cli.h"
#include "linux/control_server.h"
#include "linux/gatt_link.h"
#include "linux/gpio.h"
#include "linux/http_server.h"
#include "linux/machine.h"
#include "linux/mqtt_client.h"
#include "linux/radio.h"
#include "sim/demo_source.h"

#include <string.h>
#include <time.h>

/* ---- the data directory ---- */

static void deliver(void *user)
{
    struct host *host = user;

    files_deliver(host->files);
}

static void wake(void *user)
{
    struct host *host = user;

    loop_post(host->loop, &host->deliver);
}

static int take_lock(struct host *host, const char *data_dir)
{
    pid_t holder = 0;
    const int result = lock_take(&host->lock, &host->folder, &holder);

    if (result > 0)
        return cli_fail("end that one, or name another directory with --data",
                        "%s is in use by another mi32 (process %ld)", data_dir, (long)holder);
    if (result < 0)
        return cli_fail("", "cannot lock %s: %s", data_dir, strerror(-result));
    folder_sweep(&host->folder);
    return CLI_OK;
}

static int open_files(struct host *host, const char *data_dir)
{
    const int error = folder_open(&host->folder, data_dir);

    if (error)
        return cli_fail("name another with --data", "cannot use %s: %s", data_dir,
                        strerror(-error));
    host->has_folder = true;
    const int code = take_lock(host, data_dir);
    if (code != CLI_OK)
        return code;
    host->deliver = (struct loop_task){ .run = deliver, .user = host };
    host->files = files_open(&(struct files_setup){ &host->folder.calls, true, wake, host });
    if (!host->files)
        return cli_fail("", "out of memory");
    host->port.files = files_port(host->files);
    return CLI_OK;
}

/* ---- radio ---- */

/* Connections are made by an adapter that listens. */
static bool find_origin(void *user, struct mac *out)
{
    const struct host *host = user;

    return host->radio && radio_address(host->radio, out);
}

static int open_radio(struct host *host, const char *spec)
{
    struct replay_source demo = { NULL, NULL, NULL };
    char error[RADIO_ERROR_SIZE];

    if (strcmp(spec, "demo") == 0) {
        demo = demo_source(demo_source_start(time(NULL)));
        if (!demo.next)
            return cli_fail("", "out of memory");
    }
    host->radio = radio_new(host->loop, spec, demo, error);
    if (!host->radio) {
        if (demo.close)
            demo.close(demo.user);
        return cli_fail("", "%s", error);
    }
    host->port.radio = radio_port(host->radio);
    return CLI_OK;
}

static int open_control(struct host *host)
{
    char error[CONTROL_ERROR_SIZE];

    host->control = control_server_new(host->loop, NULL, error);
    if (!host->control)
        return cli_fail("", "%s", error);
    host->port.control = control_server_port(host->control);
    return CLI_OK;
}

/* ---- the machine ---- */

#define RESTART_MS 200 /* for replies that are on their way */

static void stop_for_restart(void *user)
{
    struct host *host = user;

    loop_stop(host->loop);
}

static bool restart(void *self)
{
    struct host *host = self;
    const struct port_clock *clock = host->port.clock;

    if (!host->may_restart)
        return false;
    host->restarts = true;
    clock->set(clock->self, &host->restart, clock->now_ms(clock->self) + RESTART_MS);
    return true;
}

static const char *start_reason(void *self)
{
    (void)self;
    return anew_was_started() ? "Software/System restart" : "Power On";
}

static void open_machine(struct host *host)
{
    host->restart = (struct timer){ .fire = stop_for_restart, .user = host };
    host->machine = (struct port_machine){ host, machine_look, start_reason, restart };
    host->port.machine = &host->machine;
}

/* ---- all of it ---- */

int host_open(struct host *host, const char *data_dir, const char *radio)
{
    int code;

    memset(host, 0, sizeof(*host));
    host->lock.fd = -1;
    host->loop = loop_new();
    host->mqtt = host->loop ? mqtt_client_new(host->loop) : NULL;
    host->origin = (struct gatt_link_origin){ host, find_origin };
    host->gatt = host->loop ? gatt_link_new(host->loop, gatt_link_l2cap(&host->origin)) : NULL;
    host->http = host->loop ? http_new(host->loop) : NULL;
    if (!host->mqtt || !host->gatt || !host->http)
        return cli_fail("", "out of memory");
    host->port.clock = loop_clock(host->loop);
    host->port.mqtt = mqtt_client_port(host->mqtt);
    host->port.gatt = gatt_link_port(host->gatt);
    host->port.http = http_port(host->http);
    host->port.gpio = gpio_port();
    host->port.random = loop_random;
    open_machine(host);
    code = open_radio(host, radio);
    if (code == CLI_OK)
        code = open_files(host, data_dir);
    if (code == CLI_OK)
        code = open_control(host);
    return code;
}

void host_close(struct host *host)
{
    radio_free(host->radio);
    control_server_free(host->control);
    mqtt_client_free(host->mqtt);
    gatt_link_free(host->gatt);
    http_free(host->http);
    if (host->files)
        files_close(host->files);
    if (host->loop)
        loop_unpost(host->loop, &host->deliver);
    lock_release(&host->lock);
    if (host->has_folder)
        folder_close(&host->folder);
    loop_free(host->loop);
}
