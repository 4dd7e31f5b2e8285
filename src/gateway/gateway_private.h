/* gateway_private.h: what the files of this room share. */
#ifndef MI32_GATEWAY_GATEWAY_PRIVATE_H
#define MI32_GATEWAY_GATEWAY_PRIVATE_H

#include "gateway/gateway.h"

#include "gatt/gatt.h"
#include "mqtt/mqtt.h"
#include "pairing/pairing.h"
#include "relay/relay.h"
#include "settings/settings.h"
#include "tasmota/tasmota.h"

#define GATEWAY_CLIENTS_MAX 16

/* A local program on the control socket. */
struct gateway_client {
    port_client id;
    bool is_used;
    bool is_recording;
    bool follows_pairings;
};

/* One radio as its watchdog sees it. */
struct gateway_watch {
    uint64_t received; /* when last looked at */
    uint64_t since_ms; /* it has listened, and heard nobody */
    unsigned tries;    /* to recover it, since it last heard somebody */
};

struct gateway {
    const struct port *port; /* what is here, its clock ours */
    struct port own_port;
    struct port_clock clock;         /* tells local time by Timezone */
    const struct port_clock *system; /* the port's */
    struct bus *bus;
    struct settings *settings;
    struct registry *registry;
    struct relays *relays;
    void *registry_memory;
    struct tasmota *tasmota;
    struct mqtt *mqtt;
    struct gatt gatt; /* the one queue for all who connect: scripts, pairings */
    struct pairing *pairing;
    struct web *web; /* NULL where the program was built without */
    const char *listen;
    struct timer tick;
    struct timer settings_timer;
    bool settings_changed; /* and not handed to be saved */
    bool is_loading;       /* what changes now comes from the files */
    bool has_config;       /* an mi32cfg with at least one sensor was read */
    struct gateway_client clients[GATEWAY_CLIENTS_MAX];
    unsigned recorders; /* clients that are recording */
    int hour;           /* local hour told to the registry; -1 before the first */
    struct bus_listener pairings;
    bool option3_was_fixed; /* before the configuration files were read again */
    bool is_running, is_offline;
    struct port_radio_tuning tuning; /* what the radio was told */
    struct gateway_watch watches[REGISTRY_RADIOS];
    struct {
        port_files_done done;
        void *user;
    } waits; /* for the state that gateway_save_state() is saving */
};

/* ---- gateway.c ---- */

/* Starts the radio, or starts it again because how it listens was changed. */
void gateway_listen(struct gateway *gw);

/* Tells the radio how to listen, as settings and lists say now. */
void gateway_tune(struct gateway *gw);

/* MI32Option3 at start: with a list of sensors no others are added, unless the configuration file
 * says something else. */
void gateway_decide_auto_add(struct gateway *gw);

/* ---- watchdog.c ---- */

/* The radios begin to listen; nothing is known of how much there is to hear. */
void gateway_watch_begin(struct gateway *gw);

/* Every few seconds: recovers a radio that has been silent for too long. */
void gateway_watch_radios(struct gateway *gw);

/* ---- clock.c ---- */

/* Makes gw->port of the given one. */
void gateway_open_clock(struct gateway *gw, const struct port *port);

/* ---- store.c ---- */

void gateway_store_init(struct gateway *gw);

/* A setting changed: it is on disk a second later. */
void gateway_settings_changed(struct gateway *gw);

/* Saves the state when the registry says that it is time. */
void gateway_save_when_due(struct gateway *gw);

/* Saves the state now; `done` comes when it is durable, or is not, maybe from inside. One at a
 * time: for the pairing. */
void gateway_save_state(void *gateway, port_files_done done, void *user);

/* Saves settings and state and waits until both are durable. */
void gateway_save_all(struct gateway *gw);

/* ---- relays.c ---- */

bool gateway_relays_make(struct gateway *gw);

/* Wires them as the settings say, in the state that PowerOnState says. */
void gateway_relays_start(struct gateway *gw);

/* If this is the setting of a relay's wiring: wires it anew, off. */
void gateway_relays_setting(struct gateway *gw, enum settings_id id);

/* ---- web.c ---- */

bool gateway_web_make(struct gateway *gw, const char *hostname);
bool gateway_web_start(struct gateway *gw);
void gateway_web_stop(struct gateway *gw);
void gateway_web_destroy(struct gateway *gw);

/* ---- control.c ---- */

void gateway_control_open(struct gateway *gw);
void gateway_control_close(struct gateway *gw);

/* Sends the advert to every local program that records. */
void gateway_control_record(struct gateway *gw, const struct advert *advert);

#endif
