/* rule_scope.c: what stands for the names between percent signs. */
#include "tasmota/rule.h"
#include "tasmota/rule_engine.h"

#include "base/iso.h"
#include "port/clock.h"
#include "settings/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MINUTES_A_DAY 1440

static int64_t wall_s(const struct rule_engine *e)
{
    int64_t unix_ms = 0;

    e->clock->wall_ms(e->clock->self, &unix_ms);
    return unix_ms / 1000;
}

static void put_number(char *out, size_t size, int64_t value)
{
    snprintf(out, size, "%" PRId64, value);
}

/* ---- names without a number ---- */

static void put_value(const struct rule_scope *s, char *out, size_t size)
{
    snprintf(out, size, "%s", s->event);
}

static void put_time(const struct rule_scope *s, char *out, size_t size)
{
    int64_t local_s;

    rule_local_s(s->engine, &local_s);
    put_number(out, size, local_s / 60 % MINUTES_A_DAY);
}

static void put_utc_time(const struct rule_scope *s, char *out, size_t size)
{
    put_number(out, size, wall_s(s->engine));
}

static void put_uptime(const struct rule_scope *s, char *out, size_t size)
{
    const struct rule_engine *e = s->engine;

    put_number(out, size, (int64_t)((e->clock->now_ms(e->clock->self) - e->start_ms) / 60000));
}

static void put_timestamp(const struct rule_scope *s, char *out, size_t size)
{
    char text[ISO_TEXT_SIZE];
    int64_t local_s;

    rule_local_s(s->engine, &local_s);
    snprintf(out, size, "%s", iso_print(local_s, text));
}

static void put_topic(const struct rule_scope *s, char *out, size_t size)
{
    snprintf(out, size, "%s", settings_text(s->engine->settings, SETTINGS_TOPIC));
}

static void put_device(const struct rule_scope *s, char *out, size_t size)
{
    char mac[MAC_TEXT_LEN + 1];

    snprintf(out, size, "%s", mac_print(s->engine->machine, mac));
}

static void put_mac(const struct rule_scope *s, char *out, size_t size)
{
    const uint8_t *b = s->engine->machine.b;

    snprintf(out, size, "%02X:%02X:%02X:%02X:%02X:%02X", b[0], b[1], b[2], b[3], b[4], b[5]);
}

/* ---- names with one ---- */

static void put_var(const struct rule_scope *s, unsigned n, char *out, size_t size)
{
    snprintf(out, size, "%s", s->engine->vars[n - 1]);
}

static void put_mem(const struct rule_scope *s, unsigned n, char *out, size_t size)
{
    const enum settings_id id = (enum settings_id)(SETTINGS_MEM1 + n - 1);

    snprintf(out, size, "%s", settings_text(s->engine->settings, id));
}

static void put_timer(const struct rule_scope *s, unsigned n, char *out, size_t size)
{
    put_number(out, size, rule_engine_timer_left(s->engine, n));
}

static void put_power(const struct rule_scope *s, unsigned n, char *out, size_t size)
{
    put_number(out, size, s->engine->relays >> (n - 1) & 1);
}

static const struct name {
    const char *name;
    void (*put)(const struct rule_scope *s, char *out, size_t size);
} names[] = {
    { "VALUE", put_value },     { "TIME", put_time },           { "UTCTIME", put_utc_time },
    { "UPTIME", put_uptime },   { "TIMESTAMP", put_timestamp }, { "TOPIC", put_topic },
    { "DEVICEID", put_device }, { "MACADDR", put_mac },
};

static const struct family {
    const char *name;
    unsigned max;
    void (*put)(const struct rule_scope *s, unsigned n, char *out, size_t size);
} families[] = {
    { "VAR", RULE_VARS, put_var },
    { "MEM", RULE_VARS, put_mem },
    { "TIMER", RULE_TIMERS, put_timer },
    { "POWER", RULE_RELAYS, put_power },
};

/* The number behind a name, or 0. */
static unsigned number_behind(const char *text, size_t len)
{
    unsigned n = 0;

    if (len == 0 || len > 2 || text[0] == '0')
        return 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        n = n * 10 + (unsigned)(text[i] - '0');
    }
    return n;
}

bool rule_scope_value(void *scope, const char *name, size_t len, char *out, size_t size)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (rule_same(name, len, names[i].name, strlen(names[i].name))) {
            names[i].put(scope, out, size);
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        const size_t n = strlen(families[i].name);
        if (len <= n || !rule_same(name, n, families[i].name, n))
            continue;
        const unsigned number = number_behind(name + n, len - n);
        if (number == 0 || number > families[i].max)
            return false;
        families[i].put(scope, number, out, size);
        return true;
    }
    return false;
}
