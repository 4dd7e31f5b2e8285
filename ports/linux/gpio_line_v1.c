/* gpio_line_v1.c: for libgpiod 1 (Debian 12, Ubuntu 22.04 and 24.04). */
#include "linux/gpio_line.h"

#include <gpiod.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct port_gpio_line {
    struct gpiod_chip *chip;
    struct gpiod_line *line;
};

struct gpiod_chip *gpio_line_open_chip(const char *path)
{
    return gpiod_chip_open(path);
}

void gpio_line_close_chip(struct gpiod_chip *chip)
{
    gpiod_chip_close(chip);
}

bool gpio_line_is_labelled(struct gpiod_chip *chip, const char *label)
{
    return strcmp(gpiod_chip_label(chip), label) == 0;
}

unsigned gpio_line_count(struct gpiod_chip *chip)
{
    return gpiod_chip_num_lines(chip);
}

struct port_gpio_line *gpio_line_take(struct gpiod_chip *chip, unsigned line, bool level)
{
    struct port_gpio_line *out = malloc(sizeof(*out));

    if (!out)
        return NULL;
    out->chip = chip;
    out->line = gpiod_chip_get_line(chip, line);
    if (out->line && gpiod_line_request_output(out->line, "mi32", level) == 0)
        return out;
    const int error = errno;
    free(out);
    errno = error;
    return NULL;
}

int gpio_line_set(struct port_gpio_line *line, bool level)
{
    return gpiod_line_set_value(line->line, level);
}

void gpio_line_free(struct port_gpio_line *line)
{
    gpiod_chip_close(line->chip); /* releases its lines */
    free(line);
}
