#include "linux/radio.h"

#include "capture/file.h"

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
    char name[64];
    const char *text, *remedy;
};

struct radio {
    struct replay *replay; /* or NULL */
    FILE *file;            /* what it plays, or NULL */
    struct silent silent;
};

/* ---- silent ---- */

static void tell(void *user)
{
    const struct silent *silent = user;

    silent->events.state(silent->events.user, silent->name, PORT_RADIO_WAITING, silent->text,
                         silent->remedy);
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

static void be_silent(struct radio *radio, const struct port_clock *clock, const char *spec)
{
    const bool is_wanted = strcmp(spec, "none") == 0;
    struct silent *silent = &radio->silent;

    silent->port = (struct port_radio){ silent, start_silent, stop_silent };
    silent->clock = clock;
    silent->timer = (struct timer){ .fire = tell, .user = silent };
    snprintf(silent->name, sizeof(silent->name), "%s", spec);
    silent->text = is_wanted ? "No radio is used (--radio none)."
                             : "Listening through a Bluetooth adapter is not built into this "
                               "version yet.";
    silent->remedy = is_wanted ? "" : "Use --radio demo, or --radio replay:FILE.";
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

static bool is_adapter(const char *spec)
{
    return strncmp(spec, "hci", 3) == 0 && spec[3] >= '0' && spec[3] <= '9';
}

static bool choose(struct radio *radio, const struct port_clock *clock, const char *spec,
                   struct replay_source demo, char error[RADIO_ERROR_SIZE])
{
    if (strncmp(spec, REPLAY_PREFIX, strlen(REPLAY_PREFIX)) == 0)
        return play_file(radio, clock, spec + strlen(REPLAY_PREFIX), error);
    if (strcmp(spec, "demo") == 0) {
        radio->replay = demo.next ? replay_new(clock, spec, demo) : NULL;
        return radio->replay || fails(error, spec, "There is no demo in this program", "");
    }
    if (strcmp(spec, "none") != 0 && strcmp(spec, "auto") != 0 && !is_adapter(spec))
        return fails(error, spec, "This is no radio",
                     "Use auto, hci0 (or hci0,hci1), replay:FILE, demo or none.");
    be_silent(radio, clock, spec);
    return true;
}

struct radio *radio_new(const struct port_clock *clock, const char *spec, struct replay_source demo,
                        char error[RADIO_ERROR_SIZE])
{
    struct radio *radio = calloc(1, sizeof(*radio));

    if (radio && choose(radio, clock, spec, demo, error))
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
    return radio->replay ? replay_radio(radio->replay) : &radio->silent.port;
}
