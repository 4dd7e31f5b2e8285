#include "files/file_replace.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define NEW_SUFFIX ".new"

/* "." NAME ".new": a valid name never begins with a point, so this is nobody else's. */
enum {
    NEW_NAME_SIZE = 1 + PORT_FILES_NAME_MAX + sizeof(NEW_SUFFIX),
};

static enum port_files_error error_of(long result)
{
    static const struct {
        int number;
        enum port_files_error error;
    } rows[] = {
        { ENOSPC, PORT_FILES_FULL },      { EDQUOT, PORT_FILES_FULL },
        { EACCES, PORT_FILES_DENIED },    { EPERM, PORT_FILES_DENIED },
        { EROFS, PORT_FILES_READ_ONLY },  { ENOENT, PORT_FILES_NO_FOLDER },
        { EMFILE, PORT_FILES_NO_MEMORY }, { ENFILE, PORT_FILES_NO_MEMORY },
        { ENOMEM, PORT_FILES_NO_MEMORY }, { EFBIG, PORT_FILES_TOO_BIG },
    };

    if (result >= 0)
        return PORT_FILES_OK;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].number == -result)
            return rows[i].error;
    return PORT_FILES_BROKEN;
}

bool file_name_is_valid(const char *name)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = strnlen(name, PORT_FILES_NAME_MAX + 1);

    return len > 0 && len <= PORT_FILES_NAME_MAX && name[0] != '.' && strspn(name, allowed) == len;
}

bool file_is_unfinished(const char *name)
{
    size_t len = strlen(name), suffix_len = strlen(NEW_SUFFIX);

    return name[0] == '.' && len > suffix_len && strcmp(name + len - suffix_len, NEW_SUFFIX) == 0;
}

static int create_new(const struct file_calls *calls, const char *name, mode_t mode)
{
    int file = calls->create(calls->self, name, mode);

    if (file != -EEXIST)
        return file;
    int result = calls->unlink(calls->self, name); /* left behind by an interrupted one */
    return result < 0 ? result : calls->create(calls->self, name, mode);
}

static int write_all(const struct file_calls *calls, int file, const uint8_t *data, size_t len)
{
    while (len) {
        ssize_t n = calls->write(calls->self, file, data, len);
        if (n == 0)
            return -EIO;
        if (n < 0 && n != -EINTR)
            return (int)n;
        if (n > 0) {
            data += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

/* The whole new content under the temporary name, on the disk. */
static int write_new(const struct file_calls *calls, const char *name, const void *data, size_t len,
                     mode_t mode)
{
    int file = create_new(calls, name, mode);

    if (file < 0)
        return file;
    int result = write_all(calls, file, data, len);
    if (result == 0)
        result = calls->sync(calls->self, file);
    int closed = calls->close(calls->self, file);
    return result < 0 ? result : closed;
}

enum port_files_error file_replace(const struct file_calls *calls, const char *name,
                                   const void *data, size_t len, bool is_secret)
{
    char new_name[NEW_NAME_SIZE];

    if (!file_name_is_valid(name))
        return PORT_FILES_BAD_NAME;
    snprintf(new_name, sizeof(new_name), ".%s" NEW_SUFFIX, name);
    int result = write_new(calls, new_name, data, len, is_secret ? 0600 : 0644);
    if (result == 0)
        result = calls->rename(calls->self, new_name, name);
    if (result < 0) {
        calls->unlink(calls->self, new_name); /* gives back the space; what failed stays the news */
        return error_of(result);
    }
    return error_of(calls->sync_folder(calls->self));
}

enum port_files_error file_remove(const struct file_calls *calls, const char *name)
{
    if (!file_name_is_valid(name))
        return PORT_FILES_BAD_NAME;
    int result = calls->unlink(calls->self, name);
    if (result == -ENOENT)
        return PORT_FILES_OK;
    return error_of(result < 0 ? result : calls->sync_folder(calls->self));
}

/* Reads to the end, keeping what fits; the length of all of it. */
static ssize_t read_all(const struct file_calls *calls, int file, uint8_t *to, size_t size)
{
    uint8_t rest[512] = { 0 };
    size_t len = 0;

    for (;;) {
        bool fits = len < size;
        ssize_t n = calls->read(calls->self, file, fits ? to + len : rest,
                                fits ? size - len : sizeof(rest));
        if (n == 0)
            return (ssize_t)len;
        if (n < 0 && n != -EINTR)
            return n;
        if (n > 0)
            len += (size_t)n;
        if (len > PORT_FILES_LEN_MAX)
            return -EFBIG;
    }
}

enum port_files_error file_load(const struct file_calls *calls, const char *name, void *buffer,
                                size_t size, size_t *len)
{
    *len = 0;
    if (!file_name_is_valid(name))
        return PORT_FILES_BAD_NAME;
    int file = calls->open(calls->self, name);
    if (file == -ENOENT)
        return PORT_FILES_ABSENT;
    if (file < 0)
        return error_of(file);
    ssize_t read = read_all(calls, file, buffer, size);
    calls->close(calls->self, file);
    if (read < 0)
        return error_of(read);
    *len = (size_t)read;
    return *len > size ? PORT_FILES_TOO_BIG : PORT_FILES_OK;
}
