/* lock.h: one program at a time works in a data directory. The system gives the lock back when its
 * holder ends, in whatever way. */
#ifndef MI32_PORTS_LINUX_LOCK_H
#define MI32_PORTS_LINUX_LOCK_H

#include "linux/folder.h"

struct lock {
    int fd; /* -1: not held */
};

/* 0: held. 1: another program holds it; *holder is its pid, or 0 when it has not yet written it.
 * Negative: -errno. The pid is for the message only; nothing is decided by it. */
int lock_take(struct lock *lock, const struct folder *folder, pid_t *holder);

/* Gives it back; one not held is fine. The file stays: to remove it would race with a third. */
void lock_release(struct lock *lock);

#endif
