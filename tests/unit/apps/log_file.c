#include "log_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static FILE *file;
static int terminal; /* what standard error is else */

bool log_file_open(void)
{
    unsetenv("JOURNAL_STREAM");
    file = tmpfile();
    terminal = dup(STDERR_FILENO);
    return file && terminal >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0;
}

void log_file_close(void)
{
    dup2(terminal, STDERR_FILENO);
    close(terminal);
    fclose(file);
}

const char *log_file_text(void)
{
    static char text[4096];

    fflush(stderr);
    rewind(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    rewind(file);
    assert_int_equal(ftruncate(fileno(file), 0), 0);
    assert_int_equal(lseek(STDERR_FILENO, 0, SEEK_SET), 0);
    return text;
}

int log_file_fd(void)
{
    return fileno(file);
}
