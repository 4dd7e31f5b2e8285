/*
 * relay.h: up to four relays: what each is wired to, and whether it is on. A relay may be a GPIO
 * line of this machine, a topic (the room mqtt sends what changes here, and says what it hears by
 * a command), or nothing but its state.
 *
 * Only handlers of commands change relays, and the gateway at start. Numbers go from 1.
 */
#ifndef MI32_RELAY_RELAY_H
#define MI32_RELAY_RELAY_H

#include "port/clock.h"
#include "port/gpio.h"

#include <stdbool.h>
#include <stddef.h>

#define RELAY_MAX        4
#define RELAY_CHIP_SIZE  32
#define RELAY_TOPIC_SIZE 128

#define RELAY_BLINKS   10
#define RELAY_BLINK_MS 1000

enum relay_kind {
    RELAY_NONE, /* there is no such relay */
    RELAY_VIRTUAL,
    RELAY_GPIO,
    RELAY_TOPIC,
};

struct relay_wiring {
    enum relay_kind kind;
    char chip[RELAY_CHIP_SIZE];
    unsigned line;
    bool is_inverted; /* on is the low level */
    char topic[RELAY_TOPIC_SIZE];
};

/* Reads "gpio:CHIP:LINE", "gpio:CHIP:LINE:inverted", "mqtt:TOPIC", "virtual", "none" or "". What is
 * wrong with it, or "". */
const char *relay_wiring_read(const char *text, struct relay_wiring *out);

struct relays;

struct relay_config {
    const struct port_clock *clock;
    const struct port_gpio *gpio;
    void (*on_change)(void *user, unsigned number); /* it went on or off */
    void *user;
};

/* None is wired. NULL without memory. */
struct relays *relay_create(const struct relay_config *config);

/* Lets go of all lines. NULL is fine. */
void relay_destroy(struct relays *relays);

/* Wires a relay anew and gives it this state, without on_change: that is how it begins. A line that
 * cannot be had is tried again by each relay_set(). */
enum port_gpio_error relay_wire(struct relays *relays, unsigned number,
                                const struct relay_wiring *wiring, bool on);

/* Switches, and ends any blinking. After an error it is as it was. */
enum port_gpio_error relay_set(struct relays *relays, unsigned number, bool on);

/* Goes on and off for RELAY_BLINKS times, and then back to what it was. */
void relay_blink(struct relays *relays, unsigned number);
void relay_blink_end(struct relays *relays, unsigned number);

/* The rest only looks; without relays (NULL) there are none. A number that is no relay's is one of
 * kind RELAY_NONE that is off. */
bool relay_is_there(const struct relays *relays, unsigned number);
bool relay_is_on(const struct relays *relays, unsigned number);
bool relay_is_blinking(const struct relays *relays, unsigned number);
enum port_gpio_error relay_problem(const struct relays *relays, unsigned number); /* of its line */
const struct relay_wiring *relay_wiring(const struct relays *relays, unsigned number);
unsigned relay_count(const struct relays *relays);

/* "POWER2", or "POWER" when relay 1 is the only one and `with_number` does not force it; `out`
 * holds RELAY_NAME_SIZE bytes. */
#define RELAY_NAME_SIZE 12
char *relay_name(const struct relays *relays, unsigned number, bool with_number, char *out);

#endif
