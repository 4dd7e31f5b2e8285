#include "sim/gpio.h"

#include <stddef.h>
#include <string.h>

static enum port_gpio_error set(void *self, struct port_gpio_line *line, bool level)
{
    struct sim_gpio *gpio = self;

    if (gpio->problem != PORT_GPIO_OK)
        return gpio->problem;
    line->level = level;
    gpio->changes++;
    return PORT_GPIO_OK;
}

static enum port_gpio_error take(void *self, const char *chip, unsigned line, bool level,
                                 struct port_gpio_line **out)
{
    struct sim_gpio *gpio = self;

    *out = NULL;
    if (strcmp(chip, SIM_GPIO_CHIP) != 0)
        return PORT_GPIO_NO_CHIP;
    if (line >= SIM_GPIO_LINES)
        return PORT_GPIO_NO_LINE;
    if (gpio->lines[line].is_taken)
        return PORT_GPIO_BUSY;
    const enum port_gpio_error error = set(self, &gpio->lines[line], level);
    if (error != PORT_GPIO_OK)
        return error;
    gpio->lines[line].is_taken = true;
    *out = &gpio->lines[line];
    return PORT_GPIO_OK;
}

static void release(void *self, struct port_gpio_line *line)
{
    (void)self;
    if (line)
        line->is_taken = false;
}

void sim_gpio_init(struct sim_gpio *gpio)
{
    gpio->port = (struct port_gpio){ .self = gpio, .take = take, .set = set, .release = release };
}

void sim_gpio_stop(struct sim_gpio *gpio)
{
    memset(gpio->lines, 0, sizeof(gpio->lines));
}
