/* A real full disk: a small tmpfs of this test's own, in a mount namespace that goes with it. What
 * was saved stays, the error says that the disk is full, and with space again saving works. */
#define _GNU_SOURCE
#include "files/files.h"
#include "linux/folder.h"
#include "linux/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cmocka.h>

#define DISK_SIZE "64k"

enum {
    SMALL = 10000,
    BIG = 80000,
};

static char place[] = "/tmp/mi32-full-XXXXXX";

static bool write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return ok;
}

/* Makes user or group `id` the root of this user namespace. */
static bool become_root(const char *map, long id)
{
    char line[32];

    snprintf(line, sizeof(line), "0 %ld 1", id);
    return write_text(map, line);
}

/* A mount namespace: as root simply, else as root of a user namespace. */
static bool enter_namespace(void)
{
    long uid = (long)getuid(), gid = (long)getgid();

    if (unshare(CLONE_NEWNS) == 0)
        return true;
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && become_root("/proc/self/uid_map", uid) &&
           write_text("/proc/self/setgroups", "deny") && become_root("/proc/self/gid_map", gid);
}

static bool mount_small_disk(void)
{
    return enter_namespace() && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("tmpfs", place, "tmpfs", 0, "size=" DISK_SIZE ",mode=0700") == 0;
}

static void no_wake(void *user)
{
    (void)user; /* settle() delivers */
}

static void keep_result(void *user, enum port_files_error error)
{
    *(enum port_files_error *)user = error;
}

static enum port_files_error save(const struct port_files *port, const char *name, char letter,
                                  size_t len)
{
    enum port_files_error result = PORT_FILES_ERRORS;
    char *text = malloc(len);

    assert_non_null(text);
    memset(text, letter, len);
    assert_int_equal(port->save(port->self, name, text, len, false, keep_result, &result),
                     PORT_FILES_OK);
    free(text);
    port->settle(port->self);
    return result;
}

static void assert_holds(const struct port_files *port, const char *name, char letter, size_t want)
{
    static char text[BIG];
    size_t len;

    assert_int_equal(port->load(port->self, name, text, sizeof(text), &len), PORT_FILES_OK);
    assert_int_equal(len, want);
    for (size_t i = 0; i < len; i++)
        assert_int_equal(text[i], letter);
}

/* Fills the disk to the last byte. */
static void fill(const struct folder *folder)
{
    int fd = openat(folder->fd, "filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    char block[512] = "";

    assert_true(fd >= 0);
    while (write(fd, block, sizeof(block)) > 0)
        ;
    assert_int_equal(errno, ENOSPC);
    close(fd);
}

static void a_full_disk_loses_nothing(void **state)
{
    struct folder folder;
    struct lock lock;
    pid_t holder;

    (void)state;
    assert_int_equal(folder_open(&folder, place), 0);
    struct files *files = files_open(
        &(struct files_setup){ .calls = &folder.calls, .has_thread = true, .wake = no_wake });
    assert_non_null(files);
    const struct port_files *port = files_port(files);

    assert_int_equal(save(port, "mi32cfg", 'a', SMALL), PORT_FILES_OK);
    assert_int_equal(save(port, "mi32cfg", 'b', BIG), PORT_FILES_FULL);
    assert_holds(port, "mi32cfg", 'a', SMALL);
    assert_int_equal(save(port, "mi32cfg", 'c', 2 * SMALL), PORT_FILES_OK);

    fill(&folder);
    assert_int_equal(save(port, "mi32cfg", 'd', SMALL), PORT_FILES_FULL);
    assert_int_equal(save(port, "settings", 'e', 1), PORT_FILES_FULL);
    assert_holds(port, "mi32cfg", 'c', 2 * SMALL);
    assert_int_equal(lock_take(&lock, &folder, &holder), 0);
    lock_release(&lock);

    assert_int_equal(unlinkat(folder.fd, "filler", 0), 0);
    assert_int_equal(save(port, "mi32cfg", 'd', SMALL), PORT_FILES_OK);
    assert_int_equal(save(port, "settings", 'e', 1), PORT_FILES_OK);
    assert_holds(port, "mi32cfg", 'd', SMALL);
    assert_holds(port, "settings", 'e', 1);
    files_close(files);
    folder_close(&folder);
}

static void a_read_only_disk_says_so(void **state)
{
    struct folder folder;

    (void)state;
    assert_int_equal(folder_open(&folder, place), 0);
    struct files *files = files_open(
        &(struct files_setup){ .calls = &folder.calls, .has_thread = true, .wake = no_wake });
    assert_non_null(files);
    const struct port_files *port = files_port(files);

    assert_int_equal(save(port, "mi32cfg", 'a', SMALL), PORT_FILES_OK);
    assert_int_equal(mount(NULL, place, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
    assert_int_equal(save(port, "mi32cfg", 'b', SMALL), PORT_FILES_READ_ONLY);
    assert_holds(port, "mi32cfg", 'a', SMALL);
    assert_int_equal(mount(NULL, place, NULL, MS_REMOUNT, "size=" DISK_SIZE), 0);
    assert_int_equal(save(port, "mi32cfg", 'b', SMALL), PORT_FILES_OK);
    files_close(files);
    folder_close(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(a_read_only_disk_says_so),
    };

    if (!mkdtemp(place) || !mount_small_disk()) {
        fprintf(stderr,
                "cannot mount a small disk for this test: %s\n"
                "run it as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone "
                "or kernel.apparmor_restrict_unprivileged_userns)\n",
                strerror(errno));
        rmdir(place);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    umount2(place, MNT_DETACH);
    rmdir(place);
    return failed;
}
