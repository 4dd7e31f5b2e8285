/* Zones: the switches of real ones, and what is no zone. */
#include "base/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BERLIN "0,0,10,1,3,60", "0,0,3,1,2,120"
#define SYDNEY "1,1,4,1,3,600", "1,1,10,1,2,660"
#define DENVER "0,1,11,1,2,-420", "0,2,3,1,2,-360"

/* The instants are those of the tz database. */
static void real_zones_switch_when_they_do(void **state)
{
    static const struct {
        const char *standard, *daylight;
        int64_t unix_s;
        int32_t offset_s;
    } rows[] = {
        { BERLIN, 1774746000 - 1, 3600 }, /* 2026-03-29T01:00:00Z */
        { BERLIN, 1774746000, 7200 },
        { BERLIN, 1792890000 - 1, 7200 }, /* 2026-10-25T01:00:00Z */
        { BERLIN, 1792890000, 3600 },
        { SYDNEY, 1775318400 - 1, 39600 }, /* 2026-04-04T16:00:00Z */
        { SYDNEY, 1775318400, 36000 },
        { SYDNEY, 1791043200 - 1, 36000 }, /* 2026-10-03T16:00:00Z */
        { SYDNEY, 1791043200, 39600 },
        { SYDNEY, 1767225600, 39600 },      /* 2026-01-01T00:00:00Z */
        { DENVER, 1772960400 - 1, -25200 }, /* 2026-03-08T09:00:00Z */
        { DENVER, 1772960400, -21600 },
        { DENVER, 1793520000 - 1, -21600 }, /* 2026-11-01T08:00:00Z */
        { DENVER, 1793520000, -25200 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct zone_rule standard, daylight;
        assert_true(zone_rule_read(rows[i].standard, &standard));
        assert_true(zone_rule_read(rows[i].daylight, &daylight));
        assert_int_equal(zone_offset_s(&standard, &daylight, rows[i].unix_s), rows[i].offset_s);
    }
}

static void what_is_no_rule_is_refused(void **state)
{
    static const char *const texts[] = { "",
                                         "0,0,10,1,3",
                                         "0,0,10,1,3,60,1",
                                         "2,0,10,1,3,60",
                                         "0,5,10,1,3,60",
                                         "0,0,0,1,3,60",
                                         "0,0,13,1,3,60",
                                         "0,0,10,0,3,60",
                                         "0,0,10,8,3,60",
                                         "0,0,10,1,24,60",
                                         "0,0,10,1,3,841",
                                         "0,0,10,1,3,-781",
                                         "0,0,10,1,3,60x",
                                         "0,,10,1,3,60",
                                         "0;0;10;1;3;60",
                                         "0,0,0010,1,3,60" };
    struct zone_rule rule;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_false(zone_rule_read(texts[i], &rule));
    assert_true(zone_rule_read(" 1 , 4 , 12 , 7 , 23 , -780 ", &rule));
    assert_int_equal(rule.offset_min, -780);
}

static void fixed_offsets_are_hours_or_minutes(void **state)
{
    static const struct {
        const char *text;
        int32_t offset_s; /* -1: none */
    } rows[] = { { "0", 0 },         { "2", 7200 },   { "-3", -10800 }, { "+05:30", 19800 },
                 { "-0:30", -1800 }, { "14", 50400 }, { "14:01", -1 },  { "-13:59", -50340 },
                 { "15", -1 },       { "", -1 },      { "x", -1 },      { "5:60", -1 },
                 { "5:-1", -1 },     { "5:", -1 },    { "5 ", -1 },     { "99", -1 } };
    int32_t offset_s;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const int32_t got = zone_offset_read(rows[i].text, &offset_s) ? offset_s : -1;
        assert_int_equal(got, rows[i].offset_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_zones_switch_when_they_do),
        cmocka_unit_test(what_is_no_rule_is_refused),
        cmocka_unit_test(fixed_offsets_are_hours_or_minutes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
