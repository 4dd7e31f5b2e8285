/* radio.h: listening for adverts. */
#ifndef MI32_PORT_RADIO_H
#define MI32_PORT_RADIO_H

#include "base/advert.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

#define PORT_RADIO_LIST_MAX 64 /* addresses in each list */

/* Only those to watch are heard, unless there are none; those to block are not. The controller is
 * given them where it can take them, the port looks at every advert as well. */
struct port_radio_lists {
    struct mac watch[PORT_RADIO_LIST_MAX], block[PORT_RADIO_LIST_MAX];
    size_t n_watch, n_block;
};

/* How to listen, beyond active or not. Zero is: as the system does it, to everybody. */
struct port_radio_tuning {
    bool is_full_duty; /* listen all the time, not only half of it; other uses of the adapter suffer
                        */
    struct port_radio_lists lists;
};

/* What a radio did since start(). */
struct port_radio_figures {
    const char *name;  /* "hci0", "demo" */
    const char *route; /* how it listens: "monitor", "hci", "user channel", "replay"; "" when not */
    enum port_radio_state state;
    const char *text, *remedy; /* as told with the state last; "" for none */
    uint64_t received;         /* adverts that came from the system */
    uint64_t adverts;          /* of them handed on */
    uint64_t malformed;        /* of them not: shorter or longer than they say */
    uint64_t kept_out;         /* of them not: by the lists */
    uint64_t lost;             /* before they could be read: the socket's buffer was full */
    uint32_t restarts, power_cycles, reopens; /* recoveries, each stage counted */
    uint16_t duty_permille; /* effective: the share of all time in which it really listened */
};

struct port_radio {
    void *self;

    /* Starts listening and goes on until stop(); `active` asks sensors for scan responses. The
     * events struct is copied. */
    void (*start)(void *self, const struct port_radio_events *events, bool active);
    void (*stop)(void *self);

    /* Changes how it listens, now or at the next start(). The struct is copied. */
    void (*tune)(void *self, const struct port_radio_tuning *tuning);

    /* Nothing was heard for longer than is normal: do something about it. Called again while the
     * silence lasts, each call goes a stage further: scan restarted, adapter switched off and on,
     * opened anew. An advert ends it. */
    void (*recover)(void *self, unsigned radio);

    /* False when there is no such radio; they are numbered from 0, as advert.radio is. Texts
     * are good until the next turn of the loop. */
    bool (*figures)(void *self, unsigned radio, struct port_radio_figures *out);
};

#endif
