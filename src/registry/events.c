/* The ring of events: written once, read by any number of cursors. */
#include "registry/registry_private.h"

uint32_t registry_event_end(const struct registry *reg)
{
    return reg->next_event;
}

bool registry_event_next(const struct registry *reg, uint32_t *cursor, uint32_t *lost,
                         struct registry_event *out)
{
    uint32_t waiting = reg->next_event - *cursor;

    if (waiting > reg->config.events) {
        const uint32_t gone = waiting - reg->config.events;
        *lost += gone;
        *cursor += gone;
        waiting -= gone;
    }
    if (waiting == 0)
        return false;
    *out = reg->events[*cursor % reg->config.events];
    (*cursor)++;
    return true;
}

/* What MiBeacon sensors tell when it happens, each time: motion after motion is news, though the
 * state is the same as before. Their "no" (no motion, no leak) is news only once. */
static bool happens_again(const struct beacon_decoded *d, const struct beacon_reading *in)
{
    if (d->format != BEACON_MIBEACON && d->format != BEACON_MIBEACON_LEGACY)
        return false;
    if (in->kind == BEACON_KIND_DOOR)
        return true;
    return (in->kind == BEACON_KIND_MOTION || in->kind == BEACON_KIND_LEAK) && in->u.value != 0;
}

static bool is_event(const struct registry *reg, const struct record *r,
                     const struct beacon_decoded *d, const struct beacon_reading *in)
{
    if (in->flags & BEACON_EVENT)
        return true;
    if (!reg_is_two_state(in->kind))
        return false;
    if (happens_again(d, in))
        return true;
    const struct value *v = reg_value_find(reg, r, in->kind, in->nth);
    if (v)
        return reg_value_number(v) != in->u.value;
    return d->trigger_based || (beacon_kind(in->kind)->type == BEACON_BOOL && in->u.value != 0);
}

/* Text cannot be an event's value; a row of bytes that is flagged so tells its kind alone. */
static int64_t number_of(const struct beacon_reading *in)
{
    const uint8_t type = beacon_kind(in->kind)->type;

    return type == BEACON_TEXT || type == BEACON_RAW ? 0 : in->u.value;
}

static void push(struct registry *reg, const struct record *r, const struct beacon_reading *in)
{
    if (reg->config.events > 0)
        reg->events[reg->next_event % reg->config.events] = (struct registry_event){
            .seq = reg->next_event,
            .slot = r->slot,
            .mac = r->mac,
            .kind = in->kind,
            .nth = in->nth,
            .flags = in->flags,
            .scale10 = in->scale10,
            .value = number_of(in),
            .when_ms = reg->now_ms,
            .fid = r->fid,
        };
    reg->next_event++;
}

uint32_t reg_events_push(struct registry *reg, struct record *r, const struct beacon_decoded *d)
{
    uint32_t n = 0;
    bool happened = false;

    for (size_t i = 0; i < d->n; i++) {
        const struct beacon_reading *in = &d->readings[i];
        if (!is_event(reg, r, d, in))
            continue;
        push(reg, r, in);
        n++;
        happened |= (in->flags & BEACON_EVENT) || beacon_kind(in->kind)->type == BEACON_WORD ||
                    in->u.value != 0;
    }
    if (happened && r->events < UINT16_MAX)
        r->events++;
    return n;
}
