/*
 * house.h: the rooms from beacon to bus wired together as the gateway does it, with a clock that
 * the test moves, so that a test of an output can say "this frame is heard" and look at what comes
 * out.
 */
#ifndef MI32_TESTS_SUPPORT_HOUSE_H
#define MI32_TESTS_SUPPORT_HOUSE_H

#include "bus/bus.h"
#include "port/clock.h"
#include "port/machine.h"
#include "registry/registry.h"
#include "settings/settings.h"

struct house {
    struct bus *bus;
    struct settings *settings;
    struct registry *registry;
    void *memory; /* the registry's */
    struct port_clock clock;
    struct timers timers;
    uint64_t now_ms;
    int64_t wall_ahead_ms; /* wall time minus now_ms */
    bool wall_is_set;
    int32_t utc_offset_s;
    struct port_machine machine; /* called "house" */
    unsigned restarts;           /* that it was asked for */
    struct bus_listener ear;
    char logged[64 * 1024];  /* of every level, a line each */
    char replies[64 * 1024]; /* see house_type() */
};

/* A house without sensors that adds those it hears; 2022-09-19T18:00:00 UTC, local time two hours
 * ahead. Fails the test when it cannot be opened. */
void house_open(struct house *house, uint16_t sensors);
void house_close(struct house *house);

/* Moves the clock on and fires what falls due, at its own moment each. */
void house_advance(struct house *house, uint64_t ms);

/* Makes this the wall time. */
void house_set_wall(struct house *house, int64_t unix_s);

/* An advert with one element of service data: the UUID and the bytes behind it, as hex digits. The
 * outcome after the registry's judgement. */
enum beacon_outcome house_hear(struct house *house, const char *mac, uint16_t uuid,
                               const char *data_hex, int8_t rssi);

/* Gives a sensor its key, 24 or 32 hex digits; it gets a slot number when it is heard. */
void house_key(struct house *house, const char *mac, const char *key_hex);

/* Runs a command; its replies, a line each, good until the next one. */
const char *house_type(struct house *house, enum bus_origin origin, unsigned line,
                       const char *text);

void house_set(struct house *house, enum settings_id id, int32_t value);
void house_set_text(struct house *house, enum settings_id id, const char *value);

#endif
