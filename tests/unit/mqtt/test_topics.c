/* Where messages go, for settings that people make. */
#include "mqtt/topics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void full_topics(void **state)
{
    static const struct {
        const char *full_topic, *topic, *expected;
    } rows[] = {
        { "%prefix%/%topic%/", "attic", "tele/attic/SENSOR" },
        { "%prefix%/%topic%/", "", "tele/mi32_AABBCC/SENSOR" },
        { "%prefix%/%topic%", "attic", "tele/attic/SENSOR" },
        { "home/%topic%/%prefix%/", "attic", "home/attic/tele/SENSOR" },
        { "%hostname%/%prefix%/%topic%-%id%/", "attic", "pi/tele/attic-AABBCC/SENSOR" },
        { "%topic%/", "attic", "tele/attic/SENSOR" }, /* a gateway must not hear itself */
        { "%prefix%/", "attic", "tele/attic/SENSOR" },
        { "", "attic", "tele/attic/SENSOR" },
        { "a//b/%prefix%//%topic%//", "attic", "a/b/tele/attic/SENSOR" },
        { "%prefix%/#/+/%topic%/", "attic", "tele/attic/SENSOR" },
        { "%prefix%/%topic%/", "a+b#c/d e", "tele/a_b_c_d_e/SENSOR" },
        { "%prefix%/%nothing%/%topic%/", "attic", "tele/%nothing%/attic/SENSOR" },
        { "%prefix%/%topic%/", "B\xc3\xbcro", "tele/B\xc3\xbcro/SENSOR" },
    };
    char out[MQTT_TOPIC_SIZE];
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct topic_names names = { rows[i].full_topic, rows[i].topic, "AABBCC", "pi" };
        assert_true(topic_full(&names, "tele", "SENSOR", out, sizeof(out)));
        assert_string_equal(out, rows[i].expected);
    }
}

static void what_does_not_fit_is_refused(void **state)
{
    const struct topic_names names = { "%prefix%/%topic%/", "attic", "AABBCC", "pi" };
    char out[32];
    (void)state;

    assert_true(topic_full(&names, "tele", "SENSOR", out, 18));
    for (size_t size = 1; size < 18; size++)
        assert_false(topic_full(&names, "tele", "SENSOR", out, size));
}

static void names_are_cleaned(void **state)
{
    char out[16];
    (void)state;

    topic_clean("at home", out, sizeof(out));
    assert_string_equal(out, "at_home");
    topic_clean("a/+#\x01\x7fz", out, sizeof(out));
    assert_string_equal(out, "a_____z");
    topic_clean("a name that is too long", out, sizeof(out));
    assert_int_equal(strlen(out), sizeof(out) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_topics),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(names_are_cleaned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
