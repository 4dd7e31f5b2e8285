/* The table of `mi32 scan`: who is kept, what is known of them, and rows that keep to their width.
 */
#include "scan_table.h"

#include "base/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PLAIN     "0a16d2fc4002ca0903bf13" /* BTHome: temperature and humidity */
#define ENCRYPTED "181695fe5830b603d28b98c54124f8c3491476757e00000099"
#define NO_KEY    "1216d2fc41a4723f66bf010011223378237214" /* BTHome, encrypted */
#define UNBOUND   "111695fe30585b05016b872f38c1a4280100"
#define SCALE     "10161b180200ea070b16071e0000001437" /* its model has the longest name */
#define STRANGER  "020106"

static struct scan_table *table;
static FILE *file; /* what standard output is while a row is printed */
static int terminal;

static int begin(void **state)
{
    (void)state;
    table = calloc(1, sizeof(*table));
    file = tmpfile();
    terminal = dup(STDOUT_FILENO);
    return table && file && terminal >= 0 ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    free(table);
    fclose(file);
    close(terminal);
    return 0;
}

static struct mac mac_of(unsigned number)
{
    return (struct mac){ { 0xa4, 0xc1, 0x38, 0, (uint8_t)(number >> 8), (uint8_t)number } };
}

static void hear(unsigned number, uint64_t at_ms, const char *hex)
{
    uint8_t data[64];
    struct advert advert = { .addr = mac_of(number), .rssi = -60, .data = data };

    advert.len = (uint16_t)(strlen(hex) / 2);
    advert.heard_ms = at_ms;
    assert_true(hex_decode(hex, strlen(hex), data, sizeof(data)));
    scan_table_note(table, &advert);
}

/* As AD structure 09, its complete local name. */
static void hear_name(unsigned number, uint64_t at_ms, const char *name)
{
    uint8_t data[64] = { (uint8_t)(strlen(name) + 1), 0x09 };
    struct advert advert = { .addr = mac_of(number), .rssi = ADVERT_NO_RSSI, .data = data };

    memcpy(data + 2, name, strlen(name));
    advert.len = (uint16_t)(2 + strlen(name));
    advert.heard_ms = at_ms;
    scan_table_note(table, &advert);
}

static const struct scan_device *device(unsigned number)
{
    for (size_t i = 0; i < table->count; i++) {
        if (mac_equal(table->devices[i].mac, mac_of(number)))
            return &table->devices[i];
    }
    return NULL;
}

static void begin_printing(void)
{
    fflush(stdout);
    assert_true(dup2(fileno(file), STDOUT_FILENO) >= 0);
}

static const char *printed(void)
{
    static char text[512];

    fflush(stdout);
    dup2(terminal, STDOUT_FILENO);
    rewind(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    rewind(file);
    assert_int_equal(ftruncate(fileno(file), 0), 0);
    return text;
}

static const char *row_of(unsigned number, uint64_t now_ms, size_t width)
{
    begin_printing();
    scan_print_row(device(number), now_ms, width);
    return printed();
}

static const char *json_of(unsigned number)
{
    begin_printing();
    scan_print_json(device(number), 3000);
    return printed();
}

/* ---- who is kept ---- */

static void a_full_table_forgets_who_was_heard_longest_ago(void **state)
{
    (void)state;
    for (unsigned n = 0; n < SCAN_DEVICES_MAX; n++)
        hear(n, 1000 + n, STRANGER);
    hear(0, 9000, STRANGER);
    hear(5000, 9001, STRANGER);
    assert_int_equal(table->count, SCAN_DEVICES_MAX);
    assert_non_null(device(0));
    assert_null(device(1));
    assert_non_null(device(2));
    assert_int_equal(device(0)->frames, 2);
    assert_int_equal(device(5000)->frames, 1);
}

/* Phones change their address all the time. */
static void strangers_take_the_place_of_strangers(void **state)
{
    (void)state;
    hear(1, 1000, ENCRYPTED);
    for (unsigned n = 10; n < 10 + 2 * SCAN_DEVICES_MAX; n++)
        hear(n, 2000 + n, STRANGER);
    assert_non_null(device(1));
    assert_int_equal(table->count, SCAN_DEVICES_MAX);
    for (unsigned n = 0; n < SCAN_DEVICES_MAX; n++) /* sensors only: then it is their turn */
        hear(5000 + n, 20000 + n, ENCRYPTED);
    assert_null(device(1));
}

/* ---- what is known of them ---- */

static void what_stands_under_key(void **state)
{
    (void)state;
    hear(1, 1000, PLAIN);
    assert_string_equal(scan_device_key(device(1)), "plain");
    hear(2, 1000, ENCRYPTED);
    assert_string_equal(scan_device_key(device(2)), "needed");
    hear(2, 2000, STRANGER); /* a frame of another kind takes nothing back */
    hear(2, 2001, PLAIN);
    assert_string_equal(scan_device_key(device(2)), "needed");
    scan_table_tell(table, mac_of(2), "Kitchen", "set");
    assert_string_equal(scan_device_key(device(2)), "set");
    assert_string_equal(device(2)->name, "Kitchen");
    hear(3, 1000, UNBOUND);
    scan_table_tell(table, mac_of(3), "", "needed");
    assert_string_equal(scan_device_key(device(3)), "not activated");
    hear(4, 1000, STRANGER);
    assert_string_equal(scan_device_key(device(4)), "");
    hear_name(4, 2000, "first");
    hear_name(4, 3000, "second");
    assert_string_equal(device(4)->name, "first");
    scan_table_tell(table, mac_of(99), "nobody", "set");
    assert_int_equal(table->count, 4);
}

/* The table decodes without a key: of a frame whose key the gateway has it cannot tell. */
static void an_outcome_does_not_contradict_the_key(void **state)
{
    (void)state;
    hear(1, 1000, NO_KEY);
    assert_non_null(strstr(json_of(1), "\"outcome\":\"no_key\""));
    scan_table_tell(table, mac_of(1), "", "needed");
    assert_non_null(strstr(json_of(1), "\"outcome\":\"no_key\""));
    scan_table_tell(table, mac_of(1), "", "wrong");
    assert_null(strstr(json_of(1), "outcome"));
    scan_table_tell(table, mac_of(1), "", "set");
    assert_null(strstr(json_of(1), "outcome"));
    hear(1, 2000, PLAIN);
    assert_non_null(strstr(json_of(1), "\"outcome\":\"ok\""));
}

static void how_often_it_was_heard(void **state)
{
    (void)state;
    hear(1, 1000, STRANGER);
    assert_int_equal(scan_device_rate10(device(1), 1999), 0);
    hear(1, 31000, STRANGER);
    assert_int_equal(scan_device_rate10(device(1), 61000), 20); /* 2 in a minute */
}

/* ---- rows ---- */

static void a_row_keeps_to_its_width(void **state)
{
    (void)state;
    hear_name(1, 1000, "B\xc3\xa4r\xc3\xa4nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn");
    assert_string_equal(row_of(1, 3000, 1), "A");
    assert_string_equal(row_of(1, 3000, 5), "A4C13");
    assert_string_equal(row_of(1, 3000, 20), "A4C138000001        ");
    assert_non_null(strstr(row_of(1, 3000, 79), "2s    30.0   B\xc3\xa4r"));
    assert_null(strstr(row_of(1, 3000, 79), "B\xc3\xa4r\xc3\xa4"));
    assert_int_equal(strlen(row_of(1, 3000, 1000)), 76 + 32 + 2); /* 2 letters of 2 bytes */
}

static void a_long_cell_leaves_a_blank(void **state)
{
    (void)state;
    hear(1, 1000, SCALE);
    assert_non_null(strstr(row_of(1, 3000, 110), " XMTZC02HM/XMTZC05 plain "));
    assert_non_null(strstr(row_of(1, 3000, 40), " XMTZC02HM")); /* what the row cuts has none */
}

static void a_row_tells_what_is_known(void **state)
{
    (void)state;
    hear(1, 1000, PLAIN);
    hear_name(1, 2000, "Kitchen");
    assert_string_equal(row_of(1, 2000, 30), "A4C138000001      bthome2     ");
    hear(1, 61000, PLAIN);
    assert_string_equal(row_of(1, 61000, 200), "A4C138000001 -60  bthome2      BTHome            "
                                               "plain         0s    3.0    Kitchen");
}

static void hostile_bytes_are_one_column_each(void **state)
{
    (void)state;
    hear_name(1, 1000,
              "\x1b[2J\xff\xfe\x9b"
              "31m\xe2\x80\xaeok");
    assert_string_equal(row_of(1, 3000, 200) + 76, "?[2J???31m?ok");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_table_forgets_who_was_heard_longest_ago, begin, end),
        cmocka_unit_test_setup_teardown(strangers_take_the_place_of_strangers, begin, end),
        cmocka_unit_test_setup_teardown(what_stands_under_key, begin, end),
        cmocka_unit_test_setup_teardown(an_outcome_does_not_contradict_the_key, begin, end),
        cmocka_unit_test_setup_teardown(how_often_it_was_heard, begin, end),
        cmocka_unit_test_setup_teardown(a_row_keeps_to_its_width, begin, end),
        cmocka_unit_test_setup_teardown(a_long_cell_leaves_a_blank, begin, end),
        cmocka_unit_test_setup_teardown(a_row_tells_what_is_known, begin, end),
        cmocka_unit_test_setup_teardown(hostile_bytes_are_one_column_each, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
