/* radio.h: listening for adverts. */
#ifndef MI32_PORT_RADIO_H
#define MI32_PORT_RADIO_H

#include "base/advert.h"

#include <stdbool.h>

enum port_radio_state {
    PORT_RADIO_LISTENING,
    PORT_RADIO_WAITING, /* for an adapter, for permission: `text` says what, `remedy` what helps */
    PORT_RADIO_ENDED,   /* a replay played its file to the end */
};

struct port_radio_events {
    void *user;

    /* One advert; *advert and its data are good until the function returns. */
    void (*advert)(void *user, const struct advert *advert);

    /* A radio changed its state. `name` is how people know it ("hci0", "demo", "sensors.jsonl");
     * both texts are whole sentences or "". */
    void (*state)(void *user, const char *name, enum port_radio_state state, const char *text,
                  const char *remedy);
};

struct port_radio {
    void *self;

    /* Starts listening and goes on until stop(); `active` asks sensors for scan responses. The
     * events struct is copied. */
    void (*start)(void *self, const struct port_radio_events *events, bool active);
    void (*stop)(void *self);
};

#endif
