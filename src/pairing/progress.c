/* progress.c: what others are told of a pairing. */
#include "pairing/pairing_private.h"

#include <string.h>

#define MASK "********"

static const struct {
    const char *text, *remedy;
} errors[] = {
    [PORT_GATT_OK] = { "no error", "" },
    [PORT_GATT_UNREACHABLE] = { "the device cannot be reached",
                                "press its button or take the battery out and in again, and bring "
                                "it nearer" },
    [PORT_GATT_HELD] = { "another program of this machine holds a connection to it",
                         "end that one, bluetoothctl for example" },
    [PORT_GATT_LOST] = { "the connection broke off", "bring the device nearer" },
    [PORT_GATT_NO_SERVICE] = { "the device has no Xiaomi service",
                               "it cannot be activated; with other firmware it needs no key" },
    [PORT_GATT_NO_CHARACTERISTIC] = { "the device does not know this procedure",
                                      "it cannot be activated by mi32" },
    [PORT_GATT_NOT_PERMITTED] = { "the device does not permit it",
                                  "it cannot be activated by mi32" },
    [PORT_GATT_NOT_SECURE] = { "the device wants a Bluetooth pairing that did not come about",
                               "it cannot be activated by mi32" },
    [PORT_GATT_TIMEOUT] = { "the device does not answer", "bring it nearer and try again" },
    [PORT_GATT_REFUSED] = { "the device refused", "try again" },
    [PORT_GATT_TOO_LONG] = { "the device does not take messages of this length",
                             "it cannot be activated by mi32" },
    [PORT_GATT_NO_ADAPTER] = { "there is no Bluetooth adapter that could connect",
                               "plug one in, or switch it on" },
};

#define ERRORS (sizeof(errors) / sizeof(errors[0]))

const char *pairing_gatt_text(enum port_gatt_error error)
{
    return (unsigned)error < ERRORS ? errors[error].text : "unknown error";
}

const char *pairing_gatt_remedy(enum port_gatt_error error)
{
    return (unsigned)error < ERRORS ? errors[error].remedy : "";
}

/* ---- events ---- */

struct telling {
    char text[2 * BUS_TEXT_MAX];
    struct json j;
};

static void begin(struct telling *t, struct pairing *p, const char *state)
{
    char mac[MAC_TEXT_LEN + 1];

    p->state = state;
    json_init(&t->j, t->text, sizeof(t->text));
    json_object(&t->j, NULL);
    json_text(&t->j, "mac", mac_print(p->mac, mac));
    json_text(&t->j, "state", state);
}

static void post(struct telling *t, struct pairing *p)
{
    struct bus_event event = { .kind = BUS_PAIRING };

    json_object_end(&t->j);
    event.u.pairing.json = t->text;
    bus_post(p->config.bus, &event);
}

void pairing_tell(struct pairing *p, const char *state)
{
    struct telling t;

    begin(&t, p, state);
    if (strcmp(state, "connecting") == 0)
        json_int(&t.j, "attempt", p->attempts);
    post(&t, p);
}

static void tell_success(struct pairing *p)
{
    struct telling t;
    char mac[MAC_TEXT_LEN + 1];

    begin(&t, p, "done");
    json_text(&t.j, "key", MASK);
    json_bool(&t.j, "saved", true);
    if (p->keys.key_len == MIJIA_KEY_SIZE)
        json_bool(&t.j, "verified", p->is_verified);
    if (*p->error)
        json_text(&t.j, "hint", p->error);
    bus_log(p->config.bus, BUS_INFO, "", "%s is activated and its key saved",
            mac_print(p->mac, mac));
    post(&t, p);
}

static void tell_failure(struct pairing *p)
{
    struct telling t;
    char mac[MAC_TEXT_LEN + 1];

    begin(&t, p, "failed");
    json_text(&t.j, "error", p->error);
    json_text(&t.j, "remedy", p->remedy);
    if (p->store != PAIRING_NO_KEY)
        json_text(&t.j, "key", MASK);
    bus_log(p->config.bus, BUS_ERROR, p->remedy, "%s is not activated: %s", mac_print(p->mac, mac),
            p->error);
    post(&t, p);
}

void pairing_tell_end(struct pairing *p)
{
    if (p->store == PAIRING_SAVED)
        tell_success(p);
    else
        tell_failure(p);
}
