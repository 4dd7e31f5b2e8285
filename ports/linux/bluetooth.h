/* bluetooth.h: the radio made of this machine's Bluetooth adapters. */
#ifndef MI32_PORTS_LINUX_BLUETOOTH_H
#define MI32_PORTS_LINUX_BLUETOOTH_H

#include "linux/bt_socket.h"
#include "linux/loop.h"
#include "port/radio.h"

#include <stdbool.h>

#define BLUETOOTH_ADAPTERS_MAX 4

struct bluetooth;

/* Whether `spec` is `auto`, or adapters, each once, with commas between them: hci0, or user:hci0
 * for one that no other program shall share. */
bool bluetooth_is_spec(const char *spec);

/*
 * `auto` is the adapter with the lowest number, whenever there is one. Adapters that are absent are
 * waited for; number n of the list is radio n of the adverts. The loop is borrowed; `sockets` is
 * copied. NULL without memory or with a spec that is none.
 */
struct bluetooth *bluetooth_new(struct loop *loop, const char *spec, struct bt_sockets sockets);
void bluetooth_free(struct bluetooth *bluetooth);

/* The address of the first adapter that listens, for connections to be made by the same. False when
 * none does, or all are ours alone. */
bool bluetooth_address(const struct bluetooth *bluetooth, struct mac *out);

const struct port_radio *bluetooth_port(struct bluetooth *bluetooth);

#endif
