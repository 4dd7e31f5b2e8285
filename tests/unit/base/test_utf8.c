/* utf8: what is text, by the table of the Unicode standard (3-7), and what only looks like it. */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void well_formed_sequences_have_their_length(void **state)
{
    static const struct {
        const char *text;
        size_t len;
    } rows[] = {
        { "a", 1 },
        { "\x7f", 1 },
        { "\xc2\x80", 2 },
        { "\xdf\xbf", 2 },
        { "\xe0\xa0\x80", 3 },
        { "\xed\x9f\xbf", 3 },
        { "\xef\xbf\xbf", 3 },
        { "\xf0\x90\x80\x80", 4 },
        { "\xf4\x8f\xbf\xbf", 4 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(utf8_len(rows[i].text, rows[i].len), rows[i].len);
        if (rows[i].len > 1) /* cut short */
            assert_int_equal(utf8_len(rows[i].text, rows[i].len - 1), 0);
    }
}

static void everything_else_is_no_text(void **state)
{
    static const char *const rows[] = {
        "\x80",             /* a continuation alone */
        "\xc0\xaf",         /* a slash in two bytes */
        "\xe0\x9f\xbf",     /* overlong */
        "\xed\xa0\x80",     /* half of a surrogate pair */
        "\xf0\x8f\xbf\xbf", /* overlong */
        "\xf4\x90\x80\x80", /* beyond U+10FFFF */
        "\xc2\x41",         /* no continuation */
        "\xe1\x80\x41",
        "\xff",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(utf8_len(rows[i], strlen(rows[i])), 0);
        assert_false(utf8_is_text(rows[i], strlen(rows[i])));
    }
}

static void a_text_is_all_of_it(void **state)
{
    (void)state;
    assert_true(utf8_is_text("", 0));
    assert_true(utf8_is_text("K\xc3\xbc\xc3\xbch", 6));
    assert_false(utf8_is_text("K\xc3\xbc\xc3", 4));
    assert_true(utf8_is_text("a\0b", 3)); /* a zero is text as well */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_sequences_have_their_length),
        cmocka_unit_test(everything_else_is_no_text),
        cmocka_unit_test(a_text_is_all_of_it),
    };

    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
