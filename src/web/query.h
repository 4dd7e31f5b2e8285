/* query.h: the parameters of a URL. */
#ifndef MI32_WEB_QUERY_H
#define MI32_WEB_QUERY_H

#include <stddef.h>

enum web_query {
    WEB_QUERY_ABSENT,
    WEB_QUERY_FOUND,
    WEB_QUERY_BAD, /* it does not fit, or holds a zero byte */
};

/*
 * The first parameter of this name in "name=value&...", decoded: %41 is a byte, + a blank, and a
 * percent sign without two hexadecimal digits behind it is one. `out` holds `size` bytes and is
 * terminated, empty unless the parameter was found.
 */
enum web_query web_query_find(const char *query, size_t len, const char *name, char *out,
                              size_t size);

#endif
