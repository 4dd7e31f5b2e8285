/* gpio.h: port/gpio.h by libgpiod; its two versions differ in gpio_line_v1.c and gpio_line_v2.c
 * alone. */
#ifndef MI32_PORTS_LINUX_GPIO_H
#define MI32_PORTS_LINUX_GPIO_H

#include "port/gpio.h"

const struct port_gpio *gpio_port(void);

#endif
