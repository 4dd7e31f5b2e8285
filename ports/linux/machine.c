#include "linux/machine.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <ifaddrs.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
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
struct route {
    char interface[32];
    uint32_t gateway; /* in the order of the network */
};

static bool default_route(struct route *out)
{
    FILE *file = fopen("/proc/net/route", "re");
    char line[256];
    bool found = false;

    while (file && !found && fgets(line, sizeof(line), file)) {
        unsigned destination, gateway = 0, mask;
        /* NOLINTNEXTLINE(cert-err34-c): the kernel's own text, its numbers always fit */
        found = sscanf(line, "%31s %x %x %*s %*s %*s %*s %x", out->interface, &destination,
                       &gateway, &mask) == 4 &&
                destination == 0 && mask == 0;
        out->gateway = gateway;
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
    struct route route;
    struct dirent **entries = NULL;
    bool found = default_route(&route) && read_address(route.interface, out);
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

/* ---- facts ---- */

static void print_address(const struct sockaddr *address, char out[PORT_MACHINE_TEXT_SIZE])
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;

    if (!address || !inet_ntop(AF_INET, &in->sin_addr, out, PORT_MACHINE_TEXT_SIZE))
        out[0] = '\0';
}

static void look_at_interface(const char *name, struct port_machine_facts *out)
{
    struct ifaddrs *all = NULL;

    if (getifaddrs(&all) != 0)
        return;
    for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
        if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET || strcmp(i->ifa_name, name) != 0)
            continue;
        print_address(i->ifa_addr, out->address);
        print_address(i->ifa_netmask, out->netmask);
        break;
    }
    freeifaddrs(all);
}

static void look_at_network(struct port_machine_facts *out)
{
    struct route route;

    machine_mac(&out->mac);
    if (!default_route(&route))
        return;
    look_at_interface(route.interface, out);
    const struct in_addr gateway = { route.gateway };
    inet_ntop(AF_INET, &gateway, out->gateway, sizeof(out->gateway));
}

/* The rest of the first line of a file that begins with `start`; "" when there is none. */
static void read_line(const char *path, const char *start, char *out, size_t size)
{
    FILE *file = fopen(path, "re");
    char line[256];
    const size_t len = strlen(start);

    out[0] = '\0';
    while (file && !out[0] && fgets(line, sizeof(line), file)) {
        if (strncmp(line, start, len) != 0)
            continue;
        const char *text = line + len + strspn(line + len, " \t");
        snprintf(out, size, "%.*s", (int)strcspn(text, " \t\n"), text);
    }
    if (file)
        fclose(file);
}

/* A Raspberry Pi says which one it is; of other machines the kernel knows the processor. */
static void look_at_hardware(struct port_machine_facts *out)
{
    FILE *file = fopen("/proc/device-tree/model", "re");
    struct utsname name;

    if (file && fgets(out->hardware, sizeof(out->hardware), file) == NULL)
        out->hardware[0] = '\0';
    if (file)
        fclose(file);
    if (!out->hardware[0] && uname(&name) == 0)
        snprintf(out->hardware, sizeof(out->hardware), "%.*s", (int)sizeof(out->hardware) - 1,
                 name.machine);
}

static void look_at_memory(struct port_machine_facts *out)
{
    char text[32];
    struct stat program;

    read_line("/proc/meminfo", "MemAvailable:", text, sizeof(text));
    out->memory_kb = (uint32_t)strtoul(text, NULL, 10);
    if (stat("/proc/self/exe", &program) == 0)
        out->program_kb = (uint32_t)((program.st_size + 1023) / 1024);
}

static void look_at_load(struct port_machine_facts *out)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    double load = 0;

    if (processors > 0 && getloadavg(&load, 1) == 1)
        out->load = (uint32_t)(load * 100 / (double)processors);
}

void machine_look(void *self, struct port_machine_facts *out)
{
    (void)self;
    memset(out, 0, sizeof(*out));
    machine_hostname(out->hostname, sizeof(out->hostname));
    look_at_network(out);
    read_line("/etc/resolv.conf", "nameserver", out->dns, sizeof(out->dns));
    look_at_hardware(out);
    look_at_memory(out);
    look_at_load(out);
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
