/*
 * web: who gets which answer. The commands are those of tasmota, the client is simulated; the real
 * protocol is the business of tests/e2e/test_web.py.
 */
#include "sim/sim.h"
#include "support/house.h"
#include "tasmota/tasmota.h"
#include "web/guard.h"
#include "web/web.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PLACE    "[::]:8032"
#define NUMBER   8032
#define PASSWORD "right-horse"
#define AS_ADMIN "&user=admin&password=" PASSWORD
#define NEED     "{\"WARNING\":\"Need user=<username>&password=<password>\"}"

static struct house house;
static struct sim *sim;
static struct tasmota *tasmota;
static struct web *web;
static struct port_http_request asked; /* the next one */

static int open_house(void **state)
{
    (void)state;
    house_open(&house, 16);
    sim = sim_new();
    assert_non_null(sim);
    tasmota = tasmota_create(&(struct tasmota_config){ .bus = house.bus,
                                                       .registry = house.registry,
                                                       .settings = house.settings,
                                                       .port = sim_port(sim),
                                                       .version = "" });
    web = web_create(&(struct web_config){ house.bus, house.settings, sim_port(sim), "attic" });
    assert_non_null(tasmota);
    assert_non_null(web);
    asked = (struct port_http_request){ .peer_is_local = true };
    return 0;
}

static int open_web(void **state)
{
    open_house(state);
    house_set_text(&house, SETTINGS_WEB_PASSWORD, PASSWORD);
    assert_true(web_start(web, PLACE));
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    web_destroy(web);
    tasmota_destroy(tasmota);
    sim_free(sim);
    house_close(&house);
    return 0;
}

/* ---- asking ---- */

static const struct sim_http_answer *get(const char *path, const char *query)
{
    asked.path = path;
    asked.query = query;
    return sim_http_ask(&sim->http, NUMBER, &asked);
}

static void expect(const char *query, unsigned status, const char *body)
{
    const struct sim_http_answer *answer = get("/cm", query);

    assert_string_equal(answer->body, body);
    assert_int_equal(answer->status, status);
}

static struct port_http_field fields[4];

/* The next requests carry these as well; NULL ends them. */
static void with(const char *name, const char *value)
{
    fields[asked.n_fields++] = (struct port_http_field){ name, value };
    asked.fields = fields;
}

static void without(void)
{
    asked.n_fields = 0;
}

static const char *type(enum bus_origin origin, unsigned line, const char *text)
{
    return house_type(&house, origin, line, text);
}

/* ---- commands ---- */

static void a_command_replies_as_in_tasmota(void **state)
{
    (void)state;
    expect("cmnd=TelePeriod%2060" AS_ADMIN, 200, "{\"TelePeriod\":60}");
    assert_string_equal(sim_http_field(&sim->http, "Content-Type"), "application/json");
    expect("user=admin&cmnd=teleperiod&password=" PASSWORD, 200, "{\"TelePeriod\":60}");
    expect("", 200, "{\"WARNING\":\"Enter command cmnd=\"}");
    expect("cmnd=+%20", 200, "{\"WARNING\":\"Enter command cmnd=\"}");
    expect("cmnd=Bogus", 200, "{\"Command\":\"Unknown\",\"Input\":\"BOGUS\"}");
    expect("cmnd=Backlog+;" AS_ADMIN, 200, "{\"Backlog\":\"Empty\"}");
}

static void several_replies_are_one_object(void **state)
{
    (void)state;
    expect("cmnd=Backlog0+TelePeriod+60;MI32Option0+0;Bogus" AS_ADMIN, 200,
           "{\"TelePeriod\":60,\"MI32Option0\":0,\"Command\":\"Unknown\",\"Input\":\"BOGUS\"}");
}

static void a_form_may_carry_it(void **state)
{
    static const char form[] = "cmnd=TelePeriod+70" AS_ADMIN;

    (void)state;
    asked.method = "POST";
    asked.body = form;
    asked.len = strlen(form);
    with("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    expect("", 200, "{\"TelePeriod\":70}");
    without();
    with("Content-Type", "text/plain");
    expect("", 200, "{\"WARNING\":\"Enter command cmnd=\"}");
}

/* A long reply, and a short one that there would be room for. */
static enum bus_result much(void *room, struct bus_call *call)
{
    static char text[300 * 1024];
    const int len = (int)call->args[0].number;

    (void)room;
    snprintf(text, sizeof(text), "{\"Much\":\"%0*d\"}", len, 0);
    bus_reply_whole(call, text);
    bus_reply_whole(call, "{\"Little\":1}");
    call->no_reply = true;
    return BUS_DONE;
}

/* Never the rest of it as if it were all. */
static void too_long_a_reply_is_told(void **state)
{
    static const struct bus_row row = {
        .name = "Much",
        .args = { { .kind = BUS_ARG_NUMBER, .name = "bytes", .min = 1, .max = 290000 } },
        .help = "Says much.",
        .run = much,
    };

    (void)state;
    bus_register(house.bus, &row, 1, NULL);
    expect("cmnd=Much+4" AS_ADMIN, 200, "{\"Much\":\"0000\",\"Little\":1}");
    expect("cmnd=Much+280000" AS_ADMIN, 500, "{\"WARNING\":\"The reply is too long\"}");
    assert_int_equal(get("/cm", "cmnd=Much+250000" AS_ADMIN)->status, 200);
}

static void bad_lines_are_refused(void **state)
{
    char line[3 * 2200];
    size_t len = (size_t)snprintf(line, sizeof(line), "cmnd=");

    (void)state;
    expect("cmnd=Help%00", 400, "{\"WARNING\":\"The command is too long or holds a zero byte\"}");
    while (len < 2100)
        line[len++] = 'a';
    line[len] = '\0';
    expect(line, 400, "{\"WARNING\":\"The command is too long or holds a zero byte\"}");
    assert_non_null(strstr(get("/cm", "cmnd=Help%0aHelp")->body, "control character"));
    assert_non_null(strstr(get("/cm", "cmnd=Help+%ff")->body, "UTF-8"));
}

/* ---- passwords ---- */

static void reading_is_open_and_changing_is_not(void **state)
{
    (void)state;
    expect("cmnd=MI32Sensors", 200, "{\"MI32Sensors\":[]}");
    expect("cmnd=MI32Option0+0", 401, NEED);
    expect("cmnd=Backlog0+MI32Option0+0", 401, NEED);
    expect("cmnd=%20%09MI32Cfg", 401, NEED);
    expect("cmnd=Backlog", 401, NEED); /* drops what waits */
    expect("cmnd=TelePeriod", 200, "{\"TelePeriod\":300}");
    assert_int_equal(settings_number(house.settings, SETTINGS_OPTION0), 1);
    assert_null(sim_http_field(&sim->http, "WWW-Authenticate")); /* browsers would keep it */
}

static void strangers_need_it_to_read(void **state)
{
    (void)state;
    asked.peer_is_local = false;
    expect("cmnd=MI32Sensors", 401, NEED);
    expect("cmnd=MI32Sensors" AS_ADMIN, 200, "{\"MI32Sensors\":[]}");
    asked.peer_is_local = true;
    expect("cmnd=WebRead+0" AS_ADMIN, 200, "{\"WebRead\":0}");
    expect("cmnd=MI32Sensors", 401, NEED);
    expect("", 401, NEED);
}

static void it_may_stand_in_the_authorization(void **state)
{
    (void)state;
    with("authorization", "basic YWRtaW46cmlnaHQtaG9yc2U="); /* admin:right-horse */
    expect("cmnd=TelePeriod+60", 200, "{\"TelePeriod\":60}");
    without();
    with("Authorization", "Basic YWRtaW46d3Jvbmc="); /* admin:wrong */
    expect("cmnd=MI32Sensors", 401, NEED);
    without();
    with("Authorization", "Basic !!!");
    expect("cmnd=MI32Sensors", 401, NEED);
    without();
    with("Authorization", "Basic YWRtaW4="); /* admin */
    expect("cmnd=MI32Sensors", 401, NEED);
    without();
    with("Cookie", "user=admin; password=" PASSWORD);
    expect("cmnd=TelePeriod+70", 401, NEED);
}

static void wrong_ones_are_wrong(void **state)
{
    static const char *const rows[] = {
        "cmnd=TelePeriod&user=admin&password=right-hors",
        ("cmnd=TelePeriod&user=root&password=" PASSWORD),
        "cmnd=TelePeriod&user=admin&password=",
        "cmnd=TelePeriod&user=admin&password=right-horse%00",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect(rows[i], 401, NEED);
    assert_non_null(strstr(house.logged, "a wrong password over HTTP from 127.0.0.1"));
    assert_null(strstr(house.logged, "right-hors"));
}

static void guessing_is_slow(void **state)
{
    static const char wait[] = "{\"WARNING\":\"Too many wrong passwords: wait half a minute\"}";

    (void)state;
    for (unsigned i = 0; i < WEB_GUARD_FREE; i++)
        expect("cmnd=TelePeriod&user=admin&password=guess", 401, NEED);
    expect("cmnd=TelePeriod" AS_ADMIN, 429, wait);
    expect("cmnd=MI32Sensors", 200, "{\"MI32Sensors\":[]}");
    asked.peer = "192.168.1.9";
    expect("cmnd=TelePeriod" AS_ADMIN, 200, "{\"TelePeriod\":300}");
    asked.peer = NULL;
    sim_advance(sim, WEB_GUARD_WAIT_MS);
    expect("cmnd=TelePeriod" AS_ADMIN, 200, "{\"TelePeriod\":300}");
}

static void secrets_stay_at_home(void **state)
{
    const char *refusal = "{\"Command\":\"Error\",\"Input\":\"WEBPASSWORD\","
                          "\"Reason\":\"shown on a local console only\"}";

    (void)state;
    expect("cmnd=WebPassword" AS_ADMIN, 200, refusal);
    expect("cmnd=WebPassword+some-other" AS_ADMIN, 200, refusal);
    expect("cmnd=WebPassword", 401, NEED);
    assert_string_equal(type(BUS_MQTT, 0, "WebPassword"), refusal);
    assert_string_equal(type(BUS_RULE, 0, "WebPassword"), refusal);
    assert_string_equal(type(BUS_LOCAL, 0, "WebPassword"), "{\"WebPassword\":\"" PASSWORD "\"}");
    assert_null(strstr(house.logged, PASSWORD));
}

/* ---- WebPassword ---- */

static void the_first_start_makes_one(void **state)
{
    char first[80];

    (void)state;
    assert_true(web_start(web, PLACE));
    assert_non_null(strstr(house.logged, "a password for changes over HTTP was made"));
    snprintf(first, sizeof(first), "%s", settings_text(house.settings, SETTINGS_WEB_PASSWORD));
    assert_int_equal(strlen(first), 19);
    assert_null(strstr(house.logged, first));
    web_stop(web);
    assert_true(web_start(web, PLACE));
    assert_string_equal(settings_text(house.settings, SETTINGS_WEB_PASSWORD), first);
    type(BUS_LOCAL, 0, "WebPassword 1");
    assert_string_not_equal(settings_text(house.settings, SETTINGS_WEB_PASSWORD), first);
}

static void one_may_be_chosen(void **state)
{
    (void)state;
    assert_string_equal(type(BUS_LOCAL, 0, "WebPassword open sesame"),
                        "{\"WebPassword\":\"open sesame\"}");
    expect("cmnd=TelePeriod&password=open+sesame", 200, "{\"TelePeriod\":300}");
    assert_string_equal(type(BUS_LOCAL, 0, "WebPassword short"),
                        "{\"Command\":\"Error\",\"Input\":\"WEBPASSWORD\",\"Reason\":"
                        "\"WebPassword must have at least 8 characters\"}");
    assert_string_equal(type(BUS_CONFIG, 7, "WebPassword from-file"),
                        "{\"WebPassword\":\"from-file\"}");
    assert_string_equal(type(BUS_LOCAL, 0, "WebPassword another-one"),
                        "{\"Command\":\"Error\",\"Input\":\"WEBPASSWORD\",\"Reason\":"
                        "\"fixed in mi32.conf line 7\"}");
}

/* ---- names and origins ---- */

static void only_names_of_ours_are_answered(void **state)
{
    static const struct {
        const char *host;
        unsigned status;
    } rows[] = {
        { "192.168.1.5:8032", 200 },  { "[fe80::1]:8032", 200 },
        { "localhost", 200 },         { "attic", 200 },
        { "attic.local:80", 200 },    { "ATTIC.LAN.", 200 },
        { "box.home.arpa", 200 },     { "", 200 },
        { "evil.example:8032", 403 }, { "192.168.1.5.evil.com", 403 },
        { "attic.evil.com", 403 },    { "evil.com.", 403 },
        { "evillocal.com", 403 },     { ".local", 403 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        without();
        with("HOST", rows[i].host);
        assert_int_equal(get("/cm", "cmnd=MI32Sensors")->status, rows[i].status);
        assert_int_equal(get("/", "")->status, rows[i].status);
    }
}

static void pages_of_others_command_nothing(void **state)
{
    static const struct {
        const char *name, *value;
        unsigned status;
    } rows[] = {
        { "Origin", "http://attic:8032", 200 },
        { "Origin", "https://attic:8032", 200 },
        { "Origin", "http://attic", 403 },
        { "Origin", "http://evil.com", 403 },
        { "Origin", "null", 403 },
        { "Referer", "http://attic:8032/console", 200 },
        { "Referer", "http://evil.com/?http://attic:8032", 403 },
        { "Sec-Fetch-Site", "none", 200 },
        { "Sec-Fetch-Site", "same-origin", 200 },
        { "Sec-Fetch-Site", "same-site", 403 },
        { "Sec-Fetch-Site", "cross-site", 403 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        without();
        with("Host", "attic:8032");
        with(rows[i].name, rows[i].value);
        assert_int_equal(get("/cm", "cmnd=TelePeriod" AS_ADMIN)->status, rows[i].status);
    }
}

/* ---- the rest ---- */

static void the_page_says_what_there_is(void **state)
{
    (void)state;
    assert_non_null(strstr(get("/", "")->body, "mi32 on attic"));
    assert_non_null(strstr(sim->http.answer.body, "/cm?cmnd="));
    assert_null(strstr(sim->http.answer.body, PASSWORD));
    assert_int_equal(get("/nowhere", "")->status, 404);
}

static void the_log_tells_what_to_type(void **state)
{
    static const char *const places[][2] = {
        { "[::]:8032", "http://attic:8032/" },
        { "0.0.0.0:8032", "http://attic:8032/" },
        { "127.0.0.1:8032", "http://127.0.0.1:8032/" },
        { "[fe80::1]:8032", "http://[fe80::1]:8032/" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        house.logged[0] = '\0';
        assert_true(web_start(web, places[i][0]));
        assert_non_null(strstr(house.logged, places[i][1]));
        web_stop(web);
    }
}

static void a_port_that_is_taken_is_told(void **state)
{
    (void)state;
    sim->http.is_busy = true;
    assert_false(web_start(web, PLACE));
    assert_non_null(
        strstr(house.logged, "cannot listen at [::]:8032: another program has this port"));
}

#define WEB(test)   cmocka_unit_test_setup_teardown(test, open_web, close_house)
#define HOUSE(test) cmocka_unit_test_setup_teardown(test, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WEB(a_command_replies_as_in_tasmota),
        WEB(several_replies_are_one_object),
        WEB(a_form_may_carry_it),
        WEB(bad_lines_are_refused),
        WEB(too_long_a_reply_is_told),
        WEB(reading_is_open_and_changing_is_not),
        WEB(strangers_need_it_to_read),
        WEB(it_may_stand_in_the_authorization),
        WEB(wrong_ones_are_wrong),
        WEB(guessing_is_slow),
        WEB(secrets_stay_at_home),
        HOUSE(the_first_start_makes_one),
        WEB(one_may_be_chosen),
        WEB(only_names_of_ours_are_answered),
        WEB(pages_of_others_command_nothing),
        WEB(the_page_says_what_there_is),
        HOUSE(the_log_tells_what_to_type),
        HOUSE(a_port_that_is_taken_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
