/* monitors: takes every advertisement monitor that the kernel has for hci0, so that no other
 * program gets one. Says "taken" then, and "given back" when that has been done, after a line of
 * input.
 *
 *   monitors
 */
#include "bt.h"

#include <unistd.h>

enum {
    EVENT_COMPLETE = 0x0001,
    EVENT_STATUS = 0x0002,
    ADD_MONITOR = 0x0052,
    REMOVE_MONITOR = 0x0053,
    HEADER = 6,
    PATTERN = 34,
    MAX = 64,
};

static int fd;

/* Sends a command to hci0; its status, and in `handle` the first two bytes of the answer. */
static int ask(uint16_t code, const uint8_t *params, uint16_t len, uint16_t *handle)
{
    uint8_t b[1024];
    ssize_t n;

    put_le16(b, code);
    put_le16(b + 2, 0);
    put_le16(b + 4, len);
    memcpy(b + HEADER, params, len);
    if (write(fd, b, HEADER + len) < 0)
        return -1;
    while ((n = read(fd, b, sizeof b)) > 0) {
        if (n < HEADER + 3 || get_le16(b) > EVENT_STATUS || get_le16(b + HEADER) != code)
            continue;
        if (n >= HEADER + 5)
            *handle = get_le16(b + HEADER + 3);
        return b[HEADER + 2];
    }
    return -1;
}

static void say(const char *what)
{
    printf("%s\n", what);
    fflush(stdout);
}

int main(void)
{
    struct bt_sockaddr_hci sa = { AF_BLUETOOTH, BT_DEV_NONE, BT_CHAN_CONTROL };
    uint8_t pattern[1 + PATTERN] = { 1, 0x16, 0, 2, 0x95, 0xfe };
    uint16_t handles[MAX];
    size_t count = 0;
    char c;

    fd = socket(AF_BLUETOOTH, SOCK_RAW | SOCK_CLOEXEC, BT_PROTO_HCI);
    if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof sa) < 0) {
        perror("monitors");
        return 2;
    }
    while (count < MAX && ask(ADD_MONITOR, pattern, sizeof pattern, &handles[count]) == 0)
        count++;
    say(count > 0 ? "taken" : "none");
    (void)!read(0, &c, 1);
    while (count > 0) {
        uint8_t handle[2];
        uint16_t same;

        put_le16(handle, handles[--count]);
        if (ask(REMOVE_MONITOR, handle, sizeof handle, &same) != 0)
            return 1;
    }
    say("given back");
    return 0;
}
