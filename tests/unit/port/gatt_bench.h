/* gatt_bench.h: a port's GATT under test, with one device on its air. */
#ifndef MI32_TESTS_PORT_GATT_BENCH_H
#define MI32_TESTS_PORT_GATT_BENCH_H

#include "sim/gatt.h"

#define BENCH_MAC "A4C138000001" /* of the device; its type is 1, random */

/* A fresh port and a device without services for each test. */
int gatt_bench_setup(void **state);
int gatt_bench_teardown(void **state);
const struct port_gatt *gatt_bench_port(void);
struct sim_peer *gatt_bench_peer(void);

/* How the device answers the next attempts to connect. */
void gatt_bench_reach(enum sim_gatt_reach reach);
void gatt_bench_take_adapter(void);

/* The device leaves: the connection ends. */
void gatt_bench_drop(void);

/* Moves the loop until *condition is true; fails the test when that never comes. */
void gatt_bench_until(const bool *condition);

#endif
