/* gpio_line_v2.c: for libgpiod 2 (Debian 13). */
#include "linux/gpio_line.h"

#include <gpiod.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct port_gpio_line {
    struct gpiod_chip *chip;
    struct gpiod_line_request *request;
    unsigned offset;
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
    struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
    const bool is_so = info && strcmp(gpiod_chip_info_get_label(info), label) == 0;

    if (info)
        gpiod_chip_info_free(info);
    return is_so;
}

unsigned gpio_line_count(struct gpiod_chip *chip)
{
    struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
    const size_t count = info ? gpiod_chip_info_get_num_lines(info) : 0;

    if (info)
        gpiod_chip_info_free(info);
    return (unsigned)count;
}

static enum gpiod_line_value value_of(bool level)
{
    return level ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
}

/* What is asked of the kernel is made of three objects, each of which there may be no memory for.
 */
static struct gpiod_line_request *ask(struct gpiod_chip *chip, unsigned offset, bool level)
{
    struct gpiod_line_settings *settings = gpiod_line_settings_new();
    struct gpiod_line_config *lines = gpiod_line_config_new();
    struct gpiod_request_config *config = gpiod_request_config_new();
    struct gpiod_line_request *request = NULL;

    if (settings && lines && config) {
        gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
        gpiod_line_settings_set_output_value(settings, value_of(level));
        gpiod_request_config_set_consumer(config, "mi32");
        if (gpiod_line_config_add_line_settings(lines, &offset, 1, settings) == 0)
            request = gpiod_chip_request_lines(chip, config, lines);
    }
    const int error = errno;
    gpiod_line_settings_free(settings);
    gpiod_line_config_free(lines);
    gpiod_request_config_free(config);
    errno = error;
    return request;
}

struct port_gpio_line *gpio_line_take(struct gpiod_chip *chip, unsigned line, bool level)
{
    struct port_gpio_line *out = malloc(sizeof(*out));

    if (!out)
        return NULL;
    out->chip = chip;
    out->offset = line;
    out->request = ask(chip, line, level);
    if (out->request)
        return out;
    const int error = errno;
    free(out);
    errno = error;
    return NULL;
}

int gpio_line_set(struct port_gpio_line *line, bool level)
{
    return gpiod_line_request_set_value(line->request, line->offset, value_of(level));
}

void gpio_line_free(struct port_gpio_line *line)
{
    gpiod_line_request_release(line->request);
    gpiod_chip_close(line->chip);
    free(line);
}
