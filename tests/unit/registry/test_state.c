/* The state file: what survives a restart, when it has to be written, and what is refused. */
#include "house.h"

#include "beacon/products.h"

#include <stdio.h>
#include <stdlib.h>

static void decisions_survive_a_restart(void **state)
{
    static const struct mac ignored = { { 0x58, 0x2d, 0x34, 1, 1, 1 } };
    static const struct mac stranger = { { 0x58, 0x2d, 0x34, 2, 2, 2 } };
    static const struct mac keyed = { { 0x58, 0x2d, 0x34, 3, 3, 3 } };
    struct house h;

    (void)state;
    house_open(&h, 8);
    const struct frame a = plain_warm(neighbour, 1, 1), b = plain_warm(stranger, 1, 1);
    const struct frame c = plain_warm(thermometer, 1, 1);
    house_hear(&h, &b);
    house_hear(&h, &a);
    house_hear(&h, &c);
    assert_int_equal(registry_approve(h.reg, neighbour), REGISTRY_OK);
    assert_int_equal(registry_ignore(h.reg, ignored), REGISTRY_OK);
    assert_int_equal(registry_set_name(h.reg, thermometer, "Au\xc3\x9f\"en", 7), REGISTRY_OK);
    set_key(&h, keyed);
    assert_int_equal(registry_allow_plain(h.reg, keyed, true), REGISTRY_OK);
    house_restart(&h, NULL);

    const struct registry_sensor s = house_sensor(&h, neighbour);
    assert_int_equal(s.slot, 0);
    assert_int_equal(s.flags, REGISTRY_APPROVED | REGISTRY_KEPT);
    assert_string_equal(s.product->model, "LYWSDCGQ");
    assert_string_equal(house_sensor(&h, thermometer).name, "Au\xc3\x9f\"en");
    assert_int_equal(house_sensor(&h, thermometer).slot, 1);
    assert_int_equal(house_sensor(&h, ignored).standing, REGISTRY_IS_IGNORED);
    assert_int_equal(house_sensor(&h, keyed).standing, REGISTRY_IS_PENDING);
    assert_int_equal(house_sensor(&h, keyed).flags,
                     REGISTRY_KEPT | REGISTRY_HAS_KEY | REGISTRY_PLAIN_OK);
    assert_non_null(registry_key(h.reg, keyed));
    assert_false(registry_find(h.reg, stranger, NULL));
    house_close(&h);
}

/* Sensors of mi32cfg come first, in its order; the state file completes them. */
static void mi32cfg_comes_first(void **state)
{
    static const char file[] = "[{\"MAC\":\"A4C138012345\",\"PID\":\"055b\",\"key\":"
                               "\"00112233445566778899AABBCCDDEEFF\"}]";
    struct house h;

    (void)state;
    house_open(&h, 8);
    const struct frame a = plain_warm(neighbour, 1, 1);
    house_hear(&h, &a);
    assert_int_equal(registry_approve(h.reg, neighbour), REGISTRY_OK);
    assert_int_equal(registry_config_read(h.reg, file, strlen(file), NULL, NULL).taken, 1);
    const struct frame b = warm(100, 200);
    assert_int_equal(house_hear(&h, &b), BEACON_OK);
    house_restart(&h, file);
    assert_int_equal(house_sensor(&h, thermometer).slot, 0);
    assert_int_equal(house_sensor(&h, neighbour).slot, 1);
    assert_int_equal(house_hear(&h, &b), BEACON_DUPLICATE);
    house_close(&h);
}

/* Ignored without MI32Cfg: the old file must not bring it back. */
static void ignored_beats_mi32cfg(void **state)
{
    static const char file[] = "[{\"MAC\":\"A4C138012345\",\"PID\":\"055b\",\"key\":\"\"}]";
    struct house h;

    (void)state;
    house_open(&h, 8);
    assert_int_equal(registry_config_read(h.reg, file, strlen(file), NULL, NULL).taken, 1);
    assert_int_equal(registry_ignore(h.reg, thermometer), REGISTRY_OK);
    house_restart(&h, file);
    assert_int_equal(house_sensor(&h, thermometer).standing, REGISTRY_IS_IGNORED);
    assert_int_equal(registry_approve(h.reg, thermometer), REGISTRY_OK);
    house_restart(&h, file);
    assert_int_equal(house_sensor(&h, thermometer).slot, 0);
    house_close(&h);
}

static void note(void *user, unsigned line, const char *reason)
{
    snprintf(user, 160, "%u: %s", line, reason);
}

/* Reads a state written by `h` into a house whose mi32cfg has `file`. */
static void move_in(struct house *h, const char *file, char problem[160])
{
    char text[4096];
    struct registry_reading reading;
    const size_t len = registry_state_write(h->reg, text, sizeof(text));

    problem[0] = '\0';
    house_close(h);
    house_build(h);
    registry_config_read(h->reg, file, strlen(file), NULL, NULL);
    assert_int_equal(registry_state_read(h->reg, text, len, note, problem, &reading), REGISTRY_OK);
    assert_int_equal(reading.problems, 0); /* none that a copy of the file must be kept for */
}

#define FILE_WITH(key) "[{\"MAC\":\"A4C138012345\",\"PID\":\"055b\",\"key\":\"" key "\"}]"
#define KEY_1          "00112233445566778899AABBCCDDEEFF"
#define KEY_2          "FFEEDDCCBBAA99887766554433221100"

/* mi32cfg was edited by hand: its key is in force, and counts from its own beginning. */
static void a_key_changed_in_mi32cfg_wins(void **state)
{
    struct house h;
    char problem[160];

    (void)state;
    house_open(&h, 8);
    registry_config_read(h.reg, FILE_WITH(KEY_2), strlen(FILE_WITH(KEY_2)), NULL, NULL);
    move_in(&h, FILE_WITH(KEY_1), problem);
    assert_string_equal(problem, "");
    const struct frame f = warm(1, 200);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    house_close(&h);
}

/* A key that is entered while mi32cfg is on its way to the disk is not in it. */
static void a_key_entered_during_the_save_wins(void **state)
{
    struct house h;
    char problem[160], config[256];

    (void)state;
    house_open(&h, 8);
    registry_config_read(h.reg, FILE_WITH(KEY_2), strlen(FILE_WITH(KEY_2)), NULL, NULL);
    registry_config_write(h.reg, config, sizeof(config));
    set_key(&h, thermometer);
    registry_config_saved(h.reg);
    move_in(&h, config, problem);
    assert_memory_equal(problem, "2: mi32cfg has another key", 26);
    const struct frame f = warm(1, 200);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    house_close(&h);
}

/* A key was entered and MI32Cfg not called: it is not lost, and the difference is told. */
static void a_key_entered_later_wins(void **state)
{
    struct house h;
    char problem[160];

    (void)state;
    house_open(&h, 8);
    registry_config_read(h.reg, FILE_WITH(KEY_2), strlen(FILE_WITH(KEY_2)), NULL, NULL);
    set_key(&h, thermometer);
    const struct frame f = warm(50, 200);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    move_in(&h, FILE_WITH(KEY_2), problem);
    assert_memory_equal(problem, "2: mi32cfg has another key", 26);
    assert_int_equal(house_hear(&h, &f), BEACON_DUPLICATE);
    const struct frame g = warm(51, 200);
    assert_int_equal(house_hear(&h, &g), BEACON_OK);
    house_close(&h);
}

/* An event that moved a window is on disk within 10 s, a value within 5 min. */
static void when_it_is_due(void **state)
{
    static const uint8_t moved[] = { 1, 0, 0 };
    struct house h;
    char text[1024];

    (void)state;
    house_open(&h, 8);
    assert_true(registry_state_due(h.reg) == UINT64_MAX);
    const struct frame plain = plain_warm(neighbour, 1, 1);
    house_hear(&h, &plain);
    assert_true(registry_state_due(h.reg) == UINT64_MAX); /* nothing to remember of a stranger */
    set_key(&h, thermometer);
    assert_true(registry_state_due(h.reg) == h.now_ms + 10 * SECOND);

    assert_true(registry_state_write(h.reg, text, 10) > 10);
    assert_true(registry_state_due(h.reg) != UINT64_MAX); /* that buffer was too small */
    assert_true(registry_state_write(h.reg, text, sizeof(text)) < sizeof(text));
    assert_true(registry_state_due(h.reg) == UINT64_MAX);

    const struct frame value = warm(1, 200);
    house_hear(&h, &value);
    const uint64_t heard_ms = h.now_ms;
    assert_true(registry_state_due(h.reg) == heard_ms + 5 * MINUTE);
    house_pass(&h, MINUTE);
    const struct frame next = warm(2, 200);
    house_hear(&h, &next);
    assert_true(registry_state_due(h.reg) == heard_ms + 5 * MINUTE); /* not put off for ever */
    const struct frame motion =
        mibeacon_sealed(thermometer, 0x0a8d, 3, thermometer_key, 0x000f, moved, sizeof(moved));
    house_hear(&h, &motion);
    assert_true(registry_state_due(h.reg) == h.now_ms + 10 * SECOND);
    house_hear(&h, &motion);
    registry_state_write(h.reg, text, sizeof(text));
    house_hear(&h, &motion);
    assert_true(registry_state_due(h.reg) == UINT64_MAX); /* a duplicate moves nothing */
    registry_state_unsaved(h.reg);
    assert_true(registry_state_due(h.reg) == h.now_ms + 10 * SECOND);
    house_close(&h);
}

static void what_is_refused(void **state)
{
    static const struct {
        const char *text;
        enum registry_result want;
    } rows[] = {
        { "", REGISTRY_E_DAMAGED },
        { "[]", REGISTRY_E_DAMAGED },
        { "{\"mi32_state\":1}", REGISTRY_E_DAMAGED },
        { "{\"mi32_state\":0,\"sensors\":[]}", REGISTRY_E_DAMAGED },
        { "{\"mi32_state\":1,\"sensors\":[{\"mac\":\"A4C138012345\"", REGISTRY_E_DAMAGED },
        { "{\"mi32_state\":2,\"sensors\":[]}", REGISTRY_E_VERSION },
        { "{\"mi32_state\":1,\"sensors\":[]}", REGISTRY_OK },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct house h;
        house_open(&h, 8);
        assert_int_equal(
            registry_state_read(h.reg, rows[i].text, strlen(rows[i].text), NULL, NULL, NULL),
            rows[i].want);
        assert_false(registry_find(h.reg, thermometer, NULL));
        house_close(&h);
    }
    assert_non_null(strstr(registry_result_text(REGISTRY_E_VERSION), "newer"));
    assert_non_null(strstr(registry_result_text(REGISTRY_E_DAMAGED), "damaged"));
    assert_string_equal(registry_result_text((enum registry_result) - 99), "unknown result");
}

/* One wrong entry is told with its line, and the others are taken. */
static void a_wrong_entry_takes_no_other_with_it(void **state)
{
    static const char *const bad[] = {
        "{\"mac\":\"A4C13801234\",\"is\":\"listed\"}",
        "{\"mac\":\"A4C138012345\",\"is\":\"listed\",\"approved\":true,\"key\":\"001\"}",
        "{\"mac\":\"A4C138012345\",\"is\":\"listed\",\"key\":\"" KEY_1 "\",\"windows\":[\"x\",0,1,"
        "\"0000000000000001\"]}",
        "{\"mac\":\"A4C138012345\",\"is\":\"listed\",\"key\":\"" KEY_1 "\",\"windows\":[\"pvvx\"]}",
        "{\"mac\":\"A4C138012345\",\"is\":\"listed\",\"approved\":true,\"name\":\"7\"}",
        "17",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char text[512], problem[160] = "";
        struct registry_reading reading;
        struct house h;
        snprintf(
            text, sizeof(text),
            "{\"mi32_state\":1,\"sensors\":[\n%s,\n{\"mac\":\"582D34359321\",\"is\":\"listed\","
            "\"approved\":true}]}",
            bad[i]);
        house_open(&h, 8);
        assert_int_equal(registry_state_read(h.reg, text, strlen(text), note, problem, &reading),
                         REGISTRY_OK);
        assert_int_equal(reading.taken, 1);
        assert_int_equal(reading.problems, 1);
        assert_memory_equal(problem, "2: ", 3);
        assert_int_equal(house_sensor(&h, neighbour).standing, REGISTRY_IS_LISTED);
        house_close(&h);
    }
}

/* Damaged at any byte it is refused or read; never more than what it says. */
static void cut_at_every_length(void **state)
{
    struct house h;
    char text[1024];

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    const struct frame f = warm(7, 200);
    house_hear(&h, &f);
    const size_t len = registry_state_write(h.reg, text, sizeof(text));
    for (size_t n = 0; n + 2 < len; n++) {
        char *cut = malloc(n + 1);
        memcpy(cut, text, n);
        assert_int_equal(registry_state_read(h.reg, cut, n, NULL, NULL, NULL), REGISTRY_E_DAMAGED);
        free(cut);
    }
    house_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_survive_a_restart),
        cmocka_unit_test(mi32cfg_comes_first),
        cmocka_unit_test(ignored_beats_mi32cfg),
        cmocka_unit_test(a_key_changed_in_mi32cfg_wins),
        cmocka_unit_test(a_key_entered_during_the_save_wins),
        cmocka_unit_test(a_key_entered_later_wins),
        cmocka_unit_test(when_it_is_due),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(a_wrong_entry_takes_no_other_with_it),
        cmocka_unit_test(cut_at_every_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
