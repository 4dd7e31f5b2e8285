/* tasmota_private.h: what the files of this room share. */
#ifndef MI32_TASMOTA_TASMOTA_PRIVATE_H
#define MI32_TASMOTA_TASMOTA_PRIVATE_H

#include "bus/bus.h"
#include "port/port.h"
#include "registry/registry.h"
#include "settings/settings.h"
#include "tasmota/tasmota.h"

struct tasmota {
    struct bus *bus;
    struct registry *registry; /* changed by command handlers only */
    struct settings *settings; /* likewise */
    const struct port *port;
};

#endif
