/* The simulated machine does what the test says, when the clock moves and not before. */
#include "sim/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "port/files.h"

static struct sim *sim;
static char told[256];

static void tell(const char *text)
{
    assert_true(strlen(told) + strlen(text) < sizeof(told));
    strcat(told, text);
}

static int setup(void **state)
{
    (void)state;
    told[0] = '\0';
    sim = sim_new();
    return sim ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    sim_free(sim);
    return 0;
}

static void fire(void *user)
{
    char text[32];

    (void)user;
    snprintf(text, sizeof(text), "%u ", (unsigned)sim->clock.now_ms);
    tell(text);
}

static void timers_fire_at_their_moment(void **state)
{
    const struct port_clock *clock = sim_port(sim)->clock;
    struct timer a = { .fire = fire }, b = { .fire = fire };

    (void)state;
    clock->set(clock->self, &a, 1500);
    clock->set(clock->self, &b, 1200);
    sim_advance(sim, 0);
    assert_string_equal(told, "");
    sim_advance(sim, 300 * 1000);
    assert_string_equal(told, "1200 1500 ");
    assert_true(clock->now_ms(clock->self) == 301000);
}

static void the_wall_clock_is_set_and_steps(void **state)
{
    const struct port_clock *clock = sim_port(sim)->clock;
    int64_t wall;

    (void)state;
    assert_false(clock->wall_ms(clock->self, &wall));
    sim_advance(sim, 500);
    sim_clock_set_wall(&sim->clock, 1704067200000, true);
    sim_advance(sim, 2000);
    assert_true(clock->wall_ms(clock->self, &wall));
    assert_true(wall == 1704067202000);
    assert_int_equal(clock->utc_offset_s(clock->self, 1704067202), 0);
    sim->clock.utc_offset_s = 3600;
    assert_int_equal(clock->utc_offset_s(clock->self, 1704067202), 3600);
}

static void on_advert(void *user, const struct advert *advert)
{
    char text[32];

    (void)user;
    snprintf(text, sizeof(text), "%u@%u ", advert->data[0], (unsigned)advert->heard_ms);
    tell(text);
}

static void on_state(void *user, const char *name, enum port_radio_state state, const char *text,
                     const char *remedy)
{
    (void)user;
    (void)name;
    (void)remedy;
    tell(state == PORT_RADIO_LISTENING ? "on " : text);
}

static void the_radio_hears_what_it_is_given(void **state)
{
    const struct port_radio *radio = sim_port(sim)->radio;
    const struct port_radio_events events = { NULL, on_advert, on_state };
    const uint8_t data[] = { 7 };
    const struct advert advert = { .data = data, .len = 1 };

    (void)state;
    assert_false(sim_radio_hear(&sim->radio, &advert));
    radio->start(radio->self, &events, true);
    assert_true(sim->radio.is_active);
    sim_advance(sim, 10);
    assert_true(sim_radio_hear(&sim->radio, &advert));
    sim_radio_say(&sim->radio, PORT_RADIO_WAITING, "pulled out", "");
    radio->stop(radio->self);
    assert_false(sim_radio_hear(&sim->radio, &advert));
    assert_string_equal(told, "on 7@1010 pulled out");
}

static void on_connected(void *user)
{
    (void)user;
    tell("connected ");
}

static void on_disconnected(void *user, const char *reason)
{
    (void)user;
    tell(strstr(reason, "password") ? "locked " : "disconnected ");
}

static void on_acknowledged(void *user, int message_id)
{
    char text[32];

    (void)user;
    snprintf(text, sizeof(text), "ack %d ", message_id);
    tell(text);
}

static void on_message(void *user, const char *topic, const char *payload, size_t len,
                       bool retained)
{
    (void)user;
    (void)len;
    tell(topic);
    tell("=");
    tell(payload);
    tell(retained ? "! " : " ");
}

static const struct port_mqtt_events mqtt_events = { NULL, on_connected, on_disconnected,
                                                     on_acknowledged, on_message };
static const struct port_mqtt_config config = {
    .host = "broker",
    .port = 1883,
    .client_id = "one",
    .user = "",
    .password = "",
    .ca_file = "",
    .fingerprints = { "", "" },
    .will_topic = "lwt",
    .will_payload = "Offline",
};

static const struct port_mqtt *connect_well(void)
{
    const struct port_mqtt *mqtt = sim_port(sim)->mqtt;

    mqtt->connect(mqtt->self, &config, &mqtt_events);
    assert_string_equal(told, "");
    sim_advance(sim, 0);
    assert_string_equal(told, "connected ");
    told[0] = '\0';
    return mqtt;
}

static void a_broker_writes_down_and_acknowledges(void **state)
{
    const struct port_mqtt *mqtt = connect_well();

    (void)state;
    assert_int_equal(mqtt->publish(mqtt->self, "t", "one", 3, 1, true), 1);
    assert_int_equal(mqtt->publish(mqtt->self, "t", "two", 3, 0, false), 2);
    assert_int_equal(mqtt->publish(mqtt->self, "t/#", "x", 1, 0, false), PORT_MQTT_REFUSED);
    assert_string_equal(told, "");
    sim_advance(sim, 0);
    assert_string_equal(told, "ack 1 ");
    assert_int_equal(sim_broker_count(&sim->broker, "t"), 2);
    assert_string_equal(sim_broker_last(&sim->broker, "t")->payload, "two");
    assert_true(sim->broker.messages[0].is_retained && sim->broker.messages[0].is_acknowledged);
    sim_broker_forget(&sim->broker);
    assert_int_equal(sim_broker_count(&sim->broker, "t"), 0);
}

static void a_slow_broker_answers_later(void **state)
{
    const struct port_mqtt *mqtt = connect_well();

    (void)state;
    sim->broker.delay_ms = 100;
    mqtt->publish(mqtt->self, "t", "", 0, 1, false);
    sim_advance(sim, 60);
    mqtt->publish(mqtt->self, "t", "", 0, 1, false);
    sim_advance(sim, 39);
    assert_string_equal(told, "");
    sim_advance(sim, 1);
    assert_string_equal(told, "ack 1 ");
    sim_advance(sim, 60);
    assert_string_equal(told, "ack 1 ack 2 ");
}

static void a_silent_broker_answers_when_it_wakes_up(void **state)
{
    const struct port_mqtt *mqtt = connect_well();

    (void)state;
    sim->broker.room = 2;
    sim_broker_set_health(&sim->broker, SIM_BROKER_SILENT);
    mqtt->publish(mqtt->self, "t", "", 0, 1, false);
    mqtt->publish(mqtt->self, "t", "", 0, 1, false);
    assert_int_equal(mqtt->publish(mqtt->self, "t", "", 0, 1, false), PORT_MQTT_BUSY);
    sim_advance(sim, 100000);
    assert_string_equal(told, "");
    sim_broker_set_health(&sim->broker, SIM_BROKER_UP);
    sim_advance(sim, 0);
    assert_string_equal(told, "ack 1 ack 2 ");
}

static void a_broker_that_dies_sends_the_will(void **state)
{
    const struct port_mqtt *mqtt = connect_well();

    (void)state;
    sim_broker_set_health(&sim->broker, SIM_BROKER_DOWN);
    assert_true(mqtt->publish(mqtt->self, "t", "lost", 4, 1, false) > 0);
    assert_string_equal(told, "");
    sim_advance(sim, 0);
    assert_string_equal(told, "disconnected ");
    assert_int_equal(sim_broker_count(&sim->broker, "t"), 0);
    assert_true(sim_broker_last(&sim->broker, "lwt")->is_will);
    mqtt->connect(mqtt->self, &config, &mqtt_events);
    sim_advance(sim, 0);
    sim_broker_set_health(&sim->broker, SIM_BROKER_LOCKED);
    mqtt->connect(mqtt->self, &config, &mqtt_events);
    sim_advance(sim, 0);
    assert_string_equal(told, "disconnected disconnected locked ");
    assert_int_equal(sim->broker.attempts, 3);
}

static void a_subscriber_gets_what_its_filters_match(void **state)
{
    const struct port_mqtt *mqtt = connect_well();

    (void)state;
    assert_int_equal(mqtt->subscribe(mqtt->self, "cmnd/+/Power", 1), 0);
    assert_int_equal(mqtt->subscribe(mqtt->self, "house/#", 1), 0);
    assert_true(sim_broker_send(&sim->broker, "cmnd/one/Power", "1", false));
    assert_true(sim_broker_send(&sim->broker, "house", "2", true));
    assert_true(sim_broker_send(&sim->broker, "house/a/b", "3", false));
    assert_false(sim_broker_send(&sim->broker, "cmnd/one/two/Power", "4", false));
    assert_false(sim_broker_send(&sim->broker, "cmnd/one/Power2", "5", false));
    assert_false(sim_broker_send(&sim->broker, "houses", "6", false));
    assert_string_equal(told, "cmnd/one/Power=1 house=2! house/a/b=3 ");
}

static void on_line(void *user, port_client client, const char *line, size_t len)
{
    const struct port_control *control = sim_port(sim)->control;

    (void)user;
    tell(line);
    control->send(control->self, client, line, len);
    control->hang_up(control->self, client);
}

static void on_gone(void *user, port_client client)
{
    (void)user;
    (void)client;
    tell(" gone ");
}

static void a_local_program_is_heard_and_hung_up_on(void **state)
{
    const struct port_control *control = sim_port(sim)->control;
    const struct port_control_events events = { NULL, on_line, on_gone };

    (void)state;
    assert_int_equal(sim_control_connect(&sim->control), 0);
    control->open(control->self, &events);
    const port_client client = sim_control_connect(&sim->control);
    const port_client other = sim_control_connect(&sim->control);
    assert_true(client != 0 && other != client);
    sim_control_line(&sim->control, client, "Status 0");
    sim_control_line(&sim->control, client, "too late");
    assert_string_equal(told, "Status 0");
    assert_string_equal(sim_control_heard(&sim->control, client), "Status 0");
    sim_advance(sim, 0);
    assert_null(sim_control_heard(&sim->control, client));
    assert_string_equal(sim_control_heard(&sim->control, other), "");
    sim_control_leave(&sim->control, other);
    assert_string_equal(told, "Status 0 gone  gone ");
}

static void on_saved(void *user, enum port_files_error error)
{
    (void)user;
    tell(error == PORT_FILES_OK ? "saved " : "not saved ");
}

static void without_power_what_was_not_saved_is_lost(void **state)
{
    const struct port_files *files = sim_port(sim)->files;
    struct timer timer = { .fire = fire };
    char buffer[8];
    size_t len;

    (void)state;
    files->save(files->self, "house", "old", 3, false, on_saved, NULL);
    sim_advance(sim, 0);
    files->save(files->self, "house", "new", 3, false, on_saved, NULL);
    sim_port(sim)->clock->set(sim_port(sim)->clock->self, &timer, 1);
    sim_lose_power(sim, STORAGE_LOSE_ALL);
    files = sim_port(sim)->files;
    assert_int_equal(files->load(files->self, "house", buffer, sizeof(buffer), &len),
                     PORT_FILES_OK);
    assert_int_equal(len, 3);
    assert_memory_equal(buffer, "old", 3);
    sim_advance(sim, 1000);
    assert_string_equal(told, "saved not saved ");
}

static void two_machines_are_alike(void **state)
{
    struct sim *twin = sim_new();
    uint8_t a[32], b[32];

    (void)state;
    assert_non_null(twin);
    sim_port(sim)->random(sim_port(sim)->random_self, a, sizeof(a));
    sim_port(twin)->random(sim_port(twin)->random_self, b, sizeof(b));
    assert_memory_equal(a, b, sizeof(a));
    sim_free(twin);
}

#define SIM(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIM(timers_fire_at_their_moment),
        SIM(the_wall_clock_is_set_and_steps),
        SIM(the_radio_hears_what_it_is_given),
        SIM(a_broker_writes_down_and_acknowledges),
        SIM(a_slow_broker_answers_later),
        SIM(a_silent_broker_answers_when_it_wakes_up),
        SIM(a_broker_that_dies_sends_the_will),
        SIM(a_subscriber_gets_what_its_filters_match),
        SIM(a_local_program_is_heard_and_hung_up_on),
        SIM(without_power_what_was_not_saved_is_lost),
        SIM(two_machines_are_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
