/* Who is who: slots, the inbox, what users decide, how sensors are found and called; and what the
 * registry takes of memory and time. */
#include "house.h"

#include <stdlib.h>

static struct mac mac_of(uint8_t n)
{
    return (struct mac){ { 0x58, 0x2d, 0x34, 0, 0, n } };
}

static enum beacon_outcome speak(struct house *h, uint8_t n, uint8_t counter)
{
    const struct frame f = plain_warm(mac_of(n), counter, counter);

    return house_hear(h, &f);
}

static uint32_t slot_of(const struct house *h, uint8_t n)
{
    return house_sensor(h, mac_of(n)).slot;
}

/* ---- the list and the inbox ---- */

static void auto_add_lists_what_is_understood(void **state)
{
    static const uint8_t data[] = { 0x03, 0x16, 0x34, 0x12 };
    struct house h;

    (void)state;
    house_open(&h, 8);
    assert_true(registry_auto_add(h.reg));
    for (uint8_t i = 0; i < 3; i++)
        speak(&h, i, 1);
    assert_int_equal(slot_of(&h, 0), 0);
    assert_int_equal(slot_of(&h, 2), 2);
    assert_int_equal(house_told(&h, REGISTRY_LISTED), 3);
    assert_int_equal(house_told(&h, REGISTRY_UPDATED), 3);
    assert_false(house_sensor(&h, mac_of(0)).flags & REGISTRY_KEPT);

    /* What is foreign or refused makes no sensor. */
    struct frame foreign = { .mac = mac_of(9), .len = sizeof(data) };
    memcpy(foreign.data, data, sizeof(data));
    assert_int_equal(house_hear(&h, &foreign), BEACON_IGNORE);
    assert_false(registry_find(h.reg, mac_of(9), NULL));
    struct frame cut = plain_warm(mac_of(9), 1, 1);
    cut.len = 9;
    assert_int_not_equal(house_hear(&h, &cut), BEACON_OK);
    assert_false(registry_find(h.reg, mac_of(9), NULL));
    house_close(&h);
}

/* Addresses that their owners change stay in the inbox: a phone is no sensor. */
static void private_addresses_are_not_listed(void **state)
{
    static const struct {
        uint8_t first, type, standing;
    } rows[] = {
        { 0x58, ADVERT_ADDR_PUBLIC, REGISTRY_IS_LISTED },
        { 0xd8, ADVERT_ADDR_RANDOM, REGISTRY_IS_LISTED },
        { 0x58, ADVERT_ADDR_RANDOM, REGISTRY_IS_PENDING },
        { 0x18, ADVERT_ADDR_RANDOM, REGISTRY_IS_PENDING },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct house h;
        struct mac mac = mac_of(1);
        house_open(&h, 8);
        mac.b[0] = rows[i].first;
        struct frame f = plain_warm(mac, 1, 1);
        f.addr_type = rows[i].type;
        assert_int_equal(house_hear(&h, &f), BEACON_OK);
        assert_int_equal(house_sensor(&h, mac).standing, rows[i].standing);
        assert_int_equal(house_sensor(&h, mac).addr_type, rows[i].type);
        house_close(&h);
    }
}

static void without_auto_add_they_wait_in_the_inbox(void **state)
{
    struct house h;
    struct registry_sensor sensor;
    uint32_t slot = 0, cursor = 0;

    (void)state;
    house_open(&h, 8);
    registry_set_auto_add(h.reg, false);
    speak(&h, 1, 1);
    speak(&h, 2, 1);
    assert_false(registry_next(h.reg, &slot, &sensor));
    assert_true(registry_inbox_next(h.reg, &cursor, &sensor));
    assert_int_equal(sensor.standing, REGISTRY_IS_PENDING);
    assert_int_equal(sensor.slot, REGISTRY_NO_SLOT);
    assert_int_equal(sensor.values, 1); /* "is this mine?" can be seen */
    assert_int_equal(house_told(&h, REGISTRY_PENDING), 2);
    assert_int_equal(house_told(&h, REGISTRY_UPDATED), 0);

    /* Approved: listed, kept, told. The other one waits until new ones are added again. */
    assert_int_equal(registry_approve(h.reg, mac_of(2)), REGISTRY_OK);
    assert_int_equal(slot_of(&h, 2), 0);
    assert_int_equal(house_told(&h, REGISTRY_LISTED), 1);
    assert_true(house_sensor(&h, mac_of(2)).flags & REGISTRY_KEPT);
    registry_set_auto_add(h.reg, true);
    assert_int_equal(slot_of(&h, 1), REGISTRY_NO_SLOT);
    speak(&h, 1, 2);
    assert_int_equal(slot_of(&h, 1), 1);
    assert_int_equal(registry_approve(h.reg, mac_of(7)), REGISTRY_E_UNKNOWN);
    house_close(&h);
}

static void an_ignored_one_is_only_counted(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    speak(&h, 1, 1);
    assert_int_equal(registry_ignore(h.reg, mac_of(1)), REGISTRY_OK);
    assert_int_equal(registry_ignore(h.reg, mac_of(2)), REGISTRY_OK); /* before it is heard */
    house_calm(&h);
    for (uint8_t i = 2; i < 5; i++) {
        assert_int_equal(speak(&h, 1, i), BEACON_OK);
        assert_int_equal(speak(&h, 2, i), BEACON_OK);
    }
    assert_int_equal(h.n_changes, 0);
    assert_int_equal(house_sensor(&h, mac_of(1)).values, 0);
    assert_int_equal(house_sensor(&h, mac_of(1)).outcomes[BEACON_OK], 4);
    assert_int_equal(registry_approve(h.reg, mac_of(1)), REGISTRY_OK);
    speak(&h, 1, 9);
    assert_int_equal(house_sensor(&h, mac_of(1)).values, 1);
    assert_int_equal(slot_of(&h, 1), 1); /* slot 0 stays empty */
    house_close(&h);
}

static void slots_never_move(void **state)
{
    struct house h;
    struct registry_sensor sensor;
    uint32_t slot = 0;

    (void)state;
    house_open(&h, 8);
    for (uint8_t i = 0; i < 4; i++)
        speak(&h, i, 1);
    assert_int_equal(registry_forget(h.reg, mac_of(1)), REGISTRY_OK);
    assert_int_equal(registry_forget(h.reg, mac_of(1)), REGISTRY_E_UNKNOWN);
    assert_int_equal(slot_of(&h, 0), 0);
    assert_int_equal(slot_of(&h, 2), 2);
    assert_int_equal(slot_of(&h, 3), 3);
    assert_false(registry_find_slot(h.reg, 1, &sensor));
    assert_true(registry_find_slot(h.reg, 3, &sensor));
    assert_true(mac_equal(sensor.mac, mac_of(3)));
    speak(&h, 1, 2);
    assert_int_equal(slot_of(&h, 1), 4);
    for (unsigned i = 0; i < 4; i++)
        assert_true(registry_next(h.reg, &slot, &sensor));
    assert_int_equal(sensor.slot, 4);
    assert_false(registry_next(h.reg, &slot, &sensor));
    house_close(&h);
}

/* Strangers take turns among themselves: the one silent longest goes, a few each second. */
static void strangers_evict_the_one_silent_longest(void **state)
{
    struct house h;

    (void)state;
    house_plan(&h, 8);
    h.config.strangers = 3;
    h.config.admit = 2;
    h.config.auto_add = false; /* listed ones that are there make no room */
    house_build(&h);
    for (uint8_t i = 0; i < 3; i++) {
        speak(&h, i, 1);
        house_pass(&h, SECOND);
    }
    speak(&h, 0, 2); /* now 1 was silent longest */
    house_calm(&h);
    for (uint8_t i = 10; i < 20; i++)
        speak(&h, i, 1);
    assert_int_equal(house_told(&h, REGISTRY_REMOVED), 2);
    assert_false(registry_find(h.reg, mac_of(1), NULL));
    assert_false(registry_find(h.reg, mac_of(2), NULL));
    assert_true(registry_find(h.reg, mac_of(0), NULL));
    assert_true(registry_find(h.reg, mac_of(11), NULL));
    assert_false(registry_find(h.reg, mac_of(12), NULL));
    assert_int_equal(house_alarms(&h, REGISTRY_ALARM_CROWDED), 0);
    house_close(&h);
}

/* The neighbours' sensors take all the room that nobody else uses, and keep it while they are
 * there; who does not fit is told once. */
static void listed_strangers_stay_while_they_are_there(void **state)
{
    static const uint8_t open[] = { 0 };
    struct house h;

    (void)state;
    house_open(&h, 8);
    assert_int_equal(h.config.strangers, 7);
    const struct frame door = mibeacon_plain(mac_of(0), 0x098b, 1, 0x1019, open, 1);
    assert_int_equal(house_hear(&h, &door), BEACON_OK); /* its silence says nothing */
    for (uint8_t turn = 0; turn < 3; turn++) {
        for (uint8_t i = 1; i < 10; i++)
            speak(&h, i, turn);
        house_pass(&h, MINUTE);
    }
    assert_int_equal(house_told(&h, REGISTRY_REMOVED), 0);
    assert_int_equal(house_alarms(&h, REGISTRY_ALARM_CROWDED), 1);
    assert_int_equal(slot_of(&h, 6), 6);
    assert_false(registry_find(h.reg, mac_of(7), NULL));

    /* Somebody the user cares about is let in, and one that was silent longest makes room. */
    set_key(&h, thermometer);
    assert_int_equal(house_told(&h, REGISTRY_REMOVED), 0);
    set_key(&h, mac_of(20));
    assert_int_equal(house_told(&h, REGISTRY_REMOVED), 1);

    house_pass(&h, 20 * MINUTE); /* all but the door are offline now */
    for (uint8_t i = 10; i < 18; i++) {
        speak(&h, i, 1);
        house_pass(&h, SECOND);
    }
    assert_true(registry_find(h.reg, mac_of(14), NULL));
    house_pass(&h, 24 * HOUR);
    for (uint8_t i = 30; i < 36; i++)
        speak(&h, i, 1);
    house_pass(&h, SECOND);
    speak(&h, 36, 1);
    assert_false(registry_find(h.reg, mac_of(0), NULL));
    assert_int_equal(house_alarms(&h, REGISTRY_ALARM_CROWDED), 1);
    house_close(&h);
}

/* However small the room: somebody is heard. */
static void one_record_is_for_a_stranger(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 1);
    assert_int_equal(speak(&h, 1, 1), BEACON_OK);
    assert_int_equal(slot_of(&h, 1), 0);
    house_close(&h);
}

static void a_full_house_says_so(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 4);
    for (uint8_t i = 0; i < 4; i++)
        set_key(&h, mac_of(i));
    assert_int_equal(registry_set_key(h.reg, mac_of(5), thermometer_key, 16, NULL),
                     REGISTRY_E_FULL);
    assert_int_equal(registry_ignore(h.reg, mac_of(5)), REGISTRY_E_FULL);
    assert_int_equal(speak(&h, 5, 1), BEACON_OK); /* read, and known to nobody */
    assert_false(registry_find(h.reg, mac_of(5), NULL));
    house_close(&h);
}

/* ---- keys ---- */

/* The seed's boot rule: keys are entered before anything was heard. */
static void a_key_waits_for_its_sensor(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    set_key(&h, thermometer);
    assert_int_equal(house_sensor(&h, thermometer).standing, REGISTRY_IS_PENDING);
    assert_false(house_sensor(&h, thermometer).flags & REGISTRY_HEARD);
    const struct frame f = warm(1, 215);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    assert_int_equal(house_sensor(&h, thermometer).slot, 0);
    assert_int_equal(house_told(&h, REGISTRY_LISTED), 1);
    assert_int_equal(registry_set_key(h.reg, thermometer, NULL, 0, NULL), REGISTRY_OK);
    assert_null(registry_key(h.reg, thermometer));
    assert_int_equal(registry_set_key(h.reg, mac_of(9), NULL, 0, NULL), REGISTRY_E_UNKNOWN);
    assert_int_equal(registry_set_key(h.reg, mac_of(9), thermometer_key, 15, NULL),
                     REGISTRY_E_KEY_LENGTH);
    assert_false(registry_find(h.reg, mac_of(9), NULL));
    house_close(&h);
}

/* With a new key a sensor counts from 0; the old key's window must not hold it up. */
static void a_new_key_starts_new_windows(void **state)
{
    static const uint8_t old_key[16] = { 7 };
    static const uint8_t bytes[] = { 0xd7, 0 };
    struct house h;

    (void)state;
    house_open(&h, 8);
    assert_int_equal(registry_set_key(h.reg, thermometer, old_key, 16, NULL), REGISTRY_OK);
    const struct frame old = mibeacon_sealed(thermometer, 0x055b, 90000, old_key, 0x1004, bytes, 2);
    assert_int_equal(house_hear(&h, &old), BEACON_OK);
    set_key(&h, thermometer);
    const struct frame fresh = warm(0, 200);
    assert_int_equal(house_hear(&h, &fresh), BEACON_OK);
    set_key(&h, thermometer); /* the same key again opens no door to replays */
    house_pass(&h, MINUTE);
    assert_int_equal(house_hear(&h, &fresh), BEACON_DUPLICATE);
    house_close(&h);
}

static void key_arguments(void **state)
{
    static const struct {
        const char *text;
        enum registry_result want;
        uint8_t len;
    } rows[] = {
        { "00112233445566778899AABBCCDDEEFFA4C138012345", REGISTRY_OK, 16 },
        { "00112233445566778899aabbccddeeffa4c138012345", REGISTRY_OK, 16 },
        { "00112233445566778899AABBA4C138012345", REGISTRY_OK, 12 },
        { "00112233445566778899AABBCCDDEEFFA4:C1:38:01:23:45", REGISTRY_OK, 16 },
        { "00112233445566778899AABBa4:c1:38:01:23:45", REGISTRY_OK, 12 },
        { "00112233445566778899AABBCCDDEEFFA4C13801:2:45", REGISTRY_E_KEY_LENGTH, 0 },
        { "00112233445566778899AABBCCDDEEFFA4:C1:38:0123:45:", REGISTRY_E_KEY_LENGTH, 0 },
        { "00112233445566778899AABBCCDDEEFFA4:C1:38-01:23:45", REGISTRY_E_KEY_HEX, 0 },
        { ":::", REGISTRY_E_KEY_LENGTH, 0 },
        { "00112233445566778899AABBCCDDEEFFA4C13801234", REGISTRY_E_KEY_LENGTH, 0 },
        { "00112233445566778899AABBCCDDEEFFA4C1380123456", REGISTRY_E_KEY_LENGTH, 0 },
        { "00112233445566778899AABBCCDDEEFF", REGISTRY_E_KEY_LENGTH, 0 },
        { "", REGISTRY_E_KEY_LENGTH, 0 },
        { "G0112233445566778899AABBCCDDEEFFA4C138012345", REGISTRY_E_KEY_HEX, 0 },
        { "00112233445566778899AABBCCDDEEFFA4C13801234X", REGISTRY_E_KEY_HEX, 0 },
    };
    struct registry_key_arg arg;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *text = rows[i].text;
        assert_int_equal(registry_key_parse(text, strlen(text), &arg), rows[i].want);
        if (rows[i].want != REGISTRY_OK)
            continue;
        assert_int_equal(arg.len, rows[i].len);
        assert_memory_equal(arg.bytes, thermometer_key, arg.len);
        assert_true(mac_equal(arg.mac, thermometer));
    }
}

/* ---- names ---- */

static bool found(const struct house *h, const char *text, struct mac mac)
{
    struct registry_sensor sensor;

    return registry_find_text(h->reg, text, strlen(text), &sensor) && mac_equal(sensor.mac, mac);
}

static void a_sensor_as_people_type_it(void **state)
{
    static const char *const all[] = {
        "A4C138012345", "a4:c1:38:01:23:45", "LYWSD03-012345", "lywsd03-012345", "1",
        "Wohnzimmer",   "WOHNZIMMER"
    };
    static const char *const none[] = { "",    "A4C13801234", "LYWSD03-",      "2",
                                        "01x", "Wohn",        "MI_1234-012345" };
    struct house h;
    char label[REGISTRY_LABEL_SIZE];

    (void)state;
    house_open(&h, 8);
    speak(&h, 9, 1);
    set_key(&h, thermometer);
    const struct frame f = warm(1, 215);
    house_hear(&h, &f);
    const struct registry_sensor nameless = house_sensor(&h, thermometer);
    assert_string_equal(registry_label(&nameless, label), "LYWSD03-012345");
    assert_int_equal(registry_set_name(h.reg, thermometer, "Wohnzimmer", 10), REGISTRY_OK);
    const struct registry_sensor named = house_sensor(&h, thermometer);
    assert_string_equal(registry_label(&named, label), "Wohnzimmer");
    assert_string_equal(registry_type_name(&named, label), "LYWSD03");
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        assert_true(found(&h, all[i], thermometer));
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_false(registry_find_text(h.reg, none[i], strlen(none[i]), NULL));
    house_close(&h);
}

/* Any sender can have the label of another: the model, and the same last half of the address. */
static void a_label_means_who_is_kept(void **state)
{
    static const struct mac twins[] = { { { 1, 1, 1, 0, 0, 7 } }, { { 2, 2, 2, 0, 0, 7 } } };
    const char *const label = "MJ_HT_V1-000007";
    struct house h;

    (void)state;
    house_plan(&h, 8);
    h.config.auto_add = false;
    house_build(&h);
    const struct frame a = plain_warm(twins[0], 1, 1), b = plain_warm(twins[1], 1, 1);
    house_hear(&h, &a);
    assert_true(found(&h, label, twins[0]));
    house_hear(&h, &b);
    assert_false(registry_find_text(h.reg, label, strlen(label), NULL)); /* who knows which */
    assert_non_null(strstr(registry_result_text(REGISTRY_E_UNKNOWN), "more than one"));

    registry_set_auto_add(h.reg, true);
    const struct frame again = plain_warm(twins[1], 2, 2), too = plain_warm(twins[0], 2, 2);
    house_hear(&h, &again);
    assert_true(found(&h, label, twins[1])); /* the listed one */
    house_hear(&h, &too);
    assert_false(registry_find_text(h.reg, label, strlen(label), NULL));
    assert_int_equal(registry_approve(h.reg, twins[0]), REGISTRY_OK);
    assert_true(found(&h, label, twins[0]));
    assert_int_equal(registry_approve(h.reg, twins[1]), REGISTRY_OK);
    assert_false(registry_find_text(h.reg, label, strlen(label), NULL));
    assert_int_equal(registry_ignore(h.reg, twins[0]), REGISTRY_OK);
    assert_true(found(&h, label, twins[1]));

    /* Nobody is given a name that others answer to, be it two of them. */
    speak(&h, 1, 1);
    assert_int_equal(registry_set_name(h.reg, mac_of(1), label, strlen(label)),
                     REGISTRY_E_NAME_TAKEN);
    house_close(&h);
}

/* A product id nobody knows is shown as such. */
static void an_unknown_product_is_called_by_its_id(void **state)
{
    static const uint8_t bytes[] = { 0xd7, 0 };
    struct house h;
    char label[REGISTRY_LABEL_SIZE];

    (void)state;
    house_open(&h, 8);
    const struct frame f = mibeacon_plain(neighbour, 0x7fab, 1, 0x1004, bytes, 2);
    assert_int_equal(house_hear(&h, &f), BEACON_OK);
    const struct registry_sensor s = house_sensor(&h, neighbour);
    assert_string_equal(registry_label(&s, label), "MI_7FAB-359321");
    assert_true(found(&h, "mi_7fab-359321", neighbour));
    house_close(&h);
}

static void names_are_unique_text(void **state)
{
    struct house h;

    (void)state;
    house_open(&h, 8);
    speak(&h, 1, 1);
    speak(&h, 2, 1);
    assert_int_equal(registry_set_name(h.reg, mac_of(1), "Küche", 6), REGISTRY_OK);
    static const struct {
        const char *name;
        enum registry_result want;
    } rows[] = {
        { "Küche", REGISTRY_E_NAME_TAKEN },
        { "58:2d:34:00:00:01", REGISTRY_E_NAME_TAKEN },
        { "7", REGISTRY_E_NAME_TAKEN },
        { "MJ_HT_V1-000001", REGISTRY_E_NAME_TAKEN },
        { "mj_ht_v1-000001", REGISTRY_E_NAME_TAKEN },
        { "a\nb", REGISTRY_E_NAME },
        { " a", REGISTRY_E_NAME },
        { "a\xff", REGISTRY_E_NAME },
        { "12345678901234567890123456789012", REGISTRY_E_NAME },
        { "1234567890123456789012345678901", REGISTRY_E_NAME_TAKEN },
        { "12345678901234567890123456789x1", REGISTRY_OK },
        { "Keller", REGISTRY_OK },
        { "keller", REGISTRY_OK }, /* its own, in another case */
        { "", REGISTRY_OK },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(registry_set_name(h.reg, mac_of(2), rows[i].name, strlen(rows[i].name)),
                         rows[i].want);
    assert_string_equal(house_sensor(&h, mac_of(2)).name, "");
    assert_true(house_sensor(&h, mac_of(1)).flags & REGISTRY_KEPT);
    assert_false(house_sensor(&h, mac_of(2)).flags & REGISTRY_KEPT);
    assert_int_equal(registry_set_name(h.reg, mac_of(3), "x", 1), REGISTRY_E_UNKNOWN);
    house_close(&h);
}

/* New hardware in the old place: same slot, same name, same identity; the old one is shut out. */
static void replacing_keeps_the_identity(void **state)
{
    struct house h;
    char label[REGISTRY_LABEL_SIZE];

    (void)state;
    house_open(&h, 8);
    for (uint8_t i = 0; i < 3; i++)
        speak(&h, i, 1);
    assert_int_equal(registry_set_name(h.reg, mac_of(1), "Bad", 3), REGISTRY_OK);
    assert_int_equal(registry_replace(h.reg, mac_of(1), mac_of(1)), REGISTRY_E_SAME);
    assert_int_equal(registry_replace(h.reg, mac_of(8), mac_of(1)), REGISTRY_E_UNKNOWN);
    assert_int_equal(registry_replace(h.reg, mac_of(1), mac_of(5)), REGISTRY_OK);
    for (unsigned turn = 0; turn < 2; turn++) {
        const struct registry_sensor s = house_sensor(&h, mac_of(5));
        assert_int_equal(s.slot, turn == 0 ? 1 : 0); /* strangers are gone after the restart */
        assert_string_equal(s.name, "Bad");
        assert_true(mac_equal(s.identity, mac_of(1)));
        assert_int_equal(house_sensor(&h, mac_of(1)).standing, REGISTRY_IS_IGNORED);
        house_calm(&h);
        speak(&h, 1, (uint8_t)(7 + turn));
        assert_int_equal(h.n_changes, 0);
        speak(&h, 5, (uint8_t)(7 + turn));
        assert_int_equal(house_told(&h, REGISTRY_UPDATED), 1);
        house_restart(&h, NULL);
    }

    /* Without the name, the Tasmota key is that of the identity, too; and the old one may return.
     */
    assert_int_equal(registry_set_name(h.reg, mac_of(5), "", 0), REGISTRY_OK);
    const struct registry_sensor s = house_sensor(&h, mac_of(5));
    assert_string_equal(registry_label(&s, label), "MJ_HT_V1-000001");
    assert_int_equal(registry_replace(h.reg, mac_of(5), mac_of(1)), REGISTRY_OK);
    assert_true(mac_equal(house_sensor(&h, mac_of(1)).identity, mac_of(1)));
    assert_int_equal(slot_of(&h, 1), 0);
    house_close(&h);
}

/* ---- memory ---- */

static void memory_is_bounded_and_wiped(void **state)
{
    struct registry_config config = registry_config_for(32);
    const size_t size = registry_memory(&config);
    uint8_t *memory = malloc(size);

    (void)state;
    assert_non_null(memory);
    assert_null(registry_open(&config, memory, size - 1, 0));
    assert_null(registry_open(&config, NULL, size, 0));
    struct registry *reg = registry_open(&config, memory, size, 0);
    assert_non_null(reg);
    assert_int_equal(registry_set_key(reg, thermometer, thermometer_key, 16, NULL), REGISTRY_OK);
    registry_close(reg);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(memory[i], 0);
    free(memory);

    /* 32 sensors on a 32-bit target, the vault left out: under 8 KB. */
    config.vault = 0;
    print_message("registry of 32 sensors, without vault: %lu bytes\n",
                  (unsigned long)registry_memory(&config));
    if (sizeof(void *) == 4)
        assert_true(registry_memory(&config) < 8192);
}

/* A callback may do anything, also away with the sensor it is told about. */
static void forget_at_once(void *user, const struct registry_change *change)
{
    struct house *h = user;

    h->n_changes++;
    if (change->kind == REGISTRY_LISTED)
        registry_forget(h->reg, change->mac);
}

static void callbacks_may_change_everything(void **state)
{
    struct house h;

    (void)state;
    house_plan(&h, 8);
    h.config.on_change = forget_at_once;
    house_build(&h);
    for (uint8_t i = 0; i < 20; i++)
        assert_int_equal(speak(&h, i, i), BEACON_OK);
    assert_int_equal(h.n_changes, 20 * 3); /* listed, removed, updated */
    for (uint8_t i = 0; i < 20; i++)
        assert_false(registry_find(h.reg, mac_of(i), NULL));
    house_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(auto_add_lists_what_is_understood),
        cmocka_unit_test(private_addresses_are_not_listed),
        cmocka_unit_test(without_auto_add_they_wait_in_the_inbox),
        cmocka_unit_test(an_ignored_one_is_only_counted),
        cmocka_unit_test(slots_never_move),
        cmocka_unit_test(strangers_evict_the_one_silent_longest),
        cmocka_unit_test(listed_strangers_stay_while_they_are_there),
        cmocka_unit_test(one_record_is_for_a_stranger),
        cmocka_unit_test(a_full_house_says_so),
        cmocka_unit_test(a_key_waits_for_its_sensor),
        cmocka_unit_test(a_new_key_starts_new_windows),
        cmocka_unit_test(key_arguments),
        cmocka_unit_test(a_sensor_as_people_type_it),
        cmocka_unit_test(a_label_means_who_is_kept),
        cmocka_unit_test(an_unknown_product_is_called_by_its_id),
        cmocka_unit_test(names_are_unique_text),
        cmocka_unit_test(replacing_keeps_the_identity),
        cmocka_unit_test(memory_is_bounded_and_wiped),
        cmocka_unit_test(callbacks_may_change_everything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
