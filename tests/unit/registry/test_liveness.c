/* Is it still there: learned rhythms, events, hit rate, hours, radios. */
#include "house.h"

/* Sends n new plain frames, one every gap_ms. */
static void send_rhythm(struct house *h, unsigned n, uint32_t gap_ms)
{
    static uint8_t counter;

    for (unsigned i = 0; i < n; i++) {
        const struct frame f = plain_warm(neighbour, ++counter, (int16_t)(200 + i));
        house_pass(h, gap_ms);
        assert_int_equal(house_hear(h, &f), BEACON_OK);
    }
}

static bool is_offline(const struct house *h, struct mac mac)
{
    return (house_sensor(h, mac).flags & REGISTRY_OFFLINE_NOW) != 0;
}

/* After 3 times the longest gap, and not before 15 minutes. */
static void offline_after_3_times_the_longest_gap(void **state)
{
    static const struct {
        uint32_t gap_ms, online_ms, offline_ms;
    } rows[] = {
        { 5 * SECOND, 15 * MINUTE, 16 * MINUTE },  { 4 * MINUTE, 15 * MINUTE, 16 * MINUTE },
        { 10 * MINUTE, 30 * MINUTE, 35 * MINUTE }, { 30 * MINUTE, 90 * MINUTE, 98 * MINUTE },
        { HOUR, 3 * HOUR, 3 * HOUR + 8 * MINUTE }, { 24 * HOUR, 72 * HOUR, 74 * HOUR },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct house h;
        house_open(&h, 8);
        send_rhythm(&h, 5, rows[i].gap_ms);
        house_calm(&h);
        house_pass(&h, rows[i].online_ms);
        assert_false(is_offline(&h, neighbour));
        house_pass(&h, rows[i].offline_ms - rows[i].online_ms);
        assert_true(is_offline(&h, neighbour));
        assert_int_equal(house_told(&h, REGISTRY_OFFLINE), 1);
        send_rhythm(&h, 1, 1);
        assert_false(is_offline(&h, neighbour));
        assert_int_equal(house_told(&h, REGISTRY_ONLINE), 1);
        house_close(&h);
    }
}

/* A long gap counts for 16 gaps, then it is forgotten. */
static void the_last_16_gaps_count(void **state)
{
    struct house h;
    struct registry_value value;

    (void)state;
    house_open(&h, 8);
    send_rhythm(&h, 2, MINUTE);
    send_rhythm(&h, 1, HOUR);
    send_rhythm(&h, 15, MINUTE);
    assert_true(registry_value(h.reg, neighbour, BEACON_KIND_TEMPERATURE, 1, &value));
    assert_in_range(value.expires_ms, 3 * HOUR, 3 * HOUR + 10 * MINUTE);
    send_rhythm(&h, 1, MINUTE);
    assert_true(registry_value(h.reg, neighbour, BEACON_KIND_TEMPERATURE, 1, &value));
    assert_int_equal(value.expires_ms, 15 * MINUTE);
    house_close(&h);
}

/* A battery told once an hour does not expire between, and does not hide that all else is silent.
 */
static void each_field_has_its_own_rhythm(void **state)
{
    struct house h;
    struct registry_value value;

    (void)state;
    house_open(&h, 8);
    for (unsigned i = 0; i < 4; i++) {
        const uint8_t battery = (uint8_t)(90 - i);
        const struct frame f =
            mibeacon_plain(neighbour, 0x01aa, (uint8_t)(200 + i), 0x100a, &battery, 1);
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
        send_rhythm(&h, 60, MINUTE);
    }
    assert_true(registry_value(h.reg, neighbour, BEACON_KIND_BATTERY, 1, &value));
    assert_false(value.stale);
    house_pass(&h, 16 * MINUTE);
    assert_true(registry_value(h.reg, neighbour, BEACON_KIND_BATTERY, 1, &value));
    assert_false(value.stale);
    assert_true(registry_value(h.reg, neighbour, BEACON_KIND_TEMPERATURE, 1, &value));
    assert_true(value.stale);
    assert_true(is_offline(&h, neighbour));
    house_close(&h);
}

/* A door that nobody opens for a month is closed, not gone; its battery's rhythm may judge it. */
static void events_are_never_offline_by_silence_alone(void **state)
{
    static const uint8_t open[] = { 0 };
    struct house h;
    struct registry_value value;

    (void)state;
    house_open(&h, 8);
    const struct frame door = mibeacon_plain(neighbour, 0x098b, 1, 0x1019, open, 1);
    assert_int_equal(house_hear(&h, &door), BEACON_OK);
    house_pass(&h, 30 * 24 * HOUR);
    assert_false(is_offline(&h, neighbour));
    assert_true(registry_value(h.reg, neighbour, BEACON_KIND_DOOR, 1, &value));
    assert_false(value.stale);
    assert_true(value.heard_ms < h.now_ms);
    for (uint8_t i = 2; i < 5; i++) {
        const struct frame battery = mibeacon_plain(neighbour, 0x098b, i, 0x100a, &i, 1);
        assert_int_equal(house_hear(&h, &battery), BEACON_OK);
        house_pass(&h, 6 * HOUR);
    }
    assert_false(is_offline(&h, neighbour));
    house_pass(&h, 18 * HOUR);
    assert_true(is_offline(&h, neighbour));
    house_close(&h);
}

/* Ages are kept in 32 bits; after 25 days they stand still instead of starting again. */
static void months_do_not_wrap(void **state)
{
    struct house h;
    uint64_t before;

    (void)state;
    house_open(&h, 8);
    send_rhythm(&h, 1, MINUTE);
    before = h.now_ms;
    for (unsigned day = 0; day < 120; day++) {
        house_pass(&h, 24 * HOUR);
        assert_true(house_sensor(&h, neighbour).heard_ms >= before);
        assert_true(h.now_ms - house_sensor(&h, neighbour).heard_ms >=
                    (day < 24 ? day : 24) * UINT64_C(24) * HOUR);
        assert_true(is_offline(&h, neighbour));
    }
    house_close(&h);
}

/* What has happened before a leap of the clock (a machine that slept for weeks) is long ago, also
 * where 32 bits come round to the same number; and so it is without a tick between. */
static void a_leap_does_not_wrap(void **state)
{
    static const uint64_t leaps[] = { UINT64_C(1) << 31, UINT64_C(1) << 32,
                                      (UINT64_C(1) << 32) + MINUTE, UINT64_C(7) << 33 };
    uint64_t limit;

    (void)state;
    for (size_t i = 0; i < sizeof(leaps) / sizeof(leaps[0]); i++) {
        struct house h;
        house_open(&h, 8);
        send_rhythm(&h, 2, MINUTE);
        h.now_ms += leaps[i];
        registry_tick(h.reg, h.now_ms);
        assert_true(is_offline(&h, neighbour));
        assert_true(registry_radio_silence(h.reg, 0, &limit) > 24 * HOUR);
        house_close(&h);
    }
    struct house h;
    house_open(&h, 8);
    send_rhythm(&h, 2, MINUTE);
    const struct frame f = plain_warm(thermometer, 1, 1);
    for (unsigned i = 0; i < 9; i++) {
        h.now_ms += UINT64_C(1) << 29;
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
        assert_true(h.now_ms - house_sensor(&h, neighbour).heard_ms >= UINT64_C(1) << 29);
    }
    registry_tick(h.reg, h.now_ms);
    assert_true(is_offline(&h, neighbour));
    assert_false(is_offline(&h, thermometer));
    house_close(&h);
}

static void hit_rate_by_counter(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    assert_int_equal(house_sensor(&h, thermometer).hit_rate, REGISTRY_NO_RATE);
    for (uint32_t i = 0; i < 200; i++) { /* every fourth is heard; once it restarts, plus 512 */
        const struct frame f = warm(4 * i + (i > 100 ? 512 : 0), 200);
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
        house_pass(&h, MINUTE);
    }
    assert_int_equal(house_sensor(&h, thermometer).hit_rate, 25);
    house_close(&h);
}

/* Without a counter: what came of what was due; every third is missed. */
static void hit_rate_by_rhythm(void **state)
{
    struct house h;
    uint8_t objects[] = { 0x02, 0, 9 };

    (void)state;
    house_open(&h, 8);
    for (uint32_t i = 0; i < 400; i++) {
        house_pass(&h, 10 * SECOND + 100);
        objects[1] = (uint8_t)i;
        const struct frame f = bthome_plain(neighbour, objects, sizeof(objects));
        if (i % 3 != 0)
            assert_int_equal(house_hear(&h, &f), BEACON_OK);
    }
    assert_in_range(house_sensor(&h, neighbour).hit_rate, 62, 70);
    house_close(&h);
}

/* 24 marks by local hour; the coming one is always empty. */
static void marks_of_the_day(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    send_rhythm(&h, 1, MINUTE);
    assert_int_equal(house_sensor(&h, neighbour).hours, 0); /* nobody knows the time yet */
    for (unsigned hour = 0; hour < 30; hour++) {
        registry_hour(h.reg, hour % 24);
        if (hour % 24 != 5)
            send_rhythm(&h, 2, MINUTE);
    }
    assert_int_equal(house_sensor(&h, neighbour).hours, 0xffffffu & ~(1u << 5) & ~(1u << 6));
    registry_hour(h.reg, 24); /* no hour */
    assert_int_equal(house_sensor(&h, neighbour).hours, 0xffffffu & ~(1u << 5) & ~(1u << 6));
    house_close(&h);
}

/* The clock was set forward, or the machine slept: what was marked there is a day old. Set back, as
 * when summer ends, nothing but the gap is lost. */
static void hours_that_were_jumped_over_are_not_marked(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    send_rhythm(&h, 1, MINUTE);
    for (unsigned hour = 0; hour < 24; hour++) {
        registry_hour(h.reg, hour);
        send_rhythm(&h, 2, MINUTE);
    }
    registry_hour(h.reg, 5);
    assert_int_equal(house_sensor(&h, neighbour).hours, 0xffffffu & ~0x7fu);
    registry_hour(h.reg, 4);
    assert_int_equal(house_sensor(&h, neighbour).hours, 0xffffffu & ~0x7fu);
    registry_hour(h.reg, 23);
    assert_int_equal(house_sensor(&h, neighbour).hours, 0xffffffu & ~0x7fu);
    house_close(&h);
}

static void hear_foreign(struct house *h, uint8_t radio)
{
    const struct advert advert = { .radio = radio, .heard_ms = h->now_ms, .rssi = -90 };
    struct beacon_decoded d = { .outcome = BEACON_IGNORE };

    assert_int_equal(registry_apply(h->reg, &advert, &d), BEACON_IGNORE);
}

/* Anyone's adverts count, radio by radio. */
static void a_dead_radio_is_told_from_a_quiet_house(void **state)
{
    struct house h;
    uint64_t limit;

    (void)state;
    house_open(&h, 8);
    for (unsigned i = 0; i < 60; i++) {
        hear_foreign(&h, 0);
        if (i % 15 == 0)
            hear_foreign(&h, 1);
        house_pass(&h, 2 * SECOND);
    }
    assert_int_equal(registry_radio_silence(h.reg, 0, &limit), 2 * SECOND);
    assert_int_equal(limit, MINUTE);
    hear_foreign(&h, 1);
    assert_int_equal(registry_radio_silence(h.reg, 1, &limit), 0);
    assert_int_equal(limit, 300 * SECOND);

    /* A long outage is forgotten after two hours, and never excuses more than an hour. */
    house_pass(&h, 9 * HOUR);
    assert_true(registry_radio_silence(h.reg, 0, &limit) >= 9 * HOUR);
    hear_foreign(&h, 0);
    registry_radio_silence(h.reg, 0, &limit);
    assert_int_equal(limit, HOUR);
    for (unsigned i = 0; i < 3 * 360; i++) {
        house_pass(&h, 10 * SECOND);
        hear_foreign(&h, 0);
    }
    registry_radio_silence(h.reg, 0, &limit);
    assert_int_equal(limit, 100 * SECOND);
    assert_int_equal(registry_outcomes(h.reg, BEACON_IGNORE), 60 + 4 + 1 + 1 + 3 * 360);
    house_close(&h);
}

/* With a tick each minute: 32 bits of milliseconds come round, and what was heard does not. */
static void nothing_is_new_again_after_50_days(void **state)
{
    const uint64_t round_ms = UINT64_C(1) << 32;
    const uint8_t other[] = { 0x2d, 1 };
    struct house h;
    struct registry_value value;
    uint64_t limit;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    send_rhythm(&h, 2, MINUTE);
    const struct frame first = warm(98, 200), newest = warm(100, 200), late = warm(99, 200);
    const struct frame twin =
        mibeacon_sealed(thermometer, 0x055b, 100, thermometer_key, 0x1006, other, 2);
    assert_int_equal(house_hear(&h, &first), BEACON_OK);
    assert_int_equal(house_hear(&h, &newest), BEACON_OK);
    for (uint32_t i = 0; i < 32; i++) {
        const struct frame guess = forged(warm(200 + i, 999));
        assert_int_equal(house_hear(&h, &guess), BEACON_REJECT_MIC);
    }
    house_pass(&h, round_ms + 2 * SECOND);

    assert_true(registry_radio_silence(h.reg, 0, &limit) > 24 * UINT64_C(24) * HOUR);
    assert_true(registry_value(h.reg, neighbour, BEACON_KIND_TEMPERATURE, 1, &value));
    assert_true(value.stale);
    assert_int_equal(house_hear(&h, &late), BEACON_DUPLICATE);
    assert_int_equal(house_hear(&h, &twin), BEACON_DUPLICATE);
    const struct frame guess = forged(warm(300, 999));
    assert_int_equal(house_hear(&h, &guess), BEACON_REJECT_MIC);
    assert_int_equal(house_alarms(&h, REGISTRY_ALARM_BAD_TAGS), 0);
    assert_non_null(registry_key(h.reg, thermometer));
    house_close(&h);
}

/* Two batteries in a row are no rhythm: they may come with a press each. */
static void one_with_events_is_judged_by_two_gaps(void **state)
{
    static const uint8_t open[] = { 0 };
    struct house h;

    (void)state;
    house_open(&h, 8);
    const struct frame door = mibeacon_plain(neighbour, 0x098b, 1, 0x1019, open, 1);
    assert_int_equal(house_hear(&h, &door), BEACON_OK);
    for (uint8_t i = 2; i < 5; i++) {
        const struct frame battery = mibeacon_plain(neighbour, 0x098b, i, 0x100a, &i, 1);
        house_pass(&h, MINUTE);
        assert_int_equal(house_hear(&h, &battery), BEACON_OK);
        if (i == 3)
            house_pass(&h, 2 * HOUR);
        assert_false(is_offline(&h, neighbour));
    }
    house_pass(&h, 8 * HOUR);
    assert_true(is_offline(&h, neighbour));
    house_close(&h);
}

static void the_previous_hour_counts_for_a_radio(void **state)
{
    struct house h;
    uint64_t limit;

    (void)state;
    house_open(&h, 8);
    hear_foreign(&h, 0);
    house_pass(&h, 5 * MINUTE);
    hear_foreign(&h, 0);
    for (unsigned i = 0; i < 30; i++) {
        house_pass(&h, 2 * MINUTE);
        hear_foreign(&h, 0);
    }
    registry_radio_silence(h.reg, 0, &limit);
    assert_int_equal(limit, 50 * MINUTE);
    house_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offline_after_3_times_the_longest_gap),
        cmocka_unit_test(the_last_16_gaps_count),
        cmocka_unit_test(each_field_has_its_own_rhythm),
        cmocka_unit_test(events_are_never_offline_by_silence_alone),
        cmocka_unit_test(one_with_events_is_judged_by_two_gaps),
        cmocka_unit_test(months_do_not_wrap),
        cmocka_unit_test(a_leap_does_not_wrap),
        cmocka_unit_test(nothing_is_new_again_after_50_days),
        cmocka_unit_test(hit_rate_by_counter),
        cmocka_unit_test(hit_rate_by_rhythm),
        cmocka_unit_test(marks_of_the_day),
        cmocka_unit_test(hours_that_were_jumped_over_are_not_marked),
        cmocka_unit_test(a_dead_radio_is_told_from_a_quiet_house),
        cmocka_unit_test(the_previous_hour_counts_for_a_radio),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
