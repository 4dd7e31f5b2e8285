/* decode.c: `mi32 decode`: recorded adverts in, one JSON object a line out. */
#include "cli.h"

#include "beacon/beacon.h"
#include "capture/capture.h"
#include "capture/file.h"
#include "crypto/crypto.h"
#include "registry/registry.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUT_SIZE    16384
#define KEYS_MAX    (16 << 20) /* bytes of an mi32cfg */
#define MAX_SENSORS 30000
#define TICK_MS     1000

static const char help[] =
    "Usage: mi32 decode [OPTION...] [FILE...]\n"
    "Decodes recorded adverts and writes one JSON object a line, in order.\n"
    "\n"
    "FILE holds JSON Lines as 'mi32 record' writes them, lines of bare hex digits, or is a "
    "btsnoop\n"
    "file; without FILE, or with -, standard input is read. Bare digits tell no sender, so that a\n"
    "frame that names its own is refused (reject:mac); this line gives the address:\n"
    "  {\"mac\":\"A4C1380283F4\",\"adv_hex\":\"0201061a1695fe58...\"}\n"
    "\n"
    "      --keys FILE  take keys from this mi32cfg; a line's own \"key\" comes first\n"
    "      --stream     all lines are one stream in order (\"t\" is the clock), so that "
    "duplicates,\n"
    "                   replays and refused plain frames show\n"
    "  -h, --help       this text\n"
    "\n"
    "Exit code: 0, 1 when a line or file could not be read, 2 for a wrong command line.\n";

struct decoding {
    bool is_stream, has_hinted;
    struct registry *registry; /* holds the keys of --keys, judges with --stream; else NULL */
    void *memory;
    struct registry_config config;
    unsigned faults;
    uint64_t last_ms, tick_ms;
};

/* ---- the registry behind it ---- */

static bool open_registry(struct decoding *d)
{
    d->config = registry_config_for(MAX_SENSORS);
    d->config.strangers = MAX_SENSORS; /* nobody's frames in a recording may be forgotten */
    d->config.admit = UINT16_MAX;
    const size_t size = registry_memory(&d->config);
    d->memory = malloc(size);
    if (!d->memory)
        return false;
    d->registry = registry_open(&d->config, d->memory, size, 1);
    return d->registry != NULL;
}

static void close_registry(struct decoding *d)
{
    if (d->registry)
        registry_close(d->registry);
    free(d->memory);
}

struct key_file {
    const char *path;
    unsigned problems;
};

static void report_problem(void *user, unsigned line, const char *reason)
{
    struct key_file *file = user;

    file->problems++;
    fprintf(stderr, "mi32: %s:%u: %s\n", file->path, line, reason);
}

static int read_keys(struct decoding *d, const char *path)
{
    struct key_file file = { path, 0 };
    size_t len;
    char *text = cli_read_file(path, KEYS_MAX, &len);

    if (!text)
        return cli_fail("", "cannot read %s: %s", path, strerror(errno));
    registry_config_read(d->registry, text, len, report_problem, &file);
    cx_wipe(text, len);
    free(text);
    return file.problems ? CLI_FAILED : CLI_OK;
}

/* ---- one advert ---- */

static void print(const struct capture_advert *in, const struct beacon_decoded *out)
{
    char line[OUT_SIZE], mac[MAC_TEXT_LEN + 1];
    struct json j;

    json_init(&j, line, sizeof(line));
    json_object(&j, NULL);
    if (*in->name)
        json_text(&j, "name", in->name);
    if (in->has_mac)
        json_text(&j, "mac", mac_print(in->advert.addr, mac));
    if (in->advert.rssi != ADVERT_NO_RSSI)
        json_int(&j, "rssi", in->advert.rssi);
    json_text(&j, "outcome", beacon_outcome_name((enum beacon_outcome)out->outcome));
    beacon_json_frame(&j, out);
    if (out->outcome == BEACON_OK)
        beacon_json_readings(&j, &in->advert, out);
    json_object_end(&j);
    puts(line);
}

static void hint_at_address(struct decoding *d)
{
    if (!d->has_hinted)
        fputs("mi32: a frame that names its sender came without an address, and was refused\n"
              "  give the address in a line of JSON; 'mi32 decode --help' shows one\n",
              stderr);
    d->has_hinted = true;
}

static void judge(struct decoding *d, struct capture_advert *in, const struct beacon_key *key)
{
    struct beacon_decoded out;

    beacon_decode(&in->advert, key, &out);
    if (d->is_stream)
        registry_apply(d->registry, &in->advert, &out);
    print(in, &out);
    if (out.outcome == BEACON_REJECT_MAC && !in->has_mac)
        hint_at_address(d);
}

/* Monotonic, whatever the file says, and never 0. */
static void move_clock(struct decoding *d, struct capture_advert *in)
{
    if (in->has_time && in->t_ms + 1 > d->last_ms)
        d->last_ms = in->t_ms + 1;
    in->advert.heard_ms = d->last_ms = d->last_ms ? d->last_ms : 1;
    if (d->last_ms < d->tick_ms)
        return;
    registry_tick(d->registry, d->last_ms);
    d->tick_ms = d->last_ms + TICK_MS;
}

static void decode_one(struct decoding *d, struct capture_advert *in)
{
    struct beacon_key own = { .len = 0 };

    if (d->is_stream)
        move_clock(d, in);
    switch (in->key_state) {
    case CAPTURE_KEY_GIVEN:
        beacon_key_set(&own, in->key, in->key_len);
        judge(d, in, &own);
        beacon_key_clear(&own);
        break;
    case CAPTURE_KEY_NONE:
        judge(d, in, NULL);
        break;
    case CAPTURE_KEY_MISSING:
        judge(d, in, d->registry ? registry_key(d->registry, in->advert.addr) : NULL);
        break;
    }
}

/* ---- files ---- */

static void report_fault(struct decoding *d, const char *path, const struct capture_fault *fault)
{
    char text[CAPTURE_FAULT_TEXT_SIZE];

    d->faults++;
    fprintf(stderr, "mi32: %s: %s\n", path, capture_fault_text(fault, text));
}

static int decode_file(struct decoding *d, const char *path)
{
    struct capture_fault fault;
    struct capture_advert *in = malloc(sizeof(*in));
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    struct capture_reader *reader =
        file && in ? capture_reader_new(capture_from_stream(file)) : NULL;
    enum capture_result result = CAPTURE_END;
    int code = CLI_OK;

    if (!file)
        code = cli_fail("", "cannot read %s: %s", path, strerror(errno));
    else if (!reader)
        code = cli_fail("", "out of memory");
    while (reader && (result = capture_next(reader, in, &fault)) != CAPTURE_END) {
        if (result == CAPTURE_FAULT)
            report_fault(d, path, &fault);
        else
            decode_one(d, in);
    }
    capture_reader_free(reader);
    if (file && file != stdin)
        fclose(file);
    free(in);
    return code;
}

static int decode_files(struct decoding *d, char **paths, int n)
{
    static char stdin_path[] = "-";
    int code = CLI_OK;

    if (n == 0)
        return decode_file(d, stdin_path);
    for (int i = 0; i < n; i++) {
        const int one = decode_file(d, paths[i]);
        code = one == CLI_OK ? code : one;
    }
    return code;
}

int cmd_decode(int argc, char **argv)
{
    static const struct option options[] = {
        { "stream", no_argument, NULL, 's' },
        { "keys", required_argument, NULL, 'k' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    struct decoding d = { .is_stream = false };
    const char *keys = NULL;
    int c, code;

    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (c) {
        case 's':
            d.is_stream = true;
            break;
        case 'k':
            keys = optarg;
            break;
        case 'h':
            fputs(help, stdout);
            return CLI_OK;
        default:
            return cli_usage_told("decode");
        }
    }
    if ((keys || d.is_stream) && !open_registry(&d))
        return cli_fail("", "out of memory");
    code = keys ? read_keys(&d, keys) : CLI_OK;
    if (code == CLI_OK)
        code = decode_files(&d, argv + optind, argc - optind);
    close_registry(&d);
    if (fflush(stdout) != 0 || ferror(stdout))
        return cli_fail("", "cannot write: %s", strerror(errno));
    return d.faults ? CLI_FAILED : code;
}
