/* commands.c: WebRead and WebPassword. */
#include "web/web_private.h"

#include "crypto/crypto.h"

#include <string.h>

static enum bus_result set_password(struct web *web, struct bus_call *call, const char *text)
{
    const char *why = "";
    const enum settings_error error =
        settings_set_text(web->settings, SETTINGS_WEB_PASSWORD, text, call->line, &why);

    if (error == SETTINGS_OK)
        return BUS_DONE;
    return bus_fail(call, error == SETTINGS_E_FIXED ? "%s" : "WebPassword %s", why);
}

/* Four groups of four of 32 signs, none of which looks like another: 80 bits. */
static enum bus_result make_password(struct web *web, struct bus_call *call)
{
    static const char signs[] = "abcdefghijkmnpqrstuvwxyz23456789";
    uint8_t random[16];
    char text[sizeof(random) + 4];
    size_t len = 0;

    web->port->random(web->port->random_self, random, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++) {
        if (i > 0 && i % 4 == 0)
            text[len++] = '-';
        text[len++] = signs[random[i] % 32];
    }
    text[len] = '\0';
    const enum bus_result result = set_password(web, call, text);
    cx_wipe(random, sizeof(random));
    cx_wipe(text, sizeof(text));
    return result;
}

/* Tasmota's short forms for "the default": here that is a new one. */
static bool means_new(const char *typed)
{
    return strcmp(typed, "\"") == 0 || strcmp(typed, "\"\"") == 0 || strcmp(typed, "0") == 0 ||
           strcmp(typed, "1") == 0;
}

static enum bus_result run_password(void *room, struct bus_call *call)
{
    struct web *web = room;
    const struct bus_value *arg = &call->args[0];
    enum bus_result result = BUS_DONE;

    if (arg->given)
        result =
            means_new(arg->text) ? make_password(web, call) : set_password(web, call, arg->text);
    if (result == BUS_DONE)
        json_text(call->reply, call->name, settings_text(web->settings, SETTINGS_WEB_PASSWORD));
    return result;
}

/* In a file the password itself must stand: a new one at each start would be of no use. */
static enum bus_result check_password(void *room, struct bus_call *call)
{
    const struct bus_value *arg = &call->args[0];
    const char *why = settings_judge_text(settings_row(SETTINGS_WEB_PASSWORD), arg->text);

    (void)room;
    return arg->given && *why ? bus_fail(call, "WebPassword %s", why) : BUS_DONE;
}

static enum bus_result run_read(void *room, struct bus_call *call)
{
    struct web *web = room;
    const struct bus_value *arg = &call->args[0];
    const char *why = "";

    if (arg->given && settings_set_number(web->settings, SETTINGS_WEB_READ, arg->number, call->line,
                                          &why) != SETTINGS_OK)
        return bus_fail(call, "%s", why);
    json_int(call->reply, call->name, settings_number(web->settings, SETTINGS_WEB_READ));
    return BUS_DONE;
}

static const struct bus_row rows[] = {
    { .name = "WebPassword",
      .flags = BUS_CHANGES | BUS_SECRET | BUS_REVEALS,
      .args = { { .kind = BUS_ARG_TEXT, .name = "password", .optional = true } },
      .help = "Shows or sets the password that changes over HTTP want, at least 8 characters; 1 "
              "makes a new one.",
      .run = run_password,
      .check = check_password },
    { .name = "WebRead",
      .flags = BUS_CHANGES,
      .args = { { .kind = BUS_ARG_SWITCH, .name = "on", .optional = true } },
      .help = "1: who is on the local network may read over HTTP without the password, 0: nobody.",
      .run = run_read },
};

void web_commands_register(struct web *web)
{
    bus_register(web->bus, rows, sizeof(rows) / sizeof(rows[0]), web);
}

void web_commands_start(struct web *web)
{
    static const char line[] = "WebPassword 1";

    if (*settings_text(web->settings, SETTINGS_WEB_PASSWORD))
        return;
    if (bus_command(web->bus, line, sizeof(line) - 1, BUS_LOCAL, 0, NULL, NULL) == BUS_DONE)
        bus_log(web->bus, BUS_INFO, "'mi32 cmd WebPassword' shows it",
                "a password for changes over HTTP was made");
}
