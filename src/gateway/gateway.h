/*
 * gateway.h: the wiring of all rooms. It owns bus, registry, settings and outputs, carries each
 * advert through them, loads and saves what is kept, and answers local programs. It has no protocol
 * knowledge of its own.
 */
#ifndef MI32_GATEWAY_GATEWAY_H
#define MI32_GATEWAY_GATEWAY_H

#include "base/advert.h"
#include "bus/bus.h"
#include "port/port.h"
#include "registry/registry.h"

#include <stdbool.h>
#include <stddef.h>

struct gateway;

struct gateway_config {
    const struct port *port; /* borrowed until gateway_destroy() */
    struct mac mac;          /* of this machine: its last three bytes name the default topic */
    const char *hostname;    /* copied */
    const char *version;     /* of this program; borrowed */
    uint16_t sensors;        /* room in the registry, see registry_config_for() */
    const char *listen;      /* ADDRESS:PORT of the web, see port/http.h; NULL for none; borrowed */
    bool is_offline;         /* no output but the bus: the gateway of a command that ends soon */
};

#define GATEWAY_SENSORS_DEFAULT 512

/* Makes all rooms; nothing is read, sent or heard yet. NULL without memory. */
struct gateway *gateway_create(const struct gateway_config *config);
void gateway_destroy(struct gateway *gw);

/* For outputs and tests. */
struct bus *gateway_bus(struct gateway *gw);

/* The port's clock, but local time is that of Timezone. */
const struct port_clock *gateway_clock(const struct gateway *gw);

const struct registry *gateway_registry(const struct gateway *gw);

/*
 * Reads what earlier runs kept: settings, mi32cfg, state, in this order. What is damaged is logged
 * with its line and copied to NAME.damaged (NAME.damaged2, ... where older copies are) so that no
 * later save can lose it. False when a file is of a newer mi32, cannot be read, or is damaged and
 * not to be copied: then nothing may be overwritten, and the program should end.
 */
bool gateway_load(struct gateway *gw);

/* Runs the commands of a configuration file, `text` as read from `path`, which is borrowed until
 * gateway_destroy(): it is named where a change of what the file sets is refused. Each
 * wrong line is logged; returns how many there were. With check_only nothing is run. */
unsigned gateway_configure(struct gateway *gw, const char *path, const char *text, size_t len,
                           bool check_only);

/* Before configuration files are read again (SIGHUP): what they fixed is free. */
void gateway_unconfigure(struct gateway *gw);

/* After that: what no file fixes any more gets back the value it had without. */
void gateway_reconfigured(struct gateway *gw);

/* Starts radio, outputs and control lines. False, and nothing is started, when it cannot listen
 * where it should, which is logged. */
bool gateway_start(struct gateway *gw);

/* Stops them and saves everything, waiting for it. */
void gateway_stop(struct gateway *gw);

/* Whom the radio hears from now on, for scripts that listen to adverts: the union of their lists.
 */
void gateway_set_lists(void *gateway, const struct port_radio_lists *lists);

/* Takes an advert the whole way. The radio calls it; tests and `mi32 bench` may. Allocates nothing.
 */
enum beacon_outcome gateway_hear(struct gateway *gw, const struct advert *advert);

#endif
