/* cli.h: what the subcommands of `mi32` share. */
#ifndef MI32_APPS_CLI_H
#define MI32_APPS_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Exit codes, the same for every subcommand (docs/manual.md). */
enum cli_exit {
    CLI_OK = 0,
    CLI_FAILED = 1,
    CLI_USAGE = 2,
    CLI_NO_ADAPTER = 3, /* one-shot commands that need one */
};

/* Each gets its own argv: argv[0] is "mi32 NAME". What it prints is flushed behind it. */
int cmd_run(int argc, char **argv);
int cmd_decode(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_cmd(int argc, char **argv);
int cmd_scan(int argc, char **argv);
int cmd_pair(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_berry(int argc, char **argv);

/* Says on stderr what is wrong with the command line and where help is; returns CLI_USAGE. */
int cli_usage(const char *subcommand, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same after getopt_long() has said what is wrong. */
int cli_usage_told(const char *subcommand);

/* A number of decimal digits alone, from `min` to `max`; false for anything else. */
bool cli_number(const char *text, unsigned long min, unsigned long max, unsigned long *out);

/* Says on stderr what failed and what the user can do; returns CLI_FAILED. What failed is written
 * as cli_put_clean() does. */
int cli_fail(const char *remedy, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes text that a stranger chose, as a terminal may have it: what is no well-formed UTF-8, or a
 * control character of either set (below 20, 7f to 9f) or one that turns the direction of writing,
 * becomes a question mark. */
void cli_put_clean(FILE *out, const char *text, size_t len);

/* The same to standard output, as a cell of a table: at most `width` characters, and blanks up to
 * there unless it is the last of its row. */
void cli_put_cell(const char *text, size_t width, bool is_last);

/* Whether a line can be written to this file descriptor, now or within so many milliseconds,
 * without waiting for who reads it. Also true where writing gives an error. */
bool cli_can_write(int fd, int wait_ms);

/* From now on Ctrl-C and SIGTERM are noted, and end a poll() or nanosleep() they come into. */
void cli_catch_interrupt(void);
bool cli_is_interrupted(void);

/* The whole of a file ("-": standard input) as memory of the caller's, terminated by a zero that is
 * not counted; at most `max` bytes. NULL with errno set (EFBIG for more). */
char *cli_read_file(const char *path, size_t max, size_t *len);

#endif
