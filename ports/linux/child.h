/* child.h: a part of this program in a process of its own, which lives no longer than it is needed.
 * For subcommands without a loop. */
#ifndef MI32_PORTS_LINUX_CHILD_H
#define MI32_PORTS_LINUX_CHILD_H

#include <sys/types.h>

/* Private; child_start() fills it. */
struct child {
    pid_t pid;
};

/* What the child's part gets. */
struct child_gate {
    int fd; /* private */
};

/*
 * Runs `body` in a new process and waits until it calls child_ready(): 0. When it ended before:
 * what it returned (1 when that was 0 or it died). -errno when there is no process. The child is
 * told to end (SIGTERM) when this one does, however that happens; Ctrl-C is not its business.
 */
int child_start(struct child *child, int (*body)(void *user, struct child_gate *gate), void *user);

/* In the child: it can be used now. */
void child_ready(struct child_gate *gate);

/* Tells it to end and waits for that. Also for one that was never started. */
void child_end(struct child *child);

#endif
