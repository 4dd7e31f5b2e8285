/* berry_console.h: the interactive console of `mi32 berry`. */
#ifndef MI32_APPS_BERRY_CONSOLE_H
#define MI32_APPS_BERRY_CONSOLE_H

#include "berry/berry.h"

/* Reads, runs and prints until the end of the input or os.exit(); the exit code. With a terminal
 * lines can be edited and called up again, and Ctrl-C drops one; otherwise there is no prompt. */
int berry_console(struct berry *vm);

/* Ctrl-C from now on: at a prompt it drops the line, while a script runs it is remembered. */
void berry_console_catch_interrupts(void);

/* Whether Ctrl-C was pressed since this was last asked. */
bool berry_console_interrupted(void);

/* One line for the script's input(); as berry_host.read_line. */
ptrdiff_t berry_console_line(void *user, const char *prompt, char *out, size_t cap);

#endif
