/*
 * gatt_probe: runs jobs of the room gatt on a device, by the Linux port, one after the other, and
 * prints each event as `OP ERROR UUID HANDLE HEX`, for the scenarios in this folder.
 *
 *     gatt_probe [-a ADAPTER] ADDRESS[/random] SERVICE|any ACTION...
 *
 *     -a ADAPTER                         connect by the adapter of this address
 *     read|read+ UUID                    with + the connection ends afterwards
 *     write|write+ UUID HEX              with a response
 *     silent|silent+ UUID HEX            without
 *     subscribe|subscribe+ UUID
 *     await N                            until N values have been notified in all
 *     lost                               until the connection has ended by itself
 *     say TEXT                           a line, for whoever waits for it
 *     disconnect
 */
#include "base/hex.h"
#include "gatt/gatt.h"
#include "linux/gatt_link.h"
#include "linux/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct probe {
    struct loop *loop;
    struct gatt gatt;
    struct gatt_client client;
    struct gatt_job job;
    uint8_t data[PORT_GATT_VALUE_MAX + 16];
    char **words; /* of the actions that are left */
    unsigned notified, awaited;
    bool is_lost, awaits_loss;
    struct loop_task next;
};

static void bad(const char *what)
{
    fprintf(stderr, "gatt_probe: bad %s\n", what);
    exit(2);
}

static const char *word(struct probe *probe, const char *what)
{
    if (!*probe->words)
        bad(what);
    return *probe->words++;
}

static void read_uuid(const char *text, struct uuid *out)
{
    if (!uuid_parse(text, strlen(text), out))
        bad(text);
}

/* ---- actions ---- */

static void act_job(struct probe *probe, enum gatt_op op, bool has_data)
{
    struct gatt_job *job = &probe->job;

    job->op = op;
    read_uuid(word(probe, "UUID"), &job->characteristic);
    if (has_data) {
        const char *hex = word(probe, "HEX");
        job->len = strlen(hex) / 2;
        job->data = probe->data;
        if (!hex_decode(hex, strlen(hex), probe->data, sizeof(probe->data)))
            bad(hex);
    }
    gatt_run(&probe->gatt, job);
}

static void act_read(struct probe *probe)
{
    act_job(probe, GATT_READ, false);
}

static void act_write(struct probe *probe)
{
    probe->job.with_response = true;
    act_job(probe, GATT_WRITE, true);
}

static void act_silent(struct probe *probe)
{
    probe->job.with_response = false;
    act_job(probe, GATT_WRITE, true);
}

static void act_subscribe(struct probe *probe)
{
    act_job(probe, GATT_SUBSCRIBE, false);
}

static void act_disconnect(struct probe *probe)
{
    probe->job.op = GATT_DISCONNECT;
    gatt_run(&probe->gatt, &probe->job);
}

static void act_await(struct probe *probe)
{
    probe->awaited = (unsigned)strtoul(word(probe, "N"), NULL, 10);
    if (probe->notified >= probe->awaited)
        loop_post(probe->loop, &probe->next);
}

static void act_lost(struct probe *probe)
{
    probe->awaits_loss = true;
    if (probe->is_lost)
        loop_post(probe->loop, &probe->next);
}

static void act_say(struct probe *probe)
{
    printf("%s\n", word(probe, "TEXT"));
    loop_post(probe->loop, &probe->next);
}

static void next(void *user)
{
    static const struct {
        const char *name;
        void (*act)(struct probe *probe);
    } rows[] = {
        { "read", act_read },
        { "write", act_write },
        { "silent", act_silent },
        { "await", act_await },
        { "disconnect", act_disconnect },
        { "lost", act_lost },
        { "subscribe", act_subscribe },
        { "say", act_say },
    };
    struct probe *probe = user;

    if (!*probe->words) {
        loop_stop(probe->loop);
        return;
    }
    const char *name = *probe->words++;
    const size_t len = strcspn(name, "+");
    probe->job.is_once = name[len] == '+';
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0) {
            rows[i].act(probe);
            return;
        }
    }
    bad(name);
}

/* ---- events ---- */

static void on_told(void *user, const struct gatt_event *event)
{
    struct probe *probe = user;
    char hex[2 * PORT_GATT_VALUE_MAX + 1], uuid[UUID_TEXT_SIZE];
    const bool is_notified = event->op == GATT_NOTIFIED;
    const bool is_end = event->op == probe->job.op;

    printf("%d %d %s %04x %s\n", event->op, event->error, uuid_print(event->characteristic, uuid),
           event->handle, hex_encode(event->data, event->len, HEX_LOWER, hex));
    if (event->error != GATT_OK)
        printf("# %s\n", gatt_reason_text(event->reason));
    probe->notified += is_notified;
    if (event->op == GATT_DISCONNECT && !is_end)
        probe->is_lost = true;
    if (is_end || (is_notified && probe->awaited && probe->notified >= probe->awaited) ||
        (probe->is_lost && probe->awaits_loss)) {
        probe->awaited = 0;
        probe->job.op = 0;
        loop_post(probe->loop, &probe->next);
    }
}

static void read_device(struct probe *probe)
{
    char *text = *probe->words++;
    char *slash = strchr(text, '/');

    probe->job.addr_type = slash && strcmp(slash, "/random") == 0;
    if (slash)
        *slash = '\0';
    if (!mac_parse(text, strlen(text), &probe->job.addr))
        bad(text);
    const char *service = word(probe, "SERVICE");
    probe->job.in_any_service = strcmp(service, "any") == 0;
    if (!probe->job.in_any_service)
        read_uuid(service, &probe->job.service);
}

static struct mac adapter; /* of -a */
static bool has_adapter;

static bool find_adapter(void *user, struct mac *out)
{
    (void)user;
    *out = adapter;
    return has_adapter;
}

int main(int argc, char **argv)
{
    static struct gatt_link_origin origin = { NULL, find_adapter };
    static struct probe probe;
    struct gatt_link *link;

    if (argc > 2 && strcmp(argv[1], "-a") == 0) {
        if (!mac_parse(argv[2], strlen(argv[2]), &adapter))
            bad(argv[2]);
        has_adapter = true;
        argv += 2;
        argc -= 2;
    }
    if (argc < 4)
        bad("arguments");
    setvbuf(stdout, NULL, _IOLBF, 0);
    probe.words = argv + 1;
    probe.client = (struct gatt_client){ .user = &probe, .told = on_told };
    probe.job.client = &probe.client;
    probe.next = (struct loop_task){ .run = next, .user = &probe };
    read_device(&probe);
    probe.loop = loop_new();
    link = gatt_link_new(probe.loop, gatt_link_l2cap(&origin));
    gatt_init(&probe.gatt, &(struct gatt_setup){ .port = gatt_link_port(link),
                                                 .clock = loop_clock(probe.loop) });
    loop_post(probe.loop, &probe.next);
    loop_run(probe.loop);
    gatt_close(&probe.gatt);
    gatt_link_free(link);
    loop_free(probe.loop);
    return 0;
}
