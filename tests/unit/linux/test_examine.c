/* What `mi32 doctor` sees of a machine, on machines made of a folder each. */
#include "linux/examine.h"

#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <ftw.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char root[32];

static int setup(void **state)
{
    (void)state;
    strcpy(root, "/tmp/mi32-test-XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static int drop(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path);
}

static int teardown(void **state)
{
    (void)state;
    return nftw(root, drop, 16, FTW_DEPTH | FTW_PHYS);
}

/* The folders of a path below the root. */
static const char *make_way(const char *path)
{
    static char full[256];

    snprintf(full, sizeof(full), "%s%s", root, path);
    for (char *at = full + strlen(root) + 1; (at = strchr(at, '/')); at++) {
        *at = '\0';
        mkdir(full, 0755);
        *at = '/';
    }
    return full;
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(make_way(path), "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    fclose(file);
}

/* ---- adapters ---- */

static void adapters_with_their_drivers(void **state)
{
    struct examine_adapter list[4];

    (void)state;
    assert_int_equal(examine_adapters(root, list, 4), 0);
    put("/sys/class/bluetooth/hci1/address", "");
    put("/sys/class/bluetooth/hci0/device/modalias", "");
    put("/sys/class/bluetooth/hci0:11/address", ""); /* a connection of hci0 */
    put("/sys/class/bluetooth/hcix/address", "");
    assert_int_equal(symlink("../../../bus/usb/drivers/btusb",
                             make_way("/sys/class/bluetooth/hci0/device/driver")),
                     0);
    put("/sys/class/rfkill/rfkill0/name", "phy0\n");
    put("/sys/class/rfkill/rfkill0/soft", "1\n");
    put("/sys/class/rfkill/rfkill3/name", "hci1\n");
    put("/sys/class/rfkill/rfkill3/soft", "0\n");
    put("/sys/class/rfkill/rfkill3/hard", "1\n");
    assert_int_equal(examine_adapters(root, list, 4), 2);
    assert_int_equal(list[0].index, 0);
    assert_string_equal(list[0].driver, "btusb");
    assert_false(list[0].is_soft_blocked || list[0].is_hard_blocked);
    assert_int_equal(list[1].index, 1);
    assert_string_equal(list[1].driver, "");
    assert_false(list[1].is_soft_blocked);
    assert_true(list[1].is_hard_blocked);
    assert_int_equal(examine_adapters(root, list, 1), 1);
}

/* ---- the kernel's answer ---- */

static struct {
    uint8_t status;
    uint32_t supported, now;
    int error;
} kernel;
static int far_end;

/* An event that was not asked for, an answer for another adapter, and the answer. */
static int open_mgmt(void *user)
{
    static const uint8_t event[] = { 0x06, 0, 0, 0, 4, 0, 1, 0, 0, 0 };
    uint8_t answer[6 + 3 + 280] = { 0x01, 0, 5, 0, 0, 0, 0x04, 0 };
    int fds[2];

    (void)user;
    if (kernel.error)
        return -kernel.error;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
    far_end = fds[1];
    assert_int_equal(send(far_end, event, sizeof(event), 0), sizeof(event));
    bytes_put_le(answer + 4, 2, sizeof(answer) - 6);
    assert_int_equal(send(far_end, answer, sizeof(answer), 0), sizeof(answer));
    answer[2] = 0;
    answer[8] = kernel.status;
    bytes_put_le(answer + 9 + 9, 4, kernel.supported);
    bytes_put_le(answer + 9 + 13, 4, kernel.now);
    assert_int_equal(send(far_end, answer, sizeof(answer), 0), sizeof(answer));
    return fds[0];
}

static void the_kernel_says_whether_le_is_on(void **state)
{
    const struct bt_sockets sockets = { .open_mgmt = open_mgmt };
    struct examine_settings settings;

    (void)state;
    kernel.supported = 0x201;
    kernel.now = 0x200;
    assert_true(examine_settings(&sockets, 0, &settings));
    close(far_end);
    assert_true(settings.can_le && settings.has_le);
    assert_false(settings.is_powered);
    kernel.status = 0x11; /* it has gone in the meantime */
    assert_false(examine_settings(&sockets, 0, &settings));
    assert_int_equal(errno, ENODEV);
    close(far_end);
    kernel.error = EAFNOSUPPORT;
    assert_false(examine_settings(&sockets, 0, &settings));
    assert_int_equal(errno, EAFNOSUPPORT);
    kernel.error = 0;
}

/* ...while all the time something else is told, by a process that does nothing else. */
static int open_talkative(void *user)
{
    static const uint8_t event[] = { 0x06, 0, 0, 0, 4, 0, 1, 0, 0, 0 };
    const struct timespec pause = { .tv_nsec = 20000000 };
    pid_t *talker = user;
    int fds[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
    *talker = fork();
    if (*talker == 0) {
        close(fds[0]);
        for (int i = 0; i < 1000 && send(fds[1], event, sizeof(event), MSG_NOSIGNAL) > 0; i++)
            nanosleep(&pause, NULL);
        _exit(0);
    }
    close(fds[1]);
    return fds[0];
}

static void an_answer_is_not_waited_for_for_ever(void **state)
{
    struct examine_settings settings;
    pid_t talker = 0;
    const struct bt_sockets sockets = { .user = &talker, .open_mgmt = open_talkative };

    (void)state;
    assert_false(examine_settings(&sockets, 0, &settings));
    assert_int_equal(errno, ETIMEDOUT);
    assert_int_equal(waitpid(talker, NULL, 0), talker);
}

static void versions_and_what_they_filter(void **state)
{
    static const struct {
        const char *release, *version;
        unsigned major, minor, patch;
        bool filters;
    } rows[] = {
        { "6.1.0-40-amd64\n",
          "Linux version 6.1.0-40-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian "
          "12.2.0-14+deb12u1) 12.2.0) #1 SMP Debian 6.1.192-1 (2026-05-02)\n",
          6, 1, 192, false },
        { "6.1.104\n", "Linux version 6.1.104 (me@here) #1\n", 6, 1, 104, true },
        { "6.6.46-v8+\n", "", 6, 6, 46, false },
        { "6.10.4\n", "", 6, 10, 4, true },
        { "6.11.0-rc1\n", "", 6, 11, 0, false },
        { "6.12.107\n", "", 6, 12, 107, false },
        { "5.10.0-30-amd64\n", "", 5, 10, 0, true },
        { "7.0\n", "", 7, 0, 0, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct examine_kernel found;
        put("/proc/sys/kernel/osrelease", rows[i].release);
        put("/proc/version", rows[i].version);
        assert_true(examine_kernel(root, &found));
        if (strstr(rows[i].version, "gcc-12 (Debian 12"))
            assert_int_equal(found.major, 6); /* and not the compiler's */
        assert_int_equal(found.minor, rows[i].minor);
        assert_int_equal(found.patch, rows[i].patch);
        assert_int_equal(examine_filters_repeats(&found), rows[i].filters);
    }
    put("/proc/sys/kernel/osrelease", "odd\n");
    put("/proc/version", "");
    assert_false(examine_kernel(root, &(struct examine_kernel){ 0 }));
}

static void rights_are_those_that_take_effect(void **state)
{
    struct examine_rights rights;

    (void)state;
    assert_false(examine_rights(root, &rights));
    put("/proc/self/status", "Name:\tmi32\nCapPrm:\t0000000000003000\nCapEff:\t0000000000001000\n");
    assert_true(examine_rights(root, &rights));
    assert_true(rights.net_admin);
    assert_false(rights.net_raw);
}

/* ---- programs ---- */

static void programs_by_their_name(void **state)
{
    (void)state;
    assert_false(examine_process(root, "bluetoothd"));
    put("/proc/12/comm", "bluetoothd-helper\n");
    put("/proc/fs/comm", "bluetoothd\n");
    assert_false(examine_process(root, "bluetoothd"));
    put("/proc/345/comm", "bluetoothd\n");
    assert_true(examine_process(root, "bluetoothd"));
}

static void who_answers_for_mdns(void **state)
{
    (void)state;
    assert_int_equal(examine_mdns(root), EXAMINE_MDNS_NOBODY);
    put("/proc/net/udp", "  sl  local_address rem_address\n"
                         "  7: 00000000:0044 00000000:14E9 07\n");
    assert_int_equal(examine_mdns(root), EXAMINE_MDNS_NOBODY);
    put("/proc/net/udp6", "  sl  local_address remote_address\n  8: "
                          "00000000000000000000000000000000:14E9 "
                          "00000000000000000000000000000000:0000 07\n");
    assert_int_equal(examine_mdns(root), EXAMINE_MDNS_OTHER);
    put("/proc/9/comm", "avahi-daemon\n");
    assert_int_equal(examine_mdns(root), EXAMINE_MDNS_AVAHI);
}

/* ---- disk and network ---- */

static void the_disk_below_a_folder_that_is_not_there_yet(void **state)
{
    struct examine_disk disk;
    char path[64];

    (void)state;
    snprintf(path, sizeof(path), "%s/not/there/yet", root);
    assert_true(examine_disk(path, &disk));
    assert_true(disk.free_bytes > 0);
    assert_true(disk.may_write);
    assert_false(disk.is_read_only);
    assert_false(examine_disk("/proc/self/status/none", &disk));
    assert_true(examine_disk("not/there/yet", &disk));
    assert_true(disk.free_bytes > 0);
    assert_false(examine_disk("", &disk));
    assert_int_equal(errno, ENOENT);
}

/* A port that is ours though nobody listens there yet, the same when somebody does, and a name
 * nobody has. */
static void a_broker_is_reached_or_not(void **state)
{
    struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(addr);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    char error[64] = "";

    (void)state;
    assert_int_equal(bind(fd, (struct sockaddr *)&addr, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
    assert_int_equal(examine_reach("127.0.0.1", ntohs(addr.sin_port), 10000, error, sizeof(error)),
                     1);
    assert_string_equal(error, "Connection refused");
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(examine_reach("127.0.0.1", ntohs(addr.sin_port), 10000, error, sizeof(error)),
                     0);
    close(fd);
    assert_int_equal(examine_reach("no such name", 1883, 100, error, sizeof(error)), 1);
    assert_true(strlen(error) > 0);
}

#define MACHINE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MACHINE(adapters_with_their_drivers),
        MACHINE(the_kernel_says_whether_le_is_on),
        MACHINE(an_answer_is_not_waited_for_for_ever),
        MACHINE(versions_and_what_they_filter),
        MACHINE(rights_are_those_that_take_effect),
        MACHINE(programs_by_their_name),
        MACHINE(who_answers_for_mdns),
        MACHINE(the_disk_below_a_folder_that_is_not_there_yet),
        MACHINE(a_broker_is_reached_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
