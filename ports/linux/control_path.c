#include "linux/control_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *set_variable(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] == '/' ? value : NULL;
}

/* systemd separates several folders by colons. */
static bool of_service(char *out, size_t size)
{
    const char *folder = set_variable("RUNTIME_DIRECTORY");

    if (!folder)
        return false;
    const int n = snprintf(out, size, "%.*s/control", (int)strcspn(folder, ":"), folder);
    return (size_t)n < size;
}

static bool of_session(char *out, size_t size)
{
    const char *folder = set_variable("XDG_RUNTIME_DIR");

    if (!folder)
        return false;
    return (size_t)snprintf(out, size, "%s/mi32/control", folder) < size;
}

static bool of_user(char *out, size_t size)
{
    return (size_t)snprintf(out, size, "/tmp/mi32-%lu/control", (unsigned long)getuid()) < size;
}

static bool of_system(char *out, size_t size)
{
    return (size_t)snprintf(out, size, "/run/mi32/control") < size;
}

bool control_path(unsigned n, char out[CONTROL_PATH_MAX + 1])
{
    static bool (*const places[])(char *, size_t) = { of_session, of_user, of_system };

    if (of_service(out, CONTROL_PATH_MAX + 1))
        return n == 0;

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (places[i](out, CONTROL_PATH_MAX + 1) && n-- == 0)
            return true;
    }
    return false;
}
