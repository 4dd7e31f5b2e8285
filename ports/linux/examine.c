#include "linux/examine.h"

#include "linux/mgmt.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define MGMT_WAIT_MS 2000

/* ---- files ---- */

/* The first bytes of a file, without the end of a line; false when there is none. */
static bool read_text(const char *root, const char *path, char *out, size_t size)
{
    char full[PATH_MAX];

    snprintf(full, sizeof(full), "%s%s", root, path);
    FILE *file = fopen(full, "re");
    if (!file)
        return false;
    const size_t len = fread(out, 1, size - 1, file);
    fclose(file);
    out[len] = '\0';
    return true;
}

static bool is_one(const char *root, const char *path)
{
    char text[8] = "";

    return read_text(root, path, text, sizeof(text)) && text[0] == '1';
}

/* Calls `take` for each name in a folder until it says true; whether it did. */
static bool find_in(const char *root, const char *folder,
                    bool (*take)(const char *root, const char *name, void *user), void *user)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    bool found = false;

    snprintf(path, sizeof(path), "%s%s", root, folder);
    DIR *dir = opendir(path);
    while (dir && !found && (entry = readdir(dir)))
        found = take(root, entry->d_name, user);
    if (dir)
        closedir(dir);
    return found;
}

/* ---- adapters ---- */

/* The number of "hci12"; false for "hci0:11", a connection of it. */
static bool parse_index(const char *name, uint16_t *out)
{
    char *end;

    if (strncmp(name, "hci", 3) != 0 || name[3] < '0' || name[3] > '9')
        return false;
    const unsigned long index = strtoul(name + 3, &end, 10);
    *out = (uint16_t)index;
    return *end == '\0' && index < UINT16_MAX;
}

static void read_driver(const char *root, struct examine_adapter *adapter)
{
    char path[PATH_MAX], target[PATH_MAX];

    snprintf(path, sizeof(path), "%s/sys/class/bluetooth/hci%u/device/driver", root,
             adapter->index);
    const ssize_t len = readlink(path, target, sizeof(target) - 1);
    if (len <= 0)
        return;
    target[len] = '\0';
    const char *slash = strrchr(target, '/');
    snprintf(adapter->driver, sizeof(adapter->driver), "%.*s", (int)sizeof(adapter->driver) - 1,
             slash ? slash + 1 : target);
}

static bool take_rfkill(const char *root, const char *name, void *user)
{
    struct examine_adapter *adapter = user;
    char path[PATH_MAX], text[16];
    uint16_t index;

    snprintf(path, sizeof(path), "/sys/class/rfkill/%s/name", name);
    if (!read_text(root, path, text, sizeof(text)))
        return false;
    text[strcspn(text, "\n")] = '\0';
    if (!parse_index(text, &index) || index != adapter->index)
        return false;
    snprintf(path, sizeof(path), "/sys/class/rfkill/%s/soft", name);
    adapter->is_soft_blocked = is_one(root, path);
    snprintf(path, sizeof(path), "/sys/class/rfkill/%s/hard", name);
    adapter->is_hard_blocked = is_one(root, path);
    return true;
}

struct adapters {
    struct examine_adapter *out;
    size_t n, max;
};

static bool take_adapter(const char *root, const char *name, void *user)
{
    struct adapters *all = user;
    struct examine_adapter adapter = { 0 };

    if (!parse_index(name, &adapter.index))
        return false;
    read_driver(root, &adapter);
    (void)find_in(root, "/sys/class/rfkill", take_rfkill, &adapter);
    all->out[all->n++] = adapter;
    return all->n == all->max;
}

static int by_index(const void *a, const void *b)
{
    return ((const struct examine_adapter *)a)->index - ((const struct examine_adapter *)b)->index;
}

size_t examine_adapters(const char *root, struct examine_adapter *out, size_t max)
{
    struct adapters all = { out, 0, max };

    (void)find_in(root, "/sys/class/bluetooth", take_adapter, &all);
    qsort(out, all.n, sizeof(*out), by_index);
    return all.n;
}

/* ---- what the kernel says of one ---- */

/* Whether a message is the answer; *is_told when it says what was asked. */
static bool is_answer(const uint8_t *message, size_t len, uint16_t index,
                      struct examine_settings *out, bool *is_told)
{
    struct mgmt_event event;
    uint32_t now, supported;

    if (!mgmt_parse(message, len, &event) || event.kind != MGMT_ANSWER ||
        event.command != MGMT_READ_INFO || event.adapter != index)
        return false;
    *is_told = event.status == MGMT_SUCCESS && mgmt_settings_of(event.answer, &now) &&
               mgmt_supported_of(event.answer, &supported);
    if (!*is_told)
        return true;
    out->can_le = (supported & MGMT_LE) != 0;
    out->has_le = (now & MGMT_LE) != 0;
    out->is_powered = (now & MGMT_POWERED) != 0;
    return true;
}

static int64_t now_ms(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Adverts may come all the time. */
static bool wait_for_answer(int fd, uint16_t index, struct examine_settings *out)
{
    const int64_t end_ms = now_ms() + MGMT_WAIT_MS;
    struct pollfd wanted = { .fd = fd, .events = POLLIN };
    uint8_t message[MGMT_MESSAGE_MAX];
    bool is_told = false;
    int64_t left_ms;

    while ((left_ms = end_ms - now_ms()) > 0 && poll(&wanted, 1, (int)left_ms) > 0) {
        const ssize_t len = recv(fd, message, sizeof(message), 0);
        if (len <= 0)
            return false;
        errno = ENODEV;
        if (is_answer(message, (size_t)len, index, out, &is_told))
            return is_told;
    }
    errno = ETIMEDOUT;
    return false;
}

bool examine_settings(const struct bt_sockets *sockets, uint16_t index,
                      struct examine_settings *out)
{
    uint8_t command[MGMT_COMMAND_MAX];
    const size_t len = mgmt_plain(command, MGMT_READ_INFO, index);
    const int fd = sockets->open_mgmt(sockets->user);

    if (fd < 0) {
        errno = -fd;
        return false;
    }
    const bool is_told =
        send(fd, command, len, MSG_NOSIGNAL) == (ssize_t)len && wait_for_answer(fd, index, out);
    const int error = errno;
    close(fd);
    errno = error;
    return is_told;
}

/* ---- the kernel ---- */

static bool parse_version(const char *text, struct examine_kernel *out)
{
    char *end;

    out->major = (unsigned)strtoul(text, &end, 10);
    if (end == text || *end != '.')
        return false;
    out->minor = (unsigned)strtoul(end + 1, &end, 10);
    out->patch = *end == '.' ? (unsigned)strtoul(end + 1, NULL, 10) : 0;
    return true;
}

/* Debian's `uname -r` keeps its patch level at 0; the true one is in /proc/version. */
bool examine_kernel(const char *root, struct examine_kernel *out)
{
    static const char debian[] = " Debian ";
    char version[512];

    *out = (struct examine_kernel){ 0 };
    if (!read_text(root, "/proc/sys/kernel/osrelease", out->release, sizeof(out->release)))
        return false;
    out->release[strcspn(out->release, "\n")] = '\0';
    if (read_text(root, "/proc/version", version, sizeof(version))) {
        for (const char *at = strstr(version, debian); at; at = strstr(at + 1, debian)) {
            if (parse_version(at + strlen(debian), out))
                return true;
        }
    }
    return parse_version(out->release, out);
}

/* The repair went into 6.11 and these stable lines. */
bool examine_filters_repeats(const struct examine_kernel *kernel)
{
    static const struct {
        unsigned minor, patch;
    } repaired[] = { { 1, 105 }, { 6, 46 }, { 10, 5 } };

    if (kernel->major != 6)
        return kernel->major < 6;
    for (size_t i = 0; i < sizeof(repaired) / sizeof(repaired[0]); i++) {
        if (kernel->minor == repaired[i].minor)
            return kernel->patch < repaired[i].patch;
    }
    return kernel->minor < 11;
}

bool examine_rights(const char *root, struct examine_rights *out)
{
    enum { NET_ADMIN = 12, NET_RAW = 13 }; /* capabilities(7) */
    char text[4096];

    *out = (struct examine_rights){ 0 };
    if (!read_text(root, "/proc/self/status", text, sizeof(text)))
        return false;
    const char *at = strstr(text, "\nCapEff:");
    if (!at)
        return false;
    const unsigned long long mask = strtoull(at + strlen("\nCapEff:"), NULL, 16);
    out->net_admin = mask >> NET_ADMIN & 1;
    out->net_raw = mask >> NET_RAW & 1;
    return true;
}

/* ---- programs ---- */

static bool is_process(const char *root, const char *name, void *user)
{
    char path[PATH_MAX], text[32];

    if (name[0] < '0' || name[0] > '9')
        return false;
    snprintf(path, sizeof(path), "/proc/%s/comm", name);
    if (!read_text(root, path, text, sizeof(text)))
        return false;
    text[strcspn(text, "\n")] = '\0';
    return strcmp(text, user) == 0;
}

bool examine_process(const char *root, const char *name)
{
    char wanted[32];

    snprintf(wanted, sizeof(wanted), "%s", name);
    return find_in(root, "/proc", is_process, wanted);
}

/* A line is "  1: 00000000:14E9 00000000:0000 07 ..." (proc(5)); the port is in hex. */
static bool has_port(const char *root, const char *table, unsigned port)
{
    char path[PATH_MAX], line[512], wanted[8];
    bool found = false;

    snprintf(path, sizeof(path), "%s%s", root, table);
    snprintf(wanted, sizeof(wanted), ":%04X ", port);
    FILE *file = fopen(path, "re");
    while (file && !found && fgets(line, sizeof(line), file)) {
        const char *local = strchr(line, ':');
        const char *number = local ? strchr(local + 1, ':') : NULL;
        found = number && strncmp(number, wanted, strlen(wanted)) == 0;
    }
    if (file)
        fclose(file);
    return found;
}

enum examine_mdns examine_mdns(const char *root)
{
    enum { PORT = 5353 };

    if (examine_process(root, "avahi-daemon"))
        return EXAMINE_MDNS_AVAHI;
    if (has_port(root, "/proc/net/udp", PORT) || has_port(root, "/proc/net/udp6", PORT))
        return EXAMINE_MDNS_OTHER;
    return EXAMINE_MDNS_NOBODY;
}

/* ---- disk ---- */

/* Cuts the last name off; false when nothing is left. What does not begin with a / is below ".". */
static bool go_up(char path[PATH_MAX])
{
    char *slash = strrchr(path, '/');

    if (path[0] == '\0' || strcmp(path, "/") == 0 || strcmp(path, ".") == 0)
        return false;
    if (slash)
        slash[slash == path] = '\0';
    else
        strcpy(path, ".");
    return true;
}

bool examine_disk(const char *path, struct examine_disk *out)
{
    char there[PATH_MAX];
    struct statvfs st;

    *out = (struct examine_disk){ 0 };
    snprintf(there, sizeof(there), "%s", path);
    while (statvfs(there, &st) != 0) {
        if (errno != ENOENT || !go_up(there))
            return false;
    }
    out->free_bytes = (uint64_t)st.f_bavail * st.f_frsize;
    out->is_read_only = (st.f_flag & ST_RDONLY) != 0;
    out->may_write = access(there, W_OK) == 0;
    return true;
}
