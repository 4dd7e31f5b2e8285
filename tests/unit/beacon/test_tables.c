/* The tables of products and kinds: complete against lists of their own, and consistent. */
#include "beacon/beacon.h"
#include "beacon/products.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What tests/vectors/README.md calls the fields; lists of the format, not of our table. */
static const char numbers[] =
    "temperature_c skin_temperature_c pcb_temperature_c dew_point_c humidity_pct moisture_pct "
    "conductivity_us_cm illuminance_lux light_level pressure_hpa formaldehyde_mg_m3 pm25_ug_m3 "
    "pm10_ug_m3 tvoc_ug_m3 co2_ppm uv_index distance_mm distance_m duration_s speed_m_s "
    "acceleration_m_s2 gyroscope_deg_s rotation_deg direction_deg rotational_speed_rpm "
    "precipitation_mm volume_l volume_ml volume_storage_l water_l gas_m3 flow_m3_h count channel "
    "voltage_v current_a power_w energy_kwh battery_pct consumable_pct idle_time_s occupied_min "
    "unoccupied_min pressed_s unpressed_s pressed_set_s unpressed_set_s weight_kg weight_live_kg "
    "weight_lb impedance_ohm impedance_low_ohm impedance_high_ohm heart_rate_bpm brush_count "
    "brush_score steps press_count press_duration_s profile_id key_id timestamp mode flags "
    "lock_bits pairing_object";
static const char truths[] =
    "motion occupancy occupancy_close presence light leak leak_bottom leak_top smoke gas "
    "carbon_monoxide heat cold sound tamper vibration problem safety running moving plug "
    "connectivity generic power battery_low battery_charging armed childlock antilock brushing "
    "asleep snoring in_bed wearing pressure_present reed_switch trigger_output trigger reset "
    "stabilized weight_removed";
static const char *const words[][2] = {
    { "event", "press double_press triple_press long_press long_double_press long_triple_press "
               "hold_press rotate_left rotate_right rotate_left_pressed rotate_right_pressed "
               "unknown" },
    { "button", "left right middle 1 2 3 4 on off brightness plus m minus fan" },
    { "door", "open closed open_timeout knock pried stuck reset removed abnormal" },
    { "opening", "open closed" },
    { "window", "open closed" },
    { "garage_door", "open closed" },
    { "lock", "locked unlocked" },
    { "lock_action", "unlock_outside unlock_inside lock lock_inside lock_outside antilock_on "
                     "antilock_off childlock_on childlock_off abnormal" },
    { "lock_method", "bluetooth password biometric key turntable nfc one_time_password two_step "
                     "coercion homekit manual automatic abnormal" },
    { "lock_error", "wrong_password lock_picking mechanical_fault lock_sensor_fault" },
    { "fingerprint", "match fail timeout low_quality insufficient_area too_dry too_wet" },
    { "smoke_state", "clear alarm fault" },
    { "kettle_state", "idle heating cooling keep_warm" },
    { "charging", "charging not_charging full" },
    { "weight_unit", "kg lb jin" },
};

static void expect_kinds(const char *names, enum beacon_kind_type type)
{
    while (*names) {
        const size_t len = strcspn(names, " ");
        const enum beacon_kind kind = beacon_kind_find(names, len);
        if (kind == BEACON_KIND_NONE || beacon_kind(kind)->type != type)
            fail_msg("%.*s: no kind of this type", (int)len, names);
        names += len + strspn(names + len, " ");
    }
}

static bool has_word(enum beacon_kind kind, const char *word, size_t len)
{
    for (const char *const *w = beacon_kind(kind)->words; *w; w++) {
        if (strlen(*w) == len && memcmp(*w, word, len) == 0)
            return true;
    }
    return false;
}

static void the_vocabulary_is_complete(void **state)
{
    (void)state;
    expect_kinds(numbers, BEACON_NUMBER);
    expect_kinds(truths, BEACON_BOOL);
    expect_kinds("text", BEACON_TEXT);
    expect_kinds("raw", BEACON_RAW);
    expect_kinds("scale_time", BEACON_TIME);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        expect_kinds(words[i][0], BEACON_WORD);
        const enum beacon_kind kind = beacon_kind_find(words[i][0], strlen(words[i][0]));
        for (const char *p = words[i][1]; *p; p += strspn(p, " ")) {
            const size_t len = strcspn(p, " ");
            if (!has_word(kind, p, len))
                fail_msg("%s: lacks %.*s", words[i][0], (int)len, p);
            p += len;
        }
    }
}

/* The last of each enum, so that none can slip against its texts. */
static void enums_and_texts_agree(void **state)
{
    (void)state;
    assert_string_equal(beacon_word(BEACON_KIND_EVENT, BEACON_EVENT_UNKNOWN), "unknown");
    assert_string_equal(beacon_word(BEACON_KIND_BUTTON, BEACON_BUTTON_LEFT_MIDDLE_RIGHT),
                        "left+middle+right");
    assert_string_equal(beacon_word(BEACON_KIND_BUTTON, BEACON_BUTTON_HEAT), "heat");
    assert_string_equal(beacon_word(BEACON_KIND_DOOR, BEACON_DOOR_ABNORMAL), "abnormal");
    assert_string_equal(beacon_word(BEACON_KIND_LOCK, BEACON_LOCK_UNLOCKED), "unlocked");
    assert_string_equal(beacon_word(BEACON_KIND_LOCK_ACTION, BEACON_LOCK_ACTION_ABNORMAL),
                        "abnormal");
    assert_string_equal(beacon_word(BEACON_KIND_LOCK_METHOD, BEACON_LOCK_METHOD_AUTOMATIC),
                        "automatic");
    assert_string_equal(beacon_word(BEACON_KIND_LOCK_ERROR, BEACON_LOCK_ERROR_LOCK_SENSOR_FAULT),
                        "lock_sensor_fault");
    assert_string_equal(beacon_word(BEACON_KIND_FINGERPRINT, BEACON_FINGERPRINT_TOO_WET),
                        "too_wet");
    assert_string_equal(beacon_word(BEACON_KIND_SMOKE_STATE, BEACON_SMOKE_STATE_TEST), "test");
    assert_string_equal(beacon_word(BEACON_KIND_WEIGHT_UNIT, BEACON_WEIGHT_UNIT_JIN), "jin");
    assert_string_equal(beacon_word(BEACON_KIND_WEIGHT_UNIT, BEACON_WEIGHT_UNIT_JIN + 1), "");
    assert_string_equal(beacon_word(BEACON_KIND_WEIGHT_UNIT, -1), "");
    assert_string_equal(beacon_word(BEACON_KIND_TEMPERATURE, 0), "");
}

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++) {
        if (name && strcmp(name, *list) == 0)
            return true;
    }
    return !name;
}

static void every_kind_has_its_faces(void **state)
{
    static const char *const platforms[] = { "sensor", "binary_sensor", "event", NULL };
    static const char *const services[] = {
        "TemperatureSensor",
        "HumiditySensor",
        "LightSensor",
        "AirQualitySensor",
        "CarbonDioxideSensor",
        "CarbonMonoxideSensor",
        "Battery",
        "MotionSensor",
        "OccupancySensor",
        "LeakSensor",
        "SmokeSensor",
        "ContactSensor",
        "StatelessProgrammableSwitch",
        NULL,
    };

    (void)state;
    for (unsigned a = BEACON_KIND_NONE + 1; a < BEACON_KINDS; a++) {
        const struct beacon_kind_row *row = beacon_kind(a);
        assert_true(row->name && row->name[0] && row->unit && row->tasmota && row->tasmota[0]);
        assert_int_equal(beacon_kind_find(row->name, strlen(row->name)), a);
        assert_int_equal(row->type == BEACON_WORD, row->words != NULL);
        assert_true(is_one_of(row->ha_platform, platforms));
        assert_true(is_one_of(row->homekit, services));
        assert_true(row->ha_class == NULL || row->ha_platform != NULL);
        assert_true(isupper((unsigned char)row->tasmota[0]));
        for (unsigned b = a + 1; b < BEACON_KINDS; b++)
            assert_string_not_equal(row->tasmota, beacon_kind(b)->tasmota);
    }
    assert_ptr_equal(beacon_kind(BEACON_KINDS), beacon_kind(BEACON_KIND_NONE));
    assert_int_equal(beacon_kind_find("temperature", 11), BEACON_KIND_NONE);
}

/* One line of devices.tsv: id, model, marketing name, encrypted, legacy, ... */
static void expect_product(char *line)
{
    char *column[5];

    for (size_t i = 0; i < 5; i++) {
        column[i] = line;
        line += strcspn(line, "\t");
        *line++ = '\0';
    }
    const struct beacon_product *p = beacon_product_by_id((uint16_t)strtoul(column[0], NULL, 16));
    assert_non_null(p);
    assert_string_equal(p->model, column[1]);
    assert_int_equal((p->flags & BEACON_PRODUCT_ENCRYPTS) != 0, strcmp(column[3], "y") == 0);
    assert_int_equal((p->flags & BEACON_PRODUCT_LEGACY_KEY) != 0, strcmp(column[4], "n") != 0);
    assert_false(p->flags & BEACON_PRODUCT_NO_ID);
}

static void every_known_device_is_a_row(void **state)
{
    FILE *f = fopen(TEST_DATA "/vectors/devices.tsv", "r");
    char line[1024];
    unsigned n = 0;

    (void)state;
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof(line), f)); /* the head */
    while (fgets(line, sizeof(line), f)) {
        expect_product(line);
        n++;
    }
    fclose(f);
    assert_int_equal(n, 156);
}

static void products_are_sorted_and_named(void **state)
{
    char tasmota[BEACON_TASMOTA_SIZE];
    size_t n;
    const struct beacon_product *p = beacon_products(&n);

    (void)state;
    for (size_t i = 0; i < n; i++) {
        beacon_product_tasmota(&p[i], tasmota);
        assert_true(p[i].model[0] && tasmota[0] && strlen(tasmota) < sizeof(tasmota) - 1);
        for (const char *c = tasmota; *c; c++)
            assert_true(isalnum((unsigned char)*c) || *c == '_');
        if (i > 0)
            assert_true(p[i].id > p[i - 1].id || p[i].id == 0);
        if (p[i].id != 0)
            assert_ptr_equal(beacon_product_by_id(p[i].id), &p[i]);
        else
            assert_true(p[i].flags & BEACON_PRODUCT_NO_ID);
        const struct beacon_product *named = beacon_product_by_name(p[i].model, strlen(p[i].model));
        assert_non_null(named);
        assert_string_equal(named->model, p[i].model);
    }
    assert_null(beacon_product_by_id(0));
    assert_null(beacon_product_by_id(0xffff));
    assert_null(beacon_product_by_name("", 0));
    assert_null(beacon_product_by_name("LYWSD", 5));
}

/* A build with titles has one for every product (given as argument), one without shows models. */
static void every_product_has_a_title(void **state)
{
    size_t n;
    const struct beacon_product *p = beacon_products(&n);

    for (size_t i = 0; i < n; i++) {
        const char *title = beacon_product_title(&p[i]);
        assert_true(title[0]);
        assert_int_equal(*state != NULL, strcmp(title, p[i].model) != 0);
    }
}

/* The names Tasmota's users have in their rules. */
static void tasmota_names_are_tasmotas(void **state)
{
    static const struct {
        uint16_t id;
        const char *name;
    } rows[] = {
        { 0x0098, "Flora" },   { 0x01aa, "MJ_HT_V1" }, { 0x045b, "LYWSD02" }, { 0x055b, "LYWSD03" },
        { 0x0347, "CGG1" },    { 0x0576, "CGD1" },     { 0x03dd, "NLIGHT" },  { 0x07f6, "MJYD2S" },
        { 0x0153, "YLYK01" },  { 0x0387, "MHOC401" },  { 0x06d3, "MHOC303" }, { 0x0a1c, "ATC" },
        { 0x098b, "MCCGQ02" }, { 0x0863, "SJWS01L" },  { 0x944a, "PVVX" },    { 0x03b6, "YLKG08" },
        { 0x07bf, "YLAI003" }, { 0xb770, "BTHOME" },
    };

    char name[BEACON_TASMOTA_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        beacon_product_tasmota(beacon_product_by_id(rows[i].id), name);
        assert_string_equal(name, rows[i].name);
        assert_int_equal(beacon_product_by_name(rows[i].name, strlen(rows[i].name))->id,
                         rows[i].id);
    }
    assert_int_equal(beacon_product_by_name("lywsd03mmc", 10)->id, 0x055b);
    assert_string_equal(beacon_product_tasmota(beacon_product_by_id(0x1889), name), "MS1BBMI");
    assert_string_equal(beacon_product_tasmota(beacon_product_by_id(0x399a), name),
                        "xiaomipet_waterer002");
}

static void names_exist_for_every_number(void **state)
{
    (void)state;
    for (unsigned i = 0; i < BEACON_OUTCOMES; i++)
        assert_true(beacon_outcome_name((enum beacon_outcome)i)[0] != '\0');
    for (unsigned i = 1; i < BEACON_FORMATS; i++)
        assert_true(beacon_format_name((enum beacon_format)i)[0] != '\0');
    assert_string_equal(beacon_format_name(BEACON_FORMAT_NONE), "");
    assert_string_equal(beacon_outcome_name(BEACON_OUTCOMES), "");
}

/* The second value of a kind has a 2 behind its name, and every such name is read back. */
static void values_have_names(void **state)
{
    static const char *const others[] = {
        "",
        "temperature",
        "temperature_c_",
        "temperature_c_0",
        "temperature_c_1",
        "temperature_c_02",
        "temperature_c_256",
        "temperature_c_-2",
        "temperature_c_2 ",
        "_2",
    };
    char name[BEACON_NAME_SIZE];
    unsigned nth = 0;
    (void)state;

    for (unsigned kind = BEACON_KIND_NONE + 1; kind < BEACON_KINDS; kind++) {
        assert_int_equal(beacon_value_find(beacon_value_name(kind, 1, name), &nth), kind);
        assert_int_equal(nth, 1);
        assert_int_equal(beacon_value_find(beacon_value_name(kind, 255, name), &nth), kind);
        assert_int_equal(nth, 255);
    }
    assert_string_equal(beacon_value_name(BEACON_KIND_TEMPERATURE, 2, name), "temperature_c_2");
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_int_equal(beacon_value_find(others[i], &nth), BEACON_KIND_NONE);
}

int main(int argc, char **argv)
{
    static char titles[] = "titles";
    char *has_titles = argc > 1 && strcmp(argv[1], titles) == 0 ? titles : NULL;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vocabulary_is_complete),
        cmocka_unit_test(enums_and_texts_agree),
        cmocka_unit_test(every_kind_has_its_faces),
        cmocka_unit_test(every_known_device_is_a_row),
        cmocka_unit_test(products_are_sorted_and_named),
        cmocka_unit_test_prestate(every_product_has_a_title, has_titles),
        cmocka_unit_test(tasmota_names_are_tasmotas),
        cmocka_unit_test(names_exist_for_every_number),
        cmocka_unit_test(values_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
