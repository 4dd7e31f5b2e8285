/* The port that does nothing says so, service by service, and never from inside a call. */
#include "none/none.h"

#include "port/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct none none;
static char said[128];

static int setup(void **state)
{
    (void)state;
    said[0] = '\0';
    none_open(&none);
    return 0;
}

static void on_state(void *user, const char *name, enum port_radio_state state, const char *text,
                     const char *remedy)
{
    (void)user;
    (void)name;
    (void)remedy;
    assert_int_equal(state, PORT_RADIO_WAITING);
    strcat(said, text);
}

static void on_disconnected(void *user, const char *reason)
{
    (void)user;
    strcat(said, reason);
}

static void the_radio_waits(void **state)
{
    const struct port_radio *radio = none.port.radio;
    const struct port_radio_events events = { .state = on_state };

    (void)state;
    radio->start(radio->self, &events, false);
    assert_string_equal(said, "");
    none_turn(&none);
    assert_string_equal(said, "This port has no radio yet.");
    radio->start(radio->self, &events, false);
    radio->stop(radio->self);
    none_turn(&none);
    assert_string_equal(said, "This port has no radio yet.");
}

static void mqtt_does_not_connect(void **state)
{
    const struct port_mqtt *mqtt = none.port.mqtt;
    const struct port_mqtt_config config = { .host = "broker", .port = 1883 };
    const struct port_mqtt_events events = { .disconnected = on_disconnected };

    (void)state;
    mqtt->connect(mqtt->self, &config, &events);
    assert_string_equal(said, "");
    none_turn(&none);
    assert_string_equal(said, "this port has no network yet");
    assert_int_equal(mqtt->publish(mqtt->self, "a", "b", 1, 1, false), PORT_MQTT_NOT_CONNECTED);
    assert_int_equal(mqtt->subscribe(mqtt->self, "a", 1), PORT_MQTT_NOT_CONNECTED);
}

static void on_done(void *user, const struct port_gatt_result *result)
{
    (void)user;
    assert_int_equal(result->error, PORT_GATT_NO_ADAPTER);
    strcat(said, "done");
}

static void on_ended(void *user)
{
    (void)user;
    strcat(said, "ended");
}

static void no_device_is_connected(void **state)
{
    const struct port_gatt *gatt = none.port.gatt;
    const struct port_gatt_events events = { .done = on_done, .disconnected = on_ended };

    (void)state;
    gatt->connect(gatt->self, (struct mac){ { 1 } }, 0, 1000, &events);
    assert_string_equal(said, "");
    none_turn(&none);
    gatt->disconnect(gatt->self);
    none_turn(&none);
    assert_string_equal(said, "done");
    gatt->connect(gatt->self, (struct mac){ { 1 } }, 0, 1000, &events);
    gatt->disconnect(gatt->self);
    none_turn(&none);
    assert_string_equal(said, "doneended");
}

static void nothing_is_kept(void **state)
{
    const struct port_files *files = none.port.files;
    char buffer[4];
    size_t len = 7;

    (void)state;
    assert_int_equal(files->save(files->self, "house", "x", 1, false, NULL, NULL),
                     PORT_FILES_NO_FOLDER);
    assert_int_equal(files->load(files->self, "house", buffer, sizeof(buffer), &len),
                     PORT_FILES_NO_FOLDER);
    assert_int_equal(len, 0);
}

static void nobody_listens(void **state)
{
    const struct port_http *http = none.port.http;
    const struct port_http_config config = { .place = "[::]:8032" };
    struct port_http_server *server;

    (void)state;
    assert_int_equal(http->open(http->self, &config, &(struct port_http_events){ 0 }, &server),
                     PORT_HTTP_NO_NETWORK);
    assert_null(server);
    http->close(http->self, server);
}

static void no_line_can_be_had(void **state)
{
    const struct port_gpio *gpio = none.port.gpio;
    struct port_gpio_line *line;

    (void)state;
    assert_int_equal(gpio->take(gpio->self, "gpiochip0", 1, true, &line), PORT_GPIO_NONE);
    assert_null(line);
    gpio->release(gpio->self, line);
}

static void the_clock_is_not_set(void **state)
{
    const struct port_clock *clock = none.port.clock;
    int64_t wall;

    (void)state;
    assert_true(clock->now_ms(clock->self) > 0);
    assert_false(clock->wall_ms(clock->self, &wall));
    assert_int_equal(clock->utc_offset_s(clock->self, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_radio_waits, setup),
        cmocka_unit_test_setup(mqtt_does_not_connect, setup),
        cmocka_unit_test_setup(no_device_is_connected, setup),
        cmocka_unit_test_setup(nothing_is_kept, setup),
        cmocka_unit_test_setup(nobody_listens, setup),
        cmocka_unit_test_setup(no_line_can_be_had, setup),
        cmocka_unit_test_setup(the_clock_is_not_set, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
