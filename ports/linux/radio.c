#include "linux/radio.h"

#include "capture/file.h"
#include "linux/bluetooth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define REPLAY_PREFIX "replay:"

/* One that hears nothing and says why. */
struct silent {
    struct port_radio port;
    struct port_radio_events events;
    const struct port_clock *clock;
    struct timer timer;
};

struct radio {
    struct bluetooth *bluetooth; /* or NULL */
    struct replay *replay;       /* or NULL */
    FILE *file;                  /* what it plays, or NULL */
    struct silent silent;
};

/* ---- silent ---- */

static void tell(void *user)
{
    const struct silent *silent = user;

    silent->events.state(silent->events.user, "none", PORT_RADIO_WAITING,
                         "No radio is used (--radio none).", "");
}

static void start_silent(void *self, const struct port_radio_events *events, bool active)
{
    struct silent *silent = self;

    (void)active;
    silent->events = *events;
    silent->clock->set(silent->clock->self, &silent->timer,
                       silent->clock->now_ms(silent->clock->self));
}

static void stop_silent(void *self)
{
    struct silent *silent = self;

    silent->clock->cancel(silent->clock->self, &silent->timer);
}

static void tune_silent(void *self, const struct port_radio_tuning *tuning)
{
    (void)self;
    (void)tuning;
}

static void recover_silent(void *self, unsigned radio)
{
    (void)self;
    (void)radio;
}

static bool no_figures(void *self, unsigned radio, struct port_radio_figures *out)
{
    (void)self;
    (void)radio;
    (void)out;
    return false;
}

static void be_silent(struct radio *radio, const struct port_clock *clock)
{
    struct silent *silent = &radio->silent;

    silent->port = (struct port_radio){ silent,      start_silent,   stop_silent,
                                        tune_silent, recover_silent, no_figures };
    silent->clock = clock;
    silent->timer = (struct timer){ .fire = tell, .user = silent };
}

/* ---- replay ---- */

static bool fails(char error[RADIO_ERROR_SIZE], const char *what, const char *why,
                  const char *remedy)
{
    snprintf(error, RADIO_ERROR_SIZE, "%s: %s. %s", what, why, remedy);
    return false;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* A pipe or a terminal would stop the loop until it has something to say. */
static FILE *open_recording(const char *path, char error[RADIO_ERROR_SIZE])
{
    struct stat st;

    if (stat(path, &st) != 0) {
        fails(error, path, strerror(errno), "Name a recording behind replay:");
        return NULL;
    }
    if (!S_ISREG(st.st_mode)) {
        fails(error, path, "This is no file", "Only files can be replayed.");
        return NULL;
    }
    FILE *file = fopen(path, "rb");
    if (!file)
        fails(error, path, strerror(errno), "Make the file readable for this user.");
    return file;
}

static bool play_file(struct radio *radio, const struct port_clock *clock, const char *path,
                      char error[RADIO_ERROR_SIZE])
{
    radio->file = open_recording(path, error);
    if (!radio->file)
        return false;
    struct capture_reader *reader = capture_reader_new(capture_from_stream(radio->file));
    if (reader)
        radio->replay = replay_new(clock, name_of(path), replay_from_reader(reader));
    if (!radio->replay)
        capture_reader_free(reader);
    return radio->replay || fails(error, path, strerror(ENOMEM), "");
}

/* ---- all ---- */

bool radio_is_spec(const char *spec)
{
    const size_t prefix = strlen(REPLAY_PREFIX);

    if (strncmp(spec, REPLAY_PREFIX, prefix) == 0)
        return spec[prefix] != '\0';
    return strcmp(spec, "none") == 0 || strcmp(spec, "demo") == 0 || bluetooth_is_spec(spec);
}

static bool play_demo(struct radio *radio, const struct port_clock *clock,
                      struct replay_source demo, char error[RADIO_ERROR_SIZE])
{
    radio->replay = demo.next ? replay_new(clock, "demo", demo) : NULL;
    return radio->replay || fails(error, "demo", "There is no demo in this program", "");
}

static bool choose(struct radio *radio, struct loop *loop, const char *spec,
                   struct replay_source demo, char error[RADIO_ERROR_SIZE])
{
    const struct port_clock *clock = loop_clock(loop);

    if (strncmp(spec, REPLAY_PREFIX, strlen(REPLAY_PREFIX)) == 0)
        return play_file(radio, clock, spec + strlen(REPLAY_PREFIX), error);
    if (strcmp(spec, "demo") == 0)
        return play_demo(radio, clock, demo, error);
    if (strcmp(spec, "none") == 0) {
        be_silent(radio, clock);
        return true;
    }
    if (!bluetooth_is_spec(spec))
        return fails(error, spec, "This is no radio",
                     "Use auto, hci0 (or hci0,hci1), user:hci0, replay:FILE, demo or none.");
    radio->bluetooth = bluetooth_new(loop, spec, bt_sockets());
    return radio->bluetooth || fails(error, spec, strerror(ENOMEM), "");
}

struct radio *radio_new(struct loop *loop, const char *spec, struct replay_source demo,
                        char error[RADIO_ERROR_SIZE])
{
    struct radio *radio = calloc(1, sizeof(*radio));

    if (radio && choose(radio, loop, spec, demo, error))
        return radio;
    if (!radio)
        fails(error, spec, strerror(ENOMEM), "");
    radio_free(radio);
    return NULL;
}

void radio_free(struct radio *radio)
{
    if (!radio)
        return;
    bluetooth_free(radio->bluetooth);
    if (radio->replay)
        replay_free(radio->replay);
    else if (radio->silent.clock)
        stop_silent(&radio->silent);
    if (radio->file)
        fclose(radio->file);
    free(radio);
}

const struct port_radio *radio_port(struct radio *radio)
{
    if (radio->bluetooth)
        return bluetooth_port(radio->bluetooth);
    return radio->replay ? replay_radio(radio->replay) : &radio->silent.port;
}

bool radio_address(const struct radio *radio, struct mac *out)
{
    return radio->bluetooth && bluetooth_address(radio->bluetooth, out);
}
