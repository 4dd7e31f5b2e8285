/*
 * cmd_console.c: `mi32 cmd` without a command. On a terminal the names of commands are completed
 * and lines can be called up again, but for those with a secret in them, which only the gateway's
 * table of commands knows: it is asked for each line.
 */
#include "cmd.h"

#include "bus/bus.h"
#include "cli.h"
#include "line_editor.h"

#include <cjson/cJSON.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PROMPT  "mi32> "
#define COLUMNS 78

struct console {
    struct control_client *client;
    const char **names; /* of commands, ends with NULL; point into `help` */
    cJSON *help;        /* the reply to Help */
    bool is_typed, is_over;
    int code;
};

/* ---- names of commands ---- */

/* Reads the reply to Help; without one nothing is completed. */
static void learn_names(struct console *console)
{
    const cJSON *name;
    size_t n = 0;

    if (control_client_send(console->client, CMD_VERB "Help") != CONTROL_CLIENT_OK)
        return;
    const char *line = control_client_line(console->client);
    console->help = line ? cJSON_Parse(line) : NULL;
    while (line && *line)
        line = control_client_line(console->client);
    const cJSON *list = cJSON_GetObjectItem(console->help, "Help");
    const int count = cJSON_GetArraySize(list);
    console->names = calloc((size_t)count + 1, sizeof(*console->names));
    if (!console->names)
        return;
    cJSON_ArrayForEach(name, list)
    {
        if (cJSON_IsString(name))
            console->names[n++] = name->valuestring;
    }
}

static bool ends_with_word(const char *text, size_t len, const char *word)
{
    const size_t n = strlen(word);

    return len >= n && strncasecmp(text + len - n, word, n) == 0 &&
           (len == n || !isalnum((unsigned char)text[len - n - 1]));
}

/* Whether the name of a command comes next: in the beginning, and behind these. */
static bool is_for_command(const char *before, size_t len)
{
    while (len > 0 && before[len - 1] == ' ')
        len--;
    return len == 0 || before[len - 1] == ';' || ends_with_word(before, len, "help") ||
           ends_with_word(before, len, "backlog") || ends_with_word(before, len, "backlog0");
}

static void print_names(const struct console *console)
{
    size_t width = 1, column = 0;

    puts("Commands; Tab completes them, 'Help NAME' explains one, Ctrl-D or 'exit' ends this:");
    for (const char **name = console->names; name && *name; name++)
        width = strlen(*name) + 2 > width ? strlen(*name) + 2 : width;
    for (const char **name = console->names; name && *name; name++) {
        const bool is_last = !name[1] || column + 2 * width > COLUMNS;
        printf("%-*s%s", is_last ? 0 : (int)width, *name, is_last ? "\n" : "");
        column = is_last ? 0 : column + width;
    }
}

/* ---- lines ---- */

/* A line is kept when the gateway finds nothing to mask in it. */
static void remember(const struct console *console, const char *line)
{
    char request[BUS_LINE_MAX + 16];

    snprintf(request, sizeof(request), "mask %s", line);
    if (control_client_send(console->client, request) != CONTROL_CLIENT_OK)
        return;
    const char *masked = control_client_line(console->client);
    if (masked && strcmp(masked, line) == 0)
        line_editor_remember(line);
}

static void run(struct console *console, const char *line)
{
    char request[BUS_LINE_MAX + 16];
    int code = CLI_OK;

    snprintf(request, sizeof(request), CMD_VERB "%s", line);
    console->is_over = !cmd_ask(console->client, request, &code);
    if (code != CLI_OK && (console->is_over || !console->is_typed))
        console->code = code;
    fflush(stdout);
}

/* Blanks around a command are nobody's. */
static char *trim(char *line)
{
    size_t len = strlen(line);

    while (len > 0 && isspace((unsigned char)line[len - 1]))
        line[--len] = '\0';
    while (isspace((unsigned char)*line))
        line++;
    return line;
}

static void take(struct console *console, const char *line)
{
    const bool is_exit = strcasecmp(line, "exit") == 0 || strcasecmp(line, "quit") == 0;

    if (*line == '\0' || *line == '#')
        return;
    if (strlen(line) > BUS_LINE_MAX) {
        console->code = cli_fail("", "a command is one line of at most %d bytes", BUS_LINE_MAX);
        return;
    }
    if (is_exit) {
        console->is_over = true;
        return;
    }
    if (console->is_typed)
        remember(console, line);
    if (console->is_typed && strcasecmp(line, "help") == 0)
        print_names(console);
    else
        run(console, line);
}

int cmd_console(struct control_client *client)
{
    struct console console = { .client = client, .is_typed = line_editor_is_used() };
    char *line;

    control_client_wait_at_most(client, CMD_PATIENCE_MS);
    if (console.is_typed) {
        learn_names(&console);
        line_editor_complete(console.names, is_for_command);
    }
    while (!console.is_over && (line = line_editor_next(PROMPT)) != NULL) {
        take(&console, trim(line));
        free(line);
    }
    if (console.is_typed && !console.is_over)
        puts("");
    line_editor_complete(NULL, NULL);
    free(console.names);
    cJSON_Delete(console.help);
    return console.code;
}
