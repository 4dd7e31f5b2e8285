/*
 * berry_console.c: lines in, values out. A text is first tried as an expression; if it is none, as
 * statements; and if it only lacks its end, the next line is added to it.
 */
#include "berry_console.h"

#include "line_editor.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile sig_atomic_t is_interrupted;

static void interrupt(int signal)
{
    (void)signal;
    is_interrupted = 1;
}

void berry_console_catch_interrupts(void)
{
    struct sigaction action = { .sa_handler = interrupt }; /* no SA_RESTART: a prompt is left */
    sigaction(SIGINT, &action, NULL);
}

/* Ctrl-C is for the script that runs, or for the line that is typed; pressed anywhere between, it
 * waits for the next of these. */
static void let_interrupts(bool come)
{
    sigset_t interrupt;

    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(come ? SIG_UNBLOCK : SIG_BLOCK, &interrupt, NULL);
}

bool berry_console_interrupted(void)
{
    bool was = is_interrupted;
    is_interrupted = 0;
    return was;
}

/* A line without its newline, to be freed; NULL at the end, and when Ctrl-C dropped it. */
static char *next_line(const char *prompt)
{
    char *line = line_editor_next(prompt);

    if (line)
        line_editor_remember(line);
    return line;
}

ptrdiff_t berry_console_line(void *user, const char *prompt, char *out, size_t cap)
{
    (void)user;
    char *line = next_line(prompt);
    if (!line)
        return -1;
    size_t len = strlen(line);
    if (len > cap)
        len = cap;
    memcpy(out, line, len);
    free(line);
    return (ptrdiff_t)len;
}

/* `text` with `more` behind it, in new memory; frees both. NULL when memory ran out. */
static char *join_lines(char *text, char *more)
{
    size_t len = strlen(text), extra = strlen(more);
    char *joined = realloc(text, len + extra + 2);
    if (joined) {
        joined[len] = '\n';
        memcpy(joined + len + 1, more, extra + 1);
    } else {
        free(text);
    }
    free(more);
    return joined;
}

static bool is_syntax_error(struct berry *vm)
{
    return strcmp(berry_error_name(vm), "syntax_error") == 0;
}

static enum berry_status compile_expression(struct berry *vm, const char *text)
{
    size_t len = strlen(text);
    char *source = malloc(len + sizeof "return (\n)");
    if (!source)
        return BERRY_EXCEPTION;
    int size = sprintf(source, "return (%s\n)", text); /* the line may end in a comment */
    enum berry_status status = berry_compile(vm, source, (size_t)size, "stdin");
    free(source);
    return status;
}

static bool lacks_its_end(struct berry *vm)
{
    const char *message = berry_error_message(vm);
    const char *end = strstr(message, "'EOS'");
    return end && strcmp(end, "'EOS'") == 0;
}

/* The function of the text on the stack, or an exception; *unfinished: more lines are needed. */
static enum berry_status compile_text(struct berry *vm, const char *text, bool *unfinished)
{
    *unfinished = false;
    enum berry_status status = compile_expression(vm, text);
    if (status == BERRY_OK || !is_syntax_error(vm))
        return status;
    status = berry_compile(vm, text, strlen(text), "stdin");
    if (status != BERRY_OK && is_syntax_error(vm))
        *unfinished = lacks_its_end(vm);
    return status;
}

static void print_result(struct berry *vm)
{
    if (berry_type(vm, -1) != BERRY_NIL && berry_push_quoted(vm, -1)) {
        puts(berry_to_string(vm, -1, NULL));
        berry_pop(vm, 1);
    }
    berry_pop(vm, 1);
}

/* Runs one text, asking for more lines while it is unfinished; frees it. */
static enum berry_status run_text(struct berry *vm, char *text)
{
    bool unfinished;
    enum berry_status status = compile_text(vm, text, &unfinished);
    while (status != BERRY_OK && unfinished) {
        char *more = next_line(">> ");
        if (!more && berry_console_interrupted()) { /* the text is dropped */
            free(text);
            return BERRY_OK;
        }
        text = more ? join_lines(text, more) : text;
        if (!more || !text)
            break;
        status = compile_text(vm, text, &unfinished);
    }
    free(text);
    if (status == BERRY_OK) {
        let_interrupts(true);
        status = berry_call(vm, 0);
        let_interrupts(false);
        is_interrupted = 0; /* one that came when the script had just ended */
    }
    if (status == BERRY_OK)
        print_result(vm);
    else if (status == BERRY_EXCEPTION)
        berry_print_error(vm);
    fflush(stdout);
    return status;
}

static int converse(struct berry *vm)
{
    for (;;) {
        char *line = next_line("> ");
        if (!line && berry_console_interrupted())
            continue;
        if (!line)
            break;
        if (run_text(vm, line) == BERRY_EXIT)
            return berry_exit_code(vm);
    }
    if (line_editor_is_used())
        puts("");
    return 0;
}

int berry_console(struct berry *vm)
{
    let_interrupts(false);
    const int code = converse(vm);
    let_interrupts(true);
    return code;
}
