/* store.c: what is kept from run to run: settings, mi32cfg and the registry's state. */
#include "gateway_private.h"

#include "crypto/crypto.h"
#include "port/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTINGS_NAME     "settings"
#define STATE_NAME        "state"
#define CONFIG_NAME       "mi32cfg"
#define SETTINGS_DELAY_MS 1000 /* a row of commands makes one save */

/* ---- saving ---- */

static void log_failure(struct gateway *gw, const char *name, enum port_files_error error)
{
    bus_log(gw->bus, BUS_ERROR, port_files_error_remedy(error), "%s is not saved: %s", name,
            port_files_error_text(error));
}

static void settings_saved(void *user, enum port_files_error error)
{
    if (error != PORT_FILES_OK)
        log_failure(user, SETTINGS_NAME, error);
}

static void state_saved(void *user, enum port_files_error error)
{
    struct gateway *gw = user;

    if (error == PORT_FILES_OK)
        return;
    registry_state_unsaved(gw->registry);
    log_failure(gw, STATE_NAME, error);
}

/* Both files hold secrets. */
static void save(struct gateway *gw, const char *name, const char *text, size_t len,
                 port_files_done done)
{
    const struct port_files *files = gw->port->files;
    const enum port_files_error error = files->save(files->self, name, text, len, true, done, gw);

    if (error != PORT_FILES_OK)
        done(gw, error);
}

static void save_settings(void *user)
{
    struct gateway *gw = user;
    struct json j;
    size_t size = 16 * 1024;
    char *text = malloc(size);

    gw->settings_changed = false;
    if (!text) {
        log_failure(gw, SETTINGS_NAME, PORT_FILES_NO_MEMORY);
        return;
    }
    json_init(&j, text, size);
    settings_write(gw->settings, &j);
    if (json_ok(&j))
        save(gw, SETTINGS_NAME, text, j.len, settings_saved);
    else
        log_failure(gw, SETTINGS_NAME, PORT_FILES_TOO_BIG);
    free(text);
}

static void save_state(struct gateway *gw)
{
    char none[1];
    const size_t size = registry_state_write(gw->registry, none, 0) + 1;
    char *text = malloc(size);

    if (!text) {
        state_saved(gw, PORT_FILES_NO_MEMORY);
        return;
    }
    save(gw, STATE_NAME, text, registry_state_write(gw->registry, text, size), state_saved);
    cx_wipe(text, size);
    free(text);
}

void gateway_store_init(struct gateway *gw)
{
    gw->settings_timer = (struct timer){ .fire = save_settings, .user = gw };
}

void gateway_settings_changed(struct gateway *gw)
{
    const struct port_clock *clock = gw->port->clock;

    if (gw->is_loading)
        return;
    gw->settings_changed = true;
    clock->set(clock->self, &gw->settings_timer, clock->now_ms(clock->self) + SETTINGS_DELAY_MS);
}

void gateway_save_when_due(struct gateway *gw)
{
    const struct port_clock *clock = gw->port->clock;

    if (registry_state_due(gw->registry) <= clock->now_ms(clock->self))
        save_state(gw);
}

void gateway_save_all(struct gateway *gw)
{
    const struct port_clock *clock = gw->port->clock;
    const struct port_files *files = gw->port->files;

    clock->cancel(clock->self, &gw->settings_timer);
    if (gw->settings_changed)
        save_settings(gw);
    if (registry_state_due(gw->registry) != UINT64_MAX)
        save_state(gw);
    files->settle(files->self);
}

/* ---- loading ---- */

/* A whole file as memory of the caller's; NULL when it is not there or, logged, not readable. */
static char *load(struct gateway *gw, const char *name, size_t *len)
{
    const struct port_files *files = gw->port->files;
    char none[1];
    enum port_files_error error = files->load(files->self, name, none, 0, len);
    char *text = error == PORT_FILES_TOO_BIG ? malloc(*len) : NULL;

    if (text)
        error = files->load(files->self, name, text, *len, len);
    if (text && error == PORT_FILES_OK)
        return text;
    free(text);
    if (error != PORT_FILES_ABSENT && error != PORT_FILES_OK)
        bus_log(gw->bus, BUS_ERROR, port_files_error_remedy(error), "cannot read %s: %s", name,
                port_files_error_text(error));
    return NULL;
}

/* Keeps what could not be understood beside the file, so that no later save destroys it. */
static void keep_damaged(struct gateway *gw, const char *name, const char *text, size_t len)
{
    const struct port_files *files = gw->port->files;
    char copy[PORT_FILES_NAME_MAX + 1];

    snprintf(copy, sizeof(copy), "%s.damaged", name);
    if (files->save(files->self, copy, text, len, true, NULL, NULL) == PORT_FILES_OK)
        bus_log(gw->bus, BUS_WARNING, "take from it what is missing, then delete it",
                "%s was damaged; as it was found it is kept as %s", name, copy);
}

static bool load_settings(struct gateway *gw)
{
    char problem[128];
    size_t len;
    char *text = load(gw, SETTINGS_NAME, &len);

    if (!text)
        return true;
    const enum settings_error error =
        settings_read(gw->settings, text, len, problem, sizeof(problem));
    if (*problem)
        bus_log(gw->bus, BUS_WARNING, "set it again", "%s: %s", SETTINGS_NAME, problem);
    if (error == SETTINGS_E_DAMAGED)
        keep_damaged(gw, SETTINGS_NAME, text, len);
    if (error == SETTINGS_E_NEWER)
        bus_log(gw->bus, BUS_ERROR, "run that mi32, or choose another --data",
                "the settings were written by a newer mi32; they are left alone");
    cx_wipe(text, len);
    free(text);
    return error != SETTINGS_E_NEWER;
}

struct problems {
    struct gateway *gw;
    const char *name;
};

static void report(void *user, unsigned line, const char *reason)
{
    const struct problems *p = user;

    bus_log(p->gw->bus, BUS_WARNING, "correct the entry; the others were taken", "%s:%u: %s",
            p->name, line, reason);
}

static void load_config(struct gateway *gw)
{
    struct problems problems = { gw, CONFIG_NAME };
    size_t len;
    char *text = load(gw, CONFIG_NAME, &len);

    if (!text)
        return;
    const struct registry_reading reading =
        registry_config_read(gw->registry, text, len, report, &problems);
    if (reading.problems > 0)
        keep_damaged(gw, CONFIG_NAME, text, len);
    gw->has_config = reading.taken > 0;
    bus_log(gw->bus, BUS_INFO, "", "%u sensors from %s", reading.taken, CONFIG_NAME);
    cx_wipe(text, len);
    free(text);
}

static bool load_state(struct gateway *gw)
{
    struct problems problems = { gw, STATE_NAME };
    struct registry_reading reading;
    size_t len;
    char *text = load(gw, STATE_NAME, &len);

    if (!text)
        return true;
    const enum registry_result result =
        registry_state_read(gw->registry, text, len, report, &problems, &reading);
    if (result != REGISTRY_OK)
        bus_log(gw->bus, BUS_ERROR, "", "%s: %s", STATE_NAME, registry_result_text(result));
    if (result != REGISTRY_E_VERSION && (result != REGISTRY_OK || reading.problems > 0))
        keep_damaged(gw, STATE_NAME, text, len);
    cx_wipe(text, len);
    free(text);
    return result != REGISTRY_E_VERSION;
}

bool gateway_load(struct gateway *gw)
{
    bool is_ours;

    gw->is_loading = true;
    is_ours = load_settings(gw);
    if (is_ours) {
        load_config(gw);
        is_ours = load_state(gw);
    }
    gw->is_loading = false;
    return is_ours;
}
