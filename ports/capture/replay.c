#include "capture/replay.h"

#include "capture/keep_out.h"
#include "capture/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Adverts in one go; what is due beyond that waits until the loop has looked at the rest. */
#define BURST_MAX 64

struct replay {
    struct port_radio radio;
    const struct port_clock *clock;
    struct replay_source source;
    struct port_radio_events events;
    char name[64];
    struct timer timer;
    bool is_running, is_announced, is_ended;

    bool has_next; /* `next` waits for due_ms */
    struct capture_advert next;
    uint64_t due_ms;
    bool is_timed; /* an advert with `t` came before; last_t_ms is its */
    uint64_t last_t_ms;
    uint64_t played, faults, kept_out;
    struct port_radio_tuning tuning;
    struct capture_fault first_fault;
};

static enum capture_result next_of_reader(void *user, struct capture_advert *out,
                                          struct capture_fault *fault)
{
    return capture_next(user, out, fault);
}

static void close_reader(void *user)
{
    capture_reader_free(user);
}

struct replay_source replay_from_reader(struct capture_reader *reader)
{
    return (struct replay_source){ reader, next_of_reader, close_reader };
}

static void say(const struct replay *replay, enum port_radio_state state, const char *text,
                const char *remedy)
{
    replay->events.state(replay->events.user, replay->name, state, text, remedy);
}

static void note_fault(struct replay *replay, const struct capture_fault *fault)
{
    char where[CAPTURE_FAULT_TEXT_SIZE], text[CAPTURE_FAULT_TEXT_SIZE + 32];

    if (replay->faults++ > 0)
        return;
    replay->first_fault = *fault;
    snprintf(text, sizeof(text), "A line cannot be played: %s.", capture_fault_text(fault, where));
    say(replay, PORT_RADIO_LISTENING, text, "The others are. 'mi32 decode FILE' names each one.");
}

static void end(struct replay *replay)
{
    char text[CAPTURE_FAULT_TEXT_SIZE + 128], where[CAPTURE_FAULT_TEXT_SIZE];

    replay->is_ended = true;
    if (replay->faults == 0)
        snprintf(text, sizeof(text), "The recording has ended: %" PRIu64 " adverts played.",
                 replay->played);
    else
        snprintf(text, sizeof(text),
                 "The recording has ended: %" PRIu64 " adverts played, %" PRIu64
                 " lines could not be; the first was %s.",
                 replay->played, replay->faults, capture_fault_text(&replay->first_fault, where));
    say(replay, PORT_RADIO_ENDED, text, "");
}

/* When `next` is due: so much behind the one before as their times are apart. */
static void schedule(struct replay *replay)
{
    const struct capture_advert *next = &replay->next;

    if (!next->has_time)
        replay->due_ms += replay->played > 0 ? REPLAY_STEP_MS : 0;
    else if (replay->is_timed && next->t_ms > replay->last_t_ms)
        replay->due_ms += next->t_ms - replay->last_t_ms;
    if (next->has_time) {
        replay->is_timed = true;
        replay->last_t_ms = next->t_ms;
    }
}

/* Gets the next advert that can be played. False at the end, and after BURST_MAX faults. */
static bool fetch(struct replay *replay)
{
    for (unsigned i = 0; i < BURST_MAX && !replay->has_next; i++) {
        struct capture_fault fault = { 0 };
        capture_clear(&replay->next);
        const enum capture_result result =
            replay->source.next(replay->source.user, &replay->next, &fault);
        if (result == CAPTURE_END) {
            end(replay);
            return false;
        }
        replay->has_next = result == CAPTURE_ADVERT && replay->next.has_mac;
        if (result == CAPTURE_ADVERT && !replay->has_next)
            fault.reason = CAPTURE_NO_SENDER;
        if (!replay->has_next)
            note_fault(replay, &fault);
    }
    if (replay->has_next)
        schedule(replay);
    return replay->has_next;
}

static void play(struct replay *replay, uint64_t now_ms)
{
    replay->has_next = false;
    replay->played++;
    if (keeps_out(&replay->tuning.lists, replay->next.advert.addr)) {
        replay->kept_out++;
        return;
    }
    replay->next.advert.heard_ms = now_ms;
    replay->events.advert(replay->events.user, &replay->next.advert);
}

static void on_timer(void *user)
{
    struct replay *replay = user;
    const uint64_t now_ms = replay->clock->now_ms(replay->clock->self);

    if (!replay->is_announced) {
        replay->is_announced = true;
        say(replay, PORT_RADIO_LISTENING, "", "");
    }
    for (unsigned i = 0; i < BURST_MAX && replay->is_running && !replay->is_ended; i++) {
        if (!replay->has_next && !fetch(replay))
            break;
        if (replay->due_ms > now_ms)
            break;
        play(replay, now_ms);
    }
    if (replay->is_running && !replay->is_ended)
        replay->clock->set(replay->clock->self, &replay->timer,
                           replay->has_next && replay->due_ms > now_ms ? replay->due_ms : now_ms);
}

static void start(void *self, const struct port_radio_events *events, bool active)
{
    struct replay *replay = self;
    const uint64_t now_ms = replay->clock->now_ms(replay->clock->self);

    (void)active; /* a recording has the scan responses it has */
    replay->events = *events;
    replay->is_running = true;
    replay->is_announced = false;
    replay->is_ended = false;
    if (!replay->has_next || replay->due_ms < now_ms)
        replay->due_ms = now_ms;
    replay->clock->set(replay->clock->self, &replay->timer, now_ms);
}

static void stop(void *self)
{
    struct replay *replay = self;

    replay->is_running = false;
    replay->clock->cancel(replay->clock->self, &replay->timer);
}

static void tune(void *self, const struct port_radio_tuning *tuning)
{
    struct replay *replay = self;

    replay->tuning = *tuning;
}

/* A recording is silent where it was. */
static void recover(void *self, unsigned radio)
{
    (void)self;
    (void)radio;
}

static bool figures(void *self, unsigned radio, struct port_radio_figures *out)
{
    const struct replay *replay = self;

    if (radio != 0)
        return false;
    *out = (struct port_radio_figures){
        .name = replay->name,
        .route = "replay",
        .state = replay->is_ended     ? PORT_RADIO_ENDED
                 : replay->is_running ? PORT_RADIO_LISTENING
                                      : PORT_RADIO_WAITING,
        .text = "",
        .remedy = "",
        .received = replay->played,
        .adverts = replay->played - replay->kept_out,
        .malformed = replay->faults,
        .kept_out = replay->kept_out,
        .duty_permille = 1000,
    };
    return true;
}

struct replay *replay_new(const struct port_clock *clock, const char *name,
                          struct replay_source source)
{
    struct replay *replay = calloc(1, sizeof(*replay));

    if (!replay)
        return NULL;
    replay->radio = (struct port_radio){ replay, start, stop, tune, recover, figures };
    replay->clock = clock;
    replay->source = source;
    snprintf(replay->name, sizeof(replay->name), "%s", name);
    replay->timer = (struct timer){ .fire = on_timer, .user = replay };
    return replay;
}

void replay_free(struct replay *replay)
{
    if (!replay)
        return;
    stop(replay);
    if (replay->source.close)
        replay->source.close(replay->source.user);
    free(replay);
}

const struct port_radio *replay_radio(struct replay *replay)
{
    return &replay->radio;
}
