/* json.h: writes JSON into a buffer that the caller lends. Reading JSON is cJSON's job, in the
 * rooms and ports that need it. */
#ifndef MI32_BASE_JSON_H
#define MI32_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Visible so that the caller can place it; all of it is private. */
struct json {
    char *out;
    size_t size;
    size_t len;
    bool comma;
    bool overflow;
};

/* Starts writing at `out`, which holds `size` bytes including the zero that is always there. */
void json_init(struct json *j, char *out, size_t size);

/* A name of NULL writes the value alone: the top level, or an element of an array. */
void json_object(struct json *j, const char *name);
void json_object_end(struct json *j);
void json_array(struct json *j, const char *name);
void json_array_end(struct json *j);

/* Text is taken as UTF-8: quotes, backslashes and control characters are escaped, and a byte that
 * is no part of a well-formed sequence becomes U+FFFD, so the result is always valid JSON. */
void json_text(struct json *j, const char *name, const char *text);
void json_text_len(struct json *j, const char *name, const char *text, size_t len);
void json_int(struct json *j, const char *name, int64_t value);
void json_bool(struct json *j, const char *name, bool value);
void json_null(struct json *j, const char *name);

/* value * 10^scale10 with `digits` decimals, or FIXED_ALL_DIGITS (fixed.h). */
void json_fixed(struct json *j, const char *name, int64_t value, int scale10, int digits);

/* Copies `text`, which must be JSON already. */
void json_raw(struct json *j, const char *name, const char *text);

/* False when the buffer was too small; its content is then cut and no longer JSON. */
bool json_ok(const struct json *j);

#endif
