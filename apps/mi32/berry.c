/* berry.c: `mi32 berry`: runs a Berry script, a piece of code, or the console. */
#include "cli.h"

#include "berry_console.h"
#include "berry_host.h"

#include <getopt.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_NO_SCRIPT 254 /* as Berry interpreters say it */

static const char help[] =
    "Usage: mi32 berry [OPTION...] [FILE [ARGUMENT...]]\n"
    "Runs the Berry script FILE, whose global list _argv holds its name and the arguments. "
    "Without\n"
    "FILE and -e it is a console.\n"
    "\n"
    "  -e, --execute CODE  run CODE instead of a file\n"
    "  -i, --interactive   open the console afterwards\n"
    "  -m, --path DIR      search DIR for imports too (may be repeated)\n"
    "  -s, --strict        refuse what `import strict` refuses\n"
    "  -g, --named         look up globals by name at each access, as Tasmota does\n"
    "      --heap KIB      limit the script's memory; more raises memory_error\n"
    "      --steps NUMBER  limit its instructions; more raise timeout_error\n"
    "  -h, --help          this text\n"
    "\n"
    "Exit code: 0; 1 after an exception; 2 for a wrong command line; 254 when FILE can't be\n"
    "opened; or what the script gave to os.exit().\n";

struct options {
    const char *code;
    const char *file;
    const char *paths[16];
    int npaths;
    bool interactive;
    struct berry_host host;
};

/* Ctrl-C ends the script, not the console. */
static bool tick(struct berry *vm, void *user)
{
    (void)user;
    if (!berry_console_interrupted())
        return true;
    berry_stop(vm);
    return berry_raise(vm, "interrupted", "stopped from the keyboard");
}

static void write_out(void *user, const char *text, size_t len)
{
    (void)user;
    fwrite(text, 1, len, stdout);
}

/* CLI_OK, or what to exit with; *done when nothing is left to do. */
static int read_options(int argc, char **argv, struct options *o, bool *done)
{
    enum { HEAP = 256, STEPS };
    static const struct option longs[] = {
        { "execute", required_argument, NULL, 'e' },
        { "interactive", no_argument, NULL, 'i' },
        { "path", required_argument, NULL, 'm' },
        { "strict", no_argument, NULL, 's' },
        { "named", no_argument, NULL, 'g' },
        { "heap", required_argument, NULL, HEAP },
        { "steps", required_argument, NULL, STEPS },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    unsigned long number;
    int c;
    optind = 1;
    while ((c = getopt_long(argc, argv, "+e:im:sgh", longs, NULL)) != -1) {
        switch (c) {
        case 'e':
            o->code = optarg;
            break;
        case 'i':
            o->interactive = true;
            break;
        case 'm':
            if (o->npaths == (int)(sizeof o->paths / sizeof o->paths[0]))
                return cli_usage("berry", "too many folders to search");
            o->paths[o->npaths++] = optarg;
            break;
        case 's':
            o->host.strict = true;
            break;
        case 'g':
            o->host.named_globals = true;
            break;
        case HEAP:
            if (!cli_number(optarg, 1, SIZE_MAX / 1024, &number))
                return cli_usage("berry", "--heap is a number of KiB from 1");
            o->host.limits.heap_bytes = (size_t)number * 1024;
            break;
        case STEPS:
            if (!cli_number(optarg, 1, ULONG_MAX, &number))
                return cli_usage("berry", "--steps is a number from 1");
            o->host.limits.instructions = number;
            break;
        case 'h':
            fputs(help, stdout);
            *done = true;
            return CLI_OK;
        default:
            return cli_usage_told("berry");
        }
    }
    if (!o->code && optind < argc)
        o->file = argv[optind];
    return CLI_OK;
}

static bool set_argv(struct berry *vm, int argc, char **argv)
{
    bool ok = berry_push_list(vm);
    for (int i = 0; ok && i < argc; i++)
        ok = berry_push_string(vm, argv[i], strlen(argv[i])) && berry_list_push(vm, -2);
    return ok && berry_set_global(vm, "_argv");
}

static enum berry_status run_script(struct berry *vm, const struct options *o)
{
    if (o->code)
        return berry_run(vm, o->code, strlen(o->code), "string");
    return o->file ? berry_run_file(vm, o->file) : BERRY_OK;
}

static int report(struct berry *vm, const struct options *o, enum berry_status status)
{
    if (status == BERRY_EXIT)
        return berry_exit_code(vm);
    if (status == BERRY_OK)
        return CLI_OK;
    if (o->file && !berry_host_os.kind(NULL, o->file)) {
        printf("error: cannot open file '%s'.\n", o->file);
        return EXIT_NO_SCRIPT;
    }
    berry_print_error(vm);
    return CLI_FAILED;
}

static int run(struct berry *vm, const struct options *o, int argc, char **argv)
{
    bool ok = set_argv(vm, argc, argv);
    for (int i = 0; ok && i < o->npaths; i++)
        ok = berry_add_path(vm, o->paths[i]);
    if (!ok)
        return cli_fail("give it a higher --heap", "no memory for the script");
    enum berry_status status = run_script(vm, o);
    int code = report(vm, o, status);
    fflush(stdout);
    bool console = o->interactive || (!o->code && !o->file);
    return console && status != BERRY_EXIT ? berry_console(vm) : code;
}

int cmd_berry(int argc, char **argv)
{
    bool done = false;
    struct options o = { .host = { .write = write_out,
                                   .read_line = berry_console_line,
                                   .tick = tick,
                                   .files = &berry_host_files,
                                   .os = &berry_host_os,
                                   .clock = &berry_host_clock } };
    int code = read_options(argc, argv, &o, &done);
    if (code != CLI_OK || done)
        return code;
    struct berry *vm = berry_open(&o.host);
    if (!vm)
        return cli_fail("free some memory", "the Berry engine could not start");
    berry_console_catch_interrupts();
    code = run(vm, &o, argc - optind, argv + optind);
    berry_close(vm);
    return code;
}
