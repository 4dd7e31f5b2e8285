/* The parameters of a URL, as browsers, curl and people write them. */
#include "web/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static char value[16];

static enum web_query find(const char *query, const char *name)
{
    memset(value, 'x', sizeof(value));
    return web_query_find(query, strlen(query), name, value, sizeof(value));
}

static void values_are_decoded(void **state)
{
    static const struct {
        const char *query, *value;
    } rows[] = {
        { "a=b", "b" },
        { "x=1&a=b&y=2", "b" },
        { "a=b&a=c", "b" },
        { "a=", "" },
        { "a", "" },
        { "&&a=1=2", "1=2" },
        { "a=Power1%20On", "Power1 On" },
        { "a=Power1+On", "Power1 On" },
        { "a=%2b%26%3D", "+&=" },
        { "%61=b", "b" },
        { "a=100%", "100%" },
        { "a=%4", "%4" },
        { "a=%zz", "%zz" },
        { "a=%c3%a4", "\xc3\xa4" },
        { "a=123456789012345", "123456789012345" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(find(rows[i].query, "a"), WEB_QUERY_FOUND);
        assert_string_equal(value, rows[i].value);
    }
}

static void other_names_are_none(void **state)
{
    static const char *const rows[] = { "", "&", "=", "=a", "b=a", "aa=1", "A=1", "b=1&c=2" };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(find(rows[i], "a"), WEB_QUERY_ABSENT);
        assert_string_equal(value, "");
    }
}

static void what_does_not_fit_is_bad(void **state)
{
    static const char *const rows[] = { "a=1234567890123456", "a=b%00c", "a=%00" };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(find(rows[i], "a"), WEB_QUERY_BAD);
        assert_string_equal(value, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_decoded),
        cmocka_unit_test(other_names_are_none),
        cmocka_unit_test(what_does_not_fit_is_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
