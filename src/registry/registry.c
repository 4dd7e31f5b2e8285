/* Open, close, the clock, and telling what changed. */
#include "registry/registry_private.h"

#include <stdalign.h>
#include <string.h>

/* Up to here a registry is for a small target, and its pools are cut to what sensors use there. */
#define SMALL 64

static uint16_t at_most(uint32_t wanted, uint16_t limit)
{
    return wanted < limit ? (uint16_t)wanted : limit;
}

struct registry_config registry_config_for(uint16_t sensors)
{
    const bool small = sensors <= SMALL;
    const uint32_t n = sensors;

    return (struct registry_config){
        .sensors = sensors,
        .strangers = (uint16_t)(n - at_most(n / 8, 16)),
        .values = at_most(small ? n * 9 / 4 : n * 6, NONE - 1),
        .keys = sensors,
        .windows = at_most(small ? n : n * 3 / 2, NONE - 1),
        .texts = at_most(small ? n * 3 / 8 : n * 2, NONE - 1),
        .events = small ? 6 : 256,
        .vault = at_most(small ? 8 : n / 4, UINT8_MAX),
        .vault_len = small ? 64 : 255,
        .forgotten = (uint16_t)(n / 4 > 0 ? n / 4 : 1),
        .admit = 4,
        .auto_add = true,
    };
}

/* Hands out consecutive parts of a block; with base NULL it only measures. */
struct carve {
    uint8_t *base;
    size_t used;
};

static void *carve(struct carve *c, size_t count, size_t size)
{
    const size_t align = alignof(max_align_t) < 8 ? alignof(max_align_t) : 8;
    void *part = c->base ? c->base + c->used : NULL;

    c->used += (count * size + align - 1) / align * align;
    return part;
}

static uint32_t index_size(uint16_t sensors)
{
    uint32_t size = 4;

    while (size < 2u * sensors)
        size *= 2;
    return size;
}

/* Places every table; the same walk measures and lays out. */
static size_t lay_out(const struct registry_config *c, struct registry *reg, uint8_t *memory)
{
    struct carve at = { .base = memory };

    carve(&at, 1, sizeof(*reg));
    reg->records = carve(&at, c->sensors, sizeof(*reg->records));
    reg->values = carve(&at, c->values, sizeof(*reg->values));
    reg->windows = carve(&at, c->windows, sizeof(*reg->windows));
    reg->keys = carve(&at, c->keys, sizeof(*reg->keys));
    reg->events = carve(&at, c->events, sizeof(*reg->events));
    reg->vault = carve(&at, c->vault, sizeof(*reg->vault));
    reg->index = carve(&at, index_size(c->sensors), sizeof(*reg->index));
    reg->order = carve(&at, c->sensors, sizeof(*reg->order));
    reg->texts = carve(&at, c->texts, sizeof(*reg->texts));
    reg->text_used = carve(&at, c->texts, sizeof(*reg->text_used));
    reg->forgotten = carve(&at, c->forgotten, sizeof(*reg->forgotten));
    reg->vault_data = carve(&at, c->vault, c->vault_len);
    reg->index_mask = index_size(c->sensors) - 1;
    return at.used;
}

size_t registry_memory(const struct registry_config *config)
{
    struct registry measured;

    return lay_out(config, &measured, NULL);
}

struct registry *registry_open(const struct registry_config *config, void *memory, size_t size,
                               uint64_t now_ms)
{
    const size_t need = registry_memory(config);
    struct registry *reg = memory;

    if (!memory || size < need || config->sensors == 0 || config->sensors > 30000 ||
        config->vault > UINT8_MAX)
        return NULL;
    memset(memory, 0, need);
    lay_out(config, reg, memory);
    reg->config = *config;
    reg->now_ms = now_ms;
    reg->aged_ms = now_ms;
    reg->due_ms = UINT64_MAX;
    reg->auto_add = config->auto_add;
    reg->hour = REGISTRY_HOURS;
    reg->radio_hour = (uint32_t)now_ms;
    for (size_t i = 0; i < REGISTRY_RADIOS; i++)
        reg->radios[i].heard = (uint32_t)now_ms;
    reg_records_init(reg);
    reg_values_init(reg);
    reg_windows_init(reg);
    return reg;
}

/* A loop that the compiler may not leave out, though nobody reads the memory again. */
static void wipe(void *memory, size_t size)
{
    volatile uint8_t *p = memory;

    while (size-- > 0)
        *p++ = 0;
}

void registry_close(struct registry *reg)
{
    if (!reg)
        return;
    for (size_t i = 0; i < reg->config.keys; i++)
        beacon_key_clear(&reg->keys[i]);
    wipe(reg, registry_memory(&reg->config));
}

uint32_t reg_age(const struct registry *reg, uint32_t then)
{
    return (uint32_t)reg->now_ms - then;
}

void reg_move_time(struct registry *reg, uint64_t now_ms)
{
    if (now_ms <= reg->now_ms)
        return;
    const bool all = now_ms - reg->now_ms >= REG_OLDEST_MS;
    if (!all && now_ms - reg->aged_ms >= REG_OLDEST_MS)
        reg_limit_ages(reg, false); /* while they can still be told */
    reg->now_ms = now_ms;
    if (all)
        reg_limit_ages(reg, true);
}

void reg_tell(const struct registry *reg, enum registry_change_kind kind, struct mac mac,
              uint32_t slot)
{
    const struct registry_change change = { .kind = kind, .mac = mac, .slot = slot };

    if (reg->config.on_change)
        reg->config.on_change(reg->config.user, &change);
}

void reg_tell_alarm(const struct registry *reg, enum registry_alarm alarm, struct mac mac,
                    uint32_t slot)
{
    const struct registry_change change = {
        .kind = REGISTRY_ALARMED, .alarm = alarm, .mac = mac, .slot = slot
    };

    if (reg->config.on_change)
        reg->config.on_change(reg->config.user, &change);
}

void reg_dirty(struct registry *reg, uint32_t within_ms)
{
    const uint64_t due = reg->now_ms + within_ms;

    if (due < reg->due_ms)
        reg->due_ms = due;
}

void registry_set_auto_add(struct registry *reg, bool on)
{
    reg->auto_add = on;
}

bool registry_auto_add(const struct registry *reg)
{
    return reg->auto_add;
}

uint32_t registry_outcomes(const struct registry *reg, enum beacon_outcome outcome)
{
    return (unsigned)outcome < BEACON_OUTCOMES ? reg->outcomes[outcome] : 0;
}

const char *registry_result_text(enum registry_result result)
{
    static const char *const texts[] = {
        [-REGISTRY_OK] = "done",
        [-REGISTRY_E_UNKNOWN] = "no such sensor, or more than one: give its MAC",
        [-REGISTRY_E_FULL] = "no room left: forget a sensor first",
        [-REGISTRY_E_NAME] = "a name has up to 31 bytes of text without control characters",
        [-REGISTRY_E_NAME_TAKEN] = "that name is taken, or reads as a MAC or slot number",
        [-REGISTRY_E_KEY_LENGTH] = "a key has 32 or 24 hex digits, followed by 12 of the MAC",
        [-REGISTRY_E_KEY_HEX] = "a key and its MAC are hex digits only",
        [-REGISTRY_E_MEMORY] = "out of memory",
        [-REGISTRY_E_SAME] = "a sensor cannot replace itself",
        [-REGISTRY_E_VERSION] =
            "the state file was written by a newer mi32: update, or move it away",
        [-REGISTRY_E_DAMAGED] = "the state file is damaged: restore it, or move it away",
        [-REGISTRY_E_UNSAVED] = "too many that mi32cfg still has: save it with MI32Cfg first",
    };
    const int at = -(int)result;

    if (at < 0 || (size_t)at >= sizeof(texts) / sizeof(texts[0]))
        return "unknown result";
    return texts[at];
}
