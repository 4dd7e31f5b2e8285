/*
 * state.h (of the room tasmota): what mi32 tells about itself: STATE with each round of telemetry,
 * INFO1 to INFO3 at each new connection to a broker.
 */
#ifndef MI32_TASMOTA_STATE_H
#define MI32_TASMOTA_STATE_H

#include "base/json.h"
#include "bus/bus.h"
#include "port/port.h"

#include <stdbool.h>
#include <stdint.h>

struct relays;
struct settings;

/* Set what comes first; the rest is private and starts as zero. All is borrowed. */
struct tasmota_state {
    struct bus *bus;
    const struct settings *settings;
    const struct relays *relays;
    const struct port *port; /* clock and machine */
    const char *version;
    struct mac machine; /* names the fallback topic */

    struct bus_listener listener;
    uint64_t start_ms;
    uint32_t connects; /* to the broker */
    bool mqtt_is_up, web_is_up;
};

void tasmota_state_open(struct tasmota_state *s);
void tasmota_state_close(struct tasmota_state *s);

/* Uptime counts from here. */
void tasmota_state_start(struct tasmota_state *s);

/* Seconds since the start, and as Tasmota writes them: "1T02:03:04". */
uint32_t tasmota_state_uptime_s(const struct tasmota_state *s);
#define TASMOTA_UPTIME_SIZE 24
char *tasmota_state_uptime(const struct tasmota_state *s, char out[TASMOTA_UPTIME_SIZE]);

/* The members of STATE, into an object that is open. */
void tasmota_state_json(const struct tasmota_state *s, struct json *j);

/* A text member that says something, and the topic of a group of that name, with a slash behind it:
 * for INFO and Status. */
void tasmota_put_known(struct json *j, const char *name, const char *text);
void tasmota_put_group(const struct tasmota_state *s, struct json *j, const char *name,
                       const char *group);

/* Whether commands are taken from this topic, or replies sent to it. */
bool tasmota_is_own_topic(const struct tasmota_state *s, const char *topic);

/* Sends STATE. */
void tasmota_state_tell(const struct tasmota_state *s);

#endif
