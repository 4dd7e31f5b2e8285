/* mi32cfg: read and written in the original's shape; what is damaged is told with its line and
 * takes nothing else with it. */
#include "house.h"

#include "beacon/products.h"

#include <stdio.h>
#include <stdlib.h>

#define A "{\"MAC\":\"A4C138AABBCC\",\"PID\":\"055b\",\"key\":\"00112233445566778899AABBCCDDEEFF\"}"
#define B "{\"MAC\":\"F82441E95074\",\"PID\":\"0153\",\"key\":\"\"}"
#define C "{\"MAC\":\"582D34112233\",\"PID\":\"01aa\",\"key\":\"\"}"

struct report {
    unsigned n;
    unsigned line[8];
    char reason[8][96];
};

static void note(void *user, unsigned line, const char *reason)
{
    struct report *report = user;

    if (report->n < 8) {
        report->line[report->n] = line;
        snprintf(report->reason[report->n], sizeof(report->reason[0]), "%s", reason);
    }
    report->n++;
}

/* Reads the text from memory that ends where it ends. */
static struct registry_reading read_text(struct house *h, const char *text, struct report *report)
{
    const size_t len = strlen(text);
    char *exact = malloc(len > 0 ? len : 1);

    memset(report, 0, sizeof(*report));
    memcpy(exact, text, len);
    const struct registry_reading reading = registry_config_read(h->reg, exact, len, note, report);
    free(exact);
    assert_int_equal(reading.problems, report->n);
    return reading;
}

static void write_and_compare(const struct house *h, const char *want)
{
    char out[2048];

    assert_int_equal(registry_config_write(h->reg, out, sizeof(out)), strlen(want));
    assert_string_equal(out, want);
}

static void a_file_comes_back_as_it_was(void **state)
{
    static const char *const files[] = {
        "[" A "]",
        "[" A "," B "]",
        "[" B "," C "," A "]",
        "[{\"MAC\":\"A4C138AABBCC\",\"PID\":\"0a1c\",\"key\":\"\"}]",
        "[{\"MAC\":\"A4C138AABBCC\",\"PID\":\"7fab\",\"key\":\"\"}]",
        "[{\"MAC\":\"A4C138AABBCC\",\"PID\":\"0000\",\"key\":\"\",\"model\":\"HHCCJCY10\"}]",
        "[{\"MAC\":\"C4C138AABBCC\",\"PID\":\"b770\",\"key\":\"\",\"type\":1}]",
        "[{\"MAC\":\"A4C138AABBCC\",\"PID\":\"055b\",\"key\":\"\",\"name\":\"K\xc3\xbc"
        "che \\\"oben\\\"\"}]",
        /* a legacy key is kept as 12 bytes and written in its long form */
        "[{\"MAC\":\"F82441C5988B\",\"PID\":\"03b6\",\"key\":\"B853075158488D3D3C977CA39A5B5EA9\"}"
        "]",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct house h;
        struct report report;
        house_open(&h, 8);
        const struct registry_reading reading = read_text(&h, files[i], &report);
        assert_int_equal(reading.problems, 0);
        assert_true(reading.taken > 0);
        assert_int_equal(house_told(&h, REGISTRY_LISTED), reading.taken);
        write_and_compare(&h, files[i]);
        house_close(&h);
    }
}

static void the_order_of_entries_is_that_of_slots(void **state)
{
    struct house h;
    struct report report;
    struct registry_sensor sensor;

    (void)state;
    house_open(&h, 8);
    read_text(&h, "[" C "," A "," B "]", &report);
    assert_true(registry_find_slot(h.reg, 1, &sensor));
    assert_int_equal(sensor.mac.b[5], 0xcc);
    assert_int_equal(sensor.flags, REGISTRY_CONFIGURED | REGISTRY_KEPT | REGISTRY_HAS_KEY);
    assert_string_equal(sensor.product->model, "LYWSD03MMC");
    assert_false(sensor.flags & REGISTRY_HEARD);
    assert_int_equal(sensor.rssi, ADVERT_NO_RSSI);
    assert_int_equal(sensor.values, 0);
    house_close(&h);
}

/* What other writers may do, and the original's zero byte behind the file. */
static void what_is_tolerated(void **state)
{
    static const char *const files[] = {
        "[" A "]\n",
        "\xef\xbb\xbf [ " A " ]",
        "[{\"MAC\":\"a4:c1:38:AA:BB:CC\",\"PID\":\"055b\","
        "\"key\":\"00112233445566778899aabbccddeeff\"}]",
        "[\n  {\n    \"mac\": \"a4c138aabbcc\",\n    \"pid\": \"055B\",\n"
        "    \"KEY\": \"00112233445566778899aabbccddeeff\",\n    \"feat\": 4711\n  }\n]\n",
    };
    struct report report;

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct house h;
        house_open(&h, 8);
        assert_int_equal(read_text(&h, files[i], &report).taken, 1);
        assert_int_equal(report.n, 0);
        write_and_compare(&h, "[" A "]");
        house_close(&h);
    }
    struct house h;
    house_open(&h, 8);
    assert_int_equal(registry_config_read(h.reg, "[" A "]", sizeof("[" A "]"), note, &report).taken,
                     1);
    assert_int_equal(report.n, 0);
    house_close(&h);
}

static void every_model_without_an_id_comes_back(void **state)
{
    size_t n;
    const struct beacon_product *products = beacon_products(&n);
    unsigned tried = 0;

    (void)state;
    for (size_t i = 0; i < n; i++) {
        char text[160];
        struct house h;
        struct report report;
        if (products[i].id != 0)
            continue;
        tried++;
        snprintf(text, sizeof(text),
                 "[{\"MAC\":\"A4C138AABBCC\",\"PID\":\"0000\",\"key\":\"\",\"model\":\"%s\"}]",
                 products[i].model);
        house_open(&h, 8);
        assert_int_equal(read_text(&h, text, &report).problems, 0);
        write_and_compare(&h, text);
        house_close(&h);
    }
    assert_true(tried > 0);
}

/* Each damage, the lines on which it is told, and how many entries are taken all the same. */
static void a_damaged_file_loses_nothing_else(void **state)
{
    static const struct {
        const char *text;
        unsigned taken, problems, line;
        const char *reason; /* begins so */
    } rows[] = {
        { "", 0, 1, 1, "the file is no JSON array" },
        { "hello", 0, 1, 1, "the file is no JSON array" },
        { "{}", 0, 2, 1, "the file is no JSON array" },
        { "[" A "," B, 2, 1, 1, "the file breaks off" },
        { "[" A ",\n{\"MAC\":\"F82441E950}]", 1, 1, 2, "this entry is no JSON object" },
        { "[" A ",\n{\"MAC\":\"F82441E950", 1, 1, 2, "this entry is no JSON object" },
        { "[" A ",\n{\"MAC\" \"F82441E95074\"},\n" C "]", 2, 1, 2, "this entry is no JSON" },
        { "[" A ",\n{\"MAC\":\"F82441E95074\",\"PID\":\"0153\",\n" C "]", 2, 1, 2,
          "this entry is no JSON object" },
        { "[" A ",\n{\"MAC\":\"F82441E95074,\"PID\":\"0153\"},\n" C "]", 2, 1, 2,
          "this entry is no JSON object" },
        { "[\n" A ",\nnonsense,\n" C "]", 2, 1, 3, "text that belongs to no entry" },
        { "[" A ",\n{\"PID\":\"055b\",\"key\":\"\"},\n" C "]", 2, 1, 2, "MAC: 12 hex" },
        { "[" A ",\n{\"MAC\":\"F82441E9507\",\"PID\":\"0153\"},\n" C "]", 2, 1, 2, "MAC: 12 hex" },
        { "[" A ",\n{\"MAC\":\"F82441E9507X\",\"PID\":\"0153\"},\n" C "]", 2, 1, 2, "MAC: 12" },
        { "[" A ",\n{\"MAC\":12,\"PID\":\"0153\"},\n" C "]", 2, 1, 2, "MAC: 12 hex" },
        { "[" A ",\n{\"MAC\":\"F82441E95074\"},\n" C "]", 2, 1, 2, "PID: 4 hex" },
        { "[" A ",\n{\"MAC\":\"F82441E95074\",\"PID\":\"153\"},\n" C "]", 2, 1, 2, "PID: 4" },
        { "[" A ",\n{\"MAC\":\"F82441E95074\",\"PID\":\"01g3\"},\n" C "]", 2, 1, 2, "PID: 4" },
        { "[" A ",\n\n{\"MAC\":\"F82441E95074\",\"PID\":\"0153\",\"key\":\"0011\"},\n" C "]", 2, 1,
          3, "key: 32 hex" },
        { "[" A ",\n{\"MAC\":\"F82441E95074\",\"PID\":\"0153\","
          "\"key\":\"0011223344556677X899AABBCCDDEEFF\"},\n" C "]",
          2, 1, 2, "key: a character" },
        { "[" A ",\n{\"MAC\":\"F82441E95074\",\"PID\":\"0153\",\"type\":\"x\"},\n" C "]", 2, 1, 2,
          "type: 0" },
        { "[" A ",\n" A ",\n" C "]", 2, 1, 2, "this MAC is in the file already" },
        { "[" A ",\n{\"MAC\":\"F82441E95074\",\"PID\":\"0153\",\"name\":\"a\\nb\"},\n" C "]", 3, 1,
          2, "a name has up to" },
        { "[" A "]\n[" B "]", 1, 1, 2, "text behind the closing ]" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct house h;
        struct report report;
        house_open(&h, 8);
        const struct registry_reading reading = read_text(&h, rows[i].text, &report);
        assert_int_equal(reading.taken, rows[i].taken);
        assert_int_equal(report.line[0], rows[i].line);
        assert_memory_equal(report.reason[0], rows[i].reason, strlen(rows[i].reason));
        assert_int_equal(report.n, rows[i].problems);
        house_close(&h);
    }
}

/* Cut off at every length: what was whole before the cut is there, and the cut is told. */
static void cut_at_every_length(void **state)
{
    static const char whole[] = "[" A ",\n" B ",\n" C "]\n";

    (void)state;
    for (size_t n = 0; n < sizeof(whole) - 2; n++) {
        char text[sizeof(whole)];
        struct house h;
        struct report report;
        unsigned expected = 0;
        expected += n >= sizeof("[" A) - 1;
        expected += n >= sizeof("[" A ",\n" B) - 1;
        expected += n >= sizeof("[" A ",\n" B ",\n" C) - 1;
        memcpy(text, whole, n);
        text[n] = '\0';
        house_open(&h, 8);
        assert_int_equal(read_text(&h, text, &report).taken, expected);
        assert_true(report.n > 0);
        house_close(&h);
    }
}

/* Each damaged entry is sought through to the end: not a thousand of them. */
static void too_much_damage_is_not_read(void **state)
{
    const size_t len = 5000;
    char *text = malloc(len + 1);
    struct house h;
    struct report report;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < len; i++)
        text[i] = "{\"a\" "[i % 5];
    text[0] = '[';
    text[len] = '\0';
    house_open(&h, 8);
    assert_int_equal(read_text(&h, text, &report).taken, 0);
    assert_int_equal(report.n, 100 + 1);
    house_close(&h);
    free(text);
}

static void more_than_there_is_room_for(void **state)
{
    struct house h;
    struct report report;

    (void)state;
    house_open(&h, 2);
    assert_int_equal(read_text(&h, "[" A ",\n" B ",\n" C "]", &report).taken, 2);
    assert_int_equal(report.n, 1);
    assert_int_equal(report.line[0], 3);
    assert_string_equal(report.reason[0], "no room for more sensors");
    house_close(&h);
}

/* No limit but the memory: the original stops at 26 keyed entries. */
static void a_hundred_sensors(void **state)
{
    struct house h;
    struct report report;
    const size_t room = 90 * 100;
    char *text = malloc(room), *again = malloc(room);
    size_t len = 0;

    (void)state;
    house_open(&h, 100);
    for (unsigned i = 0; i < 100; i++)
        len += (size_t)snprintf(text + len, room - len,
                                "%c{\"MAC\":\"A4C13800%04X\",\"PID\":\"055b\",\"key\":\"%032X\"}",
                                i == 0 ? '[' : ',', i, i + 1);
    len += (size_t)snprintf(text + len, room - len, "]");
    assert_int_equal(read_text(&h, text, &report).taken, 100);
    assert_int_equal(registry_config_write(h.reg, again, room), len);
    assert_string_equal(again, text);
    assert_int_equal(registry_config_write(h.reg, again, 100), len); /* tells what it needs */
    free(text);
    free(again);
    house_close(&h);
}

static void writing_lists_what_is_listed(void **state)
{
    struct house h;
    char out[256] = "old";

    (void)state;
    house_open(&h, 8);
    assert_int_equal(registry_config_write(h.reg, out, sizeof(out)), 0);
    assert_string_equal(out, "");
    registry_set_auto_add(h.reg, false);
    const struct frame a = plain_warm(neighbour, 1, 1), b = plain_warm(thermometer, 1, 1);
    house_hear(&h, &a);
    registry_set_auto_add(h.reg, true);
    house_hear(&h, &b);
    write_and_compare(&h, "[{\"MAC\":\"A4C138012345\",\"PID\":\"01aa\",\"key\":\"\"}]");
    assert_false(house_sensor(&h, thermometer).flags & REGISTRY_CONFIGURED);
    registry_config_saved(h.reg);
    assert_int_equal(house_sensor(&h, thermometer).flags & (REGISTRY_CONFIGURED | REGISTRY_KEPT),
                     REGISTRY_CONFIGURED | REGISTRY_KEPT);
    assert_false(house_sensor(&h, neighbour).flags & REGISTRY_KEPT);
    house_close(&h);
}

/* A frame that comes while the file is on its way to the disk changes nothing about it. */
static void heard_during_the_save(void **state)
{
    struct house h;
    char out[256];

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    const struct frame first = warm(1, 200), second = warm(2, 201);
    assert_int_equal(house_hear(&h, &first), BEACON_OK);
    registry_config_write(h.reg, out, sizeof(out));
    assert_int_equal(house_hear(&h, &second), BEACON_OK);
    registry_config_saved(h.reg);
    assert_true(house_sensor(&h, thermometer).flags & REGISTRY_CONFIGURED);
    registry_state_write(h.reg, out, sizeof(out));
    assert_non_null(strstr(out, "\"in_mi32cfg\":true"));
    house_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_comes_back_as_it_was),
        cmocka_unit_test(the_order_of_entries_is_that_of_slots),
        cmocka_unit_test(what_is_tolerated),
        cmocka_unit_test(every_model_without_an_id_comes_back),
        cmocka_unit_test(a_damaged_file_loses_nothing_else),
        cmocka_unit_test(cut_at_every_length),
        cmocka_unit_test(too_much_damage_is_not_read),
        cmocka_unit_test(more_than_there_is_room_for),
        cmocka_unit_test(a_hundred_sensors),
        cmocka_unit_test(writing_lists_what_is_listed),
        cmocka_unit_test(heard_during_the_save),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
