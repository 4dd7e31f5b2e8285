/* base64: the examples of RFC 4648, 10, and what is no base64. */
#include "base/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void texts_are_read(void **state)
{
    static const struct {
        const char *text, *bytes;
    } rows[] = {
        { "", "" },
        { "Zg==", "f" },
        { "Zm8=", "fo" },
        { "Zm9v", "foo" },
        { "Zm9vYg", "foob" },
        { "Zm9vYmE=", "fooba" },
        { "Zm9vYmFy", "foobar" },
        { "+/+/", "\xfb\xff\xbf" },
    };
    uint8_t out[8];
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const size_t want = strlen(rows[i].bytes);
        assert_true(base64_decode(rows[i].text, strlen(rows[i].text), out, want, &len));
        assert_int_equal(len, want);
        assert_memory_equal(out, rows[i].bytes, want);
    }
}

static void others_are_not(void **state)
{
    static const char *const rows[] = { "Z",    "Zm9vY", "Zg=a", "Z===",
                                        "====", "Zm 9",  "Zm-_", "Zm9=Zg==" };
    uint8_t out[8];
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_false(base64_decode(rows[i], strlen(rows[i]), out, sizeof(out), &len));
    assert_false(base64_decode("Zm9v", 4, out, 2, &len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read),
        cmocka_unit_test(others_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
