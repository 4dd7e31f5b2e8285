/* mi32: one program, one file per subcommand. */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct subcommand {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} subcommands[] = {
    { "run", cmd_run, "listen, decode, and hand every value on" },
    { "decode", cmd_decode, "decode recorded adverts, one JSON object a line" },
    { "scan", cmd_scan, "show the devices around" },
    { "record", cmd_record, "write the adverts that are heard" },
    { "cmd", cmd_cmd, "run a command of the gateway" },
    { "pair", cmd_pair, "activate a sensor, or list those that can be" },
    { "doctor", cmd_doctor, "see whether this machine has what a gateway needs" },
    { "bench", cmd_bench, "measure this machine: adverts per second, allocations" },
#ifdef MI32_HAS_BERRY
    { "berry", cmd_berry, "run a Berry script, or the Berry console" },
#endif
};

#define SUBCOMMANDS (sizeof(subcommands) / sizeof(subcommands[0]))

static void print_help(void)
{
    puts("Usage: mi32 SUBCOMMAND [OPTION...]\n"
         "A gateway for Bluetooth LE sensors of the Xiaomi/Mijia family and their relatives.\n");
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        printf("  %-8s %s\n", subcommands[i].name, subcommands[i].summary);
    puts("\n'mi32 SUBCOMMAND --help' tells more; 'mi32 --version' which one this is.");
}

static void print_version(void)
{
    puts("mi32 " MI32_VERSION
#ifdef MI32_HAS_BERRY
         " +berry"
#else
         " -berry"
#endif
    );
}

/* A full disk or a closed pipe behind standard output is a failure, too. */
static int finish(int code)
{
    const bool is_written = fflush(stdout) == 0 && !ferror(stdout);

    if (is_written || code != CLI_OK)
        return code;
    return cli_fail("", "cannot write: %s", strerror(errno));
}

/* getopt_long() begins its messages with argv[0]. */
static int run_subcommand(const struct subcommand *subcommand, int argc, char **argv)
{
    char title[32];

    snprintf(title, sizeof(title), "mi32 %s", subcommand->name);
    argv[0] = title;
    return finish(subcommand->run(argc, argv));
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "--help";

    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help();
        return finish(argc > 1 ? CLI_OK : CLI_USAGE);
    }
    if (strcmp(name, "--version") == 0) {
        print_version();
        return finish(CLI_OK);
    }
    for (size_t i = 0; i < SUBCOMMANDS; i++) {
        if (strcmp(name, subcommands[i].name) == 0)
            return run_subcommand(&subcommands[i], argc - 1, argv + 1);
    }
    return cli_usage("", "there is no %s '%s'", name[0] == '-' ? "option" : "subcommand", name);
}
