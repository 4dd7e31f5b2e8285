/*
 * file_replace.h: how a file becomes durable, over any table of calls.
 *
 *     create .NAME.new    write    fsync    close    rename to NAME    fsync of the folder
 *
 * The old content is touched by nothing but the rename, which is atomic, and the new one is on the
 * disk before it gets its name. The last step makes the rename itself durable.
 */
#ifndef MI32_PORTS_FILES_FILE_REPLACE_H
#define MI32_PORTS_FILES_FILE_REPLACE_H

#include "files/file_calls.h"
#include "port/files.h"

/* True when files.h allows the name. */
bool file_name_is_valid(const char *name);

/* True for the name of a file that file_replace() makes and has not finished. */
bool file_is_unfinished(const char *name);

/* After PORT_FILES_OK the new content survives anything, after an error the old one is there and
 * whole, or, when only the very last step failed, the new one is. */
enum port_files_error file_replace(const struct file_calls *calls, const char *name,
                                   const void *data, size_t len, bool is_secret);

/* OK also when there was none. */
enum port_files_error file_remove(const struct file_calls *calls, const char *name);

/* As port_files.load(), from the disk. */
enum port_files_error file_load(const struct file_calls *calls, const char *name, void *buffer,
                                size_t size, size_t *len);

#endif
