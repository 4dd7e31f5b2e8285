/* What sensors said: values, events apart from them, frame ids, strength, the vault. */
#include "house.h"

static struct frame thermometer_says(uint32_t counter, uint16_t object, const void *bytes,
                                     size_t len)
{
    return mibeacon_sealed(thermometer, 0x055b, counter, thermometer_key, object, bytes, len);
}

static void a_value_never_heard_is_absent(void **state)
{
    struct house h;
    struct registry_value value;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    assert_false(registry_value(h.reg, thermometer, BEACON_KIND_TEMPERATURE, 1, &value));
    const struct frame f = warm(1, -53);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    assert_true(registry_value(h.reg, thermometer, BEACON_KIND_TEMPERATURE, 1, &value));
    assert_int_equal(value.value, -53);
    assert_int_equal(value.scale10, -1);
    assert_int_equal(value.flags, BEACON_AUTHENTIC);
    assert_true(value.heard_ms == h.now_ms);
    assert_null(value.bytes);
    assert_false(registry_value(h.reg, thermometer, BEACON_KIND_HUMIDITY, 1, &value));
    assert_false(registry_value(h.reg, thermometer, BEACON_KIND_TEMPERATURE, 2, &value));
    house_close(&h);
}

/* A BTHome frame with two temperatures, a text, raw bytes and the largest number there is. */
static void all_shapes_of_values(void **state)
{
    static const uint8_t objects[] = { 0x02, 0xca, 0x09, 0x02, 0x01, 0x00, 0x3e, 0xff, 0xff,
                                       0xff, 0xff, 0x53, 0x05, 'h',  'e',  'l',  'l',  'o' };
    struct house h;
    struct registry_value value;
    uint32_t cursor = 0, n = 0;

    (void)state;
    house_open(&h, 8);
    const struct frame f = bthome_plain(neighbour, objects, sizeof(objects));
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    while (registry_value_next(h.reg, neighbour, &cursor, &value)) {
        n++;
        if (value.kind == BEACON_KIND_TEMPERATURE)
            assert_int_equal(value.value, value.nth == 1 ? 2506 : 1);
        else if (value.kind == BEACON_KIND_COUNT)
            assert_true(value.value == UINT32_MAX);
        else
            assert_memory_equal(value.bytes, "hello", 6);
    }
    assert_int_equal(n, 4);
    assert_int_equal(house_sensor(&h, neighbour).values, 4);
    house_close(&h);
}

static void a_long_text_is_cut_and_a_new_one_replaces_it(void **state)
{
    uint8_t objects[50] = { 0x53, 40 };
    struct house h;
    struct registry_value value;

    (void)state;
    house_open(&h, 8);
    for (unsigned turn = 0; turn < 100; turn++) {
        memset(objects + 2, 'a' + (int)(turn % 26), 40);
        const struct frame f = bthome_plain(neighbour, objects, 42);
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
        house_pass(&h, SECOND);
    }
    assert_true(registry_value(h.reg, neighbour, BEACON_KIND_TEXT, 1, &value));
    assert_int_equal(value.len, 31);
    assert_int_equal(strlen((const char *)value.bytes), 31);
    assert_int_equal(value.bytes[0], 'a' + 99 % 26);
    assert_false(house_sensor(&h, neighbour).flags & REGISTRY_VALUES_LOST);
    house_close(&h);
}

/* Strangers who send texts leave room for the names users give. */
static void texts_of_strangers_leave_room_for_names(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 16);
    for (uint8_t i = 0; i < 8; i++) {
        const uint8_t objects[] = { 0x53, 1, (uint8_t)('a' + i) };
        const struct mac mac = { { 0x58, 0x2d, 0x34, 0, 0, i } };
        const struct frame f = bthome_plain(mac, objects, sizeof(objects));
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
    }
    for (uint8_t i = 0; i < h.config.texts * 3 / 4; i++) {
        const struct mac mac = { { 0x58, 0x2d, 0x34, 0, 0, i } };
        const char name[] = { (char)('A' + i), '\0' };
        assert_int_equal(registry_set_name(h.reg, mac, name, 1), REGISTRY_OK);
    }
    house_close(&h);
}

/* No room: the field is absent and the sensor says so; nothing old is passed off as new. */
static void a_full_pool_is_told(void **state)
{
    static const uint8_t objects[] = { 0x01, 50, 0x02, 0xca, 0x09, 0x03, 0xbf, 0x13 };
    struct house h;

    (void)state;
    house_plan(&h, 2);
    h.config.values = 2;
    house_build(&h);
    const struct frame f = bthome_plain(neighbour, objects, sizeof(objects));
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    assert_int_equal(house_sensor(&h, neighbour).values, 2);
    assert_true(house_sensor(&h, neighbour).flags & REGISTRY_VALUES_LOST);
    assert_false(house_has(&h, neighbour, BEACON_KIND_HUMIDITY));
    house_close(&h);
}

static void the_same_bytes_within_10_s_of_the_last_hearing(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    const struct frame f = plain_warm(neighbour, 1, 200);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    for (unsigned i = 0; i < 5; i++) { /* each hearing counts anew */
        house_pass(&h, 10 * SECOND);
        assert_int_equal(house_hear(&h, &f), BEACON_DUPLICATE);
    }
    house_pass(&h, 10 * SECOND + 64);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    assert_int_equal(house_sensor(&h, neighbour).outcomes[BEACON_OK], 2);
    assert_int_equal(house_sensor(&h, neighbour).outcomes[BEACON_DUPLICATE], 5);
    assert_int_equal(registry_outcomes(h.reg, BEACON_DUPLICATE), 5);
    house_close(&h);
}

/* Two frames in turn are each known; a repeat confirms the value's time. */
static void repeats_in_turn(void **state)
{
    struct house h;
    struct registry_value value;

    (void)state;
    house_open(&h, 8);
    const struct frame a = plain_warm(neighbour, 1, 200), b = plain_warm(neighbour, 2, 201);
    assert_int_equal(house_hear(&h, &a), BEACON_OK);
    assert_int_equal(house_hear(&h, &b), BEACON_OK);
    for (unsigned i = 0; i < 40; i++) {
        house_pass(&h, 2 * SECOND);
        assert_int_equal(house_hear(&h, i % 2 ? &a : &b), BEACON_DUPLICATE);
    }
    assert_true(registry_value(h.reg, neighbour, BEACON_KIND_TEMPERATURE, 1, &value));
    assert_int_equal(value.value, 201);
    assert_true(value.heard_ms == h.now_ms);
    house_close(&h);
}

/* One counter with two contents, as some firmware sends it: both are heard, neither twice. */
static void twins_under_one_counter(void **state)
{
    static const uint8_t warmth[] = { 0xd7, 0x00 }, humidity[] = { 0xd3, 0x01 };
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    const struct frame a = thermometer_says(9, 0x1004, warmth, 2);
    const struct frame b = thermometer_says(9, 0x1006, humidity, 2);
    assert_int_equal(house_hear(&h, &a), BEACON_OK);
    assert_int_equal(house_hear(&h, &b), BEACON_OK);
    assert_int_equal(house_hear(&h, &a), BEACON_DUPLICATE);
    assert_int_equal(house_hear(&h, &b), BEACON_DUPLICATE);
    assert_int_equal(house_value(&h, thermometer, BEACON_KIND_HUMIDITY, -1), 467);
    house_pass(&h, 11 * SECOND);
    assert_int_equal(house_hear(&h, &a), BEACON_DUPLICATE);
    assert_int_equal(house_hear(&h, &b), BEACON_DUPLICATE);
    house_close(&h);
}

/* The first of two twins is never taken for a third, in no millisecond. */
static void a_replayed_twin_is_no_third(void **state)
{
    static const uint8_t warmth[] = { 0xd7, 0x00 }, humidity[] = { 0xd3, 0x01 };

    (void)state;
    for (uint32_t late = 9900; late < 10100; late++) {
        struct house h;
        house_open(&h, 8);
        set_key(&h, thermometer);
        const struct frame a = thermometer_says(9, 0x1004, warmth, 2);
        const struct frame b = thermometer_says(9, 0x1006, humidity, 2);
        house_pass(&h, 63);
        assert_int_equal(house_hear(&h, &a), BEACON_OK);
        house_pass(&h, 1);
        assert_int_equal(house_hear(&h, &b), BEACON_OK);
        house_pass(&h, late);
        assert_int_equal(house_hear(&h, &a), BEACON_DUPLICATE);
        house_close(&h);
    }
}

/* Each format of one sensor has its own row of counters. */
static void formats_count_apart(void **state)
{
    static const uint8_t battery[] = { 0x01, 80 };
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    for (uint32_t i = 0; i < 10; i++) {
        const struct frame a = warm(70000 + i, 200),
                           c = pvvx_sealed(thermometer, (uint8_t)i, thermometer_key, 2000);
        const struct frame b =
            bthome_sealed(thermometer, 5 + i, thermometer_key, battery, sizeof(battery));
        assert_int_equal(house_hear(&h, &a), BEACON_OK);
        assert_int_equal(house_hear(&h, &b), BEACON_OK);
        assert_int_equal(house_hear(&h, &c), BEACON_OK);
        house_pass(&h, 11 * SECOND);
        assert_int_equal(house_hear(&h, &a), BEACON_DUPLICATE);
        assert_int_equal(house_hear(&h, &b), BEACON_DUPLICATE);
        assert_int_equal(house_hear(&h, &c), BEACON_DUPLICATE);
    }
    house_close(&h);
}

/* MiBeacon 4: eight bits count, whatever the random rest says. */
static void version_4_counts_with_8_bits(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    for (uint32_t i = 0; i < 10; i++) {
        const struct frame f = mibeacon_v4(thermometer, 0x055b, (uint8_t)(250 + i),
                                           0x800000 - 7777 * i, thermometer_key, 0x100a, "2", 1);
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
        house_pass(&h, 11 * SECOND);
        assert_int_equal(house_hear(&h, &f), BEACON_DUPLICATE);
    }
    house_close(&h);
}

/* Out of windows: refused and told, because an unwatched counter could be replayed. */
static void no_window_left(void **state)
{
    static const uint8_t battery[] = { 0x01, 80 };
    struct house h;

    (void)state;
    house_plan(&h, 4);
    h.config.windows = 1;
    house_build(&h);
    set_key(&h, thermometer);
    const struct frame a = warm(1, 200);
    const struct frame b = bthome_sealed(thermometer, 1, thermometer_key, battery, sizeof(battery));
    assert_int_equal(house_hear(&h, &a), BEACON_OK);
    house_calm(&h);
    assert_int_equal(house_hear(&h, &b), BEACON_DUPLICATE);
    assert_int_equal(house_hear(&h, &b), BEACON_DUPLICATE);
    assert_int_equal(house_alarms(&h, REGISTRY_ALARM_WINDOWS), 1);
    house_close(&h);
}

/* ---- events ---- */

static struct frame press(uint8_t counter)
{
    static const uint8_t bytes[] = { 0, 0, 0 };

    return mibeacon_plain(neighbour, 0x0153, counter, 0x1001, bytes, sizeof(bytes));
}

static unsigned read_events(const struct house *h, uint32_t *cursor, struct registry_event *last)
{
    uint32_t lost = 0;
    unsigned n = 0;

    while (registry_event_next(h->reg, cursor, &lost, last))
        n++;
    assert_int_equal(lost, 0);
    return n;
}

static void polling_a_second_time_consumes_nothing(void **state)
{
    struct house h;
    uint32_t one = 0, two = 0, again = 0;
    struct registry_event event;

    (void)state;
    house_open(&h, 8);
    const struct frame f = press(1);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    const unsigned n = read_events(&h, &one, &event);
    assert_true(n > 0);
    assert_int_equal(read_events(&h, &one, &event), 0); /* this reader has seen it */
    assert_int_equal(read_events(&h, &two, &event), n); /* another one has not */
    assert_int_equal(read_events(&h, &again, &event), n);
    assert_true(mac_equal(event.mac, neighbour));
    assert_true(event.when_ms == h.now_ms);
    assert_int_equal(registry_event_end(h.reg), n);
    house_close(&h);
}

static void a_later_status_never_overwrites_an_event(void **state)
{
    struct house h;
    uint32_t cursor = 0;
    struct registry_event event;

    (void)state;
    house_open(&h, 8);
    const struct frame f = press(1);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    const unsigned n = registry_event_end(h.reg);
    for (uint8_t i = 2; i < 200; i++) {
        const struct frame status = plain_warm(neighbour, i, i);
        assert_int_equal(house_hear(&h, &status), BEACON_OK);
        house_pass(&h, SECOND);
    }
    assert_int_equal(read_events(&h, &cursor, &event), n);
    assert_true(event.flags & BEACON_EVENT);
    house_close(&h);
}

static void readers_learn_what_they_lost(void **state)
{
    struct house h;
    uint32_t cursor = 0, lost = 0, n = 0;
    struct registry_event event;

    (void)state;
    house_plan(&h, 8);
    h.config.events = 4;
    house_build(&h);
    for (uint8_t i = 0; i < 20; i++) {
        const struct frame f = press(i);
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
    }
    const uint32_t all = registry_event_end(h.reg);
    while (registry_event_next(h.reg, &cursor, &lost, &event)) {
        n++;
        assert_int_equal(event.seq, all - 4 + n - 1);
    }
    assert_int_equal(n, 4);
    assert_int_equal(lost, all - 4);
    house_close(&h);
}

/* Motion after motion is two events; the repeats of a frame are none; "no motion" is one. */
static void what_is_an_event(void **state)
{
    static const uint8_t moved[] = { 0x20, 0, 0 }, idle[] = { 120, 0, 0, 0 };
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    const struct frame one =
        mibeacon_sealed(thermometer, 0x07f6, 1, thermometer_key, 0x000f, moved, sizeof(moved));
    const struct frame two =
        mibeacon_sealed(thermometer, 0x07f6, 2, thermometer_key, 0x000f, moved, sizeof(moved));
    assert_int_equal(house_hear(&h, &one), BEACON_OK);
    assert_int_equal(house_hear(&h, &one), BEACON_DUPLICATE);
    assert_int_equal(registry_event_end(h.reg), 1);
    assert_int_equal(house_hear(&h, &two), BEACON_OK);
    assert_int_equal(registry_event_end(h.reg), 2);
    for (uint32_t i = 3; i < 6; i++) {
        const struct frame none =
            mibeacon_sealed(thermometer, 0x07f6, i, thermometer_key, 0x1017, idle, sizeof(idle));
        assert_int_equal(house_hear(&h, &none), BEACON_OK);
        assert_int_equal(registry_event_end(h.reg), 3);
    }
    assert_int_equal(house_sensor(&h, thermometer).events, 2); /* motions; not their end */
    house_close(&h);
}

/* BTHome repeats its states: only a change is an event. */
static void a_repeated_state_is_no_event(void **state)
{
    struct house h;
    uint8_t objects[] = { 0x00, 0, 0x20, 0 }; /* packet id, moisture */

    (void)state;
    house_open(&h, 8);
    for (uint8_t i = 0; i < 30; i++) {
        objects[1] = i;
        objects[3] = i >= 10 && i < 20;
        const struct frame f = bthome_plain(neighbour, objects, sizeof(objects));
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
        house_pass(&h, 11 * SECOND);
    }
    assert_int_equal(registry_event_end(h.reg), 2); /* wet, dry */
    house_close(&h);
}

static void frame_ids(void **state)
{
    static const uint8_t battery[] = { 0x01, 80 };
    struct house h;
    char text[REGISTRY_FID_SIZE];

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    const struct frame a = warm(0x123456ab, 200);
    assert_int_equal(house_hear(&h, &a), BEACON_OK);
    assert_string_equal(registry_fid_print(house_sensor(&h, thermometer).fid, text),
                        "055bab123456");
    const struct frame b =
        bthome_sealed(thermometer, 0xdeadbeef, thermometer_key, battery, sizeof(battery));
    assert_int_equal(house_hear(&h, &b), BEACON_OK);
    assert_string_equal(registry_fid_print(house_sensor(&h, thermometer).fid, text), "deadbeef");
    const struct frame c = plain_warm(neighbour, 0x19, 200);
    assert_int_equal(house_hear(&h, &c), BEACON_OK);
    registry_fid_print(house_sensor(&h, neighbour).fid, text);
    assert_int_equal(strlen(text), 11);
    assert_memory_equal(text, "19-", 3);
    assert_string_equal(registry_fid_print((struct registry_fid){ 0, 0 }, text), "");
    house_close(&h);
}

static void strength_is_smoothed(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    struct frame f = plain_warm(neighbour, 1, 200);
    f.rssi = ADVERT_NO_RSSI;
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    assert_int_equal(house_sensor(&h, neighbour).rssi, ADVERT_NO_RSSI);
    f.rssi = -60;
    house_hear(&h, &f);
    assert_int_equal(house_sensor(&h, neighbour).rssi_smoothed, -60);
    f.rssi = -100;
    house_hear(&h, &f);
    assert_int_equal(house_sensor(&h, neighbour).rssi, -100);
    assert_int_equal(house_sensor(&h, neighbour).rssi_smoothed, -65);
    for (unsigned i = 0; i < 60; i++)
        house_hear(&h, &f);
    assert_in_range((unsigned)-house_sensor(&h, neighbour).rssi_smoothed, 98, 100);
    house_close(&h);
}

/* ---- the vault ---- */

static void a_key_is_tried_on_the_kept_frames(void **state)
{
    static const uint8_t wrong[16] = { 1 };
    struct house h;
    struct registry_trial trial;

    (void)state;
    house_open(&h, 8);
    for (uint32_t i = 0; i < 5; i++) {
        const struct frame f = warm(100 + i, 200);
        assert_int_equal(house_hear(&h, &f), BEACON_NO_KEY);
        assert_int_equal(house_hear(&h, &f), BEACON_NO_KEY); /* a repeat is kept once */
    }
    assert_true(house_sensor(&h, thermometer).flags & REGISTRY_NEEDS_KEY);
    assert_int_equal(house_sensor(&h, thermometer).vault, 5);
    assert_int_equal(registry_try_key(h.reg, thermometer, wrong, 16, &trial), REGISTRY_OK);
    assert_int_equal(trial.tried, 5);
    assert_int_equal(trial.opened, 0);
    assert_int_equal(registry_set_key(h.reg, thermometer, thermometer_key, 16, &trial),
                     REGISTRY_OK);
    assert_int_equal(trial.tried, 5);
    assert_int_equal(trial.opened, 5);

    /* no value and no counter has moved: the oldest of them is still new */
    assert_int_equal(house_sensor(&h, thermometer).values, 0);
    assert_false(house_sensor(&h, thermometer).flags & REGISTRY_NEEDS_KEY);
    const struct frame f = warm(100, 200);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    house_close(&h);
}

/* A neighbour who floods the vault does not push out the frames of the user's sensor. */
static void strangers_leave_the_vault_to_ours(void **state)
{
    static const uint8_t other_key[16] = { 9 };
    struct house h;

    (void)state;
    house_open(&h, 32);
    const struct frame f = warm(1, 200);
    assert_int_equal(house_hear(&h, &f), BEACON_NO_KEY);
    assert_int_equal(registry_approve(h.reg, thermometer), REGISTRY_OK);
    for (uint32_t i = 0; i < 40; i++) {
        const struct mac mac = { { 0x11, 0x22, 0x33, 0x44, 0x55, (uint8_t)(i % 10) } };
        const uint8_t bytes[] = { (uint8_t)i, 0 };
        const struct frame g = mibeacon_sealed(mac, 0x055b, i, other_key, 0x1004, bytes, 2);
        house_hear(&h, &g);
    }
    assert_int_equal(house_sensor(&h, thermometer).vault, 1);
    house_close(&h);
}

static void a_wrong_key_is_told_from_none(void **state)
{
    static const uint8_t wrong[16] = { 1 };
    struct house h;

    (void)state;
    house_open(&h, 8);
    const struct frame first = warm(1, 200);
    assert_int_equal(house_hear(&h, &first), BEACON_NO_KEY);
    assert_int_equal(house_told(&h, REGISTRY_KEY_STATE), 1);
    assert_int_equal(registry_set_key(h.reg, thermometer, wrong, 16, NULL), REGISTRY_OK);
    const struct frame second = warm(2, 200);
    assert_int_equal(house_hear(&h, &second), BEACON_REJECT_MIC);
    assert_true(house_sensor(&h, thermometer).flags & REGISTRY_WRONG_KEY);
    set_key(&h, thermometer);
    assert_false(house_sensor(&h, thermometer).flags & REGISTRY_WRONG_KEY);
    assert_int_equal(house_hear(&h, &second), BEACON_OK);

    /* Once right, a damaged frame does not make it wrong; three in a row do, until a good one. */
    const struct frame bad = forged(warm(3, 200));
    house_hear(&h, &bad);
    house_hear(&h, &bad);
    assert_false(house_sensor(&h, thermometer).flags & REGISTRY_WRONG_KEY);
    house_hear(&h, &bad);
    assert_true(house_sensor(&h, thermometer).flags & REGISTRY_WRONG_KEY);
    const struct frame good = warm(4, 200);
    assert_int_equal(house_hear(&h, &good), BEACON_OK);
    assert_false(house_sensor(&h, thermometer).flags & REGISTRY_WRONG_KEY);
    house_close(&h);
}

/* Flora began to send encrypted frames beside its plain ones: it needs no key. */
static void readable_values_need_no_key(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    const struct frame plain = plain_warm(thermometer, 1, 200), locked = warm(9, 200);
    assert_int_equal(house_hear(&h, &plain), BEACON_OK);
    assert_int_equal(house_hear(&h, &locked), BEACON_NO_KEY);
    assert_false(house_sensor(&h, thermometer).flags & REGISTRY_NEEDS_KEY);
    house_pass(&h, 16 * MINUTE);
    assert_true(house_sensor(&h, thermometer).flags & REGISTRY_NEEDS_KEY);
    house_close(&h);
}

static void nobody_activated_it(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    const struct frame f = mibeacon_unbound(thermometer, 0x055b, 1);
    assert_int_equal(house_hear(&h, &f), BEACON_NO_OBJECT);
    assert_true(house_sensor(&h, thermometer).flags & REGISTRY_UNBOUND);
    assert_int_equal(house_sensor(&h, thermometer).standing, REGISTRY_IS_LISTED);
    set_key(&h, thermometer);
    const struct frame g = warm(1, 200), later = mibeacon_unbound(thermometer, 0x055b, 2);
    assert_int_equal(house_hear(&h, &g), BEACON_OK);
    assert_int_equal(house_hear(&h, &later), BEACON_NO_OBJECT);
    assert_false(house_sensor(&h, thermometer).flags & REGISTRY_UNBOUND); /* not on mere say-so */
    house_close(&h);
}

/* One that says both in turn is activated, and does not change its mind with each frame. */
static void values_are_believed_before_not_activated(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    for (uint8_t i = 0; i < 40; i += 2) {
        const struct frame f = mibeacon_unbound(neighbour, 0x01aa, i);
        const struct frame g = plain_warm(neighbour, (uint8_t)(i + 1), i);
        house_hear(&h, &f);
        assert_int_equal((house_sensor(&h, neighbour).flags & REGISTRY_UNBOUND) != 0, i == 0);
        assert_int_equal(house_hear(&h, &g), BEACON_OK);
        house_pass(&h, SECOND);
    }
    assert_int_equal(house_told(&h, REGISTRY_KEY_STATE), 2);
    house_pass(&h, 16 * MINUTE);
    const struct frame f = mibeacon_unbound(neighbour, 0x01aa, 99);
    house_hear(&h, &f);
    assert_true(house_sensor(&h, neighbour).flags & REGISTRY_UNBOUND);
    house_close(&h);
}

static void a_kept_sensor_takes_the_room_of_a_stranger(void **state)
{
    static const uint8_t objects[] = { 0x01, 50, 0x02, 0xca, 0x09 };
    struct house h;

    (void)state;
    house_plan(&h, 4);
    h.config.values = 2;
    house_build(&h);
    const struct frame f = bthome_plain(neighbour, objects, sizeof(objects)), mine = warm(1, 215);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    set_key(&h, thermometer);
    assert_int_equal(house_hear(&h, &mine), BEACON_OK);
    assert_int_equal(house_value(&h, thermometer, BEACON_KIND_TEMPERATURE, -1), 215);
    assert_false(registry_find(h.reg, neighbour, NULL));
    house_close(&h);
}

/* BTHome 1 sends up to 8 bytes; kept are 48 bits. */
static void a_number_that_is_too_large_is_absent(void **state)
{
    struct frame f = { .mac = neighbour,
                       .len = 14,
                       .data = { 13, 0x16, 0x1c, 0x18, 0x09, 0x05, 7, 0, 0, 0, 0, 0, 0, 0 } };
    struct house h;

    (void)state;
    house_open(&h, 8);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    assert_true(house_has(&h, neighbour, BEACON_KIND_ILLUMINANCE));
    assert_false(house_sensor(&h, neighbour).flags & REGISTRY_VALUES_LOST);
    f.data[12] = 4;
    house_pass(&h, MINUTE);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    assert_false(house_has(&h, neighbour, BEACON_KIND_ILLUMINANCE));
    assert_true(house_sensor(&h, neighbour).flags & REGISTRY_VALUES_LOST);
    f.data[13] = 0x80;
    assert_int_equal(house_hear(&h, &f), BEACON_REJECT_OBJECT);
    house_close(&h);
}

/* What it was first taken for stays: topics and keys are made of it. */
static void formats_in_turn_are_one_sensor(void **state)
{
    static const uint8_t battery[] = { 0x01, 50 };
    char label[REGISTRY_LABEL_SIZE];
    struct house h;

    (void)state;
    house_open(&h, 8);
    for (uint8_t i = 0; i < 4; i++) {
        const struct frame f = plain_warm(neighbour, i, i);
        const struct frame g = bthome_plain(neighbour, battery, sizeof(battery));
        house_hear(&h, i % 2 == 0 ? &f : &g);
        const struct registry_sensor s = house_sensor(&h, neighbour);
        assert_string_equal(registry_label(&s, label), "MJ_HT_V1-359321");
    }
    house_close(&h);
}

static void the_first_state_of_a_triggered_frame_is_an_event(void **state)
{
    static const uint8_t still[] = { 0x21, 0 };

    (void)state;
    for (uint8_t triggered = 0; triggered < 2; triggered++) {
        struct house h;
        house_open(&h, 8);
        struct frame f = bthome_plain(neighbour, still, sizeof(still));
        f.data[4] |= (uint8_t)(triggered << 2);
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
        assert_int_equal(registry_event_end(h.reg), triggered);
        house_close(&h);
    }
}

/* Three contents are remembered: a fourth takes the place of the one silent longest. */
static void the_content_heard_last_is_remembered(void **state)
{
    struct frame f[4];
    struct house h;

    (void)state;
    house_open(&h, 8);
    for (uint8_t i = 0; i < 4; i++)
        f[i] = plain_warm(neighbour, i, i);
    for (uint8_t i = 0; i < 3; i++) {
        assert_int_equal(house_hear(&h, &f[i]), BEACON_OK);
        house_pass(&h, SECOND);
    }
    assert_int_equal(house_hear(&h, &f[0]), BEACON_DUPLICATE);
    house_pass(&h, SECOND);
    assert_int_equal(house_hear(&h, &f[3]), BEACON_OK);
    assert_int_equal(house_hear(&h, &f[0]), BEACON_DUPLICATE);
    assert_int_equal(house_hear(&h, &f[2]), BEACON_DUPLICATE);
    house_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_never_heard_is_absent),
        cmocka_unit_test(all_shapes_of_values),
        cmocka_unit_test(a_long_text_is_cut_and_a_new_one_replaces_it),
        cmocka_unit_test(texts_of_strangers_leave_room_for_names),
        cmocka_unit_test(a_full_pool_is_told),
        cmocka_unit_test(the_content_heard_last_is_remembered),
        cmocka_unit_test(the_first_state_of_a_triggered_frame_is_an_event),
        cmocka_unit_test(formats_in_turn_are_one_sensor),
        cmocka_unit_test(a_number_that_is_too_large_is_absent),
        cmocka_unit_test(a_kept_sensor_takes_the_room_of_a_stranger),
        cmocka_unit_test(the_same_bytes_within_10_s_of_the_last_hearing),
        cmocka_unit_test(repeats_in_turn),
        cmocka_unit_test(twins_under_one_counter),
        cmocka_unit_test(a_replayed_twin_is_no_third),
        cmocka_unit_test(formats_count_apart),
        cmocka_unit_test(version_4_counts_with_8_bits),
        cmocka_unit_test(no_window_left),
        cmocka_unit_test(polling_a_second_time_consumes_nothing),
        cmocka_unit_test(a_later_status_never_overwrites_an_event),
        cmocka_unit_test(readers_learn_what_they_lost),
        cmocka_unit_test(what_is_an_event),
        cmocka_unit_test(a_repeated_state_is_no_event),
        cmocka_unit_test(frame_ids),
        cmocka_unit_test(strength_is_smoothed),
        cmocka_unit_test(a_key_is_tried_on_the_kept_frames),
        cmocka_unit_test(strangers_leave_the_vault_to_ours),
        cmocka_unit_test(a_wrong_key_is_told_from_none),
        cmocka_unit_test(readable_values_need_no_key),
        cmocka_unit_test(nobody_activated_it),
        cmocka_unit_test(values_are_believed_before_not_activated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
