/* scan.c: `mi32 scan`: who is around, as a table that lives on a terminal, or as lines. */
#include "beside.h"
#include "cli.h"
#include "scan_table.h"

#include "base/hex.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
    "Usage: mi32 scan [OPTION...]\n"
    "Shows the devices around: address, signal, format, model, whether there is a key, how long "
    "ago\n"
    "it was heard and how often. On a terminal the table lives until Ctrl-C; elsewhere there is a\n"
    "line for each device at the end. The running gateway is asked; where none runs, the radio is\n"
    "opened here.\n"
    "\n"
    "  -a, --all               also devices that mi32 does not read\n"
    "  -s, --seconds NUMBER    end after so long (default 10, on a terminal never)\n"
    "      --json              one JSON object for each device, at the end\n" BESIDE_HELP
    "  -h, --help              this text\n"
    "\n"
    "Exit code: 0, 1 when it failed or the gateway went away, 2 for a wrong command line, 3 when\n"
    "there is no Bluetooth adapter that can be used.\n";

#define SECONDS_MAX    86400
#define SECONDS_USUAL  10
#define REDRAW_MS      1000
#define PATIENCE_MS    10000
#define WIDTH_USUAL    110
#define HEIGHT_USUAL   24
#define LINES_PER_LOOK 1000 /* then the time is looked at, however much there is to read */

#define HOME  "\033[H"  /* ECMA-48: cursor to the first line */
#define CLEAR "\033[2J" /* the screen; behind the cursor; the rest of a line */
#define BELOW "\033[J"
#define REST  "\033[K"
#define CUT   "\033[?7l" /* DEC's VT100: what does not fit into a line is cut off; goes on below */
#define WRAP  "\033[?7h"

struct scan {
    struct beside beside;
    struct control_client asking; /* a second connection: adverts come by the first */
    bool is_all, is_json, is_live;
    unsigned long seconds; /* 0: until Ctrl-C */
    uint64_t now_ms;
    struct scan_table table;
};

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* ---- what the gateway says ---- */

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));

    return text ? text : "";
}

/* A line of `record`. */
static void take_advert(struct scan *scan, const char *line)
{
    cJSON *record = cJSON_Parse(line);
    const char *mac = text_of(record, "mac"), *hex = text_of(record, "adv_hex");
    const cJSON *rssi = cJSON_GetObjectItem(record, "rssi");
    uint8_t data[ADVERT_LEN_MAX];
    struct advert advert = { .rssi = ADVERT_NO_RSSI, .data = data, .heard_ms = scan->now_ms };

    advert.len = (uint16_t)(strlen(hex) / 2);
    if (cJSON_IsNumber(rssi))
        advert.rssi = (int8_t)rssi->valueint;
    if (strcmp(text_of(record, "addr_type"), "random") == 0)
        advert.addr_type = ADVERT_ADDR_RANDOM;
    if (strlen(hex) <= 2 * sizeof(data) && mac_parse(mac, strlen(mac), &advert.addr) &&
        hex_decode(hex, strlen(hex), data, sizeof(data)))
        scan_table_note(&scan->table, &advert);
    cJSON_Delete(record);
}

static void take_sensor(struct scan *scan, const cJSON *sensor)
{
    const char *mac_text = text_of(sensor, "MAC");
    struct mac mac;

    if (mac_parse(mac_text, strlen(mac_text), &mac))
        scan_table_tell(&scan->table, mac, text_of(sensor, "Name"), text_of(sensor, "Key"));
}

/* The list is the reply's one member. */
static void take_sensors(struct scan *scan, const char *line)
{
    cJSON *reply = cJSON_Parse(line);
    const cJSON *list = reply ? reply->child : NULL, *sensor;

    cJSON_ArrayForEach(sensor, list)
    {
        take_sensor(scan, sensor);
    }
    cJSON_Delete(reply);
}

/* Names and keys, which may come in several replies. */
static bool ask_for_sensors(struct scan *scan, const char *command)
{
    const char *line;

    if (control_client_send(&scan->asking, command) != CONTROL_CLIENT_OK)
        return false;
    while ((line = control_client_line(&scan->asking)) && *line) {
        take_sensors(scan, line);
    }
    return line != NULL;
}

/* Of all sensors, listed or not. */
static bool ask(struct scan *scan)
{
    return ask_for_sensors(scan, "command MI32Sensors") &&
           ask_for_sensors(scan, "command MI32Sensors 1");
}

/* ---- showing ---- */

static bool is_shown(const struct scan *scan, const struct scan_device *device)
{
    return scan->is_all || device->is_known;
}

static size_t count_shown(const struct scan *scan)
{
    size_t count = 0;

    for (size_t i = 0; i < scan->table.count; i++)
        count += is_shown(scan, &scan->table.devices[i]);
    return count;
}

static void find_size(size_t *width, size_t *height)
{
    struct winsize size;

    *width = WIDTH_USUAL;
    *height = HEIGHT_USUAL;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return;
    if (size.ws_col > 1)
        *width = size.ws_col - 1u; /* a full line would break on some terminals */
    if (size.ws_row > 4)
        *height = size.ws_row;
}

static void print_foot(const struct scan *scan, size_t hidden)
{
    const size_t others = scan->table.count - count_shown(scan);

    if (hidden > 0)
        printf("... and %zu more; ", hidden);
    if (others > 0)
        printf("%zu other devices (--all shows them)", others);
    if (hidden == 0 && others == 0)
        fputs(scan->table.count > 0 ? "that is all" : "nobody was heard yet", stdout);
}

static void draw(const struct scan *scan)
{
    size_t width, height, row = 0;

    find_size(&width, &height);
    fputs(HOME CUT, stdout); /* characters may be wider than one column */
    scan_print_head(width);
    fputs(REST "\n", stdout);
    for (size_t i = 0; i < scan->table.count; i++) {
        if (!is_shown(scan, &scan->table.devices[i]) || ++row > height - 3)
            continue;
        scan_print_row(&scan->table.devices[i], scan->now_ms, width);
        fputs(REST "\n", stdout);
    }
    print_foot(scan, row > height - 3 ? row - (height - 3) : 0);
    fputs(REST WRAP "\n" BELOW, stdout);
    fflush(stdout);
}

static void print_all(const struct scan *scan)
{
    for (size_t i = 0; i < scan->table.count; i++) {
        const struct scan_device *device = &scan->table.devices[i];
        if (!is_shown(scan, device))
            continue;
        if (scan->is_json) {
            scan_print_json(device, scan->now_ms);
        } else {
            scan_print_row(device, scan->now_ms, WIDTH_USUAL);
            putchar('\n');
        }
    }
}

/* ---- life ---- */

/* Reads until `until_ms`; false when the gateway has gone. */
static bool listen_until(struct scan *scan, uint64_t until_ms)
{
    while (!cli_is_interrupted() && (scan->now_ms = now_ms()) < until_ms) {
        control_client_wait_at_most(&scan->beside.client, (unsigned)(until_ms - scan->now_ms));
        const char *line = control_client_line(&scan->beside.client);
        for (unsigned n = 1; line && n < LINES_PER_LOOK && !cli_is_interrupted(); n++) {
            take_advert(scan, line);
            control_client_wait_at_most(&scan->beside.client, 1);
            line = control_client_line(&scan->beside.client);
        }
        if (line)
            take_advert(scan, line);
        else if (control_client_why(&scan->beside.client) != CONTROL_CLIENT_SILENT)
            return false;
    }
    return true;
}

/* Until Ctrl-C or the time that was set: NULL; or until a connection has failed: why. */
static const char *live(struct scan *scan)
{
    const uint64_t end_ms = scan->seconds > 0 ? now_ms() + scan->seconds * 1000 : UINT64_MAX;
    const char *failure = NULL;

    while (!failure && !cli_is_interrupted() && scan->now_ms < end_ms) {
        const uint64_t next_ms = now_ms() + REDRAW_MS;
        if (!listen_until(scan, next_ms < end_ms ? next_ms : end_ms))
            failure = control_client_reason(&scan->beside.client);
        else if (!cli_is_interrupted() && !ask(scan))
            failure = control_client_reason(&scan->asking);
        if (scan->is_live)
            draw(scan);
    }
    return cli_is_interrupted() ? NULL : failure;
}

static int show(struct scan *scan)
{
    const enum control_client_error error = control_client_send(&scan->beside.client, "record");

    if (error != CONTROL_CLIENT_OK)
        return cli_fail("", "%s", control_client_error_text(error));
    control_client_wait_at_most(&scan->asking, PATIENCE_MS);
    if (scan->is_live)
        fputs(HOME CLEAR, stdout);
    const char *failure = live(scan);
    if (!scan->is_live)
        print_all(scan);
    return failure ? cli_fail("", "%s", failure) : CLI_OK;
}

static int run(struct scan *scan)
{
    int code = beside_open(&scan->beside);

    if (code == CLI_OK)
        code = beside_wait_for_radio(&scan->beside);
    if (code == CLI_OK && !cli_is_interrupted()) {
        const enum control_client_error error = control_client_open(&scan->asking, NULL);
        code = error == CONTROL_CLIENT_OK ? show(scan)
                                          : cli_fail("", "%s", control_client_error_text(error));
        control_client_close(&scan->asking);
    }
    beside_close(&scan->beside);
    return code;
}

/* One option; CLI_OK to go on. */
static int take_option(struct scan *scan, int option)
{
    switch (option) {
    case 'a':
        scan->is_all = true;
        return CLI_OK;
    case 'j':
        scan->is_json = true;
        return CLI_OK;
    case 's':
        return cli_number(optarg, 1, SECONDS_MAX, &scan->seconds)
                   ? CLI_OK
                   : cli_usage("scan", "--seconds is a number from 1 to %d", SECONDS_MAX);
    case BESIDE_DATA:
    case BESIDE_RADIO:
        return beside_option(&scan->beside, "scan", option, optarg);
    default:
        return cli_usage_told("scan");
    }
}

/* -1 to go on; else the exit code. */
static int parse(struct scan *scan, int argc, char **argv)
{
    static const struct option options[] = {
        { "all", no_argument, NULL, 'a' },  { "seconds", required_argument, NULL, 's' },
        { "json", no_argument, NULL, 'j' }, BESIDE_OPTIONS,
        { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 },
    };
    int c;

    while ((c = getopt_long(argc, argv, "ahs:", options, NULL)) != -1) {
        if (c == 'h') {
            fputs(help, stdout);
            return CLI_OK;
        }
        const int code = take_option(scan, c);
        if (code != CLI_OK)
            return code;
    }
    if (optind < argc)
        return cli_usage("scan", "'%s' is not understood", argv[optind]);
    scan->is_live = !scan->is_json && isatty(STDOUT_FILENO);
    if (scan->seconds == 0 && !scan->is_live)
        scan->seconds = SECONDS_USUAL;
    return -1;
}

int cmd_scan(int argc, char **argv)
{
    struct scan *scan = calloc(1, sizeof(*scan));

    if (!scan)
        return cli_fail("", "out of memory");
    int code = parse(scan, argc, argv);
    if (code < 0) {
        cli_catch_interrupt();
        code = run(scan);
    }
    free(scan);
    return code;
}
