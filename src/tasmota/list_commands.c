/* list_commands.c: MI32Sensors, the list of sensors as JSON. */
#include "tasmota/tasmota_private.h"

#include <stdio.h>
#include <string.h>

/* A sensor takes at most 300 bytes, so a page fits into BUS_REPLY_MAX with room to spare. */
#define PAGE 24

typedef bool (*walk)(const struct registry *reg, uint32_t *cursor, struct registry_sensor *out);

static unsigned count_all(const struct registry *reg, walk next)
{
    struct registry_sensor sensor;
    uint32_t cursor = 0;
    unsigned count = 0;

    while (next(reg, &cursor, &sensor))
        count++;
    return count;
}

static const char *key_state(uint16_t flags)
{
    if (flags & REGISTRY_WRONG_KEY)
        return "wrong";
    if (flags & REGISTRY_HAS_KEY)
        return "set";
    return flags & REGISTRY_NEEDS_KEY ? "needed" : NULL;
}

static void write_name(struct json *j, const struct registry_sensor *sensor)
{
    char label[REGISTRY_LABEL_SIZE], mac[MAC_TEXT_LEN + 1];

    if (sensor->slot != REGISTRY_NO_SLOT)
        json_int(j, "Slot", sensor->slot);
    json_text(j, "MAC", mac_print(sensor->mac, mac));
    json_text(j, "Name", registry_label(sensor, label));
    json_text(j, "Type", registry_type_name(sensor, label));
}

static void write_sensor(struct json *j, const struct registry_sensor *sensor, uint64_t now_ms)
{
    const char *key = key_state(sensor->flags);

    json_object(j, NULL);
    write_name(j, sensor);
    if (sensor->rssi != ADVERT_NO_RSSI)
        json_int(j, "RSSI", sensor->rssi);
    if (sensor->flags & REGISTRY_HEARD)
        json_int(j, "Age", (int64_t)((now_ms - sensor->heard_ms) / 1000));
    if (key)
        json_text(j, "Key", key);
    if (sensor->flags & REGISTRY_OFFLINE_NOW)
        json_bool(j, "Offline", true);
    if (sensor->flags & REGISTRY_UNBOUND)
        json_bool(j, "Unbound", true);
    if (sensor->standing == REGISTRY_IS_IGNORED)
        json_bool(j, "Ignored", true);
    json_object_end(j);
}

/* One page is MI32Sensors; of several, MI32Sensors1 and so on, each a reply of its own. */
static void write_pages(struct tasmota *t, struct bus_call *call, walk next)
{
    const uint64_t now_ms = t->port->clock->now_ms(t->port->clock->self);
    const unsigned count = count_all(t->registry, next);
    uint32_t cursor = 0;

    for (unsigned page = 0; page == 0 || page * PAGE < count; page++) {
        struct registry_sensor sensor;
        char name[BUS_NAME_MAX + 12];
        if (page > 0)
            bus_reply_next(call);
        snprintf(name, sizeof(name), count > PAGE ? "%s%u" : "%s", call->name, page + 1);
        json_array(call->reply, name);
        for (unsigned n = 0; n < PAGE && next(t->registry, &cursor, &sensor); n++)
            write_sensor(call->reply, &sensor, now_ms);
        json_array_end(call->reply);
    }
}

static enum bus_result run_sensors(void *room, struct bus_call *call)
{
    const struct bus_value *inbox = &call->args[0];

    write_pages(room, call, inbox->number != 0 ? registry_inbox_next : registry_next);
    return BUS_DONE;
}

static const struct bus_row rows[] = {
    { .name = "MI32Sensors",
      .args = { { .kind = BUS_ARG_SWITCH, .name = "inbox", .optional = true } },
      .help = "Lists the sensors, or with 1 those that wait in the inbox or are ignored. More than "
              "24 come as MI32Sensors1, MI32Sensors2 and so on.",
      .run = run_sensors },
};

void tasmota_list_commands(struct tasmota *t)
{
    bus_register(t->bus, rows, sizeof(rows) / sizeof(rows[0]), t);
}
