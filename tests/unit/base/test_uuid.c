/* uuid: every form people and devices write is the same UUID, and nothing else is one. */
#include "base/uuid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct uuid parsed(const char *text)
{
    struct uuid uuid;

    assert_true(uuid_parse(text, strlen(text), &uuid));
    return uuid;
}

static void all_forms_are_one(void **state)
{
    char text[UUID_TEXT_SIZE];

    (void)state;
    assert_true(uuid_equal(parsed("FE95"), uuid_from_16(0xfe95)));
    assert_true(uuid_equal(parsed("0000fe95"), uuid_from_16(0xfe95)));
    assert_true(uuid_equal(parsed("0000FE95-0000-1000-8000-00805F9B34FB"), uuid_from_16(0xfe95)));
    assert_true(uuid_equal(parsed("0000fe9500001000800000805f9b34fb"), uuid_from_16(0xfe95)));
    assert_string_equal(uuid_print(uuid_from_16(0xfe95), text), "fe95");
    assert_string_equal(uuid_print(parsed("EBE0CCC1-7A0A-4B0C-8A1A-6FF2997DA3A6"), text),
                        "ebe0ccc1-7a0a-4b0c-8a1a-6ff2997da3a6");
}

static void nothing_else_is_a_uuid(void **state)
{
    static const char *const bad[] = {
        "",
        "fe9",
        "fe955",
        "fe9g",
        "ebe0ccc1-7a0a-4b0c-8a1a-6ff2997da3a",
        "ebe0ccc17-a0a-4b0c-8a1a-6ff2997da3a6",
        "ebe0ccc1-7a0a-4b0c-8a1a-6ff2997da3-6",
        "ebe0ccc1_7a0a_4b0c_8a1a_6ff2997da3a6",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct uuid uuid = uuid_from_16(7);
        assert_false(uuid_parse(bad[i], strlen(bad[i]), &uuid));
        assert_true(uuid_equal(uuid, uuid_from_16(7)));
    }
}

static void the_air_has_it_backwards(void **state)
{
    static const char long_form[] = "ebe0ccc1-7a0a-4b0c-8a1a-6ff2997da3a6";
    static const uint8_t air_16[] = { 0x95, 0xfe };
    uint8_t air[16];
    struct uuid uuid;
    uint16_t number;

    (void)state;
    assert_true(uuid_from_air(air_16, 2, &uuid));
    assert_true(uuid_to_16(uuid, &number));
    assert_int_equal(number, 0xfe95);
    assert_int_equal(uuid_to_air(uuid, air), 2);
    assert_memory_equal(air, air_16, 2);
    assert_int_equal(uuid_to_air(parsed(long_form), air), 16);
    assert_int_equal(air[0], 0xa6);
    assert_true(uuid_from_air(air, 16, &uuid));
    assert_true(uuid_equal(uuid, parsed(long_form)));
    assert_false(uuid_to_16(uuid, &number));
    assert_false(uuid_from_air(air, 3, &uuid));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_forms_are_one),
        cmocka_unit_test(nothing_else_is_a_uuid),
        cmocka_unit_test(the_air_has_it_backwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
