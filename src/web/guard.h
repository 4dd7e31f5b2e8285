/* guard.h: slows down whoever tries passwords: after WEB_GUARD_FREE wrong ones in a row an address
 * has to wait before each further try. Only the addresses of late are remembered. */
#ifndef MI32_WEB_GUARD_H
#define MI32_WEB_GUARD_H

#include <stdint.h>

#define WEB_GUARD_FREE    5
#define WEB_GUARD_WAIT_MS 30000
#define WEB_GUARD_KEEP_MS 900000 /* a wrong try is forgotten after so long without another */
#define WEB_GUARD_PEERS   16

/* Zero is a good start; private. */
struct web_guard {
    struct web_guard_peer {
        char address[46];
        unsigned wrong;
        uint64_t last_ms;
    } peers[WEB_GUARD_PEERS];
};

/* How long the address has to wait, or 0. */
uint64_t web_guard_wait_ms(const struct web_guard *guard, const char *address, uint64_t now_ms);

void web_guard_wrong(struct web_guard *guard, const char *address, uint64_t now_ms);
void web_guard_right(struct web_guard *guard, const char *address);

#endif
