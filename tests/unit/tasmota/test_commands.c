/*
 * commands: what a Tasmota user types about sensors and settings, and the reply to each line. The
 * encrypted frame and its key are a published capture (tests of xiaomi-ble).
 */
#include "console.h"

#include "port/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- a house whose disk is one file in memory ---- */

static char published[256]; /* by the last Publish: topic|payload|retained */
static char messages[2048]; /* RESULT, a line each */
static char saved_name[PORT_FILES_NAME_MAX + 1], saved[8 * 1024];
static unsigned reports; /* of telemetry */
static enum port_files_error refuse_save, fail_save;
static port_files_done saved_done;
static void *saved_user;

static enum port_files_error save(void *self, const char *name, const void *data, size_t len,
                                  bool is_secret, port_files_done done, void *user)
{
    (void)self;
    if (refuse_save != PORT_FILES_OK)
        return refuse_save;
    assert_true(is_secret && len < sizeof(saved));
    snprintf(saved_name, sizeof(saved_name), "%s", name);
    memcpy(saved, data, len);
    saved[len] = '\0';
    saved_done = done;
    saved_user = user;
    return PORT_FILES_OK;
}

/* The disk is done with it. */
static void finish_save(void)
{
    assert_non_null(saved_done);
    saved_done(saved_user, fail_save);
    saved_done = NULL;
}

static const struct port_files files = { .save = save };

static void note(const char *result)
{
    const size_t len = strlen(messages);

    assert_true(len + strlen(result) + 2 <= sizeof(messages));
    snprintf(messages + len, sizeof(messages) - len, "%s\n", result);
}

static void hear(void *user, const struct bus_event *event)
{
    (void)user;
    if (event->kind == BUS_MESSAGE && event->u.message.prefix == BUS_TELE)
        reports += strcmp(event->u.message.level, "SENSOR") == 0;
    if (event->kind == BUS_MESSAGE && event->u.message.prefix == BUS_WHOLE)
        snprintf(published, sizeof(published), "%s|%s|%d", event->u.message.level,
                 event->u.message.payload, event->u.message.retain);
    if (event->kind == BUS_MESSAGE && event->u.message.prefix == BUS_STAT) {
        assert_string_equal(event->u.message.level, "RESULT");
        note(event->u.message.payload);
    }
}

static struct bus_listener listener;

static int open_house(void **state)
{
    (void)state;
    port.files = &files;
    console_open(64);
    listener = (struct bus_listener){ .hear = hear };
    bus_listen(house.bus, &listener);
    messages[0] = saved[0] = '\0';
    refuse_save = fail_save = PORT_FILES_OK;
    saved_done = NULL;
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    console_close();
    return 0;
}

#define MIBEACON 0xfe95
#define LYWSD03  "A4C1380283F4"
#define SECRET   "58585b0550f4830238c1a495ef58763c26000097e2abb5"
#define KEY      "e9ea895fac7cca6d30532432a516f3a8"
#define WRONG    "00000000000000000000000000000000"

static void hear_plain(const char *mac)
{
    char frame[40];

    /* the address last byte first, then temperature 21.5 */
    snprintf(frame, sizeof(frame), "50305b0501%.2s%.2s%.2s%.2s%.2s%.2s041002d700", mac + 10,
             mac + 8, mac + 6, mac + 4, mac + 2, mac);
    assert_int_equal(house_hear(&house, mac, MIBEACON, frame, -60), BEACON_OK);
}

/* ---- keys ---- */

static void a_key_is_kept_for_a_sensor_not_heard_yet(void **state)
{
    (void)state;
    EXPECT("MI32Key " KEY LYWSD03, "{\"MI32Key\":\"Done\"}");
    assert_int_equal(house_hear(&house, LYWSD03, MIBEACON, SECRET, -60), BEACON_OK);
}

static void a_key_says_how_many_kept_frames_it_opens(void **state)
{
    (void)state;
    assert_int_equal(house_hear(&house, LYWSD03, MIBEACON, SECRET, -60), BEACON_NO_KEY);
    EXPECT("mi32key " WRONG LYWSD03,
           "{\"MI32Key\":\"Done\",\"Opens\":\"0 of 1\","
           "\"Hint\":\"it opens nothing of what was heard: is it the right key?\"}");
    EXPECT("MI32KEY " KEY LYWSD03, "{\"MI32Key\":\"Done\",\"Opens\":\"1 of 1\"}");
}

static void a_legacy_key_has_24_digits(void **state)
{
    (void)state;
    EXPECT("MI32Key b853075158487ca39a5b5ea9F82441C5988B", "{\"MI32Key\":\"Done\"}");
}

static void what_is_no_key_is_refused_and_not_shown(void **state)
{
    static const char *const lines[] = {
        "MI32Key",
        "MI32Key ?",
        "MI32Key " KEY,
        "MI32Key " KEY LYWSD03 "0",
        "MI32Key " KEY " " LYWSD03,
        "MI32Key e9ea895fac7cca6d30532432a516f3ax" LYWSD03,
        "MI32Key" KEY LYWSD03,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_non_null(strstr(type_from(BUS_MQTT, 0, lines[i]), "{\"Command\":"));
        assert_null(strstr(house.replies, "895fac"));
        assert_null(strstr(house.replies, "895FAC"));
    }
    assert_null(strstr(house.logged, "895fac"));
    assert_null(strstr(house.logged, "895FAC"));
    assert_int_equal(house_hear(&house, LYWSD03, MIBEACON, SECRET, -60), BEACON_NO_KEY);
}

/* ---- one sensor ---- */

static void a_sensor_gets_a_name_and_loses_it(void **state)
{
    (void)state;
    hear_plain(LYWSD03);
    EXPECT("MI32Name 0", "{\"MI32Name\":\"LYWSD03-0283f4\"}");
    EXPECT("MI32Name A4:C1:38:02:83:F4 my bath", "{\"MI32Name\":\"my bath\"}");
    EXPECT("MI32Name LYWSD03-0283f4", "{\"MI32Name\":\"my bath\"}");
    EXPECT("MI32Name 0 \"", "{\"MI32Name\":\"LYWSD03-0283f4\"}");
    EXPECT("MI32Name 0 B\xc3\xa4"
           "d",
           "{\"MI32Name\":\"B\xc3\xa4"
           "d\"}");
    EXPECT("MI32Name b\xc3\xa4"
           "d Kitchen",
           "{\"MI32Name\":\"Kitchen\"}");
    assert_non_null(strstr(type("MI32Name Kitchen 1234567890123456789012345678901234"), "Error"));
    EXPECT("MI32Name", ERROR("MI32NAME", "usage: MI32Name <sensor> [<name>]"));
    EXPECT("MI32Name 7 x",
           ERROR("MI32NAME", "no sensor 7, or more than one; MI32Sensors lists them"));
}

static void a_sensor_is_approved_ignored_and_forgotten(void **state)
{
    (void)state;
    EXPECT("MI32Option3 0", "{\"MI32Option3\":0}");
    hear_plain(LYWSD03);
    EXPECT("MI32Sensors", "{\"MI32Sensors\":[]}");
    assert_non_null(strstr(type("MI32Sensors 1"), "\"MAC\":\"A4C1380283F4\""));
    EXPECT("MI32Approve " LYWSD03, "{\"MI32Approve\":\"Done\"}");
    assert_string_equal(saved_name, "mi32cfg");
    assert_non_null(strstr(saved, LYWSD03));
    assert_non_null(strstr(type("MI32Sensors"), "{\"Slot\":0,\"MAC\":\"A4C1380283F4\""));
    EXPECT("MI32Ignore LYWSD03-0283f4", "{\"MI32Ignore\":\"Done\"}");
    EXPECT("MI32Sensors", "{\"MI32Sensors\":[]}");
    assert_non_null(strstr(type("MI32Sensors 1"), "\"Ignored\":true"));
    EXPECT("MI32Forget " LYWSD03, "{\"MI32Forget\":\"Done\"}");
    EXPECT("MI32Sensors 1", "{\"MI32Sensors\":[]}");
    EXPECT("MI32Forget " LYWSD03,
           ERROR("MI32FORGET", "no sensor " LYWSD03 ", or more than one; MI32Sensors lists them"));
    EXPECT("MI32Approve bath",
           ERROR("MI32APPROVE", "no sensor bath, or more than one; MI32Sensors lists them"));
}

static void what_was_never_heard_can_be_ignored(void **state)
{
    (void)state;
    EXPECT("MI32Ignore A4:C1:38:02:83:F4", "{\"MI32Ignore\":\"Done\"}");
    EXPECT("MI32Ignore nobody",
           ERROR("MI32IGNORE", "no sensor nobody, or more than one; MI32Sensors lists them"));
    EXPECT("MI32Ignore", ERROR("MI32IGNORE", "usage: MI32Ignore <sensor>"));
}

static void a_name_with_blanks_stands_in_quotes(void **state)
{
    (void)state;
    hear_plain(LYWSD03);
    EXPECT("MI32Name 0 my bath", "{\"MI32Name\":\"my bath\"}");
    EXPECT("MI32Plain \"my bath\" 1", "{\"MI32Plain\":1}");
    EXPECT("MI32Name \"my bath\"", "{\"MI32Name\":\"my bath\"}");
    EXPECT("MI32Name \"my bath\" the sauna", "{\"MI32Name\":\"the sauna\"}");
    EXPECT("MI32Ignore \"my bath\"",
           ERROR("MI32IGNORE", "no sensor my bath, or more than one; MI32Sensors lists them"));
    EXPECT("MI32Ignore \"the",
           ERROR("MI32IGNORE", "no sensor \\\"the, or more than one; MI32Sensors lists them"));
    EXPECT("MI32Ignore \"the sauna\"", "{\"MI32Ignore\":\"Done\"}");
}

static void a_replaced_sensor_hands_on_its_name(void **state)
{
    (void)state;
    hear_plain(LYWSD03);
    type("MI32Name 0 bath");
    EXPECT("MI32Replace bath A4C138AABBCC", "{\"MI32Replace\":\"Done\"}");
    assert_non_null(
        strstr(type("MI32Sensors"), "{\"Slot\":0,\"MAC\":\"A4C138AABBCC\",\"Name\":\"bath\""));
    assert_non_null(strstr(type("MI32Replace bath bath"), "Error"));
    EXPECT("MI32Replace bath", ERROR("MI32REPLACE", "usage: MI32Replace <old> <new>"));
    EXPECT("MI32Replace sauna 0",
           ERROR("MI32REPLACE", "no sensor sauna, or more than one; MI32Sensors lists them"));
    EXPECT("MI32Replace bath new",
           ERROR("MI32REPLACE", "no sensor new, or more than one; MI32Sensors lists them"));
}

static void plain_values_of_a_keyed_sensor_can_be_allowed(void **state)
{
    (void)state;
    type("MI32Key " KEY LYWSD03);
    house_hear(&house, LYWSD03, MIBEACON, SECRET, -60);
    EXPECT("MI32Plain 0", "{\"MI32Plain\":0}");
    EXPECT("MI32Plain 0 on", "{\"MI32Plain\":1}");
    EXPECT("MI32Plain 0 0", "{\"MI32Plain\":0}");
    EXPECT("MI32Plain 0 2", ERROR("MI32PLAIN", "on must be 0 to 1"));
    EXPECT("MI32Plain 1 1",
           ERROR("MI32PLAIN", "no sensor 1, or more than one; MI32Sensors lists them"));
}

/* ---- messages of one's own ---- */

static void publish_takes_the_topic_as_it_is(void **state)
{
    (void)state;
    EXPECT("Publish heating/set on {\"a\":1; 2}", "{\"Publish\":\"Done\"}");
    assert_string_equal(published, "heating/set|on {\"a\":1; 2}|0");
    EXPECT("publish2 a/b x", "{\"Publish2\":\"Done\"}");
    assert_string_equal(published, "a/b|x|1");
    EXPECT("Publish2 a/b", "{\"Publish2\":\"Done\"}");
    assert_string_equal(published, "a/b||1");
    EXPECT("Publish a/# x", ERROR("PUBLISH", "a/# is no topic to publish to"));
    EXPECT("Publish $SYS/a x", ERROR("PUBLISH", "$SYS/a is no topic to publish to"));
    EXPECT("Publish", ERROR("PUBLISH", "usage: Publish <topic> [<payload>]"));
    assert_string_equal(published, "a/b||1");
}

/* ---- time ---- */

static void time_is_local_and_has_four_forms(void **state)
{
    (void)state;
    EXPECT("Time", "{\"Time\":\"2022-09-19T20:00:00\"}");
    EXPECT("Time 2", "{\"Time\":\"2022-09-19T20:00:00\",\"Epoch\":1663610400}");
    EXPECT("Time 3", "{\"Time\":1663610400}");
    house_advance(&house, 7);
    EXPECT("Time 4", "{\"Time\":\"2022-09-19T20:00:00.007\"}");
    EXPECT("Time 0", "{\"Time\":\"2022-09-19T20:00:00.007\"}");
    EXPECT("Time 1", "{\"Time\":\"2022-09-19T20:00:00\"}");
    EXPECT("Time 1663610400",
           ERROR("TIME", "the clock is the machine's: set it there (timedatectl)"));
}

static void a_zone_is_the_systems_fixed_or_made_of_rules(void **state)
{
    (void)state;
    EXPECT("Timezone", "{\"Timezone\":\"system\"}");
    EXPECT("Timezone 99", "{\"Timezone\":99}");
    EXPECT("Timezone -3", "{\"Timezone\":\"-03:00\"}");
    EXPECT("Timezone +5:30", "{\"Timezone\":\"+05:30\"}");
    EXPECT("Timezone 0", "{\"Timezone\":\"+00:00\"}");
    EXPECT("Timezone 15", ERROR("TIMEZONE", "Timezone must be system, 99, hours (-13 to 14) or "
                                            "+hh:mm"));
    EXPECT("Timezone system", "{\"Timezone\":\"system\"}");
    EXPECT("TimeStd", "{\"TimeStd\":{\"Hemisphere\":0,\"Week\":0,\"Month\":10,\"Day\":1,"
                      "\"Hour\":3,\"Offset\":60}}");
    EXPECT("TimeDst 1,1,10,1,2,660",
           "{\"TimeDst\":{\"Hemisphere\":1,\"Week\":1,\"Month\":10,\"Day\":1,\"Hour\":2,"
           "\"Offset\":660}}");
    EXPECT("TimeDst 0", "{\"TimeDst\":{\"Hemisphere\":0,\"Week\":0,\"Month\":3,\"Day\":1,"
                        "\"Hour\":2,\"Offset\":120}}");
    EXPECT("TimeStd 1,2",
           ERROR("TIMESTD", "TimeStd must be hemisphere,week,month,day,hour,offset"));
}

/* ---- the list ---- */

static void the_list_shows_what_is_known(void **state)
{
    (void)state;
    hear_plain("A4C138AABBCC");
    house_hear(&house, LYWSD03, MIBEACON, SECRET, -71);
    house_advance(&house, 12000);
    EXPECT("MI32Sensors",
           "{\"MI32Sensors\":[{\"Slot\":0,\"MAC\":\"A4C138AABBCC\",\"Name\":\"LYWSD03-aabbcc\","
           "\"Type\":\"LYWSD03\",\"RSSI\":-60,\"Age\":12},{\"Slot\":1,"
           "\"MAC\":\"A4C1380283F4\",\"Name\":\"LYWSD03-0283f4\",\"Type\":\"LYWSD03\","
           "\"RSSI\":-71,\"Age\":12,\"Key\":\"needed\"}]}");
    EXPECT("MI32Sensors 3", ERROR("MI32SENSORS", "inbox must be 0 to 1"));
}

static void a_long_list_comes_in_pages(void **state)
{
    unsigned found = 0;

    (void)state;
    for (unsigned i = 0; i < 60; i++) {
        char mac[13], line[96];
        snprintf(mac, sizeof(mac), "A4C138%06X", i);
        hear_plain(mac);
        /* a name as long as names may be, of characters that take two bytes in JSON */
        snprintf(line, sizeof(line),
                 "MI32Name %s \"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"%02u", mac,
                 i);
        type(line);
    }
    type("MI32Sensors");
    assert_non_null(strstr(house.replies, "{\"MI32Sensors1\":[{\"Slot\":0,"));
    assert_non_null(strstr(house.replies, "{\"MI32Sensors2\":[{\"Slot\":24,"));
    assert_non_null(strstr(house.replies, "{\"MI32Sensors3\":[{\"Slot\":48,"));
    for (const char *at = house.replies; (at = strstr(at, "\"MAC\"")) != NULL; at++)
        found++;
    assert_int_equal(found, 60);
    assert_null(strstr(house.replies, "Error"));
}

/* ---- mi32cfg ---- */

static void the_list_is_saved_and_failures_are_told(void **state)
{
    (void)state;
    EXPECT("MI32Cfg", ERROR("MI32CFG", "there is no sensor in the list yet; nothing is saved"));
    hear_plain(LYWSD03);
    EXPECT("MI32CFG anything", "{\"MI32Cfg\":\"Done\"}");
    assert_string_equal(saved, "[{\"MAC\":\"A4C1380283F4\",\"PID\":\"055b\",\"key\":\"\"}]");
    finish_save();
    assert_non_null(strstr(house.logged, "mi32cfg is saved\n"));

    refuse_save = PORT_FILES_FULL;
    EXPECT("MI32Cfg", ERROR("MI32CFG", "mi32cfg is not saved: the disk is full; free some space; "
                                       "what was saved before is still there"));
    refuse_save = PORT_FILES_OK;
    fail_save = PORT_FILES_BROKEN; /* found out later */
    type("MI32Cfg");
    finish_save();
    assert_non_null(strstr(house.logged, "mi32cfg is not saved: the disk reports an error\n"));
}

/* ---- settings ---- */

static void settings_answer_with_their_value(void **state)
{
    (void)state;
    EXPECT("MI32Option0", "{\"MI32Option0\":1}");
    EXPECT("mi32option0 off", "{\"MI32Option0\":0}");
    EXPECT("MI32Option0 ?", "{\"MI32Option0\":0}");
    EXPECT("MI32Option1", "{\"MI32Option1\":0}");
    EXPECT("MI32Option2 1", "{\"MI32Option2\":1}");
    EXPECT("MI32Option4 1", "{\"MI32Option4\":1}");
    EXPECT("TelePeriod", "{\"TelePeriod\":300}");
    EXPECT("teleperiod 60", "{\"TelePeriod\":60}");
    EXPECT("TelePeriod 1", "{\"TelePeriod\":300}");
    EXPECT("TelePeriod 0", "{\"TelePeriod\":0}");
    EXPECT("MqttHost", "{\"MqttHost\":\"\"}");
    EXPECT("MqttHost broker.lan", "{\"MqttHost\":\"broker.lan\"}");
    EXPECT("MqttHost 0", "{\"MqttHost\":\"\"}");
    EXPECT("MqttPort 0x75b", "{\"MqttPort\":1883}");
    EXPECT("MqttUser \"", "{\"MqttUser\":\"\"}");
    EXPECT("MqttTLS on", "{\"MqttTLS\":1}");
    EXPECT("Topic", "{\"Topic\":\"mi32_AABBCC\"}");
    EXPECT("Topic bath", "{\"Topic\":\"bath\"}");
    EXPECT("Topic 1", "{\"Topic\":\"mi32_AABBCC\"}");
    EXPECT("MqttClient", "{\"MqttClient\":\"DVES_AABBCC\"}");
    EXPECT("FullTopic %topic%/%prefix%/", "{\"FullTopic\":\"%topic%/%prefix%/\"}");
    EXPECT("FullTopic 1", "{\"FullTopic\":\"%prefix%/%topic%/\"}");
    EXPECT("GroupTopic", "{\"GroupTopic1\":\"tasmotas\"}");
    EXPECT("grouptopic3 upstairs", "{\"GroupTopic3\":\"upstairs\"}");
    EXPECT("GroupTopic3 \"", "{\"GroupTopic3\":\"\"}");
    EXPECT("GroupTopic1 0", "{\"GroupTopic1\":\"\"}");
    EXPECT("GroupTopic1 1", "{\"GroupTopic1\":\"tasmotas\"}");
    EXPECT("Prefix2 done", "{\"Prefix2\":\"done\"}");
    EXPECT("Prefix2 \"", "{\"Prefix2\":\"stat\"}"); /* it must be something */
    EXPECT("Prefix3", "{\"Prefix3\":\"tele\"}");
    EXPECT(
        "MqttFingerprint2 ce:8d:cd:0f:b7:f4:5a:8b:d1:d6:08:da:d0:42:6d:18:f1:dd:a6:69",
        "{\"MqttFingerprint2\":\"ce:8d:cd:0f:b7:f4:5a:8b:d1:d6:08:da:d0:42:6d:18:f1:dd:a6:69\"}");
    EXPECT("MqttRetry", "{\"MqttRetry\":120}");
    EXPECT("SensorRetain 1", "{\"SensorRetain\":\"ON\"}");
    EXPECT("SetOption4", "{\"SetOption4\":\"OFF\"}");
    EXPECT("SetOption104 on", "{\"SetOption104\":\"ON\"}");
    EXPECT("SetHA 0", "{\"SetHA\":0}");
    EXPECT("HAPrefix", "{\"HAPrefix\":\"homeassistant\"}");
    EXPECT("Site", "{\"Site\":\"home\"}");
    EXPECT("Site 0", "{\"Site\":\"0\"}");
    EXPECT("Site 1", "{\"Site\":\"1\"}");
}

static void settings_refuse_with_a_reason(void **state)
{
    (void)state;
    EXPECT("TelePeriod 9", ERROR("TELEPERIOD", "TelePeriod must be 0 (off) or 10 to 3600 seconds"));
    EXPECT("TelePeriod 3601", ERROR("TELEPERIOD", "seconds must be 0 to 3600"));
    EXPECT("MqttPort 0", ERROR("MQTTPORT", "port must be 1 to 65535"));
    EXPECT("MI32Option0 7", ERROR("MI32OPTION0", "on must be 0 to 1"));
    EXPECT("MI32Option 7",
           ERROR("MI32OPTION", "on must be 0 to 1; MI32Option alone is MI32Option1, and other "
                               "numbers follow it without a blank: MI32Option<0-4>"));
    EXPECT("MI32Option5 1", ERROR("MI32OPTION5", "usage: MI32Option<0-4> [0|1]"));
    EXPECT("MI32Option", "{\"MI32Option1\":0}"); /* no index means 1 */
    EXPECT("Topic a/b",
           ERROR("TOPIC", "Topic must be one level of a topic: no blanks, no / + # % $"));
    EXPECT("MqttFingerprint 12 34",
           ERROR("MQTTFINGERPRINT", "MqttFingerprint1 must have 40 (SHA-1) "
                                    "or 64 (SHA-256) digits"));
    EXPECT("GroupTopic a/b", ERROR("GROUPTOPIC", "GroupTopic1 must be one level of a topic: no "
                                                 "blanks, no / + # % $"));
    EXPECT("FullTopic %topic%/bath",
           ERROR("FULLTOPIC", "FullTopic must contain %prefix%, or commands and "
                              "replies would share a topic"));
}

static void any_use_of_teleperiod_brings_a_report(void **state)
{
    static const char *const lines[] = { "TelePeriod", "TelePeriod 60", "TelePeriod 60",
                                         "TelePeriod 0" };

    (void)state;
    hear_plain(LYWSD03);
    tasmota_start(tasmota);
    house_advance(&house, 6000); /* the first one comes by itself */
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        const unsigned before = reports;
        type(lines[i]);
        assert_int_equal(reports, before); /* behind the reply */
        house_advance(&house, 1);
        assert_int_equal(reports, before + 1);
    }
}

static void option3_is_what_the_registry_does(void **state)
{
    (void)state;
    EXPECT("MI32Option3", "{\"MI32Option3\":1}");
    registry_set_auto_add(house.registry, false); /* as after reading mi32cfg */
    EXPECT("MI32Option3", "{\"MI32Option3\":0}");
    EXPECT("MI32Option3 1", "{\"MI32Option3\":1}");
    assert_true(registry_auto_add(house.registry));
    EXPECT("MI32Option3 0", "{\"MI32Option3\":0}");
    assert_false(registry_auto_add(house.registry));
}

static void the_password_is_never_shown(void **state)
{
    (void)state;
    EXPECT("MqttPassword", "{\"MqttPassword\":\"\"}");
    EXPECT("MqttPassword hunter2", "{\"MqttPassword\":\"****\"}");
    EXPECT("MqttPassword", "{\"MqttPassword\":\"****\"}");
    assert_string_equal(settings_text(house.settings, SETTINGS_MQTT_PASSWORD), "hunter2");
    EXPECT("MqttPassword \"", "{\"MqttPassword\":\"\"}");
    assert_null(strstr(house.logged, "hunter2"));
}

static void a_guest_drops_nobody_s_backlog(void **state)
{
    static const char *const names[] = { "Backlog", "Backlog0" };

    (void)state;
    type("Backlog Var1 1; Var2 2");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_non_null(strstr(type_from(BUS_GUEST, 0, names[i]), "needs the password"));
    house_advance(&house, 1000);
    EXPECT("Var2", "{\"Var2\":\"2\"}");
}

static void what_the_configuration_file_says_is_fixed(void **state)
{
    (void)state;
    assert_string_equal(type_from(BUS_CONFIG, 3, "TelePeriod 60"), "{\"TelePeriod\":60}");
    EXPECT("TelePeriod 60", "{\"TelePeriod\":60}");
    EXPECT("TelePeriod 61", ERROR("TELEPERIOD", "fixed in mi32.conf line 3"));
    EXPECT("TelePeriod", "{\"TelePeriod\":60}");
    type_from(BUS_CONFIG, 4, "MI32Option3 0");
    EXPECT("MI32Option3 1", ERROR("MI32OPTION3", "fixed in mi32.conf line 4"));
    assert_false(registry_auto_add(house.registry));
    type_from(BUS_CONFIG, 5, "Topic bath");
    EXPECT("Topic hall", ERROR("TOPIC", "fixed in mi32.conf line 5"));
}

/* ---- Backlog ---- */

static void a_backlog_runs_one_entry_each_200_ms(void **state)
{
    (void)state;
    EXPECT("Backlog TelePeriod 60; MI32Option0 0 ;;  Topic hall", "{\"TelePeriod\":60}");
    house_advance(&house, 199);
    assert_string_equal(messages, "");
    house_advance(&house, 1);
    assert_string_equal(messages, "{\"MI32Option0\":0}\n");
    house_advance(&house, 200);
    assert_string_equal(messages, "{\"MI32Option0\":0}\n{\"Topic\":\"hall\"}\n");
    house_advance(&house, 10000);
    EXPECT("Backlog", "{\"Backlog\":\"Empty\"}");
}

static enum bus_result run_show(void *room, struct bus_call *call)
{
    (void)room;
    json_text(call->reply, "Show", "the secret");
    return BUS_DONE;
}

/* What waits replies to everybody, so a secret is shown to nobody. */
static void delay_and_setoption34_stretch_a_backlog(void **state)
{
    (void)state;
    EXPECT("Backlog SetOption34 50; Delay 20; TelePeriod 20; Topic x", "{\"SetOption34\":50}");
    messages[0] = '\0';
    house_advance(&house, 199); /* the entry behind was due before the pause was changed */
    assert_string_equal(messages, "");
    house_advance(&house, 1);
    assert_string_equal(messages, "{\"Delay\":20}\n");
    house_advance(&house, 1999);
    assert_string_equal(messages, "{\"Delay\":20}\n");
    house_advance(&house, 1);
    assert_non_null(strstr(messages, "{\"TelePeriod\":20}\n"));
    house_advance(&house, 50);
    assert_non_null(strstr(messages, "{\"Topic\":\"x\"}\n"));
    EXPECT("Delay 1", ERROR("DELAY", "tenths of a second must be 2 to 3600"));
    EXPECT("Delay 3600", "{\"Delay\":3600}"); /* nothing waits: nothing is delayed */
    EXPECT("SetOption34 256", ERROR("SETOPTION34", "ms must be 0 to 255"));
}

static void a_waiting_entry_shows_no_secret(void **state)
{
    static const struct bus_row show = { .name = "Show", .flags = BUS_REVEALS, .run = run_show };

    (void)state;
    bus_register(house.bus, &show, 1, NULL);
    EXPECT("Backlog Show; show", "{\"Show\":\"the secret\"}");
    house_advance(&house, 200);
    assert_non_null(strstr(messages, "\"Input\":\"SHOW\""));
    assert_null(strstr(messages, "the secret"));
}

static void backlog0_runs_all_at_once(void **state)
{
    (void)state;
    EXPECT("Backlog0 TelePeriod 60; bogus; Backlog Site x",
           "{\"TelePeriod\":60}\n{\"Command\":\"Unknown\",\"Input\":\"BOGUS\"}\n{\"Site\":\"x\"}");
    assert_string_equal(type_from(BUS_CONFIG, 8, "Backlog Site y; Topic z"),
                        "{\"Site\":\"y\"}\n{\"Topic\":\"z\"}");
    EXPECT("Topic w", ERROR("TOPIC", "fixed in mi32.conf line 8"));
}

static void a_backlog_waits_behind_another_and_can_be_dropped(void **state)
{
    (void)state;
    EXPECT("Backlog Site a; Site b", "{\"Site\":\"a\"}");
    EXPECT("Backlog Site c", "");
    house_advance(&house, 200);
    EXPECT("Site", "{\"Site\":\"b\"}");
    house_advance(&house, 200);
    EXPECT("Site", "{\"Site\":\"c\"}");
    type("Backlog Site d; Site e");
    EXPECT("Backlog", "{\"Backlog\":\"Aborted\"}");
    house_advance(&house, 10000);
    EXPECT("Site", "{\"Site\":\"d\"}");
}

static void a_backlog_has_bounds(void **state)
{
    char line[BUS_LINE_MAX + 1] = "Backlog ";

    (void)state;
    for (int i = 0; i < 31; i++)
        strncat(line, "Site x;", sizeof(line) - strlen(line) - 1);
    EXPECT(line, ERROR("BACKLOG", "at most 30 commands"));
    line[strlen(line) - strlen("Site x;")] = '\0';
    EXPECT(line, "{\"Site\":\"x\"}");
    EXPECT("Backlog Site y; Site z", ERROR("BACKLOG", "more is waiting than there is room for; "
                                                      "Backlog alone drops it"));
    house_advance(&house, 30 * 200);
    EXPECT("Backlog", "{\"Backlog\":\"Empty\"}");
}

/* The seed's boot rule does this. */
static void a_backlog_of_keys_works_before_the_sensors_are_heard(void **state)
{
    (void)state;
    EXPECT("backlog MI32key " KEY LYWSD03 "; MI32key " WRONG "112233445566",
           "{\"MI32Key\":\"Done\"}");
    house_advance(&house, 200);
    assert_string_equal(messages, "{\"MI32Key\":\"Done\"}\n");
    assert_int_equal(house_hear(&house, LYWSD03, MIBEACON, SECRET, -60), BEACON_OK);
}

static void nothing_waits_beyond_the_end(void **state)
{
    (void)state;
    type("Backlog Site a; Site b");
    tasmota_stop(tasmota);
    house_advance(&house, 10000);
    assert_string_equal(messages, "");
}

/* ---- Help ---- */

static void help_lists_and_explains(void **state)
{
    (void)state;
    type("Help");
    for (size_t i = 0; bus_row_at(house.bus, i); i++) {
        char name[BUS_NAME_MAX + 3];
        snprintf(name, sizeof(name), "\"%s\"", bus_row_at(house.bus, i)->name);
        assert_non_null(strstr(house.replies, name));
    }
    EXPECT("Help mi32plain",
           "{\"Help\":{\"Usage\":\"MI32Plain <sensor> [0|1]\",\"Help\":\"1: accepts unencrypted "
           "values of a sensor though it has a key, 0: refuses them.\"}}");
    EXPECT("Help bogus", ERROR("HELP", "no command bogus; Help lists all"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_is_kept_for_a_sensor_not_heard_yet),
        TEST(a_key_says_how_many_kept_frames_it_opens),
        TEST(a_legacy_key_has_24_digits),
        TEST(what_is_no_key_is_refused_and_not_shown),
        TEST(a_sensor_gets_a_name_and_loses_it),
        TEST(a_sensor_is_approved_ignored_and_forgotten),
        TEST(what_was_never_heard_can_be_ignored),
        TEST(a_name_with_blanks_stands_in_quotes),
        TEST(a_replaced_sensor_hands_on_its_name),
        TEST(plain_values_of_a_keyed_sensor_can_be_allowed),
        TEST(the_list_shows_what_is_known),
        TEST(a_long_list_comes_in_pages),
        TEST(the_list_is_saved_and_failures_are_told),
        TEST(settings_answer_with_their_value),
        TEST(settings_refuse_with_a_reason),
        TEST(any_use_of_teleperiod_brings_a_report),
        TEST(option3_is_what_the_registry_does),
        TEST(the_password_is_never_shown),
        TEST(a_guest_drops_nobody_s_backlog),
        TEST(what_the_configuration_file_says_is_fixed),
        TEST(a_backlog_runs_one_entry_each_200_ms),
        TEST(delay_and_setoption34_stretch_a_backlog),
        TEST(publish_takes_the_topic_as_it_is),
        TEST(time_is_local_and_has_four_forms),
        TEST(a_zone_is_the_systems_fixed_or_made_of_rules),
        TEST(a_waiting_entry_shows_no_secret),
        TEST(backlog0_runs_all_at_once),
        TEST(a_backlog_waits_behind_another_and_can_be_dropped),
        TEST(a_backlog_has_bounds),
        TEST(a_backlog_of_keys_works_before_the_sensors_are_heard),
        TEST(nothing_waits_beyond_the_end),
        TEST(help_lists_and_explains),
    };

    return cmocka_run_group_tests_name("tasmota_commands", tests, NULL, NULL);
}
