/* gpio.h: lines of this machine that can be switched: what relays hang on. */
#ifndef MI32_PORT_GPIO_H
#define MI32_PORT_GPIO_H

#include <stdbool.h>

enum port_gpio_error {
    PORT_GPIO_OK,
    PORT_GPIO_NONE,    /* this machine has no lines that can be switched */
    PORT_GPIO_NO_CHIP, /* none of this name */
    PORT_GPIO_NO_LINE, /* the chip has no such line */
    PORT_GPIO_BUSY,    /* another program, or a driver, has it */
    PORT_GPIO_DENIED,
    PORT_GPIO_BROKEN, /* the chip does not do it */
    PORT_GPIO_NO_MEMORY,
    PORT_GPIO_ERRORS
};

/* What is the matter, and what the user can do about it; never NULL. */
static inline const char *port_gpio_error_text(enum port_gpio_error error)
{
    static const char *const texts[PORT_GPIO_ERRORS] = {
        [PORT_GPIO_OK] = "switched",
        [PORT_GPIO_NONE] = "this machine has no GPIO lines",
        [PORT_GPIO_NO_CHIP] = "there is no GPIO chip of this name",
        [PORT_GPIO_NO_LINE] = "the GPIO chip has no such line",
        [PORT_GPIO_BUSY] = "another program or a driver has the GPIO line",
        [PORT_GPIO_DENIED] = "the GPIO chip may not be used",
        [PORT_GPIO_BROKEN] = "the GPIO chip reports an error",
        [PORT_GPIO_NO_MEMORY] = "no memory or too many open files",
    };

    return (unsigned)error < PORT_GPIO_ERRORS ? texts[error] : "unknown error";
}

static inline const char *port_gpio_error_remedy(enum port_gpio_error error)
{
    static const char *const remedies[PORT_GPIO_ERRORS] = {
        [PORT_GPIO_OK] = "",
        [PORT_GPIO_NONE] = "use mqtt:TOPIC or virtual",
        [PORT_GPIO_NO_CHIP] = "'gpiodetect' lists the chips",
        [PORT_GPIO_NO_LINE] = "'gpioinfo' lists the lines",
        [PORT_GPIO_BUSY] = "'gpioinfo' says who; free it or choose another line",
        [PORT_GPIO_DENIED] = "let mi32's user use it: the group gpio, often",
        [PORT_GPIO_BROKEN] = "look at the kernel's log",
        [PORT_GPIO_NO_MEMORY] = "close other programs or raise the limits of the service",
    };

    return (unsigned)error < PORT_GPIO_ERRORS ? remedies[error] : "";
}

/* A line that is ours, the port's. */
struct port_gpio_line;

struct port_gpio {
    void *self;

    /* Takes a line of a chip and makes it an output of this level. A chip has a name, a number or
     * a label, as the machine has it ("gpiochip0", "0", "pinctrl-bcm2711"). *out is NULL after an
     * error. It is done when this returns, within a few milliseconds. */
    enum port_gpio_error (*take)(void *self, const char *chip, unsigned line, bool level,
                                 struct port_gpio_line **out);

    enum port_gpio_error (*set)(void *self, struct port_gpio_line *line, bool level);

    /* Lets go of it; what its level is then is up to the machine. NULL is fine. */
    void (*release)(void *self, struct port_gpio_line *line);
};

#endif
