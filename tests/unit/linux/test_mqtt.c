/* MQTT by libmosquitto against a real broker: what arrives, what a failure says, and that a broker
 * that is dead, silent or slow costs the loop nothing. */
#include "broker.h"
#include "on_loop.h"

#include "linux/mqtt_client.h"
#include "linux/mqtt_reason.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <mosquitto.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static struct broker broker;
static struct mqtt_client *mqtt;
static const struct port_mqtt *port;

static bool is_connected, is_disconnected, is_acknowledged, has_message, all_acknowledged;
static char reason[400], got[256];
static int acknowledged_id;
static unsigned acknowledged, wanted;

static void on_connected(void *user)
{
    (void)user;
    is_connected = true;
}

static void on_disconnected(void *user, const char *why)
{
    (void)user;
    is_disconnected = true;
    snprintf(reason, sizeof(reason), "%s", why);
}

static void on_acknowledged(void *user, int message_id)
{
    (void)user;
    is_acknowledged = true;
    acknowledged_id = message_id;
    all_acknowledged = ++acknowledged >= wanted;
}

static void on_message(void *user, const char *topic, const char *payload, size_t len,
                       bool retained)
{
    (void)user;
    has_message = true;
    snprintf(got, sizeof(got), "%s=%.*s%s", topic, (int)len, payload, retained ? " retained" : "");
}

static const struct port_mqtt_events events = { NULL, on_connected, on_disconnected,
                                                on_acknowledged, on_message };

static struct port_mqtt_config config(void)
{
    return (struct port_mqtt_config){
        .host = "127.0.0.1",
        .port = broker.port,
        .client_id = "test",
        .user = "",
        .password = "",
        .ca_file = "",
        .fingerprints = { "", "" },
        .keepalive_s = 30,
        .will_topic = "tele/test/LWT",
        .will_payload = "Offline",
    };
}

static void connect_with(const struct port_mqtt_config *settings)
{
    is_connected = is_disconnected = false;
    reason[0] = '\0';
    port->connect(port->self, settings, &events);
    assert_false(is_connected || is_disconnected); /* nothing from inside connect() */
}

static void connect_well(void)
{
    const struct port_mqtt_config settings = config();

    connect_with(&settings);
    on_loop_until(&is_connected);
}

static void expect_failure(const struct port_mqtt_config *settings, const char *text)
{
    connect_with(settings);
    on_loop_until(&is_disconnected);
    assert_false(is_connected);
    if (!strstr(reason, text))
        fail_msg("'%s' does not say '%s'", reason, text);
}

static int start(void **state)
{
    (void)state;
    broker = (struct broker){ 0 };
    acknowledged = wanted = 0;
    is_acknowledged = has_message = all_acknowledged = false;
    mqtt = mqtt_client_new(test_loop);
    port = mqtt ? mqtt_client_port(mqtt) : NULL;
    return mqtt ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    mqtt_client_free(mqtt);
    broker_stop(&broker);
    return 0;
}

static int publish(const char *payload, int qos, bool retain)
{
    return port->publish(port->self, "a/b", payload, strlen(payload), qos, retain);
}

static void what_is_published_comes_back_to_a_subscriber(void **state)
{
    (void)state;
    broker_start(&broker, "");
    connect_well();
    const int id = publish("one", 1, true);
    assert_true(id >= 0);
    on_loop_until(&is_acknowledged);
    assert_int_equal(acknowledged_id, id);
    assert_int_equal(port->subscribe(port->self, "a/#", 1), 0);
    on_loop_until(&has_message);
    assert_string_equal(got, "a/b=one retained");
    has_message = is_acknowledged = false;
    assert_true(publish("two", 0, false) >= 0);
    on_loop_until(&has_message);
    assert_string_equal(got, "a/b=two");
    assert_false(is_acknowledged); /* nobody acknowledges QoS 0 */
}

static void without_a_connection_nothing_is_taken(void **state)
{
    (void)state;
    assert_int_equal(publish("one", 0, false), PORT_MQTT_NOT_CONNECTED);
    assert_int_equal(port->subscribe(port->self, "a", 0), PORT_MQTT_NOT_CONNECTED);
    broker_start(&broker, "");
    connect_well();
    assert_int_equal(port->publish(port->self, "a/#", "x", 1, 0, false), PORT_MQTT_REFUSED);
    assert_int_equal(port->subscribe(port->self, "a/#/b", 0), PORT_MQTT_REFUSED);
    port->disconnect(port->self);
    assert_int_equal(publish("one", 0, false), PORT_MQTT_NOT_CONNECTED);
}

static void a_killed_broker_is_noticed_and_a_new_one_connected_to(void **state)
{
    (void)state;
    broker_start(&broker, "");
    connect_well();
    const uint16_t same = broker.port;
    broker_stop(&broker);
    on_loop_until(&is_disconnected);
    assert_non_null(strstr(reason, "ended the connection"));
    assert_int_equal(publish("one", 0, false), PORT_MQTT_NOT_CONNECTED);
    broker = (struct broker){ .port = same };
    broker_start(&broker, "");
    connect_well();
}

static void nobody_listening_is_a_sentence(void **state)
{
    struct port_mqtt_config settings;
    char text[80];

    (void)state;
    broker.port = broker_free_port();
    settings = config();
    snprintf(text, sizeof(text), "connection refused: is the broker running at 127.0.0.1:%u?",
             broker.port);
    expect_failure(&settings, text);
}

static void an_unknown_name_is_a_sentence(void **state)
{
    struct port_mqtt_config settings = config();

    (void)state;
    settings.host = "broker.invalid"; /* RFC 2606: never exists */
    settings.port = 1883;
    expect_failure(&settings, "the name broker.invalid is not known");
}

static void a_wrong_password_is_a_sentence(void **state)
{
    struct port_mqtt_config settings;

    (void)state;
    broker_start(&broker, broker_user(&broker, "anna", "right"));
    settings = config();
    settings.user = "anna";
    settings.password = "wrong";
    expect_failure(&settings, "bad user name or password");
    settings.password = "right";
    connect_with(&settings);
    on_loop_until(&is_connected);
}

static const char *authority(void)
{
    static char path[64];

    snprintf(path, sizeof(path), "%s/ca.pem", broker.folder);
    return path;
}

/* Starts a broker with a certificate that is good for so many days; how to get on with it. */
static struct port_mqtt_config start_with_tls(const char *days)
{
    struct port_mqtt_config settings;

    broker_start(&broker, broker_tls(&broker, days));
    settings = config();
    settings.tls = true;
    settings.host = "localhost";
    settings.ca_file = authority();
    return settings;
}

static void a_certificate_has_to_fit_authority_and_name(void **state)
{
    struct port_mqtt_config settings = start_with_tls("2");

    (void)state;
    settings.ca_file = "";
    expect_failure(&settings, "certificate not accepted: is it signed by an authority that this "
                              "machine knows, and valid today (by this machine's clock)?");
    settings.ca_file = authority();
    settings.host = "127.0.0.1";
    expect_failure(&settings, "certificate not accepted: it is not made for 127.0.0.1");
    settings.host = "localhost";
    connect_with(&settings);
    on_loop_until(&is_connected);
    assert_true(publish("one", 1, false) >= 0);
    on_loop_until(&is_acknowledged);
}

static void a_certificate_that_has_expired_is_not_believed(void **state)
{
    const struct port_mqtt_config settings = start_with_tls("0");

    (void)state;
    expect_failure(&settings, "valid today");
}

/* It is no question of certificates, and must not be told as one. */
static void a_port_without_tls_is_told_as_that(void **state)
{
    struct port_mqtt_config settings;

    (void)state;
    broker_start(&broker, "");
    settings = config();
    settings.tls = true;
    expect_failure(&settings, "no TLS connection with 127.0.0.1:");
    assert_null(strstr(reason, "certificate"));
    settings.fingerprints[0] = "0123456789012345678901234567890123456789";
    expect_failure(&settings, "no TLS connection with 127.0.0.1:");
}

static void a_broker_with_tls_that_is_killed_ended_the_connection(void **state)
{
    const struct port_mqtt_config settings = start_with_tls("2");

    (void)state;
    connect_with(&settings);
    on_loop_until(&is_connected);
    broker_stop(&broker);
    on_loop_until(&is_disconnected);
    assert_non_null(strstr(reason, "ended the connection"));
}

/* What libmosquitto makes of a broker that is gone depends on which of the two was quicker. */
static void however_a_connection_breaks_the_broker_ended_it(void **state)
{
    static const struct mqtt_failure ends[] = {
        { .is_answered = true, .error = MOSQ_ERR_CONN_LOST },
        { .is_answered = true, .error = MOSQ_ERR_TLS, .log = "OpenSSL Error[0]: unexpected eof" },
        { .is_answered = true, .error = MOSQ_ERR_ERRNO, .system_error = EPROTO },
        { .is_answered = true, .error = MOSQ_ERR_ERRNO, .system_error = ECONNRESET },
        { .is_answered = true, .error = MOSQ_ERR_ERRNO, .system_error = EPIPE },
        { .is_answered = true, .error = MOSQ_ERR_ERRNO },
    };
    const struct mqtt_failure no_network = { .is_answered = true,
                                             .error = MOSQ_ERR_ERRNO,
                                             .system_error = EHOSTUNREACH };
    char text[MQTT_REASON_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        mqtt_reason(&ends[i], "broker.lan", 8883, text);
        assert_string_equal(text, "the broker at broker.lan:8883 ended the connection");
    }
    mqtt_reason(&no_network, "broker.lan", 8883, text);
    assert_non_null(strstr(text, "cannot be reached from this network"));
}

/* Before any answer: either it is no broker, or it wants to be talked to in another way. */
static void what_answers_may_be_no_broker(void **state)
{
    static const struct mqtt_failure nonsense[] = {
        { .error = MOSQ_ERR_ERRNO }, /* libmosquitto's way to say it */
        { .error = MOSQ_ERR_PROTOCOL, .system_error = EAGAIN },
        { .error = MOSQ_ERR_MALFORMED_PACKET },
    };
    struct mqtt_failure silence = { .error = MOSQ_ERR_CONN_LOST };
    char text[MQTT_REASON_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
        mqtt_reason(&nonsense[i], "nas.lan", 80, text);
        assert_string_equal(text,
                            "what answers at nas.lan:80 is no MQTT broker: is MqttPort right?");
    }
    mqtt_reason(&silence, "nas.lan", 8884, text);
    assert_string_equal(text,
                        "nas.lan:8884 ended the connection without an answer: is it a broker's "
                        "port, and does it want TLS (MqttTLS 1)?");
    silence.has_tls = true;
    mqtt_reason(&silence, "nas.lan", 8884, text);
    assert_null(strstr(text, "does it want TLS"));
}

/* "A6:1A:2C" is what openssl prints, "A61A2C" what the log says. */
static void without_colons(const char *text, char *out)
{
    for (; *text; text++) {
        if (*text != ':')
            *out++ = *text;
    }
    *out = '\0';
}

/* Nobody signed it and it is made for another name: its fingerprint is what counts, and all that
 * counts. */
static void a_fingerprint_is_instead_of_an_authority(void **state)
{
    char sha1[128], sha256[128], plain[128], other[128], told[256];
    struct port_mqtt_config settings = start_with_tls("2");

    (void)state;
    without_colons(broker_text_of(&broker, "sha256", sha256, sizeof(sha256)), plain);
    broker_text_of(&broker, "sha1", sha1, sizeof(sha1));
    snprintf(other, sizeof(other), "%s", plain);
    other[0] = other[0] == 'A' ? 'B' : 'A';
    snprintf(told, sizeof(told), "is not that of MqttFingerprint; its SHA-256 is %s", plain);
    settings.ca_file = "";
    settings.host = "127.0.0.1";
    settings.fingerprints[0] = other;
    expect_failure(&settings, told);
    settings.ca_file = authority(); /* would be right for this authority */
    settings.host = "localhost";
    expect_failure(&settings, "is not that of MqttFingerprint");
    settings.fingerprints[0] = "12"; /* of no use, and no reason to believe everybody */
    expect_failure(&settings, "is not that of MqttFingerprint");
    settings.fingerprints[1] = plain;
    settings.host = "127.0.0.1";
    connect_with(&settings);
    on_loop_until(&is_connected);
    assert_true(publish("one", 1, false) >= 0);
    on_loop_until(&is_acknowledged);
    port->disconnect(port->self);
    settings.fingerprints[1] = "";
    settings.fingerprints[0] = sha1; /* with colons, as Tasmota's */
    connect_with(&settings);
    on_loop_until(&is_connected);
}

/* The kernel takes the connection, and then there is silence. */
static void a_silent_broker_is_given_up(void **state)
{
    struct sockaddr_in addr = { .sin_family = AF_INET };
    socklen_t len = sizeof(addr);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    (void)state;
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
    broker.port = ntohs(addr.sin_port);
    const struct port_mqtt_config settings = config();
    mqtt_client_set_patience(mqtt, 100);
    expect_failure(&settings, "no answer: is the broker running at 127.0.0.1:");
    close(fd);
}

/* A broker that stops reading: publish() takes what fits, then says so, and never waits. */
static void a_slow_broker_makes_publish_say_busy(void **state)
{
    char much[1024];
    int id = 0;

    (void)state;
    memset(much, 'x', sizeof(much) - 1);
    much[sizeof(much) - 1] = '\0';
    broker_start(&broker, "");
    connect_well();
    broker_signal(&broker, SIGSTOP);
    for (wanted = 0; (id = publish(much, 1, false)) >= 0; wanted++)
        assert_true(wanted < MQTT_CLIENT_UNSENT_MAX);
    assert_int_equal(id, PORT_MQTT_BUSY);
    assert_true(wanted > 100);
    broker_signal(&broker, SIGCONT);
    on_loop_until(&all_acknowledged);
    on_loop_turn();
    assert_int_equal(acknowledged, wanted);
    assert_true(publish(much, 1, false) >= 0);
}

/* mosquitto logs "disconnected" after a goodbye, and "closed its connection" without one, which is
 * when it sends the will. */
static void disconnect_says_goodbye_after_all_that_was_published(void **state)
{
    (void)state;
    broker_start(&broker, "");
    connect_well();
    for (int i = 0; i < 10; i++)
        assert_true(publish("last words", 0, true) >= 0);
    port->disconnect(port->self);
    const char *line = broker_wait(&broker, "Client test ");
    if (!strstr(line, "disconnected"))
        fail_msg("no goodbye: %s", line);

    connect_well();
    assert_int_equal(port->subscribe(port->self, "a/b", 0), 0);
    on_loop_until(&has_message);
    assert_string_equal(got, "a/b=last words retained");
}

static void on_time(void *user)
{
    *(bool *)user = true;
}

/* A broker that does nothing for some seconds gets the last words all the same: what it keeps would
 * stay wrong for ever. */
static void a_goodbye_waits_for_a_slow_broker(void **state)
{
    const struct port_clock *clock = loop_clock(test_loop);
    bool is_over = false;
    struct timer slow = { .fire = on_time, .user = &is_over };

    (void)state;
    broker_start(&broker, "");
    connect_well();
    broker_signal(&broker, SIGSTOP);
    assert_true(publish("last words", 1, true) >= 0);
    port->disconnect(port->self);
    clock->set(clock->self, &slow, clock->now_ms(clock->self) + 4000);
    on_loop_until(&is_over);
    broker_signal(&broker, SIGCONT);
    const char *line = broker_wait(&broker, "Client test ");
    if (!strstr(line, "disconnected"))
        fail_msg("no goodbye: %s", line);
}

/* A new connect() drops the connection before without a word to us, and with one to the broker. */
static void connecting_anew_is_silent_about_the_old(void **state)
{
    const char *line;

    (void)state;
    broker_start(&broker, "");
    connect_well();
    connect_well();
    line = broker_wait(&broker, "Client test ");
    assert_non_null(strstr(line, "disconnected"));
    on_loop_turn();
    assert_false(is_disconnected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_published_comes_back_to_a_subscriber, start, stop),
        cmocka_unit_test_setup_teardown(without_a_connection_nothing_is_taken, start, stop),
        cmocka_unit_test_setup_teardown(a_killed_broker_is_noticed_and_a_new_one_connected_to,
                                        start, stop),
        cmocka_unit_test_setup_teardown(nobody_listening_is_a_sentence, start, stop),
        cmocka_unit_test_setup_teardown(an_unknown_name_is_a_sentence, start, stop),
        cmocka_unit_test_setup_teardown(a_wrong_password_is_a_sentence, start, stop),
        cmocka_unit_test_setup_teardown(a_certificate_has_to_fit_authority_and_name, start, stop),
        cmocka_unit_test_setup_teardown(a_certificate_that_has_expired_is_not_believed, start,
                                        stop),
        cmocka_unit_test(what_answers_may_be_no_broker),
        cmocka_unit_test(however_a_connection_breaks_the_broker_ended_it),
        cmocka_unit_test_setup_teardown(a_port_without_tls_is_told_as_that, start, stop),
        cmocka_unit_test_setup_teardown(a_broker_with_tls_that_is_killed_ended_the_connection,
                                        start, stop),
        cmocka_unit_test_setup_teardown(a_fingerprint_is_instead_of_an_authority, start, stop),
        cmocka_unit_test_setup_teardown(a_silent_broker_is_given_up, start, stop),
        cmocka_unit_test_setup_teardown(a_slow_broker_makes_publish_say_busy, start, stop),
        cmocka_unit_test_setup_teardown(disconnect_says_goodbye_after_all_that_was_published, start,
                                        stop),
        cmocka_unit_test_setup_teardown(a_goodbye_waits_for_a_slow_broker, start, stop),
        cmocka_unit_test_setup_teardown(connecting_anew_is_silent_about_the_old, start, stop),
    };
    return cmocka_run_group_tests(tests, on_loop_setup, on_loop_teardown);
}
