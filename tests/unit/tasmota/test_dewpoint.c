/* The dew point without floating point: the manual's examples, and the formula's own values. */
#include "base/fixed.h"
#include "tasmota/dewpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* In tenths, as a message shows it. */
static int64_t shown(int64_t t_tenths, int64_t h_tenths)
{
    int64_t milli;

    assert_true(tasmota_dew_point(t_tenths * 100, h_tenths * 100, &milli));
    return fixed_rescale(milli, -3, -1);
}

static void the_documented_examples(void **state)
{
    static const struct {
        int temperature, humidity, dew_point; /* tenths */
    } rows[] = {
        { 215, 452, 91 },  { 234, 512, 127 },  { 180, 661, 116 }, { 272, 490, 155 },
        { 215, 467, 96 },  { -53, 800, -82 },  { 0, 1000, 0 },    { 162, 470, 49 },
        { 241, 429, 107 }, { 215, 100, -115 }, { 215, 50, -199 }, /* Tasmota: -11.4, -19.3 */
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(shown(rows[i].temperature, rows[i].humidity), rows[i].dew_point);
}

/* From the formula in double precision; a thousandth may differ. */
static void across_the_whole_range(void **state)
{
    static const struct {
        int64_t temperature, humidity, dew_point; /* thousandths */
    } rows[] = {
        { -40000, 50000, -46477 }, { -40000, 99900, -40010 }, { -20000, 1000, -63243 },
        { 50000, 99000, 49798 },   { 80000, 10000, 32144 },   { 17050, 44570, 4862 },
        { 100000, 500, -2310 },    { 21500, 120000, 24518 },
    };
    int64_t milli;
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_true(tasmota_dew_point(rows[i].temperature, rows[i].humidity, &milli));
        assert_in_range(milli - rows[i].dew_point + 1, 0, 2);
    }
}

static void says_nothing_where_the_formula_does_not(void **state)
{
    int64_t milli = 7;
    (void)state;

    assert_false(tasmota_dew_point(21500, 0, &milli));
    assert_false(tasmota_dew_point(21500, -1000, &milli));
    assert_false(tasmota_dew_point(-243500, 50000, &milli));
    assert_false(tasmota_dew_point(INT64_MAX, 50000, &milli));
    assert_false(tasmota_dew_point(21500, INT64_MAX, &milli));
    assert_int_equal(milli, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_documented_examples),
        cmocka_unit_test(across_the_whole_range),
        cmocka_unit_test(says_nothing_where_the_formula_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
