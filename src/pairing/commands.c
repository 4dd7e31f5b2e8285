/* commands.c: MI32Pair and MI32PairKey. */
#include "pairing/pairing_private.h"

#include "base/hex.h"
#include "beacon/products.h"
#include "crypto/crypto.h"

#include <string.h>

#define LISTED_MAX 40 /* fit into a reply */

/* ---- the list ---- */

typedef bool (*walk)(const struct registry *reg, uint32_t *cursor, struct registry_sensor *out);

/* Why a sensor is one to be activated; NULL when it is none. */
static const char *reason_to_pair(const struct registry_sensor *sensor)
{
    if (sensor->standing == REGISTRY_IS_IGNORED || (sensor->flags & REGISTRY_HAS_KEY))
        return NULL;
    if (sensor->flags & REGISTRY_UNBOUND)
        return "not activated";
    if (sensor->flags & REGISTRY_NEEDS_KEY)
        return "needs a key";
    if (sensor->product && (sensor->product->flags & BEACON_PRODUCT_LEGACY_KEY))
        return "has a key to be read";
    return NULL;
}

static void write_sensor(struct json *j, const struct registry_sensor *sensor, const char *reason)
{
    char label[REGISTRY_LABEL_SIZE], mac[MAC_TEXT_LEN + 1];

    json_object(j, NULL);
    json_text(j, "MAC", mac_print(sensor->mac, mac));
    json_text(j, "Name", registry_label(sensor, label));
    json_text(j, "Type", registry_type_name(sensor, label));
    if (sensor->rssi != ADVERT_NO_RSSI)
        json_int(j, "RSSI", sensor->rssi);
    json_text(j, "State", reason);
    json_object_end(j);
}

static unsigned write_those(const struct pairing *p, struct json *j, walk next, unsigned count)
{
    struct registry_sensor sensor;
    uint32_t cursor = 0;

    while (next(p->config.registry, &cursor, &sensor)) {
        const char *reason = reason_to_pair(&sensor);
        if (reason && count++ < LISTED_MAX)
            write_sensor(j, &sensor, reason);
    }
    return count;
}

static enum bus_result list(const struct pairing *p, struct bus_call *call)
{
    json_array(call->reply, call->name);
    unsigned count = write_those(p, call->reply, registry_next, 0);
    count = write_those(p, call->reply, registry_inbox_next, count);
    json_array_end(call->reply);
    if (count > LISTED_MAX)
        json_int(call->reply, "More", count - LISTED_MAX);
    return BUS_DONE;
}

/* ---- one sensor ---- */

static enum bus_result tell_state(const struct pairing *p, struct bus_call *call)
{
    char mac[MAC_TEXT_LEN + 1];

    json_object(call->reply, call->name);
    json_text(call->reply, "MAC", mac_print(p->mac, mac));
    json_text(call->reply, "State", p->state);
    json_object_end(call->reply);
    return BUS_DONE;
}

static const char *warning(const struct registry_sensor *sensor)
{
    if (sensor->product && (sensor->product->flags & BEACON_PRODUCT_LEGACY_KEY))
        return "Have the remote control in pairing mode: hold its button as its manual says.";
    return "Activating a device takes it away from the Mi Home app and from all other gateways: "
           "they cannot read it any more until it is activated there again.";
}

static enum bus_result warn(struct bus_call *call, const struct registry_sensor *sensor)
{
    char label[REGISTRY_LABEL_SIZE], mac[MAC_TEXT_LEN + 1];

    json_text(call->reply, call->name, "Confirm");
    json_text(call->reply, "MAC", mac_print(sensor->mac, mac));
    json_text(call->reply, "Name", registry_label(sensor, label));
    json_text(call->reply, "Warning", warning(sensor));
    json_text(call->reply, "Hint", "the same command with a 1 behind the sensor begins");
    return BUS_DONE;
}

static enum bus_result begin(struct pairing *p, struct bus_call *call,
                             const struct registry_sensor *sensor)
{
    char mac[MAC_TEXT_LEN + 1];

    if (p->is_running)
        return bus_fail(call, "the pairing of %s is under way", mac_print(p->mac, mac));
    pairing_start(p, sensor);
    json_text(call->reply, call->name, "Started");
    json_text(call->reply, "MAC", mac_print(sensor->mac, mac));
    return BUS_DONE;
}

static enum bus_result cancel(struct pairing *p, struct bus_call *call, struct mac mac)
{
    if (!p->is_running || !mac_equal(p->mac, mac))
        return bus_fail(call, "no pairing of this sensor is under way");
    pairing_cancel(p);
    return BUS_DONE;
}

static enum bus_result run_pair(void *room, struct bus_call *call)
{
    struct pairing *p = room;
    const struct bus_value *which = &call->args[0], *go = &call->args[1];
    struct registry_sensor sensor;

    if (!which->given)
        return p->is_running ? tell_state(p, call) : list(p, call);
    if (!registry_find_text(p->config.registry, which->text, strlen(which->text), &sensor))
        return bus_fail(
            call, "no sensor '%s' was heard; without a name, those to be activated are listed",
            which->text);
    if (!go->given)
        return warn(call, &sensor);
    return go->number ? begin(p, call, &sensor) : cancel(p, call, sensor.mac);
}

static enum bus_result run_pair_key(void *room, struct bus_call *call)
{
    const struct pairing *p = room;
    char mac[MAC_TEXT_LEN + 1], key[2 * MIJIA_KEY_SIZE + 1];

    if (p->store == PAIRING_NO_KEY)
        return bus_fail(call, "no key was made since the start");
    json_object(call->reply, call->name);
    json_text(call->reply, "MAC", mac_print(p->mac, mac));
    json_text(call->reply, "Key", hex_encode(p->keys.key, p->keys.key_len, HEX_LOWER, key));
    json_bool(call->reply, "Saved", p->store == PAIRING_SAVED);
    if (*p->keys.firmware)
        json_text(call->reply, "Firmware", p->keys.firmware);
    json_object_end(call->reply);
    cx_wipe(key, sizeof(key));
    return BUS_DONE;
}

static const struct bus_row rows[] = {
    { .name = "MI32Pair",
      .flags = BUS_CHANGES,
      .args = { { .kind = BUS_ARG_SENSOR, .name = "sensor", .optional = true },
                { .kind = BUS_ARG_SWITCH, .name = "on", .optional = true } },
      .help = "Lists what can be activated; with a sensor says what that means, with a 1 behind "
              "it activates it and keeps its key, with a 0 breaks off.",
      .run = run_pair },
    { .name = "MI32PairKey",
      .flags = BUS_REVEALS,
      .help = "Shows the key that the last MI32Pair made.",
      .run = run_pair_key },
};

void pairing_commands(struct pairing *p)
{
    bus_register(p->config.bus, rows, sizeof(rows) / sizeof(rows[0]), p);
}
