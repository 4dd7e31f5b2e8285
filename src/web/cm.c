/* cm.c: /cm?cmnd=COMMAND, as Tasmota has it. The replies of a command become one object. */
#include "web/web_private.h"

#include "crypto/crypto.h"
#include "web/query.h"

#include <stdlib.h>
#include <string.h>

#define JSON       "application/json"
#define FORM       "application/x-www-form-urlencoded"
#define ANSWER_MAX (256 * 1024)

/* ---- the replies of a command ---- */

struct answer {
    char *text;
    size_t len, size;
    bool is_cut;
};

/* Makes room for more and the end; false when there is none. */
static bool grow(struct answer *answer, size_t more)
{
    const size_t need = answer->len + more + 3;
    char *text;

    if (need <= answer->size)
        return true;
    text = need <= ANSWER_MAX ? realloc(answer->text, need * 2) : NULL;
    if (!text)
        return false;
    answer->text = text;
    answer->size = need * 2;
    return true;
}

/* One reply more: what is between its braces. */
static void take_reply(void *user, const char *level, const char *json)
{
    struct answer *answer = user;
    const size_t len = strlen(json);

    (void)level;
    if (len <= 2 || answer->is_cut)
        return;
    if (!grow(answer, len)) {
        answer->is_cut = true;
        return;
    }
    answer->text[answer->len] = answer->len == 0 ? '{' : ',';
    memcpy(answer->text + answer->len + 1, json + 1, len - 2);
    answer->len += len - 1;
    memcpy(answer->text + answer->len, "}", 2);
}

/* ---- one request ---- */

static void warn(struct web *web, const struct port_http_request *request, unsigned status,
                 const char *text)
{
    char body[160];
    struct json j;

    json_init(&j, body, sizeof(body));
    json_object(&j, NULL);
    json_text(&j, "WARNING", text);
    json_object_end(&j);
    web_reply(web, request, status, JSON, body);
}

static void ask_for_password(struct web *web, const struct port_http_request *request)
{
    warn(web, request, 401, "Need user=<username>&password=<password>");
}

static void run(struct web *web, const struct port_http_request *request, const char *line,
                enum bus_origin origin)
{
    struct answer answer = { .text = NULL };
    const enum bus_result result =
        bus_command(web->bus, line, strlen(line), origin, 0, take_reply, &answer);

    if (result == BUS_REFUSED && origin == BUS_GUEST)
        ask_for_password(web, request);
    else if (answer.is_cut)
        warn(web, request, 500, "The reply is too long");
    else
        web_reply(web, request, 200, JSON, answer.text ? answer.text : "{}");
    free(answer.text);
}

static void run_parameter(struct web *web, const struct port_http_request *request,
                          const char *query, size_t len, enum bus_origin origin)
{
    char line[BUS_LINE_MAX + 2]; /* what is too long is refused by the bus, in its own words */
    const enum web_query found = web_query_find(query, len, "cmnd", line, sizeof(line));

    if (found == WEB_QUERY_BAD)
        warn(web, request, 400, "The command is too long or holds a zero byte");
    else if (line[strspn(line, " \t\r\n")] == '\0')
        warn(web, request, 200, "Enter command cmnd=");
    else
        run(web, request, line, origin);
    cx_wipe(line, sizeof(line)); /* there may have been a key in it */
}

static bool is_open(const struct web *web, const struct port_http_request *request)
{
    return request->peer_is_local && settings_number(web->settings, SETTINGS_WEB_READ) != 0;
}

/* The parameters of a form stand in its body. */
static bool is_form(const struct port_http_request *request)
{
    const char *type = web_field(request, "Content-Type");

    return strcmp(request->method, "POST") == 0 && type && strncmp(type, FORM, strlen(FORM)) == 0;
}

void web_cm(struct web *web, const struct port_http_request *request)
{
    const char *query = is_form(request) ? request->body : request->query;
    const size_t len = is_form(request) ? request->len : strlen(request->query);

    if (!web_is_own_page(request)) {
        warn(web, request, 403, "A page of another server may not send commands");
        return;
    }
    switch (web_access(web, request, query, len)) {
    case WEB_MUST_WAIT:
        warn(web, request, 429, "Too many wrong passwords: wait half a minute");
        return;
    case WEB_WRONG_PASSWORD:
        ask_for_password(web, request);
        return;
    case WEB_NO_PASSWORD:
        if (is_open(web, request))
            run_parameter(web, request, query, len, BUS_GUEST);
        else
            ask_for_password(web, request);
        return;
    case WEB_ALLOWED:
        run_parameter(web, request, query, len, BUS_HTTP);
    }
}
