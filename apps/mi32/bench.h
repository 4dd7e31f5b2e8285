/* bench.h: what the files of `mi32 bench` share. */
#ifndef MI32_APPS_BENCH_H
#define MI32_APPS_BENCH_H

#include <stdint.h>

/* Of a monotonic clock. */
uint64_t bench_now_ns(void);

/* How long it takes from a button's advert to the message in the hands of an MQTT client, in
 * nanoseconds: the median and what 99 of 100 stay below. 0 when no message came. */
struct bench_delay {
    uint64_t median_ns, p99_ns;
};

struct bench_delay bench_mqtt_delay(void);

#endif
