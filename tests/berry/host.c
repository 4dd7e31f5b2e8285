#include "host.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

void stdio_write(void *user, const char *text, size_t len)
{
    (void)user;
    fwrite(text, 1, len, stdout);
}

static void *file_open(void *user, const char *name, const char *mode)
{
    (void)user;
    return fopen(name, mode);
}

static ptrdiff_t file_read(void *user, void *file, char *out, size_t cap)
{
    (void)user;
    return (ptrdiff_t)fread(out, 1, cap, file);
}

static bool file_write(void *user, void *file, const char *data, size_t len)
{
    (void)user;
    return fwrite(data, 1, len, file) == len;
}

static bool file_seek(void *user, void *file, int64_t pos)
{
    (void)user;
    return fseek(file, (long)pos, SEEK_SET) == 0;
}

static int64_t file_tell(void *user, void *file)
{
    (void)user;
    return ftell(file);
}

static int64_t file_size(void *user, void *file)
{
    (void)user;
    long at = ftell(file);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    fseek(file, at, SEEK_SET);
    return size;
}

static bool file_flush(void *user, void *file)
{
    (void)user;
    return fflush(file) == 0;
}

static void file_close(void *user, void *file)
{
    (void)user;
    fclose(file);
}

const struct berry_files stdio_files = { file_open, file_read, file_write, file_seek,
                                         file_tell, file_size, file_flush, file_close };

static bool os_remove(void *user, const char *path)
{
    (void)user;
    return remove(path) == 0;
}

static int os_kind(void *user, const char *path)
{
    (void)user;
    FILE *f = fopen(path, "r");
    if (f)
        fclose(f);
    return f ? 1 : 0;
}

const struct berry_os stdio_os = { .remove = os_remove, .kind = os_kind, .may_exit = true };

/* A clock that stands still, so that tests are the same every day. */
static int64_t clock_time(void *user)
{
    (void)user;
    return 1700000000;
}

static double clock_cpu(void *user)
{
    (void)user;
    return 1.5;
}

static bool clock_local(void *user, int64_t epoch, struct berry_time *out)
{
    (void)user;
    int64_t day = epoch / 86400;
    *out = (struct berry_time){ .year = 2023, .month = 11, .day = 14 };
    out->hour = (int)(epoch % 86400 / 3600);
    out->min = (int)(epoch % 3600 / 60);
    out->sec = (int)(epoch % 60);
    out->weekday = (int)((day + 4) % 7);
    return true;
}

const struct berry_clock stdio_clock = { clock_time, clock_cpu, clock_local };

bool set_argv(struct berry *vm, int argc, char **argv)
{
    bool ok = berry_push_list(vm);
    for (int i = 0; ok && i < argc; i++)
        ok = berry_push_string(vm, argv[i], strlen(argv[i])) && berry_list_push(vm, -2);
    return ok && berry_set_global(vm, "_argv");
}

int finish(struct berry *vm, enum berry_status status)
{
    int code = status == BERRY_EXIT ? berry_exit_code(vm) : status == BERRY_OK ? 0 : 1;
    if (status == BERRY_EXCEPTION)
        berry_print_error(vm);
    berry_close(vm);
    return code;
}
