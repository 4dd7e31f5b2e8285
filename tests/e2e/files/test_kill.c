/* kill -9 in a loop: a program saves and saves on a real disk and is killed at any moment. Each
 * time the file is whole and at least as new as the last save that was reported as done, and the
 * lock is free. */
#define _GNU_SOURCE
#include "files/file_replace.h"
#include "files/files.h"
#include "linux/folder.h"
#include "linux/lock.h"

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    ROUNDS = 50,
    CONTENT_MAX = 40000,
    AT_ONCE = 3, /* saves in flight; the later ones overtake each other */
};

/* The content of a generation is a function of its number, so that a mixture of two shows. */
static size_t content_of(uint32_t generation, uint8_t out[CONTENT_MAX])
{
    size_t len = sizeof(generation) + generation * 7919u % (CONTENT_MAX - sizeof(generation));

    memcpy(out, &generation, sizeof(generation));
    for (size_t i = sizeof(generation); i < len; i++)
        out[i] = (uint8_t)(generation + i * 31);
    return len;
}

/* The generation on the disk, 0 when there is none yet; fails the test when it is not whole. */
static uint32_t generation_on_disk(const struct folder *folder)
{
    static uint8_t got[CONTENT_MAX], want[CONTENT_MAX];
    size_t len;
    uint32_t generation;
    enum port_files_error error = file_load(&folder->calls, "mi32cfg", got, sizeof(got), &len);

    if (error == PORT_FILES_ABSENT)
        return 0;
    assert_int_equal(error, PORT_FILES_OK);
    assert_true(len >= sizeof(generation));
    memcpy(&generation, got, sizeof(generation));
    assert_int_equal(len, content_of(generation, want));
    assert_memory_equal(got, want, len);
    return generation;
}

/* One report of the child to its parent. */
struct report {
    int pipe;
    uint32_t generation;
};

static void report_done(void *user, enum port_files_error error)
{
    const struct report *report = user;
    ssize_t n = write(report->pipe, &report->generation, sizeof(report->generation));

    if (error != PORT_FILES_OK || n != sizeof(report->generation))
        _exit(3);
}

static void no_wake(void *user)
{
    (void)user; /* settle() delivers */
}

/* Saves one generation after the other until killed. */
static void save_for_ever(const char *path, int pipe)
{
    static uint8_t content[CONTENT_MAX];
    struct report reports[AT_ONCE];
    struct folder folder;
    struct lock lock;
    pid_t holder;

    if (folder_open(&folder, path) != 0 || lock_take(&lock, &folder, &holder) != 0)
        _exit(1);
    folder_sweep(&folder);
    struct files *files = files_open(
        &(struct files_setup){ .calls = &folder.calls, .has_thread = true, .wake = no_wake });
    if (!files)
        _exit(2);
    const struct port_files *port = files_port(files);
    for (uint32_t generation = generation_on_disk(&folder) + 1;;) {
        for (int i = 0; i < AT_ONCE; i++, generation++) {
            size_t len = content_of(generation, content);
            reports[i] = (struct report){ pipe, generation };
            port->save(port->self, "mi32cfg", content, len, true, report_done, &reports[i]);
        }
        port->settle(port->self);
    }
}

/* Lets a child save and kills it `delay` steps after its `n`-th report; the last report seen. */
static uint32_t run_and_kill(const char *path, int n, int delay)
{
    uint32_t reported = 0, next;
    int ends[2], status;

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        save_for_ever(path, ends[1]);
    }
    close(ends[1]);
    for (int i = 0; i < n; i++) {
        assert_int_equal(read(ends[0], &next, sizeof(next)), sizeof(next));
        reported = next;
    }
    while (delay--)
        sched_yield();
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    while (read(ends[0], &next, sizeof(next)) == sizeof(next))
        reported = next;
    close(ends[0]);
    return reported;
}

static void kill_9_loses_nothing(void **state)
{
    char path[] = "files-kill-XXXXXX", command[64];
    uint32_t reported = 0;
    int unfinished = 0;
    struct folder folder;

    (void)state;
    assert_non_null(mkdtemp(path));
    assert_int_equal(folder_open(&folder, path), 0);
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t last = run_and_kill(path, round % 5, round * 3);
        if (last)
            reported = last;
        uint32_t generation = generation_on_disk(&folder);
        assert_true(generation >= reported);
        assert_true(generation <= reported + 2 * AT_ONCE);
        reported = generation;
        unfinished += faccessat(folder.fd, ".mi32cfg.new", F_OK, 0) == 0;
    }
    assert_true(reported > ROUNDS);
    printf("%d kills, %d of them inside a save, %u saves survived\n", ROUNDS, unfinished,
           (unsigned)reported);
    folder_close(&folder);
    snprintf(command, sizeof(command), "rm -r %s", path);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(kill_9_loses_nothing) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
