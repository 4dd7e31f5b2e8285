/*
 * file_calls.h: the calls by which files become durable, as a table, so that a test can stand in
 * for the disk (ports/sim/storage.h) and take the power away after each of them. All work in one
 * folder, all names are single ones. A negative result is -errno.
 */
#ifndef MI32_PORTS_FILES_FILE_CALLS_H
#define MI32_PORTS_FILES_FILE_CALLS_H

#include <stddef.h>
#include <sys/types.h>

struct file_calls {
    void *self;

    int (*open)(void *self, const char *name);                /* to read; a file's number */
    int (*create)(void *self, const char *name, mode_t mode); /* a new one, to write; -EEXIST */
    ssize_t (*read)(void *self, int file, void *to, size_t size);
    ssize_t (*write)(void *self, int file, const void *from, size_t len); /* may take less */
    int (*sync)(void *self, int file);
    int (*close)(void *self, int file);
    int (*rename)(void *self, const char *from, const char *to); /* replaces `to` */
    int (*unlink)(void *self, const char *name);
    int (*sync_folder)(void *self);
};

#endif
