/*
 * line_editor.h: lines of standard input. On a terminal they can be edited, completed and called up
 * again, as long as the program runs; otherwise they are read as they come, without a prompt.
 */
#ifndef MI32_APPS_LINE_EDITOR_H
#define MI32_APPS_LINE_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

/* Whether somebody types. */
bool line_editor_is_used(void);

/* The next line without its end, to be freed; NULL behind the last, and when SIGINT has ended the
 * typing, which then has its effect as anywhere. */
char *line_editor_next(const char *prompt);

/* Lets the user call up this line again. */
void line_editor_remember(const char *line);

/* Offers `words`, which ends with NULL and is borrowed, for a word before which `len` bytes stand
 * that `fits` accepts. Without this nothing is completed. */
void line_editor_complete(const char *const *words, bool (*fits)(const char *before, size_t len));

#endif
