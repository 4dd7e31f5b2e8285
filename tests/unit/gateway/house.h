/* house.h: the whole gateway on the simulated machine, what is typed there and what it publishes.
 */
#ifndef MI32_TESTS_GATEWAY_HOUSE_H
#define MI32_TESTS_GATEWAY_HOUSE_H

#include "gateway/gateway.h"
#include "sim/sim.h"

extern struct sim *sim;
extern struct gateway *gw;

/* A new machine, and the gateway started on it. */
int house_setup(void **state);
int house_teardown(void **state);

/* The gateway ends and begins; what it saved is still there. */
void house_stop(void);
void house_start(void);

/* The power fails and comes back; all that was not yet on the disk is gone. */
void house_lose_power(void);

/* The replies to a command, a line each; good until the next one. */
const char *type(const char *text);
const char *type_from(enum bus_origin origin, unsigned line, const char *text);

#define EXPECT(line, reply) assert_string_equal(type(line), reply)
#define ERROR(input, reason)                                                                       \
    "{\"Command\":\"Error\",\"Input\":\"" input "\",\"Reason\":\"" reason "\"}"

/* A broker is there from now on; the gateway's topic is "t". */
void connect_broker(void);

/* What was last published there; "" for nothing. */
const char *said(const char *topic);

#endif
