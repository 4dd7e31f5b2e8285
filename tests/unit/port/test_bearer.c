/* The bearer's own part: limits of time, and what comes when nobody waits for it any more. What
 * ports make of it is held against the contract in test_gatt_contract.c. */
#include "bearer/bearer.h"
#include "sim/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SECOND 1000u

static struct sim_clock the_clock;
static struct bearer bearer;
static const struct port_gatt *gatt;
static bool has_room;
static char told[256]; /* what the platform was asked for and the user was told, in words */
static uint8_t sent[64];
static size_t sent_len;

static void note(const char *word)
{
    const size_t len = strlen(told);

    assert_true(len + strlen(word) + 2 < sizeof(told));
    snprintf(told + len, sizeof(told) - len, "%s%s", len > 0 ? " " : "", word);
}

static const char *said(void)
{
    static char text[sizeof(told)];

    memcpy(text, told, sizeof(text));
    told[0] = '\0';
    return text;
}

/* ---- the platform ---- */

static void open_channel(void *self, struct mac addr, uint8_t addr_type)
{
    (void)self;
    (void)addr;
    (void)addr_type;
    note("open");
}

static bool send_pdu(void *self, const uint8_t *pdu, size_t len)
{
    (void)self;
    if (!has_room)
        return false;
    assert_true(len <= sizeof(sent));
    memcpy(sent, pdu, len);
    sent_len = len;
    return true;
}

static void secure(void *self)
{
    (void)self;
    note("secure");
}

static void close_channel(void *self)
{
    (void)self;
    note("close");
}

/* ---- the user ---- */

static void on_done(void *user, const struct port_gatt_result *result)
{
    char word[16];

    (void)user;
    snprintf(word, sizeof(word), "done=%d", result->error);
    note(word);
}

static void on_notified(void *user, uint16_t handle, const uint8_t *data, size_t len)
{
    (void)user;
    (void)handle;
    (void)data;
    (void)len;
    note("notified");
}

static void on_disconnected(void *user)
{
    (void)user;
    note("disconnected");
}

/* ---- hands ---- */

static int fresh(void **state)
{
    static const struct bearer_calls calls = { NULL, open_channel, send_pdu, secure,
                                               close_channel };

    (void)state;
    sim_clock_init(&the_clock);
    bearer_init(&bearer, &calls, &the_clock.port, 23);
    gatt = &bearer.port;
    has_room = true;
    told[0] = '\0';
    sent_len = 0;
    return 0;
}

static void pass(uint64_t ms)
{
    sim_clock_advance(&the_clock, ms);
}

static void begin_to_connect(void)
{
    const struct port_gatt_events events = { NULL, on_done, on_notified, on_disconnected };

    gatt->connect(gatt->self, (struct mac){ { 1 } }, 0, 5 * SECOND, &events);
    assert_string_equal(said(), "open");
}

#define FEED(...)                                                                                  \
    bearer_received(&bearer, (const uint8_t[]){ __VA_ARGS__ },                                     \
                    sizeof((const uint8_t[]){ __VA_ARGS__ }))
#define FEED_MTU()      FEED(0x03, 23, 0)
#define FEED_VALUE()    FEED(0x0b, 7)
#define FEED_INSECURE() FEED(0x01, 0x0a, 3, 0, 0x0f)
#define FEED_NOTIFIED() FEED(0x1b, 3, 0, 7)

static void connect_well(void)
{
    begin_to_connect();
    bearer_opened(&bearer);
    FEED_MTU();
    assert_string_equal(said(), "done=0");
}

static void assert_over(void)
{
    bearer_opened(&bearer);
    FEED_NOTIFIED();
    FEED_VALUE();
    bearer_secured(&bearer, true);
    bearer_writable(&bearer);
    bearer_closed(&bearer, PORT_GATT_UNREACHABLE);
    pass(600 * SECOND);
    assert_string_equal(said(), "");
}

/* ---- connecting ---- */

static void nobody_there_is_not_waited_for(void **state)
{
    (void)state;
    begin_to_connect();
    pass(5 * SECOND - 1);
    assert_string_equal(said(), "");
    pass(1);
    assert_string_equal(said(), "close done=1");
    assert_over();
}

/* The limit is of all that belongs to connecting. */
static void somebody_who_says_nothing_is_not_waited_for(void **state)
{
    (void)state;
    begin_to_connect();
    bearer_opened(&bearer);
    pass(5 * SECOND);
    assert_string_equal(said(), "close done=1");
    assert_over();
}

static void a_value_before_the_connection_is_none(void **state)
{
    (void)state;
    begin_to_connect();
    bearer_opened(&bearer);
    FEED_NOTIFIED();
    assert_string_equal(said(), "");
    FEED_MTU();
    FEED_NOTIFIED();
    assert_string_equal(said(), "done=0 notified");
}

static void why_it_could_not_be_opened_is_told(void **state)
{
    (void)state;
    begin_to_connect();
    bearer_closed(&bearer, PORT_GATT_HELD);
    assert_string_equal(said(), "done=2");
    assert_over();
}

/* ---- operations ---- */

static void no_answer_ends_the_operation(void **state)
{
    (void)state;
    connect_well();
    gatt->read(gatt->self, 3);
    pass(29 * SECOND);
    assert_string_equal(said(), "");
    pass(2 * SECOND);
    assert_string_equal(said(), "done=5");
    gatt->disconnect(gatt->self);
    assert_string_equal(said(), "close");
    pass(1);
    assert_string_equal(said(), "disconnected");
}

static void an_answer_in_time_is_not_late(void **state)
{
    (void)state;
    connect_well();
    gatt->read(gatt->self, 3);
    pass(29 * SECOND);
    FEED_VALUE();
    assert_string_equal(said(), "done=0");
    pass(600 * SECOND);
    assert_string_equal(said(), "");
}

static void security_is_waited_for_so_long(void **state)
{
    (void)state;
    connect_well();
    gatt->read(gatt->self, 3);
    FEED_INSECURE();
    assert_string_equal(said(), "secure");
    pass(BEARER_SECURE_MS - 1);
    assert_string_equal(said(), "");
    pass(1);
    assert_string_equal(said(), "done=9");
    bearer_secured(&bearer, true); /* too late */
    assert_string_equal(said(), "");
    gatt->read(gatt->self, 3);
    FEED_VALUE();
    assert_string_equal(said(), "done=0");
}

/* Its limit does not count for what comes behind it. */
static void security_in_time_has_no_limit_any_more(void **state)
{
    (void)state;
    connect_well();
    gatt->read(gatt->self, 3);
    FEED_INSECURE();
    pass(20 * SECOND);
    sent_len = 0;
    bearer_secured(&bearer, true);
    assert_int_equal(sent_len, 3);
    assert_int_equal(sent[0], 0x0a);
    FEED_VALUE();
    assert_string_equal(said(), "secure done=0");
    pass(600 * SECOND);
    assert_string_equal(said(), "");
}

static void what_has_no_room_goes_out_later(void **state)
{
    (void)state;
    connect_well();
    has_room = false;
    sent_len = 0;
    gatt->write(gatt->self, 3, (const uint8_t[]){ 9 }, 1, false);
    pass(SECOND);
    assert_string_equal(said(), "");
    has_room = true;
    bearer_writable(&bearer);
    assert_int_equal(sent_len, 4);
    assert_string_equal(said(), ""); /* not from inside */
    pass(0);
    assert_string_equal(said(), "done=0");
}

/* ---- ends ---- */

static void lost_with_and_without_an_operation(void **state)
{
    (void)state;
    connect_well();
    bearer_closed(&bearer, PORT_GATT_UNREACHABLE);
    assert_string_equal(said(), "disconnected");
    assert_over();
    connect_well();
    gatt->read(gatt->self, 3);
    bearer_closed(&bearer, PORT_GATT_UNREACHABLE);
    assert_string_equal(said(), "done=4");
    assert_over();
}

/* What has ended already, and was to be told in a moment, has one end. */
static void lost_before_the_end_was_told(void **state)
{
    (void)state;
    connect_well();
    gatt->write(gatt->self, 3, (const uint8_t[]){ 9 }, 1, false);
    bearer_closed(&bearer, PORT_GATT_UNREACHABLE);
    assert_string_equal(said(), "done=4");
    assert_over();
}

static void disconnected_nothing_else_is_told(void **state)
{
    static const struct {
        bool is_write;
    } rows[] = { { false }, { true } };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fresh(state);
        connect_well();
        if (rows[i].is_write)
            gatt->write(gatt->self, 3, (const uint8_t[]){ 9 }, 1, false);
        else
            gatt->read(gatt->self, 3);
        gatt->disconnect(gatt->self);
        assert_string_equal(said(), "close");
        FEED_VALUE();
        FEED_NOTIFIED();
        bearer_closed(&bearer, PORT_GATT_UNREACHABLE);
        gatt->disconnect(gatt->self);
        assert_string_equal(said(), "");
        pass(1);
        assert_string_equal(said(), "disconnected");
        assert_over();
    }
}

static void an_attempt_can_be_ended(void **state)
{
    (void)state;
    begin_to_connect();
    gatt->disconnect(gatt->self);
    pass(1);
    assert_string_equal(said(), "close disconnected");
    assert_over();
    connect_well();
}

static void stopped_it_is_closed_and_silent(void **state)
{
    (void)state;
    bearer_stop(&bearer);
    assert_string_equal(said(), "");
    connect_well();
    gatt->read(gatt->self, 3);
    bearer_stop(&bearer);
    assert_string_equal(said(), "close");
    assert_over();
}

#define BEARER(test) cmocka_unit_test_setup(test, fresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BEARER(nobody_there_is_not_waited_for),
        BEARER(somebody_who_says_nothing_is_not_waited_for),
        BEARER(a_value_before_the_connection_is_none),
        BEARER(why_it_could_not_be_opened_is_told),
        BEARER(no_answer_ends_the_operation),
        BEARER(an_answer_in_time_is_not_late),
        BEARER(security_is_waited_for_so_long),
        BEARER(security_in_time_has_no_limit_any_more),
        BEARER(what_has_no_room_goes_out_later),
        BEARER(lost_with_and_without_an_operation),
        BEARER(lost_before_the_end_was_told),
        BEARER(disconnected_nothing_else_is_told),
        BEARER(an_attempt_can_be_ended),
        BEARER(stopped_it_is_closed_and_silent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
