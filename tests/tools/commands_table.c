/* commands_table: prints the table of docs/commands.md, made of the commands of all rooms. */
#include "pairing/pairing.h"
#include "port/port.h"
#include "registry/registry.h"
#include "settings/settings.h"
#include "tasmota/tasmota.h"
#include "web/web.h"

#include "bus/bus.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t now_ms(void *self)
{
    (void)self;
    return 1;
}

static void leave_timer(void *self, struct timer *timer)
{
    (void)self;
    (void)timer;
}

static void print(void *user, const char *text)
{
    fputs(text, user);
}

int main(void)
{
    static const struct port_clock clock = { .now_ms = now_ms, .cancel = leave_timer };
    static const struct port port = { .clock = &clock };
    const struct registry_config config = registry_config_for(1);
    void *memory = malloc(registry_memory(&config));
    struct registry *registry =
        memory ? registry_open(&config, memory, registry_memory(&config), 1) : NULL;
    struct settings *settings = settings_create(NULL, NULL);
    struct bus *bus = bus_create(now_ms, NULL);
    struct tasmota *tasmota = NULL;
    struct pairing *pairing = NULL;
    struct web *web = NULL;

    if (registry && settings && bus)
        tasmota = tasmota_create(&(struct tasmota_config){
            .bus = bus, .registry = registry, .settings = settings, .port = &port, .version = "" });
    if (tasmota)
        pairing = pairing_create(
            &(struct pairing_config){ .bus = bus, .registry = registry, .port = &port });
    if (pairing)
        web = web_create(&(struct web_config){ bus, settings, &port, "" });
    if (!web)
        return EXIT_FAILURE;
    bus_markdown(bus, print, stdout);
    web_destroy(web);
    pairing_destroy(pairing);
    tasmota_destroy(tasmota);
    bus_destroy(bus);
    settings_destroy(settings);
    registry_close(registry);
    free(memory);
    return EXIT_SUCCESS;
}
