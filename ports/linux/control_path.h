/* control_path.h: where the socket `control` of a running gateway lies. */
#ifndef MI32_PORTS_LINUX_CONTROL_PATH_H
#define MI32_PORTS_LINUX_CONTROL_PATH_H

#include <stdbool.h>
#include <stddef.h>

#define CONTROL_PATH_MAX 107 /* bytes a socket's address holds, without its zero */

/* Where the nth place for it is, from 0: $RUNTIME_DIRECTORY (its first folder), and then no other;
 * else $XDG_RUNTIME_DIR/mi32, else /tmp/mi32-UID. A gateway listens at number 0; a program that
 * looks for one tries further, /run/mi32 last: the service runs with $RUNTIME_DIRECTORY=/run/mi32,
 * the shell of a person does not know that. False behind the last, or where a path is too long. */
bool control_path(unsigned n, char out[CONTROL_PATH_MAX + 1]);

#endif
