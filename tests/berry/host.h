/* A host made of the C library alone: print to stdout, files through stdio. For the test runners.
 */
#ifndef TESTS_BERRY_HOST_H
#define TESTS_BERRY_HOST_H

#include "berry/berry.h"

extern const struct berry_files stdio_files;
extern const struct berry_os stdio_os;
extern const struct berry_clock stdio_clock;

void stdio_write(void *user, const char *text, size_t len);

/* Gives the script its arguments as the global list _argv. */
bool set_argv(struct berry *vm, int argc, char **argv);

/* Prints what stopped the script, if anything did; the exit code for main(). */
int finish(struct berry *vm, enum berry_status status);

#endif
