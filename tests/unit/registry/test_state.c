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
    char text[2048];
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
    registry_state_write(h.reg, text, sizeof(text));
    assert_non_null(strstr(text, "582D34030303"));
    assert_null(strstr(text, "582D34020202")); /* a flood of strangers makes no file grow */
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

/* ---- what commands changed since mi32cfg was saved ---- */

#define KEY_1 "00112233445566778899AABBCCDDEEFF"
#define KEY_2 "FFEEDDCCBBAA99887766554433221100"
#define THREE(name)                                                                                \
    "[{\"MAC\":\"582D34000000\",\"PID\":\"01aa\",\"key\":\"\"},"                                   \
    "{\"MAC\":\"582D34000001\",\"PID\":\"01aa\",\"key\":\"" KEY_1 "\"" name "},"                   \
    "{\"MAC\":\"582D34000002\",\"PID\":\"01aa\",\"key\":\"\",\"name\":\"Flur\"}]"

static const char three[] = THREE(",\"name\":\"Bad\"");

static struct mac mac_of(uint8_t n)
{
    return (struct mac){ { 0x58, 0x2d, 0x34, 0, 0, n } };
}

static void open_three(struct house *h)
{
    house_open(h, 8);
    assert_int_equal(registry_config_read(h->reg, three, strlen(three), NULL, NULL).taken, 3);
}

static void assert_named(const struct house *h, uint8_t n, const char *name)
{
    assert_string_equal(house_sensor(h, mac_of(n)).name, name);
}

static void rename_to(struct house *h, uint8_t n, const char *name)
{
    assert_int_equal(registry_set_name(h->reg, mac_of(n), name, strlen(name)), REGISTRY_OK);
}

/* Two swap their names, and one loses its; then mi32cfg is edited by hand, which is in force. */
static void a_name_given_later_wins(void **state)
{
    static const char edited[] = THREE(",\"name\":\"Keller\"");
    static const char removed[] = THREE("");
    char saved[512];
    struct house h;

    (void)state;
    open_three(&h);
    rename_to(&h, 1, "");
    rename_to(&h, 2, "Bad");
    rename_to(&h, 1, "Flur");
    rename_to(&h, 0, "Dach");
    for (unsigned turn = 0; turn < 2; turn++) {
        house_restart(&h, three);
        assert_named(&h, 0, "Dach");
        assert_named(&h, 1, "Flur");
        assert_named(&h, 2, "Bad");
    }
    rename_to(&h, 2, "");
    for (unsigned turn = 0; turn < 2; turn++) {
        house_restart(&h, three);
        assert_named(&h, 2, "");
    }
    registry_config_write(h.reg, saved, sizeof(saved));
    rename_to(&h, 0, "Boden"); /* while the file is on its way */
    registry_config_saved(h.reg);
    house_restart(&h, saved);
    assert_named(&h, 0, "Boden");
    assert_named(&h, 1, "Flur");
    house_restart(&h, edited);
    assert_named(&h, 1, "Keller");
    house_restart(&h, removed);
    assert_named(&h, 1, "");
    house_close(&h);
}

static void a_replaced_one_stays_replaced(void **state)
{
    char saved[512];
    struct house h;

    (void)state;
    open_three(&h);
    assert_int_equal(registry_replace(h.reg, mac_of(1), mac_of(7)), REGISTRY_OK);
    for (unsigned turn = 0; turn < 3; turn++) {
        const struct registry_sensor fresh = house_sensor(&h, mac_of(7));
        assert_string_equal(fresh.name, "Bad");
        assert_int_equal(fresh.slot, 1);
        assert_true(mac_equal(fresh.identity, mac_of(1)));
        assert_int_equal(house_sensor(&h, mac_of(1)).standing, REGISTRY_IS_IGNORED);
        assert_named(&h, 1, "");
        assert_int_equal(house_sensor(&h, mac_of(2)).slot, 2);
        house_restart(&h, three);
    }
    registry_config_write(h.reg, saved, sizeof(saved));
    registry_config_saved(h.reg);
    assert_int_equal(registry_replace(h.reg, mac_of(7), mac_of(6)), REGISTRY_OK);
    house_restart(&h, saved);
    assert_named(&h, 6, "Bad");
    assert_int_equal(house_sensor(&h, mac_of(6)).slot, 1);
    assert_true(mac_equal(house_sensor(&h, mac_of(6)).identity, mac_of(1)));
    house_close(&h);
}

/* Key, name and slot, until it is put back on purpose; an ignored one likewise. */
static void a_forgotten_one_stays_forgotten(void **state)
{
    char saved[512];
    struct house h;

    (void)state;
    house_plan(&h, 8);
    h.config.forgotten = 3;
    house_build(&h);
    registry_config_read(h.reg, three, strlen(three), NULL, NULL);
    assert_int_equal(registry_ignore(h.reg, mac_of(2)), REGISTRY_OK);
    for (uint8_t i = 1; i < 3; i++)
        assert_int_equal(registry_forget(h.reg, mac_of(i)), REGISTRY_OK);
    for (unsigned turn = 0; turn < 2; turn++) {
        house_restart(&h, three);
        assert_false(registry_find(h.reg, mac_of(1), NULL));
        assert_false(registry_find(h.reg, mac_of(2), NULL));
    }
    assert_int_equal(registry_set_key(h.reg, mac_of(1), thermometer_key, 12, NULL), REGISTRY_OK);
    house_restart(&h, three);
    assert_named(&h, 1, "");
    assert_int_equal(registry_key(h.reg, mac_of(1))->len, 12);
    assert_int_equal(registry_forget(h.reg, mac_of(1)), REGISTRY_OK);

    /* Saved without them, they may come back. */
    registry_config_write(h.reg, saved, sizeof(saved));
    assert_int_equal(registry_forget(h.reg, mac_of(0)), REGISTRY_OK); /* it is in that file */
    registry_config_saved(h.reg);
    house_restart(&h, three);
    assert_false(registry_find(h.reg, mac_of(0), NULL));
    assert_named(&h, 1, "Bad");
    house_restart(&h, saved);
    assert_false(registry_find(h.reg, mac_of(0), NULL));
    house_close(&h);
}

static void forgetting_has_a_limit(void **state)
{
    struct house h;

    (void)state;
    house_plan(&h, 8);
    h.config.forgotten = 1;
    house_build(&h);
    registry_config_read(h.reg, three, strlen(three), NULL, NULL);
    assert_int_equal(registry_forget(h.reg, mac_of(0)), REGISTRY_OK);
    assert_int_equal(registry_forget(h.reg, mac_of(1)), REGISTRY_E_UNSAVED);
    assert_named(&h, 1, "Bad");
    registry_config_write(h.reg, NULL, 0);
    registry_config_saved(h.reg);
    assert_int_equal(registry_forget(h.reg, mac_of(1)), REGISTRY_OK);
    assert_non_null(strstr(registry_result_text(REGISTRY_E_UNSAVED), "MI32Cfg"));
    house_close(&h);
}

/* What somebody has taken out of mi32cfg does not come back from the state. A file that is damaged
 * takes nothing out. */
static void what_is_taken_out_of_mi32cfg_is_gone(void **state)
{
    static const char without[] = "[{\"MAC\":\"582D34000000\",\"PID\":\"01aa\",\"key\":\"\"}]";
    static const char keyless[] = "[{\"MAC\":\"582D34000001\",\"PID\":\"01aa\",\"key\":\"\"},"
                                  "{\"MAC\":\"582D34000002\",\"PID\":\"01aa\",\"key\":\"\"}]";
    static const char damaged[] = "[{\"MAC\":\"582D34000000\",\"PID\":\"01aa\",\"key\":\"\"},";
    char text[2048];
    struct house h;

    (void)state;
    open_three(&h);
    const size_t len = registry_state_write(h.reg, text, sizeof(text));
    house_close(&h);
    house_build(&h);
    assert_true(registry_config_read(h.reg, damaged, strlen(damaged), NULL, NULL).problems > 0);
    assert_int_equal(registry_state_read(h.reg, text, len, NULL, NULL, NULL), REGISTRY_OK);
    assert_non_null(registry_key(h.reg, mac_of(1)));
    house_close(&h);

    open_three(&h);
    house_restart(&h, keyless);
    assert_null(registry_key(h.reg, mac_of(1)));
    house_restart(&h, keyless);
    assert_null(registry_key(h.reg, mac_of(1)));
    house_restart(&h, three); /* and a key that is put in by hand is taken */
    assert_non_null(registry_key(h.reg, mac_of(1)));
    set_key(&h, thermometer); /* was never in it */
    assert_int_equal(registry_ignore(h.reg, mac_of(2)), REGISTRY_OK);
    house_restart(&h, without);
    assert_false(registry_find(h.reg, mac_of(1), NULL));
    assert_non_null(registry_key(h.reg, thermometer));
    assert_int_equal(house_sensor(&h, mac_of(2)).standing, REGISTRY_IS_IGNORED);
    house_close(&h);
}

static void a_removed_key_stays_removed(void **state)
{
    struct house h;

    (void)state;
    open_three(&h);
    assert_int_equal(registry_set_key(h.reg, mac_of(1), NULL, 0, NULL), REGISTRY_OK);
    for (unsigned turn = 0; turn < 2; turn++) {
        house_restart(&h, three);
        assert_null(registry_key(h.reg, mac_of(1)));
        assert_named(&h, 1, "Bad");
    }
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

/* mi32cfg was edited by hand: its key is in force, and counts from its own beginning. */
static void a_key_changed_in_mi32cfg_wins(void **state)
{
    struct house h;
    char problem[160];
    uint8_t key[16];

    (void)state;
    house_open(&h, 8);
    registry_config_read(h.reg, FILE_WITH(KEY_2), strlen(FILE_WITH(KEY_2)), NULL, NULL);
    for (uint8_t i = 0; i < 16; i++)
        key[i] = (uint8_t)(0xff - 0x11 * i);
    const struct frame old = mibeacon_sealed(thermometer, 0x055b, 90000, key, 0x1004, "\xd7", 2);
    assert_int_equal(house_hear(&h, &old), BEACON_OK);
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

/* Not only the newest: the next frame must not open the window for those before it. */
static void what_was_heard_before_a_restart_is_known(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    const struct frame before[] = { warm(100, 200), warm(101, 201) }, next = warm(102, 202);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(house_hear(&h, &before[i]), BEACON_OK);
    house_restart(&h, NULL);
    assert_int_equal(house_hear(&h, &next), BEACON_OK);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(house_hear(&h, &before[i]), BEACON_DUPLICATE);
    house_close(&h);
}

static void flags_survive_a_restart(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    const struct frame plain = plain_warm(thermometer, 1, 1);
    assert_int_equal(house_hear(&h, &plain), BEACON_REJECT_DOWNGRADE);
    struct frame f = plain_warm(neighbour, 1, 1);
    f.addr_type = ADVERT_ADDR_RANDOM;
    house_hear(&h, &f);
    assert_int_equal(registry_approve(h.reg, neighbour), REGISTRY_OK);
    house_restart(&h, NULL);
    assert_true(house_sensor(&h, thermometer).flags & REGISTRY_DOWNGRADED);
    assert_int_equal(house_sensor(&h, thermometer).addr_type, ADVERT_ADDR_PUBLIC);
    assert_int_equal(house_sensor(&h, neighbour).addr_type, ADVERT_ADDR_RANDOM);
    house_close(&h);
}

static void assert_due_soon(struct house *h, enum registry_result result)
{
    char text[1024];

    assert_int_equal(result, REGISTRY_OK);
    assert_true(registry_state_due(h->reg) == h->now_ms + 10 * SECOND);
    assert_true(registry_state_write(h->reg, text, sizeof(text)) < sizeof(text));
    assert_true(registry_state_due(h->reg) == UINT64_MAX);
}

static void every_decision_is_saved_soon(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    const struct frame f = plain_warm(neighbour, 1, 1);
    house_hear(&h, &f);
    assert_due_soon(&h, registry_approve(h.reg, neighbour));
    assert_due_soon(&h, registry_set_name(h.reg, neighbour, "x", 1));
    assert_due_soon(&h, registry_set_key(h.reg, neighbour, thermometer_key, 16, NULL));
    assert_due_soon(&h, registry_allow_plain(h.reg, neighbour, true));
    assert_due_soon(&h, registry_replace(h.reg, neighbour, thermometer));
    assert_due_soon(&h, registry_forget(h.reg, thermometer));
    assert_due_soon(&h, registry_ignore(h.reg, thermometer));
    house_close(&h);
}

/* Before it said what mi32cfg has of a sensor: nothing then counts as removed. */
static void a_file_of_an_older_mi32_is_read(void **state)
{
    static const char old[] =
        "{\"mi32_state\":1,\"sensors\":[\n"
        "{\"mac\":\"582D34000001\",\"is\":\"listed\",\"pid\":\"01aa\",\"name\":\"Bad\","
        "\"in_mi32cfg\":true,\"key\":\"" KEY_1 "\"},\n"
        "{\"mac\":\"582D34000002\",\"is\":\"listed\",\"pid\":\"01aa\"},\n"
        "{\"mac\":\"582D34000005\",\"is\":\"listed\",\"pid\":\"01aa\",\"name\":\"Dach\","
        "\"in_mi32cfg\":true,\"key\":\"" KEY_2 "\"}]}\n";
    struct registry_reading reading;
    struct house h;

    (void)state;
    open_three(&h);
    assert_int_equal(registry_state_read(h.reg, old, strlen(old), NULL, NULL, &reading),
                     REGISTRY_OK);
    assert_int_equal(reading.problems, 0);
    assert_named(&h, 1, "Bad");
    assert_named(&h, 2, "Flur");
    assert_named(&h, 5, "Dach");
    assert_non_null(registry_key(h.reg, mac_of(5)));
    house_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_survive_a_restart),
        cmocka_unit_test(flags_survive_a_restart),
        cmocka_unit_test(what_was_heard_before_a_restart_is_known),
        cmocka_unit_test(mi32cfg_comes_first),
        cmocka_unit_test(ignored_beats_mi32cfg),
        cmocka_unit_test(a_name_given_later_wins),
        cmocka_unit_test(a_replaced_one_stays_replaced),
        cmocka_unit_test(a_forgotten_one_stays_forgotten),
        cmocka_unit_test(forgetting_has_a_limit),
        cmocka_unit_test(what_is_taken_out_of_mi32cfg_is_gone),
        cmocka_unit_test(a_removed_key_stays_removed),
        cmocka_unit_test(a_key_changed_in_mi32cfg_wins),
        cmocka_unit_test(a_key_entered_during_the_save_wins),
        cmocka_unit_test(a_key_entered_later_wins),
        cmocka_unit_test(when_it_is_due),
        cmocka_unit_test(every_decision_is_saved_soon),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(a_file_of_an_older_mi32_is_read),
        cmocka_unit_test(a_wrong_entry_takes_no_other_with_it),
        cmocka_unit_test(cut_at_every_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
