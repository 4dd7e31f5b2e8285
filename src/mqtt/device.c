#include "mqtt/device.h"

#include <stdlib.h>
#include <string.h>

static size_t place_of(const struct mqtt_devices *devices, struct mac identity)
{
    const uint64_t number = mac_number(identity);
    size_t low = 0, high = devices->n;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (mac_number(devices->all[middle].identity) < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct mqtt_device *mqtt_device_find(const struct mqtt_devices *devices, struct mac identity)
{
    const size_t at = place_of(devices, identity);

    if (at < devices->n && mac_equal(devices->all[at].identity, identity))
        return &devices->all[at];
    return NULL;
}

struct mqtt_device *mqtt_device_of(const struct mqtt_devices *devices, struct mac mac)
{
    for (size_t i = 0; i < devices->n; i++) {
        if (devices->all[i].is_listed && mac_equal(devices->all[i].mac, mac))
            return &devices->all[i];
    }
    return NULL;
}

static bool grow(struct mqtt_devices *devices)
{
    const size_t room = devices->room ? 2 * devices->room : 16;
    struct mqtt_device *all = realloc(devices->all, room * sizeof(*all));

    if (!all)
        return false;
    devices->all = all;
    devices->room = room;
    return true;
}

struct mqtt_device *mqtt_device_add(struct mqtt_devices *devices, struct mac identity)
{
    const size_t at = place_of(devices, identity);

    if (at < devices->n && mac_equal(devices->all[at].identity, identity))
        return &devices->all[at];
    if (devices->n == devices->room && !grow(devices))
        return NULL;
    struct mqtt_device *device = &devices->all[at];
    memmove(device + 1, device, (devices->n - at) * sizeof(*device));
    *device = (struct mqtt_device){ .identity = identity, .mac = identity };
    devices->n++;
    return device;
}

void mqtt_device_drop(struct mqtt_devices *devices, struct mqtt_device *device)
{
    const size_t at = (size_t)(device - devices->all);

    devices->n--;
    memmove(device, device + 1, (devices->n - at) * sizeof(*device));
}

void mqtt_device_clear(struct mqtt_devices *devices)
{
    free(devices->all);
    *devices = (struct mqtt_devices){ 0 };
}

bool mqtt_device_field(struct mqtt_device *device, unsigned kind, unsigned nth, int8_t scale10)
{
    struct mqtt_field *field = device->fields;
    const struct mqtt_field *end = field + device->n_fields;

    while (field < end && (field->kind != kind || field->nth != nth))
        field++;
    if (field == end) {
        if (device->n_fields == MQTT_FIELDS_MAX)
            return false;
        device->n_fields++;
        *field = (struct mqtt_field){ (uint8_t)kind, (uint8_t)nth, scale10 };
        return true;
    }
    if (scale10 == MQTT_NO_SCALE || field->scale10 == scale10)
        return false;
    field->scale10 = scale10;
    return true;
}
