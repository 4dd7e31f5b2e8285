#include "sim/demo_source.h"

#include "sim/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EPOCH    1700000000
#define A_SECOND 4 /* more frames than any sensor sends in one */

uint32_t demo_source_start(int64_t unix_s)
{
    return unix_s > EPOCH ? (uint32_t)((unix_s - EPOCH) * A_SECOND) : 0;
}

static enum capture_result next(void *user, struct capture_advert *out, struct capture_fault *fault)
{
    const struct demo_line *line = demo_next(user);

    (void)fault;
    memcpy(out->data, line->data, line->len);
    out->advert.addr = line->addr;
    out->advert.addr_type = line->addr_type;
    out->advert.rssi = line->rssi;
    out->advert.len = (uint16_t)line->len;
    out->has_mac = true;
    out->has_time = true;
    out->t_ms = line->t_ms;
    snprintf(out->name, sizeof(out->name), "%s", line->name);
    return CAPTURE_ADVERT;
}

static void close_source(void *user)
{
    demo_free(user);
    free(user);
}

struct replay_source demo_source(uint32_t start)
{
    struct demo *demo = malloc(sizeof(*demo));

    if (demo && demo_init(demo, start))
        return (struct replay_source){ demo, next, close_source };
    free(demo);
    return (struct replay_source){ NULL, NULL, NULL };
}
