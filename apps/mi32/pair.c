/* pair.c: `mi32 pair`: activates a sensor by the gateway and shows its key here, and only here. The
 * work is the gateway's (src/pairing); this asks, follows and prints. */
#include "beside.h"
#include "cli.h"

#include <cjson/cJSON.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
    "Usage: mi32 pair [OPTION...] [SENSOR]\n"
    "Without SENSOR: lists the devices around that can be activated. With one (its MAC, or its\n"
    "name): activates it, stores its key in the gateway and prints the key. That takes the device\n"
    "away from the Mi Home app. Progress is on standard error. The running gateway does it; where\n"
    "none runs, the radio is opened here.\n"
    "\n"
    "  -y, --yes               do not ask\n"
    "  -s, --seconds NUMBER    where no gateway is running: listen so long first (default "
    "10)\n" BESIDE_HELP "  -h, --help              this text\n"
    "\n"
    "Exit code: 0 when the key is stored, 1 when it is not, 2 for a wrong command line, 3 when "
    "there\n"
    "is no Bluetooth adapter that can be used.\n";

#define REQUEST_MAX 256
#define LOOK_MS     200
#define SECONDS_MAX 3600
#define SENSOR_MAX  64
#define NAME_WIDTH  32

/* In quotes, or a 1 behind a blank in it would be the consent that is asked for. */
#define QUESTION "MI32Pair \"%s\""

static bool is_sensor(const char *text)
{
    return *text && strlen(text) <= SENSOR_MAX && !strpbrk(text, "\"\n\r");
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));

    return text ? text : "";
}

/* ---- talking to the gateway ---- */

/* A request did not get out, or (CONTROL_CLIENT_OK) has no answer. */
static int broken(const struct control_client *client, enum control_client_error error)
{
    return cli_fail("", "%s",
                    error == CONTROL_CLIENT_OK ? control_client_reason(client)
                                               : control_client_error_text(error));
}

/* The next line that is not empty, as JSON that the caller deletes; NULL when there is none. */
static cJSON *next_object(struct control_client *client)
{
    const char *line;

    do {
        line = control_client_line(client);
    } while (line && *line == '\0');
    return line ? cJSON_Parse(line) : NULL;
}

/* ---- progress ---- */

/* One event of a pairing, unless it is the last. */
static void tell(const cJSON *event)
{
    static const struct {
        const char *state, *sentence;
    } sentences[] = {
        { "connecting", "connecting ..." },
        { "activating", "activating ..." },
        { "reading", "reading its key ..." },
        { "storing", "storing the key ..." },
        { "verifying", "logging in, to prove it ..." },
    };

    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
        if (strcmp(sentences[i].state, text_of(event, "state")) == 0)
            fprintf(stderr, "%s\n", sentences[i].sentence);
    }
}

/* One command's reply; NULL, and told, when it was refused or nobody answers. */
static cJSON *ask(struct control_client *client, const char *command)
{
    char request[REQUEST_MAX];

    snprintf(request, sizeof(request), "command %s", command);
    const enum control_client_error error = control_client_send(client, request);
    cJSON *reply = error == CONTROL_CLIENT_OK ? next_object(client) : NULL;
    while (cJSON_HasObjectItem(reply, "state")) { /* events may come in between */
        tell(reply);
        cJSON_Delete(reply);
        reply = next_object(client);
    }
    if (!reply) {
        broken(client, error);
        return NULL;
    }
    if (!cJSON_HasObjectItem(reply, "Command"))
        return reply;
    cli_fail("", "%s", text_of(reply, "Reason"));
    cJSON_Delete(reply);
    return NULL;
}

/* ---- the list ---- */

static void print_device(const cJSON *device)
{
    const cJSON *rssi = cJSON_GetObjectItem(device, "RSSI");

    printf("%s  ", text_of(device, "MAC"));
    cli_put_cell(text_of(device, "Name"), NAME_WIDTH, false);
    if (cJSON_IsNumber(rssi))
        printf(" %4d dBm", rssi->valueint);
    else
        printf("         ");
    printf("  %s\n", text_of(device, "State"));
}

static int list(struct control_client *client)
{
    cJSON *reply = ask(client, "MI32Pair");
    const cJSON *devices = cJSON_GetObjectItem(reply, "MI32Pair"), *device;
    const cJSON *more = cJSON_GetObjectItem(reply, "More");

    if (!reply)
        return CLI_FAILED;
    if (cJSON_IsObject(devices))
        printf("The pairing of %s is under way: %s\n", text_of(devices, "MAC"),
               text_of(devices, "State"));
    else if (cJSON_GetArraySize(devices) == 0)
        puts("Nothing that could be activated was heard. Wake the device up (press its button, or "
             "take\nits battery out and in again) and wait a minute.");
    cJSON_ArrayForEach(device, devices)
    {
        if (cJSON_IsObject(device))
            print_device(device);
    }
    if (cJSON_IsNumber(more))
        printf("... and %d more\n", more->valueint);
    cJSON_Delete(reply);
    return CLI_OK;
}

/* ---- one device ---- */

static bool is_confirmed(void)
{
    char answer[8];

    fputs("Go on? [y/N] ", stderr);
    return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* Says what is about to happen. CLI_OK, with the device's address, when the user wants it. */
static int confirm(struct control_client *client, const char *sensor, bool is_sure, char mac[16])
{
    char command[REQUEST_MAX];

    snprintf(command, sizeof(command), QUESTION, sensor);
    cJSON *reply = ask(client, command);
    if (!reply)
        return CLI_FAILED;
    const char *name = text_of(reply, "Name");
    snprintf(mac, 16, "%s", text_of(reply, "MAC"));
    fprintf(stderr, "%s (", mac);
    cli_put_clean(stderr, name, strlen(name));
    fprintf(stderr, ")\n%s\n", text_of(reply, "Warning"));
    cJSON_Delete(reply);
    if (is_sure)
        return CLI_OK;
    if (!isatty(STDIN_FILENO))
        return cli_usage("pair", "nobody is here to be asked; --yes says that it is meant");
    return is_confirmed() ? CLI_OK : cli_fail("", "nothing was done");
}

/* Follows the pairing of `mac` to its last event, which the caller deletes; NULL without one. */
static cJSON *follow(struct control_client *client, const char *mac)
{
    for (;;) {
        cJSON *event = next_object(client);
        const char *state = text_of(event, "state");
        const bool is_last = strcmp(state, "done") == 0 || strcmp(state, "failed") == 0;
        if (!event || (is_last && strcmp(text_of(event, "mac"), mac) == 0))
            return event;
        tell(event);
        cJSON_Delete(event);
    }
}

/* The key, on standard output, with what to do about it. */
static void show_key(struct control_client *client, const char *mac)
{
    cJSON *reply = ask(client, "MI32PairKey");
    const cJSON *shown = cJSON_GetObjectItem(reply, "MI32PairKey");

    if (!shown)
        return;
    printf("%s %s\n", mac, text_of(shown, "Key"));
    if (!cJSON_IsTrue(cJSON_GetObjectItem(shown, "Saved")))
        fprintf(stderr, "Write it down. Enter it with\n  mi32 cmd MI32Key %s%s\n",
                text_of(shown, "Key"), mac);
    cJSON_Delete(reply);
}

static int print_end(struct control_client *client, const cJSON *end, const char *mac)
{
    int code = CLI_OK;

    if (strcmp(text_of(end, "state"), "done") != 0)
        code = cli_fail(text_of(end, "remedy"), "%s", text_of(end, "error"));
    else if (cJSON_IsFalse(cJSON_GetObjectItem(end, "verified")))
        fprintf(stderr, "The key is stored, but the login did not come about: %s.\n",
                text_of(end, "hint"));
    else
        fputs("The key is stored.\n", stderr);
    if (cJSON_HasObjectItem(end, "key"))
        show_key(client, mac);
    return code;
}

static int pair(struct control_client *client, const char *sensor, bool is_sure)
{
    char command[REQUEST_MAX], mac[16];
    int code = confirm(client, sensor, is_sure, mac);

    if (code != CLI_OK)
        return code;
    const enum control_client_error error = control_client_send(client, "pairings");
    if (error != CONTROL_CLIENT_OK)
        return broken(client, error);
    snprintf(command, sizeof(command), "MI32Pair %s 1", mac);
    cJSON *reply = ask(client, command);
    if (!reply)
        return CLI_FAILED;
    cJSON_Delete(reply);
    cJSON *end = follow(client, mac);
    code = end ? print_end(client, end, mac) : broken(client, CONTROL_CLIENT_OK);
    cJSON_Delete(end);
    return code;
}

/* ---- a gateway of our own has heard nobody yet ---- */

static bool is_known(struct control_client *client, const char *sensor)
{
    char request[REQUEST_MAX];

    snprintf(request, sizeof(request), "command " QUESTION, sensor);
    if (control_client_send(client, request) != CONTROL_CLIENT_OK)
        return true; /* who asks next says what is the matter */
    cJSON *reply = next_object(client);
    const bool is_error = cJSON_HasObjectItem(reply, "Command");
    cJSON_Delete(reply);
    return !is_error;
}

/* Until the sensor has been heard, or for the list all of the time. */
static void listen_for(struct control_client *client, const char *sensor, unsigned long seconds)
{
    static const struct timespec pause = { 0, LOOK_MS * 1000 * 1000 };

    fprintf(stderr, "listening for %s%lu s ...\n", sensor ? "up to " : "", seconds);
    for (unsigned long n = 0; n < seconds * 1000 / LOOK_MS; n++) {
        if (sensor && is_known(client, sensor))
            return;
        nanosleep(&pause, NULL);
    }
}

static int run(struct beside *beside, const char *sensor, bool is_sure, unsigned long seconds)
{
    int code = beside_open(beside);

    if (code == CLI_OK)
        code = beside_wait_for_radio(beside);
    if (code == CLI_OK) {
        control_client_wait_at_most(&beside->client, 0);
        if (beside_is_own(beside))
            listen_for(&beside->client, sensor, seconds);
        code = sensor ? pair(&beside->client, sensor, is_sure) : list(&beside->client);
    }
    beside_close(beside);
    return code;
}

int cmd_pair(int argc, char **argv)
{
    static const struct option options[] = {
        { "yes", no_argument, NULL, 'y' },
        { "seconds", required_argument, NULL, 's' },
        BESIDE_OPTIONS,
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    struct beside beside = { 0 };
    unsigned long seconds = 10;
    bool is_sure = false;
    int c, code = CLI_OK;

    while (code == CLI_OK && (c = getopt_long(argc, argv, "hs:y", options, NULL)) != -1) {
        switch (c) {
        case 'y':
            is_sure = true;
            break;
        case 's':
            if (!cli_number(optarg, 1, SECONDS_MAX, &seconds))
                code = cli_usage("pair", "--seconds is a number from 1 to %d", SECONDS_MAX);
            break;
        case BESIDE_DATA:
        case BESIDE_RADIO:
            code = beside_option(&beside, "pair", c, optarg);
            break;
        case 'h':
            fputs(help, stdout);
            return CLI_OK;
        default:
            return cli_usage_told("pair");
        }
    }
    if (code != CLI_OK)
        return code;
    if (argc - optind > 1 || (optind < argc && !is_sensor(argv[optind])))
        return cli_usage("pair", "SENSOR is one MAC or name, in quotes where the name has blanks");
    return run(&beside, optind < argc ? argv[optind] : NULL, is_sure, seconds);
}
