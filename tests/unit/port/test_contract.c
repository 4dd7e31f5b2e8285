/* What the headers of src/port promise, whatever the platform. Above all: nothing is called back
 * from inside the call that asked for it. */
#include "bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char told[256];

static void tell(const char *text)
{
    assert_true(strlen(told) + strlen(text) < sizeof(told));
    strcat(told, text);
}

static int setup(void **state)
{
    told[0] = '\0';
    return bench_setup(state);
}

/* ---- clock ---- */

static void fire_name(void *user)
{
    tell(user);
}

static bool is_over;

static void fire_over(void *user)
{
    (void)user;
    is_over = true;
}

static uint64_t now(void)
{
    const struct port_clock *clock = bench_port()->clock;

    return clock->now_ms(clock->self);
}

/* Runs the loop until a timer set now for `ms` later has fired. */
static void pass(uint64_t ms)
{
    const struct port_clock *clock = bench_port()->clock;
    struct timer timer = { .fire = fire_over };

    is_over = false;
    clock->set(clock->self, &timer, now() + ms);
    bench_until(&is_over);
}

static char name_a[] = "a", name_b[] = "b", name_c[] = "c", name_d[] = "d";

static void timers_fire_in_the_order_they_are_due(void **state)
{
    const struct port_clock *clock = bench_port()->clock;
    struct timer a = { .fire = fire_name, .user = name_a },
                 b = { .fire = fire_name, .user = name_b };
    struct timer c = { .fire = fire_name, .user = name_c },
                 d = { .fire = fire_name, .user = name_d };
    const uint64_t start = now();

    (void)state;
    assert_true(start > 0);
    clock->set(clock->self, &c, start + 20);
    clock->set(clock->self, &a, start + 10);
    clock->set(clock->self, &b, start + 10);
    clock->set(clock->self, &d, start + 5);
    clock->set(clock->self, &d, start + 25); /* moved */
    assert_string_equal(told, "");
    pass(40);
    assert_string_equal(told, "abcd");
    assert_true(now() >= start + 40);
}

static void a_cancelled_timer_does_not_fire(void **state)
{
    const struct port_clock *clock = bench_port()->clock;
    struct timer a = { .fire = fire_name, .user = name_a },
                 b = { .fire = fire_name, .user = name_b };

    (void)state;
    clock->cancel(clock->self, &a); /* one that is not pending may be cancelled, too */
    clock->set(clock->self, &a, now() + 1);
    clock->set(clock->self, &b, now() + 2);
    clock->cancel(clock->self, &a);
    pass(5);
    assert_string_equal(told, "b");
}

static void a_timer_for_the_past_fires_soon_but_not_inside(void **state)
{
    const struct port_clock *clock = bench_port()->clock;
    struct timer a = { .fire = fire_name, .user = name_a };

    (void)state;
    clock->set(clock->self, &a, 1);
    assert_string_equal(told, "");
    pass(1);
    assert_string_equal(told, "a");
}

static struct timer again;
static unsigned fired;

static void fire_again(void *user)
{
    const struct port_clock *clock = bench_port()->clock;

    (void)user;
    if (++fired < 100)
        clock->set(clock->self, &again, now());
}

static void a_timer_that_sets_itself_lets_others_through(void **state)
{
    const struct port_clock *clock = bench_port()->clock;

    (void)state;
    fired = 0;
    again = (struct timer){ .fire = fire_again };
    clock->set(clock->self, &again, now());
    pass(1);
    clock->cancel(clock->self, &again);
    assert_true(fired >= 1);
}

/* ---- files ---- */

static char letter_a = 'a', letter_b = 'b', letter_c = 'c';
static bool is_saved;

static void done(void *user, enum port_files_error error)
{
    const char text[] = { *(char *)user, error == PORT_FILES_OK ? '+' : '-', '\0' };

    tell(text);
    is_saved = *(char *)user == 'c';
}

static void assert_content(const char *name, const char *text)
{
    const struct port_files *files = bench_port()->files;
    char buffer[32];
    size_t len;

    assert_int_equal(files->load(files->self, name, buffer, sizeof(buffer), &len), PORT_FILES_OK);
    assert_int_equal(len, strlen(text));
    assert_memory_equal(buffer, text, len);
}

static void files_are_kept_over_a_restart(void **state)
{
    const struct port_files *files = bench_port()->files;
    char buffer[4];
    size_t len;

    (void)state;
    assert_int_equal(files->load(files->self, "house", buffer, sizeof(buffer), &len),
                     PORT_FILES_ABSENT);
    assert_int_equal(files->save(files->self, "house", "old", 3, false, done, &letter_a), 0);
    assert_int_equal(files->save(files->self, "house", "newer", 5, false, done, &letter_b), 0);
    assert_int_equal(files->save(files->self, "keys", "", 0, true, done, &letter_c), 0);
    assert_string_equal(told, "");
    assert_content("house", "newer"); /* read as saved, also while on its way */
    is_saved = false;
    bench_until(&is_saved);
    assert_string_equal(told, "a+b+c+");
    bench_reopen_files();
    files = bench_port()->files;
    assert_content("house", "newer");
    assert_content("keys", "");
    assert_int_equal(files->load(files->self, "house", buffer, sizeof(buffer), &len),
                     PORT_FILES_TOO_BIG);
    assert_int_equal(len, 5);
}

static void a_name_is_never_a_path(void **state)
{
    static const char *const names[] = { "", ".", "..", "../etc", "a/b", "/etc/passwd", ".hidden" };
    const struct port_files *files = bench_port()->files;
    char buffer[4];
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_int_equal(files->save(files->self, names[i], "x", 1, false, done, &letter_a),
                         PORT_FILES_BAD_NAME);
        assert_int_equal(files->load(files->self, names[i], buffer, sizeof(buffer), &len),
                         PORT_FILES_BAD_NAME);
    }
    pass(1);
    assert_string_equal(told, "");
}

static void a_removed_file_is_absent(void **state)
{
    const struct port_files *files = bench_port()->files;
    char buffer[4];
    size_t len;

    (void)state;
    assert_int_equal(files->save(files->self, "house", "x", 1, false, NULL, NULL), 0);
    assert_int_equal(files->remove(files->self, "house", done, &letter_c), 0);
    is_saved = false;
    bench_until(&is_saved);
    bench_reopen_files();
    files = bench_port()->files;
    assert_int_equal(files->load(files->self, "house", buffer, sizeof(buffer), &len),
                     PORT_FILES_ABSENT);
}

/* ---- radio ---- */

static bool has_state, is_listening, is_heard;
static struct advert heard;
static uint8_t heard_data[ADVERT_LEN_MAX];
static unsigned hearings;

static void on_advert(void *user, const struct advert *advert)
{
    (void)user;
    heard = *advert;
    memcpy(heard_data, advert->data, advert->len);
    hearings++;
    is_heard = true;
}

static void on_state(void *user, const char *name, enum port_radio_state state, const char *text,
                     const char *remedy)
{
    (void)user;
    assert_true(name[0] != '\0');
    assert_true(state == PORT_RADIO_LISTENING || text[0] != '\0'); /* silence is explained */
    assert_non_null(remedy);
    has_state = true;
    is_listening = state == PORT_RADIO_LISTENING;
}

static const struct port_radio *begin_to_listen(bool is_active)
{
    const struct port_radio *radio = bench_port()->radio;
    const struct port_radio_events events = { NULL, on_advert, on_state };

    has_state = is_listening = is_heard = false;
    hearings = 0;
    radio->start(radio->self, &events, is_active);
    assert_false(has_state);
    bench_until(&is_listening);
    return radio;
}

static void hear(uint8_t sender, const char *text)
{
    is_heard = false;
    bench_hear(sender, text, strlen(text));
    bench_until(&is_heard);
}

static struct port_radio_figures figures(void)
{
    const struct port_radio *radio = bench_port()->radio;
    struct port_radio_figures out;

    assert_true(radio->figures(radio->self, 0, &out));
    assert_non_null(out.name);
    assert_non_null(out.route);
    return out;
}

static void a_radio_tells_its_state_after_start(void **state)
{
    const struct port_radio_events events = { NULL, on_advert, on_state };
    const struct port_radio *radio = begin_to_listen(false);

    (void)state;
    assert_int_equal(figures().state, PORT_RADIO_LISTENING);
    radio->stop(radio->self);
    assert_int_equal(figures().state, PORT_RADIO_WAITING);

    has_state = false;
    radio->start(radio->self, &events, true);
    radio->stop(radio->self);
    pass(5);
    assert_false(has_state); /* nothing comes after stop() */
}

static void an_advert_is_handed_on_as_it_was_sent(void **state)
{
    const struct port_radio *radio = begin_to_listen(false);
    const uint64_t before_ms = now();

    (void)state;
    hear(7, "\2\1\6\3\xff\1");
    assert_int_equal(heard.addr.b[0], 0xa4);
    assert_int_equal(heard.addr.b[5], 7);
    assert_int_equal(heard.addr_type, ADVERT_ADDR_PUBLIC);
    assert_int_equal(heard.rssi, -60);
    assert_int_equal(heard.radio, 0);
    assert_int_equal(heard.len, 6);
    assert_memory_equal(heard_data, "\2\1\6\3\xff\1", 6);
    assert_in_range(heard.heard_ms, before_ms, now());
    hear(7, "\2\1\6\3\xff\1"); /* a repeat is an advert, too */
    hear(8, "\1");
    assert_int_equal(hearings, 3);
    radio->stop(radio->self);
    bench_hear(9, "\1", 1);
    pass(5);
    assert_int_equal(hearings, 3);
}

static void lists_decide_who_is_heard(void **state)
{
    struct port_radio_tuning tuning = { .lists.n_block = 1,
                                        .lists.block = { { { 0xa4, 0xc1, 0x38, 0, 0, 2 } } } };
    const struct port_radio *radio = bench_port()->radio;

    (void)state;
    radio->tune(radio->self, &tuning); /* before start() as well */
    begin_to_listen(false);
    bench_hear(2, "\1", 1);
    hear(1, "\1");
    tuning.lists.n_watch = 2;
    tuning.lists.watch[0] = (struct mac){ { 0xa4, 0xc1, 0x38, 0, 0, 2 } };
    tuning.lists.watch[1] = (struct mac){ { 0xa4, 0xc1, 0x38, 0, 0, 3 } };
    radio->tune(radio->self, &tuning);
    bench_hear(1, "\1", 1);
    bench_hear(2, "\1", 1); /* blocked, though it is watched for */
    hear(3, "\1");
    assert_int_equal(hearings, 2);
    assert_int_equal(figures().received, 5);
    assert_int_equal(figures().adverts, 2);
    assert_int_equal(figures().kept_out, 3);
    assert_int_equal(figures().lost, 0);
    radio->stop(radio->self);
}

static void after_a_recovery_it_listens(void **state)
{
    const struct port_radio *radio = begin_to_listen(true);

    (void)state;
    for (unsigned i = 1; i <= 4; i++) {
        radio->recover(radio->self, 0);
        while (figures().state != PORT_RADIO_LISTENING)
            pass(1);
        const struct port_radio_figures now_are = figures();
        assert_int_equal(now_are.restarts + now_are.power_cycles + now_are.reopens, i);
    }
    hear(1, "\1");
    radio->stop(radio->self);
}

static void there_are_as_many_radios_as_there_are(void **state)
{
    const struct port_radio *radio = begin_to_listen(false);
    struct port_radio_figures out;

    (void)state;
    assert_true(radio->figures(radio->self, 0, &out));
    assert_false(radio->figures(radio->self, 1, &out));
    radio->recover(radio->self, 1); /* nobody: nothing happens */
    assert_int_equal(figures().state, PORT_RADIO_LISTENING);
    radio->stop(radio->self);
}

/* ---- MQTT ---- */

static bool is_disconnected;

static void on_connected(void *user)
{
    (void)user;
    tell("connected");
}

static void on_disconnected(void *user, const char *reason)
{
    (void)user;
    assert_true(reason[0] != '\0');
    is_disconnected = true;
}

static void on_acknowledged(void *user, int message_id)
{
    (void)user;
    (void)message_id;
    tell("acknowledged");
}

static void on_message(void *user, const char *topic, const char *payload, size_t len,
                       bool retained)
{
    (void)user;
    (void)topic;
    (void)payload;
    (void)len;
    (void)retained;
    tell("message");
}

static const struct port_mqtt_events mqtt_events = { NULL, on_connected, on_disconnected,
                                                     on_acknowledged, on_message };

/* Port 1 (tcpmux) is nobody's: a refusal comes at once. */
static const struct port_mqtt_config nobody = {
    .host = "127.0.0.1",
    .port = 1,
    .client_id = "contract",
    .user = "",
    .password = "",
    .ca_file = "",
    .fingerprints = { "", "" },
    .keepalive_s = 30,
    .will_topic = "",
    .will_payload = "",
};

static void without_a_broker_mqtt_says_why(void **state)
{
    const struct port_mqtt *mqtt = bench_port()->mqtt;

    (void)state;
    assert_int_equal(mqtt->publish(mqtt->self, "a", "b", 1, 0, false), PORT_MQTT_NOT_CONNECTED);
    assert_int_equal(mqtt->subscribe(mqtt->self, "a", 0), PORT_MQTT_NOT_CONNECTED);
    is_disconnected = false;
    mqtt->connect(mqtt->self, &nobody, &mqtt_events);
    assert_false(is_disconnected);
    bench_until(&is_disconnected);
    assert_string_equal(told, "");
}

static void after_disconnect_mqtt_is_silent(void **state)
{
    const struct port_mqtt *mqtt = bench_port()->mqtt;

    (void)state;
    mqtt->disconnect(mqtt->self); /* also when there is nothing to end */
    is_disconnected = false;
    mqtt->connect(mqtt->self, &nobody, &mqtt_events);
    mqtt->disconnect(mqtt->self);
    pass(20);
    assert_false(is_disconnected);
}

/* ---- random ---- */

static void random_bytes_fill_all_and_differ(void **state)
{
    const struct port *port = bench_port();
    uint8_t a[64] = { 0 }, b[64] = { 0 };
    static const uint8_t nothing[16];

    (void)state;
    port->random(port->random_self, a, sizeof(a));
    port->random(port->random_self, b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
    for (size_t i = 0; i < sizeof(a); i += sizeof(nothing))
        assert_memory_not_equal(a + i, nothing, sizeof(nothing));
}

#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, setup, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT(timers_fire_in_the_order_they_are_due),
        CONTRACT(a_cancelled_timer_does_not_fire),
        CONTRACT(a_timer_for_the_past_fires_soon_but_not_inside),
        CONTRACT(a_timer_that_sets_itself_lets_others_through),
        CONTRACT(files_are_kept_over_a_restart),
        CONTRACT(a_name_is_never_a_path),
        CONTRACT(a_removed_file_is_absent),
        CONTRACT(a_radio_tells_its_state_after_start),
        CONTRACT(an_advert_is_handed_on_as_it_was_sent),
        CONTRACT(lists_decide_who_is_heard),
        CONTRACT(after_a_recovery_it_listens),
        CONTRACT(there_are_as_many_radios_as_there_are),
        CONTRACT(without_a_broker_mqtt_says_why),
        CONTRACT(after_disconnect_mqtt_is_silent),
        CONTRACT(random_bytes_fill_all_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
