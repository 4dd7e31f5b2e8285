/* machine.h: what this machine is called and where a user's files belong. */
#ifndef MI32_PORTS_LINUX_MACHINE_H
#define MI32_PORTS_LINUX_MACHINE_H

#include "port/machine.h"

#include <stdbool.h>
#include <stddef.h>

/* The address of the interface of the default route (IPv4), else of the first other one that has an
 * address; 00:00:00:00:00:00 and false on a machine without any. */
bool machine_mac(struct mac *out);

/* Its name up to the first point; "localhost" when the system has none. */
void machine_hostname(char *out, size_t size);

/* struct port_machine's look(); `self` is not used. */
void machine_look(void *self, struct port_machine_facts *out);

/* Where mi32 keeps its files: the first folder of $STATE_DIRECTORY (systemd), else `leaf` in
 * $XDG_STATE_HOME, else in ~/.local/state. False when there is no home either or it is too long. */
bool machine_state_dir(const char *leaf, char *out, size_t size);

#endif
