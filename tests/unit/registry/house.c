/* A registry to play with; see house.h. */
#include "house.h"

#include "base/bytes.h"

#include <stdlib.h>

const struct mac thermometer = { { 0xa4, 0xc1, 0x38, 0x01, 0x23, 0x45 } };
const struct mac neighbour = { { 0x58, 0x2d, 0x34, 0x35, 0x93, 0x21 } };
const uint8_t thermometer_key[16] = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                                      0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff };

/* ---- the house ---- */

static void note(void *user, const struct registry_change *change)
{
    struct house *h = user;

    assert_int_equal(change->kind == REGISTRY_UPDATED, change->decoded != NULL);
    if (h->n_changes == HEARD_OF)
        memmove(h->changes, h->changes + 1, sizeof(h->changes[0]) * --h->n_changes);
    h->changes[h->n_changes] = *change;
    h->changes[h->n_changes].advert = NULL;
    h->changes[h->n_changes].decoded = NULL;
    h->n_changes++;
}

void house_plan(struct house *h, uint16_t sensors)
{
    memset(h, 0, sizeof(*h));
    h->config = registry_config_for(sensors);
    h->config.on_change = note;
    h->config.user = h;
    h->now_ms = HOUR;
}

void house_build(struct house *h)
{
    const size_t size = registry_memory(&h->config);

    h->memory = malloc(size);
    assert_non_null(h->memory);
    h->reg = registry_open(&h->config, h->memory, size, h->now_ms);
    assert_non_null(h->reg);
}

void house_open(struct house *h, uint16_t sensors)
{
    house_plan(h, sensors);
    house_build(h);
}

void house_close(struct house *h)
{
    registry_close(h->reg);
    free(h->memory);
}

void house_restart(struct house *h, const char *mi32cfg)
{
    char state[4096];
    struct registry_reading reading;
    const size_t len = registry_state_write(h->reg, state, sizeof(state));

    assert_true(len < sizeof(state));
    house_close(h);
    house_build(h);
    if (mi32cfg)
        assert_int_equal(
            registry_config_read(h->reg, mi32cfg, strlen(mi32cfg), NULL, NULL).problems, 0);
    assert_int_equal(registry_state_read(h->reg, state, len, NULL, NULL, &reading), REGISTRY_OK);
    assert_int_equal(reading.problems, 0);
    house_calm(h);
}

void house_pass(struct house *h, uint64_t ms)
{
    while (ms > MINUTE) {
        h->now_ms += MINUTE;
        ms -= MINUTE;
        registry_tick(h->reg, h->now_ms);
    }
    h->now_ms += ms;
    registry_tick(h->reg, h->now_ms);
}

size_t house_told(const struct house *h, enum registry_change_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < h->n_changes; i++)
        n += h->changes[i].kind == kind;
    return n;
}

size_t house_alarms(const struct house *h, enum registry_alarm alarm)
{
    size_t n = 0;

    for (size_t i = 0; i < h->n_changes; i++)
        n += h->changes[i].kind == REGISTRY_ALARMED && h->changes[i].alarm == alarm;
    return n;
}

void house_calm(struct house *h)
{
    h->n_changes = 0;
}

struct registry_sensor house_sensor(const struct house *h, struct mac mac)
{
    struct registry_sensor sensor;

    assert_true(registry_find(h->reg, mac, &sensor));
    return sensor;
}

int64_t house_value(const struct house *h, struct mac mac, enum beacon_kind kind, int scale10)
{
    struct registry_value value;
    int64_t number;

    assert_true(registry_value(h->reg, mac, kind, 1, &value));
    number = value.value;
    for (int s = value.scale10; s > scale10; s--)
        number *= 10;
    for (int s = value.scale10; s < scale10; s++)
        number /= 10;
    return number;
}

bool house_has(const struct house *h, struct mac mac, enum beacon_kind kind)
{
    return registry_value(h->reg, mac, kind, 1, NULL);
}

enum beacon_outcome house_hear(struct house *h, const struct frame *f)
{
    const struct advert advert = { .addr = f->mac,
                                   .addr_type = f->addr_type,
                                   .rssi = f->rssi,
                                   .len = f->len,
                                   .data = f->data,
                                   .heard_ms = h->now_ms };
    struct beacon_decoded d;

    beacon_decode(&advert, registry_key(h->reg, f->mac), &d);
    return registry_apply(h->reg, &advert, &d);
}

void set_key(struct house *h, struct mac mac)
{
    assert_int_equal(registry_set_key(h->reg, mac, thermometer_key, sizeof(thermometer_key), NULL),
                     REGISTRY_OK);
}

/* ---- frames ---- */

static void add(struct frame *f, const void *bytes, size_t len)
{
    assert_true(f->len + len <= sizeof(f->data));
    memcpy(f->data + f->len, bytes, len);
    f->len = (uint16_t)(f->len + len);
}

static void add_le(struct frame *f, size_t size, uint64_t number)
{
    uint8_t bytes[8];

    bytes_put_le(bytes, size, number);
    add(f, bytes, size);
}

/* Starts a frame with the head of one service-data element; finish() sets its length. */
static struct frame start(struct mac mac, uint16_t uuid)
{
    struct frame f = { .mac = mac, .rssi = -60 };

    add_le(&f, 1, 0);
    add_le(&f, 1, 0x16);
    add_le(&f, 2, uuid);
    return f;
}

static struct frame finish(struct frame f)
{
    f.data[0] = (uint8_t)(f.len - 1);
    return f;
}

static void seal(const uint8_t key[16], struct cx_ccm_call call, uint8_t *cipher, uint8_t *tag)
{
    struct cx_ccm_key k = { 0 };

    assert_int_equal(cx_ccm_key_init(&k, key), CX_OK);
    assert_int_equal(cx_ccm_seal(&k, &call, cipher, tag), CX_OK);
    cx_ccm_key_free(&k);
}

static size_t put_object(uint8_t *out, uint16_t object, const void *bytes, size_t len)
{
    bytes_put_le(out, 2, object);
    out[2] = (uint8_t)len;
    memcpy(out + 3, bytes, len);
    return len + 3;
}

static const uint8_t aad[1] = { 0x11 };

static struct frame sealed(struct mac mac, uint16_t control, uint16_t product, uint32_t counter,
                           const uint8_t key[16], uint16_t object, const void *bytes, size_t len)
{
    struct frame f = start(mac, 0xfe95);
    uint8_t plain[32], cipher[32], tag[16], nonce[12];
    const size_t n = put_object(plain, object, bytes, len);

    add_le(&f, 2, control);
    add_le(&f, 2, product);
    add_le(&f, 1, counter & 0xff);
    mac_to_reversed(mac, nonce);
    memcpy(nonce + 6, f.data + 6, 3);
    bytes_put_le(nonce + 9, 3, counter >> 8);
    seal(key,
         (struct cx_ccm_call){ .nonce = nonce,
                               .nonce_len = 12,
                               .tag_len = 4,
                               .aad = aad,
                               .aad_len = 1,
                               .in = plain,
                               .len = n },
         cipher, tag);
    add(&f, cipher, n);
    add_le(&f, 3, counter >> 8);
    add(&f, tag, 4);
    return finish(f);
}

struct frame mibeacon_sealed(struct mac mac, uint16_t product, uint32_t counter,
                             const uint8_t key[16], uint16_t object, const void *bytes, size_t len)
{
    return sealed(mac, 0x5848, product, counter, key, object, bytes, len);
}

struct frame mibeacon_v4(struct mac mac, uint16_t product, uint8_t counter, uint32_t ext,
                         const uint8_t key[16], uint16_t object, const void *bytes, size_t len)
{
    return sealed(mac, 0x4848, product, ext << 8 | counter, key, object, bytes, len);
}

struct frame mibeacon_plain(struct mac mac, uint16_t product, uint8_t counter, uint16_t object,
                            const void *bytes, size_t len)
{
    struct frame f = start(mac, 0xfe95);
    uint8_t plain[32];
    const size_t n = put_object(plain, object, bytes, len);

    add_le(&f, 2, 0x5040);
    add_le(&f, 2, product);
    add_le(&f, 1, counter);
    add(&f, plain, n);
    return finish(f);
}

struct frame mibeacon_legacy(struct mac mac, uint16_t product, uint8_t counter,
                             const uint8_t key[12], uint16_t object, const void *bytes, size_t len)
{
    uint8_t plain[32];

    return mibeacon_legacy_row(mac, product, counter, key, plain,
                               put_object(plain, object, bytes, len));
}

struct frame mibeacon_legacy_row(struct mac mac, uint16_t product, uint8_t counter,
                                 const uint8_t key[12], const uint8_t *plain, size_t n)
{
    struct frame f = start(mac, 0xfe95);
    uint8_t cipher[32], tag[16], nonce[13] = { 0 }, reversed[6], expanded[16];

    memcpy(expanded, key, 6);
    memcpy(expanded + 6, "\x8d\x3d\x3c\x97", 4);
    memcpy(expanded + 10, key + 6, 6);
    add_le(&f, 2, 0x3058);
    add_le(&f, 2, product);
    add_le(&f, 1, counter);
    mac_to_reversed(mac, reversed);
    add(&f, reversed, 6);
    memcpy(nonce, f.data + 4, 5);
    memcpy(nonce + 8, reversed, 5);
    seal(expanded,
         (struct cx_ccm_call){ .nonce = nonce,
                               .nonce_len = 13,
                               .tag_len = 16,
                               .aad = aad,
                               .aad_len = 1,
                               .in = plain,
                               .len = n },
         cipher, tag);
    add(&f, cipher, n);
    add_le(&f, 3, 0);
    add(&f, tag, 1);
    return finish(f);
}

struct frame mibeacon_unbound(struct mac mac, uint16_t product, uint8_t counter)
{
    struct frame f = start(mac, 0xfe95);
    uint8_t reversed[6];

    add_le(&f, 2, 0x5830);
    add_le(&f, 2, product);
    add_le(&f, 1, counter);
    mac_to_reversed(mac, reversed);
    add(&f, reversed, 6);
    add_le(&f, 1, 0x28);
    add_le(&f, 2, 0x0001);
    return finish(f);
}

struct frame bthome_sealed(struct mac mac, uint32_t counter, const uint8_t key[16],
                           const void *objects, size_t len)
{
    struct frame f = start(mac, 0xfcd2);
    uint8_t cipher[32], tag[16], nonce[13];

    add_le(&f, 1, 0x41);
    memcpy(nonce, mac.b, 6);
    memcpy(nonce + 6, f.data + 2, 3);
    bytes_put_le(nonce + 9, 4, counter);
    seal(key,
         (struct cx_ccm_call){
             .nonce = nonce, .nonce_len = 13, .tag_len = 4, .in = objects, .len = len },
         cipher, tag);
    add(&f, cipher, len);
    add_le(&f, 4, counter);
    add(&f, tag, 4);
    return finish(f);
}

struct frame bthome_plain(struct mac mac, const void *objects, size_t len)
{
    struct frame f = start(mac, 0xfcd2);

    add_le(&f, 1, 0x40);
    add(&f, objects, len);
    return finish(f);
}

struct frame pvvx_sealed(struct mac mac, uint8_t counter, const uint8_t key[16], int16_t centi)
{
    struct frame f = start(mac, 0x181a);
    uint8_t plain[6], cipher[6], tag[16], nonce[11];

    f.data[0] = 14;
    add_le(&f, 1, counter);
    bytes_put_le(plain, 2, (uint16_t)centi);
    bytes_put_le(plain + 2, 2, 4500);
    plain[4] = 90;
    plain[5] = 0;
    mac_to_reversed(mac, nonce);
    memcpy(nonce + 6, f.data, 5);
    seal(key,
         (struct cx_ccm_call){ .nonce = nonce,
                               .nonce_len = 11,
                               .tag_len = 4,
                               .aad = aad,
                               .aad_len = 1,
                               .in = plain,
                               .len = sizeof(plain) },
         cipher, tag);
    add(&f, cipher, sizeof(cipher));
    add(&f, tag, 4);
    return finish(f);
}

struct frame warm(uint32_t counter, int16_t tenths)
{
    uint8_t bytes[2];

    bytes_put_le(bytes, 2, (uint16_t)tenths);
    return mibeacon_sealed(thermometer, 0x055b, counter, thermometer_key, 0x1004, bytes, 2);
}

struct frame plain_warm(struct mac mac, uint8_t counter, int16_t tenths)
{
    uint8_t bytes[2];

    bytes_put_le(bytes, 2, (uint16_t)tenths);
    return mibeacon_plain(mac, 0x01aa, counter, 0x1004, bytes, 2);
}

struct frame forged(struct frame f)
{
    f.data[f.len - 1] ^= 1;
    return f;
}
