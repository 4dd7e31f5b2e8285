#include "cli.h"

#include "base/utf8.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAILURE_MAX 4608 /* a path and what is said of it */

int cli_usage(const char *subcommand, const char *format, ...)
{
    va_list args;

    fputs("mi32: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return cli_usage_told(subcommand);
}

int cli_usage_told(const char *subcommand)
{
    fprintf(stderr, "Try 'mi32%s%s --help'.\n", *subcommand ? " " : "", subcommand);
    return CLI_USAGE;
}

bool cli_number(const char *text, unsigned long min, unsigned long max, unsigned long *out)
{
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
        return false; /* strtoul() would take blanks and a minus */
    errno = 0;
    *out = strtoul(text, NULL, 10);
    return errno == 0 && *out >= min && *out <= max;
}

int cli_fail(const char *remedy, const char *format, ...)
{
    char text[FAILURE_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    fputs("mi32: ", stderr);
    cli_put_clean(stderr, text, strlen(text));
    fprintf(stderr, "%s%s\n", *remedy ? "\n  " : "", remedy);
    return CLI_FAILED;
}

/* Grows `text` to hold at least one byte more than `len`; false without memory. */
static int grow(char **text, size_t *size, size_t len)
{
    if (len + 1 < *size)
        return 1;
    const size_t wanted = *size ? 2 * *size : 4096;
    char *bigger = realloc(*text, wanted);
    if (!bigger)
        return 0;
    *text = bigger;
    *size = wanted;
    return 1;
}

static char *read_stream(FILE *file, size_t max, size_t *len)
{
    char *text = NULL;
    size_t size = 0, n = 0;

    for (;;) {
        if (!grow(&text, &size, n))
            break;
        const size_t got = fread(text + n, 1, size - n - 1, file);
        n += got;
        if (n > max) {
            errno = EFBIG;
            break;
        }
        if (got == 0 && ferror(file))
            break;
        if (got == 0) {
            text[n] = '\0';
            *len = n;
            return text;
        }
    }
    free(text);
    return NULL;
}

/* What turns the direction of writing, or ends a line, for what comes behind it: U+061C, U+200E,
 * U+200F, U+2028 to U+202E, U+2066 to U+2069. */
static bool is_turner(const unsigned char *text)
{
    if (text[0] == 0xd8)
        return text[1] == 0x9c;
    if (text[0] != 0xe2)
        return false;
    return text[1] == 0x80
               ? text[2] == 0x8e || text[2] == 0x8f || (text[2] >= 0xa8 && text[2] <= 0xae)
               : text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9;
}

static bool is_control(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    return at[0] < 0x20 || at[0] == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0) || is_turner(at);
}

void cli_put_clean(FILE *out, const char *text, size_t len)
{
    while (len > 0) {
        const size_t n = utf8_len(text, len);
        const size_t step = n > 0 ? n : 1;
        if (n == 0 || is_control(text))
            fputc('?', out);
        else
            fwrite(text, 1, n, out);
        text += step;
        len -= step;
    }
}

void cli_put_cell(const char *text, size_t width, bool is_last)
{
    size_t left = strlen(text);

    for (; left > 0 && width > 0; width--) {
        const size_t n = utf8_len(text, left);
        const size_t step = n > 0 ? n : 1;
        cli_put_clean(stdout, text, step);
        text += step;
        left -= step;
    }
    for (; width > 0 && !is_last; width--)
        putchar(' ');
}

static volatile sig_atomic_t was_interrupted;

static void interrupt(int signal)
{
    (void)signal;
    was_interrupted = 1;
}

/* Writing goes on, or stdio would take half a picture for an error of the terminal; poll() and
 * nanosleep() end all the same. */
void cli_catch_interrupt(void)
{
    struct sigaction action = { .sa_handler = interrupt, .sa_flags = SA_RESTART };

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool cli_is_interrupted(void)
{
    return was_interrupted != 0;
}

bool cli_can_write(int fd, int wait_ms)
{
    struct pollfd wanted = { .fd = fd, .events = POLLOUT };

    return poll(&wanted, 1, wait_ms) != 0;
}

char *cli_read_file(const char *path, size_t max, size_t *len)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");

    if (!file)
        return NULL;
    char *text = read_stream(file, max, len);
    const int error = errno;
    if (file != stdin)
        fclose(file);
    errno = error;
    return text;
}
