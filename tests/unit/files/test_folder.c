/* A real folder: its modes, what is swept, and the lock that one program at a time holds. */
#define _GNU_SOURCE
#include "files/file_replace.h"
#include "linux/folder.h"
#include "linux/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* A folder of this test's own, some levels below one that is removed at the end. */
struct place {
    char top[32], path[80];
    struct folder folder;
};

static int build_place(void **state)
{
    struct place *place = calloc(1, sizeof(*place));

    if (!place)
        return -1;
    *state = place;
    snprintf(place->top, sizeof(place->top), "/tmp/mi32-folder-XXXXXX");
    if (!mkdtemp(place->top))
        return -1;
    snprintf(place->path, sizeof(place->path), "%s/state/mi32", place->top);
    return folder_open(&place->folder, place->path);
}

static int remove_place(void **state)
{
    struct place *place = *state;
    char command[64];

    folder_close(&place->folder);
    snprintf(command, sizeof(command), "rm -r %s", place->top);
    free(place);
    return system(command);
}

static mode_t mode_of(const struct place *place, const char *name)
{
    struct stat there;

    assert_int_equal(fstatat(place->folder.fd, name, &there, 0), 0);
    return there.st_mode & 0777;
}

static void a_missing_folder_is_made(void **state)
{
    struct place *place = *state;
    struct folder again;

    assert_int_equal(mode_of(place, "."), 0700);
    assert_int_equal(mode_of(place, ".."), 0700);
    assert_int_equal(folder_open(&again, place->path), 0);
    folder_close(&again);
    assert_int_equal(folder_open(&again, "/dev/null/x"), -ENOTDIR);
    assert_int_equal(folder_open(&again, "/dev/null"), -ENOTDIR);
    assert_int_equal(folder_open(&again, ""), -ENOENT);
}

static void files_are_replaced_and_read(void **state)
{
    struct place *place = *state;
    char buffer[10];
    size_t len;

    for (int round = 0; round < 4; round++) {
        const char c = "0123"[round];
        assert_int_equal(file_replace(&place->folder.calls, "settings", &c, 1, false),
                         PORT_FILES_OK);
        assert_int_equal(file_load(&place->folder.calls, "settings", buffer, sizeof(buffer), &len),
                         PORT_FILES_OK);
        assert_int_equal(len, 1);
        assert_int_equal(buffer[0], c);
    }
    assert_int_equal(file_remove(&place->folder.calls, "settings"), PORT_FILES_OK);
    assert_int_equal(file_remove(&place->folder.calls, "settings"), PORT_FILES_OK);
    assert_int_equal(file_load(&place->folder.calls, "settings", buffer, sizeof(buffer), &len),
                     PORT_FILES_ABSENT);
}

static void secrets_are_for_their_owner(void **state)
{
    struct place *place = *state;
    mode_t before = umask(022);

    assert_int_equal(file_replace(&place->folder.calls, "open", "x", 1, false), PORT_FILES_OK);
    assert_int_equal(file_replace(&place->folder.calls, "secret", "x", 1, true), PORT_FILES_OK);
    umask(before);
    assert_int_equal(mode_of(place, "open"), 0644);
    assert_int_equal(mode_of(place, "secret"), 0600);
    assert_int_equal(file_replace(&place->folder.calls, "open", "x", 1, true), PORT_FILES_OK);
    assert_int_equal(mode_of(place, "open"), 0600);
}

/* What somebody left under the temporary name, readable by all, is not written into. */
static void an_unfinished_file_is_not_taken_over(void **state)
{
    struct place *place = *state;
    int fd = openat(place->folder.fd, ".secret.new", O_CREAT | O_RDWR, 0666);

    assert_true(fd >= 0);
    assert_int_equal(file_replace(&place->folder.calls, "secret", "x", 1, true), PORT_FILES_OK);
    assert_int_equal(lseek(fd, 0, SEEK_END), 0);
    close(fd);
    assert_int_equal(mode_of(place, "secret"), 0600);
}

static void unfinished_files_are_swept(void **state)
{
    struct place *place = *state;

    close(openat(place->folder.fd, ".settings.new", O_CREAT | O_RDWR, 0600));
    close(openat(place->folder.fd, ".bashrc", O_CREAT | O_RDWR, 0600));
    file_replace(&place->folder.calls, "notes.new", "x", 1, false);
    folder_sweep(&place->folder);
    assert_int_equal(faccessat(place->folder.fd, ".settings.new", F_OK, 0), -1);
    assert_int_equal(faccessat(place->folder.fd, ".bashrc", F_OK, 0), 0);
    assert_int_equal(faccessat(place->folder.fd, "notes.new", F_OK, 0), 0);
}

/* A second holder, in this program or another, is refused and learns who is there. */
static void the_lock_names_its_holder(void **state)
{
    struct place *place = *state;
    struct lock lock, second;
    pid_t holder = -1;

    assert_int_equal(lock_take(&lock, &place->folder, &holder), 0);
    assert_int_equal(lock_take(&second, &place->folder, &holder), 1);
    assert_int_equal(holder, getpid());
    lock_release(&second);
    lock_release(&lock);
    assert_int_equal(lock_take(&second, &place->folder, &holder), 0);
    lock_release(&second);
    lock_release(&second);
}

/* The child holds the lock until it is killed; nothing has to be cleaned up behind it. */
static void the_lock_ends_with_its_holder(void **state)
{
    struct place *place = *state;
    struct lock lock;
    pid_t holder;
    int ready[2];
    char byte;

    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool held = lock_take(&lock, &place->folder, &holder) == 0;
        (void)!write(ready[1], held ? "y" : "n", 1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_int_equal(lock_take(&lock, &place->folder, &holder), 1);
    assert_int_equal(holder, child);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(lock_take(&lock, &place->folder, &holder), 0);
    lock_release(&lock);
    close(ready[0]);
    close(ready[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_missing_folder_is_made, build_place, remove_place),
        cmocka_unit_test_setup_teardown(files_are_replaced_and_read, build_place, remove_place),
        cmocka_unit_test_setup_teardown(secrets_are_for_their_owner, build_place, remove_place),
        cmocka_unit_test_setup_teardown(an_unfinished_file_is_not_taken_over, build_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(unfinished_files_are_swept, build_place, remove_place),
        cmocka_unit_test_setup_teardown(the_lock_names_its_holder, build_place, remove_place),
        cmocka_unit_test_setup_teardown(the_lock_ends_with_its_holder, build_place, remove_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
