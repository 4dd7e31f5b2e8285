#include "base/json.h"

#include "base/fixed.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void json_init(struct json *j, char *out, size_t size)
{
    *j = (struct json){ .out = out, .size = size, .overflow = size == 0 };
    if (size > 0)
        out[0] = '\0';
}

static void put(struct json *j, const char *text, size_t len)
{
    if (j->overflow || len >= j->size - j->len) {
        j->overflow = true;
        return;
    }
    memcpy(j->out + j->len, text, len);
    j->len += len;
    j->out[j->len] = '\0';
}

static void put_text(struct json *j, const char *text)
{
    put(j, text, strlen(text));
}

static void put_escaped(struct json *j, unsigned char c)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *at = c ? strchr(from, c) : NULL;
    char text[8];

    if (at)
        snprintf(text, sizeof(text), "\\%c", to[at - from]);
    else
        snprintf(text, sizeof(text), "\\u%04x", (unsigned)c);
    put_text(j, text);
}

static void put_string(struct json *j, const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;

    put(j, "\"", 1);
    while (len > 0) {
        size_t n = utf8_len((const char *)p, len);
        if (n == 0) {
            put_text(j, "\xef\xbf\xbd");
            n = 1;
        } else if (*p < 0x20 || *p == '"' || *p == '\\' || *p == 0x7f) {
            put_escaped(j, *p);
        } else {
            put(j, (const char *)p, n);
        }
        p += n;
        len -= n;
    }
    put(j, "\"", 1);
}

/* The comma that is due, and the name. */
static void begin(struct json *j, const char *name)
{
    if (j->comma)
        put(j, ",", 1);
    j->comma = true;
    if (name) {
        put_string(j, name, strlen(name));
        put(j, ":", 1);
    }
}

static void open_level(struct json *j, const char *name, const char *bracket)
{
    begin(j, name);
    put(j, bracket, 1);
    j->comma = false;
}

static void close_level(struct json *j, const char *bracket)
{
    put(j, bracket, 1);
    j->comma = true;
}

void json_object(struct json *j, const char *name)
{
    open_level(j, name, "{");
}

void json_object_end(struct json *j)
{
    close_level(j, "}");
}

void json_array(struct json *j, const char *name)
{
    open_level(j, name, "[");
}

void json_array_end(struct json *j)
{
    close_level(j, "]");
}

void json_text(struct json *j, const char *name, const char *text)
{
    json_text_len(j, name, text, strlen(text));
}

void json_text_len(struct json *j, const char *name, const char *text, size_t len)
{
    begin(j, name);
    put_string(j, text, len);
}

void json_int(struct json *j, const char *name, int64_t value)
{
    char number[24];

    snprintf(number, sizeof(number), "%" PRId64, value);
    json_raw(j, name, number);
}

void json_bool(struct json *j, const char *name, bool value)
{
    json_raw(j, name, value ? "true" : "false");
}

void json_null(struct json *j, const char *name)
{
    json_raw(j, name, "null");
}

void json_fixed(struct json *j, const char *name, int64_t value, int scale10, int digits)
{
    char number[FIXED_TEXT_SIZE];

    fixed_print(value, scale10, digits, number);
    json_raw(j, name, number);
}

void json_raw(struct json *j, const char *name, const char *text)
{
    begin(j, name);
    put_text(j, text);
}

bool json_ok(const struct json *j)
{
    return !j->overflow;
}
