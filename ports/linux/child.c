#include "linux/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Without the parent's files flushed twice, or its memory judged by a leak checker. */
static void be_child(int (*body)(void *user, struct child_gate *gate), void *user, int fd,
                     pid_t parent)
{
    struct child_gate gate = { fd };

    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
        _exit(1);
    (void)setpgid(0, 0);       /* Ctrl-C is the parent's: it ends the child when it has done */
    unsetenv("NOTIFY_SOCKET"); /* the service manager waits for the parent, if for anybody */
    const int code = body(user, &gate);
    fflush(NULL);
    _exit(code);
}

static int wait_for_end(struct child *child)
{
    int status = 0;
    pid_t pid;

    do {
        pid = waitpid(child->pid, &status, 0);
    } while (pid < 0 && errno == EINTR);
    child->pid = 0;
    return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : 1;
}

static int wait_for_gate(struct child *child, int fd)
{
    char byte;
    ssize_t n;

    do {
        n = read(fd, &byte, 1);
    } while (n < 0 && errno == EINTR);
    return n == 1 ? 0 : wait_for_end(child);
}

int child_start(struct child *child, int (*body)(void *user, struct child_gate *gate), void *user)
{
    const pid_t parent = getpid();
    int fds[2];

    child->pid = 0;
    if (pipe(fds) != 0)
        return -errno;
    fflush(NULL);
    child->pid = fork();
    if (child->pid == 0) {
        close(fds[0]);
        be_child(body, user, fds[1], parent);
    }
    const int error = child->pid < 0 ? -errno : 0;
    close(fds[1]);
    const int result = error ? error : wait_for_gate(child, fds[0]);
    close(fds[0]);
    return result;
}

void child_ready(struct child_gate *gate)
{
    (void)!write(gate->fd, "+", 1);
    close(gate->fd);
    gate->fd = -1;
}

void child_end(struct child *child)
{
    if (child->pid <= 0)
        return;
    kill(child->pid, SIGTERM);
    (void)wait_for_end(child);
}
