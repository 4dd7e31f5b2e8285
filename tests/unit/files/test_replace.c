/* Whenever the power goes or a call fails while a file is replaced, the old content or the new one
 * reads whole afterwards; and what was reported as saved is there. */
#include "files/file_replace.h"
#include "sim/storage.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char old_text[] = "[{\"MAC\":\"A4C138AABBCC\",\"key\":\"00112233445566778899\"}]";
static const char new_text[] = "[{\"MAC\":\"A4C138AABBCC\"},{\"MAC\":\"582D34112233\"}]\n";

static enum port_files_error put(struct storage *disk, const char *text)
{
    return file_replace(storage_calls(disk), "mi32cfg", text, strlen(text), true);
}

/* True when the file holds `text`, or for NULL when it is absent. */
static bool holds(struct storage *disk, const char *text)
{
    char buffer[200];
    size_t len;
    enum port_files_error error =
        file_load(storage_calls(disk), "mi32cfg", buffer, sizeof(buffer), &len);

    if (!text)
        return error == PORT_FILES_ABSENT;
    return error == PORT_FILES_OK && len == strlen(text) && memcmp(buffer, text, len) == 0;
}

static struct storage *disk_with(const char *text)
{
    struct storage *disk = storage_new();

    assert_non_null(disk);
    if (text)
        assert_int_equal(put(disk, text), PORT_FILES_OK);
    return disk;
}

/* Replaces `before` (NULL: absent) by `after` (NULL: removes it) with power for `budget`. True when
 * the promise was kept. *finished says whether the power was enough. */
static bool survives_cut(const char *before, const char *after, size_t budget,
                         enum storage_loss loss, bool is_lying, bool *finished)
{
    struct storage *disk = disk_with(before);

    storage_set_lying(disk, is_lying);
    storage_cut_after(disk, budget);
    enum port_files_error error =
        after ? put(disk, after) : file_remove(storage_calls(disk), "mi32cfg");
    *finished = !storage_is_off(disk);
    storage_power_on(disk, loss);
    bool kept =
        error == PORT_FILES_OK ? holds(disk, after) : holds(disk, before) || holds(disk, after);
    /* and the next start works as if nothing had been */
    storage_set_lying(disk, false);
    kept = kept && put(disk, new_text) == PORT_FILES_OK && holds(disk, new_text) &&
           storage_count(disk) == 1;
    storage_free(disk);
    return kept;
}

/* Cuts after each call and each byte of a write; the number of broken promises. */
static size_t broken_promises(const char *before, const char *after, bool is_lying, size_t *cuts)
{
    size_t broken = 0;

    *cuts = 0;
    for (int loss = 0; loss < STORAGE_LOSSES; loss++) {
        bool finished = false;
        for (size_t budget = 0; !finished; budget++) {
            broken +=
                !survives_cut(before, after, budget, (enum storage_loss)loss, is_lying, &finished);
            ++*cuts;
        }
    }
    return broken;
}

static void a_replacement_survives_every_cut(void **state)
{
    size_t cuts;

    (void)state;
    assert_int_equal(broken_promises(old_text, new_text, false, &cuts), 0);
    assert_true(cuts > STORAGE_LOSSES * strlen(new_text));
}

static void a_first_save_survives_every_cut(void **state)
{
    size_t cuts;

    (void)state;
    assert_int_equal(broken_promises(NULL, new_text, false, &cuts), 0);
    assert_true(cuts > STORAGE_LOSSES * strlen(new_text));
}

static void an_empty_file_survives_every_cut(void **state)
{
    size_t cuts;

    (void)state;
    assert_int_equal(broken_promises(old_text, "", false, &cuts), 0);
    assert_int_equal(broken_promises("", new_text, false, &cuts), 0);
}

static void a_removal_survives_every_cut(void **state)
{
    size_t cuts;

    (void)state;
    assert_int_equal(broken_promises(old_text, NULL, false, &cuts), 0);
    assert_true(cuts >= STORAGE_LOSSES * 2);
}

/* The test above can fail: with a disk that does not sync, it does. */
static void a_lying_disk_breaks_the_promise(void **state)
{
    size_t cuts;

    (void)state;
    assert_true(broken_promises(old_text, new_text, true, &cuts) > 0);
    assert_true(broken_promises(NULL, new_text, true, &cuts) > 0);
}

static void a_full_disk_keeps_the_old_content(void **state)
{
    (void)state;
    for (size_t more = 0; more < strlen(new_text); more++) {
        struct storage *disk = disk_with(old_text);

        storage_set_size(disk, strlen(old_text) + more);
        assert_int_equal(put(disk, new_text), PORT_FILES_FULL);
        assert_true(holds(disk, old_text));
        assert_int_equal(storage_count(disk), 1);
        storage_set_size(disk, strlen(old_text) + strlen(new_text));
        assert_int_equal(put(disk, new_text), PORT_FILES_OK);
        assert_true(holds(disk, new_text));
        storage_free(disk);
    }
}

/* A disk of which one call fails with a given error, and only that one. */
struct faulty {
    const struct file_calls *disk;
    size_t calls, failing;
    int error;
};

static int fault(struct faulty *f)
{
    return ++f->calls == f->failing ? -f->error : 0;
}

static int faulty_create(void *self, const char *name, mode_t mode)
{
    struct faulty *f = self;
    int error = fault(f);
    return error ? error : f->disk->create(f->disk->self, name, mode);
}

static ssize_t faulty_write(void *self, int file, const void *from, size_t len)
{
    struct faulty *f = self;
    int error = fault(f);
    return error ? error : f->disk->write(f->disk->self, file, from, len > 7 ? 7 : len);
}

static int faulty_sync(void *self, int file)
{
    struct faulty *f = self;
    int error = fault(f);
    return error ? error : f->disk->sync(f->disk->self, file);
}

/* A failing close() has closed the file all the same. */
static int faulty_close(void *self, int file)
{
    struct faulty *f = self;
    int error = fault(f), closed = f->disk->close(f->disk->self, file);
    return error ? error : closed;
}

static int faulty_rename(void *self, const char *from, const char *to)
{
    struct faulty *f = self;
    int error = fault(f);
    return error ? error : f->disk->rename(f->disk->self, from, to);
}

static int faulty_unlink(void *self, const char *name)
{
    struct faulty *f = self;
    int error = fault(f);
    return error ? error : f->disk->unlink(f->disk->self, name);
}

static int faulty_sync_folder(void *self)
{
    struct faulty *f = self;
    int error = fault(f);
    return error ? error : f->disk->sync_folder(f->disk->self);
}

static enum port_files_error put_faulty(struct storage *disk, size_t failing, int error)
{
    struct faulty faulty = { .disk = storage_calls(disk), .failing = failing, .error = error };
    const struct file_calls calls = {
        .self = &faulty,
        .create = faulty_create,
        .write = faulty_write,
        .sync = faulty_sync,
        .close = faulty_close,
        .rename = faulty_rename,
        .unlink = faulty_unlink,
        .sync_folder = faulty_sync_folder,
    };

    return file_replace(&calls, "mi32cfg", new_text, strlen(new_text), true);
}

/* Each call fails once with each error: it is reported by its name, and one content is whole. */
static void a_failing_call_is_reported(void **state)
{
    static const struct {
        int number;
        enum port_files_error want;
    } rows[] = {
        { ENOSPC, PORT_FILES_FULL },      { EDQUOT, PORT_FILES_FULL },
        { EACCES, PORT_FILES_DENIED },    { EROFS, PORT_FILES_READ_ONLY },
        { EIO, PORT_FILES_BROKEN },       { ENOENT, PORT_FILES_NO_FOLDER },
        { EMFILE, PORT_FILES_NO_MEMORY }, { ENOMEM, PORT_FILES_NO_MEMORY },
    };
    const size_t writes = (strlen(new_text) + 6) / 7;
    const size_t calls = writes + 5; /* create, sync, close, rename, sync_folder */

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t failing = 1; failing <= calls; failing++) {
            struct storage *disk = disk_with(old_text);
            assert_int_equal(put_faulty(disk, failing, rows[i].number), rows[i].want);
            assert_true(holds(disk, failing < calls ? old_text : new_text));
            assert_int_equal(storage_count(disk), 1);
            storage_free(disk);
        }
    struct storage *disk = disk_with(old_text);
    assert_int_equal(put_faulty(disk, calls + 1, EIO), PORT_FILES_OK);
    storage_free(disk);
}

static void an_interrupted_write_goes_on(void **state)
{
    struct storage *disk = disk_with(old_text);

    (void)state;
    assert_int_equal(put_faulty(disk, 3, EINTR), PORT_FILES_OK);
    assert_true(holds(disk, new_text));
    storage_free(disk);
}

static void a_short_buffer_learns_the_length(void **state)
{
    struct storage *disk = disk_with(old_text);
    char buffer[sizeof(old_text)];
    size_t len = 0;

    (void)state;
    for (size_t size = 0; size < strlen(old_text); size++) {
        memset(buffer, '#', sizeof(buffer));
        assert_int_equal(file_load(storage_calls(disk), "mi32cfg", buffer, size, &len),
                         PORT_FILES_TOO_BIG);
        assert_int_equal(len, strlen(old_text));
        assert_int_equal(buffer[size], '#');
    }
    assert_int_equal(file_load(storage_calls(disk), "mi32cfg", buffer, strlen(old_text), &len),
                     PORT_FILES_OK);
    assert_int_equal(len, strlen(old_text));
    storage_free(disk);
}

static void names_are_no_paths(void **state)
{
    static const char *const good[] = { "mi32cfg", "a", "autoexec.be", "Pairings-2_x.json" };
    static const char *const bad[] = { "",     ".",         "..",  ".lock", "a/b", "/etc/passwd",
                                       "a\\b", "../secret", "a b", "ä",     "a\n", "a:b" };
    char name[PORT_FILES_NAME_MAX + 2];

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(file_name_is_valid(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(file_name_is_valid(bad[i]));
    memset(name, 'x', sizeof(name));
    name[PORT_FILES_NAME_MAX + 1] = '\0';
    assert_false(file_name_is_valid(name));
    name[PORT_FILES_NAME_MAX] = '\0';
    assert_true(file_name_is_valid(name));

    struct storage *disk = storage_new();
    size_t len;
    assert_int_equal(file_replace(storage_calls(disk), "../x", "", 0, false), PORT_FILES_BAD_NAME);
    assert_int_equal(file_remove(storage_calls(disk), "../x"), PORT_FILES_BAD_NAME);
    assert_int_equal(file_load(storage_calls(disk), "../x", name, 1, &len), PORT_FILES_BAD_NAME);
    assert_int_equal(storage_used(disk), 0);
    assert_int_equal(file_replace(storage_calls(disk), name, "x", 1, false), PORT_FILES_OK);
    storage_free(disk);
}

/* Every error has words, and every fault of the outside world a remedy. */
static void errors_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < PORT_FILES_ERRORS; i++) {
        assert_true(strlen(port_files_error_text((enum port_files_error)i)) > 0);
        assert_int_equal(strlen(port_files_error_remedy((enum port_files_error)i)) > 0,
                         i > PORT_FILES_ABSENT);
    }
    assert_string_equal(port_files_error_text(PORT_FILES_FULL), "the disk is full");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_replacement_survives_every_cut),
        cmocka_unit_test(a_first_save_survives_every_cut),
        cmocka_unit_test(an_empty_file_survives_every_cut),
        cmocka_unit_test(a_removal_survives_every_cut),
        cmocka_unit_test(a_lying_disk_breaks_the_promise),
        cmocka_unit_test(a_full_disk_keeps_the_old_content),
        cmocka_unit_test(a_failing_call_is_reported),
        cmocka_unit_test(an_interrupted_write_goes_on),
        cmocka_unit_test(a_short_buffer_learns_the_length),
        cmocka_unit_test(names_are_no_paths),
        cmocka_unit_test(errors_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
