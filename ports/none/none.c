#include "none/none.h"

#include "port/files.h"

#include <stdlib.h>

#define NOW_MS 1 /* the only moment there is */

/* ---- clock.h: a monotonic counter, and one alarm for the first of the timers ---- */

static uint64_t now_ms(void *self)
{
    (void)self;
    return NOW_MS;
}

static bool wall_ms(void *self, int64_t *unix_ms)
{
    (void)self;
    *unix_ms = 0;
    return false;
}

static int32_t utc_offset_s(void *self, int64_t unix_s)
{
    (void)self;
    (void)unix_s;
    return 0;
}

static void set(void *self, struct timer *timer, uint64_t at_ms)
{
    struct none *none = self;

    timers_set(&none->timers, timer, at_ms);
}

static void cancel(void *self, struct timer *timer)
{
    struct none *none = self;

    timers_cancel(&none->timers, timer);
}

void none_turn(struct none *none)
{
    timers_run(&none->timers, NOW_MS);
}

/* ---- files.h: a folder or a flash partition that survives a loss of power ---- */

static enum port_files_error load(void *self, const char *name, void *buffer, size_t size,
                                  size_t *len)
{
    (void)self;
    (void)name;
    (void)buffer;
    (void)size;
    *len = 0;
    return PORT_FILES_NO_FOLDER;
}

static enum port_files_error save(void *self, const char *name, const void *data, size_t len,
                                  bool is_secret, port_files_done done, void *user)
{
    (void)self;
    (void)name;
    (void)data;
    (void)len;
    (void)is_secret;
    (void)done;
    (void)user;
    return PORT_FILES_NO_FOLDER;
}

static enum port_files_error remove_file(void *self, const char *name, port_files_done done,
                                         void *user)
{
    (void)self;
    (void)name;
    (void)done;
    (void)user;
    return PORT_FILES_NO_FOLDER;
}

static void settle(void *self)
{
    (void)self;
}

static const struct port_files files = {
    .load = load,
    .save = save,
    .remove = remove_file,
    .settle = settle,
};

/* ---- radio.h: adverts as the controller hears them ---- */

static void tell_radio(void *user)
{
    const struct none *none = user;

    none->radio_events.state(none->radio_events.user, "none", PORT_RADIO_WAITING,
                             "This port has no radio yet.", "");
}

static void start(void *self, const struct port_radio_events *events, bool active)
{
    struct none *none = self;

    (void)active;
    none->radio_events = *events;
    set(none, &none->radio_turn, NOW_MS);
}

static void stop(void *self)
{
    struct none *none = self;

    cancel(none, &none->radio_turn);
}

static void tune(void *self, const struct port_radio_tuning *tuning)
{
    (void)self;
    (void)tuning;
}

static void recover(void *self, unsigned radio)
{
    (void)self;
    (void)radio;
}

static bool figures(void *self, unsigned radio, struct port_radio_figures *out)
{
    (void)self;
    (void)radio;
    (void)out;
    return false;
}

/* ---- mqtt.h: one connection to a broker ---- */

static void tell_mqtt(void *user)
{
    const struct none *none = user;

    none->mqtt_events.disconnected(none->mqtt_events.user, "this port has no network yet");
}

static void connect_none(void *self, const struct port_mqtt_config *config,
                         const struct port_mqtt_events *events)
{
    struct none *none = self;

    (void)config;
    none->mqtt_events = *events;
    set(none, &none->mqtt_turn, NOW_MS);
}

static void disconnect(void *self)
{
    struct none *none = self;

    cancel(none, &none->mqtt_turn);
}

static int publish(void *self, const char *topic, const char *payload, size_t len, int qos,
                   bool retain)
{
    (void)self;
    (void)topic;
    (void)payload;
    (void)len;
    (void)qos;
    (void)retain;
    return PORT_MQTT_NOT_CONNECTED;
}

static int subscribe(void *self, const char *filter, int qos)
{
    (void)self;
    (void)filter;
    (void)qos;
    return PORT_MQTT_NOT_CONNECTED;
}

/* ---- control.h: local programs; a port without any leaves this as it is ---- */

static void open_control(void *self, const struct port_control_events *events)
{
    (void)self;
    (void)events;
}

static void close_control(void *self)
{
    (void)self;
}

static void send(void *self, port_client client, const char *data, size_t len)
{
    (void)self;
    (void)client;
    (void)data;
    (void)len;
}

static void hang_up(void *self, port_client client)
{
    (void)self;
    (void)client;
}

/* ---- gatt.h: connections to devices. Here none comes about, so nothing is done on one ---- */

static void tell_gatt(void *user)
{
    const struct none *none = user;
    const struct port_gatt_events *events = &none->gatt_events;

    if (none->gatt_is_wanted)
        events->done(events->user, &(struct port_gatt_result){ .error = PORT_GATT_NO_ADAPTER });
    else
        events->disconnected(events->user);
}

static void connect_device(void *self, struct mac addr, uint8_t addr_type, uint32_t timeout_ms,
                           const struct port_gatt_events *events)
{
    struct none *none = self;

    (void)addr;
    (void)addr_type;
    (void)timeout_ms;
    none->gatt_events = *events;
    none->gatt_is_wanted = true;
    set(none, &none->gatt_turn, NOW_MS);
}

static void find(void *self, const struct uuid *service, const struct uuid *characteristic,
                 uint16_t after)
{
    (void)self;
    (void)service;
    (void)characteristic;
    (void)after;
}

static void read_value(void *self, uint16_t handle)
{
    (void)self;
    (void)handle;
}

static void write_value(void *self, uint16_t handle, const uint8_t *data, size_t len,
                        bool with_response)
{
    (void)self;
    (void)handle;
    (void)data;
    (void)len;
    (void)with_response;
}

static void subscribe_value(void *self, const struct port_gatt_char *characteristic)
{
    (void)self;
    (void)characteristic;
}

static void disconnect_device(void *self)
{
    struct none *none = self;

    none->gatt_is_wanted = false; /* what is due is then told as the end of the attempt */
}

/* ---- machine.h: what it is called and how it is started anew ---- */

static void look(void *self, struct port_machine_facts *out)
{
    (void)self;
    *out = (struct port_machine_facts){ .hostname = "none" };
}

static const char *start_reason(void *self)
{
    (void)self;
    return "";
}

static bool restart(void *self)
{
    (void)self;
    return false;
}

static const struct port_machine machine = {
    .look = look,
    .start_reason = start_reason,
    .restart = restart,
};

/* ---- http.h: a server that nobody can reach ---- */

static enum port_http_error open_http(void *self, const struct port_http_config *config,
                                      const struct port_http_events *events,
                                      struct port_http_server **server)
{
    (void)self;
    (void)config;
    (void)events;
    *server = NULL;
    return PORT_HTTP_NO_NETWORK;
}

static void close_http(void *self, struct port_http_server *server)
{
    (void)self;
    (void)server;
}

static uint16_t http_number(void *self, const struct port_http_server *server)
{
    (void)self;
    (void)server;
    return 0;
}

static void reply(void *self, port_http_client client, const struct port_http_response *response)
{
    (void)self;
    (void)client;
    (void)response;
}

static const struct port_http http = {
    .open = open_http,
    .close = close_http,
    .number = http_number,
    .reply = reply,
};

/* ---- gpio.h: lines that can be switched ---- */

static enum port_gpio_error take_line(void *self, const char *chip, unsigned line, bool level,
                                      struct port_gpio_line **out)
{
    (void)self;
    (void)chip;
    (void)line;
    (void)level;
    *out = NULL;
    return PORT_GPIO_NONE;
}

static enum port_gpio_error set_line(void *self, struct port_gpio_line *line, bool level)
{
    (void)self;
    (void)line;
    (void)level;
    return PORT_GPIO_NONE;
}

static void release_line(void *self, struct port_gpio_line *line)
{
    (void)self;
    (void)line;
}

static const struct port_gpio gpio = {
    .take = take_line,
    .set = set_line,
    .release = release_line,
};

/* ---- random ---- */

/* Keys are made from these bytes, so there is no harmless substitute. */
static void fill_random(void *random_self, uint8_t *out, size_t len)
{
    (void)random_self;
    (void)out;
    (void)len;
    abort();
}

const struct port *none_open(struct none *none)
{
    *none = (struct none){
        .clock = { .self = none,
                   .now_ms = now_ms,
                   .wall_ms = wall_ms,
                   .utc_offset_s = utc_offset_s,
                   .set = set,
                   .cancel = cancel },
        .radio = { none, start, stop, tune, recover, figures },
        .mqtt = { .self = none,
                  .connect = connect_none,
                  .disconnect = disconnect,
                  .publish = publish,
                  .subscribe = subscribe },
        .control = { .self = none,
                     .open = open_control,
                     .close = close_control,
                     .send = send,
                     .hang_up = hang_up },
        .gatt = { none, connect_device, find, read_value, write_value, subscribe_value,
                  disconnect_device },
        .gatt_turn = { .fire = tell_gatt, .user = none },
        .radio_turn = { .fire = tell_radio, .user = none },
        .mqtt_turn = { .fire = tell_mqtt, .user = none },
    };
    none->port = (struct port){
        .clock = &none->clock,
        .files = &files,
        .radio = &none->radio,
        .mqtt = &none->mqtt,
        .control = &none->control,
        .gatt = &none->gatt,
        .machine = &machine,
        .http = &http,
        .gpio = &gpio,
        .random = fill_random,
    };
    return &none->port;
}
