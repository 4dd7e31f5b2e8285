/* bench.h: one port under test. */
#ifndef MI32_TESTS_PORT_BENCH_H
#define MI32_TESTS_PORT_BENCH_H

#include "port/files.h"
#include "port/port.h"

/* A fresh port for each test, with an empty data folder, a radio and no broker anywhere. */
int bench_setup(void **state);
int bench_teardown(void **state);
const struct port *bench_port(void);

/* An advert of the device A4C1380000NN is on the air, with -60 dBm. */
void bench_hear(uint8_t sender, const void *data, size_t len);

/* The files anew, as after a restart of the program. */
void bench_reopen_files(void);

/* Moves the loop until *condition is true; fails the test when that never comes. */
void bench_until(const bool *condition);

#endif
