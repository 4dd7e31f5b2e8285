#include "linux/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

/* The point in front keeps it apart from the files of port/files.h. */
#define LOCK_NAME ".lock"

static pid_t read_pid(int fd)
{
    char text[24] = "";
    ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

    return n > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

/* On a full disk it stays empty: the lock holds all the same, only nameless. */
static void write_pid(int fd)
{
    if (ftruncate(fd, 0) == 0)
        dprintf(fd, "%ld\n", (long)getpid());
}

int lock_take(struct lock *lock, const struct folder *folder, pid_t *holder)
{
    int fd = openat(folder->fd, LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    lock->fd = -1;
    *holder = 0;
    if (fd < 0)
        return -errno;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        int error = errno;
        if (error == EWOULDBLOCK)
            *holder = read_pid(fd);
        close(fd);
        return error == EWOULDBLOCK ? 1 : -error;
    }
    lock->fd = fd;
    write_pid(fd);
    return 0;
}

void lock_release(struct lock *lock)
{
    if (lock->fd >= 0)
        close(lock->fd);
    lock->fd = -1;
}
