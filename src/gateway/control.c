/*
 * control.c: what local programs can ask on the control socket. One line is one request:
 *
 *     command LINE    runs a command; each reply is a line of JSON, then an empty line
 *     mask LINE       the line with its secrets replaced by asterisks, for a history
 *     record          every advert from now on as a line of JSON, until the program goes
 *     pairings        likewise what happens in pairings (pairing.h)
 *
 * Anything else is answered with {"error":"..."} and hung up on.
 */
#include "gateway_private.h"

#include "base/hex.h"

#include <string.h>

static struct gateway_client *find_client(struct gateway *gw, port_client id)
{
    for (size_t i = 0; i < GATEWAY_CLIENTS_MAX; i++) {
        if (gw->clients[i].is_used && gw->clients[i].id == id)
            return &gw->clients[i];
    }
    return NULL;
}

static struct gateway_client *admit(struct gateway *gw, port_client id)
{
    for (size_t i = 0; i < GATEWAY_CLIENTS_MAX; i++) {
        if (!gw->clients[i].is_used) {
            gw->clients[i] = (struct gateway_client){ .id = id, .is_used = true };
            return &gw->clients[i];
        }
    }
    return NULL;
}

static void send_text(struct gateway *gw, port_client client, const char *text)
{
    const struct port_control *control = gw->port->control;

    control->send(control->self, client, text, strlen(text));
}

static void refuse(struct gateway *gw, port_client client, const char *reason)
{
    char out[256];
    struct json j;

    json_init(&j, out, sizeof(out));
    json_object(&j, NULL);
    json_text(&j, "error", reason);
    json_object_end(&j);
    send_text(gw, client, out);
    send_text(gw, client, "\n");
    gw->port->control->hang_up(gw->port->control->self, client);
}

/* ---- command ---- */

struct asker {
    struct gateway *gw;
    port_client client;
};

static void reply(void *user, const char *level, const char *json)
{
    const struct asker *asker = user;

    (void)level;
    send_text(asker->gw, asker->client, json);
    send_text(asker->gw, asker->client, "\n");
}

static void run_command(struct gateway *gw, struct gateway_client *client, const char *text)
{
    struct asker asker = { gw, client->id };

    bus_command(gw->bus, text, strlen(text), BUS_LOCAL, 0, reply, &asker);
    send_text(gw, asker.client, "\n");
}

static void mask_command(struct gateway *gw, struct gateway_client *client, const char *text)
{
    char masked[PORT_CONTROL_LINE_MAX];

    bus_mask(gw->bus, text, strlen(text), masked, sizeof(masked));
    send_text(gw, client->id, masked);
    send_text(gw, client->id, "\n");
}

/* ---- record ---- */

static void start_recording(struct gateway *gw, struct gateway_client *client, const char *text)
{
    (void)text;
    if (!client->is_recording)
        gw->recorders++;
    client->is_recording = true;
}

/* One line as `mi32 decode` reads it, without a key, so that its --keys says which; the longest
 * payload has 3,300 digits. */
static void print_advert(const struct advert *advert, int64_t t_ms, char *out, size_t size)
{
    char hex[2 * ADVERT_LEN_MAX + 1], mac[MAC_TEXT_LEN + 1];
    struct json j;

    json_init(&j, out, size);
    json_object(&j, NULL);
    json_fixed(&j, "t", t_ms, -3, 3);
    json_text(&j, "mac", mac_print(advert->addr, mac));
    if (advert->addr_type == ADVERT_ADDR_RANDOM)
        json_text(&j, "addr_type", "random");
    json_int(&j, "rssi", advert->rssi);
    json_text(&j, "adv_hex", hex_encode(advert->data, advert->len, HEX_LOWER, hex));
    json_object_end(&j);
}

void gateway_control_record(struct gateway *gw, const struct advert *advert)
{
    char line[2 * ADVERT_LEN_MAX + 256];

    print_advert(advert, (int64_t)advert->heard_ms, line, sizeof(line));
    for (size_t i = 0; i < GATEWAY_CLIENTS_MAX; i++) {
        if (!gw->clients[i].is_used || !gw->clients[i].is_recording)
            continue;
        send_text(gw, gw->clients[i].id, line);
        send_text(gw, gw->clients[i].id, "\n");
    }
}

/* ---- pairings ---- */

static void follow_pairings(struct gateway *gw, struct gateway_client *client, const char *text)
{
    (void)gw;
    (void)text;
    client->follows_pairings = true;
}

static void hear_pairing(void *user, const struct bus_event *event)
{
    struct gateway *gw = user;

    for (size_t i = 0; event->kind == BUS_PAIRING && i < GATEWAY_CLIENTS_MAX; i++) {
        if (!gw->clients[i].is_used || !gw->clients[i].follows_pairings)
            continue;
        send_text(gw, gw->clients[i].id, event->u.pairing.json);
        send_text(gw, gw->clients[i].id, "\n");
    }
}

/* ---- lines ---- */

static const struct verb {
    const char *name;
    void (*run)(struct gateway *gw, struct gateway_client *client, const char *text);
} verbs[] = {
    { "command", run_command },
    { "mask", mask_command },
    { "record", start_recording },
    { "pairings", follow_pairings },
};

static void heard_line(void *user, port_client id, const char *line, size_t len)
{
    struct gateway *gw = user;
    struct gateway_client *client = find_client(gw, id);
    const size_t name = strcspn(line, " ");

    (void)len;
    if (!client)
        client = admit(gw, id);
    if (!client) {
        refuse(gw, id, "too many local programs are connected; end one of them");
        return;
    }
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strlen(verbs[i].name) == name && memcmp(verbs[i].name, line, name) == 0) {
            verbs[i].run(gw, client, line + name + (line[name] == ' '));
            return;
        }
    }
    refuse(gw, id, "this gateway does not know that request; is it older than the program?");
}

static void client_gone(void *user, port_client id)
{
    struct gateway *gw = user;
    struct gateway_client *client = find_client(gw, id);

    if (!client)
        return;
    if (client->is_recording)
        gw->recorders--;
    client->is_used = false;
}

void gateway_control_open(struct gateway *gw)
{
    const struct port_control_events events = { gw, heard_line, client_gone };

    gw->pairings = (struct bus_listener){ .hear = hear_pairing, .user = gw };
    bus_listen(gw->bus, &gw->pairings);
    gw->port->control->open(gw->port->control->self, &events);
}

void gateway_control_close(struct gateway *gw)
{
    gw->port->control->close(gw->port->control->self);
    bus_unlisten(gw->bus, &gw->pairings);
    memset(gw->clients, 0, sizeof(gw->clients));
    gw->recorders = 0;
}
