/* output.h: what `mi32 run` writes to standard output: every change, as a line to read or as JSON.
 */
#ifndef MI32_APPS_OUTPUT_H
#define MI32_APPS_OUTPUT_H

#include "bus/bus.h"
#include "port/clock.h"
#include "registry/registry.h"

/* All private. */
struct output {
    struct bus_listener listener;
    struct bus *bus;
    const struct registry *registry;
    const struct port_clock *clock;
    bool is_json;
    bool has_colour;
    bool is_lost;
    unsigned long left_out; /* changes, since nobody reads them */
};

/* Listens for BUS_SENSOR events until output_close(). A line is flushed when it is whole; while
 * nobody reads, lines are left out, counted and told in the log. */
void output_open(struct output *out, struct bus *bus, const struct registry *registry,
                 const struct port_clock *clock, bool is_json);
void output_close(struct output *out);

#endif
