/*
 * Runs Berry files the way the tests need it: run_berry [-g] [-n] [-s] [-l INSTRUCTIONS] FILE
 * [ARG…] -g  collect at every allocation    -n  named globals    -s  strict
 */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is there before any script: the VM with its names and classes. */
static int idle(const struct berry_host *host, size_t limit)
{
    struct berry *vm = berry_open(host);
    size_t used = vm ? berry_heap_used(vm) : SIZE_MAX;
    printf("idle VM: %lu bytes, %lu objects, limit %lu\n", (unsigned long)used,
           (unsigned long)(vm ? berry_heap_objects(vm) : 0), (unsigned long)limit);
    berry_close(vm);
    return used <= limit ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct berry_host host = {
        .write = stdio_write, .files = &stdio_files, .os = &stdio_os, .clock = &stdio_clock
    };
    int at = 1;
    if (argc == 3 && strcmp(argv[1], "-i") == 0)
        return idle(&host, strtoul(argv[2], NULL, 10));
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "-g") == 0)
            host.gc_stress = true;
        else if (strcmp(argv[at], "-n") == 0)
            host.named_globals = true;
        else if (strcmp(argv[at], "-s") == 0)
            host.strict = true;
        else if (strcmp(argv[at], "-l") == 0 && at + 1 < argc)
            host.limits.instructions = strtoull(argv[++at], NULL, 10);
    }
    if (at >= argc) {
        fprintf(stderr, "usage: run_berry [-g] [-n] [-s] [-l INSTRUCTIONS] FILE [ARG...]\n");
        return 2;
    }
    struct berry *vm = berry_open(&host);
    if (!vm || !set_argv(vm, argc - at, argv + at)) {
        fprintf(stderr, "run_berry: out of memory\n");
        return 2;
    }
    return finish(vm, berry_run_file(vm, argv[at]));
}
