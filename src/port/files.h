/*
 * files.h: the few files a gateway keeps (mi32cfg, settings, pairings, scripts), by name, in one
 * folder that is its own. A save is atomic and durable: whatever happens, kill -9, power loss or a
 * full disk, the file afterwards is whole, either the old one or the new one, and `done` says OK
 * only when the new one survives anything.
 */
#ifndef MI32_PORT_FILES_H
#define MI32_PORT_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* A name is 1 to 64 of A-Z a-z 0-9 . _ - and does not begin with a point: never a path. */
#define PORT_FILES_NAME_MAX 64

/* The longest file; a longer save is refused. */
#define PORT_FILES_LEN_MAX ((size_t)16 * 1024 * 1024)

enum port_files_error {
    PORT_FILES_OK,
    PORT_FILES_ABSENT,    /* load: there is no such file, which is no fault by itself */
    PORT_FILES_TOO_BIG,   /* load: more than the buffer holds; save: more than PORT_FILES_LEN_MAX */
    PORT_FILES_BAD_NAME,  /* ours to get right, or a user's who names a script */
    PORT_FILES_FULL,      /* the disk, or the user's quota */
    PORT_FILES_DENIED,    /* permissions */
    PORT_FILES_READ_ONLY, /* the file system */
    PORT_FILES_NO_FOLDER, /* the folder has gone since the start */
    PORT_FILES_NO_MEMORY, /* memory or file descriptors */
    PORT_FILES_BROKEN,    /* the disk reports an error */
    PORT_FILES_ERRORS
};

/* What happened, and what the user can do about it, as two halves of a sentence without capital
 * and full stop: "the disk is full", "free some space; ...". Never NULL; the remedy may be "". */
static inline const char *port_files_error_text(enum port_files_error error)
{
    static const char *const texts[PORT_FILES_ERRORS] = {
        [PORT_FILES_OK] = "saved",
        [PORT_FILES_ABSENT] = "there is no such file",
        [PORT_FILES_TOO_BIG] = "the file is too big",
        [PORT_FILES_BAD_NAME] = "that is no valid file name",
        [PORT_FILES_FULL] = "the disk is full",
        [PORT_FILES_DENIED] = "the data directory may not be written to or read",
        [PORT_FILES_READ_ONLY] = "the file system is read-only",
        [PORT_FILES_NO_FOLDER] = "the data directory has gone",
        [PORT_FILES_NO_MEMORY] = "no memory or too many open files",
        [PORT_FILES_BROKEN] = "the disk reports an error",
    };

    return (unsigned)error < PORT_FILES_ERRORS ? texts[error] : "unknown error";
}

static inline const char *port_files_error_remedy(enum port_files_error error)
{
    static const char *const remedies[PORT_FILES_ERRORS] = {
        [PORT_FILES_OK] = "",
        [PORT_FILES_ABSENT] = "",
        [PORT_FILES_TOO_BIG] = "make it smaller",
        [PORT_FILES_BAD_NAME] = "use up to 64 letters, digits, points, hyphens and underscores",
        [PORT_FILES_FULL] = "free some space; what was saved before is still there",
        [PORT_FILES_DENIED] = "give the user mi32 runs as read and write access to it",
        [PORT_FILES_READ_ONLY] = "mount it writable, or choose another place with --data",
        [PORT_FILES_NO_FOLDER] = "bring it back and restart mi32",
        [PORT_FILES_NO_MEMORY] = "close other programs or raise the limits of the service",
        [PORT_FILES_BROKEN] = "look at the kernel's log and at the health of the disk or SD card",
    };

    return (unsigned)error < PORT_FILES_ERRORS ? remedies[error] : "";
}

/* Called once for each save or remove that was accepted, on the loop. */
typedef void (*port_files_done)(void *user, enum port_files_error error);

struct port_files {
    void *self;

    /* Reads a whole file into `buffer`. *len is its length, also with PORT_FILES_TOO_BIG (come back
     * with that much), and 0 with any other error. What was saved is what is read, also while it is
     * still on its way to the disk. Reads at once, from the disk: for the start and for commands of
     * a user, not for the advert path. */
    enum port_files_error (*load)(void *self, const char *name, void *buffer, size_t size,
                                  size_t *len);

    /* Starts to replace the file by a copy of `data`. With `is_secret` only our user can read it.
     * PORT_FILES_OK: `done` (may be NULL) follows later. Anything else was refused at once, nothing
     * is saved, and `done` is not called. Of several saves of one name the last one wins, and each
     * `done` is called, in the order of the saves. */
    enum port_files_error (*save)(void *self, const char *name, const void *data, size_t len,
                                  bool is_secret, port_files_done done, void *user);

    /* Starts to remove the file; the rest is as with save(). One that is not there is removed. */
    enum port_files_error (*remove)(void *self, const char *name, port_files_done done, void *user);

    /* Waits until all that was saved or removed is on the disk, and calls `done` for it, from
     * inside this call. The one call of a port that may block: for one-shot commands and the start
     * and the end of the program. */
    void (*settle)(void *self);
};

#endif
