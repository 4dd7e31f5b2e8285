/* confirm: answers yes to every question of the kernel whether devices shall pair, as a desktop's
 * agent or a person does. Says "ready" when it can.
 *
 *   confirm
 */
#include "bt.h"

#include <unistd.h>

enum { EVENT_CONFIRM = 0x000f, CONFIRM_REPLY = 0x001c, HEADER = 6, ADDRESS = 7 };

int main(void)
{
    struct bt_sockaddr_hci sa = { AF_BLUETOOTH, BT_DEV_NONE, BT_CHAN_CONTROL };
    uint8_t b[1024];
    ssize_t n;
    int fd = socket(AF_BLUETOOTH, SOCK_RAW | SOCK_CLOEXEC, BT_PROTO_HCI);

    if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof sa) < 0) {
        perror("confirm");
        return 2;
    }
    printf("ready\n");
    fflush(stdout);
    while ((n = read(fd, b, sizeof b)) > 0) {
        if (n < HEADER + ADDRESS || get_le16(b) != EVENT_CONFIRM)
            continue;
        put_le16(b, CONFIRM_REPLY); /* to the same controller, about the same address */
        put_le16(b + 4, ADDRESS);
        if (write(fd, b, HEADER + ADDRESS) < 0)
            perror("confirm");
        printf("confirmed\n");
        fflush(stdout);
    }
    return 1;
}
