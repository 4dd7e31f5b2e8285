/* http_place.h: where a server listens, and who is near. */
#ifndef MI32_PORTS_LINUX_HTTP_PLACE_H
#define MI32_PORTS_LINUX_HTTP_PLACE_H

#include "port/http.h"

#include <netinet/in.h>

#define HTTP_PEER_SIZE INET6_ADDRSTRLEN

/* A socket that listens at the place; its port's number in *number. PORT_HTTP_OK, or why not. */
enum port_http_error http_place_listen(const char *place, int *fd, uint16_t *number);

/* The address of the other side of a connection: as text, and whether it is on this machine, on a
 * network of this machine, or a private one. */
void http_place_peer(int fd, char text[HTTP_PEER_SIZE], bool *is_local);

#endif
