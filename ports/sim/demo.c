#include "sim/demo.h"

#include "base/bytes.h"
#include "base/hex.h"
#include "base/json.h"

#include <assert.h>
#include <string.h>

/* ---- writing frames ---- */

struct frame {
    uint8_t data[DEMO_DATA_MAX];
    size_t len;
};

static void put(struct frame *f, const uint8_t *bytes, size_t len)
{
    assert(f->len + len <= sizeof(f->data));
    memcpy(f->data + f->len, bytes, len);
    f->len += len;
}

static void put_le(struct frame *f, uint64_t value, size_t size)
{
    uint8_t bytes[8];

    bytes_put_le(bytes, size, value);
    put(f, bytes, size);
}

static void put_be(struct frame *f, uint64_t value, size_t size)
{
    while (size-- > 0)
        put_le(f, value >> (8 * size) & 0xff, 1);
}

static void put_reversed(struct frame *f, struct mac mac)
{
    uint8_t bytes[6];

    mac_to_reversed(mac, bytes);
    put(f, bytes, 6);
}

/* Everything one row needs to write its next frame. */
struct making {
    const struct row *row;
    struct demo_line *line;
    const struct cx_ccm_key *key;
    uint64_t t_ms;    /* in the story */
    uint32_t counter; /* distinct frames, with the start in it */
    uint32_t nth;     /* distinct frames of this run, from 0 */
    bool failed;
};

struct row {
    struct demo_sensor sensor;
    const char *key; /* what it encrypts with, 32 hex digits as used by AES; NULL for none */
    int8_t rssi;
    uint8_t repeats; /* each frame is sent this often again, 200 ms apart */
    uint32_t first_ms;
    uint32_t every_ms; /* from frame to frame */
    void (*make)(struct making *m);
    uint16_t product; /* for MiBeacon */
    const char *outcome, *format;
};

#define ROW_REPEAT_MS 200

/* A number that goes up and down between `low` and `high` once in `period_s`. */
static int64_t wave(const struct making *m, int64_t low, int64_t high, uint32_t period_s)
{
    const uint64_t period = (uint64_t)period_s * 1000;
    const uint64_t at = m->t_ms % period;
    const uint64_t up = at < period / 2 ? at : period - at;

    return low + (int64_t)(up * (uint64_t)(high - low) * 2 / period);
}

static void expect(struct making *m, const char *name, int64_t value, int scale10)
{
    struct demo_line *line = m->line;

    assert(line->n < DEMO_VALUES_MAX);
    line->values[line->n++] =
        (struct demo_value){ .name = name, .value = value, .scale10 = (int8_t)scale10 };
}

static void expect_bool(struct making *m, const char *name, bool value)
{
    expect(m, name, value, 0);
    m->line->values[m->line->n - 1].is_bool = true;
}

static void expect_word(struct making *m, const char *name, const char *word)
{
    expect(m, name, 0, 0);
    m->line->values[m->line->n - 1].word = word;
}

/* Flags and one structure of service data around `body`, or manufacturer data for type ff. */
static void send_as(struct making *m, uint8_t type, uint16_t uuid, const struct frame *body)
{
    struct frame f = { .data = { 0x02, 0x01, 0x06 }, .len = 3 };

    put_le(&f, body->len + 3, 1);
    put_le(&f, type, 1);
    put_le(&f, uuid, 2);
    put(&f, body->data, body->len);
    memcpy(m->line->data, f.data, f.len);
    m->line->len = f.len;
}

static void send(struct making *m, uint16_t uuid, const struct frame *body)
{
    send_as(m, 0x16, uuid, body);
}

/* ---- MiBeacon: frame control (2), product (2), counter (1), MAC (6), object ---- */

static struct frame object(uint16_t id, uint8_t size)
{
    struct frame f = { .len = 0 };

    put_le(&f, id, 2);
    put_le(&f, size, 1);
    return f;
}

/* An object whose value is one number. */
static struct frame number(uint16_t id, int64_t value, uint8_t size)
{
    struct frame f = object(id, size);

    put_le(&f, (uint64_t)value, size);
    return f;
}

static void begin_mibeacon(const struct making *m, struct frame *f, uint16_t control)
{
    put_le(f, control, 2);
    put_le(f, m->row->product, 2);
    put_le(f, m->counter & 0xff, 1);
    put_reversed(f, m->line->addr);
}

static void send_plain(struct making *m, const struct frame *plain)
{
    struct frame f = { .len = 0 };

    begin_mibeacon(m, &f, 0x5050); /* version 5, MAC, object */
    put(&f, plain->data, plain->len);
    send(m, 0xfe95, &f);
}

static void seal(struct making *m, const struct cx_ccm_call *call, uint8_t *cipher, uint8_t *tag)
{
    if (cx_ccm_seal(m->key, call, cipher, tag) != CX_OK)
        m->failed = true;
}

/* Version 5: nonce = MAC reversed, product, counter, ext counter; tag of four bytes. */
static void send_encrypted(struct making *m, const struct frame *plain)
{
    static const uint8_t aad = 0x11;
    struct frame f = { .len = 0 }, nonce = { .len = 0 };
    uint8_t cipher[DEMO_DATA_MAX], tag[4];

    begin_mibeacon(m, &f, 0x5958); /* version 5, registered, MAC, object, encrypted */
    put_reversed(&nonce, m->line->addr);
    put(&nonce, f.data + 2, 3);
    put_le(&nonce, m->counter >> 8 & 0xffffff, 3);
    seal(m, &(struct cx_ccm_call){ nonce.data, 12, 4, &aad, 1, plain->data, plain->len }, cipher,
         tag);
    put(&f, cipher, plain->len);
    put(&f, nonce.data + 9, 3);
    put(&f, tag, 4);
    send(m, 0xfe95, &f);
}

/* Version 3: nonce = control, product, counter, ext counter, five bytes of the reversed MAC; the
 * last byte of the frame is the first of a tag of sixteen. */
static void send_legacy(struct making *m, const struct frame *plain)
{
    static const uint8_t aad = 0x11;
    struct frame f = { .len = 0 }, nonce = { .len = 0 };
    uint8_t cipher[DEMO_DATA_MAX], tag[16];

    begin_mibeacon(m, &f, 0x3058);
    put(&nonce, f.data, 5);
    put_le(&nonce, 0, 3);
    put(&nonce, f.data + 5, 5);
    seal(m, &(struct cx_ccm_call){ nonce.data, 13, 16, &aad, 1, plain->data, plain->len }, cipher,
         tag);
    put(&f, cipher, plain->len);
    put_le(&f, 0, 3);
    put(&f, tag, 1);
    send(m, 0xfe95, &f);
}

static void send_object(struct making *m, const struct frame *plain)
{
    (m->key ? send_encrypted : send_plain)(m, plain);
}

static void thermometer_100d(struct making *m)
{
    if (m->nth % 5 == 4) {
        const struct frame battery = number(0x100a, 78, 1);
        expect(m, "battery_pct", 78, 0);
        send_object(m, &battery);
        return;
    }
    const int64_t t = wave(m, 206, 223, 120), h = wave(m, 480, 531, 200);
    struct frame both = object(0x100d, 4);
    put_le(&both, (uint64_t)t, 2);
    put_le(&both, (uint64_t)h, 2);
    expect(m, "temperature_c", t, -1);
    expect(m, "humidity_pct", h, -1);
    send_object(m, &both);
}

/* Sends temperature and humidity in turn, as the stock firmware does. */
static void thermometer_in_turn(struct making *m)
{
    const bool is_humidity = m->nth % 2;
    const int64_t value = is_humidity ? wave(m, 430, 470, 160) : wave(m, 195, 214, 140);
    const struct frame f = number(is_humidity ? 0x1006 : 0x1004, value, 2);

    expect(m, is_humidity ? "humidity_pct" : "temperature_c", value, -1);
    send_object(m, &f);
}

/* Float objects of the newer models; 0x41a80000 is 21.0. No key is known for it here. */
static void thermometer_unknown_key(struct making *m)
{
    const struct frame f = number(0x4c01, 0x41a80000, 4);

    send_object(m, &f);
}

static void freezer(struct making *m)
{
    const int64_t t = wave(m, -192, -178, 240);
    const struct frame f = number(0x1004, t, 2);

    expect(m, "temperature_c", t, -1);
    send_object(m, &f);
}

static void plant(struct making *m)
{
    static const struct {
        uint16_t id;
        uint8_t size;
        const char *name;
        int64_t low, high;
        int8_t scale10;
    } objects[] = {
        { 0x1004, 2, "temperature_c", 186, 204, -1 },
        { 0x1007, 3, "illuminance_lux", 240, 2600, 0 },
        { 0x1008, 1, "moisture_pct", 27, 31, 0 },
        { 0x1009, 2, "conductivity_us_cm", 310, 352, 0 },
    };
    const size_t i = m->nth % (sizeof(objects) / sizeof(objects[0]));
    const int64_t value = wave(m, objects[i].low, objects[i].high, 240);
    const struct frame f = number(objects[i].id, value, objects[i].size);

    expect(m, objects[i].name, value, objects[i].scale10);
    send_object(m, &f);
}

/* Object 1001: key, value, type. */
static void press(struct making *m, uint8_t key, uint8_t value, uint8_t type)
{
    struct frame f = object(0x1001, 3);

    put_le(&f, key, 1);
    put_le(&f, value, 1);
    put_le(&f, type, 1);
    if (m->row->sensor.product_id[1] == '3') { /* 03b6: its key is the expanded beacon key */
        send_legacy(m, &f);
        return;
    }
    send_object(m, &f);
}

static void remote(struct making *m)
{
    static const char *const names[] = { "on", "off", "brightness", "plus", "m", "minus" };
    const uint8_t key = (uint8_t)(m->nth % 6);
    const bool is_long = m->nth % 4 == 3;

    expect_word(m, "event", is_long ? "long_press" : "press");
    expect_word(m, "button", names[key]);
    press(m, key, 0, is_long ? 2 : 0);
}

static void dimmer(struct making *m)
{
    switch (m->nth % 3) {
    case 0:
        expect_word(m, "event", "rotate_right");
        expect(m, "steps", 3, 0);
        press(m, 0, 3, 4);
        break;
    case 1:
        expect_word(m, "event", "rotate_left");
        expect(m, "steps", 2, 0);
        press(m, 0, 0xfe, 4);
        break;
    default:
        expect_word(m, "event", "press");
        expect(m, "press_count", 1, 0);
        press(m, 0, 1, 3);
        break;
    }
}

static void wireless_switch(struct making *m)
{
    static const char *const events[] = { "press", "double_press", "long_press" };
    const struct frame f = object((uint16_t)(0x4e0c + m->nth % 3), 0);

    expect_word(m, "event", events[m->nth % 3]);
    send_object(m, &f);
}

static void night_light(struct making *m)
{
    const struct frame f = number(0x0003, 1, 1);

    expect_bool(m, "motion", true);
    send_object(m, &f);
}

/* Motion in light, then the time since. */
static void motion_sensor(struct making *m)
{
    if (m->nth % 2 == 0) {
        const struct frame f = number(0x000f, 256, 3);
        expect_bool(m, "motion", true);
        expect_bool(m, "light", true);
        send_object(m, &f);
        return;
    }
    const struct frame f = number(0x1017, 120, 4);
    expect(m, "idle_time_s", 120, 0);
    expect_bool(m, "motion", false);
    send_object(m, &f);
}

static void door(struct making *m)
{
    static const char *const states[] = { "open", "closed", "open", "open_timeout", "closed" };
    static const uint8_t codes[] = { 0, 1, 0, 2, 1 };
    const size_t i = m->nth % 5;
    const struct frame f = number(0x1019, codes[i], 1);

    expect_word(m, "door", states[i]);
    send_object(m, &f);
}

static void leak_detector(struct making *m)
{
    const bool is_battery = m->nth % 3 == 2;
    const bool is_wet = m->nth % 3 == 0;
    const struct frame f = is_battery ? number(0x100a, 64, 1) : number(0x1014, is_wet, 1);

    if (is_battery)
        expect(m, "battery_pct", 64, 0);
    else
        expect_bool(m, "leak", is_wet);
    send_object(m, &f);
}

/* The unbound device's static advert: MAC, capability and I/O capability, nothing to read. */
static void unbound(struct making *m)
{
    struct frame f = { .len = 0 };

    put_le(&f, 0x5830, 2);
    put_le(&f, m->row->product, 2);
    put_le(&f, 1, 1);
    put_reversed(&f, m->line->addr);
    put_le(&f, 0x28, 1);
    put_le(&f, 0x0001, 2);
    send(m, 0xfe95, &f);
}

/* ---- ATC1441 and pvvx: service data 181a ---- */

static void atc1441(struct making *m)
{
    const int64_t t = wave(m, 214, 231, 180), h = wave(m, 39, 44, 220);
    struct frame f = { .len = 0 };

    put(&f, m->line->addr.b, 6);
    put_be(&f, (uint64_t)t, 2);
    put_le(&f, (uint64_t)h, 1);
    put_le(&f, 88, 1);
    put_be(&f, 2981, 2);
    put_le(&f, m->counter, 1);
    expect(m, "temperature_c", t, -1);
    expect(m, "humidity_pct", h, 0);
    expect(m, "battery_pct", 88, 0);
    expect(m, "voltage_v", 2981, -3);
    send(m, 0x181a, &f);
}

static void pvvx(struct making *m)
{
    const int64_t t = wave(m, 1830, 1975, 150), h = wave(m, 5210, 5640, 210);
    struct frame f = { .len = 0 };

    put_reversed(&f, m->line->addr);
    put_le(&f, (uint64_t)t, 2);
    put_le(&f, (uint64_t)h, 2);
    put_le(&f, 2904, 2);
    put_le(&f, 82, 1);
    put_le(&f, m->counter, 1);
    put_le(&f, 0, 1);
    expect(m, "temperature_c", t, -2);
    expect(m, "humidity_pct", h, -2);
    expect(m, "battery_pct", 82, 0);
    expect(m, "voltage_v", 2904, -3);
    send(m, 0x181a, &f);
}

/* Nonce: MAC reversed, then length, 16, 1a, 18, counter of the structure itself. */
static void pvvx_encrypted(struct making *m)
{
    static const uint8_t aad = 0x11;
    const int64_t t = wave(m, 640, 910, 230), h = wave(m, 7020, 7410, 200);
    struct frame plain = { .len = 0 }, nonce = { .len = 0 }, f = { .len = 0 };
    uint8_t cipher[8], tag[4];

    put_le(&plain, (uint64_t)t, 2);
    put_le(&plain, (uint64_t)h, 2);
    put_le(&plain, 71, 1);
    put_le(&plain, 0, 1);
    put_reversed(&nonce, m->line->addr);
    put(&nonce, (const uint8_t[]){ 0x0e, 0x16, 0x1a, 0x18 }, 4);
    put_le(&nonce, m->counter, 1);
    seal(m, &(struct cx_ccm_call){ nonce.data, 11, 4, &aad, 1, plain.data, plain.len }, cipher,
         tag);
    put_le(&f, m->counter, 1);
    put(&f, cipher, plain.len);
    put(&f, tag, 4);
    expect(m, "temperature_c", t, -2);
    expect(m, "humidity_pct", h, -2);
    expect(m, "battery_pct", 71, 0);
    send(m, 0x181a, &f);
}

/* ---- BTHome ---- */

/* Version 1: each object has a byte of size (and format in the top bits) before its id. */
static void bthome1(struct making *m)
{
    const int64_t t = wave(m, 2310, 2460, 170);
    struct frame f = { .len = 0 };

    put_le(&f, 0x23, 1);
    put_le(&f, 0x02, 1);
    put_le(&f, (uint64_t)t, 2);
    put_le(&f, 0x02, 1);
    put_le(&f, 0x01, 1);
    put_le(&f, 93, 1);
    expect(m, "temperature_c", t, -2);
    expect(m, "battery_pct", 93, 0);
    send(m, 0x181c, &f);
}

static void bthome2(struct making *m)
{
    const int64_t t = wave(m, 1990, 2140, 190), h = wave(m, 4400, 4720, 130);
    struct frame f = { .len = 0 };

    put_le(&f, 0x40, 1);
    put_le(&f, 0x00, 1);
    put_le(&f, m->counter, 1);
    put_le(&f, 0x01, 1);
    put_le(&f, 97, 1);
    put_le(&f, 0x02, 1);
    put_le(&f, (uint64_t)t, 2);
    put_le(&f, 0x03, 1);
    put_le(&f, (uint64_t)h, 2);
    expect(m, "battery_pct", 97, 0);
    expect(m, "temperature_c", t, -2);
    expect(m, "humidity_pct", h, -2);
    send(m, 0xfcd2, &f);
}

/* Nonce: MAC in display order, d2 fc, the info byte, the counter; no additional data. */
static void bthome2_encrypted(struct making *m)
{
    const int64_t co2 = wave(m, 520, 940, 200), t = wave(m, 2080, 2210, 160);
    struct frame plain = { .len = 0 }, nonce = { .len = 0 }, f = { .len = 0 };
    uint8_t cipher[16], tag[4];

    put_le(&plain, 0x02, 1);
    put_le(&plain, (uint64_t)t, 2);
    put_le(&plain, 0x12, 1);
    put_le(&plain, (uint64_t)co2, 2);
    put(&nonce, m->line->addr.b, 6);
    put(&nonce, (const uint8_t[]){ 0xd2, 0xfc, 0x41 }, 3);
    put_le(&nonce, m->counter, 4);
    seal(m, &(struct cx_ccm_call){ nonce.data, 13, 4, NULL, 0, plain.data, plain.len }, cipher,
         tag);
    put_le(&f, 0x41, 1);
    put(&f, cipher, plain.len);
    put_le(&f, m->counter, 4);
    put(&f, tag, 4);
    expect(m, "temperature_c", t, -2);
    expect(m, "co2_ppm", co2, 0);
    send(m, 0xfcd2, &f);
}

/* A trigger-based device: packet id, battery, button. */
static void bthome2_button(struct making *m)
{
    static const char *const events[] = { "press", "double_press", "triple_press", "long_press" };
    struct frame f = { .len = 0 };

    put_le(&f, 0x44, 1);
    put_le(&f, 0x00, 1);
    put_le(&f, m->counter, 1);
    put_le(&f, 0x01, 1);
    put_le(&f, 100, 1);
    put_le(&f, 0x3a, 1);
    put_le(&f, m->nth % 4 + 1, 1);
    expect(m, "battery_pct", 100, 0);
    expect_word(m, "event", events[m->nth % 4]);
    send(m, 0xfcd2, &f);
}

/* ---- others ---- */

static void qingping(struct making *m)
{
    const int64_t t = wave(m, 209, 224, 150), h = wave(m, 498, 523, 140);
    const int64_t p = wave(m, 10085, 10121, 240);
    struct frame f = { .len = 0 };

    put_le(&f, 0x08, 1);
    put_le(&f, 0x09, 1);
    put_reversed(&f, m->line->addr);
    put_le(&f, 0x0401, 2);
    put_le(&f, (uint64_t)t, 2);
    put_le(&f, (uint64_t)h, 2);
    put_le(&f, 0x0207, 2);
    put_le(&f, (uint64_t)p, 2);
    put_le(&f, 0x0102, 2);
    put_le(&f, 87, 1);
    expect(m, "temperature_c", t, -1);
    expect(m, "humidity_pct", h, -1);
    expect(m, "pressure_hpa", p, -1);
    expect(m, "battery_pct", 87, 0);
    send(m, 0xfdcd, &f);
}

/* Somebody steps on the scale: a few frames that settle, then one that is final. */
static void scale(struct making *m)
{
    const uint32_t step = m->nth % 4;
    const bool is_final = step == 3;
    const int64_t raw = is_final ? 14370 : 14100 + 90 * (int64_t)step; /* 5 g */
    struct frame f = { .len = 0 };

    put_le(&f, 0x02, 1);
    put_le(&f, is_final ? 0x22 : 0x00, 1);
    put_le(&f, 2026, 2);
    put(&f, (const uint8_t[]){ 11, 22, 7, 30, 0 }, 5);
    put_le(&f, is_final ? 512 : 0, 2);
    put_le(&f, (uint64_t)raw, 2);
    expect(m, is_final ? "weight_kg" : "weight_live_kg", raw * 5, -3);
    expect_bool(m, "stabilized", is_final);
    expect_bool(m, "weight_removed", false);
    if (is_final)
        expect(m, "impedance_ohm", 512, 0);
    send(m, 0x181b, &f);
}

/* Foreign: a beacon of another maker and a phone's changing noise. */
static void foreign(struct making *m)
{
    struct frame f = { .len = 0 };

    put(&f, (const uint8_t[]){ 0x10, 0x06, 0x1b, 0x1a }, 4);
    put_le(&f, m->nth * 2654435761u, 4);
    send_as(m, 0xff, 0x004c, &f);
}

/* ---- the house ---- */

#define PUBLIC ADVERT_ADDR_PUBLIC
#define RANDOM ADVERT_ADDR_RANDOM

static const struct row rows[] = {
    { { "Living room", "A4C138D30001", PUBLIC, "055b", "LYWSD03MMC",
        "D3000001D3000001D3000001D3000001", true },
      "D3000001D3000001D3000001D3000001",
      -62,
      1,
      400,
      12000,
      thermometer_in_turn,
      0x055b,
      "ok",
      "mibeacon" },
    { { "Kitchen", "582D34D30002", PUBLIC, "01aa", "LYWSDCGQ", "", true },
      NULL,
      -71,
      2,
      900,
      6000,
      thermometer_100d,
      0x01aa,
      "ok",
      "mibeacon" },
    { { "Freezer", "582D34D30003", PUBLIC, "0347", "CGG1", "", true },
      NULL,
      -83,
      1,
      2100,
      15000,
      freezer,
      0x0347,
      "ok",
      "mibeacon" },
    { { "Office (key missing)", "CC4D75D30004", PUBLIC, "2832", "MJWSD05MMC", "", true },
      "D3000004D3000004D3000004D3000004",
      -76,
      1,
      3000,
      20000,
      thermometer_unknown_key,
      0x2832,
      "no_key",
      "mibeacon" },
    { { "Ficus", "C47C8DD30005", PUBLIC, "0098", "HHCCJCY01", "", true },
      NULL,
      -80,
      1,
      1500,
      9000,
      plant,
      0x0098,
      "ok",
      "mibeacon" },
    { { "Remote", "F82441D30006", PUBLIC, "0153", "YLYK01YL", "", true },
      NULL,
      -58,
      4,
      7000,
      31000,
      remote,
      0x0153,
      "ok",
      "mibeacon" },
    { { "Dimmer", "F82441D30007", PUBLIC, "03b6", "YLKG07YL/YLKG08YL",
        "D30007D300078D3D3C97D30007D30007", true },
      "D30007D300078D3D3C97D30007D30007",
      -55,
      4,
      5000,
      23000,
      dimmer,
      0x03b6,
      "ok",
      "mibeacon-legacy" },
    { { "Night light", "DE70E8D30008", PUBLIC, "03dd", "MUE4094RT", "", true },
      NULL,
      -66,
      4,
      11000,
      67000,
      night_light,
      0x03dd,
      "ok",
      "mibeacon" },
    { { "Hall motion", "18C23CD30009", PUBLIC, "0a8d", "RTCGQ02LM",
        "D3000009D3000009D3000009D3000009", true },
      "D3000009D3000009D3000009D3000009",
      -69,
      4,
      4000,
      41000,
      motion_sensor,
      0x0a8d,
      "ok",
      "mibeacon" },
    { { "Front door", "E4AAECD3000A", PUBLIC, "098b", "MCCGQ02HL",
        "D300000AD300000AD300000AD300000A", true },
      "D300000AD300000AD300000AD300000A",
      -74,
      4,
      6000,
      37000,
      door,
      0x098b,
      "ok",
      "mibeacon" },
    { { "Washing machine", "54EF44D3000B", PUBLIC, "0863", "SJWS01LM",
        "D300000BD300000BD300000BD300000B", true },
      "D300000BD300000BD300000BD300000B",
      -78,
      4,
      19000,
      73000,
      leak_detector,
      0x0863,
      "ok",
      "mibeacon" },
    { { "Desk switch", "18C23CD3000C", PUBLIC, "2387", "XMWXKG01LM",
        "D300000CD300000CD300000CD300000C", true },
      "D300000CD300000CD300000CD300000C",
      -60,
      4,
      13000,
      47000,
      wireless_switch,
      0x2387,
      "ok",
      "mibeacon" },
    { { "Bedroom", "A4C138D3000D", PUBLIC, "0a1c", "ATC", "", true },
      NULL,
      -67,
      1,
      1200,
      10000,
      atc1441,
      0,
      "ok",
      "atc1441" },
    { { "Bath", "A4C138D3000E", PUBLIC, "944a", "PVVX", "", true },
      NULL,
      -72,
      1,
      600,
      8000,
      pvvx,
      0,
      "ok",
      "pvvx" },
    { { "Cellar", "A4C138D3000F", PUBLIC, "944a", "PVVX", "D300000FD300000FD300000FD300000F",
        true },
      "D300000FD300000FD300000FD300000F",
      -88,
      1,
      1800,
      14000,
      pvvx_encrypted,
      0,
      "ok",
      "pvvx-enc" },
    { { "Garden shed", "5448E6D30010", PUBLIC, "b770", "BTHome", "", true },
      NULL,
      -85,
      1,
      2400,
      16000,
      bthome1,
      0,
      "ok",
      "bthome1" },
    { { "Workshop", "5448E6D30011", PUBLIC, "b770", "BTHome", "", true },
      NULL,
      -64,
      1,
      700,
      7000,
      bthome2,
      0,
      "ok",
      "bthome2" },
    { { "Classroom", "CE48E6D30012", RANDOM, "b770", "BTHome", "D3000012D3000012D3000012D3000012",
        true },
      "D3000012D3000012D3000012D3000012",
      -70,
      1,
      2700,
      11000,
      bthome2_encrypted,
      0,
      "ok",
      "bthome2-enc" },
    { { "Doorbell", "3C2EF5D30013", PUBLIC, "b770", "BTHome", "", true },
      NULL,
      -73,
      4,
      9000,
      53000,
      bthome2_button,
      0,
      "ok",
      "bthome2" },
    { { "Clock", "582D34D30014", PUBLIC, "0000", "CGP1W", "", true },
      NULL,
      -63,
      1,
      1600,
      13000,
      qingping,
      0,
      "ok",
      "qingping" },
    { { "Scale", "5CCAD3D30015", PUBLIC, "0000", "XMTZC02HM/XMTZC05HM/NUN4049CN", "", true },
      NULL,
      -68,
      1,
      21000,
      29000,
      scale,
      0,
      "ok",
      "miscale2" },
    { { "Not activated", "A4C138D30016", PUBLIC, "055b", "LYWSD03MMC", "", false },
      NULL,
      -79,
      0,
      3500,
      17000,
      unbound,
      0x055b,
      "no_object",
      "mibeacon" },
    { { "Somebody's phone", "4E11D3D30017", RANDOM, "", "", "", false },
      NULL,
      -90,
      0,
      300,
      1900,
      foreign,
      0,
      "ignore",
      "" },
    { { "Somebody's beacon", "C011D3D30018", RANDOM, "", "", "", false },
      NULL,
      -93,
      0,
      500,
      3100,
      foreign,
      0,
      "ignore",
      "" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

_Static_assert(ROWS <= DEMO_SENSORS_MAX, "more rows than struct demo has places");

bool demo_init(struct demo *demo, uint32_t start)
{
    memset(demo, 0, sizeof(*demo));
    demo->start = start;
    for (size_t i = 0; i < ROWS; i++) {
        uint8_t key[16];
        demo->due_ms[i] = rows[i].first_ms;
        if (!rows[i].key)
            continue;
        if (!hex_decode(rows[i].key, 32, key, sizeof(key)) ||
            cx_ccm_key_init(&demo->keys[i], key) != CX_OK) {
            demo_free(demo);
            return false;
        }
    }
    return true;
}

void demo_free(struct demo *demo)
{
    for (size_t i = 0; i < ROWS; i++)
        cx_ccm_key_free(&demo->keys[i]);
}

/* Writes the next frame of row `i` into its line. */
static void make_next(struct demo *demo, size_t i)
{
    struct demo_line *line = &demo->line[i];
    struct making m = {
        .row = &rows[i],
        .line = line,
        .key = rows[i].key ? &demo->keys[i] : NULL,
        .t_ms = demo->due_ms[i],
        .counter = demo->start + demo->sent[i],
        .nth = demo->sent[i],
    };

    *line = (struct demo_line){
        .name = rows[i].sensor.name,
        .addr_type = rows[i].sensor.addr_type,
        .outcome = rows[i].outcome,
        .format = rows[i].format,
    };
    mac_parse(rows[i].sensor.mac, MAC_TEXT_LEN, &line->addr);
    rows[i].make(&m);
    demo->sent[i]++;
    if (strcmp(line->outcome, "ok") != 0)
        line->n = 0;
    if (m.failed)
        line->len = 0;
}

static size_t next_row(const struct demo *demo)
{
    size_t first = 0;

    for (size_t i = 1; i < ROWS; i++) {
        if (demo->due_ms[i] < demo->due_ms[first])
            first = i;
    }
    return first;
}

const struct demo_line *demo_next(struct demo *demo)
{
    const size_t i = next_row(demo);
    struct demo_line *line = &demo->line[i];

    if (demo->repeat[i] == 0)
        make_next(demo, i);
    line->t_ms = demo->due_ms[i];
    /* the signal wanders by a few dB, the same way each time */
    line->rssi = (int8_t)(rows[i].rssi + (int)((demo->sent[i] * 7 + demo->repeat[i] * 3) % 5) - 2);
    if (demo->repeat[i] < rows[i].repeats) {
        demo->repeat[i]++;
        demo->due_ms[i] += ROW_REPEAT_MS;
    } else {
        demo->due_ms[i] += rows[i].every_ms - demo->repeat[i] * ROW_REPEAT_MS;
        demo->repeat[i] = 0;
    }
    return line;
}

const struct demo_sensor *demo_sensor(size_t n)
{
    return n < ROWS ? &rows[n].sensor : NULL;
}

size_t demo_mi32cfg(char *out, size_t size)
{
    struct json j;

    json_init(&j, out, size);
    json_array(&j, NULL);
    for (size_t i = 0; i < ROWS; i++) {
        const struct demo_sensor *s = &rows[i].sensor;
        if (!s->is_listed)
            continue;
        json_object(&j, NULL);
        json_text(&j, "MAC", s->mac);
        json_text(&j, "PID", s->product_id);
        json_text(&j, "key", s->key);
        if (s->addr_type == ADVERT_ADDR_RANDOM)
            json_int(&j, "type", s->addr_type);
        json_text(&j, "name", s->name);
        if (strcmp(s->product_id, "0000") == 0)
            json_text(&j, "model", s->model);
        json_object_end(&j);
    }
    json_array_end(&j);
    return json_ok(&j) ? j.len : 0;
}
