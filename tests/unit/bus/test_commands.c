/* commands: what may be typed, and the reply to each line. */
#include "bus/bus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct bus *bus;
static char replies[2 * BUS_REPLY_MAX];
static char logged[1024];

static uint64_t now_ms(void *clock)
{
    (void)clock;
    return 1;
}

/* ---- a room with one command of each sort ---- */

static enum bus_result run_nothing(void *room, struct bus_call *call)
{
    (void)room;
    (void)call;
    return BUS_DONE;
}

/* Shows what the handler got. */
static enum bus_result run_echo(void *room, struct bus_call *call)
{
    (void)room;
    json_text(call->reply, "row", call->row->name);
    json_int(call->reply, "index", call->index);
    for (size_t i = 0; i < BUS_ARGS_MAX && call->row->args[i].kind != BUS_ARG_NONE; i++) {
        const bool is_number =
            call->row->args[i].kind == BUS_ARG_NUMBER || call->row->args[i].kind == BUS_ARG_SWITCH;
        if (!call->args[i].given)
            json_null(call->reply, call->row->args[i].name);
        else if (is_number)
            json_int(call->reply, call->row->args[i].name, call->args[i].number);
        else
            json_text(call->reply, call->row->args[i].name, call->args[i].text);
    }
    return BUS_DONE;
}

static enum bus_result run_fail(void *room, struct bus_call *call)
{
    (void)room;
    json_text(call->reply, "half", "done"); /* must not be seen */
    return bus_fail(call, "no %s", call->args[0].text);
}

static enum bus_result run_room(void *room, struct bus_call *call)
{
    json_text(call->reply, call->name, room);
    return BUS_DONE;
}

static enum bus_result run_thrice(void *room, struct bus_call *call)
{
    (void)room;
    for (int i = 1; i <= 3; i++) {
        json_int(call->reply, "part", i);
        if (i < 3)
            bus_reply_next(call);
    }
    return BUS_DONE;
}

static enum bus_result run_long(void *room, struct bus_call *call)
{
    (void)room;
    for (int32_t i = 0; i < call->args[0].number; i++)
        json_int(call->reply, "abcdefghi", 1000);
    return BUS_DONE;
}

static enum bus_result run_silent(void *room, struct bus_call *call)
{
    (void)room;
    call->no_reply = true;
    return BUS_DONE;
}

static void collect(void *user, const char *level, const char *json)
{
    char *out = user;

    (void)level;
    strncat(out, json, sizeof(replies) - strlen(out) - 1);
    strncat(out, "\n", sizeof(replies) - strlen(out) - 1);
}

static enum bus_result run_self(void *room, struct bus_call *call)
{
    (void)room;
    call->no_reply = true;
    return bus_command(bus, "Again", 5, call->origin, 0, collect, replies);
}

#define INDEXES(min, max, standard)                                                                \
    .index_min = (min), .index_max = (max), .index_default = (standard)

static const struct bus_row rows[] = {
    { .name = "Nothing", .help = "Does it.", .run = run_nothing },
    { .name = "Again", .help = "Does it.", .run = run_self },
    { .name = "Silent", .help = "Does it.", .run = run_silent },
    { .name = "Thrice", .help = "Does it.", .run = run_thrice },
    { .name = "Fail",
      .args = { { BUS_ARG_TEXT, "thing", true, 0, 0 } },
      .help = "Does it.",
      .run = run_fail },
    { .name = "Long",
      .args = { { BUS_ARG_NUMBER, "n", false, 0, 10000 } },
      .help = "Does it.",
      .run = run_long },
    { .name = "Number",
      .args = { { BUS_ARG_NUMBER, "n", true, -5, 300 } },
      .help = "Does it.",
      .run = run_echo },
    { .name = "Option",
      INDEXES(0, 4, 1),
      .args = { { BUS_ARG_SWITCH, "on", true, 0, 0 } },
      .help = "Switches.",
      .run = run_echo },
    { .name = "Backlog",
      .args = { { BUS_ARG_TEXT, "list", true, 0, 0 } },
      .help = "Does it.",
      .run = run_echo },
    { .name = "Backlog0",
      .args = { { BUS_ARG_TEXT, "list", true, 0, 0 } },
      .help = "Does it.",
      .run = run_echo },
    { .name = "Name",
      .args = { { BUS_ARG_SENSOR, "sensor", false, 0, 0 }, { BUS_ARG_TEXT, "text", true, 2, 8 } },
      .help = "Does it.",
      .run = run_echo },
    { .name = "Replace",
      .args = { { BUS_ARG_SENSOR, "old", false, 0, 0 }, { BUS_ARG_SENSOR, "new", false, 0, 0 } },
      .help = "Does it.",
      .run = run_echo },
    { .name = "Relay", INDEXES(1, 4, 1), .help = "Does it.", .run = run_room },
    { .name = "Password",
      .flags = BUS_SECRET | BUS_CHANGES,
      .args = { { BUS_ARG_TEXT, "password", true, 0, 16 } },
      .help = "Opens.",
      .run = run_nothing },
    { .name = "Show", .flags = BUS_REVEALS, .help = "Shows.", .run = run_nothing },
};

static void hear_log(void *user, const struct bus_event *event)
{
    (void)user;
    strncat(logged, event->u.log.text, sizeof(logged) - strlen(logged) - 1);
}

static struct bus_listener listener = { .hear = hear_log };
static char room_name[] = "living";

static int open_bus(void **state)
{
    (void)state;
    bus = bus_create(now_ms, NULL);
    bus_register(bus, rows, sizeof(rows) / sizeof(rows[0]), room_name);
    bus_listen(bus, &listener);
    logged[0] = '\0';
    return bus ? 0 : -1;
}

static int close_bus(void **state)
{
    (void)state;
    bus_destroy(bus);
    return 0;
}

static enum bus_result type_from(enum bus_origin origin, const char *line)
{
    replies[0] = '\0';
    return bus_command(bus, line, strlen(line), origin, 0, collect, replies);
}

struct expected {
    const char *line;
    enum bus_result result;
    const char *reply;
};

static void expect_all(const struct expected *rows_, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char expected[512];
        snprintf(expected, sizeof(expected), "%s\n", rows_[i].reply);
        assert_int_equal(type_from(BUS_LOCAL, rows_[i].line), rows_[i].result);
        assert_string_equal(replies, expected);
    }
}

#define EXPECT_ALL(table) expect_all(table, sizeof(table) / sizeof((table)[0]))

static void names_match_in_any_case_and_with_index(void **state)
{
    static const struct expected table[] = {
        { "Nothing", BUS_DONE, "{\"Nothing\":\"Done\"}" },
        { "nothing", BUS_DONE, "{\"Nothing\":\"Done\"}" },
        { "  NOTHING \r\n", BUS_DONE, "{\"Nothing\":\"Done\"}" },
        { "Nothing whatever stands here", BUS_DONE, "{\"Nothing\":\"Done\"}" },
        { "option3", BUS_DONE, "{\"row\":\"Option\",\"index\":3,\"on\":null}" },
        { "option", BUS_DONE, "{\"row\":\"Option\",\"index\":1,\"on\":null}" },
        { "backlog a", BUS_DONE, "{\"row\":\"Backlog\",\"index\":0,\"list\":\"a\"}" },
        { "backlog0 a", BUS_DONE, "{\"row\":\"Backlog0\",\"index\":0,\"list\":\"a\"}" },
        { "relay2", BUS_DONE, "{\"Relay2\":\"living\"}" },
    };

    (void)state;
    EXPECT_ALL(table);
}

static void what_is_no_command_is_unknown(void **state)
{
    static const struct expected table[] = {
        { "Bogus 1", BUS_UNKNOWN, "{\"Command\":\"Unknown\",\"Input\":\"BOGUS\"}" },
        { "nothing1", BUS_UNKNOWN, "{\"Command\":\"Unknown\",\"Input\":\"NOTHING1\"}" },
        { "Option=1", BUS_UNKNOWN, "{\"Command\":\"Unknown\",\"Input\":\"OPTION=1\"}" },
        { "Option0001", BUS_UNKNOWN, "{\"Command\":\"Unknown\",\"Input\":\"OPTION0001\"}" },
        { "Opti", BUS_UNKNOWN, "{\"Command\":\"Unknown\",\"Input\":\"OPTI\"}" },
        { "0", BUS_UNKNOWN, "{\"Command\":\"Unknown\",\"Input\":\"0\"}" },
        { "", BUS_UNKNOWN, "{\"Command\":\"Unknown\",\"Input\":\"\"}" },
        { "a\"b", BUS_UNKNOWN, "{\"Command\":\"Unknown\",\"Input\":\"A\\\"B\"}" },
        { "%s%n", BUS_UNKNOWN, "{\"Command\":\"Unknown\",\"Input\":\"%S%N\"}" },
    };

    (void)state;
    EXPECT_ALL(table);
}

static void numbers_have_three_forms_and_words(void **state)
{
    static const struct {
        const char *text;
        int32_t number;
    } table[] = {
        { "0", 0 },      { "300", 300 }, { "-5", -5 },      { "+7", 7 },   { "0x10", 16 },
        { "0X1f", 31 },  { "010", 8 },   { "-0x5", -5 },    { "on", 1 },   { "OFF", 0 },
        { "true", 1 },   { "False", 0 }, { "Start", 1 },    { "stop", 0 }, { "down", 0 },
        { "Toggle", 2 }, { "blink", 3 }, { "BlinkOff", 4 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        char line[64], expected[64];
        snprintf(line, sizeof(line), "number %s", table[i].text);
        snprintf(expected, sizeof(expected), "{\"row\":\"Number\",\"index\":0,\"n\":%d}\n",
                 (int)table[i].number);
        assert_int_equal(type_from(BUS_LOCAL, line), BUS_DONE);
        assert_string_equal(replies, expected);
    }
}

static void what_is_no_number_in_range_is_refused(void **state)
{
    static const char *const bad[] = {
        "301", "-6", "08", "0x", "-", "1.5", "12a", "0xg", "maybe", "99999999999999999999", "1 2",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char line[64];
        snprintf(line, sizeof(line), "number %s", bad[i]);
        assert_int_equal(type_from(BUS_LOCAL, line), BUS_BAD_ARGUMENT);
        assert_non_null(strstr(replies, "{\"Command\":\"Error\",\"Input\":\"NUMBER\",\"Reason\":"));
    }
    type_from(BUS_LOCAL, "number 301");
    assert_non_null(strstr(replies, "\"n must be -5 to 300\""));
}

static void a_question_mark_asks(void **state)
{
    static const struct expected table[] = {
        { "number", BUS_DONE, "{\"row\":\"Number\",\"index\":0,\"n\":null}" },
        { "number ?", BUS_DONE, "{\"row\":\"Number\",\"index\":0,\"n\":null}" },
        { "option2 ? ", BUS_DONE, "{\"row\":\"Option\",\"index\":2,\"on\":null}" },
        { "backlog what?", BUS_DONE, "{\"row\":\"Backlog\",\"index\":0,\"list\":\"what?\"}" },
    };

    (void)state;
    EXPECT_ALL(table);
}

static void words_come_first_and_a_text_takes_the_rest(void **state)
{
    static const struct expected table[] = {
        { "name \t k  my bath ", BUS_DONE,
          "{\"row\":\"Name\",\"index\":0,\"sensor\":\"k\",\"text\":\"my bath\"}" },
        { "name k", BUS_DONE, "{\"row\":\"Name\",\"index\":0,\"sensor\":\"k\",\"text\":null}" },
        { "replace a b", BUS_DONE,
          "{\"row\":\"Replace\",\"index\":0,\"old\":\"a\",\"new\":\"b\"}" },
        { "replace a", BUS_BAD_ARGUMENT,
          "{\"Command\":\"Error\",\"Input\":\"REPLACE\",\"Reason\":\"usage: Replace <old> "
          "<new>\"}" },
        { "replace a b c", BUS_BAD_ARGUMENT,
          "{\"Command\":\"Error\",\"Input\":\"REPLACE\",\"Reason\":\"usage: Replace <old> "
          "<new>\"}" },
        { "name", BUS_BAD_ARGUMENT,
          "{\"Command\":\"Error\",\"Input\":\"NAME\",\"Reason\":\"usage: Name <sensor> "
          "[<text>]\"}" },
        { "name k x", BUS_BAD_ARGUMENT,
          "{\"Command\":\"Error\",\"Input\":\"NAME\",\"Reason\":\"text must have 2 to 8 bytes\"}" },
        { "name k 123456789", BUS_BAD_ARGUMENT,
          "{\"Command\":\"Error\",\"Input\":\"NAME\",\"Reason\":\"text must have 2 to 8 bytes\"}" },
    };

    (void)state;
    EXPECT_ALL(table);
}

static void an_index_or_switch_out_of_range_is_an_error(void **state)
{
    static const struct expected table[] = {
        { "option5", BUS_BAD_ARGUMENT,
          "{\"Command\":\"Error\",\"Input\":\"OPTION5\",\"Reason\":\"usage: Option<0-4> [0|1]\"}" },
        { "option99", BUS_BAD_ARGUMENT,
          "{\"Command\":\"Error\",\"Input\":\"OPTION99\",\"Reason\":\"usage: Option<0-4> "
          "[0|1]\"}" },
        { "relay0", BUS_BAD_ARGUMENT,
          "{\"Command\":\"Error\",\"Input\":\"RELAY0\",\"Reason\":\"usage: Relay<1-4>\"}" },
        { "option1 2", BUS_BAD_ARGUMENT,
          "{\"Command\":\"Error\",\"Input\":\"OPTION1\",\"Reason\":\"on must be 0 to 1\"}" },
    };

    (void)state;
    EXPECT_ALL(table);
}

static void a_failure_has_a_reason_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(type_from(BUS_LOCAL, "fail beer %s"), BUS_FAILED);
    assert_string_equal(replies,
                        "{\"Command\":\"Error\",\"Input\":\"FAIL\",\"Reason\":\"no beer %s\"}\n");
    assert_string_equal(logged, "command FAIL (local): no beer %s");
}

static void replies_may_be_many_or_none(void **state)
{
    (void)state;
    assert_int_equal(type_from(BUS_LOCAL, "thrice"), BUS_DONE);
    assert_string_equal(replies, "{\"part\":1}\n{\"part\":2}\n{\"part\":3}\n");
    assert_int_equal(type_from(BUS_LOCAL, "silent"), BUS_DONE);
    assert_string_equal(replies, "");
    assert_int_equal(bus_command(bus, "thrice", 6, BUS_RULE, 0, NULL, NULL), BUS_DONE);
}

static void a_reply_too_long_is_an_error_not_half_an_object(void **state)
{
    (void)state;
    for (int n = BUS_REPLY_MAX / 17 - 2; n < BUS_REPLY_MAX / 17 + 3; n++) {
        char line[32];
        snprintf(line, sizeof(line), "long %d", n);
        const enum bus_result result = type_from(BUS_LOCAL, line);
        assert_true(result == BUS_DONE || result == BUS_FAILED);
        assert_string_equal(replies + strlen(replies) - 2, "}\n");
    }
    assert_int_equal(type_from(BUS_LOCAL, "long 10000"), BUS_FAILED);
    assert_string_equal(replies, "{\"Command\":\"Error\",\"Input\":\"LONG\",\"Reason\":"
                                 "\"the reply does not fit into 8192 bytes\"}\n");
}

static void hostile_lines_are_refused(void **state)
{
    char line[BUS_LINE_MAX + 2];

    (void)state;
    memset(line, 'x', sizeof(line));
    memcpy(line, "backlog ", 8);
    replies[0] = '\0';
    assert_int_equal(bus_command(bus, line, BUS_LINE_MAX, BUS_MQTT, 0, collect, replies), BUS_DONE);
    assert_int_equal(bus_command(bus, line, sizeof(line), BUS_MQTT, 0, NULL, NULL),
                     BUS_BAD_ARGUMENT);
    assert_int_equal(type_from(BUS_MQTT, "name k \x1b[2J"), BUS_BAD_ARGUMENT);
    assert_non_null(strstr(replies, "byte 8 of the line is a control character"));
    assert_int_equal(bus_command(bus, "name\0k xx", 9, BUS_MQTT, 0, NULL, NULL), BUS_BAD_ARGUMENT);
    assert_int_equal(type_from(BUS_MQTT, "name k \xff\xfe"), BUS_BAD_ARGUMENT);
    assert_non_null(strstr(replies, "not UTF-8"));
    assert_int_equal(type_from(BUS_MQTT, "name k k\xc3\xbc"
                                         "che"),
                     BUS_DONE);
}

static void a_command_that_runs_itself_ends(void **state)
{
    (void)state;
    assert_int_equal(type_from(BUS_LOCAL, "again"), BUS_FAILED);
    assert_non_null(strstr(replies, "nested too deeply"));
    assert_int_equal(type_from(BUS_LOCAL, "nothing"), BUS_DONE); /* and all is well again */
}

static void what_reveals_is_local(void **state)
{
    static const enum bus_origin others[] = { BUS_MQTT, BUS_HTTP, BUS_GUEST, BUS_RULE, BUS_SCRIPT };

    (void)state;
    assert_int_equal(type_from(BUS_LOCAL, "show"), BUS_DONE);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_int_equal(type_from(others[i], "show"), BUS_REFUSED);
        assert_string_equal(replies, "{\"Command\":\"Error\",\"Input\":\"SHOW\",\"Reason\":"
                                     "\"shown on a local console only\"}\n");
    }
}

static void guests_change_nothing(void **state)
{
    (void)state;
    assert_int_equal(type_from(BUS_GUEST, "relay"), BUS_DONE);
    assert_int_equal(type_from(BUS_GUEST, "password open"), BUS_REFUSED);
    assert_string_equal(replies, "{\"Command\":\"Error\",\"Input\":\"PASSWORD\",\"Reason\":"
                                 "\"needs the password\"}\n");
    assert_int_equal(type_from(BUS_HTTP, "password open"), BUS_DONE);
    assert_int_equal(type_from(BUS_GUEST, "password"), BUS_DONE); /* a question */
}

#define KEY "00112233445566778899aabbccddeeff"

static void logs_and_errors_show_no_secret(void **state)
{
    static const char *const lines[] = {
        "password 12345678901234567890secret",
        "passwordsecret",
        "fail " KEY,
        KEY "A4C138012345",
        "password secret\x01",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        type_from(BUS_MQTT, lines[i]);
        assert_non_null(strstr(replies, "{\"Command\":"));
        assert_null(strstr(replies, "secret"));
        assert_null(strstr(replies, "SECRET"));
        assert_null(strstr(replies, "2233"));
    }
    assert_null(strstr(logged, "secret"));
    assert_null(strstr(logged, "SECRET"));
    assert_null(strstr(logged, "2233"));
}

static void masking_keeps_what_is_no_secret(void **state)
{
    static const struct {
        const char *line, *masked;
    } table[] = {
        { "Password hunter2; or not", "Password ****" },
        { "  pASSword   x y", "  pASSword   ****" },
        { "Password", "Password" },
        { "Password ", "Password " },
        { "passwordhunter2", "password****" },
        { "Backlog Password a b; Option1 1", "Backlog Password ****; Option1 1" },
        { "Backlog Password {a;b}; Option1 1", "Backlog Password ****; Option1 1" },
        { "Rule1 on System#Boot do backlog password x; password y endon",
          "Rule1 on System#Boot do backlog password ****; password ****" },
        { "Name k MyPassword", "Name k MyPassword" },
        { "MI32Kye " KEY "A4C138012345", "MI32Kye ****" },
        { "Name A4C138012345 bath", "Name A4C138012345 bath" },
        { "x" KEY "y", "x****y" },
        { "bell\x07 \x1b[2J", "bell? ?[2J" },
        { "", "" },
    };
    char out[128];

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        bus_mask(bus, table[i].line, strlen(table[i].line), out, sizeof(out));
        assert_string_equal(out, table[i].masked);
    }
    bus_mask(bus, "Option1 1", 9, out, 7);
    assert_string_equal(out, "Option");
}

static void rows_come_sorted_and_explain_themselves(void **state)
{
    const size_t count = sizeof(rows) / sizeof(rows[0]);
    char usage[64];

    (void)state;
    for (size_t i = 1; i < count; i++)
        assert_true(strcmp(bus_row_at(bus, i - 1)->name, bus_row_at(bus, i)->name) < 0);
    assert_null(bus_row_at(bus, count));
    assert_string_equal(bus_row_named(bus, "OPTION3", 7)->name, "Option");
    assert_null(bus_row_named(bus, "bogus", 5));
    bus_usage(bus_row_named(bus, "Number", 6), usage, sizeof(usage));
    assert_string_equal(usage, "Number [<n -5-300>]");
    bus_usage(bus_row_named(bus, "Option", 6), usage, 9);
    assert_string_equal(usage, "Option<0");
}

static char levels[64];

static void collect_level(void *user, const char *level, const char *json)
{
    (void)user;
    (void)json;
    strncat(levels, level, sizeof(levels) - strlen(levels) - 1);
    strncat(levels, " ", sizeof(levels) - strlen(levels) - 1);
}

static enum bus_result run_levels(void *room, struct bus_call *call)
{
    (void)room;
    call->level = "STATUS8";
    json_int(call->reply, "part", 1);
    bus_reply_next(call);
    json_int(call->reply, "part", 2);
    return BUS_DONE;
}

/* Each reply goes where its handler says, and all others to RESULT. */
static void a_reply_may_have_a_topic_of_its_own(void **state)
{
    static const struct bus_row row = { .name = "Levels", .help = "Does it.", .run = run_levels };

    (void)state;
    bus_register(bus, &row, 1, NULL);
    levels[0] = '\0';
    bus_command(bus, "levels", 6, BUS_LOCAL, 0, collect_level, NULL);
    bus_command(bus, "bogus", 5, BUS_LOCAL, 0, collect_level, NULL);
    assert_string_equal(levels, "STATUS8 RESULT RESULT ");
}

static void hear_reply_message(void *user, const struct bus_event *event)
{
    if (event->kind == BUS_MESSAGE)
        snprintf(user, sizeof(levels), "%d %s %s", event->u.message.prefix, event->u.message.level,
                 event->u.message.payload);
}

static void a_reply_nobody_waits_for_is_a_message(void **state)
{
    struct bus_listener ear = { .hear = hear_reply_message, .user = levels };

    (void)state;
    bus_listen(bus, &ear);
    bus_command(bus, "nothing", 7, BUS_RULE, 0, bus_reply_as_message, bus);
    bus_unlisten(bus, &ear);
    assert_string_equal(levels, "0 RESULT {\"Nothing\":\"Done\"}");
}

static enum bus_result run_both(void *room, struct bus_call *call)
{
    (void)room;
    call->no_reply = true;
    bus_delegate(bus, call, "nothing", 7);
    return bus_delegate(bus, call, "show", 4);
}

static void a_command_may_run_others_with_the_rights_of_its_caller(void **state)
{
    static const struct bus_row both = { .name = "Both", .help = "Does it.", .run = run_both };

    (void)state;
    bus_register(bus, &both, 1, NULL);
    assert_int_equal(type_from(BUS_LOCAL, "both"), BUS_DONE);
    assert_string_equal(replies, "{\"Nothing\":\"Done\"}\n{\"Show\":\"Done\"}\n");
    assert_int_equal(type_from(BUS_MQTT, "both"), BUS_REFUSED);
}

static void collect_text(void *user, const char *text)
{
    strncat(user, text, sizeof(replies) - strlen(user) - 1);
}

static void the_manual_has_a_row_for_each(void **state)
{
    (void)state;
    replies[0] = '\0';
    bus_markdown(bus, collect_text, replies);
    assert_non_null(strstr(replies, "| `Option<0-4> [0\\|1]` | Switches. |\n"));
    assert_non_null(strstr(replies, "| `Password [<password>]` | Opens. Masked in logs. |\n"));
    assert_non_null(strstr(replies, "| `Show` | Shows. On a local console only. |\n"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bus, close_bus)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_match_in_any_case_and_with_index),
        TEST(what_is_no_command_is_unknown),
        TEST(numbers_have_three_forms_and_words),
        TEST(what_is_no_number_in_range_is_refused),
        TEST(a_question_mark_asks),
        TEST(words_come_first_and_a_text_takes_the_rest),
        TEST(an_index_or_switch_out_of_range_is_an_error),
        TEST(a_failure_has_a_reason_and_nothing_else),
        TEST(replies_may_be_many_or_none),
        TEST(a_reply_too_long_is_an_error_not_half_an_object),
        TEST(hostile_lines_are_refused),
        TEST(a_command_that_runs_itself_ends),
        TEST(what_reveals_is_local),
        TEST(guests_change_nothing),
        TEST(logs_and_errors_show_no_secret),
        TEST(masking_keeps_what_is_no_secret),
        TEST(a_command_may_run_others_with_the_rights_of_its_caller),
        TEST(a_reply_may_have_a_topic_of_its_own),
        TEST(a_reply_nobody_waits_for_is_a_message),
        TEST(the_manual_has_a_row_for_each),
        TEST(rows_come_sorted_and_explain_themselves),
    };

    return cmocka_run_group_tests_name("bus_commands", tests, NULL, NULL);
}
