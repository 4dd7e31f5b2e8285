/* How a relay is wired, as people write it. */
#include "relay/relay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct relay_wiring wiring;

static void good_ones_are_read(void **state)
{
    static const struct {
        const char *text;
        enum relay_kind kind;
    } rows[] = {
        { "", RELAY_NONE },
        { "none", RELAY_NONE },
        { "NONE", RELAY_NONE },
        { "virtual", RELAY_VIRTUAL },
        { "gpio:gpiochip0:17", RELAY_GPIO },
        { "mqtt:a", RELAY_TOPIC },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_string_equal(relay_wiring_read(rows[i].text, &wiring), "");
        assert_int_equal(wiring.kind, rows[i].kind);
    }
    assert_string_equal(relay_wiring_read("GPIO:pinctrl-bcm2711:27:Inverted", &wiring), "");
    assert_string_equal(wiring.chip, "pinctrl-bcm2711");
    assert_int_equal(wiring.line, 27);
    assert_true(wiring.is_inverted);
    assert_string_equal(relay_wiring_read("gpio:0:0", &wiring), "");
    assert_false(wiring.is_inverted);
    assert_string_equal(relay_wiring_read("mqtt:cmnd/Plug/POWER", &wiring), "");
    assert_string_equal(wiring.topic, "cmnd/Plug/POWER");
}

static void bad_ones_say_why(void **state)
{
    static const char *const rows[] = {
        "gpio",
        "gpio:",
        "gpio::1",
        "gpio:chip",
        "gpio:chip:",
        "gpio:chip:x",
        "gpio:chip:-1",
        "gpio:chip:1x",
        "gpio:chip:1:upside",
        "gpio:chip:1:",
        "gpio:c:99999",
        "gpio:12345678901234567890123456789012:1",
        "mqtt:",
        "mqtt:a/+/b",
        "mqtt:#",
        "mqtt:$SYS/x",
        "virtual:1",
        "nonesense",
        "on",
        "gpio:c:1:inverted:2",
        "gpio:c:18446744073709551617",
    };
    char longest[160] = "mqtt:";

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_not_equal(relay_wiring_read(rows[i], &wiring), "");
    memset(longest + 5, 'a', RELAY_TOPIC_SIZE - 1);
    assert_string_equal(relay_wiring_read(longest, &wiring), "");
    longest[strlen(longest)] = 'a';
    assert_string_not_equal(relay_wiring_read(longest, &wiring), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ones_are_read),
        cmocka_unit_test(bad_ones_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
