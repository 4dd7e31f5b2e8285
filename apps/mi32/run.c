/* run.c: `mi32 run`: listen, decode, and hand every value on, until told to stop. */
#include "run.h"

#include "anew.h"
#include "cli.h"
#include "host.h"
#include "log.h"
#include "output.h"

#include "crypto/crypto.h"
#include "gateway/gateway.h"
#include "linux/http_server.h"
#include "linux/machine.h"
#include "linux/radio.h"
#include "linux/service.h"
#include "none/none.h"
#include "sim/demo.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONFIG_DEFAULT "/etc/mi32/mi32.conf"
#define CONFIG_FILES   16
#define SENSORS_MAX    30000
#define LISTEN_DEFAULT "[::]:8032"
#define CONFIG_MAX     (1 << 20) /* bytes of a configuration file */

static const char help[] =
    "Usage: mi32 run [OPTION...]\n"
    "Listens to the sensors around, decodes what they say, and hands every value on: as a line on\n"
    "standard output, to MQTT, and to whoever asks over HTTP. The log goes to standard error.\n"
    "\n"
    "      --radio WHAT      auto (the default): the Bluetooth adapter of this machine\n"
    "                        hci0 or hci0,hci1: these; user:hci0: shared with no other program\n"
    "                        demo: an invented house, with files of its own\n"
    "                        replay:FILE: a recording, at the pace it was made\n"
    "                        none: nothing is heard\n"
    "      --listen ADDR:PORT\n"
    "                        where HTTP is answered (default " LISTEN_DEFAULT
    ", IPv4 too); none: nowhere\n"
    "      --data DIR        where the list of sensors, settings and keys are kept (default:\n"
    "                        $STATE_DIRECTORY, else mi32 in $XDG_STATE_HOME or ~/.local/state)\n"
    "      --config FILE     commands, one a line, run at every start; may be given again\n"
    "                        (default: " CONFIG_DEFAULT " if it is there)\n"
    "      --sensors NUMBER  room for so many sensors, strangers included (default 512)\n"
    "      --json            one JSON object for each change, instead of a line to read\n"
    "      --check-config    only say whether the configuration files are right\n"
    "  -v, --verbose         log details\n"
    "  -h, --help            this text\n"
    "\n"
    "SIGHUP reads the configuration files again. Exit code: 0 after SIGINT or SIGTERM, 1 when it\n"
    "cannot start, 2 for a wrong command line.\n";

struct run {
    const char *radio;
    const char *listen; /* NULL: nowhere */
    const char *data;
    const char *configs[CONFIG_FILES];
    size_t n_configs;
    unsigned long sensors;
    bool is_json, is_check, is_verbose;
    int argc; /* as it was started, to be started so again */
    char **argv;
    void (*ready)(void *user); /* beside another subcommand: it can be talked to. NULL for `run` */
    void *user;

    char data_dir[PATH_MAX];
    int signal; /* that has stopped it; 0: none */
    struct host host;
    struct gateway *gateway;
    struct log log;
    struct output output;
    struct service service;
};

static bool is_demo(const char *radio)
{
    return strcmp(radio, "demo") == 0;
}

/* ---- the command line ---- */

enum { OPT_RADIO = 256, OPT_LISTEN, OPT_DATA, OPT_CONFIG, OPT_SENSORS, OPT_JSON, OPT_CHECK };

static int take_listen(struct run *run, const char *place)
{
    run->listen = strcmp(place, "none") == 0 ? NULL : place;
    if (!run->listen || http_is_place(place))
        return CLI_OK;
    return cli_usage("run", "--listen is an address and a port, like %s, or none", LISTEN_DEFAULT);
}

/* One option; CLI_OK to go on. */
static int take_option(struct run *run, int option)
{
    switch (option) {
    case OPT_RADIO:
        run->radio = optarg;
        return radio_is_spec(optarg) ? CLI_OK : cli_usage("run", "there is no radio '%s'", optarg);
    case OPT_LISTEN:
        return take_listen(run, optarg);
    case OPT_DATA:
        run->data = optarg;
        return CLI_OK;
    case OPT_CONFIG:
        if (run->n_configs == CONFIG_FILES)
            return cli_usage("run", "more than %d configuration files", CONFIG_FILES);
        run->configs[run->n_configs++] = optarg;
        return CLI_OK;
    case OPT_SENSORS:
        return cli_number(optarg, 1, SENSORS_MAX, &run->sensors)
                   ? CLI_OK
                   : cli_usage("run", "--sensors is a number from 1 to %d", SENSORS_MAX);
    case OPT_JSON:
        run->is_json = true;
        return CLI_OK;
    case OPT_CHECK:
        run->is_check = true;
        return CLI_OK;
    case 'v':
        run->is_verbose = true;
        return CLI_OK;
    default:
        return cli_usage_told("run");
    }
}

static void use_default_config(struct run *run)
{
    if (run->n_configs == 0 && access(CONFIG_DEFAULT, F_OK) == 0)
        run->configs[run->n_configs++] = CONFIG_DEFAULT;
}

/* -1 to go on; else the exit code. */
static int parse(struct run *run, int argc, char **argv)
{
    static const struct option options[] = {
        { "radio", required_argument, NULL, OPT_RADIO },
        { "listen", required_argument, NULL, OPT_LISTEN },
        { "data", required_argument, NULL, OPT_DATA },
        { "config", required_argument, NULL, OPT_CONFIG },
        { "sensors", required_argument, NULL, OPT_SENSORS },
        { "json", no_argument, NULL, OPT_JSON },
        { "check-config", no_argument, NULL, OPT_CHECK },
        { "verbose", no_argument, NULL, 'v' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    int c;

    while ((c = getopt_long(argc, argv, "hv", options, NULL)) != -1) {
        if (c == 'h') {
            fputs(help, stdout);
            return CLI_OK;
        }
        const int code = take_option(run, c);
        if (code != CLI_OK)
            return code;
    }
    if (optind < argc)
        return cli_usage("run", "'%s' is not understood", argv[optind]);
    use_default_config(run);
    return -1;
}

/* ---- configuration files ---- */

struct config_file {
    char *text;
    size_t len;
};

/* Both are to be freed; the texts may hold passwords. */
static void drop_configs(const struct run *run, struct config_file *files)
{
    for (size_t i = 0; i < run->n_configs; i++) {
        if (files[i].text)
            cx_wipe(files[i].text, files[i].len);
        free(files[i].text);
    }
    free(files);
}

/* All of the files, or NULL when one cannot be read, which is logged: at start a mistake to mend,
 * not to live with, and later no reason to forget what they said. */
static struct config_file *read_configs(struct run *run)
{
    struct config_file *files = calloc(run->n_configs + 1, sizeof(*files));
    bool is_read = files != NULL;

    for (size_t i = 0; is_read && i < run->n_configs; i++) {
        files[i].text = cli_read_file(run->configs[i], CONFIG_MAX, &files[i].len);
        is_read = files[i].text != NULL;
        if (!is_read)
            bus_log(gateway_bus(run->gateway), BUS_ERROR,
                    "name a text file of at most 1 MiB that mi32's user may read",
                    "cannot read %s: %s", run->configs[i], strerror(errno));
    }
    if (is_read || !files)
        return files;
    drop_configs(run, files);
    return NULL;
}

/* False when one holds a wrong line; each is logged. Takes the files. */
static bool configure(struct run *run, struct config_file *files, bool check_only)
{
    unsigned wrong = 0;

    for (size_t i = 0; i < run->n_configs; i++)
        wrong += gateway_configure(run->gateway, run->configs[i], files[i].text, files[i].len,
                                   check_only);
    drop_configs(run, files);
    return wrong == 0;
}

static void reload(void *user)
{
    struct run *run = user;
    struct config_file *files = read_configs(run);

    if (!files)
        return; /* all stays as it is */
    gateway_unconfigure(run->gateway);
    if (!configure(run, files, false))
        return; /* a file in the making must not put everything back to its default */
    gateway_reconfigured(run->gateway);
    bus_log(gateway_bus(run->gateway), BUS_INFO, "", "the configuration was read again");
}

/* ---- place ---- */

bool run_data_dir(const char *data, const char *radio, char *out, size_t size)
{
    if (!data)
        return machine_state_dir(is_demo(radio) ? "mi32-demo" : "mi32", out, size);
    snprintf(out, size, "%s", data);
    return true;
}

/* The demo house comes with its list of sensors and their keys. */
static void furnished(void *user, enum port_files_error error)
{
    const struct run *run = user;

    if (error != PORT_FILES_OK)
        bus_log(gateway_bus(run->gateway), BUS_ERROR, port_files_error_remedy(error),
                "the demo's list of sensors is not saved, so its encrypted ones stay shut: %s",
                port_files_error_text(error));
}

static void furnish_demo(struct run *run)
{
    const struct port_files *files = run->host.port.files;
    char text[DEMO_MI32CFG_SIZE];
    size_t len;

    if (files->load(files->self, "mi32cfg", text, 0, &len) != PORT_FILES_ABSENT)
        return;
    len = demo_mi32cfg(text, sizeof(text));
    const enum port_files_error error =
        files->save(files->self, "mi32cfg", text, len, true, furnished, run);
    if (error != PORT_FILES_OK)
        furnished(run, error);
    files->settle(files->self);
}

/* ---- life ---- */

static void stop(void *user, int signal)
{
    struct run *run = user;

    run->signal = signal;
    run->host.restarts = false; /* also when that was asked for a moment ago */
    loop_stop(run->host.loop);
}

static enum bus_level log_level(const struct run *run)
{
    if (run->ready)
        return BUS_ERROR;
    return run->is_verbose ? BUS_DEBUG : BUS_INFO;
}

static bool make_gateway(struct run *run, const struct port *port)
{
    char hostname[128];
    struct gateway_config config = {
        .port = port,
        .hostname = hostname,
        .version = MI32_VERSION,
        .sensors = (uint16_t)run->sensors,
        .listen = run->listen,
        .is_offline = run->ready != NULL,
    };

    machine_hostname(hostname, sizeof(hostname));
    machine_mac(&config.mac);
    run->gateway = gateway_create(&config);
    if (!run->gateway)
        return false;
    log_open(&run->log, gateway_bus(run->gateway), log_level(run));
    return true;
}

/* The last line of the log: all is saved, or its failure was logged. */
static void tell_end(struct run *run)
{
    const char *text = run->signal == 0        ? "stopped by Restart or Reset, to start anew"
                       : run->signal == SIGINT ? "stopped by SIGINT"
                                               : "stopped by SIGTERM";

    bus_log(gateway_bus(run->gateway), BUS_INFO, "", "%s", text);
}

static int live_alone(struct run *run)
{
    output_open(&run->output, gateway_bus(run->gateway), gateway_registry(run->gateway),
                gateway_clock(run->gateway), run->is_json);
    service_open(&run->service, run->host.loop);
    const bool is_started = gateway_start(run->gateway);
    if (is_started) {
        service_ready(&run->service);
        loop_run(run->host.loop);
        if (run->host.restarts) {
            anew_hold_stops();
            loop_catch_up(run->host.loop); /* a stop that was caught just before */
        }
        service_stopping(&run->service);
    }
    gateway_stop(run->gateway);
    if (is_started)
        tell_end(run);
    service_close(&run->service);
    output_close(&run->output);
    return is_started ? CLI_OK : CLI_FAILED;
}

static int live_beside(struct run *run)
{
    const bool is_started = gateway_start(run->gateway);

    if (is_started) {
        run->ready(run->user);
        loop_run(run->host.loop);
    }
    gateway_stop(run->gateway);
    return is_started ? CLI_OK : CLI_FAILED;
}

static int live(struct run *run)
{
    const struct loop_signals signals = { run, stop, reload };
    struct config_file *files;

    bus_log(gateway_bus(run->gateway), BUS_INFO, "", "mi32 " MI32_VERSION ": files in %s",
            run->data_dir);
    if (is_demo(run->radio))
        furnish_demo(run);
    if (!gateway_load(run->gateway) || !(files = read_configs(run)))
        return CLI_FAILED;
    configure(run, files, false);
    if (!loop_on_signals(run->host.loop, &signals))
        return cli_fail("", "out of memory");
    anew_let_stops_in();
    return run->ready ? live_beside(run) : live_alone(run);
}

static void unmake_gateway(struct run *run)
{
    if (run->gateway)
        log_close(&run->log);
    gateway_destroy(run->gateway);
}

static int run_gateway(struct run *run)
{
    if (!run_data_dir(run->data, run->radio, run->data_dir, sizeof(run->data_dir)))
        return cli_fail("name it with --data", "there is no place for mi32's files: no $HOME");
    int code = host_open(&run->host, run->data_dir, run->radio);
    run->host.may_restart = !run->ready; /* one that is beside another has nothing to go on with */
    if (code == CLI_OK && !make_gateway(run, &run->host.port))
        code = cli_fail("", "out of memory");
    if (code == CLI_OK)
        code = live(run);
    unmake_gateway(run);
    const bool restarts = run->host.restarts;
    host_close(&run->host);
    if (code == CLI_OK && restarts)
        code = anew_start("run", run->argc, run->argv);
    return code;
}

/* Of the port without anything, so that no file is touched and no running gateway disturbed. */
static int check_config(struct run *run)
{
    struct none none;

    if (!make_gateway(run, none_open(&none)))
        return cli_fail("", "out of memory");
    struct config_file *files = read_configs(run);
    const bool is_right = files && configure(run, files, true);
    if (run->n_configs == 0)
        puts("there is no configuration file: every setting is as commands left it");
    else if (is_right)
        printf("%zu configuration file%s: no mistakes found\n", run->n_configs,
               run->n_configs == 1 ? "" : "s");
    unmake_gateway(run);
    return is_right ? CLI_OK : CLI_FAILED;
}

int cmd_run(int argc, char **argv)
{
    struct run run = {
        .radio = "auto",
        .listen = LISTEN_DEFAULT,
        .sensors = GATEWAY_SENSORS_DEFAULT,
        .argc = argc,
        .argv = argv,
    };
    const int code = parse(&run, argc, argv);

    if (code >= 0)
        return code;
    return run.is_check ? check_config(&run) : run_gateway(&run);
}

int run_beside(const char *data, const char *radio, void (*ready)(void *user), void *user)
{
    struct run run = {
        .radio = radio,
        .data = data,
        .sensors = GATEWAY_SENSORS_DEFAULT,
        .ready = ready,
        .user = user,
    };

    use_default_config(&run);
    return run_gateway(&run);
}
