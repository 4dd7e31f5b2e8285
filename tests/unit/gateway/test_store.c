/* What earlier runs kept is never lost: not by damage, not by a disk that is full or cannot be
 * read, not by a second mishap. */
#include "gateway/gateway.h"

#include "port/files.h"
#include "sim/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HALF_A_LIST "[{\"MAC\":\"A4C138012345\",\"PID\":\"055b\",\"key\":\"\"},{\"MAC\":\"A4"
#define A_TEXT_SIZE 4096

static struct sim *sim;

static int setup(void **state)
{
    (void)state;
    sim = sim_new();
    return sim ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    sim_free(sim);
    return 0;
}

static void put(const char *name, const char *text)
{
    const struct port_files *files = sim_port(sim)->files;

    assert_int_equal(files->save(files->self, name, text, strlen(text), true, NULL, NULL),
                     PORT_FILES_OK);
    files->settle(files->self);
}

/* The file as text; "" when it is absent. */
static const char *get(const char *name)
{
    static char text[A_TEXT_SIZE];
    const struct port_files *files = sim_port(sim)->files;
    size_t len;
    const enum port_files_error error =
        files->load(files->self, name, text, sizeof(text) - 1, &len);

    assert_true(error == PORT_FILES_OK || error == PORT_FILES_ABSENT);
    text[len] = '\0';
    return text;
}

static char logged[1024];

static void hear(void *user, const struct bus_event *event)
{
    (void)user;
    if (event->kind == BUS_LOG && event->u.log.level == BUS_ERROR)
        strncat(logged, event->u.log.text, sizeof(logged) - strlen(logged) - 1);
}

static struct bus_listener ear = { .hear = hear };

/* A run of the gateway on this port from its start to its end; whether it could load. */
static bool run(const struct port *port)
{
    const struct gateway_config config = { .port = port, .hostname = "house", .sensors = 32 };
    struct gateway *gw = gateway_create(&config);

    assert_non_null(gw);
    bus_listen(gateway_bus(gw), &ear);
    const bool is_loaded = gateway_load(gw);
    if (is_loaded) {
        gateway_start(gw);
        sim_advance(sim, 1000);
        gateway_stop(gw);
    }
    gateway_destroy(gw);
    return is_loaded;
}

static void damaged_files_are_kept_beside_older_copies(void **state)
{
    static const char *const names[] = { "mi32cfg", "state", "settings" };
    char copy[32];

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        put(names[i], HALF_A_LIST);
        assert_true(run(sim_port(sim)));
        put(names[i], HALF_A_LIST "C1");
        assert_true(run(sim_port(sim)));
        assert_true(run(sim_port(sim))); /* the same once more needs no further copy */
        assert_string_equal(get(strcat(strcpy(copy, names[i]), ".damaged")), HALF_A_LIST);
        assert_string_equal(get(strcat(copy, "2")), HALF_A_LIST "C1");
        copy[strlen(copy) - 1] = '3';
        assert_string_equal(get(copy), "");
    }
}

static void a_setting_nobody_understands_is_kept(void **state)
{
    static const char settings[] = "{\"version\":1,\"TelePeriod\":\"often\",\"MqttHost\":\"tree\"}";

    (void)state;
    put("settings", settings);
    assert_true(run(sim_port(sim)));
    assert_string_equal(get("settings.damaged"), settings);
}

static void the_count_of_starts_has_an_end(void **state)
{
    static const char settings[] = "{\"version\":1,\"BootCount\":2147483647}";

    (void)state;
    put("settings", settings);
    assert_true(run(sim_port(sim)));
    assert_string_equal(get("settings"), settings);
}

/* Each file says which form it has. One of a newer mi32 ends the start, in words that help, and not
 * a byte of it is touched. */
static void a_file_of_a_newer_program_is_refused(void **state)
{
    static const struct {
        const char *name, *text, *ours;
    } files[] = {
        { "settings", "{\"version\":99,\"TelePeriod\":60}", "{\"version\":1}" },
        { "state", "{\"mi32_state\":99,\"sensors\":[]}", "{\"mi32_state\":1,\"sensors\":[]}" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        put(files[i].name, files[i].text);
        logged[0] = '\0';
        assert_false(run(sim_port(sim)));
        assert_non_null(strstr(logged, "newer mi32"));
        assert_string_equal(get(files[i].name), files[i].text);
        put(files[i].name, files[i].ours);
        assert_true(run(sim_port(sim)));
    }
}

static void no_copy_no_start(void **state)
{
    (void)state;
    put("state", HALF_A_LIST);
    storage_set_size(sim->storage, sizeof(HALF_A_LIST) + 4);
    assert_false(run(sim_port(sim)));
    assert_string_equal(get("state"), HALF_A_LIST);
    storage_set_size(sim->storage, A_TEXT_SIZE);
    assert_true(run(sim_port(sim)));
    assert_string_equal(get("state.damaged"), HALF_A_LIST);
}

/* ---- a disk that cannot be read ---- */

static const char *unreadable;

static enum port_files_error load(void *self, const char *name, void *buffer, size_t size,
                                  size_t *len)
{
    const struct port_files *files = sim_port(sim)->files;

    if (strcmp(name, unreadable) != 0)
        return files->load(self, name, buffer, size, len);
    *len = 0;
    return PORT_FILES_BROKEN;
}

static void what_cannot_be_read_is_left_alone(void **state)
{
    static const char *const names[] = { "mi32cfg", "state", "settings" };
    struct port_files files = *sim_port(sim)->files;
    struct port port = *sim_port(sim);

    (void)state;
    files.load = load;
    port.files = &files;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        unreadable = names[i];
        assert_false(run(&port));
        assert_string_equal(get(names[i]), "");
    }
}

/* Nothing is the usual damage: a crash before the first byte, a copy onto a full disk. */
static void an_empty_file_is_a_damaged_one(void **state)
{
    static const char *const names[] = { "mi32cfg", "state", "settings" };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char copy[32];
        size_t len;
        const struct port_files *files = sim_port(sim)->files;
        put(names[i], "");
        assert_true(run(sim_port(sim)));
        snprintf(copy, sizeof(copy), "%s.damaged", names[i]);
        assert_int_equal(files->load(files->self, copy, copy, 0, &len), PORT_FILES_OK);
    }
}

static unsigned fails; /* so many saves from now on */

static enum port_files_error failing_save(void *self, const char *name, const void *data,
                                          size_t len, bool is_secret, port_files_done done,
                                          void *user)
{
    const struct port_files *files = sim_port(sim)->files;

    assert_true(is_secret); /* settings hold passwords, the other two keys */
    if (fails == 0)
        return files->save(self, name, data, len, is_secret, done, user);
    fails--;
    return PORT_FILES_FULL;
}

static struct port failing_port(struct port_files *files)
{
    struct port port = *sim_port(sim);

    *files = *port.files;
    files->save = failing_save;
    port.files = files;
    return port;
}

static void a_save_that_failed_is_tried_again(void **state)
{
    static const char set[] = "TelePeriod 77", key[] = "MI32Key "
                                                       "00112233445566778899AABBCCDDEEFF"
                                                       "A4C138012345";
    struct port_files files;
    const struct port port = failing_port(&files);
    const struct gateway_config config = { .port = &port, .hostname = "house", .sensors = 32 };
    struct gateway *gw = gateway_create(&config);

    (void)state;
    assert_true(gateway_load(gw));
    gateway_start(gw);
    sim_advance(sim, 2000);
    bus_command(gateway_bus(gw), set, strlen(set), BUS_LOCAL, 0, NULL, NULL);
    bus_command(gateway_bus(gw), key, strlen(key), BUS_LOCAL, 0, NULL, NULL);
    fails = 2;
    sim_advance(sim, 10500);
    assert_int_equal(fails, 0);
    assert_null(strstr(get("settings"), "77"));
    sim_advance(sim, 12000);
    assert_non_null(strstr(get("settings"), "\"TelePeriod\":77"));
    assert_non_null(strstr(get("state"), "A4C138012345"));
    gateway_stop(gw);
    gateway_destroy(gw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(damaged_files_are_kept_beside_older_copies, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_setting_nobody_understands_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(the_count_of_starts_has_an_end, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_of_a_newer_program_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(no_copy_no_start, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_left_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(an_empty_file_is_a_damaged_one, setup, teardown),
        cmocka_unit_test_setup_teardown(a_save_that_failed_is_tried_again, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
