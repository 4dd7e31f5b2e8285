#include "linux/folder.h"

#include "files/file_replace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int or_errno(int result)
{
    return result < 0 ? -errno : result;
}

static int fd_of(void *self)
{
    return ((struct folder *)self)->fd;
}

/* O_NONBLOCK: should the name be a FIFO, opening it must not wait for a writer. */
static int call_open(void *self, const char *name)
{
    return or_errno(openat(fd_of(self), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
}

static int call_create(void *self, const char *name, mode_t mode)
{
    return or_errno(openat(fd_of(self), name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
}

static ssize_t call_read(void *self, int file, void *to, size_t size)
{
    (void)self;
    ssize_t n = read(file, to, size);
    return n < 0 ? -errno : n;
}

static ssize_t call_write(void *self, int file, const void *from, size_t len)
{
    (void)self;
    ssize_t n = write(file, from, len);
    return n < 0 ? -errno : n;
}

static int call_sync(void *self, int file)
{
    (void)self;
    return or_errno(fsync(file));
}

static int call_close(void *self, int file)
{
    (void)self;
    return or_errno(close(file));
}

static int call_rename(void *self, const char *from, const char *to)
{
    return or_errno(renameat(fd_of(self), from, fd_of(self), to));
}

static int call_unlink(void *self, const char *name)
{
    return or_errno(unlinkat(fd_of(self), name, 0));
}

/* Some file systems (of networks, mostly) cannot do it and say EINVAL. */
static int call_sync_folder(void *self)
{
    int result = or_errno(fsync(fd_of(self)));

    return result == -EINVAL ? 0 : result;
}

/* Makes every missing folder of the path. What cannot be made shows when it is opened. */
static int make_path(const char *path)
{
    char part[PATH_MAX];
    int length = snprintf(part, sizeof(part), "%s", path);

    if (length < 0 || (size_t)length >= sizeof(part))
        return -ENAMETOOLONG;
    for (char *slash = strchr(part + (part[0] == '/'), '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0700) < 0 && errno != EEXIST)
            return -errno;
        *slash = '/';
    }
    return mkdir(part, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

int folder_open(struct folder *folder, const char *path)
{
    struct stat there;
    int error = stat(path, &there) == 0 ? 0 : make_path(path);

    folder->fd = error ? error : or_errno(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    folder->calls = (struct file_calls){
        .self = folder,
        .open = call_open,
        .create = call_create,
        .read = call_read,
        .write = call_write,
        .sync = call_sync,
        .close = call_close,
        .rename = call_rename,
        .unlink = call_unlink,
        .sync_folder = call_sync_folder,
    };
    return folder->fd < 0 ? folder->fd : 0;
}

void folder_sweep(struct folder *folder)
{
    int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = fd < 0 ? NULL : fdopendir(fd);

    if (!list) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (const struct dirent *entry = readdir(list); entry; entry = readdir(list))
        if (file_is_unfinished(entry->d_name))
            unlinkat(folder->fd, entry->d_name, 0);
    closedir(list);
}

void folder_close(struct folder *folder)
{
    if (folder->fd >= 0)
        close(folder->fd);
    folder->fd = -1;
}
