#include "beside.h"

#include "cli.h"
#include "run.h"

#include "linux/radio.h"

#include <cjson/cJSON.h>

#include <string.h>
#include <time.h>

#define PATIENCE_MS 10000 /* a gateway answers within milliseconds */
#define LOOK_MS     50
#define LOOKS_MAX   40 /* at a radio that has said what it waits for; it may be on its way */

int beside_option(struct beside *beside, const char *subcommand, int option, const char *argument)
{
    if (option == BESIDE_DATA) {
        beside->data = argument;
        return CLI_OK;
    }
    beside->radio = argument;
    return radio_is_spec(argument) ? CLI_OK
                                   : cli_usage(subcommand, "there is no radio '%s'", argument);
}

/* ---- a gateway of our own ---- */

static void ready(void *user)
{
    child_ready(user);
}

static int live(void *user, struct child_gate *gate)
{
    const struct beside *beside = user;

    return run_beside(beside->data, beside->radio ? beside->radio : "auto", ready, gate);
}

static int start(struct beside *beside)
{
    const int result = child_start(&beside->child, live, beside);

    if (result < 0)
        return cli_fail("", "cannot start a process: %s", strerror(-result));
    return result;
}

int beside_open(struct beside *beside)
{
    enum control_client_error error = control_client_open(&beside->client, NULL);

    if (error == CONTROL_CLIENT_NO_GATEWAY && !beside->needs_running) {
        const int code = start(beside);
        if (code != CLI_OK)
            return code;
        error = control_client_open(&beside->client, NULL);
    }
    if (error != CONTROL_CLIENT_OK)
        return cli_fail("", "%s", control_client_error_text(error));
    beside->is_open = true;
    return CLI_OK;
}

void beside_close(struct beside *beside)
{
    if (beside->is_open)
        control_client_close(&beside->client);
    beside->is_open = false;
    child_end(&beside->child);
}

bool beside_is_own(const struct beside *beside)
{
    return beside->child.pid > 0;
}

/* ---- its radio ---- */

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));

    return text ? text : "";
}

/* The reply to MI32Radio, which the caller deletes; NULL when there is none. */
static cJSON *ask(struct control_client *client)
{
    const char *line;

    control_client_wait_at_most(client, PATIENCE_MS);
    if (control_client_send(client, "command MI32Radio") != CONTROL_CLIENT_OK)
        return NULL;
    line = control_client_line(client);
    cJSON *reply = line ? cJSON_Parse(line) : NULL;
    if (line)
        (void)control_client_line(client); /* the empty line behind it */
    return reply;
}

/* One that listens or has played its recording to the end; else the first that says why not. */
static const cJSON *find(const cJSON *radios, bool *is_listening)
{
    const cJSON *radio, *waiting = NULL;

    cJSON_ArrayForEach(radio, radios)
    {
        *is_listening = strcmp(text_of(radio, "State"), "waiting") != 0;
        if (*is_listening)
            return radio;
        if (!waiting && *text_of(radio, "Text"))
            waiting = radio;
    }
    return waiting;
}

static int tell_none(const cJSON *radios, const cJSON *waiting)
{
    if (cJSON_GetArraySize(radios) == 0)
        cli_fail("", "the gateway uses no radio (--radio none)");
    else
        cli_fail(text_of(waiting, "Remedy"), "%s", text_of(waiting, "Text"));
    return CLI_NO_ADAPTER;
}

/* -1 to look again, which *looks counts where there is a reason to give up. */
static int judge(const cJSON *reply, unsigned *looks)
{
    const cJSON *radios = cJSON_GetObjectItem(reply, "MI32Radio");
    bool is_listening = false;
    const cJSON *radio = find(radios, &is_listening);

    if (!cJSON_IsArray(radios))
        return cli_fail("", "the gateway does not know MI32Radio; is it older than the program?");
    if (is_listening)
        return CLI_OK;
    if (cJSON_GetArraySize(radios) == 0 || (radio && ++*looks >= LOOKS_MAX))
        return tell_none(radios, radio);
    return -1;
}

int beside_wait_for_radio(struct beside *beside)
{
    static const struct timespec pause = { 0, LOOK_MS * 1000 * 1000 };
    unsigned looks = 0;
    int code;

    do {
        cJSON *reply = ask(&beside->client);
        if (cli_is_interrupted()) {
            cJSON_Delete(reply);
            return CLI_OK;
        }
        if (!reply)
            return cli_fail("", "%s", control_client_reason(&beside->client));
        code = judge(reply, &looks);
        cJSON_Delete(reply);
    } while (code < 0 && (nanosleep(&pause, NULL), true));
    return code;
}
