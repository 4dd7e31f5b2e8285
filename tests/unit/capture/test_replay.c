/* The replay radio keeps the recording's pace by the clock it is given; here the test moves it. */
#include "capture/file.h"
#include "capture/replay.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint64_t now;
static struct timers timers;
static char heard[512];
static struct capture_memory memory;
static struct replay *replay;

static uint64_t now_ms(void *self)
{
    (void)self;
    return now;
}

static void set(void *self, struct timer *timer, uint64_t at_ms)
{
    (void)self;
    timers_set(&timers, timer, at_ms);
}

static void cancel(void *self, struct timer *timer)
{
    (void)self;
    timers_cancel(&timers, timer);
}

static const struct port_clock clock_by_hand = { .now_ms = now_ms, .set = set, .cancel = cancel };

static void run_until(uint64_t until)
{
    for (; timers_next(&timers) <= until; timers_run(&timers, now)) {
        if (timers_next(&timers) > now)
            now = timers_next(&timers);
    }
    now = until;
}

static void note(const char *text)
{
    assert_true(strlen(heard) + strlen(text) < sizeof(heard));
    strcat(heard, text);
}

static void on_advert(void *user, const struct advert *advert)
{
    char text[64];

    (void)user;
    snprintf(text, sizeof(text), "%x@%" PRIu64 " ", advert->data[0], advert->heard_ms);
    note(text);
    if (advert->data[0] == 0xee) {
        replay_radio(replay)->stop(replay_radio(replay)->self);
        note("stop ");
    }
}

static void on_state(void *user, const char *name, enum port_radio_state state, const char *text,
                     const char *remedy)
{
    (void)user;
    (void)remedy;
    assert_string_equal(name, "house.jsonl");
    note(state == PORT_RADIO_LISTENING ? "[on]" : "[ended]");
    note(text);
    note(" ");
}

static void play(const char *text)
{
    static const struct port_radio_events events = { NULL, on_advert, on_state };

    now = 1000;
    timers = (struct timers){ 0 };
    heard[0] = '\0';
    memory = (struct capture_memory){ text, strlen(text), 0 };
    struct capture_reader *reader = capture_reader_new(capture_from_memory(&memory));
    assert_non_null(reader);
    replay = replay_new(&clock_by_hand, "house.jsonl", replay_from_reader(reader));
    assert_non_null(replay);
    replay_radio(replay)->start(replay_radio(replay)->self, &events, false);
    assert_string_equal(heard, ""); /* nothing is called back from inside start() */
}

static int done(void **state)
{
    (void)state;
    replay_free(replay);
    return 0;
}

#define LINE(data, more) "{\"mac\":\"A4C138012345\",\"adv_hex\":\"" data "\"" more "}\n"

static void lines_come_as_far_apart_as_they_were(void **state)
{
    (void)state;
    play(LINE("01", ",\"t\":100") LINE("02", ",\"t\":100") LINE("03", ",\"t\":160.5"));
    run_until(1000);
    assert_string_equal(heard, "[on] 1@1000 2@1000 ");
    run_until(61499);
    assert_string_equal(heard, "[on] 1@1000 2@1000 ");
    run_until(61500);
    assert_string_equal(heard, "[on] 1@1000 2@1000 3@61500 "
                               "[ended]The recording has ended: 3 adverts played. ");
}

static void lines_without_time_come_100_ms_apart(void **state)
{
    (void)state;
    play(LINE("01", "") LINE("02", "") LINE("03", ",\"t\":5") LINE("04", ",\"t\":6"));
    run_until(9000);
    assert_string_equal(heard, "[on] 1@1000 2@1100 3@1100 4@2100 "
                               "[ended]The recording has ended: 4 adverts played. ");
}

static void time_that_goes_back_begins_anew(void **state)
{
    (void)state;
    play(LINE("01", ",\"t\":7") LINE("02", ",\"t\":8") LINE("03", ",\"t\":1")
             LINE("04", ",\"t\":3"));
    run_until(9000);
    assert_string_equal(heard, "[on] 1@1000 2@2000 3@2000 4@4000 "
                               "[ended]The recording has ended: 4 adverts played. ");
}

static void wrong_lines_are_reported_and_the_others_played(void **state)
{
    (void)state;
    play(LINE("01", "") "nonsense\n020106\n" LINE("02", ""));
    run_until(9000);
    assert_string_equal(heard,
                        "[on] 1@1000 "
                        "[on]A line cannot be played: line 2, column 1: neither a JSON object nor "
                        "a hex digit. 2@1100 "
                        "[ended]The recording has ended: 2 adverts played, 2 lines could not be; "
                        "the first was line 2, column 1: neither a JSON object nor a hex digit. ");
}

static void stop_ends_it_and_start_goes_on(void **state)
{
    static const struct port_radio_events events = { NULL, on_advert, on_state };

    (void)state;
    play(LINE("01", "") LINE("ee", "") LINE("02", "") LINE("03", ""));
    run_until(5000);
    assert_string_equal(heard, "[on] 1@1000 ee@1100 stop ");
    replay_radio(replay)->start(replay_radio(replay)->self, &events, false);
    run_until(9000);
    assert_string_equal(heard, "[on] 1@1000 ee@1100 stop [on] 2@5100 3@5200 "
                               "[ended]The recording has ended: 4 adverts played. ");
}

static enum capture_result generate(void *user, struct capture_advert *out,
                                    struct capture_fault *fault)
{
    uint64_t *count = user;

    (void)fault;
    out->has_mac = true;
    out->has_time = true;
    out->t_ms = 1000 * *count;
    out->data[0] = (uint8_t)++ * count;
    out->advert.len = 1;
    return CAPTURE_ADVERT;
}

static void a_generator_plays_for_ever(void **state)
{
    static const struct port_radio_events events = { NULL, on_advert, on_state };
    uint64_t count = 0;

    (void)state;
    now = 1000;
    timers = (struct timers){ 0 };
    heard[0] = '\0';
    replay =
        replay_new(&clock_by_hand, "house.jsonl", (struct replay_source){ &count, generate, NULL });
    assert_non_null(replay);
    replay_radio(replay)->start(replay_radio(replay)->self, &events, false);
    run_until(4000);
    assert_string_equal(heard, "[on] 1@1000 2@2000 3@3000 4@4000 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(lines_come_as_far_apart_as_they_were, done),
        cmocka_unit_test_teardown(lines_without_time_come_100_ms_apart, done),
        cmocka_unit_test_teardown(time_that_goes_back_begins_anew, done),
        cmocka_unit_test_teardown(wrong_lines_are_reported_and_the_others_played, done),
        cmocka_unit_test_teardown(stop_ends_it_and_start_goes_on, done),
        cmocka_unit_test_teardown(a_generator_plays_for_ever, done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
