#include "console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct house house;
struct tasmota *tasmota;
struct port port;

void console_open(uint16_t sensors)
{
    house_open(&house, sensors);
    port.clock = &house.clock;
    port.machine = &house.machine;
    const struct tasmota_config config = { .bus = house.bus,
                                           .registry = house.registry,
                                           .settings = house.settings,
                                           .port = &port,
                                           .mac = { { 0xdc, 0xa6, 0x32, 0xaa, 0xbb, 0xcc } },
                                           .version = "1.2.3" };
    tasmota = tasmota_create(&config);
    assert_non_null(tasmota);
}

void console_close(void)
{
    tasmota_stop(tasmota);
    tasmota_destroy(tasmota);
    house_close(&house);
}

const char *type_from(enum bus_origin origin, unsigned line, const char *text)
{
    return house_type(&house, origin, line, text);
}

const char *type(const char *text)
{
    return type_from(BUS_LOCAL, 0, text);
}
