/* The gate: whatever decoders say and users decide, in any order, the tables stay within their
 * bounds, nobody the user cares about disappears, refusals move nothing, and all that was taken can
 * be given back. The input is a row of steps of 8 bytes. */
#include "fuzz/fuzz.h"

#include "registry/registry.h"

#define STEP    8
#define SENSORS 6
#define PEOPLE  16

struct world {
    struct registry_config config;
    struct registry *reg;
    uint64_t now_ms;
    bool kept[PEOPLE]; /* what the fuzzer knows about who is kept */
};

static struct mac person(unsigned n)
{
    return (struct mac){ { 0x58, 0x2d, 0x34, 0, 0, (uint8_t)(n % PEOPLE) } };
}

/* ---- what must hold after every step ---- */

static void expect_values(const struct world *w, struct mac mac)
{
    struct registry_value value;

    for (uint32_t cursor = 0; registry_value_next(w->reg, mac, &cursor, &value);) {
        fuzz_expect(value.kind < BEACON_KINDS, "a value has a kind");
        fuzz_expect(value.heard_ms <= w->now_ms, "it was heard before now");
        fuzz_expect(!value.bytes || value.bytes[value.len] == 0, "texts end with a zero");
    }
}

static void expect_bounds(const struct world *w)
{
    struct registry_sensor sensor;
    unsigned all = 0, strangers = 0;
    uint32_t last = 0;
    bool first = true;

    for (uint32_t slot = 0; registry_next(w->reg, &slot, &sensor); first = false) {
        fuzz_expect(first || sensor.slot > last, "slots rise");
        fuzz_expect(sensor.standing == REGISTRY_IS_LISTED, "the list holds the listed");
        last = sensor.slot;
        all++;
        strangers += !(sensor.flags & REGISTRY_KEPT);
        expect_values(w, sensor.mac);
    }
    for (uint32_t cursor = 0; registry_inbox_next(w->reg, &cursor, &sensor);) {
        fuzz_expect(sensor.slot == REGISTRY_NO_SLOT, "the inbox has no slots");
        all++;
        strangers += !(sensor.flags & REGISTRY_KEPT);
    }
    fuzz_expect(all <= SENSORS, "there is no record too many");
    fuzz_expect(strangers <= SENSORS, "nor a stranger");
}

static void expect_kept(struct world *w)
{
    struct registry_sensor sensor;

    for (unsigned i = 0; i < PEOPLE; i++) {
        const bool known = registry_find(w->reg, person(i), &sensor);
        fuzz_expect(known || !w->kept[i], "whoever is kept is there");
        w->kept[i] = known && (sensor.flags & REGISTRY_KEPT);
    }
}

/* ---- adverts ---- */

/* A reading that a decoder may give: bytes lie within the advert. */
static struct beacon_reading make_reading(const uint8_t *p, size_t n)
{
    const unsigned kind = 1 + p[n % STEP] % (BEACON_KINDS - 1);
    const uint8_t type = beacon_kind(kind)->type;
    struct beacon_reading r = { .kind = (uint8_t)kind, .nth = (uint8_t)(1 + n % 2) };

    r.flags = beacon_kind(kind)->is_event ? BEACON_EVENT : 0;
    if (type == BEACON_TEXT || type == BEACON_RAW)
        r.u.bytes.len = p[5] % STEP;
    else
        r.u.value = type == BEACON_BOOL ? p[6] & 1 : (int64_t)p[6] * p[5];
    return r;
}

static struct beacon_decoded make_decoded(const uint8_t *p)
{
    struct beacon_decoded d = { .outcome = BEACON_IGNORE };

    d.outcome = p[2] % 4 ? BEACON_OK : p[3] % BEACON_DUPLICATE;
    d.format = 1 + p[3] % (BEACON_FORMATS - 1);
    d.content_hash = p[4];
    d.frame_counter = p[4];
    d.ext_counter = p[5];
    d.counter = (uint32_t)(p[4] | p[5] << 8);
    d.version = p[6] % 6;
    d.unbound = p[7] == 7;
    d.fields = (uint16_t)(p[6] & (BEACON_HAS_FRAME_COUNTER | BEACON_HAS_EXT_COUNTER |
                                  BEACON_HAS_COUNTER | BEACON_HAS_PACKET_ID));
    d.encrypted = d.outcome == BEACON_NO_KEY || d.outcome == BEACON_REJECT_MIC || (p[2] & 4);
    d.authentic =
        (p[2] & 4) && d.outcome <= BEACON_UNKNOWN_OBJECT && d.format != BEACON_MIBEACON_LEGACY;
    if (d.outcome != BEACON_OK)
        return d;
    d.n = (uint8_t)(1 + p[7] % 4);
    for (size_t i = 0; i < d.n; i++)
        d.readings[i] = make_reading(p, i);
    return d;
}

static void hear(struct world *w, const uint8_t *p)
{
    const struct mac mac = person(p[1]);
    struct beacon_decoded d = make_decoded(p);
    const struct advert advert = { .addr = mac,
                                   .addr_type = p[7] & 1,
                                   .rssi = (int8_t)p[5],
                                   .radio = p[6],
                                   .len = STEP,
                                   .data = p,
                                   .heard_ms = w->now_ms };
    struct registry_sensor before = { 0 }, after = { 0 };
    const bool known = registry_find(w->reg, mac, &before);
    const uint32_t events = registry_event_end(w->reg);

    if (d.authentic && !registry_key(w->reg, mac))
        return; /* no decoder says so without a key */
    const enum beacon_outcome outcome = registry_apply(w->reg, &advert, &d);
    fuzz_expect(outcome == d.outcome, "the outcome is written back");
    registry_find(w->reg, mac, &after);
    if (outcome == BEACON_OK)
        return;
    fuzz_expect(registry_event_end(w->reg) == events, "only what is ok is an event");
    fuzz_expect(!known || after.values == before.values, "or a value");
    if (outcome >= BEACON_REJECT_MIC)
        fuzz_expect(after.heard_ms == before.heard_ms, "what is refused was not heard");
}

/* ---- users ---- */

static void decide(struct world *w, const uint8_t *p)
{
    const struct mac mac = person(p[1]);
    struct registry_trial trial;
    uint8_t key[16] = { 0 };

    key[0] = p[3];
    switch (p[2] % 12) {
    case 0:
        registry_set_key(w->reg, mac, key, p[4] % 3 == 0 ? 0 : p[4] % 3 == 1 ? 12 : 16, &trial);
        break;
    case 1:
        registry_approve(w->reg, mac);
        break;
    case 2:
        registry_ignore(w->reg, mac);
        break;
    case 3:
        registry_forget(w->reg, mac);
        w->kept[p[1] % PEOPLE] = false;
        break;
    case 4:
        registry_set_name(w->reg, mac, (const char *)p + 3, p[7] % 5);
        break;
    case 5:
        registry_replace(w->reg, mac, person(p[3]));
        break;
    case 6:
        registry_allow_plain(w->reg, mac, p[3] & 1);
        break;
    case 7:
        registry_set_auto_add(w->reg, p[3] & 1);
        break;
    case 8:
        registry_hour(w->reg, p[3]);
        break;
    case 9:
        registry_config_saved(w->reg);
        break;
    case 10:
        registry_find_text(w->reg, (const char *)p + 3, 5, NULL);
        break;
    default:
        registry_try_key(w->reg, mac, key, 16, &trial);
        break;
    }
}

static void step(struct world *w, const uint8_t *p)
{
    switch (p[0] % 4) {
    case 0:
        decide(w, p);
        break;
    case 1:
        w->now_ms += (uint64_t)p[1] << (p[2] % 24);
        registry_tick(w->reg, w->now_ms);
        break;
    default:
        w->now_ms += p[0];
        hear(w, p);
        break;
    }
    expect_bounds(w);
    expect_kept(w);
}

/* Everything is forgotten: then there is room for as many as at the start. */
static void give_all_back(struct world *w)
{
    const uint8_t key[16] = { 0 };

    for (unsigned i = 0; i < PEOPLE; i++)
        registry_forget(w->reg, person(i));
    for (unsigned i = 0; i < SENSORS; i++) {
        char name[2] = { (char)('a' + i), '\0' };
        fuzz_expect(registry_set_key(w->reg, person(i), key, 16, NULL) == REGISTRY_OK,
                    "every record and key has come back");
        if (i < w->config.texts)
            fuzz_expect(registry_set_name(w->reg, person(i), name, 1) == REGISTRY_OK,
                        "and every text");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world w = { .config = registry_config_for(SENSORS), .now_ms = 1000 };

    w.config.values = 8;
    w.config.windows = 4;
    w.config.texts = 4;
    w.config.events = 3;
    w.config.admit = 60000;
    const size_t memory_size = registry_memory(&w.config);
    void *memory = fuzz_copy("", 0, memory_size);
    w.reg = registry_open(&w.config, memory, memory_size, w.now_ms);
    fuzz_expect(w.reg != NULL, "its own size is enough");
    for (size_t at = 0; at + STEP <= size; at += STEP) {
        uint8_t *exact = fuzz_copy(data + at, STEP, 0);
        step(&w, exact);
        free(exact);
    }
    give_all_back(&w);
    registry_close(w.reg);
    free(memory);
    return 0;
}
