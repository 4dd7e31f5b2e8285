/* --radio: which names give which radio, and what each says. */
#include "on_loop.h"

#include "linux/radio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

static char said[512];
static bool is_over;
static unsigned heard;

static void on_advert(void *user, const struct advert *advert)
{
    (void)user;
    assert_int_equal(advert->len, 3);
    is_over = ++heard >= 3;
}

static void on_state(void *user, const char *name, enum port_radio_state state, const char *text,
                     const char *remedy)
{
    (void)user;
    snprintf(said, sizeof(said), "%s: %s %s", name, text, remedy);
    is_over = state != PORT_RADIO_LISTENING;
}

static struct radio *open_radio(const char *spec, struct replay_source demo)
{
    static const struct port_radio_events events = { NULL, on_advert, on_state };
    char error[RADIO_ERROR_SIZE];
    struct radio *radio = radio_new(test_loop, spec, demo, error);

    assert_non_null(radio);
    said[0] = '\0';
    is_over = false;
    heard = 0;
    radio_port(radio)->start(radio_port(radio)->self, &events, false);
    assert_string_equal(said, ""); /* nothing from inside start() */
    return radio;
}

static void a_radio_that_hears_nothing_says_why(void **state)
{
    static const struct {
        const char *spec, *text;
    } rows[] = {
        { "none", "none: No radio is used (--radio none). " },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct radio *radio = open_radio(rows[i].spec, (struct replay_source){ 0 });
        on_loop_until(&is_over);
        assert_string_equal(said, rows[i].text);
        radio_free(radio);
    }
}

static void a_file_is_played_to_its_end(void **state)
{
    char path[] = "/tmp/mi32-test-XXXXXX", spec[64];
    const int fd = mkstemp(path);
    const char line[] = "{\"mac\":\"A4C138012345\",\"adv_hex\":\"020106\",\"t\":1}\n";

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(write(fd, line, sizeof(line) - 1), sizeof(line) - 1);
    close(fd);
    snprintf(spec, sizeof(spec), "replay:%s", path);
    struct radio *radio = open_radio(spec, (struct replay_source){ 0 });
    on_loop_until(&is_over);
    assert_int_equal(heard, 2);
    assert_non_null(strstr(said, "The recording has ended: 2 adverts played."));
    assert_memory_equal(said, path + 5, strlen(path + 5)); /* its name, without the folder */
    radio_free(radio);
    unlink(path);
}

static enum capture_result generate(void *user, struct capture_advert *out,
                                    struct capture_fault *fault)
{
    (void)user;
    (void)fault;
    out->has_mac = out->has_time = true;
    out->advert.len = 3;
    return CAPTURE_ADVERT;
}

static void count_close(void *user)
{
    ++*(int *)user;
}

static void the_demo_plays_what_it_is_given(void **state)
{
    int closed = 0;
    struct radio *radio =
        open_radio("demo", (struct replay_source){ &closed, generate, count_close });

    (void)state;
    on_loop_until(&is_over);
    assert_true(heard >= 3);
    assert_string_equal(said, "demo:  ");
    radio_free(radio);
    assert_int_equal(closed, 1);
}

#define HOW "Use auto, hci0 (or hci0,hci1), user:hci0, replay:FILE, demo or none."

static void what_cannot_be_is_explained(void **state)
{
    static const struct {
        const char *spec, *error;
    } rows[] = {
        { "bluetooth", "bluetooth: This is no radio. " HOW },
        { "replay:/nowhere.jsonl",
          "/nowhere.jsonl: No such file or directory. Name a recording behind replay:" },
        { "replay:/tmp", "/tmp: This is no file. Only files can be replayed." },
        { "demo", "demo: There is no demo in this program. " },
        { "hci", "hci: This is no radio. " HOW },
        { "hci+1", "hci+1: This is no radio. " HOW },
        { "hci0,hci1x", "hci0,hci1x: This is no radio. " HOW },
        { "user:hci1234", "user:hci1234: This is no radio. " HOW },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char error[RADIO_ERROR_SIZE];
        assert_null(radio_new(test_loop, rows[i].spec, (struct replay_source){ 0 }, error));
        assert_string_equal(error, rows[i].error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_radio_that_hears_nothing_says_why),
        cmocka_unit_test(a_file_is_played_to_its_end),
        cmocka_unit_test(the_demo_plays_what_it_is_given),
        cmocka_unit_test(what_cannot_be_is_explained),
    };
    return cmocka_run_group_tests(tests, on_loop_setup, on_loop_teardown);
}
