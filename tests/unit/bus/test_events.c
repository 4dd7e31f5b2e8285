/* events: everyone hears everything in order, whatever listeners do meanwhile. */
#include "bus/bus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct bus *bus;
static uint64_t clock_ms;
static char heard[2 * BUS_TEXT_MAX];

static uint64_t now_ms(void *clock)
{
    return *(uint64_t *)clock;
}

static int open_bus(void **state)
{
    (void)state;
    clock_ms = 1000;
    heard[0] = '\0';
    bus = bus_create(now_ms, &clock_ms);
    return bus ? 0 : -1;
}

static int close_bus(void **state)
{
    (void)state;
    bus_destroy(bus);
    return 0;
}

static void note(const char *text)
{
    strncat(heard, text, sizeof(heard) - strlen(heard) - 1);
}

static void hear_log(void *user, const struct bus_event *event)
{
    if (event->kind != BUS_LOG)
        return;
    note(user);
    note(event->u.log.text);
    note(" ");
}

static char name_a[] = "a:", name_b[] = "b:", name_c[] = "c:";
static struct bus_listener a, b, c;

static void join(struct bus_listener *listener, char *name)
{
    *listener = (struct bus_listener){ .hear = hear_log, .user = name };
    bus_listen(bus, listener);
}

static void all_hear_in_the_order_they_joined(void **state)
{
    (void)state;
    join(&a, name_a);
    join(&b, name_b);
    bus_log(bus, BUS_INFO, "", "x%d", 1);
    bus_log(bus, BUS_INFO, "", "x%d", 2);
    assert_string_equal(heard, "a:x1 b:x1 a:x2 b:x2 ");
}

static void who_left_hears_no_more(void **state)
{
    (void)state;
    join(&a, name_a);
    join(&b, name_b);
    bus_unlisten(bus, &a);
    bus_unlisten(bus, &a); /* leaving twice is nothing */
    bus_log(bus, BUS_INFO, "", "x");
    assert_string_equal(heard, "b:x ");
}

/* Answers the first message by leaving and taking the next one along. */
static void leave_with_next(void *user, const struct bus_event *event)
{
    hear_log(user, event);
    bus_unlisten(bus, &a);
    bus_unlisten(bus, &b);
}

static void listeners_may_leave_while_hearing(void **state)
{
    (void)state;
    a = (struct bus_listener){ .hear = leave_with_next, .user = name_a };
    bus_listen(bus, &a);
    join(&b, name_b);
    join(&c, name_c);
    bus_log(bus, BUS_INFO, "", "x");
    bus_log(bus, BUS_INFO, "", "y");
    assert_string_equal(heard, "a:x c:x c:y ");
}

static void bring_another(void *user, const struct bus_event *event)
{
    hear_log(user, event);
    if (strcmp(event->u.log.text, "x") == 0)
        join(&b, name_b);
}

static void who_joins_meanwhile_hears_it_last(void **state)
{
    (void)state;
    a = (struct bus_listener){ .hear = bring_another, .user = name_a };
    bus_listen(bus, &a);
    bus_log(bus, BUS_INFO, "", "x");
    assert_string_equal(heard, "a:x b:x ");
}

static void answer_x(void *user, const struct bus_event *event)
{
    if (event->kind == BUS_LOG && strcmp(event->u.log.text, "x") == 0)
        bus_log(bus, BUS_INFO, "", "answer");
    hear_log(user, event);
}

static void a_listener_may_post(void **state)
{
    (void)state;
    a = (struct bus_listener){ .hear = answer_x, .user = name_a };
    bus_listen(bus, &a);
    join(&b, name_b);
    bus_log(bus, BUS_INFO, "", "x");
    assert_string_equal(heard, "a:answer b:answer a:x b:x ");
}

static unsigned messages;
static bool was_told;

static void post_again(void *user, const struct bus_event *event)
{
    (void)user;
    if (event->kind == BUS_MESSAGE) {
        messages++;
        bus_post(bus, event);
    } else {
        was_told = strstr(event->u.log.text, "circle") != NULL && event->u.log.remedy[0];
    }
}

static void a_circle_is_cut_and_told(void **state)
{
    (void)state;
    messages = 0;
    was_told = false;
    a = (struct bus_listener){ .hear = post_again };
    bus_listen(bus, &a);
    bus_message(bus, BUS_TELE, "SENSOR", "{}", false, false);
    assert_int_equal(messages, BUS_POSTED_MAX);
    assert_true(was_told);
}

static struct bus_event last;

static void keep(void *user, const struct bus_event *event)
{
    (void)user;
    last = *event;
}

static void an_event_carries_its_time(void **state)
{
    struct bus_event event = { .kind = BUS_RELAY, .u.relay = { 2, true } };

    (void)state;
    a = (struct bus_listener){ .hear = keep };
    bus_listen(bus, &a);
    clock_ms = 4711;
    bus_post(bus, &event);
    assert_true(last.when_ms == 4711 && last.u.relay.index == 2 && last.u.relay.on);
    event.when_ms = 42; /* it happened earlier, says the one who posts it */
    bus_post(bus, &event);
    assert_true(last.when_ms == 42);
}

static void a_message_arrives_as_it_was_sent(void **state)
{
    (void)state;
    a = (struct bus_listener){ .hear = keep };
    bus_listen(bus, &a);
    bus_message(bus, BUS_STAT, "RESULT", "{\"a\":1}", true, true);
    assert_int_equal(last.kind, BUS_MESSAGE);
    assert_int_equal(last.u.message.prefix, BUS_STAT);
    assert_string_equal(last.u.message.level, "RESULT");
    assert_string_equal(last.u.message.payload, "{\"a\":1}");
    assert_true(last.u.message.retain && last.u.message.once);
}

static void a_log_text_is_cut_never_overrun(void **state)
{
    char big[2 * BUS_TEXT_MAX];

    (void)state;
    memset(big, 'x', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    join(&a, name_a);
    bus_log(bus, BUS_ERROR, NULL, "%s", big);
    assert_int_equal(strlen(heard), strlen(name_a) + BUS_TEXT_MAX - 1 + strlen(" "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_hear_in_the_order_they_joined, open_bus, close_bus),
        cmocka_unit_test_setup_teardown(who_left_hears_no_more, open_bus, close_bus),
        cmocka_unit_test_setup_teardown(listeners_may_leave_while_hearing, open_bus, close_bus),
        cmocka_unit_test_setup_teardown(who_joins_meanwhile_hears_it_last, open_bus, close_bus),
        cmocka_unit_test_setup_teardown(a_listener_may_post, open_bus, close_bus),
        cmocka_unit_test_setup_teardown(a_circle_is_cut_and_told, open_bus, close_bus),
        cmocka_unit_test_setup_teardown(an_event_carries_its_time, open_bus, close_bus),
        cmocka_unit_test_setup_teardown(a_message_arrives_as_it_was_sent, open_bus, close_bus),
        cmocka_unit_test_setup_teardown(a_log_text_is_cut_never_overrun, open_bus, close_bus),
    };

    return cmocka_run_group_tests_name("bus_events", tests, NULL, NULL);
}
