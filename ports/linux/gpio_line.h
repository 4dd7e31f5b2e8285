/* gpio_line.h: the little of libgpiod that we use, the same for both of its versions. Where a call
 * fails, errno says why. */
#ifndef MI32_PORTS_LINUX_GPIO_LINE_H
#define MI32_PORTS_LINUX_GPIO_LINE_H

#include <stdbool.h>

struct gpiod_chip; /* libgpiod's */

/* An output of ours. */
struct port_gpio_line;

/* NULL when there is none at the path, or it may not be opened. */
struct gpiod_chip *gpio_line_open_chip(const char *path);
void gpio_line_close_chip(struct gpiod_chip *chip);

/* True when the chip calls itself this. */
bool gpio_line_is_labelled(struct gpiod_chip *chip, const char *label);

unsigned gpio_line_count(struct gpiod_chip *chip);

/* The line keeps the chip; after an error (NULL) it is still the caller's. */
struct port_gpio_line *gpio_line_take(struct gpiod_chip *chip, unsigned line, bool level);

/* 0, or below. */
int gpio_line_set(struct port_gpio_line *line, bool level);

/* The line and its chip. */
void gpio_line_free(struct port_gpio_line *line);

#endif
