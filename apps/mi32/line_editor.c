#include "line_editor.h"

#include <editline/readline.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

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

static char *typed_line(const char *prompt)
{
    setlocale(LC_CTYPE, ""); /* or only ASCII could be typed */
    rl_attempted_completion_function = complete;
    return readline(prompt);
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
