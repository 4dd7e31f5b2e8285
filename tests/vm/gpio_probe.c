/*
 * gpio_probe: the relays on the GPIO lines of this machine, as lines on standard input say:
 *
 *     wire NUMBER WIRING [on]    set NUMBER on|off    end
 *
 * Each answer is a line: "ok", or what the port says is the matter. The first line tells libgpiod's
 * version.
 */
#include "linux/gpio.h"
#include "relay/relay.h"

#include <gpiod.h>

#include <stdio.h>
#include <string.h>

#ifdef GPIOD_API /* of libgpiod 1 alone */
#define LIBGPIOD_VERSION gpiod_version_string()
#else
#define LIBGPIOD_VERSION gpiod_api_version()
#endif

static uint64_t now_ms(void *self)
{
    (void)self;
    return 1;
}

static void leave_timer(void *self, struct timer *timer)
{
    (void)self;
    (void)timer;
}

static void changed(void *user, unsigned number)
{
    (void)user;
    printf("relay %u changed\n", number);
}

static enum port_gpio_error run(struct relays *relays, const char *line)
{
    char what[8] = "", digit = '1', text[RELAY_TOPIC_SIZE] = "", word[8] = "";
    struct relay_wiring wiring;
    const int words = sscanf(line, "%7s %c %127s %7s", what, &digit, text, word);
    const unsigned number = (unsigned)(digit - '0');

    if (words < 3 || number < 1 || number > RELAY_MAX)
        return PORT_GPIO_ERRORS;
    if (strcmp(what, "set") == 0)
        return relay_set(relays, number, strcmp(text, "on") == 0);
    if (*relay_wiring_read(text, &wiring))
        return PORT_GPIO_ERRORS;
    return relay_wire(relays, number, &wiring, strcmp(word, "on") == 0);
}

int main(void)
{
    static const struct port_clock clock = { .now_ms = now_ms, .cancel = leave_timer };
    struct relays *relays = relay_create(
        &(struct relay_config){ .clock = &clock, .gpio = gpio_port(), .on_change = changed });
    char line[256];

    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("libgpiod %s\n", LIBGPIOD_VERSION);
    while (relays && fgets(line, sizeof(line), stdin) && strncmp(line, "end", 3) != 0) {
        const enum port_gpio_error error = run(relays, line);
        puts(error == PORT_GPIO_OK ? "ok" : port_gpio_error_text(error));
    }
    relay_destroy(relays);
    return 0;
}
