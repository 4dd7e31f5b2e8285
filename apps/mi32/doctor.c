/* doctor.c: `mi32 doctor`: what a gateway needs of this machine, one line each, with a remedy. */
#include "cli.h"

#include "base/json.h"
#include "linux/control_client.h"
#include "linux/examine.h"
#include "linux/loop.h"
#include "linux/machine.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: mi32 doctor [OPTION...]\n"
    "Looks whether this machine has what a gateway needs: adapter, rights, kernel, clock, broker,\n"
    "mDNS, disk. One line each, and behind a dash what helps. It changes nothing.\n"
    "\n"
    "      --data DIR  the data directory, where no gateway is running\n"
    "      --json      one JSON object for each line\n"
    "  -h, --help      this text\n"
    "\n"
    "Exit code: 0 when all is well, 1 when something is not, 2 for a wrong command line, 3 when "
    "there\n"
    "is no Bluetooth adapter.\n";

#define ADAPTERS_MAX 16
#define PATIENCE_MS  5000
#define REACH_MS     3000
#define FREE_MIN     (UINT64_C(16) << 20) /* bytes: room for the files, twice */
#define SETTINGS_MAX (1 << 20)
#define BROKER_PORT  1883
#define SETCAP       "sudo setcap cap_net_admin,cap_net_raw+ep $(command -v mi32)"

enum state { OK, NOTE, BAD };

struct doctor {
    const char *root; /* of the machine that is looked at */
    struct bt_sockets sockets;
    const char *data; /* NULL: the usual place */
    bool is_json;

    struct control_client gateway;
    bool is_running;   /* one answers */
    bool is_listening; /* and hears */
    struct examine_adapter adapters[ADAPTERS_MAX];
    size_t n_adapters;
    char host[256];
    uint16_t port;
    unsigned bad;
};

/* ---- saying ---- */

static void print_json(const char *what, enum state state, const char *text, const char *remedy)
{
    static const char *const names[] = { "ok", "note", "bad" };
    char line[8192]; /* were each byte to be escaped */
    struct json j;

    json_init(&j, line, sizeof(line));
    json_object(&j, NULL);
    json_text(&j, "check", what);
    json_text(&j, "state", names[state]);
    json_text(&j, "text", text);
    json_text(&j, "remedy", remedy);
    json_object_end(&j);
    if (json_ok(&j))
        puts(line);
}

__attribute__((format(printf, 5, 6))) static void say(struct doctor *d, const char *what,
                                                      enum state state, const char *remedy,
                                                      const char *format, ...)
{
    static const char *const marks[] = { "ok  ", "note", "BAD " };
    char text[384];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    d->bad += state == BAD;
    if (d->is_json) {
        print_json(what, state, text, remedy);
        return;
    }
    printf("%s  %-10s ", marks[state], what);
    cli_put_clean(stdout, text, strlen(text));
    fputs(*remedy ? " - " : "", stdout);
    cli_put_clean(stdout, remedy, strlen(remedy));
    putchar('\n');
}

/* ---- the gateway ---- */

/* One command's reply, which the caller deletes; NULL without one. */
static cJSON *ask(struct doctor *d, const char *command)
{
    char request[64];

    snprintf(request, sizeof(request), "command %s", command);
    if (!d->is_running || control_client_send(&d->gateway, request) != CONTROL_CLIENT_OK)
        return NULL;
    const char *line = control_client_line(&d->gateway);
    cJSON *reply = line ? cJSON_Parse(line) : NULL;
    if (line)
        (void)control_client_line(&d->gateway); /* the empty line behind it */
    return reply;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));

    return text ? text : "";
}

static void look_at_gateway(struct doctor *d)
{
    const enum control_client_error error = control_client_open(&d->gateway, NULL);

    d->is_running = error == CONTROL_CLIENT_OK;
    control_client_wait_at_most(&d->gateway, PATIENCE_MS);
    if (d->is_running)
        say(d, "gateway", OK, "", "is running");
    else if (error == CONTROL_CLIENT_NO_GATEWAY)
        say(d, "gateway", NOTE, "mi32 run, or as a service: sudo systemctl enable --now mi32",
            "none is running");
    else
        say(d, "gateway", BAD, control_client_error_text(error), "one is running, out of reach");
}

static void look_at_radios(struct doctor *d)
{
    cJSON *reply = ask(d, "MI32Radio");
    const cJSON *radio;

    if (d->is_running && !reply)
        say(d, "gateway", BAD, "", "%s", control_client_reason(&d->gateway));
    cJSON_ArrayForEach(radio, cJSON_GetObjectItem(reply, "MI32Radio"))
    {
        const bool is_waiting = strcmp(text_of(radio, "State"), "waiting") == 0;
        d->is_listening |= !is_waiting;
        if (is_waiting)
            say(d, "radio", BAD, text_of(radio, "Remedy"), "%s", text_of(radio, "Text"));
        else
            say(d, "radio", OK, "", "%s listens by the route '%s', %.0f %% of the time",
                text_of(radio, "Name"), text_of(radio, "Route"),
                cJSON_GetNumberValue(cJSON_GetObjectItem(radio, "Duty")));
    }
    cJSON_Delete(reply);
}

/* ---- Bluetooth ---- */

static void look_at_adapter(struct doctor *d, const struct examine_adapter *adapter)
{
    const bool is_blocked = adapter->is_soft_blocked || adapter->is_hard_blocked;
    const char *remedy =
        adapter->is_hard_blocked ? "there is a switch or a key for it" : "rfkill unblock bluetooth";

    say(d, "adapter", is_blocked ? BAD : OK, is_blocked ? remedy : "", "hci%u, driver %s%s",
        adapter->index, *adapter->driver ? adapter->driver : "not known",
        is_blocked ? ": blocked by rfkill" : "");
}

static void look_at_adapters(struct doctor *d)
{
    d->n_adapters = examine_adapters(d->root, d->adapters, ADAPTERS_MAX);
    for (size_t i = 0; i < d->n_adapters; i++)
        look_at_adapter(d, &d->adapters[i]);
    if (d->n_adapters > 0)
        return;
    if (!examine_settings(&d->sockets, 0, &(struct examine_settings){ 0 }) && errno == EAFNOSUPPORT)
        say(d, "adapter", BAD, "sudo modprobe bluetooth; in a container: --network host",
            "the kernel has no Bluetooth here");
    else
        say(d, "adapter", BAD, "plug one in (lsusb, dmesg tell what the system sees of it)",
            "there is no Bluetooth adapter");
}

static void look_at_le(struct doctor *d)
{
    for (size_t i = 0; i < d->n_adapters; i++) {
        const uint16_t index = d->adapters[i].index;
        struct examine_settings settings;
        if (!examine_settings(&d->sockets, index, &settings))
            say(d, "LE", BAD, "sudo modprobe bluetooth; in a container: --network host",
                "hci%u cannot be asked: %s", index, strerror(errno));
        else if (!settings.can_le)
            say(d, "LE", BAD, "use another adapter", "hci%u has no Bluetooth LE", index);
        else
            say(d, "LE", OK, "", "hci%u: LE %s, %s", index,
                settings.has_le ? "on" : "off; mi32 switches it on",
                settings.is_powered ? "powered" : "not powered; mi32 does that");
    }
}

static void look_at_kernel(struct doctor *d)
{
    struct examine_kernel kernel;

    if (!examine_kernel(d->root, &kernel)) {
        say(d, "kernel", NOTE, "", "its version cannot be read");
        return;
    }
    const bool is_old = kernel.major < 5 || (kernel.major == 5 && kernel.minor < 8);
    say(d, "kernel", is_old ? NOTE : OK, is_old ? "a newer one shares the adapter better" : "",
        "%s (%u.%u.%u)%s", kernel.release, kernel.major, kernel.minor, kernel.patch,
        is_old ? ": mi32 must scan by its own commands" : "");
    if (examine_filters_repeats(&kernel))
        say(d, "repeats", NOTE, "a newer kernel (6.1.105, 6.6.46, 6.10.5, 6.11 or later)",
            "this kernel drops repeated adverts: values may come up to 20 s late");
    else
        say(d, "repeats", OK, "", "this kernel hands on every advert");
}

static void look_at_rights(struct doctor *d)
{
    struct examine_rights rights;

    (void)examine_rights(d->root, &rights);
    if (d->is_listening)
        say(d, "rights", OK, "", "the running gateway has them");
    else if (rights.net_admin && rights.net_raw)
        say(d, "rights", OK, "", "cap_net_admin and cap_net_raw are here");
    else
        say(d, "rights", BAD, SETCAP, "missing here:%s%s", rights.net_admin ? "" : " cap_net_admin",
            rights.net_raw ? "" : " cap_net_raw");
}

static void look_at_bluetoothd(struct doctor *d)
{
    if (examine_process(d->root, "bluetoothd"))
        say(d, "bluetoothd", OK, "", "runs; mi32 shares the adapter with it");
    else
        say(d, "bluetoothd", OK, "", "does not run; mi32 needs none");
}

/* ---- the rest ---- */

static void look_at_clock(struct doctor *d)
{
    struct loop *loop = loop_new();
    int64_t unix_ms = 0;

    if (!loop)
        return;
    const struct port_clock *clock = loop_clock(loop);
    if (clock->wall_ms(clock->self, &unix_ms))
        say(d, "clock", OK, "", "is set");
    else
        say(d, "clock", BAD, "sudo timedatectl set-ntp true, and wait for the network",
            "nobody has set it since the machine started: times are left out");
    loop_free(loop);
}

static void copy_host(struct doctor *d, const cJSON *object)
{
    const cJSON *port = cJSON_GetObjectItem(object, "MqttPort");

    if (*text_of(object, "MqttHost"))
        snprintf(d->host, sizeof(d->host), "%s", text_of(object, "MqttHost"));
    if (cJSON_IsNumber(port))
        d->port = (uint16_t)port->valueint;
}

static void read_settings(struct doctor *d, const char *data_dir)
{
    char path[PATH_MAX + 16];
    size_t len;

    snprintf(path, sizeof(path), "%s/settings", data_dir);
    char *text = cli_read_file(path, SETTINGS_MAX, &len);
    cJSON *settings = text ? cJSON_Parse(text) : NULL;
    copy_host(d, settings);
    cJSON_Delete(settings);
    free(text);
}

static void find_broker(struct doctor *d, const char *data_dir)
{
    static const char *const commands[] = { "MqttHost", "MqttPort" };

    d->port = BROKER_PORT;
    for (size_t i = 0; i < 2 && d->is_running; i++) {
        cJSON *reply = ask(d, commands[i]);
        copy_host(d, reply);
        cJSON_Delete(reply);
    }
    if (!d->is_running)
        read_settings(d, data_dir);
}

static void look_at_broker(struct doctor *d, const char *data_dir)
{
    char error[128];

    find_broker(d, data_dir);
    if (!*d->host && !d->is_running)
        say(d, "broker", NOTE, "mi32 cmd MqttHost ADDRESS; --data names another directory",
            "none is set in %s: no MQTT", data_dir);
    else if (!*d->host)
        say(d, "broker", NOTE, "mi32 cmd MqttHost ADDRESS", "none is set: no MQTT");
    else if (examine_reach(d->host, d->port, REACH_MS, error, sizeof(error)) == 0)
        say(d, "broker", OK, "", "%s port %u can be reached", d->host, d->port);
    else
        say(d, "broker", BAD,
            "is it running, its address right (MqttHost, MqttPort), the network up?",
            "%s port %u: %s", d->host, d->port, error);
}

static void look_at_mdns(struct doctor *d)
{
    switch (examine_mdns(d->root)) {
    case EXAMINE_MDNS_AVAHI:
        say(d, "mDNS", OK, "", "avahi runs: NAME.local is found, for the name of this machine");
        break;
    case EXAMINE_MDNS_OTHER:
        say(d, "mDNS", OK, "", "another program than avahi answers for it");
        break;
    case EXAMINE_MDNS_NOBODY:
        say(d, "mDNS", NOTE, "sudo apt install avahi-daemon, or use the address of this machine",
            "nobody answers for it: no NAME.local is found");
        break;
    }
}

static void look_at_disk(struct doctor *d, const char *data_dir)
{
    struct examine_disk disk;

    if (!examine_disk(data_dir, &disk))
        say(d, "disk", BAD, "name a data directory with --data", "%s: %s", data_dir,
            strerror(errno));
    else if (disk.is_read_only)
        say(d, "disk", BAD, "mount it writable, or name another place with --data",
            "%s is on a read-only file system", data_dir);
    else if (disk.free_bytes < FREE_MIN)
        say(d, "disk", BAD, "free some space", "%s: only %llu MiB are free", data_dir,
            (unsigned long long)(disk.free_bytes >> 20));
    else if (!disk.may_write && !d->is_running)
        say(d, "disk", BAD, "name another place with --data, or be the user of the gateway",
            "%s cannot be written to", data_dir);
    else
        say(d, "disk", OK, "", "%s: %llu MiB free", data_dir,
            (unsigned long long)(disk.free_bytes >> 20));
}

/* ---- all of it ---- */

static int examine(struct doctor *d)
{
    char data_dir[PATH_MAX] = "";

    if (d->data)
        snprintf(data_dir, sizeof(data_dir), "%s", d->data);
    else if (!machine_state_dir("mi32", data_dir, sizeof(data_dir)))
        snprintf(data_dir, sizeof(data_dir), "/");
    look_at_gateway(d);
    look_at_radios(d);
    look_at_adapters(d);
    look_at_le(d);
    look_at_rights(d);
    look_at_kernel(d);
    look_at_bluetoothd(d);
    look_at_clock(d);
    look_at_broker(d, data_dir);
    look_at_mdns(d);
    look_at_disk(d, data_dir);
    control_client_close(&d->gateway);
    if (d->n_adapters == 0)
        return CLI_NO_ADAPTER;
    return d->bad > 0 ? CLI_FAILED : CLI_OK;
}

int cmd_doctor(int argc, char **argv)
{
    static const struct option options[] = {
        { "data", required_argument, NULL, 'd' },
        { "json", no_argument, NULL, 'j' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    struct doctor doctor = { .root = "", .sockets = bt_sockets() };
    int c;

    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (c) {
        case 'd':
            doctor.data = optarg;
            break;
        case 'j':
            doctor.is_json = true;
            break;
        case 'h':
            fputs(help, stdout);
            return CLI_OK;
        default:
            return cli_usage_told("doctor");
        }
    }
    if (optind < argc)
        return cli_usage("doctor", "'%s' is not understood", argv[optind]);
    return examine(&doctor);
}
