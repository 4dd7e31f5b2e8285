/* folder.h: a folder of this machine behind the table of file_calls.h. */
#ifndef MI32_PORTS_LINUX_FOLDER_H
#define MI32_PORTS_LINUX_FOLDER_H

#include "files/file_calls.h"

struct folder {
    int fd;
    struct file_calls calls;
};

/* Opens the folder, making it (mode 0700) and those above it where they are missing. 0 or -errno.
 * *folder must stay where it is until folder_close(). */
int folder_open(struct folder *folder, const char *path);

/* Removes what an interrupted file_replace() has left behind. Only while holding the folder's lock
 * (lock.h): somebody else's unfinished work looks the same. */
void folder_sweep(struct folder *folder);

void folder_close(struct folder *folder);

#endif
