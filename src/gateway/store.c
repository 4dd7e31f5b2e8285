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
#define SETTINGS_RETRY_MS 10000
#define COPIES_MAX        9 /* of damaged files, each */

/* ---- saving ---- */

static void log_failure(struct gateway *gw, const char *name, enum port_files_error error)
{
    bus_log(gw->bus, BUS_ERROR, port_files_error_remedy(error), "%s is not saved: %s", name,
            port_files_error_text(error));
}

static void save_settings_in(struct gateway *gw, uint64_t delay_ms)
{
    const struct port_clock *clock = gw->port->clock;

    gw->settings_changed = true;
    if (gw->is_running)
        clock->set(clock->self, &gw->settings_timer, clock->now_ms(clock->self) + delay_ms);
}

static void settings_failed(struct gateway *gw, enum port_files_error error)
{
    log_failure(gw, SETTINGS_NAME, error);
    save_settings_in(gw, SETTINGS_RETRY_MS);
}

static void settings_saved(void *user, enum port_files_error error)
{
    if (error != PORT_FILES_OK)
        settings_failed(user, error);
}

static void state_saved(void *user, enum port_files_error error)
{
    struct gateway *gw = user;

    if (error == PORT_FILES_OK)
        return;
    registry_state_unsaved(gw->registry);
    log_failure(gw, STATE_NAME, error);
}

static void waited_state_saved(void *user, enum port_files_error error)
{
    struct gateway *gw = user;

    state_saved(gw, error);
    gw->waits.done(gw->waits.user, error);
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
    size_t size = SETTINGS_FILE_MAX;
    char *text = malloc(size);

    gw->settings_changed = false;
    if (!text) {
        settings_failed(gw, PORT_FILES_NO_MEMORY);
        return;
    }
    json_init(&j, text, size);
    settings_write(gw->settings, &j);
    if (json_ok(&j))
        save(gw, SETTINGS_NAME, text, j.len, settings_saved);
    else
        log_failure(gw, SETTINGS_NAME, PORT_FILES_TOO_BIG);
    cx_wipe(text, size); /* passwords */
    free(text);
}

static void save_state(struct gateway *gw, port_files_done done)
{
    char none[1];
    const size_t size = registry_state_write(gw->registry, none, 0) + 1;
    char *text = malloc(size);

    if (!text) {
        done(gw, PORT_FILES_NO_MEMORY);
        return;
    }
    save(gw, STATE_NAME, text, registry_state_write(gw->registry, text, size), done);
    cx_wipe(text, size);
    free(text);
}

void gateway_save_state(void *gateway, port_files_done done, void *user)
{
    struct gateway *gw = gateway;

    gw->waits.done = done;
    gw->waits.user = user;
    save_state(gw, waited_state_saved);
}

void gateway_store_init(struct gateway *gw)
{
    gw->settings_timer = (struct timer){ .fire = save_settings, .user = gw };
}

void gateway_settings_changed(struct gateway *gw)
{
    if (!gw->is_loading)
        save_settings_in(gw, SETTINGS_DELAY_MS);
}

void gateway_save_when_due(struct gateway *gw)
{
    const struct port_clock *clock = gw->port->clock;

    if (registry_state_due(gw->registry) <= clock->now_ms(clock->self))
        save_state(gw, state_saved);
}

void gateway_save_all(struct gateway *gw)
{
    const struct port_clock *clock = gw->port->clock;
    const struct port_files *files = gw->port->files;

    clock->cancel(clock->self, &gw->settings_timer);
    if (gw->settings_changed)
        save_settings(gw);
    if (registry_state_due(gw->registry) != UINT64_MAX)
        save_state(gw, state_saved);
    files->settle(files->self);
}

/* ---- loading ---- */

struct content {
    char *text; /* the caller's; NULL where there is none */
    size_t len;
};

/* Reads a whole file; an empty one is there, too, and has a text of no bytes. False, and logged,
 * when there is one that cannot be read: then no save may take its place. */
static bool load(struct gateway *gw, const char *name, struct content *out)
{
    const struct port_files *files = gw->port->files;
    char none[1];
    enum port_files_error error = files->load(files->self, name, none, 0, &out->len);

    const bool is_there = error == PORT_FILES_TOO_BIG || error == PORT_FILES_OK;
    out->text = is_there ? malloc(out->len + 1) : NULL;
    if (is_there)
        error = out->text ? files->load(files->self, name, out->text, out->len, &out->len)
                          : PORT_FILES_NO_MEMORY;
    if (error == PORT_FILES_OK || error == PORT_FILES_ABSENT)
        return true;
    free(out->text);
    out->text = NULL;
    bus_log(gw->bus, BUS_ERROR, port_files_error_remedy(error), "cannot read %s: %s", name,
            port_files_error_text(error));
    return false;
}

static void drop(struct content *content)
{
    if (content->text)
        cx_wipe(content->text, content->len);
    free(content->text);
}

/* True when the copy can be there: it is absent, or (*is_kept) just what it shall be. */
static bool is_place(struct gateway *gw, const char *copy, const struct content *content,
                     bool *is_kept)
{
    struct content old;

    *is_kept = false;
    if (!load(gw, copy, &old))
        return false;
    *is_kept =
        old.text && old.len == content->len && memcmp(old.text, content->text, content->len) == 0;
    const bool is_absent = !old.text;
    drop(&old);
    return is_absent || *is_kept;
}

static void copy_saved(void *user, enum port_files_error error)
{
    *(enum port_files_error *)user = error;
}

static enum port_files_error save_copy(struct gateway *gw, const char *copy,
                                       const struct content *content)
{
    const struct port_files *files = gw->port->files;
    enum port_files_error saved = PORT_FILES_OK;
    const enum port_files_error error =
        files->save(files->self, copy, content->text, content->len, true, copy_saved, &saved);

    files->settle(files->self);
    return error == PORT_FILES_OK ? saved : error;
}

/* Keeps what could not be understood beside the file, and beside older copies, so that no later
 * save destroys it. False, and logged, when that cannot be done. */
static bool keep_damaged(struct gateway *gw, const char *name, const struct content *content)
{
    char copy[PORT_FILES_NAME_MAX + 1];
    bool is_kept = false, is_free = false;
    enum port_files_error error = PORT_FILES_OK;

    for (unsigned n = 1; n <= COPIES_MAX && !is_free; n++) {
        snprintf(copy, sizeof(copy), n == 1 ? "%s.damaged" : "%s.damaged%u", name, n);
        is_free = is_place(gw, copy, content, &is_kept);
    }
    if (is_free && !is_kept)
        error = save_copy(gw, copy, content);
    if (is_free && error == PORT_FILES_OK)
        bus_log(gw->bus, BUS_WARNING, "take from it what is missing, then delete it",
                "%s was damaged; as it was found it is kept as %s", name, copy);
    else
        bus_log(gw->bus, BUS_ERROR, port_files_error_remedy(error),
                "%s is damaged, and no copy of it can be kept: %s", name,
                is_free ? port_files_error_text(error) : "too many are there; delete some");
    return is_free && error == PORT_FILES_OK;
}

/* What is wrong with the settings; "" when nothing is. False when they must be left alone. */
static bool judge_settings(struct gateway *gw, enum settings_error error, const char *problem)
{
    if (*problem)
        bus_log(gw->bus, BUS_WARNING, "set it again", "%s: %s", SETTINGS_NAME, problem);
    if (error == SETTINGS_E_NEWER)
        bus_log(gw->bus, BUS_ERROR, "run that mi32, or choose another --data",
                "the settings were written by a newer mi32; they are left alone");
    if (error == SETTINGS_E_MEMORY)
        bus_log(gw->bus, BUS_ERROR, "", "cannot read %s: out of memory", SETTINGS_NAME);
    return error != SETTINGS_E_NEWER && error != SETTINGS_E_MEMORY;
}

static bool load_settings(struct gateway *gw)
{
    struct content content;
    char problem[128];
    bool is_ours = load(gw, SETTINGS_NAME, &content);

    if (content.text) {
        const enum settings_error error =
            settings_read(gw->settings, content.text, content.len, problem, sizeof(problem));
        is_ours = judge_settings(gw, error, problem);
        if (error == SETTINGS_E_DAMAGED || *problem)
            is_ours = keep_damaged(gw, SETTINGS_NAME, &content) && is_ours;
    }
    drop(&content);
    return is_ours;
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

static bool load_config(struct gateway *gw)
{
    struct problems problems = { gw, CONFIG_NAME };
    struct content content;
    bool is_ours = load(gw, CONFIG_NAME, &content);

    if (content.text) {
        const struct registry_reading reading =
            registry_config_read(gw->registry, content.text, content.len, report, &problems);
        if (reading.problems > 0)
            is_ours = keep_damaged(gw, CONFIG_NAME, &content);
        gw->has_config = reading.taken > 0;
        bus_log(gw->bus, BUS_INFO, "", "%u sensors from %s", reading.taken, CONFIG_NAME);
    }
    drop(&content);
    return is_ours;
}

static bool load_state(struct gateway *gw)
{
    struct problems problems = { gw, STATE_NAME };
    struct registry_reading reading;
    struct content content;
    bool is_ours = load(gw, STATE_NAME, &content);

    if (content.text) {
        const enum registry_result result = registry_state_read(
            gw->registry, content.text, content.len, report, &problems, &reading);
        if (result != REGISTRY_OK)
            bus_log(gw->bus, BUS_ERROR, "", "%s: %s", STATE_NAME, registry_result_text(result));
        if (result == REGISTRY_E_VERSION)
            is_ours = false;
        else if (result != REGISTRY_OK || reading.problems > 0)
            is_ours = keep_damaged(gw, STATE_NAME, &content);
    }
    drop(&content);
    return is_ours;
}

bool gateway_load(struct gateway *gw)
{
    gw->is_loading = true;
    const bool is_ours = load_settings(gw) && load_config(gw) && load_state(gw);
    gw->is_loading = false;
    return is_ours;
}
