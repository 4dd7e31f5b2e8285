/* access.c: who may ask. */
#include "web/web_private.h"

#include "base/base64.h"
#include "crypto/crypto.h"
#include "web/query.h"

#include <stdio.h>
#include <string.h>

#define USER            "admin"
#define CREDENTIAL_SIZE 160

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same(const char *a, size_t len, const char *b)
{
    size_t i = 0;

    while (i < len && b[i] && lower(a[i]) == lower(b[i]))
        i++;
    return i == len && b[i] == '\0';
}

static bool starts(const char *text, const char *with)
{
    return strlen(text) >= strlen(with) && same(text, strlen(with), with);
}

const char *web_field(const struct port_http_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_fields; i++) {
        if (same(request->fields[i].name, strlen(request->fields[i].name), name))
            return request->fields[i].value;
    }
    return NULL;
}

/* ---- names ---- */

/* How many characters of a Host are the name, without the port and without a last point. */
static size_t name_len(const char *host)
{
    size_t len = strcspn(host, ":");

    if (host[0] == '[')
        len = strcspn(host, "]") + 1;
    else if (len > 0 && host[len - 1] == '.')
        len--;
    return len;
}

static bool is_number(const char *name, size_t len)
{
    return name[0] == '[' || strspn(name, "0123456789.") >= len;
}

/* Names that no name server of the internet answers for. */
static bool is_private_name(const char *name, size_t len)
{
    static const char *const ends[] = { ".local",     ".lan",      ".home",        ".home.arpa",
                                        ".localhost", ".internal", ".localdomain", ".intranet" };

    if (!memchr(name, '.', len))
        return true;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        const size_t n = strlen(ends[i]);
        if (len > n && same(name + len - n, n, ends[i]))
            return true;
    }
    return false;
}

/* Every browser says which name it was given; a program that does not is none. */
bool web_is_our_name(const struct web *web, const struct port_http_request *request)
{
    const char *host = web_field(request, "Host");

    if (!host || !*host)
        return true;
    const size_t len = name_len(host);
    return is_number(host, len) || is_private_name(host, len) || same(host, len, web->hostname);
}

/* True when a URL is one of the server that the client meant. */
static bool is_of_host(const char *url, const char *host)
{
    const char *at = strstr(url, "://");

    return at && host && same(at + 3, strcspn(at + 3, "/"), host);
}

bool web_is_own_page(const struct port_http_request *request)
{
    const char *host = web_field(request, "Host");
    const char *origin = web_field(request, "Origin"), *referer = web_field(request, "Referer");
    const char *site = web_field(request, "Sec-Fetch-Site");

    if (site && !same(site, strlen(site), "none") && !same(site, strlen(site), "same-origin"))
        return false;
    return (!origin || is_of_host(origin, host)) && (!referer || is_of_host(referer, host));
}

/* ---- passwords ---- */

/* By their hashes, so that neither content nor length shows in the time it takes. */
static bool is_password(const struct web *web, const char *given)
{
    const char *right = settings_text(web->settings, SETTINGS_WEB_PASSWORD);
    const struct cx_part parts[2] = { { given, strlen(given) }, { right, strlen(right) } };
    uint8_t hash[2][32];

    return *right && cx_sha256(&parts[0], 1, hash[0]) == CX_OK &&
           cx_sha256(&parts[1], 1, hash[1]) == CX_OK && cx_equal(hash[0], hash[1], 32);
}

struct credentials {
    char user[CREDENTIAL_SIZE], password[CREDENTIAL_SIZE];
};

/* False when none were given; those that make no sense are wrong ones. */
static bool from_query(const char *query, size_t len, struct credentials *out)
{
    const enum web_query user = web_query_find(query, len, "user", out->user, sizeof(out->user));
    const enum web_query password =
        web_query_find(query, len, "password", out->password, sizeof(out->password));

    if (user == WEB_QUERY_ABSENT)
        snprintf(out->user, sizeof(out->user), USER);
    return password != WEB_QUERY_ABSENT;
}

/* RFC 7617: Basic, and user:password in base64. */
static bool from_field(const struct port_http_request *request, struct credentials *out)
{
    static const char scheme[] = "Basic ";
    const char *field = web_field(request, "Authorization");
    uint8_t text[CREDENTIAL_SIZE];
    size_t len = 0;

    if (!field || !starts(field, scheme))
        return false;
    field += sizeof(scheme) - 1;
    field += strspn(field, " ");
    if (base64_decode(field, strcspn(field, " "), text, sizeof(text) - 1, &len)) {
        text[len] = '\0';
        char *colon = strchr((char *)text, ':');
        snprintf(out->password, sizeof(out->password), "%s", colon ? colon + 1 : "");
        if (colon)
            *colon = '\0';
        snprintf(out->user, sizeof(out->user), "%s", (char *)text);
    }
    cx_wipe(text, sizeof(text));
    return true;
}

static enum web_access judge(struct web *web, const char *peer, const struct credentials *given)
{
    const struct port_clock *clock = web->port->clock;
    const uint64_t now_ms = clock->now_ms(clock->self);

    if (web_guard_wait_ms(&web->guard, peer, now_ms) > 0)
        return WEB_MUST_WAIT;
    if (is_password(web, given->password) && strcmp(given->user, USER) == 0) {
        web_guard_right(&web->guard, peer);
        return WEB_ALLOWED;
    }
    web_guard_wrong(&web->guard, peer, now_ms);
    bus_log(web->bus, BUS_WARNING, "'mi32 cmd WebPassword' shows the right one",
            "a wrong password over HTTP from %s", peer);
    return WEB_WRONG_PASSWORD;
}

enum web_access web_access(struct web *web, const struct port_http_request *request,
                           const char *query, size_t len)
{
    struct credentials given = { .user = "" };
    enum web_access access = WEB_NO_PASSWORD;

    if (from_query(query, len, &given) || from_field(request, &given))
        access = judge(web, request->peer, &given);
    cx_wipe(&given, sizeof(given));
    return access;
}
