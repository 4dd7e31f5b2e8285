#include "mqtt/device.h"

#include <stdlib.h>
#include <string.h>

static size_t place_of(const struct mqtt_devices *devices, struct mac identity)
{
    const uint64_t number = mac_number(identity);
    size_t low = 0, high = devices->n;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (mac_number(devices->all[middle]->identity) < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct mqtt_device *mqtt_device_find(const struct mqtt_devices *devices, struct mac identity)
{
    const size_t at = place_of(devices, identity);

    if (at < devices->n && mac_equal(devices->all[at]->identity, identity))
        return devices->all[at];
    return NULL;
}

static bool is_at(const struct mqtt_device *device, struct mac mac)
{
    return device->is_listed && mac_equal(device->mac, mac);
}

struct mqtt_device *mqtt_device_of(const struct mqtt_devices *devices, struct mac mac)
{
    struct mqtt_device *device = mqtt_device_find(devices, mac);

    if (device && is_at(device, mac))
        return device;
    for (size_t i = 0; devices->n_replaced > 0 && i < devices->n; i++) {
        if (is_at(devices->all[i], mac))
            return devices->all[i];
    }
    return NULL;
}

static bool is_replaced(const struct mqtt_device *device)
{
    return !mac_equal(device->identity, device->mac);
}

void mqtt_device_set_mac(struct mqtt_devices *devices, struct mqtt_device *device, struct mac mac)
{
    devices->n_replaced -= is_replaced(device);
    device->mac = mac;
    devices->n_replaced += is_replaced(device);
}

static bool grow(struct mqtt_devices *devices)
{
    const size_t room = devices->room ? 2 * devices->room : 16;
    struct mqtt_device **all = realloc(devices->all, room * sizeof(struct mqtt_device *));

    if (!all)
        return false;
    devices->all = all;
    devices->room = room;
    return true;
}

struct mqtt_device *mqtt_device_add(struct mqtt_devices *devices, struct mac identity)
{
    const size_t at = place_of(devices, identity);

    if (at < devices->n && mac_equal(devices->all[at]->identity, identity))
        return devices->all[at];
    if (devices->n == devices->room && !grow(devices))
        return NULL;
    struct mqtt_device *device = malloc(sizeof(*device));
    if (!device)
        return NULL;
    *device = (struct mqtt_device){ .identity = identity, .mac = identity };
    memmove(&devices->all[at + 1], &devices->all[at], (devices->n - at) * sizeof(device));
    devices->all[at] = device;
    devices->n++;
    return device;
}

void mqtt_device_drop(struct mqtt_devices *devices, struct mqtt_device *device)
{
    const size_t at = place_of(devices, device->identity);

    devices->n_replaced -= is_replaced(device);
    devices->n--;
    memmove(&devices->all[at], &devices->all[at + 1], (devices->n - at) * sizeof(device));
    free(device);
}

void mqtt_device_clear(struct mqtt_devices *devices)
{
    for (size_t i = 0; i < devices->n; i++)
        free(devices->all[i]);
    free(devices->all);
    *devices = (struct mqtt_devices){ 0 };
}

/* Where a further field goes; NULL for nowhere. */
static struct mqtt_field *place_for(struct mqtt_device *device, int8_t scale10)
{
    if (device->n_fields < MQTT_FIELDS_MAX)
        return &device->fields[device->n_fields++];
    for (uint8_t i = 0; scale10 != MQTT_NO_SCALE && i < MQTT_FIELDS_MAX; i++) {
        if (device->fields[i].scale10 == MQTT_NO_SCALE)
            return &device->fields[i];
    }
    return NULL;
}

bool mqtt_device_field(struct mqtt_device *device, unsigned kind, unsigned nth, int8_t scale10)
{
    struct mqtt_field *field = device->fields;
    const struct mqtt_field *end = field + device->n_fields;

    while (field < end && (field->kind != kind || field->nth != nth))
        field++;
    if (field == end) {
        field = place_for(device, scale10);
        if (field)
            *field = (struct mqtt_field){ (uint8_t)kind, (uint8_t)nth, scale10 };
        return field != NULL;
    }
    if (scale10 == MQTT_NO_SCALE || field->scale10 == scale10)
        return false;
    field->scale10 = scale10;
    return true;
}
