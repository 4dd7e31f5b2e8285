/* The attacks on MiBeacon and BTHome that the documentation lists, one test each, in its words,
 * from "Plaintext spoof of a keyed sensor" to "Flood of random MACs"; and counters that wrap. */
#include "house.h"

static void plaintext_spoof_of_a_keyed_sensor(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    const struct frame real = warm(100, 215), spoof = plain_warm(thermometer, 7, 900);
    assert_int_equal(house_hear(&h, &real), BEACON_OK);
    house_calm(&h);

    /* refused, told once, remembered until the user clears it */
    for (unsigned i = 0; i < 3; i++) {
        house_pass(&h, 20 * SECOND);
        assert_int_equal(house_hear(&h, &spoof), BEACON_REJECT_DOWNGRADE);
    }
    assert_int_equal(house_value(&h, thermometer, BEACON_KIND_TEMPERATURE, -1), 215);
    assert_int_equal(house_alarms(&h, REGISTRY_ALARM_DOWNGRADE), 1);
    assert_int_equal(house_told(&h, REGISTRY_UPDATED), 0);
    const struct frame next = warm(101, 216);
    assert_int_equal(house_hear(&h, &next), BEACON_OK);
    assert_true(house_sensor(&h, thermometer).flags & REGISTRY_DOWNGRADED);
    assert_int_equal(house_sensor(&h, thermometer).outcomes[BEACON_REJECT_DOWNGRADE], 3);

    /* MI32Plain lifts it, and takes it back */
    assert_int_equal(registry_allow_plain(h.reg, thermometer, true), REGISTRY_OK);
    assert_false(house_sensor(&h, thermometer).flags & REGISTRY_DOWNGRADED);
    assert_int_equal(house_hear(&h, &spoof), BEACON_OK);
    assert_int_equal(registry_allow_plain(h.reg, thermometer, false), REGISTRY_OK);
    house_pass(&h, 20 * SECOND);
    assert_int_equal(house_hear(&h, &spoof), BEACON_REJECT_DOWNGRADE);
    house_close(&h);
}

/* Also one that comes back after a restart, and one whose content the sensor never repeated. */
static void record_and_replay_encrypted_frame(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    for (uint32_t i = 0; i < 80; i++) {
        const struct frame f = warm(1000 + i, (int16_t)(200 + i));
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
        house_pass(&h, 5 * SECOND);
    }
    house_calm(&h);
    for (unsigned turn = 0; turn < 2; turn++) {
        for (uint32_t i = 0; i < 80; i++) {
            const struct frame replay = warm(1000 + i, (int16_t)(200 + i));
            house_pass(&h, 11 * SECOND);
            assert_int_equal(house_hear(&h, &replay), BEACON_DUPLICATE);
        }
        assert_int_equal(house_told(&h, REGISTRY_UPDATED), 0);
        if (turn == 0)
            house_restart(&h, NULL);
    }
    assert_false(house_has(&h, thermometer, BEACON_KIND_TEMPERATURE)); /* values are not restored */
    const struct frame real = warm(1080, 300);
    assert_int_equal(house_hear(&h, &real), BEACON_OK);
    assert_int_equal(house_value(&h, thermometer, BEACON_KIND_TEMPERATURE, -1), 300);
    house_close(&h);
}

/* MI32Plain lets plain frames in, and those must not make anybody forget the press. */
static void replay_behind_plain_frames(void **state)
{
    static const uint8_t press[] = { 0, 0, 0 }, twice[] = { 0, 0, 1 }, third[] = { 0, 0, 2 };
    const uint16_t button = 0x07bf;
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    assert_int_equal(registry_allow_plain(h.reg, thermometer, true), REGISTRY_OK);
    const struct frame real =
        mibeacon_sealed(thermometer, button, 1000, thermometer_key, 0x1001, press, 3);
    const struct frame twin =
        mibeacon_sealed(thermometer, button, 1000, thermometer_key, 0x1001, twice, 3);
    const struct frame more =
        mibeacon_sealed(thermometer, button, 1000, thermometer_key, 0x1001, third, 3);
    assert_int_equal(house_hear(&h, &real), BEACON_OK);
    for (unsigned turn = 0; turn < 2; turn++) {
        for (uint8_t i = 0; i < 4; i++) {
            const struct frame plain = plain_warm(thermometer, i, (int16_t)(200 + 10 * turn + i));
            assert_int_equal(house_hear(&h, &plain), BEACON_OK);
        }
        assert_int_equal(house_hear(&h, &real), BEACON_DUPLICATE);
        assert_int_equal(house_hear(&h, &twin), turn == 0 ? BEACON_OK : BEACON_DUPLICATE);
        assert_int_equal(house_hear(&h, &more), BEACON_DUPLICATE);
    }
    assert_int_equal(registry_event_end(h.reg), 2 * 2); /* the press and its button */
    house_close(&h);
}

/* The control bytes of a MiBeacon, its version among them, are under no tag. Whoever changes them
 * has the same frame, now, later and after a restart. */
static void replay_with_other_control_bytes(void **state)
{
    static const uint8_t press[] = { 0, 0, 0 };
    static const struct {
        unsigned at;
        uint8_t bits;
    } changes[] = { { 4, 0x01 }, { 4, 0x04 }, { 5, 0x01 }, { 5, 0x30 }, { 5, 0x10 } };
    const uint16_t button = 0x0153;
    struct house h;

    (void)state;
    for (unsigned version = 4; version <= 5; version++) {
        house_open(&h, 8);
        set_key(&h, thermometer);
        const struct frame real =
            version == 5
                ? mibeacon_sealed(thermometer, button, 1000, thermometer_key, 0x1001, press, 3)
                : mibeacon_v4(thermometer, button, 7, 0x123456, thermometer_key, 0x1001, press, 3);
        assert_int_equal(house_hear(&h, &real), BEACON_OK);
        house_calm(&h);
        for (unsigned turn = 0; turn < 3; turn++) {
            for (unsigned i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
                struct frame replay = real;
                replay.data[changes[i].at] ^= changes[i].bits;
                assert_int_equal(house_hear(&h, &replay), BEACON_DUPLICATE);
            }
            assert_int_equal(house_told(&h, REGISTRY_UPDATED), 0);
            house_pass(&h, 20 * SECOND);
            if (turn == 1)
                house_restart(&h, NULL);
        }
        house_close(&h);
    }
}

/* A replay is no sign of life: it moves neither the time of hearing nor the strength. */
static void replay_keeps_nothing_alive(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    struct frame f = warm(5, 215);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    const struct registry_sensor before = house_sensor(&h, thermometer);
    f.rssi = -20;
    for (unsigned i = 0; i < 20; i++) {
        house_pass(&h, MINUTE);
        assert_int_equal(house_hear(&h, &f), BEACON_DUPLICATE);
    }
    const struct registry_sensor after = house_sensor(&h, thermometer);
    assert_true(after.heard_ms == before.heard_ms);
    assert_int_equal(after.rssi, -60);
    assert_true(after.flags & REGISTRY_OFFLINE_NOW);
    house_close(&h);
}

static enum beacon_outcome hear_bthome(struct house *h, uint32_t counter, uint8_t battery)
{
    const uint8_t objects[] = { 0x01, battery };
    const struct frame f =
        bthome_sealed(thermometer, counter, thermometer_key, objects, sizeof(objects));

    return house_hear(h, &f);
}

/* The counter starts anew: believed only when three frames rise after a silence. */
static void replay_after_battery_change(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    for (uint32_t i = 0; i < 20; i++) {
        assert_int_equal(hear_bthome(&h, 5000 + i, 80), BEACON_OK);
        house_pass(&h, 10 * SECOND);
    }
    house_calm(&h);

    /* Replays of the sensor's youth while it is alive: never. */
    for (uint32_t i = 0; i < 30; i++) {
        assert_int_equal(hear_bthome(&h, 10 + i, 99), BEACON_DUPLICATE);
        house_pass(&h, 10 * SECOND);
        if (i % 4 == 3)
            assert_int_equal(hear_bthome(&h, 5020 + i, 80), BEACON_OK);
    }
    assert_int_equal(house_value(&h, thermometer, BEACON_KIND_BATTERY, 0), 80);
    assert_int_equal(house_alarms(&h, REGISTRY_ALARM_RESTART), 0);

    /* It falls silent, and three rise: the third is believed, and told. */
    house_pass(&h, 5 * MINUTE);
    assert_int_equal(hear_bthome(&h, 2, 100), BEACON_DUPLICATE);
    assert_int_equal(hear_bthome(&h, 2, 100), BEACON_DUPLICATE); /* itself again is no second */
    assert_int_equal(hear_bthome(&h, 3, 100), BEACON_DUPLICATE);
    assert_int_equal(house_alarms(&h, REGISTRY_ALARM_RESTART), 0);
    assert_int_equal(hear_bthome(&h, 4, 100), BEACON_OK);
    assert_int_equal(house_alarms(&h, REGISTRY_ALARM_RESTART), 1);
    assert_int_equal(house_value(&h, thermometer, BEACON_KIND_BATTERY, 0), 100);

    /* Falling rows and rows above half of the old counter are none. */
    for (uint32_t i = 0; i < 20; i++) {
        assert_int_equal(hear_bthome(&h, 5000 + i, 80), BEACON_OK);
        house_pass(&h, 10 * SECOND);
    }
    house_pass(&h, 5 * MINUTE);
    for (uint32_t i = 0; i < 10; i++)
        assert_int_equal(hear_bthome(&h, 100 - i, 80), BEACON_DUPLICATE);
    for (uint32_t i = 0; i < 10; i++)
        assert_int_equal(hear_bthome(&h, 4000 + i, 80), BEACON_DUPLICATE);
    house_close(&h);
}

/* A door is silent for hours: last month's frames do not open it. */
static void replay_to_a_sensor_that_seldom_speaks(void **state)
{
    static const uint8_t open[] = { 0x11, 1 }, closed[] = { 0x11, 0 };
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    const struct frame now = bthome_sealed(thermometer, 9000, thermometer_key, closed, 2);
    assert_int_equal(house_hear(&h, &now), BEACON_OK);
    for (unsigned hour = 0; hour < 12; hour++) {
        house_pass(&h, HOUR);
        for (uint32_t i = 0; i < 20; i++) {
            const struct frame old =
                bthome_sealed(thermometer, 3000 + i, thermometer_key, open, sizeof(open));
            assert_int_equal(house_hear(&h, &old), BEACON_DUPLICATE);
        }
    }
    house_close(&h);
}

/* A forged frame with a high counter must not silence the sensor, nor one without key. */
static void counter_poisoning(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    const struct frame first = warm(10, 210), second = warm(11, 211);
    const struct frame poison = forged(warm(0x00ffffff, 999)), same = forged(warm(11, 999));
    assert_int_equal(house_hear(&h, &first), BEACON_OK);
    assert_int_equal(house_hear(&h, &poison), BEACON_REJECT_MIC);
    assert_int_equal(house_hear(&h, &same), BEACON_REJECT_MIC);
    assert_int_equal(house_hear(&h, &second), BEACON_OK);
    assert_int_equal(house_value(&h, thermometer, BEACON_KIND_TEMPERATURE, -1), 211);

    /* Plain sensors: the same counter with other bytes is another frame. */
    const struct frame plain = plain_warm(neighbour, 5, 100), other = plain_warm(neighbour, 5, 101);
    assert_int_equal(house_hear(&h, &plain), BEACON_OK);
    assert_int_equal(house_hear(&h, &other), BEACON_OK);
    assert_int_equal(house_hear(&h, &plain), BEACON_DUPLICATE);
    house_close(&h);
}

static void four_byte_tag_guessing(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    const struct frame first = warm(1, 210), real = warm(2, 220);
    assert_int_equal(house_hear(&h, &first), BEACON_OK);
    house_calm(&h);
    for (uint32_t i = 0; i < 33; i++) {
        const struct frame guess = forged(warm(50 + i, 999));
        assert_non_null(registry_key(h.reg, thermometer));
        assert_int_equal(house_hear(&h, &guess), BEACON_REJECT_MIC);
    }
    assert_int_equal(house_alarms(&h, REGISTRY_ALARM_BAD_TAGS), 1);

    /* For a minute nothing is even tried: the key is withheld, the right tag no exception. */
    assert_null(registry_key(h.reg, thermometer));
    assert_true(house_sensor(&h, thermometer).flags & REGISTRY_BACKING_OFF);
    for (uint32_t i = 0; i < 1000; i++) {
        const struct frame guess = forged(warm(100 + i, 999));
        assert_int_equal(house_hear(&h, &guess), BEACON_REJECT_MIC);
    }
    assert_int_equal(house_hear(&h, &real), BEACON_REJECT_MIC);
    assert_int_equal(house_alarms(&h, REGISTRY_ALARM_BAD_TAGS), 1);
    assert_int_equal(house_value(&h, thermometer, BEACON_KIND_TEMPERATURE, -1), 210);

    /* Then it goes on as if nothing had been: no guess has moved anything. */
    house_pass(&h, MINUTE);
    assert_int_equal(house_hear(&h, &real), BEACON_OK);
    assert_false(house_sensor(&h, thermometer).flags & (REGISTRY_BACKING_OFF | REGISTRY_WRONG_KEY));
    house_close(&h);
}

static void legacy_v2_v3_frames(void **state)
{
    static const uint8_t press[] = { 0, 1, 3 };
    static const uint8_t key[12] = "legacy key 0";
    const uint16_t dimmer = 0x03b6;
    struct house h;
    struct registry_value value;
    uint32_t cursor = 0, lost = 0;
    struct registry_event event;

    (void)state;
    house_open(&h, 8);
    assert_int_equal(registry_set_key(h.reg, thermometer, key, sizeof(key), NULL), REGISTRY_OK);
    const struct frame f = mibeacon_legacy(thermometer, dimmer, 1, key, 0x1001, press, 3);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    assert_true(registry_value(h.reg, thermometer, BEACON_KIND_EVENT, 1, &value));
    assert_false(value.flags & BEACON_AUTHENTIC);
    assert_true(registry_event_next(h.reg, &cursor, &lost, &event));
    assert_false(event.flags & BEACON_AUTHENTIC);

    /* A sensor that can do better is not believed at that level: neither one with a bind key of 16
     * bytes, nor this one after its firmware has sent version 5 with the same key. */
    uint8_t padded[16];
    memcpy(padded, key, 12);
    memset(padded + 12, 0xff, 4);
    const struct frame proper = mibeacon_sealed(thermometer, dimmer, 2, padded, 0x1001, press, 3);
    const struct frame late = mibeacon_legacy(thermometer, dimmer, 3, key, 0x1001, press, 3);
    assert_int_equal(house_hear(&h, &proper), BEACON_OK);
    assert_int_equal(house_hear(&h, &late), BEACON_REJECT_DOWNGRADE);
    house_close(&h);
}

static struct mac random_mac(uint32_t n)
{
    const uint32_t mixed = n * 2654435761u;

    return (struct mac){ { 0x58, 0x2d, (uint8_t)(mixed >> 24), (uint8_t)(mixed >> 16),
                           (uint8_t)(n >> 8), (uint8_t)n } };
}

static void flood_of_random_macs(void **state)
{
    struct house h;
    struct registry_sensor sensor;
    uint32_t slot = 0, listed = 0;

    (void)state;
    house_open(&h, 32);
    set_key(&h, thermometer);
    const struct frame mine = warm(1, 210), approved = plain_warm(neighbour, 1, 190);
    assert_int_equal(house_hear(&h, &mine), BEACON_OK);
    assert_int_equal(house_hear(&h, &approved), BEACON_OK);
    assert_int_equal(registry_approve(h.reg, neighbour), REGISTRY_OK);
    house_calm(&h);

    for (uint32_t i = 0; i < 20000; i++) {
        const struct frame f = plain_warm(random_mac(i), (uint8_t)i, (int16_t)(i % 400));
        house_hear(&h, &f);
        if (i % 1000 == 0)
            house_pass(&h, SECOND);
    }
    /* Strangers took what is theirs, and pushed nobody out, each other included. */
    while (registry_next(h.reg, &slot, &sensor))
        listed++;
    assert_int_equal(listed, 2 + h.config.strangers);
    assert_int_equal(house_told(&h, REGISTRY_REMOVED), 0);
    assert_int_equal(house_told(&h, REGISTRY_LISTED), h.config.strangers);
    assert_int_equal(house_value(&h, thermometer, BEACON_KIND_TEMPERATURE, -1), 210);
    assert_int_equal(house_value(&h, neighbour, BEACON_KIND_TEMPERATURE, -1), 190);
    assert_int_equal(house_sensor(&h, thermometer).slot, 0);
    assert_int_equal(house_sensor(&h, neighbour).slot, 1);

    /* A new sensor of the user's still finds room, for itself and for its values. */
    struct mac fresh = { { 0xa4, 0xc1, 0x38, 0, 0, 1 } };
    set_key(&h, fresh);
    const uint8_t humidity[] = { 0xd3, 0x01 };
    const struct frame f =
        mibeacon_sealed(fresh, 0x055b, 1, thermometer_key, 0x1006, humidity, sizeof(humidity));
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    assert_int_equal(house_value(&h, fresh, BEACON_KIND_HUMIDITY, -1), 467);
    house_close(&h);
}

/* In the inbox they evict each other, slowly. */
static void flood_of_the_inbox(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 32);
    const struct frame mine = plain_warm(neighbour, 1, 190);
    assert_int_equal(house_hear(&h, &mine), BEACON_OK);
    assert_int_equal(registry_approve(h.reg, neighbour), REGISTRY_OK);
    registry_set_auto_add(h.reg, false);
    house_calm(&h);
    for (uint32_t i = 0; i < 4000; i++) {
        const struct frame f = plain_warm(random_mac(i), (uint8_t)i, (int16_t)(i % 400));
        house_hear(&h, &f);
        if (i % 1000 == 0)
            house_pass(&h, SECOND);
    }
    assert_int_equal(house_told(&h, REGISTRY_REMOVED), 4 * h.config.admit);
    assert_int_equal(house_sensor(&h, neighbour).slot, 0);
    house_close(&h);
}

/* Texts that plain sensors send, of a neighbour's or one spoofed, leave room for names. */
static void flood_of_texts(void **state)
{
    struct house h;
    unsigned named = 0;

    (void)state;
    house_open(&h, 32);
    assert_int_equal(registry_ignore(h.reg, thermometer), REGISTRY_OK);
    for (uint8_t i = 0; i < 2; i++) {
        const struct mac mac = { { 0x58, 0x2d, 0x34, 0, 0, i } };
        uint8_t objects[3 * 15];
        for (size_t at = 0; at < sizeof(objects); at += 3)
            memcpy(objects + at, (const uint8_t[]){ 0x53, 1, 'x' }, 3);
        const struct frame f = bthome_plain(mac, objects, sizeof(objects));
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
        assert_int_equal(registry_approve(h.reg, mac), REGISTRY_OK);
        objects[2] = 'y';
        const struct frame g = bthome_plain(mac, objects, sizeof(objects));
        assert_int_equal(house_hear(&h, &g), BEACON_OK);
        assert_true(house_sensor(&h, mac).flags & REGISTRY_VALUES_LOST);
    }
    for (uint8_t i = 0; i < h.config.texts / 2; i++) {
        const struct mac mac = { { 0x58, 0x2d, 0x34, 0, 1, i } };
        const char name[] = { (char)('A' + i), '\0' };
        assert_int_equal(registry_ignore(h.reg, mac), REGISTRY_OK);
        named += registry_set_name(h.reg, mac, name, 1) == REGISTRY_OK;
    }
    assert_int_equal(named, h.config.texts / 2);
    house_close(&h);
}

/* One plain sensor, spoofed with every field there is, leaves room for the values of the others. */
static void flood_of_fields(void **state)
{
    struct house h;
    static const uint8_t ids[] = { 0x0f, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d };
    const uint8_t battery[] = { 0x01, 80 }, frames = sizeof(ids);

    (void)state;
    house_open(&h, 32);
    const struct frame mine = bthome_plain(neighbour, battery, sizeof(battery));
    assert_int_equal(house_hear(&h, &mine), BEACON_OK);
    assert_int_equal(registry_approve(h.reg, neighbour), REGISTRY_OK);
    for (uint8_t i = 0; i < frames; i++) {
        uint8_t objects[24];
        for (size_t at = 0; at < sizeof(objects); at += 2) {
            objects[at] = ids[i];
            objects[at + 1] = 1;
        }
        const struct frame spoof = bthome_plain(neighbour, objects, sizeof(objects));
        assert_int_equal(house_hear(&h, &spoof), BEACON_OK);
    }
    assert_true(house_sensor(&h, neighbour).flags & REGISTRY_VALUES_LOST);
    assert_int_equal(house_value(&h, neighbour, BEACON_KIND_BATTERY, 0), 80);

    set_key(&h, thermometer);
    const struct frame real = warm(1, 210);
    assert_int_equal(house_hear(&h, &real), BEACON_OK);
    assert_int_equal(house_value(&h, thermometer, BEACON_KIND_TEMPERATURE, -1), 210);
    house_close(&h);
}

/* ---- counters that wrap ---- */

static void a_32_bit_counter_wraps(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    for (uint32_t i = 0; i < 10; i++) {
        assert_int_equal(hear_bthome(&h, UINT32_MAX - 4 + i, 50), BEACON_OK);
        house_pass(&h, 11 * SECOND);
    }
    for (uint32_t i = 0; i < 10; i++)
        assert_int_equal(hear_bthome(&h, UINT32_MAX - 4 + i, 50), BEACON_DUPLICATE);
    assert_int_equal(house_alarms(&h, REGISTRY_ALARM_RESTART), 0);
    house_close(&h);
}

static void an_8_bit_counter_wraps(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    for (uint32_t i = 0; i < 600; i++) {
        const struct frame f =
            pvvx_sealed(thermometer, (uint8_t)(250 + i), thermometer_key, (int16_t)(2000 + i));
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
        house_pass(&h, 3 * SECOND);
        assert_int_equal(house_hear(&h, &f), BEACON_DUPLICATE);
        house_pass(&h, 8 * SECOND);
    }
    assert_true(house_sensor(&h, thermometer).flags & REGISTRY_WEAK);

    /* A replay of the last minutes, and of a counter far ahead, is refused. */
    const uint8_t top = (uint8_t)(250 + 599);
    for (uint8_t back = 0; back < 60; back++) {
        const struct frame f = pvvx_sealed(thermometer, (uint8_t)(top - back), thermometer_key,
                                           (int16_t)(2599 - back));
        assert_int_equal(house_hear(&h, &f), BEACON_DUPLICATE);
    }
    const struct frame ahead = pvvx_sealed(thermometer, (uint8_t)(top + 60), thermometer_key, 2000);
    assert_int_equal(house_hear(&h, &ahead), BEACON_DUPLICATE);
    house_close(&h);
}

/* Plain counters have no window, so that nothing can freeze at the wrap. */
static void a_plain_8_bit_counter_wraps(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    for (uint32_t i = 0; i < 600; i++) {
        const struct frame f = plain_warm(neighbour, (uint8_t)i, (int16_t)(i % 50));
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
        house_pass(&h, SECOND);
        assert_int_equal(house_hear(&h, &f), BEACON_DUPLICATE);
        house_pass(&h, 10 * SECOND);
    }
    assert_int_equal(house_sensor(&h, neighbour).hit_rate, 100);
    house_close(&h);
}

/* Every half hour: three minutes of silence are none, and nobody's recorded youth is believed. */
static void replay_to_a_sensor_that_is_slow(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    for (uint32_t i = 0; i < 6; i++) {
        house_pass(&h, 30 * MINUTE);
        assert_int_equal(hear_bthome(&h, 5000 + i, 80), BEACON_OK);
    }
    house_pass(&h, 3 * MINUTE);
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(hear_bthome(&h, 2 + i, 99), BEACON_DUPLICATE);
    house_pass(&h, 70 * MINUTE);
    assert_int_equal(hear_bthome(&h, 8, 100), BEACON_OK); /* a battery change after all */
    house_close(&h);
}

/* One check byte is too little to believe half of a frame. */
static void legacy_frames_are_believed_whole(void **state)
{
    static const uint8_t key[12] = "legacy key 0";
    static const uint8_t row[] = { 0x01, 0x10, 3, 0, 1, 3, 0xee, 0xff, 1, 0 };
    static const uint8_t bad[] = { 0x01, 0x10, 3, 0, 1, 3, 0x04, 0x10, 1, 0 };
    struct house h;

    (void)state;
    house_open(&h, 8);
    assert_int_equal(registry_set_key(h.reg, thermometer, key, sizeof(key), NULL), REGISTRY_OK);
    const struct frame good = mibeacon_legacy_row(thermometer, 0x03b6, 1, key, row, 6);
    const struct frame f = mibeacon_legacy_row(thermometer, 0x03b6, 2, key, row, sizeof(row));
    const struct frame g = mibeacon_legacy_row(thermometer, 0x03b6, 3, key, bad, sizeof(bad));
    assert_int_equal(house_hear(&h, &good), BEACON_OK);
    house_calm(&h);
    assert_int_equal(house_hear(&h, &f), BEACON_UNKNOWN_OBJECT);
    assert_int_equal(house_hear(&h, &g), BEACON_REJECT_OBJECT);
    assert_int_equal(house_told(&h, REGISTRY_UPDATED), 0);
    house_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plaintext_spoof_of_a_keyed_sensor),
        cmocka_unit_test(record_and_replay_encrypted_frame),
        cmocka_unit_test(replay_behind_plain_frames),
        cmocka_unit_test(replay_with_other_control_bytes),
        cmocka_unit_test(replay_keeps_nothing_alive),
        cmocka_unit_test(replay_after_battery_change),
        cmocka_unit_test(replay_to_a_sensor_that_seldom_speaks),
        cmocka_unit_test(replay_to_a_sensor_that_is_slow),
        cmocka_unit_test(counter_poisoning),
        cmocka_unit_test(four_byte_tag_guessing),
        cmocka_unit_test(legacy_v2_v3_frames),
        cmocka_unit_test(legacy_frames_are_believed_whole),
        cmocka_unit_test(flood_of_random_macs),
        cmocka_unit_test(flood_of_the_inbox),
        cmocka_unit_test(flood_of_texts),
        cmocka_unit_test(flood_of_fields),
        cmocka_unit_test(a_32_bit_counter_wraps),
        cmocka_unit_test(an_8_bit_counter_wraps),
        cmocka_unit_test(a_plain_8_bit_counter_wraps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
