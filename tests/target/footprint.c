/*
 * footprint.c: what the rooms beacon and registry take together on a chip. Linked whole, so that
 * its map has their flash (footprint.py reads it); run, it tells the deepest stack that any frame
 * of every kind reaches on its way through them, the cipher of the library included.
 */
#include "rt.h"

#include "base/hex.h"
#include "registry/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SENSORS    32
#define STACK_MAX  1536
#define MEMORY_MAX 8192
#define PAINT      0x5a5a5a5au
#define DEEP       8192 /* painted below the caller; far more than is looked for */

/* One of each format with its key, from tests/vectors. */
static const struct frame {
    const char *mac, *adv, *key;
} frames[] = {
    { "E00990B61234", "0201061aff4c000215f7826da64fa24e988024bc5b71e0893e00010002c5", "" },
    { "582D34359321", "020106151695fe5020aa01da219335342d580d1004fe004802", "" },
    { "A4C1380283F4", "0201061a1695fe58585b0550f4830238c1a495ef58763c26000097e2abb5",
      "e9ea895fac7cca6d30532432a516f3a8" },
    { "F82441C5988B", "181695fe5830b603d28b98c54124f8c3491476757e00000099",
      "b853075158487ca39a5b5ea9" },
    { "A4C138AABBCC", "10161a18a4c138aabbcc00ce33430a6ec3", "" },
    { "A4C138AABBCD", "12161a18cdbbaa38c1a46c07fa13d60a52090f", "" },
    { "A4C138AABBCC", "0e161a18bd86c53ffab900c1515859", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
    { "5448E68F80A4", "0201060b161c182302ca090303bf13", "" },
    { "5448E68F80A5", "02010613161e18fba435e4d3c312fb0011223357d90a99",
      "231d39c1d7cc1ab1aee224cd096db932" },
    { "5448E68F80A6", "0201060a16d2fc4002ca0903bf13", "" },
    { "5448E68F80A5", "0201061216d2fc41a47266c95f730011223378237214",
      "231d39c1d7cc1ab1aee224cd096db932" },
    { "582D34401C6F", "0201061816cdfd08096f1c40342d580104be000d0207027226020157", "" },
    { "DFDE448214EF", "02010603021b1810161b180226b20705040f0201ac018642", "" },
    { "DC234DE411C2", "020106030250fd0c1650fd0e006e0134a428005b", "" },
};

#define FRAMES (sizeof(frames) / sizeof(frames[0]))

static struct registry *registry;
static uint8_t bytes[64];
static struct advert advert = { .data = bytes, .rssi = -60 };

static void fail(const char *what)
{
    printf("footprint: %s\n", what);
    exit(1);
}

static void prepare(const struct frame *frame)
{
    uint8_t key[16];
    const size_t digits = strlen(frame->key);

    advert.len = (uint16_t)(strlen(frame->adv) / 2);
    advert.heard_ms += 60000;
    if (!hex_decode(frame->adv, strlen(frame->adv), bytes, sizeof(bytes)) ||
        !mac_parse(frame->mac, strlen(frame->mac), &advert.addr))
        fail("a frame is none");
    if (digits > 0 && (!hex_decode(frame->key, digits, key, sizeof(key)) ||
                       registry_set_key(registry, advert.addr, key, digits / 2, NULL)))
        fail("a key is none");
}

/* The way of one advert. What it needs of its caller's stack, `decoded`, counts. */
static __attribute__((noinline)) enum beacon_outcome hear(void)
{
    struct beacon_decoded decoded;

    beacon_decode(&advert, registry_key(registry, advert.addr), &decoded);
    return registry_apply(registry, &advert, &decoded);
}

/* The stack below this one, from the top down. */
static uint32_t *below(void)
{
    return (uint32_t *)((uintptr_t)__builtin_frame_address(0) & ~(uintptr_t)3) - 64;
}

static __attribute__((noinline)) size_t depth_of_hearing(void)
{
    volatile uint32_t *top = below();

    for (size_t i = 0; i < DEEP / 4; i++)
        top[-(ptrdiff_t)i] = PAINT;
    const enum beacon_outcome outcome = hear();
    if (outcome != BEACON_OK && outcome != BEACON_IGNORE)
        fail(beacon_outcome_name(outcome));
    size_t deepest = DEEP / 4 - 1;
    while (deepest > 0 && top[-(ptrdiff_t)deepest] == PAINT)
        deepest--;
    return (deepest + 64) * 4;
}

int main(void)
{
    struct registry_config config = registry_config_for(SENSORS);
    size_t deepest = 0;

    config.vault = 0;
    const size_t size = registry_memory(&config);
    registry = registry_open(&config, malloc(size), size, 1);
    if (!registry)
        fail("no memory");
    for (size_t i = 0; i < FRAMES; i++) {
        prepare(&frames[i]);
        const size_t depth = depth_of_hearing();
        deepest = depth > deepest ? depth : deepest;
    }
    printf("beacon and registry: RAM %lu of %d bytes for %d sensors, stack %lu of %d bytes\n",
           (unsigned long)size, MEMORY_MAX, SENSORS, (unsigned long)deepest, STACK_MAX);
    return size >= MEMORY_MAX || deepest >= STACK_MAX;
}
