/* gpio.h: a chip with some lines; the test looks at their levels. */
#ifndef MI32_PORTS_SIM_GPIO_H
#define MI32_PORTS_SIM_GPIO_H

#include "port/gpio.h"

#define SIM_GPIO_CHIP  "gpiochip0"
#define SIM_GPIO_LINES 8

struct sim_gpio {
    struct port_gpio port;
    enum port_gpio_error problem; /* set by the test: what taking and setting a line gives */
    unsigned changes;             /* levels given, by taking or setting */
    struct port_gpio_line {
        bool is_taken, level;
    } lines[SIM_GPIO_LINES];
};

void sim_gpio_init(struct sim_gpio *gpio);

/* Its power is gone: nobody has a line. */
void sim_gpio_stop(struct sim_gpio *gpio);

#endif
