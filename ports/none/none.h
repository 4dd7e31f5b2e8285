/*
 * none.h: a port in which every service is present and none works. It is compiled in CI, so that it
 * fits the headers of src/port at any time; copy this folder to start a port of your own and fill
 * it in, service by service (docs/porting.md). Until then each says in its own way that it is
 * missing.
 */
#ifndef MI32_PORTS_NONE_NONE_H
#define MI32_PORTS_NONE_NONE_H

#include "port/port.h"

/* Everything the port needs to remember. Visible so that the caller can place it; private. */
struct none {
    struct port port;
    struct port_clock clock;
    struct port_radio radio;
    struct port_mqtt mqtt;
    struct port_control control;
    struct port_gatt gatt;
    struct timers timers;

    struct port_radio_events radio_events;
    struct timer radio_turn;
    struct port_mqtt_events mqtt_events;
    struct timer mqtt_turn;
    struct port_gatt_events gatt_events;
    struct timer gatt_turn;
    bool gatt_is_wanted;
};

/* Makes the port; *none must stay where it is. */
const struct port *none_open(struct none *none);

/* One turn of the loop: fires what is due. A real port calls this when its timer, its radio or its
 * network has something; here time stands still, so only what is due at once ever fires. */
void none_turn(struct none *none);

#endif
