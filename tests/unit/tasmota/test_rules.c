/*
 * rules at work: something happens in the house, and what the rules do about it is seen in the
 * commands they run. Most say Var1 ..., because a variable can be looked at afterwards.
 */
#define _GNU_SOURCE /* memmem */
#include "console.h"
#include "tasmota/tasmota_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct bus_listener listener;
static unsigned presses_told; /* by SENSOR messages */
static unsigned results;      /* RESULT messages: commands that rules or Backlog ran */

/* A broker that sends what is published to cmnd/self/Event back to the gateway, a moment later. */
static struct timer post;
static unsigned letters;

/* What is told of a set that fires too often. */
static bool counts_warnings;
static unsigned warnings;
static char warning[512];

static void hear_log(const char *text, const char *remedy)
{
    house.logged[0] = '\0'; /* long tests log more than it holds */
    if (!strstr(text, "too often"))
        return;
    warnings++;
    snprintf(warning, sizeof(warning), "%s; %s", text, remedy);
}

static void deliver(void *user)
{
    (void)user;
    for (unsigned n = letters; n > 0; n--) {
        letters--;
        bus_command(house.bus, "Event a", 7, BUS_MQTT, 0, NULL, NULL);
    }
}

static void hear(void *user, const struct bus_event *event)
{
    (void)user;
    if (event->kind == BUS_LOG && counts_warnings)
        hear_log(event->u.log.text, event->u.log.remedy);
    if (event->kind == BUS_MESSAGE && strcmp(event->u.message.level, "cmnd/self/Event") == 0) {
        letters++;
        house.clock.set(house.clock.self, &post, house.now_ms + 1);
    }
    if (event->kind == BUS_MESSAGE && event->u.message.prefix == BUS_STAT)
        results++;
    if (event->kind == BUS_MESSAGE && strstr(event->u.message.payload, "\"Button3\":3"))
        presses_told++;
}

static int open_house(void **state)
{
    (void)state;
    console_open(16);
    listener = (struct bus_listener){ .hear = hear };
    bus_listen(house.bus, &listener);
    post = (struct timer){ .fire = deliver };
    results = presses_told = letters = warnings = 0;
    counts_warnings = false;
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    console_close();
    return 0;
}

/* Rule1, turned on. */
static void rule(const char *text)
{
    char line[1200];

    snprintf(line, sizeof(line), "Rule1 %s", text);
    assert_non_null(strstr(type(line), "\"Length\""));
    type("Rule1 1");
}

/* Lets the commands of rules run. */
static void next_turn(void)
{
    house_advance(&house, 1);
}

static void expect_var(unsigned n, const char *value)
{
    char line[8], reply[128];

    next_turn();
    snprintf(line, sizeof(line), "Var%u", n);
    snprintf(reply, sizeof(reply), "{\"Var%u\":\"%s\"}", n, value);
    EXPECT(line, reply);
}

static void broker(bool up)
{
    const struct bus_event event = { .kind = BUS_LINK, .u.link = { "mqtt", up, "", "" } };

    bus_post(house.bus, &event);
}

static void relay(unsigned index, bool on)
{
    const struct bus_event event = { .kind = BUS_RELAY, .u.relay = { index, on } };

    bus_post(house.bus, &event);
}

/* ---- triggers ---- */

static void boot_comes_at_the_start_without_a_broker(void **state)
{
    (void)state;
    rule("ON System#Init DO Var2 init ENDON ON System#Boot DO Add1 1 ENDON");
    expect_var(1, "");
    tasmota_start(tasmota);
    expect_var(1, "1");
    expect_var(2, "init");
    house_advance(&house, 60000);
    expect_var(1, "1"); /* once */
}

static void boot_waits_for_the_broker_but_not_for_ever(void **state)
{
    (void)state;
    type("MqttHost broker");
    rule("ON System#Boot DO Add1 1 ENDON");
    tasmota_start(tasmota);
    house_advance(&house, 5000);
    expect_var(1, "");
    broker(true);
    expect_var(1, "1");
    house_advance(&house, 20000);
    expect_var(1, "1");
}

static void boot_comes_without_the_broker_after_ten_seconds(void **state)
{
    (void)state;
    type("MqttHost broker");
    rule("ON System#Boot DO Add1 1 ENDON");
    tasmota_start(tasmota);
    house_advance(&house, 9000);
    expect_var(1, "");
    house_advance(&house, 1500);
    expect_var(1, "1");
    broker(true);
    expect_var(1, "1");
}

static void save_comes_before_the_end_and_is_done_by_then(void **state)
{
    (void)state;
    rule("ON System#Save DO Mem1 bye; Mem2 too ENDON");
    tasmota_start(tasmota);
    next_turn();
    tasmota_stop(tasmota);
    EXPECT("Mem1", "{\"Mem1\":\"bye\"}");
    EXPECT("Mem2", "{\"Mem2\":\"too\"}");
}

static void the_broker_comes_and_goes(void **state)
{
    (void)state;
    rule("ON Mqtt#Connected DO Add1 1 ENDON ON Mqtt#Disconnected DO Add2 1 ENDON");
    tasmota_start(tasmota);
    broker(true);
    broker(true); /* keeps up again: no new connection */
    expect_var(1, "1");
    broker(false);
    broker(false); /* another reason for the same loss */
    expect_var(2, "1");
    broker(true);
    expect_var(1, "2");
}

static void each_minute_has_its_number(void **state)
{
    (void)state;
    rule("ON Time#Minute DO Add1 1 ENDON ON Time#Minute=1202 DO Var2 now ENDON "
         "ON Time#Minute|5 DO Var3 %value% ENDON");
    tasmota_start(tasmota); /* 20:00:00 local time, minute 1200 */
    house_advance(&house, 59000);
    expect_var(1, "");
    house_advance(&house, 1000);
    expect_var(1, "1");
    expect_var(2, "");
    house_advance(&house, 60000);
    expect_var(2, "now");
    house_advance(&house, 3 * 60000);
    expect_var(1, "5");
    expect_var(3, "1205");
}

static void midnight_is_minute_0(void **state)
{
    (void)state;
    rule("ON Time#Minute DO Add1 1 ENDON ON Time#Minute DO Var2 %value% ENDON");
    house_set_wall(&house, 1663624800 - 120); /* 23:58:00 local time */
    tasmota_start(tasmota);
    house_advance(&house, 60000);
    expect_var(2, "1439");
    house_advance(&house, 60000);
    expect_var(2, "0");
    house_advance(&house, 60000);
    expect_var(2, "1");
    expect_var(1, "3");
}

static void a_clock_that_is_set_later_is_told_once(void **state)
{
    (void)state;
    rule("ON Time#Initialized DO Add1 1 ENDON ON Time#Minute DO Add2 1 ENDON");
    house.wall_is_set = false;
    tasmota_start(tasmota);
    house_advance(&house, 120000);
    expect_var(1, "");
    expect_var(2, ""); /* nobody knows the minute */
    house_set_wall(&house, 1663610400);
    house.wall_is_set = true;
    house_advance(&house, 1000);
    expect_var(1, "1");
    house_advance(&house, 60000);
    expect_var(1, "1");
    expect_var(2, "1");
}

static void timers_run_out(void **state)
{
    (void)state;
    rule("ON Rules#Timer=1 DO Var1 one ENDON ON Rules#Timer DO Var2 %value% ENDON");
    tasmota_start(tasmota);
    EXPECT("RuleTimer1 10",
           "{\"T1\":10,\"T2\":0,\"T3\":0,\"T4\":0,\"T5\":0,\"T6\":0,\"T7\":0,\"T8\":0}");
    type("RuleTimer8 3");
    house_advance(&house, 3000);
    expect_var(2, "8");
    EXPECT("RuleTimer",
           "{\"T1\":7,\"T2\":0,\"T3\":0,\"T4\":0,\"T5\":0,\"T6\":0,\"T7\":0,\"T8\":0}");
    house_advance(&house, 7000);
    expect_var(1, "one");
    type("RuleTimer1 5");
    type("RuleTimer1 0");
    type("Var1 none");
    house_advance(&house, 60000);
    expect_var(1, "none");
}

static void events_have_names_and_values(void **state)
{
    (void)state;
    rule("ON Event#door DO Var1 %value% ENDON ON Event#door=open DO Var2 yes ENDON");
    tasmota_start(tasmota);
    EXPECT("Event door", "{\"Event\":\"Done\"}");
    expect_var(1, "1");
    expect_var(2, "");
    type("Event Door=Open");
    expect_var(1, "Open");
    expect_var(2, "yes");
    type("Event window=open");
    expect_var(1, "Open");
}

static void relays_tell_their_state(void **state)
{
    (void)state;
    rule("ON Power1#State=1 DO Var1 on ENDON ON Power1#State=0 DO Var1 off ENDON "
         "ON Power2#State DO Var2 %value%%power1%%power2% ENDON");
    tasmota_start(tasmota);
    relay(1, true);
    expect_var(1, "on");
    relay(2, true);
    expect_var(2, "111");
    relay(1, false);
    expect_var(1, "off");
}

static void variables_tell_their_state(void **state)
{
    (void)state;
    rule("ON Var1#State>10 DO Var2 high ENDON ON Mem3#State DO Var3 %mem3% ENDON");
    tasmota_start(tasmota);
    type("Var1 10");
    expect_var(2, "");
    type("Add1 1");
    expect_var(2, "high");
    type("Mem3 kept");
    expect_var(3, "kept");
}

static void results_are_events_too(void **state)
{
    (void)state;
    rule("ON TelePeriod#Data DO Var1 %value% ENDON ON a#b[2] DO Var2 %value% ENDON "
         "ON Power1#State DO Var3 %value% ENDON");
    tasmota_start(tasmota);
    bus_message(house.bus, BUS_STAT, "RESULT", "{\"TelePeriod\":60}", false, true);
    expect_var(1, "60");
    bus_message(house.bus, BUS_STAT, "RESULT", "{\"a\":{\"b\":[1,\"two\"]}}", false, true);
    expect_var(2, "two");
    bus_message(house.bus, BUS_STAT, "RESULT", "{broken", false, true);
    bus_message(house.bus, BUS_STAT, "RESULT", "{\"POWER1\":\"ON\"}", false, true);
    bus_message(house.bus, BUS_STAT, "POWER", "ON", false, true);
    expect_var(3, ""); /* the relay itself tells it, once */
}

/* ---- sensors ---- */

/* An ATC1441 frame of 54:EF:44:02:83:F4. */
static void hear_atc(const char *temperature, const char *counter)
{
    char data[32];

    snprintf(data, sizeof(data), "54ef440283f4%s2f5f0bd9%s", temperature, counter);
    assert_int_equal(house_hear(&house, "54EF440283F4", 0x181a, data, -33), BEACON_OK);
}

static void a_value_fires_when_it_crosses_the_line(void **state)
{
    (void)state;
    rule("ON ATC-0283f4#Temperature>20 DO Add1 1 ENDON ON atc-0283f4#temperature DO Var2 %value% "
         "ENDON ON ?#Humidity>40 DO Add3 1 ENDON");
    tasmota_start(tasmota);
    hear_atc("00c8", "01"); /* 20.0 */
    expect_var(1, "");
    expect_var(2, "20");    /* as JSON numbers are the same */
    hear_atc("00c9", "02"); /* 20.1 */
    expect_var(1, "1");
    hear_atc("00d2", "03"); /* 21.0: still above */
    expect_var(1, "1");
    expect_var(2, "21");
    hear_atc("00c0", "04"); /* 19.2 */
    hear_atc("00d2", "05");
    expect_var(1, "2");
    expect_var(3, "1"); /* the same humidity all the time */
}

static void tele_fires_with_each_message(void **state)
{
    (void)state;
    rule("ON Tele-ATC-0283f4#Temperature>20 DO Add1 1 ENDON");
    type("TelePeriod 10");
    tasmota_start(tasmota);
    hear_atc("00d2", "01");
    expect_var(1, ""); /* not a message yet */
    house_advance(&house, 5000);
    expect_var(1, "1");
    house_advance(&house, 20000);
    expect_var(1, "3"); /* though nothing changed */
}

/* A long press of button 3 of the remote YLYK01. */
static void hear_press(const char *counter)
{
    char data[64];

    snprintf(data, sizeof(data), "50305301%s7450e94124f8011003030002", counter);
    assert_int_equal(house_hear(&house, "F82441E95074", 0xfe95, data, -60), BEACON_OK);
}

static void a_press_fires_each_time_with_and_without_tele(void **state)
{
    (void)state;
    rule("ON YLYK01-e95074#Button3=3 DO Add1 1 ENDON ON Tele-YLYK01-e95074#Button3 DO Add2 1 ENDON "
         "ON YLYK01-e95074#Button3 DO Add3 1 ENDON ON YLYK01-e95074#Button0 DO Var4 wrong ENDON");
    tasmota_start(tasmota);
    hear_press("01");
    expect_var(1, "1");
    hear_press("02");
    expect_var(1, "2");
    expect_var(2, "2");
    expect_var(3, "2");
    expect_var(4, "");
}

/* Tasmota's rules poll the sensors and so take events away from the messages, and the other way
 * round (reference 5.6). */
static void rules_and_messages_take_no_event_from_each_other(void **state)
{
    (void)state;
    rule("ON YLYK01-e95074#Button3 DO Add1 1 ENDON");
    type("TelePeriod 10");
    tasmota_start(tasmota);
    for (unsigned i = 1; i <= 9; i++) {
        char counter[3];
        snprintf(counter, sizeof(counter), "%02x", i);
        hear_press(counter);
        type("TelePeriod"); /* brings a report of all sensors */
        next_turn();
    }
    expect_var(1, "9");
    assert_int_equal(presses_told, 9);
}

/* ---- actions ---- */

static void the_boot_rule_of_the_documentation_works(void **state)
{
    (void)state;
    rule("on System#Boot do backlog MI32key 00112233445566778899AABBCCDDEEFF112233445566; MI32key "
         "00112233445566778899AABBCCDDEEFF112233445577 endon");
    tasmota_start(tasmota);
    house_advance(&house, 1000);
    assert_int_equal(results, 2);
    for (const char *mac = "112233445566"; mac;
         mac = strcmp(mac, "112233445577") ? "112233445577" : NULL) {
        struct mac addr;
        assert_true(mac_parse(mac, 12, &addr));
        assert_non_null(registry_key(house.registry, addr));
    }
    assert_null(strstr(type("Rule1"), "00112233"));
    assert_null(strstr(house.logged, "00112233"));
}

static void several_commands_are_a_backlog(void **state)
{
    (void)state;
    rule("ON Event#go DO Var1 a; Var2 b ENDON");
    tasmota_start(tasmota);
    type("Event go");
    expect_var(1, "a");
    expect_var(2, "");
    house_advance(&house, 200);
    expect_var(2, "b");
}

/* Names are filled in when the rule fires, not when the part of its Backlog runs; a rule that hears
 * of the change has the new value. */
static void a_backlog_has_the_values_of_the_firing(void **state)
{
    (void)state;
    rule("ON Event#a DO Backlog Var1 new; Delay 50; Var2 %var1%; Var3 %value% ENDON "
         "ON Var1#State DO Var4 %var1% ENDON");
    tasmota_start(tasmota);
    type("Var1 old");
    type("Event a=mine");
    next_turn();
    expect_var(1, "new");
    expect_var(2, "");
    type("Event a_later_one=other");
    house_advance(&house, 10000);
    expect_var(2, "old");
    expect_var(3, "mine");
    expect_var(4, "new");
}

static void break_ends_the_set_for_this_event(void **state)
{
    (void)state;
    rule("ON Event#t>25 DO Var1 hot BREAK ON Event#t>20 DO Var1 warm BREAK ON Event#t DO Var1 cold "
         "ENDON");
    type("Rule2 ON Event#t DO Add2 1 ENDON");
    type("Rule2 1");
    tasmota_start(tasmota);
    type("Event t=26");
    expect_var(1, "hot");
    type("Event t=21");
    expect_var(1, "warm");
    type("Event t=3");
    expect_var(1, "cold");
    expect_var(2, "3"); /* another set is not touched */
}

static void once_fires_when_it_becomes_true(void **state)
{
    (void)state;
    rule("ON Event#t>25 DO Add1 1 ENDON");
    type("Rule1 5");
    tasmota_start(tasmota);
    type("Event t=26");
    type("Event t=27");
    expect_var(1, "1");
    type("Event t=24");
    type("Event t=27");
    expect_var(1, "2");
}

static void a_failing_command_may_turn_the_set_off(void **state)
{
    (void)state;
    rule("ON Event#a DO NoSuchCommand ENDON");
    tasmota_start(tasmota);
    type("Event a");
    next_turn();
    assert_non_null(strstr(type("Rule1"), "\"State\":\"ON\""));
    type("Rule1 9");
    type("Event a");
    next_turn();
    assert_non_null(strstr(type("Rule1"), "\"State\":\"OFF\""));
    assert_non_null(strstr(house.logged, "Rule1 is off"));
}

static void a_rule_that_triggers_itself_is_stopped(void **state)
{
    (void)state;
    rule("ON Event#a DO Backlog0 Add1 1; Event a ENDON");
    tasmota_start(tasmota);
    type("Event a");
    house_advance(&house, 1000);
    expect_var(1, "10");
    assert_non_null(strstr(house.logged, "Rule1 triggers itself"));
}

static void two_rules_that_set_off_each_other_are_stopped(void **state)
{
    (void)state;
    rule("ON Event#a DO Backlog0 Add1 1; Event b; Event b ENDON "
         "ON Event#b DO Backlog0 Add1 1; Event a; Event a ENDON");
    tasmota_start(tasmota);
    type("Event a");
    for (int i = 0; i < 1000; i++)
        next_turn();
    const unsigned before = results;
    house_advance(&house, 1000);
    assert_int_equal(results, before); /* it has ended */
    assert_non_null(strstr(house.logged, "more rules fire at once"));
}

static void a_loop_that_waits_is_no_circle(void **state)
{
    (void)state;
    rule("ON Rules#Timer=1 DO Backlog0 Add1 1; RuleTimer1 1 ENDON");
    tasmota_start(tasmota);
    type("RuleTimer1 1");
    house_advance(&house, 60500);
    expect_var(1, "60");
    assert_null(strstr(house.logged, "triggers itself"));
}

/* ---- how often a set fires ---- */

static void count_warnings(void)
{
    counts_warnings = true;
    tasmota_start(tasmota);
}

/* As a whole number, for which next_turn() was not needed. */
static int var(unsigned n)
{
    char name[8];

    snprintf(name, sizeof(name), "Var%u", n);
    return (int)strtol(strstr(type(name), ":\"") + 2, NULL, 10);
}

static void a_circle_through_the_broker_ends(void **state)
{
    (void)state;
    rule("ON Event#a DO Backlog0 Add1 1; Publish cmnd/self/Event a ENDON");
    type("Rule2 ON Event#b DO Add2 1 ENDON");
    type("Rule2 1");
    count_warnings();
    type("Event a");
    house_advance(&house, 1000);
    const int rounds = var(1);
    assert_in_range(rounds, 200, 220);
    assert_int_equal(warnings, 1);
    assert_non_null(strstr(warning, "Rule1 fires too often, last by ON Event#a:"));
    assert_non_null(strstr(warning, "turn it off with Rule1 0"));
    for (int i = 0; i < 150; i++) { /* other sets are not held up */
        type("Event b");
        next_turn();
    }
    assert_int_equal(var(2), 150);
    house_advance(&house, 60000);
    assert_int_equal(var(1), rounds);

    type("Event a"); /* as often again after a rest, and told again */
    house_advance(&house, 60000);
    assert_int_equal(var(1), 2 * rounds);
    assert_int_equal(warnings, 2);
}

/* Each letter causes two. */
static void a_circle_that_grows_ends_as_well(void **state)
{
    (void)state;
    rule("ON Event#a DO Backlog0 Add1 1; Publish cmnd/self/Event a; Publish cmnd/self/Event a "
         "ENDON");
    count_warnings();
    type("Event a");
    house_advance(&house, 60000);
    assert_in_range(var(1), 100, 220); /* what comes at once is too much for the queue */
    assert_int_equal(letters, 0);
    assert_int_equal(warnings, 1);
}

/* Who goes on in spite of it is held to a pace, and told of once. */
static void flood(int n)
{
    for (int i = 0; i < n; i++) {
        type("Event a");
        next_turn();
    }
}

static void a_flood_is_held_to_a_pace(void **state)
{
    (void)state;
    rule("ON Event#a DO Add1 1 ENDON");
    count_warnings();
    flood(30000);
    const int paced = var(1);
    assert_in_range(paced, 200 + 30 * 20 - 1, 200 + 30 * 20 + 1);
    house_advance(&house, 1000); /* such a rest is good for 20 */
    flood(40);
    assert_in_range(var(1), paced + 20, paced + 22);
    assert_int_equal(warnings, 1);
    house_advance(&house, 10000); /* and this one for all */
    flood(200);
    assert_in_range(var(1), paced + 220, paced + 222);
    assert_int_equal(warnings, 1);
    flood(100);
    assert_int_equal(warnings, 2);
}

/* What a house does: everybody comes home at once, and then a day of minutes and motion. */
static void a_busy_house_is_not_held_up(void **state)
{
    (void)state;
    rule("ON Event#motion DO Add1 1 ENDON ON Time#Minute DO Add2 1 ENDON "
         "ON Rules#Timer=1 DO Backlog0 Add3 1; RuleTimer1 1 ENDON");
    count_warnings();
    type("RuleTimer1 1");
    for (int i = 0; i < 180; i++) {
        type("Event motion");
        next_turn();
    }
    assert_int_equal(var(1), 180);
    for (int s = 0; s < 600; s++) {
        for (int i = 0; i < 15; i++)
            type("Event motion");
        house_advance(&house, 1000);
    }
    assert_int_equal(var(1), 180 + 600 * 15);
    assert_int_equal(var(2), 10);
    assert_in_range(var(3), 599, 601);
    assert_int_equal(warnings, 0);
}

static void the_warning_shows_no_key(void **state)
{
    (void)state;
    rule("ON Event#k=00112233445566778899aabbccddeeff DO Add1 1 ENDON");
    count_warnings();
    for (int i = 0; i < 300; i++)
        type("Event k=00112233445566778899aabbccddeeff");
    assert_int_equal(warnings, 1);
    assert_non_null(strstr(warning, "last by ON Event#k=****:"));
}

static void save_is_done_also_by_a_set_that_is_held_up(void **state)
{
    (void)state;
    rule("ON Event#a DO Add1 1 ENDON ON System#Save DO Mem1 bye ENDON");
    tasmota_start(tasmota);
    for (int i = 0; i < 300; i++)
        type("Event a");
    next_turn();
    tasmota_stop(tasmota);
    EXPECT("Mem1", "{\"Mem1\":\"bye\"}");
}

static void a_value_adds_no_command(void **state)
{
    (void)state;
    rule("ON Event#x DO Var1 %value% ENDON");
    tasmota_start(tasmota);
    type("Event x=a;Var2 stolen");
    house_advance(&house, 1000);
    expect_var(1, "a Var2 stolen");
    expect_var(2, "");
}

static void all_names_are_filled_in(void **state)
{
    (void)state;
    type("Var16 v");
    type("Mem16 m");
    rule("ON Event#x=%var16% DO Var1 %var16%%MEM16% %time% %utctime% %timestamp% %uptime% ENDON "
         "ON Event#x DO Var2 %topic% %deviceid% %macaddr% %timer1% %var17% %power1% ENDON");
    tasmota_start(tasmota);
    house_advance(&house, 61000);
    type("RuleTimer1 30");
    type("Event x=v");
    expect_var(1, "vm 1201 1663610461 2022-09-19T20:01:01 1");
    expect_var(2, "mi32_AABBCC DCA632AABBCC DC:A6:32:AA:BB:CC 30 %var17% 0");
}

/* ---- the commands ---- */

static void a_set_that_is_off_does_nothing(void **state)
{
    (void)state;
    type("Rule1 ON Event#a DO Add1 1 ENDON");
    tasmota_start(tasmota);
    type("Event a");
    expect_var(1, "");
    type("Rule 2");
    type("Event a");
    expect_var(1, "1");
    type("Rule1 off");
    type("Event a");
    expect_var(1, "1");
}

static void the_reply_tells_all_about_a_set(void **state)
{
    (void)state;
    EXPECT("Rule3", "{\"Rule3\":{\"State\":\"OFF\",\"Once\":\"OFF\",\"StopOnError\":\"OFF\","
                    "\"Length\":0,\"Free\":1024,\"Rules\":\"\"}}");
    type("Rule3 1");
    type("Rule3 5");
    type("Rule3 10");
    EXPECT("Rule3 ON a DO b ENDON",
           "{\"Rule3\":{\"State\":\"ON\",\"Once\":\"ON\",\"StopOnError\":\"ON\","
           "\"Length\":15,\"Free\":1009,\"Rules\":\"ON a DO b ENDON\"}}");
    assert_non_null(
        strstr(type("Rule3 + ON c DO d ENDON"), "\"Rules\":\"ON a DO b ENDON ON c DO d ENDON\""));
    type("Rule3 4");
    type("Rule3 8");
    assert_non_null(
        strstr(type("Rule3 \""), "\"Once\":\"OFF\",\"StopOnError\":\"OFF\",\"Length\":0"));
    assert_non_null(strstr(type("Rule3 Power1 ON"), "a rule begins with ON"));
    assert_non_null(strstr(type("Rule4"), "\"Command\":\"Error\""));
}

static void variables_calculate(void **state)
{
    (void)state;
    EXPECT("Var1 7", "{\"Var1\":\"7\"}");
    EXPECT("Add1 0.5", "{\"Add1\":\"7.5\"}");
    EXPECT("Sub1 10", "{\"Sub1\":\"-2.5\"}");
    EXPECT("Mult1 -1.5", "{\"Mult1\":\"3.75\"}");
    EXPECT("Scale2 15,0,60,0,255", "{\"Scale2\":\"63.75\"}");
    EXPECT("Scale2 1, 0, 3, 0, 1", "{\"Scale2\":\"0.333\"}");
    EXPECT("Var1 \"", "{\"Var1\":\"\"}");
    assert_non_null(strstr(type("Add1 x"), "wants a number"));
    assert_non_null(strstr(type("Scale1 1,2,2,3,4"), "Error"));
    type("Var1 999999999998"); /* the largest that can be read again is the largest result */
    EXPECT("Add1 1", "{\"Add1\":\"999999999999\"}");
    assert_non_null(strstr(type("Add1 1"), "too large"));
    EXPECT("Sub1 1", "{\"Sub1\":\"999999999998\"}");
    type("Var1 900000000000");
    assert_non_null(strstr(type("Mult1 900000000000"), "too large"));
}

/* A key may be in a variable, for a rule that sets it; nobody is shown it. */
static void a_key_in_a_variable_is_used_and_not_shown(void **state)
{
    static const char key[] = "b853075158487ca39a5b5ea9F82441C5988B";
    char line[64];

    (void)state;
    rule("ON Event#set DO MI32Key %mem4% ENDON");
    tasmota_start(tasmota);
    snprintf(line, sizeof(line), "Mem4 %s", key);
    EXPECT(line, "{\"Mem4\":\"****\"}");
    EXPECT("Mem4", "{\"Mem4\":\"****\"}");
    type("Event set");
    next_turn();
    assert_int_equal(house_hear(&house, "F82441C5988B", 0xfe95,
                                "5830b603368b98c54124f88bb8f2661351000000d6", -60),
                     BEACON_OK);
    assert_null(strstr(house.logged, "b85307"));
}

/* The queue of rules and the one of Backlog keep nothing of what they ran. */
static void a_key_that_was_used_is_wiped(void **state)
{
    static const char key[] = "b853075158487ca39a5b5ea9F82441C5988B";

    (void)state;
    type("Mem4 b853075158487ca39a5b5ea9F82441C5988B");
    rule("ON Event#set DO Var1 1; MI32Key %mem4% ENDON ON Event#set DO MI32Key %mem4% ENDON");
    tasmota_start(tasmota);
    type("Event set");
    assert_non_null(memmem(tasmota, sizeof(*tasmota), key, strlen(key)));
    house_advance(&house, 1000);
    assert_int_equal(results, 3);
    assert_null(memmem(tasmota, sizeof(*tasmota), key, strlen(key)));
}

static void what_is_too_long_is_cut_between_characters(void **state)
{
    char line[400], a[301];

    (void)state;
    memset(a, 'x', 300);
    a[300] = '\0';
    rule("ON Event#x DO Var2 %var1% ENDON ON Event#y DO Publish out %value% ENDON");
    tasmota_start(tasmota);
    snprintf(line, sizeof(line), "Var1 %.63s\xc3\xa4", a); /* half of it would still fit */
    type(line);
    type("Event x");
    next_turn();
    assert_int_equal(strlen(type("Var2")), strlen("{\"Var2\":\"\"}") + 63);
    snprintf(line, sizeof(line), "Event y=%.254s\xc3\xa4", a);
    type(line);
    next_turn();
    assert_null(strstr(house.logged, "UTF-8"));
}

static void what_is_kept_is_in_the_settings(void **state)
{
    char file[2048];
    struct json j;

    (void)state;
    type("Rule2 ON a DO b ENDON");
    type("Rule2 1");
    type("Mem5 x");
    type("Var5 y");
    json_init(&j, file, sizeof(file));
    settings_write(house.settings, &j);
    assert_non_null(strstr(file, "\"Rule2\":\"ON a DO b ENDON\",\"RuleState2\":1,\"Mem5\":\"x\"}"));
}

int main(void)
{
#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, open_house, close_house)
    const struct CMUnitTest tests[] = {
        IN_HOUSE(boot_comes_at_the_start_without_a_broker),
        IN_HOUSE(boot_waits_for_the_broker_but_not_for_ever),
        IN_HOUSE(boot_comes_without_the_broker_after_ten_seconds),
        IN_HOUSE(save_comes_before_the_end_and_is_done_by_then),
        IN_HOUSE(the_broker_comes_and_goes),
        IN_HOUSE(each_minute_has_its_number),
        IN_HOUSE(midnight_is_minute_0),
        IN_HOUSE(a_clock_that_is_set_later_is_told_once),
        IN_HOUSE(timers_run_out),
        IN_HOUSE(events_have_names_and_values),
        IN_HOUSE(relays_tell_their_state),
        IN_HOUSE(variables_tell_their_state),
        IN_HOUSE(results_are_events_too),
        IN_HOUSE(a_value_fires_when_it_crosses_the_line),
        IN_HOUSE(tele_fires_with_each_message),
        IN_HOUSE(a_press_fires_each_time_with_and_without_tele),
        IN_HOUSE(rules_and_messages_take_no_event_from_each_other),
        IN_HOUSE(the_boot_rule_of_the_documentation_works),
        IN_HOUSE(several_commands_are_a_backlog),
        IN_HOUSE(a_backlog_has_the_values_of_the_firing),
        IN_HOUSE(break_ends_the_set_for_this_event),
        IN_HOUSE(once_fires_when_it_becomes_true),
        IN_HOUSE(a_failing_command_may_turn_the_set_off),
        IN_HOUSE(a_rule_that_triggers_itself_is_stopped),
        IN_HOUSE(two_rules_that_set_off_each_other_are_stopped),
        IN_HOUSE(a_loop_that_waits_is_no_circle),
        IN_HOUSE(a_circle_through_the_broker_ends),
        IN_HOUSE(a_circle_that_grows_ends_as_well),
        IN_HOUSE(a_flood_is_held_to_a_pace),
        IN_HOUSE(a_busy_house_is_not_held_up),
        IN_HOUSE(the_warning_shows_no_key),
        IN_HOUSE(save_is_done_also_by_a_set_that_is_held_up),
        IN_HOUSE(a_value_adds_no_command),
        IN_HOUSE(all_names_are_filled_in),
        IN_HOUSE(a_set_that_is_off_does_nothing),
        IN_HOUSE(the_reply_tells_all_about_a_set),
        IN_HOUSE(variables_calculate),
        IN_HOUSE(a_key_in_a_variable_is_used_and_not_shown),
        IN_HOUSE(what_is_too_long_is_cut_between_characters),
        IN_HOUSE(a_key_that_was_used_is_wiped),
        IN_HOUSE(what_is_kept_is_in_the_settings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
