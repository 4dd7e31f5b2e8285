/* Saves are queued: nothing is written inside the call, the last content wins, everybody is told
 * in order, and reading gives what was saved last. */
#include "files/file_replace.h"
#include "files/files.h"
#include "sim/storage.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What `done` was called with, as a row of letters: each save has one, capital when it failed. */
static char told[64];
static char letters[] = "abcdefghijklmnopqrstuvwxyz"; /* what `user` points into */

static void done(void *user, enum port_files_error error)
{
    size_t at = strlen(told);
    char letter = *(char *)user;

    assert_true(at + 1 < sizeof(told));
    told[at] = error == PORT_FILES_OK ? letter : (char)(letter - 'a' + 'A');
    told[at + 1] = '\0';
}

/* A port over a simulated disk; the wake-ups are counted. */
struct house {
    struct storage *disk;
    struct files *files;
    const struct port_files *port;
    sem_t woken;
};

static void wake(void *user)
{
    sem_post(&((struct house *)user)->woken);
}

static void open_house(struct house *h, const struct file_calls *calls, bool has_thread)
{
    told[0] = '\0';
    assert_int_equal(sem_init(&h->woken, 0, 0), 0);
    h->files = files_open(
        &(struct files_setup){ .calls = calls, .has_thread = has_thread, .wake = wake, .user = h });
    assert_non_null(h->files);
    h->port = files_port(h->files);
}

static void build_house(struct house *h, bool has_thread)
{
    h->disk = storage_new();
    assert_non_null(h->disk);
    open_house(h, storage_calls(h->disk), has_thread);
}

static void leave_house(struct house *h)
{
    files_close(h->files);
    sem_destroy(&h->woken);
    storage_free(h->disk);
}

static enum port_files_error save(const struct house *h, const char *name, const char *text,
                                  const char *letter)
{
    return h->port->save(h->port->self, name, text, strlen(text), false, done,
                         &letters[*letter - 'a']);
}

static enum port_files_error drop(const struct house *h, const char *name, const char *letter)
{
    return h->port->remove(h->port->self, name, done, &letters[*letter - 'a']);
}

static void assert_loads(const struct house *h, const char *name, const char *want)
{
    char buffer[64];
    size_t len;
    enum port_files_error error = h->port->load(h->port->self, name, buffer, sizeof(buffer), &len);

    if (!want) {
        assert_int_equal(error, PORT_FILES_ABSENT);
        assert_int_equal(len, 0);
        return;
    }
    assert_int_equal(error, PORT_FILES_OK);
    assert_int_equal(len, strlen(want));
    assert_memory_equal(buffer, want, len);
}

static void assert_on_disk(const struct house *h, const char *name, const char *want)
{
    char buffer[64];
    size_t len;
    enum port_files_error error =
        file_load(storage_calls(h->disk), name, buffer, sizeof(buffer), &len);

    assert_int_equal(error, want ? PORT_FILES_OK : PORT_FILES_ABSENT);
    assert_int_equal(len, want ? strlen(want) : 0);
    assert_memory_equal(buffer, want ? want : "", len);
}

static void a_save_is_done_later(void **state)
{
    struct house h;

    (void)state;
    build_house(&h, false);
    assert_int_equal(save(&h, "settings", "one", "a"), PORT_FILES_OK);
    assert_string_equal(told, "");
    assert_int_equal(sem_trywait(&h.woken), 0);
    assert_on_disk(&h, "settings", NULL);
    assert_loads(&h, "settings", "one");
    files_deliver(h.files);
    assert_string_equal(told, "a");
    assert_on_disk(&h, "settings", "one");
    assert_loads(&h, "settings", "one");
    files_deliver(h.files);
    assert_string_equal(told, "a");
    leave_house(&h);
}

static void the_last_of_several_saves_wins(void **state)
{
    struct house h;

    (void)state;
    build_house(&h, false);
    assert_int_equal(save(&h, "settings", "one", "a"), PORT_FILES_OK);
    assert_int_equal(save(&h, "mi32cfg", "[]", "b"), PORT_FILES_OK);
    assert_int_equal(save(&h, "settings", "two", "c"), PORT_FILES_OK);
    assert_int_equal(save(&h, "settings", "three", "d"), PORT_FILES_OK);
    assert_loads(&h, "settings", "three");
    files_deliver(h.files);
    assert_string_equal(told, "acdb");
    assert_on_disk(&h, "settings", "three");
    assert_on_disk(&h, "mi32cfg", "[]");
    leave_house(&h);
}

static void a_removal_is_a_save_of_nothing(void **state)
{
    struct house h;

    (void)state;
    build_house(&h, false);
    assert_int_equal(drop(&h, "script.be", "a"), PORT_FILES_OK);
    files_deliver(h.files);
    assert_string_equal(told, "a");
    save(&h, "script.be", "print(1)", "b");
    drop(&h, "script.be", "c");
    assert_loads(&h, "script.be", NULL);
    files_deliver(h.files);
    assert_on_disk(&h, "script.be", NULL);
    save(&h, "script.be", "print(2)", "d");
    files_deliver(h.files);
    drop(&h, "script.be", "e");
    assert_loads(&h, "script.be", NULL);
    save(&h, "script.be", "print(3)", "f");
    files_deliver(h.files);
    assert_on_disk(&h, "script.be", "print(3)");
    assert_string_equal(told, "abcdef");
    leave_house(&h);
}

static void a_failure_is_told_to_all_it_concerns(void **state)
{
    struct house h;

    (void)state;
    build_house(&h, false);
    save(&h, "settings", "old", "a");
    files_deliver(h.files);
    storage_set_size(h.disk, 4);
    save(&h, "settings", "longer", "b");
    save(&h, "settings", "longest", "c");
    files_deliver(h.files);
    assert_string_equal(told, "aBC");
    assert_loads(&h, "settings", "old");
    leave_house(&h);
}

static void nonsense_is_refused_at_once(void **state)
{
    static const char byte = 'x';
    struct house h;

    (void)state;
    build_house(&h, false);
    assert_int_equal(save(&h, "../settings", "x", "a"), PORT_FILES_BAD_NAME);
    assert_int_equal(save(&h, "", "x", "b"), PORT_FILES_BAD_NAME);
    assert_int_equal(drop(&h, "a/b", "c"), PORT_FILES_BAD_NAME);
    assert_int_equal(
        h.port->save(h.port->self, "x", &byte, PORT_FILES_LEN_MAX + 1, false, done, &letters[3]),
        PORT_FILES_TOO_BIG);
    files_deliver(h.files);
    assert_string_equal(told, "");
    assert_int_equal(storage_used(h.disk), 0);
    leave_house(&h);
}

/* Nobody has to listen. */
static void done_may_be_null(void **state)
{
    struct house h;

    (void)state;
    build_house(&h, false);
    assert_int_equal(h.port->save(h.port->self, "x", "1", 1, true, NULL, NULL), PORT_FILES_OK);
    files_deliver(h.files);
    assert_on_disk(&h, "x", "1");
    leave_house(&h);
}

/* Saves once more out of `done`, as a room does that found new changes meanwhile. */
static void save_again(void *user, enum port_files_error error)
{
    struct house *h = user;

    assert_int_equal(error, PORT_FILES_OK);
    assert_int_equal(save(h, "settings", "second", "z"), PORT_FILES_OK);
}

static void settling_waits_for_everything(void **state)
{
    (void)state;
    for (int has_thread = 0; has_thread <= 1; has_thread++) {
        struct house h;
        build_house(&h, has_thread);
        h.port->save(h.port->self, "settings", "first", 5, false, save_again, &h);
        h.port->settle(h.port->self);
        assert_string_equal(told, "z");
        assert_on_disk(&h, "settings", "second");
        leave_house(&h);
    }
}

static void closing_writes_what_is_left(void **state)
{
    (void)state;
    for (int has_thread = 0; has_thread <= 1; has_thread++) {
        struct house h;
        build_house(&h, has_thread);
        save(&h, "a", "1", "a");
        save(&h, "b", "2", "b");
        files_close(h.files);
        assert_string_equal(told, "ab");
        assert_on_disk(&h, "a", "1");
        assert_on_disk(&h, "b", "2");
        sem_destroy(&h.woken);
        storage_free(h.disk);
    }
}

static void a_thread_writes_and_wakes_the_loop(void **state)
{
    struct house h;

    (void)state;
    build_house(&h, true);
    for (size_t i = 0; i < 10; i++) {
        const char name[] = { letters[i], '\0' };
        assert_int_equal(save(&h, name, name, &letters[i]), PORT_FILES_OK);
        while (strlen(told) == i) {
            assert_int_equal(sem_wait(&h.woken), 0);
            files_deliver(h.files);
        }
    }
    assert_string_equal(told, "abcdefghij");
    assert_on_disk(&h, "a", "a");
    assert_on_disk(&h, "j", "j");
    leave_house(&h);
}

/* A disk whose sync hangs until the test lets go of it. */
static struct slow {
    const struct file_calls *disk;
    sem_t begun, go;
} slow;

static int slow_sync(void *self, int file)
{
    sem_post(&slow.begun);
    sem_wait(&slow.go);
    return slow.disk->sync(self, file);
}

/* While the disk hangs the loop goes on: it saves, reads, and finds nothing to be told. */
static void a_hanging_disk_holds_up_nobody(void **state)
{
    struct house h = { .disk = storage_new() };
    struct file_calls calls = *storage_calls(h.disk);

    (void)state;
    slow.disk = storage_calls(h.disk);
    sem_init(&slow.begun, 0, 0);
    sem_init(&slow.go, 0, 0);
    calls.sync = slow_sync;
    open_house(&h, &calls, true);

    save(&h, "settings", "one", "a");
    sem_wait(&slow.begun);
    assert_loads(&h, "settings", "one");
    save(&h, "settings", "two", "b");
    save(&h, "settings", "three", "c");
    assert_loads(&h, "settings", "three");
    files_deliver(h.files);
    assert_string_equal(told, "");

    sem_post(&slow.go);
    sem_wait(&slow.begun); /* "one" is through, the thread hangs in "three" */
    sem_wait(&h.woken);
    files_deliver(h.files);
    assert_string_equal(told, "a");
    assert_loads(&h, "settings", "three");
    sem_post(&slow.go);
    h.port->settle(h.port->self);
    assert_string_equal(told, "abc");
    assert_on_disk(&h, "settings", "three");
    leave_house(&h);
    sem_destroy(&slow.begun);
    sem_destroy(&slow.go);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_save_is_done_later),
        cmocka_unit_test(the_last_of_several_saves_wins),
        cmocka_unit_test(a_removal_is_a_save_of_nothing),
        cmocka_unit_test(a_failure_is_told_to_all_it_concerns),
        cmocka_unit_test(nonsense_is_refused_at_once),
        cmocka_unit_test(done_may_be_null),
        cmocka_unit_test(settling_waits_for_everything),
        cmocka_unit_test(closing_writes_what_is_left),
        cmocka_unit_test(a_thread_writes_and_wakes_the_loop),
        cmocka_unit_test(a_hanging_disk_holds_up_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
