#include "line_editor.h"

#include <editline/readline.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <wchar.h>

/* What is completed; libedit gives its callbacks no place for it. */
static struct {
    const char *const *words;
    bool (*fits)(const char *before, size_t len);
} completion;

bool line_editor_is_used(void)
{
    return isatty(STDIN_FILENO);
}

/* One word after the other that begins like `text`, in either case of letters. */
static char *next_word(const char *text, int state)
{
    static size_t at;

    if (state == 0)
        at = 0;
    while (completion.words[at]) {
        const char *word = completion.words[at++];
        if (strncasecmp(word, text, strlen(text)) == 0)
            return strdup(word);
    }
    return NULL;
}

static char **complete(const char *text, int start, int end)
{
    (void)end;
    rl_attempted_completion_over = 1; /* no names of files where there is no word */
    rl_completion_append_character = '\0';
    if (!completion.words || !completion.fits(rl_line_buffer, (size_t)start))
        return NULL;
    return rl_completion_matches(text, next_word);
}

/* ---- keys ----
 *
 * A key counts from the moment it is pressed, also before the prompt is there. While a line is
 * typed SIGINT is blocked, and looked for together with the keys: one that came just before would
 * otherwise go unnoticed until the next key. And libedit takes the terminal only when it first
 * reads, so that what came between the prompt and that would be the kernel's to interpret.
 */

static sigset_t waiting_mask;
static int interrupts = -1; /* readable while a SIGINT waits, and never read */

/* Lets a signal that waits have its effect; false when there was one. */
static bool no_signal_waits(void)
{
    static const struct timespec at_once;

    return ppoll(NULL, 0, &at_once, &waiting_mask) == 0;
}

/* False when SIGINT came first. Others, as of a window that changes its size or Ctrl-Z, are no end
 * of the line. */
static bool wait_for_key(void)
{
    struct pollfd waited[] = { { .fd = STDIN_FILENO, .events = POLLIN },
                               { .fd = interrupts, .events = POLLIN } };
    int ready;

    do
        ready = poll(waited, 2, -1);
    while (ready < 0 && errno == EINTR);
    return ready > 0 && (waited[1].revents == 0 || no_signal_waits());
}

/* The next character, of any length in bytes; -1 at the end, which SIGINT is too. */
static int next_key(FILE *stream)
{
    mbstate_t state = { 0 };
    wchar_t key;
    char byte;

    (void)stream;
    while (wait_for_key() && read(STDIN_FILENO, &byte, 1) == 1) {
        const size_t used = mbrtowc(&key, &byte, 1, &state);
        if (used <= 1)
            return (int)key;
        if (used == (size_t)-1)
            state = (mbstate_t){ 0 };
    }
    return -1;
}

/* Ctrl-D from the time when the terminal still waited for whole lines. The kernel has made a NUL of
 * it, which libedit would take for "quote the next key". */
static int end_typed_ahead(int count, int key)
{
    (void)count;
    (void)key;
    if (*rl_line_buffer == '\0')
        rl_done = 1;
    return 0;
}

static int take_terminal(void)
{
    rl_prep_terminal(0);
    rl_parse_and_bind("bind ^@ end-typed-ahead"); /* readline() has just undone it */
    return 0;
}

static void prepare(void)
{
    static bool is_prepared;

    if (is_prepared)
        return;
    is_prepared = true;
    setlocale(LC_CTYPE, ""); /* or only ASCII could be typed */
    rl_getc_function = next_key;
    rl_initialize();
    rl_attempted_completion_function = complete;
    rl_pre_input_hook = take_terminal;
    rl_add_defun("end-typed-ahead", end_typed_ahead, '\0');
}

/* The line that SIGINT has ended is left: the program may not live to do it. */
static void leave_line(void)
{
    sigset_t waiting;

    if (sigpending(&waiting) != 0 || sigismember(&waiting, SIGINT) != 1)
        return;
    putchar('\n');
    fflush(stdout);
}

static char *typed_line(const char *prompt)
{
    sigset_t interrupt, before;

    prepare();
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupt, &before);
    waiting_mask = before;
    sigdelset(&waiting_mask, SIGINT);
    if (interrupts < 0)
        interrupts = signalfd(-1, &interrupt, SFD_CLOEXEC);
    char *line = readline(prompt);
    if (!line) {
        leave_line();
        no_signal_waits(); /* libedit has caught it, and raised it again for the program */
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return line;
}

static char *piped_line(void)
{
    char *line = NULL;
    size_t cap = 0;
    const ssize_t len = getline(&line, &cap, stdin);

    if (len < 0) {
        free(line);
        return NULL;
    }
    if (len > 0 && line[len - 1] == '\n')
        line[len - 1] = '\0';
    return line;
}

char *line_editor_next(const char *prompt)
{
    return line_editor_is_used() ? typed_line(prompt) : piped_line();
}

void line_editor_remember(const char *line)
{
    if (*line)
        add_history(line);
}

void line_editor_complete(const char *const *words, bool (*fits)(const char *before, size_t len))
{
    completion.words = words;
    completion.fits = fits;
}
