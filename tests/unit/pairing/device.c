#include "device.h"

#include "base/hex.h"

#include <string.h>

/* Line `n` of a visit, counted through both dialogues. */
static const struct line *line_at(const struct visit *visit, size_t n)
{
    static const struct line end = { LINE_END, 0, "" };
    const struct line *line = visit->first;

    for (; line && line->kind != LINE_END; line++) {
        if (n-- == 0)
            return line;
    }
    for (line = visit->second; line && line->kind != LINE_END; line++) {
        if (n-- == 0)
            return line;
    }
    return &end;
}

static uint16_t handle_of(const struct device *device, uint16_t number)
{
    return number == 0x0010   ? device->control
           : number == 0x0019 ? device->data
           : number == 0x0001 ? device->auth
                              : 0;
}

/* What it says until it is the other's turn. */
static void speak(struct device *device, const struct visit *visit)
{
    for (;; device->at++) {
        const struct line *line = line_at(visit, device->at);
        uint8_t bytes[20];
        if (line->kind == LINE_WRITE || line->kind == LINE_END ||
            device->at >= visit->falls_silent_at)
            return;
        if (device->at == visit->leaves_at) {
            sim_gatt_drop(device->air);
            return;
        }
        if (line->kind == LINE_NOTIFY &&
            hex_decode(line->bytes, strlen(line->bytes), bytes, sizeof(bytes)))
            sim_peer_notify(&device->peer, handle_of(device, line->at), bytes,
                            strlen(line->bytes) / 2);
    }
}

static void written(void *user, struct sim_peer *peer, uint16_t handle, const uint8_t *data,
                    size_t len)
{
    struct device *device = user;
    char hex[2 * 20 + 1];

    (void)peer;
    if (handle != device->control && handle != device->data && handle != device->auth)
        return; /* a subscription */
    if (device->attempt != device->air->attempts)
        device->at = 0;
    device->attempt = device->air->attempts;
    const struct visit *visit = &device->visits[device->attempt - 1];
    while (line_at(visit, device->at)->kind == LINE_SUBSCRIBE)
        device->at++;
    const struct line *line = line_at(visit, device->at);
    if (device->at >= visit->falls_silent_at)
        return;
    if (device->at == visit->leaves_at) {
        sim_gatt_drop(device->air);
        return;
    }
    if (len > 20 || line->kind != LINE_WRITE || handle_of(device, line->at) != handle ||
        strcmp(line->bytes, hex_encode(data, len, HEX_LOWER, hex)) != 0)
        device->surprises++;
    device->at++;
    speak(device, visit);
}

/* A value that the transcript says was read. */
static void add_read(struct device *device, uint16_t number)
{
    for (const struct line *line = legacy; line->kind != LINE_END; line++) {
        uint8_t bytes[20];
        if (line->kind == LINE_READ && line->at == number &&
            hex_decode(line->bytes, strlen(line->bytes), bytes, sizeof(bytes)))
            sim_peer_characteristic(&device->peer, uuid_from_16(number), PORT_GATT_CAN_READ, bytes,
                                    strlen(line->bytes) / 2);
    }
}

void device_open(struct device *device, struct sim *sim, const char *mac,
                 const struct visit *visits)
{
    const uint8_t silently = PORT_GATT_CAN_WRITE_SILENTLY | PORT_GATT_CAN_NOTIFY;

    memset(device, 0, sizeof(*device));
    sim_peer_init(&device->peer);
    device->air = &sim->gatt;
    device->peer.user = device;
    device->peer.written = written;
    for (size_t i = 0; visits[i].first; i++)
        device->visits[i] = visits[i];
    sim_peer_service(&device->peer, uuid_from_16(0xfe95));
    device->auth = sim_peer_characteristic(&device->peer, uuid_from_16(0x0001),
                                           PORT_GATT_CAN_WRITE | PORT_GATT_CAN_NOTIFY, "", 0);
    add_read(device, 0x0004);
    device->control = sim_peer_characteristic(&device->peer, uuid_from_16(0x0010),
                                              PORT_GATT_CAN_WRITE | PORT_GATT_CAN_NOTIFY, "", 0);
    add_read(device, 0x0014);
    device->data = sim_peer_characteristic(&device->peer, uuid_from_16(0x0019), silently, "", 0);
    sim_gatt_add(&sim->gatt, mac, 0, &device->peer);
}
