/* GPIO chips by their names, on a machine that need not have one. What lines do is tested on a real
 * chip in the virtual machine. */
#include "linux/gpio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#define CHIPS_MAX 64
#define TRIES     1000

static enum port_gpio_error take(const char *chip)
{
    const struct port_gpio *gpio = gpio_port();
    struct port_gpio_line *line = NULL;
    const enum port_gpio_error error = gpio->take(gpio->self, chip, 0, true, &line);

    gpio->release(gpio->self, line);
    return error;
}

/* What is told of a name that nothing has. Where there are chips that this user may not open, as on
 * many machines, one of them could have it as its label. */
static enum port_gpio_error unknown(void)
{
    char path[32];

    for (unsigned n = 0; n < CHIPS_MAX; n++) {
        snprintf(path, sizeof(path), "/dev/gpiochip%u", n);
        if (access(path, F_OK) == 0 && access(path, R_OK | W_OK) != 0)
            return PORT_GPIO_DENIED;
    }
    return PORT_GPIO_NO_CHIP;
}

/* To open it can be to do something: /dev/watchdog restarts the machine. Other tests open /dev/full
 * as well, at the same time, and are seen here; what take() does is seen each time. */
static void a_device_that_is_no_chip_is_not_even_opened(void **state)
{
    static const char *const names[] = { "full", "/dev/full", "FULL", "null", "shm", "." };
    const int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    unsigned tries = 0;
    char events[1024];

    (void)state;
    assert_true(watch >= 0);
    assert_true(inotify_add_watch(watch, "/dev/full", IN_OPEN) >= 0);
    do {
        while (read(watch, events, sizeof(events)) > 0)
            continue;
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
            assert_int_equal(take(names[i]), unknown());
        assert_true(++tries < TRIES);
    } while (read(watch, events, sizeof(events)) > 0);
    assert_int_equal(errno, EAGAIN);
    const int fd = open("/dev/full", O_RDONLY | O_CLOEXEC); /* it would have been seen */
    assert_true(read(watch, events, sizeof(events)) > 0);
    close(fd);
    close(watch);
}

static void what_is_no_name_is_no_chip(void **state)
{
    static const char *const names[] = { "gpiochip63", "63",          "nobody's label",
                                         "a/b",        "../dev/full", "/dev/../etc/passwd",
                                         "/etc/passwd" };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const enum port_gpio_error error = unknown();
        errno = EBUSY; /* of something else */
        assert_int_equal(take(names[i]), error);
        errno = EACCES;
        assert_int_equal(take(names[i]), error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_that_is_no_chip_is_not_even_opened),
        cmocka_unit_test(what_is_no_name_is_no_chip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
