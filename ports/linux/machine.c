#include "linux/machine.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Linux, Documentation/ABI/testing/sysfs-class-net: "address" is the MAC in its usual form. */
static bool read_address(const char *interface, struct mac *out)
{
    static const struct mac none = { { 0 } };
    char path[PATH_MAX], text[32] = "";

    snprintf(path, sizeof(path), "/sys/class/net/%s/address", interface);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    const char *line = fgets(text, sizeof(text), file);
    fclose(file);
    return line && mac_parse(text, strcspn(text, "\n"), out) && !mac_equal(*out, none);
}

/* The interface whose destination and mask are 0 in /proc/net/route (proc(5)). */
static bool default_route(char name[32])
{
    FILE *file = fopen("/proc/net/route", "re");
    char line[256];
    bool found = false;

    while (file && !found && fgets(line, sizeof(line), file)) {
        unsigned destination, mask;
        /* NOLINTNEXTLINE(cert-err34-c): the kernel's own text, its numbers always fit */
        found = sscanf(line, "%31s %x %*s %*s %*s %*s %*s %x", name, &destination, &mask) == 3 &&
                destination == 0 && mask == 0;
    }
    if (file)
        fclose(file);
    return found;
}

static int no_points(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

bool machine_mac(struct mac *out)
{
    char name[32];
    struct dirent **entries = NULL;
    bool found = default_route(name) && read_address(name, out);
    const int n = found ? 0 : scandir("/sys/class/net", &entries, no_points, alphasort);

    for (int i = 0; i < n; i++) {
        found = found || read_address(entries[i]->d_name, out);
        free(entries[i]);
    }
    free(entries);
    if (!found)
        *out = (struct mac){ { 0 } };
    return found;
}

void machine_hostname(char *out, size_t size)
{
    char name[256] = "";

    if (gethostname(name, sizeof(name) - 1) != 0 || name[0] == '\0')
        snprintf(name, sizeof(name), "localhost");
    snprintf(out, size, "%.*s", (int)strcspn(name, "."), name);
}

bool machine_state_dir(const char *leaf, char *out, size_t size)
{
    const char *state = getenv("STATE_DIRECTORY"), *xdg = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int n;

    if (state && *state)
        n = snprintf(out, size, "%.*s", (int)strcspn(state, ":"), state);
    else if (xdg && *xdg == '/')
        n = snprintf(out, size, "%s/%s", xdg, leaf);
    else if (home && *home == '/')
        n = snprintf(out, size, "%s/.local/state/%s", home, leaf);
    else
        return false;
    return n > 0 && (size_t)n < size;
}
