#include "linux/gpio.h"

#include "linux/gpio_line.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define CHIPS_MAX 64

static enum port_gpio_error error_of(int number)
{
    static const struct {
        int number;
        enum port_gpio_error error;
    } rows[] = {
        { EBUSY, PORT_GPIO_BUSY },       { EACCES, PORT_GPIO_DENIED },
        { EPERM, PORT_GPIO_DENIED },     { ENOENT, PORT_GPIO_NO_CHIP },
        { ENOTTY, PORT_GPIO_NO_CHIP },   { ENODEV, PORT_GPIO_NO_CHIP },
        { ENOMEM, PORT_GPIO_NO_MEMORY }, { EMFILE, PORT_GPIO_NO_MEMORY },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].number == number)
            return rows[i].error;
    }
    return PORT_GPIO_BROKEN;
}

/* By what the kernel says of it: to open another device may be to do something, a watchdog would
 * restart the machine. */
static bool is_chip(const char *path)
{
    char about[64];
    struct stat st, of, gpio;

    if (stat(path, &st) != 0)
        return false;
    snprintf(about, sizeof(about), "/sys/dev/char/%u:%u/subsystem", major(st.st_rdev),
             minor(st.st_rdev));
    const bool is_gpio = S_ISCHR(st.st_mode) && stat(about, &of) == 0 &&
                         stat("/sys/bus/gpio", &gpio) == 0 && of.st_dev == gpio.st_dev &&
                         of.st_ino == gpio.st_ino;
    errno = ENODEV;
    return is_gpio;
}

static struct gpiod_chip *open_chip(const char *path)
{
    return is_chip(path) ? gpio_line_open_chip(path) : NULL;
}

/* By its path, name or number; never a path out of /dev. */
static struct gpiod_chip *open_named(const char *chip)
{
    char path[64];
    const char *name = strncmp(chip, "/dev/", 5) == 0 ? chip + 5 : chip;

    errno = ENOENT;
    if (strchr(name, '/'))
        return NULL;
    snprintf(path, sizeof(path), "/dev/%s%.32s", name[strspn(name, "0123456789")] ? "" : "gpiochip",
             name);
    return open_chip(path);
}

/* Numbers of chips may change from start to start, labels do not. */
static struct gpiod_chip *open_labelled(const char *label)
{
    char path[32];
    int error = ENOENT;

    for (unsigned n = 0; n < CHIPS_MAX; n++) {
        snprintf(path, sizeof(path), "/dev/gpiochip%u", n);
        struct gpiod_chip *chip = open_chip(path);
        if (chip && gpio_line_is_labelled(chip, label))
            return chip;
        if (!chip && errno != ENOENT)
            error = errno;
        if (chip)
            gpio_line_close_chip(chip);
    }
    errno = error;
    return NULL;
}

static enum port_gpio_error take(void *self, const char *name, unsigned line, bool level,
                                 struct port_gpio_line **out)
{
    struct gpiod_chip *chip = open_named(name);
    enum port_gpio_error error = PORT_GPIO_NO_LINE;

    (void)self;
    *out = NULL;
    if (!chip && errno != EACCES)
        chip = open_labelled(name);
    if (!chip)
        return error_of(errno);
    if (line < gpio_line_count(chip)) {
        *out = gpio_line_take(chip, line, level);
        error = *out ? PORT_GPIO_OK : error_of(errno);
    }
    if (!*out)
        gpio_line_close_chip(chip);
    return error;
}

static enum port_gpio_error set(void *self, struct port_gpio_line *line, bool level)
{
    (void)self;
    return gpio_line_set(line, level) == 0 ? PORT_GPIO_OK : error_of(errno);
}

static void release(void *self, struct port_gpio_line *line)
{
    (void)self;
    if (line)
        gpio_line_free(line);
}

const struct port_gpio *gpio_port(void)
{
    static const struct port_gpio port = { .take = take, .set = set, .release = release };

    return &port;
}
