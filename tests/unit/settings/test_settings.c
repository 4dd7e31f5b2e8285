/* settings: ranges, defaults, what a configuration file fixes, and what the stored file keeps. */
#include "settings/settings_private.h"

#include <cjson/cJSON.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct settings *s;
static char changed[256];
static char file[SETTINGS_FILE_MAX];

static void note_change(void *user, enum settings_id id)
{
    (void)user;
    strncat(changed, settings_row(id)->name, sizeof(changed) - strlen(changed) - 1);
    strncat(changed, " ", sizeof(changed) - strlen(changed) - 1);
}

static int create(void **state)
{
    (void)state;
    changed[0] = '\0';
    s = settings_create(note_change, NULL);
    return s ? 0 : -1;
}

static int destroy(void **state)
{
    (void)state;
    settings_destroy(s);
    return 0;
}

static void all_start_at_their_defaults(void **state)
{
    (void)state;
    for (int id = 0; id < SETTINGS_COUNT; id++) {
        const struct settings_row *row = settings_row((enum settings_id)id);
        assert_int_equal(row->id, id);
        assert_true(row->name[0] && row->arg[0] && row->help[0]);
        if (row->type == SETTINGS_NUMBER)
            assert_int_equal(settings_number(s, row->id), row->number);
        else
            assert_string_equal(settings_text(s, row->id), row->text);
    }
    assert_int_equal(settings_number(s, SETTINGS_MQTT_PORT), 1883);
    assert_int_equal(settings_number(s, SETTINGS_TELE_PERIOD), 300);
    assert_int_equal(settings_number(s, SETTINGS_OPTION0), 1);
    assert_int_equal(settings_number(s, SETTINGS_OPTION1), 0);
    assert_string_equal(settings_text(s, SETTINGS_SITE), "home");
    assert_string_equal(settings_text(s, SETTINGS_FULL_TOPIC), "%prefix%/%topic%/");
}

static void every_default_would_be_accepted(void **state)
{
    (void)state;
    for (int id = 0; id < SETTINGS_COUNT; id++) {
        const struct settings_row *row = settings_row((enum settings_id)id);
        const enum settings_error error =
            row->type == SETTINGS_NUMBER ? settings_set_number(s, row->id, row->number, 0, NULL)
                                         : settings_set_text(s, row->id, row->text, 0, NULL);
        assert_int_equal(error, SETTINGS_OK);
    }
    assert_string_equal(changed, ""); /* the same value is no change */
}

static void a_change_is_told_once(void **state)
{
    (void)state;
    assert_int_equal(settings_set_number(s, SETTINGS_TELE_PERIOD, 60, 0, NULL), SETTINGS_OK);
    assert_int_equal(settings_set_number(s, SETTINGS_TELE_PERIOD, 60, 0, NULL), SETTINGS_OK);
    assert_int_equal(settings_set_text(s, SETTINGS_MQTT_HOST, "broker", 0, NULL), SETTINGS_OK);
    assert_string_equal(changed, "TelePeriod MqttHost ");
    assert_int_equal(settings_number(s, SETTINGS_TELE_PERIOD), 60);
    assert_string_equal(settings_text(s, SETTINGS_MQTT_HOST), "broker");
    /* its own text may be given back to it */
    assert_int_equal(
        settings_set_text(s, SETTINGS_MQTT_HOST, settings_text(s, SETTINGS_MQTT_HOST), 7, NULL),
        SETTINGS_OK);
    assert_string_equal(settings_text(s, SETTINGS_MQTT_HOST), "broker");
}

static void what_does_not_fit_is_refused_with_a_reason(void **state)
{
    static const struct {
        enum settings_id id;
        int32_t number;
    } numbers[] = {
        { SETTINGS_MQTT_PORT, 0 },      { SETTINGS_MQTT_PORT, 65536 }, { SETTINGS_TELE_PERIOD, 9 },
        { SETTINGS_TELE_PERIOD, 3601 }, { SETTINGS_OPTION0, 2 },       { SETTINGS_OPTION4, -1 },
        { SETTINGS_MQTT_TLS, 2 },
    };
    static const struct {
        enum settings_id id;
        const char *text;
    } texts[] = {
        { SETTINGS_MQTT_HOST, "mqtt://broker" },
        { SETTINGS_MQTT_HOST, "a b" },
        { SETTINGS_MQTT_USER, "bell\x07" },
        { SETTINGS_MQTT_USER, "\xff" },
        { SETTINGS_TOPIC, "a/b" },
        { SETTINGS_TOPIC, "+" },
        { SETTINGS_SITE, "" },
        { SETTINGS_SITE, "my home" },
        { SETTINGS_FULL_TOPIC, "%topic%/x/y/z" },
        { SETTINGS_FULL_TOPIC, "%prefix%/%zone%/" },
        { SETTINGS_FULL_TOPIC, "%prefix%/#" },
        { SETTINGS_FULL_TOPIC, "x" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        const char *why = "";
        assert_int_equal(settings_set_number(s, numbers[i].id, numbers[i].number, 0, &why),
                         SETTINGS_E_RANGE);
        assert_true(why[0] != '\0');
    }
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const char *why = "";
        assert_int_equal(settings_set_text(s, texts[i].id, texts[i].text, 0, &why),
                         SETTINGS_E_RANGE);
        assert_true(why[0] != '\0');
    }
    assert_string_equal(changed, "");
}

static void a_text_may_be_as_long_as_its_row_says(void **state)
{
    char text[SETTINGS_TEXT_MAX + 2];

    (void)state;
    memset(text, 'x', sizeof(text));
    text[SETTINGS_TEXT_MAX + 1] = '\0';
    assert_int_equal(settings_set_text(s, SETTINGS_MQTT_PASSWORD, text, 0, NULL), SETTINGS_E_RANGE);
    text[SETTINGS_TEXT_MAX] = '\0';
    assert_int_equal(settings_set_text(s, SETTINGS_MQTT_PASSWORD, text, 0, NULL), SETTINGS_OK);
    assert_string_equal(settings_text(s, SETTINGS_MQTT_PASSWORD), text);
}

/* ---- fixed by the configuration file ---- */

static void what_the_file_says_is_fixed(void **state)
{
    const char *why = "";

    (void)state;
    assert_int_equal(settings_set_number(s, SETTINGS_TELE_PERIOD, 60, 4, NULL), SETTINGS_OK);
    assert_int_equal(settings_fixed_line(s, SETTINGS_TELE_PERIOD), 4);
    assert_int_equal(settings_set_number(s, SETTINGS_TELE_PERIOD, 60, 0, &why), SETTINGS_OK);
    assert_int_equal(settings_set_number(s, SETTINGS_TELE_PERIOD, 61, 0, &why), SETTINGS_E_FIXED);
    assert_string_equal(why, "fixed in mi32.conf line 4");
    assert_int_equal(settings_number(s, SETTINGS_TELE_PERIOD), 60);
    /* a later line of the file may */
    assert_int_equal(settings_set_number(s, SETTINGS_TELE_PERIOD, 61, 9, &why), SETTINGS_OK);
    assert_int_equal(settings_fixed_line(s, SETTINGS_TELE_PERIOD), 9);
    assert_int_equal(settings_fixed_line(s, SETTINGS_SITE), 0);
}

static void the_file_that_fixes_is_named(void **state)
{
    const char *why = "";

    (void)state;
    settings_name_file(s, "/etc/mi32/house.conf");
    settings_set_number(s, SETTINGS_TELE_PERIOD, 60, 4, NULL);
    settings_name_file(s, "secrets");
    settings_set_text(s, SETTINGS_SITE, "files", 2, NULL);
    settings_set_number(s, SETTINGS_TELE_PERIOD, 61, 0, &why);
    assert_string_equal(why, "fixed in house.conf line 4");
    settings_set_text(s, SETTINGS_SITE, "mine", 0, &why);
    assert_string_equal(why, "fixed in secrets line 2");
}

static void a_line_that_is_gone_gives_the_own_value_back(void **state)
{
    (void)state;
    settings_set_number(s, SETTINGS_TELE_PERIOD, 100, 0, NULL);
    settings_set_text(s, SETTINGS_SITE, "mine", 0, NULL);
    settings_set_number(s, SETTINGS_TELE_PERIOD, 60, 1, NULL);
    settings_set_text(s, SETTINGS_SITE, "files", 2, NULL);
    changed[0] = '\0';

    settings_unfix(s);
    settings_set_text(s, SETTINGS_SITE, "files", 1, NULL); /* the only line now */
    settings_restore(s);
    assert_string_equal(changed, "TelePeriod "); /* no coming and going of the other */
    assert_int_equal(settings_number(s, SETTINGS_TELE_PERIOD), 100);
    assert_string_equal(settings_text(s, SETTINGS_SITE), "files");

    settings_unfix(s);
    settings_set_text(s, SETTINGS_SITE, "typed", 0, NULL); /* no longer fixed: that wins */
    settings_restore(s);
    assert_string_equal(settings_text(s, SETTINGS_SITE), "typed");
}

/* ---- the stored file ---- */

static const char *write_file(void)
{
    struct json j;

    json_init(&j, file, sizeof(file));
    settings_write(s, &j);
    assert_true(json_ok(&j));
    return file;
}

static enum settings_error read_text(const char *text, char *problem, size_t size)
{
    return settings_read(s, text, strlen(text), problem, size);
}

static void start_again(void)
{
    settings_destroy(s);
    s = settings_create(note_change, NULL);
    assert_non_null(s);
    changed[0] = '\0';
}

static void only_what_differs_is_written(void **state)
{
    (void)state;
    assert_string_equal(write_file(), "{\"version\":1}");
    settings_set_number(s, SETTINGS_TELE_PERIOD, 60, 0, NULL);
    settings_set_text(s, SETTINGS_MQTT_PASSWORD, "a\"b\\", 0, NULL);
    settings_set_number(s, SETTINGS_OPTION3, 0, 0, NULL); /* starts anew every time */
    assert_string_equal(write_file(),
                        "{\"version\":1,\"MqttPassword\":\"a\\\"b\\\\\",\"TelePeriod\":60}");
}

static void what_is_fixed_is_not_written_but_the_own_value_is(void **state)
{
    (void)state;
    settings_set_number(s, SETTINGS_TELE_PERIOD, 60, 0, NULL);
    settings_set_number(s, SETTINGS_TELE_PERIOD, 120, 3, NULL);
    settings_set_text(s, SETTINGS_SITE, "files", 4, NULL);
    assert_string_equal(write_file(), "{\"version\":1,\"TelePeriod\":60}");
}

static void what_was_written_is_read(void **state)
{
    char problem[128], copy[SETTINGS_FILE_MAX];

    (void)state;
    settings_set_number(s, SETTINGS_OPTION0, 0, 0, NULL);
    settings_set_text(s, SETTINGS_MQTT_USER, "j\xc3\xb6rg", 0, NULL);
    snprintf(copy, sizeof(copy), "%s", write_file());
    start_again();
    assert_int_equal(read_text(copy, problem, sizeof(problem)), SETTINGS_OK);
    assert_string_equal(problem, "");
    assert_string_equal(changed, ""); /* nothing runs yet that would want to know */
    assert_int_equal(settings_number(s, SETTINGS_OPTION0), 0);
    assert_string_equal(settings_text(s, SETTINGS_MQTT_USER), "j\xc3\xb6rg");
    assert_string_equal(write_file(), copy);
}

static void names_of_a_later_version_are_kept(void **state)
{
    static const char later[] = "{\"version\":1,\"TelePeriod\":60,\"Rule1\":\"ON a DO b ENDON\","
                                "\"Relays\":[1,{\"a\":null}]}";

    (void)state;
    assert_int_equal(read_text(later, NULL, 0), SETTINGS_OK);
    assert_string_equal(write_file(), later);
}

static void a_wrong_value_is_named_and_the_others_count(void **state)
{
    char problem[256];

    (void)state;
    assert_int_equal(read_text("{\"version\":1,\"MqttPort\":70000,\"Site\":\"a/b\","
                               "\"TelePeriod\":\"60\",\"MI32Option1\":0.5,\"MqttUser\":1,"
                               "\"MqttHost\":\"broker\"}",
                               problem, sizeof(problem)),
                     SETTINGS_OK);
    assert_non_null(strstr(problem, "MqttPort is out of range; Site must"));
    assert_non_null(strstr(problem, "TelePeriod is no number; MI32Option1 is no whole number"));
    assert_non_null(strstr(problem, "MqttUser is no text"));
    assert_int_equal(settings_number(s, SETTINGS_MQTT_PORT), 1883);
    assert_string_equal(settings_text(s, SETTINGS_MQTT_HOST), "broker");
    read_text("{\"version\":1,\"MqttPort\":70000,\"TelePeriod\":1}", problem, 12);
    assert_string_equal(problem, "MqttPort is"); /* cut, not overrun */
}

static void a_newer_file_is_refused_and_damage_is_told_apart(void **state)
{
    static const char *const damaged[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"version\":\"1\"}",
        "{\"version\":0}",
        "{\"version\":1} x",
        "{\"version\":1,}",
        "\xff\xfe",
    };

    (void)state;
    assert_int_equal(read_text("{\"version\":2,\"TelePeriod\":60}", NULL, 0), SETTINGS_E_NEWER);
    for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++)
        assert_int_equal(read_text(damaged[i], NULL, 0), SETTINGS_E_DAMAGED);
    assert_string_equal(write_file(), "{\"version\":1}");
    assert_int_equal(settings_read(s, "{\"version\":1}\n\0", 15, NULL, 0), SETTINGS_OK);
}

/* ---- migration: a made-up history of three forms ---- */

/* 1 to 2: TelePeriod was called Period and counted minutes. */
static void minutes_to_seconds(struct cJSON *members)
{
    cJSON *period = cJSON_DetachItemFromObjectCaseSensitive(members, "Period");

    if (period)
        cJSON_AddNumberToObject(members, "TelePeriod", period->valueint * 60);
    cJSON_Delete(period);
}

/* 2 to 3: a Topic had its slash. */
static void drop_slash(struct cJSON *members)
{
    const cJSON *topic = cJSON_GetObjectItemCaseSensitive(members, "Topic");
    char text[64];

    if (!cJSON_IsString(topic))
        return;
    snprintf(text, sizeof(text), "%.*s", (int)strcspn(topic->valuestring, "/"), topic->valuestring);
    cJSON_ReplaceItemInObjectCaseSensitive(members, "Topic", cJSON_CreateString(text));
}

static const struct settings_step history[] = { { 1, minutes_to_seconds }, { 2, drop_slash } };

/* Each older form comes up step by step; what no step knows is kept; a newer one is refused whole.
 */
static void older_files_are_brought_up(void **state)
{
    static const struct settings_format third = { 3, history, 2 };
    static const char newer[] = "{\"version\":4,\"TelePeriod\":40}";
    static const struct {
        const char *file;
        int32_t period;
        const char *topic;
    } rows[] = {
        { "{\"version\":1,\"Period\":2,\"Topic\":\"bath/\",\"Later\":7}", 120, "bath" },
        { "{\"version\":2,\"TelePeriod\":20,\"Topic\":\"bath/\",\"Later\":7}", 20, "bath" },
        { "{\"version\":3,\"TelePeriod\":30,\"Topic\":\"hall\",\"Later\":7}", 30, "hall" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *old = rows[i].file;
        assert_int_equal(settings_read_as(s, &third, old, strlen(old), NULL, 0), SETTINGS_OK);
        assert_int_equal(settings_number(s, SETTINGS_TELE_PERIOD), rows[i].period);
        assert_string_equal(settings_text(s, SETTINGS_TOPIC), rows[i].topic);
        assert_non_null(strstr(write_file(), "\"Later\":7"));
    }
    assert_int_equal(settings_read_as(s, &third, newer, strlen(newer), NULL, 0), SETTINGS_E_NEWER);
    assert_int_equal(settings_number(s, SETTINGS_TELE_PERIOD), 30);
}

static void the_longest_file_fits(void **state)
{
    char text[SETTINGS_FILE_MAX], value[SETTINGS_RULE_MAX + 1];

    (void)state;
    for (int id = 0; id < SETTINGS_COUNT; id++) {
        const struct settings_row *row = settings_row((enum settings_id)id);
        if (row->type == SETTINGS_NUMBER)
            continue;
        memset(value, '"', (size_t)row->max); /* takes two bytes in the file */
        value[row->max] = '\0';
        if (row->id == SETTINGS_FULL_TOPIC)
            memcpy(value, "%prefix%", 8);
        if (row->check && *settings_judge_text(row, value))
            continue; /* it has a short form of its own: a zone */
        assert_int_equal(settings_set_text(s, row->id, value, 0, NULL), SETTINGS_OK);
    }
    snprintf(text, sizeof(text), "{\"version\":1,\"a\":\"%04080d\"}", 0);
    assert_int_equal(read_text(text, NULL, 0), SETTINGS_OK);
    write_file();
    snprintf(text, sizeof(text), "{\"version\":1,\"a\":\"%04090d\"}", 0);
    assert_int_equal(read_text(text, NULL, 0), SETTINGS_E_DAMAGED); /* that is no file of ours */
}

static void local_time_is_that_of_the_zone(void **state)
{
    static const struct {
        const char *zone;
        int32_t offset_s;
    } rows[] = { { "system", 1234 }, { "+05:30", 19800 }, { "99", 3600 } };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(settings_set_text(s, SETTINGS_TIMEZONE, rows[i].zone, 0, NULL),
                         SETTINGS_OK);
        assert_int_equal(settings_utc_offset_s(s, 1234, 1767225600), rows[i].offset_s);
    }
    assert_int_equal(settings_utc_offset_s(s, 1234, 1783000000), 7200); /* in July */
    assert_int_equal(settings_set_text(s, SETTINGS_TIMEZONE, "Berlin", 0, NULL), SETTINGS_E_RANGE);
    assert_int_equal(settings_set_text(s, SETTINGS_TIME_STD, "1", 0, NULL), SETTINGS_E_RANGE);
}

static void a_default_may_come_from_this_machine(void **state)
{
    (void)state;
    settings_set_default(s, SETTINGS_TOPIC, "mi32_AABBCC");
    assert_string_equal(settings_text(s, SETTINGS_TOPIC), "mi32_AABBCC");
    assert_string_equal(settings_default_text(s, SETTINGS_TOPIC), "mi32_AABBCC");
    assert_string_equal(write_file(), "{\"version\":1}");
    settings_set_text(s, SETTINGS_TOPIC, "bath", 0, NULL);
    settings_set_default(s, SETTINGS_TOPIC, "mi32_112233"); /* what the user chose stays */
    assert_string_equal(settings_text(s, SETTINGS_TOPIC), "bath");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, create, destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_start_at_their_defaults),
        TEST(every_default_would_be_accepted),
        TEST(a_change_is_told_once),
        TEST(what_does_not_fit_is_refused_with_a_reason),
        TEST(a_text_may_be_as_long_as_its_row_says),
        TEST(what_the_file_says_is_fixed),
        TEST(the_file_that_fixes_is_named),
        TEST(a_line_that_is_gone_gives_the_own_value_back),
        TEST(only_what_differs_is_written),
        TEST(what_is_fixed_is_not_written_but_the_own_value_is),
        TEST(what_was_written_is_read),
        TEST(names_of_a_later_version_are_kept),
        TEST(a_wrong_value_is_named_and_the_others_count),
        TEST(a_newer_file_is_refused_and_damage_is_told_apart),
        TEST(older_files_are_brought_up),
        TEST(the_longest_file_fits),
        TEST(local_time_is_that_of_the_zone),
        TEST(a_default_may_come_from_this_machine),
    };

    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
