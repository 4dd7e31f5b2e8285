/*
 * files.h: port/files.h over a table of calls. Saves are queued and done by a thread of their own,
 * so that no fsync holds up the loop; without a thread (a simulated house) the loop does them, one
 * turn later.
 */
#ifndef MI32_PORTS_FILES_FILES_H
#define MI32_PORTS_FILES_FILES_H

#include "files/file_calls.h"
#include "port/files.h"

struct files;

struct files_setup {
    const struct file_calls *calls; /* borrowed until files_close() */
    bool has_thread;

    /* Asks for files_deliver() on the loop, soon. Called on any thread; several calls may be
     * answered by one delivery. */
    void (*wake)(void *user);
    void *user;
};

/* NULL without memory or threads. */
struct files *files_open(const struct files_setup *setup);

/* The service for the rooms above. */
const struct port_files *files_port(struct files *files);

/* On the loop: calls `done` for what is finished. */
void files_deliver(struct files *files);

/* Settles (see port_files.settle) and frees. `wake` may be called until this returns: take back a
 * delivery that is still posted then. */
void files_close(struct files *files);

#endif
