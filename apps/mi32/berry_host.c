/* berry_host.c: files, folders and clocks of this machine for Berry scripts, all of it allowed. */
#include "berry_host.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- files ---- */

static void *file_open(void *user, const char *name, const char *mode)
{
    struct stat st;

    (void)user;
    FILE *file = fopen(name, mode);
    if (file && fstat(fileno(file), &st) == 0 && S_ISDIR(st.st_mode)) {
        fclose(file); /* fopen() reads folders as if they were empty files */
        return NULL;
    }
    return file;
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
    return fseeko(file, (off_t)pos, SEEK_SET) == 0;
}

static int64_t file_tell(void *user, void *file)
{
    (void)user;
    return ftello(file);
}

static int64_t file_size(void *user, void *file)
{
    off_t at = ftello(file);
    fseeko(file, 0, SEEK_END);
    int64_t size = ftello(file);
    file_seek(user, file, at);
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

const struct berry_files berry_host_files = { file_open, file_read, file_write, file_seek,
                                              file_tell, file_size, file_flush, file_close };

/* ---- os ---- */

static bool os_getcwd(void *user, char *out, size_t cap)
{
    (void)user;
    return getcwd(out, cap) != NULL;
}

static bool os_chdir(void *user, const char *path)
{
    (void)user;
    return chdir(path) == 0;
}

static bool os_mkdir(void *user, const char *path)
{
    (void)user;
    return mkdir(path, 0777) == 0;
}

static bool os_remove(void *user, const char *path)
{
    (void)user;
    return remove(path) == 0;
}

static bool os_listdir(void *user, const char *path, bool (*each)(void *arg, const char *name),
                       void *arg)
{
    (void)user;
    DIR *dir = opendir(path);
    if (!dir)
        return false;
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !each(arg, name))
            break;
    }
    closedir(dir);
    return true;
}

static int os_kind(void *user, const char *path)
{
    struct stat st;
    (void)user;
    if (stat(path, &st) != 0)
        return 0;
    return S_ISDIR(st.st_mode) ? 2 : 1;
}

static int os_system(void *user, const char *command)
{
    (void)user;
    fflush(stdout); /* what the script printed comes first */
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : status;
}

const struct berry_os berry_host_os = { os_getcwd,  os_chdir, os_mkdir,  os_remove,
                                        os_listdir, os_kind,  os_system, true };

/* ---- clock ---- */

static int64_t clock_time(void *user)
{
    (void)user;
    return time(NULL);
}

static double clock_cpu(void *user)
{
    (void)user;
    return (double)clock() / CLOCKS_PER_SEC;
}

static bool clock_local(void *user, int64_t epoch, struct berry_time *out)
{
    time_t t = (time_t)epoch;
    struct tm tm;
    (void)user;
    if (!localtime_r(&t, &tm))
        return false;
    *out = (struct berry_time){ .year = tm.tm_year + 1900,
                                .month = tm.tm_mon + 1,
                                .day = tm.tm_mday,
                                .hour = tm.tm_hour,
                                .min = tm.tm_min,
                                .sec = tm.tm_sec,
                                .weekday = tm.tm_wday };
    return true;
}

const struct berry_clock berry_host_clock = { clock_time, clock_cpu, clock_local };
