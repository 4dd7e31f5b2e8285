/*
 * storage.h: a disk that forgets. Behind the table of file_calls.h it keeps, apart from what
 * programs see, what would still be there after a loss of power: content as of its last sync, names
 * as of the last sync of the folder. The power can be cut after every call and after every byte of
 * a write; the disk can be full.
 */
#ifndef MI32_PORTS_SIM_STORAGE_H
#define MI32_PORTS_SIM_STORAGE_H

#include "files/file_calls.h"

#include <stdbool.h>

struct storage;

/* An empty disk; NULL without memory. */
struct storage *storage_new(void);
void storage_free(struct storage *storage);

/* Good until storage_free(). The table holds for one thread at a time. */
const struct file_calls *storage_calls(struct storage *storage);

/* Cuts the power when `budget` is used up: every call costs 1, and every byte written 1 more. From
 * then on each call changes nothing and gives -EIO. */
void storage_cut_after(struct storage *storage, size_t budget);

/* What has been used since the last storage_cut_after() or storage_power_on(). */
size_t storage_used(const struct storage *storage);

/* True once the power is off. */
bool storage_is_off(const struct storage *storage);

/* What of the unsynced is gone when the power comes back. Real file systems do each of these. */
enum storage_loss {
    STORAGE_LOSE_ALL,     /* nothing unsynced has reached the disk */
    STORAGE_LOSE_CONTENT, /* all names have, but of the files only what was synced */
    STORAGE_LOSE_TAILS,   /* all names have, and half of what each file had beyond its last sync */
    STORAGE_LOSE_NOTHING, /* it was the program that was killed, not the machine */
    STORAGE_LOSSES
};

void storage_power_on(struct storage *storage, enum storage_loss loss);

/* The disk takes at most so many bytes in all files together; what is above gives -ENOSPC. */
void storage_set_size(struct storage *storage, size_t bytes);

/* Makes sync() and sync_folder() say yes and do nothing, as some disks do: to prove that a test
 * sees the loss. */
void storage_set_lying(struct storage *storage, bool is_lying);

/* How many names the folder has now. */
size_t storage_count(const struct storage *storage);

#endif
