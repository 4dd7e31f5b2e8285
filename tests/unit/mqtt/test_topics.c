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

static const struct mac kitchen = { { 0x58, 0x2d, 0x34, 0xd3, 0x00, 0x02 } };

static void topics_of_a_house(void **state)
{
    char out[64];
    (void)state;

    assert_true(mqtt_topic_device("home", kitchen, "state", out, sizeof(out)));
    assert_string_equal(out, "mi32/home/dev/582D34D30002/state");
    assert_false(mqtt_topic_device("home", kitchen, "state", out, 32));
    assert_true(mqtt_topic_device("a/b#+ c", kitchen, "x", out, sizeof(out)));
    assert_string_equal(out, "mi32/a_b___c/dev/582D34D30002/x");
    assert_true(mqtt_topic_gateway("home", "attic", "health", out, sizeof(out)));
    assert_string_equal(out, "mi32/home/gw/attic/health");
}

static void a_topic_is_read_back_exactly(void **state)
{
    static const char *const others[] = {
        "mi32/home/dev/582D34D30002/state", "mi32/home/dev/582d34d30002/meta",
        "mi32/home/dev/582D34D30002/metal", "mi32/home/dev/582D34D30002",
        "mi32/home/dev/582D34D3000/meta",   "mi32/home/dev/58:2D:34:D3:00:02/meta",
        "mi32/away/dev/582D34D30002/meta",  "mi32/home/dev/",
        "mi32/home/dev/582D34D30002/meta/", "",
    };
    struct mac mac;
    (void)state;

    assert_true(mqtt_topic_is_device("mi32/home/dev/582D34D30002/meta", "home", "meta", &mac));
    assert_true(mac_equal(mac, kitchen));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_false(mqtt_topic_is_device(others[i], "home", "meta", &mac));
}

/* Home Assistant takes letters, digits, underscores and dashes. */
static void unique_ids(void **state)
{
    static const char *const rows[][2] = {
        { "home", "mi32_X" },
        { "garden", "mi32_garden_X" },
        { "caf\xc3\xa9.1", "mi32_caf___1_X" },
        { "HOME", "mi32_HOME_X" },
    };
    char id[MQTT_UNIQUE_SIZE], topic[128];
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(mqtt_unique_id(rows[i][0], "X", id), rows[i][1]);
    assert_true(mqtt_topic_discovery("homeassistant", "mi32_X", topic, sizeof(topic)));
    assert_string_equal(topic, "homeassistant/device/mi32_X/config");
    assert_true(mqtt_topic_birth("homeassistant", topic, sizeof(topic)));
    assert_string_equal(topic, "homeassistant/status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_topics),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(names_are_cleaned),
        cmocka_unit_test(topics_of_a_house),
        cmocka_unit_test(a_topic_is_read_back_exactly),
        cmocka_unit_test(unique_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
