/*
 * port.h: what a platform gives to the rooms above. Headers, no code: ports/linux is a Linux
 * machine, ports/sim a simulated house whose clock is moved by hand, ports/none has every service
 * and none works (start there for a new platform; docs/porting.md).
 *
 * Everything is called from, and calls back on, the one loop thread, and nothing here blocks it.
 * A callback never comes from inside the call that asked for it. Each service is a struct of
 * functions whose first argument is its `self`; a pointer of struct port is never NULL.
 */
#ifndef MI32_PORT_PORT_H
#define MI32_PORT_PORT_H

#include "port/clock.h"
#include "port/control.h"
#include "port/files.h"
#include "port/gatt.h"
#include "port/gpio.h"
#include "port/http.h"
#include "port/machine.h"
#include "port/mqtt.h"
#include "port/radio.h"

struct port {
    const struct port_clock *clock;
    const struct port_files *files;
    const struct port_radio *radio;
    const struct port_mqtt *mqtt;
    const struct port_control *control;
    const struct port_gatt *gatt;
    const struct port_machine *machine;
    const struct port_http *http;
    const struct port_gpio *gpio;

    /* Fills `out` from the system's generator; good enough for keys. */
    void *random_self;
    void (*random)(void *random_self, uint8_t *out, size_t len);
};

#endif
