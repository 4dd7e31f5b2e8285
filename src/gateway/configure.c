/* configure.c: the configuration file is a row of commands. */
#include "gateway_private.h"

struct reading {
    struct gateway *gw;
    const char *path;
    const char *remedy;
};

static void wrong_line(void *user, unsigned line, const char *reason)
{
    const struct reading *reading = user;

    bus_log(reading->gw->bus, BUS_ERROR, reading->remedy, "%s:%u: %s", reading->path, line, reason);
}

unsigned gateway_configure(struct gateway *gw, const char *path, const char *text, size_t len,
                           bool check_only)
{
    struct reading reading = { gw, path,
                               check_only ? "correct the line"
                                          : "correct the line; the others took effect" };

    settings_name_file(gw->settings, path);
    return bus_run_lines(gw->bus, text, len, check_only, wrong_line, &reading);
}

void gateway_unconfigure(struct gateway *gw)
{
    gw->option3_was_fixed = settings_fixed_line(gw->settings, SETTINGS_OPTION3) != 0;
    settings_unfix(gw->settings);
}

void gateway_reconfigured(struct gateway *gw)
{
    settings_restore(gw->settings);
    if (gw->option3_was_fixed && settings_fixed_line(gw->settings, SETTINGS_OPTION3) == 0)
        gateway_decide_auto_add(gw);
}
