/* Finding a characteristic, in every form that peers keep their tables in, and in none. */
#include "dialogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* EBE0CCB0-7A0A-4B0C-8A1A-6FF2997DA3A6 and its ...CCC1, as they go over the air */
#define MI_SERVICE "a6a37d99f26f1a8a0c4b0a7ab0cce0eb"
#define MI_VALUES  "a6a37d99f26f1a8a0c4b0a7ac1cce0eb"

/* A search by value for service 180F from handle 1, and the same for all services. */
#define ASK_180F "> 06 0100 ffff 0028 0f18"
#define ASK_ALL  "> 10 0100 ffff 0028"

static struct att att;

static int setup(void **state)
{
    (void)state;
    att_init(&att, ATT_MTU_MAX);
    return 0;
}

static struct uuid uuid(const char *text)
{
    struct uuid parsed;

    assert_true(uuid_parse(text, strlen(text), &parsed));
    return parsed;
}

static enum att_event find(const char *service, const char *characteristic, uint16_t after)
{
    const struct uuid c = uuid(characteristic);

    if (!service)
        return att_find(&att, NULL, &c, after);
    const struct uuid s = uuid(service);
    return att_find(&att, &s, &c, after);
}

static void assert_found(uint16_t handle, uint16_t end, uint8_t properties)
{
    assert_int_equal(att.result.found.handle, handle);
    assert_int_equal(att.result.found.end, end);
    assert_int_equal(att.result.found.properties, properties);
}

static void in_its_service_by_16_bits(void **state)
{
    (void)state;
    dialogue_ends(&att, find("180f", "2a19", 0),
                  LINES(ASK_180F, "< 07 1000 1300", "> 08 1000 1300 0328",
                        "< 09 07 1100 12 1200 192a", "> 08 1300 1300 0328", "< 01 08 1300 0a"),
                  ATT_OK);
    assert_found(0x12, 0x13, 0x12);
}

static void in_its_service_by_128_bits(void **state)
{
    (void)state;
    dialogue_go_on(&att, att_exchange_mtu(&att), LINES("> 02 0502", "< 03 f700"));
    dialogue_ends(
        &att,
        find("ebe0ccb0-7a0a-4b0c-8a1a-6ff2997da3a6", "EBE0CCC1-7A0A-4B0C-8A1A-6FF2997DA3A6", 0),
        LINES("> 06 0100 ffff 0028" MI_SERVICE, "< 07 2100 4400", "> 08 2100 4400 0328",
              "< 09 15 3500 12 3600" MI_VALUES, "> 08 3700 4400 0328", "< 09 07 3900 02 3a00 c4cc"),
        ATT_OK);
    assert_found(0x36, 0x38, 0x12);
}

/* A 32-bit UUID has no short form on the air. */
static void by_32_bits(void **state)
{
    (void)state;
    dialogue_ends(&att, find("12345678", "2a19", 0),
                  LINES("> 06 0100 ffff 0028 fb349b5f8000 0080 0010 0000 78563412",
                        "< 07 1000 1200", "> 08 1000 1200 0328", "< 09 07 1100 02 1200 192a"),
                  ATT_OK);
    assert_found(0x12, 0x12, 0x02);
}

static void in_any_service(void **state)
{
    (void)state;
    dialogue_ends(&att, find(NULL, "2a19", 0),
                  LINES("> 08 0100 ffff 0328",
                        "< 09 07 0200 02 0300 002a 0400 02 0500 192a 0600 02 0700 012a"),
                  ATT_OK);
    assert_found(5, 5, 0x02);
    dialogue_ends(&att, find(NULL, "2a19", 5), LINES("> 08 0600 ffff 0328", "< 01 08 0600 0a"),
                  ATT_E_NO_CHARACTERISTIC);
    dialogue_ends(&att, find(NULL, "2a19", 0xffff), LINES(NULL), ATT_E_NO_CHARACTERISTIC);
}

static void the_last_handle_of_all_is_one_like_others(void **state)
{
    (void)state;
    dialogue_ends(&att, find(NULL, "2a19", 0),
                  LINES("> 08 0100 ffff 0328", "< 09 07 feff 02 ffff 192a"), ATT_OK);
    assert_found(0xffff, 0xffff, 0x02);
    dialogue_ends(
        &att, find("180f", "2a19", 0),
        LINES(ASK_180F, "< 07 f0ff ffff", "> 08 f0ff ffff 0328", "< 09 07 feff 02 ffff 002a"),
        ATT_E_NO_CHARACTERISTIC);
}

/* The second of two services with one UUID has it. */
static void in_the_second_service_of_that_uuid(void **state)
{
    (void)state;
    dialogue_ends(&att, find("180f", "2a19", 0),
                  LINES(ASK_180F, "< 07 1000 1300 2000 2300", "> 08 1000 1300 0328",
                        "< 01 08 1000 0a", "> 06 1400 ffff 0028 0f18", "< 07 2000 2300",
                        "> 08 2000 2300 0328", "< 09 07 2100 10 2300 192a"),
                  ATT_OK);
    assert_found(0x23, 0x23, 0x10);
}

/* Game controllers have several of one UUID. */
static void the_next_of_the_same_uuid(void **state)
{
    (void)state;
    dialogue_ends(&att, find("1812", "2a4d", 0x12),
                  LINES("> 06 0100 ffff 0028 1218", "< 07 1000 2000", "> 08 1300 2000 0328",
                        "< 09 07 1400 12 1500 4d2a 1800 12 1900 4d2a"),
                  ATT_OK);
    assert_found(0x15, 0x17, 0x12);
    dialogue_ends(&att, find("1812", "2a4d", 0x20),
                  LINES("> 06 0100 ffff 0028 1218", "< 07 1000 2000", "> 06 2100 ffff 0028 1218",
                        "< 01 06 2100 0a", "> 10 2100 ffff 0028", "< 01 10 2100 0a"),
                  ATT_E_NO_CHARACTERISTIC);
}

/* Asked by value such a peer has nothing; its list of services shows the UUID in its long form. */
static void a_service_kept_in_the_long_form(void **state)
{
    (void)state;
    dialogue_ends(
        &att, find("180f", "2a19", 0),
        LINES(ASK_180F, "< 01 06 0100 0a", ASK_ALL, "< 11 06 0100 0500 0018 0600 0900 0118",
              "> 10 0a00 ffff 0028", "< 11 14 1000 1300 fb349b5f80000080 00100000 0f180000",
              "> 08 1000 1300 0328", "< 09 15 1100 02 1300 fb349b5f80000080 00100000 192a0000"),
        ATT_OK);
    assert_found(0x13, 0x13, 0x02);
}

static void no_such_service(void **state)
{
    (void)state;
    dialogue_ends(&att, find("180f", "2a19", 0),
                  LINES(ASK_180F, "< 01 06 0100 0a", ASK_ALL, "< 01 10 0100 0a"), ATT_E_NO_SERVICE);
    dialogue_ends(&att, find("180f", "2a19", 0),
                  LINES(ASK_180F, "< 01 06 0100 0a", ASK_ALL, "< 11 06 0100 ffff 0018"),
                  ATT_E_NO_SERVICE);
}

static void what_the_last_search_saw_is_forgotten(void **state)
{
    (void)state;
    dialogue_ends(&att, find("180f", "2a19", 0),
                  LINES(ASK_180F, "< 07 1000 ffff", "> 08 1000 ffff 0328", "< 01 08 1000 0a"),
                  ATT_E_NO_CHARACTERISTIC);
    dialogue_ends(&att, find("180f", "2a19", 0),
                  LINES(ASK_180F, "< 01 06 0100 0a", ASK_ALL, "< 01 10 0100 0a"), ATT_E_NO_SERVICE);
}

static void no_such_characteristic(void **state)
{
    (void)state;
    dialogue_ends(&att, find("180f", "2a19", 0),
                  LINES(ASK_180F, "< 07 1000 ffff", "> 08 1000 ffff 0328",
                        "< 09 07 1100 02 1200 002a", "> 08 1300 ffff 0328", "< 01 08 1300 0a"),
                  ATT_E_NO_CHARACTERISTIC);
}

static void errors_on_the_way_are_told(void **state)
{
    (void)state;
    dialogue_ends(&att, find("180f", "2a19", 0),
                  LINES(ASK_180F, "< 01 06 0100 06", ASK_ALL, "< 01 10 0100 0e"), ATT_E_REFUSED);
    dialogue_ends(&att, find(NULL, "2a19", 0), LINES("> 08 0100 ffff 0328", "< 01 08 0100 08"),
                  ATT_E_NOT_SECURE);
}

/* ---- hostile peers ---- */

static void ends_malformed(const char *answer)
{
    dialogue_ends(&att, find("180f", "2a19", 0), LINES(ASK_180F, answer), ATT_E_MALFORMED);
}

static void services_that_make_no_sense(void **state)
{
    (void)state;
    ends_malformed("< 07");
    ends_malformed("< 07 1000 13");
    ends_malformed("< 07 1000 1300 00");
    ends_malformed("< 07 0000 1300"); /* handle 0 */
    ends_malformed("< 07 1300 1000"); /* the wrong way round */
}

static void lists_of_services_that_make_no_sense(void **state)
{
    static const char *const lists[] = {
        "< 11",
        "< 11 06",
        "< 11 00 0100 0500 0018",
        "< 11 06 0100 0500 00",
        "< 11 04 0100 0500",                     /* no UUID */
        "< 11 07 0100 0500 001800",              /* one of three bytes */
        "< 11 06 0100 0500 0018 0300 0900 0118", /* in one another */
        "< 11 06 0500 0100 0018",
        "< 11 06 0000 0100 0018",
        "< 11 01 00",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        dialogue_ends(&att, find("180f", "2a19", 0),
                      LINES(ASK_180F, "< 01 06 0100 0a", ASK_ALL, lists[i]), ATT_E_MALFORMED);
}

static void declarations_that_make_no_sense(void **state)
{
    static const char *const lists[] = {
        "< 09",
        "< 09 07",
        "< 09 07 1100 02 1200 19",
        "< 09 05 1100 02 1200", /* no UUID */
        "< 09 00 1100 02 1200 192a",
        "< 09 07 1100 02 1100 002a", /* value before its declaration */
        "< 09 07 1200 02 1100 002a",
        "< 09 07 0f00 02 1100 002a",                   /* before the service */
        "< 09 07 1300 02 1400 002a",                   /* behind it */
        "< 09 07 1100 02 1200 002a 1100 02 1200 012a", /* the same again */
        "< 09 02 1100",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        dialogue_ends(&att, find("180f", "2a19", 0),
                      LINES(ASK_180F, "< 07 1000 1300", "> 08 1000 1300 0328", lists[i]),
                      ATT_E_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(in_its_service_by_16_bits, setup),
        cmocka_unit_test_setup(in_its_service_by_128_bits, setup),
        cmocka_unit_test_setup(by_32_bits, setup),
        cmocka_unit_test_setup(in_any_service, setup),
        cmocka_unit_test_setup(the_last_handle_of_all_is_one_like_others, setup),
        cmocka_unit_test_setup(in_the_second_service_of_that_uuid, setup),
        cmocka_unit_test_setup(the_next_of_the_same_uuid, setup),
        cmocka_unit_test_setup(a_service_kept_in_the_long_form, setup),
        cmocka_unit_test_setup(no_such_service, setup),
        cmocka_unit_test_setup(what_the_last_search_saw_is_forgotten, setup),
        cmocka_unit_test_setup(no_such_characteristic, setup),
        cmocka_unit_test_setup(errors_on_the_way_are_told, setup),
        cmocka_unit_test_setup(services_that_make_no_sense, setup),
        cmocka_unit_test_setup(lists_of_services_that_make_no_sense, setup),
        cmocka_unit_test_setup(declarations_that_make_no_sense, setup),
    };

    return cmocka_run_group_tests_name("att_find", tests, NULL, NULL);
}
