/* console.h: the commands and rules of tasmota in a house, and what is typed there. */
#ifndef MI32_TESTS_TASMOTA_CONSOLE_H
#define MI32_TESTS_TASMOTA_CONSOLE_H

#include "port/port.h"
#include "support/house.h"
#include "tasmota/tasmota.h"

extern struct house house;
extern struct tasmota *tasmota; /* not started */
extern struct port port;        /* its clock and machine are the house's; the test may add others */

void console_open(uint16_t sensors);
void console_close(void);

/* The replies to a command, a line each; good until the next one. */
const char *type(const char *text);
const char *type_from(enum bus_origin origin, unsigned line, const char *text);

#define EXPECT(text, reply) assert_string_equal(type(text), reply)
#define ERROR(input, reason)                                                                       \
    "{\"Command\":\"Error\",\"Input\":\"" input "\",\"Reason\":\"" reason "\"}"

#endif
