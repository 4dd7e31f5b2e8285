/* command: whatever line comes in, from whomever, the replies are JSON objects and nothing that is
 * shown to others holds a key. The first byte of the input says who types; the rest are lines. */
#include "fuzz/fuzz.h"

#include "none/none.h"
#include "port/files.h"
#include "port/port.h"
#include "registry/registry.h"
#include "settings/settings.h"
#include "tasmota/tasmota.h"

#include "bus/bus.h"

#include <cjson/cJSON.h>

#include <ctype.h>

/* ---- a machine on which nothing happens by itself ---- */

struct machine {
    uint64_t now_ms;
    struct timers timers;
    struct bus *bus;
};

static uint64_t now_ms(void *self)
{
    const struct machine *m = self;

    return m->now_ms;
}

static void set_timer(void *self, struct timer *timer, uint64_t at_ms)
{
    struct machine *m = self;

    timers_set(&m->timers, timer, at_ms);
}

static void cancel_timer(void *self, struct timer *timer)
{
    struct machine *m = self;

    timers_cancel(&m->timers, timer);
}

static enum port_files_error save(void *self, const char *name, const void *data, size_t len,
                                  bool is_secret, port_files_done done, void *user)
{
    (void)self;
    (void)name;
    (void)done;
    (void)user;
    cJSON *list = cJSON_ParseWithLength(data, len);
    fuzz_expect(is_secret && cJSON_IsArray(list), "mi32cfg is an array, and secret");
    cJSON_Delete(list);
    return PORT_FILES_OK;
}

/* ---- what must hold ---- */

static bool holds_key(const char *text)
{
    unsigned digits = 0;

    for (; *text && digits < 24; text++)
        digits = isxdigit((unsigned char)*text) ? digits + 1 : 0;
    return digits == 24;
}

static void hear(void *user, const struct bus_event *event)
{
    (void)user;
    if (event->kind == BUS_LOG)
        fuzz_expect(!holds_key(event->u.log.text), "no key in the log");
}

static void take_reply(void *user, const char *level, const char *json)
{
    unsigned *replies = user;
    cJSON *object = cJSON_ParseWithOpts(json, NULL, true);

    fuzz_expect(*level != '\0', "a reply has a topic");
    fuzz_expect(cJSON_IsObject(object), "a reply is a JSON object");
    if (cJSON_HasObjectItem(object, "Command"))
        fuzz_expect(!holds_key(json), "no key in an error");
    cJSON_Delete(object);
    (*replies)++;
}

static void take_error(void *user, unsigned line_number, const char *reason)
{
    unsigned *errors = user;

    fuzz_expect(line_number > 0 && *reason && !holds_key(reason), "an error has a line");
    (*errors)++;
}

static void mask_line(const struct bus *bus, const char *line, size_t len)
{
    char out[BUS_LINE_MAX];

    bus_mask(bus, line, len, out, sizeof(out));
    fuzz_expect(!holds_key(out), "no key in what is masked");
    for (const char *c = out; *c; c++)
        fuzz_expect((unsigned char)*c >= 0x20, "no control character in what is masked");
}

/* ---- lines ---- */

static void type_line(struct machine *m, const char *line, size_t len, enum bus_origin origin)
{
    unsigned replies = 0;

    mask_line(m->bus, line, len);
    bus_command(m->bus, line, len, origin, 0, take_reply, &replies);
    if (replies == 0) /* a Backlog behind another answers later */
        fuzz_expect(len > 7, "there is a reply");
}

static void type_lines(struct machine *m, const char *text, size_t size, enum bus_origin origin)
{
    while (size > 0) {
        const char *end = memchr(text, '\n', size);
        const size_t len = end ? (size_t)(end - text) : size;
        type_line(m, text, len, origin);
        text += len + (end != NULL);
        size -= len + (end != NULL);
        m->now_ms += 200;
        timers_run(&m->timers, m->now_ms);
    }
}

static void configure(struct machine *m, const char *text, size_t size)
{
    unsigned wrong = 0, failed = 0;
    const unsigned checked = bus_run_lines(m->bus, text, size, true, take_error, &wrong);
    const unsigned run = bus_run_lines(m->bus, text, size, false, take_error, &failed);

    fuzz_expect(checked == wrong && run == failed, "each error is told");
    fuzz_expect(checked <= run, "what the check refuses fails when it is run");
}

/* ---- the rooms ---- */

static void try_all(struct machine *m, const char *text, size_t size, enum bus_origin origin)
{
    if (origin == BUS_CONFIG)
        configure(m, text, size);
    else
        type_lines(m, text, size, origin);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct mac machine_mac = { { 0xdc, 0xa6, 0x32, 0xaa, 0xbb, 0xcc } };
    struct machine m = { .now_ms = 1000 };
    struct none none;
    struct port port = *none_open(&none);
    const struct port_clock clock = { .self = &m,
                                      .now_ms = now_ms,
                                      .wall_ms = port.clock->wall_ms,
                                      .utc_offset_s = port.clock->utc_offset_s,
                                      .set = set_timer,
                                      .cancel = cancel_timer };
    const struct port_files files = { .save = save };
    const struct registry_config config = registry_config_for(8);
    struct bus_listener listener = { .hear = hear };

    if (size == 0)
        return 0;
    port.clock = &clock;
    port.files = &files;
    void *memory = malloc(registry_memory(&config));
    struct registry *registry =
        memory ? registry_open(&config, memory, registry_memory(&config), m.now_ms) : NULL;
    struct settings *settings = settings_create(NULL, NULL);
    m.bus = bus_create(now_ms, &m);
    fuzz_expect(registry && settings && m.bus, "memory for the rooms");
    struct tasmota *tasmota = tasmota_create(&(struct tasmota_config){ .bus = m.bus,
                                                                       .registry = registry,
                                                                       .settings = settings,
                                                                       .port = &port,
                                                                       .mac = machine_mac,
                                                                       .version = "1.2.3" });
    bus_listen(m.bus, &listener);

    char *text = fuzz_copy(data + 1, size - 1, 0);
    try_all(&m, text, size - 1, (enum bus_origin)(data[0] % (BUS_SCRIPT + 1)));
    free(text);

    tasmota_destroy(tasmota);
    bus_destroy(m.bus);
    settings_destroy(settings);
    registry_close(registry);
    free(memory);
    return 0;
}
