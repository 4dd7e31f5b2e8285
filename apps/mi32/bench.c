/* bench.c: `mi32 bench`: what an advert costs on this machine, and whether it costs memory. */
#include "bench.h"
#include "cli.h"

#include "base/hex.h"
#include "base/json.h"
#include "beacon/beacon.h"
#include "heap_count.h"
#include "registry/registry.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCHES  5
#define BATCH_NS 60000000 /* 60 ms: five of them, and the best counts */

static const char help[] =
    "Usage: mi32 bench [--json]\n"
    "Measures what one advert costs on this machine, by format, how long a press takes to the\n"
    "MQTT client, and how often memory is asked for on an advert's way. The best of five runs\n"
    "counts.\n"
    "\n"
    "      --json  one JSON object instead of a table\n"
    "  -h, --help  this text\n";

/* ---- what is measured ---- */

struct subject {
    struct advert advert;
    uint8_t data[64];
    struct beacon_key key;
    struct registry *registry; /* NULL: only decoded */
    void *memory;
    unsigned sensors;
    uint64_t turns;
    struct cx_ccm_key bare;
};

/* Adverts with known content, from tests/vectors. */
static const struct frame {
    const char *name, *title, *mac, *adv, *key;
} frames[] = {
    { "foreign_ns", "foreign advert, refused", "E00990B61234",
      "0201061aff4c000215f7826da64fa24e988024bc5b71e0893e00010002c5", "" },
    { "mibeacon_plain_ns", "MiBeacon, plain", "582D34359321",
      "020106151695fe5020aa01da219335342d580d1004fe004802", "" },
    { "mibeacon_ccm_ns", "MiBeacon, AES-CCM", "A4C1380283F4",
      "0201061a1695fe58585b0550f4830238c1a495ef58763c26000097e2abb5",
      "e9ea895fac7cca6d30532432a516f3a8" },
    { "legacy_ns", "MiBeacon, legacy cipher", "F82441C5988B",
      "181695fe5830b603d28b98c54124f8c3491476757e00000099", "b853075158487ca39a5b5ea9" },
    { "atc_ns", "ATC1441", "A4C138AABBCC", "10161a18a4c138aabbcc00ce33430a6ec3", "" },
    { "pvvx_enc_ns", "pvvx, encrypted", "A4C138AABBCC", "0e161a18bd86c53ffab900c1515859",
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
    { "bthome2_ns", "BTHome 2, plain", "5448E68F80A5", "0201060a16d2fc4002ca0903bf13", "" },
    { "bthome2_enc_ns", "BTHome 2, encrypted", "5448E68F80A5",
      "0201061216d2fc41a47266c95f730011223378237214", "231d39c1d7cc1ab1aee224cd096db932" },
};

#define FRAMES (sizeof(frames) / sizeof(frames[0]))

static bool set_frame(struct subject *s, const struct frame *frame)
{
    uint8_t key[16];
    const size_t digits = strlen(frame->key);

    s->advert.len = (uint16_t)(strlen(frame->adv) / 2);
    s->advert.data = s->data;
    s->advert.rssi = -60;
    return mac_parse(frame->mac, MAC_TEXT_LEN, &s->advert.addr) &&
           hex_decode(frame->adv, strlen(frame->adv), s->data, sizeof(s->data)) &&
           (digits == 0 || (hex_decode(frame->key, digits, key, sizeof(key)) &&
                            beacon_key_set(&s->key, key, digits / 2)));
}

static void decode(struct subject *s)
{
    struct beacon_decoded out;

    beacon_decode(&s->advert, s->key.len ? &s->key : NULL, &out);
}

/* The bytes of the AES-CCM row, by the backend alone. */
static void bare_ccm(struct subject *s)
{
    static const uint8_t nonce[12] = { 0xf4, 0x83, 0x02, 0x38, 0xc1, 0xa4,
                                       0x5b, 0x05, 0x50, 0x26, 0x00, 0x00 };
    static const uint8_t aad = 0x11, cipher[5] = { 0x95, 0xef, 0x58, 0x76, 0x3c };
    static const uint8_t tag[4] = { 0x97, 0xe2, 0xab, 0xb5 };
    const struct cx_ccm_call call = { nonce, sizeof(nonce), 4, &aad, 1, cipher, sizeof(cipher) };
    uint8_t plain[5];

    if (cx_ccm_open(&s->bare, &call, tag, plain) != CX_OK)
        abort();
}

/* The whole way: a pvvx frame with news from one of many sensors, 10 ms after the one before. */
static void through_registry(struct subject *s)
{
    struct beacon_decoded out;
    const uint64_t n = s->turns++ % s->sensors;
    const uint64_t round = s->turns / s->sensors;

    for (size_t i = 0; i < 3; i++)
        s->advert.addr.b[3 + i] = s->data[4 + 2 - i] = (uint8_t)(n >> (8 * (2 - i)));
    s->data[10] = (uint8_t)round; /* temperature, low byte */
    s->data[17] = (uint8_t)round; /* counter */
    s->advert.heard_ms += 10;
    beacon_decode(&s->advert, registry_key(s->registry, s->advert.addr), &out);
    if (registry_apply(s->registry, &s->advert, &out) != BEACON_OK)
        abort();
}

static void allocate_once(struct subject *s)
{
    void *volatile p = malloc(16);

    decode(s);
    free(p);
}

/* ---- measuring ---- */

typedef void (*step)(struct subject *s);

uint64_t bench_now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static double batch_ns(step run, struct subject *s)
{
    const uint64_t start = bench_now_ns();
    uint64_t n = 0, end;

    do {
        for (int i = 0; i < 256; i++)
            run(s);
        n += 256;
        end = bench_now_ns();
    } while (end - start < BATCH_NS);
    return (double)(end - start) / (double)n;
}

static double measure_ns(step run, struct subject *s)
{
    double best = batch_ns(run, s);

    for (int i = 1; i < BATCHES; i++) {
        const double ns = batch_ns(run, s);
        best = ns < best ? ns : best;
    }
    return best;
}

/* Calls of the allocator for each of many turns. */
static double measure_allocations(step run, struct subject *s)
{
    enum { TURNS = 4096 };

    run(s); /* what a library allocates once is not on an advert's way */
    const size_t before = heap_count();
    for (int i = 0; i < TURNS; i++)
        run(s);
    return (double)(heap_count() - before) / TURNS;
}

static struct subject *make_registry(unsigned sensors)
{
    static const struct frame pvvx = { "", "", "A4C138000000",
                                       "12161a18000000"
                                       "38c1a46c07fa13d60a52090f",
                                       "" };
    struct subject *s = calloc(1, sizeof(*s));
    struct registry_config config = registry_config_for((uint16_t)sensors);

    config.strangers = (uint16_t)sensors;
    config.admit = 60000;
    const size_t size = registry_memory(&config);
    if (!s || !set_frame(s, &pvvx) || !(s->memory = malloc(size)))
        abort();
    s->sensors = sensors;
    s->advert.heard_ms = 1;
    s->registry = registry_open(&config, s->memory, size, 1);
    if (!s->registry)
        abort();
    for (unsigned i = 0; i < 2 * sensors; i++)
        through_registry(s);
    return s;
}

static void free_subject(struct subject *s)
{
    if (s->registry)
        registry_close(s->registry);
    free(s->memory);
    beacon_key_clear(&s->key);
    cx_ccm_key_free(&s->bare);
    free(s);
}

/* ---- the table ---- */

struct report {
    bool is_json;
    struct json j;
    char text[2048];
};

static void report_ns(struct report *r, const char *name, const char *title, double ns)
{
    if (r->is_json)
        json_fixed(&r->j, name, (int64_t)(ns * 10 + 0.5), -1, 1);
    else
        printf("%-34s %9.1f ns %12.0f adverts/s\n", title, ns, 1e9 / ns);
}

static double report_frames(struct report *r, double *ccm_ns)
{
    double allocations = 0;

    for (size_t i = 0; i < FRAMES; i++) {
        struct subject *s = calloc(1, sizeof(*s));
        if (!s || !set_frame(s, &frames[i]))
            abort();
        const double ns = measure_ns(decode, s);
        if (strcmp(frames[i].name, "mibeacon_ccm_ns") == 0)
            *ccm_ns = ns;
        report_ns(r, frames[i].name, frames[i].title, ns);
        allocations += measure_allocations(decode, s);
        free_subject(s);
    }
    return allocations;
}

static double report_bare(struct report *r)
{
    struct subject *s = calloc(1, sizeof(*s));
    uint8_t key[16];

    if (!s || !hex_decode(frames[2].key, 32, key, sizeof(key)) ||
        cx_ccm_key_init(&s->bare, key) != CX_OK)
        abort();
    const double ns = measure_ns(bare_ccm, s);
    report_ns(r, "bare_ccm_ns", "AES-CCM of the library alone", ns);
    free_subject(s);
    return ns;
}

static double report_registry(struct report *r)
{
    static const struct {
        unsigned sensors;
        const char *name, *title;
    } sizes[] = {
        { 10, "registry_10_ns", "whole way, 10 sensors" },
        { 1000, "registry_1000_ns", "whole way, 1,000 sensors" },
        { 10000, "registry_10000_ns", "whole way, 10,000 sensors" },
    };
    double allocations = 0;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct subject *s = make_registry(sizes[i].sensors);
        report_ns(r, sizes[i].name, sizes[i].title, measure_ns(through_registry, s));
        allocations += measure_allocations(through_registry, s);
        free_subject(s);
    }
    return allocations;
}

static void report_delay(struct report *r)
{
    const struct bench_delay delay = bench_mqtt_delay();

    if (delay.p99_ns == 0)
        abort();
    if (r->is_json) {
        json_int(&r->j, "mqtt_median_ns", (int64_t)delay.median_ns);
        json_int(&r->j, "mqtt_p99_ns", (int64_t)delay.p99_ns);
        return;
    }
    printf("%-34s %9" PRIu64 " ns\n", "a press, handed to the MQTT client", delay.median_ns);
    printf("%-34s %9" PRIu64 " ns\n", "  99 of 100 faster than", delay.p99_ns);
}

/* The meter must read one where one allocation is made: else its zeros mean nothing. */
static double proven_meter(void)
{
    struct subject *s = calloc(1, sizeof(*s));

    if (!s || !set_frame(s, &frames[0]))
        abort();
    const double reading = measure_allocations(allocate_once, s);
    free_subject(s);
    return reading;
}

static int run_bench(bool is_json)
{
    struct report r = { .is_json = is_json };
    double ccm_ns = 0;

    heap_count_start();
    json_init(&r.j, r.text, sizeof(r.text));
    json_object(&r.j, NULL);
    double allocations = report_frames(&r, &ccm_ns);
    const double bare_ns = report_bare(&r);
    allocations += report_registry(&r);
    report_delay(&r);
    const double meter = proven_meter();
    if (meter != 1)
        return cli_fail("", "the meter of allocations reads %.3f where 1 was made", meter);
    if (!is_json) {
        printf("%-34s %9.2f\n", "AES-CCM row / library alone", ccm_ns / bare_ns);
        printf("%-34s %9.3f\n", "allocations per advert", allocations);
        printf("%-34s %9.3f\n", "  (the meter, one made on purpose)", meter);
        return CLI_OK;
    }
    json_fixed(&r.j, "allocations_per_advert", (int64_t)(allocations * 1000 + 0.5), -3, 3);
    json_fixed(&r.j, "meter_check", (int64_t)(meter * 1000), -3, 3);
    json_object_end(&r.j);
    puts(r.text);
    return CLI_OK;
}

int cmd_bench(int argc, char **argv)
{
    static const struct option options[] = {
        { "json", no_argument, NULL, 'j' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    bool is_json = false;
    int c;

    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (c) {
        case 'j':
            is_json = true;
            break;
        case 'h':
            fputs(help, stdout);
            return CLI_OK;
        default:
            return cli_usage_told("bench");
        }
    }
    if (optind < argc)
        return cli_usage("bench", "'%s' is not understood", argv[optind]);
    return run_bench(is_json);
}
